"""Stays in the day-care room and in preschool: when a child came, when it left, and who collected it.

MEN regulation of 25 Aug 2017, s. 2 and 9. Streams ``year/{unit}/stay/{day}.{pupil}`` (all of a child's stays
of one day) and ``year/{unit}/collectors/{pupil}`` (who may collect it beside its parents).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, UnitId


class DepartureKind(StrEnum):
    """How a child left: with a parent, with somebody authorised, to a lesson, or alone with consent."""

    WITH_PARENT = "with_parent"
    WITH_AUTHORISED = "with_authorised"
    TO_LESSON = "to_lesson"
    ALONE = "alone"


@fact("stays.pupil_arrived.1")
class PupilArrived(Fact, frozen=True, kw_only=True):
    """The child came at `at` ("HH:MM", school-local); `number` counts its stays of the day from 1."""

    unit_id: UnitId
    pupil_id: PersonId
    on: date
    number: int
    at: str


@fact("stays.pupil_departed.1")
class PupilDeparted(Fact, frozen=True, kw_only=True):
    """The child left. `collector_id` is the parent, or the authorisation of whoever collected it."""

    unit_id: UnitId
    pupil_id: PersonId
    on: date
    number: int
    at: str
    kind: DepartureKind
    collector_id: str | None = None


@fact("stays.stay_corrected.1")
class StayCorrected(Fact, frozen=True, kw_only=True):
    """Wrong times were put right; both stay legible."""

    unit_id: UnitId
    pupil_id: PersonId
    on: date
    number: int
    was_arrived: str
    arrived: str
    reason: str
    was_departed: str | None = None
    departed: str | None = None


@fact("stays.stay_struck_out.1")
class StayStruckOut(Fact, frozen=True, kw_only=True):
    """The child was not there; the entry stays legible."""

    unit_id: UnitId
    pupil_id: PersonId
    on: date
    number: int
    reason: str


@fact("stays.collector_authorised.1", person="pupil_id")
class CollectorAuthorised(Fact, frozen=True, kw_only=True):
    """Somebody who is no parent may collect the child, from `since` to `until`."""

    collector_id: str
    unit_id: UnitId
    pupil_id: PersonId
    since: date
    name: Personal
    until: date | None = None


@fact("stays.leaving_alone_allowed.1")
class LeavingAloneAllowed(Fact, frozen=True, kw_only=True):
    """The parents consented that the child goes home alone, from `since` to `until`."""

    collector_id: str
    unit_id: UnitId
    pupil_id: PersonId
    since: date
    until: date | None = None


@fact("stays.authorisation_withdrawn.1")
class AuthorisationWithdrawn(Fact, frozen=True, kw_only=True):
    """From the day after `until` on it holds no more."""

    collector_id: str
    unit_id: UnitId
    pupil_id: PersonId
    until: date


@command("stays.record_arrivals")
class RecordArrivals(Command, frozen=True, kw_only=True):
    """Several children who came at the same time; all or nothing."""

    unit_id: UnitId
    on: date
    at: str
    pupils: tuple[PersonId, ...]


@command("stays.record_departure")
class RecordDeparture(Command, frozen=True, kw_only=True):
    """`collector_id` is a parent's id, or that of an authorisation; none is needed to go to a lesson."""

    unit_id: UnitId
    pupil_id: PersonId
    on: date
    at: str
    kind: DepartureKind
    collector_id: str | None = None


@command("stays.correct_stay")
class CorrectStay(Command, frozen=True, kw_only=True):
    """Refused when the stay is no longer as it was `seen`: "12:30-15:00", "12:30-" without a departure."""

    unit_id: UnitId
    pupil_id: PersonId
    on: date
    number: int
    arrived: str
    reason: str
    departed: str | None = None
    seen: str | None = None


@command("stays.strike_out_stay")
class StrikeOutStay(Command, frozen=True, kw_only=True):
    """See CorrectStay for `seen`."""

    unit_id: UnitId
    pupil_id: PersonId
    on: date
    number: int
    reason: str
    seen: str | None = None


@command("stays.authorise_collector")
class AuthoriseCollector(Command, frozen=True, kw_only=True):
    """By a parent, a keeper of the register or the office. Without `name` the child may go alone."""

    collector_id: str
    unit_id: UnitId
    pupil_id: PersonId
    since: date
    name: str | None = None
    until: date | None = None


@command("stays.withdraw_authorisation")
class WithdrawAuthorisation(Command, frozen=True, kw_only=True):
    """By a parent of the child, a keeper of the register or the office."""

    unit_id: UnitId
    pupil_id: PersonId
    collector_id: str
    until: date


TIME_UNSOUND = Reason(
    "STAYS.TIME_UNSOUND",
    pl="„{at}” nie jest godziną w postaci GG:MM.",
    en="“{at}” is not a time like HH:MM.",
)
TOO_MANY_AT_ONCE = Reason(
    "STAYS.TOO_MANY_AT_ONCE",
    pl="Naraz można wpisać najwyżej {limit} dzieci, a jest ich {count}. Podziel listę.",
    en="At most {limit} children are entered at once, and these are {count}. Divide the list.",
)
STAY_OPEN = Reason(
    "STAYS.STAY_OPEN",
    pl="Dziecko {pupil} jest w świetlicy od {arrived}.",
    en="The child {pupil} has been there since {arrived}.",
)
NOT_THERE = Reason(
    "STAYS.NOT_THERE",
    pl="Dziecka {pupil} nie ma w tej chwili w świetlicy.",
    en="The child {pupil} is not there at the moment.",
)
TIMES_CROSS = Reason(
    "STAYS.TIMES_CROSS",
    pl="Godzina {at} nie następuje po {before}.",
    en="The time {at} does not follow {before}.",
)
STAY_IN_FUTURE = Reason(
    "STAYS.STAY_IN_FUTURE",
    pl="Pobytu w dniu {on} jeszcze nie było.",
    en="There was no stay on {on} yet.",
)
NOT_AUTHORISED = Reason(
    "STAYS.NOT_AUTHORISED",
    pl="W dniu {on} ta osoba nie może odebrać dziecka {pupil}, a dziecko bez zgody nie wychodzi samo.",
    en="On {on} this person may not collect the child {pupil}, nor does a child leave alone without consent.",
)
NO_SUCH_STAY = Reason(
    "STAYS.NO_SUCH_STAY",
    pl="Dziecko {pupil} nie ma w dniu {on} pobytu o numerze {number}.",
    en="The child {pupil} has no stay number {number} on {on}.",
)
NO_SUCH_AUTHORISATION = Reason(
    "STAYS.NO_SUCH_AUTHORISATION",
    pl="Nie ma takiego upoważnienia ({collector}).",
    en="There is no such authorisation ({collector}).",
)
AUTHORISATION_EXISTS = Reason(
    "STAYS.AUTHORISATION_EXISTS",
    pl="Upoważnienie o tym identyfikatorze już jest.",
    en="There is an authorisation with this id already.",
)
NOT_YOURS_TO_AUTHORISE = Reason(
    "STAYS.NOT_YOURS_TO_AUTHORISE",
    pl="Upoważnia rodzic dziecka, wychowawca świetlicy albo sekretariat.",
    en="A parent of the child authorises, a keeper of the register, or the office.",
)
