"""What is one step from the register as it is to what the file wants?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, TypeAlias

from dziennik.contracts.commands import Command
from dziennik.imports.oneroster.faults import NOWHERE, Place
from dziennik.imports.oneroster.picture import Seen
from dziennik.imports.oneroster.wanted import Grade, Span

Effect: TypeAlias = Literal["created", "changed", "ended"]

# What a report counts, in the order in which a person reads it.
KINDS = (
    "schools",
    "years",
    "terms",
    "categories",
    "subjects",
    "people",
    "roles",
    "parental_rights",
    "classes",
    "homeroom_teachers",
    "enrolments",
    "groups",
    "group_members",
    "assignments",
    "columns",
    "grades",
)

# Why an import ends, corrects or strikes out something, as the register's history shows it.
REASON = "import"


@dataclass(frozen=True, slots=True)
class Step:
    """Commands that together bring about one entity's change.

    `counts` says what a report counts when they are accepted. A step whose `needs` were refused
    is not tried: it could only fail for the same reason. `grades`: the entries of a FillColumn,
    so that a refusal can be told to the row it comes from.
    """

    key: str
    effect: Effect
    commands: tuple[Command, ...]
    counts: dict[str, int]
    place: Place = NOWHERE
    needs: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()


@dataclass(slots=True)
class Plan:
    """All steps in an order in which each finds what it needs, and what needs none."""

    steps: list[Step] = field(default_factory=list)
    unchanged: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        kind: str,
        key: str,
        effect: Effect,
        *commands: Command,
        place: Place = NOWHERE,
        needs: tuple[str, ...] = (),
    ) -> None:
        """A step of one entity."""
        self.steps.append(Step(f"{kind}:{key}", effect, commands, {kind: 1}, place, needs))

    def same(self, kind: str, count: int = 1) -> None:
        self.unchanged[kind] += count

    def span(
        self,
        kind: str,
        key: str,
        wanted: Span,
        seen: Seen[Span] | None,
        begin: Callable[[date], Command],
        end: Callable[[date], Command],
        place: Place,
        needs: tuple[str, ...],
    ) -> None:
        """Something that holds from a day to a day: begin it, end it, begin it again, or nothing."""
        if seen is None or seen.now is None:
            ends = () if wanted.until is None else (end(wanted.until),)
            self.add(kind, key, "created", begin(wanted.since), *ends, place=place, needs=needs)
            return
        now, imported = seen.now, seen.imported
        if imported and imported.until is None and now.until is None and wanted.until:
            self.add(kind, key, "ended", end(max(wanted.until, now.since)), place=place, needs=needs)
        elif now.until and begins_again(wanted, seen):
            again = max(wanted.since, now.until + timedelta(days=1))
            ends = () if wanted.until is None else (end(wanted.until),)
            self.add(kind, key, "changed", begin(again), *ends, place=place, needs=needs)
        else:
            self.same(kind)


def begins_again(wanted: Span, seen: Seen[Span]) -> bool:
    """Whether an import ended what the file wants to last longer."""
    if not (seen.now and seen.now.until and seen.imported and seen.imported.until):
        return False
    return wanted.until is None or wanted.until > seen.now.until


def is_open(seen: Seen[Span] | None) -> bool:
    """Whether an import began it and nobody ended it."""
    return bool(
        seen and seen.now and seen.imported and seen.now.until is None and seen.imported.until is None
    )
