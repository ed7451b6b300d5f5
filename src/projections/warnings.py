"""Who is not proposed a grade yet although it is due, and who is at risk of failing?

Reckoned when asked, from the cells of the gradebook and the rules in force, like year_results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from dziennik.contracts.classification import ProposalsDue
from dziennik.contracts.values import GradeKind, Term
from dziennik.domain.policies.year_average import Rules
from dziennik.projections import classification, gradebook, structure, year_results
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View


class ProposalGap(msgspec.Struct, frozen=True, kw_only=True):
    """Pupils whom a teacher has proposed no grade yet, of a term or (term_id None) of the year."""

    class_id: str
    subject_id: str
    teacher_id: str
    term_id: str | None
    due_on: date
    overdue: bool
    pupils: tuple[str, ...]


class RiskReason(StrEnum):
    """Why a pupil is at risk: the average is low, or a failing mark is proposed for the year."""

    LOW_AVERAGE = "low_average"
    FAILING_PROPOSED = "failing_proposed"


class AtRisk(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil who is at risk in a subject; the average with the version of the rules it is reckoned by."""

    class_id: str
    subject_id: str
    pupil_id: str
    average: Decimal | None
    below: Decimal
    rule_version: int
    proposed: str | None
    reasons: tuple[RiskReason, ...]


def missing_proposals(view: View, class_id: str, today: date) -> list[ProposalGap]:
    """By day due, subject and teacher. Who has the final grade already needs no proposal.

    As for final grades, a subject counts in which the class is graded at all; pupils are those who were
    taught on the day due, or are today if that is to come.
    """
    unit = view.get(structure.Unit, class_id)
    year = view.get(structure.Year, unit.year_id) if unit else None
    if unit is None or year is None:
        return []
    terms = {term.term_id: term for term in year.terms}
    cells = {(cell.subject_id, cell.pupil_id): cell for cell in gradebook.class_cells(view, class_id)}
    found = []
    for due in sorted(classification.rules_of(view, year.year_id).rules.due, key=lambda one: one.on):
        term = terms.get(due.term_id) if due.term_id else None
        day = min(today, due.on)
        for one, pupils in _taught(view, unit, day, {subject for subject, _ in cells}):
            left = [p for p in pupils if not _is_settled(cells.get((one.subject_id, p)), term)]
            if left:
                found.append(_gap(class_id, one, due, left, overdue=due.on < today))
    return found


def _gap(
    class_id: str, one: structure.Assignment, due: ProposalsDue, pupils: list[str], *, overdue: bool
) -> ProposalGap:
    return ProposalGap(
        class_id=class_id,
        subject_id=one.subject_id,
        teacher_id=one.teacher_id,
        term_id=due.term_id,
        due_on=due.on,
        overdue=overdue,
        pupils=tuple(pupils),
    )


def _is_settled(cell: gradebook.Cell | None, term: Term | None) -> bool:
    """Whether a grade is proposed, or final, for the term or (None) the year."""
    kinds = (
        (GradeKind.TERM_PROPOSED.name, GradeKind.TERM_FINAL.name)
        if term
        else (GradeKind.ANNUAL_PROPOSED.name, GradeKind.ANNUAL_FINAL.name)
    )
    return cell is not None and any(
        grade.kind in kinds
        and grade.struck_out is None
        and (term is None or term.starts <= grade.on <= term.ends)
        for grade in cell.grades
    )


def _taught(
    view: View, unit: structure.Unit, day: date, graded: set[str]
) -> Iterator[tuple[structure.Assignment, list[str]]]:
    """Assignments of graded subjects with the class's pupils in them, groups of several classes included."""
    enrolled = [row.pupil_id for row in structure.pupils(view, unit.unit_id, day)]
    drawing = structure.units(view, unit.year_id, interclass=True)
    groups = [one for one in drawing if unit.unit_id in one.class_ids]
    assigned = [
        (one, one.group_id or (owner.unit_id if owner.interclass else None))
        for owner in (unit, *groups)
        for one in structure.assignments(view, unit_id=owner.unit_id)
        if in_force(one, day) and one.subject_id in graded
    ]
    for one, group_id in sorted(assigned, key=lambda each: (each[0].subject_id, each[0].assignment_id)):
        if group_id is None:
            yield one, enrolled
        else:
            members = {row.pupil_id for row in structure.members(view, group_id, day)}
            yield one, [pupil_id for pupil_id in enrolled if pupil_id in members]


def at_risk(view: View, class_id: str, today: date) -> list[AtRisk]:
    """Pupils of the class today who are at risk, by subject and pupil."""
    rules = year_results.rules_of_class(view, class_id)
    if rules is None:
        return []
    here = {row.pupil_id for row in structure.pupils(view, class_id, today)}
    cells = [cell for cell in gradebook.class_cells(view, class_id) if cell.pupil_id in here]
    found = [_risk(result, rules) for result in year_results.results(cells, rules)]
    return [one for one in found if one.reasons]


def _risk(result: year_results.PupilYear, rules: Rules) -> AtRisk:
    below = rules.classification.at_risk_below
    proposed = [g.grade.value for g in result.grades if g.kind is GradeKind.ANNUAL_PROPOSED][-1:]
    why: Mapping[RiskReason, bool] = {
        RiskReason.LOW_AVERAGE: result.average.value is not None and result.average.value < below,
        RiskReason.FAILING_PROPOSED: any(mark in rules.classification.failing for mark in proposed),
    }
    return AtRisk(
        class_id=result.class_id,
        subject_id=result.subject_id,
        pupil_id=result.pupil_id,
        average=result.average.value,
        below=below,
        rule_version=result.average.rule_version,
        proposed=proposed[0] if proposed else None,
        reasons=tuple(reason for reason, holds in why.items() if holds),
    )
