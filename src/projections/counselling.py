"""What was written in a pedagogue's register, and what of it may a family read?"""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import counselling as said
from dziennik.contracts.counselling import CounsellingKind
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import PRIVATE, Row

COUNSELLING = ReadModel("counselling", version=1)
on = COUNSELLING.on


class Change(msgspec.Struct, frozen=True):
    """What it said before, why it was changed (or struck out: `was` None), by whom and when."""

    was: str | None
    reason: str
    by: str
    at: datetime


# The director, whoever works in the register, and of what is shared the family: nobody else at the school.
KEEPERS_AND_FAMILY = (
    "{units} = ARRAY['*'] OR unit_id = ANY ({units}) OR (shared AND pupil_id = ANY ({pupils}))"
)


@COUNSELLING.table(
    key=("unit_id", "entry_id"),
    indexes=(("pupil_id", "shared"),),
    families=KEEPERS_AND_FAMILY,
    staff=PRIVATE,
)
class Entry(Row, frozen=True):
    """One entry; `pupil_id` is None where it is about no single pupil."""

    unit_id: str
    entry_id: str
    pupil_id: str | None
    author_id: str
    kind: CounsellingKind
    on: date
    text: str
    written_at: datetime
    shared: bool = False
    changes: tuple[Change, ...] = ()
    struck_out: Change | None = None


@on(said.EntryWritten)
def entry_written(rows: Rows, fact: said.EntryWritten, recorded: Recorded) -> None:
    _put(rows, fact, fact.pupil_id, recorded)


@on(said.ActivityNoted)
def activity_noted(rows: Rows, fact: said.ActivityNoted, recorded: Recorded) -> None:
    _put(rows, fact, None, recorded)


def _put(
    rows: Rows, fact: said.EntryWritten | said.ActivityNoted, pupil_id: str | None, recorded: Recorded
) -> None:
    rows.put(
        Entry(
            unit_id=fact.unit_id,
            entry_id=fact.entry_id,
            pupil_id=pupil_id,
            author_id=fact.author_id,
            kind=fact.kind,
            on=fact.on,
            text=fact.text,
            written_at=recorded.origin.recorded_at,
        )
    )


@on(said.EntryCorrected)
def entry_corrected(rows: Rows, fact: said.EntryCorrected, recorded: Recorded) -> None:
    row = _row(rows, recorded, fact.entry_id)
    change = _change(fact.was, fact.reason, recorded)
    rows.put(replace(row, text=fact.text, changes=(*row.changes, change)))


@on(said.EntryStruckOut)
def entry_struck_out(rows: Rows, fact: said.EntryStruckOut, recorded: Recorded) -> None:
    row = _row(rows, recorded, fact.entry_id)
    rows.put(replace(row, struck_out=_change(None, fact.reason, recorded)))


@on(said.EntryShared)
def entry_shared(rows: Rows, fact: said.EntryShared, recorded: Recorded) -> None:
    rows.put(replace(_row(rows, recorded, fact.entry_id), shared=fact.shared))


# What is asked


def of_register(
    view: View, unit_id: str, first: date, last: date, pupil_id: str | None = None
) -> list[Entry]:
    """Entries of a register from `first` to `last`, of all or about one pupil, in time."""
    rows = view.find(Entry, unit_id=unit_id)
    found = [r for r in rows if first <= r.on <= last and pupil_id in (None, r.pupil_id)]
    return sorted(found, key=in_time)


def shared_about(view: View, pupil_id: str) -> list[Entry]:
    """What a family may read: entries about the pupil that were shared and stand, in time."""
    rows = view.find(Entry, pupil_id=pupil_id, shared=True)
    return sorted([row for row in rows if row.struck_out is None], key=in_time)


def in_time(row: Entry) -> tuple[date, datetime, str]:
    """By day, then as written."""
    return row.on, row.written_at, row.entry_id


def _row(rows: Rows, recorded: Recorded, entry_id: str) -> Entry:
    row = rows.get(Entry, unit_of(recorded.stream) or "", entry_id)
    if row is None:
        raise LookupError(f"no entry {entry_id}")
    return row


def _change(was: str | None, reason: str, recorded: Recorded) -> Change:
    actor = recorded.origin.actor
    return Change(was, reason, actor.person or actor.account, recorded.origin.recorded_at)
