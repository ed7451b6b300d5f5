"""What lies in whose mailbox, in which order, read or not; what is found in it, and by whom?"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from dziennik.contracts import message_commands as orders
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import ERASED, Fact
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.usual_messages import USUAL_MESSAGES
from dziennik.domain.rulebook import decide
from dziennik.domain.world import Asked, Past
from dziennik.projections import mailboxes, messages
from dziennik.projections.messages import MESSAGES
from dziennik.projections.places import read_schema
from dziennik.projections.rows import MemoryRows, View
from dziennik.projections.stored import TableRows
from dziennik.projections.words import wanted, words_of
from tests.domain.correspondence import CORRESPONDING, MOTHER, OTHER_PARENT, TO_COUNCIL
from tests.domain.register import LIS, NOWAK
from tests.domain.sentence import DIRECTOR, TODAY
from tests.projections.agreement import agree, dropped, feed
from tests.projections.histories import FIRST, START, History, a_school
from tests.projections.listed import Listed
from tests.projections.message_histories import actor, message_sent, thread_opened

T1, T2 = streams.thread("t1"), streams.thread("t2")


def in_memory(history: History) -> MemoryRows:
    rows = MemoryRows()
    MESSAGES.fold(rows, history.recorded)
    return rows


def corresponding() -> History:
    """Nowak writes to parent and Ada, parent answers; Lis writes to Nowak and Bo; all in their boxes."""
    history = a_school()
    first = message_sent("t1", "m1", "nowak", ("parent", "ada"), "Wycieczka do Łodzi")
    history.tell(T1, thread_opened("t1", "nowak", "Żółwie"), first)
    history.tell(T1, message_sent("t1", "m2", "parent", ("nowak",), "Dziękuję", "m1"), actor=actor("parent"))
    second = message_sent("t2", "m1", "lis", ("nowak", "bo"), "O wycieczkach")
    history.tell(T2, thread_opened("t2", "lis"), second, actor=actor("lis"))
    return history


def letters(view: View, who: str, thread_id: str) -> list[tuple[messages.Letter, messages.Message]]:
    return mailboxes.letters(view, mailboxes.letters_of(view, who, thread_id))


def boxes(view: MemoryRows, who: str) -> list[list[tuple[str, int]]]:
    return [
        [(row.thread_id, row.unread) for row in mailboxes.conversations(view, who, box, 50)]
        for box in ("last", "last_received", "last_sent", "unread")
    ]


def test_each_has_their_own_letters_and_no_others(common: str) -> None:
    history = corresponding()
    read = said.MessageRead(thread_id="t1", message_id="m2", reader_id="nowak")
    history.tell(streams.read_in("nowak", "t1"), read, actor=actor("nowak"))
    view = in_memory(history)
    assert boxes(view, "nowak") == [
        [("t2", 1), ("t1", 0)], [("t2", 1), ("t1", 0)], [("t1", 0)], [("t2", 1)]
    ]  # fmt: skip
    assert boxes(view, "parent") == [[("t1", 1)], [("t1", 1)], [("t1", 1)], [("t1", 1)]]
    assert boxes(view, "bo") == [[("t2", 1)], [("t2", 1)], [], [("t2", 1)]]
    assert boxes(view, "stranger") == [[], [], [], []]
    (latest,) = mailboxes.conversations(view, "nowak", "last", 1)
    (next_one,) = mailboxes.conversations(view, "nowak", "last", 1, before=latest.last)
    assert (latest.thread_id, next_one.thread_id) == ("t2", "t1")
    box = messages.mailbox(view, "nowak")
    assert (box.unread, box.threads, box.received, box.sent) == (1, 2, 2, 1)
    # Ada got the first message alone: the answer was to Nowak.
    assert [message.message_id for _, message in letters(view, "ada", "t1")] == ["m1"]
    assert letters(view, "ada", "t2") == []
    first = view.get(messages.Message, "t1", "m1")
    assert first is not None
    assert [(one.owner_id, one.read_at) for one in mailboxes.receipts(view, first)] == [
        ("ada", None),
        ("parent", None),
    ]
    agree(common, MESSAGES, history)


def test_what_is_found_in_memory_is_found_in_the_database(common: str) -> None:
    history = corresponding()
    gone = said.MessageWithdrawn(thread_id="t2", message_id="m1", withdrawn_by="lis")
    history.tell(T2, gone, actor=actor("lis"))
    memory = in_memory(history)
    with psycopg.connect(common, autocommit=True) as connection:
        journal = Listed("searched", history.recorded)
        feed(connection, journal, MESSAGES, (50,))
        tables = TableRows(connection, read_schema("searched"))
        for who, words, found in (
            ("nowak", "wycieczka", ["t1"]),  # withdrawn from him: not found any more
            ("lis", "wycieczka", ["t2"]),
            ("nowak", "zolwie", ["t1"]),  # of the subject, without its letters
            ("parent", "łódź", ["t1"]),
            ("parent", "Łodzi wyc", ["t1"]),
            ("ada", "dziękuję", []),  # the answer was not for her
            ("bo", "wycieczkę", []),
            ("stranger", "wycieczka", []),
            ("parent", "' | :* & !", []),
            ("parent", "dzięk", ["t1"]),
        ):
            for view in (memory, tables):
                rows = mailboxes.found_letters(view, who, words, 10)
                assert [row.thread_id for row in rows] == found, (who, words)
        for box in ("last", "last_received", "last_sent"):
            for before in (None, 1000, 30):
                told = [mailboxes.conversations(view, "nowak", box, 2, before) for view in (memory, tables)]
                assert told[0] == told[1]
        dropped(connection, "searched")


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("sprawdzianów z matematyki", "sprawdzian", True),
        ("ZEBRANIA", "zebranie", True),
        ("ćwiczenia", "cwiczenia", True),
        ("a\u0301", "á", True),
        ("zebranie", "zebranie środa", False),
        ("it's", "it", True),
        ("=zebran", "zebran", True),
    ],
)
def test_words(text: str, words: str, found: bool) -> None:
    looked_for = wanted(words)
    assert looked_for is not None
    assert looked_for.are_in(words_of(text)) is found


def test_nothing_is_looked_for_without_words() -> None:
    assert wanted(" … !") is None
    assert words_of("…") == ""


def test_what_was_erased_leaves_its_place() -> None:
    history = a_school()
    sent = replace(message_sent("t1", "m1", "nowak", ("parent",), ERASED), attachments=())
    history.tell(T1, replace(thread_opened("t1", "nowak"), subject=ERASED), sent)
    view = in_memory(history)
    ((_, message),) = letters(view, "parent", "t1")
    assert (message.body, message.words) == (ERASED, "")


def test_rules_groups_and_reports() -> None:
    history = corresponding()
    assert mailboxes.rules_on(in_memory(history), FIRST).version == 0
    few = replace(USUAL_MESSAGES, family_limit=3)
    history.tell(
        streams.MESSAGE_RULES,
        said.MessageRulesSet(since=FIRST, rules=few),
        said.MessageRulesSet(since=FIRST + timedelta(days=9), rules=USUAL_MESSAGES),
    )
    report = said.AbuseReported(
        report_id="z1", thread_id="t2", message_id="m1", reported_by="bo", reason="Nieładnie."
    )
    history.tell(T2, report, actor=actor("bo"))
    view = in_memory(history)
    assert [mailboxes.rules_on(view, FIRST + timedelta(days=n)).version for n in (-1, 0, 8, 9)] == [
        0,
        1,
        1,
        2,
    ]
    ((one),) = mailboxes.reports(view, open_only=True)
    assert (one.reported.by, one.reason, one.settled) == ("bo", "Nieładnie.", None)


WRITERS = (NOWAK, LIS, MOTHER, OTHER_PARENT, DIRECTOR)
IDS = tuple([str(one.person) for one in WRITERS])


PICK = st.integers(0, 10_000)


class Mailboxes(RuleBasedStateMachine):
    """Commands of five people in any order, against who must have got and read what."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History()
        self.facts: defaultdict[str, list[Fact]] = defaultdict(list)
        for entry in CORRESPONDING:
            self.facts[entry.stream].append(entry.fact)
        self.rows = MemoryRows()
        self.boxes: dict[str, dict[tuple[str, str], bool]] = {who: {} for who in IDS}  # got, and read?
        self.sent: list[said.MessageSent] = []

    def give(self, command: Command, by: Actor) -> list[Fact]:
        """The facts that follow; none when it is refused."""
        asked = Asked(actor=by, at=START, today=TODAY)
        decision = decide(Past(self.facts), command, asked)
        if isinstance(decision, Refusal):
            return []
        for entry in decision:
            self.facts[entry.stream].append(entry.fact)
            self.history.tell(entry.stream, entry.fact, actor=by)
            MESSAGES.fold(self.rows, self.history.recorded[-1:])
        return [entry.fact for entry in decision]

    def deliver(self, facts: list[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, said.MessageSent):
                self.sent.append(fact)
                for who in fact.recipient_ids:
                    assert (fact.thread_id, fact.message_id) not in self.boxes[who], "doubled"
                    self.boxes[who][fact.thread_id, fact.message_id] = False

    @rule(writer=PICK, chosen=st.lists(PICK, min_size=1, max_size=4), council=st.booleans())
    def write(self, writer: int, chosen: list[int], council: bool) -> None:
        number = len(self.sent)
        by = WRITERS[writer % len(WRITERS)]
        command = orders.SendMessage(
            thread_id=f"t{number}",
            message_id=f"m{number}",
            subject="Sprawa",
            body="Treść",
            recipient_ids=tuple([IDS[one % len(IDS)] for one in chosen]),
            audiences=(TO_COUNCIL,) if council else (),
        )
        facts = self.give(command, by)
        if by.role is not Role.PARENT and (council or {*command.recipient_ids} != {by.person}):
            wanted = {*command.recipient_ids, *(("mother", "zajaca") if council else ())} - {by.person}
            assert isinstance(facts[-1], said.MessageSent)
            assert set(facts[-1].recipient_ids) == wanted, "lost"
        self.deliver(facts)
        assert self.give(command, by) == []  # the same once more writes nothing

    @precondition(lambda self: self.sent)
    @rule(one=PICK, writer=PICK, to_all=st.booleans())
    def answer(self, one: int, writer: int, to_all: bool) -> None:
        answered = self.sent[one % len(self.sent)]
        by = WRITERS[writer % len(WRITERS)]
        command = orders.ReplyToMessage(
            thread_id=answered.thread_id,
            message_id=f"m{len(self.sent)}",
            reply_to=answered.message_id,
            body="Odpowiedź",
            to_all=to_all,
        )
        facts = self.give(command, by)
        if by.person not in (answered.sender_id, *answered.recipient_ids):
            assert facts == []  # not theirs
        elif by.person != answered.sender_id and not to_all:
            assert isinstance(facts[0], said.MessageSent)
            assert facts[0].recipient_ids == (answered.sender_id,)
        self.deliver(facts)

    @precondition(lambda self: self.sent)
    @rule(one=PICK, reader=PICK)
    def read(self, one: int, reader: int) -> None:
        message = self.sent[one % len(self.sent)]
        by = WRITERS[reader % len(WRITERS)]
        command = orders.MarkMessagesRead(thread_id=message.thread_id, message_ids=(message.message_id,))
        facts, place = self.give(command, by), (message.thread_id, message.message_id)
        box = self.boxes[by.person or ""]
        assert len(facts) == (place in box and not box[place])
        if place in box:
            box[place] = True

    @precondition(lambda self: self.sent)
    @rule(one=PICK, by=PICK)
    def withdraw(self, one: int, by: int) -> None:
        message = self.sent[one % len(self.sent)]
        actor = WRITERS[by % len(WRITERS)]
        command = orders.WithdrawMessage(thread_id=message.thread_id, message_id=message.message_id)
        if self.give(command, actor):
            assert actor.person == message.sender_id

    @invariant()
    def unread_is_delivered_less_read(self) -> None:
        for who, box in self.boxes.items():
            unread = sum(not seen for seen in box.values())
            rows = self.rows.find(messages.Letter, owner_id=who)
            got = {(row.thread_id, row.message_id): row.read_at is not None for row in rows if not row.sent}
            assert got == box
            assert messages.mailbox(self.rows, who).unread == unread
            threads = self.rows.find(messages.Conversation, owner_id=who)
            assert sum(row.unread for row in threads) == unread
            assert sum(row.letters for row in threads) == len(rows)
            assert messages.mailbox(self.rows, who).threads == len(threads)


TestMailboxes = Mailboxes.TestCase
TestMailboxes.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
