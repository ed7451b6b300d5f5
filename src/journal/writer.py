"""How does a command get into the journal, exactly once?

Several threads' commands share a transaction (Coalescer). When the connection breaks in the middle
nobody knows whether it was committed; the same commands are then simply given again: `append` answers a
known command id with its first outcome, in the same serial section that would write it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from time import monotonic, sleep

import msgspec
import psycopg

from dziennik.contracts.envelope import Origin
from dziennik.contracts.facts import FACTS
from dziennik.journal.batch import Conflict, Outcome, Prepared, Written, prepared
from dziennik.journal.coalescer import Coalescer
from dziennik.journal.codec import Codec
from dziennik.journal.datastore import ConnectionLost
from dziennik.journal.evidence import DIGEST, seal_of
from dziennik.journal.keyring import Keyring
from dziennik.journal.outcomes import Appended, CommandReused, Draft, Unsettled, VersionConflict
from dziennik.journal.recorder import SchoolRecorder
from dziennik.journal.wire import text

STREAM = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*\Z")
LONGEST_STREAM = 500  # an index entry must stay below 2,700 bytes
_encode = msgspec.json.Encoder().encode


class Writer:
    """Adds to one school's journal. `grown` is told the head after each commit."""

    def __init__(
        self,
        recorder: SchoolRecorder,
        codec: Codec,
        keyring: Keyring,
        grown: Callable[[int], None],
        patience: float,
    ) -> None:
        self._recorder = recorder
        self._codec = codec
        self._keyring = keyring
        self._grown = grown
        self._patience = patience
        self._coalescer = Coalescer(self._write)

    def append(
        self, drafts: Sequence[Draft], origin: Origin, guards: Mapping[str, int], digest: bytes | None
    ) -> Appended:
        """See Journal.append."""
        command = self._prepared(drafts, origin, guards, digest)
        outcome = self._coalescer.submit(command)
        if isinstance(outcome, Written):
            return Appended(outcome.first, outcome.last)
        if isinstance(outcome, Conflict):
            raise VersionConflict(outcome.stream, outcome.expected, outcome.actual)
        if outcome.digest[:DIGEST] != command.digest[:DIGEST]:
            raise CommandReused(command.command_id)
        return Appended(outcome.first, outcome.last, repeated=True)

    def outcome(self, command_id: str, digest: bytes | None) -> Appended | None:
        """See Journal.outcome."""
        rows = self._recorder.rows(self._recorder.queries.command, text(command_id))
        if not rows:
            return None
        first, last, stored = rows[0]
        if digest is not None and stored[:DIGEST] != self._keyring.digest(digest):
            raise CommandReused(command_id)
        return Appended(first, last)

    def _prepared(
        self, drafts: Sequence[Draft], origin: Origin, guards: Mapping[str, int], digest: bytes | None
    ) -> Prepared:
        checks = _checks(drafts, guards)
        if origin.recorded_at.tzinfo is not UTC:
            origin = msgspec.structs.replace(origin, recorded_at=_in_utc(origin.recorded_at))
        stored = self._codec.encode((draft.stream, draft.expected_version, draft.facts) for draft in drafts)
        envelope = _encode(origin)
        same = self._keyring.digest(_content(drafts) if digest is None else digest)
        return prepared(
            origin.command_id,
            same + seal_of(self._keyring, self._recorder.datastore.schema, envelope, stored),
            envelope,
            origin.recorded_at,
            checks,
            stored,
        )

    def _write(self, commands: Sequence[Prepared]) -> list[Outcome | Exception]:
        """Write a batch; if the database refuses it, one by one, so that a faulty command fails alone."""
        try:
            outcomes = self._settled(commands)
        except ConnectionLost:
            return [Unsettled(command.command_id) for command in commands]
        except psycopg.Error as fault:
            if len(commands) == 1 or isinstance(fault, psycopg.OperationalError):
                return [fault] * len(commands)
            return [self._write([command])[0] for command in commands]
        heads = [outcome.last for outcome in outcomes if isinstance(outcome, Written)]
        if heads:
            self._grown(heads[-1])
        return list(outcomes)

    def _settled(self, commands: Sequence[Prepared]) -> list[Outcome]:
        """Write a batch, again and again while the connection breaks. Raises ConnectionLost in the end."""
        deadline = monotonic() + self._patience
        pause = 0.02
        while True:
            try:
                return self._recorder.append(commands)
            except ConnectionLost:
                if monotonic() + pause > deadline:
                    raise
                sleep(pause)
                pause = min(2 * pause, 1.0)


def _checks(drafts: Sequence[Draft], guards: Mapping[str, int]) -> dict[str, int]:
    if not drafts:
        raise ValueError("nothing to write")
    if len({draft.stream for draft in drafts}) != len(drafts):
        raise ValueError("two drafts for one stream")
    checks = dict(guards)
    for draft in drafts:
        if not draft.facts:
            raise ValueError(f"nothing to write to {draft.stream}")
        if len(draft.stream) > LONGEST_STREAM or not STREAM.match(draft.stream):
            raise ValueError(f"not a stream name: {draft.stream!r}")
        if checks.setdefault(draft.stream, draft.expected_version) != draft.expected_version:
            raise VersionConflict(draft.stream, draft.expected_version, checks[draft.stream])
        for fact in draft.facts:
            if FACTS.get(type(fact).fact_name) is not type(fact):
                raise TypeError(f"{type(fact).__name__} is not a registered fact")
    return checks


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("recorded_at has no time zone")
    return moment.astimezone(UTC)


def _content(drafts: Sequence[Draft]) -> bytes:
    """What a command is when nobody says otherwise: its streams and facts."""
    content = [(draft.stream, [(fact.fact_name, fact) for fact in draft.facts]) for draft in drafts]
    return _encode(content)
