"""Random but possible hours of teachers, and lessons held in substitution.

What is possible is seen from the history itself: nothing is remembered between steps.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dziennik.contracts import lessons, staff, streams
from dziennik.domain.policies.usual_staff import USUAL_STAFF

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)
TEACHERS = ("nowak", "lis")


def entered(
    hours_id: str, teacher_id: str, day: date, hours: str = "1.5", kind_id: str = "circle", year: str = "Y"
) -> staff.HoursEntered:
    """Hours of a teacher."""
    return staff.HoursEntered(
        hours_id=hours_id,
        year_id=year,
        teacher_id=teacher_id,
        kind_id=kind_id,
        on=day,
        hours=Decimal(hours),
        what=f"zajęcia {hours_id}",
    )


def substituted(unit_id: str, day: date, period: int = 1) -> lessons.LessonHeld:
    """A lesson of Nowak's, held by Lis."""
    return lessons.LessonHeld(
        unit_id=unit_id,
        lesson_id=lessons.lesson_id(day, period, f"{unit_id}-mat"),
        on=day,
        period=period,
        assignment_id=f"{unit_id}-mat",
        subject_id="mat",
        teacher_id="lis",
        instead_of="nowak",
        topic="Ułamki",
    )


def work(history: History, chance: int) -> None:
    """One thing about teachers' hours that is possible now; others do nothing."""
    if chance % 9 == 0:
        rules = replace(USUAL_STAFF, lesson_counts=Decimal(chance % 3))
        history.tell(streams.SCHOOL, staff.StaffRulesSet(year_id="Y", rules=rules))
    elif chance % 9 < 4:
        number = sum(isinstance(one.fact, staff.HoursEntered) for one in history.recorded)
        fact = entered(f"h{number}", TEACHERS[chance % 2], FIRST + timedelta(days=chance % 90))
        history.tell(streams.staff("Y", fact.teacher_id), fact)
    elif chance % 9 < 6:
        _substitute(history, chance)
    else:
        _judge(history, chance)


def _judge(history: History, chance: int) -> None:
    told = [one.fact for one in history.recorded]
    struck = {fact.hours_id for fact in told if isinstance(fact, staff.HoursStruckOut)}
    standing = [f for f in told if isinstance(f, staff.HoursEntered) and f.hours_id not in struck]
    if not standing:
        return
    one = standing[chance % len(standing)]
    key = {"hours_id": one.hours_id, "year_id": one.year_id, "teacher_id": one.teacher_id}
    corrected = staff.HoursCorrected(
        **key,
        was_kind_id=one.kind_id,
        kind_id="trip",
        was_on=one.on,
        on=one.on + timedelta(days=31),
        was_hours=one.hours,
        hours=Decimal(3),
        was_what=one.what,
        what="wycieczka",
        reason="pomyłka",
    )
    history.tell(
        streams.staff("Y", one.teacher_id),
        (
            staff.HoursConfirmed(**key),
            staff.HoursRefused(**key, reason="nie odbyły się"),
            corrected,
            staff.HoursStruckOut(**key, reason="dwa razy"),
        )[chance // 9 % 4],
    )


def _substitute(history: History, chance: int) -> None:
    fact = substituted("B", FIRST + timedelta(days=200 + chance // 9 % 60), 1 + chance % 7)
    stream = streams.lesson("B", fact.lesson_id)
    if any(one.stream == stream for one in history.recorded):
        return
    history.tell(stream, fact)
    if chance % 2:
        history.tell(stream, lessons.LessonSigned(lesson_id=fact.lesson_id, teacher_id="lis"))
    if chance % 5 == 0:
        cancelled = lessons.LessonCancelled(
            unit_id="B",
            lesson_id=fact.lesson_id,
            on=fact.on,
            period=fact.period,
            assignment_id=fact.assignment_id,
            subject_id=fact.subject_id,
            reason="pomyłka",
        )
        history.tell(stream, cancelled)
