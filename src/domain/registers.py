"""The rules for other registers: who opens them, who takes part, what is planned there, who else may read."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from dziennik.contracts import classes, streams
from dziennik.contracts import registers as said
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.movement import PupilTaughtApart
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import RESTRICTED, RegisterKind
from dziennik.contracts.school import DATES_REVERSED
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import fault_in_role
from dziennik.domain.placing import ends_apart, units_of_year
from dziennik.domain.rulebook import DIRECTOR, OFFICE, TEACHING, decides
from dziennik.domain.school import Year, year_of
from dziennik.domain.units import Membership, Unit, not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

MOST_HOURS = Decimal(40)  # a week; more than a full timetable is a slip of the pen


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a register says of itself beside participants and teaching."""

    plan: said.WorkPlanSet | None = None
    teaching: dict[str, said.IndividualTeachingArranged] = {}
    admitted: tuple[said.AuditorAdmitted, ...] = ()


_evolve: Evolution[Details] = Evolution()


def details(unit_id: str) -> Stream[Details]:
    """The details of a register."""
    return Stream(streams.register_details(unit_id), Details(), _evolve)


@_evolve.on(said.WorkPlanSet)
def _planned(state: Details, fact: said.WorkPlanSet) -> Details:
    return msgspec.structs.replace(state, plan=fact)


@_evolve.on(said.IndividualTeachingArranged)
def _arranged(state: Details, fact: said.IndividualTeachingArranged) -> Details:
    return msgspec.structs.replace(state, teaching=put(state.teaching, fact.pupil_id, fact))


@_evolve.on(said.AuditorAdmitted)
def _admitted(state: Details, fact: said.AuditorAdmitted) -> Details:
    return msgspec.structs.replace(state, admitted=(*state.admitted, fact))


def register_and_year(world: World, unit_id: str) -> tuple[Unit, Year] | Refusal:
    """The register with its school year, or why not."""
    found = unit_and_year(world, unit_id)
    if isinstance(found, Refusal):
        return said.NO_SUCH_REGISTER(unit=unit_id, field="unit_id")
    return found if found[0].kind is not None else said.NO_SUCH_REGISTER(unit=unit_id, field="unit_id")


def kept(world: World, unit_id: str, asked: Asked, *, office: bool = False) -> tuple[Unit, Year] | Refusal:
    """The register and its year, if the asker keeps it today or is the director.

    With `office` also the school's administrator, unless the register is restricted. Looked at before
    anything else: a refusal must not tell a stranger who takes part.
    """
    found = register_and_year(world, unit_id)
    if isinstance(found, Refusal):
        return found
    role = asked.actor.role
    over_all = role in DIRECTOR or (office and role in OFFICE and found[0].kind not in RESTRICTED)
    if over_all or (role is Role.TEACHER and found[0].is_kept_by(asked.actor.person, asked.today)):
        return found
    return said.NOT_YOUR_REGISTER(field="unit_id")


def membership(state: Unit, pupil_id: str) -> Membership | None:
    """The pupil's latest time in the register."""
    held = [m for m in state.groups[state.unit_id].members if m.pupil_id == pupil_id]
    return held[-1] if held else None


def _on(unit_id: str, fact: Fact) -> list[Entry]:
    return [Entry(streams.unit(unit_id), fact)]


def _about(unit_id: str, fact: Fact) -> list[Entry]:
    return [Entry(streams.register_details(unit_id), fact)]


@decides(said.OpenRegister, by=OFFICE)
def _open(world: World, command: said.OpenRegister, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    known = world[unit(command.unit_id)]
    if known.name is None:
        return _on(command.unit_id, said.RegisterOpened(**msgspec.structs.asdict(command)))
    told = (command.name, command.year_id, command.kind)
    same = (known.name, known.year_id, known.kind) == told
    return [] if same else said.REGISTER_EXISTS(name=known.name, field="unit_id")


@decides(said.AddParticipant, by=OFFICE | TEACHING)
def _add(world: World, command: said.AddParticipant, asked: Asked) -> Decision:
    found = kept(world, command.unit_id, asked, office=True)
    if isinstance(found, Refusal):
        return found
    state, year = found
    held = membership(state, command.pupil_id)
    if held and (held.until is None or held.until >= command.since):
        if held.until is None and held.since == command.since:
            return []
        return classes.ALREADY_IN_GROUP(pupil=command.pupil_id, since=held.since, field="pupil_id")
    fault = fault_in_day(year, command.since, "since") or _fault_in_class(world, state, command)
    joined = classes.PupilJoinedGroup(
        group_id=command.unit_id,
        class_id=command.class_id or command.unit_id,
        pupil_id=command.pupil_id,
        since=command.since,
    )
    return fault or [*_on(command.unit_id, joined), *_apart(state, command)]


def _apart(state: Unit, command: said.AddParticipant) -> list[Entry]:
    """The class is told who is taught individually: its roll does not ask them (ADR 0093)."""
    if state.kind is not RegisterKind.INDIVIDUAL_TEACHING or command.class_id is None:
        return []
    fact = PupilTaughtApart(
        class_id=command.class_id, pupil_id=command.pupil_id, unit_id=command.unit_id, since=command.since
    )
    return _on(command.class_id, fact)


def _fault_in_class(world: World, state: Unit, command: said.AddParticipant) -> Refusal | None:
    """Whoever takes part is in a class of that year, or a child of the preschool register itself."""
    if command.class_id is None:
        if state.kind is not RegisterKind.PRESCHOOL:
            return said.CLASS_MISSING(field="class_id")
        return fault_in_role(world, command.pupil_id, Role.PUPIL, command.since, "pupil_id")
    home = world[unit(command.class_id)]
    if not home.is_class or home.year_id != state.year_id:
        return not_a_unit(command.class_id, "class_id")
    if home.enrolment(command.pupil_id, command.since) is None:
        return classes.NOT_ENROLLED(pupil=command.pupil_id, on=command.since, field="pupil_id")
    return None


@decides(said.EndParticipation, by=OFFICE | TEACHING)
def _end(world: World, command: said.EndParticipation, asked: Asked) -> Decision:
    found = kept(world, command.unit_id, asked, office=True)
    if isinstance(found, Refusal):
        return found
    held = membership(found[0], command.pupil_id)
    if held and held.until == command.until:
        return []
    if held is None or held.until is not None or command.until < held.since:
        return classes.NOT_IN_GROUP(pupil=command.pupil_id, on=command.until, field="pupil_id")
    left = classes.PupilLeftGroup(group_id=command.unit_id, pupil_id=command.pupil_id, until=command.until)
    fault = fault_in_day(found[1], command.until, "until")
    if fault or found[0].kind is not RegisterKind.INDIVIDUAL_TEACHING:
        return fault or _on(command.unit_id, left)
    apart = [
        entry
        for each in units_of_year(world, found[0].year_id)
        for entry in ends_apart(each, command.pupil_id, command.until, command.unit_id)
    ]
    return [*_on(command.unit_id, left), *apart]


@decides(said.SetWorkPlan, by=TEACHING)
def _plan(world: World, command: said.SetWorkPlan, asked: Asked) -> Decision:
    found = kept(world, command.unit_id, asked)
    if isinstance(found, Refusal):
        return found
    if not command.text.strip():
        return TEXT_MISSING(at="text", field="text")
    fact = said.WorkPlanSet(unit_id=command.unit_id, since=command.since, text=command.text.strip())
    if world[details(command.unit_id)].plan == fact:
        return []
    return fault_in_day(found[1], command.since, "since") or _about(command.unit_id, fact)


@decides(said.ArrangeIndividualTeaching, by=DIRECTOR)
def _arrange(world: World, command: said.ArrangeIndividualTeaching, _: Asked) -> Decision:
    found = register_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if state.kind is not RegisterKind.INDIVIDUAL_TEACHING:
        return said.NOT_FOR_THIS_REGISTER(kind=state.kind, field="unit_id")
    if not 0 < command.hours_per_week <= MOST_HOURS:
        return said.HOURS_OUT_OF_RANGE(hours=command.hours_per_week, limit=MOST_HOURS, field="hours_per_week")
    if not command.decision.strip():
        return TEXT_MISSING(at="decision", field="decision")
    fault = fault_in_day(year, command.since, "since")
    if fault:
        return fault
    if command.pupil_id not in state.groups[state.unit_id].on(command.since):
        return classes.NOT_IN_GROUP(pupil=command.pupil_id, on=command.since, field="pupil_id")
    fact = said.IndividualTeachingArranged(**msgspec.structs.asdict(command))
    same = world[details(command.unit_id)].teaching.get(command.pupil_id) == fact
    return [] if same else _about(command.unit_id, fact)


@decides(said.AdmitAuditor, by=DIRECTOR)
def _admit(world: World, command: said.AdmitAuditor, _: Asked) -> Decision:
    found = register_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    if found[0].kind not in RESTRICTED:
        return said.NOT_FOR_THIS_REGISTER(kind=found[0].kind, field="unit_id")
    if command.until < command.since:
        return DATES_REVERSED(starts=command.since, ends=command.until, field="until")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fault = fault_in_role(world, command.auditor_id, Role.AUDITOR, command.since, "auditor_id")
    fact = said.AuditorAdmitted(**msgspec.structs.asdict(command))
    if fact in world[details(command.unit_id)].admitted:
        return []
    return fault or _about(command.unit_id, fact)
