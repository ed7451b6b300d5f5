"""What does a black and white scan say that has lost the outlines of cells? And one that bent the greys?"""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from dziennik.omr.fine_print import fine_print
from dziennik.omr.markers import find_cards
from dziennik.omr.sheet import CellState, SheetState, Why
from dziennik.omr.thresholds import HOUSE
from tests.omr.cards import GRADES, Grey, mark, picture, read, said
from tests.omr.test_other_pens import TICK, cell_of, stroke

BLANK, MARKED, UNSURE = CellState.BLANK, CellState.MARKED, CellState.UNSURE


def faxed(grey: Grey, *, soft: float = 1.0, at: int = 150) -> Grey:
    """Black and white at this threshold, after a blur of so many pixels."""
    return np.where(cv2.GaussianBlur(grey, (0, 0), soft) > at, 255, 0).astype(np.uint8)


def full_card(marks: int) -> tuple[Grey, dict[int, CellState]]:
    """A card with so many full marks, one a line."""
    grey = picture(GRADES)
    return grey, {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, marks + 1)}


def test_many_full_marks_of_one_pen_are_read_from_a_fax() -> None:
    grey, marked = full_card(HOUSE.one_pen_marks)
    sheet = read(faxed(grey))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


def test_fewer_marks_do_not_tell_how_somebody_marks() -> None:
    grey, _ = full_card(HOUSE.one_pen_marks - 1)
    sheet = read(faxed(grey))
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.BLACK_AND_WHITE)


@pytest.mark.parametrize("shade", [60, 120])
def test_one_tick_among_full_marks_makes_a_fax_a_question(shade: int) -> None:
    grey, _ = full_card(29)
    _, centre = cell_of(30, "3")
    stroke(grey, centre, TICK, wide=0.4, shade=shade)
    sheet = read(faxed(grey))
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.BLACK_AND_WHITE)


def test_a_blur_that_takes_fine_print_may_have_taken_ticks() -> None:
    grey, _ = full_card(30)
    sheet = read(faxed(grey, soft=3.0, at=130))
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.BLACK_AND_WHITE)


def test_a_card_whose_foot_is_hidden_does_not_show_fine_print() -> None:
    grey, _ = full_card(30)
    grey[round(0.93 * len(grey)) :, 230:1500] = 255
    sheet = read(faxed(grey))
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.BLACK_AND_WHITE)


def test_a_form_without_room_for_a_line_at_its_foot_has_no_fine_print() -> None:
    grey = picture(GRADES)
    (card,) = find_cards(grey, [GRADES], HOUSE)
    for form in (replace(GRADES, height=GRADES.timing.bottom + 4), replace(GRADES, width=28.0)):
        assert fine_print(grey, card, form, HOUSE) == 0.0
    assert fine_print(grey, card, GRADES, HOUSE) > HOUSE.fine_least


def bent(grey: Grey, power: float) -> Grey:
    table = (255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return table[grey]


def test_outlines_that_are_dark_and_blurred_are_print_not_marks() -> None:
    grey, marked = full_card(12)
    sheet = read(bent(np.asarray(cv2.GaussianBlur(grey, (0, 0), 3.0), dtype=np.uint8), 3.0))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


def test_a_trace_in_nearly_every_cell_is_no_print() -> None:
    grey, _ = full_card(12)
    chance = np.random.default_rng(4)
    for _, cell in GRADES.cells():
        way = [(float(x), float(y)) for x, y in chance.uniform((-2.0, -1.4), (2.0, 1.4), (2, 2))]
        stroke(grey, (cell.x, cell.y), way, wide=0.7, shade=120)
    assert read(grey).state is SheetState.REVIEW


def test_what_is_nearly_black_is_not_paler_than_what_is_black() -> None:
    grey, marked = full_card(10)
    at, centre = cell_of(20, "3")
    for x in np.arange(-2.1, 2.2, 0.3):
        stroke(grey, centre, [(x, -1.4), (x + 0.2, 1.4)], wide=0.5, shade=90)
    sheet = read(bent(grey, 4.0))
    assert (sheet.state, said(sheet)) == (SheetState.READ, {**marked, at: MARKED})
