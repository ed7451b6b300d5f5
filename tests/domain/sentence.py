"""How is a rule's test written? As a sentence: `given(CLASS_OPEN).when(ENROL).then(ENROLLED)`.

`at(stream, fact)` is one thing that happened and where; named once at the top of a story file, such a thing
serves as past and as outcome alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Reason, Refusal, Standing
from dziennik.domain.rulebook import decide
from dziennik.domain.rules import LOADED
from dziennik.domain.world import Asked, Decision, Entry, Past

DIRECTOR = Actor(account="account-director", role=Role.DIRECTOR, person="director")
TODAY = date(2026, 10, 15)

assert LOADED  # the rules are registered by being imported


def at(stream: str, fact: Fact) -> Entry:
    """One fact in its stream."""
    return Entry(stream, fact)


def given(*past: Entry | Sequence[Entry]) -> Given:
    """What happened before, in order; sequences are taken apart."""
    entries: list[Entry] = []
    for part in past:
        entries.extend([part] if isinstance(part, Entry) else part)
    return Given(tuple(entries))


@dataclass(frozen=True, slots=True)
class Given:
    """The past of a story."""

    past: tuple[Entry, ...]

    def when(self, command: Command, *, by: Actor = DIRECTOR, today: date = TODAY) -> When:
        """Give the command on that past."""
        streams: dict[str, list[Fact]] = defaultdict(list)
        for entry in self.past:
            streams[entry.stream].append(entry.fact)
        asked = Asked(actor=by, at=datetime.combine(today, time(9), UTC), today=today)
        return When(decide(Past(streams), command, asked))


@dataclass(frozen=True, slots=True)
class When:
    """What was decided."""

    decision: Decision

    def then(self, *expected: Entry) -> None:
        """Exactly these facts, in this order, in these streams."""
        assert expected, "say .nothing() if nothing is to happen"
        assert self.decision == list(expected)

    def nothing(self) -> None:
        """It was so already: accepted without a fact."""
        assert self.decision == []

    def refused(self, reason: Reason, field: str | None = None, /, **details: object) -> When:
        """Refused for this reason, at this field, with exactly these details, if any are told."""
        assert isinstance(self.decision, Refusal), self.decision
        assert (self.decision.code, self.decision.field) == (reason.code, field)
        if details:
            assert self.decision.details == {name: str(value) for name, value in details.items()}
        assert self.decision.text("pl")
        assert self.decision.text("en")
        return self

    def beside(self, standing: Standing) -> None:
        """Refused because of this entry, which is in the way."""
        assert isinstance(self.decision, Refusal), self.decision
        assert self.decision.standing == standing
