"""Is anybody silently misread who marks or scans otherwise than our own corpus does?

Strokes are drawn here by the cells' places alone; what a cell may say stands beside each.
"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from dziennik.omr.sheet import CellState, Sheet, SheetState, Why
from tests.omr.cards import GRADES, LESSONS, MM, SMALL, Grey, mark, picture, read, reader, said

MARKED, UNSURE = CellState.MARKED, CellState.UNSURE
Way = list[tuple[float, float]]
TICK: Way = [(-1.4, -0.1), (-0.4, 1.3), (1.9, -1.6)]
DASH: Way = [(-1.6, 0.1), (1.6, -0.1)]
LONG_TICK: Way = [(-1.2, -0.2), (-0.3, 1.2), (4.0, -4.0)]


def stroke(grey: Grey, at: tuple[float, float], way: Way, *, wide: float, shade: int) -> None:
    """A line by places in mm from `at`, so wide (mm), darker of ink and what was there."""
    layer = np.full(grey.shape, 255, dtype=np.uint8)
    points = [np.array([((at[0] + x) * MM * 16, (at[1] + y) * MM * 16) for x, y in way], dtype=np.int32)]
    cv2.polylines(layer, points, False, shade, max(1, round(wide * MM)), cv2.LINE_AA, 4)
    np.minimum(grey, layer, out=grey)


def cell_of(row: int, value: str) -> tuple[int, tuple[float, float]]:
    """A cell of the grade card by its line and value: its number and its centre in mm."""
    return next(
        (at, (cell.x, cell.y))
        for at, (field, cell) in enumerate(GRADES.cells())
        if field.row == row and cell.value == value
    )


@pytest.mark.parametrize("soft", [0.0, 1.0])
@pytest.mark.parametrize(
    ("way", "wide", "shade"),
    [(TICK, 0.25, 60), (DASH, 0.25, 60), (TICK, 0.4, 110), ([(0, 0), (0.1, 0)], 0.9, 90)],
    ids=["hairline tick", "hairline dash", "pencil tick", "point"],
)
def test_little_ink_is_never_taken_for_none(way: Way, wide: float, shade: int, soft: float) -> None:
    grey = picture(GRADES)
    mark(grey, GRADES, 1, "4")
    thin = [cell_of(row, "3") for row in range(4, 24, 4)]
    for _, centre in thin:
        stroke(grey, centre, way, wide=wide, shade=shade)
    if soft:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), soft), dtype=np.uint8)
    sheet = read(grey)
    assert {at: sheet.cells[at].state for at, _ in thin if sheet.cells[at].state is CellState.BLANK} == {}
    assert set(said(sheet)) == {at for at, _ in thin} | {cell_of(1, "4")[0]}


def photographed(grey: Grey, *, small: float, wide: float, sharp: float, noise: float) -> Grey:
    """Fewer pixels, the noise of a sensor, what a telephone does to make edges crisp, and JPEG."""
    grey = np.asarray(
        cv2.resize(grey, None, fx=small, fy=small, interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
    chance = np.random.default_rng(11).normal(0, noise, grey.shape)
    grey = np.clip(grey * 0.85 + chance, 0, 255).astype(np.uint8)
    crisp = cv2.addWeighted(grey, 1 + sharp, cv2.GaussianBlur(grey, (0, 0), wide), -sharp, 0)
    data = cv2.imencode(".jpg", crisp, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


COARSE = {"small": 0.5, "wide": 1.5, "sharp": 0.0, "noise": 2.0}
NOISY = {"small": 0.75, "wide": 1.5, "sharp": 1.0, "noise": 7.0}
CRISP = {"small": 0.9, "wide": 1.5, "sharp": 2.0, "noise": 2.0}
HALOED = {"small": 0.75, "wide": 3.0, "sharp": 2.0, "noise": 2.0}  # black letters, and white around all lines
STROKES: list[tuple[Way, float]] = [
    (TICK, 0.2),
    (DASH, 0.2),
    ([(0.1, -1.4), (-0.1, 1.4)], 0.2),
    ([(-1.3, 1.3), (1.3, -1.3)], 0.2),
    ([(0, 0), (0.05, 0)], 0.9),
    ([(-0.9, 0), (0.9, 0.1)], 0.3),
]


@pytest.mark.parametrize(
    "photograph", [COARSE, NOISY, CRISP, HALOED], ids=["coarse", "noisy", "crisp", "haloed"]
)
def test_no_hairline_on_a_photograph_is_taken_for_print_or_noise(photograph: dict[str, float]) -> None:
    grey = picture(LESSONS)
    cells = [(at, field, cell) for at, (field, cell) in enumerate(LESSONS.cells())]
    thin = []
    for nth, (way, wide) in enumerate(STROKES):
        for block in range(3):
            own = [
                (at, cell)
                for at, f, cell in cells
                if (f.row, f.name) == (3 + 4 * nth, f"presence-{block + 1}")
            ]
            at, cell = own[block]
            stroke(grey, (cell.x, cell.y), way, wide=wide, shade=60)
            thin.append(at)
    sheet = read(photographed(grey, **photograph))
    assert {at: sheet.cells[at].ink for at in thin if sheet.cells[at].state is not UNSURE} == {}


@pytest.mark.parametrize("photograph", [COARSE, NOISY, CRISP], ids=["coarse", "noisy", "crisp"])
def test_print_and_noise_on_a_photograph_are_no_question(photograph: dict[str, float]) -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, 31)}
    sheet = read(photographed(grey, **photograph))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


def test_a_fine_tick_that_ends_outside_of_its_cell_is_no_crease() -> None:
    grey = picture(GRADES)
    mark(grey, GRADES, 1, "4")
    fine = [cell_of(row, value) for row, value in ((8, "np"), (16, "nb"), (24, "3"))]
    for _, centre in fine:
        stroke(grey, centre, LONG_TICK, wide=0.15, shade=60)
    small = cv2.resize(grey, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    sheet = read(np.asarray(small, dtype=np.uint8))
    assert {sheet.cells[at].state for at, _ in fine} == {UNSURE}


def test_what_leaves_its_cell_marks_no_other() -> None:
    grey = picture(GRADES)
    drawn = {}
    for row, value, way in ((5, "2", LONG_TICK), (15, "5", LONG_TICK)):
        at, centre = cell_of(row, value)
        drawn[at] = centre
        stroke(grey, centre, way, wide=0.4, shade=60)
    at, centre = cell_of(25, "3")
    drawn[at] = centre
    for lean in (-1, 1):
        stroke(grey, centre, [(-3.4, -2.6 * lean), (3.4, 2.6 * lean)], wide=0.4, shade=60)
    sheet = read(grey)
    assert all(sheet.cells[at].state in (MARKED, UNSURE) for at in drawn)
    assert all(state is UNSURE for at, state in said(sheet).items() if at not in drawn)


def test_a_line_through_cells_marks_none() -> None:
    grey = picture(GRADES)
    _, centre = cell_of(10, "2")
    stroke(grey, centre, [(-7, -2), (22, 5)], wide=0.5, shade=50)
    assert set(said(read(grey)).values()) == {UNSURE}


def shadowed(grey: Grey, *, soft: float, light: float) -> Grey:
    """A shadow over the lower right, its edge so soft (px), down to that share of the light."""
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    far = 0.8 * (x - grey.shape[1] * 0.6) + 0.6 * (y - grey.shape[0] * 0.5)
    return np.asarray(grey * (1 - (1 - light) * (0.5 + 0.5 * np.tanh(far / soft))), dtype=np.uint8)


@pytest.mark.parametrize("soft", [2.0, 20.0])
def test_the_edge_of_a_shadow_is_no_question(soft: float) -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, 31)}
    sheet = read(shadowed(grey, soft=soft, light=0.4))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


def test_a_large_blot_is_no_shadow() -> None:
    grey = picture(GRADES)
    _, (x, y) = cell_of(12, "3")
    cv2.circle(grey, (round(x * MM), round(y * MM)), round(17 * MM), 40, -1)
    sheet = read(grey)
    hidden = [at for at, (_, cell) in enumerate(GRADES.cells()) if np.hypot(cell.x - x, cell.y - y) < 14]
    assert len(hidden) > 8
    assert {sheet.cells[at].state for at in hidden} <= {UNSURE, MARKED, CellState.CANCELLED}


def test_a_class_that_is_absent_as_a_whole_is_read() -> None:
    grey = picture(LESSONS)
    marked = {
        mark(grey, LESSONS, row, "absent", field=f"presence-{block}"): MARKED
        for row in range(1, 31)
        for block in (1, 3)
    }
    sheet = read(grey)
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


def test_dirt_on_a_black_and_white_scan_leaves_its_outlines() -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, "5"): MARKED for row in (2, 9, 28)}
    chance = np.random.default_rng(5).random(grey.shape)
    grey[chance < 0.004], grey[chance > 0.996] = 0, 255
    sheet = read(np.where(grey > 160, 255, 0).astype(np.uint8))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


@pytest.mark.parametrize("left", [0, 1])
def test_a_card_of_which_too_little_is_left_is_told_beside_a_whole_one(left: int) -> None:
    both = picture(SMALL, pair=True)
    rows = round(50 * MM)  # of the second card: two markers, and few lines
    half = both.shape[0] // 2
    part = both[half : half + rows] if left else both[-rows:]
    page = np.vstack([both[:half], part])
    sheets: list[Sheet] = reader().read(np.ascontiguousarray(page))
    assert [(sheet.state, sheet.why) for sheet in sheets] == [
        (SheetState.READ, None),
        (SheetState.REFUSED, Why.CUT),
    ]
    assert sheets[0].card_id is not None
    if left:  # its QR code is still there
        assert sheets[1].card_id not in (None, sheets[0].card_id)
