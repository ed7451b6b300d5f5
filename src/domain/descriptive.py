"""The rules for descriptive assessment: areas set by the director, assessments by who teaches the class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from dziennik.contracts import descriptive as said
from dziennik.contracts import streams
from dziennik.contracts.classes import NOT_ENROLLED
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.envelope import Role
from dziennik.contracts.grades import DAY_IN_NO_TERM, PUPIL_TWICE
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, beside, together
from dziennik.contracts.values import GradeKind
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.descriptive_state import Assessment, PupilAssessments, assessments
from dziennik.domain.rulebook import DIRECTOR, TEACHING, decides
from dziennik.domain.school import Year, year_of
from dziennik.domain.units import Unit, not_a_unit
from dziennik.domain.world import Asked, Decision, Entry, World

KINDS = (GradeKind.CURRENT, GradeKind.TERM_FINAL, GradeKind.ANNUAL_FINAL)


@decides(said.SetDescriptiveRules, by=DIRECTOR)
def _set_rules(world: World, command: said.SetDescriptiveRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.descriptive_version and year.descriptive == command.rules:
        return []
    fault = fault_in_rules(command.rules)
    fact = said.DescriptiveRulesSet(year_id=year.year_id, rules=command.rules)
    return fault or [Entry(streams.SCHOOL, fact)]


def fault_in_rules(rules: said.DescriptiveRules) -> Refusal | None:
    """Areas, their requirements and the scale are there, unique and not blank."""
    faults: list[tuple[str, object | None]] = [
        ("areas", None if rules.areas else "areas"),
        ("areas", _twice_or_blank(area.area_id for area in rules.areas)),
        ("areas", _twice_or_blank(area.name for area in rules.areas)),
        ("scale", None if rules.scale else "scale"),
        ("scale", _twice_or_blank(step.symbol for step in rules.scale)),
        ("scale", _twice_or_blank(step.name for step in rules.scale)),
        ("levels", next((level for level in rules.levels if level < 0), None)),
    ]
    for place, area in enumerate(rules.areas):
        at = f"areas[{place}].requirements"
        faults.append((at, _twice_or_blank(one.requirement_id for one in area.requirements)))
        faults.append((at, _twice_or_blank(one.text for one in area.requirements)))
    found = next(((at, what) for at, what in faults if what is not None), None)
    return said.DESCRIPTIVE_RULES_UNSOUND(what=found[1], field=f"rules.{found[0]}") if found else None


def _twice_or_blank(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if not name.strip() or name in seen:
            return name or "—"
        seen.add(name)
    return None


@decides(said.WriteAssessments, by=TEACHING)
def _write(world: World, command: said.WriteAssessments, asked: Asked) -> Decision:
    found = _place(world, command.class_id, command.area_id, asked)
    if isinstance(found, Refusal):
        return found
    state, year, area = found
    fault = _fault_in_time(year, command, asked)
    if fault:
        return fault
    pupils = [entry.pupil_id for entry in command.assessments]
    books = world.many([assessments(command.class_id, pupil_id) for pupil_id in pupils])
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for place, (entry, book) in enumerate(zip(command.assessments, books, strict=True)):
        decision: Decision
        if entry.pupil_id in pupils[:place]:
            decision = PUPIL_TWICE(pupil=entry.pupil_id, field="pupil_id")
        elif state.enrolment(entry.pupil_id, command.on) is None:
            decision = NOT_ENROLLED(pupil=entry.pupil_id, on=command.on, field="pupil_id")
        else:
            decision = _one(year, area, command, entry, book, asked)
        if isinstance(decision, Refusal):
            refusals.append(msgspec.structs.replace(decision, field=f"assessments[{place}].{decision.field}"))
        else:
            entries += decision
    return together(refusals) or entries


def _place(
    world: World, class_id: str, area_id: str, asked: Asked
) -> tuple[Unit, Year, said.AssessmentArea] | Refusal:
    """The class, its year and the area, if the asker may assess it."""
    found = unit_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    state, year = found
    if not state.is_class:
        return not_a_unit(class_id, "class_id")
    if state.level not in year.descriptive.levels:
        return said.NOT_ASSESSED_DESCRIPTIVELY(unit=state.name, field="class_id")
    area = next((one for one in year.descriptive.areas if one.area_id == area_id), None)
    if area is None:
        return said.NO_SUCH_AREA(area=area_id, field="area_id")
    if asked.actor.role is Role.TEACHER and not _assesses(state, area, asked):
        return said.NOT_YOUR_AREA(field="area_id")
    return state, year, area


def _assesses(state: Unit, area: said.AssessmentArea, asked: Asked) -> bool:
    """The homeroom teacher does, and who teaches the class the area's subject (any, if it has none)."""
    if state.homeroom_teacher(asked.today) == asked.actor.person:
        return True
    return any(
        one.teacher_id == asked.actor.person
        and one.covers(asked.today)
        and area.subject_id in (None, one.subject_id)
        for one in state.assignments.values()
    )


def _fault_in_time(year: Year, command: said.WriteAssessments, asked: Asked) -> Refusal | None:
    if command.kind not in KINDS:
        return said.NOT_SUCH_A_KIND(field="kind")
    if command.on > asked.today:
        return said.ASSESSED_IN_FUTURE(on=command.on, field="on")
    fault = fault_in_day(year, command.on, "on")
    if fault is None and command.kind is GradeKind.TERM_FINAL and year.term_on(command.on) is None:
        return DAY_IN_NO_TERM(on=command.on, field="on")
    return fault


def _one(
    year: Year,
    area: said.AssessmentArea,
    command: said.WriteAssessments,
    entry: said.AssessmentEntry,
    book: PupilAssessments,
    asked: Asked,
) -> Decision:
    fact = said.AssessmentWritten(
        **msgspec.structs.asdict(entry),
        class_id=command.class_id,
        area_id=area.area_id,
        kind=command.kind,
        on=command.on,
        author_id=asked.actor.person,
    )
    stream = streams.descriptive(command.class_id, entry.pupil_id)
    known = book.by_id.get(entry.assessment_id)
    if known:
        taken = said.ASSESSMENT_EXISTS(field="assessment_id")
        return [] if known.written == fact else beside(taken, stream, "assessment_id", entry.assessment_id)
    fault = _fault_in_words(year, area, entry)
    stands = None if fault else _stands(year, fact, book)
    if stands:
        on = stands.written.on
        fault = said.ASSESSMENT_STANDS(pupil=entry.pupil_id, on=on, field="pupil_id")
        fault = beside(fault, stream, "assessment_id", stands.written.assessment_id)
    return fault or [Entry(stream, fact)]


def _fault_in_words(
    year: Year, area: said.AssessmentArea, entry: said.AssessmentEntry | said.CorrectAssessment
) -> Refusal | None:
    if entry.step is not None and entry.step not in {step.symbol for step in year.descriptive.scale}:
        return said.NOT_A_STEP(step=entry.step, field="step")
    known = {one.requirement_id for one in area.requirements}
    for place, requirement in enumerate(entry.met):
        if requirement not in known:
            return said.NO_SUCH_REQUIREMENT(requirement=requirement, field=f"met[{place}]")
    if entry.step is None and not entry.met and not (entry.text or "").strip():
        return said.NOTHING_ASSESSED(field="text")
    return None


def _stands(year: Year, fact: said.AssessmentWritten, book: PupilAssessments) -> Assessment | None:
    """The assessment of the same area and time, if only one may be."""
    if fact.kind is GradeKind.CURRENT:
        return None
    for one in book.standing(fact.kind):
        same_time = fact.kind is GradeKind.ANNUAL_FINAL or year.term_on(one.written.on) == year.term_on(
            fact.on
        )
        if one.written.area_id == fact.area_id and same_time:
            return one
    return None


@decides(said.CorrectAssessment, by=TEACHING)
def _correct(world: World, command: said.CorrectAssessment, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    year, area, stands = found
    fault = _fault_in_words(year, area, command)
    if fault:
        return fault
    now = (command.step, command.met, command.text, command.comment)
    if now == (stands.step, stands.met, stands.text, stands.comment):
        return said.ASSESSMENT_IS_SO(field="text")
    corrected = said.AssessmentCorrected(
        assessment_id=command.assessment_id,
        pupil_id=command.pupil_id,
        reason=command.reason,
        was_step=stands.step,
        step=command.step,
        was_met=stands.met,
        met=command.met,
        was_text=stands.text,
        text=command.text,
        was_comment=stands.comment,
        comment=command.comment,
    )
    return [Entry(streams.descriptive(command.class_id, command.pupil_id), corrected)]


@decides(said.StrikeOutAssessment, by=TEACHING)
def _strike_out(world: World, command: said.StrikeOutAssessment, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    struck = said.AssessmentStruckOut(
        assessment_id=command.assessment_id, pupil_id=command.pupil_id, reason=command.reason
    )
    return [Entry(streams.descriptive(command.class_id, command.pupil_id), struck)]


def _standing(
    world: World, command: said.CorrectAssessment | said.StrikeOutAssessment, asked: Asked
) -> tuple[Year, said.AssessmentArea, Assessment] | Refusal:
    """An assessment that is not struck out and that the asker may change, with a reason."""
    stands = world[assessments(command.class_id, command.pupil_id)].by_id.get(command.assessment_id)
    if stands is None:
        return said.NO_SUCH_ASSESSMENT(assessment=command.assessment_id, field="assessment_id")
    found = _place(world, command.class_id, stands.written.area_id, asked)
    if isinstance(found, Refusal):
        return found
    changed = _changed_since(stands, command)
    if changed:
        stream = streams.descriptive(command.class_id, command.pupil_id)
        return beside(changed, stream, "assessment_id", command.assessment_id)
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    return found[1], found[2], stands


def _changed_since(
    stands: Assessment, command: said.CorrectAssessment | said.StrikeOutAssessment
) -> Refusal | None:
    """What somebody else did to the assessment meanwhile."""
    if stands.struck_out:
        return said.ASSESSMENT_IS_STRUCK_OUT(field="assessment_id")
    now = stands.step or ""
    return None if command.seen in (None, now) else CHANGED_SINCE(seen=command.seen, now=now, field="seen")


def assessed_areas(world: World, class_id: str, pupils: Sequence[str]) -> dict[str, frozenset[str]]:
    """The areas in which each pupil has an annual assessment."""
    books = world.many([assessments(class_id, pupil_id) for pupil_id in pupils])
    return {pupil_id: book.assessed for pupil_id, book in zip(pupils, books, strict=True)}
