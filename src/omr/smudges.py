"""Which doubtful cells only lie over the other side's marks? What shows through paper has no edges.

Strokes of pens and pencils are as sharp as what is printed beside them. What shines through from the other
side, or was rubbed out, is not: in a picture that shows print sharply, a smudge without any edge is no mark.
"""

from __future__ import annotations

import cv2
import numpy as np

from dziennik.omr.flattening import Flags
from dziennik.omr.inking import Inked, Prepared, Single, Whole, blackness, patch_grid
from dziennik.omr.markers import Points
from dziennik.omr.thresholds import Thresholds
from dziennik.omr.tracks import LEAST_ALIKE, SAMPLE

SOFT = 0.5  # mm; what is left of a picture so blurred has no edges
CLEAR = 0.80  # of the outline's radii
PRINT = 0.04  # shares of black: pixels with less, and all around them, bear no letter
OWN_X, OWN_Y = 3.7, 3.0  # mm
NEAR = np.ones((3, 3), dtype=np.uint8)  # cells are cut out to half a pixel


def smudged(inked: Inked, prepared: Prepared, asked: Whole, empty: Whole, limits: Thresholds) -> Flags:
    """For each cell `asked` about, whether what it shows has no edges but those of print."""
    found = np.zeros(len(asked), dtype=np.bool_)
    if len(empty) < LEAST_ALIKE or _sharp(inked, prepared, empty) < limits.smudge_sharp:
        return found
    known = np.zeros(len(inked.ink), dtype=np.bool_)
    known[empty] = True
    kinds = prepared.columns[asked]
    for kind in np.unique(kinds).tolist():
        alike = prepared.alike[kind][known[prepared.alike[kind]]]
        if len(alike) < LEAST_ALIKE:
            continue
        ordered = np.sort(_black(inked, prepared, alike), axis=0)
        usual, darkest = ordered[len(alike) // 2], cv2.dilate(ordered[-1 - len(alike) // 10], NEAR)
        of_kind = np.flatnonzero(kinds == kind)
        shown = _black(inked, prepared, asked[of_kind])
        found[of_kind] = [_smooth(black, usual, np.asarray(darkest), prepared, limits) for black in shown]
    return found


def _smooth(black: Single, usual: Single, darkest: Single, prepared: Prepared, limits: Thresholds) -> bool:
    """Whether a cell shows a pale smudge: no edge beside print, and on it nothing darker."""
    more = black - usual
    soft = _soft(more, prepared)
    deep = float(soft[_radius(prepared) <= CLEAR].max())
    free = _own(prepared) & (darkest < PRINT)
    if deep > limits.smudge_most or not free.any():
        return False
    edge, over = (more - soft)[free].max(), (black - darkest)[_own(prepared)].max()
    return bool(edge < limits.smudge_edge * deep and over < limits.smudge_over * deep)


def _sharp(inked: Inked, prepared: Prepared, empty: Whole) -> float:
    """How far outlines stand out of the same picture without edges."""
    sample = empty[:: max(1, len(empty) // SAMPLE)]
    printed = np.median(_black(inked, prepared, sample), axis=0)
    return float((printed - _soft(printed, prepared)).max())


def _black(inked: Inked, prepared: Prepared, cells: Whole) -> Single:
    """(cells, rows, columns): how black each pixel of a cell's patch is."""
    return blackness(inked, cells).reshape(-1, *_radius(prepared).shape)


def _soft(black: Single, prepared: Prepared) -> Single:
    return np.asarray(cv2.GaussianBlur(black, (0, 0), SOFT * prepared.per_mm), dtype=np.float32)


def _own(prepared: Prepared) -> Flags:
    """The pixels of a patch in which no mark of a neighbour is."""
    x, y = patch_grid(prepared.per_mm)
    return np.asarray((abs(x) < OWN_X) & (abs(y) < OWN_Y))


def _radius(prepared: Prepared) -> Points:
    x, y = patch_grid(prepared.per_mm)
    form = prepared.form
    return np.asarray(np.hypot(x / (form.cell_width / 2), y / (form.cell_height / 2)))
