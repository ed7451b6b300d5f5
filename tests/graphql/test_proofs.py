"""A parent asks for the proof of a child's grade and checks it with the public key alone."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, date, datetime, timedelta
from json import loads
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from dziennik.application.register import Accepted
from dziennik.contracts import grades
from dziennik.graphql.app import create_app
from dziennik.proof.links import ProofLinks
from dziennik.verify.faults import Outcome
from dziennik.verify.files import verify_file
from tests.graphql.conftest import OFFICE, Follow, Served

PROOF = """query($pupil: ID!, $grade: ID!) { gradeProof(school: "sp1", pupilId: $pupil, gradeId: $grade) {
  name content position size key address expiresIn } }"""


def proof(served: Served, who: str, pupil: str = "p1", grade: str = "g-a-art-0") -> dict[str, Any]:
    found: dict[str, Any] = served.data(PROOF, who, pupil=pupil, grade=grade)["gradeProof"]
    return found


def test_a_parent_keeps_the_proof_and_checks_it_offline(served: Served, tmp_path: Path) -> None:
    told = proof(served, "m1")
    file = tmp_path / told["name"]
    file.write_text(told["content"])
    assert told["key"] == served.system.log("sp1").signer.public
    assert told["size"] == served.head() > told["position"]
    stands = verify_file(file, told["key"], (), ())
    assert stands.outcome is Outcome.HOLDS
    other = served.system.log("sp2").signer.public
    assert verify_file(file, other, (), ()).outcome is not Outcome.HOLDS
    for one in (told, proof(served, "p1"), proof(served, "dir")):
        assert {**one, "address": ""} == {**told, "address": ""}


def test_the_proof_comes_as_a_file_too(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = proof(served, "m1")
    assert told["expiresIn"] == 600
    client = TestClient(create_app(served.system))
    got = client.get(told["address"])  # no login, no token besides
    assert (got.status_code, got.text) == (200, told["content"])
    assert got.headers["content-disposition"] == f'attachment; filename="{told["name"]}"'
    assert (got.headers["cache-control"], got.headers["x-robots-tag"]) == ("no-store", "noindex")
    file = tmp_path / "as-it-came"
    file.write_bytes(got.content)
    assert verify_file(file, told["key"], (), ()).outcome is Outcome.HOLDS
    for bad in (told["address"][:-4], told["address"] + "x", "/proofs/x", f"/archives/{told['address'][8:]}"):
        assert (client.get(bad).status_code, client.get(bad).text) == (404, ""), bad
    later = datetime.now(UTC) + timedelta(minutes=11)
    over = ProofLinks(served.system.settings.token_key, now=lambda: later)
    monkeypatch.setattr(served.system, "proof_links", over)
    assert client.get(told["address"]).status_code == 404
    strange = ProofLinks(served.system.settings.token_key)
    monkeypatch.setattr(served.system, "proof_links", strange)
    assert client.get(f"/proofs/{strange.make('nowhere', 1)}").status_code == 404
    assert client.get(f"/proofs/{strange.make('sp1', 10**6)}").status_code == 404


def test_a_later_correction_is_told(served: Served, tmp_path: Path, follow: Follow) -> None:
    assert "later" not in statement(served)
    correct = grades.CorrectGrade(
        class_id="4a", subject_id="art", pupil_id="p1", grade_id="g-a-art-0", value="2", reason="pomyłka"
    )
    outcome = served.system.register("sp1").execute(correct, actor=OFFICE)
    assert isinstance(outcome, Accepted)
    follow()
    assert f"later {outcome.position} grades.grade_corrected.1" in statement(served)


def statement(served: Served) -> str:
    """What the register says of the entry's later life, out of the proof."""
    [line] = [one for one in proof(served, "m1")["content"].splitlines() if one.startswith("extra ")]
    found: str = loads(b64decode(line.removeprefix("extra ")))["statement"]
    return found


def test_no_proof_of_what_the_asker_does_not_see(served: Served, follow: Follow) -> None:
    assert served.code(PROOF, "m1", pupil="p3", grade="g-b-maths-0") == "ACCESS.DENIED"
    assert proof(served, "m1", grade="g-b-maths-0") is None
    assert proof(served, "m1", grade="nowhere") is None
    assert proof(served, "t-art", grade="g-a-maths-0") is not None  # homeroom teacher
    assert proof(served, "t-maths", grade="g-a-art-0") is None


def test_a_changed_journal_is_not_vouched_for(served: Served) -> None:
    proof(served, "m1")
    with psycopg.connect(served.system.conninfo, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("ALTER TABLE school_sp1.events DISABLE TRIGGER ALL")
        connection.execute(
            "UPDATE school_sp1.events SET state = state || ' '::bytea WHERE position ="
            " (SELECT max(position) FROM school_sp1.events)"
        )
    give = grades.GiveGrade(
        grade_id="new", unit_id="4a", class_id="4a", assignment_id="a-art", pupil_id="p1", value="3",
        category_id="test", on=date(2025, 9, 20),
    )  # fmt: skip
    assert isinstance(served.system.register("sp1").execute(give, actor=OFFICE), Accepted)
    address = f"/proofs/{served.system.proof_links.make('sp1', served.head())}"
    assert served.code(PROOF, "m1", pupil="p1", grade="g-a-art-0") == "HISTORY.CANNOT_VOUCH"
    assert TestClient(create_app(served.system)).get(address).status_code == 409
