"""Moves of the calendar: what is announced to classes and the school, and days without school."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from dziennik.contracts import calendar_commands as orders
from dziennik.contracts.calendar import EntryKind
from tests.campaign.moves import OFFICE, Attempt, actor, day, move, often, some, teacher_of, teaching, told
from tests.campaign.plain import PERIODS, Plain, Thing, monday

ANNOUNCING = ("teacher", "director", "administrator")
OF_A_TEACHER = ("test", "quiz", "homework")
# The usual limits: of tests one a day, three a week, a week's notice.
A_DAY, A_WEEK, NOTICE = 1, 3, 7


def _concerned(m: Plain, giver: tuple[str, str], unit_id: str | None) -> bool:
    """The office; of a class also whoever teaches it today and its homeroom teacher."""
    if giver[0] in OFFICE:
        return True
    if unit_id is None:
        return False
    teaches = any(
        one["teacher"] == giver[1]
        and one["since"] <= m.today
        and (one["until"] is None or m.today <= one["until"])
        for one in m.units[unit_id]["taught"].values()
    )
    return teaches or m.homeroom(unit_id, m.today) == giver[1]


def _too_much(m: Plain, unit_id: str | None, key: str, entry: Thing, was: Thing | None) -> set[str]:
    """Whether the classes concerned would have too many tests, or too late notice of this one."""
    if unit_id is None or entry["kind"] != "test" or (was and was["on"] == entry["on"]):
        return set()
    earlier = was is None or entry["on"] < was["on"]
    faults = told(CALENDAR__TOO_SHORT_NOTICE=earlier and (entry["on"] - m.today).days < NOTICE)
    for class_id in m.units[unit_id]["classes"] or [unit_id]:
        others = [
            one
            for (_, other), one in m.entries.items()
            if other != key and one["kind"] == "test" and not one["cancelled"] and class_id in one["burdens"]
        ]
        same_day = [one for one in others if one["on"] == entry["on"]]
        same_week = [one for one in others if monday(one["on"]) == monday(entry["on"])]
        faults |= told(
            CALENDAR__DAY_FULL=len(same_day) >= A_DAY, CALENDAR__WEEK_FULL=len(same_week) >= A_WEEK
        )
    return faults


def _in_itself(m: Plain, entry: Thing) -> set[str]:
    on, until, kind = entry["on"], entry["until"] or entry["on"], entry["kind"]
    longest = on if kind in OF_A_TEACHER else on + timedelta(days=31)
    is_free = any(one["starts"] <= on <= one["ends"] for one in m.free.values() if not one["withdrawn"])
    return told(
        CLASSES__OUTSIDE_YEAR=not (m.in_year(on) and m.in_year(until)),
        CALENDAR__ONE_DAY_ONLY=not on <= until <= longest,
        CLASSES__NO_SUCH_PERIOD=entry["period"] is not None and entry["period"] not in PERIODS,
        CALENDAR__DAY_IS_FREE=is_free and kind in ("test", "quiz"),
    )


def _untitled(details: Thing) -> set[str]:
    return told(COMMAND__TEXT_MISSING=not details["title"].strip())


def _details(m: Plain, r: Random) -> Thing:
    on = day(m, r) + timedelta(days=r.choice((0, 8, 9, 10, 15)))
    return {
        "title": r.choice(("Ułamki", "Wycieczka", " ")) if r.random() < 0.3 else "Sprawdzian",
        "on": on,
        "until": r.choice((None, None, None, on + timedelta(days=2), on - timedelta(days=1))),
        "period": r.choice((None, 1, 12)) if r.random() < 0.3 else None,
    }


@often
def plan_entry(m: Plain, r: Random) -> Attempt:
    (unit_id, key), details = teaching(m, r), _details(m, r)
    kind = r.choice(("test", "test", "test", "quiz", "homework", "trip", "meeting"))
    whole_school = r.random() < 0.1
    assignment = key if kind in OF_A_TEACHER and r.random() < 0.95 else None
    entry_id, override = m.fresh("entry"), r.choice((None, None, "zgoda klasy"))
    command = orders.PlanEntry(
        entry_id=entry_id, kind=EntryKind(kind), title=details["title"], on=details["on"],
        until=details["until"], period=details["period"], assignment_id=assignment, override=override,
        unit_id=None if whole_school else unit_id, year_id=m.named("y") if whole_school else None,
    )  # fmt: skip
    place = None if whole_school else unit_id
    giver = actor(m, r, teacher_of(m, unit_id, key), teacher_of(m, unit_id, key), "d")
    attempt = Attempt(command, giver, ANNOUNCING, units=(place,) if place else ())
    attempt.faults = _announcing(m, giver, place, kind, assignment, details["on"]) | _untitled(details)
    if attempt.faults:
        return attempt
    classes = (m.units[place]["classes"] or [place]) if place else []
    entry = {**details, "kind": kind, "burdens": classes, "assignment": assignment, "cancelled": None}
    attempt.faults = _in_itself(m, entry)
    if not attempt.faults and override is None:
        attempt.faults = _too_much(m, place, entry_id, entry, None)
    group = place is not None and bool(m.units[place]["classes"]) and kind in OF_A_TEACHER
    attempt.facts = 1 + (len(classes) if group else 0)
    if group:
        attempt.units = (place or "", *classes)
    attempt.then = lambda: m.entries.update({(place or "", entry_id): entry})
    return attempt


def _announcing(
    m: Plain, giver: tuple[str, str], place: str | None, kind: str, assignment: str | None, on: object
) -> set[str]:
    if kind in OF_A_TEACHER:
        if place is None:
            return {"CALENDAR.NOT_FOR_THE_SCHOOL"}
        if assignment is None:
            return {"CALENDAR.ASSIGNMENT_MISSING"}
        known = m.units[place]["taught"].get(assignment)
        if known is None:
            return {"CLASSES.NO_SUCH_ASSIGNMENT"}
        in_force = known["since"] <= on and (known["until"] is None or on <= known["until"])
        return told(
            CLASSES__ASSIGNMENT_NOT_IN_FORCE=not in_force,
            CALENDAR__NOT_YOUR_ASSIGNMENT=giver != ("teacher", known["teacher"]),
        )
    return told(CALENDAR__NOT_YOUR_CLASS=not _concerned(m, giver, place))


def _some(m: Plain, r: Random) -> tuple[str, str, Thing | None]:
    key = some(r, sorted(m.entries), (r.choice(sorted(m.units)), "no-entry"))
    return *key, m.entries.get(key)


def _may_change(m: Plain, giver: tuple[str, str], unit_id: str, entry: Thing) -> bool:
    if giver[0] == "director":
        return True
    if entry["assignment"] is not None:
        return giver == ("teacher", teacher_of(m, unit_id, entry["assignment"]))
    return _concerned(m, giver, unit_id or None)


def _writer(m: Plain, unit_id: str, entry: Thing | None) -> str | None:
    return teacher_of(m, unit_id, entry["assignment"]) if entry and entry["assignment"] else None


def _calendar_units(m: Plain, unit_id: str, entry: Thing | None, *, told_on: bool) -> tuple[str, ...]:
    """The units in whose calendars the change is written: a group's entry is told in its classes' too."""
    of_group = entry is not None and unit_id and m.units[unit_id]["classes"] and told_on
    return (unit_id, *(entry["burdens"] if of_group and entry else ())) if unit_id else ()


@often
def change_entry(m: Plain, r: Random) -> Attempt:
    unit_id, entry_id, entry = _some(m, r)
    details, override = _details(m, r), r.choice((None, None, "zgoda klasy"))
    if entry and r.random() < 0.2:
        details = {name: entry[name] for name in details}
    command = orders.ChangeEntry(
        entry_id=entry_id, title=details["title"], on=details["on"], until=details["until"],
        period=details["period"], override=override,
        unit_id=unit_id or None, year_id=None if unit_id else m.named("y"),
    )  # fmt: skip
    giver = actor(m, r, _writer(m, unit_id, entry), "d")
    attempt = Attempt(command, giver, ANNOUNCING, units=(unit_id,) if unit_id else ())
    if entry is None:
        attempt.faults = {"CALENDAR.NO_SUCH_ENTRY"} | _untitled(details)
        return attempt
    attempt.faults = _untitled(details) | told(
        CALENDAR__NOT_YOUR_ENTRY=not _may_change(m, giver, unit_id, entry),
        CALENDAR__ENTRY_WAS_CANCELLED=entry["cancelled"] is not None,
    )
    if attempt.faults:
        return attempt
    now = {**entry, **details}
    if _said(now) == _said(entry):
        attempt.facts = 0
        return attempt
    attempt.faults = _in_itself(m, now)
    if not attempt.faults and override is None:
        attempt.faults = _too_much(m, unit_id or None, entry_id, now, entry)
    moved = (now["title"].strip(), now["on"]) != (entry["title"].strip(), entry["on"])
    of_group = bool(unit_id) and bool(m.units[unit_id]["classes"]) and entry["kind"] in OF_A_TEACHER
    attempt.facts = 1 + (len(entry["burdens"]) if of_group and moved else 0)
    attempt.units = _calendar_units(m, unit_id, entry, told_on=of_group and moved)
    attempt.then = lambda: entry.update(details)
    return attempt


def _said(entry: Thing) -> tuple[object, ...]:
    """One day until itself is one day."""
    until = None if entry["until"] == entry["on"] else entry["until"]
    return entry["title"].strip(), entry["on"], until, entry["period"]


@move
def cancel_entry(m: Plain, r: Random) -> Attempt:
    unit_id, entry_id, entry = _some(m, r)
    reason = r.choice(("choroba", "choroba", " "))
    command = orders.CancelEntry(
        entry_id=entry_id, reason=reason, unit_id=unit_id or None, year_id=None if unit_id else m.named("y")
    )
    giver = actor(m, r, _writer(m, unit_id, entry), "d")
    attempt = Attempt(command, giver, ANNOUNCING, units=(unit_id,) if unit_id else ())
    if entry is None:
        attempt.faults = {"CALENDAR.NO_SUCH_ENTRY"}
        return attempt
    attempt.faults = told(
        CALENDAR__NOT_YOUR_ENTRY=not _may_change(m, giver, unit_id, entry),
        LESSONS__REASON_MISSING=not reason.strip(),
    )
    if entry["cancelled"] is not None:
        attempt.facts = 0
        attempt.faults |= told(CALENDAR__ENTRY_WAS_CANCELLED=entry["cancelled"] != reason)
        return attempt
    of_group = bool(unit_id) and bool(m.units[unit_id]["classes"]) and entry["kind"] in OF_A_TEACHER
    attempt.facts = 1 + (len(entry["burdens"]) if of_group else 0)
    attempt.units = _calendar_units(m, unit_id, entry, told_on=of_group)
    attempt.then = lambda: entry.update(cancelled=reason)
    return attempt


@move
def declare_free_days(m: Plain, r: Random) -> Attempt:
    starts = day(m, r) + timedelta(days=r.choice((0, 10)))
    ends, name = starts + timedelta(days=r.choice((0, 2, -1))), r.choice(("Ferie", "Ferie", " "))
    known_id = sorted(m.free) if r.random() < 0.15 else []
    free_id = r.choice(known_id) if known_id else m.fresh("free")
    command = orders.DeclareFreeDays(
        free_id=free_id, year_id=m.named("y"), name=name, starts=starts, ends=ends
    )
    attempt = Attempt(command, actor(m, r, "d", "m"), OFFICE, units=())
    known = m.free.get(free_id)
    if not name.strip():
        attempt.faults = {"COMMAND.TEXT_MISSING"}
    elif known:
        same = (known["name"], known["starts"], known["ends"]) == (name, starts, ends)
        attempt.facts = 0
        attempt.faults = (
            {"CALENDAR.NO_SUCH_FREE_DAYS"} if known["withdrawn"] else told(CALENDAR__FREE_DAYS_EXIST=not same)
        )
    else:
        attempt.faults = told(
            SCHOOL__DATES_REVERSED=starts > ends,
            CLASSES__OUTSIDE_YEAR=not (m.in_year(starts) and m.in_year(ends)),
        )
    made = {"name": name, "starts": starts, "ends": ends, "withdrawn": False}
    attempt.then = lambda: m.free.update({free_id: made})
    return attempt


@move
def withdraw_free_days(m: Plain, r: Random) -> Attempt:
    free_id = some(r, sorted(m.free), "no-days")
    reason = r.choice(("odpracowane", " "))
    command = orders.WithdrawFreeDays(free_id=free_id, year_id=m.named("y"), reason=reason)
    attempt = Attempt(command, actor(m, r, "d", "m"), OFFICE, units=())
    known = m.free.get(free_id)
    if known is None:
        attempt.faults = {"CALENDAR.NO_SUCH_FREE_DAYS"}
    elif known["withdrawn"]:
        attempt.facts = 0
    else:
        attempt.faults = told(LESSONS__REASON_MISSING=not reason.strip())
        attempt.then = lambda: known.update(withdrawn=True)
    return attempt
