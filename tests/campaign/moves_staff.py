"""Moves of teachers who enter additional hours and of the director who confirms them; and calendar feeds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from dziennik.contracts import calendar_commands as calendar
from dziennik.contracts import staff as s
from dziennik.contracts.calendar import FeedKind
from tests.campaign.moves import (
    DIRECTOR,
    OFFICE,
    Attempt,
    actor,
    class_of,
    day,
    move,
    of,
    often,
    pupil,
    role_fault,
    some,
    some_teacher,
    told,
)
from tests.campaign.plain import Plain, Thing, covers

ENTERING = (*OFFICE, "teacher")
MOST = Decimal(12)  # hours of a day, of a kind and of all
DEAD = ("refused", "struck_out")


def _says(m: Plain, r: Random) -> Thing:
    return {
        "kind": r.choice(("circle", "overtime", "overtime", "knitting")),
        "on": day(m, r),
        "hours": r.choice((Decimal(1), Decimal("1.5"), Decimal(8), Decimal("0.3"), Decimal(13), Decimal(0))),
        "what": r.choice(("koło", "koło", "koło", " ")),
    }


def _of_day(m: Plain, teacher: str, on: date, kind: str | None, without: str) -> Decimal:
    return sum(
        (
            one["hours"]
            for (who, key), one in m.hours.items()
            if who == teacher
            and key != without
            and one["on"] == on
            and kind in (None, one["kind"])
            and one["state"] not in DEAD
        ),
        Decimal(0),
    )


def _faults(m: Plain, teacher: str, key: str, says: Thing) -> set[str]:
    hours, on = says["hours"], says["on"]
    off = not 0 < hours <= MOST or bool(hours % Decimal("0.25"))
    full = any(_of_day(m, teacher, on, kind, key) + hours > MOST for kind in (says["kind"], None))
    return role_fault(m, teacher, "teacher") | told(
        STAFF__NO_SUCH_KIND=says["kind"] == "knitting",
        COMMAND__TEXT_MISSING=not says["what"].strip(),
        STAFF__HOURS_IN_FUTURE=on > m.today,
        CLASSES__OUTSIDE_YEAR=not m.in_year(on),
        STAFF__HOURS_OUT_OF_RANGE=off,
        STAFF__TOO_MANY_HOURS=full,
    )


def _foreign(attempt: Attempt, teacher: str) -> set[str]:
    role, who = attempt.actor
    return told(STAFF__NOT_YOUR_HOURS=role == "teacher" and who != teacher)


@often
def enter_hours(m: Plain, r: Random) -> Attempt:
    teacher, key, says = some_teacher(r), m.fresh("hours"), _says(m, r)
    command = s.EnterHours(
        hours_id=key, year_id=m.named("y"), teacher_id=teacher, kind_id=says["kind"], on=says["on"],
        hours=says["hours"], what=says["what"],
    )  # fmt: skip
    attempt = Attempt(command, actor(m, r, teacher if teacher in m.people else "d", "m"), ENTERING)
    attempt.faults = _foreign(attempt, teacher) or _faults(m, teacher, key, says)
    attempt.then = lambda: m.hours.update({(teacher, key): {**says, "state": "entered"}})
    return attempt


def _some(m: Plain, r: Random) -> tuple[str, str, Thing | None]:
    teacher, key = some(r, sorted(m.hours), (some_teacher(r), "no-hours"))
    return teacher, key, m.hours.get((teacher, key))


def _standing(found: Thing | None) -> set[str]:
    if found is None:
        return {"STAFF.NO_SUCH_HOURS"}
    return told(STAFF__HOURS_ARE_STRUCK_OUT=found["state"] == "struck_out")


@move
def correct_hours(m: Plain, r: Random) -> Attempt:
    (teacher, key, found), says = _some(m, r), _says(m, r)
    reason = r.choice(("pomyłka", "pomyłka", " "))
    command = s.CorrectHours(
        hours_id=key, year_id=m.named("y"), teacher_id=teacher, kind_id=says["kind"], on=says["on"],
        hours=says["hours"], what=says["what"], reason=reason,
    )  # fmt: skip
    attempt = Attempt(command, actor(m, r, teacher if teacher in m.people else "d", "d"), ENTERING)
    attempt.faults = _foreign(attempt, teacher) or _standing(found) or _changing(attempt, found, reason)
    if attempt.faults or found is None:
        return attempt
    if all(found[name] == says[name] for name in says):
        attempt.faults = {"STAFF.NOTHING_TO_CORRECT"}
        return attempt
    attempt.faults = _faults(m, teacher, key, says)
    attempt.then = lambda: found.update(says, state="entered")
    return attempt


def _changing(attempt: Attempt, found: Thing | None, reason: str) -> set[str]:
    confirmed = found is not None and found["state"] == "confirmed"
    return told(
        STAFF__HOURS_ARE_CONFIRMED=confirmed and attempt.actor[0] != "director",
        LESSONS__REASON_MISSING=not reason.strip(),
    )


@move
def strike_out_hours(m: Plain, r: Random) -> Attempt:
    (teacher, key, found), reason = _some(m, r), r.choice(("pomyłka", " "))
    command = s.StrikeOutHours(hours_id=key, year_id=m.named("y"), teacher_id=teacher, reason=reason)
    attempt = Attempt(command, actor(m, r, teacher if teacher in m.people else "d", "d"), ENTERING)
    attempt.faults = _foreign(attempt, teacher) or _standing(found) or _changing(attempt, found, reason)
    attempt.then = lambda: found.update(state="struck_out") if found else None
    return attempt


@often
def confirm_hours(m: Plain, r: Random) -> Attempt:
    teacher, key, found = _some(m, r)
    command = s.ConfirmHours(year_id=m.named("y"), hours=(s.HoursOf(teacher_id=teacher, hours_id=key),))
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR)
    attempt.faults = _standing(found)
    if found and not attempt.faults:
        total = found["hours"] + _of_day(m, teacher, found["on"], None, key)
        attempt.faults = told(STAFF__TOO_MANY_HOURS=found["state"] == "refused" and total > MOST)
        attempt.facts = 0 if found["state"] == "confirmed" else 1
        attempt.then = lambda: found.update(state="confirmed")
    return attempt


@move
def refuse_hours(m: Plain, r: Random) -> Attempt:
    (teacher, key, found), reason = _some(m, r), r.choice(("nie było zajęć", " "))
    command = s.RefuseHours(hours_id=key, year_id=m.named("y"), teacher_id=teacher, reason=reason)
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR)
    attempt.faults = _standing(found)
    if found and not attempt.faults:
        refused = found["state"] == "refused"
        attempt.facts = 0 if refused else 1
        attempt.faults = told(LESSONS__REASON_MISSING=not refused and not reason.strip())
        attempt.then = lambda: found.update(state="refused")
    return attempt


# Addresses for calendar programs


def _may_hold(m: Plain, kind: str, target: str, who: str) -> bool:
    if kind == "pupil":
        return m.people.get(target) == "pupil" and (who == target or m.is_parent(who, target))
    if kind == "teacher":
        return who == target and m.people.get(who) == "teacher"
    if target not in m.units:
        return False
    taught = m.units[target]["taught"].values()
    teaches = any(one["teacher"] == who and covers(one, m.today) for one in taught)
    return m.people.get(who) == "director" or teaches or m.homeroom(target, m.today) == who


@move
def create_feed(m: Plain, r: Random) -> Attempt:
    kind, key = r.choice(("class", "teacher", "pupil")), m.fresh("feed")
    target = {"class": class_of(m, r), "teacher": some_teacher(r), "pupil": pupil(m, r)}[kind]
    command = calendar.CreateCalendarFeed(feed_id=key, kind=FeedKind(kind), target_id=target)
    likely = {
        "class": [m.homeroom(target, m.today) if m.is_class(target) else None, "d"],
        "teacher": [target if target in m.people else None],
        "pupil": [target if target in m.people else None, m.named("pa")],
    }
    holding = ("teacher", "director", "parent", "pupil")
    attempt = Attempt(command, actor(m, r, *likely[kind]), holding, units=None)
    who = attempt.actor[1]
    attempt.faults = told(CALENDAR__NOT_YOUR_FEED=not _may_hold(m, kind, target, who))
    attempt.then = lambda: m.feeds.update({key: {"by": who, "revoked": False}})
    return attempt


@move
def revoke_feed(m: Plain, r: Random) -> Attempt:
    key = some(r, sorted(m.feeds), "no-feed")
    found = m.feeds.get(key)
    command = calendar.RevokeCalendarFeed(feed_id=key)
    revoking = ("teacher", "director", "parent", "pupil", "administrator")
    attempt = Attempt(command, actor(m, r, of(found, "by"), "d"), revoking, units=None)
    role, who = attempt.actor
    theirs = found is not None and (found["by"] == who or role in OFFICE)
    attempt.faults = told(CALENDAR__NO_SUCH_FEED=not theirs)
    if found:
        attempt.facts = 0 if found["revoked"] else 1
        attempt.then = lambda: found.update(revoked=True)
    return attempt
