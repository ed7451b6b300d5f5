"""Does a cell's printed outline lie where the cell was cut out? Looked at where the paper waves much.

Between the timing marks the paper's shape is only reckoned. But every empty cell shows its own outline: it
tells how far off the reckoning is there, and afterwards whether it is right.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dziennik.omr.flattening import Flags, Flat, Waves
from dziennik.omr.inking import HALF_X, HALF_Y, Prepared, Whole, cut_out
from dziennik.omr.markers import Points
from dziennik.omr.thresholds import Thresholds

STEP, STEPS = 0.33, 3  # mm; outlines are looked for up to three steps off, to all sides
SIDE = 2 * STEPS + 1


def put_right(flat: Flat, prepared: Prepared, waves: Waves, empty: Flags, limits: Thresholds) -> Points:
    """How far (mm) the paper lies off the reckoning at each cell, as those around it that are `empty` show.

    Where one timing mark was misread, a whole row or column is off, and its neighbours are not: of what the
    nine nearest, the row and the column say, what comes nearest to the cell's own outline holds.
    """
    off, clear = _off(flat, prepared, waves, None, limits)
    groups = (prepared.near, prepared.in_row, prepared.in_column)
    said = np.array([_said(off, clear & empty, group, limits) for group in groups])
    apart = np.nan_to_num(np.abs(said - off).max(axis=2), nan=np.inf)
    best = np.where(clear, apart.argmin(axis=0), 0)
    return np.asarray(np.nan_to_num(said[best, np.arange(len(off))]) * STEP, dtype=np.float64)


def _said(off: NDArray[np.signedinteger], seen: Flags, group: Whole, limits: Thresholds) -> Points:
    """(cells, 2): the steps by which the cells of each one's group are off; NaN where too few are seen."""
    shown = np.where(seen[:, None], off.astype(np.float64), np.nan)[group]
    said = np.full(off.shape, np.nan)
    known = seen[group].sum(axis=1) >= limits.outlines_least
    said[known] = np.nanmedian(shown[known], axis=1)
    return said


def well_cut(
    flat: Flat, prepared: Prepared, waves: Waves, empty: Flags, moved: Points, limits: Thresholds
) -> Flags:
    """For each cell, whether the empty ones around it were cut out where they are printed."""
    off, clear = _off(flat, prepared, waves, moved, limits)
    there = empty & clear & (np.abs(off).max(axis=1) <= 1)
    witnesses, good = empty[prepared.near].sum(axis=1), there[prepared.near].sum(axis=1)
    return np.asarray((witnesses >= limits.outlines_least) & (good >= limits.outlines_there * witnesses))


def _off(
    flat: Flat, prepared: Prepared, waves: Waves, moved: Points | None, limits: Thresholds
) -> tuple[NDArray[np.signedinteger], Flags]:
    """(cells, 2): the steps to the right and down by which each outline is off; and whether one is seen."""
    form = prepared.form
    patches = cut_out(flat, prepared, waves, moved)
    shown = patches @ _outlines(form.cell_width, form.cell_height, flat.per_mm)
    best = np.argmin(shown, axis=1)
    deep = -shown.min(axis=1) / np.maximum(patches.mean(axis=1), 1) / max(1 - waves.black, 0.05)
    return np.column_stack([best % SIDE - STEPS, best // SIDE - STEPS]), deep >= limits.outline_deep


@cache
def _outlines(width: float, height: float, per_mm: int) -> NDArray[np.float32]:
    """Weights (pixels, shifts): the outline's ring, less what lies inside and outside of it."""
    xs = np.arange(-round(HALF_X * per_mm), round(HALF_X * per_mm) + 1) / per_mm
    ys = np.arange(-round(HALF_Y * per_mm), round(HALF_Y * per_mm) + 1) / per_mm
    x, y = np.meshgrid(xs, ys)
    shifts = np.arange(-STEPS, STEPS + 1) * STEP
    found = []
    for dy in shifts:
        for dx in shifts:
            radius = np.hypot((x - dx) / (width / 2), (y - dy) / (height / 2))
            ring = (radius > 0.93) & (radius < 1.07)
            beside = ((radius > 0.68) & (radius < 0.85)) | ((radius > 1.15) & (radius < 1.3))
            found.append((ring / ring.sum() - beside / beside.sum()).ravel())
    return np.stack(found, axis=1).astype(np.float32)
