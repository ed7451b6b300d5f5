"""How do statements travel with the least ado?

A journal asks few different questions, very often. psycopg's cursors choose types, formats and plans anew
each time (50 us and more per question); here a statement is prepared once per connection and its
parameters are made in PostgreSQL's binary form by the functions below. Rows are still read by psycopg.
"""

from __future__ import annotations

import select
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, count, repeat
from struct import Struct, pack
from typing import Any, Final, TypeVar

from psycopg import Connection, Error, OperationalError, errors
from psycopg.adapt import Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow
from psycopg.sql import Composed

# Prepared statements kept per connection: each costs the server some memory, and schools are many.
PREPARED: Final = 1_000

T = TypeVar("T")

BYTEA, BIGINT, INTEGER, TEXT, TIMESTAMPTZ = 17, 20, 23, 25, 1184
# Rows that are read at a time: as many as fit into the line's buffers, so that nobody waits for long.
CHUNK: Final = 200

_WITH_ROWS = (ExecStatus.TUPLES_OK, ExecStatus.TUPLES_CHUNK)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_header = Struct(">iiiii").pack  # dimensions, holds nulls, type of the elements, how many, numbered from
_length = Struct(">i").pack
_names = count(1)


class Statement:
    """A statement with $1, $2 ... for its parameters, under a name of its own."""

    def __init__(self, query: Composed) -> None:
        self.name = b"j%d" % next(_names)
        self.text = query.as_bytes(None)


class Line(Connection[TupleRow]):
    """A connection that remembers what it has prepared."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - psycopg's own
        super().__init__(*arguments, **options)
        self._prepared_here: OrderedDict[bytes, None] = OrderedDict()
        self._loading = Transformer(self)

    def ask(self, statement: Statement, *parameters: bytes) -> list[Any]:
        """The rows of one statement as tuples; one round trip, two the first time.

        Raises psycopg's errors; when the connection broke it is `closed` afterwards.
        """
        self._prepare(statement)
        binary = [Format.BINARY] * len(parameters)
        result = self.pgconn.exec_prepared(statement.name, parameters, binary, Format.BINARY)
        return self._rows(result)

    def ask_for_many(
        self, statement: Statement, parameters: Sequence[bytes], convert: Callable[[list[Any]], Iterable[T]]
    ) -> list[T]:
        """The same for many rows: `convert` gets some at a time, while the server finds the next ones."""
        self._prepare(statement)
        binary = [Format.BINARY] * len(parameters)
        found: list[T] = []
        try:
            self.pgconn.send_query_prepared(statement.name, parameters, binary, Format.BINARY)
            self.pgconn.set_chunked_rows_mode(CHUNK)
            for result in self._results():
                found += convert(self._rows(result))
        except BaseException:
            for _ in self._results():  # the line must be left as it was found
                pass
            raise
        return found

    def _results(self) -> Iterator[PGresult]:
        """Results as they come in; does not hold the interpreter's lock while it waits."""
        if self.closed:
            return
        poll = select.poll()
        while self.pgconn.flush():
            poll.register(self.pgconn.socket, select.POLLIN | select.POLLOUT)
            poll.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        while not self.closed:
            while self.pgconn.is_busy():
                poll.poll()
                self.pgconn.consume_input()
            result = self.pgconn.get_result()
            if result is None:
                return
            yield result

    def _rows(self, result: PGresult) -> list[Any]:
        if result.status not in _WITH_ROWS:
            raise self._fault(result)
        self._loading.set_pgresult(result)
        return self._loading.load_rows(0, result.ntuples, tuple)

    def _prepare(self, statement: Statement) -> None:
        if statement.name in self._prepared_here:
            self._prepared_here.move_to_end(statement.name)
            return
        if len(self._prepared_here) >= PREPARED:
            oldest, _ = self._prepared_here.popitem(last=False)
            self.pgconn.exec_(b"DEALLOCATE " + oldest)
        result = self.pgconn.prepare(statement.name, statement.text)
        if result.status != ExecStatus.COMMAND_OK:
            raise self._fault(result)
        self._prepared_here[statement.name] = None

    def _fault(self, result: PGresult) -> Error:
        fault = errors.error_from_result(result)
        if result.error_field(DiagnosticField.SEVERITY_NONLOCALIZED) == b"ERROR":
            return fault
        self.close()  # FATAL, or libpq's own words: the server has gone
        return OperationalError(str(fault))


def text(value: str) -> bytes:
    """A text."""
    return value.encode()


bigint = Struct(">q").pack
integer = Struct(">i").pack


def moment(value: datetime) -> bytes:
    """A timestamptz."""
    return bigint((value - _EPOCH) // _MICROSECOND)


def texts(values: Collection[str]) -> bytes:
    """A text[]."""
    return array(TEXT, len(values), [packed([value.encode() for value in values])])


def blobs(values: Sequence[bytes]) -> bytes:
    """A bytea[]."""
    return array(BYTEA, len(values), [packed(values)])


def bigints(values: Collection[int]) -> bytes:
    """A bigint[]."""
    return array(BIGINT, len(values), [packed([bigint(value) for value in values])])


def integers(values: Collection[int]) -> bytes:
    """An integer[]."""
    return array(INTEGER, len(values), [packed_integers(values)])


def packed(items: Sequence[bytes]) -> bytes:
    """Items as they stand in an array: each after its length."""
    if len(items) == 1:
        return _length(len(items[0])) + items[0]
    parts = []
    for item in items:
        parts.append(_length(len(item)))
        parts.append(item)
    return b"".join(parts)


def packed_integers(values: Collection[int]) -> bytes:
    """Integers as they stand in an array."""
    return pack(f">{2 * len(values)}i", *chain.from_iterable(zip(repeat(4), values, strict=False)))


def array(oid: int, size: int, items: Iterable[bytes]) -> bytes:
    """An array of `size` packed items, which may come in several pieces."""
    return b"".join((_header(1, 0, oid, size, 1), *items))
