"""Moves of the office with lessons to come: called off, moved, added, elsewhere; days that run as others."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from dziennik.contracts import calendar_commands as orders
from tests.campaign.moves import (
    OFFICE,
    Attempt,
    actor,
    assignment_faults,
    day,
    move,
    often,
    some,
    teaching,
    told,
    unit,
)
from tests.campaign.plain import PERIODS, Plain, Thing

Where = tuple[str, str, date, int]  # unit, assignment, day, hour
DESK = ("d", "m")


def _near(m: Plain, r: Random) -> date:
    """A day of these weeks, before or after today."""
    return m.today + timedelta(days=r.randint(-3, 6)) if r.random() < 0.9 else day(m, r)


def _expected(m: Plain, r: Random) -> Where:
    """Mostly a lesson that is expected one of these days."""
    unit_id, key = teaching(m, r)
    days = [m.today + timedelta(days=ahead) for ahead in range(-2, 8)]
    known = [(on, *place) for on in days for place in sorted(m.planned(unit_id, on))]
    if known and r.random() < 0.9:
        on, period, key = r.choice(known)
        return unit_id, key, on, period
    return unit_id, key, _near(m, r), r.choice((1, 2, 3, 12))


def _not_expected(m: Plain, where: Where) -> set[str]:
    unit_id, key, on, period = where
    return told(CALENDAR__LESSON_NOT_EXPECTED=(period, key) not in m.planned(unit_id, on))


def _place_faults(m: Plain, where: Where) -> set[str]:
    """Why no lesson can be put there."""
    unit_id, key, on, period = where
    faults = assignment_faults(m, unit_id, key, on)
    return faults | told(
        LESSONS__OUTSIDE_TERM=m.term_of(on) is None,
        CALENDAR__DAY_IS_FREE=m.is_free(on),
        CLASSES__NO_SUCH_PERIOD=period not in PERIODS,
        CALENDAR__LESSON_EXPECTED=(period, key) in m.planned(unit_id, on),
    )


def _changes(m: Plain, attempt: Attempt, key: str, where: Where, **more: object) -> Attempt:
    unit_id, assignment, on, period = where
    change = {"key": key, "assignment": assignment, "on": on, "period": period, **more}
    attempt.then = lambda: m.changes.setdefault(unit_id, []).append(change)
    return attempt


@often
def call_off(m: Plain, r: Random) -> Attempt:
    where, reason, key = _expected(m, r), r.choice(("rada", "rada", "rada", " ")), m.fresh("change")
    unit_id, assignment, on, period = where
    command = orders.CallOffLesson(
        change_id=key, unit_id=unit_id, assignment_id=assignment, on=on, period=period, reason=reason
    )
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    attempt.faults = _not_expected(m, where) | told(LESSONS__REASON_MISSING=not reason.strip())
    return _changes(m, attempt, key, where, what="off")


@often
def add(m: Plain, r: Random) -> Attempt:
    unit_id, assignment = teaching(m, r)
    where = unit_id, assignment, _near(m, r), r.choice((1, 2, 3, 4, 12))
    key = m.fresh("change")
    command = orders.AddLesson(
        change_id=key, unit_id=unit_id, assignment_id=assignment, on=where[2], period=where[3]
    )
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    attempt.faults = _place_faults(m, where)
    return _changes(m, attempt, key, where, what="added")


@often
def move_lesson(m: Plain, r: Random) -> Attempt:
    where, key = _expected(m, r), m.fresh("change")
    unit_id, assignment, on, period = where
    to_on, to_period = _near(m, r), r.choice((1, 2, 3, 4, 12))
    command = orders.MoveLesson(
        change_id=key, unit_id=unit_id, assignment_id=assignment, on=on, period=period, to_on=to_on,
        to_period=to_period,
    )  # fmt: skip
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    there = (unit_id, assignment, to_on, to_period)
    attempt.faults = _not_expected(m, where) | _place_faults(m, there)
    return _changes(m, attempt, key, where, what="moved", to=(to_on, to_period))


@move
def change_room(m: Plain, r: Random) -> Attempt:
    where, key = _expected(m, r), m.fresh("change")
    unit_id, assignment, on, period = where
    room = r.choice((key, key, " "))
    command = orders.ChangeRoom(
        change_id=key, unit_id=unit_id, assignment_id=assignment, on=on, period=period, room=room
    )
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    attempt.faults = _not_expected(m, where) | told(COMMAND__TEXT_MISSING=not room.strip())
    return _changes(m, attempt, key, where, what="room")


def _touched(change: Thing) -> set[tuple[object, ...]]:
    """Where a change takes a lesson from, and where it puts it."""
    here = (change["assignment"], change["on"], change["period"])
    return {here, (change["assignment"], *change["to"])} if "to" in change else {here}


@often
def withdraw_change(m: Plain, r: Random) -> Attempt:
    known = [(unit_id, one["key"]) for unit_id, changes in sorted(m.changes.items()) for one in changes]
    unit_id, key = some(r, known, (unit(m, r), "no-change"))
    standing = [one for one in m.changes.get(unit_id, []) if not one.get("withdrawn")]
    found = next((one for one in m.changes.get(unit_id, []) if one["key"] == key), None)
    reason = r.choice(("pomyłka", "pomyłka", " "))
    command = orders.WithdrawLessonChange(change_id=key, unit_id=unit_id, reason=reason)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    if unit_id not in m.units:
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    if found is None:
        attempt.faults = {"CALENDAR.NO_SUCH_CHANGE"}
        return attempt
    if found.get("withdrawn"):
        attempt.facts = 0
        return attempt
    later = standing[standing.index(found) + 1 :] if found["what"] != "room" else []
    attempt.faults = told(
        LESSONS__REASON_MISSING=not reason.strip(),
        CALENDAR__CHANGE_BUILT_UPON=any(_touched(one) & _touched(found) for one in later),
    )
    attempt.then = lambda: found.update(withdrawn=True)
    return attempt


@move
def change_day(m: Plain, r: Random) -> Attempt:
    on, runs_as, reason = _near(m, r), r.choice((1, 3, 5, None, 9)), r.choice(("odrabianie", "zamiana", " "))
    command = orders.ChangeDay(year_id=m.named("y"), on=on, reason=reason, runs_as=runs_as)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE)
    if m.changed.get(on) == (runs_as, reason):
        attempt.facts = 0
        return attempt
    attempt.faults = told(
        LESSONS__REASON_MISSING=not reason.strip(),
        CALENDAR__NOTHING_CHANGES=runs_as is None,
        CLASSES__NO_SUCH_WEEKDAY=runs_as == 9,
        CLASSES__OUTSIDE_YEAR=not m.in_year(on),
    )
    attempt.then = lambda: m.changed.update({on: (runs_as, reason)})
    return attempt


@move
def restore_day(m: Plain, r: Random) -> Attempt:
    on, reason = some(r, sorted(m.changed), m.today), r.choice(("pomyłka", "pomyłka", " "))
    command = orders.RestoreDay(year_id=m.named("y"), on=on, reason=reason)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE)
    attempt.faults = told(
        CALENDAR__DAY_NOT_CHANGED=on not in m.changed,
        LESSONS__REASON_MISSING=on in m.changed and not reason.strip(),
    )

    def then() -> None:
        del m.changed[on]

    attempt.then = then
    return attempt
