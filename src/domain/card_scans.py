"""What is known of a scan, and for how long are its pictures kept? As long as the register they went into."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import card_scans, streams
from dziennik.contracts import cards as said
from dziennik.contracts.envelope import Role
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.privacy import kept_until
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

# Nobody destroys a scan by hand: the system does, when the day has come.
ITSELF = frozenset({Role.SYSTEM})


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a scan came in, and whether its pictures are gone.

    `nameless` are pages with a card that nothing names, `named` what people said of them.
    """

    received: bool = False
    destroyed: bool = False
    nameless: frozenset[int] = frozenset()
    named: Mapping[int, str] = {}


_evolve: Evolution[Scan] = Evolution()


def scan(scan_id: str) -> Stream[Scan]:
    """The stream of a scan."""
    return Stream(streams.scan(scan_id), Scan(), _evolve)


@_evolve.on(said.ScanReceived)
def _received(state: Scan, _: said.ScanReceived) -> Scan:
    return replace(state, received=True)


@_evolve.on(said.PageSetAside)
def _set_aside(state: Scan, fact: said.PageSetAside) -> Scan:
    return replace(state, nameless=state.nameless | {fact.page}) if fact.why == card_scans.NAMELESS else state


@_evolve.on(said.PageNamed)
def _named(state: Scan, fact: said.PageNamed) -> Scan:
    return replace(state, named=put(state.named, fact.page, fact.card_id))


@_evolve.on(said.ScanDestroyed)
def _destroyed(state: Scan, _: said.ScanDestroyed) -> Scan:
    return replace(state, destroyed=True)


@decides(card_scans.DestroyScan, by=ITSELF)
def _destroy(world: World, command: card_scans.DestroyScan, asked: Asked) -> Decision:
    state = world[scan(command.scan_id)]
    if not state.received:
        return card_scans.NO_SUCH_SCAN(scan=command.scan_id, field="scan_id")
    if state.destroyed:
        return []
    possible = kept_until(world, command.received_on, asked.today)
    if asked.today < possible:
        return card_scans.SCAN_MUST_BE_KEPT(possible=possible, field="scan_id")
    destroyed = said.ScanDestroyed(
        scan_id=command.scan_id, received_on=command.received_on, allowed_from=possible
    )
    return [Entry(streams.scan(command.scan_id), destroyed)]
