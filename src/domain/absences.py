"""The rules for absences known beforehand: announced ones, trips, exemptions; and a year's rules for them."""

from __future__ import annotations

import msgspec

from dziennik.contracts import absence_commands as orders
from dziennik.contracts import absences as said
from dziennik.contracts import streams
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, together
from dziennik.contracts.school import DATES_REVERSED, NO_SUCH_SUBJECT
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.absence_checks import (
    FAMILY,
    MOST_TOLD,
    class_of,
    fault_in_enrolment,
    fault_in_homeroom,
    fault_in_kind,
    fault_in_scope,
    fault_in_speaker,
    spoken_for,
)
from dziennik.domain.absence_state import Exemption, absences
from dziennik.domain.called_lessons import called_in, corrections
from dziennik.domain.classes import fault_in_day
from dziennik.domain.policies.soundness import fault_in_absences
from dziennik.domain.rulebook import DIRECTOR, TEACHING, decides
from dziennik.domain.school import SCHOOL, Year, year_of
from dziennik.domain.units import Unit
from dziennik.domain.world import Asked, Decision, Entry, World

# What an absence becomes when the pupil turns out to have been away for the school.
_AWAY = {
    AttendanceKind.ABSENT: AttendanceKind.SCHOOL_REASON,
    AttendanceKind.ABSENT_EXCUSED: AttendanceKind.SCHOOL_REASON,
}


def _on(class_id: str, fact: Fact) -> list[Entry]:
    return [Entry(streams.absences(class_id), fact)]


@decides(orders.SetAbsenceRules, by=DIRECTOR)
def _set_rules(world: World, command: orders.SetAbsenceRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.absences == command.rules:
        return []
    fault = fault_in_absences(command.rules, "rules") or fault_in_kind(
        year, command.rules.announced_as, "rules.announced_as"
    )
    fact = said.AbsenceRulesSet(year_id=year.year_id, rules=command.rules)
    return fault or [Entry(streams.SCHOOL, fact)]


@decides(orders.AnnounceAbsence, by=FAMILY)
def _announce(world: World, command: orders.AnnounceAbsence, asked: Asked) -> Decision:
    year = spoken_for(world, asked, command)
    if isinstance(year, Refusal):
        return year
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    told = msgspec.structs.asdict(command)
    fact = said.AbsenceAnnounced(**told, announced_by=asked.actor.person or "")
    announced = world[absences(command.class_id)].announced
    known = announced.get(command.announcement_id)
    if known:
        return [] if known == fact else orders.ID_TAKEN(field="announcement_id")
    if command.scope.starts < asked.today:
        return orders.ALREADY_PAST(on=command.scope.starts, field="scope.starts")
    own = [each for each in announced.values() if each.pupil_id == command.pupil_id]
    if len(own) >= MOST_TOLD:
        return orders.TOO_MANY_TOLD(count=len(own), field="pupil_id")
    return _on(command.class_id, fact)


@decides(orders.WithdrawAnnouncement, by=FAMILY)
def _withdraw(world: World, command: orders.WithdrawAnnouncement, asked: Asked) -> Decision:
    found = class_of(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    state = world[absences(command.class_id)]
    known = state.announced.get(command.announcement_id)
    if known is None:
        return orders.NO_SUCH_ANNOUNCEMENT(announcement=command.announcement_id, field="announcement_id")
    fault = fault_in_speaker(world, asked, known.pupil_id)
    if fault:
        return msgspec.structs.replace(fault, field="announcement_id")
    if command.announcement_id in state.not_announced:
        return []
    fact = said.AnnouncementWithdrawn(announcement_id=command.announcement_id, pupil_id=known.pupil_id)
    return _on(command.class_id, fact)


@decides(orders.ArrangeSchoolAbsence, by=TEACHING)
def _arrange(world: World, command: orders.ArrangeSchoolAbsence, asked: Asked) -> Decision:
    by_class: dict[str, list[str]] = {}
    for each in command.pupils:
        by_class.setdefault(each.class_id, []).append(each.pupil_id)
    if not command.pupils or len({each.pupil_id for each in command.pupils}) < len(command.pupils):
        return orders.NO_PUPILS(field="pupils")
    if not command.name.strip():
        return TEXT_MISSING(at="name", field="name")
    entries: list[Entry] = []
    faults: list[Refusal] = []
    for class_id, pupils in by_class.items():
        decided = _arranged(world, command, class_id, pupils, asked)
        if isinstance(decided, Refusal):
            faults += [decided, *decided.others]
        else:
            entries += decided
    return together([msgspec.structs.replace(fault, others=()) for fault in faults]) or entries


def _arranged(
    world: World, command: orders.ArrangeSchoolAbsence, class_id: str, pupils: list[str], asked: Asked
) -> list[Entry] | Refusal:
    """One class's part: the fact, and absences that were recorded already put right."""
    places = {each.pupil_id: place for place, each in enumerate(command.pupils)}
    at = f"pupils[{places[pupils[0]]}].class_id"
    found = class_of(world, class_id)
    if isinstance(found, Refusal):
        return msgspec.structs.replace(found, field=at)
    state, year = found
    if not _teaches(state, asked):
        return orders.NOT_YOUR_CLASS(unit=state.name, field=at)
    fault = fault_in_scope(year, command.scope) or fault_in_kind(
        year, AttendanceKind.SCHOOL_REASON, "away_for"
    )
    if fault:
        return fault
    scope = command.scope
    missing = [
        fault_in_enrolment(state, pupil_id, scope.starts, scope.ends, f"pupils[{places[pupil_id]}].pupil_id")
        for pupil_id in pupils
    ]
    not_here = together([fault for fault in missing if fault])
    if not_here:
        return not_here
    fact = said.SchoolAbsenceArranged(
        absence_id=command.absence_id,
        class_id=class_id,
        away_for=command.away_for,
        name=command.name,
        scope=scope,
        pupils=tuple(pupils),
    )
    known = world[absences(class_id)].away.get(command.absence_id)
    if known:
        return [] if known.arranged == fact else orders.ID_TAKEN(field="absence_id")
    called = called_in(world, class_id, year, scope, asked.today)
    return [*_on(class_id, fact), *corrections(called, pupils, year, _AWAY, command.name)]


def _teaches(state: Unit, asked: Asked) -> bool:
    """Teachers arrange for classes that they teach or are homeroom teachers of today."""
    theirs = state.homeroom_teacher(asked.today) == asked.actor.person
    return theirs or asked.actor.role is not Role.TEACHER or state.is_kept_by(asked.actor.person, asked.today)


@decides(orders.CancelSchoolAbsence, by=TEACHING)
def _cancel(world: World, command: orders.CancelSchoolAbsence, asked: Asked) -> Decision:
    found = class_of(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    if not _teaches(found[0], asked):
        return orders.NOT_YOUR_CLASS(unit=found[0].name, field="class_id")
    known = world[absences(command.class_id)].away.get(command.absence_id)
    if known is None:
        return orders.NO_SUCH_SCHOOL_ABSENCE(absence=command.absence_id, field="absence_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    wanted = known.arranged.pupils if command.pupils is None else command.pupils
    for place, pupil_id in enumerate(wanted):
        if pupil_id not in known.arranged.pupils:
            return orders.NO_SUCH_SCHOOL_ABSENCE(absence=command.absence_id, field=f"pupils[{place}]")
    back = tuple([pupil_id for pupil_id in dict.fromkeys(wanted) if pupil_id not in known.back])
    if not back:
        return []
    fact = said.SchoolAbsenceCancelled(
        absence_id=command.absence_id, class_id=command.class_id, pupils=back, reason=command.reason
    )
    return _on(command.class_id, fact)


@decides(orders.GrantExemption, by=TEACHING)
def _grant(world: World, command: orders.GrantExemption, asked: Asked) -> Decision:
    found = class_of(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    fault = _fault_in_exemption(world, *found, command, asked)
    if fault:
        return fault
    fact = said.ExemptionGranted(**msgspec.structs.asdict(command))
    exemptions = world[absences(command.class_id)].exemptions
    known = exemptions.get(command.exemption_id)
    if known:
        return [] if known.granted == fact else orders.ID_TAKEN(field="exemption_id")
    for each in exemptions.values():
        if _overlap(each, fact):
            return orders.EXEMPTION_OVERLAPS(since=each.granted.since, until=each.until, field="since")
    return _on(command.class_id, fact)


def _fault_in_exemption(
    world: World, state: Unit, year: Year, command: orders.GrantExemption, asked: Asked
) -> Refusal | None:
    if command.until < command.since:
        return DATES_REVERSED(starts=command.since, ends=command.until, field="since")
    if command.subject_id not in world[SCHOOL].subjects:
        return NO_SUCH_SUBJECT(subject=command.subject_id, field="subject_id")
    released = command.mode is said.ExemptionMode.RELEASED
    return (
        fault_in_homeroom(state, asked)
        or fault_in_day(year, command.since, "since")
        or fault_in_day(year, command.until, "until")
        or fault_in_enrolment(state, command.pupil_id, command.since, command.since)
        or (fault_in_kind(year, AttendanceKind.RELEASED, "mode") if released else None)
        or (None if command.basis.strip() else TEXT_MISSING(at="basis", field="basis"))
    )


def _overlap(one: Exemption, other: said.ExemptionGranted) -> bool:
    same = (one.granted.pupil_id, one.granted.subject_id) == (other.pupil_id, other.subject_id)
    return same and one.granted.since <= other.until and other.since <= one.until


@decides(orders.EndExemption, by=TEACHING)
def _end(world: World, command: orders.EndExemption, asked: Asked) -> Decision:
    found = class_of(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    known = world[absences(command.class_id)].exemptions.get(command.exemption_id)
    if known is None:
        return orders.NO_SUCH_EXEMPTION(exemption=command.exemption_id, field="exemption_id")
    fault = fault_in_homeroom(found[0], asked)
    if fault:
        return fault
    if known.until == command.until:
        return []
    if not known.granted.since <= command.until < known.until:
        return orders.EXEMPTION_ENDS(since=known.granted.since, until=known.until, field="until")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fact = said.ExemptionEnded(
        exemption_id=command.exemption_id,
        pupil_id=known.granted.pupil_id,
        until=command.until,
        reason=command.reason,
    )
    return _on(command.class_id, fact)
