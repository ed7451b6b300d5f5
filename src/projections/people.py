"""Who are the people of the school: names, contacts, roles, parental rights, accounts?

Dates from-to: both days belong to it, `until` None is open. People are sorted by `sort_key`, the Polish
alphabet as plain text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import people
from dziennik.contracts.envelope import Recorded, Role
from dziennik.contracts.people import Guardianship, ParentalPower
from dziennik.domain.policies.names import polish_sort_key
from dziennik.projections.dated import current, in_force, there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

ALL_POWERS = tuple(ParentalPower)
PEOPLE = ReadModel("people", version=3)
on = PEOPLE.on
table = PEOPLE.table


# Families see who works at the school, themselves, their children, and who else has rights over these.
STAFF_ONLY = "{table}.role <> ALL ('{{pupil,parent}}') OR person_id = ANY ({pupils})"
KNOWN_TO_FAMILIES = (
    "person_id = ANY ({pupils})"
    " OR EXISTS (SELECT FROM {schema}.{model}_role_held{suffix} AS r"
    " WHERE r.person_id = {table}.person_id AND r.role <> ALL ('{{pupil,parent}}'))"
    " OR EXISTS (SELECT FROM {schema}.{model}_parental_right{suffix} AS p"
    " WHERE p.parent_id = {table}.person_id)"
)
# Teachers besides: pupils of their own; parents of these are known to them by their rights, as above.
TAUGHT = "person_id = ANY ({taught})"


@table(
    key=("person_id",),
    indexes=(("account_id",), ("sort_key",)),
    families=KNOWN_TO_FAMILIES,
    staff=TAUGHT,
    directory="account_id",
)
class Person(Row, frozen=True):
    """A person; texts of somebody who was erased read ERASED."""

    person_id: str
    given_names: str
    family_name: str
    sort_key: str
    birth_date: str | None = None
    birth_place: str | None = None
    national_id: str | None = None
    sex: str | None = None
    address: str | None = None
    email: str | None = None
    phone: str | None = None
    account_id: str | None = None


@table(key=("person_id", "role", "since"), indexes=(("role",),), families=STAFF_ONLY)
class RoleHeld(Row, frozen=True):
    """What a person is in the school."""

    person_id: str
    role: Role
    since: date
    until: date | None


@table(key=("pupil_id", "parent_id", "since"), indexes=(("parent_id",),))
class ParentalRight(Row, frozen=True):
    """Somebody may see (information) and act for (decisions) a pupil; `basis` says on which ground that
    ended. When rights are limited one row ends and another begins.
    """

    pupil_id: str
    parent_id: str
    since: date
    until: date | None
    guardianship: Guardianship
    basis: str | None = None
    powers: tuple[ParentalPower, ...] = ALL_POWERS


# How facts change it


@on(people.PersonRegistered, people.PersonRenamed)
def person_named(rows: Rows, fact: people.PersonRegistered | people.PersonRenamed, _: Recorded) -> None:
    key = polish_sort_key(f"{fact.family_name} {fact.given_names}")
    person = rows.get(Person, fact.person_id)
    if person is None:
        rows.put(Person(fact.person_id, fact.given_names, fact.family_name, key))
    else:
        rows.put(replace(person, given_names=fact.given_names, family_name=fact.family_name, sort_key=key))


@on(people.PersonalDetailsRecorded)
def personal_details_recorded(rows: Rows, fact: people.PersonalDetailsRecorded, _: Recorded) -> None:
    rows.put(
        replace(
            there(rows.get(Person, fact.person_id), fact.person_id),
            birth_date=fact.birth_date,
            birth_place=fact.birth_place,
            national_id=fact.national_id,
            sex=fact.sex,
            address=fact.address,
        )
    )


@on(people.ContactDetailsRecorded)
def contact_details_recorded(rows: Rows, fact: people.ContactDetailsRecorded, _: Recorded) -> None:
    person = there(rows.get(Person, fact.person_id), fact.person_id)
    rows.put(replace(person, email=fact.email, phone=fact.phone))


@on(people.AccountLinked)
def account_linked(rows: Rows, fact: people.AccountLinked, _: Recorded) -> None:
    person = there(rows.get(Person, fact.person_id), fact.person_id)
    rows.put(replace(person, account_id=fact.account_id))


@on(people.RoleTaken)
def role_taken(rows: Rows, fact: people.RoleTaken, _: Recorded) -> None:
    rows.put(RoleHeld(fact.person_id, fact.role, fact.since, None))


@on(people.RoleLeft)
def role_left(rows: Rows, fact: people.RoleLeft, _: Recorded) -> None:
    held = current(rows.find(RoleHeld, person_id=fact.person_id, role=fact.role))
    rows.put(replace(held, until=fact.until))


@on(people.ParentalRightsGranted)
def parental_rights_granted(rows: Rows, fact: people.ParentalRightsGranted, _: Recorded) -> None:
    rows.put(ParentalRight(fact.pupil_id, fact.parent_id, fact.since, None, fact.guardianship))


@on(people.ParentalRightsEnded)
def parental_rights_ended(rows: Rows, fact: people.ParentalRightsEnded, _: Recorded) -> None:
    held = current(rows.find(ParentalRight, pupil_id=fact.pupil_id, parent_id=fact.parent_id))
    rows.put(replace(held, until=fact.until, basis=fact.basis))


@on(people.ParentalRightsLimited, people.ParentalRightsRestored)
def parental_rights_changed(
    rows: Rows, fact: people.ParentalRightsLimited | people.ParentalRightsRestored, _: Recorded
) -> None:
    held = current(rows.find(ParentalRight, pupil_id=fact.pupil_id, parent_id=fact.parent_id))
    powers = fact.powers if isinstance(fact, people.ParentalRightsLimited) else ALL_POWERS
    if held.since < fact.since:
        rows.put(replace(held, until=fact.since - timedelta(days=1), basis=fact.basis))
    rows.put(replace(held, since=fact.since, powers=powers))


# What is asked


def of_account(view: View, account_id: str) -> Person | None:
    """Who logs in with an account; None for a stranger to this school."""
    found = view.find(Person, account_id=account_id)
    return found[0] if found else None


def roles(view: View, person_id: str) -> list[RoleHeld]:
    """What a person is and was."""
    return view.find(RoleHeld, person_id=person_id)


def children(view: View, parent_id: str) -> list[ParentalRight]:
    """Over whom a person has or had rights."""
    return view.find(ParentalRight, parent_id=parent_id)


def persons(view: View, person_ids: Iterable[str]) -> dict[str, Person]:
    """Those of the people whom the school knows, by id."""
    found = view.many(Person, [(person_id,) for person_id in dict.fromkeys(person_ids)])
    return {person.person_id: person for person in found if person is not None}


def people_in_role(view: View, role: Role, day: date | None = None) -> list[Person]:
    """Who has (on `day`), or ever had, the role; by name."""
    held = view.find(RoleHeld, role=role)
    found = persons(view, [row.person_id for row in held if day is None or in_force(row, day)])
    return sorted(found.values(), key=lambda person: (person.sort_key, person.person_id))


def parents(view: View, pupil_id: str) -> list[ParentalRight]:
    """Who has or had rights over the pupil."""
    return view.find(ParentalRight, pupil_id=pupil_id)


def informed(view: View, pupil_id: str, day: date) -> list[str]:
    """Who may know of the pupil on that day, by rights that let them."""
    return [right.parent_id for right in parents(view, pupil_id) if _informs(right, day)]


def informed_of(view: View, parent_id: str, day: date) -> list[str]:
    """The pupils of whom a parent may know on that day."""
    return [right.pupil_id for right in children(view, parent_id) if _informs(right, day)]


def _informs(right: ParentalRight, day: date) -> bool:
    return in_force(right, day) and ParentalPower.INFORMATION in right.powers
