"""Which sequences are tried? Lists of moves, each with the seed of its own choices.

Hypothesis chooses and shortens them. The first move does nothing: what a failure does not need becomes it.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.campaign import living, moves
from tests.campaign.living import Step

MOVES = moves.MOVES if living.LOADED else []  # those of all contexts

SEEDS = st.integers(0, 2**32 - 1)


def steps(length: int) -> st.SearchStrategy[list[Step]]:
    """Sequences of so many moves."""
    return st.lists(st.tuples(st.integers(0, len(MOVES) - 1), SEEDS), min_size=length, max_size=length)
