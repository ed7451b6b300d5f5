"""Moves of the pedagogue: entries about pupils and activities, put right, struck out, shown to families."""

from __future__ import annotations

from random import Random

from dziennik.contracts import counselling as said
from dziennik.contracts.counselling import CounsellingKind
from tests.campaign.moves import TEACHING, Attempt, actor, day, move, of, often, pupil, some, told
from tests.campaign.plain import Plain, Thing, covers


def keeper(m: Plain, unit_id: str) -> str | None:
    """Whoever keeps another register today."""
    there = [one["teacher"] for one in m.units[unit_id]["taught"].values() if covers(one, m.today)]
    return there[0] if there else None


def _kept(m: Plain, attempt: Attempt, unit_id: str) -> bool:
    """Whether the asker keeps the register, or is the director."""
    role, who = attempt.actor
    if unit_id not in m.units or "kind" not in m.units[unit_id]:
        attempt.faults = {"REGISTERS.NO_SUCH_REGISTER"}
    else:
        taught = m.units[unit_id]["taught"].values()
        theirs = any(one["teacher"] == who and covers(one, m.today) for one in taught)
        attempt.faults = told(REGISTERS__NOT_YOUR_REGISTER=role == "teacher" and not theirs)
    return not attempt.faults


@often
def write(m: Plain, r: Random) -> Attempt:
    unit_id = m.named("P") if r.random() < 0.93 else r.choice((m.named("S"), m.named("A"), "nowhere"))
    members = [one["pupil"] for one in m.units[m.named("P")]["groups"][m.named("P")]]
    about = r.choice((None, r.choice(members) if members else None, pupil(m, r)))
    on, text, key = day(m, r), r.choice(("Rozmowa.", "Warsztaty.", " ")), m.fresh("talk")
    command = said.WriteCounsellingEntry(
        entry_id=key, unit_id=unit_id, kind=CounsellingKind.CONVERSATION, on=on, text=text, pupil_id=about
    )
    attempt = Attempt(command, actor(m, r, keeper(m, m.named("P")), "d"), TEACHING, units=(unit_id,))
    if not _kept(m, attempt, unit_id):
        return attempt
    if m.units[unit_id]["kind"] != "pedagogue":
        attempt.faults = {"REGISTERS.NOT_FOR_THIS_REGISTER"}
        return attempt
    there = m.units[unit_id]["groups"][unit_id]
    takes_part = any(one["pupil"] == about and covers(one, on) for one in there)
    attempt.faults = told(
        COMMAND__TEXT_MISSING=not text.strip(),
        CLASSES__OUTSIDE_YEAR=not m.in_year(on),
        COUNSELLING__ENTRY_IN_FUTURE=on > m.today,
        CLASSES__NOT_IN_GROUP=about is not None and not takes_part,
    )
    made = {
        "by": attempt.actor[1], "about": about, "on": on, "text": text, "struck": False, "shared": False,
    }  # fmt: skip
    attempt.then = lambda: m.talks.update({key: made})
    return attempt


def _some(m: Plain, r: Random) -> tuple[str, Thing | None]:
    key = some(r, sorted(m.talks), "no-talk")
    return key, m.talks.get(key)


def _theirs(m: Plain, attempt: Attempt, found: Thing | None) -> bool:
    """Whether the asker may change the entry: its author while keeping the register, or the director."""
    role, who = attempt.actor
    if not _kept(m, attempt, m.named("P")):
        return False
    if found is None:
        attempt.faults = {"COUNSELLING.NO_SUCH_ENTRY"}
    else:
        attempt.faults = told(
            COUNSELLING__NOT_YOUR_ENTRY=role == "teacher" and who != found["by"],
            COUNSELLING__ENTRY_IS_STRUCK_OUT=found["struck"],
        )
    return not attempt.faults


@move
def correct(m: Plain, r: Random) -> Attempt:
    key, found = _some(m, r)
    text, reason = r.choice(("Rozmowa.", "Rozmowa z mamą.", " ")), r.choice(("pomyłka", "pomyłka", " "))
    command = said.CorrectCounsellingEntry(unit_id=m.named("P"), entry_id=key, text=text, reason=reason)
    attempt = Attempt(command, actor(m, r, of(found, "by"), "d"), TEACHING, units=(m.named("P"),))
    if not _theirs(m, attempt, found) or found is None:
        return attempt
    if text == found["text"]:
        attempt.facts = 0
        return attempt
    attempt.faults = told(
        COMMAND__TEXT_MISSING=not text.strip(),
        LESSONS__REASON_MISSING=bool(text.strip()) and not reason.strip(),
    )
    attempt.then = lambda: found.update(text=text)
    return attempt


@move
def strike_out(m: Plain, r: Random) -> Attempt:
    key, found = _some(m, r)
    reason = r.choice(("inny uczeń", "inny uczeń", " "))
    command = said.StrikeOutCounsellingEntry(unit_id=m.named("P"), entry_id=key, reason=reason)
    attempt = Attempt(command, actor(m, r, of(found, "by"), "d"), TEACHING, units=(m.named("P"),))
    if _theirs(m, attempt, found) and found:
        attempt.faults = told(LESSONS__REASON_MISSING=not reason.strip())
        attempt.then = lambda: found.update(struck=True)
    return attempt


@move
def share(m: Plain, r: Random) -> Attempt:
    key, found = _some(m, r)
    shared = r.random() < 0.7
    command = said.ShareCounsellingEntry(unit_id=m.named("P"), entry_id=key, shared=shared)
    attempt = Attempt(command, actor(m, r, of(found, "by"), "d"), TEACHING, units=(m.named("P"),))
    if not _theirs(m, attempt, found) or found is None:
        return attempt
    attempt.faults = told(COUNSELLING__NOT_ABOUT_A_PUPIL=found["about"] is None)
    if not attempt.faults and found["shared"] == shared:
        attempt.facts = 0
    attempt.then = lambda: found.update(shared=shared)
    return attempt
