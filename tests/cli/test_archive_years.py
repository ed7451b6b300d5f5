"""An archive from the command line: what is due, made, signed elsewhere or here, made again; and what is
refused."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import msgspec
import pytest

from dziennik.app import open_system
from dziennik.archive.bagging import MANIFEST
from dziennik.archive.signing import sign
from dziennik.bagcheck.checking import verify
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import RoleTaken
from dziennik.journal.journal import Draft
from tests.archive.year_sample import tell_year
from tests.bagcheck.authority import NOW, as_pem, as_pkcs12, authority
from tests.cli.conftest import Answer, Line

OURS = authority()
HEAD = OURS.signer("Wanda Dyrektorska")
YEAR = ("--school", "sp5", "--year", "2025/2026")


@pytest.fixture
def school(line: Line, tmp_path: Path) -> Line:
    """The sample school with its closed year."""
    with open_system(None, line.where[1]) as system:
        journal = system.journals.create_school("sp5")
        for each in tell_year():
            draft = Draft(stream=each.stream, expected_version=each.version - 1, facts=(each.fact,))
            journal.append([draft], msgspec.structs.replace(each.origin, command_id=f"c{each.position}"))
        taken = RoleTaken(
            person_id="head", role=Role.DIRECTOR, since=tell_year()[-1].origin.recorded_at.date()
        )
        version = journal.version("person/head")
        draft = Draft(stream="person/head", expected_version=version, facts=(taken,))
        journal.append([draft], msgspec.structs.replace(tell_year()[-1].origin, command_id="director"))
    (tmp_path / "ca.pem").write_bytes(OURS.pem())
    return line


def state(line: Line) -> str:
    answer = line("archive", "plan", "--school", "sp5", "--json")
    assert answer.code == 0
    told: str = json.loads(answer.out)[-1]["state"]
    return told


def test_the_practical_way(school: Line, tmp_path: Path) -> None:
    """Written here, signed elsewhere, checked here, and made again years later."""
    assert state(school) == "due"
    assert school("archive", "plan", "--school", "sp5").out.count("2025/2026") == 1
    made = json.loads(school("archive", "year", *YEAR, "--workers", "1", "--json").out)
    assert (made["edition"], made["erased"]) == (1, [])
    assert state(school) == "not_signed"
    assert school("archive", "prepare", *YEAR, "--out", tmp_path / "out").code == 0
    to_sign = (tmp_path / "out" / MANIFEST).read_bytes()
    assert made["manifest_sha256"] in (tmp_path / "out" / "JAK-PODPISAC.txt").read_text("utf-8")
    signature = tmp_path / "signature.xades"
    signature.write_bytes(sign(to_sign, name=MANIFEST, signer=HEAD, at=NOW))
    signed = school("archive", "upload", *YEAR, "--signature", signature, "--ca", tmp_path / "ca.pem")
    assert (signed.code, "Wanda Dyrektorska" in signed.out) == (0, True)
    assert state(school) == "done"
    again = school("archive", "regenerate", *YEAR, "--out", tmp_path / "again", "--workers", "1", "--json")
    told = json.loads(again.out)
    assert (again.code, told["signed"], told["differing"]) == (0, True, [])
    assert told["manifest_sha256"] == made["manifest_sha256"]
    report = verify(tmp_path / "again", [OURS.certificate])
    assert (report.wrong, report.signed is not None) == (None, True)
    with open_system(None, school.where[1]) as system:  # what is signed vouches for the tree of all facts
        root = system.log("sp5").tree().root(made["cut_off"])
    assert report.index is not None
    assert report.index.root == b64encode(root).decode()


def test_a_key_that_lies_here(school: Line, tmp_path: Path) -> None:
    key, password = tmp_path / "key.p12", tmp_path / "password"
    key.write_bytes(as_pkcs12(HEAD, "hasło"))
    password.write_text("hasło\n", encoding="utf-8")
    assert school("archive", "year", *YEAR, "--workers", "1").code == 0
    signed = school("archive", "sign", *YEAR, "--key", key, "--password-file", password)
    assert (signed.code, "No authority vouches" in signed.err) == (0, True)
    again = school("archive", "sign", *YEAR, "--key", key, "--password-file", password)
    assert (again.code, "ARCHIVES.SIGNED_ALREADY" in again.err) == (2, True)


def refused(answer: Answer, said: str) -> None:
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_what_is_refused(school: Line, tmp_path: Path) -> None:
    wrong = ("--school", "sp5", "--year", "1999/2000")
    refused(school("archive", "year", *wrong, "--workers", "1"), "2024/2025, 2025/2026")
    refused(school("archive", "year", "--school", "sp5", "--year", "2024", "--workers", "1"), "not closed")
    refused(school("archive", "year", "--school", "none", "--year", "2025"), "--school: sp5")
    refused(school("archive", "prepare", *YEAR, "--out", tmp_path / "x"), "nothing was written")
    assert school("archive", "year", *YEAR, "--workers", "1").code == 0
    refused(school("archive", "year", *YEAR, "--workers", "1"), "LESSONS.REASON_MISSING")
    refused(school("archive", "prepare", *YEAR, "--edition", "7", "--out", tmp_path / "x"), "no edition 7")
    other, text = tmp_path / "other.pem", tmp_path / "text.pem"
    other.write_bytes(as_pem(OURS.signer("Jan Inny")))
    text.write_text("x")
    refused(school("archive", "sign", *YEAR, "--key", other), "SIGNATURE.OTHER_PERSON")
    refused(school("archive", "sign", *YEAR, "--key", text), "Cannot sign")
    refused(school("archive", "upload", *YEAR, "--signature", text), "XML.NOT_WELL_FORMED")
    assert not (tmp_path / "x").exists()


def test_an_erased_person_is_told(school: Line, tmp_path: Path) -> None:
    assert school("archive", "year", *YEAR, "--workers", "1").code == 0
    with open_system(None, school.where[1]) as system:
        assert system.journals.school("sp5").keys.destroy("zan") == 2  # two classes of keys
    again = school("archive", "regenerate", *YEAR, "--out", tmp_path / "again", "--workers", "1", "--json")
    told = json.loads(again.out)
    assert (again.code, told["erased"], told["signed"]) == (3, ["zan"], False)
    assert "data/classes/4a/register.html" in told["differing"]
    assert "persons erased: 1" in again.err
