"""Who goes to the demo school, who teaches there, whose children are they?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from dziennik.demo.chance import Chance, normal
from dziennik.demo.curriculum import FACULTIES, SUBJECTS
from dziennik.demo.names import BOYS, GIRLS, MEN, STREETS, SURNAMES, TOWNS, WOMEN, of_woman
from dziennik.demo.sizes import Size


@dataclass(slots=True)
class Person:
    """Somebody with a name. `account_id`, the account they act with, is the installation's: not compared."""

    person_id: str
    account_id: str = field(compare=False)
    given: str
    family: str
    female: bool
    email: str | None = None
    phone: str | None = None
    address: str | None = None

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(slots=True)
class Teacher:
    """A teacher, what they may teach, and the room they teach in."""

    person: Person
    faculty: tuple[str, ...]
    room: str
    hours: int = 0


@dataclass(slots=True)
class Pupil:
    """A pupil. `talent` shifts grades, `frailty` multiplies illness.

    `fails`: the subjects whose annual grade is failing in the first year.
    """

    person: Person
    born: date
    birth_place: str
    parents: list[Person]
    talent: float
    frailty: float
    truant: bool
    half: int  # which language group
    fails: tuple[str, ...] = ()


@dataclass(slots=True)
class Cohort:
    """Pupils who move up together; `level` is that of 2025/2026 (3: begin in 2026)."""

    level: int
    letter: str
    pupils: list[Pupil]
    newcomer: Pupil | None = None


@dataclass(slots=True)
class People:
    """Everybody."""

    director: Person
    secretary: Person
    auditor: Person
    teachers: list[Teacher]
    cohorts: list[Cohort] = field(default_factory=list)


class _Registry:
    """Makes persons with names that repeat rarely, and e-mail addresses that never do."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.count = 0

    def person(self, rng: Random, given: str, family: str, *, female: bool) -> Person:
        self.count += 1
        number = self.count
        return Person(
            person_id=self.chance.id("person", number),
            account_id=self.chance.id("account", number),
            given=given,
            family=of_woman(family) if female else family,
            female=female,
            email=f"osoba{number}@example.org",
            phone=f"000 {rng.randrange(1000):03} {rng.randrange(1000):03}",
        )

    def adult(self, rng: Random, *, female: bool | None = None, family: str | None = None) -> Person:
        woman = rng.random() < 0.8 if female is None else female
        given = rng.choice(WOMEN if woman else MEN)
        return self.person(rng, given, family or rng.choice(SURNAMES), female=woman)


def people_of(size: Size, chance: Chance) -> People:
    """Everybody of the school, in an order that depends on the seed alone."""
    registry = _Registry(chance)
    rng = chance.of("staff")
    people = People(
        director=registry.adult(rng, female=True),
        secretary=registry.adult(rng, female=True),
        auditor=registry.adult(rng, female=False),
        teachers=[_teacher(registry, rng, place, faculty) for place, faculty in enumerate(_faculties(size))],
    )
    levels = list(size.classes)
    if size.second_until and any(level == 8 for level, _ in levels):
        # Those who finish school make room for a new class of the lowest level.
        levels += [(3, letter) for level, letter in size.classes if level == 8]
    for level, letter in levels:
        people.cohorts.append(_cohort(registry, size, level, letter))
    return people


def _teacher(registry: _Registry, rng: Random, place: int, faculty: tuple[str, ...]) -> Teacher:
    """PE is taught by women and men in turns, because girls and boys have it at the same hours."""
    female = bool(place % 2) if faculty == ("wf",) else None
    return Teacher(registry.adult(rng, female=female), faculty, room=str(101 + place))


def _faculties(size: Size) -> list[tuple[str, ...]]:
    """What each teacher teaches: one of each kind, further ones where there are most hours to each."""
    hours: dict[tuple[str, ...], int] = dict.fromkeys(FACULTIES, 0)
    for level, _ in size.classes:
        for faculty in FACULTIES:
            for subject in SUBJECTS:
                if subject.key in faculty:
                    hours[faculty] += subject.hours.get(level, 0) * (2 if subject.split else 1)
    given: dict[tuple[str, ...], int] = {
        faculty: 3 if faculty == ("wf",) else 2 if faculty == ("ang",) else 1 for faculty in FACULTIES
    }
    while sum(given.values()) < size.teachers:
        busiest = max(FACULTIES, key=lambda kind: (hours[kind] / given[kind], kind))
        given[busiest] += 1
    return [faculty for faculty in FACULTIES for _ in range(given[faculty])]


def _cohort(registry: _Registry, size: Size, level: int, letter: str) -> Cohort:
    rng = registry.chance.of("cohort", level, letter)
    pupils = [_pupil(registry, rng, level, place) for place in range(size.pupils)]
    pupils.sort(key=register_order)
    newcomer = _pupil(registry, rng, level, 1) if letter == "a" and size.second_until else None
    return Cohort(level, letter, pupils, newcomer)


def register_order(pupil: Pupil) -> tuple[list[int], list[int]]:
    """Sorts pupils as the register numbers them: by family name, then given name, in Polish order."""
    return _alphabet(pupil.person.family), _alphabet(pupil.person.given)


def _alphabet(name: str) -> list[int]:
    letters = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
    return [letters.find(letter) for letter in name.lower()]


def _pupil(registry: _Registry, rng: Random, level: int, place: int) -> Pupil:
    female = place % 2 == 0
    family = rng.choice(SURNAMES)
    given = rng.choice(GIRLS if female else BOYS)
    child = registry.person(rng, given, family, female=female)
    town = rng.choice(TOWNS)
    address = f"ul. {rng.choice(STREETS)} {rng.randint(1, 60)}, {town}"
    child.address, child.email, child.phone = address, None, None
    parents = [registry.adult(rng, female=True, family=family if rng.random() < 0.85 else None)]
    if rng.random() < 0.8:
        parents.append(registry.adult(rng, female=False, family=family))
    for parent in parents:
        parent.address = address
    return Pupil(
        person=child,
        born=date(2025 - level - 6, 1, 1) + timedelta(days=rng.randrange(365)),
        birth_place=town,
        parents=parents,
        talent=normal(rng) * 0.8,
        frailty=0.3 + 2.1 * rng.random() * rng.random(),
        truant=rng.random() < 0.04,
        half=place // 2 % 2,
    )
