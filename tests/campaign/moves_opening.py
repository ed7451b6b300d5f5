"""Moves of the office in summer: the next year is opened, classes go on in it, some pupils repeat a year."""

from __future__ import annotations

from random import Random

from dziennik.contracts import classification as k
from dziennik.contracts import movement as said
from dziennik.contracts import school
from dziennik.contracts.values import Term
from tests.campaign.moves import OFFICE, Attempt, actor, class_of, often, pupil, some, told, unit
from tests.campaign.plain import Plain, covers

GO_ON = ("promoted", "promoted_with_honours", "promoted_conditionally")


@often
def open_next(m: Plain, r: Random) -> Attempt:
    """A year that begins before this one is over is none; this one stands already."""
    starts = m.next_starts if r.random() < 0.9 else m.ends
    ends = starts.replace(year=starts.year + 1, month=8, day=20)
    terms = (Term(term_id=m.named("III"), name="III", starts=starts, ends=ends),)
    command = school.OpenSchoolYear(
        year_id=m.named("next"), name=m.named("następny"), starts=starts, ends=ends, terms=terms
    )
    attempt = Attempt(command, actor(m, r, "d", "m"), OFFICE, facts=None, units=None)
    if m.next_opened:
        same = starts == m.next_starts
        attempt.facts, attempt.faults = 0, set() if same else {"SCHOOL.YEAR_EXISTS"}
    else:
        attempt.faults = told(SCHOOL__YEARS_OVERLAP=starts <= m.ends)

    def then() -> None:
        m.next_opened = True

    attempt.then = then
    return attempt


@often
def promote(m: Plain, r: Random) -> Attempt:
    """Whoever was promoted goes on, numbered as in the class that is left, with its homeroom teacher."""
    ready = sorted({class_id for class_id, _ in m.decided})
    old = r.choice(ready) if ready and r.random() < 0.8 else unit(m, r)
    key = r.choice(sorted(m.classes_next)) if m.classes_next and r.random() < 0.1 else m.fresh("class")
    year = m.named("next") if r.random() < 0.93 else r.choice((m.named("y"), "no-year"))
    level = r.choice((None, None, 4, 8))
    command = k.PromoteClass(from_class_id=old, class_id=key, year_id=year, name="dalej", level=level)
    attempt = Attempt(command, actor(m, r, "d", "m"), OFFICE, facts=None, units=None)
    if not m.is_class(old):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    pupils = m.taught(old, None, m.last_day)
    decided = {who: m.decided[old, who][-1] for who in pupils if (old, who) in m.decided}
    going = [who for who in pupils if decided.get(who) in GO_ON]
    placed = {one["pupil"] for places in m.places_next().values() for one in places if one["until"] is None}
    there = m.next_opened and year == m.named("next")
    attempt.faults = told(
        SCHOOL__NO_SUCH_YEAR=not there and year != m.named("y"),
        CLASSIFICATION__NOT_THE_NEXT_YEAR=year == m.named("y"),
        CLASSES__CLASS_EXISTS=key in m.classes_next,
        CLASSIFICATION__NOT_DECIDED=len(decided) < len(pupils),
        MOVEMENT__ENROLLED_ELSEWHERE=any(who in placed for who in going),
    )
    made = {
        "level": m.units[old]["level"] + 1 if level is None else level,
        "tutor": m.homeroom(old, m.next_starts),
        "places": [
            {"pupil": who, "since": m.next_starts, "until": None, "number": number}
            for number, who in enumerate(going, 1)
        ],
    }
    attempt.then = lambda: m.classes_next.update({key: made})
    return attempt


@often
def repeat(m: Plain, r: Random) -> Attempt:
    """A pupil who was not promoted comes into a class of the same level."""
    key = some(r, sorted(m.classes_next), "nowhere")
    stay = [(class_id, who) for (class_id, who), told_ in sorted(m.decided.items()) if told_[-1] == "repeats"]
    old, who = r.choice(stay) if stay and r.random() < 0.8 else (class_of(m, r), pupil(m, r))
    command = said.RepeatYear(from_class_id=old, class_id=key, pupil_id=who, since=m.next_starts)
    attempt = Attempt(command, actor(m, r, "d", "m"), OFFICE, facts=None, units=None)
    into = m.classes_next.get(key)
    if not m.is_class(old) or into is None:
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    held = [one for one in into["places"] if one["pupil"] == who]
    if held and covers(held[-1], m.next_starts):
        attempt.facts = 0
    elsewhere = any(
        one["pupil"] == who for other, places in m.places_next().items() if other != key for one in places
    )
    attempt.faults = told(
        MOVEMENT__NOT_REPEATING=m.decided.get((old, who), ["?"])[-1] != "repeats",
        MOVEMENT__LEVEL_DIFFERS=into["level"] != m.units[old]["level"],
        MOVEMENT__ENROLLED_ELSEWHERE=elsewhere,
    )
    number = max((one["number"] for one in into["places"]), default=0) + 1
    place = {"pupil": who, "since": m.next_starts, "until": None, "number": number}
    attempt.then = lambda: into["places"].append(place)
    return attempt
