"""How does a plan become facts: all of a school in one append, or none?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from dziennik.application.register import Batch
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.refusals import Refusal
from dziennik.imports.oneroster.difference_grades import fill
from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.oneroster.report import Counts
from dziennik.imports.oneroster.steps import Plan, Step
from dziennik.imports.oneroster.wanted import Grade

# The office's import: it enters what was entered elsewhere (DOMAIN section 5).
ACTOR = Actor(account="import", role=Role.SYSTEM, channel=Channel.IMPORT)

Tick = Callable[[int, int], None]


@dataclass(slots=True)
class Deciding:
    """One school's batch being decided. Nothing is written here."""

    batch: Batch
    at: datetime
    faults: Faults
    counts: Counts = field(default_factory=Counts)
    facts: int = 0
    _refused: set[str] = field(default_factory=set)

    def decide(self, plan: Plan, tick: Tick) -> None:
        """Decide every step, also after refusals: all of them are to be told."""
        self.counts.unchanged.update(plan.unchanged)
        for number, step in enumerate(plan.steps):
            if not number % 100:
                tick(number, len(plan.steps))
            if any(need in self._refused for need in step.needs):
                self._refuse(step, sum(step.counts.values()))
            elif step.grades:
                self._fill(step)
            else:
                self._decide(step)
        tick(max(1, len(plan.steps)), max(1, len(plan.steps)))

    def give(self, command: Command) -> Refusal | None:
        """Decide one command on top of the earlier ones."""
        outcome = self.batch.decide(command, actor=ACTOR, at=self.at)
        if isinstance(outcome, Refusal):
            return outcome
        self.facts += outcome
        return None

    def _decide(self, step: Step) -> None:
        before = self.facts
        for command in step.commands:
            refusal = self.give(command)
            if refusal:
                self.faults.refused(refusal, step.place, None if step.place.file else step.key)
                self._refuse(step, sum(step.counts.values()))
                return
        if self.facts > before:
            self.counts.note(step.effect, step.counts)
        else:
            self.counts.unchanged.update(step.counts)

    def _fill(self, step: Step) -> None:
        """A whole column; when it is refused, entry by entry, to find whose fault it is."""
        command = step.commands[0]
        refusal = self.give(command)
        if not refusal:
            self.counts.note("created", step.counts)
            return
        unit_id: str = msgspec.structs.asdict(command)["unit_id"]
        for grade in step.grades:
            self._fill_one(unit_id, grade)

    def _fill_one(self, unit_id: str, grade: Grade) -> None:
        refusal = self.give(fill(unit_id, [grade]))
        if refusal:
            self.faults.refused(refusal, grade.place)
            self.counts.refused["grades"] += 1
        else:
            self.counts.note("created", {"grades": 1})

    def _refuse(self, step: Step, count: int) -> None:
        self._refused.add(step.key)
        kind = next(iter(step.counts))
        self.counts.refused[kind] += count
