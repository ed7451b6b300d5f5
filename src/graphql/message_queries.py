"""Queries: one's own mailbox, threads and messages; whom one may write to; what the director was shown.

Nobody sees what they neither sent nor got: not the director, not an auditor. What was reported is shown to
the director, that message alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.attachments.links import LASTS
from dziennik.domain.policies.quiet_hours import quiet_until
from dziennik.graphql import message_shapes as shapes
from dziennik.graphql import rendering
from dziennik.graphql.absence_shapes import AttachmentLink
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.paging import LARGEST_PAGE, page_newest, page_of
from dziennik.graphql.refusing import PAGE_SIZE, Refused
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import mailboxes, messages
from dziennik.projections.rows import Lists, View

ID = strawberry.ID
KNOWN = (*SEEN, messages.MESSAGES.name)
MOST_FOUND = 50  # people whom one search of recipients gives

First = Annotated[int, strawberry.argument(description="At most so many messages, the earliest first.")]
After = Annotated[ID | None, strawberry.argument(description="Those after this message.")]
Text = Annotated[
    str,
    strawberry.argument(
        description="Words, by their beginnings or without their endings; case and Polish letters are alike."
    ),
]
Name = Annotated[str | None, strawberry.argument(description="Beginnings of names; left out: everybody.")]


@strawberry.type
class MessageQueries:
    @guarded(description="How many messages are unread, absence and quiet hours of the asker.")
    def my_mailbox(self, info: Info, school: SchoolId, after_position: Position = None) -> shapes.Mailbox:
        context, view, who = mine(info, school, after_position)
        box = messages.mailbox(view, who)
        names = shapes.names_for(
            context.view_of_all(school),
            context.today(school),
            (),
            [box.away.instead_id if box.away else None],
        )
        now = context.register(school).local_time()
        until = quiet_until(box.quiet, now.replace(tzinfo=None))
        ends = until.replace(tzinfo=now.tzinfo).astimezone(UTC) if until else None
        return {  # type: ignore[return-value]
            "unread": box.unread,
            "threads": box.threads,
            "received": box.received,
            "sent": box.sent,
            "away": shapes.announced(box.away, names) if box.away else None,
            "quietHours": [
                {"starts": one.starts, "ends": one.ends, "weekdays": list(one.weekdays)} for one in box.quiet
            ],
            "quietUntil": rendering.instant(ends) if ends else None,
        }

    @guarded(description="The asker's threads, the latest first.")
    def my_threads(
        self,
        info: Info,
        school: SchoolId,
        box: shapes.Box = shapes.Box.ALL,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.MailThreadConnection:  # type: ignore[valid-type]
        context, view, who = mine(info, school, after_position)
        told, by = messages.mailbox(view, who), "last" if box is shapes.Box.UNREAD else box.value
        return page_newest(
            lambda limit, before: mailboxes.conversations(view, who, box.value, limit, before),
            lambda row: int(getattr(row, by)),
            lambda rows: _threads(context, school, view, who, rows),
            first=first,
            after=after,
            total=_in_box(view, told, box),
            language=context.language,
        )

    @guarded(description="A thread of the asker's with their messages of it; null: it is not theirs.")
    def my_thread(
        self,
        info: Info,
        school: SchoolId,
        thread_id: ID,
        first: First = 100,
        after: After = None,
        after_position: Position = None,
    ) -> shapes.WholeThread | None:
        context, view, who = mine(info, school, after_position)
        found = mailboxes.letters_of(view, who, thread_id)
        thread = mailboxes.threads(view, [thread_id]).get(thread_id)
        if not found or thread is None:
            return None
        if not 1 <= first <= LARGEST_PAGE:
            raise Refused(PAGE_SIZE(limit=LARGEST_PAGE, field="first"), context.language)
        begins = next((n for n, one in enumerate(found, 1) if one.message_id == after), 0)
        pairs = mailboxes.letters(view, found[begins : begins + first])
        rows = [message for _, message in pairs]
        named = [thread.opened_by, thread.pupil_id]
        names = _names(context, school, context.today(school), rows, named, who)
        read = mailboxes.times_read(view, rows)
        return {  # type: ignore[return-value]
            **_thread(thread, names),
            "messageCount": len(found),
            "messages": [
                shapes.message(row, letter, names, read.get((thread_id, row.message_id)))
                for letter, row in pairs
            ],
        }

    @guarded(description="The asker's messages that hold all of the words, the latest first.")
    def search_my_messages(
        self,
        info: Info,
        school: SchoolId,
        text: Text,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.MailMessageConnection:  # type: ignore[valid-type]
        context, view, who = mine(info, school, after_position)
        # Words are looked for beyond the wall, where their index serves; what is shown comes from behind it.
        hits = mailboxes.found_letters(context.view_of_all(school), who, text, mailboxes.MOST_FOUND)
        behind = view.many(messages.Message, [(one.thread_id, one.message_id) for one in hits])
        found = [one for one in behind if one]
        keys = [(who, row.thread_id, row.message_id) for row in found]
        letters = dict(zip(keys, view.many(messages.Letter, keys), strict=True))
        names = _names(context, school, context.today(school), found, viewer=who)
        read = mailboxes.times_read(view, found)
        return page_of(
            found,
            lambda row: f"{2**60 - row.position:020d}",
            lambda row: shapes.message(
                row,
                letters[who, row.thread_id, row.message_id],
                names,
                read.get((row.thread_id, row.message_id)),
            ),
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="Who got a message of the asker's, and when each first opened it.")
    def my_message_receipts(
        self,
        info: Info,
        school: SchoolId,
        thread_id: ID,
        message_id: ID,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.MessageReceiptConnection | None:  # type: ignore[valid-type]
        context, view, who = mine(info, school, after_position)
        row = view.get(messages.Message, thread_id, message_id)
        if row is None or row.sender_id != who:
            return None
        letters = mailboxes.receipts(view, row)
        day = context.register(school).day_of(row.sent_at)
        boxes = mailboxes.mailboxes(context.view_of_all(school), [one.owner_id for one in letters])
        instead = [box.away.instead_id for box in boxes.values() if box.away]
        names = shapes.names_for(
            context.view_of_all(school), day, (), [*(one.owner_id for one in letters), *instead]
        )
        sorted_by = {one.owner_id: _sort_key(names, one.owner_id) for one in letters}
        return page_of(
            sorted(letters, key=lambda one: sorted_by[one.owner_id]),
            lambda one: sorted_by[one.owner_id],
            lambda one: {
                "person": names.of(one.owner_id),
                "readAt": rendering.instant(one.read_at) if one.read_at else None,
                "away": shapes.away(away_of(boxes, one.owner_id), names, day),
            },
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="Messages that recipients showed to the director, the latest first.")
    def reported_messages(
        self,
        info: Info,
        school: SchoolId,
        open_only: bool = False,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.ReportedMessageConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        view = context.view(school)
        rows = mailboxes.reports(view, open_only=open_only)
        told = view.many(messages.Message, [(row.thread_id, row.message_id) for row in rows])
        shown = {row.report_id: one for row, one in zip(rows, told, strict=True) if one}
        acts = [row.reported.by for row in rows] + [row.settled.by for row in rows if row.settled]
        names = shapes.names_for(
            context.view_of_all(school), context.today(school), list(shown.values()), acts
        )
        return page_of(
            [row for row in rows if row.report_id in shown],
            lambda row: f"{2**60 - row.position:020d}",
            lambda row: {
                **shapes.own_report(row),
                "message": shapes.message(shown[row.report_id], None, names, None),
                "reported": names.act(row.reported),
                "settled": names.act(row.settled),
            },
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="What the asker reported, and what the director answered.")
    def my_abuse_reports(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.OwnReport]:
        _, view, who = mine(info, school, after_position)
        return [shapes.own_report(row) for row in mailboxes.reports(view) if row.reported.by == who]  # type: ignore[misc]

    @guarded(description="An address for a file that came with a message that the asker sent or got.")
    def message_attachment_link(
        self,
        info: Info,
        school: SchoolId,
        thread_id: ID,
        message_id: ID,
        attachment_id: ID,
        after_position: Position = None,
    ) -> AttachmentLink | None:
        context, view, who = mine(info, school, after_position)
        letter = view.get(messages.Letter, who, thread_id, message_id)
        row = view.get(messages.Message, thread_id, message_id) if letter else None
        if letter is None or row is None or (row.withdrawn and not letter.sent):
            return None
        file = next((one for one in row.attachments if one.attachment_id == attachment_id), None)
        if file is None:
            return None
        address = f"/attachments/{context.system.attachment_links.make(school, file)}"
        return {"address": address, "expiresIn": int(LASTS.total_seconds())}  # type: ignore[return-value]


def mine(info: Info, school: str, after: int | None) -> tuple[Context, Lists, str]:
    """The request, the school's rows behind the asker's wall, and who asks.

    The wall shows the own mailbox alone (ADR 0137). Names of those whom an answer names, and who is away, are
    asked beyond it: whom people write to is nobody's child.
    """
    context = context_of(info)
    context.wait(school, KNOWN, after)
    return context, context.lists(school), context.access(school).person.person_id


def _names(context: Context, school: str, *asked: Any, **also: Any) -> shapes.Names:  # noqa: ANN401
    """See shapes.names_for."""
    return shapes.names_for(context.view_of_all(school), *asked, **also)


def _in_box(view: View, told: messages.Mailbox, box: shapes.Box) -> int:
    if box is shapes.Box.UNREAD:
        return mailboxes.unread_threads(view, told.owner_id) if told.unread else 0
    return {"last": told.threads, "last_received": told.received, "last_sent": told.sent}[box.value]


def _threads(
    context: Context, school: str, view: Lists, who: str, rows: Sequence[messages.Conversation]
) -> list[dict[str, Any]]:
    pairs = {message.thread_id: (letter, message) for letter, message in mailboxes.latest(view, who, rows)}
    known = mailboxes.threads(view, list(pairs))
    shown = [message for _, message in pairs.values()]
    others = [one for thread in known.values() for one in (thread.opened_by, thread.pupil_id)]
    names = _names(context, school, context.today(school), shown, others, who)
    read = mailboxes.times_read(view, [message for letter, message in pairs.values() if letter.sent])
    return [
        {
            **_thread(known[row.thread_id], names),
            "messages": row.letters,
            "unread": row.unread,
            "last": shapes.message(
                pairs[row.thread_id][1],
                pairs[row.thread_id][0],
                names,
                read.get((row.thread_id, row.last_id)),
            ),
        }
        for row in rows
        if row.thread_id in pairs and row.thread_id in known
    ]


def _thread(thread: messages.Thread, names: shapes.Names) -> dict[str, Any]:
    return {
        "id": thread.thread_id,
        "subject": shapes.told(thread.subject),
        "openedBy": names.of(thread.opened_by),
        "openedAt": rendering.instant(thread.opened_at),
        "pupil": names.maybe(thread.pupil_id),
    }


def away_of(boxes: dict[str, messages.Mailbox], who: str) -> messages.Away | None:
    box = boxes.get(who)
    return box.away if box else None


def _sort_key(names: shapes.Names, who: str) -> str:
    person = names.known.get(who)
    return f"{person.sort_key if person else ''} {who}"
