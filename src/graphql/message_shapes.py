"""The types of the answers about messages, and how rows become them for the one who looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast

import strawberry

from dziennik.contracts import messages as said
from dziennik.contracts.envelope import Role as Roles
from dziennik.contracts.facts import ERASED
from dziennik.domain.policies.usual_messages import STAFF
from dziennik.graphql import rendering
from dziennik.graphql.absence_shapes import AttachedFile, attached_file
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import ID, Role, connection_of
from dziennik.projections import mailboxes, messages, people, structure
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View

Json = dict[str, Any]
Importance = enum_named(said.Importance)
Reach = enum_named(said.Reach)
AudienceKind = enum_named(said.AudienceKind)
GroupKind = enum_named(said.GroupKind)
ReportOutcome = enum_named(said.ReportOutcome)


@strawberry.enum(name="MailboxBox")
class Box(Enum):
    """Which of one's threads: all, those in which one got, sent, or has not read something."""

    ALL = "last"
    RECEIVED = "last_received"
    SENT = "last_sent"
    UNREAD = "unread"


@strawberry.type(description="Somebody one writes with; name: null when it was erased.")
class Correspondent:
    id: ID
    name: str | None


@strawberry.type(description="Many at once; targetId: the class, pupil or group, name: how it is called.")
class MessageAudience:
    kind: AudienceKind  # type: ignore[valid-type]
    target_id: ID | None
    name: str | None


@strawberry.type(description="Who did it, and when.")
class MessageAct:
    by: Correspondent
    at: datetime


@strawberry.type(description="Days on which somebody is away, both included, and what they say about it.")
class OutOfOffice:
    starts: date
    ends: date
    text: str | None
    instead: Correspondent | None


@strawberry.type(
    description="From starts to before ends (HH:MM, past midnight if earlier), on these weekdays."
)
class QuietHours:
    starts: str
    ends: str
    weekdays: list[int]


@strawberry.type(description="One's mailbox: how many messages are unread, how many threads there are.")
class Mailbox:
    unread: int
    threads: int
    received: int
    sent: int
    away: OutOfOffice | None
    quiet_hours: list[QuietHours]
    quiet_until: datetime | None = strawberry.field(
        description="Until when one is not told of new messages; null: it is not quiet now."
    )


@strawberry.type(description="A message as the asker sees it: as its sender, or as one who got it.")
class MailMessage:
    id: ID
    thread_id: ID
    sender: Correspondent
    sender_role: Role
    sent_at: datetime
    body: str | None = strawberry.field(description="Plain text; null when it was withdrawn or erased.")
    erased: bool
    importance: Importance  # type: ignore[valid-type]
    reply_to: ID | None
    to: list[Correspondent] = strawberry.field(
        description="Who was named: all for the sender; others see the school's staff and themselves."
    )
    audiences: list[MessageAudience]
    recipients: int
    mine: bool = strawberry.field(description="Whether the asker sent it.")
    read_at: datetime | None = strawberry.field(description="When the asker first opened it.")
    times_read: int | None = strawberry.field(description="By how many recipients; for the sender alone.")
    attachments: list[AttachedFile]
    withdrawn: MessageAct | None


@strawberry.type(description="A thread in one's mailbox; last: its latest message that one sent or got.")
class MailThread:
    id: ID
    subject: str | None = strawberry.field(description="null when it was erased.")
    opened_by: Correspondent
    opened_at: datetime
    pupil: Correspondent | None = strawberry.field(description="Whom it is about, if it is about a pupil.")
    messages: int
    unread: int
    last: MailMessage


@strawberry.type(description="A thread with all of its messages that one sent or got, in their order.")
class WholeThread:
    id: ID
    subject: str | None
    opened_by: Correspondent
    opened_at: datetime
    pupil: Correspondent | None
    message_count: int = strawberry.field(description="How many messages of it one sent or got in all.")
    messages: list[MailMessage]


@strawberry.type(
    description="A recipient of one's message; away: what they announced for the day of sending."
)
class MessageReceipt:
    person: Correspondent
    read_at: datetime | None
    away: OutOfOffice | None


@strawberry.type(description="Somebody to whom one may write, and whether they are away today.")
class PossibleRecipient:
    person: Correspondent
    roles: list[Role]
    away: OutOfOffice | None


@strawberry.type(description="Whoever writes in one role may write to those in the other.")
class RecipientRule:
    sender: Role
    recipient: Role
    reach: Reach  # type: ignore[valid-type]


@strawberry.type(description="Whoever writes in the role may write to such an audience.")
class AudienceRule:
    sender: Role
    audience: AudienceKind  # type: ignore[valid-type]
    reach: Reach  # type: ignore[valid-type]


@strawberry.type(description="The school's rules of today; version 0: the usual ones.")
class MessageRules:
    version: int
    recipients: list[RecipientRule]
    audiences: list[AudienceRule]
    family_limit: int
    texts_in_archive: bool


@strawberry.type(description="A group of the school's own that can be written to as one.")
class RecipientGroup:
    id: ID
    kind: GroupKind  # type: ignore[valid-type]
    name: str
    members: list[Correspondent]


@strawberry.type(description="A message that a recipient showed to the director, with what became of it.")
class ReportedMessage:
    id: ID
    thread_id: ID
    message: MailMessage
    reported: MessageAct
    reason: str | None
    outcome: ReportOutcome | None  # type: ignore[valid-type]
    answer: str | None
    settled: MessageAct | None


@strawberry.type(description="A message that one reported, and what the director answered.")
class OwnReport:
    id: ID
    thread_id: ID
    message_id: ID
    reported_at: datetime
    reason: str | None
    outcome: ReportOutcome | None  # type: ignore[valid-type]
    answer: str | None


MailThreadConnection, _ = connection_of(MailThread, "MailThread")
MailMessageConnection, _ = connection_of(MailMessage, "MailMessage")
MessageReceiptConnection, _ = connection_of(MessageReceipt, "MessageReceipt")
ReportedMessageConnection, _ = connection_of(ReportedMessage, "ReportedMessage")


def told(text: str | None) -> str | None:
    """A text, or null when it was erased."""
    return None if text == ERASED else text


@dataclass(frozen=True)
class Names:
    """Whom ids name, and who of them is the school's staff; asked once for a page."""

    known: dict[str, people.Person]
    staff: frozenset[str]
    units: dict[str, str]
    groups: dict[str, str]

    def of(self, person_id: str) -> Json:
        person = self.known.get(person_id)
        texts = (person.given_names, person.family_name) if person else (ERASED,)
        name = None if ERASED in texts else " ".join(texts)
        return {"id": person_id, "name": name}

    def maybe(self, person_id: str | None) -> Json | None:
        return None if person_id is None else self.of(person_id)

    def act(self, act: messages.Act | None) -> Json | None:
        return None if act is None else {"by": self.of(act.by), "at": rendering.instant(act.at)}

    def audience(self, audience: said.Audience) -> Json:
        target_id = audience.target_id or ""
        name = self.units.get(target_id) or self.groups.get(target_id)
        if audience.kind is said.AudienceKind.PUPIL_PARENTS:
            name = self.of(target_id)["name"]
        return {"kind": audience.kind.name, "targetId": audience.target_id, "name": name}


def names_for(
    view: View,
    day: date,
    rows: Sequence[messages.Message],
    others: Iterable[str | None] = (),
    viewer: str = "",
) -> Names:
    """For these messages as the viewer sees them, and `others` whom an answer names."""
    unsure = (who for row in rows if row.sender_id != viewer for who in row.named_ids if who != viewer)
    audiences = {audience for row in rows for audience in row.audiences}
    ids = {one.target_id for one in audiences if one.target_id}
    wanted = [who for row in rows for who in (row.sender_id, *row.named_ids)]
    wanted += [row.withdrawn.by for row in rows if row.withdrawn]
    wanted += [who for who in (*others, *ids) if who]
    units = view.many(structure.Unit, [(one,) for one in sorted(ids)])
    return Names(
        known=people.persons(view, wanted),
        staff=staff_on(view, day) if any(unsure) else frozenset(),
        units={unit.unit_id: unit.name for unit in units if unit},
        groups={group.group_id: group.name for group in mailboxes.groups(view, sorted(ids))},
    )


def staff_on(view: View, day: date) -> frozenset[str]:
    """Who works at the school that day."""
    rows = [row for role in STAFF for row in view.find(people.RoleHeld, role=role)]
    return frozenset(row.person_id for row in rows if in_force(row, day))


def message(row: messages.Message, letter: messages.Letter | None, names: Names, read: int | None) -> Json:
    """As the owner of the letter sees it; without one as the director sees what was reported."""
    mine = letter is not None and letter.sent
    viewer = letter.owner_id if letter else ""
    hidden = row.withdrawn is not None and not mine and letter is not None
    to = [who for who in row.named_ids if mine or who == viewer or who in names.staff]
    return {
        "id": row.message_id,
        "threadId": row.thread_id,
        "sender": names.of(row.sender_id),
        "senderRole": row.sender_role.name,
        "sentAt": rendering.instant(row.sent_at),
        "body": None if hidden else told(row.body),
        "erased": row.body == ERASED,
        "importance": row.importance.name,
        "replyTo": row.reply_to,
        "to": [names.of(who) for who in to],
        "audiences": [names.audience(one) for one in row.audiences],
        "recipients": row.recipients,
        "mine": mine,
        "readAt": rendering.instant(letter.read_at) if letter and letter.read_at else None,
        "timesRead": (read or 0) if mine else None,
        "attachments": [] if hidden else [attached_file(one) for one in row.attachments],
        "withdrawn": names.act(row.withdrawn),
    }


def away(found: messages.Away | None, names: Names, day: date) -> Json | None:
    """What somebody announced, if the day lies in it."""
    if found is None or not found.on(day):
        return None
    return announced(found, names)


def announced(found: messages.Away, names: Names) -> Json:
    """What somebody announced."""
    return {
        "starts": found.starts.isoformat(),
        "ends": found.ends.isoformat(),
        "text": told(found.text),
        "instead": names.maybe(found.instead_id),
    }


def rules(row: messages.Rules) -> Json:
    found = row.rules
    return {
        "version": row.version,
        "recipients": [
            {"sender": one.sender.name, "recipient": one.recipient.name, "reach": one.reach.name}
            for one in found.recipients
        ],
        "audiences": [
            {"sender": one.sender.name, "audience": one.audience.name, "reach": one.reach.name}
            for one in found.audiences
        ],
        "familyLimit": found.family_limit,
        "textsInArchive": found.texts_in_archive,
    }


def own_report(row: messages.Report) -> Json:
    """A report as whoever made it sees it."""
    return {
        "id": row.report_id,
        "threadId": row.thread_id,
        "messageId": row.message_id,
        "reportedAt": rendering.instant(row.reported.at),
        "reason": told(row.reason),
        "outcome": row.outcome.name if row.outcome else None,
        "answer": told(row.answer),
    }


def role_names(roles: Iterable[Roles]) -> list[str]:
    """Roles in the order of the schema."""
    held = set(roles)
    return [role.name for role in cast("list[Roles]", list(Roles)) if role in held]
