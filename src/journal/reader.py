"""How are stored rows read back as recorded facts?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar, cast

import msgspec

from dziennik.contracts.envelope import Origin, Recorded
from dziennik.journal.codec import Codec, Malformed, Row
from dziennik.journal.outcomes import Raw, Undecodable, UndecodableFact
from dziennik.journal.recorder import SchoolRecorder
from dziennik.journal.wire import bigint, integer, integers, moment, text, texts

T = TypeVar("T")

EVERYTHING = 2**63 - 1
_origin = msgspec.json.Decoder(Origin).decode


class Reader:
    """Reads one school's journal."""

    def __init__(self, recorder: SchoolRecorder, codec: Codec) -> None:
        self._recorder = recorder
        self._queries = recorder.queries
        self._codec = codec

    def load(self, after: Mapping[str, int], until_position: int | None) -> dict[str, list[Recorded]]:
        """Facts per stream, beyond a version each."""
        until = EVERYTHING if until_position is None else until_position
        parameters = (texts(after), integers(list(after.values())), bigint(until))
        loaded: dict[str, list[Recorded]] = {stream: [] for stream in after}
        for recorded in self._recorder.many(self._queries.by_stream, parameters, self._strict):
            loaded[recorded.stream].append(recorded)
        return loaded

    def read(self, after_position: int, limit: int) -> list[Recorded]:
        """Facts by position, strictly."""
        return self._by_position(after_position, limit, self._strict)

    def follow(self, after_position: int, limit: int) -> list[Recorded | Undecodable]:
        """Facts by position, with a marker for each that does not decode."""
        return self._by_position(after_position, limit, self._decoded)

    def read_raw(self, after_position: int, limit: int) -> list[Raw]:
        """Rows by position."""
        return self._by_position(after_position, limit, lambda rows: [Raw(*row) for row in rows])

    def scan(self, prefix: str, until_position: int | None, page: int) -> Iterator[Recorded]:
        """Facts below a prefix, page by page."""
        until = self.position() if until_position is None else until_position
        stream, version, end = prefix, -1, _after_prefix(prefix)
        while True:
            parameters = (text(stream), integer(version), text(end), bigint(until), integer(page))
            facts = self._recorder.many(self._queries.by_prefix, parameters, self._strict)
            yield from facts
            if len(facts) < page:
                return
            stream, version = facts[-1].stream, facts[-1].version

    def below(self, prefix: str) -> list[str]:
        """What follows the prefix up to the next slash: a step of the index for each, however full it is."""
        rows: list[tuple[str]] = self._recorder.rows(
            self._queries.below, text(prefix), text(_after_prefix(prefix)), integer(len(prefix))
        )
        return [name for (name,) in rows]

    def begun(self, after_position: int, first: str, beyond: str) -> list[str]:
        """Names of new streams, found by position."""
        rows: list[tuple[str]] = self._recorder.rows(
            self._queries.begun, bigint(after_position), text(first), text(beyond)
        )
        return [name for (name,) in rows]

    def names(self, first: str, beyond: str) -> list[str]:
        """Names of streams in a range of the index."""
        rows: list[tuple[str]] = self._recorder.rows(self._queries.names, text(first), text(beyond))
        return [name for (name,) in rows]

    def position(self) -> int:
        """The head."""
        rows: list[tuple[int]] = self._recorder.rows(self._queries.head)
        return rows[0][0]

    def version(self, stream: str) -> int:
        """A stream's version."""
        rows: list[tuple[int]] = self._recorder.rows(self._queries.version, text(stream))
        return rows[0][0] if rows else 0

    def recorded_at(self, position: int) -> datetime:
        """When the fact's command was accepted."""
        rows: list[tuple[bytes]] = self._recorder.rows(self._queries.origin, bigint(position))
        if not rows:
            raise LookupError(f"there is no position {position}")
        return _origin(rows[0][0]).recorded_at

    def position_at(self, at: datetime) -> int:
        """The last position whose clock is not after the moment."""
        if at.tzinfo is None:
            raise ValueError("a moment without a time zone")
        rows: list[tuple[int]] = self._recorder.rows(self._queries.position_at, moment(at))
        return rows[0][0]

    def _by_position(
        self, after_position: int, limit: int, convert: Callable[[list[Row]], Iterable[T]]
    ) -> list[T]:
        parameters = (bigint(after_position), integer(limit))
        return self._recorder.many(self._queries.by_position, parameters, convert)

    def _strict(self, rows: Sequence[Row]) -> list[Recorded]:
        decoded = self._decoded(rows)
        for recorded in decoded:
            if type(recorded) is Undecodable:
                raise UndecodableFact(recorded)
        return cast("list[Recorded]", decoded)

    def _decoded(self, rows: Sequence[Row]) -> list[Recorded | Undecodable]:
        decoded: list[Recorded | Undecodable] = []
        last_bytes: bytes | None = None
        origin: Origin | None = None
        for row, fact in zip(rows, self._codec.decode(rows), strict=True):
            position, stream, version, name, origin_bytes, _ = row
            try:
                if origin is None or origin_bytes != last_bytes:
                    last_bytes, origin = origin_bytes, None
                    origin = _origin(origin_bytes)
                if isinstance(fact, Malformed):
                    raise fact
            except (Malformed, msgspec.DecodeError) as fault:
                decoded.append(Undecodable(position, stream, version, name, str(fault)))
                continue
            decoded.append(
                Recorded(position=position, stream=stream, version=version, origin=origin, fact=fact)
            )
        return decoded


def _after_prefix(prefix: str) -> str:
    """The first text, bytewise, that is beyond all texts with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
