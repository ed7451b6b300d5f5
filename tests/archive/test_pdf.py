"""Is a printed register PDF/A-1b, readable by others, and laid out so that nothing is cut off?"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from dziennik.archive.pdf import pdf
from dziennik.archive.pdf_font import bold, regular
from dziennik.archive.pdf_layout import LINE, SIZE, laid_out, wrapped
from dziennik.archive.readable import Readable, Section, Table
from dziennik.archive.year_formats import LATEST
from tests.archive.golden_bag import bag
from tests.checkers import PREFLIGHT, needs_pdftotext, needs_preflight

PRINTED = bag(LATEST) / "data/classes/4a/register.pdf"
PROGRAM = Path(__file__).with_name("Preflight.java")


def preflight(path: Path) -> tuple[int, str]:
    command = ["java", "-cp", PREFLIGHT, str(PROGRAM), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@needs_preflight
def test_pdfbox_accepts_it_as_pdf_a_1(tmp_path: Path) -> None:
    assert preflight(PRINTED) == (0, "")
    spoilt = tmp_path / "spoilt.pdf"
    spoilt.write_bytes(PRINTED.read_bytes().replace(b"/OutputIntents", b"/OutputIntentz"))
    code, told = preflight(spoilt)
    assert (code, "Color" in told) == (1, True)


@needs_pdftotext
def test_its_text_is_found_and_copied() -> None:
    done = subprocess.run(
        ["pdftotext", "-layout", str(PRINTED), "-"], capture_output=True, text=True, check=True
    )
    for said in (
        "Dziennik lekcyjny oddziału 4a", "1. Kowalska-Nowak", "2. Źdźbło Żaneta", "Ułamki", "Ćma Ćwirek",
        "Poprawki i skreślenia", "zwolnienie lekarskie",
    ):  # fmt: skip
        assert said in done.stdout, said


def test_a_reader_opens_every_page() -> None:
    document = pypdfium2.PdfDocument(PRINTED)
    assert len(document) >= 4
    for page in document:
        assert page.get_size() == (842, 595)
        assert page.get_textpage().count_chars() > 0
        page.close()
    document.close()


LONG = Table("Długa", ("Nr", "Treść"), [(str(n), "słowo " * n) for n in range(1, 120)], (1, 3))


def test_everything_stands_on_a_page_and_headings_are_repeated() -> None:
    document = Readable("Tytuł", ["Szkoła"], [Section("a", "Część", (), [LONG]), Section("b", "Pusta")])
    made = laid_out(document)
    assert len(made.pages) > 5
    assert [title for title, _, _ in made.marks] == ["Część", "Pusta"]
    for page in made.pages:
        for _, y in re.findall(r"Tf ([\d.]+) ([\d.]+) Td", "\n".join(page.drawn)):
            assert 20 < float(y) < 595
    heading = "".join(f"{bold().glyph(one):04X}" for one in "Treść")
    assert all(heading in "\n".join(page.drawn) for page in made.pages[:-1])


def test_a_row_longer_than_a_page_goes_on_on_the_next() -> None:
    long = Table("Długa", ("Treść",), [("słowo " * 4000,)], (1,))
    made = laid_out(Readable("Tytuł", ["Szkoła"], [Section("a", "Część", (), [long])]))
    word = "".join(f"{regular().glyph(one):04X}" for one in "słowo")
    assert sum("\n".join(page.drawn).count(word) for page in made.pages) == 4000


@pytest.mark.parametrize("text", ["", "słowo", "a" * 500, "dwa  odstępy", "wiersz\nwiersz", "słowo " * 200])
def test_lines_fit_and_hold_every_word(text: str) -> None:
    lines = wrapped(text, regular(), SIZE, 100)
    assert all(regular().width(line) * SIZE / 1000 <= 100 for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert LINE > 700


def test_polish_letters_have_glyphs_and_unknown_characters_a_sign() -> None:
    for font in (regular(), bold()):
        known = {font.glyph(one) for one in "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–…→"}
        assert len(known) == 23
        assert font.glyph("\N{REPLACEMENT CHARACTER}") not in known
        assert font.glyph("\N{GRINNING FACE}") == font.glyph("\N{REPLACEMENT CHARACTER}")


def test_the_same_bytes_again() -> None:
    document = Readable("Tytuł", ["Szkoła"], [Section("a", "Część", (), [LONG])])
    assert pdf(document) == pdf(document)


STRUCTURED = Readable("Tytuł", ["Szkoła"], [Section("a", "Część", ["Uwaga"], [LONG]), Section("b", "Pusta")])


@needs_pdftotext
def test_a_reader_for_the_blind_is_told_headings_tables_and_cells() -> None:
    """As poppler reads it: in the order of the document, without footers and repeated headings."""
    done = subprocess.run(
        ["pdfinfo", "-struct-text", str(PRINTED)], capture_output=True, text=True, check=True
    )
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[:3] == ["Document", "H1 (block)", '"Dziennik lekcyjny oddziału 4a"']
    assert lines.count("TH:") == lines.count("/Scope /Column") + lines.count("/Scope /Row") > 50
    assert lines.count("Table (block)") == lines.count("Caption") > 10
    row = lines.index('"1. Kowalska-Nowak Alicja Maria"')
    assert lines[row - 3 : row] == ["TR", "TH:", "/Scope /Row"]
    assert lines[row + 1 : row + 3] == ["TD", '"2015-03-04"']
    told = subprocess.run(["pdfinfo", str(PRINTED)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Tagged: +yes$", told, re.MULTILINE)
    assert not [line for line in lines if re.fullmatch(r'"\d+ / \d+"', line)]  # numbers of pages


def test_everything_drawn_is_marked_once() -> None:
    """ISO 19005-1, 6.8: each content is of one element or an artifact; pages lead back to the elements."""
    made = laid_out(STRUCTURED, tagged=True)
    for number, page in enumerate(made.pages):
        inside = False
        marks: list[int] = []
        for line in page.drawn:
            begun = re.fullmatch(r"/(\w+) (?:BMC|<</MCID (\d+)>> BDC)", line)
            assert (begun is not None or line == "EMC") is (line.endswith(("BMC", "BDC", "EMC")))
            if begun:
                assert not inside
                inside = True
                assert (begun[1] == "Artifact") is (begun[2] is None)
                marks += [int(begun[2])] if begun[2] else []
            elif line == "EMC":
                inside = False
            else:
                assert inside, line
        assert not inside
        assert marks == list(range(len(page.marked)))
        assert all((number, mark) in tag.marks for mark, tag in enumerate(page.marked))


def test_the_structure_follows_the_document() -> None:
    root = laid_out(STRUCTURED, tagged=True).structure
    assert root is not None
    assert [one.kind for one in root.children] == ["H1", "P", "Sect", "Sect"]
    part, empty = root.children[2:]
    assert [one.kind for one in part.children] == ["H2", "P", "Table"]
    assert [one.kind for one in empty.children] == ["H2", "P"]
    caption, head, *rows = part.children[2].children
    assert (caption.kind, [one.scope for one in head.children]) == ("Caption", ["Column", "Column"])
    assert len(rows) == len(LONG.rows)
    assert {tuple((one.kind, one.scope) for one in row.children) for row in rows} == {
        (("TH", "Row"), ("TD", None))
    }
    over_pages = [row for row in rows if len({page for cell in row.children for page, _ in cell.marks}) > 1]
    assert not over_pages  # a row that fits on a page stands on one


def test_a_row_over_pages_stays_one_row_and_long_tables_are_several() -> None:
    long = Table("Długa", ("Nr", "Treść"), [("1", "słowo " * 4000)], (1, 9))
    root = laid_out(Readable("T", ["S"], [Section("a", "C", (), [long])]), tagged=True).structure
    assert root is not None
    row = root.children[2].children[1].children[2]
    assert len({page for page, _ in row.children[1].marks}) > 1
    many = Table("Długa", ("Nr",), [(str(n),) for n in range(8100)], (1,))
    root = laid_out(Readable("T", ["S"], [Section("a", "C", (), [many])]), tagged=True).structure
    assert root is not None
    assert [len(one.children) for one in root.children[2].children[1:]] == [8000, 102]


def test_a_print_that_is_not_tagged_has_nothing_of_it() -> None:
    for tagged in (False, True):
        data = pdf(STRUCTURED, tagged=tagged)
        assert (b"/StructTreeRoot" in data, b">> BDC" in data, b"/Artifact BMC" in data) == (tagged,) * 3
        assert (b'conformance="A"' in data) is tagged
