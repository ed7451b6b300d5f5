"""Only two of a card's markers are left: where is the rest? Timing marks lead from one to the next.

A side that is cut off takes two markers with it, and two that stand side by side say little of what is far
from them. But some timing mark stands near to what is known already, and each that is found makes more known.
A card is only taken for one when nearly all marks of all four sides are where the plane of those before says:
then all that lies between them is on the picture.
"""

from __future__ import annotations

import cv2
import numpy as np

from dziennik.omr.flattening import find_marks, flatten
from dziennik.omr.markers import Grey, Placed, Points, Seed
from dziennik.omr.template import Template
from dziennik.omr.thresholds import Thresholds

NEAR = 16.0  # mm: neighbours are 7.5 and 9 mm apart, the first marks 13 from a marker


def traced(grey: Grey, seed: Seed, limits: Thresholds) -> Placed | None:
    """The card that two markers belong to; None when its timing marks are not all around."""
    sides = _sides(seed.form)
    places = np.vstack(sides)
    known, pixels = seed.places, seed.pixels
    left, found = np.ones(len(places), dtype=bool), np.zeros(len(places), dtype=bool)
    while left.any():
        plane = _plane(known, pixels)
        if plane is None:
            return None
        far = np.linalg.norm(places[:, None] - known[None], axis=2).min(axis=1)
        near = np.flatnonzero(left & (far < max(NEAR, float(far[left].min()) + 0.1)))
        left[near] = False
        for at in near.tolist():
            pixel = _seen(grey, Placed(seed.form, plane, 2, 0.0, seed.per_mm), places[at], limits)
            if pixel is not None:
                found[at] = True
                known, pixels = np.vstack([known, places[at]]), np.vstack([pixels, pixel])
    shares = [part.mean() for part in np.split(found, np.cumsum([len(side) for side in sides])[:-1])]
    plane = _plane(known, pixels)
    if plane is None or min(shares) < limits.traced:
        return None
    back = cv2.perspectiveTransform(known.reshape(-1, 1, 2), plane).reshape(-1, 2)
    off = float(np.linalg.norm(back - pixels, axis=1).max()) / seed.per_mm
    return Placed(seed.form, plane, 2, off, seed.per_mm) if off <= limits.marker_off else None


def _sides(form: Template) -> list[Points]:
    """Places (mm) of the marks left, right, above and below."""
    timing = form.timing
    rows = [np.array([(x, y) for y in timing.rows], dtype=np.float64) for x in (timing.left, timing.right)]
    ends = [np.array([(x, y) for x in timing.columns], dtype=np.float64) for y in (timing.top, timing.bottom)]
    return rows + ends


def _plane(places: Points, pixels: Points) -> Points | None:
    plane = cv2.findHomography(places, pixels)[0]
    return None if plane is None or plane.shape != (3, 3) else np.asarray(plane, dtype=np.float64)


def _seen(grey: Grey, card: Placed, place: Points, limits: Thresholds) -> Points | None:
    """Where the mark of that place is in the picture; None when there is none within reach."""
    around = limits.timing_reach + card.form.timing.size / 2 + 0.5
    box = (place[0] - around, place[1] - around, place[0] + around, place[1] + around)
    moved = find_marks(flatten(grey, card, box, limits), place[None], card.form.timing.size, limits)[0]
    if not np.isfinite(moved[0]).all():
        return None
    there = (place + moved[0]).reshape(1, 1, 2)
    return np.asarray(cv2.perspectiveTransform(there, card.plane).reshape(2), dtype=np.float64)
