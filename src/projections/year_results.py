"""What has a pupil reached in a year: averages by term and year, proposed and final grades, what follows?

Reckoned when asked, from the cells of the gradebook and the rules in force: 360 cells of a class take some
milliseconds, and there is nothing to keep in step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import msgspec

from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.grading import PointSum, sum_of_points
from dziennik.domain.policies.promotion import Promotion, explain_descriptive, explain_promotion
from dziennik.domain.policies.year_average import DatedGrade, Rules, YearAverage, explain_year
from dziennik.projections import (
    behaviour,
    classification,
    descriptive,
    finals,
    grade_cells,
    gradebook,
    structure,
)
from dziennik.projections.carried_grades import Carried, into_class
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View

_KINDS = {kind.name: kind for kind in GradeKind}


class PeriodGrade(msgspec.Struct, frozen=True):
    """A proposed or final grade that stands; `term_id` is None for those of the year."""

    kind: GradeKind
    term_id: str | None
    grade: grade_cells.Grade


class PupilYear(msgspec.Struct, frozen=True):
    """One pupil in one subject of one year."""

    class_id: str
    subject_id: str
    pupil_id: str
    average: YearAverage
    points: PointSum
    grades: tuple[PeriodGrade, ...]

    def final(self) -> str | None:
        """The annual final grade as written."""
        found = [each.grade.value for each in self.grades if each.kind is GradeKind.ANNUAL_FINAL]
        return found[-1] if found else None


def rules_of_class(view: View, class_id: str) -> Rules | None:
    """The rules that the class's year is reckoned by; None when there are none."""
    unit = view.get(structure.Unit, class_id)
    year = view.get(structure.Year, unit.year_id) if unit else None
    grading = gradebook.rules_of(view, year.year_id) if year else None
    if year is None or grading is None:
        return None
    rules = classification.rules_of(view, year.year_id)
    return Rules(
        terms=year.terms,
        grading=grading.rules,
        grading_version=grading.version,
        classification=rules.rules,
        classification_version=rules.version,
    )


def results(
    cells: Iterable[gradebook.Cell], rules: Rules, carried: Iterable[Carried] = ()
) -> list[PupilYear]:
    """What the cells of one class amount to, in their order, with what its pupils brought into it."""
    brought: dict[tuple[str, str], list[Carried]] = {}
    for each in carried:
        brought.setdefault((each.subject_id, each.pupil_id), []).append(each)
    return [_result(cell, rules, brought.get((cell.subject_id, cell.pupil_id), ())) for cell in cells]


def with_carried(
    cells: Iterable[gradebook.Cell], carried: Iterable[Carried], class_id: str
) -> list[gradebook.Cell]:
    """The cells, and blank ones for subjects in which somebody only brought grades so far."""
    known = {(cell.subject_id, cell.pupil_id): cell for cell in cells}
    for each in carried:
        place = (each.subject_id, each.pupil_id)
        known.setdefault(place, gradebook.blank_cell(class_id, *place))
    return [known[place] for place in sorted(known)]


def _result(cell: gradebook.Cell, rules: Rules, carried: Sequence[Carried]) -> PupilYear:
    dated = [DatedGrade(on=each.on, grade=each.grade) for each in carried]
    dated += [DatedGrade(on=grade.on, grade=grade_cells.input_of(grade)) for grade in cell.grades]
    points = sum_of_points([one.grade for one in dated], rules.grading)
    place = (cell.class_id, cell.subject_id, cell.pupil_id)
    return PupilYear(*place, explain_year(dated, rules), points, period_grades(cell, rules))


def period_grades(cell: gradebook.Cell, rules: Rules) -> tuple[PeriodGrade, ...]:
    """The grades of terms and the year that a cell holds, in the order in which they were given."""
    found = []
    for grade in cell.grades:
        kind = _KINDS[grade.kind]
        if kind is GradeKind.CURRENT or grade.struck_out:
            continue
        of_a_term = kind in (GradeKind.TERM_PROPOSED, GradeKind.TERM_FINAL)
        term = next((t.term_id for t in rules.terms if t.starts <= grade.on <= t.ends), None)
        found.append(PeriodGrade(kind, term if of_a_term else None, grade))
    return tuple(found)


def is_at_risk(result: PupilYear, rules: Rules) -> bool:
    """Whether the average, or a grade proposed for the year, bodes failure."""
    low = result.average.value is not None and result.average.value < rules.classification.at_risk_below
    proposed = [g.grade.value for g in result.grades if g.kind is GradeKind.ANNUAL_PROPOSED]
    return low or (bool(proposed) and proposed[-1] in rules.classification.failing)


class PupilEnd(msgspec.Struct, frozen=True):
    """A pupil of a class at the end of a year, with what the rules give and what was decided."""

    enrolment: structure.Enrolment
    results: tuple[PupilYear, ...]
    promotion: Promotion
    decision: classification.PromotionRow | None


def last_day(rules: Rules, year: structure.Year) -> date:
    """The last day of lessons: the end of the last term."""
    return max((term.ends for term in rules.terms), default=year.ends)


def class_end(view: View, class_id: str) -> list[PupilEnd]:
    """The pupils of a class on the last day of lessons, in register order; of an unknown class none."""
    rules = rules_of_class(view, class_id)
    unit = view.get(structure.Unit, class_id)
    year = view.get(structure.Year, unit.year_id) if unit else None
    if unit is None or year is None or rules is None:
        return []
    day = last_day(rules, year)
    found = results(gradebook.class_cells(view, class_id), rules, into_class(view, class_id))
    taught = _taught(view, class_id, day)
    decided = classification.promotions(view, class_id)
    behaved = {
        row.pupil_id: row.standing(GradeKind.ANNUAL_FINAL) for row in behaviour.of_class(view, class_id)
    }
    described = descriptive.rules_of(view, unit.year_id)
    assessed = descriptive.assessed_areas(view, class_id)
    carried = finals.carried(view, class_id) if _is_last(unit, rules) else {}
    areas = [area.area_id for area in described.rules.areas]
    ends = []
    for enrolment in structure.pupils(view, class_id, day):
        pupil_id = enrolment.pupil_id
        mine = [result for result in found if result.pupil_id == pupil_id]
        needed = taught(pupil_id) & {result.subject_id for result in found}
        ends_with: dict[str, str | None] = {**carried.get(pupil_id, {}), **dict.fromkeys(sorted(needed))}
        ends_with |= {r.subject_id: r.final() for r in mine}
        classified, version = rules.classification, rules.classification_version
        grade = behaved.get(pupil_id)
        mark = grade.mark if grade else None
        if unit.level in described.rules.levels:
            promotion = explain_descriptive(areas, assessed.get(pupil_id, ()), mark, version)
        else:
            promotion = explain_promotion(ends_with, mark, rules.grading, classified, version, unit.level)
        ends.append(PupilEnd(enrolment, tuple(mine), promotion, decided.get(pupil_id)))
    return ends


def _is_last(unit: structure.Unit, rules: Rules) -> bool:
    """Whether it is a class of the last year of school, where final grades of earlier years count."""
    return unit.level is not None and unit.level >= rules.classification.last_level


def _taught(view: View, class_id: str, day: date) -> Callable[[str], set[str]]:
    """The subjects that a pupil is taught in the class, or in a group of it, on that day."""
    assigned = [one for one in structure.assignments(view, unit_id=class_id) if in_force(one, day)]
    members = {
        one.group_id: {member.pupil_id for member in structure.members(view, one.group_id, day)}
        for one in assigned
        if one.group_id is not None
    }
    return lambda pupil_id: {
        one.subject_id for one in assigned if one.group_id is None or pupil_id in members[one.group_id]
    }
