"""What is remembered of an import?

Everything it tells of was decided by the rules of its own kind; here it is only noted that, and
from which file, with the rows a later file is read on top of.
"""

from __future__ import annotations

from dziennik.contracts import streams
from dziennik.contracts.imports import ImportApplied, RecordImport, SourceRowsKept
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, World


@decides(RecordImport, by=OFFICE)
def _record(_world: World, command: RecordImport, _asked: Asked) -> Decision:
    stream = streams.imported(command.import_id)
    applied = ImportApplied(
        import_id=command.import_id,
        format=command.format,
        format_version=command.format_version,
        digest=command.digest,
        units=command.units,
    )
    kept = [SourceRowsKept(import_id=command.import_id, rows=rows) for rows in command.rows]
    return [Entry(stream, applied), *(Entry(stream, fact) for fact in kept)]
