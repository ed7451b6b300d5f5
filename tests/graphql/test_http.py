"""The HTTP side: what is a request, what is not, and what headers go out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from dziennik.graphql.app import create_app
from dziennik.graphql.limits import LIMITS
from tests.graphql.conftest import PASSWORD, Served

LOGIN = """mutation ($l: String!, $p: String!) {
  login(login: $l, password: $p) { ... on Session { accessToken refreshToken } ... on Refusal { code } } }"""


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(create_app(served.system)) as found:
        yield found


def test_from_login_to_a_grade_that_the_follower_shows(client: TestClient, served: Served) -> None:
    def ask(query: str, token: str | None = None, **variables: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        found: dict[str, Any] = answer.json()["data"]
        return found

    def token(who: str) -> str:
        found: str = ask(LOGIN, l=f"{who}.login", p=PASSWORD)["login"]["accessToken"]
        return found

    give = """mutation { giveGrade(school: "sp1", input: {unitId: "4a", classId: "4a", assignmentId: "a-maths",
      pupilId: "p1", value: "6", categoryId: "oral", on: "2025-10-02"}) { ... on Accepted { position id } } }"""
    done = ask(give, token("t-maths"))["giveGrade"]
    seen = ask(
        'query ($after: Int) { pupilGrades(school: "sp1", pupilId: "p1", afterPosition: $after)'
        " { grades { id value } } }",
        token("m1"),
        after=done["position"],
    )
    assert {"id": done["id"], "value": "6"} in [
        grade for cell in seen["pupilGrades"] for grade in cell["grades"]
    ]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"query": 1}', "application/json", 400),
        (b'{"query": "{me{accountId}}", "variables": []}', "application/json", 400),
        (b'{"query": "{me{accountId}}"}', "text/plain", 400),
        (b"query=%7Bme%7D", "application/x-www-form-urlencoded", 400),
        (b'{"query": "' + b" " * LIMITS.body + b'"}', "application/json", 413),
    ],
)
def test_what_is_not_a_request_is_refused(client: TestClient, body: bytes, kind: str, status: int) -> None:
    answer = client.post("/graphql", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["code"] in (
        "COMMAND.NOT_A_REQUEST",
        "COMMAND.QUERY_TOO_LARGE",
    )


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer " + "a" * 5000])
def test_a_bad_token_is_nobody(client: TestClient, header: str) -> None:
    answer = client.post(
        "/graphql", json={"query": "{ me { accountId } }"}, headers={"Authorization": header}
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "ACCESS.NOT_LOGGED_IN"


def test_the_explorer_loads_nothing_from_elsewhere(client: TestClient) -> None:
    polish, english = (
        client.get("/graphql", headers={"Accept-Language": language}) for language in ("pl", "en-GB,en")
    )
    assert '<html lang="pl">' in polish.text
    assert "Log in" in english.text
    assert "://" not in polish.text
    assert polish.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get("/", follow_redirects=False).headers["location"] == "/graphql"


def test_health_tells_positions_and_no_names(client: TestClient, served: Served) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    body = answer.json()
    assert [school["school_id"] for school in body["schools"]] == ["sp1", "sp2"]
    assert "Źrebiec" not in answer.text
