"""Is there a line in a cell that its print does not explain?

A hairline leaves no more ink than dirt does, and is no darker than letters are on a sharpened photograph; but
it is long. What a cell shows beyond the print of all cells like it is averaged along short lines of eight
directions: noise goes, lines stay.
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from dziennik.omr.inking import Inked, Prepared, Single, Whole, blackness, patch_grid
from dziennik.omr.markers import Points

DIRECTIONS = 8
LENGTH = 1.5  # mm that are averaged: shorter than the strokes of any tick, longer than dirt
CLEAR = 0.72  # of the outline's radii: clear of the outline, even if it is off by what scans are off
SAMPLE = 48  # empty cells that show how much of a line noise makes: enough for a median and its deviation
LEAST_ALIKE = 3  # cells with the same print whose median is print
Kernels: TypeAlias = tuple[Single, ...]


def tracks(inked: Inked, prepared: Prepared, asked: Whole, empty: Whole) -> tuple[Points, Points]:
    """The darkest line in each cell `asked` about, and in a sample of the `empty` ones (shares of black)."""
    form = prepared.form
    box, middle, lines = _ground(form.cell_width, form.cell_height, prepared.per_mm)
    sample = empty[:: max(1, len(empty) // SAMPLE)]
    cells = np.concatenate([asked, sample])
    kinds = prepared.columns[cells]
    apart = len(lines[0]) // 2  # white rows between cells, which lie one below the other
    excess = np.zeros((len(cells), middle.shape[0] + apart, middle.shape[1]), dtype=np.float32)
    known = np.zeros(len(inked.ink), dtype=np.bool_)
    known[empty] = True
    for kind in np.unique(kinds).tolist():
        own = prepared.alike[kind]
        shown = own[known[own]]
        alike = _middles(inked, box, middle, shown if len(shown) >= LEAST_ALIKE else own)
        # Cells are cut out to half a pixel: print is where it is in any of the places beside, too.
        near = cv2.dilate(np.median(alike, axis=0), np.ones((3, 3), dtype=np.uint8))
        of_kind = np.flatnonzero(kinds == kind)
        shows = _middles(inked, box, middle, cells[of_kind])
        excess[of_kind, : len(middle)] = np.clip(shows - near, -0.1, 1) * middle
    darkest = _along(excess, lines)[:, : len(middle)].max(axis=(1, 2)).astype(np.float64)
    return darkest[: len(asked)], darkest[len(asked) :]


def _middles(inked: Inked, box: Whole, middle: Single, cells: Whole) -> Single:
    """(cells, rows, columns): how black each pixel around the cell's centre is."""
    return blackness(inked, cells, box).reshape(-1, *middle.shape)


def _along(excess: Single, lines: Kernels) -> Single:
    """For each pixel the darkest of the lines through it."""
    strip = excess.reshape(-1, excess.shape[2])
    most = np.zeros_like(strip)
    for line in lines:
        np.maximum(most, cv2.filter2D(strip, -1, line, borderType=cv2.BORDER_CONSTANT), out=most)
    return most.reshape(excess.shape)


@cache
def _ground(width: float, height: float, per_mm: int) -> tuple[Whole, Single, Kernels]:
    """Which pixels of a patch are looked at, as numbers and as a mask of their rectangle, and the kernels."""
    x, y = patch_grid(per_mm)
    clear = np.hypot(x / (width / 2), y / (height / 2)) <= CLEAR
    rows, columns = np.flatnonzero(clear.any(axis=1)), np.flatnonzero(clear.any(axis=0))
    box = (rows[:, None] * clear.shape[1] + columns).ravel()
    middle: NDArray[np.float32] = clear[np.ix_(rows, columns)].astype(np.float32)
    return box, middle, _kernels(2 * round(LENGTH * per_mm / 2) + 1)


def _kernels(length: int) -> Kernels:
    """Averages along lines of so many pixels, one for each direction."""
    half = length // 2
    found = []
    for turn in np.arange(DIRECTIONS) * np.pi / DIRECTIONS:
        kernel = np.zeros((length, length), dtype=np.float32)
        x, y = half * np.cos(turn), half * np.sin(turn)
        ends = [(round(half + way * x), round(half + way * y)) for way in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0)
        found.append(kernel / kernel.sum())
    return tuple(found)
