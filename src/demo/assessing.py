"""Which grades are given, and what becomes of them?

Grades follow talent, subject and form of assessment, about as in a Polish school: a mean near 3.8. After a
test some of the weak retake it; a few entries are wrong and are corrected or struck out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from dziennik.contracts import grades as g
from dziennik.contracts.commands import Command
from dziennik.contracts.values import GradeKind
from dziennik.demo.chance import Chance, normal
from dziennik.demo.hours import Hour
from dziennik.demo.office import subject_id
from dziennik.demo.people import Pupil
from dziennik.demo.structure import Assignment, Year

TITLES = {"test": "Sprawdzian", "quiz": "Kartkówka", "homework": "Zadanie domowe", "project": "Projekt"}
EASIER = {"test": -0.15, "quiz": 0.0, "homework": 0.5, "project": 0.6, "oral": 0.1, "activity": 0.8}
# When what is given, by month and day: parents are told a month before the year ends (art. 44g of the
# education-system act: the school sets the days).
FINALS = (
    (GradeKind.TERM_PROPOSED, (1, 7), (1, 18)),
    (GradeKind.TERM_FINAL, (1, 20), (1, 29)),
    (GradeKind.ANNUAL_PROPOSED, (5, 18), (6, 5)),
    (GradeKind.ANNUAL_FINAL, (6, 8), (6, 19)),
)
PRACTICAL = ("muz", "plas", "tech", "inf", "wf")


@dataclass(slots=True)
class Gradebook:
    """What one year's teachers are still to enter, by assignment and day, and what they have entered."""

    year: Year
    chance: Chance
    due: dict[tuple[str, date], list[Command]] = field(default_factory=dict)
    numbers: dict[tuple[str, str], list[tuple[float, float]]] = field(default_factory=dict)
    # Proposed and final grades (id, value) by pupil, subject and kind.
    finals: dict[tuple[str, str, GradeKind], tuple[str, str]] = field(default_factory=dict)

    def after(self, hour: Hour, present: list[tuple[Pupil, str]]) -> Iterator[Command]:
        """What is entered at the end of a lesson: what was due, and answers given in it."""
        assignment = hour.assignment
        if not assignment.subject.graded:
            return
        rng = self.chance.of("grades", hour.lesson_id)
        if hour.form:
            self._assess(hour, hour.form, present, rng)
        yield from self.due.pop((assignment.assignment_id, hour.day), ())
        if present and hour.form is None and rng.random() < (0.4 if assignment.hours >= 2 else 0.25):
            yield self._answer(hour, rng.choice(present), rng)
        yield from self._finals(hour)

    def _next(self, hour: Hour, days: int) -> Hour | None:
        """The teacher's first own lesson there, at least so many days later."""
        earliest = hour.day + timedelta(days=days)
        return next((later for later in hour.later if later.day >= earliest), None)

    def _enter(self, hour: Hour, *commands: Command) -> None:
        self.due.setdefault((hour.assignment.assignment_id, hour.day), []).extend(commands)

    def _assess(self, hour: Hour, form: str, present: list[tuple[Pupil, str]], rng: Random) -> None:
        """A column for the whole class, entered some days later."""
        entered = self._next(hour, rng.randint(1, 6))
        if entered is None or not present or (form == "homework" and hour.assignment.hours < 2):
            return
        category = "project" if form == "test" and hour.assignment.subject.key in PRACTICAL else form
        points = form == "test" and hour.assignment.subject.points
        out_of = rng.choice((20, 25, 30)) if points else None
        column = self._column(hour, category, out_of)
        entries = []
        for pupil, class_id in present:
            pupil_id = pupil.person.person_id
            grade_id = self.chance.id("grade", hour.lesson_id, pupil_id)
            value, number = self._value(hour.assignment, pupil, category, out_of, rng)
            entries.append(g.GradeEntry(grade_id=grade_id, class_id=class_id, pupil_id=pupil_id, value=value))
            self._count(hour.assignment, pupil, number, 5.0 if category == "test" else 3.0)
            self._afterlife(entered, entries[-1], category, number, out_of, rng)
        filling = g.FillColumn(unit_id=column.unit_id, column_id=column.column_id, grades=tuple(entries))
        self._enter(entered, column, filling)

    def _column(self, hour: Hour, category: str, out_of: int | None) -> g.OpenColumn:
        return g.OpenColumn(
            column_id=self.chance.id("column", hour.lesson_id),
            unit_id=hour.assignment.unit_id,
            assignment_id=hour.assignment.assignment_id,
            title=f"{TITLES[category]}: {hour.topic.removeprefix('Sprawdzian: ').split(' – ')[0]}",
            category_id=category,
            on=hour.day,
            out_of=None if out_of is None else Decimal(out_of),
        )

    def _afterlife(
        self, entered: Hour, entry: g.GradeEntry, category: str, number: float | None, out_of: int | None,
        rng: Random,
    ) -> None:  # fmt: skip
        """A retake, a correction or a strike-out, rarely."""
        draw = rng.random()
        assignment = entered.assignment
        where = {
            "class_id": entry.class_id,
            "subject_id": subject_id(self.chance, assignment.subject.key),
            "pupil_id": entry.pupil_id,
            "grade_id": entry.grade_id,
        }
        if category == "test" and number is not None and number <= 2.5 and draw < 0.5:
            again = self._next(entered, 7)
            if again and any(p.person.person_id == entry.pupil_id for p, _ in assignment.roll(again.day)):
                self._enter(again, self._retake(again, entry, number, rng))
        elif draw > 0.997:
            fixed = self._next(entered, 1)
            if fixed:
                value = _another(entry.value, out_of)
                reason = "Pomyłka przy wpisywaniu oceny."
                self._enter(fixed, g.CorrectGrade(**where, value=value, reason=reason))
        elif draw > 0.9955:
            struck = self._next(entered, 1)
            if struck:
                reason = "Ocena wpisana niewłaściwemu uczniowi."
                self._enter(struck, g.StrikeOutGrade(**where, reason=reason))

    def _retake(self, hour: Hour, entry: g.GradeEntry, number: float, rng: Random) -> Command:
        value, better = value_of(number + 0.4 + 1.2 * rng.random(), None)
        self.numbers.setdefault((hour.assignment.assignment_id, entry.pupil_id), []).append((better, 5.0))
        return g.GiveGrade(
            grade_id=self.chance.id("retake", entry.grade_id),
            unit_id=hour.assignment.unit_id,
            class_id=entry.class_id,
            assignment_id=hour.assignment.assignment_id,
            pupil_id=entry.pupil_id,
            value=value,
            category_id="test",
            on=hour.day,
            improves=entry.grade_id,
            comment="Poprawa sprawdzianu",
        )

    def _answer(self, hour: Hour, who: tuple[Pupil, str], rng: Random) -> Command:
        """An answer or activity of one pupil, entered at once."""
        pupil, class_id = who
        category = "oral" if hour.assignment.hours >= 2 and rng.random() < 0.6 else "activity"
        value, number = self._value(hour.assignment, pupil, category, None, rng)
        self._count(hour.assignment, pupil, number, 3.0 if category == "oral" else 1.0)
        return g.GiveGrade(
            grade_id=self.chance.id("answer", hour.lesson_id),
            unit_id=hour.assignment.unit_id,
            class_id=class_id,
            assignment_id=hour.assignment.assignment_id,
            pupil_id=pupil.person.person_id,
            value=value,
            category_id=category,
            on=hour.day,
            comment="Nieprzygotowany do lekcji" if value == "np" else None,
        )

    def _finals(self, hour: Hour) -> Iterator[Command]:
        """Proposed and final grades, mid-year and annual, each at the first own lesson of its weeks."""
        begins = self.year.starts.year + 1
        for kind, first, last in FINALS:
            key = ("final", hour.assignment.assignment_id, kind.value)
            if not date(begins, *first) <= hour.day <= date(begins, *last) or key in self._done:
                continue
            self._done.add(key)
            for pupil, class_id in hour.assignment.roll(hour.day):
                grade_id, value = self.final(hour.assignment, pupil, kind)
                yield g.GiveGrade(
                    grade_id=grade_id,
                    unit_id=hour.assignment.unit_id,
                    class_id=class_id,
                    assignment_id=hour.assignment.assignment_id,
                    pupil_id=pupil.person.person_id,
                    value=value,
                    kind=kind,
                    on=hour.day,
                )

    _done: set[tuple[str, str, str]] = field(default_factory=set)

    def final(self, assignment: Assignment, pupil: Pupil, kind: GradeKind) -> tuple[str, str]:
        """The grade (id, value) of a term or year, and take note of it.

        In the year nobody fails but who is to.
        """
        mark = self._final(assignment, pupil)
        if kind in (GradeKind.ANNUAL_PROPOSED, GradeKind.ANNUAL_FINAL):
            mark = 1 if assignment.subject.key in pupil.fails else max(2, mark)
        grade_id = self.chance.id("final", assignment.assignment_id, kind.value, pupil.person.person_id)
        self.finals[pupil.person.person_id, assignment.subject.key, kind] = (grade_id, str(mark))
        return grade_id, str(mark)

    def _final(self, assignment: Assignment, pupil: Pupil) -> int:
        known = self.numbers.get((assignment.assignment_id, pupil.person.person_id))
        if not known:
            rng = self.chance.of("final", assignment.assignment_id, pupil.person.person_id)
            return 3 + rng.randrange(3)
        mean = sum(number * weight for number, weight in known) / sum(weight for _, weight in known)
        return max(1, min(6, int(mean + 0.55)))

    def _count(self, assignment: Assignment, pupil: Pupil, number: float | None, weight: float) -> None:
        if number is not None:
            key = (assignment.assignment_id, pupil.person.person_id)
            self.numbers.setdefault(key, []).append((number, weight))

    def _value(
        self, assignment: Assignment, pupil: Pupil, category: str, out_of: int | None, rng: Random
    ) -> tuple[str, float | None]:
        """The grade as written and what it counts as; homework may be missing, a pupil unprepared."""
        if rng.random() < 0.04 and category in ("homework", "oral"):
            return ("bz" if category == "homework" else "np"), None
        return value_of(self._level(assignment, pupil, category, rng), out_of)

    def _level(self, assignment: Assignment, pupil: Pupil, category: str, rng: Random) -> float:
        """How well a pupil does this time, on the scale of marks."""
        affinity = normal(self.chance.of("affinity", pupil.person.person_id, assignment.subject.key))
        easier = EASIER[category] + (0.5 if assignment.subject.key in PRACTICAL else 0.0)
        return 3.5 + pupil.talent + 0.35 * affinity + 0.65 * normal(rng) + easier


def value_of(level: float, out_of: int | None) -> tuple[str, float]:
    """The grade as written for a level of 1 to 6, and about what it counts as."""
    level = max(1.0, min(6.0, level))
    if out_of is not None:
        points = round(out_of * max(0.05, min(1.0, (level - 0.6) / 5.2)))
        return f"{points}/{out_of}", level
    mark = 6 if level >= 5.7 else min(5, int(level + 0.5))
    rest = level - mark
    if rest > 0.28 and 2 <= mark <= 5:
        return f"{mark}+", mark + 0.5
    if rest < -0.28 and 2 <= mark <= 5:
        return f"{mark}-", mark - 0.25
    return str(mark), float(mark)


def _another(value: str, out_of: int | None) -> str:
    """Another value near by, for a correction."""
    if out_of is not None:
        points = int(value.partition("/")[0])
        return f"{points - 1 if points else 1}/{out_of}"
    if not value[0].isdigit():
        return "1"
    return f"{int(value[0]) - 1 if value[0] > '1' else 2}"
