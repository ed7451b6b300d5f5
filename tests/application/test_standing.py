"""A refusal shows who made the entry that is in the way, and when: of this entry, not of its neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.application.register import Accepted, Outcome, Register
from dziennik.contracts import behaviour_commands, classes, people, school, staff
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import GradeKind, Term
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

OFFICE = Actor(account="office", role=Role.SYSTEM, channel=Channel.SYSTEM)
TEACHER = Actor(account="acc-t", role=Role.TEACHER, person="t", channel=Channel.API)
DIRECTOR = Actor(account="acc-dir", role=Role.DIRECTOR, person="dir", channel=Channel.API)
BEGUN = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)
DAY = date(2025, 10, 1)
YEAR = school.OpenSchoolYear(
    year_id="y", name="2025/2026", starts=date(2025, 9, 1), ends=date(2026, 8, 31), terms=()
)
KNOWN = people.RegisterPerson(
    person_id="t", given_names="Ewa", family_name="Lis", since=date(2025, 9, 1), roles=(Role.TEACHER,)
)
FOUND = school.FoundSchool(school_id="sp1", name="Szkoła nr 1", short_name="SP 1")
ENTER = staff.EnterHours(
    hours_id="h1", year_id="y", teacher_id="t", kind_id="circle", on=DAY, hours=Decimal(1), what="szachy"
)
CORRECT = staff.CorrectHours(
    hours_id="h1",
    year_id="y",
    teacher_id="t",
    kind_id="circle",
    on=DAY,
    hours=Decimal(2),
    what="szachy",
    reason="dłużej",
    seen_hours=Decimal(1),
)


class Clock:
    """A minute later each time it is asked."""

    def __init__(self) -> None:
        self.now = BEGUN

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def register(dsn: str) -> Iterator[Register]:
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        clock = Clock()
        made = Register(journals.create_school("sp1"), now=clock)
        for command in (FOUND, YEAR, KNOWN):
            _done(made.execute(command, actor=OFFICE))
        clock.now = BEGUN
        yield made


def _done(outcome: Outcome) -> None:
    assert isinstance(outcome, Accepted), outcome


def _no(register: Register, command: Command, actor: Actor) -> Refusal:
    position = register.journal.position()
    outcome = register.execute(command, actor=actor)
    assert isinstance(outcome, Refusal), outcome
    assert register.journal.position() == position
    return outcome


def test_the_second_is_shown_the_first(register: Register) -> None:
    _done(register.execute(ENTER, actor=TEACHER))  # 9:01
    _done(register.execute(CORRECT, actor=DIRECTOR))  # 9:02
    neighbour = replace(ENTER, hours_id="h2", on=date(2025, 10, 2))
    _done(register.execute(neighbour, actor=TEACHER))  # 9:03, the stream's last fact
    refusal = _no(register, replace(CORRECT, hours=Decimal(4)), TEACHER)
    assert (refusal.code, refusal.field) == ("COMMAND.CHANGED_SINCE", "seen_hours")
    assert refusal.details == {
        "seen": "1",
        "now": "2",
        "by": "dir",
        "role": "director",
        "at": "2025-10-06T09:02:00Z",
    }
    assert "„2”" in refusal.text()


def test_a_refusal_without_an_entry_in_the_way_shows_nobody(register: Register) -> None:
    refusal = _no(register, CORRECT, TEACHER)
    assert refusal.details == {"hours": "h1"}


def test_an_id_that_is_taken_shows_by_whom(register: Register) -> None:
    _done(register.execute(ENTER, actor=TEACHER))
    refusal = _no(register, replace(ENTER, hours=Decimal(3)), DIRECTOR)
    assert (refusal.code, refusal.details["by"]) == ("STAFF.HOURS_EXIST", "t")


def test_of_two_grades_of_a_kind_the_terms_own_is_shown(register: Register) -> None:
    """Both stand in one stream with one kind: the director gave the first term's, the other's is later."""
    terms = (
        Term(term_id="t1", name="I", starts=date(2025, 9, 1), ends=date(2025, 9, 30)),
        Term(term_id="t2", name="II", starts=date(2025, 10, 1), ends=date(2026, 6, 26)),
    )
    class_ = classes.OpenClass(class_id="4a", year_id="y", name="4a", level=4)
    pupil = people.RegisterPerson(
        person_id="p", given_names="Jan", family_name="Kos", since=date(2025, 9, 1), roles=(Role.PUPIL,)
    )
    enrolled = classes.EnrolPupil(class_id="4a", pupil_id="p", since=date(2025, 9, 1))
    homeroom = classes.AppointHomeroomTeacher(class_id="4a", teacher_id="t", since=date(2025, 9, 1))
    for command in (school.SetTerms(year_id="y", terms=terms), pupil, class_, enrolled, homeroom):
        _done(register.execute(command, actor=OFFICE))
    first = behaviour_commands.GiveBehaviourGrades(
        class_id="4a",
        kind=GradeKind.TERM_FINAL,
        term_id="t1",
        on=DAY,
        grades=(behaviour_commands.BehaviourGradeEntry(pupil_id="p", mark="db"),),
    )
    _done(register.execute(first, actor=DIRECTOR))
    _done(register.execute(replace(first, term_id="t2"), actor=TEACHER))
    stale = behaviour_commands.CorrectBehaviourGrade(
        class_id="4a",
        pupil_id="p",
        kind=GradeKind.TERM_FINAL,
        term_id="t1",
        mark="bdb",
        reason="konkurs",
        seen="wz",
    )
    refusal = _no(register, stale, TEACHER)
    assert (refusal.code, refusal.details["now"], refusal.details["by"]) == (
        "COMMAND.CHANGED_SINCE",
        "db",
        "dir",
    )
