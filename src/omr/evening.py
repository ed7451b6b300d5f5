"""What would the card look like lit evenly, without the edges of shadows and folds?

The paper's light is what remains when all is taken away into which no octagon wider than any mark fits (a
closing): a shadow's edge stays where it is, be it hard or soft, while marks, letters and lines go. An
octagon, because the corner of a square would reach into an outline that the edge of a shadow touches.
"""

from __future__ import annotations

import cv2
import numpy as np

from dziennik.omr.flattening import Flat
from dziennik.omr.markers import Grey, shrunk
from dziennik.omr.thresholds import Thresholds


def evened(flat: Flat, limits: Thresholds) -> Flat:
    """The same picture with paper that is equally bright all over."""
    half = np.asarray(cv2.medianBlur(shrunk(flat.grey, 2), 3), dtype=np.uint8)
    light = _closed(half, limits.light_wide * flat.per_mm / 2)
    whole = cv2.resize(light, (flat.grey.shape[1], flat.grey.shape[0]))
    even = cv2.divide(flat.grey, whole, scale=float(np.median(light)))
    return Flat(np.asarray(even, dtype=np.uint8), flat.left, flat.top, flat.per_mm)


def _closed(grey: Grey, wide: float) -> Grey:
    """A closing with an octagon that is `wide` pixels wide: a square, and a line along each diagonal."""
    side = 2 * round(wide * 0.414 / 2) + 1
    slant = np.eye(2 * round((wide - side) / 4) + 1, dtype=np.uint8)
    parts = [np.ones((side, side), dtype=np.uint8), slant, slant[::-1].copy()]
    for part in parts:
        grey = np.asarray(cv2.dilate(grey, part), dtype=np.uint8)
    for part in parts:
        grey = np.asarray(cv2.erode(grey, part), dtype=np.uint8)
    return grey
