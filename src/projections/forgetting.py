"""What is left to do in the database when a person's key has been destroyed?

The journal needs nothing: its texts are ciphertext. Read models hold plain texts, so those that do are built
anew; what PostgreSQL still keeps of the old rows goes with its old tables, statistics and log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from dziennik.projections.model import ReadModel
from dziennik.projections.places import prune
from dziennik.projections.rebuild import Progress, rebuild
from dziennik.projections.source import Source


def forget(conninfo: str, journal: Source, models: Sequence[ReadModel], progress: Progress) -> list[str]:
    """Build the models that hold personal texts anew, and clear what is left of the old rows; which models.

    Needs a superuser for the log's sake; without one the old segments go in the server's own time.
    """
    personal = [model for model in models if model.personal]
    if personal:
        rebuild(conninfo, journal, *personal, progress=progress)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        prune(connection, journal.school_id, models)
        keys = SQL("VACUUM (FULL) {}").format(Identifier(f"keys_{journal.school_id}", "keys"))
        for statement in (keys, SQL("VACUUM (FULL) pg_catalog.pg_statistic")):
            connection.execute(statement)
        row = connection.execute(
            "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
        ).fetchone()
        if row and row[0]:
            _turn_over_log(connection)
    return [model.name for model in personal]


def _turn_over_log(connection: Connection[Any]) -> None:
    """Let every segment of the write-ahead log be removed, those too that were kept to be used again."""
    connection.execute("ALTER SYSTEM SET wal_recycle = off")
    connection.execute("SELECT pg_reload_conf()")
    try:
        row = connection.execute("SELECT count(*) FROM pg_ls_waldir()").fetchone()
        for _ in range((row[0] if row else 0) + 2):
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")
    finally:
        connection.execute("ALTER SYSTEM RESET wal_recycle")
        connection.execute("SELECT pg_reload_conf()")
