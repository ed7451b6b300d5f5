"""Which tests do teachers announce, when, and where is a class's limit passed with its consent?

A test is announced at an own lesson at least eight days before it. The usual limits hold: one test a day,
three a week; a fourth one needs a reason that is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from dziennik.contracts import calendar_commands as orders
from dziennik.contracts.calendar import EntryKind
from dziennik.contracts.commands import Command
from dziennik.demo.chance import Chance
from dziennik.demo.hours import Hour

NOTICE: Final = timedelta(days=8)
A_DAY, A_WEEK = 1, 3


@dataclass(slots=True)
class Announcements:
    """What is announced at each lesson, and which tests each class has on its days."""

    chance: Chance
    planned: dict[str, list[Hour]] = field(default_factory=dict)  # by the lesson at which it is told
    tests: dict[str, list[date]] = field(default_factory=dict)  # by class

    def plan(self, hours: dict[date, list[Hour]]) -> None:
        """Find the lessons at which the year's tests are told."""
        for day in hours.values():
            for hour in day:
                if hour.own:
                    self._tell_of_next(hour)

    def _tell_of_next(self, hour: Hour) -> None:
        """At the last own lesson that is early enough for a test."""
        for place, later in enumerate(hour.later):
            if later.form != "test" or later.day < hour.day + NOTICE:
                continue
            following = hour.later[place - 1 :: -1] if place else ()
            if not any(one.day <= later.day - NOTICE for one in following):
                self.planned.setdefault(hour.lesson_id, []).append(later)
            return

    def at(self, hour: Hour) -> Iterator[Command]:
        """What the teacher announces at this lesson."""
        for test in self.planned.get(hour.lesson_id, ()):
            assignment = test.assignment
            classes = assignment.group.class_ids if assignment.group else (assignment.unit_id,)
            full = any(self._is_full(class_id, test.day) for class_id in classes)
            if full and self.chance.of("override", test.lesson_id).random() < 0.8:
                continue  # told without an entry: most classes do not agree to a fourth test
            for class_id in classes:
                self.tests.setdefault(class_id, []).append(test.day)
            yield orders.PlanEntry(
                entry_id=self.chance.id("announced", test.lesson_id),
                kind=EntryKind.TEST,
                title=test.topic,
                on=test.day,
                unit_id=assignment.unit_id,
                assignment_id=assignment.assignment_id,
                period=test.period,
                override="termin uzgodniony z klasą" if full else None,
            )

    def _is_full(self, class_id: str, day: date) -> bool:
        known = self.tests.get(class_id, [])
        monday = day - timedelta(days=day.weekday())
        same_week = [one for one in known if one - timedelta(days=one.weekday()) == monday]
        return known.count(day) >= A_DAY or len(same_week) >= A_WEEK
