"""Moves of the school about absences: trips of many pupils, called off for some; and exemptions."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from dziennik.contracts import absence_commands as orders
from dziennik.contracts.absences import AbsenceScope, AwayFor, ExemptionMode
from tests.campaign.moves import (
    TEACHING,
    Attempt,
    actor,
    class_of,
    day,
    move,
    often,
    pupil,
    some,
    subject,
    told,
)
from tests.campaign.moves_absences import scope_faults, some_scope
from tests.campaign.plain import SUBJECTS, Plain, Thing, covers, holds

AWAY = ("absent", "absent-excused")  # what becomes a school reason


def _teaches(m: Plain, attempt: Attempt, class_id: str) -> bool:
    """Whether the asker is the director, or teaches the class or is its homeroom teacher today."""
    role, who = attempt.actor
    taught = m.units[class_id]["taught"].values()
    theirs = any(one["teacher"] == who and covers(one, m.today) for one in taught)
    return role != "teacher" or theirs or m.homeroom(class_id, m.today) == who


def _put_right(m: Plain, class_id: str, away: list[str], scope: AbsenceScope) -> list[tuple[Thing, str]]:
    """(lesson, pupil) of absences that stand already, until today."""
    span = {"starts": scope.starts, "ends": scope.ends, "periods": scope.periods}
    return [
        (lesson, who)
        for (unit_id, _), lesson in m.lessons.items()
        if unit_id == class_id or class_id in m.units[unit_id]["noted"]
        if lesson["cancelled"] is None and lesson["asked"] is not None
        if lesson["on"] <= m.today and holds(span, lesson["on"], lesson["period"])
        for who in away
        if lesson["marks"].get(who, ("present", None))[0] in AWAY
    ]


@often
def trip(m: Plain, r: Random) -> Attempt:
    scope, name, key = some_scope(m, r), r.choice((*["Muzeum"] * 9, " ")), m.fresh("trip")
    classes = r.sample(m.classes(), r.choice((1, 1, 2)))
    chosen = [(c, p) for c in classes for p in m.taught(c, None, scope.starts) if r.random() < 0.7]
    if r.random() < 0.1:
        chosen.append((class_of(m, r), pupil(m, r)))
    r.shuffle(chosen)
    command = orders.ArrangeSchoolAbsence(
        absence_id=key, away_for=AwayFor.TRIP, name=name, scope=scope,
        pupils=tuple([orders.PupilOfClass(class_id=c, pupil_id=p) for c, p in chosen]),
    )  # fmt: skip
    tutor = m.homeroom(classes[0], m.today)
    attempt = Attempt(command, actor(m, r, tutor, "d"), TEACHING)
    by_class: dict[str, list[str]] = {}
    for class_id, who in chosen:
        by_class.setdefault(class_id, []).append(who)
    attempt.units = tuple(by_class)
    everybody = [who for _, who in chosen]
    attempt.faults = told(
        ABSENCES__NO_PUPILS=not chosen or len(set(everybody)) < len(everybody),
        COMMAND__TEXT_MISSING=not name.strip(),
    )
    right: list[tuple[Thing, str]] = []
    for class_id, pupils in by_class.items():
        if not m.is_class(class_id):
            attempt.faults.add("CLASSES.NO_SUCH_CLASS")
            continue
        days = (scope.starts, scope.ends)
        attempt.faults |= scope_faults(m, scope) | told(
            ABSENCES__NOT_YOUR_CLASS=not _teaches(m, attempt, class_id),
            CLASSES__NOT_ENROLLED=not all(m.enrolled(class_id, who, on) for who in pupils for on in days),
        )
        right += _put_right(m, class_id, pupils, scope)
    attempt.facts = len(by_class) + len(right)
    attempt.units = tuple(dict.fromkeys((*by_class, *(lesson["unit"] for lesson, _ in right))))

    def then() -> None:
        for class_id, pupils in by_class.items():
            m.trips[class_id, key] = {
                "starts": scope.starts, "ends": scope.ends, "periods": scope.periods, "pupils": pupils,
                "back": [],
            }  # fmt: skip
        for lesson, who in right:
            lesson["marks"][who] = ("school-reason", None)

    attempt.then = then
    return attempt


@move
def not_away(m: Plain, r: Random) -> Attempt:
    class_id, key = some(r, sorted(m.trips), (class_of(m, r), "no-trip"))
    found, reason = m.trips.get((class_id, key)), r.choice(("deszcz", "deszcz", " "))
    pupils = None
    if r.random() < 0.5:
        there = found["pupils"] if found else []
        pupils = tuple([who for who in there if r.random() < 0.5])
        if r.random() < 0.1:
            pupils = (*pupils, "nobody")
    command = orders.CancelSchoolAbsence(absence_id=key, class_id=class_id, reason=reason, pupils=pupils)
    tutor = m.homeroom(class_id, m.today) if m.is_class(class_id) else None
    attempt = Attempt(command, actor(m, r, tutor, "d"), TEACHING, units=(class_id,))
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    attempt.faults = told(
        ABSENCES__NOT_YOUR_CLASS=not _teaches(m, attempt, class_id),
        ABSENCES__NO_SUCH_SCHOOL_ABSENCE=found is None
        or any(who not in found["pupils"] for who in pupils or ()),
        LESSONS__REASON_MISSING=found is not None and not reason.strip(),
    )
    if found is not None:
        back = [who for who in (found["pupils"] if pupils is None else pupils) if who not in found["back"]]
        attempt.facts = 1 if back else 0
        attempt.then = lambda: found["back"].extend(back)
    return attempt


def _tutored(m: Plain, attempt: Attempt, class_id: str) -> set[str]:
    role, who = attempt.actor
    return told(ABSENCES__NOT_YOURS_TO_DECIDE=role == "teacher" and who != m.homeroom(class_id, m.today))


@often
def exempt(m: Plain, r: Random) -> Attempt:
    class_id, who, what = class_of(m, r), pupil(m, r), subject(r)
    if m.is_class(class_id) and r.random() < 0.8:
        who = r.choice(m.taught(class_id, None, m.today) or [who])
    since = day(m, r)
    until: date = since + timedelta(days=r.choice((0, 5, 30, -1)))
    mode, basis, key = (
        r.choice(list(ExemptionMode)),
        r.choice(("opinia", "opinia", " ")),
        m.fresh("exemption"),
    )
    command = orders.GrantExemption(
        exemption_id=key, class_id=class_id, pupil_id=who, subject_id=what, since=since, until=until,
        mode=mode, basis=basis,
    )  # fmt: skip
    tutor = m.homeroom(class_id, m.today) if m.is_class(class_id) else None
    attempt = Attempt(command, actor(m, r, tutor, "d"), TEACHING, units=(class_id,))
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    attempt.faults = _tutored(m, attempt, class_id) | told(
        SCHOOL__DATES_REVERSED=until < since,
        SCHOOL__NO_SUCH_SUBJECT=what not in SUBJECTS,
        CLASSES__OUTSIDE_YEAR=not (m.in_year(since) and m.in_year(until)),
        CLASSES__NOT_ENROLLED=not m.enrolled(class_id, who, since),
        COMMAND__TEXT_MISSING=not basis.strip(),
    )
    if not attempt.faults:
        attempt.faults = told(
            ABSENCES__EXEMPTION_OVERLAPS=any(
                (where, one["pupil"], one["subject"]) == (class_id, who, what)
                and one["since"] <= until
                and since <= one["until"]
                for (where, _), one in m.exempt.items()
            )
        )
    made = {"pupil": who, "subject": what, "since": since, "until": until, "mode": mode.value}
    attempt.then = lambda: m.exempt.update({(class_id, key): made})
    return attempt


@move
def exempt_no_more(m: Plain, r: Random) -> Attempt:
    class_id, key = some(r, sorted(m.exempt), (class_of(m, r), "no-exemption"))
    found, until, reason = m.exempt.get((class_id, key)), day(m, r), r.choice(("zdrowy", "zdrowy", " "))
    command = orders.EndExemption(exemption_id=key, class_id=class_id, until=until, reason=reason)
    tutor = m.homeroom(class_id, m.today) if m.is_class(class_id) else None
    attempt = Attempt(command, actor(m, r, tutor, "d"), TEACHING, units=(class_id,))
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    if found is None:
        attempt.faults = {"ABSENCES.NO_SUCH_EXEMPTION"}
        return attempt
    attempt.faults = _tutored(m, attempt, class_id)
    if not attempt.faults and until == found["until"]:
        attempt.facts = 0
    elif not attempt.faults:
        ends = found["since"] <= until < found["until"]
        attempt.faults = told(
            ABSENCES__EXEMPTION_ENDS=not ends, LESSONS__REASON_MISSING=ends and not reason.strip()
        )
    attempt.then = lambda: found.update(until=until)
    return attempt
