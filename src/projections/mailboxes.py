"""What is asked of mailboxes: somebody's threads and messages, what is found in them, receipts, reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dziennik.domain.policies.usual_messages import USUAL_MESSAGES
from dziennik.projections.messages import (
    Conversation,
    Group,
    Letter,
    Mailbox,
    Message,
    Report,
    Rules,
    Thread,
    TimesRead,
)
from dziennik.projections.rows import Lists, Span, View
from dziennik.projections.words import wanted

MOST_FOUND = 200  # messages of one search


def conversations(
    view: Lists, owner_id: str, box: str, limit: int, before: int | None = None
) -> list[Conversation]:
    """Threads in somebody's box, the latest first; `box`: last, last_received, last_sent or unread."""
    if box == "unread":
        rows = view.find(Conversation, owner_id=owner_id, unread=Span(1))
        below = [row for row in rows if before is None or row.last < before]
        return sorted(below, key=lambda row: row.last, reverse=True)[:limit]
    return view.newest(Conversation, limit, by=box, before=before, owner_id=owner_id)


def unread_threads(view: View, owner_id: str) -> int:
    """In how many threads somebody has something unread."""
    return len(view.raw(Conversation, ("thread_id",), owner_id=owner_id, unread=Span(1)))


def letters_of(view: View, owner_id: str, thread_id: str) -> list[Letter]:
    """What somebody sent or got in a thread, in its order; none: the thread is not theirs."""
    rows = view.find(Letter, owner_id=owner_id, thread_id=thread_id)
    return sorted(rows, key=lambda letter: letter.position)


def letters(view: View, found: Sequence[Letter]) -> list[tuple[Letter, Message]]:
    """The letters with their messages."""
    told = view.many(Message, [(letter.thread_id, letter.message_id) for letter in found])
    return [(letter, message) for letter, message in zip(found, told, strict=True) if message]


def found_letters(
    view: Lists, owner_id: str, words: str, limit: int, before: int | None = None
) -> list[Message]:
    """Somebody's messages that hold all of the words, the latest first; withdrawn ones of others never."""
    looked_for = wanted(words)
    if looked_for is None:
        return []
    found: list[Message] = []
    while len(found) < limit:
        page = view.search(
            Message, looked_for, limit, by="position", among=Letter, before=before, owner_id=owner_id
        )
        found += [row for row in page if row.withdrawn is None or row.sender_id == owner_id]
        if len(page) < limit:
            break
        before = page[-1].position
    return found[:limit]


def receipts(view: View, message: Message) -> list[Letter]:
    """Who got a message, and when each read it; by person."""
    rows = view.find(Letter, thread_id=message.thread_id, message_id=message.message_id)
    return [row for row in rows if not row.sent]


def times_read(view: View, sent: Sequence[Message]) -> dict[tuple[str, str], int]:
    """How many recipients have read each of these messages, by thread and message."""
    rows = view.many(TimesRead, [(one.thread_id, one.message_id) for one in sent])
    return {(row.thread_id, row.message_id): row.read for row in rows if row}


def latest(view: View, owner_id: str, rows: Sequence[Conversation]) -> list[tuple[Letter, Message]]:
    """The last message of each of somebody's threads, in the order of the threads."""
    keys = [(row.thread_id, row.last_id) for row in rows]
    told = view.many(Message, keys)
    found = view.many(Letter, [(owner_id, *key) for key in keys])
    return [(letter, message) for letter, message in zip(found, told, strict=True) if letter and message]


def mailboxes(view: View, owner_ids: Iterable[str]) -> dict[str, Mailbox]:
    """Mailboxes of those who have one, by person."""
    rows = view.many(Mailbox, [(one,) for one in dict.fromkeys(owner_ids)])
    return {row.owner_id: row for row in rows if row}


def threads(view: View, thread_ids: Sequence[str]) -> dict[str, Thread]:
    """Threads by id."""
    rows = view.many(Thread, [(one,) for one in thread_ids])
    return {row.thread_id: row for row in rows if row}


def groups(view: View, group_ids: Iterable[str] | None = None) -> list[Group]:
    """The school's groups, all or these, by name."""
    if group_ids is None:
        rows: list[Group | None] = [*view.find(Group)]
    else:
        rows = view.many(Group, [(one,) for one in dict.fromkeys(group_ids)])
    return sorted([row for row in rows if row], key=lambda row: (row.name, row.group_id))


def rules_on(view: View, day: date) -> Rules:
    """The rules in force on a day: the usual ones, as version 0, until the director sets others."""
    found = [row for row in view.find(Rules) if row.since <= day]
    return found[-1] if found else Rules(0, date.min, USUAL_MESSAGES)


def reports(view: View, *, open_only: bool = False) -> list[Report]:
    """Reported messages, the latest first."""
    rows = [row for row in view.find(Report) if not open_only or row.settled is None]
    return sorted(rows, key=lambda row: row.position, reverse=True)
