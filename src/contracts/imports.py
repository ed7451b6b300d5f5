"""What was brought in from files, and as what did the file say it?

Stream ``import/{import_id}``: one an import, ids in the order of time. Kept are the rows that
hold a school together (sessions, courses, classes, enrolments ...), ids already the register's
own and nothing personal: a later file that lists only changes is read on top of them.
"""

from __future__ import annotations

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.values import UnitId, Value


class SourceRow(Value, frozen=True, kw_only=True):
    """One row: its id in the register, and what it said as JSON text."""

    row_id: str
    content: str


class SourceRows(Value, frozen=True, kw_only=True):
    """Rows of one table that are new or said something else before; and those that are gone."""

    table: str
    kept: tuple[SourceRow, ...] = ()
    dropped: tuple[str, ...] = ()


@fact("imports.import_applied.1")
class ImportApplied(Fact, frozen=True, kw_only=True):
    """A file was imported. `digest` is its SHA-256 (hex); `units` are those it speaks of."""

    import_id: str
    format: str
    format_version: str
    digest: str
    units: tuple[UnitId, ...] = ()


@fact("imports.source_rows_kept.1")
class SourceRowsKept(Fact, frozen=True, kw_only=True):
    """What the file said in one of its tables, as far as that was news."""

    import_id: str
    rows: SourceRows


@command("imports.record_import")
class RecordImport(Command, frozen=True, kw_only=True):
    """Given last in an import's batch, so that it is written with what it tells of."""

    import_id: str
    format: str
    format_version: str
    digest: str
    units: tuple[UnitId, ...] = ()
    rows: tuple[SourceRows, ...] = ()
