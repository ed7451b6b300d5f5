"""Who may subscribe to whose calendar, and until when?"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.accounts import AccessBlocked
from dziennik.contracts.calendar import FeedIssued, FeedKind, FeedRevoked
from dziennik.contracts.calendar_commands import (
    NO_SUCH_FEED,
    NOT_YOUR_FEED,
    CreateCalendarFeed,
    RevokeCalendarFeed,
)
from dziennik.contracts.classes import TeachingEnded
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.people import (
    Guardianship,
    ParentalRightsEnded,
    ParentalRightsGranted,
    ParentalRightsLimited,
)
from dziennik.domain.calendar_feeds import may_hold
from dziennik.domain.world import Entry, Past
from tests.domain.register import LIS, NOWAK, OFFICE, PUPIL, REGISTER, SEPTEMBER, known
from tests.domain.sentence import DIRECTOR, TODAY, at, given

MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
RIGHTS = at(
    streams.person("cma"),
    ParentalRightsGranted(
        pupil_id="cma", parent_id="mother", guardianship=Guardianship.PARENT, since=SEPTEMBER
    ),
)
PAST = (*REGISTER, RIGHTS, *known("director", "Ewa", "Dyrektor", Role.DIRECTOR))
OWN = CreateCalendarFeed(feed_id="f1", kind=FeedKind.PUPIL, target_id="cma")
CLASS = CreateCalendarFeed(feed_id="f1", kind=FeedKind.CLASS, target_id="4a")
TEACHER = CreateCalendarFeed(feed_id="f1", kind=FeedKind.TEACHER, target_id="nowak")
STREAM = streams.calendar_feed("f1")
ISSUED = at(STREAM, FeedIssued(feed_id="f1", kind=FeedKind.PUPIL, target_id="cma", holder_id="mother"))
REVOKED = at(STREAM, FeedRevoked(feed_id="f1"))


@pytest.mark.parametrize(
    ("command", "actor"),
    [
        (OWN, PUPIL),
        (OWN, MOTHER),
        (TEACHER, NOWAK),
        (CLASS, NOWAK),  # teaches, and is homeroom teacher
        (CLASS, LIS),  # teaches a group of it
        (CLASS, DIRECTOR),
        (replace(CLASS, target_id="ethics"), LIS),
    ],
)
def test_a_feed_is_issued_to_whom_it_concerns(command: CreateCalendarFeed, actor: Actor) -> None:
    issued = FeedIssued(
        feed_id="f1", kind=command.kind, target_id=command.target_id, holder_id=actor.person or ""
    )
    given(PAST).when(command, by=actor).then(at(STREAM, issued))


@pytest.mark.parametrize(
    ("command", "actor"),
    [
        (replace(OWN, target_id="bobr"), PUPIL),
        (replace(OWN, target_id="bobr"), MOTHER),
        (OWN, NOWAK),
        (OWN, DIRECTOR),
        (TEACHER, LIS),
        (TEACHER, DIRECTOR),
        (replace(TEACHER, target_id="cma"), PUPIL),
        (CLASS, PUPIL),
        (CLASS, MOTHER),
        (replace(CLASS, target_id="4b"), NOWAK),
        (replace(CLASS, target_id="9z"), NOWAK),
        (replace(OWN, target_id="nowak"), NOWAK),
    ],
)
def test_what_concerns_others_is_not_issued(command: CreateCalendarFeed, actor: Actor) -> None:
    given(PAST).when(command, by=actor).refused(NOT_YOUR_FEED, "target_id")


def test_the_office_subscribes_to_nothing() -> None:
    given(PAST).when(CLASS, by=OFFICE).refused(NOT_YOURS_TO_DO, None, role="administrator")


def test_one_id_is_one_feed() -> None:
    given(PAST, ISSUED).when(OWN, by=MOTHER).nothing()
    given(PAST, ISSUED).when(OWN, by=PUPIL).refused(NOT_YOUR_FEED, "feed_id")
    given(PAST, ISSUED, REVOKED).when(OWN, by=MOTHER).refused(NOT_YOUR_FEED, "feed_id")


def test_a_feed_is_revoked_by_its_holder_or_the_office() -> None:
    revoke = RevokeCalendarFeed(feed_id="f1")
    for actor in (MOTHER, DIRECTOR, OFFICE):
        given(PAST, ISSUED).when(revoke, by=actor).then(REVOKED)
    given(PAST, ISSUED, REVOKED).when(revoke, by=MOTHER).nothing()
    given(PAST, ISSUED).when(revoke, by=PUPIL).refused(NO_SUCH_FEED, "feed_id")
    given(PAST).when(revoke, by=MOTHER).refused(NO_SUCH_FEED, "feed_id")


def test_the_right_to_a_feed_ends_with_what_it_rests_on() -> None:
    ended = at(
        streams.person("cma"),
        ParentalRightsEnded(pupil_id="cma", parent_id="mother", until=TODAY, basis="III RC 1/26"),
    )
    taught = at(streams.unit("4a"), TeachingEnded(assignment_id="en-4a", until=TODAY))
    told: dict[str, list[object]] = {}
    for entry in (*PAST, ended, taught):
        told.setdefault(entry.stream, []).append(entry.fact)
    world = Past(told)  # type: ignore[arg-type]
    after = date(2026, 10, 16)
    for kind, target, holder in ((FeedKind.PUPIL, "cma", "mother"), (FeedKind.CLASS, "4a", "lis")):
        assert may_hold(world, kind, target, holder, TODAY)
        assert not may_hold(world, kind, target, holder, after)


@pytest.mark.parametrize(
    "end",
    [
        at(streams.access("mother"), AccessBlocked(person_id="mother", reason="zgubiony telefon")),
        at(
            streams.person("cma"),
            ParentalRightsLimited(
                pupil_id="cma", parent_id="mother", since=TODAY, powers=(), basis="III Nsm 7/26"
            ),
        ),
    ],
)
def test_a_feed_rests_while_its_holder_is_blocked_or_limited(end: Entry) -> None:
    told: dict[str, list[Fact]] = {}
    for entry in PAST:
        told.setdefault(entry.stream, []).append(entry.fact)
    assert may_hold(Past(told), FeedKind.PUPIL, "cma", "mother", TODAY)
    told.setdefault(end.stream, []).append(end.fact)
    assert not may_hold(Past(told), FeedKind.PUPIL, "cma", "mother", TODAY)
    own = may_hold(Past(told), FeedKind.PUPIL, "cma", "cma", TODAY)
    assert own  # the child's own
