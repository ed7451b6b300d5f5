"""Which cards does a class need, and what is printed on them?

Made out from the read models; issuing them is a command, and printing comes after that.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from dziennik.contracts.cards import CardKind, CardLesson, CardLine, NewCard
from dziennik.omr.identity import NUMBER_BITS, identify
from dziennik.omr.layouts import BLOCKS, PUPILS, Paper, grade_card, lesson_card
from dziennik.omr.printed import Printed
from dziennik.projections import curriculum, gradebook, lesson_journal, people, structure
from dziennik.projections.rows import View

DAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
CHOICES = 2  # topics that a card offers
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
class _Part:
    """The pupils of one card."""

    lines: tuple[CardLine, ...]
    names: tuple[tuple[int, str], ...]
    told: str  # which of several cards it is


def random_number() -> int:
    """A card's number: nobody guesses the next."""
    return secrets.randbits(NUMBER_BITS)


def lesson_cards(
    view: View, class_id: str, day: date, paper: Paper, key: bytes, number: Callable[[], int] = random_number
) -> Iterator[Made]:
    """Cards for the lessons that the class has by its timetable that day, four on a card."""
    lessons = _lessons(view, class_id, day)
    title = f"{_name(view, class_id)} · {DAYS[day.weekday()]} {day:%d.%m.%Y}"
    for at in range(0, len(lessons), BLOCKS):
        some = lessons[at : at + BLOCKS]
        form = lesson_card(paper, len(some))
        headings = tuple(f"{lesson.period}. {name}" for lesson, name in some)
        for part in _parts(view, class_id, day, paper):
            identity = identify(key, form.number, number())
            new = NewCard(
                card_id=identity.card_id,
                layout=form.number,
                kind=CardKind.LESSONS,
                unit_id=class_id,
                lines=part.lines,
                lessons=tuple(lesson for lesson, _ in some),
            )
            printed = Printed(
                identity=identity,
                template=form,
                kind="LEKCJE",
                title=title,
                subtitle=LEGEND + part.told,
                headings=headings + ("",) * (BLOCKS - len(some)),
                control="sprawdzono obecność · temat:",
                lines=part.names,
                notes=_notes([lesson for lesson, _ in some]),
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
    for part in _parts(view, class_id, column.on, paper):
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
            title=f"{_name(view, class_id)} · {subject}",
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


def _parts(view: View, class_id: str, day: date, paper: Paper) -> list[_Part]:
    """The class as it is that day, in the order of the register, on as many cards as it takes."""
    enrolled = structure.pupils(view, class_id, day)
    known = people.persons(view, [row.pupil_id for row in enrolled])
    room, parts = PUPILS[paper], []
    count = -(-len(enrolled) // room)
    for at in range(count):
        some = enrolled[at * room : (at + 1) * room]
        lines = tuple(
            CardLine(line=line, number=row.number, pupil_id=row.pupil_id, class_id=class_id)
            for line, row in enumerate(some, 1)
        )
        names = tuple((row.number, _called(known.get(row.pupil_id))) for row in some)
        parts.append(_Part(lines, names, f" · karta {at + 1} z {count}" if count > 1 else ""))
    return parts


def _called(person: people.Person | None) -> str:
    return f"{person.family_name} {person.given_names}" if person else ""


def _lessons(view: View, class_id: str, day: date) -> list[tuple[CardLesson, str]]:
    """The class's lessons of the day with their subjects; those of its groups are not on a card."""
    timetable = structure.timetable(view, class_id, day)
    teaching = {row.assignment_id: row for row in structure.assignments(view, unit_id=class_id)}
    subjects, plans = _subjects(view), curriculum.followed(view, class_id)
    found: list[tuple[CardLesson, str]] = []
    for slot in sorted(timetable.slots if timetable else (), key=lambda slot: slot.period):
        row = teaching.get(slot.assignment_id)
        if slot.weekday != day.isoweekday() or row is None or row.group_id is not None:
            continue
        lesson = CardLesson(
            unit_id=class_id,
            assignment_id=slot.assignment_id,
            on=day,
            period=slot.period,
            topics=_topics(view, class_id, row, plans.get(slot.assignment_id), day),
        )
        found.append((lesson, subjects.get(row.subject_id, "")))
    return found


def _topics(
    view: View, class_id: str, row: structure.Assignment, plan_id: str | None, day: date
) -> tuple[str, ...]:
    """The next topics of the plan that no lesson was about yet."""
    plan = curriculum.plan(view, plan_id) if plan_id else None
    if plan is None:
        return ()
    held = lesson_journal.of_unit(view, class_id, row.since, day, row.subject_id)
    done = {item for lesson in held if lesson.assignment_id == row.assignment_id for item in lesson.items}
    return tuple(item.topic for item in plan.items if item.item_id not in done)[:CHOICES]


def _notes(lessons: list[CardLesson]) -> tuple[str, ...]:
    """The topics to choose from; one lesson has room for a topic by hand."""
    told = []
    for lesson in lessons:
        head = f"{lesson.period}. " if len(lessons) > 1 else ""
        choices = [f"T{at}: {topic}" for at, topic in enumerate(lesson.topics, 1)]
        told.append(head + " · ".join(choices or ["temat: " + "." * 40]))
    if len(lessons) == 1:
        told.append("Inny temat: " + "." * 60)
    return tuple(told)
