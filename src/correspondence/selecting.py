"""Which letters belong to a thread, to a person's mailbox, to a school year? From the facts themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from dziennik.archive.source import Facts
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Recorded

WARSAW = ZoneInfo("Europe/Warsaw")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with what became of it. `read`: when each recipient first opened it."""

    recorded: Recorded
    opened: said.ThreadOpened
    read: dict[str, datetime] = field(default_factory=dict)
    withdrawn: datetime | None = None

    @property
    def fact(self) -> said.MessageSent:
        """What was sent."""
        return cast("said.MessageSent", self.recorded.fact)

    @property
    def sent_on(self) -> date:
        """The day on which it was sent, in Warsaw."""
        return self.recorded.origin.recorded_at.astimezone(WARSAW).date()

    def recipients_for(self, person_id: str | None) -> tuple[str, ...]:
        """Whom an export for somebody names: all, or for one of many recipients that one alone."""
        if person_id is None or person_id == self.fact.sender_id:
            return self.fact.recipient_ids
        return (person_id,)


def of_thread(journal: Facts, thread_id: str, until: int) -> list[Letter]:
    """All messages of a thread, in their order; none: there is no such thread."""
    facts = journal.load(streams.thread(thread_id), until_position=until)
    readers = {who for each in facts for who in getattr(each.fact, "recipient_ids", ())}
    loaded = journal.load_many([streams.read_in(who, thread_id) for who in sorted(readers)])
    return _letters(facts, [each for history in loaded.values() for each in history], until)


def of_person(journal: Facts, person_id: str, until: int) -> list[Letter]:
    """All that somebody sent or got, in its order."""
    found = _all(journal, until)
    return [one for one in found if person_id in (one.fact.sender_id, *one.fact.recipient_ids)]


def of_days(journal: Facts, first: date, last: date, until: int) -> list[Letter]:
    """All that was sent on these days, in Warsaw."""
    return [one for one in _all(journal, until) if first <= one.sent_on <= last]


def _all(journal: Facts, until: int) -> list[Letter]:
    facts = journal.scan("thread/", until_position=until)
    return _letters(facts, journal.scan("mailbox/", until_position=until), until)


def _letters(threads: Iterable[Recorded], boxes: Iterable[Recorded], until: int) -> list[Letter]:
    opened: dict[str, said.ThreadOpened] = {}
    withdrawn: dict[Key, datetime] = {}
    read: defaultdict[Key, dict[str, datetime]] = defaultdict(dict)
    sent: list[Recorded] = []
    for each in threads:
        fact = each.fact
        if isinstance(fact, said.ThreadOpened):
            opened[fact.thread_id] = fact
        elif isinstance(fact, said.MessageSent):
            sent.append(each)
        elif isinstance(fact, said.MessageWithdrawn):
            withdrawn[fact.thread_id, fact.message_id] = each.origin.recorded_at
    for each in boxes:
        fact = each.fact
        if isinstance(fact, said.MessageRead) and each.position <= until:
            read[fact.thread_id, fact.message_id][fact.reader_id] = each.origin.recorded_at
    letters = []
    for each in sorted(sent, key=lambda one: one.position):
        fact = cast("said.MessageSent", each.fact)
        key = (fact.thread_id, fact.message_id)
        letters.append(Letter(each, opened[fact.thread_id], read[key], withdrawn.get(key)))
    return letters
