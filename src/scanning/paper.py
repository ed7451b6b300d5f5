"""What does the paper of a card show? Made out from the card itself, so that it can be printed once more.

Names, subjects and titles are the register's at that moment; lines, lessons and topics are the card's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dziennik.contracts.cards import CardKind, CardLesson, NewCard
from dziennik.omr.identity import identify, number_of
from dziennik.omr.layouts import BLOCKS, known, lines_to_write
from dziennik.omr.printed import Line, Printed
from dziennik.projections import gradebook, people, structure
from dziennik.projections.rows import View

DAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
LEGEND = "nb nieobecny, sp spóźniony, zw zwolniony; obecnych nie zaznaczaj"
GRADE_NOTES = (
    "np nieprzygotowany, bz brak zadania, nb nieobecny",
    "X: w tym wierszu nic nie wpisywać",
)


class Part(msgspec.Struct, frozen=True):
    """Which of several cards for the same lessons or column it is: the pupils are too many for one."""

    number: int = 1
    of: int = 1

    @property
    def told(self) -> str:
        """As it stands on the card; nothing where it is the only one."""
        return f" · karta {self.number} z {self.of}" if self.of > 1 else ""


def paper_of(view: View, key: bytes, card: NewCard, part: Part) -> Printed:
    """What is printed on the card. Raises LookupError for what this school never issued."""
    drawn = _lessons(view, card, part) if card.kind is CardKind.LESSONS else _column(view, card, part)
    number = number_of(card.card_id)
    if number is None:
        raise LookupError(f"no card has the id {card.card_id}")
    named = people.persons(view, [line.pupil_id for line in card.lines])
    return Printed(
        identity=identify(key, card.layout, number),
        template=known()[card.layout],
        lines=tuple(_called(line.number, named.get(line.pupil_id)) for line in card.lines),
        **drawn,
    )


def _lessons(view: View, card: NewCard, part: Part) -> dict[str, Any]:
    subjects, written = _subjects(view), bool(lines_to_write(known()[card.layout]))
    taught = [view.get(structure.Assignment, lesson.assignment_id) for lesson in card.lessons]
    names = [subjects.get(one.subject_id, "") if one else "" for one in taught]
    headings = tuple(f"{lesson.period}. {name}" for lesson, name in zip(card.lessons, names, strict=True))
    day, group_id = card.lessons[0].on, taught[0].group_id if taught[0] else None
    title = f"{name_of(view, card.unit_id)} · {DAYS[day.weekday()]} {day:%d.%m.%Y}"
    return {
        "kind": "LEKCJE",
        "title": title + _group_name(view, card.unit_id, group_id),
        "subtitle": LEGEND + part.told,
        "headings": headings + ("",) * (BLOCKS - len(headings)),
        "control": "sprawdzono obecność · temat:",
        "notes": _notes(card.lessons, written=written),
        "written": tuple(f"{lesson.period}." for lesson in card.lessons) if written else (),
    }


def _column(view: View, card: NewCard, part: Part) -> dict[str, Any]:
    columns = gradebook.columns_of(view, card.unit_id)
    column = next((one for one in columns if one.column_id == card.column_id), None)
    if column is None:
        raise LookupError(f"no column {card.column_id} in {card.unit_id}")
    assignment = view.get(structure.Assignment, column.assignment_id)
    group = _group_name(view, card.unit_id, assignment.group_id if assignment else None)
    category = _category(view, card.unit_id, column)
    return {
        "kind": "OCENY",
        "title": f"{name_of(view, card.unit_id)} · {_subjects(view).get(column.subject_id, '')}{group}",
        "subtitle": f"{column.title}, {category}, {column.on:%d.%m.%Y}{part.told}",
        "headings": ("ocena", "", "uwaga"),
        "control": "nauczyciel potwierdza:",
        "notes": GRADE_NOTES,
    }


def name_of(view: View, class_id: str) -> str:
    """What a class or group is called."""
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


def _called(number: int, person: people.Person | None) -> Line:
    return Line(number, person.family_name, person.given_names) if person else Line(number, "")


def _notes(lessons: Sequence[CardLesson], *, written: bool) -> tuple[str, ...]:
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
