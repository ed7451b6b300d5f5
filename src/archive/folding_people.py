"""Who are the people of the register, and who belonged to the class when?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dziennik.archive.register import ClassRegister, History, Person
from dziennik.contracts import classes, people
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import Fact


def _person(register: ClassRegister, person_id: str) -> Person:
    return register.people.setdefault(person_id, Person())


def _named(
    register: ClassRegister, each: Recorded, fact: people.PersonRegistered | people.PersonRenamed
) -> None:
    _person(register, fact.person_id).names.append(each)


def _details(register: ClassRegister, each: Recorded, fact: people.PersonalDetailsRecorded) -> None:
    _person(register, fact.person_id).details = each


def _contact(register: ClassRegister, each: Recorded, fact: people.ContactDetailsRecorded) -> None:
    _person(register, fact.person_id).contact = each


def _rights(
    register: ClassRegister,
    each: Recorded,
    fact: people.ParentalRightsGranted
    | people.ParentalRightsEnded
    | people.ParentalRightsLimited
    | people.ParentalRightsRestored,
) -> None:
    _person(register, fact.pupil_id).parents.setdefault(fact.parent_id, []).append(each)


def _enrolment(
    register: ClassRegister, each: Recorded, fact: classes.PupilEnrolled | classes.PupilLeft
) -> None:
    if fact.class_id == register.class_id:
        register.enrolments.setdefault(fact.pupil_id, []).append(each)


def order_pupils(register: ClassRegister) -> None:
    """By the number in the register; parents whose rights ended before the year are left out."""
    year = register.school.year
    numbers = {pupil: _number(history) for pupil, history in register.enrolments.items()}
    ordered = sorted(register.enrolments, key=lambda pupil: (numbers[pupil], pupil))
    register.enrolments = {pupil: register.enrolments[pupil] for pupil in ordered}
    for pupil in ordered:
        person = _person(register, pupil)
        person.parents = {
            parent: history
            for parent, history in person.parents.items()
            if year and not _ended_before(history, year.starts.isoformat())
        }


def _number(history: History) -> int:
    """The number of the latest enrolment."""
    return next(r.fact.number for r in reversed(history) if isinstance(r.fact, classes.PupilEnrolled))


def _ended_before(history: History, day: str) -> bool:
    last = history[-1].fact
    return isinstance(last, people.ParentalRightsEnded) and last.until.isoformat() < day


HANDLERS: dict[type[Fact], Callable[[ClassRegister, Recorded, Any], None]] = {
    people.PersonRegistered: _named,
    people.PersonRenamed: _named,
    people.PersonalDetailsRecorded: _details,
    people.ContactDetailsRecorded: _contact,
    people.ParentalRightsGranted: _rights,
    people.ParentalRightsEnded: _rights,
    people.ParentalRightsLimited: _rights,
    people.ParentalRightsRestored: _rights,
    classes.PupilEnrolled: _enrolment,
    classes.PupilLeft: _enrolment,
}
