"""An administrator's first hour: a file comes in, people get accounts, a class goes into the archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Line
from tests.imports.bundles import small


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return small().write_zip(tmp_path / "sp1.zip")


@pytest.fixture
def school(line: Line, file: Path) -> Line:
    assert line("import", "oneroster", file).code == 0
    return line


def person(line: Line, *words: str) -> dict[str, str]:
    """The only person whom a search finds."""
    rows = json.loads(line("people", "find", "--school", "sp1", *words, "--json").out)
    (row,) = rows
    assert isinstance(row, dict)
    return row


def test_a_dry_run_leaves_no_school_behind(line: Line, file: Path) -> None:
    answer = line("import", "oneroster", file, "--dry-run")
    assert (answer.code, answer.out.splitlines()[0]) == (0, "Próba, niczego nie zapisano (sp1).")
    listed = line("school", "list")
    assert (listed.code, listed.out) == (0, "")
    assert "There is no school yet" in listed.err


def test_the_second_import_changes_nothing(line: Line, file: Path) -> None:
    first = json.loads(line("import", "oneroster", file, "--json").out)
    assert (first["created"]["schools"], first["created"]["grades"], first["accepted"]) == (1, 4, True)
    listed = json.loads(line("school", "list", "--json").out)
    again = json.loads(line("import", "oneroster", file, "--json").out)
    assert (sum(again["created"].values()), again["unchanged"]["grades"], again["facts"]) == (0, 4, 0)
    assert json.loads(line("school", "list", "--json").out) == listed
    assert [(row["school"], row["name"]) for row in listed] == [("sp1", "Szkoła nr 1")]


def test_a_folder_of_something_else_is_refused_also_when_the_school_is_known(
    school: Line, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    answer = school("import", "oneroster", tmp_path / "photos", "--skip-bad-rows")
    assert answer.code == 2
    assert "[IMPORT.NO_FILES]" in answer.out


def test_an_id_is_shown_whole_and_opens_an_account(school: Line) -> None:
    parent = person(school, "--role", "parent", "maria łoś")
    found = school("people", "find", "--school", "sp1", "--role", "parent", "Łoś")
    assert found.out.splitlines()[1].startswith(f"{parent['id']}  Łoś Maria")
    opened = school("account", "open", "--school", "sp1", "--person", parent["id"], "--login", "Maria.Los")
    assert opened.code == 0
    login, password = opened.out.splitlines()
    assert login == "login: Maria.Los"
    assert len(password.partition(": ")[2]) == 16
    assert person(school, "Maria")["login"] == "maria.los"


def test_the_list_says_when_it_is_cut(school: Line) -> None:
    answer = school("people", "find", "--school", "sp1", "--limit", "2")
    assert len(answer.out.splitlines()) == 3  # with the headings
    assert "Shown 2 / 9" in answer.err


def test_a_refused_account_does_not_use_up_its_login(school: Line) -> None:
    stranger = school("account", "open", "--school", "sp1", "--person", "nobody", "--login", "los")
    assert (stranger.code, stranger.err.partition(":")[0]) == (2, "PEOPLE.NO_SUCH_PERSON")
    parent = person(school, "Maria")["id"]
    assert school("account", "open", "--school", "sp1", "--person", parent, "--login", "los").code == 0


def test_one_person_one_account(school: Line) -> None:
    parent = ("--school", "sp1", "--person", person(school, "Maria")["id"], "--password", "długie hasło 1")
    for _ in range(2):  # sent twice by mistake: no harm
        assert school("account", "open", *parent, "--login", "los").out == "login: los\n"
    other = school("account", "open", *parent, "--login", "maria")
    assert (other.code, other.err.partition(":")[0]) == (2, "PEOPLE.ACCOUNT_TAKEN")


def test_a_lost_password_is_replaced(school: Line) -> None:
    parent = ("--school", "sp1", "--person", person(school, "Maria")["id"])
    none_yet = school("account", "password", *parent)
    assert (none_yet.code, "no account yet" in none_yet.err) == (2, True)
    first = school("account", "open", *parent, "--login", "los").out.splitlines()
    second = school("account", "password", *parent).out.splitlines()
    assert first[0] == second[0] == "login: los"
    assert first[1] != second[1]
    short = school("account", "password", *parent, "--password", "krótkie")
    assert (short.code, short.err.partition(":")[0]) == (2, "ACCESS.PASSWORD_TOO_SHORT")


def test_a_class_goes_into_the_archive_the_same_each_time(school: Line, tmp_path: Path) -> None:
    names = ("--school", "sp1", "--class", "4a", "--year", "2026/2027")
    digests = {
        json.loads(school("archive", "class-year", *names, "--out", tmp_path / name, "--json").out)["sha256"]
        for name in ("a.xml", "b.xml")
    }
    assert len(digests) == 1
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes() != b""


def test_a_new_school_is_founded_once(line: Line) -> None:
    assert line("school", "found", "lo5", "--name", "V Liceum", "--city", "Łódź").code == 0
    again = line("school", "found", "lo5", "--name", "Inne")
    assert (again.code, again.err.partition(":")[0]) == (2, "SCHOOL.ALREADY_FOUNDED")
    assert [row["facts"] for row in json.loads(line("school", "list", "--json").out)] == [1]


@pytest.mark.parametrize("school_id", ["provider", "Bad Id!", ""])
def test_no_school_under_an_id_that_cannot_be_one(line: Line, school_id: str) -> None:
    assert line("school", "found", school_id, "--name", "X").code == 2
    assert json.loads(line("school", "list", "--json").out) == []


def test_read_models_are_built_anew_and_well(school: Line) -> None:
    assert school("projections", "rebuild", "--school", "sp1", "--model", "people").code == 0
    told = school("projections", "health", "--school", "sp1", "--json")
    (state,) = json.loads(told.out)["schools"]
    assert {model["model"]: model["lag"] for model in state["models"]}["people"] == 0
    assert person(school, "Maria")["children"] == "Łoś Adam, Łoś Zofia"


def test_uploads_that_nothing_refers_to_are_swept(school: Line) -> None:
    answer = school("attachments", "sweep", "--school", "sp1")
    assert (answer.code, answer.out) == (0, "sp1: 0 upload(s) removed / usunięto\n")
    assert school("attachments", "sweep", "--school", "nowhere").code == 2


def test_a_class_gets_its_letters_and_the_office_sees_who_is_let_in(school: Line, tmp_path: Path) -> None:
    here, out = ("--school", "sp1"), tmp_path / "letters.pdf"
    printed = school("account", "letters", *here, out, "--class", "4a")
    assert (printed.code, out.read_bytes()[:5]) == (0, b"%PDF-")
    assert out.stat().st_mode & 0o077 == 0  # whoever has it can log in as all of them

    def parent() -> dict[str, str]:
        rows = json.loads(school("account", "list", *here, "--role", "parent", "--json").out)
        return next(row for row in rows if "Maria" in row["name"])

    assert (parent()["login"], bool(parent()["codeUntil"]), parent()["blocked"]) == ("", True, "")
    person_id = parent()["id"]
    assert school("account", "block", *here, "--person", person_id, "--reason", "list zaginął").code == 0
    assert parent()["blocked"] == "list zaginął"
    refused = school("account", "letters", *here, out, "--person", person_id)
    assert (refused.code, refused.err.partition(":")[0]) == (2, "ACCOUNTS.ACCESS_BLOCKED")
    assert school("account", "unblock", *here, "--person", person_id).code == 0
    lost = school("account", "reset-second-factor", *here, "--person", person_id, "--reason", "telefon")
    assert (lost.code, lost.err.partition(":")[0]) == (2, "ACCOUNTS.NO_ACCOUNT")
    rules = school(
        "account", "rules", *here, "--since", "2026-09-01", "--code-days", "7", "--second-factor", "director"
    )
    assert rules.out.splitlines()[-1].split() == ["2026-09-01", "12", "-", "7", "d", "director"]
