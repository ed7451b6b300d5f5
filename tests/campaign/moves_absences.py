"""Moves of families who announce and excuse absences, and of homeroom teachers who decide about excuses."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from dziennik.contracts import absence_commands as orders
from dziennik.contracts.absences import AbsenceScope
from tests.campaign.moves import (
    TEACHING,
    Attempt,
    actor,
    class_of,
    day,
    move,
    of,
    often,
    pupil,
    some,
    told,
)
from tests.campaign.moves_lessons import excuse
from tests.campaign.plain import PERIODS, Plain, Thing, holds

FAMILY = ("parent", "pupil")
WITHIN = timedelta(days=14)  # of the last day of an absence it may be excused
MOST_WAITING = 30


def some_scope(m: Plain, r: Random) -> AbsenceScope:
    starts = day(m, r)
    ends = starts + timedelta(days=r.choice((0, 0, 0, 1, 3, -1, 40) if r.random() < 0.3 else (0,)))
    periods = r.choice(((), (), (), (1,), (1, 2), (2, 2), (12,)))
    return AbsenceScope(starts=starts, ends=ends, periods=periods)


def _faults(m: Plain, giver: tuple[str, str], class_id: str, who: str, scope: AbsenceScope) -> set[str]:
    """Why a family cannot say this of a pupil and of these days. No pupil here is of age."""
    if not m.is_class(class_id):
        return {"CLASSES.NO_SUCH_CLASS"}
    theirs = m.is_parent(giver[1], who) if giver[0] == "parent" else giver[1] == who
    return scope_faults(m, scope) | told(
        ABSENCES__NOT_YOUR_PUPIL=not theirs,
        ABSENCES__NOT_OF_AGE=giver[0] == "pupil" and theirs,
        CLASSES__NOT_ENROLLED=not all(m.enrolled(class_id, who, on) for on in (scope.starts, scope.ends)),
    )


def scope_faults(m: Plain, scope: AbsenceScope) -> set[str]:
    """What is wrong with days and hours."""
    starts, ends, periods = scope.starts, scope.ends, scope.periods
    days = (starts, ends)
    return told(
        ABSENCES__SCOPE_UNSOUND=not starts <= ends <= starts + timedelta(days=31)
        or (bool(periods) and starts != ends)
        or len(set(periods)) < len(periods),
        CLASSES__OUTSIDE_YEAR=not all(m.in_year(on) for on in days),
        ABSENCES__OUTSIDE_TERMS=any(m.term_of(on) is None for on in days),
        CLASSES__NO_SUCH_PERIOD=any(period not in PERIODS for period in periods),
    )


def _parents(m: Plain, who: str | None) -> list[str]:
    return [right["parent"] for right in m.rights if right["pupil"] == who]


def _child(m: Plain, r: Random) -> tuple[str, str]:
    """(class, pupil), mostly a child of one of the parents in its class."""
    if r.random() < 0.1:
        return class_of(m, r), pupil(m, r)
    who = r.choice([right["pupil"] for right in m.rights if m.people.get(right["pupil"]) == "pupil"])
    homes = [class_id for class_id in m.classes() if m.enrolled(class_id, who, m.today)]
    return (homes or [class_of(m, r)])[0], who


def _missed(m: Plain, r: Random) -> tuple[str, str, AbsenceScope] | None:
    """(class, pupil, scope) of an absence that a parent would excuse."""
    marks = [
        (who, lesson)
        for _, lesson in sorted(m.lessons.items())
        for who, mark in sorted(lesson["marks"].items())
        if mark[0] in ("absent", "late") and _parents(m, who)
    ]
    if not marks:
        return None
    who, lesson = r.choice(marks)
    homes = [class_id for class_id in m.classes() if m.enrolled(class_id, who, lesson["on"])]
    if not homes:
        return None
    periods = r.choice(((), (), (lesson["period"],)))
    return homes[0], who, AbsenceScope(starts=lesson["on"], ends=lesson["on"], periods=periods)


@often
def announce(m: Plain, r: Random) -> Attempt:
    (class_id, who), scope, reason = _child(m, r), some_scope(m, r), r.choice(("lekarz", "lekarz", " "))
    if r.random() < 0.7:
        ends = m.today + timedelta(days=r.choice((0, 3)))
        periods = scope.periods if ends == m.today else ()
        scope = AbsenceScope(starts=m.today, ends=ends, periods=periods)
    key = m.fresh("announcement")
    command = orders.AnnounceAbsence(
        announcement_id=key, class_id=class_id, pupil_id=who, scope=scope, reason=reason
    )
    attempt = Attempt(command, actor(m, r, *_parents(m, who)), FAMILY, units=(class_id,))
    attempt.faults = _faults(m, attempt.actor, class_id, who, scope) | told(
        COMMAND__TEXT_MISSING=not reason.strip(), ABSENCES__ALREADY_PAST=scope.starts < m.today
    )
    made = _made(attempt, who, scope, withdrawn=False)
    attempt.then = lambda: m.announced.update({(class_id, key): made})
    return attempt


def _made(attempt: Attempt, who: str, scope: AbsenceScope, **more: object) -> Thing:
    days = {"starts": scope.starts, "ends": scope.ends, "periods": scope.periods}
    return {"pupil": who, "by": attempt.actor[1], **days, **more}


@move
def not_after_all(m: Plain, r: Random) -> Attempt:
    class_id, key = some(r, sorted(m.announced), (class_of(m, r), "no-announcement"))
    found = m.announced.get((class_id, key))
    command = orders.WithdrawAnnouncement(class_id=class_id, announcement_id=key)
    attempt = Attempt(command, actor(m, r, of(found, "by")), FAMILY, units=(class_id,))
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    if found is None:
        attempt.faults = {"ABSENCES.NO_SUCH_ANNOUNCEMENT"}
        return attempt
    role, giver = attempt.actor
    attempt.faults = told(
        ABSENCES__NOT_YOUR_PUPIL=not m.is_parent(giver, found["pupil"])
        if role == "parent"
        else giver != found["pupil"],
        ABSENCES__NOT_OF_AGE=role == "pupil" and giver == found["pupil"],
    )
    attempt.facts = 0 if found["withdrawn"] else 1
    attempt.then = lambda: found.update(withdrawn=True)
    return attempt


@often
def submit(m: Plain, r: Random) -> Attempt:
    (class_id, who), scope, text = _child(m, r), some_scope(m, r), r.choice(("Był chory.", "Był chory.", " "))
    missed = _missed(m, r) if r.random() < 0.8 else None
    if missed is not None:
        class_id, who, scope = missed
    key = m.fresh("excuse")
    command = orders.SubmitExcuse(excuse_id=key, class_id=class_id, pupil_id=who, scope=scope, text=text)
    attempt = Attempt(command, actor(m, r, *_parents(m, who)), FAMILY, units=(class_id,))
    waiting = [
        one
        for (where, _), one in m.excuses.items()
        if (where, one["pupil"]) == (class_id, who) and one["outcome"] is None
    ]
    attempt.faults = _faults(m, attempt.actor, class_id, who, scope) | told(
        COMMAND__TEXT_MISSING=not text.strip(),
        ABSENCES__TOO_LATE=scope.ends + WITHIN < m.today,
        ABSENCES__TOO_MANY_WAITING=len(waiting) >= MOST_WAITING,
    )
    made = _made(attempt, who, scope, outcome=None, why=None)
    attempt.then = lambda: m.excuses.update({(class_id, key): made})
    return attempt


def _some(m: Plain, r: Random) -> tuple[str, str, Thing | None]:
    class_id, key = some(r, sorted(m.excuses), (class_of(m, r), "no-excuse"))
    return class_id, key, m.excuses.get((class_id, key))


@move
def withdraw(m: Plain, r: Random) -> Attempt:
    class_id, key, found = _some(m, r)
    command = orders.WithdrawExcuse(class_id=class_id, excuse_id=key)
    attempt = Attempt(command, actor(m, r, of(found, "by")), FAMILY, units=(class_id,))
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
    elif found is None:
        attempt.faults = {"ABSENCES.NO_SUCH_EXCUSE"}
    else:
        attempt.faults = told(ABSENCES__NOT_YOUR_PUPIL=attempt.actor[1] != found["by"])
        _becomes(attempt, found, "withdrawn", None)
    return attempt


def _becomes(attempt: Attempt, found: Thing, outcome: str, why: str | None) -> None:
    """The one thing that becomes of an excuse; a second one is shown the first."""
    if found["outcome"] is None:
        attempt.then = lambda: found.update(outcome=outcome, why=why)
    elif (found["outcome"], found["why"]) == (outcome, why):
        attempt.facts = 0
    else:
        attempt.faults = attempt.faults or {f"ABSENCES.EXCUSE_{found['outcome'].upper()}"}


def _decided(m: Plain, attempt: Attempt, class_id: str, found: Thing | None) -> bool:
    """Whether the asker may decide about this excuse."""
    role, who = attempt.actor
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
    elif role == "teacher" and who != m.homeroom(class_id, m.today):
        attempt.faults = {"ABSENCES.NOT_YOURS_TO_DECIDE"}
    elif found is None:
        attempt.faults = {"ABSENCES.NO_SUCH_EXCUSE"}
    return not attempt.faults


@often
def accept(m: Plain, r: Random) -> Attempt:
    """The covered marks are put right: of the class, and of groups and registers that asked its pupils."""
    class_id, key, found = _some(m, r)
    waiting = [place for place, one in sorted(m.excuses.items()) if one["outcome"] is None]
    if waiting and r.random() < 0.8:
        class_id, key = r.choice(waiting)
        found = m.excuses[class_id, key]
    tutor = m.homeroom(class_id, m.today) if m.is_class(class_id) else None
    command = orders.AcceptExcuse(class_id=class_id, excuse_id=key)
    attempt = Attempt(command, actor(m, r, tutor, "d"), TEACHING, units=(class_id,))
    if not _decided(m, attempt, class_id, found) or found is None:
        return attempt
    _becomes(attempt, found, "accepted", None)
    if attempt.facts == 0 or attempt.faults:
        return attempt
    right = _put_right(m, class_id, found)
    attempt.facts = 1 + len(right)
    attempt.units = tuple(sorted({class_id, *(lesson["unit"] for lesson, _ in right)}))
    then = attempt.then

    def accepted() -> None:
        then()
        for lesson, mark in right:
            lesson["marks"][found["pupil"]] = mark

    attempt.then = accepted
    return attempt


def _put_right(m: Plain, class_id: str, found: Thing) -> list[tuple[Thing, tuple[str, int | None]]]:
    """Lessons within the scope, until today, at which the pupil was marked, with what the mark becomes."""
    right = []
    for (unit_id, _), lesson in m.lessons.items():
        here = unit_id == class_id or class_id in m.units[unit_id]["noted"]
        if not here or lesson["cancelled"] is not None or lesson["asked"] is None:
            continue
        on: date = lesson["on"]
        mark = lesson["marks"].get(found["pupil"])
        if mark and on <= m.today and holds(found, on, lesson["period"]):
            becomes = excuse(*mark)
            if becomes:
                right.append((lesson, becomes))
    return right


@move
def reject(m: Plain, r: Random) -> Attempt:
    class_id, key, found = _some(m, r)
    tutor = m.homeroom(class_id, m.today) if m.is_class(class_id) else None
    reason = r.choice(("Widziano go w sklepie.", " "))
    command = orders.RejectExcuse(class_id=class_id, excuse_id=key, reason=reason)
    attempt = Attempt(command, actor(m, r, tutor, "d"), TEACHING, units=(class_id,))
    if _decided(m, attempt, class_id, found) and found:
        attempt.faults = told(COMMAND__TEXT_MISSING=not reason.strip())
        _becomes(attempt, found, "rejected", reason)
    return attempt
