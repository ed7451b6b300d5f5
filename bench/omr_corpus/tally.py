"""What became of the cards of one kind, or of hostile files, counted; counts of many runs add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

EXAMPLES = 25  # that are kept


@dataclass
class Tally:
    """What became of the cards of one kind."""

    cards: int = 0
    right: int = 0  # no silent error, not refused
    refused: int = 0
    without_person: int = 0
    silent_cards: int = 0
    silent_cells: int = 0
    wrong_identity: int = 0
    marks: int = 0
    unsure_marks: int = 0
    seconds: float = 0.0
    why: Counter[str] = field(default_factory=Counter)
    blame: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            mine = getattr(self, name)
            setattr(self, name, mine + value)
        del self.examples[EXAMPLES:]

    def told(self) -> dict[str, Any]:
        """All that depends on the cards alone, not on the machine."""
        found = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "seconds"}
        return {**found, "why": dict(sorted(self.why.items())), "blame": dict(sorted(self.blame.items()))}


def tally_of(told: dict[str, Any]) -> Tally:
    """The tally that told itself so."""
    return Tally(**{**told, "why": Counter(told["why"]), "blame": Counter(told["blame"])})


@dataclass
class Fuzzed:
    """What became of hostile files."""

    files: int = 0
    failures: list[str] = field(default_factory=list)  # no answer, or more than ten seconds
    deaths: int = 0  # of the worker; the file is answered for all the same
    slowest: float = 0.0  # seconds
    most: int = 0  # MiB
    answers: Counter[str] = field(default_factory=Counter)

    def add(self, other: Fuzzed) -> None:
        """Both together."""
        self.files += other.files
        self.failures += other.failures
        self.deaths += other.deaths
        self.slowest, self.most = max(self.slowest, other.slowest), max(self.most, other.most)
        self.answers.update(other.answers)

    def told(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**vars(self), "answers": dict(sorted(self.answers.items()))}
