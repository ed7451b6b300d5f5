"""Queries and a mutation: cards of a class, what waits for a decision with its pictures, the stock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from msgspec.structs import replace
from strawberry.types import Info

from dziennik.contracts import refusals
from dziennik.contracts.cards import CardKind, CellFinding
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import lesson_id
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import Accepted, As, CommandResult, actor_of, refusal
from dziennik.graphql.mutations import Refusal as Refused
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import MUTATIONS, guarded
from dziennik.projections import cards, structure
from dziennik.scanning.applying import apply_card, conflict
from dziennik.scanning.pictures import Part

ID = strawberry.ID
PICTURES = "/scans/pictures/"
SEEN = (cards.CARDS.name,)
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
    picture: str = strawberry.field(description="Below this server's address, for ten minutes.")
    line_picture: str


@strawberry.type(description="A card as one scan shows it. `conflict` is what would refuse it now.")
class CardSheet:
    card_id: ID
    scan_id: ID
    page: int
    read_at: datetime
    why: str | None = strawberry.field(description="The reader's reason to ask a person.")
    fields: list[CardField]
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


@strawberry.type
class CardQueries:
    @guarded(description="What is left of the school's cards.")
    def card_stock(self, info: Info, school: SchoolId, after_position: Position = None) -> CardStock:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        now = cards.stock(context.view(school))
        return {  # type: ignore[return-value]
            "granted": now.granted,
            "printed": now.printed,
            "spoilt": now.spoilt,
            "left": now.left,
        }

    @guarded(description="Scanned cards of a class that wait for a decision or to be applied, oldest first.")
    def card_queue(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[CardSheet]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        waiting = cards.queue(context.view(school), class_id)
        return [
            _sheet(context, school, card, sheet)  # type: ignore[misc]
            for card, sheet in waiting
            if _is_theirs(context, school, card)
        ]

    @guarded(description="Cards that were issued for a class, the latest first.")
    def class_cards(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[IssuedCard]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        found = cards.of_unit(context.view(school), class_id)
        return [_card(context, school, card) for card in found if _is_theirs(context, school, card)]  # type: ignore[misc]


@strawberry.type
class CardMutations:
    @guarded(description="Enter what a card says, all of it or nothing; again changes nothing.")
    def apply_card(
        self,
        info: Info,
        school: SchoolId,
        card_id: strawberry.ID,
        scan_id: strawberry.ID,
        acting_as: As = None,
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "applyCard", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        outcome = apply_card(context.register(school), card_id, scan_id, actor=actor)
        if isinstance(outcome, refusals.Refusal):
            return refusal(outcome, context.language)
        return Accepted(
            position=outcome.position,
            facts=outcome.facts,
            repeated=outcome.repeated,
            id=strawberry.ID(card_id),
        )


def _is_theirs(context: Context, school: str, card: cards.Card) -> bool:
    """Teachers see cards of their own teaching; a homeroom teacher and whoever sees the school all."""
    roles = context.roles(school)
    if roles & {Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR}:
        return True
    person, view = context.access(school).person.person_id, context.view(school)
    homeroom = structure.homeroom(view, card.unit_id, context.today(school))
    if homeroom and homeroom.teacher_id == person:
        return True
    own = {row.assignment_id for row in structure.assignments(view, teacher_id=person)}
    return bool(own & {card.assignment_id, *(lesson.assignment_id for lesson in card.lessons)})


def _card(context: Context, school: str, card: cards.Card) -> dict[str, Any]:
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
        "appliedSheet": _sheet(context, school, card, sheet) if sheet else None,
    }


def _sheet(context: Context, school: str, card: cards.Card, sheet: cards.CardSheet) -> dict[str, Any]:
    return {
        "cardId": card.card_id,
        "scanId": sheet.scan_id,
        "page": sheet.page,
        "readAt": _instant(sheet.read_at),
        "why": sheet.why,
        "fields": _fields(context, school, card, sheet),
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


def _fields(context: Context, school: str, card: cards.Card, sheet: cards.CardSheet) -> list[dict[str, Any]]:
    """Every field that is not blank, in printed order, and those that somebody decided."""
    pupils = {line.line: line.pupil_id for line in card.lines}
    decided = {(one.line, one.field): one for one in sheet.decided}
    found = []
    for line, field in sorted({(cell.line, cell.field) for cell in sheet.cells} | decided.keys()):
        cells = [cell for cell in sheet.cells if (cell.line, cell.field) == (line, field)]
        said = decided.get((line, field))
        part = Part(
            scan_id=sheet.scan_id,
            page=sheet.page,
            corners=sheet.corners,
            layout=card.layout,
            line=line,
            cell=cells[0].cell if cells else None,
        )
        pictures = context.system.pictures
        found.append(
            {
                "line": line,
                "pupilId": pupils.get(line),
                "field": field,
                "read": [cell.value for cell in cells if cell.finding is not CellFinding.CANCELLED],
                "unsure": any(cell.finding is CellFinding.UNSURE for cell in cells),
                "decided": list(said.values) if said else None,
                "decidedBy": said.by if said else None,
                "picture": PICTURES + pictures.address(school, part),
                "linePicture": PICTURES + pictures.address(school, replace(part, cell=None)),
            }
        )
    return found
