"""How does a year end? Rules, promotions, closed registers and what may still be corrected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts import classification as said
from dziennik.contracts import streams
from dziennik.contracts.behaviour import BehaviourGradeGiven
from dziennik.contracts.classes import (
    CLASS_EXISTS,
    NO_SUCH_CLASS,
    NOT_ENROLLED,
    ClassOpened,
    HomeroomTeacherAppointed,
    PupilEnrolled,
)
from dziennik.contracts.classification import (
    CloseRegister,
    DecidePromotions,
    Outcome,
    PermitCorrection,
    PromoteClass,
    PromotionDecision,
    SetClassificationRules,
)
from dziennik.contracts.grades import CorrectGrade, GradeCorrected, GradeGiven
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.school import (
    DATES_REVERSED,
    NO_SUCH_YEAR,
    CloseSchoolYear,
    SchoolYearClosed,
    SchoolYearOpened,
    SetTerms,
)
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION
from dziennik.domain.world import Entry
from tests.domain import test_disputes as disputes
from tests.domain import test_excuses as excuses
from tests.domain.register import AUGUST, AUTUMN, JUNE, LIS, NEXT_YEAR, NOWAK, OFFICE, REGISTER
from tests.domain.sentence import DIRECTOR, at, given

TODAY = JUNE
AFTER = date(2027, 9, 20)
END = streams.classification("4a")
SET = SetClassificationRules(year_id="y2026", rules=USUAL_CLASSIFICATION)
RULES_SET = at(streams.SCHOOL, said.ClassificationRulesSet(year_id="y2026", rules=USUAL_CLASSIFICATION))


def annual(pupil_id: str, subject_id: str, value: str) -> Entry:
    """An annual final grade."""
    fact = GradeGiven(
        grade_id=f"{pupil_id}-{subject_id}",
        class_id="4a",
        subject_id=subject_id,
        pupil_id=pupil_id,
        assignment_id=f"{subject_id}-4a",
        teacher_id="nowak",
        kind=GradeKind.ANNUAL_FINAL,
        value=value,
        category_id=None,
        weight=Decimal(0),
        on=date(2027, 6, 18),
    )
    return at(streams.grades("4a", subject_id, pupil_id), fact)


def behaved(pupil_id: str, mark: str = "bdb") -> Entry:
    """An annual behaviour grade."""
    fact = BehaviourGradeGiven(
        class_id="4a",
        pupil_id=pupil_id,
        kind=GradeKind.ANNUAL_FINAL,
        term_id=None,
        mark=mark,
        on=date(2027, 6, 18),
        author_id="nowak",
    )
    return at(streams.behaviour("4a", pupil_id), fact)


# Ćma is taught Polish only; Bóbr is in the English group as well.
GRADES = (annual("cma", "pol", "4"), annual("bobr", "pol", "5"), annual("bobr", "en", "4"))
BEHAVED = (behaved("cma"), behaved("bobr"))
DECIDE = DecidePromotions(
    class_id="4a",
    decisions=(
        PromotionDecision(pupil_id="cma", outcome=Outcome.PROMOTED),
        PromotionDecision(pupil_id="bobr", outcome=Outcome.PROMOTED),
    ),
)


def decided(pupil_id: str, outcome: Outcome, average: str, reason: str | None = None) -> Entry:
    fact = said.PromotionDecided(
        class_id="4a",
        pupil_id=pupil_id,
        outcome=outcome,
        rule_version=1,
        average=Decimal(average),
        reason=reason,
    )
    return at(END, fact)


PROMOTED = (decided("cma", Outcome.PROMOTED, "4.00"), decided("bobr", Outcome.PROMOTED, "4.50"))
READY = (*REGISTER, RULES_SET, *GRADES, *BEHAVED, *PROMOTED)
CLOSED = at(END, said.RegisterClosed(class_id="4a", on=TODAY))
YEAR_CLOSED = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TODAY, class_ids=("4a",)))
OVER = (*READY, CLOSED, YEAR_CLOSED)


def test_the_director_sets_how_a_year_is_classified() -> None:
    given(REGISTER).when(SET).then(RULES_SET)
    given(REGISTER, RULES_SET).when(SET).nothing()
    given(REGISTER).when(replace(SET, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"failing": ("0",)}, "rules.failing"),
        ({"marks": (*USUAL_CLASSIFICATION.marks, USUAL_CLASSIFICATION.marks[0])}, "rules.marks"),
        ({"unclassified": ("x",)}, "rules.unclassified"),
        ({"final_remarks": ("nkl", "5")}, "rules.final_remarks"),
        ({"method": said.YearMethod.WEIGHTED_TERMS, "term_weights": (Decimal(1),)}, "rules.term_weights"),
        ({"carried_weight": Decimal(0)}, "rules.term_weights"),
        ({"conditional": -1}, "rules.conditional"),
        ({"due": (said.ProposalsDue(term_id="t9", on=TODAY),)}, "rules.due"),
    ],
)
def test_rules_make_sense(change: dict[str, object], field: str) -> None:
    wrong = replace(SET, rules=replace(USUAL_CLASSIFICATION, **change))
    at_field = "rules.marks" if field == "rules.failing" else field
    given(REGISTER).when(wrong).refused(said.RULES_DO_NOT_FIT, at_field)


def test_the_council_decides_on_what_the_grades_give() -> None:
    given(REGISTER, RULES_SET, GRADES).when(DECIDE, by=NOWAK, today=TODAY).then(*PROMOTED)
    given(READY).when(DECIDE, by=NOWAK, today=TODAY).nothing()


def test_only_the_homeroom_teacher_or_the_director_records_it() -> None:
    given(REGISTER, RULES_SET, GRADES).when(DECIDE, by=LIS, today=TODAY).refused(
        said.NOT_HOMEROOM_TEACHER, "class_id"
    )
    given(REGISTER, RULES_SET, GRADES).when(DECIDE, today=TODAY).then(*PROMOTED)
    given(REGISTER).when(replace(DECIDE, class_id="ethics"), today=TODAY).refused(NO_SUCH_CLASS, "class_id")
    given(REGISTER).when(replace(DECIDE, class_id="9z"), today=TODAY).refused(NO_SUCH_CLASS, "class_id")


def test_nobody_is_decided_on_without_final_grades() -> None:
    when = given(REGISTER, RULES_SET, GRADES[:1]).when(DECIDE, by=NOWAK, today=TODAY)
    when.refused(said.FINALS_MISSING, "decisions[1].pupil_id", pupil="bobr", subjects="pol")
    current = at(
        streams.grades("4a", "en", "bobr"),
        replace(GRADES[2].fact, kind=GradeKind.CURRENT, grade_id="c1"),
    )
    given(REGISTER, RULES_SET, GRADES[:2], current).when(DECIDE, by=NOWAK, today=TODAY).refused(
        said.FINALS_MISSING, "decisions[1].pupil_id", pupil="bobr", subjects="en"
    )


def test_a_decision_that_differs_needs_a_reason() -> None:
    failed = (annual("cma", "pol", "1"), *GRADES[1:])
    only = replace(DECIDE, decisions=DECIDE.decisions[:1])
    given(REGISTER, RULES_SET, failed).when(only, by=NOWAK, today=TODAY).refused(
        said.OUTCOME_DIFFERS, "decisions[0].outcome", pupil="cma", expected="repeats"
    )
    reasoned = PromotionDecision(pupil_id="cma", outcome=Outcome.PROMOTED, reason="egzamin poprawkowy zdany")
    given(REGISTER, RULES_SET, failed).when(replace(only, decisions=(reasoned,)), by=NOWAK, today=TODAY).then(
        decided("cma", Outcome.PROMOTED, "1.00", "egzamin poprawkowy zdany")
    )


def test_honours_take_good_grades_and_behaviour() -> None:
    fives = annual("cma", "pol", "5")
    honours = PromotionDecision(pupil_id="cma", outcome=Outcome.PROMOTED_WITH_HONOURS)
    decide = replace(DECIDE, decisions=(honours,))
    fact = said.PromotionDecided(
        class_id="4a",
        pupil_id="cma",
        outcome=Outcome.PROMOTED_WITH_HONOURS,
        rule_version=1,
        average=Decimal("5.00"),
        behaviour="wz",
    )
    past = (*REGISTER, RULES_SET, fives)
    given(past, behaved("cma", "wz")).when(decide, by=NOWAK, today=TODAY).then(at(END, fact))
    given(past, behaved("cma", "db")).when(decide, by=NOWAK, today=TODAY).refused(
        said.OUTCOME_DIFFERS, "decisions[0].outcome", pupil="cma", expected="promoted"
    )


def test_one_failing_mark_may_be_promoted_conditionally() -> None:
    failed = (annual("cma", "pol", "1"),)
    conditional = PromotionDecision(pupil_id="cma", outcome=Outcome.PROMOTED_CONDITIONALLY)
    given(REGISTER, RULES_SET, failed).when(
        replace(DECIDE, decisions=(conditional,)), by=NOWAK, today=TODAY
    ).then(decided("cma", Outcome.PROMOTED_CONDITIONALLY, "1.00"))
    given(REGISTER, RULES_SET, GRADES).when(
        replace(DECIDE, decisions=(conditional,)), by=NOWAK, today=TODAY
    ).refused(said.OUTCOME_DIFFERS, "decisions[0].outcome")


def test_a_changed_mind_needs_a_reason() -> None:
    again = PromotionDecision(pupil_id="cma", outcome=Outcome.REPEATS)
    change = replace(DECIDE, decisions=(again,))
    given(READY).when(change, by=NOWAK, today=TODAY).refused(said.OUTCOME_DIFFERS, "decisions[0].outcome")
    repeats = (*REGISTER, RULES_SET, *GRADES, decided("cma", Outcome.REPEATS, "4.00", "nieobecności"))
    back = replace(DECIDE, decisions=DECIDE.decisions[:1])
    given(repeats).when(back, by=NOWAK, today=TODAY).refused(REASON_MISSING, "decisions[0].reason")


def test_strangers_to_the_class_are_not_decided_on() -> None:
    stranger = PromotionDecision(pupil_id="zajac", outcome=Outcome.PROMOTED)
    given(REGISTER, RULES_SET, GRADES).when(
        replace(DECIDE, decisions=(stranger,)), by=NOWAK, today=TODAY
    ).refused(NOT_ENROLLED, "decisions[0].pupil_id")


CLOSE = CloseRegister(class_id="4a")


def test_a_complete_register_is_closed() -> None:
    given(READY).when(CLOSE, by=NOWAK, today=TODAY).then(CLOSED)
    given(READY, CLOSED).when(CLOSE, by=NOWAK, today=AUGUST).nothing()
    given(READY).when(CLOSE, by=LIS, today=TODAY).refused(said.NOT_HOMEROOM_TEACHER, "class_id")


def test_a_register_is_not_closed_before_lessons_end() -> None:
    given(READY).when(CLOSE, by=NOWAK, today=date(2027, 6, 24)).refused(
        said.YEAR_NOT_OVER, "class_id", until=JUNE
    )


def test_gaps_are_completed_or_accounted_for() -> None:
    gaps = (*REGISTER, RULES_SET, *GRADES[:1], *PROMOTED[:1])
    # both lack a behaviour grade; of Bóbr there is neither the grade in Polish nor a decision
    given(gaps).when(CLOSE, by=NOWAK, today=TODAY).refused(
        said.REGISTER_INCOMPLETE, "reason", gaps=4, pupil="cma", what="behaviour"
    )
    given(gaps).when(replace(CLOSE, reason="choroba nauczyciela"), by=NOWAK, today=TODAY).then(
        at(END, said.RegisterClosed(class_id="4a", on=TODAY, gaps=4, reason="choroba nauczyciela"))
    )


def test_what_families_wait_for_is_decided_and_answered_or_accounted_for() -> None:
    """An excuse that nobody decided about, a question that nobody answered."""
    excuse, question = excuses.SUBMITTED, disputes.ASKED
    given(READY, excuse, question).when(CLOSE, by=NOWAK, today=TODAY).refused(
        said.REGISTER_INCOMPLETE, "reason", gaps=2, pupil="cma", what="excuse"
    )
    given(READY, question).when(CLOSE, by=NOWAK, today=TODAY).refused(
        said.REGISTER_INCOMPLETE, "reason", gaps=1, pupil="cma", what="question"
    )
    for over in ((excuses.REJECTED, disputes.ANSWERED), (excuses.WITHDRAWN, disputes.DECIDED)):
        given(READY, excuse, question, over).when(CLOSE, by=NOWAK, today=TODAY).then(CLOSED)
    elsewhere = at(streams.dispute("4b", "q1"), replace(disputes.ASKED_FACT, class_id="4b"))
    given(READY, elsewhere).when(CLOSE, by=NOWAK, today=TODAY).then(CLOSED)


CLOSE_YEAR = CloseSchoolYear(year_id="y2026", class_ids=("4a",))


def test_a_year_is_closed_when_its_registers_are() -> None:
    given(READY, CLOSED).when(CLOSE_YEAR, today=TODAY).then(YEAR_CLOSED)
    given(OVER).when(CLOSE_YEAR, today=AUGUST).nothing()
    given(READY).when(CLOSE_YEAR, today=TODAY).refused(said.REGISTER_OPEN, "class_ids[0]", unit="4a")
    given(READY, CLOSED).when(CLOSE_YEAR, today=date(2027, 6, 1)).refused(said.YEAR_NOT_OVER, "year_id")
    given(READY).when(replace(CLOSE_YEAR, class_ids=("9z",)), today=TODAY).refused(
        NO_SUCH_CLASS, "class_ids[0]"
    )


CORRECT = CorrectGrade(
    class_id="4a", subject_id="pol", pupil_id="cma", grade_id="cma-pol", value="5", reason="egzamin"
)
PERMIT = PermitCorrection(
    permit_id="z1",
    unit_id="4a",
    person_id="nowak",
    until=date(2027, 9, 30),
    what="ocena roczna z języka polskiego",
    reason="wynik egzaminu sprawdzającego",
    legal_basis="art. 44n ustawy o systemie oświaty",
)
PERMITTED = at(
    END,
    said.CorrectionPermitted(
        permit_id="z1",
        unit_id="4a",
        person_id="nowak",
        until=date(2027, 9, 30),
        what="ocena roczna z języka polskiego",
        reason="wynik egzaminu sprawdzającego",
        legal_basis="art. 44n ustawy o systemie oświaty",
    ),
)
CORRECTED = at(
    streams.grades("4a", "pol", "cma"),
    GradeCorrected(grade_id="cma-pol", pupil_id="cma", was="4", value="5", reason="egzamin"),
)


def test_nothing_is_written_into_a_closed_year() -> None:
    given(READY).when(CORRECT, by=NOWAK, today=AFTER).then(CORRECTED)
    given(OVER).when(CORRECT, by=NOWAK, today=AFTER).refused(said.YEAR_CLOSED, "unit_id", year="2026/2027")
    given(OVER).when(CORRECT, by=DIRECTOR, today=AFTER).refused(said.YEAR_CLOSED, "unit_id")
    terms = SetTerms(year_id="y2026", terms=(AUTUMN,))
    given(OVER).when(terms, by=OFFICE, today=AFTER).refused(said.YEAR_CLOSED, "year_id")
    changed = replace(SET, rules=replace(USUAL_CLASSIFICATION, conditional=2))
    given(OVER).when(changed, today=AFTER).refused(said.YEAR_CLOSED, "year_id")


def test_the_director_permits_a_correction_to_one_person_until_a_day() -> None:
    given(OVER).when(PERMIT, today=AFTER).then(PERMITTED)
    given(OVER, PERMITTED).when(PERMIT, today=AFTER).nothing()
    given(OVER, PERMITTED).when(CORRECT, by=NOWAK, today=AFTER).then(CORRECTED)
    given(OVER, PERMITTED).when(CORRECT, by=DIRECTOR, today=AFTER).refused(said.YEAR_CLOSED, "unit_id")
    given(OVER, PERMITTED).when(CORRECT, by=NOWAK, today=date(2027, 10, 1)).refused(
        said.YEAR_CLOSED, "unit_id"
    )


def test_a_permit_says_what_why_and_on_which_basis() -> None:
    for field in ("what", "reason", "legal_basis"):
        given(OVER).when(replace(PERMIT, **{field: " "}), today=AFTER).refused(REASON_MISSING, field)
    given(OVER).when(PERMIT, today=date(2027, 10, 1)).refused(DATES_REVERSED, "until")
    given(READY).when(PERMIT, today=AFTER).refused(said.YEAR_NOT_CLOSED, "unit_id")
    given(OVER).when(replace(PERMIT, unit_id="9z"), today=AFTER).refused(NO_SUCH_CLASS, "unit_id")


NEXT = at(
    streams.SCHOOL,
    SchoolYearOpened(year_id="y2027", name="2027/2028", starts=NEXT_YEAR, ends=date(2028, 8, 31)),
)
PROMOTE = PromoteClass(from_class_id="4a", class_id="5a", year_id="y2027", name="5a")


def enrolled(pupil_id: str, number: int) -> Entry:
    fact = PupilEnrolled(class_id="5a", pupil_id=pupil_id, since=NEXT_YEAR, number=number)
    return at(streams.unit("5a"), fact)


OPENED = at(streams.unit("5a"), ClassOpened(class_id="5a", year_id="y2027", name="5a", level=5))
GOES_ALONG = at(
    streams.unit("5a"), HomeroomTeacherAppointed(class_id="5a", teacher_id="nowak", since=NEXT_YEAR)
)


def test_promoted_pupils_go_on_together() -> None:
    given(OVER, NEXT).when(PROMOTE, by=OFFICE, today=AUGUST).then(
        OPENED, GOES_ALONG, enrolled("cma", 1), enrolled("bobr", 2)
    )


def test_who_repeats_stays_behind() -> None:
    repeats = (PROMOTED[1], decided("cma", Outcome.REPEATS, "4.00", "nieobecności"))
    given(REGISTER, RULES_SET, GRADES, repeats, NEXT).when(PROMOTE, by=OFFICE, today=AUGUST).then(
        OPENED, GOES_ALONG, enrolled("bobr", 1)
    )


def test_a_class_goes_on_once_decided_and_into_the_next_year() -> None:
    given(REGISTER, GRADES, PROMOTED[:1], NEXT).when(PROMOTE, by=OFFICE, today=AUGUST).refused(
        said.NOT_DECIDED, "from_class_id", pupil="bobr"
    )
    given(READY).when(replace(PROMOTE, year_id="y2026"), by=OFFICE, today=AUGUST).refused(
        said.NOT_THE_NEXT_YEAR, "year_id"
    )
    given(READY, NEXT).when(replace(PROMOTE, class_id="4b"), by=OFFICE, today=AUGUST).refused(
        CLASS_EXISTS, "class_id"
    )
    given(READY, NEXT).when(replace(PROMOTE, from_class_id="ethics"), by=OFFICE).refused(
        NO_SUCH_CLASS, "from_class_id"
    )
