"""A subject ends before the last year: its annual grades are final, go along, and count in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.behaviour import BehaviourGradeGiven
from dziennik.contracts.classes import NO_SUCH_CLASS, NOT_ENROLLED, ClassRenamed
from dziennik.contracts.classification import (
    NOT_HOMEROOM_TEACHER,
    YEAR_CLOSED,
    DecidePromotions,
    Outcome,
    PromoteClass,
    PromotionDecided,
    PromotionDecision,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.facts import Fact
from dziennik.contracts.finals import (
    NOT_COMPLETED,
    TAUGHT_HERE,
    CarriedGrade,
    CarryFinalGrades,
    CompleteSubject,
    CompletionWithdrawn,
    FinalGradeCarried,
    SubjectCompleted,
    WithdrawCompletion,
)
from dziennik.contracts.grades import FINAL_GRADE_IS_A_FULL_MARK
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import NO_SUCH_SUBJECT, SchoolYearClosed, SchoolYearOpened
from dziennik.contracts.values import GradeKind
from dziennik.domain.world import Entry
from tests.domain.gradebook import GIVEN_FACT
from tests.domain.register import JUNE, LIS, NEXT_YEAR, NOWAK, OFFICE, REGISTER
from tests.domain.sentence import TODAY, at, given


def there(fact: Fact, class_id: str = "4a") -> Entry:
    """In the stream of the class's final grades."""
    return at(streams.finals(class_id), fact)


ENDED = there(SubjectCompleted(class_id="4a", subject_id="pol"))
WITHDRAWN = there(CompletionWithdrawn(class_id="4a", subject_id="pol", reason="pomyłka"))
COMPLETE = CompleteSubject(class_id="4a", subject_id="pol")
WITHDRAW = WithdrawCompletion(class_id="4a", subject_id="pol", reason="pomyłka")
GRADE = CarriedGrade(
    pupil_id="cma", subject_id="en", value="6", year="2025/2026", source="świadectwo szkoły nr 3"
)
CARRY = CarryFinalGrades(class_id="4a", grades=(GRADE,))
CARRIED_FACT = FinalGradeCarried(
    class_id="4a",
    pupil_id="cma",
    subject_id="en",
    value="6",
    year="2025/2026",
    source="świadectwo szkoły nr 3",
)
CARRIED = there(CARRIED_FACT)


def test_the_director_says_that_a_subject_ends() -> None:
    given(REGISTER).when(COMPLETE).then(ENDED)
    given(REGISTER, ENDED).when(COMPLETE).nothing()
    given(REGISTER).when(COMPLETE, by=NOWAK).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(COMPLETE, subject_id="x")).refused(NO_SUCH_SUBJECT, "subject_id")
    given(REGISTER).when(replace(COMPLETE, class_id="ethics")).refused(NO_SUCH_CLASS, "class_id")
    given(REGISTER, ENDED).when(WITHDRAW).then(WITHDRAWN)
    given(REGISTER, ENDED).when(replace(WITHDRAW, reason=" ")).refused(REASON_MISSING, "reason")
    given(REGISTER, ENDED, WITHDRAWN).when(WITHDRAW).refused(NOT_COMPLETED, "subject_id", subject="pol")


def test_grades_of_another_school_are_brought_along() -> None:
    given(REGISTER).when(CARRY, by=NOWAK).then(CARRIED)
    given(REGISTER, CARRIED).when(CARRY, by=NOWAK).nothing()
    given(REGISTER).when(CARRY, by=LIS).refused(NOT_HOMEROOM_TEACHER, "class_id")
    for field, reason, wrong in (
        ("pupil_id", NOT_ENROLLED, replace(GRADE, pupil_id="zajac")),
        ("subject_id", NO_SUCH_SUBJECT, replace(GRADE, subject_id="x")),
        ("value", FINAL_GRADE_IS_A_FULL_MARK, replace(GRADE, value="5+")),
        ("year", TEXT_MISSING, replace(GRADE, year=" ")),
        ("source", TEXT_MISSING, replace(GRADE, source="")),
    ):
        given(REGISTER).when(replace(CARRY, grades=(wrong,)), by=NOWAK).refused(reason, f"grades[0].{field}")
    taught = at(streams.grades("4a", "en", "cma"), replace(GIVEN_FACT, subject_id="en"))
    given(REGISTER, taught).when(CARRY, by=NOWAK).refused(TAUGHT_HERE, "grades[0].subject_id", pupil="cma")


def test_a_grade_that_stands_is_put_right_with_a_reason() -> None:
    other = replace(GRADE, value="5")
    given(REGISTER, CARRIED).when(replace(CARRY, grades=(other,)), by=NOWAK).refused(
        REASON_MISSING, "grades[0].reason"
    )
    given(REGISTER, CARRIED).when(
        replace(CARRY, grades=(replace(other, reason="źle przepisana"),)), by=NOWAK
    ).then(there(replace(CARRIED_FACT, value="5", reason="źle przepisana")))


NEXT = at(
    streams.SCHOOL,
    SchoolYearOpened(year_id="y2027", name="2027/2028", starts=NEXT_YEAR, ends=date(2028, 8, 31)),
)


@dataclass(frozen=True)
class Pupil:
    """A pupil at the year's end: with annual Polish, behaviour and the council's decision."""

    pupil_id: str
    polish: str
    outcome: Outcome = Outcome.PROMOTED

    def facts(self) -> tuple[Entry, ...]:
        annual = replace(
            GIVEN_FACT,
            grade_id=f"annual-{self.pupil_id}",
            pupil_id=self.pupil_id,
            kind=GradeKind.ANNUAL_FINAL,
            value=self.polish,
            category_id=None,
            on=JUNE,
        )
        behaved = BehaviourGradeGiven(
            class_id="4a",
            pupil_id=self.pupil_id,
            kind=GradeKind.ANNUAL_FINAL,
            term_id=None,
            mark="wz",
            on=JUNE,
            author_id="nowak",
        )
        decided = PromotionDecided(
            class_id="4a", pupil_id=self.pupil_id, outcome=self.outcome, rule_version=0
        )
        return (
            at(streams.grades("4a", "pol", self.pupil_id), annual),
            at(streams.behaviour("4a", self.pupil_id), behaved),
            at(streams.classification("4a"), decided),
        )


CMA, BOBR = Pupil("cma", "4"), Pupil("bobr", "1", Outcome.REPEATS)


def test_final_grades_go_along_with_those_who_go_on() -> None:
    past = (*REGISTER, *CMA.facts(), *BOBR.facts(), NEXT, ENDED, CARRIED)
    promote = PromoteClass(from_class_id="4a", class_id="5a", year_id="y2027", name="5a")
    decision = given(past).when(promote, by=OFFICE, today=date(2027, 8, 31)).decision
    assert not isinstance(decision, Refusal)
    assert [entry for entry in decision if entry.stream == streams.finals("5a")] == [
        there(replace(CARRIED_FACT, class_id="5a"), "5a"),
        there(
            FinalGradeCarried(
                class_id="5a",
                pupil_id="cma",
                subject_id="pol",
                value="4",
                year="2026/2027",
                from_class_id="4a",
            ),
            "5a",
        ),
    ]


def test_final_grades_count_in_the_last_year_and_not_before() -> None:
    """Ćma: Polish 4, and English 6 of an earlier year. (4 + 6) / 2 = 5.00: with honours."""
    decide = DecidePromotions(
        class_id="4a",
        decisions=(PromotionDecision(pupil_id="cma", outcome=Outcome.FINISHED_WITH_HONOURS),),
    )
    grades = CMA.facts()[:2]
    eighth = at(streams.unit("4a"), ClassRenamed(class_id="4a", name="8a", level=8))
    decision = given(REGISTER, grades, eighth, CARRIED).when(decide, by=NOWAK, today=JUNE).decision
    assert not isinstance(decision, Refusal)
    (entry,) = decision
    assert isinstance(entry.fact, PromotionDecided)
    assert entry.fact.average == Decimal("5.00")
    promoted = replace(decide, decisions=(PromotionDecision(pupil_id="cma", outcome=Outcome.PROMOTED),))
    before = given(REGISTER, grades, CARRIED).when(promoted, by=NOWAK, today=JUNE).decision
    assert not isinstance(before, Refusal)
    (entry,) = before
    assert isinstance(entry.fact, PromotionDecided)
    assert entry.fact.average == Decimal("4.00")


def test_a_closed_year_keeps_what_it_has() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TODAY, class_ids=("4a",)))
    for command in (COMPLETE, CARRY):
        given(REGISTER, closed).when(command).refused(YEAR_CLOSED, "unit_id")
    given(REGISTER, ENDED, closed).when(WITHDRAW).refused(YEAR_CLOSED, "unit_id")
