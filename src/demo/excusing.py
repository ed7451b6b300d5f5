"""Which excuses do parents hand in, and when? After the pupil's return, for the whole spell of illness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dziennik.contracts.absence_commands import AcceptExcuse, SubmitExcuse
from dziennik.contracts.absences import AbsenceScope
from dziennik.demo.absences import Absences
from dziennik.demo.chance import Chance
from dziennik.demo.people import Pupil, Teacher
from dziennik.demo.structure import ClassPlan, Place, Year

# What the usual rules allow; who comes back from holidays later than that stays unexcused.
IN_TIME = timedelta(days=14)
REASONS = ("Przeziębienie.", "Gorączka i wizyta u lekarza.", "Choroba, mamy zaświadczenie.", "Angina.")


@dataclass(frozen=True, slots=True)
class Excused:
    """An excuse, whose parent hands it in, and the homeroom teacher who accepts it."""

    pupil: Pupil
    homeroom: Teacher
    submit: SubmitExcuse
    accept: AcceptExcuse


@dataclass(slots=True)
class Excuses:
    """The excuses of a year by the day on which they come in."""

    year: Year
    chance: Chance
    absences: Absences
    _by_day: dict[date, list[Excused]] = field(default_factory=dict)

    def on(self, day: date) -> Iterator[Excused]:
        """What comes in on a day."""
        if not self._by_day:
            self._by_day = defaultdict(list)
            for unit in self.year.classes:
                for place in unit.places:
                    for back, excused in self._of(unit, place):
                        self._by_day[back].append(excused)
        yield from self._by_day.get(day, ())

    def _of(self, unit: ClassPlan, place: Place) -> Iterator[tuple[date, Excused]]:
        pupil_id = place.pupil.person.person_id
        spells: defaultdict[date, list[date]] = defaultdict(list)
        for day, away in self.absences[pupil_id].items():
            if away.excused_on is not None and place.covers(day):
                spells[away.excused_on].append(day)
        for back, days in spells.items():
            first, last = min(days), max(days)
            if back - first > IN_TIME or not place.covers(back):
                continue
            key = self.chance.id("excuse", unit.class_id, pupil_id, back)
            submit = SubmitExcuse(
                excuse_id=key,
                class_id=unit.class_id,
                pupil_id=pupil_id,
                scope=AbsenceScope(starts=first, ends=last),
                text=self.chance.of("excuse", pupil_id, back).choice(REASONS),
            )
            accept = AcceptExcuse(class_id=unit.class_id, excuse_id=key)
            yield back, Excused(place.pupil, unit.homeroom, submit, accept)
