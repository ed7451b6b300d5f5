"""How many additional hours has a teacher worked in a month, by kind, and why that number?

Entered hours count once they are confirmed; a lesson held in substitution counts as the school's dated rules
say (contracts.staff.StaffRules). Everything that does not count is named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from dziennik.contracts.staff import StaffRules

# Stands among the kinds of hours; a kind of the school's own must not bear this id.
SUBSTITUTION = "substitution"


class HoursState(StrEnum):
    """What became of entered hours."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    STRUCK_OUT = "struck_out"


class HoursExclusion(StrEnum):
    """Why hours do not count."""

    NOT_CONFIRMED = "not_confirmed"
    REFUSED = "refused"
    STRUCK_OUT = "struck_out"
    LESSON_CANCELLED = "lesson_cancelled"
    LESSON_NOT_SIGNED = "lesson_not_signed"
    SAME_HOUR = "same_hour"


_STATES = {
    HoursState.ENTERED: HoursExclusion.NOT_CONFIRMED,
    HoursState.REFUSED: HoursExclusion.REFUSED,
    HoursState.STRUCK_OUT: HoursExclusion.STRUCK_OUT,
}


class HoursInput(msgspec.Struct, frozen=True, kw_only=True):
    """Entered hours as far as counting needs them."""

    hours_id: str
    teacher_id: str
    kind_id: str
    on: date
    hours: Decimal
    state: HoursState


class LessonInput(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson that `teacher_id` held instead of another."""

    lesson_id: str
    unit_id: str
    teacher_id: str
    on: date
    period: int
    signed: bool
    cancelled: bool


class CountedHours(msgspec.Struct, frozen=True):
    """Hours or a lesson (`unit_id` is set), and as how many hours they count."""

    source_id: str
    unit_id: str | None
    on: date
    hours: Decimal


class LeftOutHours(msgspec.Struct, frozen=True):
    """Hours or a lesson (`unit_id` is set) that do not count, and why."""

    source_id: str
    unit_id: str | None
    on: date
    hours: Decimal
    reason: HoursExclusion


class MonthlyHours(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's hours of one kind in one month; `month` is its first day."""

    teacher_id: str
    month: date
    kind_id: str
    hours: Decimal
    rule_version: int
    included: tuple[CountedHours, ...]
    excluded: tuple[LeftOutHours, ...]


def explain_hours(
    entered: Iterable[HoursInput], lessons: Iterable[LessonInput], rules: StaffRules, version: int
) -> list[MonthlyHours]:
    """Sums by teacher, month and kind, in that order; kinds as the rules list them, substitutions last.

    A kind that the rules no longer name counts on, after those they do. Inputs come by day and id in the
    answer, whatever their order was.
    """
    order = {kind.kind_id: place for place, kind in enumerate(rules.kinds)}
    counted: dict[tuple[str, date, str], list[CountedHours]] = {}
    left_out: dict[tuple[str, date, str], list[LeftOutHours]] = {}
    for key, found in [*map(_of_hours, entered), *_of_lessons(lessons, rules)]:
        counted.setdefault(key, [])
        if isinstance(found, CountedHours):
            counted[key].append(found)
        else:
            left_out.setdefault(key, []).append(found)

    def place(key: tuple[str, date, str]) -> tuple[str, date, bool, int, str]:
        teacher_id, month, kind_id = key
        return teacher_id, month, kind_id == SUBSTITUTION, order.get(kind_id, len(order)), kind_id

    return [
        MonthlyHours(
            teacher_id=key[0],
            month=key[1],
            kind_id=key[2],
            hours=sum((one.hours for one in counted[key]), Decimal(0)),
            rule_version=version,
            included=tuple(sorted(counted[key], key=_by_day)),
            excluded=tuple(sorted(left_out.get(key, ()), key=_by_day)),
        )
        for key in sorted(counted, key=place)
    ]


def _of_hours(one: HoursInput) -> tuple[tuple[str, date, str], CountedHours | LeftOutHours]:
    key = (one.teacher_id, one.on.replace(day=1), one.kind_id)
    reason = _STATES.get(one.state)
    if reason is None:
        return key, CountedHours(source_id=one.hours_id, unit_id=None, on=one.on, hours=one.hours)
    return key, LeftOutHours(source_id=one.hours_id, unit_id=None, on=one.on, hours=one.hours, reason=reason)


def _of_lessons(
    lessons: Iterable[LessonInput], rules: StaffRules
) -> Iterator[tuple[tuple[str, date, str], CountedHours | LeftOutHours]]:
    """Lessons that were one (merged groups) are one hour of the teacher's: the first of them counts."""
    taken: set[tuple[str, date, int]] = set()
    for one in sorted(lessons, key=lambda one: (one.on, one.period, one.unit_id, one.lesson_id)):
        key, hour = (
            (one.teacher_id, one.on.replace(day=1), SUBSTITUTION),
            (one.teacher_id, one.on, one.period),
        )
        place = (one.lesson_id, one.unit_id, one.on, rules.lesson_counts)
        reason = _left_out(one, rules) or (HoursExclusion.SAME_HOUR if hour in taken else None)
        if reason is None:
            taken.add(hour)
            yield key, CountedHours(*place)
        else:
            yield key, LeftOutHours(*place, reason)


def _left_out(one: LessonInput, rules: StaffRules) -> HoursExclusion | None:
    if one.cancelled:
        return HoursExclusion.LESSON_CANCELLED
    return HoursExclusion.LESSON_NOT_SIGNED if rules.signed_only and not one.signed else None


def _by_day(one: CountedHours | LeftOutHours) -> tuple[date, str]:
    return one.on, one.source_id
