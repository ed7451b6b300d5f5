"""Lines that dirt on a scanner's glass draws down the whole picture, and the picture without them.

A feeder draws the paper past its dirt: the line runs from edge to edge of the picture, exactly along its
rows or columns, and takes the same share of the light off everywhere, margins included. Nobody draws such a
line by hand, and what is under it still shows: it is divided out, not painted over.
"""

from __future__ import annotations

import cv2
import numpy as np

from dziennik.omr.inking import Single
from dziennik.omr.markers import Grey, Points
from dziennik.omr.thresholds import Thresholds

BESIDE = (
    5,
    3,
)  # pixels: how far beside a streak paper is looked at, and how much of it; streaks are 1 to 3 wide
EVERY = 4  # lines across that are looked at
PARTS = 8  # of the picture, in each of which the streak has to be there


def unstreaked(grey: Grey, limits: Thresholds) -> Grey | None:
    """The picture without streaks down or across it; None when it has none."""
    down = _light(grey, limits)
    across = _light(np.ascontiguousarray(grey.T), limits)
    if down is None and across is None:
        return None
    clean = grey.astype(np.float32)
    if down is not None:
        clean /= down[None, :].astype(np.float32)
    if across is not None:
        clean /= across[:, None].astype(np.float32)
    return np.asarray(np.clip(np.rint(clean), 0, 255), dtype=np.uint8)


def _light(grey: Grey, limits: Thresholds) -> Points | None:
    """For each column the share of light that a streak leaves (1: none there); None without any streak."""
    rows = grey[EVERY // 2 :: EVERY].astype(np.float32)
    if len(rows) < 10 * PARTS or grey.shape[1] < 10 * BESIDE[0]:
        return None
    paper = _beside(rows)
    share = np.array([np.median(part, axis=0) for part in np.array_split(rows / paper, PARTS)])
    usual = np.median(share, axis=0)
    there = (share.max(axis=0) < 1 - limits.streak_part) & (usual < 1 - limits.streak_least)
    steady = np.ptp(share, axis=0) < limits.streak_spread
    if not (there & steady).any():
        return None
    # What a streak shades on both sides is its own: there its edge and a file's packing lie.
    near = cv2.dilate((there & steady).astype(np.uint8)[None], np.ones((1, 5), dtype=np.uint8))[0] > 0
    found = np.where(near, np.clip(usual, 0.05, 1), 1.0)
    return np.asarray(found, dtype=np.float64)


def _beside(rows: Single) -> Single:
    """For each pixel the darker of the averages left and right of it, clear of its own streak."""
    means = cv2.blur(rows, (BESIDE[1], 1), borderType=cv2.BORDER_REPLICATE)
    sides = [np.roll(means, way * BESIDE[0], axis=1) for way in (-1, 1)]
    return np.asarray(np.maximum(np.minimum(*sides), 1.0), dtype=np.float32)
