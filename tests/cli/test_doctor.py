"""What somebody did to the walls, the doctor names; what is as it was made, it does not."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Line


@pytest.fixture
def school(line: Line, tmp_path: Path) -> Line:
    assert line("school", "found", "sp5", "--name", "Szkoła nr 5").code == 0
    assert line("audit", "checkpoint", "--school", "sp5").code == 0
    return line


def told(line: Line) -> list[tuple[str, str]]:
    answer = line("doctor", "--json")
    found = [(one["code"], one["where"]) for one in json.loads(answer.out)]
    assert answer.code == (1 if found else 0)
    return found


def test_all_is_well(school: Line) -> None:
    assert told(school) == []
    assert "all is well" in school("doctor", "--school", "sp5").out


def test_a_school_that_was_never_signed_is_told(line: Line) -> None:
    line("school", "found", "sp6", "--name", "Szkoła nr 6")
    assert told(line) == [("DOCTOR.NEVER_SIGNED", "sp6")]


DAMAGES = {
    "trigger off": (
        "ALTER TABLE school_sp5.events DISABLE TRIGGER refuse_change",
        [("DOCTOR.TRIGGER_OFF", "school_sp5.events")],
    ),
    "trigger not always": (
        "ALTER TABLE school_sp5.commands ENABLE TRIGGER refuse_change",
        [("DOCTOR.TRIGGER_OFF", "school_sp5.commands")],
    ),
    "trigger dropped": (
        "DROP TRIGGER refuse_change ON school_sp5.head",
        [("DOCTOR.TRIGGER_MISSING", "school_sp5.head")],
    ),
    "guard replaced": (
        "CREATE OR REPLACE FUNCTION school_sp5.refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NULL; END'",
        [("DOCTOR.TRIGGER_CHANGED", f"school_sp5.{table}") for table in ("events", "commands", "head")],
    ),
    "writer may insert": (
        "GRANT INSERT ON school_sp5.events TO dziennik_writer",
        [("DOCTOR.MAY_WRITE", "dziennik_writer: INSERT school_sp5.events")],
    ),
    "open to all": ("GRANT USAGE ON SCHEMA keys_sp5 TO PUBLIC", [("DOCTOR.OPEN_TO_ALL", "keys_sp5")]),
    "function given away": (
        "GRANT EXECUTE ON FUNCTION school_sp5.append TO dziennik_reader",
        [("DOCTOR.FUNCTION_CHANGED", "school_sp5.append")],
    ),
    "a fact changed": (
        "ALTER TABLE school_sp5.events DISABLE TRIGGER refuse_change;"
        " UPDATE school_sp5.events SET state = state || ' '::bytea;"
        " ALTER TABLE school_sp5.events ENABLE ALWAYS TRIGGER refuse_change",
        [("DOCTOR.HISTORY", "PROOF.FACT_CHANGED: sp5, position 1: another hash")],
    ),
    "a fact removed": (
        "ALTER TABLE school_sp5.events DISABLE TRIGGER refuse_change; DELETE FROM school_sp5.events;"
        " ALTER TABLE school_sp5.events ENABLE ALWAYS TRIGGER refuse_change",
        [("DOCTOR.HISTORY", "PROOF.FACT_MISSING: sp5, position 1: the journal ends")],
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named(school: Line, damage: str) -> None:
    statement, expected = DAMAGES[damage]
    with psycopg.connect(school.where[1], autocommit=True) as connection:
        for part in statement.split("; ") if "DISABLE" in statement and ";" in statement else [statement]:
            connection.execute(part)
    assert told(school) == expected


def test_a_secret_that_others_can_read_is_named(school: Line, tmp_path: Path) -> None:
    key = tmp_path / "data" / "secrets" / "proof.key"
    key.chmod(0o644)
    assert told(school) == [("DOCTOR.SECRET_READABLE", str(key))]
