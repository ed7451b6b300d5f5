"""The rules for a pedagogue's entries: who writes, who puts right, what a family may read."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from dziennik.contracts import classes, streams
from dziennik.contracts import counselling as said
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import NOT_FOR_THIS_REGISTER, RegisterKind
from dziennik.domain.classes import fault_in_day
from dziennik.domain.evolving import Evolution
from dziennik.domain.registers import kept
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Stream, World
from dziennik.domain.world import Entry as Written

KEEPING = frozenset({Role.TEACHER, Role.DIRECTOR})

First = said.EntryWritten | said.ActivityNoted


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it stands; `first` is None until it is written."""

    first: First | None = None
    text: str = ""
    struck_out: bool = False
    shared: bool = False


_evolve: Evolution[Entry] = Evolution()


def entry(unit_id: str, entry_id: str) -> Stream[Entry]:
    """The stream of an entry."""
    return Stream(streams.counselling(unit_id, entry_id), Entry(), _evolve)


@_evolve.on(said.EntryWritten)
def _written(_: Entry, fact: said.EntryWritten) -> Entry:
    return Entry(first=fact, text=fact.text)


@_evolve.on(said.ActivityNoted)
def _noted(_: Entry, fact: said.ActivityNoted) -> Entry:
    return Entry(first=fact, text=fact.text)


@_evolve.on(said.EntryCorrected)
def _corrected(state: Entry, fact: said.EntryCorrected) -> Entry:
    return replace(state, text=fact.text)


@_evolve.on(said.EntryStruckOut)
def _struck_out(state: Entry, _: said.EntryStruckOut) -> Entry:
    return replace(state, struck_out=True)


@_evolve.on(said.EntryShared)
def _shared(state: Entry, fact: said.EntryShared) -> Entry:
    return replace(state, shared=fact.shared)


def _about(first: First) -> str:
    """Whose key seals what is said about the entry."""
    return first.pupil_id if isinstance(first, said.EntryWritten) else first.author_id


def _on(unit_id: str, entry_id: str, fact: Fact) -> list[Written]:
    return [Written(streams.counselling(unit_id, entry_id), fact)]


@decides(said.WriteCounsellingEntry, by=KEEPING)
def _write(world: World, command: said.WriteCounsellingEntry, asked: Asked) -> Decision:
    found = kept(world, command.unit_id, asked)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if state.kind is not RegisterKind.PEDAGOGUE:
        return NOT_FOR_THIS_REGISTER(kind=state.kind, field="unit_id")
    if not command.text.strip():
        return TEXT_MISSING(at="text", field="text")
    fact = _first(command, asked.actor.person or asked.actor.account)
    known = world[entry(command.unit_id, command.entry_id)].first
    if known:
        return [] if known == fact else said.ENTRY_EXISTS(field="entry_id")
    fault = fault_in_day(year, command.on, "on")
    if fault:
        return fault
    if command.on > asked.today:
        return said.ENTRY_IN_FUTURE(on=command.on, field="on")
    if command.pupil_id is not None and command.pupil_id not in state.groups[state.unit_id].on(command.on):
        return classes.NOT_IN_GROUP(pupil=command.pupil_id, on=command.on, field="pupil_id")
    return _on(command.unit_id, command.entry_id, fact)


def _first(command: said.WriteCounsellingEntry, author_id: str) -> First:
    if command.pupil_id is None:
        return said.ActivityNoted(
            entry_id=command.entry_id,
            unit_id=command.unit_id,
            author_id=author_id,
            kind=command.kind,
            on=command.on,
            text=command.text.strip(),
        )
    return said.EntryWritten(
        entry_id=command.entry_id,
        unit_id=command.unit_id,
        author_id=author_id,
        pupil_id=command.pupil_id,
        kind=command.kind,
        on=command.on,
        text=command.text.strip(),
    )


def _theirs(world: World, unit_id: str, entry_id: str, asked: Asked) -> tuple[Entry, First] | Refusal:
    """The entry, if it stands and the asker may change it: its author as a keeper, or the director."""
    found = kept(world, unit_id, asked)
    if isinstance(found, Refusal):
        return found
    state = world[entry(unit_id, entry_id)]
    if state.first is None:
        return said.NO_SUCH_ENTRY(entry=entry_id, field="entry_id")
    if asked.actor.role is Role.TEACHER and asked.actor.person != state.first.author_id:
        return said.NOT_YOUR_ENTRY(field="entry_id")
    if state.struck_out:
        return said.ENTRY_IS_STRUCK_OUT(field="entry_id")
    return state, state.first


@decides(said.CorrectCounsellingEntry, by=KEEPING)
def _correct(world: World, command: said.CorrectCounsellingEntry, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.entry_id, asked)
    if isinstance(found, Refusal):
        return found
    state, first = found
    text = command.text.strip()
    if not text:
        return TEXT_MISSING(at="text", field="text")
    if text == state.text:
        return []
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    corrected = said.EntryCorrected(
        entry_id=command.entry_id,
        person_id=_about(first),
        was=state.text,
        text=text,
        reason=command.reason.strip(),
    )
    return _on(command.unit_id, command.entry_id, corrected)


@decides(said.StrikeOutCounsellingEntry, by=KEEPING)
def _strike_out(world: World, command: said.StrikeOutCounsellingEntry, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.entry_id, asked)
    if isinstance(found, Refusal):
        return found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    struck = said.EntryStruckOut(
        entry_id=command.entry_id, person_id=_about(found[1]), reason=command.reason.strip()
    )
    return _on(command.unit_id, command.entry_id, struck)


@decides(said.ShareCounsellingEntry, by=KEEPING)
def _share(world: World, command: said.ShareCounsellingEntry, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.entry_id, asked)
    if isinstance(found, Refusal):
        return found
    state, first = found
    if not isinstance(first, said.EntryWritten):
        return said.NOT_ABOUT_A_PUPIL(field="entry_id")
    if state.shared == command.shared:
        return []
    shared = said.EntryShared(entry_id=command.entry_id, pupil_id=first.pupil_id, shared=command.shared)
    return _on(command.unit_id, command.entry_id, shared)
