"""What may be decided about a card that was read, and when does it become entries? By lessons, or whole.

A lesson is decided and applied by who teaches it, what is left of the card by the director. All of a card is
applied from one scan, and each lesson once.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from dziennik.contracts import cards as said
from dziennik.contracts import streams
from dziennik.contracts.refusals import Refusal
from dziennik.domain.card_owners import fault_in_owner, lesson_numbers
from dziennik.domain.cards import Card, Sheet, card
from dziennik.domain.policies.card_doubts import lesson_of, offers
from dziennik.domain.policies.card_fields import marks_of
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.world import Asked, Decision, Entry, World


class _Read(NamedTuple):
    """A card as one scan shows it."""

    card: Card
    issued: said.CardIssued
    sheet: Sheet


def _read(world: World, card_id: str, scan_id: str) -> _Read | Refusal:
    """The card and its sheet in that scan, if there is something to decide or to apply."""
    state = world[card(card_id)]
    if state.issued is None:
        return said.NO_SUCH_CARD(card=card_id, field="card_id")
    if state.voided is not None:
        return said.CARD_IS_VOID(card=card_id, reason=state.voided, field="card_id")
    sheet = state.sheets.get(scan_id)
    if sheet is None:
        return said.NO_SUCH_SHEET(card=card_id, field="scan_id")
    return _Read(state, state.issued, sheet)


def _fault(world: World, found: _Read, scan_id: str, numbers: frozenset[int], asked: Asked) -> Refusal | None:
    """Why whoever asks may say nothing of these lessons, or nothing from this scan."""
    fault = fault_in_owner(world, found.issued, numbers, asked)
    if fault:
        return fault
    if found.card.taken_from not in (None, scan_id):
        return said.CARD_WAS_APPLIED(card=found.issued.card_id, scan="other", field="card_id")
    return None


def _over(found: _Read, number: int | None) -> Refusal | None:
    """What is in the register already is not decided any more."""
    if found.card.applied:
        return said.CARD_WAS_APPLIED(card=found.issued.card_id, scan="any", field="card_id")
    if number in found.card.lessons:
        return said.LESSON_WAS_APPLIED(card=found.issued.card_id, lesson=number, field="lesson")
    return None


@decides(said.DecideField, by=TEACHING)
def _decide_field(world: World, command: said.DecideField, asked: Asked) -> Decision:
    found = _read(world, command.card_id, command.scan_id)
    if isinstance(found, Refusal):
        return found
    issued, number = found.issued, lesson_of(command.field)
    every = lesson_numbers(issued)
    # What belongs to none of its lessons is of whoever speaks for all of them.
    numbers = frozenset({number}) if number is not None and number in every else every
    fault = _fault(world, found, command.scan_id, numbers, asked)
    if fault:
        return replace(fault, field="field") if fault.field == "lesson" else fault
    place = (command.line, command.field)
    if found.sheet.decided.get(place) == command.values:
        return []
    over = _over(found, number)
    if over:
        return replace(over, field="field") if over.field == "lesson" else over
    return _fault_in_place(command, found) or [
        Entry(streams.card(command.card_id), said.FieldDecided(**msgspec.structs.asdict(command)))
    ]


def _fault_in_place(command: said.DecideField, found: _Read) -> Refusal | None:
    """The card has the field, and the field has these values."""
    place, at = (command.line, command.field), f"{command.line} {command.field}"
    lines = {0, *(line.line for line in found.issued.lines)}
    if place not in found.sheet.undecided(found.issued) and command.line not in lines:
        return said.NOT_ON_CARD(card=command.card_id, at=at, field="line")
    allowed = marks_of(command.field)
    if not allowed:
        return said.NOT_ON_CARD(card=command.card_id, at=at, field="field")
    if not set(command.values) <= set(allowed):
        return said.OTHER_MARKS(allowed=", ".join(allowed), field="values")
    return _fault_in_topic(command, found.issued)


def _fault_in_topic(command: said.DecideField, issued: said.CardIssued) -> Refusal | None:
    """A topic that is chosen was printed for that lesson to choose from."""
    kind, number = command.field.partition("-")[0], lesson_of(command.field)
    if kind != "topic" or number is None or number not in lesson_numbers(issued):
        return None
    if offers(command.values, len(issued.lessons[number - 1].topics)):
        return None
    chosen = ", ".join(value.replace("topic-", "T") for value in command.values)
    return said.TOPIC_NOT_PRINTED(card=issued.card_id, lesson=number, topic=chosen, field="values")


@decides(said.TranscribeTopic, by=TEACHING)
def _transcribe(world: World, command: said.TranscribeTopic, asked: Asked) -> Decision:
    found = _of_lesson(world, command.card_id, command.scan_id, command.lesson, asked)
    if isinstance(found, Refusal):
        return found
    fact = said.TopicTranscribed(**msgspec.structs.asdict(replace(command, topic=command.topic.strip())))
    if found.sheet.topics.get(command.lesson, "") == fact.topic:
        return []
    return _over(found, command.lesson) or [Entry(streams.card(command.card_id), fact)]


def _of_lesson(world: World, card_id: str, scan_id: str, number: int, asked: Asked) -> _Read | Refusal:
    """The card, if it has this lesson and whoever asks may speak for it from this scan."""
    found = _read(world, card_id, scan_id)
    if isinstance(found, Refusal):
        return found
    known = frozenset({number}) & lesson_numbers(found.issued)
    fault = _fault(world, found, scan_id, known, asked)
    if fault is None and not known:
        return said.NO_SUCH_LESSON_ON_CARD(card=card_id, lesson=number, field="lesson")
    return fault or found


@decides(said.ApplyCard, by=TEACHING)
def _apply(world: World, command: said.ApplyCard, asked: Asked) -> Decision:
    if command.lesson is not None:
        return _apply_lesson(world, command, command.lesson, asked)
    found = _read(world, command.card_id, command.scan_id)
    if isinstance(found, Refusal):
        return found
    left = frozenset() if found.card.applied else found.card.left
    fault = _fault(world, found, command.scan_id, left, asked)
    if fault:
        return fault
    if found.card.applied:
        return []
    return _undecided(found, None) or [_applied(command)]


def _apply_lesson(world: World, command: said.ApplyCard, number: int, asked: Asked) -> Decision:
    """One lesson; the last one makes the card whole."""
    found = _of_lesson(world, command.card_id, command.scan_id, number, asked)
    if isinstance(found, Refusal):
        return found
    if found.card.applied or number in found.card.lessons:
        return []
    last = found.card.left == {number}
    open_fields = _undecided(found, None if last else number)
    if open_fields:
        return replace(open_fields, field="lesson")
    fact = said.CardLessonApplied(card_id=command.card_id, scan_id=command.scan_id, lesson=number)
    return [Entry(streams.card(command.card_id), fact), *([_applied(command)] if last else [])]


def _undecided(found: _Read, number: int | None) -> Refusal | None:
    """What a person has yet to say of the lesson; None: of all that is left of the card."""
    places = found.sheet.undecided(found.issued)
    count = sum(number is None or lesson_of(field) == number for _, field in places)
    card_id = found.issued.card_id
    return said.UNDECIDED_FIELDS(card=card_id, count=count, field="card_id") if count else None


def _applied(command: said.ApplyCard) -> Entry:
    fact = said.CardApplied(card_id=command.card_id, scan_id=command.scan_id)
    return Entry(streams.card(command.card_id), fact)
