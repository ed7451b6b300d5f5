"""What decisions about messages need to know: threads, what was read of them, mailboxes, rules, groups.

No state keeps what was written: whoever decides need not read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.messages import MessageRules
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.policies.usual_messages import USUAL_MESSAGES
from dziennik.domain.world import Stream


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A message as decisions need it."""

    sender_id: str
    recipients: frozenset[str]
    named_ids: tuple[str, ...]
    audiences: tuple[said.Audience, ...]
    withdrawn: bool = False

    def is_of(self, person_id: str) -> bool:
        """Whether the person sent or got it."""
        return person_id == self.sender_id or person_id in self.recipients


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A reported message; `outcome` None: not settled."""

    message_id: str
    reported_by: str
    outcome: said.ReportOutcome | None = None


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A thread; `opened_by` None: there is none."""

    opened_by: str | None = None
    pupil_id: str | None = None
    messages: Mapping[str, Written] = {}
    reports: Mapping[str, Report] = {}

    def is_of(self, person_id: str) -> bool:
        """Whether the person sent or got anything in it."""
        return any(one.is_of(person_id) for one in self.messages.values())


_thread: Evolution[Thread] = Evolution()


def thread(thread_id: str) -> Stream[Thread]:
    """The stream of a thread."""
    return Stream(streams.thread(thread_id), Thread(), _thread)


@_thread.on(said.ThreadOpened)
def _opened(state: Thread, fact: said.ThreadOpened) -> Thread:
    return replace(state, opened_by=fact.opened_by, pupil_id=fact.pupil_id)


@_thread.on(said.MessageSent)
def _sent(state: Thread, fact: said.MessageSent) -> Thread:
    written = Written(
        sender_id=fact.sender_id,
        recipients=frozenset(fact.recipient_ids),
        named_ids=fact.named_ids,
        audiences=fact.audiences,
    )
    return replace(state, messages=put(state.messages, fact.message_id, written))


@_thread.on(said.MessageWithdrawn)
def _withdrawn(state: Thread, fact: said.MessageWithdrawn) -> Thread:
    written = replace(state.messages[fact.message_id], withdrawn=True)
    return replace(state, messages=put(state.messages, fact.message_id, written))


@_thread.on(said.AbuseReported)
def _reported(state: Thread, fact: said.AbuseReported) -> Thread:
    report = Report(message_id=fact.message_id, reported_by=fact.reported_by)
    return replace(state, reports=put(state.reports, fact.report_id, report))


@_thread.on(said.AbuseReportSettled)
def _settled(state: Thread, fact: said.AbuseReportSettled) -> Thread:
    report = replace(state.reports[fact.report_id], outcome=fact.outcome)
    return replace(state, reports=put(state.reports, fact.report_id, report))


_read: Evolution[frozenset[str]] = Evolution()


def read_in(person_id: str, thread_id: str) -> Stream[frozenset[str]]:
    """Which messages of a thread the person has read."""
    return Stream(streams.read_in(person_id, thread_id), frozenset(), _read)


@_read.on(said.MessageRead)
def _message_read(state: frozenset[str], fact: said.MessageRead) -> frozenset[str]:
    return state | {fact.message_id}


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """How a person wants to be reached: (starts, ends, instead) of an absence, quiet hours."""

    away: tuple[date, date, str | None] | None = None
    quiet: tuple[said.QuietHours, ...] = ()


_mailbox: Evolution[Mailbox] = Evolution()


def mailbox(person_id: str) -> Stream[Mailbox]:
    """The stream of a person's wishes."""
    return Stream(streams.mailbox(person_id), Mailbox(), _mailbox)


@_mailbox.on(said.OutOfOfficeAnnounced)
def _away(state: Mailbox, fact: said.OutOfOfficeAnnounced) -> Mailbox:
    return replace(state, away=(fact.starts, fact.ends, fact.instead_id))


@_mailbox.on(said.OutOfOfficeEnded)
def _back(state: Mailbox, _: said.OutOfOfficeEnded) -> Mailbox:
    return replace(state, away=None)


@_mailbox.on(said.QuietHoursSet)
def _quiet(state: Mailbox, fact: said.QuietHoursSet) -> Mailbox:
    return replace(state, quiet=fact.hours)


class DatedRules(msgspec.Struct, frozen=True, kw_only=True):
    """Rules by the day from which on they hold, in the order in which they were set."""

    dated: tuple[tuple[date, MessageRules], ...] = ()

    def on(self, day: date) -> tuple[int, MessageRules]:
        """The rules in force on a day, and how often rules had been set by then; the usual ones are 0."""
        found = [(version, rules) for version, (since, rules) in enumerate(self.dated, 1) if since <= day]
        return found[-1] if found else (0, USUAL_MESSAGES)


_rules: Evolution[DatedRules] = Evolution()
RULES: Stream[DatedRules] = Stream(streams.MESSAGE_RULES, DatedRules(), _rules)


@_rules.on(said.MessageRulesSet)
def _rules_set(state: DatedRules, fact: said.MessageRulesSet) -> DatedRules:
    return replace(state, dated=(*state.dated, (fact.since, fact.rules)))


class RecipientGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group of the school's own; `name` None: there is none, or none any more."""

    formed: bool = False
    name: str | None = None
    member_ids: tuple[str, ...] = ()


_group: Evolution[RecipientGroup] = Evolution()


def recipient_group(group_id: str) -> Stream[RecipientGroup]:
    """The stream of a group."""
    return Stream(streams.recipient_group(group_id), RecipientGroup(), _group)


@_group.on(said.RecipientGroupFormed)
def _formed(_: RecipientGroup, fact: said.RecipientGroupFormed) -> RecipientGroup:
    return RecipientGroup(formed=True, name=fact.name, member_ids=fact.member_ids)


@_group.on(said.GroupMembersChanged)
def _members(state: RecipientGroup, fact: said.GroupMembersChanged) -> RecipientGroup:
    stay = tuple([one for one in state.member_ids if one not in fact.left_ids])
    return replace(state, member_ids=(*stay, *fact.joined_ids))


@_group.on(said.RecipientGroupDissolved)
def _dissolved(state: RecipientGroup, _: said.RecipientGroupDissolved) -> RecipientGroup:
    return replace(state, name=None)
