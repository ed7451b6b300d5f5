"""What does a black and white scan say that has lost the outlines of cells? And one that bent the greys?"""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from dziennik.omr.fine_print import fine_print
from dziennik.omr.markers import find_cards
from dziennik.omr.printing import print_cards
from dziennik.omr.sheet import CellState, SheetState, Why
from dziennik.omr.thresholds import HOUSE
from tests.omr.cards import GRADES, MM, Grey, drawn, mark, printed, read, said
from tests.omr.test_other_pens import TICK, cell_of, stroke

BLANK, MARKED, UNSURE = CellState.BLANK, CellState.MARKED, CellState.UNSURE


def faxed(grey: Grey, *, soft: float = 1.0, at: int = 150) -> Grey:
    """Black and white at this threshold, after a blur of so many pixels."""
    return np.where(cv2.GaussianBlur(grey, (0, 0), soft) > at, 255, 0).astype(np.uint8)


def full_card(marks: int) -> tuple[Grey, dict[int, CellState]]:
    """A card with so many full marks, one a line."""
    grey = drawn(print_cards([printed(GRADES, pupils=30)]))
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


@pytest.mark.parametrize(("soft", "at"), [(2.0, 110), (2.5, 130), (3.0, 150)])
def test_print_that_is_blurred_beside_some_rows_vouches_for_none(soft: float, at: int) -> None:
    """Paper that does not lie flat: of a dash by the same pen nothing is left, and the foot is sharp."""
    grey, _ = full_card(30)
    at_cell, centre = cell_of(4, "3")
    stroke(grey, centre, [(-1.6, 0.1), (1.6, -0.1)], wide=0.35, shade=25)
    far = np.clip((0.6 * len(grey) - np.arange(len(grey))) / (0.15 * len(grey)), 0, 1)[:, None]
    mixed = far * cv2.GaussianBlur(grey, (0, 0), soft) + (1 - far) * cv2.GaussianBlur(grey, (0, 0), 0.8)
    sheet = read(np.where(mixed > at, 255, 0).astype(np.uint8))
    assert (sheet.state, sheet.cells[at_cell].state) == (SheetState.REVIEW, UNSURE)


def test_a_pencil_stroke_over_a_letter_makes_a_fax_a_question() -> None:
    grey, _ = full_card(29)
    layer = np.full(grey.shape, 255, dtype=np.uint8)
    _, centre = cell_of(30, "3")
    for x in np.arange(-1.8, 1.9, 0.4):
        stroke(layer, centre, [(x, -1.2), (x + 0.2, 1.2)], wide=0.5, shade=165)
    sheet = read(faxed(np.asarray(grey * (layer / 255), dtype=np.uint8)))
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.BLACK_AND_WHITE)


def test_a_card_whose_foot_is_hidden_does_not_show_fine_print() -> None:
    grey, _ = full_card(30)
    grey[round(0.93 * len(grey)) :, 230:1500] = 255
    sheet = read(faxed(grey))
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.BLACK_AND_WHITE)


def test_a_form_without_room_for_a_line_at_its_foot_has_no_fine_print() -> None:
    grey, _ = full_card(0)
    (card,) = find_cards(grey, [GRADES], HOUSE)
    for form in (replace(GRADES, height=GRADES.timing.bottom + 4), replace(GRADES, width=28.0)):
        assert not fine_print(grey, card, form, HOUSE)
    assert fine_print(grey, card, GRADES, HOUSE)


def bent(grey: Grey, power: float) -> Grey:
    table = (255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return table[grey]


def test_outlines_that_are_dark_and_blurred_are_print_not_marks() -> None:
    grey, marked = full_card(12)
    sheet = read(bent(np.asarray(cv2.GaussianBlur(grey, (0, 0), 3.0), dtype=np.uint8), 3.0))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


@pytest.mark.parametrize(("soft", "power"), [(3.0, 3.0), (3.5, 4.0), (0.0, 4.0)])
def test_a_smudge_is_paler_than_marks_however_greys_are_bent(soft: float, power: float) -> None:
    """Rubbed out badly: a third of a pen's black, which gamma 4 makes 0.83."""
    grey, marked = full_card(20)
    at, (x, y) = cell_of(25, "3")
    layer = np.zeros(grey.shape, dtype=np.uint8)
    cv2.ellipse(layer, (round(x * MM), round(y * MM)), (18, 13), 0, 0, 360, 255, -1)
    share = cv2.GaussianBlur(layer, (0, 0), 2.0).astype(np.float32) / 255
    grey = np.asarray(grey * (1 - 0.38 * share), dtype=np.uint8)
    scan = bent(grey, power)
    sheet = read(np.asarray(cv2.GaussianBlur(scan, (0, 0), soft), dtype=np.uint8) if soft else scan)
    assert sheet.cells[at].state is not MARKED
    assert {one for one in marked if sheet.cells[one].state is BLANK} == set()


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
        stroke(grey, centre, [(x, -1.4), (x + 0.2, 1.4)], wide=0.5, shade=70)
    sheet = read(bent(grey, 4.0))
    assert (sheet.state, said(sheet)) == (SheetState.READ, {**marked, at: MARKED})
