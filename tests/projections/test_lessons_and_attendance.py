"""Lessons with their topics and signatures; who was there, and which percentage that makes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import attendance as facts
from dziennik.contracts import lessons, streams
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.values import AttendanceKind
from dziennik.projections import attendance, lesson_journal
from dziennik.projections.as_of import as_of
from dziennik.projections.attendance import ATTENDANCE
from dziennik.projections.lesson_journal import LESSON_JOURNAL, LessonState
from dziennik.projections.rows import Span, View
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, NOWAK, History, a_school, held, mark_of
from tests.projections.listed import Listed

K = AttendanceKind
NEXT_MONTH = date(2026, 10, 1)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [LESSON_JOURNAL, ATTENDANCE], journal.position())


def teach(
    history: History, unit: str, day: date, period: int, marks: dict[str, K], subject: str = "mat"
) -> lessons.LessonHeld:
    """A lesson with its roll call; whoever has no mark was present."""
    fact = held(unit, day, period, subject)
    pupils = {"A": ("ada", "bo"), "B": ("cy", "di"), "G": ("ada", "cy")}[unit]
    history.tell(
        streams.lesson(unit, fact.lesson_id),
        fact,
        facts.RollCalled(lesson_id=fact.lesson_id, pupils=pupils),
        *[mark_of(fact.lesson_id, pupil, kind) for pupil, kind in marks.items()],
    )
    return fact


def test_lessons_of_a_class_by_day_hour_and_subject(common: str) -> None:
    history = a_school()
    teach(history, "A", FIRST + timedelta(1), 1, {})
    teach(history, "A", FIRST, 2, {}, "pol")
    teach(history, "A", FIRST, 1, {})
    teach(history, "A", NEXT_MONTH, 1, {})  # another month
    teach(history, "B", FIRST, 1, {})  # another class
    view = view_of(history)
    september = lesson_journal.of_unit(view, "A", FIRST, date(2026, 9, 30))
    assert [(row.on.day, row.period, row.subject_id, row.asked) for row in september] == [
        (1, 1, "mat", 2),
        (1, 2, "pol", 2),
        (2, 1, "mat", 2),
    ]
    polish = lesson_journal.of_unit(view, "A", FIRST, NEXT_MONTH, "pol")
    assert [row.subject_id for row in polish] == ["pol"]
    nowaks = lesson_journal.of_teacher(view, "nowak", FIRST, FIRST)
    assert [row.unit_id for row in nowaks] == ["A", "B", "A"]
    agree(common, LESSON_JOURNAL, history)


def test_a_topic_is_recorded_corrected_and_signed(common: str) -> None:
    history = a_school()
    fact = held("A", FIRST, 1, topic=None)
    history.tell(
        streams.lesson("A", fact.lesson_id),
        fact,
        lessons.TopicRecorded(lesson_id=fact.lesson_id, topic="Ulamki"),
        lessons.TopicCorrected(lesson_id=fact.lesson_id, was="Ulamki", topic="Ułamki", reason="literówka"),
        lessons.LessonSigned(lesson_id=fact.lesson_id, teacher_id="nowak"),
    )
    lesson = lesson_journal.lesson_of(view_of(history), "A", fact.lesson_id)
    assert lesson is not None
    assert (lesson.topic, lesson.topic_corrected, lesson.signed_by) == ("Ułamki", True, "nowak")
    assert lesson.signed_at == history.at(len(history.recorded))
    assert (lesson.asked, lesson.entered_by) == (None, NOWAK.person)
    agree(common, LESSON_JOURNAL, history)


def test_items_co_teachers_rooms_and_links_are_kept(common: str) -> None:
    history = a_school()
    there = lessons.LessonRef(unit_id="B", lesson_id=held("B", FIRST, 1).lesson_id)
    fact = replace(
        held("A", FIRST, 1),
        plan=FromPlan(plan_id="rm", items=("1", "2")),
        room="12",
        co_teachers=("lis",),
        together=(there,),
    )
    second = replace(held("A", FIRST, 2), continues=fact.lesson_id)
    history.tell(streams.lesson("A", second.lesson_id), second)
    history.tell(
        streams.lesson("A", fact.lesson_id),
        fact,
        lessons.LessonSigned(lesson_id=fact.lesson_id, teacher_id="lis"),
        lessons.CoTeacherRecorded(lesson_id=fact.lesson_id, teacher_id="kos"),
        lessons.TopicCorrected(
            lesson_id=fact.lesson_id,
            was="Ułamki",
            topic="Kino",
            reason="pomyłka",
            was_plan=fact.plan,
            plan=FromPlan(plan_id="rm", items=("3",)),
        ),
    )
    first, other = lesson_journal.of_unit(view_of(history), "A", FIRST, FIRST)
    assert (first.plan_id, first.items, first.room, first.together) == ("rm", ("3",), "12", (there,))
    assert (first.co_teachers, first.co_signed, first.signed_by) == (("lis", "kos"), ("lis",), None)
    assert (other.continues, other.plan_id, other.items) == (fact.lesson_id, None, ())
    agree(common, LESSON_JOURNAL, history)


def test_a_substitution_is_planned_then_held_and_a_lesson_can_be_cancelled(common: str) -> None:
    history = a_school()
    first, second = held("A", FIRST, 1), held("A", FIRST, 2)
    for fact in first, second:
        history.tell(
            streams.lesson("A", fact.lesson_id),
            lessons.SubstitutionArranged(
                unit_id="A",
                lesson_id=fact.lesson_id,
                on=fact.on,
                period=fact.period,
                assignment_id=fact.assignment_id,
                teacher_id="lis",
                instead_of="nowak",
                reason="choroba",
            ),
        )
    planned = lesson_journal.lesson_of(view_of(history), "A", first.lesson_id)
    assert planned is not None
    assert (planned.state, planned.subject_id, planned.teacher_id) == (LessonState.PLANNED, "mat", "lis")
    history.tell(
        streams.lesson("A", first.lesson_id),
        lessons.LessonHeld(
            unit_id="A",
            lesson_id=first.lesson_id,
            on=FIRST,
            period=1,
            assignment_id="mat-A",
            subject_id="mat",
            teacher_id="lis",
            instead_of="nowak",
        ),
    )
    history.tell(
        streams.lesson("A", second.lesson_id),
        lessons.LessonCancelled(
            unit_id="A",
            lesson_id=second.lesson_id,
            on=FIRST,
            period=2,
            assignment_id="mat-A",
            subject_id="mat",
            reason="wycieczka",
        ),
    )
    rows = lesson_journal.of_unit(view_of(history), "A", FIRST, FIRST)
    assert [(row.state, row.teacher_id, row.instead_of, row.reason) for row in rows] == [
        (LessonState.HELD, "lis", "nowak", "choroba"),
        (LessonState.CANCELLED, "lis", "nowak", "wycieczka"),
    ]
    agree(common, LESSON_JOURNAL, history)


def test_presence_is_what_the_roll_call_leaves(common: str) -> None:
    history = a_school()
    teach(history, "A", FIRST, 1, {"ada": K.ABSENT})
    teach(history, "A", FIRST, 2, {"ada": K.LATE, "bo": K.RELEASED})
    teach(history, "G", FIRST, 3, {}, "eng")
    teach(history, "A", NEXT_MONTH, 1, {})
    teach(history, "B", FIRST, 1, {"cy": K.ABSENT})
    view = view_of(history)
    ada = attendance.total(attendance.counts_of_pupil(view, "ada", "Y"))
    assert {kind: number for kind, number in ada.items() if number} == {K.PRESENT: 2, K.ABSENT: 1, K.LATE: 1}
    full = attendance.percentage(view, "ada", "Y")
    assert full is not None
    assert (full.value, full.present, full.counted, full.rule_version) == (Decimal("75.0"), 3, 4, 1)
    english = attendance.percentage(view, "ada", "Y", subject_id="eng")
    assert english is not None
    assert (english.value, english.counted) == (Decimal("100.0"), 1)
    september = attendance.percentage(view, "bo", "Y", months=Span(None, FIRST))
    assert september is not None
    assert (september.value, september.counted, september.left_out) == (Decimal("100.0"), 1, 1)
    nobody = attendance.percentage(view, "unknown", "Y")
    assert nobody is not None
    assert nobody.value is None
    assert attendance.percentage(view, "ada", "another year") is None
    agree(common, ATTENDANCE, history)


def test_sheets_of_a_class_and_of_a_pupil() -> None:
    history = a_school()
    second = teach(history, "A", FIRST, 2, {"bo": K.ABSENT})
    first = teach(history, "A", FIRST, 1, {"ada": K.LATE})
    teach(history, "A", FIRST + timedelta(1), 1, {"ada": K.ABSENT})
    teach(history, "B", FIRST, 1, {"cy": K.ABSENT})
    view = view_of(history)
    sheet = attendance.sheet_of_unit(view, "A", FIRST, FIRST)
    assert [(roll.lesson_id, roll.asked) for roll in sheet.rolls] == [
        (first.lesson_id, ("ada", "bo")),
        (second.lesson_id, ("ada", "bo")),
    ]
    assert [(mark.pupil_id, mark.kind, mark.minutes) for mark in sheet.marks] == [
        ("ada", K.LATE, 7),
        ("bo", K.ABSENT, None),
    ]
    of_ada = attendance.marks_of_pupil(view, "ada", FIRST, NEXT_MONTH)
    assert [(mark.on.day, mark.kind) for mark in of_ada] == [(1, K.LATE), (2, K.ABSENT)]


def test_a_corrected_mark_counts_anew_and_remembers(common: str) -> None:
    history = a_school()
    fact = teach(history, "A", FIRST, 1, {"ada": K.ABSENT})
    for was, now in ((K.ABSENT, K.ABSENT_EXCUSED), (K.ABSENT_EXCUSED, K.PRESENT)):
        history.tell(
            streams.lesson("A", fact.lesson_id),
            facts.AttendanceCorrected(
                lesson_id=fact.lesson_id,
                pupil_id="ada",
                was_type_id=was.value,
                was_kind=was,
                type_id=now.value,
                kind=now,
                reason="pomyłka",
            ),
        )
    view = view_of(history)
    (mark,) = attendance.marks_of_pupil(view, "ada", FIRST, FIRST)
    assert (mark.kind, mark.was) == (K.PRESENT, (K.ABSENT, K.ABSENT_EXCUSED))
    for pupil in "ada", "bo":
        (count,) = attendance.counts_of_pupil(view, pupil, "Y")
        assert (count.present, count.absent, count.absent_excused) == (1, 0, 0)
    agree(common, ATTENDANCE, history)


def test_a_cancelled_lesson_counts_nowhere_and_stays_visible(common: str) -> None:
    history = a_school()
    teach(history, "A", FIRST, 1, {})
    fact = teach(history, "A", FIRST, 2, {"ada": K.ABSENT})
    history.tell(
        streams.lesson("A", fact.lesson_id),
        lessons.LessonCancelled(
            unit_id="A",
            lesson_id=fact.lesson_id,
            on=FIRST,
            period=2,
            assignment_id="mat-A",
            subject_id="mat",
            reason="pomyłka",
        ),
    )
    view = view_of(history)
    (count,) = attendance.counts_of_pupil(view, "ada", "Y")
    assert (count.present, count.absent) == (1, 0)
    sheet = attendance.sheet_of_unit(view, "A", FIRST, FIRST)
    assert [roll.cancelled for roll in sheet.rolls] == [False, True]
    assert [(mark.pupil_id, mark.cancelled) for mark in sheet.marks] == [("ada", True)]
    agree(common, ATTENDANCE, history)
