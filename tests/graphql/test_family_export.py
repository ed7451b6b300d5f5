"""A parent takes out all about a child: what GraphQL tells them and nothing else, on record, where it is theirs."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from graphql import parse, validate
from starlette.testclient import TestClient

from dziennik.application.register import Accepted
from dziennik.contracts import people
from dziennik.contracts.envelope import Role
from dziennik.graphql import family_files
from dziennik.graphql.app import create_app
from dziennik.graphql.family_questions import OF_CLASS, OF_PUPIL, OF_YEAR, question
from dziennik.graphql.limits import fault_in_size
from dziennik.graphql.schema import SCHEMA
from dziennik.graphql.who_may import QUERIES
from tests.graphql.conftest import OFFICE, Follow, Served
from tests.graphql.test_attachment_files import PNG, bearer
from tests.graphql.test_commerce import Market, market
from tests.graphql.test_looks import looks
from tests.graphql.test_messages import write

__all__ = ["market"]
OTHERS = ("lessonJournal", "myThreads", "myThread", "pupil", "school", "schoolYears", "subjects")
# Of what families may ask about a pupil: told by another answer, one by one, or only reckoned from others.
ELSEWHERE = {
    "gradeHistory",
    "attendanceHistory",
    "gradeProof",
    "pupilEntryHistory",
    "pupilAgainstClass",
    "attachmentLink",
}


def order(client: TestClient, served: Served, who: str | None, pupil: str = "p1", school: str = "sp1") -> Any:  # noqa: ANN401
    headers = bearer(served, who) if who else {}
    return client.post("/family-export", json={"school": school, "pupilId": pupil}, headers=headers)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(files: dict[str, bytes], name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"))))[1:]


def test_all_about_a_child_and_nobody_else(served: Served, follow: Follow) -> None:
    with TestClient(create_app(served.system)) as client:
        file = client.post(
            "/attachments?school=sp1&for=message&person=p1", content=PNG, headers=bearer(served, "m1")
        ).json()
        enclosed = [{name: file[name] for name in ("attachmentId", "mediaType", "size", "sha256")}]
        write(served, "m1", ["t-maths"], attachments=enclosed, pupilId="p1", body="=SUMA(A1)", subject="Skan")
        write(served, "t-maths", ["p2"], body="tylko dla Adama")
        follow()
        head = served.head()
        answer = order(client, served, "m1")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
        assert answer.headers["cache-control"] == "no-store"
        again = order(client, served, "m1")
    assert answer.content == again.content  # nothing of the clock, of order, of names of files
    assert served.head() == head
    files = unzipped(answer.content)
    maths = [row for row in rows(files, "oceny") if row[0] == "Matematyka"]
    assert [row[2] for row in maths] == ["5", "np", "5-"]
    assert maths[0][5:7] == ["dobrze", "4+ → 5: pomyłka"]
    assert maths[2][7] == "nie ten uczeń"
    assert sorted(rows(files, "frekwencja")) == [
        ["2025-09-15", "2", subject, "nieobecność", "", ""] for subject in ("Matematyka", "Plastyka")
    ]
    assert {row[3] for row in rows(files, "lekcje")} == {"Temat"}, files["json/lessons.json"]
    (sent,) = rows(files, "wiadomosci")
    assert (sent[1], sent[4]) == ("Skan", "'=SUMA(A1)")  # no spreadsheet runs it
    assert files[f"zalaczniki/{file['attachmentId']}.png"] == PNG
    page = files["index.html"].decode()
    assert "Łucja Źrebiec" in page
    assert "<script" not in page
    everything = b"\n".join(files.values()).decode(errors="replace")
    for other in ("Ćwik", "Ącka", "p3", "tylko dla Adama"):
        assert other not in everything
    told = {name.removeprefix("json/").removesuffix(".json") for name in files if name.startswith("json/")}
    assert told == {
        "pupil",
        "school",
        "schoolYears",
        "subjects",
        "lessons",
        "messages",
        *OF_PUPIL,
        *OF_YEAR,
        *OF_CLASS,
    }
    refused = [name for name in told if b'"refused"' in files[f"json/{name}.json"]]
    assert refused == []
    assert json.loads(files["json/pupil.json"])["personId"] == "p1"
    assert [(look["role"], look["personId"], look["asked"], look["pupilId"]) for look in looks(served)] == [
        ("PARENT", "m1", "familyExport", "p1")
    ] * 2


def test_only_a_parent_with_a_right_to_know_takes_it_out(served: Served, follow: Follow) -> None:
    with TestClient(create_app(served.system)) as client:

        def code(who: str | None, pupil: str = "p1", school: str = "sp1") -> tuple[int, str]:
            answer = order(client, served, who, pupil, school)
            return answer.status_code, answer.json()["code"]

        assert code(None) == (401, "ACCESS.NOT_LOGGED_IN")
        for who in ("dir", "adm", "aud", "t-maths", "p1", "f3"):
            assert code(who) == (403, "ACCESS.DENIED"), who
        assert code("m1", "p2") == code("m1", "nobody") == code("m1", "p1", "sp2") == (403, "ACCESS.DENIED")
        assert code("f3", "p3") == (403, "ACCESS.DENIED")  # the right ended
        for body in (b"", b"[]", b'{"school": "sp1"}', b'{"school": "sp1", "pupilId": "p1", "more": 1}'):
            headers = {**bearer(served, "m1"), "Content-Type": "application/json"}
            assert client.post("/family-export", content=body, headers=headers).status_code == 400
        assert looks(served) == []
        limited = people.LimitParentalRights(
            pupil_id="p1",
            parent_id="m1",
            since=served.system.register("sp1").today(),
            powers=(),
            basis="III RC 2/25",
        )
        assert isinstance(served.system.register("sp1").execute(limited, actor=OFFICE), Accepted)
        follow()
        assert code("m1") == (403, "ACCESS.DENIED")


def test_where_extensions_are_sold_it_takes_one(served: Served, market: Market, follow: Follow) -> None:
    with TestClient(create_app(served.system)) as client:
        assert order(client, served, "m1").status_code == 200  # no contract: nothing is sold
        market.contract()
        follow()
        answer = order(client, served, "m1")
        assert (answer.status_code, answer.json()["code"]) == (403, "ENTITLEMENT.NEEDS_EXTENSION")
        assert len(looks(served)) == 1


def test_one_at_a_time(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family_files, "AT_ONCE", 0)
    with TestClient(create_app(served.system), raise_server_exceptions=False) as client:
        answer = order(client, served, "m1")
    assert (answer.status_code, answer.json()["code"]) == (503, "COMMAND.TOO_BUSY")


def test_each_question_is_one_that_a_family_may_ask() -> None:
    for name in (*OF_PUPIL, *OF_YEAR, *OF_CLASS, *OTHERS):
        document = parse(question(name)[0])
        assert validate(SCHEMA._schema, document) == [], name
        assert fault_in_size(document) is None, name
        assert Role.PARENT in QUERIES[name], name


def test_nothing_that_a_family_may_ask_about_a_pupil_is_left_out() -> None:
    root = SCHEMA._schema.query_type
    assert root
    asked = {
        name for name, rule in QUERIES.items() if Role.PARENT in rule and "pupilId" in root.fields[name].args
    }
    assert asked - ELSEWHERE == {
        name for name in (*OF_PUPIL, *OF_YEAR, *OF_CLASS, "pupil") if name != "class"
    }
