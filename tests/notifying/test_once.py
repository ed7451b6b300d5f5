"""Is each thing told once and sent once per channel, whatever crashes between any two steps?

A state machine over the real outbox: facts are told by two processes, e-mails and push messages leased,
handed over and reported on by two postmen, each of which may stop after any step and leave things as they
are. A mail system recognises a mail that it got already by its key, as Message-IDs let it; a browser, by
the tag made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dziennik.contracts.notifications import Delivery
from dziennik.notifying.notice import MAIL, PUSH, Matter, ToSend, What
from dziennik.notifying.outbox import LEASE, Bundle, Outbox
from dziennik.notifying.store import AlreadyTold, News, Notices

PEOPLE = ("ala", "ola", "jan")
BEGIN = datetime(2026, 10, 7, 9, tzinfo=UTC)
ONE_OF_TWO = st.integers(0, 1)
CHANNELS = (MAIL, f"{PUSH}desk", f"{PUSH}phone")


class Machine(RuleBasedStateMachine):
    """Two processes and a mail system; `expected` is what a careful clerk would have written down."""

    notices: Notices

    def __init__(self) -> None:
        super().__init__()
        self.school = f"s{Machine.number}"
        Machine.number += 1
        self.outbox = Outbox(self.notices)
        self.now = BEGIN
        self.notices.begin(self.school, 0)
        self.head = 0
        self.facts: list[tuple[str, ...]] = []  # whom each fact concerns
        self.hows: dict[tuple[int, str], Delivery] = {}
        self.carried: list[dict[int, tuple[str, ...]]] = [{}, {}]  # what each process read and has not told
        self.leased: list[list[Bundle]] = [[], []]
        self.handed: list[list[Bundle]] = [[], []]
        self.arrived: dict[str, tuple[tuple[str, str], tuple[int, ...]]] = {}
        self.copies: Counter[str] = Counter()

    number = 0

    @rule(who=st.lists(st.sampled_from(PEOPLE), unique=True), daily=st.booleans())
    def something_happens(self, who: list[str], daily: bool) -> None:
        self.facts.append(tuple(who))
        for each in who:
            self.hows[len(self.facts), each] = Delivery.DAILY if daily else Delivery.AT_ONCE

    @rule(process=ONE_OF_TWO)
    def a_process_reads_facts(self, process: int) -> None:
        after = self.notices.told(self.school) or 0
        self.carried[process] = {p: self.facts[p - 1] for p in range(after + 1, len(self.facts) + 1)}

    @rule(process=ONE_OF_TWO, crashes=st.booleans())
    def a_process_tells_what_it_read(self, process: int, crashes: bool) -> None:
        read, self.carried[process] = self.carried[process], {}
        if not read or crashes:
            return
        first, last = min(read), max(read)
        news = [self._news(position, who) for position, who in read.items() if who]
        try:
            self.notices.tell(self.school, first - 1, last, news)
        except AlreadyTold:
            assert (self.notices.told(self.school) or 0) >= first
        else:
            self.head = last

    def _news(self, position: int, who: tuple[str, ...]) -> News:
        matter = Matter(What.MESSAGE_SENT, position, self.now, f"m{position}")
        to_send = [
            ToSend(each, self.hows[position, each], self.now, channel) for each in who for channel in CHANNELS
        ]
        return News(matter, who, to_send)

    @rule(postman=ONE_OF_TWO, most=st.integers(1, 3), mail=st.booleans())
    def a_postman_takes_a_lease(self, postman: int, most: int, mail: bool) -> None:
        """What it took before is forgotten: it crashed."""
        taken = self.outbox.lease(self.now, most=most, mail=mail)
        assert {bundle.channel == MAIL for bundle in taken} <= {mail}
        self.leased[postman] = [bundle for bundle in taken if bundle.school_id == self.school]
        self.handed[postman] = []

    @rule(postman=ONE_OF_TWO)
    def a_postman_hands_a_mail_over(self, postman: int) -> None:
        if not self.leased[postman]:
            return
        bundle = self.leased[postman].pop()
        self.copies[bundle.key] += 1
        # The same key is the same mail: what a mail system throws away must not have held anything else.
        known = self.arrived.setdefault(bundle.key, ((bundle.person_id, bundle.channel), bundle.positions))
        assert known == ((bundle.person_id, bundle.channel), bundle.positions)
        self.handed[postman].append(bundle)

    @rule(postman=ONE_OF_TWO)
    def a_postman_reports(self, postman: int) -> None:
        if self.handed[postman]:
            self.outbox.sent(self.handed[postman].pop(), self.now)

    @rule(postman=ONE_OF_TWO)
    def a_postman_is_told_to_come_again(self, postman: int) -> None:
        if self.leased[postman]:
            bundle = self.leased[postman].pop()
            self.outbox.later(bundle, self.now + timedelta(minutes=1), "no connection", failed=True)

    @rule(minutes=st.sampled_from([1, 11]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def nothing_arrives_twice(self) -> None:
        got = Counter((whom, p) for whom, positions in self.arrived.values() for p in positions)
        assert not got or max(got.values()) == 1

    @invariant()
    def each_fact_is_told_once(self) -> None:
        for person in PEOPLE:
            told = [n.matter.position for n in self._of(person)]
            assert told == [p for p, who in enumerate(self.facts[: self.head], 1) if person in who]

    def _of(self, person: str) -> list[Any]:
        return self.notices.between(self.school, [person], 0, 1_000_000, limit=10_000)

    def teardown(self) -> None:
        """In the end, with everything working again, everybody has got everything."""
        self.a_process_reads_facts(0)
        self.a_process_tells_what_it_read(0, crashes=False)
        self.now += LEASE + timedelta(minutes=2)
        for turn in range(2 * len(self.hows) + 2):
            self.a_postman_takes_a_lease(0, 100, mail=turn % 2 == 0)
            while self.leased[0]:
                self.a_postman_hands_a_mail_over(0)
            while self.handed[0]:
                self.a_postman_reports(0)
        got = Counter((p, *whom) for whom, positions in self.arrived.values() for p in positions)
        assert got == Counter({(*each, channel): 1 for each in self.hows for channel in CHANNELS})
        for key, (_, positions) in self.arrived.items():
            if "/once/" in key:
                assert len(positions) == 1


@pytest.fixture
def notices(dsn: str) -> Iterator[Notices]:
    found = Notices(dsn)
    yield found
    found.close()


def test_each_is_told_and_sent_once(notices: Notices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Machine, "notices", notices, raising=False)
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=30, stateful_step_count=25, deadline=None)
    )


def test_a_report_after_the_lease_ended_is_nobodys(notices: Notices) -> None:
    """Whoever was slow cannot say what became of what another took over meanwhile."""
    outbox = Outbox(notices)
    notices.begin("s", 0)
    matter = Matter(What.MESSAGE_SENT, 1, BEGIN, "m1")
    notices.tell("s", 0, 1, [News(matter, ["ala"], [ToSend("ala", Delivery.AT_ONCE, BEGIN)])])
    (slow,) = outbox.lease(BEGIN)
    assert outbox.lease(BEGIN + LEASE - timedelta(seconds=1)) == []
    (quick,) = outbox.lease(BEGIN + LEASE)
    assert (quick.key, quick.attempts) == (slow.key, 2)
    outbox.dead(slow, BEGIN + LEASE, "no connection")
    assert outbox.health(BEGIN + LEASE).dead == 0
    outbox.sent(quick, BEGIN + LEASE)
    assert outbox.health(BEGIN + LEASE).waiting == 0
