"""Is fine black print still there? Looked at where a black and white scan has lost the outlines of cells.

The line at a card's foot that tells how to mark is the thinnest black that every card bears: strokes of
0.2 mm, half of what pens draw. A threshold that is set too low leaves it, and loses grey outlines alone; a
blur takes both, and ticks and crosses with them.
"""

from __future__ import annotations

import cv2
import numpy as np

from dziennik.omr.flattening import flatten
from dziennik.omr.markers import Grey, Placed
from dziennik.omr.template import Template
from dziennik.omr.thresholds import Thresholds

LEFT, RIGHT = 27.0, 192.0  # mm between which the foot's lines are printed
BELOW, DOWN_TO = 3.0, 16.0  # mm below the last timing marks
LINE = 2.2  # mm that a line of this print is high
THICK = 0.7  # mm; what is as thick to all sides is no print (pictures of marks, stains)


def fine_print(grey: Grey, card: Placed, form: Template, limits: Thresholds) -> float:
    """Thin black (mm2) in the fullest line at the card's foot; about 56 to 62 on a sharp scan.

    A form of another house that has no room for such a line has none: 0.
    """
    top, bottom = form.timing.bottom + BELOW, min(form.timing.bottom + DOWN_TO, form.height)
    box = (LEFT, top, min(RIGHT, form.width), bottom)
    if bottom - top < LINE or box[2] - LEFT < LINE:
        return 0.0
    ink = np.asarray(flatten(grey, card, box, limits).grey < 128, dtype=np.uint8)
    size = round(THICK * limits.per_mm)
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((size, size), dtype=np.uint8))
    thin = cv2.subtract(ink, cv2.dilate(thick, np.ones((3, 3), dtype=np.uint8)))
    rows = thin.sum(axis=1, dtype=np.float64)
    line = np.convolve(rows, np.ones(round(LINE * limits.per_mm)), "valid")
    return float(line.max(initial=0.0)) / limits.per_mm**2
