"""The rules for additional hours: who enters, corrects, confirms and refuses them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from dziennik.contracts import staff as said
from dziennik.contracts import streams
from dziennik.contracts.commands import CHANGED_SINCE, TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, beside, together
from dziennik.domain.classes import fault_in_day
from dziennik.domain.people import fault_in_role
from dziennik.domain.policies.staff_hours import SUBSTITUTION, HoursState
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.school import Year, year_of
from dziennik.domain.staff_state import Hours, TeacherHours, teacher_hours
from dziennik.domain.world import Asked, Decision, Entry, World

LONGEST_DAY = Decimal(24)
ENTERING = OFFICE | {Role.TEACHER}


@decides(said.SetStaffRules, by=DIRECTOR)
def _set_rules(world: World, command: said.SetStaffRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.staff_version and year.staff == command.rules:
        return []
    fault = fault_in_rules(command.rules)
    return fault or [Entry(streams.SCHOOL, said.StaffRulesSet(year_id=year.year_id, rules=command.rules))]


def fault_in_rules(rules: said.StaffRules) -> Refusal | None:
    """Kinds are unique and have names, hours fit a day, steps are sensible."""
    ids = [kind.kind_id for kind in rules.kinds]
    blank = [kind.kind_id for kind in rules.kinds if not kind.name.strip() or not kind.symbol.strip()]
    long = [
        kind.kind_id
        for kind in rules.kinds
        if kind.most_a_day is not None and not 0 < kind.most_a_day <= LONGEST_DAY
    ]
    faults: tuple[tuple[str, object | None], ...] = (
        ("kinds", None if ids else "kinds"),
        ("kinds", _twice(ids)),
        ("kinds", SUBSTITUTION if SUBSTITUTION in ids else None),
        ("kinds", next(iter([*blank, *long]), None)),
        ("step", None if 0 < rules.step <= LONGEST_DAY else rules.step),
        ("most_a_day", None if 0 < rules.most_a_day <= LONGEST_DAY else rules.most_a_day),
        ("lesson_counts", None if 0 <= rules.lesson_counts <= LONGEST_DAY else rules.lesson_counts),
    )
    found = next(((at, what) for at, what in faults if what is not None), None)
    return said.STAFF_RULES_UNSOUND(what=found[1], field=f"rules.{found[0]}") if found else None


def _twice(ids: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            return one
        seen.add(one)
    return None


@decides(said.EnterHours, by=ENTERING)
def _enter(world: World, command: said.EnterHours, asked: Asked) -> Decision:
    found = _theirs(world, command.year_id, command.teacher_id, asked)
    if isinstance(found, Refusal):
        return found
    year, state = found
    fact = said.HoursEntered(**msgspec.structs.asdict(command))
    known = state.by_id.get(command.hours_id)
    if known:
        stands = said.HOURS_EXIST(hours=known.hours, on=known.on, field="hours_id")
        stream = streams.staff(command.year_id, command.teacher_id)
        return [] if known.entered == fact else beside(stands, stream, "hours_id", command.hours_id)
    return _fault(world, year, state, command, asked) or _on(fact)


def _theirs(world: World, year_id: str, teacher_id: str, asked: Asked) -> tuple[Year, TeacherHours] | Refusal:
    """The year and the teacher's hours, if the asker may enter some."""
    year = year_of(world, year_id)
    if isinstance(year, Refusal):
        return year
    if asked.actor.role is Role.TEACHER and asked.actor.person != teacher_id:
        return said.NOT_YOUR_HOURS(field="teacher_id")
    return year, world[teacher_hours(year_id, teacher_id)]


def _fault(
    world: World,
    year: Year,
    state: TeacherHours,
    command: said.EnterHours | said.CorrectHours,
    asked: Asked,
) -> Refusal | None:
    """What is wrong with hours that are to stand like this."""
    kind = next((one for one in year.staff.kinds if one.kind_id == command.kind_id), None)
    if kind is None:
        return said.NO_SUCH_KIND(kind=command.kind_id, field="kind_id")
    if not command.what.strip():
        return TEXT_MISSING(at="what", field="what")
    if command.on > asked.today:
        return said.HOURS_IN_FUTURE(on=command.on, field="on")
    fault = fault_in_day(year, command.on, "on") or fault_in_role(
        world, command.teacher_id, Role.TEACHER, command.on, "teacher_id"
    )
    return fault or _fault_in_hours(year, kind, state, command)


def _fault_in_hours(
    year: Year, kind: said.HoursKind, state: TeacherHours, command: said.EnterHours | said.CorrectHours
) -> Refusal | None:
    """Of the kind's hours and of the day's there are not too many."""
    rules, hours = year.staff, command.hours
    of_kind = rules.most_a_day if kind.most_a_day is None else kind.most_a_day
    if not 0 < hours <= of_kind or hours % rules.step:
        return said.HOURS_OUT_OF_RANGE(hours=hours, step=rules.step, most=of_kind, field="hours")
    for most, kind_id in ((of_kind, command.kind_id), (rules.most_a_day, None)):
        total = hours + state.on(command.on, kind_id, without=command.hours_id)
        if total > most:
            return said.TOO_MANY_HOURS(on=command.on, total=total, most=most, field="hours")
    return None


@decides(said.CorrectHours, by=ENTERING)
def _correct(world: World, command: said.CorrectHours, asked: Asked) -> Decision:
    found = _changeable(world, command, asked)
    if isinstance(found, Refusal):
        return found
    year, state, stands = found
    if (stands.kind_id, stands.on, stands.hours, stands.what) == (
        command.kind_id,
        command.on,
        command.hours,
        command.what,
    ):
        return said.NOTHING_TO_CORRECT(field="hours")
    fault = _changed_since(stands, command, command.year_id)
    if fault:
        return fault
    corrected = said.HoursCorrected(
        **_bare(command),
        was_kind_id=stands.kind_id,
        was_on=stands.on,
        was_hours=stands.hours,
        was_what=stands.what,
    )
    return _fault(world, year, state, command, asked) or _on(corrected)


@decides(said.StrikeOutHours, by=ENTERING)
def _strike_out(world: World, command: said.StrikeOutHours, asked: Asked) -> Decision:
    found = _changeable(world, command, asked)
    if isinstance(found, Refusal):
        return found
    fault = _changed_since(found[2], command, command.year_id)
    return fault or _on(said.HoursStruckOut(**_bare(command)))


def _bare(command: said.CorrectHours | said.StrikeOutHours) -> dict[str, Any]:
    """The command without what its author saw."""
    told = msgspec.structs.asdict(command)
    del told["seen_hours"]
    return told


def _changed_since(
    stands: Hours, command: said.CorrectHours | said.StrikeOutHours | said.HoursOf, year_id: str
) -> Refusal | None:
    """What somebody else did to the hours meanwhile."""
    if command.seen_hours in (None, stands.hours):
        return None
    changed = CHANGED_SINCE(seen=command.seen_hours, now=stands.hours, field="seen_hours")
    return beside(changed, streams.staff(year_id, command.teacher_id), "hours_id", command.hours_id)


def _changeable(
    world: World, command: said.CorrectHours | said.StrikeOutHours, asked: Asked
) -> tuple[Year, TeacherHours, Hours] | Refusal:
    """Hours that stand and that the asker may change, with a reason."""
    found = _theirs(world, command.year_id, command.teacher_id, asked)
    if isinstance(found, Refusal):
        return found
    stands = _standing(found[1], command.hours_id)
    if isinstance(stands, Refusal):
        return stands
    if stands.state is HoursState.CONFIRMED and asked.actor.role not in DIRECTOR:
        return said.HOURS_ARE_CONFIRMED(field="hours_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    return *found, stands


def _standing(state: TeacherHours, hours_id: str) -> Hours | Refusal:
    stands = state.by_id.get(hours_id)
    if stands is None:
        return said.NO_SUCH_HOURS(hours=hours_id, field="hours_id")
    if stands.state is HoursState.STRUCK_OUT:
        return said.HOURS_ARE_STRUCK_OUT(field="hours_id")
    return stands


@decides(said.ConfirmHours, by=DIRECTOR)
def _confirm(world: World, command: said.ConfirmHours, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    states = world.many([teacher_hours(year.year_id, one.teacher_id) for one in command.hours])
    entries: dict[tuple[str, str], Entry] = {}
    refusals: list[Refusal] = []
    for place, (one, state) in enumerate(zip(command.hours, states, strict=True)):
        stands = _confirmable(year, state, one)
        if isinstance(stands, Refusal):
            refusals.append(msgspec.structs.replace(stands, field=f"hours[{place}].{stands.field}"))
        elif stands.state is not HoursState.CONFIRMED:
            fact = said.HoursConfirmed(hours_id=one.hours_id, year_id=year.year_id, teacher_id=one.teacher_id)
            entries[one.teacher_id, one.hours_id] = _on(fact)[0]
    return together(refusals) or list(entries.values())


def _confirmable(year: Year, state: TeacherHours, one: said.HoursOf) -> Hours | Refusal:
    """Hours that stand as they were seen. Refused ones did not count in their day: they must still fit it."""
    stands = _standing(state, one.hours_id)
    if isinstance(stands, Refusal):
        return stands
    fault = _changed_since(stands, one, year.year_id)
    if fault:
        return fault
    total = stands.hours + state.on(stands.on, without=one.hours_id)
    if stands.state is HoursState.REFUSED and total > year.staff.most_a_day:
        return said.TOO_MANY_HOURS(on=stands.on, total=total, most=year.staff.most_a_day, field="hours_id")
    return stands


@decides(said.RefuseHours, by=DIRECTOR)
def _refuse(world: World, command: said.RefuseHours, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    stands = _standing(world[teacher_hours(year.year_id, command.teacher_id)], command.hours_id)
    if isinstance(stands, Refusal):
        return stands
    if stands.state is HoursState.REFUSED:
        return []
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    return _on(said.HoursRefused(**msgspec.structs.asdict(command)))


_Judged = said.HoursStruckOut | said.HoursConfirmed | said.HoursRefused
_Told = said.HoursEntered | said.HoursCorrected | _Judged


def _on(fact: _Told) -> list[Entry]:
    return [Entry(streams.staff(fact.year_id, fact.teacher_id), fact)]
