"""The rules for class units: opening them, enrolling pupils, groups, teaching and timetables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from dziennik.contracts import classes as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import NOT_YOUR_REGISTER, RESTRICTED
from dziennik.contracts.school import NO_SUCH_SUBJECT
from dziennik.contracts.values import TimetableSlot
from dziennik.domain.people import fault_in_role
from dziennik.domain.placing import begins_apart, fault_in_place
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.school import SCHOOL, Year, year_of
from dziennik.domain.units import Assignment, Group, Unit, not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, World

# A register is a list of people: a number of five digits is a slip, and the next ones would follow it.
LAST_NUMBER = 999


def unit_and_year(world: World, unit_id: str, field: str = "unit_id") -> tuple[Unit, Year] | Refusal:
    """The unit with its school year, or why not."""
    state = world[unit(unit_id)]
    if state.name is None:
        return not_a_unit(unit_id, field)
    year = year_of(world, state.year_id)
    return year if isinstance(year, Refusal) else (state, year)


def fault_in_day(year: Year, day: date, field: str) -> Refusal | None:
    """The day must lie within the school year."""
    if year.starts <= day <= year.ends:
        return None
    return said.OUTSIDE_YEAR(on=day, starts=year.starts, ends=year.ends, field=field)


def _on(unit_id: str, *facts: Fact) -> list[Entry]:
    return [Entry(streams.unit(unit_id), fact) for fact in facts]


@decides(said.OpenClass, by=OFFICE)
def _open(world: World, command: said.OpenClass, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    known = world[unit(command.class_id)]
    if known.name is None:
        return _on(command.class_id, said.ClassOpened(**msgspec.structs.asdict(command)))
    told = (command.name, command.year_id, command.level)
    same = known.is_class and (known.name, known.year_id, known.level) == told
    return [] if same else said.CLASS_EXISTS(name=known.name, field="class_id")


@decides(said.RenameClass, by=OFFICE)
def _rename(world: World, command: said.RenameClass, _: Asked) -> Decision:
    known = world[unit(command.class_id)]
    if not known.is_class:
        return not_a_unit(command.class_id, "class_id")
    if (known.name, known.level) == (command.name, command.level):
        return []
    return _on(command.class_id, said.ClassRenamed(**msgspec.structs.asdict(command)))


@decides(said.AppointHomeroomTeacher, by=OFFICE)
def _appoint(world: World, command: said.AppointHomeroomTeacher, _: Asked) -> Decision:
    found = unit_and_year(world, command.class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    state, year = found
    if not state.is_class:
        return not_a_unit(command.class_id, "class_id")
    if state.homeroom and state.homeroom[-1] == (command.since, command.teacher_id):
        return []
    fault = fault_in_day(year, command.since, "since") or fault_in_role(
        world, command.teacher_id, Role.TEACHER, command.since, "teacher_id"
    )
    appointed = said.HomeroomTeacherAppointed(**msgspec.structs.asdict(command))
    return fault or _on(command.class_id, appointed)


@decides(said.EnrolPupil, by=OFFICE)
def enrol(world: World, command: said.EnrolPupil, _: Asked) -> Decision:
    """The pupil's place in the class, from that day on in no other one."""
    found = unit_and_year(world, command.class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    state, year = found
    if not state.is_class:
        return not_a_unit(command.class_id, "class_id")
    held = [e for e in state.enrolments if e.pupil_id == command.pupil_id]
    if held and (held[-1].until is None or held[-1].until >= command.since):
        same = held[-1].until is None and held[-1].since == command.since
        if same and command.number in (None, held[-1].number):
            return []
        return said.ALREADY_ENROLLED(pupil=command.pupil_id, since=held[-1].since, field="pupil_id")
    number = next_number(state, command.number)
    if isinstance(number, Refusal):
        return number
    fault = (
        fault_in_day(year, command.since, "since")
        or fault_in_role(world, command.pupil_id, Role.PUPIL, command.since, "pupil_id")
        or fault_in_place(world, state, command.pupil_id, command.since, "pupil_id")
    )
    enrolled = said.PupilEnrolled(
        class_id=command.class_id, pupil_id=command.pupil_id, since=command.since, number=number
    )
    if fault:
        return fault
    apart = begins_apart(world, state, command.pupil_id, command.since)
    return [*_on(command.class_id, enrolled), *apart]


def next_number(state: Unit, wanted: int | None) -> int | Refusal:
    """The number that is wanted, or else the next one. None is given twice in a year."""
    taken = state.numbers_given()
    number = max(taken, default=0) + 1 if wanted is None else wanted
    if number in taken or number < 1:
        return said.NUMBER_TAKEN(number=number, field="number")
    if number > LAST_NUMBER:
        return said.NUMBER_OUT_OF_RANGE(number=number, limit=LAST_NUMBER, field="number")
    return number


@decides(said.FormGroup, by=OFFICE)
def _form_group(world: World, command: said.FormGroup, _: Asked) -> Decision:
    state = world[unit(command.class_id)]
    if not state.is_class:
        return not_a_unit(command.class_id, "class_id")
    known = state.groups.get(command.group_id)
    if known:
        return [] if known.name == command.name else said.GROUP_EXISTS(name=known.name, field="group_id")
    return _on(command.class_id, said.GroupFormed(**msgspec.structs.asdict(command)))


@decides(said.FormInterclassGroup, by=OFFICE)
def _form_interclass(world: World, command: said.FormInterclassGroup, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    known = world[unit(command.group_id)]
    if known.name is not None:
        same = (known.name, known.year_id, known.class_ids) == (
            command.name,
            command.year_id,
            command.class_ids,
        )
        return [] if same else said.GROUP_EXISTS(name=known.name, field="group_id")
    classes = world.many([unit(class_id) for class_id in command.class_ids])
    for place, (class_id, state) in enumerate(zip(command.class_ids, classes, strict=True)):
        if not state.is_class or state.year_id != command.year_id:
            return not_a_unit(class_id, f"class_ids[{place}]")
    if not classes:
        return not_a_unit("—", "class_ids")
    return _on(command.group_id, said.InterclassGroupFormed(**msgspec.structs.asdict(command)))


@decides(said.JoinGroup, by=OFFICE)
def _join(world: World, command: said.JoinGroup, _: Asked) -> Decision:
    found = _group(world, command.unit_id, command.group_id)
    if isinstance(found, Refusal):
        return found
    owner, group = found
    home = world[unit(command.class_id)]
    belongs = command.class_id in owner.class_ids if owner.class_ids else home.unit_id == owner.unit_id
    if home.name is None or not belongs:
        return not_a_unit(command.class_id, "class_id")
    held = [m for m in group.members if m.pupil_id == command.pupil_id]
    if held and (held[-1].until is None or held[-1].until >= command.since):
        if held[-1].until is None and held[-1].since == command.since:
            return []
        return said.ALREADY_IN_GROUP(pupil=command.pupil_id, since=held[-1].since, field="pupil_id")
    if home.enrolment(command.pupil_id, command.since) is None:
        return said.NOT_ENROLLED(pupil=command.pupil_id, on=command.since, field="pupil_id")
    joined = said.PupilJoinedGroup(
        group_id=command.group_id,
        class_id=command.class_id,
        pupil_id=command.pupil_id,
        since=command.since,
    )
    return _on(command.unit_id, joined)


@decides(said.LeaveGroup, by=OFFICE)
def _leave(world: World, command: said.LeaveGroup, _: Asked) -> Decision:
    found = _group(world, command.unit_id, command.group_id)
    if isinstance(found, Refusal):
        return found
    held = [m for m in found[1].members if m.pupil_id == command.pupil_id]
    if held and held[-1].until == command.until:
        return []
    if not held or held[-1].until is not None or command.until < held[-1].since:
        return said.NOT_IN_GROUP(pupil=command.pupil_id, on=command.until, field="pupil_id")
    left = said.PupilLeftGroup(group_id=command.group_id, pupil_id=command.pupil_id, until=command.until)
    return _on(command.unit_id, left)


def _group(world: World, unit_id: str, group_id: str) -> tuple[Unit, Group] | Refusal:
    owner = world[unit(unit_id)]
    if owner.name is None or owner.kind is not None:  # participants of other registers: domain.registers
        return not_a_unit(unit_id)
    group = owner.groups.get(group_id)
    return (owner, group) if group else said.NO_SUCH_GROUP(group=group_id, field="group_id")


@decides(said.AssignTeaching, by=OFFICE)
def _assign(world: World, command: said.AssignTeaching, asked: Asked) -> Decision:
    """Whoever teaches in a restricted register opens it: the director alone appoints (ADR 0135)."""
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if state.kind in RESTRICTED and asked.actor.role not in DIRECTOR:
        return NOT_YOUR_REGISTER(field="unit_id")
    wanted = Assignment(
        assignment_id=command.assignment_id,
        subject_id=command.subject_id,
        teacher_id=command.teacher_id,
        group_id=command.group_id or (None if state.is_class else command.unit_id),
        since=command.since,
    )
    known = state.assignments.get(command.assignment_id)
    if known:
        return [] if known == wanted else said.ASSIGNMENT_EXISTS(field="assignment_id")
    if command.subject_id not in world[SCHOOL].subjects:
        return NO_SUCH_SUBJECT(subject=command.subject_id, field="subject_id")
    if wanted.group_id is not None and wanted.group_id not in state.groups:
        return said.NO_SUCH_GROUP(group=wanted.group_id, field="group_id")
    fault = fault_in_day(year, command.since, "since") or fault_in_role(
        world, command.teacher_id, Role.TEACHER, command.since, "teacher_id"
    )
    fact = said.TeachingAssigned(**{**msgspec.structs.asdict(command), "group_id": wanted.group_id})
    return fault or _on(command.unit_id, fact)


@decides(said.EndTeaching, by=OFFICE)
def _end_teaching(world: World, command: said.EndTeaching, _: Asked) -> Decision:
    state = world[unit(command.unit_id)]
    if state.name is None:
        return not_a_unit(command.unit_id)
    known = state.assignments.get(command.assignment_id)
    if known is None:
        return said.NO_SUCH_ASSIGNMENT(assignment=command.assignment_id, field="assignment_id")
    if known.until == command.until:
        return []
    if known.until is not None or command.until < known.since:
        return said.ASSIGNMENT_NOT_IN_FORCE(on=command.until, field="until")
    ended = said.TeachingEnded(assignment_id=command.assignment_id, until=command.until)
    return _on(command.unit_id, ended)


@decides(said.SetTimetable, by=OFFICE)
def _set_timetable(world: World, command: said.SetTimetable, _: Asked) -> Decision:
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if state.timetables.get(command.valid_from) == command.slots:
        return []
    fault = fault_in_day(year, command.valid_from, "valid_from") or _fault_in_slots(
        state, year, command.slots
    )
    return fault or _on(command.unit_id, said.TimetableSet(**msgspec.structs.asdict(command)))


def _fault_in_slots(state: Unit, year: Year, slots: Sequence[TimetableSlot]) -> Refusal | None:
    numbers = {period.number for period in year.periods}
    seen = set()
    for place, slot in enumerate(slots):
        at = f"slots[{place}]"
        if not 1 <= slot.weekday <= 7:
            return said.NO_SUCH_WEEKDAY(weekday=slot.weekday, field=f"{at}.weekday")
        if slot.period not in numbers:
            return said.NO_SUCH_PERIOD(period=slot.period, field=f"{at}.period")
        if slot.assignment_id not in state.assignments:
            return said.NO_SUCH_ASSIGNMENT(assignment=slot.assignment_id, field=f"{at}.assignment_id")
        key = (slot.weekday, slot.period, slot.assignment_id)
        if key in seen:
            return said.SLOT_TAKEN_TWICE(weekday=slot.weekday, period=slot.period, field=at)
        seen.add(key)
    return None
