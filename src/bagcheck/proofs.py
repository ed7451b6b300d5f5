"""Is each fact of an archive one that the school's tree vouches for, and does its line say what is stored?

Since format 2 a fact's line brings the stored bytes and their hash (docs/archive.md). Three things are held
together: the bytes lead to the hash; the hashes of all facts, with those of the rest of the tree, lead to the
root that the signed index names; and what the line says in clear is what the bytes say. Personal texts are
sealed there: of these alone the signature vouches, not the tree (ADR 0127).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dziennik.bagcheck.findings import Fault
from dziennik.bagcheck.trees import Tree, read_all
from dziennik.verify import merkle
from dziennik.verify.leaves import Leaf
from dziennik.verify.notes import decoded

REST: Final = "data/proof/rest-of-tree.txt"

BAD_LINE = Fault(
    "FACTS.BAD_LINE",
    pl="Wiersz nie jest zapisem z dowodem: {what}.",
    en="The line is no fact with its proof: {what}.",
)
CHANGED = Fault(
    "FACTS.CHANGED",
    pl="Zapis {position} nie jest tym, który poświadcza drzewo zapisów: jego bajty dają inny skrót.",
    en="Fact {position} is not the one that the tree vouches for: its bytes have another hash.",
)
SAYS_OTHERWISE = Fault(
    "FACTS.SAYS_OTHERWISE",
    pl="Zapis {position} mówi co innego, niż jest zapisane: {what}.",
    en="Fact {position} says something else than what is stored: {what}.",
)
TWICE = Fault(
    "FACTS.TWICE", pl="Zapis {position} jest w archiwum dwa razy.", en="Fact {position} is there twice."
)
MISSING = Fault(
    "FACTS.MISSING",
    pl="Brakuje zapisu {position} albo skrótu gałęzi drzewa, do której należy.",
    en="Fact {position} is missing, or the hash of the branch that it belongs to.",
)
OTHER_ROOT = Fault(
    "FACTS.OTHER_ROOT",
    pl="Zapisy archiwum nie prowadzą do korzenia drzewa, który podaje spis.",
    en="The facts of the archive do not lead to the root of the tree that the index names.",
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REST = re.compile(r"([1-9][0-9]{0,17}) ([1-9][0-9]{0,17}) ([0-9a-f]{64})")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
# A personal text as it is stored: U+2400, the number of its key, the ciphertext.
_SEALED = re.compile(r"\u2400[0-9]{1,18}:[A-Za-z0-9+/=]+")
_ACTOR: Final = {
    "account": "actoraccount",
    "role": "actorrole",
    "person": "actorperson",
    "on_behalf_of": "actorbehalf",
    "channel": "actorchannel",
}
_COMMAND: Final = {
    "command_id": "commandid",
    "correlation_id": "correlationid",
    "causation_id": "causationid",
}
_OTHERS: Final = {
    "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "streamversion", "data",
    "storedtype", "clock", "origin", "state", "leafhash",
}  # fmt: skip
_NAMES: Final = _OTHERS | set(_ACTOR.values()) | set(_COMMAND.values())


def check_facts(tree: Tree, path: str, school_id: str, leaves: dict[int, bytes]) -> None:
    """Check each line of a file of facts by itself, and note its hash by position. Raises Wrong at the first
    that is wrong.
    """
    with tree.open(path) as file:
        for number, line in enumerate(file, 1):
            place = f"{path}:{number}"
            position, leaf = _checked(_event(line, place), school_id, place)
            if position in leaves:
                raise TWICE(place, position=position)
            leaves[position] = leaf


def check_root(tree: Tree, size: int, root: bytes, leaves: Mapping[int, bytes]) -> None:
    """Whether facts and the rest of the tree lead to the root over `size` facts. Raises Wrong."""
    rest = dict(_rest(tree))
    made = merkle.Tree()
    while made.size < size:
        position = made.size + 1
        leaf = leaves.get(position)
        if (leaf is None) is (position not in rest):
            raise (MISSING if leaf is None else TWICE)(REST, position=position)
        last, hashed = (position, leaf) if leaf is not None else rest.pop(position)
        width = last - position + 1
        if width & (width - 1) or made.size % width:
            raise BAD_LINE(REST, what=f"{position} {last}")
        made.add(hashed, width)
    if rest or made.size != size or max(leaves, default=0) > size or made.root() != root:
        raise OTHER_ROOT(REST)


def _rest(tree: Tree) -> Iterator[tuple[int, tuple[int, bytes]]]:
    last = 0
    for number, line in enumerate(read_all(tree, REST).decode("ascii", "replace").splitlines(), 1):
        row = _REST.fullmatch(line)
        if row is None or not last < int(row[1]) <= int(row[2]):
            raise BAD_LINE(f"{REST}:{number}", what=line[:60])
        last = int(row[2])
        yield int(row[1]), (last, bytes.fromhex(row[3]))


def _event(line: bytes, place: str) -> dict[str, Any]:
    try:
        event = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError) as fault:
        raise BAD_LINE(place, what=str(fault)) from fault
    if not isinstance(event, dict) or not event.keys() <= _NAMES or event.get("specversion") != "1.0":
        raise BAD_LINE(place, what="CloudEvents 1.0")
    return event


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that stands twice two programs could see two values."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _checked(event: Mapping[str, Any], school_id: str, place: str) -> tuple[int, bytes]:
    position, clock = event.get("id"), _moment(event.get("clock"))
    origin, state, kept = (_bytes(event, name, place) for name in ("origin", "state", "leafhash"))
    version, name, stream = (
        event.get("streamversion"),
        event.get("storedtype", event.get("type")),
        event.get("subject"),
    )
    if not isinstance(position, str) or not _NUMBER.fullmatch(position) or clock is None:
        raise BAD_LINE(place, what="id, clock")
    if type(version) is not int or not 0 < version < 1 << 63 or not isinstance(name, str):
        raise BAD_LINE(place, what="streamversion, type")
    if not isinstance(stream, str):
        raise BAD_LINE(place, what="subject")
    leaf = Leaf(int(position), clock, stream, version, name, origin, state)
    if merkle.leaf_hash(leaf.packed()) != kept:
        raise CHANGED(place, position=position)
    if event.get("source") != f"urn:dziennik:school:{school_id}":
        raise SAYS_OTHERWISE(place, position=position, what="source")
    for what in _differing(event, origin, state):
        raise SAYS_OTHERWISE(place, position=position, what=what)
    return int(position), kept


def _differing(event: Mapping[str, Any], origin: bytes, state: bytes) -> Iterator[str]:
    """What the line says otherwise than envelope and state do."""
    try:
        envelope, stored = json.loads(origin), json.loads(state)
        actor = {"channel": "api", **envelope["actor"]}
        if _moment(envelope["recorded_at"]) != _moment(event.get("time")):
            yield "time"
    except (ValueError, KeyError, TypeError):
        yield "origin, state"
        return
    for names, said in ((_ACTOR, actor), (_COMMAND, envelope)):
        for field, name in names.items():
            if said.get(field) != event.get(name):
                yield name
    if "storedtype" not in event:
        yield from _other_data(event.get("data"), stored, "data")


def _other_data(told: object, stored: object, at: str) -> Iterator[str]:
    """Places at which two values differ; where a text is sealed any text will do."""
    if isinstance(stored, str) and _SEALED.fullmatch(stored):
        if not isinstance(told, str):
            yield at
    elif isinstance(stored, dict) and isinstance(told, dict) and stored.keys() == told.keys():
        for name, value in stored.items():
            yield from _other_data(told[name], value, f"{at}.{name}")
    elif type(told) is not type(stored) or told != stored:
        yield at


def _bytes(event: Mapping[str, Any], name: str, place: str) -> bytes:
    text = event.get(name)
    found = decoded(text) if isinstance(text, str) else None
    if found is None:
        raise BAD_LINE(place, what=name)
    return found


def _moment(text: object) -> int | None:
    """Microseconds since 1970."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else (moment - _EPOCH) // timedelta(microseconds=1)
