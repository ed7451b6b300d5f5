"""Where on this picture are cards? Markers are found, and grouped to cards by where each expects the others.

A card is found by three of its four markers. Corners come in the order of the printed marker (top left, then
clockwise), so that the card's turn, by any angle, is known from here on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from dziennik.omr.template import Template
from dziennik.omr.thresholds import Thresholds

Grey: TypeAlias = NDArray[np.uint8]
Points: TypeAlias = NDArray[np.float64]

# Blurred and small scans: picture's height, radius of sharpening as a share of it, strength.
HARDER = ((1170, 0.0026, 1.2), (700, 0.0043, 3.0), (2000, 0.0043, 3.0))
WORDS = 8  # markers 0-3 of A4, 4-7 of A5


@dataclass(frozen=True, slots=True)
class Placed:
    """A card on a picture: `plane` takes millimetres on the card to pixels; `found` counts its markers."""

    form: Template  # any form with these markers: which one it is, the identity says
    plane: Points
    found: int
    off: float  # the worst marker corner, in mm off the common plane
    per_mm: float  # pixels


@dataclass(frozen=True, slots=True)
class Seed:
    """Two markers of a card whose others were not seen: their corners in mm on the card and in pixels."""

    form: Template
    places: Points
    pixels: Points
    per_mm: float


def find_cards(grey: Grey, forms: list[Template], limits: Thresholds) -> list[Placed]:
    """The cards on a page, top to bottom: corner windows first, then the whole page, then harder."""
    return search(grey, forms, limits)[0]


def search(grey: Grey, forms: list[Template], limits: Thresholds) -> tuple[list[Placed], list[Seed]]:
    """The same; and what may be left of others, as two markers of each."""
    factor = max(1, round(max(grey.shape) / limits.search_px))
    quick = _cards(_in_corners(grey, factor, limits), 1 / factor, grey, forms, limits)
    if len(quick) == 1 and quick[0].found == 4:
        return quick, []
    small, scale = _shrunk(grey, limits.search_px)
    tried = [(_detect(small, harder=False), scale)]
    found = _cards(*tried[0], grey, forms, limits)
    if any(card.found == 4 for card in found):
        return found, _seeds(*tried[0], grey, forms, found)
    for size, soft, strength in HARDER:
        scale = min(1.6, size / max(grey.shape))
        sharp = _sharpened(_resized(grey, scale), soft * size, strength)
        tried.append((_detect(sharp, harder=True), scale))
        found = max(found, _cards(*tried[-1], grey, forms, limits), key=_worth)
        if any(card.found == 4 for card in found):
            break
    cards = found or quick
    return cards, _seeds(*max(tried, key=lambda one: len(one[0])), grey, forms, cards)


def mirrored(grey: Grey, forms: list[Template], limits: Thresholds) -> bool:
    """Whether the page shows cards in a mirror."""
    turned = np.ascontiguousarray(grey[:, ::-1])
    small, scale = _shrunk(turned, limits.search_px)
    return bool(_cards(_detect(small, harder=False), scale, turned, forms, limits))


def _shrunk(grey: Grey, size: int) -> tuple[Grey, float]:
    """Averaged over whole pixels (twenty times faster than over parts of them), near to `size`."""
    factor = max(1, round(max(grey.shape) / size))
    return shrunk(grey, factor), 1 / factor


def shrunk(grey: Grey, factor: int) -> Grey:
    """Averages of `factor` x `factor` pixels."""
    if factor == 1:
        return grey
    high, wide = (side // factor for side in grey.shape)
    whole = grey[: high * factor, : wide * factor]
    return np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _worth(cards: list[Placed]) -> int:
    return sum(card.found for card in cards)


def _resized(grey: Grey, scale: float) -> Grey:
    if scale == 1.0:
        return grey
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), dtype=np.uint8)


def _sharpened(grey: Grey, sigma: float, strength: float) -> Grey:
    soft = cv2.GaussianBlur(grey, (0, 0), sigma)
    return np.asarray(cv2.addWeighted(grey, 1 + strength, soft, -strength, 0), dtype=np.uint8)


Seen: TypeAlias = list[tuple[int, Points]]


@cache
def _detector(harder: bool) -> cv2.aruco.ArucoDetector:
    asked = cv2.aruco.DetectorParameters()
    asked.adaptiveThreshWinSizeMin = 9 if harder else 23
    asked.adaptiveThreshWinSizeMax = 73 if harder else 23
    asked.adaptiveThreshWinSizeStep = 16
    asked.minMarkerPerimeterRate = 0.05
    if harder:  # only the middles of modules are looked at, and as many may be wrong as words are apart
        asked.perspectiveRemovePixelPerCell = 8
        asked.perspectiveRemoveIgnoredMarginPerCell = 0.3
        asked.polygonalApproxAccuracyRate = 0.05
        asked.errorCorrectionRate = 1.0
    asked.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
    whole = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12)
    # Only the words that cards use: comparing every square with all 250 took nine tenths of the time.
    words = cv2.aruco.Dictionary(whole.bytesList[:WORDS], whole.markerSize, whole.maxCorrectionBits)
    return cv2.aruco.ArucoDetector(words, asked)


def _detect(grey: Grey, *, harder: bool) -> Seen:
    corners, ids, _ = _detector(harder).detectMarkers(grey)
    if not corners:
        return []
    return [
        (int(number), np.asarray(quad[0], dtype=np.float64))
        for number, quad in zip(np.ravel(ids), corners, strict=True)
    ]


def _in_corners(grey: Grey, factor: int, limits: Thresholds) -> Seen:
    """Markers in four windows of the picture made smaller by `factor`; the rest of it is not even made."""
    height, width = (side // factor for side in grey.shape)
    high, wide = round(height * limits.window * 0.75), round(width * limits.window)
    seen: Seen = []
    for top in (0, height - high):
        for left in (0, width - wide):
            part = grey[top * factor : (top + high) * factor, left * factor : (left + wide) * factor]
            window = np.ascontiguousarray(shrunk(part, factor))
            seen += [(number, quad + np.array((left, top))) for number, quad in _detect(window, harder=False)]
    return seen


def _cards(seen: Seen, scale: float, grey: Grey, forms: list[Template], limits: Thresholds) -> list[Placed]:
    """Group what was seen to cards; corners are refined in the full picture."""
    found = []
    refined = _all_refined(seen, scale, grey)
    for form in forms:
        own = {marker.id for marker in form.markers}
        left = [item for item in refined if item[0] in own]
        while left:
            group = _group(left, form)
            placed = _placed(group, form, limits) if len(group) >= 3 else None
            if placed:
                found.append(placed)
            left = [item for item in left if not any(item is member for member in group)]
    return sorted(found, key=lambda card: float(card.plane[1, 2]))


def _seeds(seen: Seen, scale: float, grey: Grey, forms: list[Template], cards: list[Placed]) -> list[Seed]:
    """Pairs of markers that stand as on one card, and on none of `cards`."""
    refined = [
        item for item in _all_refined(seen, scale, grey) if not any(_is_of(item, card) for card in cards)
    ]
    found = []
    for form in forms:
        left = [item for item in refined if item[0] in {marker.id for marker in form.markers}]
        while left:
            group = _group(left, form)
            if len(group) == 2:
                places = np.vstack([_corners_mm(form, number) for number, _ in group])
                pixels = np.vstack([quad for _, quad in group])
                found.append(Seed(form, places, pixels, _per_mm(group, form)))
            left = [item for item in left if not any(item is member for member in group)]
    return found


def _is_of(item: tuple[int, Points], card: Placed) -> bool:
    """Whether that marker is the card's own: it lies where the card has one with its number."""
    if item[0] not in {marker.id for marker in card.form.markers}:
        return False
    middle = _corners_mm(card.form, item[0]).mean(axis=0).reshape(1, 1, 2)
    there = cv2.perspectiveTransform(middle, card.plane).reshape(2)
    return bool(np.linalg.norm(item[1].mean(axis=0) - there) < card.form.marker_size * card.per_mm)


def _per_mm(group: Seen, form: Template) -> float:
    return float(np.linalg.norm(group[0][1][1] - group[0][1][0])) / form.marker_size


def _all_refined(seen: Seen, scale: float, grey: Grey) -> Seen:
    return [(number, _refined(grey, (quad + 0.5) / scale - 0.5)) for number, quad in seen]


def _refined(grey: Grey, quad: Points) -> Points:
    side = float(np.linalg.norm(quad[1] - quad[0]))
    reach = int(np.clip(side / 14, 2, 6))
    corners = quad.astype(np.float32).reshape(-1, 1, 2)
    inside = (corners > reach + 1).all() and (corners < np.array(grey.shape[::-1]) - reach - 2).all()
    if not inside:
        return quad
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 20, 0.02)
    cv2.cornerSubPix(grey, corners, (reach, reach), (-1, -1), stop)
    moved = corners.reshape(-1, 2).astype(np.float64)
    return moved if np.abs(moved - quad).max() < side / 5 else quad


def _corners_mm(form: Template, number: int) -> Points:
    marker = next(marker for marker in form.markers if marker.id == number)
    size = form.marker_size
    square = np.array([[0, 0], [size, 0], [size, size], [0, size]], dtype=np.float64)
    return np.asarray(square + (marker.x, marker.y), dtype=np.float64)  # noqa: RUF005 - a sum of vectors


def _group(left: Seen, form: Template) -> Seen:
    """The first marker and those that stand nearest to where it expects the others."""
    first = left[0]
    group = [first]
    scale = float(np.linalg.norm(first[1][1] - first[1][0])) / form.marker_size
    turn = _similarity(form, first)
    for marker in form.markers:
        others = [item for item in left if item[0] == marker.id and item is not first]
        if marker.id == first[0] or not others:
            continue
        expected = turn @ np.append(_corners_mm(form, marker.id).mean(axis=0), 1.0)
        far = [float(np.linalg.norm(item[1].mean(axis=0) - expected)) for item in others]
        nearest = int(np.argmin(far))
        apart = float(np.linalg.norm(_corners_mm(form, marker.id)[0] - _corners_mm(form, first[0])[0]))
        if far[nearest] < 0.22 * apart * scale:
            group.append(others[nearest])
    return group


def _similarity(form: Template, seen: tuple[int, Points]) -> Points:
    """Turn, scale and shift from mm to pixels as one marker shows them: steadier far away than a plane."""
    ours, theirs = _corners_mm(form, seen[0]), seen[1]
    a, b = ours - ours.mean(axis=0), theirs - theirs.mean(axis=0)
    spread = float((a**2).sum())
    cos = float((a * b).sum()) / spread
    sin = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / spread
    turn = np.array([[cos, -sin], [sin, cos]])
    shift = theirs.mean(axis=0) - turn @ ours.mean(axis=0)
    return np.column_stack([turn, shift])


def _placed(group: Seen, form: Template, limits: Thresholds) -> Placed | None:
    ours = np.vstack([_corners_mm(form, number) for number, _ in group])
    theirs = np.vstack([quad for _, quad in group])
    plane = np.asarray(cv2.findHomography(ours, theirs)[0])
    if plane.shape != (3, 3):
        return None  # OpenCV gives None when the corners lie on one line
    per_mm = _per_mm(group, form)
    back = cv2.perspectiveTransform(ours.reshape(-1, 1, 2), plane).reshape(-1, 2)
    off = float(np.linalg.norm(back - theirs, axis=1).max()) / per_mm
    if off > limits.marker_off:
        return None
    return Placed(
        form=form, plane=np.asarray(plane, dtype=np.float64), found=len(group), off=off, per_mm=per_mm
    )
