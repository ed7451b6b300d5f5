"""Who may write what to whom, answer, read, withdraw and report it?"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import message_commands as orders
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, UNWRITABLE_TEXT
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.messages import Audience, AudienceKind, Reach, ReportOutcome
from dziennik.contracts.people import ParentalPower, ParentalRightsLimited, RoleLeft
from dziennik.contracts.registers import RegisterKind, RegisterOpened
from dziennik.domain.policies.usual_messages import USUAL_MESSAGES
from dziennik.domain.world import Entry
from tests.domain.correspondence import (
    AUDITOR,
    CORRESPONDING,
    FATHER,
    MOTHER,
    OTHER_PARENT,
    PARENTS_OF_4A,
    TO_COUNCIL,
    opened,
    sent,
)
from tests.domain.register import LIS, NOWAK, OFFICE, PUPIL, SEPTEMBER
from tests.domain.sentence import DIRECTOR, TODAY, Given, at, given

HERE = given(CORRESPONDING)
WRITE = orders.SendMessage(
    thread_id="t1", message_id="w1", subject="Zebranie", body="W środę o 17.", recipient_ids=("nowak",)
)
OPENED = opened("t1", "mother", "Zebranie")
SENT = sent("t1", "w1", "mother", ("nowak",), "W środę o 17.")
ASKED = (OPENED, SENT)
# Nowak writes to all parents of 4a, and to Lis by name.
CALLED = (
    opened("t2", "nowak", "Wycieczka"),
    sent("t2", "w1", "nowak", ("lis", "mother"), "W piątek.", named=("lis",), audiences=(PARENTS_OF_4A,)),
)
ANSWER = orders.ReplyToMessage(thread_id="t2", message_id="w2", reply_to="w1", body="Dziękuję.")
REPORT = orders.ReportAbuse(report_id="z1", thread_id="t2", message_id="w1", reason="Obraża mnie.")
REPORTED = at(
    streams.thread("t2"),
    said.AbuseReported(
        report_id="z1", thread_id="t2", message_id="w1", reported_by="mother", reason="Obraża mnie."
    ),
)
WITHDRAWN = at(
    streams.thread("t2"), said.MessageWithdrawn(thread_id="t2", message_id="w1", withdrawn_by="nowak")
)


def ruled(rules: said.MessageRules, since: date = SEPTEMBER) -> Entry:
    return at(streams.MESSAGE_RULES, said.MessageRulesSet(since=since, rules=rules))


def to(*ids: str, audiences: tuple[Audience, ...] = (), pupil_id: str | None = None) -> orders.SendMessage:
    return replace(WRITE, recipient_ids=ids, audiences=audiences, pupil_id=pupil_id)


def who_gets(story: Given, command: orders.SendMessage, by: Actor) -> tuple[str, ...]:
    decision = story.when(command, by=by).decision
    assert isinstance(decision, list), decision
    fact = decision[-1].fact
    assert isinstance(fact, said.MessageSent)
    return fact.recipient_ids


def test_a_parent_writes_to_a_teacher() -> None:
    HERE.when(WRITE, by=MOTHER).then(OPENED, SENT)


@pytest.mark.parametrize(
    ("by", "ids", "at_fault"),
    [
        (PUPIL, ("nowak", "director", "office"), None),
        (PUPIL, ("bobr",), "bobr"),
        (PUPIL, ("mother",), "mother"),
        (MOTHER, ("nowak", "zajaca"), "zajaca"),
        (MOTHER, ("cma",), "cma"),
        (NOWAK, ("mother", "zajac", "lis", "office"), None),
        (NOWAK, ("mother", "nobody-here"), "nobody-here"),
        (NOWAK, ("audit",), "audit"),
        (OFFICE, ("father", "cma"), None),
    ],
)
def test_who_may_be_written_to(by: Actor, ids: tuple[str, ...], at_fault: str | None) -> None:
    """Strangers are refused as those are who cannot be written to: nobody tries out ids."""
    outcome = HERE.when(to(*ids), by=by)
    if at_fault is None:
        assert who_gets(HERE, to(*ids), by) == ids
    else:
        field = f"recipient_ids[{ids.index(at_fault)}]"
        outcome.refused(orders.RECIPIENT_NOT_ALLOWED, field, recipient=at_fault)


def test_auditors_write_nothing() -> None:
    HERE.when(WRITE, by=AUDITOR).refused(NOT_YOURS_TO_DO)


def test_who_left_is_written_to_no_more() -> None:
    left = at(streams.person("lis"), RoleLeft(person_id="lis", role=Role.TEACHER, until=date(2026, 10, 1)))
    given(CORRESPONDING, left).when(to("lis"), by=MOTHER).refused(
        orders.RECIPIENT_NOT_ALLOWED, "recipient_ids[0]", recipient="lis"
    )


def test_a_parent_without_the_power_to_be_told_is_no_parent_of_the_class() -> None:
    def limited(*powers: ParentalPower) -> Entry:
        fact = ParentalRightsLimited(
            pupil_id="cma", parent_id="mother", powers=powers, since=SEPTEMBER, basis="III RC 2/26"
        )
        return at(streams.person("cma"), fact)

    to_parents = to("lis", audiences=(PARENTS_OF_4A,))
    informed = given(CORRESPONDING, limited(ParentalPower.INFORMATION))
    assert who_gets(informed, to_parents, NOWAK) == ("lis", "mother")
    assert who_gets(given(CORRESPONDING, limited()), to_parents, NOWAK) == ("lis",)


def test_a_school_lets_parents_write_to_parents_from_a_day_on() -> None:
    rule = said.RecipientRule(sender=Role.PARENT, recipient=Role.PARENT, reach=Reach.OWN)
    rules = replace(USUAL_MESSAGES, recipients=(*USUAL_MESSAGES.recipients, rule))
    tomorrow = ruled(rules, date(2026, 10, 16))
    given(CORRESPONDING, tomorrow).when(to("zajaca"), by=MOTHER).refused(
        orders.RECIPIENT_NOT_ALLOWED, "recipient_ids[0]", recipient="zajaca"
    )
    # Of the same class only: Ćma is in 4a, Zając in 4b.
    given(CORRESPONDING, ruled(rules)).when(to("zajaca"), by=MOTHER).refused(
        orders.RECIPIENT_NOT_ALLOWED, "recipient_ids[0]", recipient="zajaca"
    )
    anybody = replace(rules, recipients=(*USUAL_MESSAGES.recipients, replace(rule, reach=Reach.ANYBODY)))
    decision = given(CORRESPONDING, ruled(rules), ruled(anybody)).when(to("zajaca"), by=MOTHER).decision
    assert isinstance(decision, list)
    assert decision[1].fact.rule_version == 2


@pytest.mark.parametrize(
    ("by", "allowed", "refused"),
    [(MOTHER, "nowak", "lis"), (PUPIL, "nowak", "lis"), (OTHER_PARENT, "lis", "nowak")],
)
def test_own_teachers_only_where_the_school_says_so(by: Actor, allowed: str, refused: str) -> None:
    """Nowak teaches Ćma in 4a, Lis Zając in 4b; Lis teaches a part of 4a too, of which Ćma is none."""
    own = tuple(replace(one, reach=Reach.OWN) for one in USUAL_MESSAGES.recipients)
    story = given(
        [
            entry
            for entry in CORRESPONDING
            if getattr(entry.fact, "assignment_id", "") not in ("en-4a", "eth")
        ],
        ruled(replace(USUAL_MESSAGES, recipients=own)),
    )
    assert who_gets(story, to(allowed), by) == (allowed,)
    story.when(to(refused), by=by).refused(
        orders.RECIPIENT_NOT_ALLOWED, "recipient_ids[0]", recipient=refused
    )


def whole(kind: AudienceKind) -> Audience:
    return Audience(kind=kind)


def of(kind: AudienceKind, target_id: str) -> Audience:
    return Audience(kind=kind, target_id=target_id)


@pytest.mark.parametrize(
    ("by", "audience", "members"),
    [
        (NOWAK, PARENTS_OF_4A, {"mother"}),  # the father's rights have ended
        (NOWAK, of(AudienceKind.CLASS_PUPILS, "4a"), {"cma", "bobr"}),
        (NOWAK, of(AudienceKind.CLASS_PUPILS, "ethics"), {"bobr", "zajac"}),
        (NOWAK, of(AudienceKind.CLASS_TEACHERS, "4a"), {"lis"}),  # the sender is none of the recipients
        (MOTHER, of(AudienceKind.CLASS_TEACHERS, "4a"), {"nowak", "lis"}),
        (NOWAK, of(AudienceKind.PUPIL_PARENTS, "zajac"), {"zajaca"}),
        (LIS, whole(AudienceKind.ALL_TEACHERS), {"nowak"}),
        (DIRECTOR, whole(AudienceKind.ALL_PARENTS), {"mother", "father", "zajaca"}),
        (DIRECTOR, whole(AudienceKind.ALL_PUPILS), {"cma", "bobr", "zajac", "los"}),
        (PUPIL, whole(AudienceKind.OFFICE), {"director", "office"}),
        (MOTHER, TO_COUNCIL, {"zajaca"}),
        (OFFICE, TO_COUNCIL, {"mother", "zajaca"}),
    ],
)
def test_whom_an_audience_means(by: Actor, audience: Audience, members: set[str]) -> None:
    got = who_gets(HERE, to(audiences=(audience,)), by)
    assert (set(got), len(got)) == (members, len(members))


@pytest.mark.parametrize(
    ("by", "audience"),
    [
        (NOWAK, whole(AudienceKind.ALL_PARENTS)),
        (MOTHER, PARENTS_OF_4A),
        (MOTHER, of(AudienceKind.CLASS_TEACHERS, "4b")),  # not her child's class
        (FATHER, of(AudienceKind.CLASS_TEACHERS, "4a")),  # no more
        (PUPIL, TO_COUNCIL),  # no member
        (DIRECTOR, of(AudienceKind.CLASS_PUPILS, "nowhere")),
        (DIRECTOR, of(AudienceKind.PUPIL_PARENTS, "nowak")),
        (DIRECTOR, of(AudienceKind.GROUP, "nowhere")),
    ],
)
def test_what_audience_is_refused(by: Actor, audience: Audience) -> None:
    HERE.when(to(audiences=(audience,)), by=by).refused(orders.AUDIENCE_NOT_ALLOWED, "audiences[0]")


def test_who_is_in_a_closed_register_is_not_told_by_writing_to_it() -> None:
    register = at(
        streams.unit("help"),
        RegisterOpened(unit_id="help", year_id="y2026", kind=RegisterKind.PEDAGOGUE, name="Pedagog"),
    )
    given(CORRESPONDING, register).when(
        to(audiences=(of(AudienceKind.CLASS_PUPILS, "help"),)), by=DIRECTOR
    ).refused(orders.AUDIENCE_NOT_ALLOWED, "audiences[0]")


@pytest.mark.parametrize("audience", [whole(AudienceKind.CLASS_PUPILS), of(AudienceKind.ALL_PUPILS, "4a")])
def test_an_audience_says_of_what(audience: Audience) -> None:
    HERE.when(to(audiences=(audience,)), by=DIRECTOR).refused(
        orders.AUDIENCE_UNSOUND, "audiences[0]", kind=audience.kind.value
    )


def test_everybody_gets_a_message_once() -> None:
    twice = to("mother", "mother", audiences=(PARENTS_OF_4A, PARENTS_OF_4A, TO_COUNCIL))
    assert who_gets(HERE, twice, OFFICE) == ("mother", "zajaca")


def test_to_nobody_and_to_too_many() -> None:
    HERE.when(to(), by=MOTHER).refused(orders.NO_RECIPIENTS, "recipient_ids")
    HERE.when(to("nowak"), by=NOWAK).refused(orders.NO_RECIPIENTS, "recipient_ids")
    many = tuple([f"p{n}" for n in range(21)])
    HERE.when(to(*many), by=MOTHER).refused(orders.TOO_MANY_RECIPIENTS, "recipient_ids", limit=20)


def test_about_a_pupil_only_to_the_school_and_the_pupils_own_parents() -> None:
    assert who_gets(HERE, to("mother", "cma", "lis", pupil_id="cma"), NOWAK) == ("mother", "cma", "lis")
    for other in ("zajaca", "father", "bobr"):
        HERE.when(to("mother", other, pupil_id="cma"), by=NOWAK).refused(
            orders.NOT_THEIR_CHILD, "recipient_ids", recipient=other
        )
    decision = HERE.when(to("nowak", pupil_id="cma"), by=MOTHER).decision
    assert isinstance(decision, list)
    assert {entry.fact.concerns_id for entry in decision} == {"cma"}  # her texts are under the child's key


@pytest.mark.parametrize(
    ("by", "pupil"), [(MOTHER, "zajac"), (FATHER, "cma"), (PUPIL, "bobr"), (NOWAK, "lis")]
)
def test_about_whom_nobody_writes(by: Actor, pupil: str) -> None:
    HERE.when(to("nowak" if by != NOWAK else "mother", pupil_id=pupil), by=by).refused(
        orders.NOT_YOUR_PUPIL, "pupil_id"
    )


@pytest.mark.parametrize(
    ("said_so", "kept"),
    [
        ("<script>alert(1)</script> & <b>a</b>", "<script>alert(1)</script> & <b>a</b>"),
        ("za\u200bda\u00adnie\ufeff", "zadanie"),
        ("\U000e0041pusto\u3164", "pusto"),
        ("a\r\nb \n\n\n\n\nc", "a\nb\n\n\nc"),
        ("e\u0301" + "\u0301" * 30, "é" + "\u0301" * 4),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3"),
        ("a\u200db\ufe0f", "ab"),
    ],
)
def test_what_nobody_sees_is_taken_out(said_so: str, kept: str) -> None:
    decision = HERE.when(replace(WRITE, body=said_so), by=MOTHER).decision
    assert isinstance(decision, list)
    assert decision[1].fact.body == kept


def test_texts_that_cannot_be() -> None:
    HERE.when(replace(WRITE, body="ok \u202egpj.exe"), by=MOTHER).refused(
        UNWRITABLE_TEXT, "body", at="body", character="U+202E"
    )
    HERE.when(replace(WRITE, body=" \u200b\n"), by=MOTHER).refused(TEXT_MISSING, "body", at="body")
    HERE.when(replace(WRITE, subject="\u2800"), by=MOTHER).refused(TEXT_MISSING, "subject", at="subject")
    HERE.when(replace(WRITE, subject="x" * 201), by=MOTHER).refused(
        orders.SUBJECT_TOO_LONG, "subject", length=201, limit=200
    )


def test_a_thread_is_begun_once() -> None:
    given(CORRESPONDING, ASKED).when(WRITE, by=MOTHER).refused(orders.ID_TAKEN, "thread_id")
    # Nobody writes into a thread of others by its id.
    given(CORRESPONDING, ASKED).when(to("nowak"), by=OTHER_PARENT).refused(orders.ID_TAKEN, "thread_id")


def test_whoever_got_a_message_answers_its_sender() -> None:
    given(CORRESPONDING, CALLED).when(ANSWER, by=MOTHER).then(
        sent("t2", "w2", "mother", ("nowak",), "Dziękuję.", reply_to="w1")
    )


def test_also_where_the_rules_would_not_let_her_begin() -> None:
    nothing = ruled(replace(USUAL_MESSAGES, recipients=(), audiences=()))
    story = given(CORRESPONDING, CALLED, nothing)
    decision = story.when(ANSWER, by=MOTHER).decision
    assert isinstance(decision, list)
    assert decision[0].fact.recipient_ids == ("nowak",)
    story.when(replace(ANSWER, recipient_ids=("lis",)), by=MOTHER).refused(
        orders.RECIPIENT_NOT_ALLOWED, "recipient_ids[0]", recipient="lis"
    )


def test_answering_all_goes_as_far_as_one_may_write() -> None:
    to_all = replace(ANSWER, to_all=True)
    given(CORRESPONDING, CALLED).when(to_all, by=MOTHER).refused(orders.AUDIENCE_NOT_ALLOWED, "to_all")
    given(CORRESPONDING, CALLED).when(to_all, by=LIS).then(
        sent(
            "t2", "w2", "lis", ("nowak", "mother"), "Dziękuję.",
            named=("nowak",), audiences=(PARENTS_OF_4A,), reply_to="w1",
        )
    )  # fmt: skip
    # One's own message is followed up; who is in the audience is asked again.
    given(CORRESPONDING, CALLED).when(to_all, by=NOWAK).then(
        sent(
            "t2", "w2", "nowak", ("lis", "mother"), "Dziękuję.",
            named=("lis",), audiences=(PARENTS_OF_4A,), reply_to="w1",
        )
    )  # fmt: skip


def test_nobody_answers_or_reads_what_was_not_theirs() -> None:
    later = sent("t2", "w2", "mother", ("nowak",), "Dziękuję.", reply_to="w1")
    story = given(CORRESPONDING, CALLED, later)
    for by in (OTHER_PARENT, DIRECTOR):  # the director neither
        story.when(ANSWER, by=by).refused(orders.NO_SUCH_THREAD, "thread_id", thread="t2")
        story.when(orders.MarkMessagesRead(thread_id="t2", message_ids=("w1",)), by=by).refused(
            orders.NO_SUCH_THREAD, "thread_id", thread="t2"
        )
    # In the thread, but not in this message of it.
    story.when(replace(ANSWER, message_id="w3", reply_to="w2"), by=LIS).refused(
        orders.NO_SUCH_MESSAGE, "reply_to", message="w2"
    )


def test_a_message_is_read_once() -> None:
    read = orders.MarkMessagesRead(thread_id="t2", message_ids=("w1", "w1"))
    fact = at(
        streams.read_in("mother", "t2"), said.MessageRead(thread_id="t2", message_id="w1", reader_id="mother")
    )
    given(CORRESPONDING, CALLED).when(read, by=MOTHER).then(fact)
    given(CORRESPONDING, CALLED, fact).when(read, by=MOTHER).nothing()
    given(CORRESPONDING, CALLED).when(read, by=NOWAK).nothing()  # the sender has read it


def test_the_sender_takes_a_message_back() -> None:
    back = orders.WithdrawMessage(thread_id="t2", message_id="w1")
    given(CORRESPONDING, CALLED).when(back, by=NOWAK).then(WITHDRAWN)
    given(CORRESPONDING, CALLED, WITHDRAWN).when(back, by=NOWAK).nothing()
    given(CORRESPONDING, CALLED).when(back, by=MOTHER).refused(orders.NOT_YOUR_MESSAGE, "message_id")
    given(CORRESPONDING, CALLED).when(back, by=DIRECTOR).refused(
        orders.NO_SUCH_THREAD, "thread_id", thread="t2"
    )


def test_a_recipient_reports_a_message_and_the_director_settles_it() -> None:
    given(CORRESPONDING, CALLED).when(REPORT, by=MOTHER).then(REPORTED)
    given(CORRESPONDING, CALLED, REPORTED).when(replace(REPORT, report_id="z2"), by=MOTHER).refused(
        orders.ALREADY_REPORTED, "message_id"
    )
    given(CORRESPONDING, CALLED).when(REPORT, by=NOWAK).refused(orders.NOT_RECEIVED, "message_id")
    settle = orders.SettleAbuseReport(
        report_id="z1", thread_id="t2", outcome=ReportOutcome.UPHELD, answer="Usunięto.", withdraw=True
    )
    settled = at(
        streams.thread("t2"),
        said.AbuseReportSettled(
            report_id="z1",
            thread_id="t2",
            message_id="w1",
            reported_by="mother",
            outcome=ReportOutcome.UPHELD,
            answer="Usunięto.",
        ),
    )
    removed = at(
        streams.thread("t2"), said.MessageWithdrawn(thread_id="t2", message_id="w1", withdrawn_by="director")
    )
    story = given(CORRESPONDING, CALLED, REPORTED)
    story.when(settle).then(settled, removed)
    story.when(settle, by=NOWAK).refused(NOT_YOURS_TO_DO)
    given(CORRESPONDING, CALLED, REPORTED, WITHDRAWN).when(settle).then(settled)
    given(CORRESPONDING, CALLED, REPORTED, settled).when(settle).refused(orders.REPORT_SETTLED, "report_id")
    given(CORRESPONDING, CALLED).when(settle).refused(orders.NO_SUCH_REPORT, "report_id", report="z1")


def test_today_is_a_school_day_of_the_stories() -> None:
    assert date(2026, 10, 15) == TODAY
