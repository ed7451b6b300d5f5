"""Is a form of one's own refused at the place where it cannot be read, and else printed and read?"""

from __future__ import annotations

from itertools import count
from pathlib import Path

import cv2
import msgspec
import pytest
from msgspec.structs import replace

from dziennik.contracts.refusals import Refusal
from dziennik.omr.copies import copies
from dziennik.omr.forms import decoded, faults, faults_beside, load
from dziennik.omr.identity import SAMPLE_KEY
from dziennik.omr.layouts import PITCH_Y, known
from dziennik.omr.printed import Line
from dziennik.omr.printing import print_cards
from dziennik.omr.reader import Reader
from dziennik.omr.sheet import CellState, SheetState
from dziennik.omr.template import Cell, Field, Kind, Template
from tests.omr.cards import GRADES, MM, SMALL, drawn, ours, picture, said

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "ankieta.json"
FORM = msgspec.json.decode(EXAMPLE.read_bytes(), type=Template)
TIMING = FORM.timing


def with_cell(**changed: object) -> Template:
    """The form with the second cell of its third field changed."""
    field = FORM.fields[2]
    cells = (field.cells[0], replace(field.cells[1], **changed), *field.cells[2:])
    return replace(FORM, fields=(*FORM.fields[:2], replace(field, cells=cells), *FORM.fields[3:]))


def told(form: Template) -> list[tuple[str, str | None]]:
    return [(fault.code.removeprefix("CARDS.FORM_"), fault.field) for fault in faults(form)]


def test_the_example_is_printed_filled_and_read() -> None:
    assert load(EXAMPLE) == FORM
    numbers = count(1)
    made = copies(FORM, SAMPLE_KEY, 2, lambda: next(numbers))
    assert isinstance(made, list)
    assert [card.identity.number for card in made] == [1, 2]
    assert (made[0].control, made[0].lines) == (
        "obiady (1-5)",
        (Line(1, "świetlica (1-5)"), Line(2, "w które dni"), Line(3, "godzin w tygodniu")),
    )
    grey = drawn(print_cards(made), page=1)
    cells = FORM.cells()
    meant = [
        at
        for at, (field, cell) in enumerate(cells)
        if (field.name, cell.value, cell.place)
        in {
            ("obiady (1-5)", "4", 0),
            ("w które dni", "monday", 0),
            ("w które dni", "friday", 0),
            ("godzin w tygodniu", "1", 1),
            ("godzin w tygodniu", "2", 0),
        }
    ]
    for at in meant:
        cell = cells[at][1]
        cv2.ellipse(grey, (round(cell.x * MM), round(cell.y * MM)), (18, 13), 0, 0, 360, 50, -1)
    (sheet,) = Reader(ours, others=[FORM]).read(grey)
    assert (sheet.state, sheet.layout, sheet.card_id) == (SheetState.READ, 128, made[1].identity.card_id)
    assert said(sheet) == dict.fromkeys(meant, CellState.MARKED)
    assert len(meant) == 5


def test_the_schools_own_cards_are_free_of_faults_but_for_their_numbers() -> None:
    for form in known().values():
        assert told(form) == [("NUMBER_TAKEN", "number")], form.name


@pytest.mark.parametrize(
    ("form", "at"),
    [
        (replace(FORM, number=300), "number"),
        (replace(FORM, number=0), "number"),
        (replace(FORM, width=-5.0), "width"),
        (replace(FORM, cell_width=0.0), "cell_width"),
        (replace(FORM, cell_height=5.3), "cell_height"),
        (replace(FORM, marker_size=0.0), "marker_size"),
        (replace(FORM, fields=()), "fields"),
        (with_cell(x=-1.0), "fields[2].cells[1].x"),
        (with_cell(y=1001.0), "fields[2].cells[1].y"),
        (with_cell(value=""), "fields[2].cells[1].value"),
        (with_cell(place=-1), "fields[2].cells[1].place"),
        (replace(FORM, strip=replace(FORM.strip, columns=33)), "strip.columns"),
        (replace(FORM, timing=replace(TIMING, rows=())), "timing.rows"),
        (replace(FORM, timing=replace(TIMING, size=1.0)), "timing.size"),
        (replace(FORM, markers=(replace(FORM.markers[0], id=8), *FORM.markers[1:])), "markers[0].id"),
    ],
)
def test_what_is_out_of_bounds_is_refused_at_its_place(form: Template, at: str) -> None:
    refused = decoded(msgspec.json.encode(form))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("CARDS.FORM_MALFORMED", at)
    assert "Expected" in refused.text()


def test_what_is_no_form_says_what_is_missing() -> None:
    refused = decoded(b'{"number": 128}')
    assert isinstance(refused, Refusal)
    assert refused.text("en").endswith(" at '$': Object missing required field `name`.")


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        (replace(FORM, number=127), [("NUMBER_TAKEN", "number")]),
        # 8.7 mm from the cell on its left; half of the pitch is 4.4
        (with_cell(x=90.7), [("CELLS_TOO_NEAR", "fields[2].cells[1]")]),
        (with_cell(x=90.8), []),
        (with_cell(y=64.0), [("CELLS_TOO_NEAR", "fields[3].cells[1]")]),
        (with_cell(x=76.0), [("COVERED", "fields[2].cells[1]"), ("CELLS_TOO_NEAR", "fields[2].cells[1]")]),
        (with_cell(x=186.0), [("OUT_OF_TIMING", "fields[2].cells[1]")]),
        (
            with_cell(x=207.0),
            [("OFF_PAGE", "fields[2].cells[1]"), ("OUT_OF_TIMING", "fields[2].cells[1]")],
        ),
        (
            with_cell(x=190.0, y=128.0),
            [("COVERED", "fields[2].cells[1]"), ("OUT_OF_TIMING", "fields[2].cells[1]")],
        ),
        (with_cell(value="monday"), [("TWICE", "fields[2].cells[1]")]),
        (replace(FORM, fields=(*FORM.fields, replace(FORM.fields[0], cells=(
            Cell(value="9", label="9", x=150, y=50),)))), [("TWICE", "fields[4]")]),
        (replace(FORM, height=130.0), [("OFF_PAGE", "markers[2]"), ("OFF_PAGE", "markers[3]")]),
        (replace(FORM, qr=replace(FORM.qr, x=50.0)), [("COVERED", "qr")]),
        (
            replace(FORM, timing=replace(TIMING, rows=(*TIMING.rows[:3], 57.5, 72.5))),
            [("NOT_ASCENDING", "timing.rows[3]"), *[("COVERED", "timing.rows[3]")] * 2],
        ),
    ],
)  # fmt: skip
def test_what_the_reader_could_not_read_is_refused_at_its_place(
    form: Template, faults: list[tuple[str, str]]
) -> None:
    assert told(form) == faults


def test_a_refusal_says_what_lies_over_what() -> None:
    (fault,) = faults(with_cell(x=90.7))
    assert fault.text() == (
        "fields[2].cells[1] leży zbyt blisko fields[2].cells[0]: "
        "środki pól dzieli 8.8 mm w poziomie albo 7.3 mm w pionie."
    )
    strip = replace(FORM.strip, x=48.0)
    (fault,) = faults(replace(FORM, strip=strip))
    assert fault.text("en").startswith("qr lies over strip.")


def test_forms_that_are_read_together_are_told_from_each_other() -> None:
    def beside(form: Template) -> list[tuple[str, str | None]]:
        return [
            (fault.code.removeprefix("CARDS.FORM_"), fault.field) for fault in faults_beside(form, [FORM])
        ]

    assert beside(replace(FORM, number=129)) == []
    assert beside(FORM) == [("TWICE", "number")]
    moved = replace(FORM, number=129, strip=replace(FORM.strip, y=22.0), height=150.0)
    assert beside(moved) == [("UNLIKE_OTHERS", "height"), ("UNLIKE_OTHERS", "strip")]
    other = replace(FORM, number=129, markers=(replace(FORM.markers[0], x=15.0), *FORM.markers[1:]))
    assert beside(other) == [("UNLIKE_OTHERS", "markers")]
    a4 = replace(other, markers=tuple(replace(one, id=one.id - 4) for one in other.markers))
    assert beside(a4) == []


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "form.json"
    path.write_bytes(msgspec.json.encode(replace(with_cell(x=90.7), number=5)))
    refused = load(path)
    assert isinstance(refused, Refusal)
    assert [one.field for one in (refused, *refused.others)] == ["number", "fields[2].cells[1]"]
    path.write_bytes(EXAMPLE.read_bytes())
    again = load(path, [FORM])
    assert isinstance(again, Refusal)
    assert again.field == "number"


def test_texts_are_printed_only_where_nothing_is_read() -> None:
    cells = tuple(Cell(value=str(n), label=str(n), x=36 + 9 * n, y=50) for n in range(4))
    timing = replace(TIMING, left=28.0, rows=(42.5, 50.0), bottom=57.0)
    form = replace(FORM, timing=timing, fields=(Field(name="q", kind=Kind.SINGLE, row=1, cells=cells),))
    assert told(form) == []
    made = copies(form, SAMPLE_KEY, 1, lambda: 1)
    assert isinstance(made, list)
    assert (made[0].lines, made[0].control, made[0].title, made[0].foot) == ((), "", form.name, True)
    low = replace(form, height=67.0, markers=tuple(replace(one, y=min(one.y, 50.0)) for one in form.markers))
    made = copies(low, SAMPLE_KEY, 1, lambda: 1)
    assert isinstance(made, list)
    assert made[0].foot is False
    above = tuple(replace(cell, y=cell.y - 2 * PITCH_Y) for cell in cells)
    up = replace(form, fields=(replace(form.fields[0], cells=above),))
    assert copies(up, SAMPLE_KEY, 1, lambda: 1) == Refusal(code="CARDS.FORM_NO_ROOM", field="qr")


def test_the_schools_cards_are_found_beside_a_form_with_their_markers() -> None:
    grey = picture(SMALL)
    assert FORM.markers == SMALL.markers
    (sheet,) = Reader(ours, others=[FORM]).read(grey)
    assert (sheet.state, sheet.layout) == (SheetState.READ, SMALL.number)
    grey[:, : round(26 * MM)] = 255  # both markers on the left are gone: timing marks lead on
    (sheet,) = Reader(ours, others=[FORM]).read(grey)
    assert (sheet.state, sheet.layout) == (SheetState.READ, SMALL.number)


def test_a_form_of_another_frame_takes_the_place_of_the_schools_cards() -> None:
    """Their markers have the same numbers, and numbers tell which form to look for."""
    lower = tuple(replace(one, y=one.y + 32) if one.y > 100 else one for one in FORM.markers)
    tall = replace(FORM, number=129, height=180.0, markers=lower)
    assert told(tall) == []
    made = copies(tall, SAMPLE_KEY, 1, lambda: 3)
    assert isinstance(made, list)
    both = Reader(ours, others=[tall])
    (sheet,) = both.read(drawn(print_cards(made)))
    assert (sheet.state, sheet.layout) == (SheetState.READ, 129)
    (sheet,) = both.read(picture(SMALL))
    assert sheet.state is SheetState.REFUSED
    (sheet,) = both.read(picture(GRADES))
    assert (sheet.state, sheet.layout) == (SheetState.READ, GRADES.number)
