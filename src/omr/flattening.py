"""What does the card look like laid flat? The picture at 6 px a mm, and how far the paper waves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from dziennik.omr.markers import Grey, Placed, Points
from dziennik.omr.template import Template
from dziennik.omr.thresholds import Thresholds

Flags = NDArray[np.bool_]
EDGE = 4.0  # mm around the outermost timing marks that belong to the flat picture


@dataclass(frozen=True, slots=True)
class Flat:
    """A part of the card laid flat: pixel (0, 0) is at (`left`, `top`) mm."""

    grey: Grey
    left: float
    top: float
    per_mm: int

    def pixels(self, places: Points) -> Points:
        """Where places (mm) lie in the picture; whole numbers are middles of pixels."""
        return np.asarray((places - (self.left, self.top)) * self.per_mm - 0.5, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Waves:
    """How far the paper lies from where the markers say, in mm, at rows and columns."""

    rows: Points  # (rows, 2 sides, 2)
    columns: Points  # (columns, 2 sides, 2)
    found: float  # share of the timing marks
    black: float  # black as a share of the paper's white, from the marks
    sharp: float  # how far a mark's edge reaches from black to white: 1 clean, 0 gone
    spread: float  # between the darkest and the palest tenth of the marks: black over white is not the same

    @property
    def most(self) -> float:
        """The longest way, in mm."""
        lengths = [np.linalg.norm(part, axis=2).max() for part in (self.rows, self.columns) if part.size]
        return float(max(lengths, default=0.0))


def flatten(grey: Grey, card: Placed, box: tuple[float, float, float, float], limits: Thresholds) -> Flat:
    """The part of the card between (left, top) and (right, bottom) mm."""
    left, top, right, bottom = box
    size = limits.per_mm
    to_mm = np.array([[1 / size, 0, left + 0.5 / size], [0, 1 / size, top + 0.5 / size], [0, 0, 1]])
    plane = card.plane @ to_mm
    shape = (round((right - left) * size), round((bottom - top) * size))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    flat = cv2.warpPerspective(
        grey, plane, shape, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=127
    )
    return Flat(np.asarray(flat, dtype=np.uint8), left, top, size)


def body_box(form: Template) -> tuple[float, float, float, float]:
    """Timing marks and all that is between them."""
    timing = form.timing
    return timing.left - EDGE, timing.top - EDGE, timing.right + EDGE, timing.bottom + EDGE


def find_waves(flat: Flat, form: Template, limits: Thresholds) -> Waves:
    """Look for every timing mark; marks that jump from their neighbours are not ones."""
    timing = form.timing
    rows = [(x, y) for y in timing.rows for x in (timing.left, timing.right)]
    columns = [(x, y) for x in timing.columns for y in (timing.top, timing.bottom)]
    moved, blacks, sharps = find_marks(flat, np.array(rows + columns), timing.size, limits)
    row_part = moved[: len(rows)].reshape(len(timing.rows), 2, 2)
    column_part = moved[len(rows) :].reshape(len(timing.columns), 2, 2)
    found = float(np.isfinite(moved[:, 0]).mean())
    for part in (row_part, column_part):
        for side in (0, 1):
            _settle(part[:, side], limits.timing_jump)
    with_mark = np.isfinite(blacks)
    black = float(np.median(blacks[with_mark])) if with_mark.any() else 1.0
    sharp = float(np.median(sharps[with_mark])) if with_mark.any() else 0.0
    tenths = np.quantile(blacks[with_mark], (0.1, 0.9)) if with_mark.any() else np.zeros(2)
    return Waves(row_part, column_part, found, black, sharp, float(tenths[1] - tenths[0]))


def find_marks(flat: Flat, places: Points, size: float, limits: Thresholds) -> tuple[Points, Points, Points]:
    """Per mark: displacement in mm (NaN: not seen), black over white, sharpness."""
    reach = round((limits.timing_reach + size / 2) * flat.per_mm)
    centres = flat.pixels(places)
    corner = np.rint(centres).astype(int) - reach
    limit = np.array(flat.grey.shape[::-1]) - 2 * reach - 1
    corner = np.clip(corner, 0, limit)
    windows = np.lib.stride_tricks.sliding_window_view(flat.grey, (2 * reach + 1, 2 * reach + 1))
    patches = windows[corner[:, 1], corner[:, 0]]
    ordered = np.sort(patches.reshape(len(patches), -1), axis=1, kind="stable")  # bytes: a counting sort
    black, white = ordered[:, 60].astype(np.float32), ordered[:, -400].astype(np.float32)
    dark = _darker(patches, (black + white) / 2)
    # Sums of whole numbers below 2^24: single precision holds them exactly.
    grid = np.arange(2 * reach + 1)
    moments = dark.astype(np.float32) @ np.column_stack([np.ones_like(grid), grid]).astype(np.float32)
    in_rows, in_columns = moments[:, :, 0].astype(int), dark.view(np.uint8).sum(axis=1, dtype=np.uint8)
    inked = in_rows.sum(axis=1)
    area = inked / (size * flat.per_mm) ** 2
    counts = np.maximum(inked, 1)
    x = moments[:, :, 1].sum(axis=1).astype(np.float64) / counts
    y = (in_rows * grid).sum(axis=1) / counts
    moved = (np.column_stack([x, y]) + corner - centres) / flat.per_mm
    spread_x = (in_columns > 0).sum(axis=1) / (size * flat.per_mm)
    spread_y = (in_rows > 0).sum(axis=1) / (size * flat.per_mm)
    seen = (area > 0.62) & (area < 1.5) & (spread_x < 1.7) & (spread_y < 1.7) & (white - black > 12)
    moved[~seen] = np.nan
    ratio = np.where(seen, black / np.maximum(white, 1), np.nan)
    edge = np.count_nonzero(_darker(patches, black * 0.8 + white * 0.2), axis=(1, 2)) / counts
    return moved, ratio, np.where(seen, edge, np.nan)


def _darker(patches: Grey, bounds: NDArray[np.floating[Any]]) -> Flags:
    """Which pixels are darker than their patch's bound; whole numbers are compared, eight times as fast."""
    return np.asarray(patches < np.ceil(bounds).astype(np.uint8)[:, None, None])


def _settle(side: Points, jump: float) -> None:
    """Marks far from the median of five neighbours are dropped; the missing lie between their neighbours."""
    known = np.isfinite(side[:, 0])
    if not known.any():
        side[:] = 0.0  # a side without any lies where the markers say
        return
    _fill(side, known)
    padded = np.pad(side, ((2, 2), (0, 0)), mode="edge")
    middle = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 5, axis=0), axis=2)[:, :, 2]
    _fill(side, known & (np.abs(side - middle).max(axis=1) <= jump))


def _fill(side: Points, known: Flags) -> None:
    if known.any() and not known.all():
        at = np.arange(len(side))
        for axis in (0, 1):
            side[:, axis] = np.interp(at, at[known], side[known, axis])


def displaced(places: Points, waves: Waves, form: Template) -> Points:
    """Places (mm) moved with the paper: from both sides, and from above and below, less the corners."""
    timing = form.timing
    u = ((places[:, 0] - timing.left) / (timing.right - timing.left))[:, None]
    v = ((places[:, 1] - timing.top) / (timing.bottom - timing.top))[:, None]
    sides = _between(waves.rows, np.array(timing.rows), places[:, 1], u)
    ends = _between(waves.columns, np.array(timing.columns), places[:, 0], v)
    first, last = waves.rows[0], waves.rows[-1]
    corners = (first[0] * (1 - u) + first[1] * u) * (1 - v) + (last[0] * (1 - u) + last[1] * u) * v
    return np.asarray(places + sides + ends - corners, dtype=np.float64)


def _between(moved: Points, at: Points, along: Points, share: Points) -> Points:
    """Displacement along a line of marks on each of two sides, then between the sides."""
    near = np.column_stack([np.interp(along, at, moved[:, 0, axis]) for axis in (0, 1)])
    far = np.column_stack([np.interp(along, at, moved[:, 1, axis]) for axis in (0, 1)])
    return np.asarray(near * (1 - share) + far * share, dtype=np.float64)
