"""Queries: the calendar of a class and one's own, planned lessons, free days, limits, feeds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Reason
from dziennik.graphql import calendar_shapes as shapes
from dziennik.graphql import moments
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.granting import EVERYTHING
from dziennik.graphql.moments import Moment
from dziennik.graphql.refusing import Refused
from dziennik.graphql.scopes import children
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import calendar, own_calendars, structure
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.own_calendars import Seats

From = Annotated[date, strawberry.argument(name="from", description="First day.")]
To = Annotated[date, strawberry.argument(description="Last day.")]
ENTRIES = (*SEEN, calendar.CALENDAR.name)
PLANS = (*ENTRIES, LESSON_JOURNAL.name)
# Days of one question: entries of more than a year, or plans of more than a term's half, are no page.
MOST_DAYS, MOST_PLANS = 400, 92

SPAN_TOO_LONG = Reason(
    "CALENDAR.SPAN_TOO_LONG",
    pl="Zapytaj najwyżej o {limit} dni naraz.",
    en="Ask for at most {limit} days at once.",
)


@strawberry.type
class CalendarQueries:
    @guarded(description="What is announced to a class and to groups of its pupils; families see their own.")
    def calendar(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From,
        to: To,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.Calendar:
        context = context_of(info)
        fault_in_span(context, from_, to, MOST_DAYS)
        context.wait(school, ENTRIES, after_position)
        context = moments.of_class(context, school, class_id, as_of, calendar.CALENDAR)
        seats = _seats(context, school)
        rows = own_calendars.entries_of_class(context.view(school), class_id, from_, to, seats)
        return _calendar(context, school, rows, from_, to)  # type: ignore[return-value]

    @guarded(description="What concerns the asker: as a teacher, as a pupil, as a parent.")
    def my_calendar(
        self, info: Info, school: SchoolId, from_: From, to: To, after_position: Position = None
    ) -> shapes.Calendar:
        context = context_of(info)
        fault_in_span(context, from_, to, MOST_DAYS)
        context.wait(school, ENTRIES, after_position)
        view, person_id = context.view(school), context.access(school).person.person_id
        staff = context.roles(school) & {Role.TEACHER, Role.DIRECTOR}
        rows = {
            (row.unit_id, row.year_id, row.entry_id): row
            for row in [
                *(own_calendars.entries_of_teacher(view, person_id, from_, to) if staff else ()),
                *own_calendars.entries_of_pupils(view, _own_seats(context, school), from_, to),
            ]
        }
        in_time = sorted(rows.values(), key=lambda row: (row.on, row.period or 0, row.entry_id))
        return _calendar(context, school, in_time, from_, to)  # type: ignore[return-value]

    @guarded(description="The days of a class: which lessons are expected, which are not, and why.")
    def planned_lessons(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From,
        to: To,
        after_position: Position = None,
    ) -> list[shapes.PlannedDay]:
        context = context_of(info)
        fault_in_span(context, from_, to, MOST_PLANS)
        context.wait(school, PLANS, after_position)
        view, seats = context.view(school), _seats(context, school)
        unit = view.get(structure.Unit, class_id)
        days = own_calendars.plans_of_class(view, class_id, from_, to, seats)
        year_id = unit.year_id if unit else ""
        return [shapes.day(plan, year_id, for_family=seats is not None) for plan in days]  # type: ignore[misc]

    @guarded(description="Lessons that the asker is expected at or to hold, substitutions included.")
    def my_planned_lessons(
        self, info: Info, school: SchoolId, from_: From, to: To, after_position: Position = None
    ) -> list[shapes.PlannedLesson]:
        context = context_of(info)
        fault_in_span(context, from_, to, MOST_PLANS)
        context.wait(school, PLANS, after_position)
        view, person_id = context.view(school), context.access(school).person.person_id
        own = own_calendars.lessons_of_teacher(view, person_id, from_, to)
        found = own_calendars.lessons_of_pupils(view, _own_seats(context, school), from_, to)
        others = [lesson for lesson in found if lesson not in own]
        told = [shapes.lesson(each, for_family=False) for each in own]
        told += [shapes.lesson(each, for_family=True) for each in others]
        told.sort(key=lambda each: (each["on"], each["starts"], each["unitId"]))
        return told  # type: ignore[return-value]

    @guarded(description="Free days of a school year.")
    def school_free_days(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> list[shapes.FreeDays]:
        context = context_of(info)
        context.wait(school, ENTRIES, after_position)
        rows = calendar.free_days(context.view(school), year_id)
        return [shapes.free_days(row) for row in rows]  # type: ignore[misc]

    @guarded(description="How much a class bears in a year: tests a day and a week, days of notice.")
    def calendar_rules(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> shapes.CalendarRules:
        context = context_of(info)
        context.wait(school, ENTRIES, after_position)
        return shapes.rules(calendar.rules(context.view(school), year_id))  # type: ignore[return-value]

    @guarded(description="The asker's calendar feeds that are not revoked.")
    def my_calendar_feeds(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.CalendarFeed]:
        context = context_of(info)
        context.wait(school, ENTRIES, after_position)
        rows = calendar.feeds(context.view(school), context.access(school).person.person_id)
        return [shapes.feed(row) for row in rows]  # type: ignore[misc]


def _calendar(
    context: Context, school: str, rows: list[calendar.Entry], first: date, last: date
) -> dict[str, Any]:
    view = context.view(school)
    years = [y for y in structure.years(view) if y.starts <= last and first <= y.ends]
    free = [f for y in years for f in calendar.free_days(view, y.year_id)]
    changed = [d for y in years for d in calendar.changed_days(view, y.year_id)]
    return {
        "entries": [shapes.entry(row) for row in rows],
        "freeDays": [shapes.free_days(f) for f in free if f.starts <= last and first <= f.ends],
        "changedDays": [shapes.changed_day(d) for d in changed if first <= d.on <= last],
    }


def _seats(context: Context, school: str) -> Seats | None:
    """None for those who see all of the class asked about; otherwise where their own sit."""
    return None if context.granted == EVERYTHING else _own_seats(context, school)


def _own_seats(context: Context, school: str) -> Seats:
    """Where the asker's children sit, and the asker as a pupil."""
    pupils = set(children(context, school))
    if Role.PUPIL in context.roles(school):
        pupils.add(context.access(school).person.person_id)
    return Seats(context.view(school), pupils)


def fault_in_span(context: Context, first: date, last: date, limit: int) -> None:
    """Raises a refusal when too many days are asked for."""
    if (last - first).days >= limit:
        raise Refused(SPAN_TOO_LONG(limit=limit, field="to"), context.language)
