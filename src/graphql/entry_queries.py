"""Queries: gradebook, attendance, lessons and the history of entries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.graphql import lesson_shapes, moments, rendering, shapes
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.moments import Moment
from dziennik.graphql.paging import page_of
from dziennik.graphql.raw import RawList
from dziennik.graphql.structure_queries import Position, SchoolId, class_pupils
from dziennik.graphql.who_may import guarded
from dziennik.projections import attendance, entry_history, gradebook, lesson_journal

From = Annotated[date, strawberry.argument(name="from", description="First day.")]
To = Annotated[date, strawberry.argument(description="Last day.")]
GRADES = (gradebook.GRADEBOOK.name,)
MARKS = (attendance.ATTENDANCE.name,)
LESSONS = (lesson_journal.LESSON_JOURNAL.name,)
HISTORY = (entry_history.ENTRY_HISTORY.name,)


@strawberry.type
class EntryQueries:
    @guarded(description="The gradebook of a class.")
    def gradebook(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.Gradebook:
        context = context_of(info)
        context.wait(school, GRADES, after_position)
        context = moments.of_class(context, school, class_id, as_of, gradebook.GRADEBOOK)
        view, granted = context.view(school), context.granted
        cells = gradebook.class_cells_json(view, class_id)
        return {  # type: ignore[return-value]
            "classId": class_id,
            "pupils": lambda: class_pupils(context, school, class_id, None),
            "columns": lambda: [
                rendering.column(row, gradebook.publication_of(view, row.column_id))
                for row in gradebook.columns_of(view, class_id)
                if granted.covers(row.subject_id)
            ],
            "cells": RawList([content for subject, _, content in cells if granted.covers(subject)]),
        }

    @guarded(description="A pupil's grades by subject, with explained averages.")
    def pupil_grades(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        class_id: strawberry.ID | None = None,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[shapes.GradebookCell]:
        context = context_of(info)
        context.wait(school, GRADES, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of, gradebook.GRADEBOOK)
        view, granted = context.view(school), context.granted
        hidden = hidden_columns(context, school)
        cells = gradebook.pupil_cells_json(view, pupil_id)
        chosen = [
            gradebook.published_json(view, content, hidden)
            for unit, subject, content in cells
            if class_id in (None, unit) and granted.covers(subject, unit)
        ]
        return RawList(chosen)  # type: ignore[return-value]

    @guarded(description="A pupil's attendance in a school year, explained.")
    def pupil_attendance(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        year_id: strawberry.ID,
        from_: From,
        to: To,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> lesson_shapes.PupilAttendance:
        context = context_of(info)
        context.wait(school, MARKS, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of, attendance.ATTENDANCE)
        return _pupil_attendance(context, school, pupil_id, year_id, (from_, to))  # type: ignore[return-value]

    @guarded(description="The attendance sheet of a class, or of an interclass group.")
    def attendance_sheet(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From,
        to: To,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> lesson_shapes.AttendanceSheet:
        context = context_of(info)
        context.wait(school, MARKS, after_position)
        context = moments.of_class(context, school, class_id, as_of, attendance.ATTENDANCE)
        granted = context.granted
        sheet = attendance.sheet_of_unit(context.view(school), class_id, from_, to)
        rolls = [r for r in sheet.rolls if granted.covers(r.subject_id, r.unit_id) and not r.cancelled]
        marks = [m for m in sheet.marks if granted.covers(m.subject_id, m.unit_id) and not m.cancelled]
        return {  # type: ignore[return-value]
            "classId": class_id,
            "rolls": [rendering.roll(row) for row in rolls],
            "marks": [rendering.mark(row) for row in marks],
        }

    @guarded(description="Lessons of a class by day and hour.")
    def lesson_journal(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From,
        to: To,
        subject_id: strawberry.ID | None = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> lesson_shapes.LessonConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, LESSONS, after_position)
        context = moments.of_class(context, school, class_id, as_of, lesson_journal.LESSON_JOURNAL)
        granted = context.granted
        rows = lesson_journal.of_unit(context.view(school), class_id, from_, to, subject_id)
        rows = [row for row in rows if granted.covers(row.subject_id, row.unit_id, row.on)]
        return _lessons(context, rows, first, after)

    @guarded(description="The asker's lessons.")
    def my_lessons(
        self,
        info: Info,
        school: SchoolId,
        from_: From,
        to: To,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> lesson_shapes.LessonConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, LESSONS, after_position)
        person_id = context.access(school).person.person_id
        rows = lesson_journal.of_teacher(context.view(school), person_id, from_, to)
        return _lessons(context, rows, first, after)

    @guarded(description="Who gave, corrected or struck out a grade, when and why.")
    def grade_history(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        grade_id: strawberry.ID,
        after_position: Position = None,
    ) -> list[shapes.EntryChange]:
        context = context_of(info)
        context.wait(school, (*HISTORY, *GRADES), after_position)
        view = context.view(school)
        if not is_granted_grade(context, school, pupil_id, grade_id):
            return []
        rows = entry_history.of_grade(view, grade_id)
        return [rendering.change(row) for row in rows if row.pupil_id == pupil_id]  # type: ignore[misc]

    @guarded(description="How a pupil's mark at a lesson came about.")
    def attendance_history(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        lesson_id: strawberry.ID,
        after_position: Position = None,
    ) -> list[shapes.EntryChange]:
        context = context_of(info)
        context.wait(school, (*HISTORY, *MARKS), after_position)
        view, granted = context.view(school), context.granted
        rows = entry_history.of_mark(view, lesson_id, pupil_id)
        rolls = [view.get(attendance.Roll, row.unit_id, lesson_id) for row in rows]
        return [
            rendering.change(row)  # type: ignore[misc]
            for row, roll in zip(rows, rolls, strict=True)
            if roll and granted.covers(roll.subject_id, roll.unit_id)
        ]

    @guarded(description="All that was entered or changed in a class, in order.")
    def class_history(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: Annotated[datetime, strawberry.argument(name="from")],
        to: datetime,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.EntryChangeConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, HISTORY, after_position)
        rows = entry_history.of_unit(context.view(school), class_id, from_, to)
        return page_of(
            rows,
            lambda row: f"{row.position:015d}",
            rendering.change,
            first=first,
            after=after,
            language=context.language,
        )


def _lessons(
    context: Context, rows: list[lesson_journal.Lesson], first: int, after: str | None
) -> dict[str, Any]:
    def key(row: lesson_journal.Lesson) -> str:
        return f"{row.on}.{row.period:02d}\x1f{row.unit_id}\x1f{row.lesson_id}"

    return page_of(
        sorted(rows, key=key), key, rendering.lesson, first=first, after=after, language=context.language
    )


def _pupil_attendance(
    context: Context, school: str, pupil_id: str, year_id: str, days: tuple[date, date]
) -> dict[str, Any]:
    view, granted = context.view(school), context.granted
    counts = attendance.counts_of_pupil(view, pupil_id, year_id)
    subjects = sorted({count.subject_id for count in counts if granted.covers(count.subject_id)})
    marks = attendance.marks_of_pupil(view, pupil_id, *days)
    whole = attendance.percentage(view, pupil_id, year_id) if granted.whole else None
    return {
        "pupilId": pupil_id,
        "yearId": year_id,
        "percentage": rendering.percentage(whole),
        "bySubject": [
            {
                "subjectId": subject_id,
                "percentage": rendering.percentage(
                    attendance.percentage(view, pupil_id, year_id, subject_id=subject_id)
                ),
            }
            for subject_id in subjects
        ],
        "marks": [
            rendering.mark(row)
            for row in marks
            if granted.covers(row.subject_id, row.unit_id) and not row.cancelled
        ],
    }


def hidden_columns(context: Context, school: str) -> frozenset[str]:
    """Columns whose grades the asker must not see yet: none for the school's staff."""
    if not context.granted.published:
        return frozenset()
    return gradebook.hidden_columns(context.view(school), context.today(school))


def is_granted_grade(context: Context, school: str, pupil_id: str, grade_id: str) -> bool:
    """Whether the pupil has the grade, and the asker may see it wherever it stands.

    Ids are chosen by clients: one may have been given to a second grade to read the first one's history.
    """
    hidden, granted = hidden_columns(context, school), context.granted
    found = [
        granted.covers(cell.subject_id, cell.class_id) and grade.column_id not in hidden
        for cell in gradebook.pupil_cells(context.view(school), pupil_id)
        for grade in cell.grades
        if grade.id == grade_id
    ]
    return bool(found) and all(found)
