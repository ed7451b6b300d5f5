"""What do handlers write to, and queries read from?

Rows: get and put by key, find by indexed columns. Handlers and queries see nothing else, so the same
ones run on tables (live), in memory (rebuild) and in memory up to a position (as-of). ADR 0025.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from dziennik.projections.tables import Key, Row, Table, values_of
from dziennik.projections.words import Wanted

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Span:
    """Values from `first` to `last`, both included; None: open at that end."""

    first: Any = None
    last: Any = None

    def __contains__(self, value: object) -> bool:
        if value is None:
            return False
        return (self.first is None or self.first <= value) and (self.last is None or self.last >= value)


class View(Protocol):
    """Rows to read. All lists are in the order of the tables' keys."""

    def get(self, table: type[R], *key: object) -> R | None:
        """The row of that key."""
        ...

    def many(self, table: type[R], keys: Iterable[Key]) -> list[R | None]:
        """The rows of several keys, in their order, for the price of one question."""
        ...

    def find(self, table: type[R], **where: object) -> list[R]:
        """Rows whose columns equal the values, or lie in a Span; without `where` all.

        The columns must begin the key or a declared index, or it is a TypeError: no full scans by accident.
        """
        ...

    def raw(self, table: type[Row], columns: tuple[str, ...], **where: object) -> list[Key]:
        """Columns of the rows that `find` would give, as stored: structured ones as bytes of JSON."""
        ...


class Lists(View, Protocol):
    """Rows to add up, to page through and to search, newest first; for queries, not for handlers."""

    def find_each(self, table: type[R], column: str, values: Iterable[object]) -> list[R]:
        """Rows with one of the values in a column, which begins the key or an index; in one question."""
        ...

    def sums(
        self,
        table: type[Row],
        by: tuple[str, ...],
        of: tuple[str, ...],
        *,
        each: tuple[str, Iterable[object]],
        **where: object,
    ) -> list[Key]:
        """The numbers in the columns `of` added up: a tuple of `by` and of the sums for each `by`, in order.

        Of the rows whose columns equal the values and whose column `each[0]` has one of `each[1]`.
        """
        ...

    def newest(
        self, table: type[R], limit: int, *, by: str, before: int | None = None, **where: object
    ) -> list[R]:
        """At most `limit` rows whose columns equal the values, the highest `by` first, all of it positive
        and below `before`. There must be an index on the columns with `by` behind them."""
        ...

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
        """The same of rows that hold the wanted words and whose key stands in a row of `among` whose columns
        equal the values."""
        ...


class Rows(View, Protocol):
    """Rows to read and write: one unit of work."""

    def put(self, row: Row) -> None:
        """Insert or replace."""
        ...

    def delete(self, table: type[Row], *key: object) -> None:
        """Remove the row of that key, if there is one."""
        ...


class _Index:
    """Keys by the values of some columns. `fixed`: these are key columns, which a row never changes."""

    __slots__ = ("compared", "fixed", "keys", "values_of")

    def __init__(self, columns: tuple[str, ...], table: Table) -> None:
        self.values_of = values_of(columns)
        self.compared = attrgetter(*columns)
        self.fixed = set(columns) <= set(table.key)
        self.keys: dict[Key, dict[Key, None]] = {}

    def add(self, key: Key, row: Row) -> None:
        self.keys.setdefault(self.values_of(row), {})[key] = None

    def remove(self, key: Key, row: Row) -> None:
        del self.keys[self.values_of(row)][key]


class _Store:
    """One table in memory, with indexes made when they are first asked for."""

    __slots__ = ("indexes", "key_of", "rows", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.key_of = table.key_of
        self.rows: dict[Key, Any] = {}
        self.indexes: dict[tuple[str, ...], _Index] = {}

    def index(self, columns: tuple[str, ...]) -> _Index:
        found = self.indexes.get(columns)
        if found is None:
            found = self.indexes[columns] = _Index(columns, self.table)
            for key, row in self.rows.items():
                found.add(key, row)
        return found

    def set(self, key: Key, row: Row | None) -> Row | None:
        """Put (None: remove) a row; the one that stood there before."""
        old: Row | None = self.rows.get(key)
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row
        for index in self.indexes.values():
            if old is None:
                if row is not None:
                    index.add(key, row)
            elif row is None:
                index.remove(key, old)
            elif not index.fixed and index.compared(old) != index.compared(row):
                index.remove(key, old)
                index.add(key, row)
        return old


class _Stores(dict[type[Row], _Store]):
    """Tables, made when they are first asked for. A rebuild asks a million times: no function in between."""

    def __missing__(self, table: type[Row]) -> _Store:
        store = self[table] = _Store(table.declared)
        return store


class MemoryRows:
    """Rows in memory: for rebuilds, for as-of questions, and as the overlay of a live batch."""

    def __init__(self) -> None:
        self._stores = _Stores()

    def store(self, table: type[Row]) -> _Store:
        """The table's rows by key and its indexes; for the machinery of this room."""
        return self._stores[table]

    def get(self, table: type[R], *key: object) -> R | None:
        """See View."""
        found: R | None = self._stores[table].rows.get(key)
        return found

    def many(self, table: type[R], keys: Iterable[Key]) -> list[R | None]:
        """See View."""
        rows = self._stores[table].rows
        return [rows.get(key) for key in keys]

    def find(self, table: type[R], **where: object) -> list[R]:
        """See View."""
        check(table.declared, where)
        store = self.store(table)
        equal = {name: value for name, value in where.items() if type(value) is not Span}
        if equal:
            keys: Iterable[Key] = store.index(tuple(equal)).keys.get(tuple(equal.values()), ())
        else:
            keys = store.rows
        spans = [(name, value) for name, value in where.items() if type(value) is Span]
        found = [
            (key, store.rows[key])
            for key in keys
            if all(getattr(store.rows[key], name) in span for name, span in spans)
        ]
        return [row for _, row in sorted(found, key=_first)]

    def raw(self, table: type[Row], columns: tuple[str, ...], **where: object) -> list[Key]:
        """See View."""
        wanted = [table.declared.column(name) for name in columns]
        return [tuple([column.stored(row) for column in wanted]) for row in self.find(table, **where)]

    def find_each(self, table: type[R], column: str, values: Iterable[object]) -> list[R]:
        """See Lists."""
        found = [row for value in dict.fromkeys(values) for row in self.find(table, **{column: value})]
        return sorted(found, key=table.declared.key_of)

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
        found: dict[Key, list[int]] = {}
        for value in dict.fromkeys(values):
            for row in self.find(table, **where, **{name: value}):
                key = tuple([getattr(row, column) for column in by])
                sums = found.setdefault(key, [0] * len(of))
                for place, column in enumerate(of):
                    sums[place] += getattr(row, column)
        return [(*key, *found[key]) for key in sorted(found)]

    def newest(
        self, table: type[R], limit: int, *, by: str, before: int | None = None, **where: object
    ) -> list[R]:
        """See Lists."""
        check(table.declared, {**where, by: None})
        return _highest(self.find(table, **where), by, before, limit)

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
        searched, of_key = table.declared.searched or "", values_of(table.declared.key)
        keys = dict.fromkeys(of_key(row) for row in self.find(among, **where))
        rows = [row for row in self.many(table, keys) if row and wanted.are_in(getattr(row, searched))]
        return _highest(rows, by, before, limit)

    def put(self, row: Row) -> None:
        """See Rows."""
        store = self._stores[type(row)]
        key = store.key_of(row)
        if store.indexes:
            store.set(key, row)
        else:
            store.rows[key] = row

    def delete(self, table: type[Row], *key: object) -> None:
        """See Rows."""
        self.store(table).set(key, None)


def check(table: Table, where: dict[str, object]) -> None:
    """Raises TypeError unless the columns, in any order, begin the key or an index."""
    asked = set(where)
    if asked and not any(asked == set(path[: len(asked)]) for path in (table.key, *table.indexes)):
        raise TypeError(f"{table.name} has no index on {', '.join(where)}")


def _highest(rows: Iterable[R], by: str, before: int | None, limit: int) -> list[R]:
    found = [row for row in rows if getattr(row, by) > 0 and (before is None or getattr(row, by) < before)]
    return sorted(found, key=attrgetter(by), reverse=True)[:limit]


_first: Callable[[tuple[Key, Any]], Key] = lambda pair: pair[0]  # noqa: E731
