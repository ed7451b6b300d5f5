"""Does a tree of hashes say what a proof claims? (RFC 6962 section 2.1, RFC 9162 sections 2.1.3 and 2.1.4)

Only what a verifier needs: it never trusts a tree, it makes one from leaves or follows a proof to a root.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH = 32  # bytes
EMPTY = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of an entry; never that of a node, whatever the entry says."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\1" + left + right).digest()


class Tree:
    """The root over leaves that come one by one; keeps one hash for each complete subtree."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []

    def add(self, leaf: bytes, width: int = 1) -> None:
        """The next leaf, by its hash; or a complete subtree of `width` leaves that begins where one does.

        Raises ValueError where none does.
        """
        if width < 1 or width & (width - 1) or self.size % width:
            raise ValueError(f"no subtree of {width} begins at {self.size}")
        self.size += width
        full = self.size // width
        while full % 2 == 0:
            leaf = node_hash(self._complete.pop(), leaf)
            full //= 2
        self._complete.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._complete:
            return EMPTY
        *others, found = self._complete
        for left in reversed(others):
            found = node_hash(left, found)
        return found


def root_of_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf's audit path leads to (RFC 9162, 2.1.3.2); None when it fits no such tree."""
    if not 0 <= index < size:
        return None
    node, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return found if last == 0 else None


def consistent(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the later tree begins with all of the earlier one (RFC 9162, 2.1.4.2)."""
    if first > second or first < 0:
        return False
    if first in (0, second):
        return not path and first_root == (EMPTY if first == 0 else second_root)
    steps = list(path) if first & (first - 1) else [first_root, *path]
    if not steps:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
