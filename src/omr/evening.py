"""What would the card look like lit evenly, without the edges of shadows and folds, without rings of cups?

The paper's light is what remains when all is taken away into which no octagon wider than any mark fits (a
closing): a shadow's edge stays where it is, be it hard or soft, while marks, letters and lines go. An
octagon, because the corner of a square would reach into an outline that the edge of a shadow touches.

A cup's ring is narrower than marks may be, and goes on where they end: at any place it is as dark as the
brightest point outside of cells on the best of the lines through it. What is inside of cells never counts, so
that no mark, however pale and near, is taken for a part of it; nor is anything that is no part of a circle.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import cv2
import numpy as np

from dziennik.omr.flattening import Flat
from dziennik.omr.markers import Grey, shrunk
from dziennik.omr.rings import ring_of
from dziennik.omr.thresholds import Thresholds

DIRECTIONS = 16  # of lines: a band of 1 mm leaves none of the right one before 5 mm
BENDS = (0.0, 0.03, -0.03)  # 1/mm: cups have radii of 25 to 45 mm
SUB = 4  # bits of sub-pixels that OpenCV draws with


def evened(flat: Flat, limits: Thresholds) -> Flat:
    """The same picture with paper that is equally bright all over."""
    return _lit(flat, _paper(_half(flat), flat, limits))


def without_ring(flat: Flat, cells: Grey, limits: Thresholds) -> tuple[Flat, Flat] | None:
    """The same without a cup's ring as well, and how bright that is (255 where it is not); None without one.

    `cells`: a picture of the same size, 0 where cells are and 255 elsewhere.
    """
    half, cells, per_mm = _half(flat), shrunk(cells, 2), flat.per_mm / 2
    paper = _paper(half, flat, limits)
    bands = _bands(half, cells, per_mm, limits)
    dark = bands < (1 - limits.band_seen) * paper
    shown = np.asarray(cv2.divide(half, paper, scale=255), dtype=np.uint8)
    ring = ring_of(dark, shown, cells == 255, per_mm, limits)
    if ring is None:
        return None
    share = np.asarray(cv2.resize(255 * ring, flat.grey.shape[::-1]), dtype=np.uint8)
    even = _lit(flat, np.asarray(np.rint(paper * ring), dtype=np.uint8))
    return even, Flat(share, flat.left, flat.top, flat.per_mm)


def _half(flat: Flat) -> Grey:
    return np.asarray(cv2.medianBlur(shrunk(flat.grey, 2), 3), dtype=np.uint8)


def _paper(half: Grey, flat: Flat, limits: Thresholds) -> Grey:
    return _closed(half, limits.light_wide * flat.per_mm / 2)


def _lit(flat: Flat, light: Grey) -> Flat:
    """The picture as if the light that fell on it had been the same everywhere."""
    whole = cv2.resize(light, flat.grey.shape[::-1])
    even = cv2.divide(flat.grey, whole, scale=float(np.median(light)))
    return Flat(np.asarray(even, dtype=np.uint8), flat.left, flat.top, flat.per_mm)


def _bands(half: Grey, cells: Grey, per_mm: float, limits: Thresholds) -> Grey:
    """Paper and all dark bands on it."""
    side = round(limits.band_wide * per_mm)
    broad = np.asarray(cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((side, side), dtype=np.uint8)))
    outside = np.where(cells < 255, 0, broad).astype(np.uint8)
    darkest = np.full_like(outside, 255)
    for line in _lines(limits.band_long / 2, per_mm):
        np.minimum(darkest, cv2.dilate(outside, line), out=darkest)
    return darkest


@cache
def _lines(reach: float, per_mm: float) -> tuple[Grey, ...]:
    """Lines in all directions, straight and bent, that reach so many mm to both sides of the middle."""
    half, found = int(np.ceil(reach * per_mm)) + 1, []
    along = np.linspace(-reach, reach, 9)
    for turn, bend in product(np.arange(DIRECTIONS) * np.pi / DIRECTIONS, BENDS):
        off = along**2 / 2 * bend
        x, y = along * np.cos(turn) - off * np.sin(turn), along * np.sin(turn) + off * np.cos(turn)
        points = np.rint((np.column_stack([x, y]) * per_mm + half) * (1 << SUB)).astype(np.int32)
        line = np.zeros((2 * half + 1, 2 * half + 1), dtype=np.uint8)
        cv2.polylines(line, [points], isClosed=False, color=1, shift=SUB)
        found.append(line)
    return tuple(found)


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
