"""Who gives behaviour grades, how are they put right, and what does the council's resolution bind?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.behaviour import BehaviourGradeCorrected, BehaviourGradeGiven, BehaviourGradeStruckOut
from dziennik.contracts.behaviour_commands import (
    BEHAVIOUR_GRADE_NOT_CHANGED,
    BEHAVIOUR_GRADE_STANDS,
    COUNCIL_HAS_DECIDED,
    MARK_MISSING,
    MARK_OFF_SCALE,
    NO_SUCH_BEHAVIOUR_GRADE,
    NOT_A_BEHAVIOUR_KIND,
    NOTE_IN_FUTURE,
    TERM_DOES_NOT_FIT,
    BehaviourGradeEntry,
    CorrectBehaviourGrade,
    GiveBehaviourGrades,
    StrikeOutBehaviourGrade,
)
from dziennik.contracts.classes import NO_SUCH_CLASS, NOT_ENROLLED, OUTSIDE_YEAR
from dziennik.contracts.classification import NOT_HOMEROOM_TEACHER, YEAR_CLOSED
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.councils import (
    NO_SUCH_RESOLUTION,
    NO_SUCH_TERM,
    RESOLUTION_EXISTS,
    RESOLUTION_IN_FUTURE,
    RESOLUTION_NUMBER_TAKEN,
    RecordResolution,
    RepealResolution,
    ResolutionAdopted,
    ResolutionKind,
    ResolutionRepealed,
)
from dziennik.contracts.grades import PUPIL_TWICE
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import NO_SUCH_YEAR, SchoolYearClosed
from dziennik.contracts.values import GradeKind
from dziennik.domain.councils import Councils
from dziennik.domain.world import Entry
from tests.domain.register import LIS, NOWAK, OCTOBER, OFFICE, PUPIL, REGISTER
from tests.domain.sentence import at, given

DAY = date(2026, 10, 14)
FINAL = GiveBehaviourGrades(
    class_id="4a",
    kind=GradeKind.TERM_FINAL,
    term_id="t1",
    on=DAY,
    grades=(
        BehaviourGradeEntry(pupil_id="cma", mark="bdb"),
        BehaviourGradeEntry(pupil_id="bobr", description="Pomaga innym. "),
    ),
)
ANNUAL = replace(FINAL, kind=GradeKind.ANNUAL_FINAL, term_id=None)


def stands(pupil_id: str, mark: str, description: str | None = None, **changes: object) -> Entry:
    fact = BehaviourGradeGiven(
        class_id="4a",
        pupil_id=pupil_id,
        kind=GradeKind.TERM_FINAL,
        term_id="t1",
        mark=mark,
        on=DAY,
        author_id="nowak",
        description=description,
    )
    return at(streams.behaviour("4a", pupil_id), replace(fact, **changes))


CMA, BOBR = stands("cma", "bdb"), stands("bobr", "", "Pomaga innym.")
CORRECT = CorrectBehaviourGrade(
    class_id="4a", pupil_id="cma", kind=GradeKind.TERM_FINAL, term_id="t1", mark="wz", reason="konkurs"
)
CORRECTED = at(
    streams.behaviour("4a", "cma"),
    BehaviourGradeCorrected(
        pupil_id="cma", kind=GradeKind.TERM_FINAL, term_id="t1", was="bdb", mark="wz", reason="konkurs"
    ),
)
STRIKE_OUT = StrikeOutBehaviourGrade(
    class_id="4a", pupil_id="cma", kind=GradeKind.TERM_FINAL, term_id="t1", reason="inny uczeń"
)
STRUCK_OUT = at(
    streams.behaviour("4a", "cma"),
    BehaviourGradeStruckOut(
        pupil_id="cma", kind=GradeKind.TERM_FINAL, term_id="t1", was="bdb", reason="inny uczeń"
    ),
)

RECORD = RecordResolution(
    resolution_id="u1", year_id="y2026", term_id="t1", number="7/2026", on=DAY, text="Rada zatwierdza."
)


def adopted(**changes: object) -> Entry:
    fact = ResolutionAdopted(
        resolution_id="u1",
        year_id="y2026",
        term_id="t1",
        kind=ResolutionKind.CLASSIFICATION,
        number="7/2026",
        on=DAY,
        text="Rada zatwierdza.",
        class_ids=(),
    )
    return at(streams.councils("y2026"), replace(fact, **changes))


RESOLVED = adopted()
REPEAL = RepealResolution(year_id="y2026", resolution_id="u1", reason="błędny numer")
REPEALED = at(
    streams.councils("y2026"),
    ResolutionRepealed(resolution_id="u1", year_id="y2026", reason="błędny numer"),
)


# Giving


def test_the_homeroom_teacher_gives_a_class_its_final_grades_at_once() -> None:
    given(REGISTER).when(FINAL, by=NOWAK).then(CMA, BOBR)
    given(REGISTER).when(FINAL).then(
        stands("cma", "bdb", author_id="director"),
        stands("bobr", "", "Pomaga innym.", author_id="director"),
    )


def test_nobody_else_gives_behaviour_grades() -> None:
    given(REGISTER).when(FINAL, by=LIS).refused(NOT_HOMEROOM_TEACHER, "class_id")
    for actor in (OFFICE, PUPIL):
        given(REGISTER).when(FINAL, by=actor).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(FINAL, class_id="ethics")).refused(NO_SUCH_CLASS, "class_id")


def test_all_that_is_wrong_is_told_with_the_pupils_places_and_nothing_is_written() -> None:
    grades = (
        BehaviourGradeEntry(pupil_id="cma", mark="bdb"),
        BehaviourGradeEntry(pupil_id="bobr", mark="5"),
        BehaviourGradeEntry(pupil_id="zajac", mark="db"),
        BehaviourGradeEntry(pupil_id="cma", mark="db"),
        BehaviourGradeEntry(pupil_id="bobr", mark="db"),
    )
    when = given(REGISTER).when(replace(FINAL, grades=grades), by=NOWAK)
    when.refused(MARK_OFF_SCALE, "grades[1].mark", mark="5")
    assert isinstance(when.decision, Refusal)
    assert [(other.code, other.field) for other in when.decision.others] == [
        (NOT_ENROLLED.code, "grades[2].pupil_id"),
        (PUPIL_TWICE.code, "grades[3].pupil_id"),
        (PUPIL_TWICE.code, "grades[4].pupil_id"),
    ]
    none = replace(FINAL, grades=(BehaviourGradeEntry(pupil_id="cma", description=" "),))
    given(REGISTER).when(none, by=NOWAK).refused(MARK_MISSING, "grades[0].mark")


def test_pupils_who_have_the_grade_already_are_passed_over_and_others_not() -> None:
    given(REGISTER, CMA).when(FINAL, by=NOWAK).then(BOBR)
    given(REGISTER, CMA, BOBR).when(FINAL, by=NOWAK).nothing()
    given(REGISTER, stands("cma", "db")).when(FINAL, by=NOWAK).refused(
        BEHAVIOUR_GRADE_STANDS, "grades[0].pupil_id", pupil="cma", mark="db"
    )


def test_a_grade_of_another_term_or_kind_is_another_grade() -> None:
    proposed = stands("cma", "db", kind=GradeKind.TERM_PROPOSED)
    spring = stands("cma", "db", term_id="t2")
    given(REGISTER, proposed, spring).when(FINAL, by=NOWAK).then(CMA, BOBR)


@pytest.mark.parametrize(
    ("kind", "term_id"),
    [
        (GradeKind.TERM_FINAL, None),
        (GradeKind.TERM_PROPOSED, "t9"),
        (GradeKind.ANNUAL_FINAL, "t1"),
        (GradeKind.ANNUAL_PROPOSED, "t2"),
    ],
)
def test_kinds_of_a_term_name_one_and_kinds_of_the_year_none(kind: GradeKind, term_id: str | None) -> None:
    given(REGISTER).when(replace(FINAL, kind=kind, term_id=term_id), by=NOWAK).refused(
        TERM_DOES_NOT_FIT, "term_id"
    )


def test_behaviour_has_no_current_grades_and_none_of_days_to_come() -> None:
    given(REGISTER).when(replace(FINAL, kind=GradeKind.CURRENT), by=NOWAK).refused(
        NOT_A_BEHAVIOUR_KIND, "kind"
    )
    tomorrow = replace(FINAL, on=OCTOBER + timedelta(days=1))
    given(REGISTER).when(tomorrow, by=NOWAK).refused(NOTE_IN_FUTURE, "on")
    given(REGISTER).when(replace(FINAL, on=date(2026, 8, 31)), by=NOWAK).refused(OUTSIDE_YEAR, "on")


# Putting right


def test_a_behaviour_grade_is_corrected_with_a_reason() -> None:
    given(REGISTER, CMA).when(CORRECT, by=NOWAK).then(CORRECTED)
    given(REGISTER, CMA).when(replace(CORRECT, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    given(REGISTER, CMA).when(replace(CORRECT, mark="5"), by=NOWAK).refused(MARK_OFF_SCALE, "mark")
    given(REGISTER, CMA).when(replace(CORRECT, mark="bdb"), by=NOWAK).refused(
        BEHAVIOUR_GRADE_NOT_CHANGED, "mark"
    )
    given(REGISTER, CMA, CORRECTED).when(CORRECT, by=NOWAK).refused(BEHAVIOUR_GRADE_NOT_CHANGED, "mark")
    given(REGISTER).when(CORRECT, by=NOWAK).refused(NO_SUCH_BEHAVIOUR_GRADE, "pupil_id", pupil="cma")
    given(REGISTER, CMA).when(CORRECT, by=LIS).refused(NOT_HOMEROOM_TEACHER, "class_id")


def test_a_grade_that_is_struck_out_leaves_room_for_another() -> None:
    given(REGISTER, CMA).when(STRIKE_OUT, by=NOWAK).then(STRUCK_OUT)
    given(REGISTER, CMA).when(replace(STRIKE_OUT, reason=""), by=NOWAK).refused(REASON_MISSING, "reason")
    given(REGISTER, CMA, STRUCK_OUT).when(STRIKE_OUT, by=NOWAK).refused(NO_SUCH_BEHAVIOUR_GRADE, "pupil_id")
    given(REGISTER, CMA, STRUCK_OUT).when(FINAL, by=NOWAK).then(CMA, BOBR)


# The council


def test_after_the_resolution_final_grades_are_the_directors() -> None:
    story = given(REGISTER, CMA, RESOLVED)
    for command in (CORRECT, STRIKE_OUT, FINAL):
        story.when(command, by=NOWAK).refused(COUNCIL_HAS_DECIDED, "kind", number="7/2026", on="2026-10-14")
    story.when(CORRECT).then(CORRECTED)
    story.when(replace(CORRECT, reason="")).refused(REASON_MISSING, "reason")


@pytest.mark.parametrize(
    "resolved",
    [
        adopted(class_ids=("4b",)),
        adopted(term_id="t2"),
        adopted(kind=ResolutionKind.OTHER),
        (RESOLVED, REPEALED),
    ],
)
def test_a_resolution_binds_what_it_covers(resolved: Entry | tuple[Entry, ...]) -> None:
    given(REGISTER, CMA, resolved).when(CORRECT, by=NOWAK).then(CORRECTED)


def test_a_resolution_of_the_year_binds_its_terms_and_one_of_a_term_not_the_year() -> None:
    of_year = adopted(term_id=None, class_ids=("4a",))
    given(REGISTER, CMA, of_year).when(CORRECT, by=NOWAK).refused(COUNCIL_HAS_DECIDED, "kind")
    given(REGISTER, of_year).when(ANNUAL, by=NOWAK).refused(COUNCIL_HAS_DECIDED, "kind")
    annual = (
        stands("cma", "bdb", kind=GradeKind.ANNUAL_FINAL, term_id=None),
        stands("bobr", "", "Pomaga innym.", kind=GradeKind.ANNUAL_FINAL, term_id=None),
    )
    given(REGISTER, RESOLVED).when(ANNUAL, by=NOWAK).then(*annual)


def test_proposed_grades_are_not_bound() -> None:
    proposed = replace(FINAL, kind=GradeKind.TERM_PROPOSED, grades=FINAL.grades[:1])
    given(REGISTER, RESOLVED).when(proposed, by=NOWAK).then(
        stands("cma", "bdb", kind=GradeKind.TERM_PROPOSED)
    )


def test_classification_finds_the_resolution_that_covers_a_class() -> None:
    fact = RESOLVED.fact
    assert isinstance(fact, ResolutionAdopted)
    state = Councils(adopted={"u1": fact})
    assert state.classifying("4a", "t1") == fact
    assert state.classifying("4a", None) is None
    assert replace(state, repealed=frozenset({"u1"})).classifying("4a", "t1") is None


def test_the_director_records_a_resolution() -> None:
    given(REGISTER).when(RECORD).then(RESOLVED)
    given(REGISTER, RESOLVED).when(RECORD).nothing()
    of_classes = replace(RECORD, class_ids=("4a", "4b"))
    given(REGISTER).when(of_classes).then(adopted(class_ids=("4a", "4b")))
    for actor in (NOWAK, OFFICE):
        given(REGISTER).when(RECORD, by=actor).refused(NOT_YOURS_TO_DO)


def test_a_resolution_is_of_a_year_a_term_and_classes_that_there_are() -> None:
    given(REGISTER).when(replace(RECORD, year_id="y1")).refused(NO_SUCH_YEAR, "year_id")
    given(REGISTER).when(replace(RECORD, term_id="t9")).refused(NO_SUCH_TERM, "term_id", term="t9")
    for class_id in ("9z", "ethics"):
        given(REGISTER).when(replace(RECORD, class_ids=("4a", class_id))).refused(
            NO_SUCH_CLASS, "class_ids[1]"
        )
    tomorrow = replace(RECORD, on=OCTOBER + timedelta(days=1))
    given(REGISTER).when(tomorrow).refused(RESOLUTION_IN_FUTURE, "on", on="2026-10-16")
    given(REGISTER).when(replace(RECORD, on=date(2026, 8, 1))).refused(OUTSIDE_YEAR, "on")
    for field in ("number", "text"):
        given(REGISTER).when(replace(RECORD, **{field: " "})).refused(TEXT_MISSING, field)


def test_numbers_of_resolutions_are_given_once() -> None:
    given(REGISTER, RESOLVED).when(replace(RECORD, text="Inny.")).refused(RESOLUTION_EXISTS, "resolution_id")
    second = replace(RECORD, resolution_id="u2")
    given(REGISTER, RESOLVED).when(second).refused(RESOLUTION_NUMBER_TAKEN, "number", number="7/2026")
    given(REGISTER, RESOLVED, REPEALED).when(second).then(adopted(resolution_id="u2"))


def test_a_resolution_is_repealed_with_a_reason() -> None:
    given(REGISTER, RESOLVED).when(REPEAL).then(REPEALED)
    given(REGISTER, RESOLVED, REPEALED).when(REPEAL).nothing()
    given(REGISTER, RESOLVED).when(replace(REPEAL, reason=" ")).refused(REASON_MISSING, "reason")
    given(REGISTER).when(REPEAL).refused(NO_SUCH_RESOLUTION, "resolution_id", resolution="u1")
    given(REGISTER, RESOLVED).when(replace(REPEAL, year_id="y1")).refused(NO_SUCH_YEAR, "year_id")


def test_a_closed_year_takes_no_grade_and_no_resolution() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=DAY, class_ids=("4a",)))
    given(REGISTER, closed).when(RECORD).refused(YEAR_CLOSED, "year_id")
    given(REGISTER, closed, CMA).when(CORRECT).refused(YEAR_CLOSED, "unit_id")
