"""Is the archive of a year complete, of that year alone, and accepted by the verifier and by others?"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree

from dziennik.archive.bagging import zip_bag
from dziennik.archive.editions import (
    NoSuchYear,
    YearOpen,
    edition,
    end_of,
    find_year,
    new_edition,
)
from dziennik.archive.year_archive import Written, write_year
from dziennik.bagcheck.checking import verify
from dziennik.bagcheck.telling import NOT_SIGNED, exit_code
from dziennik.contracts.registry import FACTS
from tests.archive.memory import MemoryFacts, MemoryLog
from tests.archive.year_sample import tell_year
from tests.checkers import needs_bagit, needs_xmllint

ROOT = Path(__file__).parents[2]
FACTS_OF_YEAR = MemoryFacts(tell_year())
YEAR = find_year(FACTS_OF_YEAR, "2025/2026")
LOG = MemoryLog(FACTS_OF_YEAR, FACTS_OF_YEAR.position())
R = {"r": "urn:dziennik:class-register:2", "b": "urn:dziennik:book:1", "a": "urn:dziennik:archive:2"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    made = new_edition(FACTS_OF_YEAR, YEAR)
    target = tmp_path_factory.mktemp("year") / made.name()
    return write_year(FACTS_OF_YEAR, made, target, vouched=LOG)


def xpath(written: Written, name: str, path: str) -> list[str]:
    found = etree.parse(str(written.path / "data" / name)).xpath(path, namespaces=R)
    assert isinstance(found, list)
    return [str(one) for one in found]


def test_a_year_is_found_by_id_name_or_start() -> None:
    assert {find_year(FACTS_OF_YEAR, one).year_id for one in ("y25", "2025/2026", "2025")} == {"y25"}
    with pytest.raises(NoSuchYear, match="2024/2025, 2025/2026"):
        find_year(FACTS_OF_YEAR, "2013")


def test_the_first_edition_is_as_of_the_years_last_day() -> None:
    """Not of today: what was recorded in September belongs to a later edition."""
    later = MemoryFacts(tell_year(corrected=True))
    made = new_edition(later, YEAR)
    assert made.cut_off == FACTS_OF_YEAR.position() < later.position()
    assert made.number == 1
    assert end_of(YEAR).isoformat() == "2026-09-01T00:00:00+02:00"


def test_an_open_year_has_no_archive() -> None:
    before = FACTS_OF_YEAR.position() - 1
    with pytest.raises(YearOpen):
        edition(FACTS_OF_YEAR, YEAR, 1, before)
    with pytest.raises(YearOpen):
        new_edition(FACTS_OF_YEAR, find_year(FACTS_OF_YEAR, "2024"))


def test_what_is_in_it(written: Written) -> None:
    of_class = ["class-register-2.xml", "corrections.xml", "facts.jsonl", "register.html", "register.pdf",
                "statistics.csv"]  # fmt: skip
    of_classes = [f"data/classes/{slug}/{name}" for slug in ("4a", "4b-obca") for name in of_class]
    assert [one.path for one in written.files] == [
        "data/blocks-sha256.txt",
        "data/cards.xml",
        *of_classes,
        "data/facts/cards.jsonl",
        "data/facts/people.jsonl",
        "data/facts/school.jsonl",
        "data/hours.xml",
        "data/index.html",
        "data/index.xml",
        "data/proof/rest-of-tree.txt",
        "data/registers/swietlica-grupa-1/book-1.xml",
        "data/registers/swietlica-grupa-1/facts.jsonl",
        "data/statistics.csv",
    ]
    assert xpath(written, "index.xml", "//a:file/@path") == [
        one.path for one in written.files if one.path != "data/index.xml"
    ]
    assert xpath(written, "index.xml", "//a:class/@name") == ["4a", "4b OBCA"]
    assert xpath(written, "index.xml", "//a:left-out/@kind") == [
        "messages", "entitlement", "attachments", "restricted-register",
    ]  # fmt: skip


def test_the_verifier_accepts_it(written: Written, tmp_path: Path) -> None:
    packed = tmp_path / "bag.zip"
    zip_bag(written.path, packed)
    for place in (written.path, packed):
        report = verify(place)
        assert report.wrong is None
        assert (exit_code(report), report.manifest) == (NOT_SIGNED, sha256(written.manifest).hexdigest())
        assert report.index is not None
        assert (report.index.edition, report.index.year) == (1, "2025/2026")


@needs_bagit
def test_bagit_accepts_it(written: Written, tmp_path: Path) -> None:
    command = ["bagit.py", "--validate", "--quiet"]
    assert subprocess.run([*command, str(written.path)], check=False).returncode == 0
    spoilt = tmp_path / "spoilt"
    shutil.copytree(written.path, spoilt)
    with (spoilt / "data" / "hours.xml").open("ab") as file:
        file.write(b"\n")
    assert subprocess.run([*command, str(spoilt)], check=False, capture_output=True).returncode != 0


@needs_xmllint
def test_xmllint_accepts_every_document(written: Written) -> None:
    checked = 0
    for path in sorted(written.path.rglob("*.xml")):
        name = {"class-register-2.xml": "class-register-2", "index.xml": "archive-2"}.get(path.name, "book-1")
        schema = ROOT / "src" / "contracts" / "archive" / f"{name}.xsd"
        command = ["xmllint", "--noout", "--nonet", "--schema", str(schema), str(path)]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0, path
        checked += 1
    assert checked == 8


def test_documents_are_canonical(written: Written) -> None:
    for path in written.path.rglob("*.xml"):
        data = path.read_bytes()
        assert etree.tostring(etree.fromstring(data), method="c14n") == data, path


def test_further_entries_of_the_class(written: Written) -> None:
    name, entries = "classes/4a/class-register-2.xml", "//r:entries"
    found = xpath(written, name, f"{entries}/r:context[*]/@name")
    assert found == [
        "school", "classification", "behaviour", "curriculum", "calendar", "councils", "disputes",
    ]  # fmt: skip
    assert xpath(written, name, f"{entries}//r:note-written/r:text/text()") == ['Konkurs "Kangur" <1.>']
    assert xpath(written, name, f"{entries}//r:note-corrected/@points") == ["15"]
    assert xpath(written, name, f"{entries}//r:promotion-decided/@average") == ["4.50"]
    assert xpath(written, name, f"{entries}//r:plan-drawn-up/r:items/@topic") == ["Ułamki zwykłe"]
    assert xpath(written, name, f"{entries}//r:free-days-declared/@name") == ["Boże Ciało"]
    asked = xpath(written, name, f"{entries}//r:question-asked/@author")[0]
    person = xpath(written, name, f"//r:author[@key='{asked}']/@person")
    assert person == ["mama"]
    assert xpath(written, name, "//r:people/r:person[@id='mama']/r:name/r:family-name/text()") == ["Kowalska"]


def test_nothing_of_others(written: Written) -> None:
    """Neither another class's or year's, nor what only its keepers may read."""
    for path in sorted((written.path / "data" / "classes" / "4a").iterdir()):
        assert b"OBC" not in path.read_bytes(), path
    for path in written.path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"TAJEMNICA" not in data, path
            assert b"OBCY PLAN" not in data, path
            assert b"OBCE FERIE" not in data, path
            assert b"OBCA KARTA" not in data, path


def test_facts_are_cloud_events(written: Written) -> None:
    lines = (written.path / "data/classes/4a/facts.jsonl").read_text("utf-8").splitlines()
    own = [each for each in FACTS_OF_YEAR.recorded if each.stream.startswith("year/4a/")]
    assert len(lines) == len(own)
    for line, each in zip(lines, own, strict=True):
        event = json.loads(line)
        assert event["specversion"] == "1.0"
        assert (event["id"], event["subject"]) == (str(each.position), each.stream)
        assert event["source"] == "urn:dziennik:school:sp5"
        assert event["type"] in FACTS
        # Attribute names have lower-case letters and digits only, values are simple (CloudEvents 1.0, 3.1).
        assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in event)
        assert all(isinstance(value, str | int) for name, value in event.items() if name != "data")
    people = (written.path / "data/facts/people.jsonl").read_text("utf-8")
    assert {json.loads(line)["subject"] for line in people.splitlines()} >= {"person/ala", "person/mama"}
    files = sorted(written.path.rglob("*.jsonl"))
    every = [json.loads(line)["id"] for one in files for line in one.read_bytes().splitlines()]
    assert len(set(every)) == len(every)  # no fact twice


def test_hours_and_other_registers(written: Written) -> None:
    assert xpath(written, "hours.xml", "//b:hours-entered/@hours") == ["1.50"]
    assert xpath(written, "hours.xml", "//b:hours-entered/b:what/text()") == ["kółko szachowe"]
    assert xpath(written, "hours.xml", "//b:person/@id") == ["head", "t-jan"]
    assert xpath(written, "cards.xml", "//b:card-voided/@reason") == ["zgubiona"]
    place = "registers/swietlica-grupa-1/book-1.xml"
    assert xpath(written, place, "//b:register-opened/@name") == ["Świetlica, grupa 1"]
    assert xpath(written, place, "//b:work-plan-set/@text") == ["Gry i zabawy; odrabianie lekcji"]


def test_corrections(written: Written) -> None:
    found = etree.parse(str(written.path / "data/classes/4a/corrections.xml")).getroot()
    names = sorted({etree.QName(one).localname for part in found.iterfind("b:part", R) for one in part})
    assert names == [
        "attendance-corrected", "column-changed", "dispute-decided", "grade-corrected", "grade-struck-out",
        "note-corrected", "question-asked", "topic-corrected",
    ]  # fmt: skip


def test_statistics(written: Written) -> None:
    rows = (written.path / "data/statistics.csv").read_text("utf-8").splitlines()
    # 4a: three pupils, four lessons and six grades of the sample; 4.38 and 80% (12/15 at 50%: no average).
    assert rows[0] == "class,pupils,lessons,grades,average,attendance_percent"
    assert rows[1].startswith("4a,3,4,6,")
    table = (written.path / "data/classes/4a/statistics.csv").read_text("utf-8").splitlines()
    assert table[0] == "statistic,of,term,label,value,counted,rules"
    assert "average,Matematyka z elementami,,,4.38,1,1" in table


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.headings: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)


@pytest.mark.parametrize("name", ["index.html", "classes/4a/register.html"])
def test_pages_need_nothing_and_are_accessible(written: Written, name: str) -> None:
    data = (written.path / "data" / name).read_bytes()
    root = etree.fromstring(data)  # well-formed as XML too
    page = Outline()
    page.feed(data.decode())
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    assert not [one for one, value in page.attributes if one.startswith("on") or ("http" in (value or "")
                and one != "xmlns")]  # fmt: skip
    assert (root.get("lang"), page.tags.count("h1"), page.tags.count("main")) == ("pl", 1, 1)
    assert all(int(b[1]) - int(a[1]) <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    ids = [value for one, value in page.attributes if one == "id"]
    assert len(set(ids)) == len(ids)
    links = [value for one, value in page.attributes if one == "href"]
    assert all((value or "")[1:] in ids for value in links if (value or "").startswith("#"))
    assert page.tags.count("table") == page.tags.count("caption")


def test_the_page_says_what_the_register_holds(written: Written) -> None:
    text = (written.path / "data/classes/4a/register.html").read_text("utf-8")
    for said in (
        "1. Kowalska-Nowak Alicja Maria", "Ćma Ćwirek", "do 31.10.2025 (przeprowadzka)", "600 100 200",
        "do 31.12.2025 (wyrok II Ca 1/25)", "za: Ołówek Aleksandra", "nieobecność usprawiedliwiona",
        "Ułamki: ½ &lt; ¾ &amp; co.", "zwolnienie lekarskie", "Boże Ciało", "Skąd ta ocena?", "nr: 7/2026",
    ):  # fmt: skip
        assert said in text, said


def test_links_of_the_index_lead_to_files(written: Written) -> None:
    page = Outline()
    page.feed((written.path / "data/index.html").read_text("utf-8"))
    links = [value for one, value in page.attributes if one == "href" and value]
    assert links
    assert all((written.path / "data" / link).is_file() for link in links)


def test_a_correction_makes_a_second_edition_and_the_first_stays(written: Written, tmp_path: Path) -> None:
    later = MemoryFacts(tell_year(corrected=True))
    first = edition(later, YEAR, 1, written.edition.cut_off)
    again = write_year(later, first, tmp_path / "again", vouched=LOG)
    assert again.manifest == written.manifest
    second = write_year(later, edition(later, YEAR, 2, later.position()), tmp_path / "second")
    assert second.manifest != written.manifest
    name = "classes/4a/class-register-2.xml"
    assert xpath(written, name, "//r:grade[@id='g6']/@value") == ["12/15"]
    assert xpath(second, name, "//r:grade[@id='g6']/@value") == ["13/15"]
    assert xpath(second, name, "//r:correction-permitted/@reason") == ["pomyłka"]
