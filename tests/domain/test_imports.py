"""What is remembered of an import?"""

from __future__ import annotations

from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.imports import (
    ImportApplied,
    RecordImport,
    SourceRow,
    SourceRows,
    SourceRowsKept,
)
from tests.domain.register import NOWAK, OFFICE, REGISTER
from tests.domain.sentence import at, given

CLASSES = SourceRows(table="classes", kept=(SourceRow(row_id="4a", content='{"title":"4a"}'),))
COURSES = SourceRows(table="courses", dropped=("old",))
RECORD = RecordImport(
    import_id="i1",
    format="oneroster",
    format_version="1.1",
    digest="ab" * 32,
    units=("4a",),
    rows=(CLASSES, COURSES),
)


def test_an_import_is_recorded_with_the_rows_that_were_news() -> None:
    stream = streams.imported("i1")
    applied = ImportApplied(
        import_id="i1", format="oneroster", format_version="1.1", digest="ab" * 32, units=("4a",)
    )
    given(REGISTER).when(RECORD, by=OFFICE).then(
        at(stream, applied),
        at(stream, SourceRowsKept(import_id="i1", rows=CLASSES)),
        at(stream, SourceRowsKept(import_id="i1", rows=COURSES)),
    )


def test_imports_are_the_offices() -> None:
    given(REGISTER).when(RECORD, by=NOWAK).refused(NOT_YOURS_TO_DO, role="teacher")
