"""Medians of few numbers: sorted as plain ones, a sixth of what an array's median takes."""

from __future__ import annotations

import numpy as np

from dziennik.omr.markers import Points

FEW = 64


def median(values: Points) -> float:
    """The very number that `numpy.median` gives; of nothing there is none (IndexError)."""
    if values.size > FEW:
        return float(np.median(values))
    ordered: list[float] = sorted(values.tolist())
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
