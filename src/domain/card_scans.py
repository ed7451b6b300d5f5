"""For how long are the pictures of scanned cards kept? As long as the register that their marks went into."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from dziennik.contracts import cards as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Role
from dziennik.domain.evolving import Evolution
from dziennik.domain.privacy import kept_until
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

# Nobody destroys a scan by hand: the system does, when the day has come.
ITSELF = frozenset({Role.SYSTEM})


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a scan came in, and whether its pictures are gone."""

    received: bool = False
    destroyed: bool = False


_evolve: Evolution[Scan] = Evolution()


def scan(scan_id: str) -> Stream[Scan]:
    """The stream of a scan."""
    return Stream(streams.scan(scan_id), Scan(), _evolve)


@_evolve.on(said.ScanReceived)
def _received(state: Scan, _: said.ScanReceived) -> Scan:
    return replace(state, received=True)


@_evolve.on(said.ScanDestroyed)
def _destroyed(state: Scan, _: said.ScanDestroyed) -> Scan:
    return replace(state, destroyed=True)


@decides(said.DestroyScan, by=ITSELF)
def _destroy(world: World, command: said.DestroyScan, asked: Asked) -> Decision:
    state = world[scan(command.scan_id)]
    if not state.received:
        return said.NO_SUCH_SCAN(scan=command.scan_id, field="scan_id")
    if state.destroyed:
        return []
    possible = kept_until(world, command.received_on, asked.today)
    if asked.today < possible:
        return said.SCAN_MUST_BE_KEPT(possible=possible, field="scan_id")
    destroyed = said.ScanDestroyed(
        scan_id=command.scan_id, received_on=command.received_on, allowed_from=possible
    )
    return [Entry(streams.scan(command.scan_id), destroyed)]
