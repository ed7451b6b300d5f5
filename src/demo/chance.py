"""Where does the demo school's chance come from?

From its seed alone: each purpose has a stream of its own, so that one more draw somewhere changes nothing
elsewhere, and ids follow from names.
"""

from __future__ import annotations

from random import Random
from uuid import UUID, uuid5

NAMESPACE = UUID("5c1b3a52-6d1f-5b0c-9a57-2f0f6e0f7a11")


class Chance:
    """Random streams and ids of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def of(self, *purpose: object) -> Random:
        """A stream for a purpose. Seeding with text goes through SHA-512, not through hash()."""
        return Random("/".join(map(str, (self._seed, *purpose))))  # noqa: S311 - no secret

    def id(self, *named: object) -> str:
        """The id of something named: the same for the same seed."""
        return str(uuid5(NAMESPACE, "/".join(map(str, (self._seed, *named)))))


def normal(rng: Random) -> float:
    """About normal, mean 0, deviation 1; the same on every machine, which logarithms need not be."""
    return sum(rng.random() for _ in range(12)) - 6
