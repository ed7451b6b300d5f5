"""Every change of an entry stands with author, role, moment, old and new value, and reason."""

from __future__ import annotations

from datetime import timedelta

from dziennik.contracts import attendance, grades, lessons, streams
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.values import AttendanceKind
from dziennik.projections import entry_history
from dziennik.projections.as_of import as_of
from dziennik.projections.entry_history import ENTRY_HISTORY, EntryChange
from dziennik.projections.rows import View
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, START, History, a_school, given, held
from tests.projections.listed import Listed

ADA = streams.grades("A", "mat", "ada")
DIRECTOR = Actor(account="acc-dir", role=Role.DIRECTOR, channel=Channel.WEB)
EVER = START + timedelta(days=365)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [ENTRY_HISTORY], journal.position())


def told(changes: list[EntryChange]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(change.what, change.old, change.new, change.reason) for change in changes]


def test_a_grade_from_first_to_last(common: str) -> None:
    history = a_school()
    history.tell(*given("g1", "3"))
    history.tell(*given("spurious", "1"))
    history.tell(
        ADA, grades.GradeCorrected(grade_id="g1", pupil_id="ada", was="3", value="4", reason="pomyłka")
    )
    history.tell(
        ADA, grades.GradeStruckOut(grade_id="g1", pupil_id="ada", reason="nie ten uczeń"), actor=DIRECTOR
    )
    changes = entry_history.of_grade(view_of(history), "g1")
    assert told(changes) == [
        ("grade_given", None, "3", None),
        ("grade_corrected", "3", "4", "pomyłka"),
        ("grade_struck_out", "4", None, "nie ten uczeń"),
    ]
    assert [(row.account, row.person_id, row.role, row.channel) for row in changes[1:]] == [
        ("acc-nowak", "nowak", Role.TEACHER, Channel.API),
        ("acc-dir", None, Role.DIRECTOR, Channel.WEB),
    ]
    assert changes[-1].at == history.at(len(history.recorded))
    agree(common, ENTRY_HISTORY, history)


def test_a_mark_begins_with_the_roll_call_that_asked_the_pupil(common: str) -> None:
    history = a_school()
    lesson = held("A", FIRST, 1).lesson_id
    absent, excused = AttendanceKind.ABSENT, AttendanceKind.ABSENT_EXCUSED
    history.tell(
        streams.lesson("A", lesson),
        attendance.RollCalled(lesson_id=lesson, pupils=("ada", "bo")),
        attendance.AbsenceRecorded(lesson_id=lesson, pupil_id="ada", type_id="nb", kind=absent),
        attendance.AttendanceCorrected(
            lesson_id=lesson,
            pupil_id="ada",
            was_type_id="nb",
            was_kind=absent,
            type_id="u",
            kind=excused,
            reason="usprawiedliwienie",
        ),
    )
    view = view_of(history)
    assert told(entry_history.of_mark(view, lesson, "ada")) == [
        ("roll_called", None, None, None),
        ("absence_recorded", "present", "nb", None),
        ("attendance_corrected", "nb", "u", "usprawiedliwienie"),
    ]
    assert [row.what for row in entry_history.of_mark(view, lesson, "bo")] == ["roll_called"]
    assert entry_history.of_mark(view, lesson, "cy") == []
    agree(common, ENTRY_HISTORY, history)


def test_a_topic_with_signature_and_cancellation() -> None:
    history = a_school()
    fact = held("A", FIRST, 1)
    history.tell(
        streams.lesson("A", fact.lesson_id),
        fact,
        lessons.TopicCorrected(lesson_id=fact.lesson_id, was="Ułamki", topic="Procenty", reason="pomyłka"),
        lessons.LessonSigned(lesson_id=fact.lesson_id, teacher_id="nowak"),
        lessons.LessonCancelled(
            unit_id="A",
            lesson_id=fact.lesson_id,
            on=FIRST,
            period=1,
            assignment_id="mat-A",
            subject_id="mat",
            reason="odwołana",
        ),
    )
    other = held("A", FIRST, 2)
    history.tell(streams.lesson("A", other.lesson_id), other)
    assert told(entry_history.of_topic(view_of(history), fact.lesson_id)) == [
        ("lesson_held", None, "Ułamki", None),
        ("topic_corrected", "Ułamki", "Procenty", "pomyłka"),
        ("lesson_signed", "Procenty", "Procenty", None),
        ("lesson_cancelled", "Procenty", None, "odwołana"),
    ]


def test_changes_by_class_pupil_author_and_time() -> None:
    history = a_school()
    history.tell(*given("g1", "3"))
    first = history.at(len(history.recorded))
    history.tell(*given("g2", "4", pupil="bo"))
    history.tell(*given("g3", "5", unit="B", pupil="cy"))
    history.tell(ADA, grades.GradeStruckOut(grade_id="g1", pupil_id="ada", reason="x"), actor=DIRECTOR)
    view = view_of(history)
    assert [row.entry for row in entry_history.of_unit(view, "A", START, EVER)] == [
        "grade/g1",
        "grade/g2",
        "grade/g1",
    ]
    assert [row.entry for row in entry_history.of_unit(view, "A", START, first)] == ["grade/g1"]
    assert [row.what for row in entry_history.of_pupil(view, "ada", START, EVER)] == [
        "grade_given",
        "grade_struck_out",
    ]
    assert [row.what for row in entry_history.by_account(view, "acc-dir", START, EVER)] == [
        "grade_struck_out"
    ]
