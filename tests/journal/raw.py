"""Writing to a school's tables behind the journal's back: by hand, slowly, or wrongly."""

from __future__ import annotations

from time import monotonic

import msgspec
import psycopg
from psycopg.sql import SQL, Identifier

from dziennik.contracts.facts import Fact
from dziennik.journal.batch import Prepared, arguments
from dziennik.journal.batch import prepared as packed
from dziennik.journal.journal import Journal
from dziennik.journal.queries import Queries
from dziennik.journal.schema import school_schema
from dziennik.journal.wire import Line
from tests.journal.sample import MORNING, origin


def prepared(
    stream: str, version: int, name: str, state: bytes, *, command_id: str | None = None
) -> Prepared:
    """A command of one stored fact."""
    given = origin(command_id)
    facts = [(stream, version, name, state)]
    return packed(given.command_id, b"", msgspec.json.encode(given), MORNING, {stream: version - 1}, facts)


def stored(fact: Fact) -> tuple[str, bytes]:
    """A fact's name and plain bytes."""
    return fact.fact_name, msgspec.json.encode(fact)


def append(line: Line, journal: Journal, *commands: Prepared) -> str:
    """Call the school's append function, in a transaction that is left open."""
    line.execute("SELECT")
    [(answer,)] = line.ask(Queries(school_schema(journal.school_id)).append, *arguments(commands))
    return str(answer)


def force(dsn: str, journal: Journal, statement: str, *arguments: object) -> None:
    """Change stored facts as only a superuser who first takes off the trigger can."""
    schema = Identifier(school_schema(journal.school_id))
    with psycopg.connect(dsn) as connection:
        connection.execute(SQL("SET search_path = {}").format(schema))
        connection.execute("ALTER TABLE events DISABLE TRIGGER refuse_change")
        connection.execute(statement, arguments)
        connection.execute("ALTER TABLE events ENABLE ALWAYS TRIGGER refuse_change")


def blocked(dsn: str, count: int = 1) -> None:
    """Return when that many connections wait for a lock in this database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        deadline = monotonic() + 10
        while monotonic() < deadline:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if row and row[0] >= count:
                return
    raise TimeoutError("nobody waits")
