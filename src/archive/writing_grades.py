"""How are columns, grades and averages written down?

The grade that stands and the one first given are both there, with every correction and strike-out, its
author, time and reason (regulation of 2014, s. 26).
"""

from __future__ import annotations

from collections.abc import Iterator

from dziennik.archive.canonical import Tag, day, flag, number, optional
from dziennik.archive.page import Page, personal
from dziennik.archive.reckoning import averages_of
from dziennik.archive.register import Grade, told
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.grades import ColumnChanged, ColumnOpened, GradeCorrected, GradeGiven, GradeStruckOut
from dziennik.domain.policies.grading import ExclusionReason

COLUMNS, COLUMN, CHANGED = Tag("columns"), Tag("column"), Tag("changed")
GRADES, BOOK, GRADE = Tag("grades"), Tag("pupil-grades"), Tag("grade")
DESCRIPTION, WAS, COMMENT = Tag("description"), Tag("was-description"), Tag("comment")
CORRECTED, STRUCK_OUT = Tag("corrected"), Tag("struck-out")
AVERAGE, INCLUDED, EXCLUDED = Tag("average"), Tag("included"), Tag("excluded")

_GRADE = GRADE.row(
    *("assignment", "author", "category?", "column?", "date", "given", "id", "improves?", "kind"),
    *("position", "recorded", "struck-out", "teacher", "value", "weight"),
)
# Format 1 was published when only categories could be left out; its list of reasons is closed (ADR 0087).
_AS_PUBLISHED = {ExclusionReason.COLUMN_NOT_COUNTED: ExclusionReason.CATEGORY_NOT_COUNTED}
_INCLUDED = INCLUDED.row_whole("grade", "number", "weight")


def columns(page: Page) -> Iterator[str]:
    """The columns of the gradebook in the order they were opened, with what they were before."""
    yield COLUMNS.block()
    for first, *later in page.register.columns.values():
        fact = first.fact
        if not isinstance(fact, ColumnOpened):
            continue
        yield COLUMN.block(
            **page.by(first),
            **_heading(fact),
            assignment=fact.assignment_id,
            id=fact.column_id,
            subject=fact.subject_id,
            unit=fact.unit_id,
        )
        for each in later:
            if isinstance(each.fact, ColumnChanged):
                yield CHANGED.whole(**page.by(each), **_heading(each.fact))
        yield COLUMN.end
    yield COLUMNS.end


def _heading(fact: ColumnOpened | ColumnChanged) -> dict[str, str | None]:
    return {
        "category": fact.category_id,
        "date": day(fact.on),
        "out_of": number(fact.out_of),
        "title": fact.title,
        "weight": number(fact.weight),
    }


def grades(page: Page) -> Iterator[str]:
    """By subject in the order of introduction, then by pupil in register order."""
    register = page.register
    subjects = {subject: place for place, subject in enumerate(register.school.subjects)}
    pupils = {pupil: place for place, pupil in enumerate(register.enrolments)}
    yield GRADES.block()
    ordered = sorted(register.grades.items(), key=lambda item: (subjects[item[0][0]], pupils[item[0][1]]))
    for (subject_id, pupil_id), book in ordered:
        parts = [BOOK.block(pupil=pupil_id, subject=subject_id)]
        parts += [_grade(page, grade, told(grade.given, GradeGiven)) for grade in book.values()]
        parts += _averages(page, book)
        parts.append(BOOK.end)
        yield "".join(parts)
    yield GRADES.end


def _grade(page: Page, grade: Grade, fact: GradeGiven) -> str:
    (author, recorded), safe = page.made(grade.given), page.safe
    begun = _GRADE % (
        safe[fact.assignment_id],
        author,
        optional("category", None if fact.category_id is None else safe[fact.category_id]),
        optional("column", None if fact.column_id is None else safe[fact.column_id]),
        day(fact.on),
        safe[fact.value],
        safe[fact.grade_id],
        optional("improves", None if fact.improves is None else safe[fact.improves]),
        fact.kind,
        grade.given.position,
        recorded,
        flag(grade.struck_out),
        safe[page.tell(fact.teacher_id)],
        safe[grade.value],
        number(fact.weight),
    )
    if fact.description is None and fact.comment is None and not grade.later:
        return begun + GRADE.end
    inside = [personal(DESCRIPTION, fact.description), personal(COMMENT, fact.comment)]
    inside += [_later(page, each) for each in grade.later]
    return begun + "\n" + "".join(inside) + GRADE.end


def _later(page: Page, each: Recorded) -> str:
    fact = told(each, GradeStruckOut, GradeCorrected)
    if isinstance(fact, GradeStruckOut):
        return STRUCK_OUT.whole(**page.by(each), reason=fact.reason)
    begun = CORRECTED.block(**page.by(each), reason=fact.reason, value=fact.value, was=fact.was)
    texts = personal(WAS, fact.was_description) + personal(DESCRIPTION, fact.description)
    return begun + texts + CORRECTED.end


def _averages(page: Page, book: dict[str, Grade]) -> list[str]:
    """The average of the year and of each term that has grades, with what went in and what did not."""
    parts, safe = [], page.safe
    for term_id, average in averages_of(page.register, book):
        version = number(average.rule_version)
        parts.append(AVERAGE.block(rules=version, term=term_id, value=number(average.value)))
        parts += [
            _INCLUDED % (safe[one.grade_id], number(one.number), number(one.weight))
            for one in average.included
        ]
        parts += [
            EXCLUDED.whole(grade=left.grade_id, reason=_AS_PUBLISHED.get(left.reason, left.reason))
            for left in average.excluded
        ]
        parts.append(AVERAGE.end)
    return parts
