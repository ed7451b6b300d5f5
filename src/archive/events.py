"""How are the facts themselves written out for programs that do not know us?

One CloudEvents 1.0 event a line (JSON Lines): `type` is the fact's stored name, `subject` its stream, `id`
its position in the school's journal, `time` when it was accepted; who made it stands in extension attributes,
whose names have no other letters than the specification allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from dziennik.archive.canonical import moment
from dziennik.contracts.envelope import Recorded


def write_events(school_id: str, recorded: Iterable[Recorded], out: BinaryIO) -> int:
    """Write each fact on a line of its own; how many there were."""
    count = 0
    for each in recorded:
        out.write(event(school_id, each) + b"\n")
        count += 1
    return count


def event(school_id: str, each: Recorded) -> bytes:
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
        "data": each.fact,
    }
    return msgspec.json.encode({name: value for name, value in attributes.items() if value is not None})
