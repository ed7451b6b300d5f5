"""How does a year end: behaviour grades, grades that are still missing, the council, closed registers?

By the calendar: mid-year classification in January, proposals in May, final grades in June; the council
decides before the last day, registers are closed after it, the year on 31 August (s. 22 of the 2017
regulation). One final grade is corrected later, as the director permits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from dziennik.contracts import behaviour_commands as orders
from dziennik.contracts import classification as c
from dziennik.contracts import councils, finals, school
from dziennik.contracts import grades as g
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.values import GradeKind
from dziennik.demo import arranging
from dziennik.demo.assessing import Gradebook
from dziennik.demo.chance import Chance
from dziennik.demo.conduct import Conduct
from dziennik.demo.days import Step, actor_of, moment
from dziennik.demo.office import subject_id
from dziennik.demo.people import People, Pupil
from dziennik.demo.rules import HONOURS
from dziennik.demo.structure import Assignment, ClassPlan, Year, repeats

MIDYEAR: Final = ((1, 16), (1, 29), (1, 30))  # behaviour proposed, final, the council
PROPOSED: Final = (5, 25)
FINAL: Final = (6, 22)
COUNCIL: Final = (6, 24)
CLOSING: Final = (6, 29)
MORNING: Final = time(7, 0)


@dataclass(slots=True)
class YearEnd:
    """The year's classification; what it needs to know is in the gradebook and the notes by then."""

    year: Year
    people: People
    chance: Chance
    gradebook: Gradebook
    conduct: Conduct

    def _day(self, month_and_day: tuple[int, int]) -> date:
        return date(self.year.starts.year + 1, *month_and_day)

    def _step(
        self, day: date, key: str, unit: ClassPlan | None, *commands: Command, at: time = MORNING
    ) -> Step:
        """Given by the homeroom teacher of a class, or by the director."""
        who = unit.homeroom.person if unit else self.people.director
        role = Role.TEACHER if unit else Role.DIRECTOR
        name = f"/{unit.name}" if unit else ""
        return Step(f"{self.year.name}/{day}/{key}{name}", actor_of(who, role), moment(day, at), commands)

    def steps(self, day: date) -> Iterator[Step]:
        """What is done on a day before lessons begin."""
        first, second = self.year.terms
        if day == self._day(MIDYEAR[0]):
            yield from self._behaviour(day, GradeKind.TERM_PROPOSED, first.term_id)
        elif day == self._day(MIDYEAR[1]):
            yield from self._behaviour(day, GradeKind.TERM_FINAL, first.term_id)
        elif day == self._day(MIDYEAR[2]):
            yield from self._missing(day, GradeKind.TERM_FINAL)
            yield self._resolved(day, "1", first.term_id, "Klasyfikacja śródroczna")
        elif day == self._day(PROPOSED):
            yield from self._completed(day)
            yield from self._behaviour(day, GradeKind.ANNUAL_PROPOSED, None)
        elif day == self._day(FINAL):
            yield from self._missing(day, GradeKind.ANNUAL_FINAL)
            yield from self._behaviour(day, GradeKind.TERM_FINAL, second.term_id)
            yield from self._behaviour(day, GradeKind.ANNUAL_FINAL, None)
        elif day == self._day(COUNCIL):
            yield self._resolved(day, "2", None, "Klasyfikacja roczna i promocja uczniów")
            for unit in self.year.classes:
                yield self._step(day, "promotions", unit, self._promotions(unit))

    def _behaviour(self, day: date, kind: GradeKind, term_id: str | None) -> Iterator[Step]:
        for unit in self.year.classes:
            entries = tuple(
                [
                    orders.BehaviourGradeEntry(
                        pupil_id=p.person.person_id, mark=self.conduct.mark(p, term_id)
                    )
                    for p in _there(unit, day)
                ]
            )
            given = orders.GiveBehaviourGrades(
                class_id=unit.class_id, kind=kind, on=day, grades=entries, term_id=term_id
            )
            yield self._step(day, f"behaviour/{kind.value}/{term_id}", unit, given)

    def _completed(self, day: date) -> Iterator[Step]:
        """The director says which subjects end with the year: their annual grades are final ones."""
        ended = tuple(
            [
                finals.CompleteSubject(class_id=unit.class_id, subject_id=subject_id(self.chance, key))
                for unit in self.year.classes
                for key in arranging.ends_with(unit)
            ]
        )
        if ended:
            yield self._step(day, "completed", None, *ended)

    def _missing(self, day: date, kind: GradeKind) -> Iterator[Step]:
        """Grades of those whose teacher was away when they were due: the director has them entered."""
        for assignment in self.year.assignments():
            if not assignment.subject.graded:
                continue
            lacking = [one for one in assignment.roll(day) if not self._has(one[0], assignment, kind)]
            if lacking:
                given = self._given(assignment, kind, day, lacking)
                yield self._step(day, f"{kind.value}/{assignment.assignment_id}", None, given)

    def _has(self, pupil: Pupil, assignment: Assignment, kind: GradeKind) -> bool:
        return (pupil.person.person_id, assignment.subject.key, kind) in self.gradebook.finals

    def _given(
        self, assignment: Assignment, kind: GradeKind, day: date, lacking: Sequence[tuple[Pupil, str]]
    ) -> Command:
        entries = []
        for pupil, class_id in lacking:
            grade_id, value = self.gradebook.final(assignment, pupil, kind)
            entries.append(
                g.GradeEntry(
                    grade_id=grade_id, class_id=class_id, pupil_id=pupil.person.person_id, value=value
                )
            )
        return g.GivePeriodGrades(
            unit_id=assignment.unit_id,
            assignment_id=assignment.assignment_id,
            kind=kind,
            on=day,
            grades=tuple(entries),
        )

    def _resolved(self, day: date, number: str, term_id: str | None, text: str) -> Step:
        adopted = councils.RecordResolution(
            resolution_id=self.chance.id("resolution", self.year.name, number),
            year_id=self.year.year_id,
            number=f"{number}/{self.year.name}",
            on=day,
            text=text,
            term_id=term_id,
        )
        return self._step(day, f"resolution/{number}", None, adopted)

    def _promotions(self, unit: ClassPlan) -> Command:
        decisions = tuple(
            [
                c.PromotionDecision(pupil_id=p.person.person_id, outcome=self._outcome(unit, p))
                for p in _there(unit, self.year.terms[-1].ends)
            ]
        )
        return c.DecidePromotions(class_id=unit.class_id, decisions=decisions)

    def _outcome(self, unit: ClassPlan, pupil: Pupil) -> c.Outcome:
        """What becomes of a pupil, by the annual grades."""
        if pupil.fails:
            return c.Outcome.REPEATS if repeats(pupil) else c.Outcome.PROMOTED_CONDITIONALLY
        marks = [
            int(value)
            for (who, _, kind), (_, value) in self.gradebook.finals.items()
            if who == pupil.person.person_id and kind is GradeKind.ANNUAL_FINAL
        ]
        mean = (Decimal(sum(marks)) / len(marks)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        honours = mean >= HONOURS and self.conduct.mark(pupil, None) in ("wz", "bdb")
        if unit.level == 8:
            return c.Outcome.FINISHED_WITH_HONOURS if honours else c.Outcome.FINISHED
        return c.Outcome.PROMOTED_WITH_HONOURS if honours else c.Outcome.PROMOTED

    def registers(self) -> Iterator[Step]:
        """After the last lesson: each homeroom teacher closes the register."""
        day = self._day(CLOSING)
        for unit in self.year.classes:
            yield self._step(day, "register", unit, c.CloseRegister(class_id=unit.class_id))

    def closed(self) -> Step:
        """On 31 August the director closes the year."""
        class_ids = tuple([unit.class_id for unit in self.year.classes])
        command = school.CloseSchoolYear(year_id=self.year.year_id, class_ids=class_ids)
        return self._step(self.year.ends, "closed", None, command, at=time(14, 0))

    def aftermath(self, day: date) -> Iterator[Step]:
        """In September the director permits a correction of the closed year, and the teacher makes it."""
        permitted, corrected = date(self.year.ends.year, 9, 9), date(self.year.ends.year, 9, 10)
        if day not in (permitted, corrected):
            return
        assignment = next(a for a in self.year.assignments() if a.subject.key == "mat")
        pupil, class_id = assignment.roll(self.year.terms[-1].ends)[0]
        if day == permitted:
            permit = c.PermitCorrection(
                permit_id=self.chance.id("permit", self.year.name),
                unit_id=class_id,
                person_id=assignment.teacher.person.person_id,
                until=date(day.year, 9, 30),
                what="ocena roczna z matematyki jednego ucznia",
                reason="wynik sprawdzianu przeprowadzonego po zastrzeżeniu rodziców",
                legal_basis="art. 44n ust. 4 ustawy o systemie oświaty",
            )
            hours = c.PermitYearCorrection(
                permit_id=self.chance.id("permit", self.year.name, "hours"),
                year_id=self.year.year_id,
                book=c.YearBook.HOURS,
                person_id=assignment.teacher.person.person_id,
                until=date(day.year, 9, 30),
                what="godzina dodatkowa, której zabrakło w rozliczeniu czerwca",
                reason="wniosek nauczyciela z 7 września",
                legal_basis="zarządzenie dyrektora nr 4/2026",
            )
            yield self._step(day, "permit", None, permit, hours)
            return
        grade_id, value = self.gradebook.finals[pupil.person.person_id, "mat", GradeKind.ANNUAL_FINAL]
        correction = g.CorrectGrade(
            class_id=class_id,
            subject_id=subject_id(self.chance, "mat"),
            pupil_id=pupil.person.person_id,
            grade_id=grade_id,
            value=str(int(value) + 1 if value < "6" else 5),
            reason="Sprawdzian po zastrzeżeniu, protokół komisji z 8 września.",
        )
        teacher = actor_of(assignment.teacher.person, Role.TEACHER)
        yield Step(f"{self.year.name}/corrected", teacher, moment(day, MORNING), (correction,))


def _there(unit: ClassPlan, day: date) -> list[Pupil]:
    """Who is in the class on that day."""
    return [place.pupil for place in unit.places if place.covers(day)]
