"""The archive of a closed year is made, signed and fetched over GraphQL; who may not, does not."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from dziennik.application.register import Register
from dziennik.archive.bagging import MANIFEST
from dziennik.archive.signing import Signer, sign
from dziennik.bagcheck.checking import verify
from dziennik.graphql.app import create_app
from tests.bagcheck.authority import NOW, authority
from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

OURS = authority()
JUNE = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 2, 9, 0, tzinfo=UTC)
JOB = "id state done steps edition refusal { code message }"
MAKE = f"""mutation ($reason: String) {{ makeArchive(school: "sp1", yearId: "y25", reason: $reason) {{
  ... on ArchiveJob {{ {JOB} }} ... on Refusal {{ code field }} }} }}"""
EDITIONS = """query ($after: Int) { archiveEditions(school: "sp1", yearId: "y25", afterPosition: $after) {
  edition cutOff manifestSha256 files reason writtenBy signature { signer claimedAt } fetched { by role } } }"""
PLAN = '{ archivePlan(school: "sp1") { year state due daysLeft editions openRegisters } }'


def at(served: Served, moment: datetime) -> None:
    served.system._registers["sp1"] = Register(served.system.journals.school("sp1"), now=lambda: moment)


@pytest.fixture
def closed(served: Served) -> Served:
    """The school in September, its year closed in June with a reason for what is missing."""
    at(served, JUNE)
    for class_id in ("4a", "4b"):
        given = {"classId": class_id, "reason": "egzaminy klasyfikacyjne"}
        assert do(served, "dir", "closeRegister", given)["facts"] == 1
    assert do(served, "dir", "closeSchoolYear", {"yearId": "y25", "classIds": ["4a", "4b"]})["facts"] == 1
    at(served, SEPTEMBER)
    return served


def made(served: Served, who: str = "adm", reason: str | None = None) -> dict[str, Any]:
    """Start a job and wait until it is over."""
    job: dict[str, Any] = served.data(MAKE, who, reason=reason)["makeArchive"]
    query = f'query ($id: ID!) {{ archiveJob(school: "sp1", jobId: $id, waitSeconds: 20) {{ {JOB} }} }}'
    seen = []
    while job["state"] == "RUNNING":
        job = served.data(query, who, id=job["id"])["archiveJob"]
        seen.append(job["done"])
    assert seen == sorted(seen)
    return job


def signature(served: Served, signer: Signer, edition: int = 1) -> str:
    query = 'query ($n: Int!) { archiveToSign(school: "sp1", yearId: "y25", edition: $n) { name sha256 content } }'
    told = served.data(query, "dir", n=edition)["archiveToSign"]
    assert told["name"] == MANIFEST
    return base64.b64encode(sign(told["content"].encode(), name=MANIFEST, signer=signer, at=NOW)).decode()


def signed(served: Served, who: str, signature: str) -> dict[str, Any]:
    query = """mutation ($s: String!) { signArchive(school: "sp1", yearId: "y25", edition: 1, signature: $s) {
      ... on Accepted { position facts } ... on Refusal { code field message } } }"""
    answer: dict[str, Any] = served.data(query, who, s=signature)["signArchive"]
    return answer


def test_it_is_made_by_the_office_signed_by_the_director_and_fetched(
    closed: Served, follow: Follow, tmp_path: Path
) -> None:
    (plan,) = closed.data(PLAN, "dir")["archivePlan"]
    assert (plan["state"], plan["due"], plan["daysLeft"]) == ("DUE", "2026-09-10", 8)
    job = made(closed)
    assert (job["state"], job["edition"], job["done"], job["refusal"]) == ("DONE", 1, job["steps"], None)
    follow()
    (edition,) = closed.data(EDITIONS, "aud")["archiveEditions"]
    assert (edition["edition"], edition["writtenBy"], edition["signature"]) == (1, "adm", None)
    answer = signed(closed, "dir", signature(closed, OURS.signer("Jan Dir")))
    assert answer["facts"] == 1
    follow()
    (edition,) = closed.data(EDITIONS, "dir", after=answer["position"])["archiveEditions"]
    assert edition["signature"]["signer"] == "Jan Dir"
    assert closed.data(PLAN, "dir")["archivePlan"][0]["state"] == "DONE"
    fetch = """mutation { fetchArchive(school: "sp1", yearId: "y25", edition: 1) {
      ... on ArchiveLink { address lasts } ... on Refusal { code } } }"""
    link = closed.data(fetch, "aud")["fetchArchive"]
    assert link["lasts"] == 600
    with TestClient(create_app(closed.system)) as client:
        got = client.get(link["address"])
        assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
        assert client.get(f"{link['address']}x").status_code == 404
    (tmp_path / "bag.zip").write_bytes(got.content)
    report = verify(tmp_path / "bag.zip", [OURS.certificate])
    assert report.wrong is None
    assert report.manifest == edition["manifestSha256"]
    follow()
    (edition,) = closed.data(EDITIONS, "dir")["archiveEditions"]
    assert edition["fetched"] == [{"by": "aud", "role": "auditor"}]


def test_a_year_that_is_not_over_or_open_has_none(served: Served) -> None:
    job = made(served)
    assert (job["state"], job["refusal"]["code"]) == ("FAILED", "ARCHIVES.YEAR_NOT_OVER")
    at(served, SEPTEMBER)
    before = served.head()
    assert made(served)["refusal"]["code"] == "ARCHIVES.YEAR_STILL_OPEN"
    assert served.head() == before
    (plan,) = served.data(PLAN, "aud")["archivePlan"]
    assert (plan["state"], plan["openRegisters"]) == ("REGISTERS_OPEN", ["4a", "4b"])


def test_a_further_edition_needs_a_reason(closed: Served) -> None:
    assert made(closed)["state"] == "DONE"
    assert made(closed)["refusal"]["code"] == "LESSONS.REASON_MISSING"
    again = made(closed, reason="sprostowanie")
    assert (again["state"], again["edition"]) == ("DONE", 2)


def test_no_archive_of_a_journal_that_was_changed_outside(closed: Served) -> None:
    closed.system.log("sp1").publish()
    with psycopg.connect(closed.system.conninfo, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("ALTER TABLE school_sp1.events DISABLE TRIGGER ALL")
        changed = connection.execute(
            "UPDATE school_sp1.events SET clock = clock - interval '1 microsecond' WHERE position ="
            " (SELECT max(position) FROM school_sp1.events WHERE name LIKE 'grades.%') RETURNING position"
        ).fetchone()
    assert changed is not None
    before = closed.head()
    job = made(closed)
    assert (job["state"], job["refusal"]["code"]) == ("FAILED", "ARCHIVES.JOURNAL_CHANGED")
    assert f"position {changed[0]} on (PROOF.FACT_CHANGED)" in job["refusal"]["message"]
    assert closed.head() == before
    assert closed.data(EDITIONS, "aud", after=None)["archiveEditions"] == []


def test_signatures_that_do_not_fit_are_refused(closed: Served) -> None:
    made(closed)
    before = closed.head()
    good = signature(closed, OURS.signer("Jan Dir"))
    other = signed(closed, "dir", signature(closed, OURS.signer("Ewa Inna")))
    assert (other["code"], other["field"]) == ("ARCHIVES.SIGNATURE_REFUSED", "signature")
    assert "SIGNATURE.OTHER_PERSON" in other["message"]
    assert signed(closed, "dir", "*")["code"] == "ARCHIVES.NOT_ENCODED"
    elsewhere = sign(b"x", name=MANIFEST, signer=OURS.signer("Jan Dir"), at=NOW)
    refused = signed(closed, "dir", base64.b64encode(elsewhere).decode())
    assert "SIGNATURE.OTHER_BYTES" in refused["message"]
    assert closed.head() == before
    assert signed(closed, "dir", good)["facts"] == 1
    second = signed(closed, "dir", signature(closed, OURS.signer("Jan Dir")))
    assert second["code"] == "ARCHIVES.SIGNED_ALREADY"


def test_an_authority_must_vouch_where_one_is_set(closed: Served) -> None:
    made(closed)
    closed.system.archive_authorities = [OURS.certificate]
    stranger = signed(closed, "dir", signature(closed, authority().signer("Jan Dir")))
    assert "CERTIFICATE.UNTRUSTED" in stranger["message"]
    assert signed(closed, "dir", signature(closed, OURS.signer("Jan Dir")))["facts"] == 1


def test_who_may_not(closed: Served) -> None:
    assert closed.code(MAKE, "t-maths") == "ACCESS.DENIED"
    assert closed.code(MAKE, "aud") == "ACCESS.DENIED"
    assert closed.code(EDITIONS, "m1") == "ACCESS.DENIED"
    assert closed.code(PLAN, "p1") == "ACCESS.DENIED"
    sign_it = (
        'mutation { signArchive(school: "sp1", yearId: "y25", edition: 1, signature: "eA==") { __typename } }'
    )
    assert closed.code(sign_it, "adm") == "ACCESS.DENIED"
    to_sign = '{ archiveToSign(school: "sp1", yearId: "y25", edition: 1) { sha256 } }'
    assert closed.code(to_sign, "adm") == "ACCESS.DENIED"
    assert closed.data(to_sign, "dir")["archiveToSign"] is None
    fetch = 'mutation { fetchArchive(school: "sp1", yearId: "y25", edition: 1) { ... on Refusal { code } } }'
    assert closed.data(fetch, "dir")["fetchArchive"]["code"] == "ARCHIVES.NO_SUCH_EDITION"
    assert closed.code(fetch, "t-art") == "ACCESS.DENIED"
