"""Who may announce what to whom, put it right, take it down; and who confirms reading it?"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import board, streams
from dziennik.contracts.board import AudiencePart, BoardAudience, BoardRules, BoardRulesSet
from dziennik.contracts.classes import NO_SUCH_CLASS, NO_SUCH_GROUP
from dziennik.contracts.commands import CHANGED_SINCE, NOT_YOURS_TO_DO, TEXT_MISSING, UNWRITABLE_TEXT
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import Guardianship, ParentalRightsEnded, ParentalRightsGranted
from dziennik.contracts.refusals import Reason
from dziennik.contracts.registers import RegisterKind, RegisterOpened
from dziennik.contracts.school import DATES_REVERSED
from dziennik.domain.policies.audiences import Standing, reached
from dziennik.domain.world import Entry
from tests.domain.register import LIS, NOWAK, OFFICE, PUPIL, REGISTER, SEPTEMBER
from tests.domain.sentence import DIRECTOR, TODAY, at, given

LATER = date(2026, 10, 30)
MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
BOBR = Actor(account="account-bobr", role=Role.PUPIL, person="bobr")
RIGHTS = at(
    streams.person("bobr"),
    ParentalRightsGranted(
        pupil_id="bobr", parent_id="mother", guardianship=Guardianship.PARENT, since=SEPTEMBER
    ),
)
PEDAGOGUE = at(
    streams.unit("ped"),
    RegisterOpened(unit_id="ped", year_id="y2026", kind=RegisterKind.PEDAGOGUE, name="Dziennik pedagoga"),
)
PAST = (*REGISTER, RIGHTS, PEDAGOGUE)
CLASS = BoardAudience(parts=(AudiencePart(unit_id="4a"),))
GROUP = BoardAudience(parts=(AudiencePart(unit_id="4a", group_id="4a-en"),))
ETHICS = BoardAudience(parts=(AudiencePart(unit_id="ethics"),))
POST = board.PostAnnouncement(
    announcement_id="n1", title="Zebranie", text="W czwartek.", until=LATER, audience=CLASS, confirm=True
)
STREAM = streams.announcement("n1")


def posted(
    by: str = "nowak", audience: BoardAudience = CLASS, *, confirm: bool = True
) -> board.AnnouncementPosted:
    return board.AnnouncementPosted(
        announcement_id="n1",
        author_id=by,
        title="Zebranie",
        text="W czwartek.",
        audience=audience,
        since=TODAY,
        until=LATER,
        confirm=confirm,
    )


POSTED = at(STREAM, posted())
CORRECT = board.CorrectAnnouncement(
    announcement_id="n1", title="Zebranie", text="W piątek.", until=LATER, reason="zmiana", again=True
)
CORRECTED = at(
    STREAM,
    board.AnnouncementCorrected(
        announcement_id="n1",
        author_id="nowak",
        was_title="Zebranie",
        was_text="W czwartek.",
        was_until=LATER,
        title="Zebranie",
        text="W piątek.",
        until=LATER,
        reason="zmiana",
        again=True,
    ),
)
TAKE_DOWN = board.TakeDownAnnouncement(announcement_id="n1", reason="odwołane")
TAKEN_DOWN = at(STREAM, board.AnnouncementTakenDown(announcement_id="n1", reason="odwołane"))
CONFIRM = board.ConfirmReading(announcement_id="n1")
AS_PARENT = replace(CONFIRM, pupil_id="bobr")
FREELY = at(
    streams.BOARD, BoardRulesSet(since=SEPTEMBER, rules=BoardRules(teachers_to_school=True, longest_days=10))
)


def confirmed(who: str, edition: int = 1) -> Entry:
    fact = board.ReadingConfirmed(announcement_id="n1", person_id=who, edition=edition)
    return at(streams.reading("n1", who), fact)


@pytest.mark.parametrize(
    ("actor", "audience"),
    [
        (NOWAK, CLASS),
        (NOWAK, GROUP),
        (LIS, GROUP),
        (LIS, CLASS),  # teaches a group of it
        (LIS, ETHICS),
        (DIRECTOR, BoardAudience()),
        (OFFICE, BoardAudience(roles=(Role.TEACHER,))),
        (OFFICE, replace(CLASS, roles=(Role.PARENT,))),
    ],
)
def test_an_announcement_is_posted_by_whom_it_concerns(actor: Actor, audience: BoardAudience) -> None:
    command = replace(POST, audience=audience)
    given(PAST).when(command, by=actor).then(at(STREAM, posted(actor.person or "", audience)))


@pytest.mark.parametrize(
    ("command", "actor", "reason", "field"),
    [
        (replace(POST, audience=BoardAudience()), NOWAK, board.NOT_TO_THE_SCHOOL, "audience.parts"),
        (
            replace(POST, audience=BoardAudience(parts=(AudiencePart(unit_id="4b"),))),
            NOWAK,
            board.NOT_YOUR_CLASS,
            "audience.parts[0].unit_id",
        ),
        (
            replace(POST, audience=BoardAudience(parts=(AudiencePart(unit_id="9z"),))),
            DIRECTOR,
            NO_SUCH_CLASS,
            "audience.parts[0].unit_id",
        ),
        (
            replace(POST, audience=BoardAudience(parts=(AudiencePart(unit_id="ped"),))),
            DIRECTOR,
            NO_SUCH_CLASS,
            "audience.parts[0].unit_id",
        ),
        (
            replace(POST, audience=BoardAudience(parts=(AudiencePart(unit_id="4b", group_id="4a-en"),))),
            DIRECTOR,
            NO_SUCH_GROUP,
            "audience.parts[0].group_id",
        ),
        (
            replace(POST, audience=replace(CLASS, roles=(Role.DIRECTOR,))),
            NOWAK,
            board.NOT_AN_AUDIENCE,
            "audience.roles[0]",
        ),
        (
            replace(POST, audience=BoardAudience(roles=(Role.AUDITOR,))),
            DIRECTOR,
            board.NOT_AN_AUDIENCE,
            "audience.roles[0]",
        ),
        (
            replace(POST, audience=BoardAudience(parts=(*CLASS.parts, *CLASS.parts))),
            NOWAK,
            board.NAMED_TWICE,
            "audience.parts[1]",
        ),
        (replace(POST, title="x" * 201), NOWAK, board.TITLE_TOO_LONG, "title"),
        (replace(POST, title=" "), NOWAK, TEXT_MISSING, "title"),
        (replace(POST, text="\n"), NOWAK, TEXT_MISSING, "text"),
        (replace(POST, text="koniec\u202e"), NOWAK, UNWRITABLE_TEXT, "text"),
        (replace(POST, until=SEPTEMBER), NOWAK, DATES_REVERSED, "until"),
        (replace(POST, since=SEPTEMBER, until=date(2026, 10, 14)), NOWAK, board.OVER_ALREADY, "until"),
        (replace(POST, until=date(2027, 10, 16)), NOWAK, board.SHOWN_TOO_LONG, "until"),
        (POST, PUPIL, NOT_YOURS_TO_DO, None),
        (POST, MOTHER, NOT_YOURS_TO_DO, None),
        (POST, Actor(account="cli", role=Role.DIRECTOR), NOT_YOURS_TO_DO, None),
    ],
)
def test_an_announcement_is_refused(
    command: board.PostAnnouncement, actor: Actor, reason: Reason, field: str | None
) -> None:
    given(PAST).when(command, by=actor).refused(reason, field)


def test_parts_are_counted() -> None:
    parts = tuple(AudiencePart(unit_id=f"c{number}") for number in range(101))
    many = replace(POST, audience=BoardAudience(parts=parts))
    given(PAST).when(many).refused(board.TOO_MANY_PARTS, "audience.parts", found=101, limit=100)


def test_the_schools_own_rules_hold_from_their_day_on() -> None:
    whole = replace(POST, audience=BoardAudience(), until=date(2026, 10, 24))
    given(PAST, FREELY).when(whole, by=NOWAK).then(
        at(STREAM, replace(posted(audience=BoardAudience()), until=whole.until))
    )
    too_long = replace(whole, until=date(2026, 10, 25))
    given(PAST, FREELY).when(too_long, by=NOWAK).refused(
        board.SHOWN_TOO_LONG, "until", limit=10, last="2026-10-24"
    )
    tomorrow = at(streams.BOARD, BoardRulesSet(since=LATER, rules=BoardRules(teachers_to_school=True)))
    given(PAST, tomorrow).when(whole, by=NOWAK).refused(board.NOT_TO_THE_SCHOOL, "audience.parts")


def test_rules_are_set_by_the_director() -> None:
    command = board.SetBoardRules(since=SEPTEMBER, rules=BoardRules(teachers_to_school=True, longest_days=10))
    given(PAST).when(command).then(FREELY)
    given(PAST, FREELY).when(command).nothing()
    given(PAST).when(command, by=OFFICE).refused(NOT_YOURS_TO_DO)
    none = replace(command, rules=BoardRules(longest_days=0))
    given(PAST).when(none).refused(board.DAYS_UNSOUND, "rules.longest_days", limit=1000)


def test_one_id_is_one_announcement() -> None:
    given(PAST, POSTED).when(POST, by=NOWAK).nothing()
    given(PAST, POSTED).when(POST).refused(board.ANNOUNCEMENT_EXISTS, "announcement_id")


def test_an_announcement_is_put_right_by_its_author_or_the_office() -> None:
    for actor in (NOWAK, DIRECTOR, OFFICE):
        given(PAST, POSTED).when(CORRECT, by=actor).then(CORRECTED)
    given(PAST, POSTED).when(CORRECT, by=LIS).refused(board.NOT_YOUR_ANNOUNCEMENT, "announcement_id")
    given(PAST).when(CORRECT).refused(board.NO_SUCH_ANNOUNCEMENT, "announcement_id")
    given(PAST, POSTED).when(replace(CORRECT, reason=" ")).refused(REASON_MISSING, "reason")
    given(PAST, POSTED, CORRECTED).when(replace(CORRECT, again=False)).nothing()
    given(PAST, POSTED, TAKEN_DOWN).when(CORRECT).refused(
        board.WAS_TAKEN_DOWN, "announcement_id", reason="odwołane"
    )


def test_a_stale_correction_is_refused() -> None:
    seen = board.AnnouncementSeen(title="Zebranie", text="W czwartek.", until=LATER)
    stale = replace(CORRECT, text="W sobotę.", seen=seen)
    given(PAST, POSTED, CORRECTED).when(stale, by=NOWAK).refused(CHANGED_SINCE, "seen")
    given(PAST, POSTED).when(replace(CORRECT, seen=seen), by=NOWAK).then(CORRECTED)


def test_an_announcement_is_taken_down_once() -> None:
    given(PAST, POSTED).when(TAKE_DOWN, by=NOWAK).then(TAKEN_DOWN)
    given(PAST, POSTED, TAKEN_DOWN).when(TAKE_DOWN, by=OFFICE).nothing()
    given(PAST, POSTED).when(TAKE_DOWN, by=LIS).refused(board.NOT_YOUR_ANNOUNCEMENT, "announcement_id")
    given(PAST, POSTED, TAKEN_DOWN).when(TAKE_DOWN, by=LIS).refused(
        board.NOT_YOUR_ANNOUNCEMENT, "announcement_id"
    )


@pytest.mark.parametrize(
    ("audience", "command", "actor"),
    [
        (CLASS, CONFIRM, BOBR),
        (CLASS, AS_PARENT, MOTHER),
        (CLASS, CONFIRM, LIS),
        (GROUP, CONFIRM, BOBR),
        (GROUP, AS_PARENT, MOTHER),
        (GROUP, CONFIRM, NOWAK),  # homeroom teacher
        (ETHICS, CONFIRM, BOBR),
        (BoardAudience(), CONFIRM, OFFICE),
        (BoardAudience(), AS_PARENT, MOTHER),
    ],
)
def test_reading_is_confirmed_by_whoever_is_addressed(
    audience: BoardAudience, command: board.ConfirmReading, actor: Actor
) -> None:
    past = at(STREAM, posted("director", audience))
    given(PAST, past).when(command, by=actor).then(confirmed(actor.person or ""))


@pytest.mark.parametrize(
    ("audience", "command", "actor"),
    [
        (GROUP, CONFIRM, PUPIL),  # in the class, not in the group
        (CLASS, CONFIRM, MOTHER),  # says for no child
        (CLASS, replace(CONFIRM, pupil_id="cma"), MOTHER),  # somebody else's child
        (CLASS, CONFIRM, OFFICE),
        (replace(CLASS, roles=(Role.PARENT,)), CONFIRM, BOBR),
        (BoardAudience(roles=(Role.TEACHER,)), CONFIRM, BOBR),
    ],
)
def test_others_do_not_learn_of_it(
    audience: BoardAudience, command: board.ConfirmReading, actor: Actor
) -> None:
    past = at(STREAM, posted("director", audience))
    given(PAST, past).when(command, by=actor).refused(board.NO_SUCH_ANNOUNCEMENT, "announcement_id")


def test_what_is_not_shown_yet_is_not_confirmed() -> None:
    future = at(STREAM, replace(posted(), since=date(2026, 10, 16)))
    given(PAST, future).when(CONFIRM, by=BOBR).refused(board.NO_SUCH_ANNOUNCEMENT, "announcement_id")


def test_reading_is_confirmed_once_and_anew_when_asked_again() -> None:
    done = confirmed("bobr")
    given(PAST, POSTED, done).when(CONFIRM, by=BOBR).nothing()
    given(PAST, POSTED, CORRECTED, done).when(CONFIRM, by=BOBR).then(confirmed("bobr", 2))
    given(PAST, POSTED, TAKEN_DOWN).when(CONFIRM, by=BOBR).refused(
        board.WAS_TAKEN_DOWN, "announcement_id", reason="odwołane"
    )
    quietly = at(STREAM, posted(confirm=False))
    given(PAST, quietly).when(CONFIRM, by=BOBR).refused(board.NOT_TO_BE_CONFIRMED, "announcement_id")


def test_the_right_to_read_ends_with_what_it_rests_on() -> None:
    ended = at(
        streams.person("bobr"),
        ParentalRightsEnded(pupil_id="bobr", parent_id="mother", until=TODAY, basis="III RC 1/26"),
    )
    asked = given(PAST, POSTED, ended)
    asked.when(AS_PARENT, by=MOTHER).then(confirmed("mother"))
    asked.when(AS_PARENT, by=MOTHER, today=date(2026, 10, 16)).refused(
        board.NO_SUCH_ANNOUNCEMENT, "announcement_id"
    )


def test_who_is_addressed_in_which_role() -> None:
    standing: Standing = {Role.TEACHER: {("4a", None), ("4a", "4a-en")}, Role.PARENT: {("4b", None)}}
    assert reached(BoardAudience(), standing) == {Role.TEACHER, Role.PARENT}
    assert reached(CLASS, standing) == {Role.TEACHER}
    assert reached(GROUP, standing) == {Role.TEACHER}
    assert reached(replace(CLASS, roles=(Role.PARENT,)), standing) == set()
    assert reached(BoardAudience(roles=(Role.PARENT, Role.AUDITOR)), standing) == {Role.PARENT}
