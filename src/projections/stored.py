"""How are rows read from tables, and how does a live batch work on them?

TableRows only reads: queries use it. BatchRows reads what handlers ask for once, keeps it and all
changes in memory, and writes them at the end in one statement a table. A fact that fails half-way is
undone alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from psycopg import Connection, Cursor

from dziennik.projections.model import ReadModel
from dziennik.projections.rows import MemoryRows, Span, check
from dziennik.projections.statements import Statements
from dziennik.projections.tables import Key, Row
from dziennik.projections.walls import Reading, Wall, stand
from dziennik.projections.words import Wanted

R = TypeVar("R", bound=Row)


class TableRows:
    """The View on the tables of a school's read models."""

    def __init__(
        self, connection: Connection[Any], schema: str, suffix: str = "", *, wall: Wall | None = None
    ) -> None:
        """With a `wall` the connection is a Reading, and what is behind the wall is not there."""
        self._connection = connection
        self._schema = schema
        self._suffix = suffix
        self._wall = wall
        self._statements: dict[type[Row], Statements] = {}

    def statements(self, table: type[Row]) -> Statements:
        """The table's SQL."""
        found = self._statements.get(table)
        if found is None:
            found = self._statements[table] = _statements(table, self._schema, self._suffix)
        return found

    def get(self, table: type[R], *key: object) -> R | None:
        """See View."""
        rows = self._rows(table, self.statements(table).by_key, key)
        return rows[0] if rows else None

    def many(self, table: type[R], keys: Iterable[Key]) -> list[R | None]:
        """See View."""
        wanted = list(keys)
        found = {table.declared.key_of(row): row for row in self.by_keys(table, wanted)}
        return [found.get(key) for key in wanted]

    def by_keys(self, table: type[R], keys: Sequence[Key]) -> list[R]:
        """The rows that there are of these keys, in any order."""
        if not keys:
            return []
        arrays = [list(values) for values in zip(*keys, strict=True)]
        return self._rows(table, self.statements(table).by_keys, arrays)

    def find(self, table: type[R], **where: object) -> list[R]:
        """See View."""
        load = table.declared.load
        return [cast("R", load(values)) for values in self._find(table, (), where)]

    def raw(self, table: type[Row], columns: tuple[str, ...], **where: object) -> list[Key]:
        """See View."""
        return self._find(table, columns, where)

    def find_each(self, table: type[R], column: str, values: Iterable[object]) -> list[R]:
        """See Lists."""
        check(table.declared, {column: None})
        query = self.statements(table).with_each(column).as_bytes(None)
        return self._rows(table, query, [list(values)])

    def sums(
        self,
        table: type[Row],
        by: tuple[str, ...],
        of: tuple[str, ...],
        *,
        each: tuple[str, Iterable[object]],
        **where: object,
    ) -> list[Key]:
        """See Lists."""
        name, values = each
        check(table.declared, {**where, name: None})
        query = self.statements(table).sums(by, of, tuple(where), name).as_bytes(None)
        with self._cursor() as cursor:
            return cursor.execute(query, [*where.values(), list(values)]).fetchall()

    def newest(
        self, table: type[R], limit: int, *, by: str, before: int | None = None, **where: object
    ) -> list[R]:
        """See Lists."""
        check(table.declared, {**where, by: None})
        query = self.statements(table).newest(tuple(where), by).as_bytes(None)
        return self._rows(table, query, [*where.values(), _below(before), limit])

    def search(
        self,
        table: type[R],
        wanted: Wanted,
        limit: int,
        *,
        by: str,
        among: type[Row],
        before: int | None = None,
        **where: object,
    ) -> list[R]:
        """See Lists."""
        check(among.declared, where)
        query = self.statements(table).search(self.statements(among), tuple(where), by).as_bytes(None)
        return self._rows(table, query, [*where.values(), wanted.query, _below(before), limit])

    def _find(self, table: type[Row], columns: tuple[str, ...], where: dict[str, object]) -> list[Key]:
        check(table.declared, where)
        spans = {name: value for name, value in where.items() if isinstance(value, Span)}
        equal = {name: value for name, value in where.items() if name not in spans}
        lowest = {name: span.first for name, span in spans.items() if span.first is not None}
        highest = {name: span.last for name, span in spans.items() if span.last is not None}
        query = self._query(table, tuple(equal), tuple(lowest), tuple(highest), columns)
        with self._cursor() as cursor:
            return cursor.execute(query, [*equal.values(), *lowest.values(), *highest.values()]).fetchall()

    def _cursor(self) -> Cursor[Any]:
        if self._wall is not None:
            stand(cast("Reading", self._connection), self._wall)
        return self._connection.cursor(binary=True)

    def _query(self, table: type[Row], *parts: tuple[str, ...]) -> bytes:
        statements = self.statements(table)
        found = _queries.get((statements, *parts))
        if found is None:
            found = _queries[statements, *parts] = statements.where(*parts).as_bytes(None)
        return found

    def _rows(self, table: type[R], query: bytes, parameters: Sequence[object]) -> list[R]:
        load = table.declared.load
        with self._cursor() as cursor:
            return [cast("R", load(values)) for values in cursor.execute(query, parameters).fetchall()]


def _below(before: int | None) -> int:
    return 2**63 - 1 if before is None else before


_queries: dict[tuple[Any, ...], bytes] = {}
_cache: dict[tuple[type[Row], str, str], Statements] = {}


def _statements(table: type[Row], schema: str, suffix: str) -> Statements:
    """Statements are made once a process: composing them costs more than running some."""
    found = _cache.get((table, schema, suffix))
    if found is None:
        found = _cache[table, schema, suffix] = Statements(table.declared, schema, suffix)
    return found


class BatchRows:
    """One unit of work on tables; inside one transaction of `connection`."""

    def __init__(self, connection: Connection[Any], schema: str, suffix: str = "") -> None:
        self._connection = connection
        self._tables = TableRows(connection, schema, suffix)
        self._memory = MemoryRows()
        self._known: set[tuple[type[Row], Key]] = set()  # rows (or their absence) that memory is right about
        self._asked: set[tuple[type[Row], tuple[tuple[str, object], ...]]] = set()
        self._changed: dict[type[Row], dict[Key, None]] = {}
        self._undo: list[tuple[type[Row], Key, Row | None, bool]] = []

    def get(self, table: type[R], *key: object) -> R | None:
        """See View."""
        if (table, key) not in self._known:
            self._remember(table, key, self._tables.get(table, *key))
        return self._memory.get(table, *key)

    def many(self, table: type[R], keys: Iterable[Key]) -> list[R | None]:
        """See View."""
        wanted = list(keys)
        unknown = [key for key in wanted if (table, key) not in self._known]
        found = {table.declared.key_of(row): row for row in self._tables.by_keys(table, unknown)}
        for key in unknown:
            self._remember(table, key, found.get(key))
        return self._memory.many(table, wanted)

    def find(self, table: type[R], **where: object) -> list[R]:
        """See View."""
        question = (table, tuple(sorted(where.items())))
        if question not in self._asked:
            for row in self._tables.find(table, **where):
                self._remember(table, table.declared.key_of(row), row)
            self._asked.add(question)
        return self._memory.find(table, **where)

    def raw(self, table: type[Row], columns: tuple[str, ...], **where: object) -> list[Key]:
        """See View."""
        self.find(table, **where)
        return self._memory.raw(table, columns, **where)

    def put(self, row: Row) -> None:
        """See Rows."""
        self._set(type(row), row.declared.key_of(row), row)

    def delete(self, table: type[Row], *key: object) -> None:
        """See Rows."""
        self._set(table, key, None)

    def mark(self) -> None:
        """A fact begins: what `undo` goes back to."""
        self._undo.clear()

    def undo(self) -> None:
        """Take back all changes since `mark`."""
        for table, key, old, seen in reversed(self._undo):
            self._memory.store(table).set(key, old)
            if not seen:  # put without a look at what was there: memory knows nothing of this row
                self._known.discard((table, key))
                self._changed[table].pop(key, None)
        if self._undo:
            self._asked.clear()
        self._undo.clear()

    def settle(self, model: ReadModel) -> None:
        """Fill the derived columns of the rows that changed."""
        for table, derive in model.derived.items():
            store = self._memory.store(table)
            for key in list(self._changed.get(table, ())):
                row = store.rows.get(key)
                if row is not None:
                    store.set(key, derive(self, cast("Any", row)))

    def flush(self) -> None:
        """Write all changes."""
        for table, keys in self._changed.items():
            statements = self._tables.statements(table)
            rows = self._memory.store(table).rows
            kept = [table.declared.dump(rows[key]) for key in keys if key in rows]
            gone = [key for key in keys if key not in rows]
            if kept:
                self._connection.execute(
                    statements.upsert, [list(column) for column in zip(*kept, strict=True)]
                )
            if gone:
                self._connection.execute(
                    statements.delete, [list(column) for column in zip(*gone, strict=True)]
                )
        self._changed.clear()

    def _remember(self, table: type[Row], key: Key, row: Row | None) -> None:
        if (table, key) not in self._known:
            self._known.add((table, key))
            if row is not None:
                self._memory.store(table).set(key, row)

    def _set(self, table: type[Row], key: Key, row: Row | None) -> None:
        seen = (table, key) in self._known
        self._known.add((table, key))
        self._undo.append((table, key, self._memory.store(table).set(key, row), seen))
        self._changed.setdefault(table, {})[key] = None
