"""The rules for the days of a year: free days, changed days, and lessons that are moved for once.

A lesson can be changed where it is expected (policies.day_plan): the plan before the change is the proof.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import asdict

from dziennik.contracts import calendar as said
from dziennik.contracts import calendar_commands as orders
from dziennik.contracts import streams
from dziennik.contracts.classes import NO_SUCH_PERIOD, NO_SUCH_WEEKDAY
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import OUTSIDE_TERM, REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import DATES_REVERSED
from dziennik.domain.calendar_state import school_days, unit_calendar, unit_hours, year_calendar
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.lessons import assigned
from dziennik.domain.policies.day_plan import ChangeKind, DayPlan, LessonChange, plan_of_day
from dziennik.domain.policies.soundness import fault_in_periods
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.school import Year, year_of
from dziennik.domain.units import Unit
from dziennik.domain.world import Asked, Decision, Entry, World

_OneLesson = orders.CallOffLesson | orders.MoveLesson | orders.AddLesson | orders.ChangeRoom


def _in_year(year_id: str, fact: Fact) -> list[Entry]:
    return [Entry(streams.school_calendar(year_id), fact)]


@decides(orders.DeclareFreeDays, by=OFFICE)
def _declare(world: World, command: orders.DeclareFreeDays, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    state = world[year_calendar(command.year_id)]
    known = state.free.get(command.free_id)
    if known:
        same = (known.name, known.starts, known.ends) == (command.name, command.starts, command.ends)
        return [] if same else orders.FREE_DAYS_EXIST(name=known.name, field="free_id")
    if command.free_id in state.withdrawn:
        return orders.NO_SUCH_FREE_DAYS(free=command.free_id, field="free_id")
    if not command.name.strip():
        return TEXT_MISSING(at="name", field="name")
    if command.starts > command.ends:
        return DATES_REVERSED(starts=command.starts, ends=command.ends, field="starts")
    fault = fault_in_day(year, command.starts, "starts") or fault_in_day(year, command.ends, "ends")
    return fault or _in_year(command.year_id, said.FreeDaysDeclared(**asdict(command)))


@decides(orders.WithdrawFreeDays, by=OFFICE)
def _withdraw_free(world: World, command: orders.WithdrawFreeDays, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    state = world[year_calendar(command.year_id)]
    if command.free_id in state.withdrawn:
        return []
    if command.free_id not in state.free:
        return orders.NO_SUCH_FREE_DAYS(free=command.free_id, field="free_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    return _in_year(command.year_id, said.FreeDaysWithdrawn(**asdict(command)))


@decides(orders.ChangeDay, by=OFFICE)
def _change_day(world: World, command: orders.ChangeDay, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    known = world[year_calendar(command.year_id)].changed.get(command.on)
    wanted = (command.runs_as, command.periods, command.reason)
    if known and (known.runs_as, known.periods, known.reason) == wanted:
        return []
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    if command.runs_as is None and command.periods is None:
        return orders.NOTHING_CHANGES(field="runs_as")
    if command.runs_as is not None and not 1 <= command.runs_as <= 7:
        return NO_SUCH_WEEKDAY(weekday=command.runs_as, field="runs_as")
    fault = fault_in_day(year, command.on, "on") or (
        None if command.periods is None else fault_in_periods(command.periods)
    )
    return fault or _in_year(command.year_id, said.DayChanged(**asdict(command)))


@decides(orders.RestoreDay, by=OFFICE)
def _restore_day(world: World, command: orders.RestoreDay, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if command.on not in world[year_calendar(command.year_id)].changed:
        return orders.DAY_NOT_CHANGED(on=command.on, field="on")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    return _in_year(command.year_id, said.DayRestored(**asdict(command)))


def _plan(world: World, found: tuple[Unit, Year], day: date) -> DayPlan:
    return plan_of_day(day, school_days(world, found[1]), unit_hours(world, found[0]))


def _repeated(world: World, command: _OneLesson, kind: ChangeKind) -> Decision | None:
    """What to answer when a change with this id is there already, standing or withdrawn."""
    state = world[unit_calendar(command.unit_id)]
    told = {name: value for name, value in asdict(command).items() if name != "unit_id"}
    known = state.changes.get(command.change_id)
    if known:
        same = known == LessonChange(kind=kind, **told)
        return [] if same else orders.CHANGE_EXISTS(field="change_id")
    return orders.CHANGE_EXISTS(field="change_id") if command.change_id in state.withdrawn else None


def _not_expected(plan: DayPlan, assignment_id: str, period: int) -> Refusal | None:
    """LESSON_NOT_EXPECTED, with the reason, unless the plan has the lesson."""
    if plan.lesson(assignment_id, period):
        return None
    gone = [out for out in plan.left_out if (out.assignment_id, out.period) == (assignment_id, period)]
    why = " – ".join(filter(None, (gone[0].why.value, gone[0].text))) if gone else "—"
    return orders.LESSON_NOT_EXPECTED(on=plan.on, period=period, why=why, field="period")


def _fault_in_place(
    world: World, found: tuple[Unit, Year], assignment_id: str, on: date, period: int, prefix: str = ""
) -> Refusal | None:
    """Why a lesson cannot be put there: no school that day, no such hour, or it is there already."""
    year = found[1]
    at = (f"{prefix}on", f"{prefix}period")
    fault = fault_in_day(year, on, at[0])
    if fault:
        return fault
    assignment = assigned(found[0], assignment_id, on)
    if isinstance(assignment, Refusal):
        return assignment
    days = school_days(world, year)
    if found[0].kind is None and not days.is_kept(on):  # it would never be expected
        return OUTSIDE_TERM(on=on, field=at[0])
    free = days.free_on(on)
    if free:
        return orders.DAY_IS_FREE(on=on, name=free.name, field=at[0])
    if period not in days.bells(on):
        return NO_SUCH_PERIOD(period=period, field=at[1])
    if _plan(world, found, on).lesson(assignment_id, period):
        return orders.LESSON_EXPECTED(on=on, period=period, field=at[1])
    return None


@decides(orders.CallOffLesson, by=OFFICE)
def _call_off(world: World, command: orders.CallOffLesson, _: Asked) -> Decision:
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    repeated = _repeated(world, command, ChangeKind.CALLED_OFF)
    if repeated is not None:
        return repeated
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fault = _not_expected(_plan(world, found, command.on), command.assignment_id, command.period)
    fact = said.LessonCalledOff(**asdict(command))
    return fault or [Entry(streams.unit_calendar(command.unit_id), fact)]


@decides(orders.MoveLesson, by=OFFICE)
def _move(world: World, command: orders.MoveLesson, _: Asked) -> Decision:
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    repeated = _repeated(world, command, ChangeKind.MOVED)
    if repeated is not None:
        return repeated
    fault = _not_expected(
        _plan(world, found, command.on), command.assignment_id, command.period
    ) or _fault_in_place(world, found, command.assignment_id, command.to_on, command.to_period, "to_")
    fact = said.LessonMoved(**asdict(command))
    return fault or [Entry(streams.unit_calendar(command.unit_id), fact)]


@decides(orders.AddLesson, by=OFFICE)
def _add(world: World, command: orders.AddLesson, _: Asked) -> Decision:
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    repeated = _repeated(world, command, ChangeKind.ADDED)
    if repeated is not None:
        return repeated
    fault = _fault_in_place(world, found, command.assignment_id, command.on, command.period)
    fact = said.LessonAdded(**asdict(command))
    return fault or [Entry(streams.unit_calendar(command.unit_id), fact)]


@decides(orders.ChangeRoom, by=OFFICE)
def _change_room(world: World, command: orders.ChangeRoom, _: Asked) -> Decision:
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    repeated = _repeated(world, command, ChangeKind.ROOM)
    if repeated is not None:
        return repeated
    if not command.room.strip():
        return TEXT_MISSING(at="room", field="room")
    plan = _plan(world, found, command.on)
    fault = _not_expected(plan, command.assignment_id, command.period)
    lesson = plan.lesson(command.assignment_id, command.period)
    if lesson and lesson.room == command.room:
        return []
    return fault or [Entry(streams.unit_calendar(command.unit_id), said.RoomChanged(**asdict(command)))]


@decides(orders.WithdrawLessonChange, by=OFFICE)
def _withdraw_change(world: World, command: orders.WithdrawLessonChange, _: Asked) -> Decision:
    found = unit_and_year(world, command.unit_id)
    if isinstance(found, Refusal):
        return found
    state = world[unit_calendar(command.unit_id)]
    if command.change_id in state.withdrawn:
        return []
    change = state.changes.get(command.change_id)
    if change is None:
        return orders.NO_SUCH_CHANGE(change=command.change_id, field="change_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    later = _built_upon(change, list(state.changes.values()))
    if later:
        return orders.CHANGE_BUILT_UPON(later=later.change_id, field="change_id")
    fact = said.LessonChangeWithdrawn(**asdict(command))
    return [Entry(streams.unit_calendar(command.unit_id), fact)]


def _built_upon(change: LessonChange, changes: list[LessonChange]) -> LessonChange | None:
    """The first later change of a lesson where this one took it from or put it."""
    if change.kind is ChangeKind.ROOM:
        return None
    later = changes[changes.index(change) + 1 :]
    return next((each for each in later if _touched(each) & _touched(change)), None)


def _touched(change: LessonChange) -> set[tuple[str, date, int]]:
    """Where a change takes a lesson from, and where it puts it."""
    there = (change.to_on or change.on, change.to_period or change.period)
    return {(change.assignment_id, change.on, change.period), (change.assignment_id, *there)}
