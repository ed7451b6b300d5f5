"""Lessons, people and absences that the stories of absences are told with.

On Wednesday 4a had Polish in hours 2 and 3 (Nowak), English for a group in hour 4 (Lis), ethics with 4b in
hour 5 (Lis). Ćma's mother speaks for her; Bóbr came of age the day before.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts import people, streams
from dziennik.contracts.absences import (
    AbsenceRules,
    AbsenceRulesSet,
    AbsenceScope,
    GroupRollCalled,
)
from dziennik.contracts.attendance import AbsenceRecorded, AttendanceCorrected, LatenessRecorded, RollCalled
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import LessonHeld, LessonRef, lesson_id
from dziennik.contracts.people import Guardianship
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.world import Entry
from tests.domain.register import REGISTER, SEPTEMBER
from tests.domain.sentence import at

TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 10, day) for day in (13, 14, 15))
MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
BOBR = Actor(account="account-bobr", role=Role.PUPIL, person="bobr")
UNITS = {"pol-4a": "4a", "en-4a": "4a", "eth": "ethics"}


def held(assignment_id: str, period: int, on: date = WEDNESDAY) -> Entry:
    """A lesson that took place."""
    unit_id = UNITS[assignment_id]
    group = {"en-4a": "4a-en", "eth": "ethics"}.get(assignment_id)
    fact = LessonHeld(
        unit_id=unit_id,
        lesson_id=lesson_id(on, period, assignment_id),
        on=on,
        period=period,
        assignment_id=assignment_id,
        subject_id=assignment_id.partition("-")[0],
        teacher_id="nowak" if assignment_id == "pol-4a" else "lis",
        group_id=group,
    )
    return at(streams.lesson(unit_id, fact.lesson_id), fact)


def in_lesson(lesson: str, fact: Fact) -> Entry:
    """A fact in the stream of a lesson."""
    return at(streams.lesson(UNITS[lesson.rpartition(".")[2]], lesson), fact)


def called(lesson: str, *pupils: str) -> Entry:
    return in_lesson(lesson, RollCalled(lesson_id=lesson, pupils=pupils))


def absent(lesson: str, pupil_id: str, kind: AttendanceKind = AttendanceKind.ABSENT) -> Entry:
    type_id = kind.value.replace("_", "-")
    fact = AbsenceRecorded(lesson_id=lesson, pupil_id=pupil_id, type_id=type_id, kind=kind)
    return in_lesson(lesson, fact)


def late(lesson: str, pupil_id: str) -> Entry:
    kind = AttendanceKind.LATE
    fact = LatenessRecorded(lesson_id=lesson, pupil_id=pupil_id, type_id="late", kind=kind, minutes=9)
    return in_lesson(lesson, fact)


def corrected(
    lesson: str,
    pupil_id: str,
    was: AttendanceKind,
    kind: AttendanceKind,
    reason: str = "usprawiedliwienie",
    minutes: int | None = None,
) -> Entry:
    """A mark that became another."""
    fact = AttendanceCorrected(
        lesson_id=lesson,
        pupil_id=pupil_id,
        was_type_id=was.value.replace("_", "-"),
        was_kind=was,
        type_id=kind.value.replace("_", "-"),
        kind=kind,
        reason=reason,
        minutes=minutes,
    )
    return in_lesson(lesson, fact)


def of_4a(fact: Fact) -> Entry:
    """In the stream of 4a's absences."""
    return at(streams.absences("4a"), fact)


def of_4b(fact: Fact) -> Entry:
    return at(streams.absences("4b"), fact)


def rules(changed: AbsenceRules) -> Entry:
    """The year's rules for absences."""
    return at(streams.SCHOOL, AbsenceRulesSet(year_id="y2026", rules=changed))


def ref(lesson: str) -> LessonRef:
    return LessonRef(unit_id=UNITS[lesson.rpartition(".")[2]], lesson_id=lesson)


POLISH_2, POLISH = lesson_id(WEDNESDAY, 2, "pol-4a"), lesson_id(WEDNESDAY, 3, "pol-4a")
ENGLISH, ETHICS = lesson_id(WEDNESDAY, 4, "en-4a"), lesson_id(WEDNESDAY, 5, "eth")
RIGHTS = at(
    streams.person("cma"),
    people.ParentalRightsGranted(
        pupil_id="cma", parent_id="mother", guardianship=Guardianship.PARENT, since=SEPTEMBER
    ),
)
RIGHTS_ENDED = at(
    streams.person("cma"),
    people.ParentalRightsEnded(pupil_id="cma", parent_id="mother", until=TUESDAY, basis="III RC 1/26"),
)
OF_AGE = at(
    streams.person("bobr"),
    people.PersonalDetailsRecorded(person_id="bobr", birth_date="2008-10-14"),
)
NOTED = (
    of_4a(GroupRollCalled(class_id="4a", group_id="ethics")),
    of_4b(GroupRollCalled(class_id="4b", group_id="ethics")),
)
PAST = (
    *REGISTER, RIGHTS, OF_AGE, held("pol-4a", 2), held("pol-4a", 3), held("en-4a", 4), held("eth", 5),
)  # fmt: skip
THE_DAY = AbsenceScope(starts=WEDNESDAY, ends=WEDNESDAY)
