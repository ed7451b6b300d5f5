"""How do pupils behave, and what do teachers note about it?

Notes follow character and mood; parents confirm many of them. The homeroom teacher's grades follow from the
points of the term, a step better for whoever does well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dziennik.contracts import behaviour_commands as orders
from dziennik.contracts.commands import Command
from dziennik.demo.chance import Chance
from dziennik.demo.hours import Hour
from dziennik.demo.people import Pupil
from dziennik.demo.structure import Year

# category: points (those of the usual rules), and what is written
GOOD: Final = (
    ("helping", 5, "Pomaga koleżankom i kolegom w nauce."),
    ("community", 10, "Przygotowała gazetkę szkolną.", "Przygotował gazetkę szkolną."),
    ("diligence", 5, "Zawsze przygotowana do lekcji.", "Zawsze przygotowany do lekcji."),
    ("contest", 10, "Udział w konkursie przedmiotowym."),
    ("praise", 10, "Pochwała za wzorową postawę."),
)
BAD: Final = (
    ("disturbing", -5, "Rozmawia na lekcji mimo upomnień."),
    ("neglect", -5, "Nie odrobiła pracy domowej trzeci raz.", "Nie odrobił pracy domowej trzeci raz."),
    ("manners", -10, "Niegrzecznie odnosi się do innych."),
)
START: Final = 100
STEPS: Final = ((170, "wz"), (120, "bdb"), (80, "db"), (40, "popr"), (1, "ndp"))
MARKS: Final = ("wz", "bdb", "db", "popr", "ndp", "ng")
OFTEN: Final = 0.055  # notes a lesson


@dataclass(slots=True)
class Conduct:
    """One year's notes as they come, and the points they add up to by pupil and term."""

    year: Year
    chance: Chance
    points: dict[tuple[str, str], int] = field(default_factory=dict)
    # Notes that a parent is to see, by day: (class, pupil, note)
    unseen: list[tuple[date, str, Pupil, str]] = field(default_factory=list)

    def after(self, hour: Hour, present: list[tuple[Pupil, str]]) -> Iterator[Command]:
        """What the own teacher of a class notes at the end of a lesson: rarely something."""
        rng = self.chance.of("note", hour.lesson_id)
        if not present or rng.random() >= OFTEN:
            return
        some = rng.sample(present, min(3, len(present)))
        pupil, class_id = max(some, key=lambda one: abs(_character(one[0])))
        if class_id != hour.assignment.unit_id:
            return  # of another unit's pupils an interclass group's teacher says nothing here
        good = rng.random() < 0.55 + 0.25 * _character(pupil)
        category, points, *texts = rng.choice(GOOD if good else BAD)
        note_id = self.chance.id("note", hour.lesson_id)
        yield orders.WriteNote(
            note_id=note_id,
            class_id=class_id,
            pupil_id=pupil.person.person_id,
            category_id=category,
            on=hour.day,
            text=texts[0] if pupil.person.female else texts[-1],
        )
        self._count(pupil, hour.day, points)
        if rng.random() < 0.7:
            self.unseen.append((hour.day, class_id, pupil, note_id))

    def _count(self, pupil: Pupil, day: date, points: int) -> None:
        term = next(term for term in self.year.terms if term.starts <= day <= term.ends)
        key = (pupil.person.person_id, term.term_id)
        self.points[key] = self.points.get(key, START) + points

    def seen(self, day: date) -> Iterator[tuple[Pupil, orders.AcknowledgeNote]]:
        """What parents confirm on a day of notes of the days before."""
        waiting, self.unseen = self.unseen, []
        for written, class_id, pupil, note_id in waiting:
            if written >= day:
                self.unseen.append((written, class_id, pupil, note_id))
                continue
            pupil_id = pupil.person.person_id
            yield pupil, orders.AcknowledgeNote(class_id=class_id, pupil_id=pupil_id, note_id=note_id)

    def mark(self, pupil: Pupil, term_id: str | None) -> str:
        """The grade of a term, or of the year (None): by its points, a step better for the talented."""
        terms = [term.term_id for term in self.year.terms if term_id in (None, term.term_id)]
        sums = [self.points.get((pupil.person.person_id, term), START) for term in terms]
        mean = sum(sums) / len(sums)
        place = next((MARKS.index(mark) for least, mark in STEPS if mean >= least), len(MARKS) - 1)
        return MARKS[max(0, place - (1 if pupil.talent > 0.4 and not pupil.truant else 0))]


def _character(pupil: Pupil) -> float:
    """Between -1 and 1."""
    return max(-1.0, min(1.0, pupil.talent / 2 - (0.8 if pupil.truant else 0.0)))
