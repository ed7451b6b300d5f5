"""How does a card become entries? By ordinary commands, all of a lesson or card at once, once only.

What the card says is turned into the commands that a teacher would have given; the same rules decide them,
and the first refusal leaves everything as it was. The envelope says channel "card", and the scan as cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime
from hashlib import sha256

from msgspec.structs import replace

from dziennik.application.register import ATTEMPTS, Batch, Outcome, Register
from dziennik.contracts.attendance import CallRoll, RollMark
from dziennik.contracts.cards import NO_SUCH_CARD, ApplyCard, CardIssued, CardKind, CardLesson
from dziennik.contracts.commands import CHANGED_MEANWHILE, COMMAND_ID_REUSED, Command
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.envelope import Actor, Channel, Origin
from dziennik.contracts.grades import FillColumn, GradeEntry
from dziennik.contracts.lessons import HoldLesson, lesson_id
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import AttendanceKind, AttendanceRules
from dziennik.domain.cards import Sheet, card
from dziennik.domain.curriculum import plan, unit_plans
from dziennik.domain.lessons import lesson
from dziennik.domain.school import SCHOOL
from dziennik.domain.units import unit

# Somebody else enters another lesson of the card, or the same one (then its command is known already).
AGAIN = frozenset({CHANGED_MEANWHILE.code, COMMAND_ID_REUSED.code})
CONFIRMED, VOID = "confirmed", "void"
KINDS = {
    "absent": AttendanceKind.ABSENT,
    "late": AttendanceKind.LATE,
    "released": AttendanceKind.RELEASED,
}


def apply_card(
    register: Register, card_id: str, scan_id: str, *, actor: Actor, lesson: int | None = None
) -> Outcome:
    """Enter what the card says in that scan, as `actor`; again: nothing happens.

    Of its lesson number `lesson` alone, or all that is left of the card.
    """
    by_card, at = replace(actor, channel=Channel.CARD), register.instant()
    command = ApplyCard(card_id=card_id, scan_id=scan_id, lesson=lesson)
    for _ in range(ATTEMPTS):
        batch, refused = _confirmed(register, command, by_card, at)
        if refused:
            return refused
        origin = Origin(
            command_id=_command_id(command),
            actor=by_card,
            recorded_at=at,
            correlation_id=card_id,
            causation_id=scan_id,
        )
        outcome = batch.write(origin)
        if not isinstance(outcome, Refusal) or outcome.code not in AGAIN:
            return outcome
        batch.outdated()
    return CHANGED_MEANWHILE()


def _command_id(command: ApplyCard) -> str:
    """The same for the same part of the same scan, so that what was entered is never entered twice."""
    part = "" if command.lesson is None else f"/{command.lesson}"
    return f"card/{sha256(f'{command.card_id}/{command.scan_id}{part}'.encode()).hexdigest()[:32]}"


def conflict(
    register: Register, card_id: str, scan_id: str, *, actor: Actor, lesson: int | None = None
) -> Refusal | None:
    """What would refuse the card or its lesson now: something entered by hand since, an undecided field.

    Writes nothing.
    """
    by_card = replace(actor, channel=Channel.CARD)
    command = ApplyCard(card_id=card_id, scan_id=scan_id, lesson=lesson)
    return _confirmed(register, command, by_card, register.instant())[1]


def _confirmed(
    register: Register, applying: ApplyCard, actor: Actor, at: datetime
) -> tuple[Batch, Refusal | None]:
    """What is decided; refused only on states that the journal has at this moment."""
    for _ in range(ATTEMPTS - 1):
        batch, refused = _decided(register, applying, actor, at)
        if refused is None or not batch.outdated():
            return batch, refused
    return _decided(register, applying, actor, at)


def _decided(
    register: Register, applying: ApplyCard, actor: Actor, at: datetime
) -> tuple[Batch, Refusal | None]:
    batch = register.batch()
    done = batch.decide(applying, actor=actor, at=at)
    if isinstance(done, Refusal) or not done:
        return batch, done if isinstance(done, Refusal) else None
    (state,) = batch.prefetch([card(applying.card_id)])
    if state.issued is None:
        return batch, NO_SUCH_CARD(card=applying.card_id, field="card_id")
    numbers = state.left if applying.lesson is None else frozenset({applying.lesson})
    for command in entries(batch, state.issued, state.sheets[applying.scan_id], applying.scan_id, numbers):
        refused = batch.decide(command, actor=actor, at=at)
        if isinstance(refused, Refusal):
            return batch, refused
    return batch, None


def entries(
    batch: Batch, issued: CardIssued, sheet: Sheet, scan_id: str, numbers: Set[int]
) -> Iterator[Command]:
    """The commands that say what the card says of these of its lessons; of a column's card, all it says."""
    if issued.kind is CardKind.GRADES:
        yield from _column(issued, sheet, scan_id)
        return
    (home,) = batch.prefetch([unit(issued.unit_id)])
    (school,) = batch.prefetch([SCHOOL])
    rules = school.years[home.year_id].attendance
    for block, each in enumerate(issued.lessons, 1):
        if block not in numbers or CONFIRMED not in sheet.values(0, f"lesson-{block}"):
            continue
        known = lesson_id(each.on, each.period, each.assignment_id)
        (held,) = batch.prefetch([lesson(each.unit_id, known)])
        if held.held is None:
            topic, printed = _topic(sheet, block, each)
            yield HoldLesson(
                unit_id=each.unit_id,
                assignment_id=each.assignment_id,
                on=each.on,
                period=each.period,
                topic=topic,
                sign=topic is not None,
                item_ids=_items(batch, each, topic, printed),
            )
        marks = _marks(issued, sheet, block, rules)
        yield CallRoll(unit_id=each.unit_id, lesson_id=known, marks=marks)


def _topic(sheet: Sheet, block: int, lesson: CardLesson) -> tuple[str | None, FromPlan | None]:
    """The topic as somebody transcribed it, or else the one that was chosen by a mark, with its item."""
    if sheet.topics.get(block):
        return sheet.topics[block], None
    for value in sheet.values(0, f"topic-{block}"):
        at = int(value.rpartition("-")[2]) - 1
        if at < len(lesson.topics):
            item = replace(lesson.plan, items=lesson.plan.items[at : at + 1]) if lesson.plan else None
            return lesson.topics[at], item
    return None, None


def _items(batch: Batch, lesson: CardLesson, topic: str | None, printed: FromPlan | None) -> tuple[str, ...]:
    """The item of the assignment's plan that it was about, so that the plan's realisation counts it.

    What the card named when it was `printed`, if the plan still has it; else the only one with this topic.
    Among several of the same name nobody guesses: the lesson counts for none until its teacher says which.
    """
    (followed,) = batch.prefetch([unit_plans(lesson.unit_id)])
    plan_id = followed.plans.get(lesson.assignment_id)
    if topic is None or plan_id is None:
        return ()
    (known,) = batch.prefetch([plan(plan_id)])
    if printed and printed.plan_id == plan_id:
        return tuple(item.item_id for item in known.items if item.item_id in printed.items)
    found = tuple(item.item_id for item in known.items if item.topic == topic)
    return found if len(found) == 1 else ()


def _marks(issued: CardIssued, sheet: Sheet, block: int, rules: AttendanceRules) -> tuple[RollMark, ...]:
    types = {kind.kind: kind.type_id for kind in reversed(rules.types)}
    return tuple(
        RollMark(pupil_id=line.pupil_id, type_id=types.get(KINDS[value], value))
        for line in issued.lines
        for value in sheet.values(line.line, f"presence-{block}")
    )


def _column(issued: CardIssued, sheet: Sheet, scan_id: str) -> Iterator[Command]:
    """All grades of the column at once, if its teacher confirmed them; a line marked as void says nothing."""
    if CONFIRMED not in sheet.values(0, "control"):
        return
    grades = []
    for line in issued.lines:
        if sheet.values(line.line, "void"):
            continue
        value = "".join((*sheet.values(line.line, "mark"), *sheet.values(line.line, "sign")))
        if value:
            said = f"{issued.card_id}/{scan_id}/{line.line}"
            grade_id = f"card-{sha256(said.encode()).hexdigest()[:32]}"
            grades.append(
                GradeEntry(grade_id=grade_id, class_id=line.class_id, pupil_id=line.pupil_id, value=value)
            )
    if grades:
        yield FillColumn(unit_id=issued.unit_id, column_id=issued.column_id or "", grades=tuple(grades))
