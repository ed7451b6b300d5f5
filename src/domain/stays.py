"""The rules for stays in day care and preschool: who came when, and into whose hands a child was given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import classes, streams
from dziennik.contracts import stays as said
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Refusal, beside, together
from dziennik.contracts.registers import NOT_FOR_THIS_REGISTER, RegisterKind
from dziennik.contracts.stays import DepartureKind
from dziennik.domain.classes import fault_in_day
from dziennik.domain.collecting import collectors, may_collect
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import person
from dziennik.domain.registers import kept
from dziennik.domain.rulebook import decides
from dziennik.domain.school import Year
from dziennik.domain.units import Unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

KEEPING = frozenset({Role.TEACHER, Role.DIRECTOR})
WITH_STAYS = frozenset({RegisterKind.DAY_CARE, RegisterKind.PRESCHOOL})
MOST_AT_ONCE = 500  # children in one command; no school's whole day-care room is larger
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """One stay as it stands; `departed` is None while the child is there."""

    arrived: str
    departed: str | None = None
    struck_out: bool = False


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A child's stays of one day, by number."""

    stays: Mapping[int, Stay] = {}

    def standing(self) -> list[tuple[int, Stay]]:
        """Those that are not struck out, by number."""
        return [(number, stay) for number, stay in sorted(self.stays.items()) if not stay.struck_out]


_evolve: Evolution[Day] = Evolution()


def day_of(unit_id: str, on: date, pupil_id: str) -> Stream[Day]:
    """The stream of a child's day."""
    return Stream(streams.stays(unit_id, on, pupil_id), Day(), _evolve)


@_evolve.on(said.PupilArrived)
def _arrived(state: Day, fact: said.PupilArrived) -> Day:
    return replace(state, stays=put(state.stays, fact.number, Stay(arrived=fact.at)))


@_evolve.on(said.PupilDeparted)
def _departed(state: Day, fact: said.PupilDeparted) -> Day:
    stay = replace(state.stays[fact.number], departed=fact.at)
    return replace(state, stays=put(state.stays, fact.number, stay))


@_evolve.on(said.StayCorrected)
def _corrected(state: Day, fact: said.StayCorrected) -> Day:
    stay = replace(state.stays[fact.number], arrived=fact.arrived, departed=fact.departed)
    return replace(state, stays=put(state.stays, fact.number, stay))


@_evolve.on(said.StayStruckOut)
def _struck_out(state: Day, fact: said.StayStruckOut) -> Day:
    stay = replace(state.stays[fact.number], struck_out=True)
    return replace(state, stays=put(state.stays, fact.number, stay))


def _theirs(world: World, unit_id: str, on: date, asked: Asked) -> tuple[Unit, Year] | Refusal:
    """The register in which stays are kept, on a day that was, for its keepers and the director."""
    found = kept(world, unit_id, asked)
    if isinstance(found, Refusal):
        return found
    if found[0].kind not in WITH_STAYS:
        return NOT_FOR_THIS_REGISTER(kind=found[0].kind, field="unit_id")
    if on > asked.today:
        return said.STAY_IN_FUTURE(on=on, field="on")
    return fault_in_day(found[1], on, "on") or found


def _fault_in_time(at: str, field: str) -> Refusal | None:
    return None if _CLOCK.match(at) else said.TIME_UNSOUND(at=at, field=field)


def _on(unit_id: str, on: date, pupil_id: str, fact: Fact) -> Entry:
    return Entry(streams.stays(unit_id, on, pupil_id), fact)


@decides(said.RecordArrivals, by=KEEPING)
def _arrive(world: World, command: said.RecordArrivals, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.on, asked)
    if isinstance(found, Refusal):
        return found
    fault = _fault_in_time(command.at, "at")
    if fault:
        return fault
    if len(command.pupils) > MOST_AT_ONCE:
        return said.TOO_MANY_AT_ONCE(count=len(command.pupils), limit=MOST_AT_ONCE, field="pupils")
    there = found[0].groups[command.unit_id].on(command.on)
    pupils = list(dict.fromkeys(command.pupils))
    days = world.many([day_of(command.unit_id, command.on, pupil) for pupil in pupils])
    entries, refusals = [], []
    for place, (pupil_id, day) in enumerate(zip(pupils, days, strict=True)):
        if day.standing() and day.standing()[-1][1] == Stay(arrived=command.at):
            continue  # this arrival is written already
        fault = _fault_in_arrival(command, pupil_id, day, there)
        if fault:
            refusals.append(replace(fault, field=f"pupils[{place}]"))
            continue
        number = max(day.stays, default=0) + 1
        fact = said.PupilArrived(
            unit_id=command.unit_id, pupil_id=pupil_id, on=command.on, number=number, at=command.at
        )
        entries.append(_on(command.unit_id, command.on, pupil_id, fact))
    return together(refusals) or entries


def _fault_in_arrival(
    command: said.RecordArrivals, pupil_id: str, day: Day, there: list[str]
) -> Refusal | None:
    if pupil_id not in there:
        return classes.NOT_IN_GROUP(pupil=pupil_id, on=command.on)
    if not day.standing():
        return None
    last = day.standing()[-1][1]
    if last.departed is None:
        return said.STAY_OPEN(pupil=pupil_id, arrived=last.arrived)
    return said.TIMES_CROSS(at=command.at, before=last.departed) if command.at < last.departed else None


@decides(said.RecordDeparture, by=KEEPING)
def _depart(world: World, command: said.RecordDeparture, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.on, asked)
    if isinstance(found, Refusal):
        return found
    day = world[day_of(command.unit_id, command.on, command.pupil_id)]
    if not day.standing():
        return said.NOT_THERE(pupil=command.pupil_id, field="pupil_id")
    number, stay = day.standing()[-1]
    if stay.departed is not None:
        same = stay.departed == command.at
        return [] if same else said.NOT_THERE(pupil=command.pupil_id, field="pupil_id")
    fault = _fault_in_time(command.at, "at")
    if fault:
        return fault
    if command.at < stay.arrived:
        return said.TIMES_CROSS(at=command.at, before=stay.arrived, field="at")
    if not _is_authorised(world, command):
        return said.NOT_AUTHORISED(pupil=command.pupil_id, on=command.on, field="collector_id")
    fact = said.PupilDeparted(**msgspec.structs.asdict(command), number=number)
    return [_on(command.unit_id, command.on, command.pupil_id, fact)]


def _is_authorised(world: World, command: said.RecordDeparture) -> bool:
    """A parent whose rights hold that day, somebody authorised for it, or a child that may go alone."""
    if command.kind is DepartureKind.TO_LESSON:
        return command.collector_id is None
    if command.kind is DepartureKind.WITH_PARENT:
        return world[person(command.pupil_id)].parent_may(
            command.collector_id, ParentalPower.DECISIONS, command.on
        )
    known = world[collectors(command.unit_id, command.pupil_id)]
    alone = command.kind is DepartureKind.ALONE
    return may_collect(known, command.collector_id or "", command.on, alone=alone)


def _known_stay(world: World, command: said.CorrectStay | said.StrikeOutStay) -> Stay | Refusal:
    stay = world[day_of(command.unit_id, command.on, command.pupil_id)].stays.get(command.number)
    if stay is None or stay.struck_out:
        return said.NO_SUCH_STAY(pupil=command.pupil_id, on=command.on, number=command.number, field="number")
    return stay


@decides(said.CorrectStay, by=KEEPING)
def _correct(world: World, command: said.CorrectStay, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.on, asked)
    stay = found if isinstance(found, Refusal) else _known_stay(world, command)
    if isinstance(stay, Refusal):
        return stay
    fault = _changed_since(stay, command)
    if fault:
        return fault
    if (stay.arrived, stay.departed) == (command.arrived, command.departed):
        return []
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fault = _fault_in_time(command.arrived, "arrived")
    if fault is None and command.departed is not None:
        fault = _fault_in_time(command.departed, "departed")
    if fault:
        return fault
    if stay.departed is not None and command.departed is None:
        return said.TIME_UNSOUND(at="", field="departed")
    if command.departed is not None and (stay.departed is None or command.departed < command.arrived):
        return said.TIMES_CROSS(at=command.departed, before=command.arrived, field="departed")
    fault = _fault_between(world, command)
    if fault:
        return fault
    fact = said.StayCorrected(
        unit_id=command.unit_id,
        pupil_id=command.pupil_id,
        on=command.on,
        number=command.number,
        was_arrived=stay.arrived,
        arrived=command.arrived,
        reason=command.reason.strip(),
        was_departed=stay.departed,
        departed=command.departed,
    )
    return [_on(command.unit_id, command.on, command.pupil_id, fact)]


def _fault_between(world: World, command: said.CorrectStay) -> Refusal | None:
    """A stay begins after the one before has ended, and ends before the next one begins."""
    stays = world[day_of(command.unit_id, command.on, command.pupil_id)].standing()
    before = [stay.departed for number, stay in stays if number < command.number and stay.departed]
    after = [stay.arrived for number, stay in stays if number > command.number]
    if before and command.arrived < before[-1]:
        return said.TIMES_CROSS(at=command.arrived, before=before[-1], field="arrived")
    if after and command.departed is not None and after[0] < command.departed:
        return said.TIMES_CROSS(at=after[0], before=command.departed, field="departed")
    return None


def _changed_since(stay: Stay, command: said.CorrectStay | said.StrikeOutStay) -> Refusal | None:
    """What somebody else did to the stay meanwhile (ADR 0086)."""
    now = clocks(stay.arrived, stay.departed)
    if command.seen in (None, now):
        return None
    changed = CHANGED_SINCE(seen=command.seen, now=now, field="seen")
    stream = streams.stays(command.unit_id, command.on, command.pupil_id)
    return beside(changed, stream, "number", str(command.number))


def clocks(arrived: str, departed: str | None) -> str:
    """A stay as it is seen: "12:30-15:00", or "12:30-" while the child is there."""
    return f"{arrived}-{departed or ''}"


@decides(said.StrikeOutStay, by=KEEPING)
def _strike_out(world: World, command: said.StrikeOutStay, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.on, asked)
    stay = found if isinstance(found, Refusal) else _known_stay(world, command)
    if isinstance(stay, Refusal):
        return stay
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fault = _changed_since(stay, command)
    if fault:
        return fault
    told = msgspec.structs.asdict(command)
    del told["seen"]
    fact = said.StayStruckOut(**told)
    return [_on(command.unit_id, command.on, command.pupil_id, fact)]
