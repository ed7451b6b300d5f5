"""Where do the hashes of a school's tree lie? In files outside the database, as tiles (C2SP tlog-tiles).

Tile n of level l holds 256 hashes of subtrees of 256**l facts. A full tile never changes; the last one of
each level is partial and stands under a name that tells its width. Whoever serves the folder over HTTP has a
log that other people's tools can read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

WIDTH: Final = 256
HASH: Final = 32


class Tiles:
    """The tiles of one log, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tile"
        self._full: dict[tuple[int, int], bytes] = {}
        self._widest = (-1, b"")

    def hashes(self, level: int, number: int, width: int) -> bytes:
        """The first `width` hashes of a tile. Raises FileNotFoundError."""
        kept = self._full.get((level, number))
        if kept is None:
            kept = self._read(level, number, width)
            if len(kept) == WIDTH * HASH:
                self._full[level, number] = kept
        return kept[: width * HASH]

    def leaf(self, number: int, at: int) -> bytes | None:
        """One hash of a tile of level 0, from the widest that there is; None when it is wider nowhere."""
        hashes = self._full.get((0, number)) or self._read_widest(number)
        return hashes[at * HASH : (at + 1) * HASH] or None

    def _read_widest(self, number: int) -> bytes:
        if self._widest[0] != number:
            place = self._place(0, number)
            wide = [int(one.name) for one in _partials(place).glob("[0-9]*")]
            file = place if place.is_file() else _partials(place) / str(max(wide, default=0))
            self._widest = (number, file.read_bytes() if file.is_file() else b"")
        return self._widest[1]

    def _read(self, level: int, number: int, width: int) -> bytes:
        place = self._place(level, number)
        if place.is_file():
            return place.read_bytes()
        wide = [int(one.name) for one in _partials(place).glob("[0-9]*") if int(one.name) >= width]
        if not wide:
            raise FileNotFoundError(f"{place}: no tile of {width} hashes")
        return (_partials(place) / str(min(wide))).read_bytes()

    def write(self, level: int, number: int, hashes: bytes) -> None:
        """A tile as it is now; what it was while it was narrower is not needed any more."""
        place = self._place(level, number)
        partials = _partials(place)
        if len(hashes) == WIDTH * HASH:
            write_whole(place, hashes)
        else:
            write_whole(partials / str(len(hashes) // HASH), hashes)
        self._full.pop((level, number), None)
        self._widest = (-1, b"")

    def _place(self, level: int, number: int) -> Path:
        parts = [f"{number % 1000:03}"]
        while number >= 1000:
            number //= 1000
            parts.append(f"x{number % 1000:03}")
        return self._folder.joinpath(str(level), *reversed(parts))


def _partials(place: Path) -> Path:
    return place.with_name(f"{place.name}.p")


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that a reader, also after a power cut, finds all of it or what was there before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def joined(hashes: Sequence[bytes]) -> bytes:
    """Hashes as a tile holds them."""
    return b"".join(hashes)
