"""How are facts handed to those who want to check them? (docs/proof.md)

JSON Lines, each line an event of CloudEvents 1.0: the stored bytes in base64 as they are, so that their hash
can be derived anew; beside each fact the hash that the log keeps. The first line brings checkpoints, the last
says that nothing is cut off. Personal texts stay sealed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from dziennik.journal.evidence import Evidence
from dziennik.journal.journal import Journal
from dziennik.proof.log import CannotVouch, Checkpoint, SchoolLog

FORMAT: Final = "dziennik.export.1"
PAGE: Final = 2_000
EVERYTHING: Final = 2**62
EARLIER: Final = 64  # earlier checkpoints in an export, evenly spread
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder().encode

# Called with facts done and facts there are.
Progress = Callable[[int, int], None]


class NothingSigned(Exception):
    """There is no checkpoint, and none can be made: nothing can be proven to anybody."""


def export(log: SchoolLog, journal: Journal, progress: Progress) -> Iterator[bytes]:
    """The lines of an export up to a checkpoint made now.

    When the journal cannot be vouched for any more: of all that there is, with the last good checkpoint. The
    export then is evidence of what happened. Raises NothingSigned.
    """
    newest, refused = _newest(log)
    yield _line(_begun(log, journal, newest, refused))
    count = 0
    for fact in _facts(journal, newest.size if refused is None else EVERYTHING):
        count += 1
        yield _line(_event(log.origin, fact, log.kept_leaf(fact)))
        if count % PAGE == 0:
            progress(count, newest.size)
    progress(newest.size, newest.size)
    yield _line({**_frame(log.origin, "ended"), "data": {"facts": count}})


def _newest(log: SchoolLog) -> tuple[Checkpoint, CannotVouch | None]:
    """A checkpoint made now; or the last good one, and why there is no other."""
    try:
        return log.publish(), None
    except CannotVouch as fault:
        good = log.checkpoints()
        if not good:
            raise NothingSigned(str(fault)) from fault
        return good[-1], fault


def _facts(journal: Journal, until: int) -> Iterator[Evidence]:
    after = 0
    while page := journal.evidence.read(after, PAGE):
        yield from (fact for fact in page if 0 < fact.position <= until)
        after = page[-1].position
        if after >= until:
            return


def _begun(
    log: SchoolLog, journal: Journal, newest: Checkpoint, refused: CannotVouch | None
) -> dict[str, Any]:
    earlier = [one.note for one in log.checkpoints() if one.size < newest.size]
    step = max(1, len(earlier) // EARLIER)
    ends = journal.evidence.ends()
    data = {
        "format": FORMAT,
        "origin": log.origin,
        "key": log.signer.public,
        "size": newest.size,
        "head": ends.head,
        "first": ends.first,
        "last": ends.last,
        "refused": refused and {"code": refused.code, "position": refused.position, "why": refused.why},
        "checkpoint": newest.note,
        "earlier": earlier[::-step][:EARLIER][::-1],
    }
    return {**_frame(log.origin, "begun"), "data": data}


def _frame(origin: str, what: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{origin}/export/{what}",
        "source": f"/{origin}",
        "type": f"dziennik.export_{what}.1",
        "datacontenttype": "application/json",
    }


def _event(origin: str, fact: Evidence, kept: bytes) -> dict[str, Any]:
    """Names of extensions are lower case letters and digits; integers beyond 31 bits are texts there."""
    event = {
        "specversion": "1.0",
        "id": f"{origin}/{fact.position}",
        "source": f"/{origin}",
        "type": fact.name,
        "subject": fact.stream,
        "time": (_EPOCH + timedelta(microseconds=fact.clock)).isoformat(),
        "datacontenttype": "application/json",
        "position": str(fact.position),
        "streamversion": fact.version,
        "origin": b64encode(fact.origin).decode(),
        "leafhash": b64encode(kept).decode(),
    }
    if fact.command:
        event["commandfirst"], event["commandlast"] = (str(position) for position in fact.command)
    event["data_base64"] = b64encode(fact.state).decode()
    return event


def _line(event: dict[str, Any]) -> bytes:
    return _encode(event) + b"\n"
