"""The SQL of one read model's table: make, ask, write.

Lists of values travel as one array a column, so that a batch of any size is one statement.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.sql import SQL, Composable, Composed, Identifier

from dziennik.projections.directory import triggers
from dziennik.projections.tables import Column, Table

NEXT = "_next"  # the suffix of a table that a rebuild fills
OLD = "_old"  # the suffix of one that it has just replaced


class Statements:
    """The statements of `table` in `schema`; `suffix` for tables that are not the live ones."""

    def __init__(self, table: Table, schema: str, suffix: str = "") -> None:
        self.table = table
        self.schema = schema
        self.suffix = suffix
        self.name = table.name + suffix
        self.place = Identifier(schema, self.name)
        self._columns = _names([column.name for column in table.columns])
        self._key = _names(table.key)
        keyed = [table.column(name) for name in table.key]
        # Made into bytes once: composing one costs more than running it.
        self.by_key = (
            SQL("SELECT {} FROM {} WHERE {}")
            .format(self._columns, self.place, _conditions(keyed, SQL("{} = %s")))
            .as_bytes(None)
        )
        # one array a key column
        self.by_keys = (
            SQL("SELECT {} FROM unnest({}) AS wanted ({}) JOIN {} USING ({})")
            .format(self._columns, _arrays(keyed), self._key, self.place, self._key)
            .as_bytes(None)
        )
        # one array a column
        self.upsert = (
            SQL("INSERT INTO {} ({}) SELECT * FROM unnest({}) ON CONFLICT ({}) DO {}")
            .format(self.place, self._columns, _arrays(table.columns), self._key, self._replacement())
            .as_bytes(None)
        )
        # one array a key column
        self.delete = (
            SQL("DELETE FROM {} AS t USING unnest({}) AS gone ({}) WHERE {}")
            .format(self.place, _arrays(keyed), self._key, _conditions(keyed, SQL("t.{0} = gone.{0}")))
            .as_bytes(None)
        )
        self.copy = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(self.place, self._columns)

    def create(self) -> Composed:
        """Make the table, without its key."""
        columns = [
            SQL("{} {}{}{}").format(
                Identifier(column.name),
                SQL(column.sql_type),
                SQL(' COLLATE "C"' if column.sql_type == "text" else ""),
                SQL("" if column.nullable else " NOT NULL"),
            )
            for column in self.table.columns
        ]
        # Rows of a few kilobytes stay whole: a page that shows hundreds of them must not go to TOAST.
        return SQL("CREATE TABLE {} ({}) WITH (toast_tuple_target = 8160)").format(
            self.place, SQL(", ").join(columns)
        )

    def create_triggers(self) -> list[Composed]:
        """What tells the directory of its rows, from the first one on."""
        return triggers(self.table, self.place)

    def create_indexes(self) -> list[Composed]:
        """Make key and indexes; PostgreSQL names them."""
        indexes = [
            SQL("CREATE INDEX ON {} ({})").format(self.place, _names(columns))
            for columns in self.table.indexes
        ]
        if self.table.searched:
            words = _words_of(Identifier(self.table.searched))
            indexes.append(SQL("CREATE INDEX ON {} USING gin ({})").format(self.place, words))
        return [SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(self.place, self._key), *indexes]

    def drop(self) -> Composed:
        """Remove the table if it is there."""
        return SQL("DROP TABLE IF EXISTS {}").format(self.place)

    def rename(self, name: str) -> Composed:
        """Give the table another name."""
        return SQL("ALTER TABLE {} RENAME TO {}").format(self.place, Identifier(name))

    def where(
        self,
        equal: Sequence[str],
        lowest: Sequence[str],
        highest: Sequence[str],
        columns: Sequence[str] = (),
    ) -> Composed:
        """Rows (or `columns` of them) whose columns equal, are at least, are at most what is given.

        In key order.
        """
        conditions = [
            *(SQL("{} = %s").format(Identifier(name)) for name in equal),
            *(SQL("{} >= %s").format(Identifier(name)) for name in lowest),
            *(SQL("{} <= %s").format(Identifier(name)) for name in highest),
        ]
        filtered = SQL(" WHERE {}").format(SQL(" AND ").join(conditions)) if conditions else SQL("")
        return SQL("SELECT {} FROM {}{} ORDER BY {}").format(
            _names(columns) if columns else self._columns, self.place, filtered, self._key
        )

    def with_each(self, column: str) -> Composed:
        """Rows with one of the given values in a column, in key order."""
        return SQL("SELECT {} FROM {} WHERE {} = ANY(%s) ORDER BY {}").format(
            self._columns, self.place, Identifier(column), self._key
        )

    def sums(self, by: Sequence[str], of: Sequence[str], equal: Sequence[str], each: str) -> Composed:
        """Columns added up by others, of the rows with one of the given values in a column."""
        conditions = [SQL("{} = %s").format(Identifier(name)) for name in equal]
        conditions.append(SQL("{} = ANY(%s)").format(Identifier(each)))
        sums = [SQL("sum({})::int8").format(Identifier(name)) for name in of]
        return SQL("SELECT {by}, {} FROM {} WHERE {} GROUP BY {by} ORDER BY {by}").format(
            SQL(", ").join(sums), self.place, SQL(" AND ").join(conditions), by=_names(by)
        )

    def newest(self, equal: Sequence[str], by: str) -> Composed:
        """Rows whose columns equal what is given, with `by` below what is given, so many, highest first."""
        conditions = [SQL("{} = %s").format(Identifier(name)) for name in equal]
        return SQL(
            "SELECT {} FROM {} WHERE {} AND {by} > 0 AND {by} < %s ORDER BY {by} DESC LIMIT %s"
        ).format(self._columns, self.place, SQL(" AND ").join(conditions), by=Identifier(by))

    def search(self, among: Statements, equal: Sequence[str], by: str) -> Composed:
        """The same of rows with words that meet a query, whose key is in `among` with columns that equal."""
        columns = [SQL("t.{}").format(Identifier(column.name)) for column in self.table.columns]
        joined = [SQL("t.{0} = a.{0}").format(Identifier(name)) for name in self.table.key]
        conditions = [SQL("a.{} = %s").format(Identifier(name)) for name in equal]
        return SQL(
            "SELECT {} FROM {} AS t JOIN {} AS a ON {} WHERE {} AND {} @@ %s::tsquery"
            " AND t.{by} > 0 AND t.{by} < %s ORDER BY t.{by} DESC LIMIT %s"
        ).format(
            SQL(", ").join(columns),
            self.place,
            among.place,
            SQL(" AND ").join(joined),
            SQL(" AND ").join(conditions),
            _words_of(SQL("t.{}").format(Identifier(self.table.searched or ""))),
            by=Identifier(by),
        )

    def types(self) -> list[str]:
        """The columns' types, for a binary COPY."""
        return [column.sql_type for column in self.table.columns]

    def _replacement(self) -> Composable:
        others = [column.name for column in self.table.columns if column.name not in self.table.key]
        if not others:
            return SQL("NOTHING")
        return SQL("UPDATE SET {}").format(
            SQL(", ").join([SQL("{0} = excluded.{0}").format(Identifier(name)) for name in others])
        )


def _words_of(column: Composable) -> Composed:
    """Words as they were told, none of them parsed: what a word is, projections/words.py says."""
    return SQL("array_to_tsvector(string_to_array({}, ' '))").format(column)


def _names(names: Sequence[str]) -> Composed:
    return SQL(", ").join([Identifier(name) for name in names])


def _conditions(columns: Sequence[Column], form: SQL) -> Composed:
    return SQL(" AND ").join([form.format(Identifier(column.name)) for column in columns])


def _arrays(columns: Sequence[Column]) -> Composed:
    return SQL(", ").join([SQL(f"%s::{column.sql_type}[]") for column in columns])
