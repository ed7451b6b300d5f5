"""Facts and commands that the journal's tests tell stories with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from dziennik.contracts.envelope import Actor, Origin, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import GradeGiven, GradeStruckOut
from dziennik.contracts.people import PersonRegistered, RoleTaken
from dziennik.contracts.values import GradeKind
from dziennik.journal.journal import Appended, Draft, Journal

MASTER_KEY = bytes(range(32))
MORNING = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TEACHER = Actor(account="account-7", role=Role.TEACHER, person="t7")
_numbers = count(1)

ZANETA = PersonRegistered(person_id="p1", given_names="Żaneta Łucja", family_name="Ćma")
PUPIL = RoleTaken(person_id="p1", role=Role.PUPIL, since=date(2026, 9, 1))
STRUCK_OUT = GradeStruckOut(grade_id="g1", pupil_id="p1", reason="wpis u innego ucznia")


def grade(number: int = 1, pupil: str = "p1", comment: str | None = None) -> GradeGiven:
    return GradeGiven(
        grade_id=f"g{number}", class_id="c1", subject_id="s1", pupil_id=pupil, assignment_id="a1",
        teacher_id="t7", kind=GradeKind.CURRENT, value="4+", category_id="k1", weight=Decimal("1.50"),
        on=date(2026, 9, 1), comment=comment,
    )  # fmt: skip


def origin(command_id: str | None = None, *, minutes: float = 0) -> Origin:
    return Origin(
        command_id=command_id or f"command-{next(_numbers)}",
        actor=TEACHER,
        recorded_at=MORNING + timedelta(minutes=minutes),
    )


def draft(stream: str, expected_version: int, *facts: Fact) -> Draft:
    return Draft(stream, expected_version, facts)


def give(journal: Journal, stream: str, expected_version: int = 0, *facts: Fact) -> Appended:
    """Append facts (one role taken, if none are named) under a new command."""
    return journal.append([draft(stream, expected_version, *(facts or (PUPIL,)))], origin())


def positions(journal: Journal) -> list[int]:
    return [recorded.position for recorded in journal.read(0, 1_000_000)]
