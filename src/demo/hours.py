"""Which lessons are there in a year, who holds each, and about what?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dziennik.contracts.lessons import lesson_id
from dziennik.demo.chance import Chance
from dziennik.demo.curriculum import FORMS
from dziennik.demo.people import People, Teacher
from dziennik.demo.structure import Assignment, Year
from dziennik.demo.timetable import Hours

# Lessons to a theme, by weekly hours: the last one is the test.
THEME_LENGTH: Final = {5: 36, 4: 32, 3: 27, 2: 20, 1: 12}
WEEKS: Final = 40  # of lessons in a year, more than there are: no teacher gets to the end of a plan
SHORT_YEAR: Final = 60  # days: a trial month has shorter themes, so that it has tests


@dataclass(slots=True)
class Hour:
    """One lesson of one assignment. `teacher` holds it; `cancelled` gives the reason when nobody does.

    `topic` and `form` (what happens in it: "test", "quiz", "homework") are of the own teacher's plan, whose
    item it is about; a substitute's lesson is about none.
    `later` are the own teacher's further lessons.
    """

    day: date
    period: int
    assignment: Assignment
    teacher: Teacher
    cancelled: str | None = None
    own: bool = True
    topic: str = ""
    item: str | None = None
    form: str | None = None
    later: tuple[Hour, ...] = ()

    @property
    def lesson_id(self) -> str:
        return lesson_id(self.day, self.period, self.assignment.assignment_id)


def hours_of(
    year: Year, people: People, timetables: Mapping[date, Hours], chance: Chance
) -> dict[date, list[Hour]]:
    """All lessons of the year by day, in the order of periods."""
    days = year.days()
    absent = _absences(people, days, year, chance)
    planned: dict[date, list[Hour]] = {}
    for day in days:
        table = timetables[max(since for since in timetables if since <= day)]
        planned[day] = _day(year, people, table, day, absent.get(day, set()), chance)
    by_assignment: dict[str, list[Hour]] = {}
    for hours in planned.values():
        for hour in hours:
            by_assignment.setdefault(hour.assignment.assignment_id, []).append(hour)
    for assignment in year.assignments():
        _plan(assignment, by_assignment.get(assignment.assignment_id, []), len(days))
    return planned


def _absences(people: People, days: list[date], year: Year, chance: Chance) -> dict[date, set[int]]:
    """On which days which teachers (by place in the list) are away: some spells a year."""
    away: dict[date, set[int]] = {}
    for place, _ in enumerate(people.teachers):
        rng = chance.of("teacher away", year.name, place)
        at = 0
        while at < len(days):
            if rng.random() < 0.015:
                for day in days[at : at + rng.randint(1, 4)]:
                    away.setdefault(day, set()).add(place)
                at += 5
            at += 1
    return away


def _day(year: Year, people: People, table: Hours, day: date, absent: set[int], chance: Chance) -> list[Hour]:
    weekday = day.isoweekday()
    busy: dict[int, set[int]] = {}
    hours = []
    for assignment in year.assignments():
        for on, period in table[assignment.assignment_id]:
            if on == weekday:
                hours.append(Hour(day, period, assignment, assignment.teacher))
                busy.setdefault(id(assignment.teacher), set()).add(period)
    hours.sort(key=lambda hour: (hour.period, hour.assignment.assignment_id))
    if absent:
        rng = chance.of("substitutes", year.name, day)
        away = {id(people.teachers[place]) for place in absent}
        last = max(hour.period for hour in hours)
        for hour in hours:
            if id(hour.assignment.teacher) not in away:
                continue
            free = [
                t
                for t in people.teachers
                if id(t) not in away and hour.period not in busy.setdefault(id(t), set())
            ]
            hour.own = False
            if not free or (hour.period in (1, last) and rng.random() < 0.5):
                hour.cancelled = rng.choice(("choroba nauczyciela", "nieobecność nauczyciela – szkolenie"))
            else:
                hour.teacher = rng.choice(free)
                busy[id(hour.teacher)].add(hour.period)
    return hours


def _plan(assignment: Assignment, hours: list[Hour], days: int) -> None:
    """Topics in order, theme by theme; substituted lessons stand outside the plan."""
    own = [hour for hour in hours if hour.own]
    topics = topics_of(assignment, days)
    for place, hour in enumerate(own):
        (hour.topic, hour.form), hour.item = topics[place], str(place + 1)
        hour.later = tuple(own[place + 1 :])
    for hour in hours:
        if not hour.own and hour.cancelled is None:
            hour.topic = f"{hour.teacher.faculty[0].upper()}: zajęcia zastępcze – ćwiczenia i powtórzenie"
        if not assignment.subject.graded:
            hour.form = None


def topics_of(assignment: Assignment, days: int) -> list[tuple[str, str | None]]:
    """The topics of all of a year, a lesson each, and what is assessed there; in a year of so many days."""
    length = THEME_LENGTH[assignment.hours] // (1 if days > SHORT_YEAR else 3)
    themes = assignment.subject.themes
    return [
        _topic(themes[(assignment.level * 2 + place // length) % len(themes)], place % length, length)
        for place in range(WEEKS * assignment.hours)
    ]


def _topic(theme: str, at: int, length: int) -> tuple[str, str | None]:
    """The topic at a place within a theme, and what is assessed there."""
    if at == length - 1:
        return FORMS[-1].format(theme=theme), "test"
    if at == length - 2:
        return FORMS[-2].format(theme=theme), None
    kinds = len(FORMS) - 2
    kind = at * kinds // (length - 2)
    first = -(-kind * (length - 2) // kinds)
    part = at - first + 1
    topic = FORMS[kind].format(theme=theme) + (f" (cz. {part})" if part > 1 else "")
    assessed = {3: "homework", 4: "quiz"}.get(kind) if part == 1 else None
    return topic, assessed
