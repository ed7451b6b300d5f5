"""Which classes and groups are there, who belongs to them when, who teaches them what?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dziennik.contracts.classification import carried_id
from dziennik.contracts.values import Term
from dziennik.demo.chance import Chance
from dziennik.demo.curriculum import BY_KEY, SUBJECTS, Subject
from dziennik.demo.people import Cohort, People, Pupil, Teacher, register_order
from dziennik.demo.school_days import Spans, last_day_of_lessons, school_days
from dziennik.demo.sizes import Size

# What moves happen in the first year.
MOVES_ON: Final = date(2025, 11, 3)
COMES_ON: Final = date(2026, 1, 12)
LEAVES_ON: Final = date(2026, 3, 13)


@dataclass(slots=True)
class Place:
    """A pupil's time in a class, under a number."""

    pupil: Pupil
    number: int
    since: date
    until: date | None = None
    reason: str | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(slots=True)
class Group:
    """A group of one class, or of several when it owns streams itself (`unit_id` is then its own id)."""

    group_id: str
    name: str
    unit_id: str
    class_ids: tuple[str, ...]


@dataclass(slots=True)
class Assignment:
    """A teacher's subject in a unit or group; `members` are (place, class id) of all who are taught."""

    assignment_id: str
    unit_id: str
    group: Group | None
    subject: Subject
    teacher: Teacher
    hours: int
    level: int
    members: list[tuple[Place, str]] = field(default_factory=list)

    def roll(self, day: date) -> list[tuple[Pupil, str]]:
        """Who is taught on that day, and in which class each is."""
        return [(place.pupil, class_id) for place, class_id in self.members if place.covers(day)]


@dataclass(slots=True)
class ClassPlan:
    """A class of one year."""

    class_id: str
    name: str
    level: int
    cohort: Cohort
    places: list[Place]
    homeroom: Teacher
    groups: dict[str, Group] = field(default_factory=dict)
    before: ClassPlan | None = None  # the class that these pupils were in the year before


@dataclass(slots=True)
class Block:
    """Assignments taught at the same hours, because they share pupils' classes."""

    assignments: list[Assignment]
    class_ids: tuple[str, ...]
    hours: int


@dataclass(slots=True)
class Year:
    """A school year as planned; it is lived through until `until`."""

    year_id: str
    name: str
    starts: date
    ends: date
    terms: tuple[Term, ...]
    until: date
    classes: list[ClassPlan] = field(default_factory=list)
    shared: list[Group] = field(default_factory=list)
    closed: Spans = ()
    blocks: list[Block] = field(default_factory=list)

    def days(self) -> list[date]:
        """The days of lessons that are lived through: the first one is a celebration."""
        return list(school_days(self.starts, self.until, self.closed))[1:]

    def assignments(self) -> list[Assignment]:
        return [assignment for block in self.blocks for assignment in block.assignments]


def years_of(size: Size, people: People, chance: Chance) -> list[Year]:
    """The years, the first one's moves included."""
    kept: dict[tuple[object, ...], Teacher] = {}
    first = _year(chance, 2025, size.first_until, size.closed)
    for cohort in people.cohorts:
        if cohort.level > 3:
            homeroom = _chosen(first, cohort, people, [unit.homeroom for unit in first.classes], chance)
            _add_class(first, cohort, cohort.level, cohort.pupils, homeroom, chance)
    if size.second_until:
        _move(first)
    if first.until >= first.terms[1].ends:
        _fail(first)
    _teach(first, people, chance, kept)
    if size.second_until is None:
        return [first]
    second = _year(chance, 2026, size.second_until, size.closed)
    _go_on(first, second, people, chance)
    _teach(second, people, chance, kept)
    return [first, second]


def _go_on(first: Year, second: Year, people: People, chance: Chance) -> None:
    """The classes of the next year: numbered anew by name, who repeats at the end."""
    before = {id(unit.cohort): unit for unit in first.classes}
    homerooms = {key: unit.homeroom for key, unit in before.items() if _fits(unit.homeroom, unit.level + 1)}
    for cohort in people.cohorts:
        if cohort.level == 8:
            continue
        old = before.get(id(cohort))
        stayed = cohort.pupils
        if old:
            promoted = [p.pupil for p in old.places if p.until is None and not repeats(p.pupil)]
            stayed = sorted(promoted, key=register_order)
        if id(cohort) not in homerooms:
            homerooms[id(cohort)] = _chosen(second, cohort, people, list(homerooms.values()), chance)
        _add_class(second, cohort, cohort.level + 1, stayed, homerooms[id(cohort)], chance)
        second.classes[-1].before = old
    by_name = {unit.name: unit for unit in second.classes}
    for unit in first.classes:
        for place in unit.places:
            if place.until is None and repeats(place.pupil) and unit.name in by_name:
                places = by_name[unit.name].places
                places.append(Place(place.pupil, len(places) + 1, second.starts))


def repeats(pupil: Pupil) -> bool:
    """Whoever fails in more than one subject: in one the council promotes conditionally."""
    return len(pupil.fails) > 1


def _fail(year: Year) -> None:
    """The weakest pupil of each class a fails in mathematics, of each class c in Polish too.

    In a school without a class c it is a class that another one follows next year: there they repeat.
    """
    names = {unit.name for unit in year.classes}
    several = any(name.endswith("c") for name in names)
    for unit in year.classes:
        followed = f"{unit.level - 1}a" in names and unit.name.endswith("a") and not several
        staying = [place.pupil for place in unit.places if place.until is None]
        weakest = min(staying, key=lambda pupil: pupil.talent)
        if unit.name.endswith("a") and unit.level < 8 and not followed:
            weakest.fails = ("mat",)
        elif unit.name.endswith("c") or followed:
            weakest.fails = ("mat", "pol")


def _fits(teacher: Teacher, level: int) -> bool:
    """Whether they teach something to a whole class of that level."""
    keys = {subject.key for subject in SUBJECTS if level in subject.hours and not subject.split}
    return bool(keys & set(teacher.faculty))


def _chosen(year: Year, cohort: Cohort, people: People, taken: list[Teacher], chance: Chance) -> Teacher:
    """A homeroom teacher who has no other class."""
    level = cohort.level + (year.starts.year - 2025)
    fitting = [t for t in people.teachers if t not in taken and _fits(t, level)]
    return chance.of("homeroom", year.name, f"{level}{cohort.letter}").choice(fitting)


def _year(chance: Chance, begins: int, until: date, closed: Spans) -> Year:
    starts, ends, half = date(begins, 9, 1), date(begins + 1, 8, 31), date(begins + 1, 1, 31)
    term = chance.id("term", begins, 1), chance.id("term", begins, 2)
    return Year(
        year_id=chance.id("year", begins),
        name=f"{begins}/{begins + 1}",
        starts=starts,
        ends=ends,
        terms=(
            Term(term_id=term[0], name="I okres", starts=starts, ends=half),
            Term(
                term_id=term[1],
                name="II okres",
                starts=date(begins + 1, 2, 1),
                ends=last_day_of_lessons(begins),
            ),
        ),
        until=until,
        closed=closed,
    )


def _add_class(
    year: Year, cohort: Cohort, level: int, pupils: list[Pupil], homeroom: Teacher, chance: Chance
) -> None:
    name = f"{level}{cohort.letter}"
    unit = ClassPlan(
        class_id=chance.id("class", year.name, name),
        name=name,
        level=level,
        cohort=cohort,
        places=[Place(pupil, number, year.starts) for number, pupil in enumerate(pupils, 1)],
        homeroom=homeroom,
    )
    year.classes.append(unit)


def _move(year: Year) -> None:
    """One pupil changes from class a to class b of a level, one comes, one leaves the school."""
    by_name = {unit.name: unit for unit in year.classes}
    for unit in year.classes:
        neighbour = by_name.get(f"{unit.level}b")
        if unit.name.endswith("a") and neighbour:
            moving = unit.places[4]
            moving.until, moving.reason = date(2025, 10, 31), "przeniesienie do oddziału równoległego"
            neighbour.places.append(Place(moving.pupil, len(neighbour.places) + 1, MOVES_ON))
        if unit.cohort.newcomer:
            unit.places.append(Place(unit.cohort.newcomer, len(unit.places) + 1, COMES_ON))
        if unit.name.endswith("b"):
            unit.places[7].until, unit.places[7].reason = LEAVES_ON, "zmiana miejsca zamieszkania"


def _teach(year: Year, people: People, chance: Chance, kept: dict[tuple[object, ...], Teacher]) -> None:
    """Groups, assignments and who takes them: whoever had them before, else the one with fewest hours."""
    for teacher in people.teachers:
        teacher.hours = 0
    staff = _Staff(year, people, chance, kept)
    first = year.classes[:2]
    pair = first if len(first) == 2 and first[0].level == first[1].level else []
    for unit in year.classes:
        for subject in SUBJECTS:
            hours = subject.hours.get(unit.level, 0)
            if not hours:
                continue
            if subject.split == "sex" and unit in pair:
                if unit is pair[0]:
                    _share(staff, pair, subject, hours)
            else:
                _split(staff, unit, subject, hours)


class _Staff:
    """Gives out assignments."""

    def __init__(
        self, year: Year, people: People, chance: Chance, kept: dict[tuple[object, ...], Teacher]
    ) -> None:
        self.year, self.people, self.chance, self.kept = year, people, chance, kept

    def give(
        self, unit: ClassPlan, subject: Subject, group: Group | None, part: int, busy: list[Teacher]
    ) -> Assignment:
        """One assignment to somebody who is not teaching in the same block."""
        key = (id(unit.cohort), subject.key, part)
        able = [t for t in self.people.teachers if subject.key in t.faculty and t not in busy]
        teacher = self.kept.get(key)
        if subject.key == "gw" or (group is None and subject.key in unit.homeroom.faculty):
            teacher = unit.homeroom
        elif teacher is None or teacher not in able:
            teacher = min(able, key=lambda t: t.hours)
        self.kept[key] = teacher
        hours = subject.hours[unit.level]
        teacher.hours += hours
        return Assignment(
            assignment_id=self.chance.id("assignment", self.year.name, unit.name, subject.key, part),
            unit_id=group.unit_id if group else unit.class_id,
            group=group,
            subject=subject,
            teacher=teacher,
            hours=hours,
            level=unit.level,
        )

    def group(self, unit: ClassPlan, key: str, name: str) -> Group:
        group_id = self.chance.id("group", self.year.name, unit.name, key)
        own = list(_own_groups(unit.before)) if unit.before else []
        if key in own:  # carried over with the class
            group_id = carried_id(unit.class_id, "group", own.index(key) + 1)
        unit.groups[key] = Group(group_id, name, unit.class_id, (unit.class_id,))
        return unit.groups[key]


def _own_groups(unit: ClassPlan) -> dict[str, Group]:
    """The groups that belong to the class alone, as they were formed."""
    return {key: group for key, group in unit.groups.items() if group.unit_id == unit.class_id}


def _split(staff: _Staff, unit: ClassPlan, subject: Subject, hours: int) -> None:
    """The whole class, or its two halves at the same hours."""
    if subject.split is None:
        assignment = staff.give(unit, subject, None, 0, [])
        assignment.members = [(place, unit.class_id) for place in unit.places]
        staff.year.blocks.append(Block([assignment], (unit.class_id,), hours))
        return
    made: list[Assignment] = []
    for part in range(2):
        name = _group_name(subject, part)
        group = staff.group(unit, f"{subject.key}{part}", f"{unit.name} {name}")
        made.append(staff.give(unit, subject, group, part, [a.teacher for a in made]))
        made[-1].members = [(p, unit.class_id) for p in unit.places if part_of(subject, p.pupil) == part]
    staff.year.blocks.append(Block(made, (unit.class_id,), hours))


def _share(staff: _Staff, pair: list[ClassPlan], subject: Subject, hours: int) -> None:
    """Boys of each class apart, girls of both together: an interclass group."""
    first, second = pair
    ids = (first.class_id, second.class_id)
    group_id = staff.chance.id("shared", staff.year.name, subject.key)
    girls = Group(group_id, f"{first.name}+{second.name} {_group_name(subject, 0)}", group_id, ids)
    staff.year.shared.append(girls)
    made = [staff.give(first, subject, girls, 0, [])]
    made[0].members = [
        (place, unit.class_id) for unit in pair for place in unit.places if part_of(subject, place.pupil) == 0
    ]
    for unit in pair:
        unit.groups[f"{subject.key}0"] = girls
        group = staff.group(unit, f"{subject.key}1", f"{unit.name} {_group_name(subject, 1)}")
        made.append(staff.give(unit, subject, group, 1, [a.teacher for a in made]))
        made[-1].members = [(p, unit.class_id) for p in unit.places if part_of(subject, p.pupil) == 1]
    staff.year.blocks.append(Block(made, ids, hours))


def _group_name(subject: Subject, part: int) -> str:
    names = ("dziewczęta", "chłopcy") if subject.split == "sex" else ("grupa 1", "grupa 2")
    return f"{subject.short_name} {names[part]}"


def part_of(subject: Subject, pupil: Pupil) -> int:
    """Which half of the class a pupil is taught in."""
    return (0 if pupil.person.female else 1) if subject.split == "sex" else pupil.half


def groups_of(unit: ClassPlan, pupil: Pupil) -> list[Group]:
    """The groups that a pupil of the class belongs to."""
    split = [subject for subject in (BY_KEY["ang"], BY_KEY["wf"]) if unit.level in subject.hours]
    return [unit.groups[f"{subject.key}{part_of(subject, pupil)}"] for subject in split]
