"""Where paper was folded a crease runs across the card: the flat picture without them.

A crease goes straight from one edge to the other, over print and between it, and takes the same small share
of the light off everywhere, in a narrow band with soft edges. A pencil's line is thinner or darker, a felt
pen's is broader. What is under a crease still shows: it is divided out, not painted over.
"""

from __future__ import annotations

import numpy as np

from dziennik.omr.flattening import Flat
from dziennik.omr.inking import Single
from dziennik.omr.markers import Grey, Points, shrunk
from dziennik.omr.thresholds import Thresholds

STRIP = 6.0  # mm across which the middle of the greys is paper, whatever is printed there
LEANS = np.linspace(-0.2, 0.2, 81)  # mm down a mm across: paper is folded along its sides, or nearly
BESIDE, BESIDE_WIDE = 1.6, 0.5  # mm: how far from a crease paper is looked at, and how much of it
REACH = 1.4  # mm: no crease is broader to either side
MOST = 4  # creases that one card can have
FEWEST = 6  # strips; a form that is narrower is not told from a mark


def uncreased(flat: Flat, limits: Thresholds) -> Flat | None:
    """The picture without creases across or down it; None when it has none."""
    across = _without(flat.grey, flat.per_mm, limits)
    turned = np.ascontiguousarray(across.T)
    down = _without(turned, flat.per_mm, limits)
    grey = across if down is turned else np.ascontiguousarray(down.T)
    return None if grey is flat.grey else Flat(grey, flat.left, flat.top, flat.per_mm)


def _without(grey: Grey, per_mm: int, limits: Thresholds) -> Grey:
    """The picture without creases from its left to its right: itself when it has none."""
    for _ in range(MOST):
        line = _line(grey, per_mm, limits)
        lit = _lit(grey, line, per_mm, limits) if line else None
        if lit is None:
            break
        grey = lit
    return grey


def _line(grey: Grey, per_mm: int, limits: Thresholds) -> tuple[float, float] | None:
    """Height (pixels) of the deepest crease at the picture's left edge, and its lean; None without one."""
    half, scale = shrunk(grey, 2), per_mm / 2
    wide = round(STRIP * scale)
    count = half.shape[1] // wide
    if count < FEWEST or len(half) < 4 * BESIDE * scale:
        return None
    strips = half[:, : count * wide].reshape(len(half), count, wide)
    deep = _deep(np.median(strips, axis=2).astype(np.float32), scale)
    middles = (np.arange(count) + 0.5) * wide
    best, at, lean = max(_along(deep, middles, slope) for slope in LEANS.tolist())
    return _fitted(deep, at, lean, middles, scale) if best >= limits.crease_least else None


def _along(deep: Single, middles: Points, lean: float) -> tuple[float, int, float]:
    """The most light that three quarters of the strips lack along a line of this lean; and its start."""
    rows, count = np.arange(len(deep))[:, None], len(middles)
    places = rows + np.rint(lean * middles).astype(int)
    inside = (places >= 0) & (places < len(deep))
    along = np.where(inside, deep[np.clip(places, 0, len(deep) - 1), np.arange(count)], 0.0)
    least = np.partition(along, count // 4, axis=1)[:, count // 4]
    return float(least.max()), int(least.argmax()), lean


def _deep(profile: Single, scale: float) -> Single:
    """(rows, strips): the share of light that is missing, against the darker of what is above and below."""
    size = max(1, round(BESIDE_WIDE * scale))
    means = np.apply_along_axis(np.convolve, 0, profile, np.ones(size) / size, "same")
    off = round(BESIDE * scale)
    sides = [np.roll(means, way * off, axis=0) for way in (-1, 1)]
    found = 1 - profile / np.maximum(np.minimum(*sides), 1)
    found[: off + size] = found[-off - size :] = 0
    return np.asarray(found, dtype=np.float32)


def _fitted(deep: Single, at: int, lean: float, middles: Points, scale: float) -> tuple[float, float]:
    """The line through the deepest places near to the one found, in pixels of the whole picture."""
    reach = max(1, round(0.7 * scale))
    offs = np.arange(-reach, reach + 1)
    places = np.rint(at + lean * middles).astype(int)[:, None] + offs
    near = np.maximum(deep[np.clip(places, 0, len(deep) - 1), np.arange(len(middles))[:, None]], 0)
    weights = near.sum(axis=1)
    tops = (places * near).sum(axis=1) / np.maximum(weights, 1e-6)
    usual = np.median(weights)
    kept = np.abs(weights - usual) < 0.5 * usual
    slope, start = np.polyfit(middles[kept], tops[kept], 1) if kept.sum() > 2 else (lean, float(at))
    return 2 * float(start) + 0.5, float(slope)


def _lit(grey: Grey, line: tuple[float, float], per_mm: int, limits: Thresholds) -> Grey | None:
    """The picture with as much light in the band as beside it; None if that is too dark, thin or broad."""
    start, lean = line
    reach, off, size = round(REACH * per_mm), round(BESIDE * per_mm), round(BESIDE_WIDE * per_mm)
    columns = np.arange(grey.shape[1])
    middle = np.rint(start + lean * columns).astype(int)
    offs = np.arange(-off - size, off + size + 1)
    places = np.clip(middle + offs[:, None], 0, len(grey) - 1)
    band = grey[places, columns].astype(np.float32)
    above, below = np.median(band[: 2 * size], axis=0), np.median(band[-2 * size :], axis=0)
    sides = np.where(offs[:, None] < 0, above, np.where(offs[:, None] > 0, below, (above + below) / 2))
    share = np.median(band / np.maximum(sides, 1), axis=1)
    inner = np.clip(share[off + size - reach : off + size + reach + 1], 0.05, 1.0)
    if not _soft(1 - inner, per_mm, limits):
        return None
    clean = grey.copy()
    own = places[off + size - reach : off + size + reach + 1]
    lit = grey[own, columns] / inner[:, None]
    clean[own, columns] = np.clip(np.rint(lit), 0, 255).astype(np.uint8)
    return clean


def _soft(deep: Points, per_mm: int, limits: Thresholds) -> bool:
    """Whether light that a line takes off, from one side of it to the other, is lost to a crease."""
    deepest, whole = float(deep.max()), float(deep.sum())
    if not 0 < deepest < limits.crease_deep:
        return False
    wide = whole / deepest / per_mm
    places = np.arange(len(deep)) / per_mm
    middle = float((deep * places).sum()) / whole
    spread = float(np.sqrt((deep * (places - middle) ** 2).sum() / whole))
    return limits.crease_thin < wide < min(limits.crease_wide, limits.crease_soft * spread)
