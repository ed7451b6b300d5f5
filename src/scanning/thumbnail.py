"""The process that draws a page without a card, small, for whoever has to find the paper again.

`python -m dziennik.scanning.thumbnail FILE PAGE` writes a PNG: what strangers sent is decoded with limits, by
nobody else (ADR 0103). `pictures` calls it, a process a picture: few are ever asked for.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import cv2

from dziennik.omr.loading import Unreadable, pages
from dziennik.omr.working import MEMORY

SIDE = 360  # pixels of the longer side: the paper is known again, and nobody's marks are read from it


def drawn(path: Path, number: int) -> bytes:
    """The page as PNG; empty when it cannot be had. Raises Unreadable and OSError as `pages` does."""
    for page in pages(path, first=number, last=number):
        if page.grey is None:
            return b""
        height, width = page.grey.shape
        scale = SIDE / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        done, packed = cv2.imencode(".png", cv2.resize(page.grey, size, interpolation=cv2.INTER_AREA))
        return packed.tobytes() if done else b""
    return b""


def main() -> None:
    """Draw the page that the command line names, within the limits of a worker."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sys.stdout.buffer.write(drawn(Path(sys.argv[1]), int(sys.argv[2])))
    except (OSError, MemoryError, Unreadable):
        sys.exit(1)


if __name__ == "__main__":
    main()
