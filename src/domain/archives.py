"""What may be recorded about archives: editions in order, one signature each, and who fetched them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from dziennik.contracts import archives as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.school import year_of
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

FETCHING = OFFICE | {Role.AUDITOR}


class Archives(msgspec.Struct, frozen=True, kw_only=True):
    """A year's editions and their signatures, by number."""

    editions: Mapping[int, said.ArchiveWritten] = {}
    signed: Mapping[int, said.ArchiveSigned] = {}


_evolve: Evolution[Archives] = Evolution()


def archives(year_id: str) -> Stream[Archives]:
    """The stream of a year's archives."""
    return Stream(streams.archives(year_id), Archives(), _evolve)


@_evolve.on(said.ArchiveWritten)
def _written(state: Archives, fact: said.ArchiveWritten) -> Archives:
    # Only what later editions are held against: the files are many.
    return replace(state, editions=put(state.editions, fact.edition, replace(fact, files=())))


@_evolve.on(said.ArchiveSigned)
def _signed(state: Archives, fact: said.ArchiveSigned) -> Archives:
    return replace(state, signed=put(state.signed, fact.edition, fact))


def manifest_digest(files: Iterable[said.ArchivedFile]) -> str:
    """The digest of the manifest that these files make (RFC 8493: digest, two spaces, path)."""
    rows = sorted(files, key=lambda one: one.path)
    return sha256("".join(f"{one.sha256}  {one.path}\n" for one in rows).encode()).hexdigest()


@decides(said.RecordArchive, by=OFFICE)
def _record(world: World, command: said.RecordArchive, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.closed_on is None:
        return said.YEAR_STILL_OPEN(year=year.name, field="year_id")
    if manifest_digest(command.files) != command.manifest_sha256:
        return said.FILES_DIFFER(field="files")
    fact = said.ArchiveWritten(
        **{name: getattr(command, name) for name in said.ArchiveWritten.__struct_fields__}
    )
    state = world[archives(year.year_id)]
    known = state.editions.get(command.edition)
    if known:
        same = (known.manifest_sha256, known.cut_off) == (command.manifest_sha256, command.cut_off)
        return [] if same else said.EDITION_DIFFERS(edition=command.edition, field="edition")
    last = max(state.editions, default=0)
    if command.edition != last + 1 or (last and command.cut_off <= state.editions[last].cut_off):
        return said.NOT_THE_NEXT_EDITION(expected=last + 1, field="edition")
    if last and not (command.reason or "").strip():
        return REASON_MISSING(field="reason")
    return [Entry(streams.archives(year.year_id), fact)]


def _edition(world: World, year_id: str, edition: int) -> tuple[Archives, said.ArchiveWritten, str] | Refusal:
    year = year_of(world, year_id)
    if isinstance(year, Refusal):
        return year
    state = world[archives(year_id)]
    found = state.editions.get(edition)
    if found is None:
        return said.NO_SUCH_EDITION(year=year.name, edition=edition, field="edition")
    return state, found, year.name


@decides(said.RecordSignature, by=DIRECTOR)
def _sign(world: World, command: said.RecordSignature, _: Asked) -> Decision:
    found = _edition(world, command.year_id, command.edition)
    if isinstance(found, Refusal):
        return found
    state, written, _year = found
    if command.manifest_sha256 != written.manifest_sha256:
        return said.SIGNED_SOMETHING_ELSE(edition=command.edition, field="signature")
    fact = said.ArchiveSigned(**msgspec.structs.asdict(command))
    known = state.signed.get(command.edition)
    if known:
        again = known.signature == fact.signature
        return (
            []
            if again
            else said.SIGNED_ALREADY(edition=command.edition, signer=known.signer, field="signature")
        )
    return [Entry(streams.archives(command.year_id), fact)]


@decides(said.RecordFetch, by=FETCHING)
def _fetch(world: World, command: said.RecordFetch, _: Asked) -> Decision:
    found = _edition(world, command.year_id, command.edition)
    if isinstance(found, Refusal):
        return found
    return [Entry(streams.archives(command.year_id), said.ArchiveFetched(**msgspec.structs.asdict(command)))]
