"""Who may speak of a pupil's absence, and are the days they speak of sound?"""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import absence_commands as orders
from dziennik.contracts.absences import AbsenceScope
from dziennik.contracts.classes import NO_SUCH_PERIOD, NOT_ENROLLED
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import AttendanceKind, AttendanceType
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.people import person
from dziennik.domain.school import Year
from dziennik.domain.units import Unit, not_a_unit
from dziennik.domain.world import Asked, World

FAMILY = frozenset({Role.PARENT, Role.PUPIL})
# The longest time that one excuse, announcement or trip speaks of; longer ones are several.
LONGEST = timedelta(days=31)
OF_AGE = 18


def class_of(world: World, class_id: str) -> tuple[Unit, Year] | Refusal:
    """The class with its year; interclass groups and other registers have no absences of their own."""
    found = unit_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    return found if found[0].is_class else not_a_unit(class_id, "class_id")


# Excuses or announcements of a pupil in a class and year: two for every day of school.
MOST_TOLD = 400


def spoken_for(
    world: World, asked: Asked, command: orders.AnnounceAbsence | orders.SubmitExcuse
) -> Year | Refusal:
    """The class's year, if a family may say this of the pupil and of these days in the class."""
    found = class_of(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    scope = command.scope
    fault = (
        fault_in_speaker(world, asked, command.pupil_id)
        or fault_in_scope(year, scope)
        or fault_in_enrolment(state, command.pupil_id, scope.starts, scope.ends)
    )
    return fault or year


def fault_in_speaker(world: World, asked: Asked, pupil_id: str) -> Refusal | None:
    """Parents speak for children over whom they hold rights today, pupils for themselves once of age."""
    if asked.actor.role is Role.PARENT:
        mine = world[person(pupil_id)].parent_may(asked.actor.person, ParentalPower.DECISIONS, asked.today)
        return None if mine else orders.NOT_YOUR_PUPIL(field="pupil_id")
    if asked.actor.person != pupil_id:
        return orders.NOT_YOUR_PUPIL(field="pupil_id")
    details = world[person(pupil_id)].details
    grown = details is not None and is_of_age(details.birth_date, asked.today)
    return None if grown else orders.NOT_OF_AGE(field="pupil_id")


def is_of_age(birth_date: str | None, day: date) -> bool:
    """18 years are over when the last day of them begins; in a year without 29 February on the 28th
    (art. 112 of the Civil Code). Of an unknown birth date: no."""
    try:
        born = date.fromisoformat(birth_date or "")
    except ValueError:
        return False
    try:
        comes_of_age = born.replace(year=born.year + OF_AGE)
    except ValueError:
        comes_of_age = date(born.year + OF_AGE, 2, 28)
    return comes_of_age <= day


def fault_in_homeroom(state: Unit, asked: Asked) -> Refusal | None:
    """The homeroom teacher of today decides for the class, or the director."""
    theirs = asked.actor.role is not Role.TEACHER or state.homeroom_teacher(asked.today) == asked.actor.person
    return None if theirs else orders.NOT_YOURS_TO_DECIDE(field="class_id")


def fault_in_scope(year: Year, scope: AbsenceScope) -> Refusal | None:
    """Days in order, in a term of the year; hours that there are, of one day only, each once."""
    starts, ends, periods = scope.starts, scope.ends, scope.periods
    # Not `starts + LONGEST`: there is no day after the calendar's last.
    sound = starts <= ends and ends - starts <= LONGEST and (not periods or starts == ends)
    if not sound or len(set(periods)) < len(periods):
        return orders.SCOPE_UNSOUND(starts=starts, ends=ends, limit=LONGEST.days + 1, field="scope")
    fault = fault_in_day(year, starts, "scope.starts") or fault_in_day(year, ends, "scope.ends")
    if fault:
        return fault
    for day, field in ((starts, "scope.starts"), (ends, "scope.ends")):
        if year.terms and year.term_on(day) is None:
            return orders.OUTSIDE_TERMS(on=day, year=year.name, field=field)
    known = {period.number for period in year.periods}
    for place, period in enumerate(periods):
        if period not in known:
            return NO_SUCH_PERIOD(period=period, field=f"scope.periods[{place}]")
    return None


def fault_in_enrolment(
    state: Unit, pupil_id: str, first: date, last: date, field: str = "pupil_id"
) -> Refusal | None:
    """The pupil is in the class on the first and on the last day."""
    for day in (first, last):
        if state.enrolment(pupil_id, day) is None:
            return NOT_ENROLLED(pupil=pupil_id, on=day, field=field)
    return None


def type_of_kind(year: Year, kind: AttendanceKind) -> AttendanceType | None:
    """The school's first attendance type of a base kind."""
    return next((each for each in year.attendance.types if each.kind is kind), None)


def fault_in_kind(year: Year, kind: AttendanceKind, field: str) -> Refusal | None:
    """The school has to have an attendance type of that kind."""
    known = type_of_kind(year, kind)
    return None if known else orders.NO_TYPE_OF_KIND(kind=kind.value, field=field)
