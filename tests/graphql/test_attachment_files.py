"""Files over HTTP: who may send one about whom, how much is read, and what goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from dziennik.attachments.store import LARGEST
from dziennik.contracts.attachments import Attached
from dziennik.graphql.app import create_app
from tests.graphql.conftest import PASSWORD, Served

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(create_app(served.system)) as found:
        yield found


def bearer(served: Served, who: str) -> dict[str, str]:
    session: Any = served.system.accounts.login(f"{who}.login", PASSWORD)
    return {"Authorization": f"Bearer {session.access_token}", "Accept-Language": "en"}


def send(client: TestClient, served: Served, who: str, person: str, content: bytes = PNG) -> Any:  # noqa: ANN401
    return client.post(
        f"/attachments?school=sp1&person={person}", content=content, headers=bearer(served, who)
    )


def test_a_mother_sends_a_file_and_it_comes_back(client: TestClient, served: Served) -> None:
    sent = send(client, served, "m1", "p1")
    assert sent.status_code == 201
    told = sent.json()
    assert (told["mediaType"], told["size"]) == ("image/png", len(PNG))
    file = Attached(
        attachment_id=told["attachmentId"], media_type="image/png", size=told["size"], sha256=told["sha256"]
    )
    got = client.get(f"/attachments/{served.system.attachment_links.make('sp1', file)}")
    assert (got.status_code, got.content) == (200, PNG)
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"] == f'attachment; filename="zalacznik-{file.attachment_id}.png"'
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-store"
    served.system.journals.school("sp1").keys.destroy("p1")
    assert client.get(f"/attachments/{served.system.attachment_links.make('sp1', file)}").status_code == 404


@pytest.mark.parametrize(
    ("who", "person", "status"),
    [("p1", "p1", 201), ("t-maths", "p1", 201), ("dir", "p3", 201), ("m1", "p2", 403), ("f3", "p3", 403),
     ("p1", "p2", 403), ("t-other", "p1", 403), ("adm", "p1", 403), ("dir", "nobody", 201)],
)  # fmt: skip
def test_who_may_send_a_file_about_whom(
    client: TestClient, served: Served, who: str, person: str, status: int
) -> None:
    assert send(client, served, who, person).status_code == status


def test_strangers_send_nothing(client: TestClient, served: Served) -> None:
    answer = client.post("/attachments?school=sp1&person=p1", content=PNG)
    assert (answer.status_code, answer.json()["code"]) == (401, "ACCESS.NOT_LOGGED_IN")
    foreign = client.post("/attachments?school=nowhere&person=p1", content=PNG, headers=bearer(served, "m1"))
    assert foreign.status_code == 403
    assert client.post("/attachments", content=PNG, headers=bearer(served, "m1")).status_code == 403


def test_what_is_no_document_is_refused(client: TestClient, served: Served) -> None:
    answer = send(client, served, "m1", "p1", b"<script>alert(1)</script>")
    assert (answer.status_code, answer.json()["code"]) == (415, "ATTACHMENTS.WRONG_TYPE")


@pytest.mark.parametrize("address", ["x", "a.b.c", "..%2f..%2fetc"])
def test_a_wrong_address_gives_nothing(client: TestClient, address: str) -> None:
    assert client.get(f"/attachments/{address}").status_code == 404


class Gigabytes:
    """A body of 2 GB that counts how much of it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> dict[str, object]:
        self.asked += 1
        assert self.asked < 200, "read far beyond the limit"
        return {"type": "http.request", "body": bytes(1 << 20), "more_body": True}


@pytest.mark.parametrize(("told", "read"), [(b"2147483648", 0), (None, LARGEST // (1 << 20) + 1)])
def test_two_gigabytes_are_refused_without_being_read(served: Served, told: bytes | None, read: int) -> None:
    """Told beforehand not a byte is read; untold (chunked) no more than the limit and a piece."""
    body, sent = Gigabytes(), []

    async def send_(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in bearer(served, "m1").items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/attachments",
        "query_string": b"school=sp1&person=p1",
        "headers": [*headers, *([(b"content-length", told)] if told else [])],
        "app": None,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("test", 1),
        "root_path": "",
    }
    asyncio.run(create_app(served.system)(scope, body, send_))
    assert sent[0]["status"] == 413
    assert body.asked == read
