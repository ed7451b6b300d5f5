"""From a code on paper to a login: one account for several schools, second factors, sessions, letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyotp
import pypdfium2
import pytest
from starlette.testclient import TestClient

from dziennik.accounts.external import External
from dziennik.accounts.second_factor import Enrolment
from dziennik.application.register import Accepted
from dziennik.contracts.accounts import AccountRules, SetAccountRules
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import LinkAccount
from dziennik.graphql.app import create_app
from tests.accounts.oidc_server import CALLBACK, running
from tests.graphql.conftest import OFFICE, PASSWORD, Served

LOGIN = """mutation ($l: String!, $p: String!, $f: String) { login(login: $l, password: $p, secondFactor: $f) {
  ... on Session { accessToken refreshToken } ... on Refusal { code } } }"""
ISSUE = """mutation ($s: ID!, $people: [ID!], $class: ID, $parents: Boolean! = true, $for: CodePurpose! = ACTIVATION) {
  issueCodes(school: $s, personIds: $people, classId: $class, parents: $parents, purpose: $for) {
    ... on IssuedCodes { codes { personId name code validUntil about } position }
    ... on Refusal { code field } } }"""
ACTIVATE = """mutation ($c: String!, $l: String!, $p: String!) { activateAccount(code: $c, login: $l, password: $p) {
  ... on Session { accessToken } ... on Refusal { code field } } }"""
ADD = "mutation ($c: String!) { addIdentity(code: $c) { ... on Accepted { position } ... on Refusal { code } } }"
RESET = """mutation ($c: String!, $p: String!) { resetPassword(code: $c, password: $p) {
  ... on Done { done } ... on Refusal { code } } }"""
ME = "{ me { identities { school personId roles rolesWithheld } } myChildren { school pupil { personId } } }"
GOOD = "cztery zielone parasole"


class Web:
    """Asks over HTTP as whoever has the token."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def ask(self, query: str, token: str | None = None, **variables: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        found: dict[str, Any] = answer.json()
        assert "errors" not in found, found["errors"]
        data: dict[str, Any] = found["data"]
        return data

    def error(self, query: str, token: str) -> str:
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.client.post("/graphql", json={"query": query}, headers=headers)
        code: str = answer.json()["errors"][0]["extensions"]["code"]
        return code

    def session(self, login: str, password: str = PASSWORD, code: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = self.ask(LOGIN, l=login, p=password, f=code)["login"]
        return found

    def token(self, login: str, password: str = PASSWORD) -> str:
        token: str = self.session(login, password)["accessToken"]
        return token


@pytest.fixture
def web(served: Served) -> Iterator[Web]:
    """The director of sp1 is director of sp2 as well."""
    link = LinkAccount(person_id="dir", account_id=served.accounts["dir"])
    assert isinstance(served.system.register("sp2").execute(link, actor=OFFICE), Accepted)
    served.system.follower.run_once("sp2")
    with TestClient(create_app(served.system)) as client:
        yield Web(client)


def test_one_account_becomes_somebody_in_a_second_school(web: Web) -> None:
    director, mother = web.token("dir.login"), web.token("m1.login")
    (issued,) = web.ask(ISSUE, director, **{"s": "sp2", "class": "4a"})["issueCodes"]["codes"]
    assert (issued["personId"], issued["name"], issued["about"]) == ("m1", "Anna Źrebiec", ["Łucja Źrebiec"])
    assert issued["validUntil"] == "2025-11-04"
    added = web.ask(ADD, mother, c=issued["code"].lower().replace("-", " "))["addIdentity"]
    assert added["position"] > 0
    me = web.ask(ME, mother)
    assert [one["school"] for one in me["me"]["identities"]] == ["sp1", "sp2"]
    assert [(one["school"], one["pupil"]["personId"]) for one in me["myChildren"]] == [
        ("sp1", "p1"),
        ("sp2", "p1"),
    ]
    assert web.ask(ADD, mother, c=issued["code"])["addIdentity"] == {"code": "ACCOUNTS.CODE_USED"}
    assert web.ask(ADD, mother, c="0000-0000-0000-0000")["addIdentity"] == {"code": "ACCOUNTS.CODE_UNKNOWN"}
    # Nobody is two people of one school, and no school resets a password that opens another.
    other = web.ask(ISSUE, director, s="sp2", people=["f3"])["issueCodes"]["codes"][0]["code"]
    assert web.ask(ADD, mother, c=other)["addIdentity"] == {"code": "ACCOUNTS.ALREADY_SOMEBODY"}
    asked = web.ask(ISSUE, director, **{"s": "sp1", "people": ["m1"], "for": "PASSWORD"})["issueCodes"]
    assert asked == {"code": "ACCOUNTS.USED_ELSEWHERE", "field": "personIds"}
    assert web.ask(ISSUE, director, s="sp1", people=["m1"])["issueCodes"]["code"] == "ACCOUNTS.HAS_ACCOUNT"
    administrator = web.token("adm.login")
    asked = web.ask(ISSUE, administrator, **{"s": "sp1", "people": ["dir"], "for": "PASSWORD"})["issueCodes"]
    assert asked["code"] in {"ACCESS.NOT_YOURS_TO_DO", "ACCOUNTS.USED_ELSEWHERE"}


def letters_are_for_the_office(web: Web) -> None:
    def order(who: str | None, **body: object) -> Any:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {web.token(f'{who}.login')}"} if who else {}
        return web.client.post("/letters", json={"school": "sp2", **body}, headers=headers)

    printed = order("dir", classId="4a", parents=False)
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    assert printed.headers["cache-control"] == "no-store"
    document = pypdfium2.PdfDocument(printed.content)
    texts = [page.get_textpage().get_text_range().replace("\u00a0", " ") for page in document]
    document.close()
    assert ["Adam Ćwik" in texts[0], "Łucja Źrebiec" in texts[1]] == [True, True]
    assert len(texts) == 2
    assert "ważny do 4 listopada 2025 r." in texts[0]
    page = web.client.get("/account", headers={"Accept-Language": "pl"})
    assert (page.status_code, "Mam kod" in page.text) == (200, True)  # where the letters send people
    assert "script-src 'sha256-" in page.headers["content-security-policy"]
    assert order(None, classId="4a").status_code == 401
    for who in ("m1", "t-art", "adm"):  # somebody in sp1, nobody in sp2
        assert order(who, classId="4a").status_code == 403
    assert order("t-art", school="sp1", classId="4a").status_code == 403
    refused = order("adm", school="sp1", classId="4a")
    assert (refused.status_code, refused.json()["code"]) == (422, "ACCOUNTS.NOBODY_WANTS_ONE")
    for body in ({"purpose": "anything"}, {"spurious": 1}, {"school": 1}):
        assert order("dir", **body).status_code == 400


def test_letters_a_new_account_and_a_forgotten_password(web: Web, served: Served) -> None:
    letters_are_for_the_office(web)  # their codes are replaced by those below
    director = web.token("dir.login")
    issued = web.ask(ISSUE, director, **{"s": "sp2", "class": "4a", "parents": False})["issueCodes"]["codes"]
    assert [one["personId"] for one in issued] == ["p2", "p1"]  # Ćwik, Źrebiec
    code = issued[1]["code"]

    def activate(login: str, password: str, with_code: str = code) -> dict[str, Any]:
        found: dict[str, Any] = web.ask(ACTIVATE, c=with_code, l=login, p=password)["activateAccount"]
        return found

    assert activate("lucja", "Katarzyna1985")["code"] == "ACCESS.PASSWORD_COMMON"
    assert activate("p1.login", GOOD)["code"] == "ACCESS.LOGIN_TAKEN"
    token = activate("lucja", GOOD)["accessToken"]
    assert web.ask(ME, token)["me"]["identities"] == [
        {"school": "sp2", "personId": "p1", "roles": ["PUPIL"], "rolesWithheld": []}
    ]
    assert activate("lucja.2", GOOD)["code"] == "ACCOUNTS.CODE_USED"
    assert served.system.accounts.login_of("lucja.2") is None
    newer = web.ask(ISSUE, director, s="sp2", people=["p2"])["issueCodes"]["codes"][0]["code"]
    assert activate("adam", GOOD, issued[0]["code"])["code"] == "ACCOUNTS.CODE_WITHDRAWN"
    assert "accessToken" in activate("adam", GOOD, newer)
    # p2 of sp1 forgot the password: a weak one does not spend the code.
    reset = web.ask(ISSUE, director, **{"s": "sp1", "people": ["p2"], "for": "PASSWORD"})["issueCodes"]
    written = reset["codes"][0]["code"]
    assert activate("p2.new", GOOD, written)["code"] == "ACCOUNTS.CODE_FOR_OTHERS"
    assert web.ask(RESET, c=written, p="short")["resetPassword"] == {"code": "ACCESS.PASSWORD_TOO_SHORT"}
    assert web.ask(RESET, c=written, p=GOOD)["resetPassword"] == {"done": True}
    assert web.session("p2.login")["code"] == "ACCESS.LOGIN_FAILED"
    assert "accessToken" in web.session("p2.login", GOOD)
    assert web.ask(RESET, c=written, p=GOOD)["resetPassword"] == {"code": "ACCOUNTS.CODE_USED"}
    seen = web.ask(
        '{ peopleAccess(school: "sp2", role: PUPIL) { edges { node { personId login codes { purpose usedAt withdrawnAt } } } } }',
        director,
    )["peopleAccess"]["edges"]
    by_person = {row["node"]["personId"]: row["node"] for row in seen}
    assert by_person["p1"]["login"] == "lucja"
    assert [bool(one["usedAt"]) for one in by_person["p2"]["codes"]] == [True, False, False]
    assert by_person["p3"]["codes"] == []
    # No code is in a journal, however it is written.
    for journal in (served.system.register(school).journal for school in ("sp1", "sp2")):
        stored = b"".join(bytes(raw.state) for raw in journal.read_raw(0))
        for secret in (code, newer, written):
            assert secret.encode() not in stored
            assert secret.replace("-", "").encode() not in stored


def test_a_role_that_needs_a_second_factor_waits_for_it(web: Web, served: Served) -> None:
    register = served.system.register("sp1")
    rules = AccountRules(second_factor_roles=(Role.DIRECTOR,))
    command = SetAccountRules(since=date(2025, 10, 1), rules=rules)
    assert isinstance(register.execute(command, actor=OFFICE), Accepted)
    served.system.follower.run_once("sp1")
    first = web.session("dir.login")
    token = first["accessToken"]
    looks = '{ looks(school: "sp1") { totalCount } }'
    assert web.error(looks, token) == "ACCESS.SECOND_FACTOR_REQUIRED"
    block = 'mutation { blockAccess(school: "sp1", input: {personId: "p1", reason: "x"}) { __typename } }'
    assert web.error(block, token) == "ACCESS.SECOND_FACTOR_REQUIRED"
    here, there = web.ask(ME, token)["me"]["identities"]
    assert (here["roles"], here["rolesWithheld"], there["roles"]) == ([], ["DIRECTOR"], ["DIRECTOR"])
    begun = web.ask(
        "mutation ($p: String!) { beginSecondFactor(password: $p) {"
        " ... on SecondFactorBegun { secret uri qrSvg } ... on Refusal { code field } } }",
        token,
        p=PASSWORD,
    )["beginSecondFactor"]
    assert begun["qrSvg"].startswith("<svg")
    totp = pyotp.parse_uri(begun["uri"])
    assert isinstance(totp, pyotp.TOTP)
    confirm = "mutation ($c: String!) { confirmSecondFactor(code: $c) { ... on RecoveryCodes { codes } ... on Refusal { code } } }"
    assert web.ask(confirm, token, c="000000")["confirmSecondFactor"] == {
        "code": "ACCESS.SECOND_FACTOR_WRONG"
    }
    codes = web.ask(confirm, token, c=totp.now())["confirmSecondFactor"]["codes"]
    assert len(set(codes)) == 10
    refresh = "mutation ($r: String!) { refresh(refreshToken: $r) { ... on Session { accessToken } } }"
    token = web.ask(refresh, r=first["refreshToken"])["refresh"]["accessToken"]
    assert web.ask(looks, token)["looks"]["totalCount"] == 0
    assert web.session("dir.login")["code"] == "ACCESS.SECOND_FACTOR_WANTED"
    other = web.session("dir.login", code=codes[0])
    sessions = web.ask("{ mySessions { id device secondFactor current } }", token)["mySessions"]
    assert [(one["current"], one["secondFactor"]) for one in sessions] == [(False, True), (True, True)]
    assert web.ask("mutation { endOtherSessions }", token) == {"endOtherSessions": 1}
    assert web.ask(refresh, r=other["refreshToken"])["refresh"] == {}
    reset = 'mutation { resetSecondFactor(school: "sp1", personId: "dir", reason: "zgubiony") { ... on Refusal { code } } }'
    answer = web.ask(reset, web.token("adm.login"))["resetSecondFactor"]
    assert answer == {"code": "ACCESS.NOT_YOURS_TO_DO"}
    change = """mutation ($p: String!, $n: String!) { changePassword(password: $p, newPassword: $n) {
      ... on Session { accessToken } ... on Refusal { code } } }"""
    assert (
        web.ask(change, token, p="guess guess guess", n=GOOD)["changePassword"]["code"]
        == "ACCESS.LOGIN_FAILED"
    )
    token = web.ask(change, token, p=PASSWORD, n=GOOD)["changePassword"]["accessToken"]
    assert web.ask(looks, token)["looks"]["totalCount"] == 0
    assert web.ask("{ myAccount { login secondFactor recoveryAddress } }", token)["myAccount"] == {
        "login": "dir.login",
        "secondFactor": True,
        "recoveryAddress": None,
    }
    ask = 'mutation { requestPasswordReset(login: "dir.login") { ... on Refusal { code } } }'
    assert web.ask(ask)["requestPasswordReset"] == {"code": "ACCESS.NO_MAIL"}


BEGIN_EXTERNAL = """mutation ($to: String!) { beginExternalLogin(provider: "gmina", redirectUri: $to) {
  ... on ExternalLoginBegun { url attempt } ... on Refusal { code field } } }"""
FINISH_EXTERNAL = """mutation ($a: String!, $c: String! = "", $s: String! = "", $f: String! = "") {
  finishExternalLogin(attempt: $a, code: $c, state: $s, secondFactor: $f) {
    ... on Session { accessToken } ... on Refusal { code details { name value } } } }"""
LINK_EXTERNAL = """mutation ($p: String!, $a: String!, $c: String!, $s: String!) {
  linkExternalIdentity(password: $p, attempt: $a, code: $c, state: $s) { ... on Done { done } ... on Refusal { code } } }"""


def test_a_login_through_an_external_provider(web: Web, served: Served) -> None:
    accounts = served.system.accounts
    with running(lambda: datetime.now(UTC)) as idp:
        accounts.external = External(accounts.vault, [idp.provider()])
        assert web.ask("{ loginProviders { name label } }") == {
            "loginProviders": [{"name": "gmina", "label": "Logowanie gminne"}]
        }

        def back() -> dict[str, str]:
            begun = web.ask(BEGIN_EXTERNAL, to=CALLBACK)["beginExternalLogin"]
            code, state = idp.visit(begun["url"], "anna@gmina")
            return {"a": begun["attempt"], "c": code, "s": state}

        assert web.ask(BEGIN_EXTERNAL, to="https://x.example")["beginExternalLogin"]["field"] == "redirectUri"
        unknown = web.ask(FINISH_EXTERNAL, **back())["finishExternalLogin"]
        assert unknown["code"] == "ACCESS.EXTERNAL_UNKNOWN"
        mother = web.token("m1.login")
        wrong = web.ask(LINK_EXTERNAL, mother, p="guess guess guess", **back())["linkExternalIdentity"]
        assert wrong == {"code": "ACCESS.LOGIN_FAILED"}
        assert web.ask(LINK_EXTERNAL, mother, p=PASSWORD, **back())["linkExternalIdentity"] == {"done": True}
        token = web.ask(FINISH_EXTERNAL, **back())["finishExternalLogin"]["accessToken"]
        assert [one["personId"] for one in web.ask(ME, token)["me"]["identities"]] == ["m1"]
        assert web.ask("{ myAccount { externalProviders } }", token)["myAccount"] == {
            "externalProviders": ["gmina"]
        }
        # The account's own second factor is asked for, in a second step: the provider's code works once.
        begun = accounts.second_factors.begin(served.accounts["m1"], "m1")
        assert isinstance(begun, Enrolment)
        totp = pyotp.TOTP(begun.secret)
        codes = accounts.second_factors.confirm(served.accounts["m1"], None, totp.now(), by=OFFICE)
        assert isinstance(codes, list)
        wanted = web.ask(FINISH_EXTERNAL, **back())["finishExternalLogin"]
        assert wanted["code"] == "ACCESS.SECOND_FACTOR_WANTED"
        (detail,) = wanted["details"]
        assert detail["name"] == "continuation"
        failed = web.ask(FINISH_EXTERNAL, a=detail["value"], f="0000")["finishExternalLogin"]
        assert failed["code"] == "ACCESS.SECOND_FACTOR_WRONG"
        done = web.ask(FINISH_EXTERNAL, a=detail["value"], f=codes[0])["finishExternalLogin"]
        assert [one["personId"] for one in web.ask(ME, done["accessToken"])["me"]["identities"]] == ["m1"]
