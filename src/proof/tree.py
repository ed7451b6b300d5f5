"""How does the tree grow with the register, and how does it prove what is in it? (RFC 6962, section 2.1)

Leaves are the facts in the order of their positions (leaf 0 is position 1). Growing reads nothing but the
last tile of each level; a proof reads a few tiles, however long the register is.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from dziennik.proof.tiles import HASH, WIDTH, Tiles

EMPTY = sha256(b"").digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _top(hashes: list[bytes]) -> bytes:
    """The root over 2**n hashes."""
    while len(hashes) > 1:
        hashes = [_node(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


class Tree:
    """The tree over the first `size` facts, on tiles."""

    def __init__(self, tiles: Tiles, size: int) -> None:
        self.size = size
        self._tiles = tiles
        self._open: list[list[bytes]] = []  # hashes of the last tile of each level, not full
        self._closed: dict[tuple[int, int], bytes] = {}  # full tiles that are not written yet
        self._found: dict[tuple[int, int], list[bytes]] = {}
        level, rest = 0, size
        while rest:
            number, width = divmod(rest, WIDTH)
            kept = self._hashes(level, number)[:width] if width else []
            self._open.append(list(kept))
            level, rest = level + 1, number

    def add(self, leaves: Iterable[bytes]) -> None:
        """More leaves, by their hashes; nothing is written before `write`."""
        for leaf in leaves:
            self.size += 1
            self._push(0, leaf)

    def _push(self, level: int, found: bytes) -> None:
        if level == len(self._open):
            self._open.append([])
        tile = self._open[level]
        tile.append(found)
        if len(tile) == WIDTH:
            number = self.size // WIDTH ** (level + 1) - 1
            self._closed[level, number] = b"".join(tile)
            self._found.pop((level, number), None)
            self._open[level] = []
            self._push(level + 1, _top(tile))

    def write(self) -> None:
        """Let the tiles hold all of it; the narrow ones last, so that a cut leaves nothing half told."""
        for (level, number), hashes in self._closed.items():
            self._tiles.write(level, number, hashes)
        for level, tile in enumerate(self._open):
            if tile:
                self._tiles.write(level, self.size // WIDTH ** (level + 1), b"".join(tile))
        self._closed.clear()

    def leaf(self, index: int) -> bytes:
        """The hash of a leaf."""
        return self._hashes(0, index // WIDTH)[index % WIDTH]

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, by default all."""
        return self._range(0, self.size if size is None else size)

    def subtree(self, first: int, last: int) -> bytes:
        """The hash of a complete subtree: leaves first..last-1."""
        return self._range(first, last)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of a leaf, from its sibling up."""
        if not 0 <= index < size <= self.size:
            raise IndexError(f"no leaf {index} in a tree of {size}")
        path: list[bytes] = []
        first, last = 0, size
        while last - first > 1:
            middle = first + _half(last - first)
            if index < middle:
                path.append(self._range(middle, last))
                last = middle
            else:
                path.append(self._range(first, middle))
                first = middle
        return path[::-1]

    def consistency(self, older: int, size: int) -> list[bytes]:
        """The path that shows that the tree of `size` begins with that of `older`."""
        if not 0 <= older <= size <= self.size:
            raise IndexError(f"no tree of {older} in one of {size}")
        if older in (0, size):
            return []
        path: list[bytes] = []
        first, last, whole = 0, size, True  # whole: the older tree is told as one hash
        while last != older:
            middle = first + _half(last - first)
            if older <= middle:
                path.append(self._range(middle, last))
                last = middle
            else:
                path.append(self._range(first, middle))
                first, whole = middle, False
        return ([] if whole else [self._range(first, last)]) + path[::-1]

    def _range(self, first: int, last: int) -> bytes:
        """MTH over leaves first..last-1, which begin where a subtree of their size does."""
        size = last - first
        if size == 0:
            return EMPTY
        if size & (size - 1):
            middle = first + _half(size)
            return _node(self._range(first, middle), self._range(middle, last))
        height = size.bit_length() - 1
        level, within = divmod(height, 8)
        number = first // WIDTH**level
        hashes = self._hashes(level, number // WIDTH)
        start = number % WIDTH
        return _top(hashes[start : start + (1 << within)])

    def _hashes(self, level: int, number: int) -> list[bytes]:
        """All hashes of a tile that the tree has by now."""
        full = self.size // WIDTH ** (level + 1)
        if number == full and level < len(self._open):
            return self._open[level]
        if (level, number) not in self._found:
            width = WIDTH if number < full else self.size // WIDTH**level % WIDTH
            kept = self._closed.get((level, number)) or self._tiles.hashes(level, number, width)
            self._found[level, number] = [kept[at : at + HASH] for at in range(0, len(kept), HASH)]
        return self._found[level, number]


def _half(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1
