"""How do facts get into a school's tables, and out again?

SchoolRecorder is the library's application recorder with one round trip and gapless positions: it
calls the school's `append` function, whose head row is the serial section (ADR 0010). Never use the
library's POSTGRES_ENABLE_DB_FUNCTIONS: it gives out positions in another order than commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import IntegrityError, Notification, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.sql import SQL, Composed, Identifier

from dziennik.journal.batch import Outcome, Prepared, Written, arguments, outcomes, prepared
from dziennik.journal.datastore import Datastore, ask, ask_again, using_again
from dziennik.journal.queries import Queries
from dziennik.journal.wire import Line, Statement

T = TypeVar("T")


class SchoolRecorder(PostgresApplicationRecorder):
    """One school's facts as rows; knows nothing of their meaning."""

    datastore: Datastore

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore, events_table_name="events")
        self.queries = Queries(datastore.schema)

    def append(self, commands: Sequence[Prepared]) -> list[Outcome]:
        """Write commands in one transaction, one round trip; an outcome each.

        No command may touch a stream that an earlier one writes, and all ids differ.
        """
        [(answer,)] = ask(self.datastore.writing, self.queries.append, *arguments(commands))
        return outcomes(commands, answer)

    def rows(self, statement: Statement, *parameters: bytes) -> list[Any]:
        """What a query finds, as tuples."""
        return ask_again(self.datastore.reading, statement, *parameters)

    def many(
        self, statement: Statement, parameters: Sequence[bytes], convert: Callable[[list[Any]], Iterable[T]]
    ) -> list[T]:
        """What a query finds, converted some rows at a time."""
        return using_again(
            self.datastore.reading, lambda line: line.ask_for_many(statement, parameters, convert)
        )

    # The library's side. Journal does not use it; the library's applications and its test cases do.

    def create_table(self) -> None:
        """Nothing: dziennik.journal.schema makes the whole school."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int] | None:
        """Append as a command of its own; positions in order. IntegrityError on any conflict."""
        if not stored_events:
            return None
        checks: dict[str, int] = {}
        for event in stored_events:
            checks.setdefault(str(event.originator_id), event.originator_version - 1)
        facts = [(str(e.originator_id), e.originator_version, e.topic, e.state) for e in stored_events]
        command = prepared(f"library/{uuid4()}", b"", b"{}", datetime.now(UTC), checks, facts)
        try:
            outcome = self.append([command])[0]
        except psycopg.IntegrityError as fault:
            raise IntegrityError(str(fault)) from fault
        if not isinstance(outcome, Written):
            raise IntegrityError(f"conflict: {outcome}")
        return list(range(outcome.first, outcome.last + 1))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """One stream's facts, of versions gt < version <= lte."""
        order = SQL("DESC" if desc else "ASC")
        query = SQL(
            "SELECT stream, version, name, state FROM {}.events WHERE stream = %s"
            " AND version > %s AND version <= %s ORDER BY version {} LIMIT %s"
        ).format(Identifier(self.datastore.schema), order)
        bounds = (-1 if gt is None else gt, 2**31 - 1 if lte is None else lte)
        return [StoredEvent(*row) for row in self._found(query, originator_id, *bounds, limit)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Facts by position, from `start` to `stop`."""
        query = SQL(
            "SELECT stream, version, name, state, position FROM {}.events WHERE position > %s"
            " AND position <= %s AND (%s::text[] = '{{}}' OR name = ANY (%s::text[]))"
            " ORDER BY position LIMIT %s"
        ).format(Identifier(self.datastore.schema))
        after = 0 if start is None else start - inclusive_of_start
        until = 2**63 - 1 if stop is None else stop
        found = self._found(query, after, until, list(topics), list(topics), limit)
        return [Notification(*row) for row in found]

    def max_notification_id(self) -> int | None:
        """The head, None in an empty school."""
        return self.rows(self.queries.head)[0][0] or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        """Not offered: the library's subscription needs a NOTIFY inside the commit. See Journal.wait."""
        raise NotImplementedError("use Journal.wait and Journal.read")

    def _found(self, query: Composed, *arguments: object) -> list[Any]:
        def found(line: Line) -> list[Any]:
            return line.cursor(binary=True).execute(query, arguments).fetchall()

        return using_again(self.datastore.reading, found)
