"""Messages: who wrote what to whom, who read it when, what was withdrawn or reported; who may write to whom.

A thread and all that is written in it stand in ``thread/{thread}``, what somebody read of it in
``mailbox/{person}/{thread}``, how somebody wants to be reached in ``mailbox/{person}``, the school's rules in
``messages/rules``, its groups in ``messages/group/{group}``.

Texts are under keys of a class of their own, which may go before the register's (ADR 0160): the key of the
pupil whom the thread is about, or else of whoever wrote.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeAlias

from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import MESSAGES, Fact, Personal, fact
from dziennik.contracts.values import PersonId, Value

ThreadId: TypeAlias = str
MessageId: TypeAlias = str
RecipientGroupId: TypeAlias = str
ReportId: TypeAlias = str


class Importance(StrEnum):
    """How its sender wants a message to be taken."""

    NORMAL = "normal"
    HIGH = "high"


class Reach(StrEnum):
    """To whom of a role somebody may write: to anybody, or to those only with whom a class ties them.

    A class ties its pupils, their parents, and those who teach it or are its homeroom teacher.
    """

    ANYBODY = "anybody"
    OWN = "own"


class AudienceKind(StrEnum):
    """Whom an audience means: on the day of sending, whoever it is by then."""

    CLASS_PARENTS = "class_parents"
    CLASS_PUPILS = "class_pupils"
    CLASS_TEACHERS = "class_teachers"
    PUPIL_PARENTS = "pupil_parents"
    ALL_TEACHERS = "all_teachers"
    ALL_PARENTS = "all_parents"
    ALL_PUPILS = "all_pupils"
    OFFICE = "office"
    GROUP = "group"


class GroupKind(StrEnum):
    """What a group of the school's own is."""

    PARENTS_COUNCIL = "parents_council"
    PUPILS_COUNCIL = "pupils_council"
    OTHER = "other"


class ReportOutcome(StrEnum):
    """What the director found about a reported message."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Audience(Value, frozen=True, kw_only=True):
    """Many at once. `target_id` is the class, the pupil or the group; None for the whole school's."""

    kind: AudienceKind
    target_id: str | None = None


class RecipientRule(Value, frozen=True, kw_only=True):
    """Whoever writes as `sender` may write to those who are `recipient` at school."""

    sender: Role
    recipient: Role
    reach: Reach = Reach.ANYBODY


class AudienceRule(Value, frozen=True, kw_only=True):
    """Whoever writes as `sender` may write to such an audience; OWN: of own classes, groups, children."""

    sender: Role
    audience: AudienceKind
    reach: Reach = Reach.ANYBODY


class MessageRules(Value, frozen=True, kw_only=True):
    """Who may begin to write to whom; what is in neither list is not allowed. Whoever got a message may
    always answer its sender.

    Parents and pupils name at most `family_limit` recipients of one message. `texts_in_archive`: the
    archive of a year holds what was written, not only who wrote to whom when.
    """

    recipients: tuple[RecipientRule, ...]
    audiences: tuple[AudienceRule, ...]
    family_limit: int = 20
    texts_in_archive: bool = True


class QuietHours(Value, frozen=True, kw_only=True):
    """School-local "HH:MM" from `starts` to before `ends`, past midnight if that is earlier; `weekdays` (1
    Monday to 7) are those on which they begin."""

    starts: str
    ends: str
    weekdays: tuple[int, ...]


@fact("messages.message_rules_set.1")
class MessageRulesSet(Fact, frozen=True, kw_only=True):
    """From `since` on these rules hold; they replace those before."""

    since: date
    rules: MessageRules


@fact("messages.recipient_group_formed.1")
class RecipientGroupFormed(Fact, frozen=True, kw_only=True):
    """The school formed a group that can be written to as one (the parents' council)."""

    group_id: RecipientGroupId
    kind: GroupKind
    name: str
    member_ids: tuple[PersonId, ...]


@fact("messages.group_members_changed.1")
class GroupMembersChanged(Fact, frozen=True, kw_only=True):
    """Some joined the group, some left it."""

    group_id: RecipientGroupId
    joined_ids: tuple[PersonId, ...]
    left_ids: tuple[PersonId, ...]


@fact("messages.recipient_group_dissolved.1")
class RecipientGroupDissolved(Fact, frozen=True, kw_only=True):
    """Nobody can write to the group any more."""

    group_id: RecipientGroupId


@fact("messages.thread_opened.1", person="concerns_id")
class ThreadOpened(Fact, frozen=True, kw_only=True):
    """Somebody began to write about something.

    `pupil_id`: the pupil whom the thread is about, if it is about one. `concerns_id` names whose key protects
    the text: that pupil, or else whoever opened the thread.
    """

    key_class: ClassVar[str] = MESSAGES

    thread_id: ThreadId
    opened_by: PersonId
    concerns_id: PersonId
    subject: Personal
    pupil_id: PersonId | None = None


@fact("messages.message_sent.1", person="concerns_id")
class MessageSent(Fact, frozen=True, kw_only=True):
    """A message was delivered to all `recipient_ids`: each once, the sender never among them.

    `audiences` says as whom they were addressed who were not named one by one (`named_ids`); `reply_to` which
    message of the thread it answers. Whoever is neither sender nor recipient does not see it, whatever else
    of the thread they see. `rule_version` counts how often the school's rules had been set (0: the usual
    ones).
    """

    key_class: ClassVar[str] = MESSAGES

    thread_id: ThreadId
    message_id: MessageId
    sender_id: PersonId
    concerns_id: PersonId
    body: Personal
    recipient_ids: tuple[PersonId, ...]
    named_ids: tuple[PersonId, ...] = ()
    audiences: tuple[Audience, ...] = ()
    importance: Importance = Importance.NORMAL
    reply_to: MessageId | None = None
    attachments: tuple[Attached, ...] = ()
    rule_version: int = 0


@fact("messages.message_read.1")
class MessageRead(Fact, frozen=True, kw_only=True):
    """A recipient opened the message for the first time."""

    thread_id: ThreadId
    message_id: MessageId
    reader_id: PersonId


@fact("messages.message_withdrawn.1")
class MessageWithdrawn(Fact, frozen=True, kw_only=True):
    """The sender took the message back, or the director removed a reported one: recipients see that it was
    there, and not what it said."""

    thread_id: ThreadId
    message_id: MessageId
    withdrawn_by: PersonId


@fact("messages.abuse_reported.1", person="reported_by")
class AbuseReported(Fact, frozen=True, kw_only=True):
    """A recipient showed the message to the director."""

    key_class: ClassVar[str] = MESSAGES

    report_id: ReportId
    thread_id: ThreadId
    message_id: MessageId
    reported_by: PersonId
    reason: Personal


@fact("messages.abuse_report_settled.1", person="reported_by")
class AbuseReportSettled(Fact, frozen=True, kw_only=True):
    """The director said what is to be thought of it; whoever reported it reads the `answer`."""

    key_class: ClassVar[str] = MESSAGES

    report_id: ReportId
    thread_id: ThreadId
    message_id: MessageId
    reported_by: PersonId
    outcome: ReportOutcome
    answer: Personal


@fact("messages.out_of_office_announced.1", person="person_id")
class OutOfOfficeAnnounced(Fact, frozen=True, kw_only=True):
    """From `starts` to `ends`, both included, whoever writes to the person is told `text`, and whom to turn
    to instead. The latest announcement holds."""

    key_class: ClassVar[str] = MESSAGES

    person_id: PersonId
    starts: date
    ends: date
    text: Personal
    instead_id: PersonId | None = None


@fact("messages.out_of_office_ended.1")
class OutOfOfficeEnded(Fact, frozen=True, kw_only=True):
    """The person is back, or was not away after all."""

    person_id: PersonId


@fact("messages.quiet_hours_set.1")
class QuietHoursSet(Fact, frozen=True, kw_only=True):
    """When nobody wants to be told of new messages: they lie in the mailbox, unannounced. The latest holds;
    none: no quiet hours."""

    person_id: PersonId
    hours: tuple[QuietHours, ...]
