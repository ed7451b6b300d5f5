"""How do checkpoints come to lie where nobody who runs the database gets at them?

Each that was signed is copied, once, to a folder or a bucket: `SCHOOL/checkpoints/SIZE`, `SCHOOL/checkpoint`
(the newest) and `SCHOOL/key.pub`. A bucket that lets objects be written but not replaced keeps them all the
better: only the newest one's name is written again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from dziennik.proof.tiles import write_whole

_log = logging.getLogger("dziennik.proof")


class Copies:
    """Where copies go: `put` writes a file under a key, all of it or nothing, and raises OSError."""

    def __init__(self, place: str, put: Callable[[str, Path], None]) -> None:
        self._put = put
        # Another place gets all of them from the beginning.
        self._mark = f"copied-{sha256(place.encode()).hexdigest()[:16]}"

    def bring(self, folder: Path, school_id: str) -> int:
        """Copy what was signed since the last time; how many. What fails is told, and stays missing."""
        missing = self.missing(folder)
        done = 0
        try:
            for file in missing:
                self._put(f"{school_id}/checkpoints/{file.name}", file)
                write_whole(folder / self._mark, file.name.encode())
                done += 1
            if missing:
                self._put(f"{school_id}/key.pub", folder / "key.pub")
                self._put(f"{school_id}/checkpoint", missing[-1])
        except (OSError, LookupError) as fault:  # a bucket that is not there is no such key
            _log.warning("%d checkpoints of %s are not copied: %s", len(missing) - done, school_id, fault)
        return done

    def missing(self, folder: Path) -> list[Path]:
        """Checkpoints that were signed and not copied yet, the oldest first."""
        mark = folder / self._mark
        last = mark.read_text(encoding="ascii") if mark.exists() else ""
        return [file for file in sorted((folder / "checkpoints").glob("[0-9]*")) if file.name > last]
