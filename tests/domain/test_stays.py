"""What may be decided about stays in day care, and into whose hands is a child given?

Bóbr is in the day-care room that Lis keeps; his mother holds rights, his father's ended on 1 October.
"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import NOT_IN_GROUP, OUTSIDE_YEAR
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import CHANGED_SINCE, NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import Guardianship, ParentalRightsEnded, ParentalRightsGranted
from dziennik.contracts.refusals import Standing
from dziennik.contracts.registers import NO_SUCH_REGISTER, NOT_FOR_THIS_REGISTER, NOT_YOUR_REGISTER
from dziennik.contracts.school import DATES_REVERSED, SchoolYearClosed
from dziennik.contracts.stays import (
    AUTHORISATION_EXISTS,
    NO_SUCH_AUTHORISATION,
    NO_SUCH_STAY,
    NOT_AUTHORISED,
    NOT_THERE,
    NOT_YOURS_TO_AUTHORISE,
    STAY_IN_FUTURE,
    STAY_OPEN,
    TIME_UNSOUND,
    TIMES_CROSS,
    TOO_MANY_AT_ONCE,
    AuthorisationWithdrawn,
    AuthoriseCollector,
    CollectorAuthorised,
    CorrectStay,
    DepartureKind,
    LeavingAloneAllowed,
    PupilArrived,
    PupilDeparted,
    RecordArrivals,
    RecordDeparture,
    StayCorrected,
    StayStruckOut,
    StrikeOutStay,
    WithdrawAuthorisation,
)
from dziennik.domain.world import Entry
from tests.domain.other_registers import REGISTERS
from tests.domain.register import JUNE, LAST_YEAR, LIS, NOWAK, OCTOBER, OFFICE, PUPIL, SEPTEMBER, joined
from tests.domain.sentence import DIRECTOR, at, given

MONDAY, FIRST_OCTOBER = date(2026, 10, 12), date(2026, 10, 1)
MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
FATHER = Actor(account="account-father", role=Role.PARENT, person="father")


def rights(parent_id: str) -> Entry:
    fact = ParentalRightsGranted(
        pupil_id="bobr", parent_id=parent_id, guardianship=Guardianship.PARENT, since=SEPTEMBER
    )
    return at(streams.person("bobr"), fact)


ENDED = at(
    streams.person("bobr"),
    ParentalRightsEnded(pupil_id="bobr", parent_id="father", until=FIRST_OCTOBER, basis="III RC 1/26"),
)
PAST = (*REGISTERS, joined("care", "care", "4a", "cma"), rights("mother"), rights("father"), ENDED)


def there(fact: Fact, pupil_id: str = "bobr") -> Entry:
    return at(streams.stays("care", MONDAY, pupil_id), fact)


def arrived(number: int = 1, clock: str = "12:30", pupil_id: str = "bobr") -> Entry:
    fact = PupilArrived(unit_id="care", pupil_id=pupil_id, on=MONDAY, number=number, at=clock)
    return there(fact, pupil_id)


def departed(number: int = 1, clock: str = "15:00", kind: DepartureKind = DepartureKind.TO_LESSON) -> Entry:
    return there(
        PupilDeparted(unit_id="care", pupil_id="bobr", on=MONDAY, number=number, at=clock, kind=kind)
    )


ARRIVE = RecordArrivals(unit_id="care", on=MONDAY, at="12:30", pupils=("bobr", "cma"))


def test_keepers_write_down_who_came() -> None:
    both = (arrived(), arrived(pupil_id="cma"))
    for who in (LIS, DIRECTOR):
        given(PAST).when(ARRIVE, by=who).then(*both)
    given(PAST, both).when(ARRIVE, by=LIS).nothing()
    given(PAST, both[0]).when(ARRIVE, by=LIS).then(both[1])
    given(PAST).when(replace(ARRIVE, pupils=("bobr", "bobr")), by=LIS).then(both[0])
    given(PAST).when(ARRIVE, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")
    given(PAST).when(ARRIVE, by=OFFICE).refused(NOT_YOURS_TO_DO)


def test_a_child_comes_again_on_the_same_day() -> None:
    again = replace(ARRIVE, at="15:30", pupils=("bobr",))
    given(PAST, arrived(), departed()).when(again, by=LIS).then(arrived(2, "15:30"))
    given(PAST, arrived()).when(again, by=LIS).refused(STAY_OPEN, "pupils[0]", pupil="bobr", arrived="12:30")
    given(PAST, arrived(), departed()).when(replace(again, at="14:00"), by=LIS).refused(
        TIMES_CROSS, "pupils[0]", at="14:00", before="15:00"
    )


def test_a_corrected_stay_crosses_no_other_one() -> None:
    """Bóbr was there from 12:30 to 15:00, and again from 15:30."""
    day = (arrived(), departed(), arrived(2, "15:30"))
    first = CorrectStay(
        unit_id="care",
        pupil_id="bobr",
        on=MONDAY,
        number=1,
        arrived="12:30",
        departed="15:40",
        reason="zegar",
    )
    given(PAST, day).when(first, by=LIS).refused(TIMES_CROSS, "departed", at="15:30", before="15:40")
    second = replace(first, number=2, arrived="14:59", departed=None)
    given(PAST, day).when(second, by=LIS).refused(TIMES_CROSS, "arrived", at="14:59", before="15:00")
    for sound in (replace(first, departed="15:30"), replace(second, arrived="15:00")):
        assert isinstance(given(PAST, day).when(sound, by=LIS).decision, list)
    struck = there(StayStruckOut(unit_id="care", pupil_id="bobr", on=MONDAY, number=1, reason="inne"))
    assert isinstance(given(PAST, day, struck).when(second, by=LIS).decision, list)


def test_a_stay_that_was_changed_meanwhile_is_not_changed_unseen() -> None:
    day = (arrived(), departed(), arrived(2, "15:30"))
    correct = CorrectStay(
        unit_id="care", pupil_id="bobr", on=MONDAY, number=2, arrived="15:35", reason="zegar", seen="15:30-"
    )
    strike = StrikeOutStay(unit_id="care", pupil_id="bobr", on=MONDAY, number=2, reason="inne", seen="15:30-")
    stream = streams.stays("care", MONDAY, "bobr")
    for command in (correct, strike):
        assert isinstance(given(PAST, day).when(command, by=LIS).decision, list)
        given(PAST, day).when(replace(command, seen="15:20-"), by=LIS).refused(
            CHANGED_SINCE, "seen", seen="15:20-", now="15:30-"
        ).beside(Standing(stream=stream, field="number", value="2"))
    told = replace(correct, number=1, seen="12:30-", departed="15:00")
    given(PAST, day).when(told, by=LIS).refused(CHANGED_SINCE, "seen", seen="12:30-", now="12:30-15:00")


def test_so_many_do_not_come_at_once() -> None:
    many = replace(ARRIVE, pupils=("bobr",) * 501)
    given(PAST).when(many, by=LIS).refused(TOO_MANY_AT_ONCE, "pupils", count=501, limit=500)
    given(PAST).when(replace(ARRIVE, pupils=("bobr",) * 500), by=LIS).then(arrived())


def test_an_arrival_that_makes_no_sense() -> None:
    given(PAST).when(replace(ARRIVE, pupils=("bobr", "zajac")), by=LIS).refused(
        NOT_IN_GROUP, "pupils[1]", pupil="zajac", on=MONDAY
    )
    for clock in ("24:00", "7:30", "12:60", "noon", ""):
        given(PAST).when(replace(ARRIVE, at=clock), by=LIS).refused(TIME_UNSOUND, "at", at=clock)
    given(PAST).when(replace(ARRIVE, on=date(2026, 10, 16)), by=LIS).refused(STAY_IN_FUTURE, "on")
    given(PAST).when(replace(ARRIVE, on=LAST_YEAR), by=LIS).refused(OUTSIDE_YEAR, "on")
    given(PAST).when(replace(ARRIVE, unit_id="ni"), by=LIS).refused(NOT_FOR_THIS_REGISTER, "unit_id")
    given(PAST).when(replace(ARRIVE, unit_id="4a"), by=LIS).refused(NO_SUCH_REGISTER, "unit_id")
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=JUNE, class_ids=("4a",)))
    given(PAST, closed).when(ARRIVE, by=LIS).refused(YEAR_CLOSED, "unit_id")


DEPART = RecordDeparture(
    unit_id="care",
    pupil_id="bobr",
    on=MONDAY,
    at="15:00",
    kind=DepartureKind.WITH_PARENT,
    collector_id="mother",
)
AUNT = at(
    streams.collectors("care", "bobr"),
    CollectorAuthorised(
        collector_id="u1", unit_id="care", pupil_id="bobr", since=SEPTEMBER, name="Maria, ciocia"
    ),
)
ALONE = at(
    streams.collectors("care", "bobr"),
    LeavingAloneAllowed(collector_id="u2", unit_id="care", pupil_id="bobr", since=SEPTEMBER),
)
WITHDRAWN = at(
    streams.collectors("care", "bobr"),
    AuthorisationWithdrawn(collector_id="u1", unit_id="care", pupil_id="bobr", until=date(2026, 10, 11)),
)


def gone(kind: DepartureKind, collector_id: str | None) -> Entry:
    fact = PupilDeparted(
        unit_id="care", pupil_id="bobr", on=MONDAY, number=1, at="15:00", kind=kind, collector_id=collector_id
    )
    return there(fact)


@pytest.mark.parametrize(
    ("kind", "collector_id"),
    [
        (DepartureKind.WITH_PARENT, "mother"),
        (DepartureKind.WITH_AUTHORISED, "u1"),
        (DepartureKind.ALONE, "u2"),
        (DepartureKind.TO_LESSON, None),
    ],
)
def test_a_child_is_given_into_the_right_hands(kind: DepartureKind, collector_id: str | None) -> None:
    command = replace(DEPART, kind=kind, collector_id=collector_id)
    given(PAST, AUNT, ALONE, arrived()).when(command, by=LIS).then(gone(kind, collector_id))


@pytest.mark.parametrize(
    ("kind", "collector_id"),
    [
        (DepartureKind.WITH_PARENT, "father"),  # the court ended his rights
        (DepartureKind.WITH_PARENT, "u1"),
        (DepartureKind.WITH_PARENT, None),
        (DepartureKind.WITH_AUTHORISED, "u2"),  # may go alone: that authorises nobody
        (DepartureKind.WITH_AUTHORISED, "mother"),
        (DepartureKind.WITH_AUTHORISED, None),
        (DepartureKind.ALONE, "u1"),
        (DepartureKind.ALONE, None),
        (DepartureKind.TO_LESSON, "u1"),
    ],
)
def test_and_into_no_others(kind: DepartureKind, collector_id: str | None) -> None:
    command = replace(DEPART, kind=kind, collector_id=collector_id)
    given(PAST, AUNT, ALONE, arrived()).when(command, by=LIS).refused(
        NOT_AUTHORISED, "collector_id", pupil="bobr", on=MONDAY
    )


def test_what_was_withdrawn_holds_no_more() -> None:
    command = replace(DEPART, kind=DepartureKind.WITH_AUTHORISED, collector_id="u1")
    given(PAST, AUNT, WITHDRAWN, arrived()).when(command, by=LIS).refused(NOT_AUTHORISED, "collector_id")
    other = at(streams.collectors("care", "cma"), AUNT.fact)
    given(PAST, other, arrived()).when(command, by=LIS).refused(NOT_AUTHORISED, "collector_id")


def test_only_who_is_there_leaves_and_once() -> None:
    given(PAST).when(DEPART, by=LIS).refused(NOT_THERE, "pupil_id", pupil="bobr")
    left = gone(DepartureKind.WITH_PARENT, "mother")
    given(PAST, arrived(), left).when(DEPART, by=LIS).nothing()
    given(PAST, arrived(), left).when(replace(DEPART, at="15:10"), by=LIS).refused(NOT_THERE, "pupil_id")
    given(PAST, arrived()).when(replace(DEPART, at="12:00"), by=LIS).refused(
        TIMES_CROSS, "at", at="12:00", before="12:30"
    )
    given(PAST, arrived()).when(replace(DEPART, at="15"), by=LIS).refused(TIME_UNSOUND, "at")
    given(PAST, arrived()).when(DEPART, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")


CORRECT = CorrectStay(
    unit_id="care", pupil_id="bobr", on=MONDAY, number=1, arrived="12:20", departed="14:50", reason="zegar"
)
CORRECTED = there(
    StayCorrected(
        unit_id="care",
        pupil_id="bobr",
        on=MONDAY,
        number=1,
        was_arrived="12:30",
        arrived="12:20",
        reason="zegar",
        was_departed="15:00",
        departed="14:50",
    )
)


def test_wrong_times_are_put_right() -> None:
    over = (arrived(), departed())
    given(PAST, over).when(CORRECT, by=LIS).then(CORRECTED)
    given(PAST, over, CORRECTED).when(CORRECT, by=LIS).nothing()
    given(PAST, over).when(replace(CORRECT, reason=" "), by=LIS).refused(REASON_MISSING, "reason")
    given(PAST, over).when(replace(CORRECT, number=2), by=LIS).refused(
        NO_SUCH_STAY, "number", pupil="bobr", on=MONDAY, number=2
    )
    given(PAST, over).when(replace(CORRECT, arrived="x"), by=LIS).refused(TIME_UNSOUND, "arrived")
    given(PAST, over).when(replace(CORRECT, departed="x"), by=LIS).refused(TIME_UNSOUND, "departed")
    given(PAST, over).when(replace(CORRECT, departed=None), by=LIS).refused(TIME_UNSOUND, "departed")
    given(PAST, over).when(replace(CORRECT, departed="12:00"), by=LIS).refused(TIMES_CROSS, "departed")
    given(PAST, arrived()).when(CORRECT, by=LIS).refused(TIMES_CROSS, "departed")  # it has not left yet
    given(PAST, over).when(CORRECT, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")


def test_a_stay_that_never_was_is_struck_out() -> None:
    strike = StrikeOutStay(unit_id="care", pupil_id="bobr", on=MONDAY, number=1, reason="inne dziecko")
    struck = there(StayStruckOut(unit_id="care", pupil_id="bobr", on=MONDAY, number=1, reason="inne dziecko"))
    given(PAST, arrived()).when(strike, by=LIS).then(struck)
    given(PAST, arrived(), struck).when(strike, by=LIS).refused(NO_SUCH_STAY, "number")
    given(PAST, arrived()).when(replace(strike, reason=" "), by=LIS).refused(REASON_MISSING, "reason")
    given(PAST, arrived(), struck).when(DEPART, by=LIS).refused(NOT_THERE, "pupil_id")
    given(PAST, arrived(), struck).when(replace(ARRIVE, pupils=("bobr",)), by=LIS).then(arrived(2))


AUTHORISE = AuthoriseCollector(
    collector_id="u1", unit_id="care", pupil_id="bobr", since=SEPTEMBER, name="Maria, ciocia"
)


@pytest.mark.parametrize("who", [MOTHER, LIS, OFFICE, DIRECTOR])
def test_parents_keepers_and_the_office_authorise(who: Actor) -> None:
    given(PAST).when(AUTHORISE, by=who).then(AUNT)
    given(PAST, AUNT).when(AUTHORISE, by=who).nothing()
    given(PAST).when(replace(AUTHORISE, collector_id="u2", name=None), by=who).then(ALONE)


def test_nobody_else_authorises() -> None:
    given(PAST).when(AUTHORISE, by=FATHER).refused(NOT_YOURS_TO_AUTHORISE, "pupil_id")
    given(PAST).when(replace(AUTHORISE, pupil_id="cma"), by=MOTHER).refused(
        NOT_YOURS_TO_AUTHORISE, "pupil_id"
    )
    given(PAST).when(AUTHORISE, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")
    given(PAST).when(AUTHORISE, by=PUPIL).refused(NOT_YOURS_TO_DO)
    # A parent learns nothing of the pedagogue's register by trying.
    given(PAST).when(replace(AUTHORISE, unit_id="ped"), by=MOTHER).refused(NOT_FOR_THIS_REGISTER, "unit_id")
    given(PAST).when(replace(AUTHORISE, unit_id="x"), by=MOTHER).refused(NO_SUCH_REGISTER, "unit_id")


def test_an_authorisation_that_makes_no_sense() -> None:
    given(PAST).when(replace(AUTHORISE, until=LAST_YEAR), by=MOTHER).refused(DATES_REVERSED, "until")
    given(PAST).when(replace(AUTHORISE, pupil_id="zajac"), by=LIS).refused(NOT_IN_GROUP, "pupil_id")
    given(PAST, AUNT).when(replace(AUTHORISE, name="Inna"), by=LIS).refused(
        AUTHORISATION_EXISTS, "collector_id"
    )
    given(PAST).when(replace(AUTHORISE, name=" "), by=LIS).refused(TEXT_MISSING, "name")


def test_an_authorisation_is_withdrawn() -> None:
    withdraw = WithdrawAuthorisation(
        unit_id="care", pupil_id="bobr", collector_id="u1", until=date(2026, 10, 11)
    )
    for who in (MOTHER, LIS, OFFICE):
        given(PAST, AUNT).when(withdraw, by=who).then(WITHDRAWN)
    given(PAST, AUNT, WITHDRAWN).when(withdraw, by=LIS).nothing()
    given(PAST, AUNT, WITHDRAWN).when(replace(withdraw, until=OCTOBER), by=LIS).nothing()  # it ended before
    given(PAST).when(withdraw, by=LIS).refused(NO_SUCH_AUTHORISATION, "collector_id", collector="u1")
    given(PAST, AUNT).when(replace(withdraw, until=LAST_YEAR), by=LIS).refused(DATES_REVERSED, "until")
    given(PAST, AUNT).when(withdraw, by=FATHER).refused(NOT_YOURS_TO_AUTHORISE, "pupil_id")
