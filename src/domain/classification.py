"""The rules for the end of a year: classification, promotions, closed registers, permitted corrections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from dziennik.contracts import classification as said
from dziennik.contracts import streams
from dziennik.contracts.classes import NOT_ENROLLED
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, together
from dziennik.contracts.school import DATES_REVERSED, CloseSchoolYear, SchoolYearClosed
from dziennik.contracts.values import GradeKind
from dziennik.domain.absence_state import absences
from dziennik.domain.behaviour_state import behaviour
from dziennik.domain.classes import unit_and_year
from dziennik.domain.classification_state import classification, year_permits
from dziennik.domain.descriptive import assessed_areas
from dziennik.domain.disputes import unanswered
from dziennik.domain.finals import finals as final_grades
from dziennik.domain.gradebook import PupilGrades, of_pupil
from dziennik.domain.policies.promotion import (
    Promotion,
    explain_descriptive,
    explain_promotion,
    may_be_conditional,
)
from dziennik.domain.policies.soundness import fault_in_classification
from dziennik.domain.rulebook import DIRECTOR, TEACHING, decides
from dziennik.domain.school import SCHOOL, Year, year_of
from dziennik.domain.units import Unit, not_a_unit
from dziennik.domain.world import Asked, Decision, Entry, World

# The grades of a pupil by subject, as far as the class has any in it.
Books = Mapping[str, PupilGrades]


def last_day(year: Year) -> date:
    """The last day of lessons: the end of the last term."""
    return max((term.ends for term in year.terms), default=year.ends)


@decides(said.SetClassificationRules, by=DIRECTOR)
def _set_rules(world: World, command: said.SetClassificationRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.classification_version and year.classification == command.rules:
        return []
    terms = [term.term_id for term in year.terms]
    fault = fault_in_classification(command.rules, year.grading, terms)
    fact = said.ClassificationRulesSet(year_id=year.year_id, rules=command.rules)
    return fault or [Entry(streams.SCHOOL, fact)]


def theirs(world: World, class_id: str, asked: Asked) -> tuple[Unit, Year] | Refusal:
    """The class and its year, if the asker is its homeroom teacher or the director."""
    found = unit_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    state, year = found
    if not state.is_class:
        return not_a_unit(class_id, "class_id")
    if asked.actor.role is Role.TEACHER and asked.actor.person != state.homeroom_teacher(asked.today):
        return said.NOT_HOMEROOM_TEACHER(field="class_id")
    return state, year


def books_of(world: World, state: Unit, pupils: Sequence[str]) -> Mapping[str, Books]:
    """Each pupil's grades by subject, of all subjects in which somebody of them has any grade."""
    subjects = sorted(world[SCHOOL].subjects)
    keys = [(pupil, subject) for pupil in pupils for subject in subjects]
    found = world.many([of_pupil(state.unit_id, subject, pupil) for pupil, subject in keys])
    graded = {subject for (_, subject), book in zip(keys, found, strict=True) if book.grades}
    books: dict[str, dict[str, PupilGrades]] = {pupil: {} for pupil in pupils}
    for (pupil, subject), book in zip(keys, found, strict=True):
        if subject in graded:
            books[pupil][subject] = book
    return books


def behaviour_of(world: World, state: Unit, pupils: Sequence[str]) -> Mapping[str, str | None]:
    """Each pupil's annual behaviour grade."""
    found = world.many([behaviour(state.unit_id, pupil) for pupil in pupils])
    standing = [one.standing(GradeKind.ANNUAL_FINAL) for one in found]
    return dict(zip(pupils, standing, strict=True))


def promotion_of(
    state: Unit,
    year: Year,
    pupil_id: str,
    books: Books,
    behaviour_grade: str | None,
    assessed: Collection[str] = (),
    carried: Mapping[str, str] = {},
) -> Promotion:
    """What the rules give for a pupil; `assessed` are areas with a descriptive assessment of the year.

    In the last year of school final grades `carried` from earlier years count as well (art. 44f).

    A final grade is needed in every subject that the class is graded in and the pupil is taught; one in
    another subject (an interclass group's) counts when it is there.
    """
    rules, version = year.classification, year.classification_version
    if state.level in year.descriptive.levels:
        areas = [area.area_id for area in year.descriptive.areas]
        return explain_descriptive(areas, assessed, behaviour_grade, version)
    day = last_day(year)
    taught = {
        one.subject_id
        for one in state.assignments.values()
        if one.covers(day) and (one.group_id is None or pupil_id in state.groups[one.group_id].on(day))
    }
    finals: dict[str, str | None] = {}
    for subject, book in books.items():
        standing = book.standing(GradeKind.ANNUAL_FINAL)
        if standing or subject in taught or book.grades:
            finals[subject] = standing[-1].value if standing else None
    if state.level is not None and state.level >= rules.last_level:
        finals = {**carried, **finals}
    return explain_promotion(finals, behaviour_grade, year.grading, rules, version, state.level)


@decides(said.DecidePromotions, by=TEACHING)
def _decide(world: World, command: said.DecidePromotions, asked: Asked) -> Decision:
    found = theirs(world, command.class_id, asked)
    if isinstance(found, Refusal):
        return found
    state, year = found
    pupils = [decision.pupil_id for decision in command.decisions]
    enrolled = set(state.roll(None, last_day(year)))
    known = [pupil for pupil in dict.fromkeys(pupils) if pupil in enrolled]
    books, grades = books_of(world, state, known), behaviour_of(world, state, known)
    assessed = assessed_areas(world, command.class_id, known)
    carried, decided = world[final_grades(command.class_id)], world[classification(command.class_id)].decided
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for place, each in enumerate(command.decisions):
        if each.pupil_id not in enrolled:
            outcome: Decision = NOT_ENROLLED(pupil=each.pupil_id, on=last_day(year), field="pupil_id")
        else:
            pupil = each.pupil_id
            promotion = promotion_of(
                state, year, pupil, books[pupil], grades[pupil], assessed[pupil], carried.of(pupil)
            )
            outcome = _decided(command.class_id, each, promotion, decided.get(each.pupil_id), year)
        if isinstance(outcome, Refusal):
            refusals.append(msgspec.structs.replace(outcome, field=f"decisions[{place}].{outcome.field}"))
        else:
            entries += outcome
    return together(refusals) or entries


def _decided(
    class_id: str,
    decision: said.PromotionDecision,
    promotion: Promotion,
    earlier: said.PromotionDecided | None,
    year: Year,
) -> Decision:
    if promotion.missing:
        subjects = ", ".join(promotion.missing)
        return said.FINALS_MISSING(pupil=decision.pupil_id, subjects=subjects, field="pupil_id")
    conditional = decision.outcome is said.Outcome.PROMOTED_CONDITIONALLY
    expected = promotion.outcome or said.Outcome.REPEATS
    allowed = decision.outcome is expected or (
        conditional and may_be_conditional(promotion, year.classification)
    )
    if earlier and earlier.outcome is decision.outcome:
        return []
    if not allowed and not (decision.reason or "").strip():
        return said.OUTCOME_DIFFERS(pupil=decision.pupil_id, expected=expected.value, field="outcome")
    if earlier and not (decision.reason or "").strip():
        return REASON_MISSING(field="reason")
    fact = said.PromotionDecided(
        class_id=class_id,
        pupil_id=decision.pupil_id,
        outcome=decision.outcome,
        rule_version=promotion.rule_version,
        average=promotion.average,
        behaviour=promotion.behaviour,
        reason=decision.reason,
    )
    return [Entry(streams.classification(class_id), fact)]


def gaps_of(world: World, state: Unit, year: Year) -> list[tuple[str, str]]:
    """(pupil, what is missing): a subject without an annual grade, "behaviour", "promotion"; last what waits
    for the school: an "excuse" that nobody decided about, a "question" without an answer.
    """
    pupils = state.roll(None, last_day(year))
    books, grades = books_of(world, state, pupils), behaviour_of(world, state, pupils)
    assessed = assessed_areas(world, state.unit_id, pupils)
    carried, decided = world[final_grades(state.unit_id)], world[classification(state.unit_id)].decided
    gaps: list[tuple[str, str]] = []
    for pupil in pupils:
        promotion = promotion_of(
            state, year, pupil, books[pupil], grades[pupil], assessed[pupil], carried.of(pupil)
        )
        gaps += [(pupil, subject) for subject in promotion.missing]
        if grades[pupil] is None:
            gaps.append((pupil, "behaviour"))
        if pupil not in decided:
            gaps.append((pupil, "promotion"))
    return [*gaps, *_waiting(world, state.unit_id)]


def _waiting(world: World, class_id: str) -> list[tuple[str, str]]:
    excuses = world[absences(class_id)].excuses.values()
    return [
        *((each.submitted.pupil_id, "excuse") for each in excuses if each.outcome is None),
        *((pupil_id, "question") for pupil_id in unanswered(world, class_id)),
    ]


@decides(said.CloseRegister, by=TEACHING)
def _close_register(world: World, command: said.CloseRegister, asked: Asked) -> Decision:
    found = theirs(world, command.class_id, asked)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if world[classification(command.class_id)].closed_on is not None:
        return []
    if asked.today < last_day(year):
        return said.YEAR_NOT_OVER(until=last_day(year), field="class_id")
    gaps = gaps_of(world, state, year)
    if gaps and not (command.reason or "").strip():
        pupil, what = gaps[0]
        return said.REGISTER_INCOMPLETE(gaps=len(gaps), pupil=pupil, what=what, field="reason")
    fact = said.RegisterClosed(
        class_id=command.class_id, on=asked.today, gaps=len(gaps), reason=command.reason
    )
    return [Entry(streams.classification(command.class_id), fact)]


@decides(CloseSchoolYear, by=DIRECTOR)
def _close_year(world: World, command: CloseSchoolYear, asked: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.closed_on is not None:
        return []
    if asked.today < last_day(year):
        return said.YEAR_NOT_OVER(until=last_day(year), field="year_id")
    refusals = []
    for place, class_id in enumerate(command.class_ids):
        found = unit_and_year(world, class_id, f"class_ids[{place}]")
        if isinstance(found, Refusal):
            refusals.append(found)
        elif found[1].year_id != year.year_id:
            refusals.append(not_a_unit(class_id, f"class_ids[{place}]"))
        elif world[classification(class_id)].closed_on is None:
            refusals.append(said.REGISTER_OPEN(unit=found[0].name, field=f"class_ids[{place}]"))
    fact = SchoolYearClosed(year_id=year.year_id, on=asked.today, class_ids=command.class_ids)
    return together(refusals) or [Entry(streams.SCHOOL, fact)]


@decides(said.PermitCorrection, by=DIRECTOR)
def _permit(world: World, command: said.PermitCorrection, asked: Asked) -> Decision:
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    if found[1].closed_on is None:
        return said.YEAR_NOT_CLOSED(year=found[1].name, field="unit_id")
    fact = said.CorrectionPermitted(**msgspec.structs.asdict(command))
    if world[classification(command.unit_id)].permits.get(command.permit_id) == fact:
        return []
    return _fault_in_permit(command, asked) or [Entry(streams.classification(command.unit_id), fact)]


@decides(said.PermitYearCorrection, by=DIRECTOR)
def _permit_in_year(world: World, command: said.PermitYearCorrection, asked: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.closed_on is None:
        return said.YEAR_NOT_CLOSED(year=year.name, field="year_id")
    fact = said.YearCorrectionPermitted(**msgspec.structs.asdict(command))
    if world[year_permits(command.year_id)].by_id.get(command.permit_id) == fact:
        return []
    return _fault_in_permit(command, asked) or [Entry(streams.closed_year(command.year_id), fact)]


def _fault_in_permit(
    command: said.PermitCorrection | said.PermitYearCorrection, asked: Asked
) -> Refusal | None:
    """A permit says what, why and on which basis, and is not over already."""
    for field in ("what", "reason", "legal_basis"):
        if not getattr(command, field).strip():
            return REASON_MISSING(field=field)
    if command.until < asked.today:
        return DATES_REVERSED(starts=asked.today, ends=command.until, field="until")
    return None
