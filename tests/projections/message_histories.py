"""Random but possible correspondence. What is possible is seen from the history itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dziennik.contracts import messages, streams
from dziennik.contracts.envelope import Actor, Role
from dziennik.domain.policies.usual_messages import USUAL_MESSAGES

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)
PEOPLE = ("nowak", "lis", "parent", "ada", "bo")
BODIES = ("Wycieczka do Łodzi", "Zebranie we wtorek", "Dziękuję", "żółw i <b>wycieczkę</b>")


def thread_opened(thread_id: str, by: str, subject: str = "Sprawy klasy") -> messages.ThreadOpened:
    return messages.ThreadOpened(thread_id=thread_id, opened_by=by, concerns_id=by, subject=subject)


def message_sent(
    thread_id: str, message_id: str, by: str, to: tuple[str, ...], body: str, reply_to: str | None = None
) -> messages.MessageSent:
    return messages.MessageSent(
        thread_id=thread_id,
        message_id=message_id,
        sender_id=by,
        concerns_id=by,
        body=body,
        recipient_ids=to,
        named_ids=to,
        reply_to=reply_to,
    )


def actor(person_id: str) -> Actor:
    role = {"nowak": Role.TEACHER, "lis": Role.TEACHER, "parent": Role.PARENT}.get(person_id, Role.PUPIL)
    return Actor(account=f"acc-{person_id}", role=role, person=person_id)


def write(history: History, chance: int) -> None:
    """One thing that is possible in mailboxes now; others do nothing."""
    (_begin, _answer, _read, _read, _take_back, _report, _settle, _group, _wish, _answer, _rule)[chance % 11](
        history, chance
    )


def _sent(history: History) -> list[messages.MessageSent]:
    return [one.fact for one in history.recorded if isinstance(one.fact, messages.MessageSent)]


def _begin(history: History, chance: int) -> None:
    number = len(_sent(history))
    by = PEOPLE[chance % len(PEOPLE)]
    to = tuple([who for place, who in enumerate(PEOPLE) if who != by and (chance >> place) & 1 == 0])
    to = to or tuple([who for who in PEOPLE if who != by])
    sent = message_sent(f"t{number}", f"m{number}", by, to, BODIES[chance // 11 % 4])
    history.tell(streams.thread(f"t{number}"), thread_opened(f"t{number}", by), sent, actor=actor(by))


def _answer(history: History, chance: int) -> None:
    sent = _sent(history)
    if not sent:
        _begin(history, chance)
        return
    one = sent[chance % len(sent)]
    by = one.recipient_ids[chance % len(one.recipient_ids)]
    answer = message_sent(
        one.thread_id, f"m{len(sent)}", by, (one.sender_id,), BODIES[chance % 4], one.message_id
    )
    history.tell(streams.thread(one.thread_id), answer, actor=actor(by))


def _read(history: History, chance: int) -> None:
    told = [one.fact for one in history.recorded if isinstance(one.fact, messages.MessageRead)]
    known = {(fact.thread_id, fact.message_id, fact.reader_id) for fact in told}
    unread = [
        key
        for one in _sent(history)
        for who in one.recipient_ids
        if (key := (one.thread_id, one.message_id, who)) not in known
    ]
    if unread:
        thread_id, message_id, who = unread[chance % len(unread)]
        read = messages.MessageRead(thread_id=thread_id, message_id=message_id, reader_id=who)
        history.tell(streams.read_in(who, thread_id), read, actor=actor(who))


def _take_back(history: History, chance: int) -> None:
    told = [one.fact for one in history.recorded if isinstance(one.fact, messages.MessageWithdrawn)]
    gone = {fact.message_id for fact in told}
    standing = [one for one in _sent(history) if one.message_id not in gone]
    if len(standing) > 1:
        one = standing[chance % len(standing)]
        fact = messages.MessageWithdrawn(
            thread_id=one.thread_id, message_id=one.message_id, withdrawn_by=one.sender_id
        )
        history.tell(streams.thread(one.thread_id), fact, actor=actor(one.sender_id))


def _report(history: History, chance: int) -> None:
    sent = _sent(history)
    if sent:
        one = sent[chance % len(sent)]
        number = sum(isinstance(each.fact, messages.AbuseReported) for each in history.recorded)
        fact = messages.AbuseReported(
            report_id=f"z{number}",
            thread_id=one.thread_id,
            message_id=one.message_id,
            reported_by=one.recipient_ids[0],
            reason="To nie w porządku.",
        )
        history.tell(streams.thread(one.thread_id), fact, actor=actor(one.recipient_ids[0]))


def _settle(history: History, chance: int) -> None:
    told = [each.fact for each in history.recorded]
    done = {fact.report_id for fact in told if isinstance(fact, messages.AbuseReportSettled)}
    waiting = [f for f in told if isinstance(f, messages.AbuseReported) and f.report_id not in done]
    if waiting:
        one = waiting[chance % len(waiting)]
        fact = messages.AbuseReportSettled(
            report_id=one.report_id,
            thread_id=one.thread_id,
            message_id=one.message_id,
            reported_by=one.reported_by,
            outcome=list(messages.ReportOutcome)[chance % 2],
            answer="Rozmawiałam.",
        )
        history.tell(streams.thread(one.thread_id), fact)


def _group(history: History, chance: int) -> None:
    told = [each.fact for each in history.recorded]
    formed = [fact for fact in told if isinstance(fact, messages.RecipientGroupFormed)]
    gone = {fact.group_id for fact in told if isinstance(fact, messages.RecipientGroupDissolved)}
    standing = [fact for fact in formed if fact.group_id not in gone]
    if not standing or chance % 3 == 0:
        kind = list(messages.GroupKind)[chance % 3]
        fact = messages.RecipientGroupFormed(
            group_id=f"g{len(formed)}", kind=kind, name=f"Grupa {len(formed)}", member_ids=("nowak",)
        )
        history.tell(streams.recipient_group(fact.group_id), fact)
        return
    group_id = standing[chance % len(standing)].group_id
    changed = messages.GroupMembersChanged(
        group_id=group_id, joined_ids=(f"new-{len(told)}",), left_ids=("nowak",)
    )
    dissolved = messages.RecipientGroupDissolved(group_id=group_id)
    if len(standing) > 1 and chance % 5 == 0:
        history.tell(streams.recipient_group(group_id), dissolved)
    else:
        history.tell(streams.recipient_group(group_id), changed)


def _wish(history: History, chance: int) -> None:
    who = PEOPLE[chance % len(PEOPLE)]
    starts = FIRST + timedelta(days=chance % 90)
    evenings = messages.QuietHours(starts="20:00", ends="06:30", weekdays=(1, 2, 3))
    facts = (
        messages.OutOfOfficeAnnounced(person_id=who, starts=starts, ends=starts, text="Szkolenie."),
        messages.QuietHoursSet(person_id=who, hours=(evenings,) if chance % 2 else ()),
        messages.OutOfOfficeEnded(person_id=who),
    )
    history.tell(streams.mailbox(who), facts[chance % 3], actor=actor(who))


def _rule(history: History, chance: int) -> None:
    rules = replace(USUAL_MESSAGES, family_limit=1 + chance % 50)
    since = FIRST + timedelta(days=chance % 200)
    history.tell(streams.MESSAGE_RULES, messages.MessageRulesSet(since=since, rules=rules))
