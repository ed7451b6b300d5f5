"""Moves of pupils between classes, into and out of the school, and in and out of the day-care room."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from dziennik.contracts import movement as said
from dziennik.contracts import registers as k
from tests.campaign.moves import OFFICE, Attempt, actor, class_of, day, move, pupil, told
from tests.campaign.moves_pedagogue import keeper
from tests.campaign.moves_structure import DESK, enters, goes, leaves, next_number
from tests.campaign.plain import Plain, Thing, covers

DAY = timedelta(days=1)


@move
def change_class(m: Plain, r: Random) -> Attempt:
    who, old, new, on = pupil(m, r), class_of(m, r), class_of(m, r), day(m, r)
    on = m.today - timedelta(days=r.choice((0, 0, 1))) if r.random() < 0.5 else on
    homes = [class_id for class_id in m.classes() if m.enrolled(class_id, who, on - DAY)]
    if homes and r.random() < 0.8:
        old = homes[0]
        new = r.choice([class_id for class_id in m.classes() if class_id != old])
    number, reason = r.choice((None, None, None, 1, 9)), r.choice(("prośba rodziców", "prośba", " "))
    command = said.ChangeClass(
        from_class_id=old, to_class_id=new, pupil_id=who, on=on, reason=reason, number=number
    )
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(old, new))
    if not (m.is_class(old) and m.is_class(new)):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    attempt.faults = told(MOVEMENT__SAME_CLASS=old == new, CLASSES__OUTSIDE_YEAR=not m.in_year(on))
    if attempt.faults:
        return attempt
    there = _latest(m, new, who)
    moved = there and there["since"] == on and there["until"] is None and m.enrolled(old, who, on - DAY)
    if there and moved and number in (None, there["number"]):
        attempt.facts = 0
        return attempt
    return _moves(m, attempt, command)


def _moves(m: Plain, attempt: Attempt, command: said.ChangeClass) -> Attempt:
    who, old, new, on = command.pupil_id, command.from_class_id, command.to_class_id, command.on
    held = _latest(m, old, who)
    if held is None or held["until"] is not None or not covers(held, on - DAY):
        attempt.faults = {"MOVEMENT.ALREADY_MOVED", "MOVEMENT.ALREADY_LEFT", "CLASSES.NOT_ENROLLED"}
        return attempt
    number, taken = next_number(m, new, command.number)
    attempt.faults = told(
        LESSONS__REASON_MISSING=not command.reason.strip(),
        CLASSES__NUMBER_TAKEN=taken,
        MOVEMENT__ENTRIES_AFTER=m.has_entries_after(old, who, on - DAY),
    )
    attempt.facts = 3
    place: Thing = {"pupil": who, "since": on, "until": None, "number": number}

    def then() -> None:
        held["until"] = on - DAY
        m.units[new]["places"].append(place)
        m.moved.append((who, old, new))

    attempt.then = then
    leaves(m, attempt, old, who, on - DAY, everywhere=False)
    return attempt


def _latest(m: Plain, class_id: str, who: str) -> Thing | None:
    held = [place for place in m.units[class_id]["places"] if place["pupil"] == who]
    return held[-1] if held else None


@move
def transfer_in(m: Plain, r: Random) -> Attempt:
    class_id, who, since = class_of(m, r), pupil(m, r), day(m, r)
    who = m.named("x") if r.random() < 0.5 else who  # who is in no class when the year begins
    other = r.choice(("SP 12 w Łodzi", "SP 12 w Łodzi", " "))
    command = said.TransferIn(class_id=class_id, pupil_id=who, since=since, school=other)
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(class_id,))
    if not other.strip():
        attempt.faults = {"COMMAND.TEXT_MISSING"}
        return attempt
    enters(m, attempt, class_id, who, since, None)
    attempt.facts = 2 if attempt.facts else 0
    return attempt


@move
def leave_school(m: Plain, r: Random) -> Attempt:
    class_id, who, until = class_of(m, r), pupil(m, r), day(m, r)
    reason = r.choice(("przeprowadzka", "przeprowadzka", " "))
    command = said.LeaveSchool(
        class_id=class_id, pupil_id=who, until=until, kind=said.LeavingKind.ABROAD, reason=reason
    )
    attempt = Attempt(command, actor(m, r, *DESK), OFFICE, units=(class_id,))
    goes(m, attempt, class_id, who, until, everywhere=True)
    if attempt.facts and "CLASSES.NO_SUCH_CLASS" not in attempt.faults:
        attempt.facts += 1
        attempt.faults |= told(LESSONS__REASON_MISSING=not reason.strip() and not attempt.faults)
    elif not reason.strip() and not attempt.faults:
        # On that very day already: a reason is asked for all the same.
        attempt.faults = {"LESSONS.REASON_MISSING"}
    return attempt


@move
def add_participant(m: Plain, r: Random) -> Attempt:
    care, who, home, since = _register(m, r), pupil(m, r), class_of(m, r), day(m, r)
    command = k.AddParticipant(unit_id=care, pupil_id=who, since=since, class_id=home)
    attempt = Attempt(command, actor(m, r, *DESK, keeper(m, care)), (*OFFICE, "teacher"), units=(care,))
    if _stranger(m, attempt, care):
        return attempt
    members: list[Thing] = m.units[care]["groups"][care]
    held = [one for one in members if one["pupil"] == who]
    if held and (held[-1]["until"] is None or held[-1]["until"] >= since):
        same = held[-1]["until"] is None and held[-1]["since"] == since
        attempt.facts, attempt.faults = 0, set() if same else {"CLASSES.ALREADY_IN_GROUP"}
        return attempt
    attempt.faults = told(
        CLASSES__OUTSIDE_YEAR=not m.in_year(since),
        CLASSES__NO_SUCH_CLASS=not m.is_class(home),
        CLASSES__NOT_ENROLLED=m.is_class(home) and not m.enrolled(home, who, since),
    )
    attempt.then = lambda: members.append({"pupil": who, "since": since, "until": None})
    return attempt


@move
def end_participation(m: Plain, r: Random) -> Attempt:
    care, who, until = _register(m, r), pupil(m, r), day(m, r)
    command = k.EndParticipation(unit_id=care, pupil_id=who, until=until)
    attempt = Attempt(command, actor(m, r, *DESK, keeper(m, care)), (*OFFICE, "teacher"), units=(care,))
    if _stranger(m, attempt, care):
        return attempt
    held = [one for one in m.units[care]["groups"][care] if one["pupil"] == who]
    if held and held[-1]["until"] == until:
        attempt.facts = 0
    elif not held or held[-1]["until"] is not None or until < held[-1]["since"]:
        attempt.faults = {"CLASSES.NOT_IN_GROUP"}
    else:
        attempt.faults = told(CLASSES__OUTSIDE_YEAR=not m.in_year(until))
        attempt.then = lambda: held[-1].update(until=until)
    return attempt


def _register(m: Plain, r: Random) -> str:
    """The day-care room, or the pedagogue's register."""
    return m.named(r.choice(("S", "S", "P")))


def _stranger(m: Plain, attempt: Attempt, unit_id: str) -> bool:
    """Teachers keep registers in which they have an assignment today; a pedagogue's is not the office's."""
    role, who = attempt.actor
    taught = m.units[unit_id]["taught"].values()
    stranger = role == "teacher" and not any(one["teacher"] == who and covers(one, m.today) for one in taught)
    if stranger or (role == "administrator" and m.units[unit_id]["kind"] == "pedagogue"):
        attempt.faults = {"REGISTERS.NOT_YOUR_REGISTER"}
    return bool(attempt.faults)
