"""How do cards, their scans and their fields look to a person? With names, choices and pictures."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

import strawberry

from dziennik.contracts import envelope, refusals
from dziennik.contracts.cards import CardKind, CellFinding
from dziennik.contracts.lessons import lesson_id
from dziennik.domain.policies.card_doubts import lesson_of
from dziennik.graphql.card_sight import Sight
from dziennik.graphql.context import Context
from dziennik.graphql.mutations import Refusal as Refused
from dziennik.graphql.mutations import actor_of, refusal
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import Role
from dziennik.omr.layouts import known
from dziennik.projections import card_questions, cards, gradebook, people, structure
from dziennik.scanning.applying import conflict
from dziennik.scanning.pictures import NOTES, Part

ID = strawberry.ID
PICTURES = "/scans/pictures/"
Kind = enum_named(CardKind)


@strawberry.type(description="The school's stock of cards.")
class CardStock:
    granted: int
    printed: int
    spoilt: int = strawberry.field(description="Printed ones that were reported as of no use.")
    voided: int
    scanned: int = strawberry.field(description="Cards that at least one scan shows.")
    left: int


@strawberry.type(description="A field that is marked or doubtful, with addresses of its pictures.")
class CardField:
    line: int
    pupil_id: ID | None
    field: str
    lesson: int | None = strawberry.field(description="Number of the card's lesson that it is of.")
    read: list[str]
    unsure: bool
    decided: list[str] | None
    decided_by: ID | None
    decided_at: datetime | None
    open: bool = strawberry.field(description="Whether a person has yet to decide it.")
    name: str | None = strawberry.field(description="Family name, then given names, of the line's pupil.")
    choices: list[str] = strawberry.field(description="Values of all cells of the field, in printed order.")
    picture: str = strawberry.field(description="Below this server's address, for ten minutes.")
    line_picture: str


@strawberry.type(description="A lesson of a card; `number` counts the card's lessons from 1.")
class CardSheetLesson:
    number: int
    lesson_id: ID
    on: date
    period: int
    subject: str = strawberry.field(description="Its name.")
    teacher_id: ID | None = strawberry.field(description="Who teaches it: a substitute, if one was arranged.")
    teacher: str | None = strawberry.field(description="Given names and family name.")
    applied_at: datetime | None = strawberry.field(description="Since when it is in the register.")
    applied_by: ID | None
    acting_as: Role | None = strawberry.field(
        description="In which role the asker may decide and apply it; null: not at all, or no more."
    )
    topics: list[str] = strawberry.field(
        description="Those that could be chosen by a mark; none where the asker sees no marks."
    )
    written_topic: str | None = strawberry.field(description="Written by hand, as somebody transcribed it.")
    written_topic_by: ID | None = strawberry.field(
        description="Who transcribed it last, or said that nothing is written."
    )
    written_topic_at: datetime | None
    notes_picture: str | None = strawberry.field(
        description="Where topics stand and are written, for ten minutes; only with the lesson's marks."
    )
    conflict: Refused | None = strawberry.field(description="What would refuse the asker this lesson now.")


@strawberry.type(
    description="A card as one scan shows it, to a teacher with marks of own lessons alone. `conflict` is"
    " what would refuse now all that is left of it, to whoever may apply that."
)
class CardSheet:
    card_id: ID
    scan_id: ID
    page: int
    read_at: datetime
    why: str | None = strawberry.field(description="The reader's reason to ask a person.")
    title: str = strawberry.field(description="Class or group, and the column's subject and title.")
    acting_as: Role | None = strawberry.field(
        description="In which role the asker may apply all that is left of it at once; null: not at all."
    )
    lessons_applied: int = strawberry.field(description="How many of its lessons are in the register.")
    fields: list[CardField]
    lessons: list[CardSheetLesson]
    conflict: Refused | None


@strawberry.type(description="How far a lesson of a card is; `number` counts the card's lessons from 1.")
class CardLessonState:
    number: int
    lesson_id: ID
    teacher_id: ID | None
    applied_at: datetime | None
    applied_by: ID | None


@strawberry.type(description="A card that was issued, and what became of it.")
class IssuedCard:
    id: ID
    kind: Kind  # type: ignore[valid-type]
    class_id: ID
    column_id: ID | None
    lessons: list[str] = strawberry.field(description="Ids of its lessons.")
    lesson_states: list[CardLessonState]
    lessons_applied: int = strawberry.field(description="How many of its lessons are in the register.")
    issued_at: datetime
    voided: str | None
    spoilt: str | None = strawberry.field(description="Why it was of no use after printing.")
    applied_at: datetime | None
    applied_by: ID | None
    applied_sheet: CardSheet | None = strawberry.field(description="What its entries came from.")


@strawberry.type(description="A class or group, and how many scanned cards of it wait.")
class WaitingCards:
    class_id: ID
    name: str
    waiting: int


def issued(context: Context, school: str, sight: Sight) -> dict[str, Any]:
    card, scan_id = sight.card, sight.card.applied_scan
    view = context.view(school)
    sheet = view.get(cards.CardSheet, card.card_id, scan_id) if scan_id else None
    spoilt = view.get(cards.SpoiltCard, card.card_id)
    return {
        "id": card.card_id,
        "kind": card.kind.name,
        "classId": card.unit_id,
        "columnId": card.column_id,
        "lessons": [lesson_id(each.on, each.period, each.assignment_id) for each in card.lessons],
        "lessonStates": [_state(row) for row in sight.lessons],
        "lessonsApplied": sight.applied,
        "issuedAt": _instant(card.issued_at),
        "voided": card.voided,
        "spoilt": spoilt.reason if spoilt else None,
        "appliedAt": _instant(card.applied_at) if card.applied_at else None,
        "appliedBy": card.applied_by,
        "appliedSheet": sheet_of(context, school, sight, sheet) if sheet else None,
    }


def _state(row: cards.LessonOnCard) -> dict[str, Any]:
    return {
        "number": row.number,
        "lessonId": row.lesson_id,
        "teacherId": row.teacher_id or None,
        "appliedAt": _instant(row.applied_at) if row.applied_at else None,
        "appliedBy": row.applied_by,
    }


def sheet_of(context: Context, school: str, sight: Sight, sheet: cards.CardSheet) -> dict[str, Any]:
    card = sight.card
    return {
        "cardId": card.card_id,
        "scanId": sheet.scan_id,
        "page": sheet.page,
        "readAt": _instant(sheet.read_at),
        "why": sheet.why,
        "title": _title(context, school, card),
        "actingAs": sight.whole.name if sight.whole else None,
        "lessonsApplied": sight.applied,
        "fields": _fields(context, school, sight, sheet),
        "lessons": _lessons(context, school, sight, sheet),
        "conflict": _conflict(context, school, sheet, sight.whole, None),
    }


def _conflict(
    context: Context, school: str, sheet: cards.CardSheet, role: envelope.Role | None, lesson: int | None
) -> dict[str, Any] | None:
    """What would refuse the lesson, or all that is left, now; None for who could not apply it anyway."""
    actor = actor_of(context, school, "applyCard", role) if role else None
    if actor is None or isinstance(actor, refusals.Refusal):
        return None
    register = context.register(school)
    found = conflict(register, sheet.card_id, sheet.scan_id, actor=actor, lesson=lesson)
    return _told(refusal(found, context.language)) if found else None


def _told(found: Refused) -> dict[str, Any]:
    return {
        "code": found.code,
        "message": found.message,
        "field": found.field,
        "details": [{"name": one.name, "value": one.value} for one in found.details],
        "others": [_told(other) for other in found.others],
    }


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _title(context: Context, school: str, card: cards.Card) -> str:
    """Where the card belongs, in the register's own words."""
    view = context.view(school)
    unit = view.get(structure.Unit, card.unit_id)
    parts = [unit.name if unit else card.unit_id]
    for column in gradebook.columns_of(view, card.unit_id) if card.column_id else ():
        if column.column_id == card.column_id:
            subject = view.get(structure.Subject, column.subject_id)
            parts += [subject.name if subject else column.subject_id, column.title]
    return " · ".join(parts)


def _part(
    card: cards.Card, sheet: cards.CardSheet, line: int, cell: int | None = None, lesson: int | None = None
) -> Part:
    return Part(
        scan_id=sheet.scan_id,
        page=sheet.page,
        corners=sheet.corners,
        layout=card.layout,
        line=line,
        cell=cell,
        lesson=lesson,
    )


def _lessons(context: Context, school: str, sight: Sight, sheet: cards.CardSheet) -> list[dict[str, Any]]:
    view, card = context.view(school), sight.card
    teachers = people.persons(view, [row.teacher_id for row in sight.lessons])
    notes = PICTURES + context.system.pictures.address(school, _part(card, sheet, NOTES))
    written = {one.lesson: one for one in sheet.topics}
    found = []
    for lesson, row in zip(card.lessons, sight.lessons, strict=True):
        assignment = view.get(structure.Assignment, lesson.assignment_id)
        subject = view.get(structure.Subject, assignment.subject_id) if assignment else None
        teacher, seen = teachers.get(row.teacher_id), sight.shows_lesson(row.number)
        acting = sight.acting.get(row.number)
        found.append(
            {
                **_state(row),
                "on": lesson.on.isoformat(),
                "period": lesson.period,
                "subject": subject.name if subject else "",
                "teacher": f"{teacher.given_names} {teacher.family_name}" if teacher else None,
                "actingAs": acting.name if acting else None,
                "topics": list(lesson.topics) if seen else [],
                **_written(written.get(row.number) if seen else None),
                "notesPicture": notes if seen else None,
                "conflict": _conflict(context, school, sheet, acting, row.number),
            }
        )
    return found


def _written(topic: cards.WrittenTopic | None) -> dict[str, Any]:
    """What somebody read where a topic may be written by hand."""
    return {
        "writtenTopic": topic.topic or None if topic else None,
        "writtenTopicBy": topic.by if topic else None,
        "writtenTopicAt": _instant(topic.at) if topic else None,
    }


@cache
def _places(layout: int) -> dict[tuple[int, str], tuple[int, tuple[str, ...]]]:
    """By line and field: the first cell's number, and the values of all its cells."""
    form, places, at = known().get(layout), {}, 0
    for field in form.fields if form else ():
        places[field.row, field.name] = (at, tuple(cell.value for cell in field.cells))
        at += len(field.cells)
    return places


def _fields(context: Context, school: str, sight: Sight, sheet: cards.CardSheet) -> list[dict[str, Any]]:
    """Every field that is not blank, in printed order, those that are open, and those that were decided; of
    lessons whose marks the asker sees.
    """
    card, read = sight.card, {(cell.line, cell.field) for cell in sheet.cells}
    pupils = {line.line: line.pupil_id for line in card.lines}
    # Whoever has to say what a line says has to know whose it is, substitutes from elsewhere, too.
    persons = people.persons(context.view_of_all(school), list(pupils.values()))
    decided = {(one.line, one.field): one for one in sheet.decided}
    undecided = set(card_questions.unsure(card, sheet))
    found = []
    for line, field in sorted(read | decided.keys() | undecided):
        if not sight.shows(field):
            continue
        cells = [cell for cell in sheet.cells if (cell.line, cell.field) == (line, field)]
        said, person = decided.get((line, field)), persons.get(pupils.get(line, ""))
        found.append(
            {
                "line": line,
                "pupilId": pupils.get(line),
                "field": field,
                "lesson": lesson_of(field),
                "read": [cell.value for cell in cells if cell.finding is not CellFinding.CANCELLED],
                "unsure": any(cell.finding is CellFinding.UNSURE for cell in cells),
                "decided": list(said.values) if said else None,
                "decidedBy": said.by if said else None,
                "decidedAt": _instant(said.at) if said else None,
                "open": (line, field) in undecided,
                "name": f"{person.family_name} {person.given_names}" if person else None,
                **_shown(context, school, sight, sheet, (line, field), cells[0].cell if cells else None),
            }
        )
    return found


def _shown(
    context: Context,
    school: str,
    sight: Sight,
    sheet: cards.CardSheet,
    place: tuple[int, str],
    cell: int | None,
) -> dict[str, Any]:
    """What could be marked, and the pictures: of the whole line only for whoever sees all of it."""
    first, choices = _places(sight.card.layout).get(place, (None, ()))
    pictures, (line, field) = context.system.pictures, place
    alone = None if sight.seen is None else lesson_of(field)
    near = _part(sight.card, sheet, line, first if cell is None else cell, alone)
    wide = _part(sight.card, sheet, line, None, alone)
    return {
        "choices": list(choices),
        "picture": PICTURES + pictures.address(school, near),
        "linePicture": PICTURES + pictures.address(school, wide),
    }
