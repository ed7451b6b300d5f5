"""Is a wrong call, or a fault that an operator can mend, told in a sentence and an exit code?"""

from __future__ import annotations

import shutil
import socket
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from dziennik.cli import faults
from tests.cli.conftest import Answer, Line
from tests.imports.bundles import small


def in_a_sentence(answer: Answer, code: int, text: str) -> bool:
    return answer.code == code and text in answer.err and "Traceback" not in answer.err


@pytest.mark.parametrize(
    "call",
    [
        "bogus",
        "school bogus",
        "school list --bogus",
        "school found",
        "school found sp1",
        "people find",
        "people find --school sp1 --role king",
        "people find --school sp1 --limit 0",
        "account open --school sp1",
        "account password --school sp1",
        "archive class-year",
        "import oneroster",
        "import oneroster a.zip --lang de",
        "projections rebuild --model nothing",
        "serve --port 65536",
        "serve --port x",
        "demo --size huge",
    ],
)
def test_a_wrong_call_ends_with_2_before_anything_is_made(bare_line: Line, tmp_path: Path, call: str) -> None:
    assert in_a_sentence(bare_line.bare(*call.split()), 2, "Error")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["", "school", "people", "account", "archive", "import", "projections"])
def test_half_a_command_shows_the_other_halves(bare_line: Line, call: str) -> None:
    answer = bare_line.bare(*call.split())
    assert (answer.code, "Commands" in answer.out + answer.err) == (2, True)


@pytest.mark.parametrize("school", ["sp1", "provider", "[/b]"])
@pytest.mark.parametrize(
    "call",
    [
        "people find",
        "account open --person p --login maria",
        "account password --person p",
        "projections health",
        "projections rebuild",
        "projections replay",
    ],
)
def test_a_school_that_is_not_here(line: Line, call: str, school: str) -> None:
    assert in_a_sentence(line(*call.split(), "--school", school), 2, f"There is no school “{school}” here")


def test_an_address_that_is_taken_is_told_before_anything_is_built(bare_line: Line, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in ("serve", "demo"):
            assert in_a_sentence(
                bare_line.bare(command, "--port", port), 1, f"SERVE.CANNOT_LISTEN: 127.0.0.1:{port}"
            )
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_database_that_does_not_answer(bare_line: Line) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://postgres@127.0.0.1:{nobody.getsockname()[1]}/x"
        assert in_a_sentence(bare_line.bare("school", "list", "--database-url", url), 1, "DATABASE.UNUSABLE")


def test_a_wrong_url_is_not_repeated(bare_line: Line) -> None:
    answer = bare_line.bare("school", "list", "--database-url", "secret-word")
    assert in_a_sentence(answer, 1, "DATABASE.BAD_URL")
    assert "secret-word" not in answer.err


def test_a_data_folder_that_cannot_be_made(bare_line: Line, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = bare_line.bare("school", "list", "--data-dir", tmp_path / "file" / "data")
    assert in_a_sentence(answer, 1, str(tmp_path / "file"))


def test_a_wrong_setting(bare_line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DZIENNIK_PORT", "many")
    assert in_a_sentence(bare_line.bare("serve"), 1, "DZIENNIK_PORT")


def test_a_server_does_not_start_on_another_master_key(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line("import", "oneroster", small().write_zip(tmp_path / "sp1.zip")).code == 0
    monkeypatch.setenv("DZIENNIK_MASTER_KEY", b64encode(b"another key than that one before").decode())
    assert in_a_sentence(line("serve", "--port", "0"), 1, "KEYS.WRONG_MASTER_KEY")


def test_somebody_elses_school_under_the_demos_id(line: Line) -> None:
    assert line("school", "found", "demo_tiny", "--name", "Szkoła nr 2").code == 0
    answer = line("demo", "--size", "tiny", "--build-only")
    assert in_a_sentence(answer, 2, "is not the demo school")


def test_scans_that_no_process_reads(
    bare_line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scan.png").write_bytes(b"")
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    assert in_a_sentence(bare_line.bare("omr", "read", tmp_path / "scan.png"), 1, "OMR.NO_READER")


def test_a_fault_of_ours_is_not_told_as_the_operators() -> None:
    assert faults.told(KeyError("x")) is None
    assert faults.told(OSError("without a file")) is None
