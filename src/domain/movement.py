"""The rules for moving pupils: to another class, into and out of the school, to repeat a year."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from dziennik.contracts import classes, streams
from dziennik.contracts import movement as said
from dziennik.contracts.classification import NOT_THE_NEXT_YEAR, Outcome
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Channel
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.domain.classes import enrol, fault_in_day, next_number, unit_and_year
from dziennik.domain.classification_state import classification
from dziennik.domain.finals import goes_along
from dziennik.domain.leaving import End, fault_in_leaving, open_memberships
from dziennik.domain.placing import begins_apart, ends_apart, place_of
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.school import Year
from dziennik.domain.units import Enrolment, Unit, not_a_unit
from dziennik.domain.world import Asked, Decision, Entry, World

DAY = timedelta(days=1)


def class_and_year(world: World, class_id: str, field: str) -> tuple[Unit, Year] | Refusal:
    """The class and its year, or why not."""
    found = unit_and_year(world, class_id, field)
    if isinstance(found, Refusal):
        return found
    return found if found[0].is_class else not_a_unit(class_id, field)


def _latest(state: Unit, pupil_id: str) -> Enrolment | None:
    held = [e for e in state.enrolments if e.pupil_id == pupil_id]
    return held[-1] if held else None


def _leaves(
    world: World,
    state: Unit,
    pupil_id: str,
    until: date,
    *,
    end: End = End.EVERYWHERE,
    reason: str | None = None,
) -> list[Entry]:
    """What ends when the pupil leaves the class: groups first, nobody is in a group of a class they left."""
    entries = [
        Entry(
            streams.unit(unit_id),
            classes.PupilLeftGroup(group_id=group_id, pupil_id=pupil_id, until=max(until, since)),
        )
        for unit_id, group_id, since in open_memberships(world, state, pupil_id, end)
    ]
    left = classes.PupilLeft(class_id=state.unit_id, pupil_id=pupil_id, until=until, reason=reason)
    return [*entries, *ends_apart(state, pupil_id, until), Entry(streams.unit(state.unit_id), left)]


@decides(said.ChangeClass, by=OFFICE)
def _change(world: World, command: said.ChangeClass, _: Asked) -> Decision:
    found = class_and_year(world, command.from_class_id, "from_class_id")
    if isinstance(found, Refusal):
        return found
    into = class_and_year(world, command.to_class_id, "to_class_id")
    if isinstance(into, Refusal):
        return into
    (old, year), (new, other_year) = found, into
    if old.unit_id == new.unit_id:
        return said.SAME_CLASS(field="to_class_id")
    if year.year_id != other_year.year_id:
        return said.OTHER_YEAR(unit=new.name, field="to_class_id")
    fault = fault_in_day(year, command.on, "on")
    if fault:
        return fault
    held = _latest(new, command.pupil_id)
    if held and held.since == command.on and held.until is None:
        same = old.enrolment(command.pupil_id, command.on - DAY) and command.number in (None, held.number)
        if same:
            return []
    return _moving(world, command, old, new)


def _moving(world: World, command: said.ChangeClass, old: Unit, new: Unit) -> Decision:
    until = command.on - DAY
    held = _latest(old, command.pupil_id)
    if held is None or held.until is not None or not held.covers(until):
        return _fault_in_start(world, old, command)
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    number = next_number(new, command.number)
    if isinstance(number, Refusal):
        return number
    fault = fault_in_leaving(world, old, command.pupil_id, until)
    if fault:
        return msgspec.structs.replace(fault, field="on")
    enrolled = classes.PupilEnrolled(
        class_id=new.unit_id, pupil_id=command.pupil_id, since=command.on, number=number
    )
    changed = said.ClassChanged(
        pupil_id=command.pupil_id,
        from_class_id=old.unit_id,
        to_class_id=new.unit_id,
        on=command.on,
        reason=command.reason.strip(),
    )
    into = [Entry(streams.unit(new.unit_id), fact) for fact in (enrolled, changed)]
    apart = begins_apart(world, new, command.pupil_id, command.on)
    along = goes_along(world, old.unit_id, new.unit_id, command.pupil_id)
    return [*_leaves(world, old, command.pupil_id, until, end=End.IN_CLASS), *into, *apart, *along]


def _fault_in_start(world: World, old: Unit, command: said.ChangeClass) -> Refusal:
    """The pupil is not there to be moved: somebody else was faster, or there never was such a pupil."""
    place = place_of(world, old.year_id, command.pupil_id, command.on)
    if place and place[0].unit_id != old.unit_id:
        unit, since = place[0].name, place[1].since
        return said.ALREADY_MOVED(pupil=command.pupil_id, unit=unit, since=since, field="from_class_id")
    held = _latest(old, command.pupil_id)
    if held and held.until is not None:
        return said.ALREADY_LEFT(pupil=command.pupil_id, until=held.until, field="pupil_id")
    return classes.NOT_ENROLLED(pupil=command.pupil_id, on=command.on - DAY, field="pupil_id")


@decides(said.TransferIn, by=OFFICE)
def _transfer_in(world: World, command: said.TransferIn, asked: Asked) -> Decision:
    if not command.school.strip():
        return TEXT_MISSING(at="school", field="school")
    enrolment = classes.EnrolPupil(
        class_id=command.class_id, pupil_id=command.pupil_id, since=command.since, number=command.number
    )
    came = said.PupilTransferredIn(
        class_id=command.class_id,
        pupil_id=command.pupil_id,
        since=command.since,
        school=command.school.strip(),
    )
    return _with(enrol(world, enrolment, asked), came, command.class_id)


def _with(decision: Decision, fact: Fact, class_id: str) -> Decision:
    """The enrolment and what it is about; nothing when the pupil is enrolled so already."""
    if isinstance(decision, Refusal) or not decision:
        return decision
    return [*decision, Entry(streams.unit(class_id), fact)]


def _leaving(
    world: World, class_id: str, pupil_id: str, until: date, *, entries_may_follow: bool = False
) -> tuple[Unit, bool] | Refusal:
    """The class, and whether the pupil has left it on that very day already; or why not."""
    found = class_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    state, year = found
    held = _latest(state, pupil_id)
    if held and held.until == until:
        return state, True
    if held is None or until < held.since:
        return classes.NOT_ENROLLED(pupil=pupil_id, on=until, field="pupil_id")
    if held.until is not None:
        return said.ALREADY_LEFT(pupil=pupil_id, until=held.until, field="pupil_id")
    fault = fault_in_day(year, until, "until")
    if fault is None and not entries_may_follow:
        fault = fault_in_leaving(world, state, pupil_id, until)
    return fault or (state, False)


@decides(classes.EndEnrolment, by=OFFICE)
def _end_enrolment(world: World, command: classes.EndEnrolment, asked: Asked) -> Decision:
    # What a file tells of the past happened; it may hold results of days after the pupil left.
    told = asked.actor.channel is Channel.IMPORT
    found = _leaving(world, command.class_id, command.pupil_id, command.until, entries_may_follow=told)
    if isinstance(found, Refusal):
        return found
    if found[1]:
        return []
    wholly = End.IN_REGISTERS if told else End.EVERYWHERE
    partly = End.NOWHERE if told else End.IN_CLASS
    end = partly if command.class_follows else wholly
    return _leaves(world, found[0], command.pupil_id, command.until, end=end, reason=command.reason)


@decides(said.LeaveSchool, by=OFFICE)
def _leave(world: World, command: said.LeaveSchool, _: Asked) -> Decision:
    found = _leaving(world, command.class_id, command.pupil_id, command.until)
    if isinstance(found, Refusal):
        return found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fact = said.PupilLeftSchool(**msgspec.structs.asdict(command))
    return _gone(world, found, fact, command.pupil_id, command.until)


@decides(said.StrikeFromList, by=DIRECTOR)
def _strike(world: World, command: said.StrikeFromList, _: Asked) -> Decision:
    found = _leaving(world, command.class_id, command.pupil_id, command.until)
    if isinstance(found, Refusal):
        return found
    for field in ("decision", "legal_basis", "reason"):
        if not getattr(command, field).strip():
            return TEXT_MISSING(at=field, field=field)
    fact = said.PupilStruckOff(**msgspec.structs.asdict(command))
    return _gone(world, found, fact, command.pupil_id, command.until)


def _gone(world: World, found: tuple[Unit, bool], fact: Fact, pupil_id: str, until: date) -> Decision:
    state, already = found
    if already:
        return []
    return [*_leaves(world, state, pupil_id, until), Entry(streams.unit(state.unit_id), fact)]


@decides(said.RepeatYear, by=OFFICE)
def _repeat(world: World, command: said.RepeatYear, asked: Asked) -> Decision:
    found = class_and_year(world, command.from_class_id, "from_class_id")
    if isinstance(found, Refusal):
        return found
    into = class_and_year(world, command.class_id, "class_id")
    if isinstance(into, Refusal):
        return into
    (old, old_year), (new, year) = found, into
    decided = world[classification(old.unit_id)].decided.get(command.pupil_id)
    if decided is None or decided.outcome is not Outcome.REPEATS:
        return said.NOT_REPEATING(pupil=command.pupil_id, field="pupil_id")
    if year.starts <= old_year.ends:
        return NOT_THE_NEXT_YEAR(year=year.name, field="class_id")
    if new.level != old.level:
        return said.LEVEL_DIFFERS(level=old.level, unit=new.name, field="class_id")
    enrolment = classes.EnrolPupil(
        class_id=command.class_id, pupil_id=command.pupil_id, since=command.since, number=command.number
    )
    repeated = said.YearRepeated(
        pupil_id=command.pupil_id,
        from_class_id=command.from_class_id,
        class_id=command.class_id,
        since=command.since,
    )
    there = _with(enrol(world, enrolment, asked), repeated, command.class_id)
    if isinstance(there, Refusal) or not there:
        return there
    return [*there, *goes_along(world, old.unit_id, new.unit_id, command.pupil_id)]
