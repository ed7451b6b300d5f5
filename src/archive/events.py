"""How are the facts themselves written out for programs that do not know us?

One CloudEvents 1.0 event a line (JSON Lines): `type` is the fact's stored name, `subject` its stream, `id`
its position in the school's journal, `time` when it was accepted; who made it stands in extension attributes,
whose names have no other letters than the specification allows. Since format 2 each line also brings what the
school's tree vouches for: the envelope and the state byte for byte as they are stored, and their hash
(ADR 0127).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

import msgspec

from dziennik.archive.bagging import Draft
from dziennik.archive.canonical import moment
from dziennik.archive.editions import Edition
from dziennik.archive.source import Facts
from dziennik.contracts.envelope import Recorded
from dziennik.journal.evidence import Evidence
from dziennik.journal.leaves import leaf_hash

AT_ONCE: Final = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class FactFiles:
    """Writes an edition's facts into its draft, as one goes along.

    `leaves`: by position the hashes of those that were written with proof.
    """

    def __init__(self, journal: Facts, edition: Edition, draft: Draft) -> None:
        self.journal = journal
        self.edition = edition
        self.draft = draft
        self.leaves: dict[int, bytes] = {}

    def write(self, path: str, recorded: Iterable[Recorded]) -> None:
        """Write a file `data/...` with each fact on a line of its own."""
        facts = iter(recorded)
        with self.draft.place(path).open("wb") as out:
            while page := list(islice(facts, AT_ONCE)):
                stored = self._stored(page)
                for each in page:
                    out.write(event(self.edition.school_id, each, stored.get(each.position)) + b"\n")

    def _stored(self, page: Sequence[Recorded]) -> Mapping[int, Evidence]:
        if not self.edition.format.proven:
            return {}
        found = {one.position: one for one in self.journal.evidence.at([each.position for each in page])}
        self.leaves |= {position: leaf_hash(one) for position, one in found.items()}
        return found


def event(school_id: str, each: Recorded, stored: Evidence | None = None) -> bytes:
    """One line. Attributes that are missing are left out, as the specification wants."""
    origin, actor = each.origin, each.origin.actor
    attributes: dict[str, object] = {
        "specversion": "1.0",
        "id": str(each.position),
        "source": f"urn:dziennik:school:{school_id}",
        "type": each.fact.fact_name,
        "subject": each.stream,
        "time": moment(origin.recorded_at),
        "datacontenttype": "application/json",
        "streamversion": each.version,
        "commandid": origin.command_id,
        "correlationid": origin.correlation_id,
        "causationid": origin.causation_id,
        "actoraccount": actor.account,
        "actorrole": actor.role.value,
        "actorperson": actor.person,
        "actorbehalf": actor.on_behalf_of,
        "actorchannel": actor.channel.value,
        **({} if stored is None else _proof(each, stored)),
        "data": each.fact if stored is None else _data(each, stored),
    }
    return msgspec.json.encode({name: value for name, value in attributes.items() if value is not None})


def _proof(each: Recorded, stored: Evidence) -> dict[str, object]:
    """What the leaf is made of beside `id`, `type`, `subject` and `streamversion`, and its hash."""
    older = stored.name if stored.name != each.fact.fact_name else None
    return {
        "storedtype": older,
        "clock": moment(_EPOCH + timedelta(microseconds=stored.clock)),
        "origin": b64encode(stored.origin).decode(),
        "state": b64encode(stored.state).decode(),
        "leafhash": b64encode(leaf_hash(stored)).decode(),
    }


def _data(each: Recorded, stored: Evidence) -> object:
    """As it is stored, with personal texts in clear: a field that the fact gained later is not told.

    What was stored under an older name is told as it reads today.
    """
    fact = each.fact
    if stored.name != fact.fact_name:
        return fact
    said: dict[str, object] = msgspec.json.decode(stored.state)
    return said | {name: getattr(fact, name) for name in fact.personal_fields if said.get(name) is not None}
