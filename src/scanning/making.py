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
from dziennik.contracts.values import TimetableSlot
from dziennik.omr.identity import NUMBER_BITS, identify
from dziennik.omr.layouts import BLOCKS, Paper, card_for, grade_card, lines_to_write, pupils_on
from dziennik.omr.printed import Line, Printed
from dziennik.omr.template import Template
from dziennik.projections import gradebook, people, structure
from dziennik.projections.rows import View
from dziennik.scanning.topics import Topics

DAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
LEGEND = "nb nieobecny, sp spóźniony, zw zwolniony; obecnych nie zaznaczaj"
GRADE_NOTES = (
    "np nieprzygotowany, bz brak zadania, nb nieobecny",
    "X: w tym wierszu nic nie wpisywać",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A card before it is issued, and what its paper shows."""

    new: NewCard
    printed: Printed


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A lesson by the timetable; `group_id`: of a part of the class."""

    on_card: CardLesson
    subject: str
    group_id: str | None


@dataclass(frozen=True, slots=True)
class _Part:
    """The pupils of one card."""

    lines: tuple[CardLine, ...]
    names: tuple[Line, ...]
    told: str  # which of several cards it is


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
) -> Iterator[Made]:
    """Cards for the lessons of a class or interclass group by its timetable, day by day, four on a card.

    Lessons of a part of the class are on cards of their own with its pupils only: it sits in another room,
    and nobody else can be marked there. Of one hour alone with `period`. Days are in order: topics go on.
    """
    topics = Topics(view, class_id, max(days, default=date.max))
    for day in days:
        lessons = _lessons(view, class_id, day, topics)
        title = f"{_name(view, class_id)} · {DAYS[day.weekday()]} {day:%d.%m.%Y}"
        some = [lesson for lesson in lessons if period in (None, lesson.on_card.period)]
        for group_id in sorted({lesson.group_id for lesson in some}, key=lambda one: one or ""):
            own = [lesson for lesson in some if lesson.group_id == group_id]
            for at in range(0, len(own), BLOCKS):
                yield from _lesson_cards(
                    view, class_id, day, paper, key, number, own[at : at + BLOCKS], title
                )


def _lesson_cards(
    view: View,
    class_id: str,
    day: date,
    paper: Paper,
    key: bytes,
    number: Callable[[], int],
    some: list[_Lesson],
    title: str,
) -> Iterator[Made]:
    """Up to four lessons of the same pupils, on as many cards as these take."""
    group_id = some[0].group_id
    pupils = _pupils(view, class_id, group_id, day)
    form = card_for(paper, len(some), len(pupils))
    headings = tuple(f"{lesson.on_card.period}. {lesson.subject}" for lesson in some)
    hours, written = tuple(f"{lesson.on_card.period}." for lesson in some), bool(lines_to_write(form))
    for part in _parts(view, pupils, form):
        identity = identify(key, form.number, number())
        new = NewCard(
            card_id=identity.card_id,
            layout=form.number,
            kind=CardKind.LESSONS,
            unit_id=class_id,
            lines=part.lines,
            lessons=tuple(lesson.on_card for lesson in some),
        )
        printed = Printed(
            identity=identity,
            template=form,
            kind="LEKCJE",
            title=title + _group_name(view, class_id, group_id),
            subtitle=LEGEND + part.told,
            headings=headings + ("",) * (BLOCKS - len(some)),
            control="sprawdzono obecność · temat:",
            lines=part.names,
            notes=_notes([lesson.on_card for lesson in some], written=written),
            written=hours if written else (),
        )
        yield Made(new, printed)


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
    subject = _subjects(view).get(column.subject_id, "")
    assignment = view.get(structure.Assignment, column.assignment_id)
    group_id = assignment.group_id if assignment else None
    for part in _parts(view, _pupils(view, class_id, group_id, column.on), form):
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
        printed = Printed(
            identity=identity,
            template=form,
            kind="OCENY",
            title=f"{_name(view, class_id)} · {subject}{_group_name(view, class_id, group_id)}",
            subtitle=f"{column.title}, {_category(view, class_id, column)}, {column.on:%d.%m.%Y}{part.told}",
            headings=("ocena", "", "uwaga"),
            control="nauczyciel potwierdza:",
            lines=part.names,
            notes=GRADE_NOTES,
        )
        yield Made(new, printed)


def _name(view: View, class_id: str) -> str:
    row = view.get(structure.Unit, class_id)
    return row.name if row else class_id


def _subjects(view: View) -> dict[str, str]:
    return {row.subject_id: row.name for row in structure.subjects(view)}


def _category(view: View, class_id: str, column: gradebook.GradeColumn) -> str:
    row = view.get(structure.Unit, class_id)
    rules = structure.rules(view, row.year_id).grading if row else None
    known = {one.category_id: one.name for one in rules.categories} if rules else {}
    return known.get(column.category_id, column.category_id)


def _group_name(view: View, class_id: str, group_id: str | None) -> str:
    """What is added to the class's name for a part of it."""
    row = view.get(structure.Group, group_id) if group_id and group_id != class_id else None
    return f" · {row.name}" if row else ""


def _pupils(view: View, class_id: str, group_id: str | None, day: date) -> list[CardLine]:
    """Who is taught that day, in the order of the register; an interclass group by class, then by number."""
    if group_id is None and view.get(structure.Group, class_id) is None:
        enrolled = structure.pupils(view, class_id, day)
        taken = [(row.number, row.pupil_id, class_id) for row in enrolled]
    else:
        members = structure.members(view, group_id or class_id, day)
        homes = sorted({row.class_id for row in members}, key=lambda home: (_name(view, home), home))
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


def _parts(view: View, taken: list[CardLine], form: Template) -> list[_Part]:
    """These pupils, on as many cards as it takes."""
    known = people.persons(view, [line.pupil_id for line in taken])
    room, parts = pupils_on(form), []
    count = -(-len(taken) // room)
    for at in range(count):
        some = taken[at * room : (at + 1) * room]
        lines = tuple(replace(line, line=place) for place, line in enumerate(some, 1))
        names = tuple(_called(line.number, known.get(line.pupil_id)) for line in some)
        parts.append(_Part(lines, names, f" · karta {at + 1} z {count}" if count > 1 else ""))
    return parts


def _called(number: int, person: people.Person | None) -> Line:
    return Line(number, person.family_name, person.given_names) if person else Line(number, "")


def periods(view: View, class_id: str, day: date) -> list[int]:
    """The hours of that day at which the class or its parts have a lesson by the timetable."""
    return sorted({slot.period for slot, _ in _slots(view, class_id, day)})


def _slots(view: View, class_id: str, day: date) -> list[tuple[TimetableSlot, structure.Assignment]]:
    """The day's lessons of the whole class and of its parts, by hour."""
    timetable = structure.timetable(view, class_id, day)
    teaching = {row.assignment_id: row for row in structure.assignments(view, unit_id=class_id)}
    return [
        (slot, teaching[slot.assignment_id])
        for slot in sorted(timetable.slots if timetable else (), key=lambda slot: slot.period)
        if slot.weekday == day.isoweekday() and slot.assignment_id in teaching
    ]


def _lessons(view: View, class_id: str, day: date, topics: Topics) -> list[_Lesson]:
    """The same as they stand on cards."""
    subjects = _subjects(view)
    found: list[_Lesson] = []
    for slot, row in _slots(view, class_id, day):
        lesson = CardLesson(
            unit_id=class_id,
            assignment_id=slot.assignment_id,
            on=day,
            period=slot.period,
            topics=topics.of(row, day, slot.period),
        )
        found.append(_Lesson(lesson, subjects.get(row.subject_id, ""), row.group_id))
    return found


def _notes(lessons: list[CardLesson], *, written: bool) -> tuple[str, ...]:
    """The topics to choose from, and room for one by hand, unless there are lines where it is `written`."""
    told = []
    for lesson in lessons:
        head = f"{lesson.period}. " if len(lessons) > 1 else ""
        choices = [f"T{at}: {topic}" for at, topic in enumerate(lesson.topics, 1)]
        by_hand = "temat wpisz wyżej" if written else "temat: " + "." * 40
        told.append(head + " · ".join(choices or [by_hand]))
    if len(lessons) == 1:
        told.append("Inny temat: " + "." * 60)
    return tuple(told)
