"""The rules for who may collect a child from day care, beside parents whose rights hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from dziennik.contracts import classes, streams
from dziennik.contracts import stays as said
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import NOT_FOR_THIS_REGISTER, RegisterKind
from dziennik.contracts.school import DATES_REVERSED
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import Span, person
from dziennik.domain.registers import kept, membership, register_and_year
from dziennik.domain.rulebook import OFFICE, TEACHING, decides
from dziennik.domain.units import Unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

AUTHORISING = OFFICE | TEACHING | {Role.PARENT}
KINDS = frozenset({RegisterKind.DAY_CARE, RegisterKind.PRESCHOOL})


class Authorisation(Span, frozen=True, kw_only=True):
    """Somebody may collect the child; `name` None: it may go alone."""

    name: str | None = None


Collectors = Mapping[str, Authorisation]

_evolve: Evolution[Collectors] = Evolution()


def collectors(unit_id: str, pupil_id: str) -> Stream[Collectors]:
    """The authorisations for a child, by id."""
    nobody: Collectors = {}
    return Stream(streams.collectors(unit_id, pupil_id), nobody, _evolve)


@_evolve.on(said.CollectorAuthorised)
def _authorised(state: Collectors, fact: said.CollectorAuthorised) -> Collectors:
    given = Authorisation(since=fact.since, until=fact.until, name=fact.name)
    return put(state, fact.collector_id, given)


@_evolve.on(said.LeavingAloneAllowed)
def _allowed(state: Collectors, fact: said.LeavingAloneAllowed) -> Collectors:
    return put(state, fact.collector_id, Authorisation(since=fact.since, until=fact.until))


@_evolve.on(said.AuthorisationWithdrawn)
def _withdrawn(state: Collectors, fact: said.AuthorisationWithdrawn) -> Collectors:
    return put(state, fact.collector_id, replace(state[fact.collector_id], until=fact.until))


def may_collect(known: Collectors, collector_id: str, on: date, *, alone: bool) -> bool:
    """Whether the authorisation holds on that day, for a person or for going alone."""
    given = known.get(collector_id)
    return given is not None and given.covers(on) and (given.name is None) == alone


def _theirs(world: World, unit_id: str, pupil_id: str, asked: Asked) -> Unit | Refusal:
    """The register of a child that takes part in it, for its parents, keepers and the office."""
    if asked.actor.role is Role.PARENT:
        if not world[person(pupil_id)].parent_may(asked.actor.person, ParentalPower.DECISIONS, asked.today):
            return said.NOT_YOURS_TO_AUTHORISE(field="pupil_id")
        found = register_and_year(world, unit_id)
    else:
        found = kept(world, unit_id, asked, office=True)
    if isinstance(found, Refusal):
        return found
    if found[0].kind not in KINDS:
        return NOT_FOR_THIS_REGISTER(kind=found[0].kind, field="unit_id")
    if membership(found[0], pupil_id) is None:
        return classes.NOT_IN_GROUP(pupil=pupil_id, on=asked.today, field="pupil_id")
    return found[0]


@decides(said.AuthoriseCollector, by=AUTHORISING)
def _authorise(world: World, command: said.AuthoriseCollector, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.pupil_id, asked)
    if isinstance(found, Refusal):
        return found
    if command.until is not None and command.until < command.since:
        return DATES_REVERSED(starts=command.since, ends=command.until, field="until")
    if command.name is not None and not command.name.strip():
        return TEXT_MISSING(at="name", field="name")
    given = Authorisation(since=command.since, until=command.until, name=command.name)
    known = world[collectors(command.unit_id, command.pupil_id)].get(command.collector_id)
    if known:
        return [] if known == given else said.AUTHORISATION_EXISTS(field="collector_id")
    return [Entry(streams.collectors(command.unit_id, command.pupil_id), _given(command))]


def _given(command: said.AuthoriseCollector) -> said.CollectorAuthorised | said.LeavingAloneAllowed:
    if command.name is not None:
        return said.CollectorAuthorised(
            collector_id=command.collector_id,
            unit_id=command.unit_id,
            pupil_id=command.pupil_id,
            since=command.since,
            name=command.name,
            until=command.until,
        )
    return said.LeavingAloneAllowed(
        collector_id=command.collector_id,
        unit_id=command.unit_id,
        pupil_id=command.pupil_id,
        since=command.since,
        until=command.until,
    )


@decides(said.WithdrawAuthorisation, by=AUTHORISING)
def _withdraw(world: World, command: said.WithdrawAuthorisation, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.pupil_id, asked)
    if isinstance(found, Refusal):
        return found
    known = world[collectors(command.unit_id, command.pupil_id)].get(command.collector_id)
    if known is None:
        return said.NO_SUCH_AUTHORISATION(collector=command.collector_id, field="collector_id")
    if known.until is not None and known.until <= command.until:
        return []
    if command.until < known.since:
        return DATES_REVERSED(starts=known.since, ends=command.until, field="until")
    fact = said.AuthorisationWithdrawn(
        collector_id=command.collector_id,
        unit_id=command.unit_id,
        pupil_id=command.pupil_id,
        until=command.until,
    )
    return [Entry(streams.collectors(command.unit_id, command.pupil_id), fact)]
