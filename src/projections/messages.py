"""What lies in whose mailbox: threads, messages, who read what when; reports, groups, the school's rules."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import messages as said
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Recorded, Role
from dziennik.contracts.facts import ERASED
from dziennik.contracts.messages import Audience, GroupKind, Importance, MessageRules, ReportOutcome
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, NO_ROWS, PRIVATE, Row
from dziennik.projections.words import words_of

MESSAGES = ReadModel("messages", version=4)
on = MESSAGES.on
table = MESSAGES.table

# Whose mailbox it is, and nobody else; the director sees what was reported, too (ADR 0137).
OWN_BOX = "owner_id = {person}"
OWN_OR_SENT = "{person} IN (owner_id, sender_id)"
IN_OWN_BOX = (
    "EXISTS (SELECT FROM {schema}.{model}_conversation{suffix} AS c"
    " WHERE c.owner_id = {person} AND c.thread_id = {table}.thread_id)"
)
GOT_OR_SENT = (
    "sender_id = {person} OR EXISTS (SELECT FROM {schema}.{model}_letter{suffix} AS l WHERE l.owner_id ="
    " {person} AND (l.thread_id, l.message_id) = ({table}.thread_id, {table}.message_id))"
    " OR ({units} = ARRAY['*'] AND EXISTS (SELECT FROM {schema}.{model}_report{suffix} AS r"
    " WHERE (r.thread_id, r.message_id) = ({table}.thread_id, {table}.message_id)))"
)
REPORTED = "{units} = ARRAY['*'] OR reporter_id = {person}"


class Act(msgspec.Struct, frozen=True):
    """Who did something, and when."""

    by: str
    at: datetime


class Away(msgspec.Struct, frozen=True):
    """An absence as it was announced; `text` may read ERASED."""

    starts: date
    ends: date
    text: str
    instead_id: str | None

    def on(self, day: date) -> bool:
        """Whether the person is away that day."""
        return self.starts <= day <= self.ends


@table(key=("thread_id",), families=IN_OWN_BOX, staff=PRIVATE)
class Thread(Row, frozen=True):
    """What is written about, begun by whom."""

    thread_id: str
    subject: str
    opened_by: str
    opened_at: datetime
    pupil_id: str | None


@table(key=("thread_id", "message_id"), searched="words", families=GOT_OR_SENT, staff=PRIVATE)
class Message(Row, frozen=True):
    """A message. `recipients`: how many got it; `words`: what it is found by, with a new thread's subject."""

    thread_id: str
    message_id: str
    position: int
    sender_id: str
    sender_role: Role
    sent_at: datetime
    body: str
    importance: Importance
    reply_to: str | None
    named_ids: tuple[str, ...]
    audiences: tuple[Audience, ...]
    recipients: int
    attachments: tuple[Attached, ...]
    words: str
    withdrawn: Act | None = None


@table(
    key=("owner_id", "thread_id", "message_id"),
    indexes=(("thread_id", "message_id"),),
    families=OWN_OR_SENT,
    staff=PRIVATE,
)
class Letter(Row, frozen=True):
    """A message in the mailbox of somebody who got it, or sent it. `read_at`: when it was first opened."""

    owner_id: str
    thread_id: str
    message_id: str
    position: int
    sent: bool
    sender_id: str
    read_at: datetime | None = None


_BOXES = (("owner_id", "last"), ("owner_id", "last_received"), ("owner_id", "last_sent"))


@table(
    key=("owner_id", "thread_id"),
    indexes=(*_BOXES, ("owner_id", "unread")),
    families=OWN_BOX,
    staff=PRIVATE,
)
class Conversation(Row, frozen=True):
    """A thread in somebody's mailbox. `last...`: positions of its last message, the last one got, the last
    one sent; 0: none. `last_id`: the last message.
    """

    owner_id: str
    thread_id: str
    last: int = 0
    last_id: str = ""
    last_received: int = 0
    last_sent: int = 0
    letters: int = 0
    unread: int = 0


@table(key=("owner_id",), families=OWN_BOX, staff=PRIVATE)
class Mailbox(Row, frozen=True):
    """How many threads somebody has in each box, how many messages are unread, how many were sent on the last
    day (UTC) on which any were, and how they want to be reached."""

    owner_id: str
    unread: int = 0
    threads: int = 0
    received: int = 0
    sent: int = 0
    sent_on: date | None = None
    sent_that_day: int = 0
    away: Away | None = None
    quiet: tuple[said.QuietHours, ...] = ()


@table(key=("thread_id", "message_id"), families=ALL_ROWS)
class TimesRead(Row, frozen=True):
    """How many of its recipients have read a message."""

    thread_id: str
    message_id: str
    read: int


@table(
    key=("thread_id", "report_id"),
    indexes=(("thread_id", "message_id"),),
    families=REPORTED,
    staff=PRIVATE,
)
class Report(Row, frozen=True):
    """A message that was shown to the director, and what became of it."""

    thread_id: str
    report_id: str
    message_id: str
    position: int
    reporter_id: str
    reported: Act
    reason: str
    outcome: ReportOutcome | None = None
    answer: str | None = None
    settled: Act | None = None


@table(key=("group_id",), staff=NO_ROWS)
class Group(Row, frozen=True):
    """A group of the school's own."""

    group_id: str
    kind: GroupKind
    name: str
    member_ids: tuple[str, ...]


@table(key=("version",), families=ALL_ROWS)
class Rules(Row, frozen=True):
    """Rules as they were set, in their order."""

    version: int
    since: date
    rules: MessageRules


@on(said.ThreadOpened)
def thread_opened(rows: Rows, fact: said.ThreadOpened, recorded: Recorded) -> None:
    at = recorded.origin.recorded_at
    rows.put(Thread(fact.thread_id, fact.subject, fact.opened_by, at, fact.pupil_id))


@on(said.MessageSent)
def message_sent(rows: Rows, fact: said.MessageSent, recorded: Recorded) -> None:
    subject = _thread(rows, fact.thread_id).subject if fact.reply_to is None else ""
    texts = [text for text in (subject, fact.body) if text != ERASED]
    rows.put(
        Message(
            thread_id=fact.thread_id,
            message_id=fact.message_id,
            position=recorded.position,
            sender_id=fact.sender_id,
            sender_role=recorded.origin.actor.role,
            sent_at=recorded.origin.recorded_at,
            body=fact.body,
            importance=fact.importance,
            reply_to=fact.reply_to,
            named_ids=fact.named_ids,
            audiences=fact.audiences,
            recipients=len(fact.recipient_ids),
            attachments=fact.attachments,
            words=words_of(*texts),
        )
    )
    _deliver(rows, fact, recorded.position)
    box, day = mailbox(rows, fact.sender_id), recorded.origin.recorded_at.date()
    if box.sent_on is None or box.sent_on < day:
        rows.put(replace(box, sent_on=day, sent_that_day=1))
    elif box.sent_on == day:
        rows.put(replace(box, sent_that_day=box.sent_that_day + 1))


def _deliver(rows: Rows, fact: said.MessageSent, position: int) -> None:
    """Into all mailboxes at once: two questions, however many they are."""
    owners = (*fact.recipient_ids, fact.sender_id)
    known = rows.many(Conversation, [(owner, fact.thread_id) for owner in owners])
    boxes = rows.many(Mailbox, [(owner,) for owner in owners])
    for owner, conversation, box in zip(owners, known, boxes, strict=True):
        sent = owner == fact.sender_id
        before = conversation or Conversation(owner, fact.thread_id)
        after = replace(
            before,
            last=max(before.last, position),
            last_id=fact.message_id if position > before.last else before.last_id,
            last_received=before.last_received if sent else max(before.last_received, position),
            last_sent=max(before.last_sent, position) if sent else before.last_sent,
            letters=before.letters + 1,
            unread=before.unread + (not sent),
        )
        old = box or Mailbox(owner)
        rows.put(Letter(owner, fact.thread_id, fact.message_id, position, sent, fact.sender_id))
        rows.put(after)
        rows.put(
            replace(
                old,
                unread=old.unread + (not sent),
                threads=old.threads + (conversation is None),
                received=old.received + (after.last_received > 0 and before.last_received == 0),
                sent=old.sent + (after.last_sent > 0 and before.last_sent == 0),
            )
        )


@on(said.MessageRead)
def message_read(rows: Rows, fact: said.MessageRead, recorded: Recorded) -> None:
    letter = rows.get(Letter, fact.reader_id, fact.thread_id, fact.message_id)
    conversation = rows.get(Conversation, fact.reader_id, fact.thread_id)
    box = rows.get(Mailbox, fact.reader_id)
    if letter is None or conversation is None or box is None:
        raise LookupError(f"message {fact.message_id} was not sent to {fact.reader_id}")
    read = rows.get(TimesRead, fact.thread_id, fact.message_id)
    rows.put(TimesRead(fact.thread_id, fact.message_id, (read.read if read else 0) + 1))
    rows.put(replace(letter, read_at=recorded.origin.recorded_at))
    rows.put(replace(conversation, unread=conversation.unread - 1))
    rows.put(replace(box, unread=box.unread - 1))


@on(said.MessageWithdrawn)
def message_withdrawn(rows: Rows, fact: said.MessageWithdrawn, recorded: Recorded) -> None:
    message = _message(rows, fact.thread_id, fact.message_id)
    rows.put(replace(message, withdrawn=Act(fact.withdrawn_by, recorded.origin.recorded_at)))


@on(said.AbuseReported)
def abuse_reported(rows: Rows, fact: said.AbuseReported, recorded: Recorded) -> None:
    reported = Act(fact.reported_by, recorded.origin.recorded_at)
    place = (fact.thread_id, fact.report_id, fact.message_id, recorded.position)
    rows.put(Report(*place, fact.reported_by, reported, fact.reason))


@on(said.AbuseReportSettled)
def abuse_report_settled(rows: Rows, fact: said.AbuseReportSettled, recorded: Recorded) -> None:
    report = rows.get(Report, fact.thread_id, fact.report_id)
    if report is None:
        raise LookupError(f"no report {fact.report_id}")
    origin = recorded.origin
    settled = Act(origin.actor.person or origin.actor.account, origin.recorded_at)
    rows.put(replace(report, outcome=fact.outcome, answer=fact.answer, settled=settled))


@on(said.OutOfOfficeAnnounced)
def out_of_office_announced(rows: Rows, fact: said.OutOfOfficeAnnounced, _: Recorded) -> None:
    away = Away(fact.starts, fact.ends, fact.text, fact.instead_id)
    rows.put(replace(mailbox(rows, fact.person_id), away=away))


@on(said.OutOfOfficeEnded)
def out_of_office_ended(rows: Rows, fact: said.OutOfOfficeEnded, _: Recorded) -> None:
    rows.put(replace(mailbox(rows, fact.person_id), away=None))


@on(said.QuietHoursSet)
def quiet_hours_set(rows: Rows, fact: said.QuietHoursSet, _: Recorded) -> None:
    rows.put(replace(mailbox(rows, fact.person_id), quiet=fact.hours))


@on(said.RecipientGroupFormed)
def recipient_group_formed(rows: Rows, fact: said.RecipientGroupFormed, _: Recorded) -> None:
    rows.put(Group(fact.group_id, fact.kind, fact.name, fact.member_ids))


@on(said.GroupMembersChanged)
def group_members_changed(rows: Rows, fact: said.GroupMembersChanged, _: Recorded) -> None:
    group = rows.get(Group, fact.group_id)
    if group is None:
        raise LookupError(f"no recipient group {fact.group_id}")
    stay = tuple([who for who in group.member_ids if who not in fact.left_ids])
    rows.put(replace(group, member_ids=(*stay, *fact.joined_ids)))


@on(said.RecipientGroupDissolved)
def recipient_group_dissolved(rows: Rows, fact: said.RecipientGroupDissolved, _: Recorded) -> None:
    rows.delete(Group, fact.group_id)


@on(said.MessageRulesSet)
def message_rules_set(rows: Rows, fact: said.MessageRulesSet, _: Recorded) -> None:
    rows.put(Rules(len(rows.find(Rules)) + 1, fact.since, fact.rules))


def _thread(rows: Rows, thread_id: str) -> Thread:
    found = rows.get(Thread, thread_id)
    if found is None:
        raise LookupError(f"no thread {thread_id}")
    return found


def _message(rows: Rows, thread_id: str, message_id: str) -> Message:
    found = rows.get(Message, thread_id, message_id)
    if found is None:
        raise LookupError(f"no message {message_id}")
    return found


def mailbox(view: View, owner_id: str) -> Mailbox:
    """Somebody's mailbox; an empty one of who never got or sent anything."""
    return view.get(Mailbox, owner_id) or Mailbox(owner_id)
