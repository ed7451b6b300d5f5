"""Is what lies over the cells the ring of a cup? Nobody marks with an arc of five to ten centimetres.

Three points at a time make a circle (random sample consensus: Fischler and Bolles 1981); the one that most of
all directions agree on is fitted to its points by least squares (Kasa 1976). The same picture gives the same
circle: the dice are always thrown alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dziennik.omr.flattening import Flags
from dziennik.omr.inking import Single
from dziennik.omr.markers import Grey, Points
from dziennik.omr.thresholds import Thresholds

TRIES = 400
POINTS = 1500  # dark places that are looked at
BEARINGS = 72  # directions from the middle, 5 degrees each
AROUND = 10  # degrees to both sides: what most of the open paper there shows is the ring's


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle in pixels."""

    x: float
    y: float
    radius: float

    def off(self, points: Points) -> Points:
        """How far points (x, y) are from the line, outwards."""
        return np.asarray(np.hypot(points[:, 0] - self.x, points[:, 1] - self.y) - self.radius)

    def bearings(self, points: Points) -> Points:
        """In which of the directions from the middle each point lies."""
        turn = np.arctan2(points[:, 1] - self.y, points[:, 0] - self.x)
        return np.asarray((turn / (2 * np.pi) * BEARINGS).astype(int) % BEARINGS)


def ring_of(bands: Flags, shown: Grey, seen: Flags, per_mm: float, limits: Thresholds) -> Single | None:
    """What share of light a cup's ring leaves at each pixel (1 where it is not), and None without one.

    `bands`: where something broad and long lies on the paper. `shown`: the picture, 255 where paper is.
    `seen`: where no cells are, and only there anything is seen of a ring.
    """
    dark = bands & seen
    points = np.argwhere(dark)[:, ::-1].astype(np.float64)
    if len(points) < POINTS // 10:
        return None
    some = points[:: max(1, len(points) // POINTS)]
    ring = _likeliest(some, per_mm, limits)
    if ring is None:
        return None
    for _ in range(3):
        ring = _fitted(some[np.abs(ring.off(some)) < limits.ring_near * per_mm])
    if not _seen(ring, some, seen, per_mm, limits):
        return None
    return _light(ring, shown, seen, per_mm, limits)


def _likeliest(points: Points, per_mm: float, limits: Thresholds) -> Ring | None:
    """Of circles through three points each, the one with points in the most directions."""
    dice = np.random.default_rng(0)
    a, b, c = (points[dice.integers(len(points), size=TRIES)] for _ in range(3))
    det = 2 * ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1]))
    det[det == 0] = np.nan
    ab, ac = ((b**2 - a**2).sum(axis=1), (c**2 - a**2).sum(axis=1))
    x = (ab * (c[:, 1] - a[:, 1]) - ac * (b[:, 1] - a[:, 1])) / det
    y = (ac * (b[:, 0] - a[:, 0]) - ab * (c[:, 0] - a[:, 0])) / det
    radius = np.hypot(x - a[:, 0], y - a[:, 1])
    best, most = None, 0
    for at in np.flatnonzero((radius > limits.ring_least * per_mm) & (radius < limits.ring_most * per_mm)):
        ring = Ring(float(x[at]), float(y[at]), float(radius[at]))
        near = points[np.abs(ring.off(points)) < limits.ring_near * per_mm]
        count = len(np.unique(ring.bearings(near)))
        if count > most:
            best, most = ring, count
    return best


def _fitted(points: Points) -> Ring:
    """The circle with the least squared error of x^2 + y^2."""
    rows = np.column_stack([2 * points, np.ones(len(points))])
    (x, y, rest), *_ = np.linalg.lstsq(rows, (points**2).sum(axis=1), rcond=None)
    return Ring(float(x), float(y), float(np.sqrt(max(rest + x * x + y * y, 0.0))))


def _seen(ring: Ring, points: Points, seen: Flags, per_mm: float, limits: Thresholds) -> bool:
    """Whether so much of the ring is there as can be, and it is as large as cups are."""
    if not limits.ring_least * per_mm <= ring.radius <= limits.ring_most * per_mm:
        return False
    there = np.unique(ring.bearings(points[np.abs(ring.off(points)) < limits.ring_near * per_mm]))
    turn = np.arange(0, 2 * np.pi, np.pi / (8 * BEARINGS))
    line = np.column_stack([ring.x + ring.radius * np.cos(turn), ring.y + ring.radius * np.sin(turn)])
    high, wide = seen.shape
    at = np.rint(line).astype(int)
    inside = (at >= 0).all(axis=1) & (at[:, 0] < wide) & (at[:, 1] < high)
    line, at = line[inside], at[inside]
    may_be = np.unique(ring.bearings(line[seen[at[:, 1], at[:, 0]]]))
    enough = len(np.intersect1d(there, may_be)) >= limits.ring_there * len(may_be)
    return enough and len(there) >= limits.ring_arc * BEARINGS


def _light(ring: Ring, shown: Grey, seen: Flags, per_mm: float, limits: Thresholds) -> Single:
    """The share that is left, by way from the line and direction: as most of the open paper shows it."""
    offs = np.arange(-limits.ring_wide * per_mm, limits.ring_wide * per_mm + 1)
    turns = np.radians(np.arange(-AROUND, 360 + AROUND))
    far = (ring.radius + offs)[:, None]
    x = (ring.x + far * np.cos(turns)).astype(np.float32)
    y = (ring.y + far * np.sin(turns)).astype(np.float32)
    blank = np.where(seen, shown, 0).astype(np.uint8)  # 0 stands for what is not seen
    around = cv2.remap(blank, x, y, cv2.INTER_NEAREST, borderValue=0).astype(np.float32)
    around[around == 0] = np.nan
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * AROUND + 1, axis=1)[:, :361]
    known = np.isfinite(windows).sum(axis=2) >= AROUND // 2
    share = np.ones(known.shape, dtype=np.float32)
    share[known] = np.minimum(np.nanmedian(windows[known], axis=1) / 255, 1)
    share[share > 1 - limits.ring_faint] = 1
    share = np.maximum(share, 1 - limits.band_deep)
    high, wide = shown.shape
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    way = np.hypot(xs - ring.x, ys - ring.y) - ring.radius - offs[0]
    turn = np.degrees(np.arctan2(ys - ring.y, xs - ring.x)) % 360
    flags = cv2.INTER_LINEAR
    found = cv2.remap(share, turn.astype(np.float32), way.astype(np.float32), flags, borderValue=1)
    return np.asarray(found, dtype=np.float32)
