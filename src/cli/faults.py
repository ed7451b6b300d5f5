"""Which faults can an operator mend, and in what words are they told?

Everything else is a fault of ours and shows its traceback.
"""

from __future__ import annotations

import psycopg

from dziennik.cli.serving import CannotListen
from dziennik.demo.build import NotTheDemo
from dziennik.journal.journal import UndecodableFact, UnknownSchool, Unsettled
from dziennik.journal.keyring import WrongMasterKey
from dziennik.omr.working import WorkerFailed
from dziennik.postgres.faults import PostgresFault
from dziennik.proof.exporting import NothingSigned
from dziennik.proof.log import CannotVouch
from dziennik.settings import SettingsFault

FAULT, WRONGLY_CALLED = 1, 2  # exit codes

THEIR_OWN_WORDS = (
    SettingsFault,
    WorkerFailed,
    PostgresFault,
    UndecodableFact,
    Unsettled,
    CannotListen,
    CannotVouch,
    NothingSigned,
)


def told(fault: Exception) -> tuple[str, int] | None:
    """A sentence and the exit code; None for a fault that is not the operator's."""
    if isinstance(fault, THEIR_OWN_WORDS):
        return str(fault), FAULT
    if isinstance(fault, NotTheDemo):
        return str(fault), WRONGLY_CALLED
    if isinstance(fault, UnknownSchool):
        return _no_school(fault.school_id), WRONGLY_CALLED
    if isinstance(fault, WrongMasterKey):
        return _other_master_key(fault), FAULT
    if isinstance(fault, psycopg.Error):
        text = _database(fault)
        return (text, FAULT) if text else None
    if isinstance(fault, OSError) and fault.filename is not None:
        return f"{fault.filename}: {fault.strerror}", FAULT
    return None


def _no_school(school_id: str) -> str:
    return (
        f"Nie ma tu szkoły „{school_id}”; są: dziennik school list. / "
        f"There is no school “{school_id}” here; there are: dziennik school list."
    )


def _other_master_key(fault: WrongMasterKey) -> str:
    return (
        "KEYS.WRONG_MASTER_KEY: to nie jest klucz główny tej bazy; przywróć secrets/master.key albo "
        "DZIENNIK_MASTER_KEY. / This is not the database's master key; put secrets/master.key or "
        f"DZIENNIK_MASTER_KEY back. ({fault})"
    )


def _database(fault: psycopg.Error) -> str | None:
    if isinstance(fault, psycopg.ProgrammingError) and fault.sqlstate is None:
        # libpq quotes what it could not read, and that may be a password.
        return "DATABASE.BAD_URL: --database-url is not a URL such as postgresql://user@host/database."
    if isinstance(fault, psycopg.OperationalError | psycopg.errors.InsufficientPrivilege):
        return f"DATABASE.UNUSABLE: {' '.join(str(fault).split())}"
    return None
