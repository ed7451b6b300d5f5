"""Who is away when, and what does the roll call say about it?

Illness comes in spells, more often in winter; few are truant; some come late, most of them to the first
lesson. Part of the absences are excused beforehand, part after the return, the rest stays unexcused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dziennik.contracts.attendance import RollMark
from dziennik.demo.chance import Chance
from dziennik.demo.hours import Hour
from dziennik.demo.people import Pupil
from dziennik.demo.structure import Year

# How much more illness there is in a month.
SEASON = {9: 0.8, 10: 1.0, 11: 1.2, 12: 1.4, 1: 1.5, 2: 1.6, 3: 1.2, 4: 0.9, 5: 0.7, 6: 0.6}


@dataclass(frozen=True, slots=True)
class Away:
    """A pupil's absence on one day, from a period on. `excused_on`: the day an excuse comes in later."""

    type_id: str
    from_period: int = 1
    excused_on: date | None = None


Absences = dict[str, dict[date, Away]]  # by pupil


def absences_of(year: Year, days: list[date], chance: Chance) -> Absences:
    """Everybody's absences of a year."""
    found: Absences = {}
    for unit in year.classes:
        for place in unit.places:
            pupil = place.pupil
            found[pupil.person.person_id] = _of_pupil(year, pupil, days, chance)
        contest = chance.of("contest", year.name, unit.name)
        for day in sorted(contest.sample(days, min(2, len(days)))):
            for place in contest.sample(unit.places, 3):
                found[place.pupil.person.person_id][day] = Away("school-reason")
    return found


def _of_pupil(year: Year, pupil: Pupil, days: list[date], chance: Chance) -> dict[date, Away]:
    rng = chance.of("away", year.name, pupil.person.person_id)
    away: dict[date, Away] = {}
    at = 0
    while at < len(days):
        day = days[at]
        draw = rng.random()
        if draw < 0.022 * pupil.frailty * SEASON[day.month]:
            spell = days[at : at + 1 + min(rng.randrange(6), rng.randrange(9))]
            at += len(spell)
            back = days[at] if at < len(days) else None
            away.update(dict.fromkeys(spell, _excuse(rng.random(), back)))
        elif draw > 0.994:
            away[day] = Away("absent-excused", from_period=rng.randint(2, 5))  # the dentist
        elif pupil.truant and draw > 0.96:
            away[day] = Away("absent", from_period=rng.randint(1, 4))
        at += 1
    return away


def _excuse(draw: float, back: date | None) -> Away:
    if draw < 0.6:
        return Away("absent-excused")  # the parents told beforehand
    return Away("absent", excused_on=back if draw < 0.85 else None)


def mark_of(hour: Hour, pupil: Pupil, away: Away | None, draw: float) -> RollMark | None:
    """What the roll call says about a pupil; None: present. `draw` decides about lateness."""
    pupil_id = pupil.person.person_id
    if away is not None and hour.period >= away.from_period:
        return RollMark(pupil_id=pupil_id, type_id=away.type_id)
    if draw < (0.022 if hour.period == 1 else 0.004):
        return RollMark(pupil_id=pupil_id, type_id="late", minutes=2 + int(draw * 100_000) % 19)
    if hour.assignment.subject.key == "wf" and draw > 0.992:
        return RollMark(pupil_id=pupil_id, type_id="released")
    return None
