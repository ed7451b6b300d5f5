"""Which statistic of a school, class or pupil is asked for? Gathers what it needs from the read models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec.structs import replace

from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.year_average import Rules
from dziennik.projections import attendance as marks
from dziennik.projections import classification, gradebook, people, structure, year_results
from dziennik.projections.dated import in_force
from dziennik.projections.gradebook import Cell, CellAverage
from dziennik.projections.rows import Lists, View
from dziennik.statistics import attendance, grades, years
from dziennik.statistics.statistic import Statistic, Text, Unit, mean


class StatisticKind(StrEnum):
    """What is counted, of a class or of all classes of a year."""

    GRADES = "grades"
    TERM_FINALS = "term_finals"
    ANNUAL_FINALS = "annual_finals"
    AVERAGES_BY_SUBJECT = "averages_by_subject"
    AVERAGES_BY_CLASS = "averages_by_class"
    AVERAGES_BY_TEACHER = "averages_by_teacher"
    ATTENDANCE_BY_WEEKDAY = "attendance_by_weekday"
    ATTENDANCE_BY_MONTH = "attendance_by_month"
    ATTENDANCE_BY_SUBJECT = "attendance_by_subject"
    MIDYEAR = "midyear"
    OUTCOMES = "outcomes"


class Measure(StrEnum):
    """What a pupil is compared by."""

    AVERAGE = "average"
    ATTENDANCE = "attendance"


_TITLES = {
    StatisticKind.GRADES: Text("Rozkład ocen bieżących", "Distribution of current grades"),
    StatisticKind.TERM_FINALS: Text("Rozkład ocen śródrocznych", "Distribution of final grades of terms"),
    StatisticKind.ANNUAL_FINALS: Text("Rozkład ocen rocznych", "Distribution of annual grades"),
    StatisticKind.AVERAGES_BY_SUBJECT: Text("Średnie według przedmiotów", "Averages by subject"),
    StatisticKind.AVERAGES_BY_CLASS: Text("Średnie według oddziałów", "Averages by class"),
    StatisticKind.AVERAGES_BY_TEACHER: Text("Średnie według nauczycieli", "Averages by teacher"),
    StatisticKind.ATTENDANCE_BY_WEEKDAY: Text(
        "Frekwencja według dni tygodnia", "Attendance by day of the week"
    ),
    StatisticKind.ATTENDANCE_BY_MONTH: Text("Frekwencja według miesięcy", "Attendance by month"),
    StatisticKind.ATTENDANCE_BY_SUBJECT: Text("Frekwencja według przedmiotów", "Attendance by subject"),
    StatisticKind.MIDYEAR: Text("Klasyfikacja śródroczna", "Mid-year classification"),
    StatisticKind.OUTCOMES: Text("Klasyfikacja i promocja", "Classification and promotion"),
}
_KINDS = {
    StatisticKind.GRADES: GradeKind.CURRENT,
    StatisticKind.TERM_FINALS: GradeKind.TERM_FINAL,
    StatisticKind.ANNUAL_FINALS: GradeKind.ANNUAL_FINAL,
}
STEPS = {Measure.AVERAGE: Decimal("0.5"), Measure.ATTENDANCE: Decimal(5)}


class Asked:
    """One question: classes of one year, narrowed to subjects that `covers` allows and that are chosen."""

    def __init__(
        self,
        view: Lists,
        units: Sequence[structure.Unit],
        *,
        subject_id: str | None = None,
        teacher_id: str | None = None,
        covers: Callable[[str], bool] = lambda _: True,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        """`hidden`: columns whose grades the asker must not see yet."""
        self._view = view
        self._units = sorted(units, key=lambda unit: (unit.name, unit.unit_id))
        self._subject_id = subject_id
        self._teacher_id = teacher_id
        self._covers = covers
        self._hidden = hidden

    def answer(self, kind: StatisticKind) -> Statistic:
        """The statistic; an empty one where the year has no rules yet."""
        if kind in _KINDS:
            return self._distribution(kind)
        if kind is StatisticKind.OUTCOMES:
            return self._outcomes()
        if kind is StatisticKind.MIDYEAR:
            return self._midyear()
        if kind.value.startswith("averages"):
            return self._averages(kind)
        return self._attendance(kind)

    def _takes(self, subject_id: str) -> bool:
        return self._covers(subject_id) and self._subject_id in (None, subject_id)

    def cells(self) -> list[Cell]:
        """The cells of the gradebook that are asked about."""
        found = [cell for unit in self._units for cell in gradebook.class_cells(self._view, unit.unit_id)]
        taken = [cell for cell in found if self._takes(cell.subject_id)]
        return [gradebook.published(self._view, cell, self._hidden) for cell in taken]

    def _distribution(self, kind: StatisticKind) -> Statistic:
        rules = gradebook.rules_of(self._view, self._units[0].year_id) if self._units else None
        if rules is None:
            return _empty(_TITLES[kind], Unit.COUNT)
        teacher = self._teacher_id
        return grades.distribution(
            self.cells(),
            rules.rules,
            _KINDS[kind],
            _TITLES[kind],
            chosen=lambda grade: teacher in (None, grade.teacher_id),
        )

    def cell_averages(self) -> list[CellAverage]:
        """The averages that are asked about; of one teacher's, or without hidden columns, the grades tell."""
        if self._teacher_id is None and not self._hidden:
            found = [a for unit in self._units for a in gradebook.class_averages(self._view, unit.unit_id)]
            return [one for one in found if self._takes(one.subject_id)]
        return [
            CellAverage(cell.class_id, cell.subject_id, cell.pupil_id, cell.average_value)
            for cell in self.cells()
            if self._teacher_id in (None, grades.teacher_of(cell))
        ]

    def _averages(self, kind: StatisticKind) -> Statistic:
        rules = gradebook.rules_of(self._view, self._units[0].year_id) if self._units else None
        versions = (rules.version,) if rules else ()
        if kind is StatisticKind.AVERAGES_BY_CLASS:
            names = {unit.unit_id: unit.name for unit in self._units}
            return grades.averages(
                self.cell_averages(), lambda cell: cell.class_id, names, _TITLES[kind], versions
            )
        if kind is StatisticKind.AVERAGES_BY_TEACHER:
            cells = self.cells()
            if self._teacher_id is not None:
                cells = [cell for cell in cells if grades.teacher_of(cell) == self._teacher_id]
            teachers = sorted({teacher for cell in cells if (teacher := grades.teacher_of(cell))})
            known = people.persons(self._view, teachers)
            names = {key: f"{who.family_name} {who.given_names}" for key, who in known.items()}
            return grades.averages(cells, grades.teacher_of, names, _TITLES[kind], versions)
        names = subject_names(self._view)
        return grades.averages(
            self.cell_averages(), lambda cell: cell.subject_id, names, _TITLES[kind], versions
        )

    def counts(self) -> list[marks.Count]:
        """How often each pupil of the classes was what by subject, in the year of the classes.

        A pupil who changed class counts, with the whole year, in the class that they came to last.
        """
        return [
            count
            for unit in self._units
            for count in marks.counts_by_pupil(self._view, self._pupils(unit), unit.year_id)
            if self._takes(count.subject_id)
        ]

    def sums(self) -> list[marks.Count]:
        """The same of all pupils together, by subject and month."""
        pupils: dict[str, list[str]] = {}
        for unit in self._units:
            pupils.setdefault(unit.year_id, []).extend(self._pupils(unit))
        return [
            count
            for year_id, those in sorted(pupils.items())
            for count in marks.counts_of_pupils(self._view, those, year_id)
            if self._takes(count.subject_id)
        ]

    def _pupils(self, unit: structure.Unit) -> list[str]:
        """The pupils of the class who did not go to another one in the same year."""
        since: dict[str, date] = {}
        gone: set[str] = set()
        for place in structure.pupils(self._view, unit.unit_id):
            since[place.pupil_id] = max(since.get(place.pupil_id, place.since), place.since)
            (gone.add if place.until else gone.discard)(place.pupil_id)
        for pupil_id in sorted(gone):
            for other in structure.enrolments(self._view, pupil_id):
                known = self._view.get(structure.Unit, other.class_id)
                if known and known.year_id == unit.year_id and other.since > since[pupil_id]:
                    since.pop(pupil_id)
                    break
        return sorted(since)

    def _attendance(self, kind: StatisticKind) -> Statistic:
        found = self._view.get(marks.YearRules, self._units[0].year_id) if self._units else None
        if found is None:
            return _empty(_TITLES[kind], Unit.PERCENT)
        rules, version = found.rules, found.version
        if kind is StatisticKind.ATTENDANCE_BY_MONTH:
            return attendance.by_month(self.sums(), rules, version, _TITLES[kind])
        if kind is StatisticKind.ATTENDANCE_BY_SUBJECT:
            names = subject_names(self._view)
            return attendance.by_subject(self.sums(), names, rules, version, _TITLES[kind])
        return attendance.by_weekday(self._sheets(), rules, version, _TITLES[kind])

    def _sheets(self) -> list[marks.Sheet]:
        """The lessons of the classes, and of interclass groups as far as pupils of the classes were asked."""
        sheets = []
        for unit in self._units:
            year = self._view.get(structure.Year, unit.year_id)
            if year is None:
                continue
            places = structure.pupils(self._view, unit.unit_id)
            for group in structure.units(self._view, unit.year_id, interclass=True):
                if unit.unit_id in group.class_ids:
                    sheet = marks.sheet_of_unit(self._view, group.unit_id, year.starts, year.ends)
                    sheets.append(self._narrowed(sheet, places))
            sheet = marks.sheet_of_unit(self._view, unit.unit_id, year.starts, year.ends)
            sheets.append(self._narrowed(sheet, None))
        return sheets

    def _narrowed(self, sheet: marks.Sheet, places: Sequence[structure.Enrolment] | None) -> marks.Sheet:
        """The lessons that are asked about; with `places` only of pupils who were there on their day."""
        rolls = [roll for roll in sheet.rolls if self._takes(roll.subject_id)]
        found = [mark for mark in sheet.marks if self._takes(mark.subject_id)]
        if places is not None:
            rolls = [
                replace(roll, asked=None if roll.asked is None else _there(roll.asked, places, roll.on))
                for roll in rolls
            ]
            found = [mark for mark in found if _there((mark.pupil_id,), places, mark.on)]
        return marks.Sheet(tuple(rolls), tuple(found))

    def _midyear(self) -> Statistic:
        """Final grades of the year's first term, of the pupils of its last day."""
        title = _TITLES[StatisticKind.MIDYEAR]
        classes = []
        rules: Rules | None = None
        for unit in self._units:
            rules = year_results.rules_of_class(self._view, unit.unit_id)
            if rules is None or not rules.terms:
                return _empty(title, Unit.COUNT)
            first = rules.terms[0]
            cells = [c for c in gradebook.class_cells(self._view, unit.unit_id) if self._takes(c.subject_id)]
            written: dict[str, list[str]] = {
                place.pupil_id: [] for place in structure.pupils(self._view, unit.unit_id, first.ends)
            }
            for cell in cells:
                for each in year_results.period_grades(cell, rules):
                    if each.kind is GradeKind.TERM_FINAL and each.term_id == first.term_id:
                        written.setdefault(cell.pupil_id, []).append(each.grade.value)
            classes.append((unit.name, [written[pupil] for pupil in sorted(written)]))
        if rules is None:
            return _empty(title, Unit.COUNT)
        told = rules.classification
        return years.classified(classes, told.failing, told.unclassified, rules.classification_version, title)

    def _outcomes(self) -> Statistic:
        classes = []
        for unit in self._units:
            decided = classification.outcomes(self._view, unit.unit_id)
            places = self._view.raw(structure.Enrolment, ("pupil_id", "until"), class_id=unit.unit_id)
            stayed = {pupil_id for pupil_id, until in places if until is None}
            of_class = [decided.get(pupil) for pupil in sorted(stayed | decided.keys())]
            classes.append((unit.name, of_class))
        return years.outcomes(classes, _TITLES[StatisticKind.OUTCOMES])


def _there(pupils: Sequence[str], places: Sequence[structure.Enrolment], day: date) -> tuple[str, ...]:
    known = {place.pupil_id for place in places if in_force(place, day)}
    return tuple([pupil for pupil in pupils if pupil in known])


def against_class(
    view: Lists,
    unit: structure.Unit,
    pupil_id: str,
    measure: Measure,
    subject_id: str | None,
    *,
    hidden: frozenset[str] = frozenset(),
) -> Statistic:
    """Where a pupil is among the pupils of the class, without anybody's name.

    `hidden`: columns that the asker must not see yet; a bar that moved would tell of them.
    """
    asked = Asked(view, [unit], subject_id=subject_id, hidden=hidden)
    if measure is Measure.AVERAGE:
        title = Text("Średnia ucznia na tle oddziału", "The pupil's average among the class")
        values = _by_pupil_averages(asked.cell_averages())
        return grades.against_class(values, pupil_id, STEPS[measure], title, Unit.AVERAGE)
    title = Text("Frekwencja ucznia na tle oddziału", "The pupil's attendance among the class")
    rules = view.get(marks.YearRules, unit.year_id)
    by_pupil = attendance.grouped(asked.counts(), lambda count: count.pupil_id) if rules else {}
    percents = (
        {p: attendance.percent_of(kinds, rules.rules) for p, kinds in by_pupil.items()} if rules else {}
    )
    known = {pupil: value for pupil, value in percents.items() if value is not None}
    return grades.against_class(known, pupil_id, STEPS[measure], title, Unit.PERCENT)


def _by_pupil_averages(cells: Sequence[CellAverage]) -> dict[str, Decimal]:
    found: dict[str, list[Decimal]] = {}
    for cell in cells:
        if cell.average_value is not None:
            found.setdefault(cell.pupil_id, []).append(cell.average_value)
    return {pupil: value for pupil, values in found.items() if (value := mean(values)) is not None}


def years_compared(view: Lists, measure: Measure) -> Statistic:
    """The school's average of grades, or its attendance, year by year, each by its own rules."""
    rows: list[tuple[str, Decimal | None, int]] = []
    for year in structure.years(view):
        asked = Asked(view, structure.units(view, year.year_id))
        if measure is Measure.AVERAGE:
            grading = gradebook.rules_of(view, year.year_id)
            values = [one.average_value for one in asked.cell_averages() if one.average_value is not None]
            rows.append((year.name, mean(values), grading.version if grading else 0))
        else:
            rules = view.get(marks.YearRules, year.year_id)
            percent = attendance.percent_of(marks.total(asked.sums()), rules.rules) if rules else None
            rows.append((year.name, percent, rules.version if rules else 0))
    if measure is Measure.AVERAGE:
        title = Text("Średnia ocen w kolejnych latach", "Average of grades year by year")
        return years.compared(rows, years.AVERAGE, Unit.AVERAGE, title)
    title = Text("Frekwencja w kolejnych latach", "Attendance year by year")
    return years.compared(rows, years.ATTENDANCE, Unit.PERCENT, title)


def outcomes_compared(view: View) -> Statistic:
    """What became of the school's pupils, year by year."""
    found = []
    for year in structure.years(view):
        decided = [
            outcome
            for unit in structure.units(view, year.year_id)
            for outcome in classification.outcomes(view, unit.unit_id).values()
        ]
        found.append((year.name, decided))
    return years.outcomes(found, Text("Promocje w kolejnych latach", "Promotions year by year"))


def subject_names(view: View) -> dict[str, str]:
    """Names of subjects by id."""
    return {subject.subject_id: subject.name for subject in structure.subjects(view)}


def _empty(title: Text, unit: Unit) -> Statistic:
    note = Text("Rok nie ma jeszcze reguł.", "The year has no rules yet.")
    return Statistic(title=title, labels=(), series=(), unit=unit, counted=0, note=note)
