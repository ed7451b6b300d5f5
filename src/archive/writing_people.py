"""How are pupils, their parents and the other people written down?

The class register holds pupils' names in order, birth date and place, address; parents' names, addresses,
e-mails and phones (MEN regulation of 25 Aug 2017, s. 8): this much and no more. No PESEL, no sex.
"""

from __future__ import annotations

from collections.abc import Iterator

from dziennik.archive.canonical import Tag, day, number
from dziennik.archive.page import ERASED_MARKER, Page, is_erased
from dziennik.archive.register import History, Person, told
from dziennik.contracts.classes import PupilEnrolled, PupilLeft
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.people import (
    ContactDetailsRecorded,
    ParentalRightsEnded,
    ParentalRightsGranted,
    ParentalRightsLimited,
    ParentalRightsRestored,
    PersonalDetailsRecorded,
)

PUPILS, PUPIL, ENROLLED, LEFT = Tag("pupils"), Tag("pupil"), Tag("enrolled"), Tag("left")
PARENT, GRANTED, ENDED = Tag("parent"), Tag("rights-granted"), Tag("rights-ended")
LIMITED, RESTORED = Tag("rights-limited"), Tag("rights-restored")
DETAILS, ADDRESS, CONTACT = Tag("details"), Tag("address"), Tag("contact")
PEOPLE, PERSON = Tag("people"), Tag("person")


def pupils(page: Page, *, limits: bool = False) -> Iterator[str]:
    """All who ever belonged to the class, in the order of their numbers. `limits`: of parents' rights too."""
    register = page.register
    yield PUPILS.block()
    for pupil_id, history in register.enrolments.items():
        person = register.people[pupil_id]
        yield PUPIL.block(id=pupil_id, key=page.keys[pupil_id])
        yield from _belonging(page, history)
        yield from _identity(page, person, birth=True)
        for parent_id, rights in person.parents.items():
            yield PARENT.block(id=parent_id)
            yield from _rights(page, rights)
            if limits:
                yield from _limits(page, rights)
            yield from _identity(page, register.people.get(parent_id, Person()), birth=False)
            yield PARENT.end
        yield PUPIL.end
    yield PUPILS.end


def _belonging(page: Page, history: History) -> Iterator[str]:
    for each in history:
        fact = each.fact
        if isinstance(fact, PupilEnrolled):
            yield ENROLLED.whole(**page.by(each), number=number(fact.number), since=day(fact.since))
        elif isinstance(fact, PupilLeft):
            yield LEFT.whole(**page.by(each), reason=fact.reason, until=day(fact.until))


def _rights(page: Page, history: History) -> Iterator[str]:
    for each in history:
        fact = each.fact
        if isinstance(fact, ParentalRightsGranted):
            yield GRANTED.whole(**page.by(each), guardianship=fact.guardianship, since=day(fact.since))
        elif isinstance(fact, ParentalRightsEnded):
            yield ENDED.whole(**page.by(each), basis=fact.basis, until=day(fact.until))


def _limits(page: Page, history: History) -> Iterator[str]:
    for each in history:
        fact = each.fact
        if isinstance(fact, ParentalRightsLimited):
            powers = " ".join(fact.powers)
            yield LIMITED.whole(**page.by(each), basis=fact.basis, powers=powers, since=day(fact.since))
        elif isinstance(fact, ParentalRightsRestored):
            yield RESTORED.whole(**page.by(each), basis=fact.basis, since=day(fact.since))


def _identity(page: Page, person: Person, *, birth: bool) -> Iterator[str]:
    """Names, details, contact; pupils with birth, parents without. Keys may be destroyed one by one."""
    yield page.names(person)
    if person.details:
        yield _details(page, person.details, birth=birth)
    if person.contact:
        reach = told(person.contact, ContactDetailsRecorded)
        if is_erased(reach):
            yield CONTACT.block(**page.by(person.contact)) + ERASED_MARKER + CONTACT.end
        else:
            yield CONTACT.whole(**page.by(person.contact), email=reach.email, phone=reach.phone)


def _details(page: Page, each: Recorded, *, birth: bool) -> str:
    fact = told(each, PersonalDetailsRecorded)
    if is_erased(fact):
        return DETAILS.block(**page.by(each)) + ERASED_MARKER + DETAILS.end
    born, where = (fact.birth_date, fact.birth_place) if birth else (None, None)
    begun = DETAILS.block(**page.by(each), birth_date=born, birth_place=where)
    return begun + ("" if fact.address is None else ADDRESS.text(fact.address)) + DETAILS.end


def people(page: Page) -> Iterator[str]:
    """Everybody else whom the document names: teachers, and authors of entries; by id.

    Telling somebody's name may name its author in turn, so the table grows while it is written.
    """
    written: dict[str, str] = {}
    while waiting := [person_id for person_id in page.told if person_id not in written]:
        for person_id in waiting:
            person = page.register.people.get(person_id, Person())
            written[person_id] = PERSON.block(id=person_id) + page.names(person) + PERSON.end
    yield PEOPLE.block() + "".join(written[person_id] for person_id in sorted(written)) + PEOPLE.end
