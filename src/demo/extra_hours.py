"""Which hours do teachers work outside the timetable? A circle a week, confirmed month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from dziennik.contracts import staff
from dziennik.contracts.commands import Command
from dziennik.demo.chance import Chance
from dziennik.demo.people import Teacher
from dziennik.demo.structure import Year

THURSDAY: Final = 3
KINDS: Final = (("circle", "Koło zainteresowań"), ("remedial", "Zajęcia wyrównawcze"))


@dataclass(slots=True)
class ExtraHours:
    """One year's hours: every third teacher has some on Thursdays; `open` wait for the director."""

    year: Year
    teachers: list[Teacher]
    chance: Chance
    month: int = 9
    open: list[staff.HoursOf] = field(default_factory=list)

    def entered(self, day: date) -> Iterator[tuple[Teacher, Command]]:
        """What teachers enter at the end of a Thursday."""
        if day.weekday() != THURSDAY:
            return
        for place, teacher in enumerate(self.teachers[::3]):
            kind, what = KINDS[place % len(KINDS)]
            teacher_id = teacher.person.person_id
            hours_id = self.chance.id("extra hours", day, teacher_id)
            self.open.append(staff.HoursOf(hours_id=hours_id, teacher_id=teacher_id))
            yield (
                teacher,
                staff.EnterHours(
                    hours_id=hours_id,
                    year_id=self.year.year_id,
                    teacher_id=teacher_id,
                    kind_id=kind,
                    on=day,
                    hours=Decimal("1.5") if kind == "circle" else Decimal(1),
                    what=f"{what}: {teacher.faculty[0]}",
                ),
            )

    def confirmed(self, day: date) -> tuple[Command, ...]:
        """What the director confirms on the first school day of a month: all that was entered before."""
        if day.month == self.month or not self.open:
            return ()
        self.month, waiting, self.open = day.month, tuple(self.open), []
        return (staff.ConfirmHours(year_id=self.year.year_id, hours=waiting),)
