"""What may be decided about audit mandates: the director lets auditors look, for a time, at a part."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import audits as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import NO_SUCH_PERSON
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import DATES_REVERSED
from dziennik.domain.classes import unit_and_year
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import fault_in_role, person
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.school import year_of
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

# An audit has an end: who looks for longer is let in anew, by a director who thinks of it once a year.
MOST_DAYS = 366


class Mandates(msgspec.Struct, frozen=True, kw_only=True):
    """An auditor's mandates by id, and which of them were taken back."""

    issued: Mapping[str, said.MandateIssued] = {}
    revoked: frozenset[str] = frozenset()


_evolve: Evolution[Mandates] = Evolution()


def mandates(auditor_id: str) -> Stream[Mandates]:
    """The stream of an auditor's mandates."""
    return Stream(streams.mandates(auditor_id), Mandates(), _evolve)


@_evolve.on(said.MandateIssued)
def _issued(state: Mandates, fact: said.MandateIssued) -> Mandates:
    return replace(state, issued=put(state.issued, fact.mandate_id, fact))


@_evolve.on(said.MandateRevoked)
def _revoked(state: Mandates, fact: said.MandateRevoked) -> Mandates:
    return replace(state, revoked=state.revoked | {fact.mandate_id})


@decides(said.IssueMandate, by=DIRECTOR)
def _issue(world: World, command: said.IssueMandate, _: Asked) -> Decision:
    fact = said.MandateIssued(**msgspec.structs.asdict(command))
    known = world[mandates(command.auditor_id)].issued.get(command.mandate_id)
    if known:
        return [] if known == fact else said.MANDATE_EXISTS(field="mandate_id")
    fault = (
        _fault_in_time(command)
        or fault_in_role(world, command.auditor_id, Role.AUDITOR, command.since, "auditor_id")
        or _fault_in_scope(world, command)
    )
    return fault or [Entry(streams.mandates(command.auditor_id), fact)]


def _fault_in_time(command: said.IssueMandate) -> Refusal | None:
    if command.until < command.since:
        return DATES_REVERSED(starts=command.since, ends=command.until, field="until")
    if (command.until - command.since).days >= MOST_DAYS:
        return said.TOO_LONG(days=MOST_DAYS, field="until")
    return None if command.reason.strip() else REASON_MISSING(field="reason")


def _fault_in_scope(world: World, command: said.IssueMandate) -> Refusal | None:
    given = {name: getattr(command, name) for name in ("year_id", "class_id", "pupil_id")}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        return said.ONE_SCOPE(field=named[1])
    if command.year_id is not None:
        year = year_of(world, command.year_id)
        return year if isinstance(year, Refusal) else None
    if command.class_id is not None:
        unit = unit_and_year(world, command.class_id, "class_id")
        return unit if isinstance(unit, Refusal) else None
    if command.pupil_id is not None and Role.PUPIL not in world[person(command.pupil_id)].roles:
        return NO_SUCH_PERSON(person=command.pupil_id, field="pupil_id")
    return None


@decides(said.RevokeMandate, by=DIRECTOR)
def _revoke(world: World, command: said.RevokeMandate, _: Asked) -> Decision:
    state = world[mandates(command.auditor_id)]
    if command.mandate_id not in state.issued:
        return said.NO_SUCH_MANDATE(mandate=command.mandate_id, field="mandate_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    if command.mandate_id in state.revoked:
        return []
    fact = said.MandateRevoked(**msgspec.structs.asdict(command))
    return [Entry(streams.mandates(command.auditor_id), fact)]
