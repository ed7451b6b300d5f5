"""Are CSV and pictures sound, safe and the same every time?"""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dziennik.statistics.csv_text import BOM, csv_of
from dziennik.statistics.statistic import Series, Statistic, Text, Unit, described, plain
from dziennik.statistics.svg import svg_of

TWO = Statistic(
    title=Text("Frekwencja <4a> & reszta", "Attendance"),
    labels=(Text("poniedziałek", "Monday"), plain('=HYPERLINK("x")')),
    series=(
        Series(Text("klasa", "class"), (Decimal("83.3"), None)),
        Series(Text("szkoła", "school"), (Decimal("90.0"), Decimal(100))),
    ),
    unit=Unit.PERCENT,
    counted=10,
    left_out=3,
    highlighted=0,
)
SVG = {"s": "http://www.w3.org/2000/svg"}


def test_csv_follows_rfc_4180_and_runs_nothing() -> None:
    text = csv_of(TWO, "pl")
    assert text == (
        'Frekwencja <4a> & reszta,klasa,szkoła\r\nponiedziałek,"83,3","90,0"\r\n'
        '"\'=HYPERLINK(""x"")",,100\r\n'
    )
    assert "83.3,90.0" in csv_of(TWO, "en")
    assert list(csv.reader(io.StringIO(text)))[2] == ['\'=HYPERLINK("x")', "", "100"]
    assert csv_of(TWO, "pl", bom=True) == BOM + text


def test_a_picture_says_in_words_what_it_shows() -> None:
    root = etree.fromstring(svg_of(TWO, "pl").encode())
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    assert root.findtext("s:title", namespaces=SVG) == "Frekwencja <4a> & reszta"
    assert root.findtext("s:desc", namespaces=SVG) == described(TWO, "pl")
    assert "poniedziałek: 83,3%" in described(TWO, "pl")
    assert "Left out: 3." in described(TWO, "en")


def test_bars_are_as_long_as_their_numbers() -> None:
    root = etree.fromstring(svg_of(TWO, "en").encode())
    bars = [float(str(bar.get("width"))) for bar in root.iterfind("s:rect[@x='170']", namespaces=SVG)]
    assert bars == [399.8, 432.0, 0.0, 480.0]  # of 480: 83.3 %, 90 %, none, 100 %


def test_nothing_in_it_is_run_or_fetched() -> None:
    text = svg_of(TWO, "pl")
    assert not {"script", "href", "style", "foreignObject"} & {
        etree.QName(each).localname for each in etree.fromstring(text.encode()).iter("*")
    }
    assert "href=" not in text


def test_a_statistic_of_nothing_says_why() -> None:
    empty = Statistic(
        title=TWO.title, labels=(), series=(), unit=Unit.COUNT, counted=0, note=Text("Za mało.", "Too few.")
    )
    assert "Za mało." in svg_of(empty, "pl")
    assert described(empty, "en") == "Attendance. Too few."
    assert csv_of(empty, "en") == "Attendance\r\n"


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="￾￿"), max_size=60))
def test_any_name_can_be_a_label(name: str) -> None:
    one = Statistic(
        title=plain(name), labels=(plain(name),), series=(Series(plain(name), (Decimal(1),)),),
        unit=Unit.COUNT, counted=1,
    )  # fmt: skip
    assert etree.fromstring(svg_of(one, "pl").encode()).findtext("s:title", namespaces=SVG) == name
    (_, row) = csv.reader(io.StringIO(csv_of(one, "pl"), newline=""))
    assert row[0].removeprefix("'") == name.removeprefix("'")
