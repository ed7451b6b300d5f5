"""Is the reader silently wrong on a small part of the corpus? The whole of it: `make omr-corpus`."""

from __future__ import annotations

import pytest

from bench.omr_corpus.campaign import KINDS, run_part


@pytest.mark.parametrize("kind", KINDS)
def test_never_silently_wrong(kind: str) -> None:
    tally = run_part(range(500_000, 500_008), kind)
    assert tally.examples == []
    assert (tally.silent_cards, tally.wrong_identity) == (0, 0)
    if kind == "everyday filled":
        assert (tally.right, tally.without_person, tally.refused) == (8, 8, 0)
