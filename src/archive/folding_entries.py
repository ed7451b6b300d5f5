"""What was entered during the year: lessons, attendance, columns, grades?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dziennik.archive.register import ClassRegister, Grade, Lesson, told
from dziennik.contracts import attendance, classes, grades, lessons, streams
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import Fact

Mark = (
    attendance.AbsenceRecorded
    | attendance.LatenessRecorded
    | attendance.ReleaseRecorded
    | attendance.AttendanceCorrected
)


def _lesson(register: ClassRegister, each: Recorded, lesson_id: str) -> Lesson:
    lesson = register.lessons.get(lesson_id)
    if lesson is None:
        lesson = register.lessons[lesson_id] = Lesson(unit_id=streams.unit_of(each.stream) or "")
    lesson.entries.append(each)
    return lesson


def _placed(
    lesson: Lesson, fact: lessons.LessonHeld | lessons.SubstitutionArranged | lessons.LessonCancelled
) -> None:
    lesson.on, lesson.period, lesson.assignment_id = fact.on, fact.period, fact.assignment_id


def _arranged(register: ClassRegister, each: Recorded, fact: lessons.SubstitutionArranged) -> None:
    _placed(_lesson(register, each, fact.lesson_id), fact)


def _held(register: ClassRegister, each: Recorded, fact: lessons.LessonHeld) -> None:
    lesson = _lesson(register, each, fact.lesson_id)
    _placed(lesson, fact)
    lesson.subject_id, lesson.group_id, lesson.state = fact.subject_id, fact.group_id, "held"


def _topic(
    register: ClassRegister, each: Recorded, fact: lessons.TopicRecorded | lessons.TopicCorrected
) -> None:
    _lesson(register, each, fact.lesson_id)


def _signed(register: ClassRegister, each: Recorded, fact: lessons.LessonSigned) -> None:
    _lesson(register, each, fact.lesson_id).state = "signed"


def _cancelled(register: ClassRegister, each: Recorded, fact: lessons.LessonCancelled) -> None:
    lesson = _lesson(register, each, fact.lesson_id)
    _placed(lesson, fact)
    lesson.subject_id, lesson.group_id, lesson.state = fact.subject_id, fact.group_id, "cancelled"


def _roll(register: ClassRegister, each: Recorded, fact: attendance.RollCalled) -> None:
    _lesson(register, each, fact.lesson_id).roll = fact


def _mark(register: ClassRegister, each: Recorded, fact: Mark) -> None:
    _lesson(register, each, fact.lesson_id).marks[fact.pupil_id] = fact.kind


def _column(
    register: ClassRegister, each: Recorded, fact: grades.ColumnOpened | grades.ColumnChanged
) -> None:
    register.columns.setdefault(fact.column_id, []).append(each)


def _given(register: ClassRegister, each: Recorded, fact: grades.GradeGiven) -> None:
    if fact.class_id == register.class_id:
        book = register.grades.setdefault((fact.subject_id, fact.pupil_id), {})
        book[fact.grade_id] = Grade(each, value=fact.value)


def _grade(register: ClassRegister, stream: str, grade_id: str) -> Grade:
    _, _, _, subject_id, pupil_id = stream.split("/")
    return register.grades[subject_id, pupil_id][grade_id]


def _corrected(register: ClassRegister, each: Recorded, fact: grades.GradeCorrected) -> None:
    grade = _grade(register, each.stream, fact.grade_id)
    grade.later.append(each)
    grade.value = fact.value


def _struck_out(register: ClassRegister, each: Recorded, fact: grades.GradeStruckOut) -> None:
    grade = _grade(register, each.stream, fact.grade_id)
    grade.later.append(each)
    grade.struck_out = True


def keep_pupils(register: ClassRegister) -> None:
    """Of interclass groups only what concerns this class is kept, and lessons are put in order."""
    own = register.enrolments
    for group in register.groups.values():
        group.members = [
            each
            for each in group.members
            if told(each, classes.PupilJoinedGroup, classes.PupilLeftGroup).pupil_id in own
        ]
    register.lessons = dict(
        sorted(
            register.lessons.items(),
            key=lambda item: (item[1].on, item[1].period, item[1].unit_id, item[0]),
        )
    )
    for lesson in register.lessons.values():
        if lesson.subject_id is None:  # a substitution was arranged, nothing else
            assigned = register.assignments.get(lesson.assignment_id, ())
            first = next((r.fact for r in assigned if isinstance(r.fact, classes.TeachingAssigned)), None)
            lesson.subject_id = first.subject_id if first else None
            lesson.group_id = first.group_id if first else None


HANDLERS: dict[type[Fact], Callable[[ClassRegister, Recorded, Any], None]] = {
    lessons.SubstitutionArranged: _arranged,
    lessons.LessonHeld: _held,
    lessons.TopicRecorded: _topic,
    lessons.TopicCorrected: _topic,
    lessons.LessonSigned: _signed,
    lessons.LessonCancelled: _cancelled,
    attendance.RollCalled: _roll,
    attendance.AbsenceRecorded: _mark,
    attendance.LatenessRecorded: _mark,
    attendance.ReleaseRecorded: _mark,
    attendance.AttendanceCorrected: _mark,
    grades.ColumnOpened: _column,
    grades.ColumnChanged: _column,
    grades.GradeGiven: _given,
    grades.GradeCorrected: _corrected,
    grades.GradeStruckOut: _struck_out,
}
