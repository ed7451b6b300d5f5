"""Is what is printed what the templates say, in Polish, and the same every time?"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from msgspec.structs import replace

from dziennik.contracts import schemas
from dziennik.omr.layouts import (
    PUPILS,
    Paper,
    card_for,
    grade_card,
    known,
    lesson_card,
    lines_to_write,
    written_card,
)
from dziennik.omr.printed import Line
from dziennik.omr.printing import print_cards, unprintable
from dziennik.omr.sample import grade_sheets, lesson_sheets, sample_cards, write_sample
from dziennik.omr.sheet import CellState, SheetState
from dziennik.omr.template import schema
from dziennik.omr.writing import Cards, write
from tests.omr.cards import GRADES, MM, SMALL, Grey, drawn, mark, picture, printed, read, reader, said

LETTERS = "ĄĆĘŁŃÓŚŹŻąćęłńóśźż"


def test_the_same_cards_are_the_same_bytes() -> None:
    assert print_cards([printed(GRADES)]) == print_cards([printed(GRADES)])


def test_all_polish_letters_are_in_the_font() -> None:
    card = printed(GRADES)
    pdf = print_cards([replace(card, lines=(Line(1, LETTERS[:9]), Line(2, LETTERS[9:])))])
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert LETTERS[:9] in text
    assert LETTERS[9:] in text


def names_on_paper(*names: tuple[str, str]) -> list[Grey]:
    """The pictures of the lines that these names stand on, from their beginning to the cells."""
    lines = tuple(Line(number, *name) for number, name in enumerate(names, 1))
    grey = drawn(print_cards([replace(printed(GRADES), lines=lines)]))
    rows = GRADES.timing.rows[1:]
    left, right = round(34.5 * MM), round(71 * MM)
    return [grey[round((y - 3.5) * MM) : round((y + 3.5) * MM), left:right] for y in rows[: len(names)]]


def room(text: str) -> float:
    """Millimetres that a text takes at the size of names."""
    pdf = Cards()
    pdf.add_page()
    taken = write(pdf, 0, 20, text, 9.5, 200)
    pdf.output()
    return taken


@pytest.mark.parametrize(
    "name",
    [
        ("Nguyễn", "Thị Hường"), ("Шевченко", "Олександр"), ("Παπαδόπουλος", "Γιώργος"), ("כהן", "דוד"),
        ("العبدالله", "محمد"), ("Պետրոսյան", "Անահիտ"), ("ბერიძე", "გიორგი"), ("शर्मा", "प्रियंका"),
        ("สมชาย", "ใจดี"), ("王", "小明"),
    ],
)  # fmt: skip
def test_a_name_in_any_script_leaves_ink_on_its_line_and_in_no_cell(name: tuple[str, str]) -> None:
    shown, empty = names_on_paper(name, ("", ""))
    assert empty.min() == 255
    assert np.count_nonzero(shown < 128) > 90
    assert 6 * MM < np.ptp(np.flatnonzero((shown < 128).any(axis=0))) < 36 * MM


def test_scripts_are_letters_of_an_embedded_font_not_pictures() -> None:
    name = Line(1, "ბერიძე", "Պետրոսյան")
    with pypdfium2.PdfDocument(print_cards([replace(printed(GRADES), lines=(name,))])) as document:
        assert "ბერიძე Պետրոսյան" in document[0].get_textpage().get_text_bounded()


def test_arabic_letters_are_joined_and_their_vowel_signs_take_no_room() -> None:
    assert abs(room("محمد") - sum(map(room, "محمد"))) > 0.5  # other forms than alone
    assert room("مُحَمَّد") == pytest.approx(room("محمد"))
    assert room("علی\u200cرضا") > room("علیرضا")  # not joined there


def test_an_accent_without_a_composed_form_takes_no_room() -> None:
    assert room("Ọ̀lá") == pytest.approx(room("Ọlá"))


def test_a_letter_of_no_font_is_printed_as_such_and_told() -> None:
    card = replace(
        printed(GRADES), lines=(Line(3, "王", "小明"), Line(4, "כהן", "דוד"), Line(17, "Żak", "米"))
    )
    assert unprintable(card) == [3, 17]
    with pypdfium2.PdfDocument(print_cards([card])) as document:
        assert "3. � ��" in document[0].get_textpage().get_text_bounded()


def test_siblings_with_a_long_family_name_differ_on_paper() -> None:
    family = "Brzęczyszczykiewicz-Chrząszczyżewoszycka"
    anna, adam, again = names_on_paper((family, "Anna"), (family, "Adam"), (family, "Anna"))
    assert np.array_equal(anna, again)
    assert not np.array_equal(anna, adam)


def test_whoever_stands_on_a_card_its_cells_are_the_same() -> None:
    plain = replace(printed(GRADES), lines=(Line(1, "Żak", "Łucja"),))
    shaped = replace(plain, lines=(Line(1, "العبدالله", "محمد"),))
    one, other = (drawn(print_cards([card]))[:, round(72 * MM) :] for card in (plain, shaped))
    assert np.array_equal(one, other)


def test_names_of_all_scripts_are_the_same_bytes_and_a_small_file() -> None:
    lines = (
        Line(1, "العبدالله", "محمد"),
        Line(2, "शर्मा", "प्रियंका"),
        Line(3, "כהן", "דוד"),
        Line(4, "ბერიძე"),
    )
    card = replace(printed(GRADES), lines=lines)
    assert print_cards([card, card]) == print_cards([card, card])
    assert len(print_cards([card])) - len(print_cards([printed(GRADES)])) < 60_000


def test_a_class_of_forty_takes_two_cards_of_the_same_pitch() -> None:
    cards = grade_sheets(Paper.A4, 40, 1)
    assert [len(card.lines) for card in cards] == [30, 10]
    assert [card.lines[0].number for card in cards] == [1, 31]
    with pypdfium2.PdfDocument(print_cards(cards)) as document:
        assert len(document) == 2
        assert document[0].get_size() == document[1].get_size()


def test_two_small_cards_share_a_sheet() -> None:
    cards = [printed(SMALL, number) for number in (1, 2, 3)]
    with pypdfium2.PdfDocument(print_cards(cards, two_on_a_sheet=True)) as document:
        assert [round(page.get_height() / 72 * 25.4) for page in document] == [297, 297]
    with pypdfium2.PdfDocument(print_cards(cards)) as document:
        assert [round(page.get_height() / 72 * 25.4) for page in document] == [148, 148, 148]


def test_every_cell_is_drawn_where_the_template_says() -> None:
    grey = picture(GRADES)
    for field, cell in GRADES.cells():
        x, y = cell.x * MM, cell.y * MM
        left = grey[round(y), round(x - 2.5 * MM) - 2 : round(x - 2.5 * MM) + 3]
        assert left.min() < 190, (field, cell)  # the outline, 43 % grey and thinner than two pixels
        beside = grey[round(y) - 3 : round(y) + 4, round(x + 3.4 * MM) : round(x + 4.2 * MM)]
        assert beside.min() == 255, (field, cell)


def test_cells_of_a_layout_keep_clear_of_each_other_and_of_the_edge() -> None:
    for form in known().values():
        places = np.array([(cell.x, cell.y) for _, cell in form.cells()])
        apart = np.abs(places[:, None] - places[None]) / (form.cell_width, form.cell_height)
        near = (apart.max(axis=2) < 1.5) & ~np.eye(len(places), dtype=bool)
        assert not near.any(), form.name
        assert places.min() > 30
        assert (places[:, 0] < form.width - 20).all()
        assert (places[:, 1] < form.height - 20).all()


def test_layout_numbers_are_for_ever() -> None:
    assert {number: form.name for number, form in known().items()} == {
        1: "grades-a4",
        2: "grades-a5",
        11: "lessons-1-a4",
        12: "lessons-2-a4",
        13: "lessons-3-a4",
        14: "lessons-4-a4",
        21: "lessons-1-a5",
        22: "lessons-2-a5",
        23: "lessons-3-a5",
        24: "lessons-4-a5",
        32: "lessons-2-written-a4",
        33: "lessons-3-written-a4",
        34: "lessons-4-written-a4",
        42: "lessons-2-written-a5",
        43: "lessons-3-written-a5",
        44: "lessons-4-written-a5",
    }


def test_a_card_has_its_lines_and_a_control_line() -> None:
    for paper in Paper:
        assert {field.row for field in grade_card(paper).fields} == set(range(PUPILS[paper] + 1))
        assert len(lesson_card(paper, 4).cells()) == 12 * (PUPILS[paper] + 1)


@pytest.mark.parametrize(("paper", "rows"), [(Paper.A4, 28), (Paper.A5, 8)])
def test_lines_for_topics_take_the_place_of_the_last_pupils_and_move_nothing(paper: Paper, rows: int) -> None:
    for blocks in (2, 3, 4):
        plain, written = lesson_card(paper, blocks), written_card(paper, blocks)
        kept = tuple(field for field in plain.fields if field.row <= rows)
        assert written == replace(plain, number=written.number, name=written.name, fields=kept)
        assert lines_to_write(written) == plain.timing.rows[-2:]
        assert lines_to_write(plain) == ()


@pytest.mark.parametrize(
    ("paper", "blocks", "pupils", "number"),
    [
        (Paper.A4, 4, 28, 34),
        (Paper.A4, 4, 29, 14),  # the other card would be a second one
        (Paper.A4, 2, 31, 32),  # two cards at any rate
        (Paper.A4, 1, 20, 11),  # its topic has a place at the foot
        (Paper.A5, 3, 8, 43),
        (Paper.A5, 3, 9, 23),
        (Paper.A5, 2, 24, 42),
    ],
)
def test_a_class_gets_lines_for_topics_unless_they_cost_a_card(
    paper: Paper, blocks: int, pupils: int, number: int
) -> None:
    assert card_for(paper, blocks, pupils).number == number


@pytest.mark.parametrize(("paper", "blocks", "pupils"), [(Paper.A4, 4, 28), (Paper.A5, 2, 8)])
def test_topics_written_by_hand_change_nothing_of_what_is_read(
    paper: Paper, blocks: int, pupils: int
) -> None:
    (card,) = lesson_sheets(paper, blocks, pupils, 5)
    form, grey = card.template, drawn(print_cards([card]))
    first, last = (round(y * MM) for y in lines_to_write(form))
    edge = round(80 * MM)
    for y in (first, last):  # a line to write on, from the first column nearly to the last timing mark
        assert (grey[y : y + 30, edge : round(188 * MM)].min(axis=0) < 190).mean() > 0.85
    marked = {
        mark(grey, form, 0, "confirmed", field="lesson-1"): CellState.MARKED,
        mark(grey, form, pupils, "late", field="presence-2"): CellState.MARKED,
    }
    chance = np.random.default_rng(7)
    for y in (first, last):
        steps = np.column_stack([np.arange(edge, edge + 800, 7), y + chance.integers(-22, 22, 115)])
        cv2.polylines(grey, [steps.astype(np.int32)], isClosed=False, color=40, thickness=4)
    sheet = read(grey)
    assert (sheet.state, sheet.layout, said(sheet)) == (SheetState.READ, form.number, marked)


def test_the_published_schema_is_current() -> None:
    folder = Path(str(schemas.__path__[0]))
    assert (folder / "card-template-1.json").read_bytes() == schema()


def test_a_sample_describes_every_cell(tmp_path: Path) -> None:
    written = write_sample(tmp_path)
    cards = sample_cards()
    described = [path for path in written if path.suffix == ".json" and not path.name.startswith("template")]
    assert len(described) == len(cards) == 10
    first = json.loads(described[0].read_text(encoding="utf-8"))
    assert first["card"] == cards[0].identity.card_id
    assert len(first["cells"]) == len(cards[0].template.cells())
    assert first["cells"][1] == {
        "row": 1,
        "field": "mark",
        "kind": "single",
        "value": "1",
        "x_mm": 82.0,
        "y_mm": 50.0,
        "width_mm": 5.0,
        "height_mm": 3.8,
    }
    with pypdfium2.PdfDocument(tmp_path / "cards.pdf") as document:
        assert len(document) == 10
    assert drawn((tmp_path / "two-on-a4.pdf").read_bytes()).shape == (2339, 1654)


def test_a_sample_says_where_else_a_card_is_printed(tmp_path: Path) -> None:
    """Of two on a sheet the lower one, too: its cells are that much further down."""
    write_sample(tmp_path)
    found: dict[str | None, list[tuple[str, int, int]]] = {}
    for file in ("cards.pdf", "two-on-a4.pdf"):
        content = (tmp_path / file).read_bytes()
        with pypdfium2.PdfDocument(content) as document:
            pages = len(document)
        for page in range(pages):
            for sheet in reader().read(drawn(content, page)):
                found.setdefault(sheet.card_id, []).append((file, page + 1, round(sheet.corners[1] / MM)))
    told = {}
    for card in sample_cards():
        described = json.loads((tmp_path / f"{card.identity.card_id}.json").read_text(encoding="utf-8"))
        places = [(one["file"], one["page"], round(one["y_mm"])) for one in described["printed"]]
        told[described["card"]] = places
        assert described["page"] == places[0][1]
    assert found == told
    assert [place for places in told.values() for place in places if place[2]] == [
        ("two-on-a4.pdf", 1, 149),
        ("two-on-a4.pdf", 2, 149),
    ]
