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
    SHEETS_UNDER_REGISTER,
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
# Fifty, of what stands on the grade sheet.
SHEETS = date(2077, 1, 1)


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


def test_the_grade_sheet_of_a_pupil_stays_for_fifty_years() -> None:
    gone = at(PERSON, erased("contacts", "messages", "register"))
    story = given(YEAR, OLA, PUPIL, LEFT, gone)
    story.when(ERASE, today=date(2076, 12, 31)).nothing()
    story.when(ERASE, today=SHEETS).then(at(PERSON, erased("grade_sheets", allowed_from=SHEETS)))
    at_once = given(YEAR, OLA, PUPIL, LEFT).when(ERASE, today=SHEETS)
    at_once.then(at(PERSON, erased("contacts", "messages", "register", "grade_sheets", allowed_from=SHEETS)))


def test_a_school_may_keep_grade_sheets_longer() -> None:
    rules = RetentionRules(register_years=5, grade_sheet_years=60)
    longer = at(streams.PRIVACY, RetentionRulesSet(since=date(2026, 1, 1), rules=rules))
    gone = at(PERSON, erased("contacts", "messages", "register"))
    story = given(YEAR, OLA, PUPIL, LEFT, gone, longer)
    story.when(ERASE, today=date(2086, 12, 31)).nothing()
    sixty = date(2087, 1, 1)
    story.when(ERASE, today=sixty).then(at(PERSON, erased("grade_sheets", allowed_from=sixty)))


def test_parents_stand_on_grade_sheets_and_teachers_do_not() -> None:
    for role, classes in (
        (Role.PARENT, ("contacts", "messages", "register")),
        (Role.TEACHER, ("contacts", "messages", "register", "grade_sheets")),
    ):
        was = at(PERSON, RoleTaken(person_id="ola", role=role, since=date(2025, 9, 1)))
        left = at(PERSON, RoleLeft(person_id="ola", role=role, until=date(2026, 2, 14)))
        given(YEAR, OLA, was, left).when(ERASE, today=POSSIBLE).then(at(PERSON, erased(*classes)))


def test_sheets_written_before_they_had_keys_hold_the_registers_key() -> None:
    before = ErasePerson(person_id="ola", basis="wniosek", sheets_under_register=True)
    story = given(YEAR, OLA, PUPIL, LEFT)
    story.when(before, today=date(2031, 12, 31)).refused(MUST_BE_KEPT, "person_id", possible=POSSIBLE)
    for day in (POSSIBLE, date(2076, 12, 31)):
        story.when(before, today=day).refused(SHEETS_UNDER_REGISTER, "person_id", possible=SHEETS)
    everything = erased("contacts", "messages", "register", "grade_sheets", allowed_from=SHEETS)
    story.when(before, today=SHEETS).then(at(PERSON, everything))
    contacts = ErasePerson(person_id="ola", basis="wniosek", contacts_only=True, sheets_under_register=True)
    story.when(contacts, today=POSSIBLE).then(at(PERSON, erased("contacts", allowed_from=None)))


def test_who_comes_back_can_be_erased_again() -> None:
    gone = at(PERSON, erased("contacts", "messages", "register"))
    back = at(PERSON, RoleTaken(person_id="ola", role=Role.TEACHER, since=date(2033, 9, 1)))
    left = at(PERSON, RoleLeft(person_id="ola", role=Role.TEACHER, until=date(2034, 6, 30)))
    story = given(YEAR, OLA, PUPIL, LEFT, gone, back, left)
    story.when(CONTACTS, today=date(2034, 7, 1)).then(at(PERSON, erased("contacts", allowed_from=None)))
    story.when(ERASE, today=date(2034, 7, 1)).refused(MUST_BE_KEPT, "person_id", possible=date(2040, 1, 1))


def test_who_never_was_anything_can_go_at_once() -> None:
    given(YEAR, OLA).when(ERASE).then(
        at(PERSON, erased("contacts", "messages", "register", "grade_sheets", allowed_from=None))
    )


def test_strangers_and_other_roles() -> None:
    given(YEAR).when(ERASE).refused(NO_SUCH_PERSON, "person_id")
    given(YEAR, OLA).when(ERASE, by=ADMINISTRATOR).refused(NOT_YOURS_TO_DO)


@pytest.mark.parametrize("years", [-1, 0, 4, 51])
def test_rules_are_within_the_law(years: int) -> None:
    rules = SetRetentionRules(since=date(2026, 9, 1), rules=RetentionRules(register_years=years))
    given().when(rules).refused(YEARS_UNSOUND, "rules.register_years")


@pytest.mark.parametrize("years", [-1, 0, 49, 101])
def test_grade_sheets_are_kept_within_the_law_too(years: int) -> None:
    kept = RetentionRules(register_years=5, grade_sheet_years=years)
    rules = SetRetentionRules(since=date(2026, 9, 1), rules=kept)
    given().when(rules).refused(YEARS_UNSOUND, "rules.grade_sheet_years", least=50, most=100)


def test_rules_are_set_once() -> None:
    rules = SetRetentionRules(since=date(2026, 1, 1), rules=RetentionRules(register_years=6))
    given().when(rules).then(SIX_YEARS)
    given(SIX_YEARS).when(rules).nothing()
