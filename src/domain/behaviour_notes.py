"""The rules for notes: who writes one about whom, who puts it right, who has seen it."""

from __future__ import annotations

from msgspec.structs import replace

from dziennik.contracts import behaviour as said
from dziennik.contracts import behaviour_commands as orders
from dziennik.contracts import streams
from dziennik.contracts.behaviour import BehaviourRules, NoteCategory
from dziennik.contracts.classes import NOT_ENROLLED
from dziennik.contracts.commands import CHANGED_SINCE, TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.values import NoteSeen
from dziennik.domain.behaviour_rules import within
from dziennik.domain.behaviour_state import Note, behaviour
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.people import person
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.units import Unit, not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, World

PARENTS = frozenset({Role.PARENT})


def class_and_year(world: World, class_id: str) -> tuple[Unit, Year] | Refusal:
    """The class (no interclass group: pupils belong to classes) and its year, or why not."""
    found = unit_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    return not_a_unit(class_id, "class_id") if not found[0].is_class else found


def _on(class_id: str, pupil_id: str, fact: Fact) -> list[Entry]:
    return [Entry(streams.behaviour(class_id, pupil_id), fact)]


@decides(orders.WriteNote, by=TEACHING)
def _write(world: World, command: orders.WriteNote, asked: Asked) -> Decision:
    found = class_and_year(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if asked.actor.role is Role.TEACHER and not _teaches(world, state, command, asked):
        return orders.NOT_YOUR_PUPIL(field="class_id")
    category = _category(year.behaviour, command.category_id)
    if isinstance(category, Refusal):
        return category
    written = said.NoteWritten(
        note_id=command.note_id,
        class_id=command.class_id,
        pupil_id=command.pupil_id,
        author_id=asked.actor.person,
        kind=category.kind,
        category_id=category.category_id,
        points=_points(year.behaviour, category, command.points),
        on=command.on,
        text=command.text.strip(),
    )
    known = world[behaviour(command.class_id, command.pupil_id)].notes.get(command.note_id)
    if known:
        return [] if known.fact == written else orders.NOTE_EXISTS(field="note_id")
    fault = _fault(state, year, category, written, asked, command.points is not None)
    return fault or _on(command.class_id, command.pupil_id, written)


def _teaches(world: World, state: Unit, command: orders.WriteNote, asked: Asked) -> bool:
    """Homeroom teacher, or teaching the class today, or the pupil in the interclass group that is named."""
    who, day = asked.actor.person, asked.today
    if state.homeroom_teacher(day) == who:
        return True
    taught = list(state.assignments.values())
    if command.unit_id not in (None, command.class_id):
        group = world[unit(command.unit_id)]
        if command.class_id in group.class_ids and command.pupil_id in group.roll(group.unit_id, command.on):
            taught += group.assignments.values()
    return any(one.teacher_id == who and one.covers(day) for one in taught)


def _category(rules: BehaviourRules, category_id: str) -> NoteCategory | Refusal:
    found = next((one for one in rules.categories if one.category_id == category_id), None)
    return found or orders.NO_SUCH_NOTE_CATEGORY(category=category_id, field="category_id")


def _points(rules: BehaviourRules, category: NoteCategory, points: int | None) -> int | None:
    if not rules.with_points:
        return points
    return category.points if points is None else points


def _fault(
    state: Unit, year: Year, category: NoteCategory, note: said.NoteWritten, asked: Asked, chosen: bool
) -> Refusal | None:
    """What is wrong with the note as it would stand. `chosen`: its points were said, not the category's."""
    if not note.text:
        return TEXT_MISSING(at="text", field="text")
    if note.on > asked.today:
        return orders.NOTE_IN_FUTURE(on=note.on, field="on")
    fault = fault_in_day(year, note.on, "on")
    if fault:
        return fault
    if state.enrolment(note.pupil_id, note.on) is None:
        return NOT_ENROLLED(pupil=note.pupil_id, on=note.on, field="pupil_id")
    if chosen and not year.behaviour.with_points:
        return orders.NO_POINTS_HERE(field="points")
    if chosen and note.points is not None and not within(category, note.points):
        return orders.NOTE_POINTS_OUT_OF_RANGE(points=note.points, category=category.name, field="points")
    return None


def _standing(
    world: World, command: orders.CorrectNote | orders.StrikeOutNote, asked: Asked
) -> tuple[Unit, Year, Note] | Refusal:
    """A note that is not struck out and that the asker may change, with a reason given."""
    found = class_and_year(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    note = _note(world, command.class_id, command.pupil_id, command.note_id)
    if isinstance(note, Refusal):
        return note
    theirs = (note.fact.author_id, found[0].homeroom_teacher(asked.today))
    if asked.actor.role is Role.TEACHER and asked.actor.person not in theirs:
        return orders.NOT_YOUR_NOTE(field="note_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    return _changed_since(note, command) or (*found, note)


def _changed_since(note: Note, command: orders.CorrectNote | orders.StrikeOutNote) -> Refusal | None:
    """What somebody else did to the note meanwhile."""
    fact = note.fact
    now = NoteSeen(category_id=fact.category_id, on=fact.on, text=fact.text, points=fact.points)
    if command.seen in (None, now):
        return None
    changed = CHANGED_SINCE(seen=_told(command.seen), now=_told(now), field="seen")
    return beside(changed, streams.behaviour(command.class_id, command.pupil_id), "note_id", command.note_id)


def _told(seen: NoteSeen | None) -> str:
    if seen is None:
        return ""
    parts = (seen.text, seen.category_id, seen.points, seen.on)
    return ", ".join([str(part) for part in parts if part is not None])


def _note(world: World, class_id: str, pupil_id: str, note_id: str) -> Note | Refusal:
    note = world[behaviour(class_id, pupil_id)].notes.get(note_id)
    if note is None:
        return orders.NO_SUCH_NOTE(note=note_id, field="note_id")
    if not note.struck_out:
        return note
    struck = orders.NOTE_IS_STRUCK_OUT(note=note_id, field="note_id")
    return beside(struck, streams.behaviour(class_id, pupil_id), "note_id", note_id)


@decides(orders.CorrectNote, by=TEACHING)
def _correct(world: World, command: orders.CorrectNote, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    state, year, note = found
    was = note.fact
    category = _category_now(year.behaviour, command, was)
    if isinstance(category, Refusal):
        return category
    same = category.category_id == was.category_id and command.points is None
    now = replace(
        was,
        category_id=category.category_id,
        kind=category.kind,
        points=was.points if same else _points(year.behaviour, category, command.points),
        on=command.on or was.on,
        text=was.text if command.text is None else command.text.strip(),
    )
    if now == was:
        return orders.NOTE_NOT_CHANGED(field="note_id")
    fault = _fault(state, year, category, now, asked, command.points is not None)
    return fault or _on(command.class_id, command.pupil_id, _corrected(was, now, command.reason))


def _category_now(
    rules: BehaviourRules, command: orders.CorrectNote, was: said.NoteWritten
) -> NoteCategory | Refusal:
    """The category that is said; one that is not touched need not be known any more."""
    if command.category_id is None and command.points is None:
        return NoteCategory(category_id=was.category_id, name="", symbol="", kind=was.kind)
    return _category(rules, command.category_id or was.category_id)


def _corrected(was: said.NoteWritten, now: said.NoteWritten, reason: str) -> said.NoteCorrected:
    return said.NoteCorrected(
        note_id=was.note_id,
        pupil_id=was.pupil_id,
        was_kind=was.kind,
        kind=now.kind,
        was_category_id=was.category_id,
        category_id=now.category_id,
        was_points=was.points,
        points=now.points,
        was_on=was.on,
        on=now.on,
        was_text=was.text,
        text=now.text,
        reason=reason.strip(),
    )


@decides(orders.StrikeOutNote, by=TEACHING)
def _strike_out(world: World, command: orders.StrikeOutNote, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    struck = said.NoteStruckOut(
        note_id=command.note_id, pupil_id=command.pupil_id, reason=command.reason.strip()
    )
    return _on(command.class_id, command.pupil_id, struck)


@decides(orders.AcknowledgeNote, by=PARENTS)
def _acknowledge(world: World, command: orders.AcknowledgeNote, asked: Asked) -> Decision:
    parent_id = asked.actor.person
    pupil = world[person(command.pupil_id)]
    if parent_id is None or not pupil.parent_may(parent_id, ParentalPower.INFORMATION, asked.today):
        return orders.NOT_YOUR_CHILD(field="pupil_id")
    note = _note(world, command.class_id, command.pupil_id, command.note_id)
    if isinstance(note, Refusal):
        return note
    if parent_id in note.seen_by:
        return []
    seen = said.NoteAcknowledged(note_id=command.note_id, pupil_id=command.pupil_id, parent_id=parent_id)
    return _on(command.class_id, command.pupil_id, seen)
