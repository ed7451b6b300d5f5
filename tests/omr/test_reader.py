"""What does the reader say of a page? It reads, or it asks, or it refuses with a reason: it never guesses."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from dziennik.omr.identity import SAMPLE_KEY, card_key, identify
from dziennik.omr.printing import print_cards
from dziennik.omr.sheet import TEXTS, CellState, SheetState, Why
from tests.omr.cards import (
    GRADES,
    LESSONS,
    MM,
    SMALL,
    Grey,
    cancel,
    drawn,
    mark,
    picture,
    printed,
    read,
    reader,
    said,
)

MARKED, UNSURE, CANCELLED = CellState.MARKED, CellState.UNSURE, CellState.CANCELLED


def test_marks_are_read_and_nothing_else() -> None:
    grey = picture(GRADES)
    marked = {
        mark(grey, GRADES, 1, "4"): MARKED,
        mark(grey, GRADES, 1, "+"): MARKED,
        mark(grey, GRADES, 30, "nb"): MARKED,
    }
    sheet = read(grey)
    assert sheet.state is SheetState.READ
    assert sheet.why is None
    assert said(sheet) == marked
    assert sheet.card_id == printed(GRADES).identity.card_id
    cell = sheet.cells[min(marked)]
    assert (cell.row, cell.field, cell.value) == (1, "mark", "4")
    assert cell.ink > 0.6


def test_an_empty_card_says_nothing() -> None:
    sheet = read(picture(LESSONS))
    assert (sheet.state, said(sheet), sheet.unsure) == (SheetState.READ, {}, 0)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_it_does_not_matter_how_the_card_was_laid_in(turns: int) -> None:
    grey = picture(GRADES)
    at = mark(grey, GRADES, 7, "5")
    sheet = read(np.ascontiguousarray(np.rot90(grey, turns)))
    assert said(sheet) == {at: MARKED}
    assert sheet.turned == {1: 270, 2: 180, 3: 90}[turns]


def test_any_angle() -> None:
    grey = picture(GRADES)
    at = mark(grey, GRADES, 7, "5")
    high, wide = grey.shape
    plane = cv2.getRotationMatrix2D((wide / 2, high / 2), 37, 0.62)
    sheet = read(np.asarray(cv2.warpAffine(grey, plane, (wide, high), borderValue=255), dtype=np.uint8))
    assert said(sheet) == {at: MARKED}


def test_two_cards_on_a_page() -> None:
    sheets = reader().read(picture(SMALL, pair=True))
    assert [sheet.card_id for sheet in sheets] == [printed(SMALL, n).identity.card_id for n in (77, 78)]
    assert [sheet.state for sheet in sheets] == [SheetState.READ] * 2


def test_two_marks_in_a_field_go_to_a_person() -> None:
    grey = picture(GRADES)
    both = {mark(grey, GRADES, 3, "2"): UNSURE, mark(grey, GRADES, 3, "3"): UNSURE}
    sheet = read(grey)
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.TWO_MARKS)
    assert said(sheet) == both


def test_a_mark_taken_back_counts_beside_the_right_one_only() -> None:
    grey = picture(GRADES)
    back = cancel(grey, GRADES, 3, "2")
    right = mark(grey, GRADES, 3, "5")
    assert said(read(grey)) == {back: CANCELLED, right: MARKED}
    alone = picture(GRADES)
    back = cancel(alone, GRADES, 3, "2")
    sheet = read(alone)
    assert said(sheet) == {back: UNSURE}
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.DOUBTFUL_CELLS)


def test_what_was_rubbed_out_is_asked_or_blank() -> None:
    grey = picture(GRADES)
    sure = [mark(grey, GRADES, row, "4") for row in range(1, 8)]
    rubbed = mark(grey, GRADES, 9, "2", shade=205)
    states = said(read(grey))
    assert states.pop(rubbed, UNSURE) is UNSURE
    assert states == dict.fromkeys(sure, MARKED)


def test_a_stroke_through_a_row_is_asked_about() -> None:
    grey = picture(GRADES)
    y = round(GRADES.timing.rows[5] * MM)
    cv2.line(grey, (round(80 * MM), y), (round(130 * MM), y), 50, 4, cv2.LINE_AA)
    assert set(said(read(grey)).values()) <= {UNSURE}
    assert read(grey).state is SheetState.REVIEW


def _damaged(how: str) -> Grey:
    grey = picture(GRADES)
    if how == "mirrored":
        return np.ascontiguousarray(grey[:, ::-1])
    if how == "cut":
        return np.ascontiguousarray(grey[: round(200 * MM), : round(180 * MM)])
    if how == "no card":
        return np.asarray(cv2.circle(np.full_like(grey, 250), (800, 800), 300, 40, 5), dtype=np.uint8)
    if how == "coarse":
        return np.asarray(
            cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), dtype=np.uint8
        )
    strip = GRADES.strip
    left, top = round((strip.x + 5) * MM), round(strip.y * MM)
    grey[top : top + round(5 * MM), left : left + round(60 * MM)] = 128
    if how == "nameless":
        qr = GRADES.qr
        grey[round(qr.y * MM) : round((qr.y + 19) * MM), round(qr.x * MM) : round((qr.x + 19) * MM)] = 128
    return grey


@pytest.mark.parametrize(
    ("how", "why", "named"),
    [
        ("mirrored", Why.MIRRORED, False),
        ("cut", Why.CUT, True),
        ("no card", Why.NO_CARD, False),
        ("coarse", Why.TOO_COARSE, False),
        ("nameless", Why.NO_IDENTITY, False),
    ],
)
def test_refusals_say_why(how: str, why: Why, named: bool) -> None:
    sheet = read(_damaged(how))
    assert (sheet.state, sheet.why, sheet.cells) == (SheetState.REFUSED, why, ())
    assert (sheet.card_id == printed(GRADES).identity.card_id) is named
    assert all(text.endswith(".") for text in TEXTS[why])


@pytest.mark.parametrize("above", [True, False])
def test_two_markers_and_the_timing_marks_are_enough(above: bool) -> None:
    grey = picture(GRADES)
    expected = {mark(grey, GRADES, row, str(1 + row % 6)) for row in range(1, 31)}
    high = round((19.5 if above else 16) * MM)  # through two of the markers
    sheet = read(grey[high:] if above else grey[:-high])
    assert (sheet.state, sheet.card_id) == (SheetState.READ, printed(GRADES).identity.card_id)
    assert {at for at, cell in enumerate(sheet.cells) if cell.state is CellState.MARKED} == expected


def test_what_is_not_on_the_picture_is_not_read() -> None:
    grey = picture(GRADES)
    mark(grey, GRADES, 30, "5")
    sheet = read(grey[: -round(31 * MM)])  # the last line is off the picture, and two markers with it
    assert (sheet.state, sheet.cells) == (SheetState.REFUSED, ())


def test_paper_that_waves_is_read_where_outlines_show_the_cells() -> None:
    grey = picture(GRADES)
    expected = {mark(grey, GRADES, row, str(1 + row % 6)) for row in range(1, 31)}
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    wave = (1.7 * MM * np.sin(2 * np.pi * y / grey.shape[0])).astype(np.float32)
    waved = np.asarray(cv2.remap(grey, x + wave, y, cv2.INTER_LINEAR, borderValue=255), dtype=np.uint8)
    sheet = read(waved)
    assert sheet.state is SheetState.READ
    assert {at for at, cell in enumerate(sheet.cells) if cell.state is CellState.MARKED} == expected
    faint = cv2.GaussianBlur(np.maximum(waved, 170), (0, 0), 9)  # no outline is left to vouch for anything
    waved[round(40 * MM) : round(280 * MM), round(77 * MM) : round(192 * MM)] = faint[
        round(40 * MM) : round(280 * MM), round(77 * MM) : round(192 * MM)
    ]
    doubted = read(waved)
    assert doubted.why is Why.TOO_WAVY
    assert {cell.state for cell in doubted.cells} == {CellState.UNSURE}


def test_one_genuine_witness_is_enough() -> None:
    sheet = read(_damaged("strip gone"))
    assert (sheet.state, sheet.card_id) == (SheetState.READ, printed(GRADES).identity.card_id)


def test_two_witnesses_that_differ_are_worth_nothing() -> None:
    grey, other = picture(GRADES), drawn(print_cards([printed(GRADES, 99)]))
    qr = GRADES.qr
    part = np.s_[
        round((qr.y - 1) * MM) : round((qr.y + 20) * MM), round((qr.x - 1) * MM) : round((qr.x + 20) * MM)
    ]
    grey[part] = other[part]
    assert read(grey).why is Why.WITNESSES_DIFFER


def test_a_card_of_another_school_is_named_so() -> None:
    other = printed(GRADES, 5, card_key(b"x" * 32, "other"))
    sheet = read(drawn(print_cards([other])))
    assert (sheet.state, sheet.why, sheet.card_id) == (
        SheetState.REFUSED,
        Why.FOREIGN,
        other.identity.card_id,
    )


def test_a_layout_nobody_knows_is_named_so() -> None:
    from msgspec.structs import replace

    later = replace(printed(GRADES), identity=identify(SAMPLE_KEY, 99, 5))
    assert read(drawn(print_cards([later]))).why is Why.UNKNOWN_LAYOUT


def test_blank_pages_are_counted_as_blank() -> None:
    for paper in (255, 240, 128):
        sheet = read(np.full((2339, 1654), paper, dtype=np.uint8))
        assert sheet.state is SheetState.BLANK


def test_tiny_and_odd_pictures_are_no_cards() -> None:
    chance = np.random.default_rng(1)
    for shape in ((1, 1), (1, 5000), (7, 3), (64, 64), (3000, 20)):
        grey = chance.integers(0, 255, shape, dtype=np.uint8)
        assert read(grey).state in (SheetState.REFUSED, SheetState.BLANK)


def test_a_form_of_ones_own_is_read() -> None:
    """Whoever describes a form as data gets it read: no layout is built into the stages."""
    from msgspec.structs import replace

    from dziennik.omr.reader import Reader
    from dziennik.omr.template import Field, Kind
    from tests.omr.cards import ours

    one, two = GRADES.fields[1].cells[:2]
    tens = tuple(replace(cell, place=1) for cell in GRADES.fields[4].cells[:3])
    fields = (
        Field(name="several", kind=Kind.MULTIPLE, cells=(one, two)),
        Field(name="count", kind=Kind.NUMBER, row=1, cells=(*tens, *GRADES.fields[7].cells[:3])),
    )
    form = replace(GRADES, number=200, name="survey", fields=fields)
    card = replace(printed(form), identity=identify(SAMPLE_KEY, 200, 1))
    grey = drawn(print_cards([card]))
    places = dict.fromkeys((0, 1, 3, 6), MARKED)
    for at in places:
        cell = form.cells()[at][1]
        cv2.ellipse(grey, (round(cell.x * MM), round(cell.y * MM)), (18, 13), 0, 0, 360, 50, -1)
    (sheet,) = Reader(ours, others=[form]).read(grey)
    assert (sheet.state, sheet.layout, said(sheet)) == (SheetState.READ, 200, places)
