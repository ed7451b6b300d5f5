"""What does an export say, line by line? (JSON Lines; each line an event of CloudEvents 1.0)

The first line tells what is there and holds the checkpoints, the last one that nothing is cut off; between
them stands one line for each fact. Strict: what is not said as docs/proof.md has it is unreadable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dziennik.verify.faults import Unchecked
from dziennik.verify.leaves import Leaf
from dziennik.verify.merkle import HASH
from dziennik.verify.notes import decoded

BEGUN, ENDED = "dziennik.export_begun.1", "dziennik.export_ended.1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Begun:
    """`size` facts are promised; `head` is the journal's counter, `first` and `last` its positions.

    `refused`: why the register itself will not vouch for more, as (code, position, why).
    """

    origin: str
    size: int
    head: int
    first: int
    last: int
    checkpoint: str
    earlier: tuple[str, ...]
    refused: tuple[str, int, str] | None


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, the hash that the register keeps of it, and the positions of its command (None: unknown)."""

    leaf: Leaf
    kept: bytes
    command_id: str
    command: tuple[int, int] | None


def lines_of(lines: Iterable[bytes]) -> Iterator[Begun | Told]:
    """The export's beginning, then its facts. Raises Unchecked, also at the end when that is missing."""
    count, begun = 0, None
    for number, line in enumerate(lines, 1):
        event = _event(line, number)
        if begun is None:
            begun = _begun(event)
            yield begun
        elif event.get("type") == ENDED:
            if _field(event, "data", dict, number).get("facts") != count:
                raise Unchecked("PROOF.EXPORT_CUT", count=count)
            if next(iter(lines), None) is not None:
                raise _unreadable(number + 1)
            return
        else:
            count += 1
            yield _told(event, begun.origin, number)
    raise Unchecked("PROOF.EXPORT_CUT", count=count)


def _event(line: bytes, number: int) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        if not line.endswith(b"\n"):  # cut in the middle of a line
            raise Unchecked("PROOF.EXPORT_CUT", count=max(number - 2, 0)) from None
        raise _unreadable(number) from None
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        raise _unreadable(number)
    return event


def _begun(event: dict[str, Any]) -> Begun:
    data = _field(event, "data", dict, 1)
    if event.get("type") != BEGUN:
        raise _unreadable(1)
    earlier = _field(data, "earlier", list, 1)
    if not all(isinstance(text, str) for text in earlier):
        raise _unreadable(1)
    refused = data.get("refused")
    return Begun(
        origin=_field(data, "origin", str, 1),
        size=_field(data, "size", int, 1),
        head=_field(data, "head", int, 1),
        first=_field(data, "first", int, 1),
        last=_field(data, "last", int, 1),
        checkpoint=_field(data, "checkpoint", str, 1),
        earlier=tuple(earlier),
        refused=None if refused is None else _refused(_field(data, "refused", dict, 1)),
    )


def _refused(said: dict[str, Any]) -> tuple[str, int, str]:
    return _field(said, "code", str, 1), _field(said, "position", int, 1), _field(said, "why", str, 1)


def _told(event: dict[str, Any], origin: str, number: int) -> Told:
    position = _number(event, "position", number)
    if event.get("id") != f"{origin}/{position}":
        raise _unreadable(number)
    said = decoded(_field(event, "origin", str, number))
    state = decoded(_field(event, "data_base64", str, number))
    kept = decoded(_field(event, "leafhash", str, number))
    if said is None or state is None or kept is None or len(kept) != HASH:
        raise _unreadable(number)
    leaf = Leaf(
        position=position,
        clock=_clock(_field(event, "time", str, number), number),
        stream=_field(event, "subject", str, number),
        version=_field(event, "streamversion", int, number),
        name=_field(event, "type", str, number),
        origin=said,
        state=state,
    )
    command = None
    if "commandfirst" in event:
        command = (_number(event, "commandfirst", number), _number(event, "commandlast", number))
    return Told(leaf, kept, _command_id(said), command)


def _command_id(origin: bytes) -> str:
    """The command of a fact; no text of ours when its envelope was damaged, which its hash will tell."""
    try:
        found = json.loads(origin)["command_id"]
    except (ValueError, KeyError, TypeError):
        return ""
    return found if isinstance(found, str) else ""


def _field(found: dict[str, Any], name: str, kind: type, number: int) -> Any:  # noqa: ANN401
    value = found.get(name)
    if type(value) is not kind:
        raise _unreadable(number)
    return value


def _number(event: dict[str, Any], name: str, number: int) -> int:
    text: str = _field(event, name, str, number)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _unreadable(number)
    return int(text)


def _clock(text: str, number: int) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _unreadable(number) from None
    if moment.tzinfo is None:
        raise _unreadable(number)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _unreadable(number: int) -> Unchecked:
    return Unchecked("PROOF.UNREADABLE", why=f"line {number}")
