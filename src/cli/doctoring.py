"""`dziennik doctor`: do the walls stand, is the history the one that was signed, are secrets kept?"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import typer

from dziennik.app import System, open_system
from dziennik.cli.options import DatabaseUrl, DataDir, Json, School
from dziennik.cli.schools import known
from dziennik.cli.telling import rows_told
from dziennik.journal.walls import Breach, breaches
from dziennik.projections.models import MODELS
from dziennik.projections.wall_check import faults_in_walls
from dziennik.proof.log import CannotVouch

MEANINGS = {
    "DOCTOR.ROLE_MISSING": "Nie ma tej roli w bazie / this role is not in the database",
    "DOCTOR.ROLE_TOO_POWERFUL": "Rola może więcej, niż powinna / the role may more than it should",
    "DOCTOR.TRIGGER_MISSING": "Usunięto strażnika tabeli / the table's guard was removed",
    "DOCTOR.TRIGGER_OFF": "Wyłączono strażnika tabeli / the table's guard is switched off",
    "DOCTOR.TRIGGER_CHANGED": "Podmieniono strażnika tabeli / the table's guard was replaced",
    "DOCTOR.MAY_WRITE": "Rola może zmieniać dziennik / the role may change the journal",
    "DOCTOR.OPEN_TO_ALL": "Schemat jest otwarty dla wszystkich / the schema is open to everybody",
    "DOCTOR.FUNCTION_MISSING": "Brak funkcji zapisu / the function that appends is missing",
    "DOCTOR.FUNCTION_CHANGED": "Zmieniono właściciela lub prawa funkcji zapisu / its owner or rights changed",
    "DOCTOR.READ_WALL_MISSING": "Tabela odczytu bez ściany / a table of read models has no wall",
    "DOCTOR.READ_WALL_OPEN": "Ściana przepuszcza cudze wiersze / the wall lets others' rows through",
    "DOCTOR.HISTORY": "Historia nie jest tą, którą podpisano / history is not the one that was signed",
    "DOCTOR.NEVER_SIGNED": "Nie ma jeszcze punktu kontrolnego / there is no checkpoint yet",
    "DOCTOR.NOT_COPIED": "Punkty kontrolne leżą tylko tutaj / checkpoints lie here alone",
    "DOCTOR.PARKED": "Odłożone fakty w modelach odczytu / parked facts in read models",
    "DOCTOR.SECRET_READABLE": "Sekret może czytać ktoś inny / somebody else can read the secret",
}


def doctor(
    school: School = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Check that the walls stand; 1: something does not / sprawdź zabezpieczenia."""
    with open_system(data_dir, database_url) as system:
        chosen = [known(system, school)] if school else system.schools()
        found = [*_secrets(system.settings.data_dir / "secrets")]
        for school_id in chosen:
            found += _school(system, school_id)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False))
    elif found:
        rows_told(("", "", ""), [(one.code, one.where, MEANINGS[one.code]) for one in found])
    else:
        typer.echo("Wszystko w porządku / all is well")
    raise typer.Exit(1 if found else 0)


def _school(system: System, school_id: str) -> Iterator[Breach]:
    with psycopg.connect(system.conninfo, autocommit=True) as connection:
        yield from breaches(connection, school_id)
        yield from (Breach(code, where) for code, where in faults_in_walls(connection, school_id, MODELS))
    log = system.log(school_id)
    try:
        if log.latest() is None:
            yield Breach("DOCTOR.NEVER_SIGNED", school_id)
        else:
            log.check()
        if missing := log.not_copied():
            yield Breach("DOCTOR.NOT_COPIED", f"{school_id}: {missing}")
    except (CannotVouch, OSError) as fault:
        yield Breach("DOCTOR.HISTORY", str(fault))
    for state in system.follower.health():
        if state.school_id == school_id:
            for model in state.models:
                if model.parked:
                    yield Breach("DOCTOR.PARKED", f"{school_id} {model.model}: {model.parked}")


def _secrets(folder: Path) -> Iterator[Breach]:
    for file in sorted(folder.glob("*.key")):
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield Breach("DOCTOR.SECRET_READABLE", str(file))
