"""What may be decided about descriptive assessments, and how do they classify a first class?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.behaviour import BehaviourGradeGiven
from dziennik.contracts.classes import NOT_ENROLLED, OUTSIDE_YEAR
from dziennik.contracts.classification import (
    FINALS_MISSING,
    REGISTER_INCOMPLETE,
    YEAR_CLOSED,
    CloseRegister,
    DecidePromotions,
    Outcome,
    PromotionDecided,
    PromotionDecision,
)
from dziennik.contracts.commands import CHANGED_SINCE, NOT_YOURS_TO_DO
from dziennik.contracts.descriptive import (
    ASSESSED_IN_FUTURE,
    ASSESSMENT_EXISTS,
    ASSESSMENT_IS_SO,
    ASSESSMENT_IS_STRUCK_OUT,
    ASSESSMENT_STANDS,
    DESCRIPTIVE_RULES_UNSOUND,
    NO_SUCH_AREA,
    NO_SUCH_ASSESSMENT,
    NO_SUCH_REQUIREMENT,
    NOT_A_STEP,
    NOT_ASSESSED_DESCRIPTIVELY,
    NOT_SUCH_A_KIND,
    NOT_YOUR_AREA,
    NOTHING_ASSESSED,
    AssessmentArea,
    AssessmentCorrected,
    AssessmentEntry,
    AssessmentStruckOut,
    AssessmentWritten,
    CorrectAssessment,
    DescriptiveRules,
    DescriptiveRulesSet,
    DescriptiveStep,
    Requirement,
    SetDescriptiveRules,
    StrikeOutAssessment,
    WriteAssessments,
)
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import DAY_IN_NO_TERM, PUPIL_TWICE
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, Standing
from dziennik.contracts.school import NO_SUCH_YEAR, SchoolYearClosed
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.usual_descriptive import USUAL_DESCRIPTIVE
from dziennik.domain.world import Entry
from tests.domain.register import JUNE, LIS, NOWAK, OFFICE, REGISTER, SEPTEMBER
from tests.domain.sentence import TODAY, at, given

WEDNESDAY = date(2026, 10, 14)
RULES = DescriptiveRules(
    areas=(
        AssessmentArea(
            area_id="maths",
            name="Edukacja matematyczna",
            requirements=(Requirement(requirement_id="m1", text="Dodaje do stu."),),
        ),
        AssessmentArea(area_id="english", name="Język angielski", subject_id="en"),
    ),
    scale=(DescriptiveStep(symbol="W", name="wspaniale"), DescriptiveStep(symbol="N", name="nie potrafi")),
    levels=(4,),  # of 4a, the class that stories are told of
)
SET = at(streams.SCHOOL, DescriptiveRulesSet(year_id="y2026", rules=RULES))
PAST = (*REGISTER, SET)


def of_cma(fact: Fact) -> Entry:
    """In the stream of Ćma's assessments."""
    return at(streams.descriptive("4a", "cma"), fact)


WRITTEN_FACT = AssessmentWritten(
    assessment_id="o1",
    class_id="4a",
    pupil_id="cma",
    area_id="maths",
    kind=GradeKind.TERM_FINAL,
    on=WEDNESDAY,
    author_id="nowak",
    step="W",
    met=("m1",),
    text="Liczy w pamięci.",
)
WRITTEN = of_cma(WRITTEN_FACT)
STRUCK = of_cma(AssessmentStruckOut(assessment_id="o1", pupil_id="cma", reason="nie ona"))
CORRECTED = of_cma(
    AssessmentCorrected(
        assessment_id="o1",
        pupil_id="cma",
        reason="pomyłka",
        was_step="W",
        step="N",
        was_met=("m1",),
        was_text="Liczy w pamięci.",
    )
)
ENTRY = AssessmentEntry(assessment_id="o1", pupil_id="cma", step="W", met=("m1",), text="Liczy w pamięci.")
WRITE = WriteAssessments(
    class_id="4a", area_id="maths", kind=GradeKind.TERM_FINAL, on=WEDNESDAY, assessments=(ENTRY,)
)
CORRECT = CorrectAssessment(class_id="4a", pupil_id="cma", assessment_id="o1", reason="pomyłka", step="N")
STRIKE = StrikeOutAssessment(class_id="4a", pupil_id="cma", assessment_id="o1", reason="nie ona")
THERE = Standing(stream=streams.descriptive("4a", "cma"), field="assessment_id", value="o1")


def one(**change: object) -> WriteAssessments:
    """The command for one pupil, with another entry."""
    return replace(WRITE, assessments=(replace(ENTRY, **change),))


def test_the_homeroom_teacher_and_who_teaches_the_class_assess() -> None:
    given(PAST).when(WRITE, by=NOWAK).then(WRITTEN)
    given(PAST).when(WRITE, by=LIS).then(of_cma(replace(WRITTEN_FACT, author_id="lis")))
    polish = replace(RULES.areas[0], subject_id="pol")
    only_polish = at(
        streams.SCHOOL, DescriptiveRulesSet(year_id="y2026", rules=replace(RULES, areas=(polish,)))
    )
    given(PAST, only_polish).when(WRITE, by=LIS).refused(NOT_YOUR_AREA, "area_id")
    given(PAST).when(WRITE, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(PAST, WRITTEN).when(WRITE, by=NOWAK).nothing()


def test_only_classes_of_the_levels_set_are_assessed_so() -> None:
    given(REGISTER).when(WRITE, by=NOWAK).refused(NOT_ASSESSED_DESCRIPTIVELY, "class_id", unit="4a")


def test_an_assessment_is_of_an_area_and_a_time() -> None:
    given(PAST).when(replace(WRITE, area_id="golf"), by=NOWAK).refused(NO_SUCH_AREA, "area_id", area="golf")
    given(PAST).when(replace(WRITE, kind=GradeKind.TERM_PROPOSED), by=NOWAK).refused(NOT_SUCH_A_KIND, "kind")
    given(PAST).when(replace(WRITE, on=date(2026, 10, 16)), by=NOWAK).refused(ASSESSED_IN_FUTURE, "on")
    given(PAST).when(replace(WRITE, on=date(2026, 8, 30)), by=NOWAK).refused(OUTSIDE_YEAR, "on")
    july = date(2027, 7, 1)
    given(PAST).when(replace(WRITE, on=july), by=NOWAK, today=july).refused(DAY_IN_NO_TERM, "on", on=july)


def test_it_says_something_the_school_knows() -> None:
    at_it = "assessments[0]."
    given(PAST).when(one(step="X"), by=NOWAK).refused(NOT_A_STEP, f"{at_it}step", step="X")
    given(PAST).when(one(met=("m1", "m9")), by=NOWAK).refused(
        NO_SUCH_REQUIREMENT, f"{at_it}met[1]", requirement="m9"
    )
    given(PAST).when(one(step=None, met=(), text=" "), by=NOWAK).refused(NOTHING_ASSESSED, f"{at_it}text")


def test_all_that_is_wrong_is_told_at_once() -> None:
    entries = (
        ENTRY,
        replace(ENTRY, assessment_id="o2"),
        replace(ENTRY, assessment_id="o3", pupil_id="zajac"),
    )
    when = given(PAST).when(replace(WRITE, assessments=entries), by=NOWAK)
    when.refused(PUPIL_TWICE, "assessments[1].pupil_id", pupil="cma")
    assert isinstance(when.decision, Refusal)
    assert [(no.code, no.field) for no in when.decision.others] == [
        (NOT_ENROLLED.code, "assessments[2].pupil_id")
    ]


def test_one_of_each_area_and_term_and_as_many_current_ones_as_there_are() -> None:
    again = replace(one(assessment_id="o2"), on=SEPTEMBER)
    given(PAST, WRITTEN).when(again, by=NOWAK).refused(
        ASSESSMENT_STANDS, "assessments[0].pupil_id", pupil="cma", on=WEDNESDAY
    ).beside(THERE)
    for other in (
        replace(again, kind=GradeKind.ANNUAL_FINAL),
        replace(again, kind=GradeKind.CURRENT),
        replace(again, area_id="english", assessments=(replace(ENTRY, assessment_id="o2", met=()),)),
    ):
        assert not isinstance(given(PAST, WRITTEN).when(other, by=NOWAK).decision, Refusal)
    spring = replace(again, on=date(2027, 2, 10))
    assert not isinstance(
        given(PAST, WRITTEN).when(spring, by=NOWAK, today=date(2027, 2, 10)).decision, Refusal
    )
    assert not isinstance(given(PAST, WRITTEN, STRUCK).when(again, by=NOWAK).decision, Refusal)
    given(PAST, WRITTEN).when(one(step="N"), by=NOWAK).refused(
        ASSESSMENT_EXISTS, "assessments[0].assessment_id"
    ).beside(THERE)


def test_a_correction_keeps_both() -> None:
    given(PAST, WRITTEN).when(CORRECT, by=NOWAK).then(CORRECTED)
    given(PAST, WRITTEN).when(replace(CORRECT, reason=""), by=NOWAK).refused(REASON_MISSING, "reason")
    given(PAST, WRITTEN, CORRECTED).when(CORRECT, by=NOWAK).refused(ASSESSMENT_IS_SO, "text")
    given(PAST, WRITTEN).when(replace(CORRECT, step="X"), by=NOWAK).refused(NOT_A_STEP, "step")
    given(PAST).when(CORRECT, by=NOWAK).refused(NO_SUCH_ASSESSMENT, "assessment_id", assessment="o1")
    given(PAST, WRITTEN, CORRECTED).when(replace(CORRECT, step=None, text="A", seen="W"), by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="W", now="N"
    ).beside(THERE)


def test_struck_out_is_over() -> None:
    given(PAST, WRITTEN).when(STRIKE, by=NOWAK).then(STRUCK)
    given(PAST, WRITTEN).when(replace(STRIKE, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    for command in (STRIKE, CORRECT):
        given(PAST, WRITTEN, STRUCK).when(command, by=NOWAK).refused(
            ASSESSMENT_IS_STRUCK_OUT, "assessment_id"
        ).beside(THERE)


def test_the_director_sets_sound_rules() -> None:
    command = SetDescriptiveRules(year_id="y2026", rules=RULES)
    given(REGISTER).when(command).then(SET)
    given(PAST).when(command).nothing()
    given(REGISTER).when(command, by=NOWAK).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(command, year_id="y1")).refused(NO_SUCH_YEAR, "year_id")
    area, step = RULES.areas[0], RULES.scale[0]
    twice = replace(area, requirements=area.requirements * 2)
    for field, unsound in (
        ("areas", replace(RULES, areas=())),
        ("areas", replace(RULES, areas=(area, area))),
        ("scale", replace(RULES, scale=())),
        ("scale", replace(RULES, scale=(step, step))),
        ("levels", replace(RULES, levels=(-1,))),
        ("areas[0].requirements", replace(RULES, areas=(twice,))),
    ):
        given(REGISTER).when(replace(command, rules=unsound)).refused(
            DESCRIPTIVE_RULES_UNSOUND, f"rules.{field}"
        )


def test_the_usual_rules_are_in_force_nowhere() -> None:
    """Years that were classified by grades stay so."""
    assert USUAL_DESCRIPTIVE.levels == ()


def annual(pupil_id: str, area_id: str) -> Entry:
    fact = replace(
        WRITTEN_FACT,
        assessment_id=f"{pupil_id}-{area_id}",
        pupil_id=pupil_id,
        area_id=area_id,
        kind=GradeKind.ANNUAL_FINAL,
    )
    return at(streams.descriptive("4a", pupil_id), fact)


def behaved(pupil_id: str) -> Entry:
    fact = BehaviourGradeGiven(
        class_id="4a",
        pupil_id=pupil_id,
        kind=GradeKind.ANNUAL_FINAL,
        term_id=None,
        mark="",
        on=JUNE,
        author_id="nowak",
        description="Pomaga innym.",
    )
    return at(streams.behaviour("4a", pupil_id), fact)


def test_who_is_assessed_in_all_areas_is_promoted() -> None:
    decide = DecidePromotions(
        class_id="4a", decisions=(PromotionDecision(pupil_id="cma", outcome=Outcome.PROMOTED),)
    )
    half = (*PAST, annual("cma", "maths"), annual("bobr", "english"))
    given(half).when(decide, by=NOWAK, today=JUNE).refused(
        FINALS_MISSING, "decisions[0].pupil_id", pupil="cma", subjects="english"
    )
    decision = given(half, annual("cma", "english")).when(decide, by=NOWAK, today=JUNE).decision
    assert not isinstance(decision, Refusal)
    (entry,) = decision
    assert isinstance(entry.fact, PromotionDecided)
    assert (entry.fact.outcome, entry.fact.average) == (Outcome.PROMOTED, None)


def test_a_register_lacks_the_areas_that_nobody_assessed() -> None:
    everything = [annual(pupil, area) for pupil in ("cma", "bobr") for area in ("maths", "english")]
    past = (*PAST, behaved("cma"), behaved("bobr"), *everything[:-1])
    given(past).when(CloseRegister(class_id="4a"), by=NOWAK, today=JUNE).refused(
        REGISTER_INCOMPLETE,
        "reason",
        gaps=3,  # Bóbr's English, and two decisions
        pupil="cma",
        what="promotion",
    )


def test_assessments_of_a_closed_year_stay_as_they_are() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TODAY, class_ids=("4a",)))
    given(PAST, WRITTEN, closed).when(one(assessment_id="o2", pupil_id="bobr"), by=NOWAK).refused(
        YEAR_CLOSED, "unit_id"
    )
    for command in (CORRECT, STRIKE):
        given(PAST, WRITTEN, closed).when(command, by=NOWAK).refused(YEAR_CLOSED, "unit_id")
