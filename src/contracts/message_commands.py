"""What can be asked for about messages, and how it is refused. The facts: contracts.messages."""

from __future__ import annotations

from datetime import date

from dziennik.contracts.attachments import Attached
from dziennik.contracts.commands import Command, command
from dziennik.contracts.messages import (
    Audience,
    GroupKind,
    Importance,
    MessageId,
    MessageRules,
    QuietHours,
    RecipientGroupId,
    ReportId,
    ReportOutcome,
    ThreadId,
)
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId


@command("messages.set_message_rules")
class SetMessageRules(Command, frozen=True, kw_only=True):
    """Say who may write to whom from a day on, not earlier than today."""

    since: date
    rules: MessageRules


@command("messages.form_recipient_group")
class FormRecipientGroup(Command, frozen=True, kw_only=True):
    """Form a group that can be written to as one."""

    group_id: RecipientGroupId
    kind: GroupKind
    name: str
    member_ids: tuple[PersonId, ...]


@command("messages.change_group_members")
class ChangeGroupMembers(Command, frozen=True, kw_only=True):
    """Let people join a group and leave it."""

    group_id: RecipientGroupId
    joined_ids: tuple[PersonId, ...] = ()
    left_ids: tuple[PersonId, ...] = ()


@command("messages.dissolve_recipient_group")
class DissolveRecipientGroup(Command, frozen=True, kw_only=True):
    group_id: RecipientGroupId


@command("messages.send_message")
class SendMessage(Command, frozen=True, kw_only=True):
    """Begin a thread: write to people, to audiences, or to both.

    With `pupil_id` the thread is about that pupil: then of parents only the pupil's own can be written to.
    """

    thread_id: ThreadId
    message_id: MessageId
    subject: str
    body: str
    recipient_ids: tuple[PersonId, ...] = ()
    audiences: tuple[Audience, ...] = ()
    pupil_id: PersonId | None = None
    importance: Importance = Importance.NORMAL
    attachments: tuple[Attached, ...] = ()


@command("messages.reply_to_message")
class ReplyToMessage(Command, frozen=True, kw_only=True):
    """Answer a message that one sent or got: to its sender, or to `recipient_ids`.

    With `to_all` to its sender and all to whom it was addressed, as far as one may write to them; one's own
    message is followed up this way.
    """

    thread_id: ThreadId
    message_id: MessageId
    reply_to: MessageId
    body: str
    recipient_ids: tuple[PersonId, ...] = ()
    to_all: bool = False
    importance: Importance = Importance.NORMAL
    attachments: tuple[Attached, ...] = ()


@command("messages.mark_messages_read")
class MarkMessagesRead(Command, frozen=True, kw_only=True):
    """Say that one opened messages of a thread; those read before stay as they were."""

    thread_id: ThreadId
    message_ids: tuple[MessageId, ...]


@command("messages.withdraw_message")
class WithdrawMessage(Command, frozen=True, kw_only=True):
    """Take one's message back. Who read it has read it; it stays visible that there was one."""

    thread_id: ThreadId
    message_id: MessageId


@command("messages.report_abuse")
class ReportAbuse(Command, frozen=True, kw_only=True):
    """Show a message that one got to the director."""

    report_id: ReportId
    thread_id: ThreadId
    message_id: MessageId
    reason: str


@command("messages.settle_abuse_report")
class SettleAbuseReport(Command, frozen=True, kw_only=True):
    """Answer whoever reported a message; with `withdraw` recipients do not see any more what it said."""

    report_id: ReportId
    thread_id: ThreadId
    outcome: ReportOutcome
    answer: str
    withdraw: bool = False


@command("messages.announce_out_of_office")
class AnnounceOutOfOffice(Command, frozen=True, kw_only=True):
    """Tell whoever writes that one is away, until when, and whom to turn to."""

    starts: date
    ends: date
    text: str
    instead_id: PersonId | None = None


@command("messages.end_out_of_office")
class EndOutOfOffice(Command, frozen=True, kw_only=True):
    """One is back from the absence that was announced as beginning on `starts`."""

    starts: date


@command("messages.set_quiet_hours")
class SetQuietHours(Command, frozen=True, kw_only=True):
    """Say when one does not want to be told of new messages; none: at any time."""

    hours: tuple[QuietHours, ...]


# Whoever may not see a thread is told the same as if there were none.
NO_SUCH_THREAD = Reason(
    "MESSAGES.NO_SUCH_THREAD",
    pl="Nie masz wątku {thread}.",
    en="You have no thread {thread}.",
)
NO_SUCH_MESSAGE = Reason(
    "MESSAGES.NO_SUCH_MESSAGE",
    pl="W tym wątku nie masz wiadomości {message}.",
    en="You have no message {message} in this thread.",
)
ID_TAKEN = Reason(
    "MESSAGES.ID_TAKEN",
    pl="Ten identyfikator jest już zajęty. Wyślij wiadomość z nowym.",
    en="This id is taken. Send the message with a new one.",
)
# The same for people who are not there: nobody finds out ids this way.
RECIPIENT_NOT_ALLOWED = Reason(
    "MESSAGES.RECIPIENT_NOT_ALLOWED",
    pl="Do adresata {recipient} nie możesz pisać według zasad szkoły. Usuń go z listy.",
    en="By the school's rules you cannot write to {recipient}. Take them off the list.",
)
AUDIENCE_NOT_ALLOWED = Reason(
    "MESSAGES.AUDIENCE_NOT_ALLOWED",
    pl="Do tej grupy odbiorców nie możesz pisać według zasad szkoły. Wybierz inną.",
    en="By the school's rules you cannot write to this audience. Choose another.",
)
AUDIENCE_UNSOUND = Reason(
    "MESSAGES.AUDIENCE_UNSOUND",
    pl="Grupa odbiorców {kind} wymaga wskazania klasy, ucznia albo grupy; grupy całej szkoły nie.",
    en="The audience {kind} needs its class, pupil or group; those of the whole school do not.",
)
NO_RECIPIENTS = Reason(
    "MESSAGES.NO_RECIPIENTS",
    pl="Nie ma do kogo wysłać tej wiadomości. Wskaż adresatów.",
    en="There is nobody to send this message to. Name recipients.",
)
TOO_MANY_RECIPIENTS = Reason(
    "MESSAGES.TOO_MANY_RECIPIENTS",
    pl="Adresatów może być najwyżej {limit}. Podziel wiadomość.",
    en="There may be at most {limit} recipients. Send the message in parts.",
)
TOO_MANY_MESSAGES = Reason(
    "MESSAGES.TOO_MANY_MESSAGES",
    pl="Naraz można oznaczyć najwyżej {limit} wiadomości. Zrób to w częściach.",
    en="At most {limit} messages can be marked at once. Do it in parts.",
)
NOT_THEIR_CHILD = Reason(
    "MESSAGES.NOT_THEIR_CHILD",
    pl="Wątek dotyczy ucznia, którego adresat {recipient} nie jest rodzicem. Usuń tego adresata.",
    en="The thread is about a pupil whose parent {recipient} is not. Take this recipient off.",
)
NOT_YOUR_PUPIL = Reason(
    "MESSAGES.NOT_YOUR_PUPIL",
    pl="Nie możesz pisać w sprawie tego ucznia.",
    en="You cannot write about this pupil.",
)
NOT_YOUR_MESSAGE = Reason(
    "MESSAGES.NOT_YOUR_MESSAGE",
    pl="Wycofać wiadomość może tylko jej autor.",
    en="Only its sender can withdraw a message.",
)
NOT_RECEIVED = Reason(
    "MESSAGES.NOT_RECEIVED",
    pl="Ta wiadomość nie była do Ciebie.",
    en="This message was not sent to you.",
)
MESSAGE_WITHDRAWN = Reason(
    "MESSAGES.MESSAGE_WITHDRAWN",
    pl="Ta wiadomość została wycofana.",
    en="This message was withdrawn.",
)
ALREADY_REPORTED = Reason(
    "MESSAGES.ALREADY_REPORTED",
    pl="Ta wiadomość jest już zgłoszona dyrektorowi.",
    en="This message has been reported to the director already.",
)
NO_SUCH_REPORT = Reason(
    "MESSAGES.NO_SUCH_REPORT",
    pl="Nie ma zgłoszenia {report}.",
    en="There is no report {report}.",
)
REPORT_SETTLED = Reason(
    "MESSAGES.REPORT_SETTLED",
    pl="To zgłoszenie jest już rozstrzygnięte.",
    en="This report is settled already.",
)
ENDS_BEFORE_START = Reason(
    "MESSAGES.ENDS_BEFORE_START",
    pl="Koniec ({ends}) jest przed początkiem ({starts}).",
    en="The end ({ends}) lies before the start ({starts}).",
)
SINCE_PAST = Reason(
    "MESSAGES.SINCE_PAST",
    pl="Zasady mogą obowiązywać najwcześniej od dziś ({today}).",
    en="Rules can hold from today on at the earliest ({today}).",
)
RULES_UNSOUND = Reason(
    "MESSAGES.RULES_UNSOUND",
    pl="Zasady wymieniają dwa razy to samo albo rolę, która nie pisze wiadomości: {what}.",
    en="The rules say the same thing twice, or name a role that writes no messages: {what}.",
)
LIMIT_UNSOUND = Reason(
    "MESSAGES.LIMIT_UNSOUND",
    pl="Rodzic lub uczeń może wskazać od 1 do {most} adresatów.",
    en="A parent or pupil may name 1 to {most} recipients.",
)
HOURS_UNSOUND = Reason(
    "MESSAGES.HOURS_UNSOUND",
    pl="Godziny ciszy podaje się jako GG:MM, różne od siebie, w dniach tygodnia od 1 do 7 bez powtórzeń.",
    en="Quiet hours are given as HH:MM, unlike each other, on weekdays 1 to 7 without repeats.",
)
NO_SUCH_GROUP = Reason(
    "MESSAGES.NO_SUCH_GROUP",
    pl="Nie ma grupy odbiorców {group}.",
    en="There is no recipient group {group}.",
)
NOT_A_MEMBER = Reason(
    "MESSAGES.NOT_A_MEMBER",
    pl="Osoba {person} nie jest w tej grupie.",
    en="The person {person} is not in this group.",
)
SUBJECT_TOO_LONG = Reason(
    "MESSAGES.SUBJECT_TOO_LONG",
    pl="Temat ma {length} znaków; najwyżej {limit}.",
    en="The subject has {length} characters; at most {limit}.",
)
TOO_MANY_DRAFTS = Reason(
    "MESSAGES.TOO_MANY_DRAFTS",
    pl="Wersji roboczych może być najwyżej {limit}. Wyślij albo usuń którąś.",
    en="There may be at most {limit} drafts. Send or discard one.",
)
DRAFT_TOO_LONG = Reason(
    "MESSAGES.DRAFT_TOO_LONG",
    pl="Wersja robocza jest za długa: najwyżej {limit} bajtów.",
    en="The draft is too long: at most {limit} bytes.",
)
NO_SUCH_DRAFT = Reason(
    "MESSAGES.NO_SUCH_DRAFT",
    pl="Nie ma takiej wersji roboczej.",
    en="There is no such draft.",
)
NOT_TO_BE_SENT_THEN = Reason(
    "MESSAGES.NOT_TO_BE_SENT_THEN",
    pl="Wiadomość można wysłać później, najwyżej za {days} dni.",
    en="A message can be sent later than now, within {days} days.",
)
TOO_MANY_A_DAY = Reason(
    "MESSAGES.TOO_MANY_A_DAY",
    pl="Wysłano dziś {limit} wiadomości. Następne wyślij jutro.",
    en="{limit} messages were sent today. Send further ones tomorrow.",
)
