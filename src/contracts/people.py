"""People of a school: who they are, what they are there, whose child is whose.

One stream a person: ``person/{id}``; parental rights stand in the pupil's. All that tells
one person from another is encrypted with that person's key.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar

from dziennik.contracts.commands import Command, command
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import CONTACTS, Fact, OnSheet, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId


class Guardianship(StrEnum):
    """On which ground somebody stands for a child."""

    PARENT = "parent"
    GUARDIAN = "guardian"


class ParentalPower(StrEnum):
    """What rights over a child hold: to know of it, and to act for it."""

    INFORMATION = "information"
    DECISIONS = "decisions"


@fact("people.person_registered.1", person="person_id")
class PersonRegistered(Fact, frozen=True, kw_only=True):
    """A person became known to the school."""

    person_id: PersonId
    given_names: OnSheet
    family_name: OnSheet


@fact("people.person_renamed.1", person="person_id")
class PersonRenamed(Fact, frozen=True, kw_only=True):
    """A person's name changed, or was put right (`reason`)."""

    person_id: PersonId
    given_names: OnSheet
    family_name: OnSheet
    reason: str | None = None


@fact("people.personal_details_recorded.1", person="person_id")
class PersonalDetailsRecorded(Fact, frozen=True, kw_only=True):
    """Birth and dwelling as the class register wants them (s. 8). Replaces what was known.

    `birth_date` is an ISO day as text, because personal fields are texts.
    """

    person_id: PersonId
    birth_date: OnSheet | None = None
    birth_place: OnSheet | None = None
    national_id: OnSheet | None = None
    sex: OnSheet | None = None
    address: Personal | None = None


@fact("people.contact_details_recorded.1", person="person_id")
class ContactDetailsRecorded(Fact, frozen=True, kw_only=True):
    """How to reach a person. Replaces what was known. Need not be kept as long as the register."""

    key_class: ClassVar[str] = CONTACTS

    person_id: PersonId
    email: Personal | None = None
    phone: Personal | None = None


@fact("people.role_taken.1")
class RoleTaken(Fact, frozen=True, kw_only=True):
    """The person is a pupil, teacher, parent, director ... of the school from `since` on."""

    person_id: PersonId
    role: Role
    since: date


@fact("people.role_left.1")
class RoleLeft(Fact, frozen=True, kw_only=True):
    """The person's last day in that role was `until`."""

    person_id: PersonId
    role: Role
    until: date


@fact("people.parental_rights_granted.1")
class ParentalRightsGranted(Fact, frozen=True, kw_only=True):
    """From `since` on `parent_id` may see and act for the pupil."""

    pupil_id: PersonId
    parent_id: PersonId
    guardianship: Guardianship
    since: date


@fact("people.parental_rights_ended.1")
class ParentalRightsEnded(Fact, frozen=True, kw_only=True):
    """The last day of these rights was `until`; `basis` names the court order or other ground."""

    pupil_id: PersonId
    parent_id: PersonId
    until: date
    basis: str


@fact("people.parental_rights_limited.1")
class ParentalRightsLimited(Fact, frozen=True, kw_only=True):
    """From `since` on the rights hold no more than `powers` (none: they rest); `basis` names the court order.

    Family and Guardianship Code art. 109-111: a court may limit, suspend or take away parental authority.
    """

    pupil_id: PersonId
    parent_id: PersonId
    since: date
    powers: tuple[ParentalPower, ...]
    basis: str


@fact("people.parental_rights_restored.1")
class ParentalRightsRestored(Fact, frozen=True, kw_only=True):
    """From `since` on limited rights are whole again; `basis` names the court order."""

    pupil_id: PersonId
    parent_id: PersonId
    since: date
    basis: str


@fact("people.account_linked.1")
class AccountLinked(Fact, frozen=True, kw_only=True):
    """The person logs in with this account."""

    person_id: PersonId
    account_id: str


@command("people.register_person")
class RegisterPerson(Command, frozen=True, kw_only=True):
    person_id: PersonId
    given_names: str
    family_name: str
    since: date
    roles: tuple[Role, ...] = ()


@command("people.rename_person")
class RenamePerson(Command, frozen=True, kw_only=True):
    person_id: PersonId
    given_names: str
    family_name: str
    reason: str | None = None


@command("people.record_personal_details")
class RecordPersonalDetails(Command, frozen=True, kw_only=True):
    """Replaces all details: a field left out is no longer known."""

    person_id: PersonId
    birth_date: date | None = None
    birth_place: str | None = None
    national_id: str | None = None
    sex: str | None = None
    address: str | None = None


@command("people.record_contact_details")
class RecordContactDetails(Command, frozen=True, kw_only=True):
    """Replaces all contact details: a field left out is no longer known."""

    person_id: PersonId
    email: str | None = None
    phone: str | None = None


@command("people.take_role")
class TakeRole(Command, frozen=True, kw_only=True):
    person_id: PersonId
    role: Role
    since: date


@command("people.leave_role")
class LeaveRole(Command, frozen=True, kw_only=True):
    person_id: PersonId
    role: Role
    until: date


@command("people.grant_parental_rights")
class GrantParentalRights(Command, frozen=True, kw_only=True):
    pupil_id: PersonId
    parent_id: PersonId
    guardianship: Guardianship
    since: date


@command("people.end_parental_rights")
class EndParentalRights(Command, frozen=True, kw_only=True):
    pupil_id: PersonId
    parent_id: PersonId
    until: date
    basis: str


@command("people.limit_parental_rights")
class LimitParentalRights(Command, frozen=True, kw_only=True):
    """`powers` that are left: information and no decisions, or none at all."""

    pupil_id: PersonId
    parent_id: PersonId
    since: date
    powers: tuple[ParentalPower, ...]
    basis: str


@command("people.restore_parental_rights")
class RestoreParentalRights(Command, frozen=True, kw_only=True):
    """The limit ends the day before `since`."""

    pupil_id: PersonId
    parent_id: PersonId
    since: date
    basis: str


@command("people.link_account")
class LinkAccount(Command, frozen=True, kw_only=True):
    person_id: PersonId
    account_id: str


NO_SUCH_PERSON = Reason(
    "PEOPLE.NO_SUCH_PERSON",
    pl="Szkoła nie zna osoby {person}.",
    en="The school knows no person {person}.",
)
PERSON_EXISTS = Reason(
    "PEOPLE.PERSON_EXISTS",
    pl="Osoba o tym identyfikatorze jest już zapisana pod innym nazwiskiem.",
    en="A person with this id is already registered under another name.",
)
NOT_IN_ROLE = Reason(
    "PEOPLE.NOT_IN_ROLE",
    pl="Osoba {person} nie jest w dniu {on} w roli {role}.",
    en="On {on} the person {person} is not a {role}.",
)
ALREADY_IN_ROLE = Reason(
    "PEOPLE.ALREADY_IN_ROLE",
    pl="Osoba {person} jest już w roli {role} od {since}.",
    en="The person {person} has been a {role} since {since}.",
)
NO_PARENTAL_RIGHTS = Reason(
    "PEOPLE.NO_PARENTAL_RIGHTS",
    pl="Ta osoba nie ma praw rodzicielskich do tego ucznia.",
    en="This person holds no parental rights over this pupil.",
)
RIGHTS_ALREADY_HELD = Reason(
    "PEOPLE.RIGHTS_ALREADY_HELD",
    pl="Ta osoba ma już prawa do tego ucznia od {since}.",
    en="This person has held rights over this pupil since {since}.",
)
POWERS_UNSOUND = Reason(
    "PEOPLE.POWERS_UNSOUND",
    pl="Ograniczone prawa to sam wgląd (information) albo nic. Całość przywraca się osobno.",
    en="Limited rights are information alone, or nothing. Whole ones are restored by another command.",
)
OWN_PARENT = Reason(
    "PEOPLE.OWN_PARENT",
    pl="Nikt nie może być własnym rodzicem.",
    en="Nobody can be their own parent.",
)
NATIONAL_ID_WRONG = Reason(
    "PEOPLE.NATIONAL_ID_WRONG",
    pl="Numer PESEL ma niewłaściwą długość lub cyfrę kontrolną.",
    en="The PESEL number has a wrong length or check digit.",
)
ENDS_BEFORE_START = Reason(
    "PEOPLE.ENDS_BEFORE_START",
    pl="Koniec {until} wypada przed początkiem {since}.",
    en="The end {until} is before the beginning {since}.",
)
ACCOUNT_TAKEN = Reason(
    "PEOPLE.ACCOUNT_TAKEN",
    pl="Ta osoba ma już inne konto.",
    en="This person already has another account.",
)
