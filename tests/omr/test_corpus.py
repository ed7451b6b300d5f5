"""Is the reader silently wrong on a small part of the corpus? The whole of it: `make omr-corpus`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.omr_corpus import totals
from bench.omr_corpus.campaign import KINDS, run_part
from bench.omr_corpus.fuzz import fuzz
from bench.omr_corpus.tally import Fuzzed, Tally


@pytest.mark.parametrize("kind", KINDS)
def test_never_silently_wrong(kind: str) -> None:
    tally = run_part(range(500_000, 500_008), kind)
    assert tally.examples == []
    assert (tally.silent_cards, tally.wrong_identity) == (0, 0)
    if kind == "everyday filled":
        assert (tally.right, tally.without_person, tally.refused) == (8, 8, 0)


ONCE_WRONG = {
    3426: "a stain ends in a shadow",
    20056: "a block beside its cell",
    32029: "pencil that turned black over a letter alone",
    37021: "the same",
    32393: "a stain as dark as a pen through the cell",
    36229: "nearly all marks rubbed out",
}


@pytest.mark.parametrize("number", ONCE_WRONG, ids=ONCE_WRONG.values())
def test_cards_that_were_once_silently_wrong_never_are_again(number: int) -> None:
    assert run_part(range(number, number + 1), "harsh mixed").examples == []


def test_runs_add_up_for_as_long_as_the_reader_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "totals.json"
    kept = totals.load(KINDS, path)
    assert [tally.cards for tally in kept.values()] == [0, 0, 0]
    one = Tally(cards=100, right=99, refused=1, seconds=2.5, why=Counter({"cut": 1}), examples=["a"])
    kept[KINDS[1]].add(one)
    totals.save(kept, path)
    again = totals.load(KINDS, path)
    again[KINDS[1]].add(one)
    totals.save(again, path)
    found = totals.load(KINDS, path)
    assert [tally.cards for tally in found.values()] == [0, 200, 0]
    assert (found[KINDS[1]].why, found[KINDS[1]].examples) == (Counter({"cut": 2}), ["a", "a"])
    monkeypatch.setattr(totals, "digest", lambda: "another reader")
    assert [tally.cards for tally in totals.load(KINDS, path).values()] == [0, 0, 0]


def test_hostile_files_add_up_for_as_long_as_the_reader_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fuzzed.json"
    kept = totals.load_fuzzed(path)
    assert kept == Fuzzed()
    kept.add(fuzz(6, start=70))
    totals.save_fuzzed(kept, path)
    again = totals.load_fuzzed(path)
    assert (again, again.files, again.failures, again.deaths) == (kept, 6, [], 0)
    assert sum(again.answers.values()) >= 6
    again.add(Fuzzed(files=2, failures=["9 slow"], deaths=1, slowest=11.0, most=2000))
    assert (again.files, again.failures, again.deaths, again.slowest, again.most) == (
        8,
        ["9 slow"],
        1,
        11.0,
        2000,
    )
    monkeypatch.setattr(totals, "fuzz_digest", lambda: "another reader")
    assert totals.load_fuzzed(path) == Fuzzed()
