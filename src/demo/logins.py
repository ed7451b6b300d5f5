"""Who can log in to the demo school, and what can they look at? ADR 0043."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from dziennik.contracts.envelope import Role
from dziennik.demo.chance import Chance
from dziennik.demo.office import subject_id
from dziennik.demo.people import People, Person
from dziennik.demo.sizes import SCHOOL_NAME, Size
from dziennik.demo.structure import ClassPlan, Place, Year

# Makes an account for (login, password), or finds it; gives its id.
OpenAccount = Callable[[str, str], str]


@dataclass(slots=True)
class Login:
    """One of the demo's logins. `who` says it in words, Polish and English."""

    role: Role
    login: str
    password: str
    person: Person
    who: str


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What to show to somebody who has just built the demo school.

    `class_id` is a class of the latest year, `past_class_id` the same pupils a year earlier (or the same
    class, where only one year was lived through); `pupil_id` is in both and is the parent's child;
    `teacher_assignment_id` is the homeroom teacher's in that class, for `subject_id`. The latest year is
    lived through from `since` to `until`.
    """

    school_id: str
    school_name: str
    year_id: str
    year_name: str
    since: date
    until: date
    class_id: str
    class_name: str
    past_class_id: str
    past_class_name: str
    past_year_name: str
    pupil_id: str
    pupil_name: str
    teacher_assignment_id: str
    subject_id: str
    logins: tuple[Login, ...]


def password_for(login: str, secret: bytes) -> str:
    """A password of this installation alone, the same each time: 80 bits of HMAC-SHA-256."""
    digest = hmac.new(secret, f"demo login {login}".encode(), sha256).digest()
    text = base64.b32encode(digest[:10]).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def sample_pupil(years: list[Year]) -> Place:
    """A pupil of the first class who stays, with two parents."""
    staying = [place for place in years[0].classes[0].places if place.until is None]
    paired = [place for place in staying if len(place.pupil.parents) == 2]
    return paired[1]


def logins_of(people: People, years: list[Year], size: Size, secret: bytes) -> tuple[Login, ...]:
    """One login each for a director, a teacher, a parent, a pupil, a school administrator and an auditor."""
    unit, child = years[-1].classes[0], sample_pupil(years).pupil
    homeroom = unit.homeroom.person
    pupil = "uczennica" if child.person.female else "uczeń"
    rows = (
        (Role.DIRECTOR, "dyrektor", people.director, "dyrektor szkoły / director"),
        (Role.TEACHER, "nauczyciel", homeroom, f"wychowawca {unit.name} / homeroom teacher"),
        (Role.PARENT, "rodzic", child.parents[0], f"rodzic ucznia / parent of: {child.person.name}"),
        (Role.PUPIL, "uczen", child.person, f"{pupil} {unit.name} / pupil"),
        (
            Role.ADMINISTRATOR,
            "administrator",
            people.secretary,
            "administrator szkoły / school administrator",
        ),
        (Role.AUDITOR, "audytor", people.auditor, "audytor / auditor"),
    )
    logins = []
    for role, name, person, who in rows:
        login = f"{name}@{size.school_id}"
        logins.append(Login(role, login, password_for(login, secret), person, f"{person.name} – {who}"))
    return tuple(logins)


def summary_of(years: list[Year], size: Size, logins: tuple[Login, ...]) -> DemoSummary:
    """The summary of a plan."""
    past, now = years[0].classes[0], _same(years[0].classes[0], years[-1])
    child = sample_pupil(years).pupil
    taught = next(
        a
        for a in years[-1].assignments()
        if a.teacher is now.homeroom and a.unit_id == now.class_id and a.subject.graded
    )
    return DemoSummary(
        school_id=size.school_id,
        school_name=SCHOOL_NAME,
        year_id=years[-1].year_id,
        year_name=years[-1].name,
        since=years[-1].starts,
        until=years[-1].until,
        class_id=now.class_id,
        class_name=now.name,
        past_class_id=past.class_id,
        past_class_name=past.name,
        past_year_name=years[0].name,
        pupil_id=child.person.person_id,
        pupil_name=child.person.name,
        teacher_assignment_id=taught.assignment_id,
        subject_id=subject_id(Chance(size.seed), taught.subject.key),
        logins=logins,
    )


def _same(unit: ClassPlan, year: Year) -> ClassPlan:
    """The class of those pupils in that year."""
    return next(other for other in year.classes if other.cohort is unit.cohort)
