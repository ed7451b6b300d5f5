"""The rules for columns of the gradebook: opened, and their headings put right."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from dziennik.contracts import grades as said
from dziennik.contracts import streams
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.refusals import Refusal, beside
from dziennik.domain.classes import fault_in_day
from dziennik.domain.grade_checks import heading_of, theirs
from dziennik.domain.gradebook import column
from dziennik.domain.policies.soundness import is_colour
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.world import Asked, Decision, Entry, World


@decides(said.OpenColumn, by=TEACHING)
def _open(world: World, command: said.OpenColumn, asked: Asked) -> Decision:
    found = theirs(world, command.unit_id, command.assignment_id, command.on, asked)
    if isinstance(found, Refusal):
        return found
    _, year, assignment = found
    heading = heading_of(year, command.category_id, command.weight, command.out_of)
    if isinstance(heading, Refusal):
        return heading
    fault = _fault_in_colour(command.colour)
    if fault:
        return fault
    fact = said.ColumnOpened(
        **{**msgspec.structs.asdict(command), "weight": heading[1]}, subject_id=assignment.subject_id
    )
    known = world[column(command.unit_id, command.column_id)].opened
    if known:
        stands = said.COLUMN_EXISTS(title=known.title, field="column_id")
        return [] if known == fact else beside(stands, streams.column(command.unit_id, command.column_id))
    return [Entry(streams.column(command.unit_id, command.column_id), fact)]


@decides(said.ChangeColumn, by=TEACHING)
def _change(world: World, command: said.ChangeColumn, asked: Asked) -> Decision:
    known = world[column(command.unit_id, command.column_id)].opened
    if known is None:
        return said.NO_SUCH_COLUMN(column=command.column_id, field="column_id")
    found = theirs(world, command.unit_id, known.assignment_id, command.on, asked)
    if isinstance(found, Refusal):
        return found
    heading = heading_of(found[1], command.category_id, command.weight, command.out_of)
    if isinstance(heading, Refusal):
        return heading
    fault = _fault_in_colour(command.colour)
    if fault:
        return fault
    fact = said.ColumnChanged(
        column_id=command.column_id,
        title=command.title,
        category_id=command.category_id,
        weight=heading[1],
        on=command.on,
        out_of=command.out_of,
        colour=known.colour if command.colour is None else command.colour,
        counted=known.counted if command.counted is None else command.counted,
    )
    if replace(known, **msgspec.structs.asdict(fact)) == known:
        return []
    stream = streams.column(command.unit_id, command.column_id)
    seen = said.ColumnSeen(title=known.title, category_id=known.category_id, weight=known.weight, on=known.on)
    if command.seen not in (None, seen):
        changed = CHANGED_SINCE(seen=_told(command.seen), now=_told(seen), field="seen")
        return beside(changed, stream)
    return [Entry(stream, fact)]


def _fault_in_colour(colour: str | None) -> Refusal | None:
    if colour is None or is_colour(colour):
        return None
    return said.NOT_A_COLOUR(colour=colour, field="colour")


def _told(heading: said.ColumnSeen) -> str:
    return f"{heading.title}, {heading.category_id}, {heading.weight}, {heading.on}"


@decides(said.SetColumnPublication, by=TEACHING)
def _publish(world: World, command: said.SetColumnPublication, asked: Asked) -> Decision:
    state = world[column(command.unit_id, command.column_id)]
    if state.opened is None:
        return said.NO_SUCH_COLUMN(column=command.column_id, field="column_id")
    found = theirs(world, command.unit_id, state.opened.assignment_id, state.opened.on, asked)
    if isinstance(found, Refusal):
        return found
    fault = fault_in_day(found[1], command.on, "on") if command.on else None
    if fault or state.publish_on == command.on:
        return fault or []
    fact = said.ColumnPublicationSet(column_id=command.column_id, on=command.on)
    return [Entry(streams.column(command.unit_id, command.column_id), fact)]
