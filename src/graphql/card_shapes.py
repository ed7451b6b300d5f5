"""How do cards, their scans and their fields look to a person? With names, choices and pictures."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

import strawberry
from msgspec.structs import replace

from dziennik.contracts import refusals
from dziennik.contracts.cards import CardKind, CellFinding
from dziennik.contracts.lessons import lesson_id
from dziennik.graphql.context import Context
from dziennik.graphql.mutations import Refusal as Refused
from dziennik.graphql.mutations import actor_of, refusal
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.who_may import MUTATIONS
from dziennik.omr.layouts import known
from dziennik.projections import cards, gradebook, people, structure
from dziennik.scanning.applying import conflict
from dziennik.scanning.pictures import NOTES, Part

ID = strawberry.ID
PICTURES = "/scans/pictures/"
Kind = enum_named(CardKind)


@strawberry.type(description="The school's stock of cards.")
class CardStock:
    granted: int
    printed: int
    spoilt: int
    left: int


@strawberry.type(description="A field that is marked or doubtful, with addresses of its pictures.")
class CardField:
    line: int
    pupil_id: ID | None
    field: str
    read: list[str]
    unsure: bool
    decided: list[str] | None
    decided_by: ID | None
    open: bool = strawberry.field(description="Whether a person has yet to decide it.")
    name: str | None = strawberry.field(description="Family name, then given names, of the line's pupil.")
    choices: list[str] = strawberry.field(description="Values of all cells of the field, in printed order.")
    picture: str = strawberry.field(description="Below this server's address, for ten minutes.")
    line_picture: str


@strawberry.type(description="A lesson of a card; `number` counts the card's lessons from 1.")
class CardSheetLesson:
    number: int
    on: date
    period: int
    subject: str = strawberry.field(description="Its name.")
    topics: list[str] = strawberry.field(description="Those that could be chosen by a mark.")
    written_topic: str | None = strawberry.field(description="Written by hand, as somebody transcribed it.")
    notes_picture: str = strawberry.field(description="Where topics stand and are written, for ten minutes.")


@strawberry.type(description="A card as one scan shows it. `conflict` is what would refuse it now.")
class CardSheet:
    card_id: ID
    scan_id: ID
    page: int
    read_at: datetime
    why: str | None = strawberry.field(description="The reader's reason to ask a person.")
    title: str = strawberry.field(description="Class or group, and the column's subject and title.")
    fields: list[CardField]
    lessons: list[CardSheetLesson]
    conflict: Refused | None


@strawberry.type(description="A card that was issued, and what became of it.")
class IssuedCard:
    id: ID
    kind: Kind  # type: ignore[valid-type]
    class_id: ID
    column_id: ID | None
    lessons: list[str] = strawberry.field(description="Ids of its lessons.")
    issued_at: datetime
    voided: str | None
    applied_at: datetime | None
    applied_by: ID | None
    applied_sheet: CardSheet | None = strawberry.field(description="What its entries came from.")


@strawberry.type(description="A class or group, and how many scanned cards of it wait.")
class WaitingCards:
    class_id: ID
    name: str
    waiting: int


def issued(context: Context, school: str, card: cards.Card) -> dict[str, Any]:
    scan_id = card.applied_scan
    sheet = context.view(school).get(cards.CardSheet, card.card_id, scan_id) if scan_id else None
    return {
        "id": card.card_id,
        "kind": card.kind.name,
        "classId": card.unit_id,
        "columnId": card.column_id,
        "lessons": [lesson_id(each.on, each.period, each.assignment_id) for each in card.lessons],
        "issuedAt": _instant(card.issued_at),
        "voided": card.voided,
        "appliedAt": _instant(card.applied_at) if card.applied_at else None,
        "appliedBy": card.applied_by,
        "appliedSheet": sheet_of(context, school, card, sheet) if sheet else None,
    }


def sheet_of(context: Context, school: str, card: cards.Card, sheet: cards.CardSheet) -> dict[str, Any]:
    return {
        "cardId": card.card_id,
        "scanId": sheet.scan_id,
        "page": sheet.page,
        "readAt": _instant(sheet.read_at),
        "why": sheet.why,
        "title": _title(context, school, card),
        "fields": _fields(context, school, card, sheet),
        "lessons": _lessons(context, school, card, sheet),
        "conflict": _conflict(context, school, card, sheet),
    }


def _conflict(
    context: Context, school: str, card: cards.Card, sheet: cards.CardSheet
) -> dict[str, Any] | None:
    """What would refuse the card now; None for who could not apply it anyway."""
    if card.applied_scan or not context.roles(school) & MUTATIONS["applyCard"]:
        return None
    actor = actor_of(context, school, "applyCard", None)
    if isinstance(actor, refusals.Refusal):
        return None
    found = conflict(context.register(school), card.card_id, sheet.scan_id, actor=actor)
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


def _part(card: cards.Card, sheet: cards.CardSheet, line: int, cell: int | None = None) -> Part:
    return Part(
        scan_id=sheet.scan_id,
        page=sheet.page,
        corners=sheet.corners,
        layout=card.layout,
        line=line,
        cell=cell,
    )


def _lessons(context: Context, school: str, card: cards.Card, sheet: cards.CardSheet) -> list[dict[str, Any]]:
    view, written = context.view(school), {one.lesson: one.topic for one in sheet.topics}
    notes = PICTURES + context.system.pictures.address(school, _part(card, sheet, NOTES))
    found = []
    for number, lesson in enumerate(card.lessons, 1):
        assignment = view.get(structure.Assignment, lesson.assignment_id)
        subject = view.get(structure.Subject, assignment.subject_id) if assignment else None
        found.append(
            {
                "number": number,
                "on": lesson.on.isoformat(),
                "period": lesson.period,
                "subject": subject.name if subject else "",
                "topics": list(lesson.topics),
                "writtenTopic": written.get(number) or None,
                "notesPicture": notes,
            }
        )
    return found


@cache
def _places(layout: int) -> dict[tuple[int, str], tuple[int, tuple[str, ...]]]:
    """By line and field: the first cell's number, and the values of all its cells."""
    form, places, at = known().get(layout), {}, 0
    for field in form.fields if form else ():
        places[field.row, field.name] = (at, tuple(cell.value for cell in field.cells))
        at += len(field.cells)
    return places


def _fields(context: Context, school: str, card: cards.Card, sheet: cards.CardSheet) -> list[dict[str, Any]]:
    """Every field that is not blank, in printed order, those that are open, and those that were decided."""
    pupils = {line.line: line.pupil_id for line in card.lines}
    persons = people.persons(context.view(school), list(pupils.values()))
    decided = {(one.line, one.field): one for one in sheet.decided}
    undecided = set(cards.unsure(card, sheet))
    pictures, places = context.system.pictures, _places(card.layout)
    found = []
    for line, field in sorted({(cell.line, cell.field) for cell in sheet.cells} | decided.keys() | undecided):
        cells = [cell for cell in sheet.cells if (cell.line, cell.field) == (line, field)]
        said = decided.get((line, field))
        first, choices = places.get((line, field), (None, ()))
        person = persons.get(pupils.get(line, ""))
        part = _part(card, sheet, line, cells[0].cell if cells else first)
        found.append(
            {
                "line": line,
                "pupilId": pupils.get(line),
                "field": field,
                "read": [cell.value for cell in cells if cell.finding is not CellFinding.CANCELLED],
                "unsure": any(cell.finding is CellFinding.UNSURE for cell in cells),
                "decided": list(said.values) if said else None,
                "decidedBy": said.by if said else None,
                "open": (line, field) in undecided,
                "name": f"{person.family_name} {person.given_names}" if person else None,
                "choices": list(choices),
                "picture": PICTURES + pictures.address(school, part),
                "linePicture": PICTURES + pictures.address(school, replace(part, cell=None)),
            }
        )
    return found
