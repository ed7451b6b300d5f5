"""Which cards does a class need, and what is printed on them?

Made out from the read models; issuing them is a command, and printing comes after that.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from dziennik.contracts.cards import CardKind, CardLesson, CardLine, NewCard
from dziennik.omr.identity import NUMBER_BITS, identify
from dziennik.omr.layouts import BLOCKS, Paper, card_for, grade_card, pupils_on
from dziennik.omr.printed import Printed
from dziennik.omr.template import Template
from dziennik.projections import gradebook, structure
from dziennik.projections.cards import teacher_of
from dziennik.projections.day_plans import plans_of_unit
from dziennik.projections.rows import View
from dziennik.scanning.paper import Part, name_of, paper_of
from dziennik.scanning.topics import Topics


@dataclass(frozen=True, slots=True)
class Made:
    """A card before it is issued, and what its paper shows."""

    new: NewCard
    printed: Printed


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A lesson by the day's plan; `group_id`: of a part of the class."""

    on_card: CardLesson
    group_id: str | None


@dataclass(frozen=True, slots=True)
class _Some:
    """The pupils of one card."""

    lines: tuple[CardLine, ...]
    which: Part


def random_number() -> int:
    """A card's number: nobody guesses the next."""
    return secrets.randbits(NUMBER_BITS)


def lesson_cards(
    view: View,
    class_id: str,
    days: Sequence[date],
    paper: Paper,
    key: bytes,
    number: Callable[[], int] = random_number,
    *,
    period: int | None = None,
    teacher_id: str | None = None,
) -> Iterator[Made]:
    """Cards for the lessons that a class or interclass group expects, day by day, four on a card.

    Lessons of a part of the class are on cards of their own with its pupils only: it sits in another room,
    and nobody else can be marked there. Of one hour alone with `period`, of the lessons that a teacher takes
    with `teacher_id`. Days are in order: topics go on.
    """
    topics = Topics(view, class_id, max(days, default=date.max))
    for day in days:
        some = [
            lesson
            for lesson in _lessons(view, class_id, day, topics)
            if period in (None, lesson.on_card.period)
            and teacher_id in (None, teacher_of(view, lesson.on_card))
        ]
        for group_id in sorted({lesson.group_id for lesson in some}, key=lambda one: one or ""):
            own = [lesson for lesson in some if lesson.group_id == group_id]
            for at in range(0, len(own), BLOCKS):
                yield from _lesson_cards(view, class_id, day, paper, key, number, own[at : at + BLOCKS])


def _lesson_cards(
    view: View,
    class_id: str,
    day: date,
    paper: Paper,
    key: bytes,
    number: Callable[[], int],
    some: list[_Lesson],
) -> Iterator[Made]:
    """Up to four lessons of the same pupils, on as many cards as these take."""
    group_id = some[0].group_id
    pupils = _pupils(view, class_id, group_id, day)
    form = card_for(paper, len(some), len(pupils))
    for part in _parts(pupils, form):
        identity = identify(key, form.number, number())
        new = NewCard(
            card_id=identity.card_id,
            layout=form.number,
            kind=CardKind.LESSONS,
            unit_id=class_id,
            lines=part.lines,
            lessons=tuple(lesson.on_card for lesson in some),
        )
        yield Made(new, paper_of(view, key, new, part.which))


def grade_cards(
    view: View,
    class_id: str,
    column_id: str,
    paper: Paper,
    key: bytes,
    number: Callable[[], int] = random_number,
) -> Iterator[Made]:
    """Cards for a column of the class's gradebook; none when there is no such column."""
    column = next((one for one in gradebook.columns_of(view, class_id) if one.column_id == column_id), None)
    if column is None:
        return
    form = grade_card(paper)
    assignment = view.get(structure.Assignment, column.assignment_id)
    group_id = assignment.group_id if assignment else None
    for part in _parts(_pupils(view, class_id, group_id, column.on), form):
        identity = identify(key, form.number, number())
        new = NewCard(
            card_id=identity.card_id,
            layout=form.number,
            kind=CardKind.GRADES,
            unit_id=class_id,
            lines=part.lines,
            column_id=column_id,
            assignment_id=column.assignment_id,
        )
        yield Made(new, paper_of(view, key, new, part.which))


def _pupils(view: View, class_id: str, group_id: str | None, day: date) -> list[CardLine]:
    """Who is taught that day, in the order of the register; an interclass group by class, then by number."""
    if group_id is None and view.get(structure.Group, class_id) is None:
        enrolled = structure.pupils(view, class_id, day)
        taken = [(row.number, row.pupil_id, class_id) for row in enrolled]
    else:
        members = structure.members(view, group_id or class_id, day)
        homes = sorted({row.class_id for row in members}, key=lambda home: (name_of(view, home), home))
        inside = {row.pupil_id for row in members}
        taken = [
            (row.number, row.pupil_id, home)
            for home in homes
            for row in structure.pupils(view, home, day)
            if row.pupil_id in inside
        ]
    return [
        CardLine(line=line, number=number, pupil_id=pupil_id, class_id=home)
        for line, (number, pupil_id, home) in enumerate(taken, 1)
    ]


def _parts(taken: list[CardLine], form: Template) -> list[_Some]:
    """These pupils, on as many cards as it takes."""
    room, parts = pupils_on(form), []
    count = -(-len(taken) // room)
    for at in range(count):
        some = taken[at * room : (at + 1) * room]
        lines = tuple(replace(line, line=place) for place, line in enumerate(some, 1))
        parts.append(_Some(lines, Part(at + 1, count)))
    return parts


def periods(view: View, class_id: str, day: date) -> list[int]:
    """The hours of that day at which the class or its parts are expected to have a lesson."""
    return sorted({period for period, _ in _expected(view, class_id, day)})


def _expected(view: View, class_id: str, day: date) -> list[tuple[int, structure.Assignment]]:
    """The lessons of the whole class and of its parts by the day's plan, in the order of hours.

    None on free days; where a lesson was moved, added or called off the plan knows.
    """
    teaching = {row.assignment_id: row for row in structure.assignments(view, unit_id=class_id)}
    return [
        (lesson.period, teaching[lesson.assignment_id])
        for plan in plans_of_unit(view, class_id, day, day)
        for lesson in plan.expected
        if lesson.assignment_id in teaching
    ]


def _lessons(view: View, class_id: str, day: date, topics: Topics) -> list[_Lesson]:
    """The same as they stand on cards."""
    found: list[_Lesson] = []
    for period, row in _expected(view, class_id, day):
        offer = topics.of(row, day, period)
        lesson = CardLesson(
            unit_id=class_id,
            assignment_id=row.assignment_id,
            on=day,
            period=period,
            topics=offer.topics,
            plan=offer.plan,
        )
        found.append(_Lesson(lesson, row.group_id))
    return found
