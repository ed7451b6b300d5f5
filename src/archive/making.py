"""How is an edition made, made again, signed and kept?

Steps of a command or a job, in the order that leaves no half: the bag is written and checked, stored, and
only then put on record; a signature is checked, put on record, and only then put into the stored bag.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from zipfile import ZipFile

from dziennik.archive.attached import ReadFile
from dziennik.archive.bagging import add_signature, zip_bag
from dziennik.archive.editions import Edition, Kept, edition, kept, new_edition
from dziennik.archive.formats import plain
from dziennik.archive.source import Facts, Vouched
from dziennik.archive.storing import Store, fetched
from dziennik.archive.year_archive import Access, Progress, Written, write_year
from dziennik.contracts.archives import ArchivedFile, RecordArchive, RecordSignature
from dziennik.contracts.commands import Command
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import SchoolYearOpened


class Recorder(Protocol):
    """The school's door for commands, with whoever acts."""

    def __call__(self, command: Command, /) -> object: ...


class Refused(Exception):
    """A rule said no: nothing was recorded."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text("en"))
        self.refusal = refusal


class TooEarly(ValueError):
    """The year's last day is not over: what is recorded until then would be missing."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the making runs on: how many processes, how they get at the journal, whom to tell."""

    access: Access | None = None
    workers: int = 1
    tell: Progress = lambda _done, _all, _what: None
    # What the school's log says of the facts up to a position.
    vouch: Callable[[int], Vouched] | None = None
    # A file that came with a message.
    read: ReadFile = lambda _: None


@dataclass(frozen=True, slots=True)
class Made:
    """An edition on record."""

    edition: Edition
    manifest_sha256: str
    key: str
    files: int
    size: int
    erased: frozenset[str]


def key_of(school_id: str, year_name: str, number: int) -> str:
    """Where an edition's bag is stored."""
    return f"{plain(school_id)}/{plain(year_name)}/edition-{number}.zip"


def make_edition(
    facts: Facts,
    year: SchoolYearOpened,
    store: Store,
    record: Recorder,
    *,
    today: date,
    reason: str | None = None,
    machine: Machine | None = None,
) -> Made:
    """Write, store and record the next edition. Raises TooEarly, YearOpen, Refused; faults leave no
    record."""
    if today <= year.ends:
        raise TooEarly(year.ends.isoformat())
    wanted = new_edition(facts, year)
    if wanted.number > 1 and not (reason or "").strip():
        raise Refused(REASON_MISSING(field="reason"))
    with store.work.folder() as folder:
        written = _written(facts, wanted, folder / wanted.name(), machine or Machine(), None)
        packed = folder / "bag.zip"
        zip_bag(written.path, packed)
        key = key_of(wanted.school_id, year.name, wanted.number)
        store.put(key, packed)
        command = _record(written, reason)
        _done(record(command))
        return Made(
            edition=wanted,
            manifest_sha256=command.manifest_sha256,
            key=key,
            files=len(written.files),
            size=packed.stat().st_size,
            erased=written.erased,
        )


@dataclass(frozen=True, slots=True)
class Regenerated:
    """An edition made again. `differing`: files that are not as they were; `erased`: who cannot be shown."""

    path: Path
    manifest_sha256: str
    signed: bool
    differing: tuple[str, ...]
    erased: frozenset[str]


def regenerate(
    facts: Facts, year: SchoolYearOpened, number: int, target: Path, *, machine: Machine | None = None
) -> Regenerated:
    """Write an edition anew, in its format, into the folder `target` and hold it against the record.

    Raises NoSuchEdition, UnknownFormat.
    The signature on record is put beside it when, and only when, it is the same to the last byte.
    """
    known = kept(facts, year.year_id)
    on_record = known.edition(number)
    wanted = edition(facts, year, number, on_record.cut_off, on_record.format)
    written = _written(facts, wanted, target, machine or Machine(), None)
    was = {one.path: one.sha256 for one in on_record.files}
    now = {one.path: one.sha256 for one in written.files}
    differing = tuple(sorted(path for path in was.keys() | now.keys() if was.get(path) != now.get(path)))
    signature = signature_of(known, number)
    if signature is not None and not differing:
        add_signature(target, signature)
    digest = sha256(written.manifest).hexdigest()
    signed = signature is not None and not differing
    return Regenerated(target, digest, signed, differing, written.erased)


def signature_of(known: Kept, number: int) -> bytes | None:
    """The signature on record."""
    found = known.signed.get(number)
    return None if found is None else base64.b64decode(found.signature)


def record_signature(
    command: RecordSignature, year: SchoolYearOpened, school_id: str, store: Store, record: Recorder
) -> None:
    """Record a checked signature, and put it into the stored bag. Raises Refused."""
    _done(record(command))
    key = key_of(school_id, year.name, command.edition)
    if not store.has(key):
        return  # the bag comes out of the facts again, with the signature on record
    with fetched(store, key) as packed, store.work.folder() as folder:
        with ZipFile(packed) as archive:  # our own, as it was stored
            archive.extractall(folder)
        bag = next(one for one in folder.iterdir() if one.is_dir())
        add_signature(bag, base64.b64decode(command.signature))
        signed = packed.with_name("signed.zip")
        zip_bag(bag, signed)
        store.put(key, signed)


def _written(
    facts: Facts, wanted: Edition, target: Path, machine: Machine, signature: bytes | None
) -> Written:
    return write_year(
        facts,
        wanted,
        target,
        vouched=machine.vouch(wanted.cut_off) if machine.vouch else None,
        read=machine.read,
        access=machine.access,
        workers=machine.workers,
        tell=machine.tell,
        signature=signature,
    )


def _record(written: Written, reason: str | None) -> RecordArchive:
    files = tuple(ArchivedFile(path=one.path, sha256=one.sha256, size=one.size) for one in written.files)
    return RecordArchive(
        year_id=written.edition.year.year_id,
        edition=written.edition.number,
        cut_off=written.edition.cut_off,
        format=written.edition.format.number,
        manifest_sha256=sha256(written.manifest).hexdigest(),
        files=files,
        reason=reason,
    )


def _done(outcome: object) -> None:
    if isinstance(outcome, Refusal):
        raise Refused(outcome)
