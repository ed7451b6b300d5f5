"""What should the register say? A school year in dictionaries and lists, as simply as can be.

Nothing here imports a rule, a policy or a read model: dates, averages, percentages and who may do what are
told a second time, in the plainest words. Moves (moves_*.py) change it; comparing.py holds it against the
register.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

# A thing of the school as it is written down: keys are words of the domain.
Thing = dict[str, Any]
Both = tuple[Any, Any]  # (what the register tells, what this model says)

TEACHERS = ("t1", "t2", "t3", "t4")
SUBJECTS = ("maths", "polish", "pe")
PERIODS = range(1, 11)
PRESENT = ("present", "late", "late_excused", "school_reason")
TYPES = ("absent", "absent-excused", "late", "late-excused", "school-reason", "released")


@dataclass
class Plain:
    """One school year of one school. Ids of the year are `named` with its number."""

    number: int
    people: dict[str, str] = field(default_factory=dict)  # person: role
    units: dict[str, Thing] = field(default_factory=dict)
    rights: list[Thing] = field(default_factory=list)
    lessons: dict[tuple[str, str], Thing] = field(default_factory=dict)
    columns: dict[tuple[str, str], Thing] = field(default_factory=dict)
    books: dict[tuple[str, str, str], list[Thing]] = field(default_factory=dict)
    notes: dict[tuple[str, str], dict[str, Thing]] = field(default_factory=dict)
    conduct: dict[tuple[str, str], dict[tuple[str, str | None], str]] = field(default_factory=dict)
    resolutions: dict[str, Thing] = field(default_factory=dict)
    entries: dict[tuple[str, str], Thing] = field(default_factory=dict)
    free: dict[str, Thing] = field(default_factory=dict)
    disputes: dict[tuple[str, str], Thing] = field(default_factory=dict)
    announced: dict[tuple[str, str], Thing] = field(default_factory=dict)
    excuses: dict[tuple[str, str], Thing] = field(default_factory=dict)
    moved: list[tuple[str, str, str]] = field(default_factory=list)  # (pupil, from class, to class)
    trips: dict[tuple[str, str], Thing] = field(default_factory=dict)
    exempt: dict[tuple[str, str], Thing] = field(default_factory=dict)
    plans: dict[str, Thing] = field(default_factory=dict)
    earlier_plans: dict[str, Thing] = field(default_factory=dict)  # of the year before
    followed: dict[tuple[str, str], str] = field(default_factory=dict)  # (unit, assignment): plan
    changes: dict[str, list[Thing]] = field(default_factory=dict)  # of single lessons, by unit, as made
    changed: dict[date, tuple[int | None, str]] = field(default_factory=dict)  # day: the weekday it runs as
    next_opened: bool = False
    classes_next: dict[str, Thing] = field(default_factory=dict)  # of the year that was opened from this one
    talks: dict[str, Thing] = field(default_factory=dict)  # of the pedagogue's register
    hours: dict[tuple[str, str], Thing] = field(default_factory=dict)
    feeds: dict[str, Thing] = field(default_factory=dict)
    decided: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    shut: set[str] = field(default_factory=set)
    permits: list[Thing] = field(default_factory=list)
    closed: bool = False
    made: int = 0
    facts: int = 0
    today: date = date.min
    plus: Decimal = Decimal("0.5")
    minus: Decimal = Decimal("-0.25")
    retakes: str = "better"
    uncounted: tuple[str, ...] = ()
    late_counts: bool = True

    def __post_init__(self) -> None:
        begins = 2000 + 2 * self.number  # what is opened from this year has a year of its own
        self.next_starts = date(begins + 1, 9, 1)
        self.starts, self.ends = date(begins, 9, 1), date(begins + 1, 8, 31)
        self.terms = {
            self.named("I"): (self.starts, date(begins + 1, 1, 31)),
            self.named("II"): (date(begins + 1, 2, 1), date(begins + 1, 6, 20)),
        }
        self.last_day = date(begins + 1, 6, 20)
        self.today = date(begins, 10, 5)

    def named(self, what: str) -> str:
        """An id of this year."""
        return f"{what}.{self.number}"

    def fresh(self, what: str) -> str:
        """An id that nothing has yet."""
        self.made += 1
        return f"{what}{self.made}.{self.number}"

    # Who is where

    def in_year(self, day: date) -> bool:
        return self.starts <= day <= self.ends

    def places_next(self) -> dict[str, list[Thing]]:
        """Who is in the classes of the next year."""
        return {key: one["places"] for key, one in self.classes_next.items()}

    def term_of(self, day: date) -> str | None:
        return next((term for term, (first, last) in self.terms.items() if first <= day <= last), None)

    def is_free(self, day: date) -> bool:
        return any(one["starts"] <= day <= one["ends"] for one in self.free.values() if not one["withdrawn"])

    def planned(self, unit_id: str, day: date) -> set[tuple[int, str]]:
        """(hour, assignment) of the lessons that are expected on a day, cancelled ones among them."""
        if self.term_of(day) is None or self.is_free(day) or unit_id not in self.units:
            return set()
        unit = self.units[unit_id]
        since = max((start for start in unit["timetables"] if start <= day), default=None)
        weekday = self.changed.get(day, (None,))[0] or day.isoweekday()
        slots = unit["timetables"][since] if since else []
        found = {(slot.period, slot.assignment_id) for slot in slots if slot.weekday == weekday}
        for one in self.changes.get(unit_id, []):
            here = (one["period"], one["assignment"])
            if one.get("withdrawn") or one["what"] == "room":
                continue
            if one["what"] == "added" and one["on"] == day:
                found.add(here)
                continue
            was = one["on"] == day and here in found
            if was:
                found.discard(here)
            if "to" in one and one["to"][0] == day and (was or one["on"] != day):
                found.add((one["to"][1], one["assignment"]))
        taught = unit["taught"]
        return {(p, key) for p, key in found if p in PERIODS and key in taught and covers(taught[key], day)}

    def is_class(self, unit_id: str) -> bool:
        """Whether pupils are enrolled in it: it is no group of several classes, and no other register."""
        unit = self.units.get(unit_id)
        return unit is not None and not unit["classes"] and "kind" not in unit

    def classes(self) -> list[str]:
        return [unit_id for unit_id in sorted(self.units) if self.is_class(unit_id)]

    def enrolled(self, unit_id: str, pupil: str, day: date) -> bool:
        return any(place["pupil"] == pupil and covers(place, day) for place in self.units[unit_id]["places"])

    def in_group(self, unit_id: str, group: str, pupil: str, day: date) -> bool:
        members = self.units[unit_id]["groups"][group]
        return any(one["pupil"] == pupil and covers(one, day) for one in members)

    def homeroom(self, unit_id: str, day: date) -> str | None:
        """Who was appointed last, of those whose time has begun."""
        begun = [who for since, who in self.units[unit_id]["homeroom"] if since <= day]
        return begun[-1] if begun else None

    def is_elsewhere(self, class_id: str, pupil: str, since: date) -> bool:
        """Whether the pupil is, or later comes, into another class."""
        return any(
            place["pupil"] == pupil and (place["until"] is None or place["until"] >= since)
            for unit_id, unit in self.units.items()
            for place in unit["places"]
            if unit_id != class_id
        )

    def memberships(self, class_id: str, pupil: str, *, everywhere: bool) -> list[tuple[str, Thing]]:
        """(unit, membership) of groups that the pupil has not left: of the class, or of the whole year.

        A pedagogue's register is left by its keepers' word alone.
        """
        return [
            (owner, member)
            for owner, unit in self.units.items()
            if (everywhere or owner == class_id) and unit.get("kind") != "pedagogue"
            for members in unit["groups"].values()
            for member in members
            if member["pupil"] == pupil and member["until"] is None
        ]

    def has_entries_after(self, class_id: str, pupil: str, until: date) -> bool:
        """Whether the class has grades of the pupil of later days, or lessons that asked them."""
        graded = [
            grade
            for (unit_id, _, who), book in self.books.items()
            for grade in book
            if (unit_id, who) == (class_id, pupil) and not grade["struck"]
        ]
        asked = [
            lesson
            for (unit_id, _), lesson in self.lessons.items()
            if unit_id == class_id or class_id in self.units[unit_id]["classes"]
            if lesson["held"] and not lesson["cancelled"] and pupil in (lesson["asked"] or [])
        ]
        return any(entry["on"] > until for entry in [*graded, *asked])

    def home_of(self, unit_id: str, pupil: str, day: date) -> list[str]:
        """The classes of a unit that the pupil is in that day."""
        unit = self.units[unit_id]
        classes = unit["classes"] or (self.classes() if "kind" in unit else [unit_id])
        return [class_id for class_id in classes if self.enrolled(class_id, pupil, day)]

    def taught(self, unit_id: str, group: str | None, day: date) -> list[str]:
        """Whom a lesson's roll names: a class by its numbers, a group of several classes as they joined."""
        unit = self.units[unit_id]
        if "kind" in unit:
            return [one["pupil"] for one in unit["groups"][unit_id] if covers(one, day)]
        if unit["classes"]:
            members = unit["groups"][group]
            return [m["pupil"] for m in members if covers(m, day) and self.home_of(unit_id, m["pupil"], day)]
        here = sorted((p["number"], p["pupil"]) for p in unit["places"] if covers(p, day))
        return [pupil for _, pupil in here if group is None or self.in_group(unit_id, group, pupil, day)]

    def known_in(self, class_id: str, pupil: str) -> list[str]:
        """The class, and those the pupil came from: what they know of the pupil goes along."""
        found = [class_id]
        for place in found:
            found += [
                old for who, old, new in self.moved if (who, new) == (pupil, place) and old not in found
            ]
        return found

    def said_of(self, told: dict[tuple[str, str], Thing], home: list[str], pupil: str) -> list[Thing]:
        """What was announced, or what excuses were handed in, about a pupil of these classes."""
        known = self.known_in(home[0], pupil) if home else []
        return [one for (where, _), one in told.items() if where in known and one["pupil"] == pupil]

    def foreseen(self, unit_id: str, pupil: str, lesson: Thing) -> str | None:
        """What is known of a pupil before the roll is called: not to be asked, or the mark. The narrowest
        counts: exempt from the subject, away for the school, announced by the family.
        """
        on, period, home = lesson["on"], lesson["period"], self.home_of(unit_id, pupil, lesson["on"])
        for one in self.said_of(self.exempt, home, pupil):
            of_subject = one["subject"] == lesson["subject"] and one["since"] <= on <= one["until"]
            if of_subject and one["mode"] != "stays":
                return str(one["mode"])
        known = self.known_in(home[0], pupil) if home else []
        for (where, _), one in self.trips.items():
            goes = where in known and pupil in one["pupils"] and pupil not in one["back"]
            if goes and holds(one, on, period):
                return "school-reason"
        said = self.said_of(self.announced, home, pupil)
        return "absent" if any(not one["withdrawn"] and holds(one, on, period) for one in said) else None

    def is_excused(self, unit_id: str, pupil: str, on: date, period: int) -> bool:
        """Whether an excuse for that hour was accepted."""
        said = self.said_of(self.excuses, self.home_of(unit_id, pupil, on), pupil)
        return any(one["outcome"] == "accepted" and holds(one, on, period) for one in said)

    def is_parent(self, who: str, pupil: str) -> bool:
        return any(r["parent"] == who and r["pupil"] == pupil and covers(r, self.today) for r in self.rights)

    def may_correct_closed(self, unit_id: str, who: str | None) -> bool:
        return any(
            p["unit"] == unit_id and p["who"] == who and self.today <= p["until"] for p in self.permits
        )

    # What is reckoned

    def number_of(self, value: str) -> Decimal | None:
        """What a grade counts as: 4 is 4, 4+ more, 4- less; 12/15 by its percentage; the rest nothing."""
        if "/" in value:
            got, of = (Decimal(part) for part in value.split("/"))
            percent = got * 100 / of
            steps = ((98, 6), (90, 5), (75, 4), (50, 3), (30, 2), (0, 1))
            return next(Decimal(mark) for least, mark in steps if percent >= least)
        if value[:1].isdigit():
            return Decimal(value[0]) + {"+": self.plus, "-": self.minus, "": Decimal(0)}[value[1:]]
        return None

    def average(self, class_id: str, subject: str, pupil: str) -> Decimal | None:
        """The weighted average of the current grades."""
        book = self.books.get((class_id, subject, pupil), [])
        counting = [
            grade
            for grade in book
            if not grade["struck"]
            and grade["kind"] == "current"
            and grade["category"] not in self.uncounted
            and grade["weight"] > 0
            and self.number_of(grade["value"]) is not None
        ]
        chains: dict[str, list[Thing]] = {}
        for grade in sorted(counting, key=lambda one: len(self._earlier(book, one))):
            chains.setdefault([grade["id"], *self._earlier(book, grade)][-1], []).append(grade)
        total = weights = Decimal(0)
        for chain in chains.values():
            for number, weight in self._kept(chain):
                total += number * weight
                weights += weight
        return rounded(total / weights, "0.01") if weights else None

    def _earlier(self, book: list[Thing], grade: Thing) -> list[str]:
        """The grades that this one retakes, nearest first; what was struck out was never there."""
        found: list[str] = []
        while True:
            earlier = next((g for g in book if g["id"] == grade["improves"] and not g["struck"]), None)
            if earlier is None:
                return found
            found.append(earlier["id"])
            grade = earlier

    def _kept(self, chain: list[Thing]) -> list[tuple[Decimal, Decimal]]:
        """(number, weight) of what counts of a grade and its retakes."""
        told = [(self.number_of(grade["value"]) or Decimal(0), grade["weight"]) for grade in chain]
        if self.retakes == "both" or len(told) == 1:
            return told
        if self.retakes == "better":
            return [max(told, key=lambda pair: pair[0])]
        if self.retakes == "latest":
            return [told[-1]]
        return [(sum((number for number, _ in told), Decimal(0)) / len(told), told[-1][1])]

    def kinds(self, pupil: str) -> dict[str, dict[str, int]]:
        """By subject, how often a pupil was what, at lessons that stand."""
        found: dict[str, dict[str, int]] = {}
        for (unit_id, _), lesson in self.lessons.items():
            if "kind" in self.units[unit_id]:
                continue  # a day-care room counts for itself
            if lesson["cancelled"] is None and pupil in (lesson["asked"] or ()):
                kind = lesson["marks"].get(pupil, ("present", None))[0].replace("-", "_")
                of_subject = found.setdefault(lesson["subject"], {})
                of_subject[kind] = of_subject.get(kind, 0) + 1
        return found

    def attendance(self, pupil: str) -> Decimal | None:
        """Of the lessons that count (not those released from), the part that the pupil was at, in percent."""
        there = counted = 0
        for kinds in self.kinds(pupil).values():
            for kind, times in kinds.items():
                counted += times if kind != "released" else 0
                late = kind in ("late", "late_excused")
                there += times if kind in PRESENT and (self.late_counts or not late) else 0
        return rounded(Decimal(100 * there) / counted, "0.1") if counted else None

    def points(self, class_id: str, pupil: str, term: str) -> int:
        """Behaviour points of a term: 100, and what its notes give or take."""
        first, last = self.terms[term]
        notes = self.notes.get((class_id, pupil), {}).values()
        return 100 + sum(int(n["points"]) for n in notes if not n["struck"] and first <= n["on"] <= last)


def covers(span: Thing, day: date) -> bool:
    """Both ends belong to it; without an end it goes on."""
    return bool(span["since"] <= day and (span["until"] is None or day <= span["until"]))


def holds(scope: Thing, on: date, period: int) -> bool:
    """Whole days, or hours of one day."""
    there = scope["starts"] <= on <= scope["ends"]
    return bool(there and (not scope["periods"] or period in scope["periods"]))


def rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
