"""What may be decided about people: names, details, roles, parental rights?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.people import (
    ACCOUNT_TAKEN,
    ALREADY_IN_ROLE,
    ENDS_BEFORE_START,
    NATIONAL_ID_WRONG,
    NO_PARENTAL_RIGHTS,
    NO_SUCH_PERSON,
    NOT_IN_ROLE,
    OWN_PARENT,
    PERSON_EXISTS,
    POWERS_UNSOUND,
    RIGHTS_ALREADY_HELD,
    AccountLinked,
    ContactDetailsRecorded,
    EndParentalRights,
    GrantParentalRights,
    Guardianship,
    LeaveRole,
    LimitParentalRights,
    LinkAccount,
    ParentalPower,
    ParentalRightsEnded,
    ParentalRightsGranted,
    ParentalRightsLimited,
    ParentalRightsRestored,
    PersonalDetailsRecorded,
    PersonRegistered,
    PersonRenamed,
    RecordContactDetails,
    RecordPersonalDetails,
    RegisterPerson,
    RenamePerson,
    RestoreParentalRights,
    RoleLeft,
    RoleTaken,
    TakeRole,
)
from dziennik.domain.people import person
from dziennik.domain.world import Entry, fold
from tests.domain.register import JANUARY, JUNE, LAST_YEAR, NEXT_YEAR, NOWAK, OFFICE, SEPTEMBER, known
from tests.domain.sentence import at, given


def of_cma(fact: Fact) -> Entry:
    return at(streams.person("cma"), fact)


SOMEBODY_ELSE = known("zajac", "Ewa", "Zając", Role.PUPIL)
PARENT = known("ojciec", "Jan", "Ćma", Role.PARENT)

REGISTERED = of_cma(PersonRegistered(person_id="cma", given_names="Żaneta", family_name="Ćma"))
PUPIL_SINCE_SEPTEMBER = of_cma(RoleTaken(person_id="cma", role=Role.PUPIL, since=SEPTEMBER))
PUPIL_TILL_JANUARY = of_cma(RoleLeft(person_id="cma", role=Role.PUPIL, until=JANUARY))
BACK_IN_JUNE = of_cma(RoleTaken(person_id="cma", role=Role.PUPIL, since=JUNE))
GRANTED = of_cma(
    ParentalRightsGranted(
        pupil_id="cma", parent_id="ojciec", guardianship=Guardianship.PARENT, since=SEPTEMBER
    )
)
ENDED = of_cma(
    ParentalRightsEnded(pupil_id="cma", parent_id="ojciec", until=JANUARY, basis="wyrok III RC 1/27")
)
LIMITED = of_cma(
    ParentalRightsLimited(
        pupil_id="cma",
        parent_id="ojciec",
        since=JANUARY,
        powers=(ParentalPower.INFORMATION,),
        basis="III Nsm 7/26",
    )
)
RESTORED = of_cma(
    ParentalRightsRestored(pupil_id="cma", parent_id="ojciec", since=JUNE, basis="III Nsm 9/27")
)
LINKED = of_cma(AccountLinked(person_id="cma", account_id="account-cma"))
FAMILY = (*SOMEBODY_ELSE, *PARENT, REGISTERED, PUPIL_SINCE_SEPTEMBER)

REGISTER = RegisterPerson(
    person_id="cma", given_names="Żaneta", family_name="Ćma", since=SEPTEMBER, roles=(Role.PUPIL,)
)
RENAME = RenamePerson(person_id="cma", given_names="Żaneta", family_name="Ćma-Lis", reason="przysposobienie")
DETAILS = RecordPersonalDetails(
    person_id="cma", birth_date=date(1944, 5, 14), national_id="44051401359", birth_place="Łódź"
)
CONTACT = RecordContactDetails(person_id="cma", email="cma@example.org")
TAKE = TakeRole(person_id="cma", role=Role.PUPIL, since=SEPTEMBER)
LEAVE = LeaveRole(person_id="cma", role=Role.PUPIL, until=JANUARY)
GRANT = GrantParentalRights(
    pupil_id="cma", parent_id="ojciec", guardianship=Guardianship.PARENT, since=SEPTEMBER
)
END = EndParentalRights(pupil_id="cma", parent_id="ojciec", until=JANUARY, basis="wyrok III RC 1/27")
LIMIT = LimitParentalRights(
    pupil_id="cma",
    parent_id="ojciec",
    since=JANUARY,
    powers=(ParentalPower.INFORMATION,),
    basis="III Nsm 7/26",
)
RESTORE = RestoreParentalRights(pupil_id="cma", parent_id="ojciec", since=JUNE, basis="III Nsm 9/27")
LINK = LinkAccount(person_id="cma", account_id="account-cma")


def test_a_person_is_registered_in_roles() -> None:
    given(SOMEBODY_ELSE).when(REGISTER).then(REGISTERED, PUPIL_SINCE_SEPTEMBER)


def test_a_role_named_twice_is_taken_once() -> None:
    given().when(replace(REGISTER, roles=(Role.PUPIL, Role.PUPIL))).then(REGISTERED, PUPIL_SINCE_SEPTEMBER)


def test_registering_again_does_nothing() -> None:
    given(REGISTERED, PUPIL_SINCE_SEPTEMBER).when(REGISTER).nothing()


def test_registering_again_adds_only_the_role_that_is_new() -> None:
    given(REGISTERED).when(REGISTER).then(PUPIL_SINCE_SEPTEMBER)
    again = replace(REGISTER, since=JUNE)
    given(REGISTERED, PUPIL_SINCE_SEPTEMBER, PUPIL_TILL_JANUARY).when(again).then(BACK_IN_JUNE)


def test_one_id_is_one_person() -> None:
    given(REGISTERED).when(replace(REGISTER, given_names="Ewa")).refused(PERSON_EXISTS, "person_id")


def test_a_person_is_renamed() -> None:
    renamed = of_cma(
        PersonRenamed(person_id="cma", given_names="Żaneta", family_name="Ćma-Lis", reason="przysposobienie")
    )
    given(REGISTERED).when(RENAME).then(renamed)
    given(REGISTERED, renamed).when(RENAME).nothing()


def test_details_replace_what_was_known() -> None:
    recorded = of_cma(
        PersonalDetailsRecorded(
            person_id="cma", birth_date="1944-05-14", national_id="44051401359", birth_place="Łódź"
        )
    )
    given(REGISTERED).when(DETAILS).then(recorded)
    given(REGISTERED, recorded).when(DETAILS).nothing()
    given(REGISTERED, recorded).when(RecordPersonalDetails(person_id="cma")).then(
        of_cma(PersonalDetailsRecorded(person_id="cma"))
    )


@pytest.mark.parametrize("wrong", ["44051401358", "4405140135", "440514 01359", ""])
def test_a_national_id_needs_its_check_digit(wrong: str) -> None:
    given(REGISTERED).when(replace(DETAILS, national_id=wrong)).refused(NATIONAL_ID_WRONG, "national_id")


def test_contact_details_replace_what_was_known() -> None:
    recorded = of_cma(ContactDetailsRecorded(person_id="cma", email="cma@example.org"))
    given(REGISTERED).when(CONTACT).then(recorded)
    given(REGISTERED, recorded).when(CONTACT).nothing()


def test_a_role_is_taken_once() -> None:
    given(REGISTERED).when(TAKE).then(PUPIL_SINCE_SEPTEMBER)
    given(REGISTERED, PUPIL_SINCE_SEPTEMBER).when(TAKE).nothing()
    given(REGISTERED, PUPIL_SINCE_SEPTEMBER).when(replace(TAKE, since=JUNE)).refused(
        ALREADY_IN_ROLE, "role", person="cma", role="pupil", since=SEPTEMBER
    )


def test_a_role_may_be_taken_again_after_its_end() -> None:
    left = (REGISTERED, PUPIL_SINCE_SEPTEMBER, PUPIL_TILL_JANUARY)
    given(left).when(replace(TAKE, since=JUNE)).then(BACK_IN_JUNE)
    given(left).when(replace(TAKE, since=JANUARY)).refused(ALREADY_IN_ROLE, "role")


def test_a_role_is_left() -> None:
    given(REGISTERED, PUPIL_SINCE_SEPTEMBER).when(LEAVE).then(PUPIL_TILL_JANUARY)
    left = (REGISTERED, PUPIL_SINCE_SEPTEMBER, PUPIL_TILL_JANUARY)
    given(left).when(LEAVE).nothing()
    given(left).when(replace(LEAVE, until=JUNE)).refused(
        NOT_IN_ROLE, "role", person="cma", role="pupil", on=JUNE
    )
    given(REGISTERED).when(LEAVE).refused(NOT_IN_ROLE, "role")


def test_a_role_does_not_end_before_it_began() -> None:
    given(REGISTERED, PUPIL_SINCE_SEPTEMBER).when(replace(LEAVE, until=LAST_YEAR)).refused(
        ENDS_BEFORE_START, "until", until=LAST_YEAR, since=SEPTEMBER
    )


def test_parental_rights_are_granted() -> None:
    given(FAMILY).when(GRANT).then(GRANTED)
    given(FAMILY, GRANTED).when(GRANT).nothing()
    for other in (replace(GRANT, since=JUNE), replace(GRANT, guardianship=Guardianship.GUARDIAN)):
        given(FAMILY, GRANTED).when(other).refused(RIGHTS_ALREADY_HELD, "parent_id", since=SEPTEMBER)


def test_nobody_is_their_own_parent() -> None:
    given(FAMILY).when(replace(GRANT, parent_id="cma")).refused(OWN_PARENT, "parent_id")


def test_both_parent_and_pupil_are_known() -> None:
    given(PARENT).when(GRANT).refused(NO_SUCH_PERSON, "pupil_id", person="cma")
    given(REGISTERED).when(GRANT).refused(NO_SUCH_PERSON, "parent_id", person="ojciec")


def test_parental_rights_end_on_a_ground() -> None:
    given(FAMILY, GRANTED).when(END).then(ENDED)
    given(FAMILY, GRANTED, ENDED).when(END).nothing()


def test_parental_rights_may_be_granted_again_after_their_end() -> None:
    again = replace(GRANT, since=JUNE, guardianship=Guardianship.GUARDIAN)
    given(FAMILY, GRANTED, ENDED).when(again).then(
        of_cma(
            ParentalRightsGranted(
                pupil_id="cma", parent_id="ojciec", guardianship=Guardianship.GUARDIAN, since=JUNE
            )
        )
    )
    given(FAMILY, GRANTED, ENDED).when(replace(again, since=JANUARY)).refused(
        RIGHTS_ALREADY_HELD, "parent_id"
    )


def test_rights_that_are_not_held_do_not_end() -> None:
    given(FAMILY).when(END).refused(NO_PARENTAL_RIGHTS, "parent_id")
    given(FAMILY, GRANTED, ENDED).when(replace(END, until=JUNE)).refused(NO_PARENTAL_RIGHTS, "parent_id")
    given(FAMILY, GRANTED).when(replace(END, until=LAST_YEAR)).refused(
        ENDS_BEFORE_START, "until", until=LAST_YEAR, since=SEPTEMBER
    )


def test_an_account_is_linked_once() -> None:
    given(REGISTERED).when(LINK).then(LINKED)
    given(REGISTERED, LINKED).when(LINK).nothing()
    given(REGISTERED, LINKED).when(replace(LINK, account_id="account-2")).refused(ACCOUNT_TAKEN, "account_id")


@pytest.mark.parametrize("command", [RENAME, DETAILS, CONTACT, TAKE, LEAVE, LINK])
def test_it_takes_a_person_that_is_known(command: Command) -> None:
    given(SOMEBODY_ELSE).when(command).refused(NO_SUCH_PERSON, "person_id", person="cma")


def test_rights_end_over_a_pupil_that_is_known() -> None:
    given(SOMEBODY_ELSE).when(END).refused(NO_SUCH_PERSON, "pupil_id", person="cma")


@pytest.mark.parametrize("command", [REGISTER, RENAME, DETAILS, CONTACT, TAKE, LEAVE, GRANT, END, LINK])
def test_people_are_the_offices(command: Command) -> None:
    given(FAMILY).when(command, by=NOWAK).refused(NOT_YOURS_TO_DO, role="teacher")


def test_the_office_registers_people() -> None:
    given().when(replace(REGISTER, since=NEXT_YEAR, roles=()), by=OFFICE).then(REGISTERED)


def test_a_court_limits_rights_and_restores_them() -> None:
    given(FAMILY, GRANTED).when(LIMIT).then(LIMITED)
    given(FAMILY, GRANTED, LIMITED).when(LIMIT).nothing()
    given(FAMILY, GRANTED, LIMITED).when(RESTORE).then(RESTORED)
    given(FAMILY, GRANTED).when(RESTORE).nothing()
    given(FAMILY, GRANTED, LIMITED, RESTORED).when(RESTORE).nothing()


def test_what_is_limited_must_be_held() -> None:
    given(FAMILY).when(LIMIT).refused(NO_PARENTAL_RIGHTS, "parent_id")
    given(FAMILY, GRANTED, ENDED).when(LIMIT).refused(NO_PARENTAL_RIGHTS, "parent_id")
    early = replace(LIMIT, since=SEPTEMBER - timedelta(days=1))
    given(FAMILY, GRANTED).when(early).refused(ENDS_BEFORE_START, "since")
    for powers in (tuple(ParentalPower), (ParentalPower.DECISIONS,)):
        given(FAMILY, GRANTED).when(replace(LIMIT, powers=powers)).refused(POWERS_UNSOUND, "powers")
    teacher = Actor(account="t", role=Role.TEACHER, person="t")
    given(FAMILY, GRANTED).when(LIMIT, by=teacher).refused(NOT_YOURS_TO_DO)


def test_limited_rights_hold_what_is_left_of_them_on_each_day() -> None:
    facts = [entry.fact for entry in (*FAMILY, GRANTED, LIMITED, RESTORED) if entry.stream == GRANTED.stream]
    pupil = fold(person("cma"), facts)

    def held(day: date) -> set[str]:
        return {power.value for power in ParentalPower if pupil.parent_may("ojciec", power, day)}

    day_before = timedelta(days=1)
    assert held(SEPTEMBER - day_before) == set()
    assert held(SEPTEMBER) == held(JANUARY - day_before) == {"information", "decisions"}
    assert held(JANUARY) == held(JUNE - day_before) == {"information"}
    assert held(JUNE) == {"information", "decisions"}
    assert not pupil.parent_may(None, ParentalPower.INFORMATION, JUNE)


def test_rights_limited_from_their_first_day_on_never_were_whole() -> None:
    none = replace(LIMITED.fact, since=SEPTEMBER, powers=())
    pupil = fold(person("cma"), [REGISTERED.fact, GRANTED.fact, none])
    assert [held.powers for held in pupil.parents["ojciec"]] == [()]
