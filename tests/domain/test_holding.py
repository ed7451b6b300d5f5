"""Lessons about items of a plan, double lessons, lessons held together, several teachers, rooms."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import curriculum, streams
from dziennik.contracts import lessons as said
from dziennik.contracts.attendance import CallRoll
from dziennik.contracts.classes import NO_SUCH_ASSIGNMENT, NO_SUCH_CLASS, NO_SUCH_PERIOD
from dziennik.contracts.curriculum import FromPlan, PlanItem
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.people import NOT_IN_ROLE
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import TermsSet
from dziennik.domain.world import Entry
from tests.domain.register import AUTUMN, LIS, NOWAK, REGISTER, SEPTEMBER, known, taught
from tests.domain.sentence import DIRECTOR, at, given

WEDNESDAY = date(2026, 10, 14)
ID = said.lesson_id(WEDNESDAY, 3, "pol-4a")
# Nowak also teaches Polish in 4b here; Kos is a third teacher.
BOTH = taught("pol-4b-n", "4b", "pol", "nowak")
KOS = known("kos", "Ewa", "Kos", Role.TEACHER)
PAST = (*REGISTER, BOTH, *KOS)

PLAN = at(
    streams.curriculum_plan("rm"),
    curriculum.PlanDrawnUp(
        plan_id="rm",
        year_id="y2026",
        subject_id="pol",
        name="Polski 4",
        items=(
            PlanItem(item_id="1", topic="Baśnie", hours=2),
            PlanItem(item_id="2", topic="Legendy", hours=1),
        ),
    ),
)
REVISED = at(
    streams.curriculum_plan("rm"),
    curriculum.PlanRevised(
        plan_id="rm", year_id="y2026", items=(PlanItem(item_id="2", topic="Legendy polskie", hours=1),)
    ),
)


def follows(unit: str, assignment: str) -> Entry:
    fact = curriculum.PlanAssigned(unit_id=unit, assignment_id=assignment, plan_id="rm")
    return at(streams.unit_curriculum(unit), fact)


PLANNED = (*PAST, PLAN, follows("4a", "pol-4a"))
HOLD = said.HoldLesson(unit_id="4a", assignment_id="pol-4a", on=WEDNESDAY, period=3)
HELD = said.LessonHeld(
    unit_id="4a",
    lesson_id=ID,
    on=WEDNESDAY,
    period=3,
    assignment_id="pol-4a",
    subject_id="pol",
    teacher_id="nowak",
)


def there(fact: Fact, unit: str = "4a", lesson: str = ID) -> Entry:
    """In the stream of its lesson, or of the one named."""
    if isinstance(fact, said.LessonHeld):
        unit, lesson = fact.unit_id, fact.lesson_id
    return at(streams.lesson(unit, lesson), fact)


def test_the_topic_is_the_plans() -> None:
    one = replace(HELD, topic="Baśnie", plan=FromPlan(plan_id="rm", items=("1",)))
    both = replace(HELD, topic="Baśnie; Legendy", plan=FromPlan(plan_id="rm", items=("1", "2")))
    own = replace(one, topic="Baśnie braci Grimm")
    given(PLANNED).when(replace(HOLD, item_ids=("1",)), by=NOWAK).then(there(one))
    given(PLANNED).when(replace(HOLD, item_ids=("1", "2")), by=NOWAK).then(there(both))
    given(PLANNED).when(replace(HOLD, item_ids=("1",), topic=" Baśnie braci Grimm"), by=NOWAK).then(
        there(own)
    )
    given(PLANNED).when(replace(HOLD, topic="Wolny"), by=NOWAK).then(there(replace(HELD, topic="Wolny")))
    signed = there(said.LessonSigned(lesson_id=ID, teacher_id="nowak"))
    given(PLANNED).when(replace(HOLD, item_ids=("1",), sign=True), by=NOWAK).then(there(one), signed)
    given(PLANNED, there(one)).when(replace(HOLD, item_ids=("1",)), by=NOWAK).nothing()
    given(PLANNED, there(one)).when(replace(HOLD, topic="Baśnie"), by=NOWAK).refused(
        said.LESSON_EXISTS, "on", topic="Baśnie"
    )


def test_an_item_may_take_several_lessons() -> None:
    named = FromPlan(plan_id="rm", items=("1",))
    first = there(replace(HELD, topic="Baśnie", plan=named))
    later = said.lesson_id(WEDNESDAY, 4, "pol-4a")
    second = there(replace(HELD, lesson_id=later, period=4, topic="Baśnie", plan=named))
    given(PLANNED, first).when(replace(HOLD, period=4, item_ids=("1",)), by=NOWAK).then(second)


def test_items_are_of_the_plan_that_the_assignment_follows() -> None:
    named = replace(HOLD, item_ids=("1", "2"))
    given(PAST, PLAN).when(named, by=NOWAK).refused(curriculum.NO_PLAN_ASSIGNED, "item_ids")
    given(PLANNED).when(replace(HOLD, item_ids=("1", "1")), by=NOWAK).refused(
        curriculum.ITEM_TWICE, "item_ids[1]", item="1"
    )
    given(PLANNED).when(replace(HOLD, item_ids=("9",)), by=NOWAK).refused(
        curriculum.NO_SUCH_ITEM, "item_ids[0]", item="9"
    )
    given(PLANNED, REVISED).when(named, by=NOWAK).refused(
        curriculum.ITEM_DROPPED, "item_ids[0]", topic="Baśnie"
    )


def test_a_topic_is_recorded_and_corrected_with_its_items() -> None:
    topic = said.RecordTopic(unit_id="4a", lesson_id=ID, topic="", item_ids=("1",))
    named, other = FromPlan(plan_id="rm", items=("1",)), FromPlan(plan_id="rm", items=("2",))
    recorded = there(said.TopicRecorded(lesson_id=ID, topic="Baśnie", plan=named))
    given(PLANNED, there(HELD)).when(topic, by=NOWAK).then(recorded)
    past = (*PLANNED, there(HELD), recorded)
    given(past).when(topic, by=NOWAK).nothing()
    given(past).when(replace(topic, item_ids=("2",)), by=NOWAK).refused(said.REASON_MISSING, "reason")
    wrong = said.TopicCorrected(
        lesson_id=ID, was="Baśnie", was_plan=named, topic="Legendy", plan=other, reason="pomyłka"
    )
    given(past).when(replace(topic, item_ids=("2",), reason="pomyłka"), by=NOWAK).then(there(wrong))
    # Items that are not spoken of stay; an empty list takes them away.
    kept = replace(wrong, topic="Baśnie Andersena", plan=named)
    words = replace(topic, item_ids=None, topic="Baśnie Andersena", reason="pomyłka")
    given(past).when(words, by=NOWAK).then(there(kept))
    given(past).when(replace(words, item_ids=()), by=NOWAK).then(there(replace(kept, plan=None)))
    given(past).when(replace(topic, item_ids=("9",)), by=NOWAK).refused(
        curriculum.NO_SUCH_ITEM, "item_ids[0]", item="9"
    )


def test_a_double_lesson_is_two_hours_of_one_topic() -> None:
    second = said.lesson_id(WEDNESDAY, 4, "pol-4a")
    first_fact = replace(HELD, topic="Kino")
    second_fact = replace(HELD, lesson_id=second, period=4, topic="Kino", continues=ID)
    double = replace(HOLD, topic="Kino", double=True, sign=True)
    given(PAST).when(double, by=NOWAK).then(
        there(first_fact),
        there(said.LessonSigned(lesson_id=ID, teacher_id="nowak")),
        there(second_fact),
        there(said.LessonSigned(lesson_id=second, teacher_id="nowak"), lesson=second),
    )
    unsigned = replace(double, sign=False)
    given(PAST, there(first_fact)).when(unsigned, by=NOWAK).then(there(second_fact))
    given(PAST, there(first_fact), there(second_fact)).when(unsigned, by=NOWAK).nothing()
    other = there(replace(second_fact, topic="Teatr", continues=None))
    given(PAST, other).when(unsigned, by=NOWAK).refused(said.LESSON_EXISTS, "on", topic="Teatr")


def test_a_double_lesson_needs_both_hours() -> None:
    last = replace(HOLD, period=10, double=True)
    given(PAST).when(last, by=NOWAK).refused(NO_SUCH_PERIOD, "double", period=11)
    given(PAST).when(replace(last, period=11), by=NOWAK).refused(NO_SUCH_PERIOD, "period", period=11)
    second = said.lesson_id(WEDNESDAY, 4, "pol-4a")
    away = said.LessonCancelled(
        unit_id="4a",
        lesson_id=second,
        on=WEDNESDAY,
        period=4,
        assignment_id="pol-4a",
        subject_id="pol",
        reason="apel",
    )
    given(PAST, there(away, lesson=second)).when(replace(HOLD, double=True), by=NOWAK).refused(
        said.LESSON_WAS_CANCELLED, "on", reason="apel"
    )
    taken = said.SubstitutionArranged(
        unit_id="4a", lesson_id=second, on=WEDNESDAY, period=4, assignment_id="pol-4a", teacher_id="lis",
        instead_of="nowak",
    )  # fmt: skip
    given(PAST, there(taken, lesson=second)).when(replace(HOLD, double=True), by=NOWAK).refused(
        said.NOT_YOUR_LESSON, "assignment_id"
    )


TOGETHER = replace(HOLD, topic="Apel", together=(said.LessonPart(unit_id="4b", assignment_id="pol-4b-n"),))
OTHER = said.lesson_id(WEDNESDAY, 3, "pol-4b-n")
HERE_FACT = replace(HELD, topic="Apel", together=(said.LessonRef(unit_id="4b", lesson_id=OTHER),))
THERE_FACT = replace(
    HELD,
    unit_id="4b",
    lesson_id=OTHER,
    assignment_id="pol-4b-n",
    topic="Apel",
    together=(said.LessonRef(unit_id="4a", lesson_id=ID),),
)


def test_one_lesson_of_two_classes_stands_in_both_registers() -> None:
    given(PAST).when(TOGETHER, by=NOWAK).then(there(HERE_FACT), there(THERE_FACT))
    given(PAST, there(HERE_FACT), there(THERE_FACT)).when(TOGETHER, by=NOWAK).nothing()
    given(PAST, there(replace(THERE_FACT, topic="Inny", together=()))).when(TOGETHER, by=NOWAK).refused(
        said.LESSON_EXISTS, "together[0].on", topic="Inny"
    )


def test_each_class_may_be_at_its_own_place_of_the_plan() -> None:
    past = (*PLANNED, follows("4b", "pol-4b-n"))
    part = said.LessonPart(unit_id="4b", assignment_id="pol-4b-n", item_ids=("2",))
    both = replace(TOGETHER, topic=None, item_ids=("1",), together=(part,))
    given(past).when(both, by=NOWAK).then(
        there(replace(HERE_FACT, topic="Baśnie", plan=FromPlan(plan_id="rm", items=("1",)))),
        there(replace(THERE_FACT, topic="Legendy", plan=FromPlan(plan_id="rm", items=("2",)))),
    )
    given(PLANNED).when(both, by=NOWAK).refused(curriculum.NO_PLAN_ASSIGNED, "together[0].item_ids")


def test_a_double_lesson_of_two_classes_links_each_hour() -> None:
    decision = given(PAST).when(replace(TOGETHER, double=True), by=NOWAK).decision
    assert not isinstance(decision, Refusal)
    held = [entry.fact for entry in decision if isinstance(entry.fact, said.LessonHeld)]
    assert [(f.unit_id, f.period, f.continues, [ref.lesson_id for ref in f.together]) for f in held] == [
        ("4a", 3, None, [OTHER]),
        ("4a", 4, ID, [said.lesson_id(WEDNESDAY, 4, "pol-4b-n")]),
        ("4b", 3, None, [ID]),
        ("4b", 4, OTHER, [said.lesson_id(WEDNESDAY, 4, "pol-4a")]),
    ]


def test_lessons_held_together_have_one_teacher() -> None:
    foreign = replace(TOGETHER, together=(said.LessonPart(unit_id="4b", assignment_id="pol-4b"),))
    given(PAST).when(foreign, by=NOWAK).refused(said.NOT_YOUR_LESSON, "together[0].assignment_id")
    given(PAST).when(foreign, by=DIRECTOR).refused(
        said.OTHER_TEACHER, "together[0].assignment_id", teacher="lis"
    )
    key = said.lesson_id(WEDNESDAY, 3, "pol-4b")
    taken = said.SubstitutionArranged(
        unit_id="4b", lesson_id=key, on=WEDNESDAY, period=3, assignment_id="pol-4b", teacher_id="nowak",
        instead_of="lis",
    )  # fmt: skip
    decision = given(PAST, there(taken, "4b", key)).when(foreign, by=NOWAK).decision
    assert [entry.fact.instead_of for entry in decision] == [None, "lis"]  # type: ignore[union-attr]


def test_what_is_held_together_has_to_be_there() -> None:
    twice = replace(TOGETHER, together=(said.LessonPart(unit_id="4a", assignment_id="pol-4a"),))
    given(PAST).when(twice, by=NOWAK).refused(
        said.HELD_TOGETHER_TWICE, "together[0].assignment_id", assignment="pol-4a"
    )
    nothing = replace(TOGETHER, together=(said.LessonPart(unit_id="4b", assignment_id="nichts"),))
    given(PAST).when(nothing, by=NOWAK).refused(NO_SUCH_ASSIGNMENT, "together[0].assignment_id")
    nowhere = replace(TOGETHER, together=(said.LessonPart(unit_id="9z", assignment_id="pol-4b"),))
    given(PAST).when(nowhere, by=NOWAK).refused(NO_SUCH_CLASS, "together[0].unit_id", unit="9z")


def test_several_teachers_teach_and_each_signs() -> None:
    fact = replace(HELD, topic="Kino", co_teachers=("lis", "kos"))
    hold = replace(HOLD, topic="Kino", co_teacher_ids=("lis", "kos"))
    given(PAST).when(hold, by=NOWAK).then(there(fact))
    sign = said.SignLesson(unit_id="4a", lesson_id=ID)
    by_lis, by_nowak = (there(said.LessonSigned(lesson_id=ID, teacher_id=who)) for who in ("lis", "nowak"))
    given(PAST, there(fact)).when(sign, by=LIS).then(by_lis)
    given(PAST, there(fact), by_lis).when(sign, by=LIS).refused(said.ALREADY_SIGNED, "lesson_id")
    given(PAST, there(fact), by_lis).when(sign, by=NOWAK).then(by_nowak)
    given(PAST, there(fact), by_lis, by_nowak).when(sign, by=NOWAK).refused(said.ALREADY_SIGNED, "lesson_id")
    given(PAST, there(fact), by_nowak).when(sign, by=DIRECTOR).refused(said.ALREADY_SIGNED, "lesson_id")
    given(PAST, there(HELD)).when(sign, by=LIS).refused(said.NOT_YOUR_LESSON, "lesson_id")


def test_a_co_teacher_writes_in_the_lesson() -> None:
    fact = there(replace(HELD, co_teachers=("lis",)))
    topic = said.RecordTopic(unit_id="4a", lesson_id=ID, topic="Kino")
    given(PAST, fact).when(topic, by=LIS).then(there(said.TopicRecorded(lesson_id=ID, topic="Kino")))
    roll = CallRoll(unit_id="4a", lesson_id=ID)
    assert given(PAST, fact).when(roll, by=LIS).decision
    given(PAST, there(HELD)).when(roll, by=LIS).refused(said.NOT_YOUR_LESSON, "lesson_id")


def test_co_teachers_are_other_teachers() -> None:
    given(PAST).when(replace(HOLD, co_teacher_ids=("nowak",)), by=NOWAK).refused(
        said.CO_TEACHER_IS_THE_TEACHER, "co_teacher_ids[0]"
    )
    given(PAST).when(replace(HOLD, co_teacher_ids=("lis", "lis")), by=NOWAK).refused(
        said.CO_TEACHER_TWICE, "co_teacher_ids[1]", teacher="lis"
    )
    given(PAST).when(replace(HOLD, co_teacher_ids=("lis", "cma")), by=NOWAK).refused(
        NOT_IN_ROLE, "co_teacher_ids[1]"
    )


def test_a_co_teacher_is_recorded_afterwards_by_whoever_held_the_lesson() -> None:
    record = said.RecordCoTeacher(unit_id="4a", lesson_id=ID, teacher_id="lis")
    recorded = there(said.CoTeacherRecorded(lesson_id=ID, teacher_id="lis"))
    given(PAST, there(HELD)).when(record, by=NOWAK).then(recorded)
    given(PAST, there(HELD), recorded).when(record, by=NOWAK).nothing()
    given(PAST, there(HELD)).when(record, by=LIS).refused(said.NOT_YOUR_LESSON, "lesson_id")
    given(PAST).when(record, by=NOWAK).refused(said.NO_SUCH_LESSON, "lesson_id")
    given(PAST, there(HELD)).when(replace(record, teacher_id="nowak"), by=NOWAK).refused(
        said.CO_TEACHER_IS_THE_TEACHER, "teacher_id"
    )
    given(PAST, there(HELD)).when(replace(record, teacher_id="cma"), by=NOWAK).refused(
        NOT_IN_ROLE, "teacher_id"
    )
    with_topic = there(replace(HELD, topic="Kino"))
    given(PAST, with_topic, recorded).when(said.SignLesson(unit_id="4a", lesson_id=ID), by=LIS).then(
        there(said.LessonSigned(lesson_id=ID, teacher_id="lis"))
    )


def test_the_room_is_what_was_said() -> None:
    given(PAST).when(replace(HOLD, room=" 12 "), by=NOWAK).then(there(replace(HELD, room="12")))
    given(PAST).when(replace(HOLD, room=" "), by=NOWAK).then(there(HELD))


def test_lessons_are_held_and_substituted_within_terms() -> None:
    late = at(
        streams.SCHOOL,
        TermsSet(year_id="y2026", terms=(replace(AUTUMN, starts=SEPTEMBER, ends=date(2026, 10, 13)),)),
    )
    given(PAST, late).when(HOLD, by=NOWAK).refused(said.OUTSIDE_TERM, "on", on=WEDNESDAY)
    arrange = said.ArrangeSubstitution(
        unit_id="4a", assignment_id="pol-4a", on=WEDNESDAY, period=3, teacher_id="lis"
    )
    given(PAST, late).when(arrange).refused(said.OUTSIDE_TERM, "on", on=WEDNESDAY)
    given(PAST, late).when(TOGETHER, by=NOWAK).refused(said.OUTSIDE_TERM, "on", on=WEDNESDAY)
