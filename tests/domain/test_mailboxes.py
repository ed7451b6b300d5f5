"""What may be decided about who may write to whom, groups, being away, and quiet hours?"""

from __future__ import annotations

from datetime import date, datetime

import pytest
from msgspec.structs import replace

from dziennik.contracts import message_commands as orders
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Role
from dziennik.contracts.messages import AudienceKind, GroupKind, QuietHours
from dziennik.contracts.people import NO_SUCH_PERSON
from dziennik.domain.policies.quiet_hours import quiet_until
from dziennik.domain.policies.usual_messages import USUAL_MESSAGES
from tests.domain.correspondence import CORRESPONDING, COUNCIL, MOTHER
from tests.domain.register import NOWAK, OFFICE, PUPIL
from tests.domain.sentence import TODAY, at, given

HERE = given(CORRESPONDING)
SET = orders.SetMessageRules(since=TODAY, rules=USUAL_MESSAGES)
RULES_SET = at(streams.MESSAGE_RULES, said.MessageRulesSet(since=TODAY, rules=USUAL_MESSAGES))
EVENINGS = QuietHours(starts="20:00", ends="06:30", weekdays=(1, 2, 3, 4, 5))
AWAY = orders.AnnounceOutOfOffice(
    starts=date(2026, 10, 19), ends=date(2026, 10, 23), text="Szkolenie.", instead_id="lis"
)
ANNOUNCED = at(
    streams.mailbox("nowak"),
    said.OutOfOfficeAnnounced(
        person_id="nowak",
        starts=date(2026, 10, 19),
        ends=date(2026, 10, 23),
        text="Szkolenie.",
        instead_id="lis",
    ),
)


def test_the_director_sets_rules_from_a_day_on() -> None:
    HERE.when(SET).then(RULES_SET)
    given(CORRESPONDING, RULES_SET).when(SET).nothing()
    HERE.when(SET, by=OFFICE).refused(NOT_YOURS_TO_DO)
    HERE.when(replace(SET, since=date(2026, 10, 14))).refused(orders.SINCE_PAST, "since", today=TODAY)


def test_rules_say_everything_once_and_of_roles_that_write() -> None:
    pair = said.RecipientRule(sender=Role.PARENT, recipient=Role.TEACHER)
    twice = replace(USUAL_MESSAGES, recipients=(*USUAL_MESSAGES.recipients, pair))
    HERE.when(replace(SET, rules=twice)).refused(
        orders.RULES_UNSOUND, "rules.recipients", what="parent → teacher"
    )
    kind = said.AudienceRule(sender=Role.AUDITOR, audience=AudienceKind.OFFICE)
    HERE.when(replace(SET, rules=replace(USUAL_MESSAGES, audiences=(kind,)))).refused(
        orders.RULES_UNSOUND, "rules.recipients", what="auditor"
    )
    HERE.when(replace(SET, rules=replace(USUAL_MESSAGES, family_limit=0))).refused(
        orders.LIMIT_UNSOUND, "rules.family_limit", most=500
    )


def test_the_office_keeps_groups() -> None:
    form = orders.FormRecipientGroup(
        group_id="rada",
        kind=GroupKind.PARENTS_COUNCIL,
        name="Rada\u200b  Rodziców",
        member_ids=("mother", "zajaca", "mother"),
    )
    before = [entry for entry in CORRESPONDING if entry != COUNCIL]
    given(before).when(form, by=OFFICE).then(COUNCIL)
    HERE.when(form, by=OFFICE).nothing()
    HERE.when(replace(form, member_ids=("mother",)), by=OFFICE).refused(orders.ID_TAKEN, "group_id")
    given(before).when(replace(form, member_ids=("mother", "ghost")), by=OFFICE).refused(
        NO_SUCH_PERSON, "member_ids[1]", person="ghost"
    )
    given(before).when(form, by=NOWAK).refused(NOT_YOURS_TO_DO)
    change = orders.ChangeGroupMembers(group_id="rada", joined_ids=("father", "zajaca"), left_ids=("mother",))
    stream = streams.recipient_group("rada")
    HERE.when(change, by=OFFICE).then(
        at(stream, said.GroupMembersChanged(group_id="rada", joined_ids=("father",), left_ids=("mother",)))
    )
    HERE.when(replace(change, left_ids=("nowak",)), by=OFFICE).refused(
        orders.NOT_A_MEMBER, "left_ids[0]", person="nowak"
    )
    HERE.when(orders.ChangeGroupMembers(group_id="rada", joined_ids=("mother",)), by=OFFICE).nothing()
    dissolve = orders.DissolveRecipientGroup(group_id="rada")
    gone = at(stream, said.RecipientGroupDissolved(group_id="rada"))
    HERE.when(dissolve, by=OFFICE).then(gone)
    given(CORRESPONDING, gone).when(dissolve, by=OFFICE).nothing()
    given(CORRESPONDING, gone).when(change, by=OFFICE).refused(orders.NO_SUCH_GROUP, "group_id", group="rada")
    given(CORRESPONDING, gone).when(form, by=OFFICE).refused(orders.ID_TAKEN, "group_id")


def test_staff_say_that_they_are_away_and_back() -> None:
    HERE.when(AWAY, by=NOWAK).then(ANNOUNCED)
    HERE.when(AWAY, by=MOTHER).refused(NOT_YOURS_TO_DO)
    HERE.when(replace(AWAY, ends=date(2026, 10, 18)), by=NOWAK).refused(
        orders.ENDS_BEFORE_START, "ends", starts=date(2026, 10, 19), ends=date(2026, 10, 18)
    )
    for other in ("mother", "nowak", "ghost"):
        HERE.when(replace(AWAY, instead_id=other), by=NOWAK).refused(
            orders.RECIPIENT_NOT_ALLOWED, "instead_id", recipient=other
        )
    back = orders.EndOutOfOffice(starts=date(2026, 10, 19))
    ended = at(streams.mailbox("nowak"), said.OutOfOfficeEnded(person_id="nowak"))
    given(CORRESPONDING, ANNOUNCED).when(back, by=NOWAK).then(ended)
    given(CORRESPONDING, ANNOUNCED, ended).when(back, by=NOWAK).nothing()
    given(CORRESPONDING, ANNOUNCED).when(replace(back, starts=TODAY), by=NOWAK).nothing()


def test_everybody_has_quiet_hours_of_their_own() -> None:
    quiet = orders.SetQuietHours(hours=(EVENINGS,))
    fact = at(streams.mailbox("cma"), said.QuietHoursSet(person_id="cma", hours=(EVENINGS,)))
    HERE.when(quiet, by=PUPIL).then(fact)
    given(CORRESPONDING, fact).when(quiet, by=PUPIL).nothing()
    for wrong in (
        replace(EVENINGS, starts="24:00"),
        replace(EVENINGS, ends="20:00"),
        replace(EVENINGS, weekdays=()),
        replace(EVENINGS, weekdays=(1, 1)),
        replace(EVENINGS, weekdays=(0, 8)),
    ):
        HERE.when(orders.SetQuietHours(hours=(wrong,)), by=PUPIL).refused(orders.HOURS_UNSOUND, "hours")


WEEKEND = QuietHours(starts="06:30", ends="06:00", weekdays=(6, 7))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-10-15 19:59", None),
        ("2026-10-15 20:00", "2026-10-16 06:30"),
        ("2026-10-16 06:29", "2026-10-16 06:30"),
        ("2026-10-16 06:30", None),
        # Friday evening runs into the weekend, whose end on Monday is a moment of its own.
        ("2026-10-16 23:00", "2026-10-18 06:00"),
        ("2026-10-18 06:10", None),
        ("2026-10-18 07:00", "2026-10-19 06:00"),
    ],
)
def test_until_when_it_is_quiet(now: str, until: str | None) -> None:
    expected = datetime.fromisoformat(until) if until else None
    assert quiet_until((EVENINGS, WEEKEND), datetime.fromisoformat(now)) == expected


def test_a_week_of_quiet_ends_nevertheless() -> None:
    always = QuietHours(starts="00:00", ends="23:59", weekdays=(1, 2, 3, 4, 5, 6, 7))
    rest = QuietHours(starts="23:00", ends="01:00", weekdays=(1, 2, 3, 4, 5, 6, 7))
    until = quiet_until((always, rest), datetime.fromisoformat("2026-10-15 12:00"))
    assert until is not None
    assert until > datetime.fromisoformat("2026-10-20 00:00")
