"""From a fact to a notice and an e-mail: to whom, when, what it says, and when it must be said no more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import (
    agreement,
    attendance,
    behaviour_commands,
    board,
    calendar,
    calendar_commands,
    grades,
    lessons,
    message_commands,
    streams,
)
from dziennik.contracts.accounts import BlockAccess
from dziennik.contracts.attendance import RollMark
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Origin, Role
from dziennik.contracts.messages import QuietHours
from dziennik.contracts.notifications import Delivery, NoticeKind, SilentHours
from dziennik.contracts.people import EndParentalRights
from dziennik.journal.journal import Draft
from dziennik.mail.mailing import MailFault
from dziennik.mail.smtp import SmtpMailer, smtp_server
from dziennik.notifying import notifier
from dziennik.notifying.postman import Postman
from tests.graphql.conftest import OFFICE, TODAY, Served
from tests.mail.server import Kept, serving
from tests.notifying.conftest import Post

GRADE = grades.GiveGrade(
    grade_id="new", unit_id="4a", class_id="4a", assignment_id="a-maths", pupil_id="p1", value="5",
    category_id="test", on=TODAY,
)  # fmt: skip
MINE = """{ myNotifications(school: "sp1") { totalCount edges { node {
  kind what text pupilId entryId readAt position } } } unreadNotifications(school: "sp1") }"""
LATER = timedelta(days=1)


def said(post: Post, command: Command, by: Actor) -> int:
    """Somebody does something, and it is told; the position."""
    outcome = post.served.system.register("sp1").execute(command, actor=by)
    assert isinstance(outcome, Accepted), outcome
    post.tell()
    return outcome.position


def mine(served: Served, who: str) -> dict[str, Any]:
    found = served.data(MINE, who)
    nodes = [edge["node"] for edge in found["myNotifications"]["edges"]]
    return {"texts": [node["text"] for node in nodes], "unread": found["unreadNotifications"]}


def test_a_grade_is_told_to_the_pupil_and_who_may_know_of_them(post: Post) -> None:
    said(post, GRADE, post.as_("t-maths"))
    for who in ("p1", "m1"):
        assert mine(post.served, who) == {"texts": ["New grade: Matematyka – 5"], "unread": 1}
    for who in ("p2", "p3", "f3", "t-maths", "t-art", "dir"):
        assert mine(post.served, who) == {"texts": [], "unread": 0}, who


def test_what_an_import_brings_is_no_news(post: Post) -> None:
    said(post, GRADE, Actor(account="cli", role=Role.SYSTEM, channel=Channel.IMPORT))
    assert mine(post.served, "p1")["texts"] == []


def test_notices_are_seen_up_to_a_position(post: Post) -> None:
    first = said(post, GRADE, post.as_("t-maths"))
    said(post, behaviour_commands.WriteNote(
        note_id="n", class_id="4a", pupil_id="p1", category_id="praise", on=TODAY, text="Pomógł koledze."
    ), post.as_("t-art"))  # fmt: skip
    assert mine(post.served, "p1")["texts"] == ["New note of 6.10.2025", "New grade: Matematyka – 5"]
    read = 'mutation ($p: Int!) { markNotificationsRead(school: "sp1", upTo: $p) }'
    assert post.served.data(read, "p1", p=first) == {"markNotificationsRead": 1}
    assert mine(post.served, "p1")["unread"] == 1
    assert mine(post.served, "m1")["unread"] == 2
    news = '{ myNotifications(school: "sp1", unreadOnly: true) { totalCount } }'
    assert post.served.data(news, "p1")["myNotifications"]["totalCount"] == 1


def test_who_was_not_there_is_told_of(post: Post) -> None:
    hold = lessons.HoldLesson(unit_id="4a", assignment_id="a-maths", on=TODAY, period=2, topic="x", sign=True)
    said(post, hold, post.as_("t-maths"))
    lesson_id = lessons.lesson_id(TODAY, 2, "a-maths")
    marks = (RollMark(pupil_id="p1", type_id="late", minutes=5), RollMark(pupil_id="p2", type_id="absent"))
    roll = attendance.CallRoll(unit_id="4a", lesson_id=lesson_id, marks=marks)
    said(post, roll, post.as_("t-maths"))
    assert mine(post.served, "m1")["texts"] == ["Lateness on 6.10.2025, lesson 2: Matematyka"]
    assert mine(post.served, "p2")["texts"] == ["Absence on 6.10.2025, lesson 2: Matematyka"]


def test_entries_of_a_class_and_announcements(post: Post) -> None:
    plan = calendar_commands.PlanEntry(
        entry_id="e", unit_id="4a", kind=calendar.EntryKind.TRIP, title="Muzeum", on=TODAY + LATER
    )
    said(post, plan, post.as_("t-art"))
    said(post, board.PostAnnouncement(
        announcement_id="n1", title="Zebranie", text="x", until=TODAY, audience=board.BoardAudience()
    ), post.as_("dir"))  # fmt: skip
    assert mine(post.served, "m1")["texts"] == ["New announcement: Zebranie", "Calendar, 7.10.2025: Muzeum"]
    assert mine(post.served, "t-art")["texts"] == ["New announcement: Zebranie"]
    assert mine(post.served, "p3")["texts"] == ["New announcement: Zebranie"]
    assert mine(post.served, "dir")["texts"] == []
    said(post, board.TakeDownAnnouncement(announcement_id="n1", reason="x"), post.as_("dir"))
    assert mine(post.served, "p3")["texts"] == []


def test_what_is_published_later_is_told_later(post: Post) -> None:
    column = grades.SetColumnPublication(unit_id="4a", column_id="c1", on=TODAY + 3 * LATER)
    said(post, column, post.as_("t-maths"))
    post.wants("m1", NoticeKind.GRADE)
    in_column = grades.GiveGrade(
        grade_id="later", unit_id="4a", class_id="4a", assignment_id="a-maths", pupil_id="p1", value="1",
        column_id="c1",
    )  # fmt: skip
    said(post, in_column, post.as_("t-maths"))
    assert mine(post.served, "m1") == {"texts": [], "unread": 0}
    assert post.deliver(2 * LATER) == []
    at_once = grades.SetColumnPublication(unit_id="4a", column_id="c1")
    said(post, at_once, post.as_("t-maths"))
    assert mine(post.served, "m1") == {"texts": ["New grade: Matematyka – 1"], "unread": 1}
    assert [mail.subject for mail in post.deliver()] == ["Dziennik: Nowa ocena: Matematyka"]


def test_a_struck_out_grade_is_told_no_more(post: Post) -> None:
    post.wants("m1", NoticeKind.GRADE, quiet=SilentHours(starts="10:00", ends="18:00"))
    said(post, GRADE, post.as_("t-maths"))
    assert post.deliver() == []
    strike = grades.StrikeOutGrade(
        class_id="4a", subject_id="maths", pupil_id="p1", grade_id="new", reason="x"
    )
    said(post, strike, post.as_("t-maths"))
    assert mine(post.served, "m1")["texts"] == []
    assert post.deliver(LATER) == []


def test_an_e_mail_goes_once_without_the_grade_unless_the_parent_asks(post: Post) -> None:
    post.wants("m1", NoticeKind.GRADE)
    said(post, GRADE, post.as_("t-maths"))
    (mail,) = post.deliver()
    assert (mail.to, mail.subject) == ("m1@example.pl", "Dziennik: Nowa ocena: Matematyka")
    assert "5" not in mail.text
    assert mail.key == f"sp1/m1/once/{post.served.head()}"
    assert post.deliver(LATER) == []
    post.wants("m1", NoticeKind.GRADE, grade_text=True)
    again = grades.CorrectGrade(
        class_id="4a", subject_id="maths", pupil_id="p1", grade_id="new", value="6", reason="x"
    )
    said(post, again, post.as_("t-maths"))
    (mail,) = post.deliver()
    assert mail.subject == "Dziennik: Poprawiono ocenę: Matematyka – 6"


def test_where_extensions_are_sold_families_need_one_and_the_staff_does_not(post: Post) -> None:
    post.wants("m1", NoticeKind.ANNOUNCEMENT)
    post.wants("t-art", NoticeKind.ANNOUNCEMENT)
    contract = agreement.ContractSigned(
        contract_id="u1", number="1/2025", on=TODAY, since=TODAY, until=date(2026, 8, 31), pupils=3, lines=(),
        cards=0, reminder_days=30,
    )  # fmt: skip
    origin = Origin(command_id="u1", actor=OFFICE, recorded_at=post.now)
    draft = Draft(stream=streams.AGREEMENT, expected_version=0, facts=(contract,))
    post.served.system.journals.school("sp1").append([draft], origin)
    said(post, board.PostAnnouncement(
        announcement_id="n1", title="Zebranie", text="x", until=TODAY, audience=board.BoardAudience()
    ), post.as_("dir"))  # fmt: skip
    assert [mail.to for mail in post.deliver()] == ["t-art@example.pl"]
    assert mine(post.served, "m1")["texts"] == ["New announcement: Zebranie"]  # in the register it is free


def test_a_message_is_told_of_and_not_when_it_was_taken_back(post: Post) -> None:
    post.wants("m1", NoticeKind.MESSAGE)
    evenings = QuietHours(starts="10:00", ends="13:00", weekdays=(1, 2, 3, 4, 5))  # it is Monday, 11:00 there
    said(post, message_commands.SetQuietHours(hours=(evenings,)), post.as_("m1"))
    for number in (1, 2):
        said(post, message_commands.SendMessage(
            thread_id=f"t{number}", message_id=f"m{number}", subject="Tajne", body="Tajne.",
            recipient_ids=("m1",), pupil_id="p1",
        ), post.as_("t-art"))  # fmt: skip
    assert mine(post.served, "m1") == {"texts": ["New message", "New message"], "unread": 2}
    assert mine(post.served, "p1")["texts"] == []
    said(post, message_commands.WithdrawMessage(thread_id="t2", message_id="m2"), post.as_("t-art"))
    assert mine(post.served, "m1")["texts"] == ["New message"]
    assert post.deliver(timedelta(hours=1)) == []
    (mail,) = post.deliver(timedelta(hours=1))
    assert mail.subject == "Dziennik: Nowa wiadomość"
    assert "Tajne" not in mail.subject + mail.text


def test_the_days_mail_holds_all_of_the_day_and_the_next_one_the_rest(post: Post) -> None:
    post.wants("m1", NoticeKind.GRADE, NoticeKind.NOTE, how=Delivery.DAILY, daily_at="17:00")
    said(post, GRADE, post.as_("t-maths"))
    said(post, behaviour_commands.WriteNote(
        note_id="n", class_id="4a", pupil_id="p1", category_id="praise", on=TODAY, text="Pomógł."
    ), post.as_("t-art"))  # fmt: skip
    assert post.deliver() == []
    (mail,) = post.deliver(timedelta(hours=7))
    assert mail.subject == "Dziennik: podsumowanie dnia"
    assert mail.text.startswith("- Nowa ocena: Matematyka\n- Nowa uwaga z 6.10.2025\n\n")
    said(post, grades.CorrectGrade(
        class_id="4a", subject_id="maths", pupil_id="p1", grade_id="new", value="6", reason="x"
    ), post.as_("t-maths"))  # fmt: skip
    assert post.deliver() == []
    (second,) = post.deliver(LATER)
    assert second.key != mail.key


def test_quiet_hours_hold_an_e_mail_back(post: Post) -> None:
    post.wants("m1", NoticeKind.GRADE, quiet=SilentHours(starts="10:00", ends="12:00"))  # it is 11:00 there
    said(post, GRADE, post.as_("t-maths"))
    assert post.deliver() == []
    assert post.deliver(timedelta(minutes=59)) == []
    assert len(post.deliver(timedelta(minutes=1))) == 1


def test_rights_are_asked_when_sending(post: Post) -> None:
    post.wants("m1", NoticeKind.GRADE, how=Delivery.DAILY)
    said(post, GRADE, post.as_("t-maths"))
    end = EndParentalRights(pupil_id="p1", parent_id="m1", until=date(2025, 10, 5), basis="III RC 2/25")
    said(post, end, OFFICE)
    assert post.deliver(LATER) == []
    assert mine(post.served, "m1") == {"texts": [], "unread": 0}


def test_whose_access_is_blocked_is_not_told(post: Post) -> None:
    post.wants("m1", NoticeKind.GRADE, how=Delivery.DAILY)
    said(post, GRADE, post.as_("t-maths"))
    said(post, BlockAccess(person_id="m1", reason="nadużycie"), OFFICE)
    assert post.deliver(LATER) == []


def test_a_server_that_is_away_is_tried_again_and_what_it_refuses_is_seen_in_health(post: Post) -> None:
    post.wants("m1", NoticeKind.GRADE)
    said(post, GRADE, post.as_("t-maths"))
    post.bag.fault = MailFault("no connection", again=True)
    assert post.deliver() == []
    outbox = post.served.system.outbox
    assert (outbox.health(post.now).waiting, outbox.health(post.now).dead) == (1, 0)
    post.bag.fault = MailFault("the server refused the recipient: 550", again=False)
    assert post.deliver(timedelta(minutes=2)) == []
    assert (outbox.health(post.now).waiting, outbox.health(post.now).dead) == (0, 1)
    assert outbox.dead_letters() == [("sp1", "m1", "the server refused the recipient: 550")]
    post.bag.fault = None
    assert outbox.revive(post.now, "sp2") == 0
    assert outbox.revive(post.now, "sp1") == 1
    assert len(post.deliver()) == 1
    assert outbox.health(post.now).dead == 0


def test_a_school_begins_at_its_head(post: Post) -> None:
    assert mine(post.served, "m1")["texts"] == []
    assert post.served.system.notices.told("sp1") == post.served.head()


def test_to_a_mail_server(post: Post) -> None:
    """As a server gets it: one recipient, one Message-ID for good, nothing of the grade."""
    post.wants("m1", NoticeKind.GRADE)
    said(post, GRADE, post.as_("t-maths"))
    kept = Kept()
    with serving(kept) as port:
        server = smtp_server(f"smtp://127.0.0.1:{port}", "Dziennik <dziennik@example.pl>")
        post.postman = Postman(
            post.served.system.notices,
            post.served.system.read_models,
            SmtpMailer(server),
            now=lambda: post.now,
        )
        post.deliver()
    (mail,) = kept.mails
    assert (mail["To"], mail["Subject"]) == ("m1@example.pl", "Dziennik: Nowa ocena: Matematyka")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.pl>")
    assert "5" not in mail.get_content()
    assert post.served.system.outbox.health(post.now).waiting == 0


def test_what_could_not_be_told_is_told_after_all(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("no such row")

    with monkeypatch.context() as wrong:
        wrong.setattr(notifier, "told_by", broken)
        said(post, GRADE, post.as_("t-maths"))
        assert post.notifier.retry("sp1") == (0, 1)
    assert mine(post.served, "m1")["texts"] == []
    assert post.served.system.outbox.health(post.now).unreadable == 1
    assert post.notifier.retry("sp1") == (1, 0)
    assert mine(post.served, "m1")["texts"] == ["New grade: Matematyka – 5"]
    assert post.served.system.outbox.health(post.now).unreadable == 0
    assert post.notifier.retry("sp1") == (0, 0)
