"""Moves of the office: enrolment, groups, teaching, homeroom teachers, parents' rights, rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from msgspec.structs import replace

from dziennik.contracts import classes as c
from dziennik.contracts import people, school
from dziennik.contracts.people import Guardianship
from dziennik.contracts.values import AttendanceKind, AttendanceRules, GradingRules, RetakeRule, TimetableSlot
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_GRADING
from tests.campaign.moves import (
    DIRECTOR,
    OFFICE,
    Attempt,
    actor,
    class_of,
    day,
    move,
    pupil,
    role_fault,
    some_teacher,
    subject,
    teaching,
    told,
    unit,
)
from tests.campaign.plain import PERIODS, Plain, Thing

DESK = ("d", "m")


@move
def nothing(_: Plain, __: Random) -> None:
    """What sequences are shortened to."""


@move
def enrol(m: Plain, r: Random) -> Attempt:
    class_id, who, since = class_of(m, r), pupil(m, r), day(m, r)
    number = r.choice((None, None, None, 1, 5, 0))
    command = c.EnrolPupil(class_id=class_id, pupil_id=who, since=since, number=number)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(class_id,))
    return enters(m, attempt, class_id, who, since, number)


def enters(m: Plain, attempt: Attempt, class_id: str, who: str, since: date, number: int | None) -> Attempt:
    """The pupil gets a place in the class."""
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    places: list[Thing] = m.units[class_id]["places"]
    held = [place for place in places if place["pupil"] == who]
    if held and (held[-1]["until"] is None or held[-1]["until"] >= since):
        same = held[-1]["until"] is None and held[-1]["since"] == since
        if same and number in (None, held[-1]["number"]):
            attempt.facts = 0
        else:
            attempt.faults = {"CLASSES.ALREADY_ENROLLED"}
        return attempt
    given, taken = next_number(m, class_id, number)
    attempt.faults = told(
        CLASSES__NUMBER_TAKEN=taken,
        CLASSES__OUTSIDE_YEAR=not m.in_year(since),
        MOVEMENT__ENROLLED_ELSEWHERE=m.is_elsewhere(class_id, who, since),
    ) | role_fault(m, who, "pupil")
    place = {"pupil": who, "since": since, "until": None, "number": given}
    attempt.then = lambda: places.append(place)
    return attempt


def next_number(m: Plain, class_id: str, wanted: int | None) -> tuple[int, bool]:
    """The number that a pupil gets, and whether it cannot be given."""
    taken = {place["number"] for place in m.units[class_id]["places"]}
    given = max(taken, default=0) + 1 if wanted is None else wanted
    return given, given in taken or given < 1


@move
def end_enrolment(m: Plain, r: Random) -> Attempt:
    class_id, who, until = class_of(m, r), pupil(m, r), day(m, r)
    follows = r.random() < 0.5
    command = c.EndEnrolment(class_id=class_id, pupil_id=who, until=until, class_follows=follows)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(class_id,))
    return goes(m, attempt, class_id, who, until, everywhere=not follows)


def goes(m: Plain, attempt: Attempt, class_id: str, who: str, until: date, *, everywhere: bool) -> Attempt:
    """The pupil's place in the class ends."""
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    places = m.units[class_id]["places"]
    _ended(attempt, places, "NOT_ENROLLED", who, until, in_year=m.in_year(until))
    held = [place for place in places if place["pupil"] == who]
    if attempt.faults == {"CLASSES.NOT_ENROLLED"} and held and until >= held[-1]["since"]:
        attempt.faults = {"MOVEMENT.ALREADY_LEFT"}
    elif attempt.facts and not attempt.faults - {"CLASSES.OUTSIDE_YEAR"}:
        attempt.faults |= told(MOVEMENT__ENTRIES_AFTER=m.has_entries_after(class_id, who, until))
        leaves(m, attempt, class_id, who, until, everywhere=everywhere)
    return attempt


def leaves(m: Plain, attempt: Attempt, class_id: str, who: str, until: date, *, everywhere: bool) -> None:
    """The pupil's open places in groups end as well: those of the class, or of the whole year."""
    ended = m.memberships(class_id, who, everywhere=everywhere)
    attempt.facts = (attempt.facts or 0) + len(ended)
    attempt.units = tuple(dict.fromkeys((*(attempt.units or ()), *(owner for owner, _ in ended))))
    then = attempt.then

    def leave() -> None:
        then()
        for _, member in ended:
            member["until"] = max(until, member["since"])

    attempt.then = leave


def _ended(
    attempt: Attempt, spans: list[Thing], code: str, who: str, until: object, *, in_year: bool
) -> Attempt:
    held = [span for span in spans if span["pupil"] == who]
    if held and held[-1]["until"] == until:
        attempt.facts = 0
    elif not held or held[-1]["until"] is not None or until < held[-1]["since"]:
        attempt.faults = {f"CLASSES.{code}"}
    else:
        attempt.faults = told(CLASSES__OUTSIDE_YEAR=not in_year)
        attempt.then = lambda: held[-1].update(until=until)
    return attempt


def _a_group(m: Plain, r: Random) -> tuple[str, str]:
    owned = [unit_id for unit_id, one in sorted(m.units.items()) if one["groups"] and "kind" not in one]
    owner = r.choice(owned)
    return owner, r.choice(sorted(m.units[owner]["groups"])) if r.random() < 0.95 else "no-group"


@move
def join_group(m: Plain, r: Random) -> Attempt:
    (owner, group), home, who, since = _a_group(m, r), class_of(m, r), pupil(m, r), day(m, r)
    command = c.JoinGroup(unit_id=owner, group_id=group, class_id=home, pupil_id=who, since=since)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(owner,))
    if group not in m.units[owner]["groups"]:
        attempt.faults = {"CLASSES.NO_SUCH_GROUP"}
        return attempt
    if home not in m.units or home not in (m.units[owner]["classes"] or [owner]):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    members: list[Thing] = m.units[owner]["groups"][group]
    held = [one for one in members if one["pupil"] == who]
    if held and (held[-1]["until"] is None or held[-1]["until"] >= since):
        if held[-1]["until"] is None and held[-1]["since"] == since:
            attempt.facts = 0
        else:
            attempt.faults = {"CLASSES.ALREADY_IN_GROUP"}
        return attempt
    attempt.faults = told(CLASSES__NOT_ENROLLED=not m.enrolled(home, who, since))
    attempt.then = lambda: members.append({"pupil": who, "since": since, "until": None})
    return attempt


@move
def leave_group(m: Plain, r: Random) -> Attempt:
    (owner, group), who, until = _a_group(m, r), pupil(m, r), day(m, r)
    command = c.LeaveGroup(unit_id=owner, group_id=group, pupil_id=who, until=until)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(owner,))
    if group not in m.units[owner]["groups"]:
        attempt.faults = {"CLASSES.NO_SUCH_GROUP"}
        return attempt
    return _ended(attempt, m.units[owner]["groups"][group], "NOT_IN_GROUP", who, until, in_year=True)


@move
def assign(m: Plain, r: Random) -> Attempt:
    unit_id, since, who, taught = unit(m, r, registers=True), day(m, r), some_teacher(r), subject(r)
    known = m.units.get(unit_id, {"taught": {}, "classes": [], "groups": {}})
    again = sorted(known["taught"]) if r.random() < 0.1 else []
    key = r.choice(again) if again else m.fresh("assignment")
    group = r.choice((None, None, None, *sorted(known["groups"]), "no-group"))
    command = c.AssignTeaching(
        assignment_id=key, unit_id=unit_id, subject_id=taught, teacher_id=who, since=since, group_id=group
    )
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    if unit_id not in m.units:
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    if known.get("kind") == "pedagogue" and attempt.actor[0] == "administrator":
        attempt.faults = {"REGISTERS.NOT_YOUR_REGISTER"}
        return attempt
    group = group or (None if m.is_class(unit_id) else unit_id)
    wanted = {"subject": taught, "teacher": who, "group": group, "since": since, "until": None}
    if key in known["taught"]:
        same = known["taught"][key] == wanted
        attempt.facts, attempt.faults = 0, set() if same else {"CLASSES.ASSIGNMENT_EXISTS"}
        return attempt
    attempt.faults = told(
        SCHOOL__NO_SUCH_SUBJECT=taught == "alchemy",
        CLASSES__NO_SUCH_GROUP=group is not None and group not in known["groups"],
        CLASSES__OUTSIDE_YEAR=not m.in_year(since),
    ) | role_fault(m, who, "teacher")
    attempt.then = lambda: known["taught"].update({key: wanted})
    return attempt


@move
def end_teaching(m: Plain, r: Random) -> Attempt:
    (unit_id, key), until = teaching(m, r, registers=True), day(m, r)
    command = c.EndTeaching(unit_id=unit_id, assignment_id=key, until=until)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    known = m.units[unit_id]["taught"].get(key)
    if known is None:
        attempt.faults = {"CLASSES.NO_SUCH_ASSIGNMENT"}
    elif known["until"] == until:
        attempt.facts = 0
    else:
        wrong = known["until"] is not None or until < known["since"]
        attempt.faults = told(CLASSES__ASSIGNMENT_NOT_IN_FORCE=wrong)
    attempt.then = lambda: known.update(until=until) if known else None
    return attempt


@move
def appoint(m: Plain, r: Random) -> Attempt:
    class_id, who, since = class_of(m, r), some_teacher(r), day(m, r)
    command = c.AppointHomeroomTeacher(class_id=class_id, teacher_id=who, since=since)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(class_id,))
    if not m.is_class(class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    held = m.units[class_id]["homeroom"]
    if held and held[-1] == (since, who):
        attempt.facts = 0
        return attempt
    attempt.faults = told(CLASSES__OUTSIDE_YEAR=not m.in_year(since)) | role_fault(m, who, "teacher")
    attempt.then = lambda: held.append((since, who))
    return attempt


@move
def set_timetable(m: Plain, r: Random) -> Attempt:
    unit_id, since = unit(m, r, registers=True), day(m, r)
    known = m.units.get(unit_id, {"taught": {}, "timetables": {}})
    slots = [
        TimetableSlot(
            weekday=r.choice((1, 2, 3, 4, 5, 5, 8)) if r.random() < 0.2 else r.randint(1, 5),
            period=r.choice((1, 2, 3, 11)) if r.random() < 0.2 else r.randint(1, 8),
            assignment_id=key,
        )
        for key in sorted(known["taught"])
        for _ in range(r.randint(0, 2))
    ]
    command = c.SetTimetable(unit_id=unit_id, valid_from=since, slots=tuple(slots))
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(unit_id,))
    if unit_id not in m.units:
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    if known["timetables"].get(since) == slots:
        attempt.facts = 0
        return attempt
    keys = [(slot.weekday, slot.period, slot.assignment_id) for slot in slots]
    attempt.faults = told(
        CLASSES__OUTSIDE_YEAR=not m.in_year(since),
        CLASSES__NO_SUCH_WEEKDAY=any(slot.weekday > 7 for slot in slots),
        CLASSES__NO_SUCH_PERIOD=any(slot.period not in PERIODS for slot in slots),
        CLASSES__SLOT_TAKEN_TWICE=len(set(keys)) < len(keys),
    )
    attempt.then = lambda: known["timetables"].update({since: slots})
    return attempt


@move
def grant_rights(m: Plain, r: Random) -> Attempt:
    who, parent = pupil(m, r), r.choice((m.named("pa"), m.named("pb"), "nobody"))
    since = m.today - timedelta(days=r.randint(0, 9))
    command = people.GrantParentalRights(
        pupil_id=who, parent_id=parent, guardianship=Guardianship.PARENT, since=since
    )
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=None)
    held = [one for one in m.rights if (one["pupil"], one["parent"]) == (who, parent)]
    if who not in m.people or parent not in m.people:
        attempt.faults = told(PEOPLE__NO_SUCH_PERSON=True, PEOPLE__OWN_PARENT=who == parent)
    elif held and (held[-1]["until"] is None or held[-1]["until"] >= since):
        same = held[-1]["until"] is None and held[-1]["since"] == since
        attempt.facts, attempt.faults = 0, set() if same else {"PEOPLE.RIGHTS_ALREADY_HELD"}
    attempt.then = lambda: m.rights.append({"pupil": who, "parent": parent, "since": since, "until": None})
    return attempt


@move
def end_rights(m: Plain, r: Random) -> Attempt:
    who, parent = pupil(m, r), r.choice((m.named("pa"), m.named("pb")))
    until = m.today - timedelta(days=r.randint(-3, 9))
    command = people.EndParentalRights(pupil_id=who, parent_id=parent, until=until, basis="III RC 1/25")
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=None)
    held = [one for one in m.rights if (one["pupil"], one["parent"]) == (who, parent)]
    if who not in m.people:
        attempt.faults = {"PEOPLE.NO_SUCH_PERSON"}
    elif held and held[-1]["until"] == until:
        attempt.facts = 0
    elif not held or held[-1]["until"] is not None:
        attempt.faults = {"PEOPLE.NO_PARENTAL_RIGHTS"}
    else:
        attempt.faults = told(PEOPLE__ENDS_BEFORE_START=until < held[-1]["since"])
    attempt.then = lambda: held[-1].update(until=until)
    return attempt


def grading(m: Plain) -> GradingRules:
    """The plain model's rules as the register takes them."""
    categories = [
        replace(one, counted=one.category_id not in m.uncounted) for one in USUAL_GRADING.categories
    ]
    rules: GradingRules = replace(
        USUAL_GRADING,
        plus=m.plus,
        minus=m.minus,
        retakes=RetakeRule(m.retakes),
        categories=tuple(categories),
    )
    return rules


def attending(m: Plain) -> AttendanceRules:
    """The same for attendance."""
    if m.late_counts:
        return USUAL_ATTENDANCE
    rules: AttendanceRules = replace(
        USUAL_ATTENDANCE, counted_present=(AttendanceKind.PRESENT, AttendanceKind.SCHOOL_REASON)
    )
    return rules


@move
def set_grading(m: Plain, r: Random) -> Attempt:
    """Other rules for the year: all its averages change. In a closed year it is refused, and none does."""
    wanted = Plain(m.number)
    wanted.plus = r.choice((Decimal("0.5"), Decimal("0.33")))
    wanted.minus = r.choice((Decimal("-0.25"), Decimal("-0.33")))
    wanted.retakes = r.choice(("better", "latest", "both", "average"))
    wanted.uncounted = r.choice(((), ("homework",), ("oral", "activity")))
    rules = grading(wanted)
    if r.random() < 0.1:
        rules = replace(rules, scale=())
    command = school.SetGradingRules(year_id=m.named("y"), rules=rules)
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR, units=())
    attempt.faults = told(SCHOOL__RULES_UNSOUND=not rules.scale)
    attempt.facts = 0 if rules == grading(m) else 1

    def then() -> None:
        m.plus, m.minus, m.retakes, m.uncounted = wanted.plus, wanted.minus, wanted.retakes, wanted.uncounted

    attempt.then = then
    return attempt


@move
def set_attendance(m: Plain, r: Random) -> Attempt:
    wanted = Plain(m.number)
    wanted.late_counts = r.random() < 0.5
    command = school.SetAttendanceRules(year_id=m.named("y"), rules=attending(wanted))
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR, units=())
    attempt.facts = 0 if wanted.late_counts == m.late_counts else 1

    def then() -> None:
        m.late_counts = wanted.late_counts

    attempt.then = then
    return attempt
