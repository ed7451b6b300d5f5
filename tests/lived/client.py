"""How does a program speak with Dziennik? In GraphQL over HTTP and nothing else; to be read as an example.

One document holds up to twenty mutations; the server carries them out one after the other, each by itself.
Each has an idempotency key, so a request whose answer was lost is sent again as it was. An answer tells the
position of what was written: whoever asks with `afterPosition` sees it for certain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import httpx2

AT_ONCE: Final = 20  # root fields of one document (ADR 0032)
EARLY: Final = 60.0  # seconds before its end at which a login is renewed

LOGIN: Final = """
mutation ($login: String!, $password: String!) {
  login(login: $login, password: $password) {
    ... on Session { accessToken refreshToken expiresIn }
    ... on Refusal { code message }
  }
}"""
REFRESH: Final = """
mutation ($token: String!) {
  refresh(refreshToken: $token) {
    ... on Session { accessToken refreshToken expiresIn }
    ... on Refusal { code message }
  }
}"""
OPEN: Final = """
mutation ($school: ID!, $person: ID!, $login: String!, $password: String!) {
  openAccount(school: $school, personId: $person, login: $login, password: $password) {
    ... on Accepted { position }
    ... on Refusal { code message field details { name value } }
  }
}"""
OUTCOME: Final = """
fragment Outcome on CommandResult {
  ... on Accepted { position }
  ... on Refusal { code message field details { name value } }
}"""


class Failed(AssertionError):
    """The server answered with errors, or refused what was to be done."""


@dataclass(frozen=True, slots=True)
class Order:
    """One mutation: its name, and each argument's GraphQL type and value."""

    name: str
    arguments: Mapping[str, tuple[str, object]]


@dataclass(slots=True)
class Login:
    """Somebody who is logged in, by the tokens they hold."""

    access: str
    refresh: str
    until: float


@dataclass(slots=True)
class Client:
    """One school, over one connection."""

    http: httpx2.Client
    school: str
    requests: int = 0
    _texts: dict[tuple[object, ...], str] = field(default_factory=dict)

    def ask(self, document: str, by: Login | None = None, /, **variables: object) -> dict[str, Any]:
        """The data of the answer. Raises Failed when it has errors."""
        if by and by.until < monotonic():
            self._renew(by)
        headers = {"Authorization": f"Bearer {by.access}"} if by else {}
        body = {"query": document, "variables": variables}
        answer = self.http.post("/graphql", json=body, headers=headers)
        self.requests += 1
        told = answer.json()
        if answer.status_code != 200 or told.get("errors"):
            raise Failed(f"{answer.status_code}: {told.get('errors')} {document} {variables}")
        data: dict[str, Any] = told["data"]
        return data

    def log_in(self, login: str, password: str) -> Login:
        """A session; it is renewed by itself for as long as it is used."""
        return _session(self.ask(LOGIN, login=login, password=password)["login"])

    def _renew(self, login: Login) -> None:
        new = _session(self.ask(REFRESH, token=login.refresh)["refresh"])
        login.access, login.refresh, login.until = new.access, new.refresh, new.until

    def open_account(self, by: Login, person: str, login: str, password: str) -> int:
        """An account for a person; the position at which it is theirs."""
        made = self.ask(OPEN, by, school=self.school, person=person, login=login, password=password)
        return _position("openAccount", made["openAccount"])

    def give(self, orders: Sequence[Order], by: Login, role: str, key: str) -> int:
        """Carry out mutations in their order, in one role; the position of the last. Raises Failed.

        `key` makes each safe to send twice.
        """
        position = 0
        for first in range(0, len(orders), AT_ONCE):
            part = orders[first : first + AT_ONCE]
            variables: dict[str, object] = {"school": self.school, "role": role}
            for place, order in enumerate(part):
                variables[f"k{place}"] = f"{key}/{first + place}"
                variables |= {f"{name}{place}": value for name, (_, value) in order.arguments.items()}
            answer = self.ask(self._document(part), by, **variables)
            for place, order in enumerate(part):
                position = _position(order.name, answer[f"m{place}"])
        return position

    def _document(self, orders: Sequence[Order]) -> str:
        """The text for so many mutations of these names; the server reads each text once."""
        shape = tuple((order.name, *order.arguments) for order in orders)
        if shape not in self._texts:
            heads, fields = ["$school: ID!", "$role: Role"], []
            for place, order in enumerate(orders):
                heads.append(f"$k{place}: String")
                heads += [f"${name}{place}: {kind}" for name, (kind, _) in order.arguments.items()]
                given = ", ".join(f"{name}: ${name}{place}" for name in order.arguments)
                fields.append(
                    f"  m{place}: {order.name}(school: $school, {given}, idempotencyKey: $k{place},"
                    " actingAs: $role) { ...Outcome }"
                )
            body = "\n".join(fields)
            self._texts[shape] = f"mutation ({', '.join(heads)}) {{\n{body}\n}}\n{OUTCOME}"
        return self._texts[shape]


def _session(told: dict[str, Any]) -> Login:
    if "code" in told:
        raise Failed(told)
    return Login(told["accessToken"], told["refreshToken"], monotonic() + told["expiresIn"] - EARLY)


def _position(name: str, told: dict[str, Any]) -> int:
    if "code" in told:
        raise Failed(f"{name}: {told}")
    position: int = told["position"]
    return position
