"""How do cards and what scans show of them look to a person? Their fields: `card_fields`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import strawberry

from dziennik.contracts import envelope, refusals
from dziennik.contracts.cards import CardKind
from dziennik.contracts.lessons import lesson_id
from dziennik.graphql.card_fields import PICTURES, CardField, fields_of, part_of
from dziennik.graphql.card_sight import Sight
from dziennik.graphql.context import Context
from dziennik.graphql.mutations import Refusal as Refused
from dziennik.graphql.mutations import actor_of, refusal
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import Role
from dziennik.projections import card_questions, cards, gradebook, people, structure
from dziennik.scanning.applying import conflict
from dziennik.scanning.pictures import NOTES

ID = strawberry.ID
Kind = enum_named(CardKind)


@strawberry.type(description="The school's stock of cards.")
class CardStock:
    granted: int
    printed: int
    spoilt: int = strawberry.field(description="Printed ones that were reported as of no use.")
    voided: int
    scanned: int = strawberry.field(description="Cards that at least one scan shows.")
    left: int


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


@strawberry.type(description="Another scan in which a card waits, too: a photocopy, or scanned twice.")
class OtherScan:
    scan_id: ID
    page: int
    read_at: datetime
    same_marks: bool = strawberry.field(
        description="Whether the reader found the same there, in all fields that the asker sees."
    )


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
    also_in: list[OtherScan] = strawberry.field(
        description="Other scans in which the card waits: it is applied from one, the others drop out."
    )
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
        "issuedAt": instant(card.issued_at),
        "voided": card.voided,
        "spoilt": spoilt.reason if spoilt else None,
        "appliedAt": instant(card.applied_at),
        "appliedBy": card.applied_by,
        "appliedSheet": sheet_of(context, school, sight, sheet) if sheet else None,
    }


def _state(row: cards.LessonOnCard) -> dict[str, Any]:
    return {
        "number": row.number,
        "lessonId": row.lesson_id,
        "teacherId": row.teacher_id or None,
        "appliedAt": instant(row.applied_at),
        "appliedBy": row.applied_by,
    }


def sheet_of(
    context: Context,
    school: str,
    sight: Sight,
    sheet: cards.CardSheet,
    copies: Iterable[cards.CardSheet] = (),
) -> dict[str, Any]:
    """`copies`: sheets of the card that wait, of this scan and others."""
    card = sight.card
    return {
        "cardId": card.card_id,
        "scanId": sheet.scan_id,
        "page": sheet.page,
        "readAt": instant(sheet.read_at),
        "why": sheet.why,
        "alsoIn": [_other(sight, sheet, one) for one in copies if one.scan_id != sheet.scan_id],
        "title": title_of(context, school, card),
        "actingAs": sight.whole.name if sight.whole else None,
        "lessonsApplied": sight.applied,
        "fields": fields_of(context, school, sight, sheet),
        "lessons": _lessons(context, school, sight, sheet),
        "conflict": _conflict(context, school, sheet, sight.whole, None),
    }


def _other(sight: Sight, sheet: cards.CardSheet, other: cards.CardSheet) -> dict[str, Any]:
    return {
        "scanId": other.scan_id,
        "page": other.page,
        "readAt": instant(other.read_at),
        "sameMarks": card_questions.same_marks(sheet, other, sight.shows),
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


def title_of(context: Context, school: str, card: cards.Card) -> str:
    """Where the card belongs, in the register's own words."""
    view = context.view(school)
    unit = view.get(structure.Unit, card.unit_id)
    parts = [unit.name if unit else card.unit_id]
    for column in gradebook.columns_of(view, card.unit_id) if card.column_id else ():
        if column.column_id == card.column_id:
            subject = view.get(structure.Subject, column.subject_id)
            parts += [subject.name if subject else column.subject_id, column.title]
    return " · ".join(parts)


def _lessons(context: Context, school: str, sight: Sight, sheet: cards.CardSheet) -> list[dict[str, Any]]:
    view, card = context.view(school), sight.card
    teachers = people.persons(view, [row.teacher_id for row in sight.lessons])
    notes = PICTURES + context.system.pictures.address(school, part_of(card, sheet, NOTES))
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
        "writtenTopicAt": instant(topic.at) if topic else None,
    }
