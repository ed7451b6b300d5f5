"""Whose absence should somebody look into, and why?

By the year's rules (AbsenceRules): lessons missed in a row up to the last one, hours that nobody excused,
and subjects attended so little that the pupil may be left unclassified (education-system act, art. 44k).
Every alarm names the lessons it follows from, its limit, and the version of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from dziennik.contracts.absences import AbsenceRules
from dziennik.contracts.values import AttendanceKind, AttendanceRules
from dziennik.domain.policies.attendance import Percentage, explain_percentage

_MISSED = (AttendanceKind.ABSENT, AttendanceKind.ABSENT_EXCUSED)
# Neither there nor missing: a run of missed lessons goes on over them, and they do not count in it.
_PASSED_OVER = (AttendanceKind.SCHOOL_REASON, AttendanceKind.RELEASED)


class AlarmKind(StrEnum):
    """What an alarm is about."""

    MISSED_IN_A_ROW = "missed_in_a_row"
    HOURS_NOT_EXCUSED = "hours_not_excused"
    LOW_PRESENCE = "low_presence"


class Attended(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson at which the pupil was asked, and what the pupil was."""

    on: date
    period: int
    unit_id: str
    lesson_id: str
    subject_id: str
    kind: AttendanceKind


class RulesOfYear(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that alarms go by, each with its version."""

    absences: AbsenceRules
    absences_version: int
    attendance: AttendanceRules
    attendance_version: int


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm: `found` reached `limit`, or (low presence) stayed below it.

    `lessons` are those missed, oldest first; of them `not_excused` nobody excused. `percentage` explains low
    presence in `subject_id`.
    """

    kind: AlarmKind
    rule_version: int
    limit: Decimal
    found: Decimal
    lessons: tuple[Attended, ...]
    not_excused: int
    subject_id: str | None = None
    percentage: Percentage | None = None


def alarms(lessons: Sequence[Attended], rules: RulesOfYear) -> list[Alarm]:
    """A pupil's alarms from all lessons of the year at which the pupil was asked, in any order."""
    in_time = sorted(lessons, key=lambda one: (one.on, one.period, one.lesson_id))
    found = [_in_a_row(in_time, rules), _not_excused(in_time, rules)]
    by_subject: dict[str, list[Attended]] = {}
    for one in in_time:
        by_subject.setdefault(one.subject_id, []).append(one)
    found += [_presence(subject, by_subject[subject], rules) for subject in sorted(by_subject)]
    return [alarm for alarm in found if alarm is not None]


def _in_a_row(lessons: Sequence[Attended], rules: RulesOfYear) -> Alarm | None:
    limit, run = rules.absences.missed_in_a_row, []
    for one in reversed(lessons):
        if one.kind in _MISSED:
            run.append(one)
        elif one.kind not in _PASSED_OVER:
            break
    if limit is None or len(run) < limit:
        return None
    return _alarm(AlarmKind.MISSED_IN_A_ROW, Decimal(limit), Decimal(len(run)), run[::-1], rules)


def _not_excused(lessons: Sequence[Attended], rules: RulesOfYear) -> Alarm | None:
    limit = rules.absences.hours_not_excused
    found = [one for one in lessons if one.kind is AttendanceKind.ABSENT]
    if limit is None or len(found) < limit:
        return None
    return _alarm(AlarmKind.HOURS_NOT_EXCUSED, Decimal(limit), Decimal(len(found)), found, rules)


def _presence(subject_id: str, lessons: Sequence[Attended], rules: RulesOfYear) -> Alarm | None:
    """Compared before rounding: 49.96 % is below 50 %, though it is shown as 50.0."""
    least = rules.absences.least_presence
    share = explain_percentage(_counted(lessons), rules.attendance, rules.attendance_version)
    if least is None or not share.counted or share.counted < rules.absences.presence_after:
        return None
    if 100 * share.present >= least * share.counted:
        return None
    missed = [one for one in lessons if one.kind in _MISSED]
    found = share.value if share.value is not None else Decimal(0)
    alarm = _alarm(AlarmKind.LOW_PRESENCE, least, found, missed, rules)
    return msgspec.structs.replace(alarm, subject_id=subject_id, percentage=share)


def _counted(lessons: Sequence[Attended]) -> Mapping[AttendanceKind, int]:
    counts = dict.fromkeys(AttendanceKind, 0)
    for one in lessons:
        counts[one.kind] += 1
    return counts


def _alarm(
    kind: AlarmKind, limit: Decimal, found: Decimal, missed: Sequence[Attended], rules: RulesOfYear
) -> Alarm:
    return Alarm(
        kind=kind,
        rule_version=rules.absences_version,
        limit=limit,
        found=found,
        lessons=tuple(missed),
        not_excused=sum(one.kind is AttendanceKind.ABSENT for one in missed),
    )
