"""What is remembered of an import."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.imports import (
    ImportApplied,
    RecordImport,
    SourceRow,
    SourceRows,
    SourceRowsKept,
)
from dziennik.domain.rulebook import decide
from dziennik.domain.world import Asked, Entry, Past

ROWS = SourceRows(table="courses", kept=(SourceRow(row_id="c1", content="{}"),), dropped=("c2",))
RECORD = RecordImport(
    import_id="i1", format="oneroster", format_version="1.2", digest="ab", units=("4a",), rows=(ROWS,)
)


def asked(role: Role) -> Asked:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    return Asked(actor=Actor(account="a", role=role), at=at, today=date(2026, 12, 1))


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_the_import_and_its_rows(role: Role) -> None:
    applied = ImportApplied(
        import_id="i1", format="oneroster", format_version="1.2", digest="ab", units=("4a",)
    )
    assert decide(Past({}), RECORD, asked(role)) == [
        Entry("import/i1", applied),
        Entry("import/i1", SourceRowsKept(import_id="i1", rows=ROWS)),
    ]


@pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL, Role.AUDITOR, Role.OPERATOR])
def test_only_the_office_imports(role: Role) -> None:
    assert decide(Past({}), RECORD, asked(role)) == NOT_YOURS_TO_DO(role=role.value)
