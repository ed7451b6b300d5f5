"""What does a log say of the facts up to a position, to somebody who gets only some of them?

The root and the signed note over it, and the hashes of whatever is not handed out: with them the root can be
derived anew from the facts that are there (RFC 6962, section 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dziennik.proof.log import CannotVouch, SchoolLog


class Vouched:
    """`root` and `note`: of the tree over the first `size` facts, which a checkpoint covers already."""

    def __init__(self, log: SchoolLog, size: int) -> None:
        self.root, self.note = log.vouched(size)
        self._tree = log.tree()
        self._origin = log.origin
        self._size = size

    def rest(self, leaves: Mapping[int, bytes]) -> Iterator[tuple[int, int, bytes]]:
        """First and last position, and hash, of the subtrees that cover all other facts, in order.

        `leaves`: hashes by position. Raises CannotVouch at the first that is not the one that was kept.
        """
        done = 0
        for position in (*sorted(leaves), self._size + 1):
            for first, last in whole_subtrees(done, position - 1):
                yield first + 1, last, self._tree.subtree(first, last)
            if position > self._size:
                return
            if self._tree.leaf(position - 1) != leaves[position]:
                raise CannotVouch("PROOF.FACT_CHANGED", self._origin, position, "another hash")
            done = position


def whole_subtrees(first: int, last: int) -> Iterator[tuple[int, int]]:
    """The fewest complete subtrees that cover leaves first..last-1, from the left."""
    while first < last:
        width = first & -first or 1 << (last.bit_length() - 1)
        while first + width > last:
            width >>= 1
        yield first, first + width
        first += width
