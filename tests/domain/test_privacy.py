"""When may a person's data be erased?"""

from __future__ import annotations

from datetime import date

import pytest

from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.people import NO_SUCH_PERSON, PersonRegistered, RoleLeft, RoleTaken
from dziennik.contracts.privacy import (
    MUST_BE_KEPT,
    STILL_AT_SCHOOL,
    YEARS_UNSOUND,
    ErasePerson,
    PersonErased,
    RetentionRules,
    RetentionRulesSet,
    SetRetentionRules,
)
from dziennik.contracts.school import SchoolYearOpened
from tests.domain.sentence import at, given

PERSON = streams.person("ola")
YEAR = at(
    streams.SCHOOL,
    SchoolYearOpened(year_id="y25", name="2025/2026", starts=date(2025, 9, 1), ends=date(2026, 8, 31)),
)
OLA = at(PERSON, PersonRegistered(person_id="ola", given_names="Ola", family_name="Żak"))
PUPIL = at(PERSON, RoleTaken(person_id="ola", role=Role.PUPIL, since=date(2025, 9, 1)))
LEFT = at(PERSON, RoleLeft(person_id="ola", role=Role.PUPIL, until=date(2026, 2, 14)))
SIX_YEARS = at(
    streams.PRIVACY, RetentionRulesSet(since=date(2026, 1, 1), rules=RetentionRules(register_years=6))
)
LATER_SEVEN = at(
    streams.PRIVACY, RetentionRulesSet(since=date(2040, 1, 1), rules=RetentionRules(register_years=7))
)
ERASE = ErasePerson(person_id="ola", basis="wniosek")
CONTACTS = ErasePerson(person_id="ola", basis="wniosek", contacts_only=True)
ADMINISTRATOR = Actor(account="a", role=Role.ADMINISTRATOR, person="adm")
# The year ends in August 2026: five full calendar years from 1 January 2027 are 2027..2031.
POSSIBLE = date(2032, 1, 1)


def erased(*classes: str, allowed_from: date | None = POSSIBLE) -> PersonErased:
    return PersonErased(person_id="ola", key_classes=classes, basis="wniosek", allowed_from=allowed_from)


def test_not_while_the_register_must_be_kept() -> None:
    story = given(YEAR, OLA, PUPIL, LEFT)
    story.when(ERASE, today=date(2031, 12, 31)).refused(MUST_BE_KEPT, "person_id", possible=POSSIBLE)
    story.when(ERASE, today=POSSIBLE).then(at(PERSON, erased("contacts", "messages", "register")))


def test_the_rules_of_the_day_decide() -> None:
    story = given(YEAR, OLA, PUPIL, LEFT, SIX_YEARS, LATER_SEVEN)
    seven = date(2033, 1, 1)
    story.when(ERASE, today=POSSIBLE).refused(MUST_BE_KEPT, "person_id", possible=seven)
    story.when(ERASE, today=seven).then(
        at(PERSON, erased("contacts", "messages", "register", allowed_from=seven))
    )


def test_who_left_outside_of_any_year_is_counted_from_that_day() -> None:
    """Left in June 2020, of which no year is known: 1 January 2021 and five years."""
    early = at(PERSON, RoleLeft(person_id="ola", role=Role.PUPIL, until=date(2020, 6, 1)))
    since = at(PERSON, RoleTaken(person_id="ola", role=Role.PUPIL, since=date(2019, 9, 1)))
    story = given(YEAR, OLA, since, early)
    story.when(ERASE, today=date(2025, 12, 31)).refused(MUST_BE_KEPT, "person_id", possible=date(2026, 1, 1))


def test_nobody_who_is_still_there() -> None:
    story = given(YEAR, OLA, PUPIL)
    for command in (ERASE, CONTACTS):
        story.when(command, today=date(2060, 1, 1)).refused(STILL_AT_SCHOOL, "person_id", role="pupil")
    last_day = given(YEAR, OLA, PUPIL, LEFT).when(CONTACTS, today=date(2026, 2, 14))
    last_day.refused(STILL_AT_SCHOOL, "person_id", role="pupil")


def test_how_to_reach_somebody_need_not_be_kept() -> None:
    story = given(YEAR, OLA, PUPIL, LEFT)
    story.when(CONTACTS, today=date(2026, 2, 15)).then(at(PERSON, erased("contacts", allowed_from=None)))


def test_what_was_written_need_not_be_kept_either() -> None:
    story = given(YEAR, OLA, PUPIL, LEFT)
    messages = ErasePerson(person_id="ola", basis="wniosek", messages_only=True)
    story.when(messages, today=date(2026, 2, 15)).then(at(PERSON, erased("messages", allowed_from=None)))
    both = ErasePerson(person_id="ola", basis="wniosek", messages_only=True, contacts_only=True)
    story.when(both, today=POSSIBLE).then(at(PERSON, erased("contacts", "messages", allowed_from=None)))


def test_twice_is_once() -> None:
    contacts = at(PERSON, erased("contacts", allowed_from=None))
    story = given(YEAR, OLA, PUPIL, LEFT, contacts)
    story.when(CONTACTS, today=POSSIBLE).nothing()
    story.when(ERASE, today=POSSIBLE).then(at(PERSON, erased("messages", "register")))
    given(YEAR, OLA, PUPIL, LEFT, at(PERSON, erased("contacts", "messages", "register"))).when(
        ERASE, today=POSSIBLE
    ).nothing()


def test_who_never_was_anything_can_go_at_once() -> None:
    given(YEAR, OLA).when(ERASE).then(
        at(PERSON, erased("contacts", "messages", "register", allowed_from=None))
    )


def test_strangers_and_other_roles() -> None:
    given(YEAR).when(ERASE).refused(NO_SUCH_PERSON, "person_id")
    given(YEAR, OLA).when(ERASE, by=ADMINISTRATOR).refused(NOT_YOURS_TO_DO)


@pytest.mark.parametrize("years", [-1, 0, 4, 51])
def test_rules_are_within_the_law(years: int) -> None:
    rules = SetRetentionRules(since=date(2026, 9, 1), rules=RetentionRules(register_years=years))
    given().when(rules).refused(YEARS_UNSOUND, "rules.register_years")


def test_rules_are_set_once() -> None:
    rules = SetRetentionRules(since=date(2026, 1, 1), rules=RetentionRules(register_years=6))
    given().when(rules).then(SIX_YEARS)
    given(SIX_YEARS).when(rules).nothing()
