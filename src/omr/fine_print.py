"""Is fine black print still there? Looked at where a black and white scan has lost the outlines of cells.

The line at a card's foot that tells how to mark is the thinnest black that every card bears: strokes of
0.2 mm, half of what pens draw. A threshold that is set too low leaves it, and loses grey outlines alone; a
blur takes both, and ticks and crosses with them. Paper may lie out of focus in parts: so both ends of that
line are looked at, and names from the upper rows to the lower.
"""

from __future__ import annotations

import cv2
import numpy as np

from dziennik.omr.flattening import flatten
from dziennik.omr.markers import Grey, Placed, Points
from dziennik.omr.template import Template
from dziennik.omr.thresholds import Thresholds

LEFT, MIDDLE, RIGHT = 27.0, 110.0, 192.0  # mm between which the foot's lines are printed
BELOW, DOWN_TO = 3.0, 16.0  # mm below the last timing marks
LINE = 2.2  # mm that a line of this print is high
NAMES_TO, ROW = 72.0, 6.4  # mm: names end there, and are so high at most
THICK = 0.7  # mm; what is as thick to all sides is no print (pictures of marks, stains)


def fine_print(grey: Grey, card: Placed, form: Template, limits: Thresholds) -> bool:
    """Whether it is there in all parts of the card. A form without room for such a line has none."""
    ends = [foot(grey, card, form, limits, part) for part in ((LEFT, MIDDLE), (MIDDLE, RIGHT))]
    names = beside_rows(grey, card, form, limits)
    return min(ends) >= limits.fine_least and min(names) >= limits.fine_evenly * max(names)


def foot(grey: Grey, card: Placed, form: Template, limits: Thresholds, part: tuple[float, float]) -> float:
    """Thin black (mm2) in the fullest line at the card's foot; about 27 at either end on a sharp scan."""
    top, bottom = form.timing.bottom + BELOW, min(form.timing.bottom + DOWN_TO, form.height)
    left, right = part[0], min(part[1], form.width)
    if bottom - top < LINE or right - left < LINE:
        return 0.0
    rows = _thin(grey, card, (left, top, right, bottom), limits)
    line = np.convolve(rows, np.ones(round(LINE * limits.per_mm)), "valid")
    return float(line.max(initial=0.0)) / limits.per_mm**2


def beside_rows(grey: Grey, card: Placed, form: Template, limits: Thresholds) -> list[float]:
    """The most thin black (mm2) beside one row, of the upper to the lower rows: some ten, or half of them."""
    rows = np.array(form.timing.rows[1:] or form.timing.rows)
    top, bottom = float(rows[0]) - ROW / 2, float(rows[-1]) + ROW / 2
    inked = _thin(grey, card, (LEFT, top, NAMES_TO, bottom), limits)
    high = round(ROW * limits.per_mm)
    firsts = np.rint((rows - rows[0]) * limits.per_mm).astype(int)
    beside = np.array([inked[first : first + high].sum() for first in firsts.tolist()])
    parts = np.array_split(beside, max(2, len(rows) // 10))
    return [float(part.max()) / limits.per_mm**2 for part in parts if len(part)]


def _thin(grey: Grey, card: Placed, box: tuple[float, float, float, float], limits: Thresholds) -> Points:
    """For each row of pixels of that part of the card, how many show something black and thin."""
    ink = np.asarray(flatten(grey, card, box, limits).grey < 128, dtype=np.uint8)
    size = round(THICK * limits.per_mm)
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((size, size), dtype=np.uint8))
    thin = cv2.subtract(ink, cv2.dilate(thick, np.ones((3, 3), dtype=np.uint8)))
    return np.asarray(thin.sum(axis=1), dtype=np.float64)
