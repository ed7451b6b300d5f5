"""What does a part of a card look like, laid straight, or a page without one? For whoever decides."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from dziennik.omr.markers import Grey

PER_MM = 8
SIDE = 360  # pixels of a page's longer side: the paper is known again, and nobody's marks are read from it


def cut_out(
    grey: Grey, corners: tuple[int, ...], size: tuple[float, float], box: tuple[float, float, float, float]
) -> bytes:
    """The part `box` (x, y, width, height in mm) of the card with these corners on the page, as PNG."""
    wide, high = size
    edges = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    plane = cv2.getPerspectiveTransform(edges, np.array(corners, dtype=np.float32).reshape(4, 2))
    x, y, box_wide, box_high = box
    to_mm = np.array([[1 / PER_MM, 0, x], [0, 1 / PER_MM, y], [0, 0, 1]])
    shape = (max(1, round(box_wide * PER_MM)), max(1, round(box_high * PER_MM)))
    part = cv2.warpPerspective(
        grey, plane @ to_mm, shape, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=255
    )
    return _png(part)


def made_small(grey: Grey) -> bytes:
    """All of a page, SIDE pixels long, as PNG."""
    height, width = grey.shape
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return _png(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))


def _png(picture: NDArray[Any]) -> bytes:
    done, packed = cv2.imencode(".png", picture)
    return packed.tobytes() if done else b""
