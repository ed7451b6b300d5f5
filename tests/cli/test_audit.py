"""The auditor's commands, as they are typed, with their exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Line


@pytest.fixture
def school(line: Line) -> Line:
    assert line("school", "found", "sp5", "--name", "Szkoła nr 5").code == 0
    return line


@pytest.fixture
def key(school: Line, tmp_path: Path) -> Path:
    file = tmp_path / "key.pub"
    file.write_text(school("audit", "key", "--school", "sp5").out, encoding="utf-8")
    return file


def test_from_checkpoint_to_verdict(school: Line, key: Path, tmp_path: Path) -> None:
    first, facts = tmp_path / "first", tmp_path / "facts.jsonl"
    assert school("audit", "checkpoint", "--school", "sp5", "--out", first).code == 0
    assert school("audit", "export", "--school", "sp5", "--out", facts).code == 0
    found = school.bare("audit", "verify", facts, "--key", key, "--checkpoint", first, "--json")
    assert found.code == 0
    assert json.loads(found.out) == {
        "outcome": "holds", "first_bad": None, "findings": [],
        "facts": {"origin": "dziennik/sp5", "facts": 1, "covered": 1},
    }  # fmt: skip
    proof = tmp_path / "entry.tlog-proof"
    assert school("audit", "prove", "--school", "sp5", "--position", "1", "--out", proof).code == 0
    shown = school.bare("audit", "verify", proof, "--key", key)
    assert shown.code == 0
    assert "Szkoła nr 5" in shown.out
    path = tmp_path / "consistency.json"
    assert school("audit", "consistency", "--school", "sp5", "--from", first, "--out", path).code == 0
    assert school.bare("audit", "verify", path, "--key", key).code == 0


def test_a_changed_byte_ends_with_1_and_is_named(school: Line, key: Path, tmp_path: Path) -> None:
    first, facts = tmp_path / "first", tmp_path / "facts.jsonl"
    school("audit", "checkpoint", "--school", "sp5", "--out", first)
    with psycopg.connect(school.where[1]) as connection:
        connection.execute("ALTER TABLE school_sp5.events DISABLE TRIGGER refuse_change")
        connection.execute(
            "UPDATE school_sp5.events"
            " SET state = convert_to(replace(convert_from(state, 'UTF8'), '5', '6'), 'UTF8')"
        )
    assert school("audit", "export", "--school", "sp5", "--out", facts).code == 0
    found = school.bare("audit", "verify", facts, "--key", key, "--checkpoint", first)
    assert found.code == 1
    assert "first bad position: 1" in found.out
    assert "PROOF.FACT_CHANGED" in found.out
    refused = school("audit", "checkpoint", "--school", "sp5")
    assert refused.code == 1
    assert "PROOF.FACT_CHANGED: sp5, position 1" in refused.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("prove", "--school", "sp5", "--position", "99"), 2, "PROOF.NO_SUCH_ENTRY"),
        (("prove", "--school", "sp5", "--grade", "none"), 2, "there is no such entry"),
        (("prove", "--school", "sp5"), 2, "--grade"),
        (("checkpoint", "--school", "unknown"), 2, "There is no school"),
        (("replay", "--school", "sp5", "--until", "99"), 2, "There is no position 99"),
        (("consistency", "--school", "sp5", "--from", "missing"), 2, "PROOF.UNREADABLE"),
    ],
)
def test_bad_input_is_a_clear_answer(school: Line, words: tuple[str, ...], code: int, said: str) -> None:
    answer = school("audit", *words)
    assert answer.code == code
    assert said in answer.err


def test_what_cannot_be_checked_ends_with_2(school: Line, key: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.jsonl"
    school("audit", "export", "--school", "sp5", "--out", facts)
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(facts.read_bytes()[:-200])
    for file in (cut, tmp_path / "missing", key):
        answer = school.bare("audit", "verify", file, "--key", key)
        assert (answer.code, "COULD NOT BE CHECKED" in answer.out) == (2, True)
    wrong = "dziennik/sp5+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    answer = school.bare("audit", "verify", facts, "--key", wrong)
    assert (answer.code, "PROOF.BAD_KEY" in answer.out) == (2, True)


def test_damaged_files_are_told_as_such(school: Line, key: Path, tmp_path: Path) -> None:
    note, binary, short = tmp_path / "note", tmp_path / "binary", tmp_path / "short"
    school("audit", "checkpoint", "--school", "sp5", "--out", note)
    binary.write_bytes(b"\xd7\x00\xff")
    short.write_text("name AAAA\n", "utf-8")
    seen = ("--seen", tmp_path / "seen")
    for secret in (binary, short, tmp_path / "missing"):
        answer = school.bare("audit", "cosign", note, "--key", key, "--witness-key", secret, *seen)
        assert (answer.code, "PROOF.UNREADABLE" in answer.err, "AAAA" in answer.err) == (2, True, False)
    answer = school("audit", "consistency", "--school", "sp5", "--from", binary)
    assert (answer.code, "PROOF.UNREADABLE" in answer.err) == (2, True)
    assert not (tmp_path / "seen").exists()


def test_the_register_is_no_witness_of_its_own(school: Line, key: Path, tmp_path: Path) -> None:
    note = tmp_path / "note"
    school("audit", "checkpoint", "--school", "sp5", "--out", note)
    answer = school.bare("audit", "verify", note, "--key", key, "--witness", key)
    assert (answer.code, "PROOF.BAD_KEY" in answer.out) == (2, True)


def test_a_witness_follows(school: Line, key: Path, tmp_path: Path) -> None:
    secret, seen, first, second = (tmp_path / name for name in ("secret", "seen", "first", "second"))
    public = school.bare("audit", "witness-key", secret, "--name", "kuratorium.example").out.strip()
    school("audit", "checkpoint", "--school", "sp5", "--out", first)
    options = ("--key", key, "--witness-key", secret, "--seen", seen)
    assert school.bare("audit", "cosign", first, *options, "--out", tmp_path / "one").code == 0
    school("demo", "--size", "tiny", "--build-only")
    school("audit", "checkpoint", "--school", "demo_tiny", "--out", second)
    refused = school.bare("audit", "cosign", second, *options)
    assert (refused.code, "another register" in refused.err) == (2, True)
    assert seen.read_text("utf-8") == (tmp_path / "one").read_text("utf-8")
    assert school.bare("audit", "verify", tmp_path / "one", "--key", key, "--witness", public).code == 0
    assert school.bare("audit", "verify", first, "--key", key, "--witness", public).code == 2


@pytest.mark.slow
def test_the_sample_can_be_checked_by_others(bare_line: Line, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert bare_line("audit", "sample", out, "--size", "tiny").code == 0
    key = out / "key.pub"
    for name in (
        "export.jsonl",
        "grade.tlog-proof",
        "consistency.json",
        "first.checkpoint",
        "second.checkpoint",
    ):
        command = [sys.executable, "-m", "dziennik.verify", str(out / name), "--key", str(key), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert (done.returncode, json.loads(done.stdout)["outcome"]) == (0, "holds"), name
    for name in ("export.jsonl", "grade.tlog-proof"):
        answer = bare_line("audit", "verify", out / name, "--key", key)
        assert answer.code == 0


def test_a_replay_names_the_first_difference(line: Line, new_database: Callable[[], str]) -> None:
    assert line("demo", "--size", "tiny", "--build-only").code == 0
    same = line("audit", "replay", "--school", "demo_tiny", "--json")
    assert same.code == 0
    told = json.loads(same.out)
    assert {one["model"] for one in told} >= {"gradebook", "attendance", "structure"}
    assert all(one["difference"] is None and one["rows"] > 0 for one in told if one["model"] == "gradebook")
    half = max(one["position"] for one in told) // 2
    then = json.loads(line("audit", "replay", "--school", "demo_tiny", "--until", half, "--json").out)
    assert [(one["rows"], one["difference"]) for one in then] == [(one["rows"], None) for one in told]
    books = [one["then"] for one in then if one["model"] in {"gradebook", "entry_history"}]
    assert {one["position"] for one in books} == {half}
    assert 0 < books[0]["standing"] < books[0]["rows"]  # cells that got further grades stand no more
    assert books[1]["standing"] == books[1]["rows"]  # what happened has happened
    with psycopg.connect(line.where[1]) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'read_demo_tiny'"
            " AND tablename LIKE 'people_v%_person'"
        ).fetchall()
        connection.execute(
            f"UPDATE read_demo_tiny.{names[0][0]} SET family_name = 'Zmieniony' WHERE person_id ="
            f" (SELECT max(person_id) FROM read_demo_tiny.{names[0][0]})"
        )
    different = line("audit", "replay", "--school", "demo_tiny")
    assert different.code == 1
    [row] = [one for one in different.out.splitlines() if "≠" in one]
    assert "people" in row
    assert "family_name: Zmieniony |" in row
