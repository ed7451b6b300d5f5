"""Attacks by those who may open accounts: a curious administrator, or one of another school."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import people
from dziennik.contracts.access import AccountClosed, AccountOpened
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from tests.graphql.conftest import BEGIN, OFFICE, PASSWORD, Served

OPEN = """mutation ($person: ID!, $login: String!, $password: String!, $school: ID! = "sp1") {
  openAccount(school: $school, personId: $person, login: $login, password: $password) {
    __typename ... on Refusal { code field message details { value } } ... on Accepted { position facts } } }"""


def newcomer(served: Served, *roles: Role, person: str = "new") -> str:
    command = people.RegisterPerson(
        person_id=person, given_names="Nowa", family_name="Osoba", since=BEGIN, roles=roles
    )
    assert isinstance(served.system.register("sp1").execute(command, actor=OFFICE), Accepted)
    return person


def opened(served: Served, who: str, person: str, login: str, password: str = PASSWORD) -> dict[str, Any]:
    found: dict[str, Any] = served.data(OPEN, who, person=person, login=login, password=password)
    return found["openAccount"]  # type: ignore[no-any-return]


def provider_facts(served: Served) -> int:
    return served.system.provider().position()


def test_an_opened_account_logs_in(served: Served) -> None:
    assert opened(served, "adm", newcomer(served, Role.PARENT), "nowa")["facts"] == 1
    assert not isinstance(served.system.accounts.login("nowa", PASSWORD), Refusal)


@pytest.mark.parametrize("password", [PASSWORD, "not the password of it"])
def test_an_existing_login_is_taken_whatever_the_password(served: Served, password: str) -> None:
    """Otherwise the office could try passwords of strangers without back-off, and take accounts over."""
    person, head, before = newcomer(served, Role.PARENT), served.head(), provider_facts(served)
    said = opened(served, "adm", person, "t-maths.login", password)
    assert (said["code"], said["field"]) == ("ACCESS.LOGIN_TAKEN", "login")
    assert PASSWORD not in str(said)
    assert (served.head(), provider_facts(served)) == (head, before)


@pytest.mark.parametrize(
    ("person", "code"), [("p1", "PEOPLE.ACCOUNT_TAKEN"), ("nobody", "PEOPLE.NO_SUCH_PERSON")]
)
def test_a_refused_account_keeps_no_login(served: Served, person: str, code: str) -> None:
    before = provider_facts(served)
    assert opened(served, "adm", person, "free.login")["code"] == code
    assert provider_facts(served) == before
    assert opened(served, "adm", newcomer(served, Role.PUPIL), "free.login")["__typename"] == "Accepted"


@pytest.mark.parametrize("person", ["../../provider", "a\x00b", "", "x" * 5000])
def test_malformed_people_are_refused(served: Served, person: str) -> None:
    before = provider_facts(served)
    answer = served.ask(OPEN, "adm", person=person, login="free.login", password=PASSWORD)
    assert "FAULT" not in str(answer)
    assert provider_facts(served) == before


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_office_opens_no_account_above_its_own(served: Served, role: Role) -> None:
    """Whoever chooses the password could log in as the director."""
    person, before = newcomer(served, role, Role.TEACHER), provider_facts(served)
    assert opened(served, "adm", person, "wyzej")["code"] == "ACCESS.NOT_YOURS_TO_DO"
    assert provider_facts(served) == before
    assert opened(served, "dir", person, "wyzej")["__typename"] == "Accepted"


def test_of_a_role_that_ended_the_office_opens_one_again(served: Served) -> None:
    person = newcomer(served, Role.DIRECTOR, Role.TEACHER)
    left = people.LeaveRole(person_id=person, role=Role.DIRECTOR, until=date(2025, 9, 30))
    assert isinstance(served.system.register("sp1").execute(left, actor=OFFICE), Accepted)
    assert opened(served, "adm", person, "dawny")["__typename"] == "Accepted"


def test_an_account_that_could_not_be_linked_is_closed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of the office at once: the second link is refused after its account was made."""
    person, accounts = newcomer(served, Role.PARENT), served.system.accounts
    make = accounts.open_account

    def overtaken(login: str, password: str, **by: Any) -> str | Refusal:  # noqa: ANN401
        link = people.LinkAccount(person_id=person, account_id="another")
        served.system.register("sp1").execute(link, actor=OFFICE)
        return make(login, password, **by)

    monkeypatch.setattr(accounts, "open_account", overtaken)
    assert opened(served, "adm", person, "pozno")["code"] == "PEOPLE.ACCOUNT_TAKEN"
    assert isinstance(accounts.login("pozno", PASSWORD), Refusal)
    first, second = [recorded.fact for recorded in served.system.provider().read(0)][-2:]
    assert isinstance(first, AccountOpened)
    assert second == AccountClosed(account_id=first.account_id, reason="not linked")


def test_accounts_of_another_school_are_out_of_reach(served: Served) -> None:
    query_of = {"school": "sp2", "person": "p1", "login": "obce", "password": PASSWORD}
    assert served.code(OPEN, "adm", **query_of) == "ACCESS.DENIED"
