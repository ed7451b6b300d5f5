"""The rules for messages: sending, answering, reading, withdrawing, reporting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from dziennik.contracts import message_commands as orders
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal
from dziennik.domain.message_state import Thread, Written, read_in, thread
from dziennik.domain.people import person
from dziennik.domain.policies.plain_text import plain, plain_line
from dziennik.domain.policies.usual_messages import WRITING
from dziennik.domain.recipients import Reaching, addressed, held_roles, is_family, is_staff, parents_on
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.world import Asked, Decision, Entry, World

LONGEST_SUBJECT = 200
MOST_READ = 200  # messages of one command


@decides(orders.SendMessage, by=WRITING)
def _send(world: World, command: orders.SendMessage, asked: Asked) -> Decision:
    sender_id = asked.actor.person
    if sender_id is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    if world[thread(command.thread_id)].opened_by is not None:
        return orders.ID_TAKEN(field="thread_id")
    subject, body = plain_line(command.subject), plain(command.body)
    fault = _fault_in_texts(subject, body) or _fault_in_pupil(world, command.pupil_id, asked)
    if fault:
        return fault
    reaching = Reaching(world, asked)
    recipients = addressed(reaching, command.recipient_ids, command.audiences)
    if isinstance(recipients, Refusal):
        return recipients
    fault = _fault_in_parents(world, command.pupil_id, recipients, asked)
    if fault:
        return fault
    concerns = command.pupil_id or sender_id
    opened = said.ThreadOpened(
        thread_id=command.thread_id,
        opened_by=sender_id,
        concerns_id=concerns,
        subject=subject,
        pupil_id=command.pupil_id,
    )
    sent = said.MessageSent(
        thread_id=command.thread_id,
        message_id=command.message_id,
        sender_id=sender_id,
        concerns_id=concerns,
        body=body,
        recipient_ids=tuple(recipients),
        named_ids=_named(command.recipient_ids, sender_id),
        audiences=tuple(dict.fromkeys(command.audiences)),
        importance=command.importance,
        attachments=command.attachments,
        rule_version=reaching.version,
    )
    return _on(command.thread_id, opened, sent)


@decides(orders.ReplyToMessage, by=WRITING)
def _reply(world: World, command: orders.ReplyToMessage, asked: Asked) -> Decision:
    sender_id, state = asked.actor.person, world[thread(command.thread_id)]
    if sender_id is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    answered = _own(state, command.thread_id, command.reply_to, sender_id, "reply_to")
    if isinstance(answered, Refusal):
        return answered
    if command.message_id in state.messages:
        return orders.ID_TAKEN(field="message_id")
    body = plain(command.body)
    fault = _fault_in_body(body) or _fault_in_pupil(world, state.pupil_id, asked)
    if fault:
        return fault
    reaching = Reaching(world, asked)
    named, audiences = _answered(command, answered, sender_id)
    recipients = addressed(reaching, named, audiences, allowed=(answered.sender_id,))
    if isinstance(recipients, Refusal):
        # Whom else it went to is none of the answerer's business: not even who is in the way.
        return orders.AUDIENCE_NOT_ALLOWED(field="to_all") if command.to_all else recipients
    fault = _fault_in_parents(world, state.pupil_id, recipients, asked)
    if fault:
        return fault
    sent = said.MessageSent(
        thread_id=command.thread_id,
        message_id=command.message_id,
        sender_id=sender_id,
        concerns_id=state.pupil_id or sender_id,
        body=body,
        recipient_ids=tuple(recipients),
        named_ids=_named(named, sender_id),
        audiences=audiences,
        importance=command.importance,
        reply_to=command.reply_to,
        attachments=command.attachments,
        rule_version=reaching.version,
    )
    return _on(command.thread_id, sent)


def _answered(
    command: orders.ReplyToMessage, answered: Written, sender_id: str
) -> tuple[tuple[str, ...], tuple[said.Audience, ...]]:
    """To whom an answer goes: people by name, and audiences, who is in them by now."""
    back = (answered.sender_id,) if answered.sender_id != sender_id else ()
    if command.to_all:
        named = [who for who in (*back, *answered.named_ids, *command.recipient_ids) if who != sender_id]
        return tuple(dict.fromkeys(named)), answered.audiences
    return tuple(dict.fromkeys(command.recipient_ids)) or back, ()


@decides(orders.MarkMessagesRead, by=WRITING)
def _mark_read(world: World, command: orders.MarkMessagesRead, asked: Asked) -> Decision:
    reader_id = asked.actor.person or ""
    if len(command.message_ids) > MOST_READ:
        return orders.TOO_MANY_MESSAGES(limit=MOST_READ, field="message_ids")
    state = world[thread(command.thread_id)]
    known = world[read_in(reader_id, command.thread_id)]
    facts: list[Entry] = []
    for place, message_id in enumerate(dict.fromkeys(command.message_ids)):
        written = _own(state, command.thread_id, message_id, reader_id, f"message_ids[{place}]")
        if isinstance(written, Refusal):
            return written
        if reader_id in written.recipients and message_id not in known:
            read = said.MessageRead(thread_id=command.thread_id, message_id=message_id, reader_id=reader_id)
            facts.append(Entry(streams.read_in(reader_id, command.thread_id), read))
    return facts


@decides(orders.WithdrawMessage, by=WRITING)
def _withdraw(world: World, command: orders.WithdrawMessage, asked: Asked) -> Decision:
    who, state = asked.actor.person or "", world[thread(command.thread_id)]
    written = _own(state, command.thread_id, command.message_id, who, "message_id")
    if isinstance(written, Refusal):
        return written
    if written.sender_id != who:
        return orders.NOT_YOUR_MESSAGE(field="message_id")
    return _taken_back(command.thread_id, command.message_id, written, who)


@decides(orders.ReportAbuse, by=WRITING)
def _report(world: World, command: orders.ReportAbuse, asked: Asked) -> Decision:
    who, state = asked.actor.person or "", world[thread(command.thread_id)]
    written = _own(state, command.thread_id, command.message_id, who, "message_id")
    if isinstance(written, Refusal):
        return written
    if who not in written.recipients:
        return orders.NOT_RECEIVED(field="message_id")
    if written.withdrawn:
        return orders.MESSAGE_WITHDRAWN(field="message_id")
    if command.report_id in state.reports:
        return orders.ID_TAKEN(field="report_id")
    if any((one.message_id, one.reported_by) == (command.message_id, who) for one in state.reports.values()):
        return orders.ALREADY_REPORTED(field="message_id")
    reason = plain(command.reason)
    if not reason:
        return TEXT_MISSING(at="reason", field="reason")
    reported = said.AbuseReported(
        report_id=command.report_id,
        thread_id=command.thread_id,
        message_id=command.message_id,
        reported_by=who,
        reason=reason,
    )
    return _on(command.thread_id, reported)


@decides(orders.SettleAbuseReport, by=DIRECTOR - {Role.SYSTEM})
def _settle(world: World, command: orders.SettleAbuseReport, asked: Asked) -> Decision:
    state = world[thread(command.thread_id)]
    report = state.reports.get(command.report_id)
    if report is None:
        return orders.NO_SUCH_REPORT(report=command.report_id, field="report_id")
    if report.outcome is not None:
        return orders.REPORT_SETTLED(field="report_id")
    answer = plain(command.answer)
    if not answer:
        return TEXT_MISSING(at="answer", field="answer")
    settled = said.AbuseReportSettled(
        report_id=command.report_id,
        thread_id=command.thread_id,
        message_id=report.message_id,
        reported_by=report.reported_by,
        outcome=command.outcome,
        answer=answer,
    )
    entries = _on(command.thread_id, settled)
    if command.withdraw:
        written = state.messages[report.message_id]
        by = asked.actor.person or ""
        entries += _taken_back(command.thread_id, report.message_id, written, by)
    return entries


def concerns(world: World, command: Command, person_id: str) -> str:
    """Whose key protects the files that come with a message: the pupil it is about, or who writes."""
    if isinstance(command, orders.ReplyToMessage):
        return world[thread(command.thread_id)].pupil_id or person_id
    return getattr(command, "pupil_id", None) or person_id


def _on(thread_id: str, *facts: Fact) -> list[Entry]:
    return [Entry(streams.thread(thread_id), fact) for fact in facts]


def _named(ids: Sequence[str], sender_id: str) -> tuple[str, ...]:
    return tuple([who for who in dict.fromkeys(ids) if who != sender_id])


def _own(state: Thread, thread_id: str, message_id: str, who: str, field: str) -> Written | Refusal:
    """A message that the person sent or got; strangers learn nothing of what there is."""
    if not state.is_of(who):
        return orders.NO_SUCH_THREAD(thread=thread_id, field="thread_id")
    written = state.messages.get(message_id)
    if written is None or not written.is_of(who):
        return orders.NO_SUCH_MESSAGE(message=message_id, field=field)
    return written


def _taken_back(thread_id: str, message_id: str, written: Written, by: str) -> list[Entry]:
    if written.withdrawn:
        return []
    return _on(thread_id, said.MessageWithdrawn(thread_id=thread_id, message_id=message_id, withdrawn_by=by))


def _fault_in_texts(subject: str, body: str) -> Refusal | None:
    if not subject:
        return TEXT_MISSING(at="subject", field="subject")
    if len(subject) > LONGEST_SUBJECT:
        return orders.SUBJECT_TOO_LONG(length=len(subject), limit=LONGEST_SUBJECT, field="subject")
    return _fault_in_body(body)


def _fault_in_body(body: str) -> Refusal | None:
    return None if body else TEXT_MISSING(at="body", field="body")


def _fault_in_pupil(world: World, pupil_id: str | None, asked: Asked) -> Refusal | None:
    """Families write about their own; the school about any of its pupils."""
    if pupil_id is None:
        return None
    known, role = world[person(pupil_id)], asked.actor.role
    if is_family(role):
        own = asked.actor.person == pupil_id or asked.actor.person in parents_on(known, asked.today)
        return None if own else orders.NOT_YOUR_PUPIL(field="pupil_id")
    # Also of one who has left meanwhile: what began is brought to its end.
    return None if Role.PUPIL in known.roles else orders.NOT_YOUR_PUPIL(field="pupil_id")


def _fault_in_parents(
    world: World, pupil_id: str | None, recipients: Iterable[str], asked: Asked
) -> Refusal | None:
    """What is about a pupil goes to the school, to the pupil, and to no parents but the pupil's own."""
    if pupil_id is None:
        return None
    ids = [who for who in recipients if who != pupil_id]
    own = set(parents_on(world[person(pupil_id)], asked.today))
    for who, known in zip(ids, world.many([person(who) for who in ids]), strict=True):
        if who not in own and not is_staff(held_roles(known, asked.today)):
            return replace(orders.NOT_THEIR_CHILD(recipient=who), field="recipient_ids")
    return None
