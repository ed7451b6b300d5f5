"""A letter goes out at its time as its writer would send it then: once, and not by whoever may not any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import people
from dziennik.contracts.accounts import BlockAccess
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.graphql.sending_later import LetterSender
from tests.graphql.conftest import NOW, OFFICE, TODAY, Follow, Served

SAVE = """mutation ($input: MessageDraftInput!) { saveDraft(school: "sp1", input: $input) {
  ... on Accepted { id } ... on Refusal { code field } } }"""
LATER = """mutation ($draft: ID!, $at: DateTime!, $as: Role) {
  sendDraftLater(school: "sp1", draftId: $draft, at: $at, actingAs: $as) {
    ... on Accepted { id facts } ... on Refusal { code field } } }"""
DRAFTS = '{ myDrafts(school: "sp1") { id body sendAt notSent } }'
SENT = (
    '{ myThreads(school: "sp1", box: RECEIVED) { edges { node { subject last { body sender { id } } } } } }'
)
AT = NOW + timedelta(hours=3)


def draft(served: Served, who: str = "t-maths", **said: Any) -> str:  # noqa: ANN401
    letter = {"subject": "Zebranie", "body": "Jutro o 17.", "recipientIds": ["m1"], **said}
    found: str = served.data(SAVE, who, input=letter)["saveDraft"]["id"]
    return found


def later(served: Served, draft_id: str, who: str = "t-maths", at: Any = AT, role: str | None = None) -> Any:  # noqa: ANN401
    when = at if isinstance(at, str) else at.isoformat()
    return served.data(LATER, who, **{"draft": draft_id, "at": when, "as": role})["sendDraftLater"]


def drafts(served: Served, who: str = "t-maths") -> list[tuple[bool, str | None]]:
    return [(one["sendAt"] is not None, one["notSent"]) for one in served.data(DRAFTS, who)["myDrafts"]]


def received(served: Served, who: str = "m1") -> list[Any]:
    return [edge["node"] for edge in served.data(SENT, who)["myThreads"]["edges"]]


def sender(served: Served, at: Any = AT) -> LetterSender:  # noqa: ANN401
    return LetterSender(served.system, served.executor, now=lambda: at)


def do(served: Served, command: Command) -> None:
    assert isinstance(served.system.register("sp1").execute(command, actor=OFFICE), Accepted)


def test_a_letter_goes_out_at_its_time_once(served: Served, follow: Follow) -> None:
    one, head = draft(served), served.head()
    assert later(served, one) == {"id": one, "facts": 0}
    assert served.head() == head  # no facts
    assert sender(served, AT - timedelta(seconds=1)).run_once() == 0
    assert (drafts(served), served.head()) == ([(True, None)], head)
    assert sender(served).run_once() == 1
    assert sender(served).run_once() == 0
    follow()
    assert drafts(served) == []
    assert received(served) == [
        {"subject": "Zebranie", "last": {"body": "Jutro o 17.", "sender": {"id": "t-maths"}}}
    ]


def test_a_process_that_dies_after_sending_sends_nothing_twice(
    served: Served, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(served, draft(served))
    with monkeypatch.context() as patched:

        def died(*_: object) -> bool:
            raise KeyboardInterrupt

        patched.setattr(served.system.drafts, "discard", died)
        with pytest.raises(KeyboardInterrupt):
            sender(served).run_once()
    head = served.head()
    assert sender(served).run_once() == 0  # still leased
    assert sender(served, AT + timedelta(hours=1)).run_once() == 1
    follow()
    assert (served.head(), drafts(served), len(received(served))) == (head, [], 1)


def test_who_may_is_asked_again_then(served: Served, follow: Follow) -> None:
    """Of three writers one was blocked, one is no teacher any more, one lost the account."""
    for who in ("t-maths", "t-art", "t-other"):
        later(served, draft(served, who), who)
    do(served, BlockAccess(person_id="t-maths", reason="odejście"))
    do(served, people.LeaveRole(person_id="t-art", role=Role.TEACHER, until=TODAY - timedelta(days=1)))
    served.system.accounts.close_account(served.accounts["t-other"], "odejście", by=OFFICE)
    follow()
    head = served.head()
    assert sender(served).run_once() == 3
    assert served.head() == head
    refused = {
        who: [one.refused for one in served.system.later.of("sp1", who).values()]
        for who in ("t-maths", "t-art", "t-other")
    }
    assert refused == {
        "t-maths": ["ACCOUNTS.ACCESS_BLOCKED"],
        "t-art": ["ACCESS.NOT_YOURS_TO_DO"],
        "t-other": ["ACCESS.NOT_LOGGED_IN"],
    }
    assert sender(served, AT + timedelta(days=9)).run_once() == 0


def test_what_cannot_be_sent_later(served: Served) -> None:
    one = draft(served)
    far = (NOW + timedelta(days=91)).isoformat()
    for at in (NOW, NOW - timedelta(days=1), far, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"):
        assert later(served, one, at=at) == {"code": "MESSAGES.NOT_TO_BE_SENT_THEN", "field": "at"}, at
    assert later(served, "nothing") == {"code": "MESSAGES.NO_SUCH_DRAFT", "field": "draftId"}
    assert later(served, one, "dir")["code"] == "MESSAGES.NO_SUCH_DRAFT"  # somebody else's
    empty = later(served, draft(served, recipientIds=[]))
    assert empty["code"].startswith("MESSAGES.")
    stranger = later(served, draft(served, "m1", recipientIds=["f3"]), "m1")
    assert stranger["code"].startswith("MESSAGES.")  # parents do not write to parents
    assert served.code(LATER, "aud", draft=one, at=AT.isoformat()) == "ACCESS.DENIED"
    assert sender(served, NOW + timedelta(days=100)).run_once() == 0


def test_saving_or_discarding_takes_it_back(served: Served) -> None:
    one, two = draft(served), draft(served, subject="Inne")
    for each in (one, two):
        later(served, each)
    draft(served, draftId=one, body="Jeszcze nie")
    served.data(f'mutation {{ discardDraft(school: "sp1", draftId: "{two}") }}', "t-maths")
    assert sender(served).run_once() == 0
    assert drafts(served) == [(False, None)]
