"""Which sessions have ended although their access tokens are good for some minutes more?

Those that ended within the last hour lie in a table, which a trigger fills with each session that is
removed, whatever removed it, and tells all processes of. Each keeps them in memory while it hears of new
ones; a process that does not (it has just begun, the line broke) asks the database for each request instead
(ADR 0165).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from time import monotonic
from typing import Any, Final

from psycopg import Connection

from dziennik.journal.listening import Listening

CHANNEL: Final = "dziennik_sessions"
LOOK: Final = 5.0  # seconds after which the table is looked at although nothing was heard
STALE: Final = 2 * LOOK  # seconds after which memory is not believed any more
# An hour is longer than any access token lasts (tokens.ACCESS_LASTS), whatever two clocks differ.
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS credentials.ended_sessions (
    family   text COLLATE "C" PRIMARY KEY,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS ended_sessions_ended_at ON credentials.ended_sessions (ended_at);
CREATE OR REPLACE FUNCTION credentials.session_ended() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    DELETE FROM credentials.ended_sessions WHERE family IN (
        SELECT family FROM credentials.ended_sessions
        WHERE ended_at < clock_timestamp() - interval '1 hour' FOR UPDATE SKIP LOCKED
    );
    INSERT INTO credentials.ended_sessions (family) VALUES (OLD.family) ON CONFLICT DO NOTHING;
    PERFORM pg_notify('dziennik_sessions', OLD.family);
    RETURN NULL;
END
$body$;
CREATE OR REPLACE TRIGGER session_ended AFTER DELETE ON credentials.sessions
    FOR EACH ROW EXECUTE FUNCTION credentials.session_ended();
"""


class Ended:
    """The sessions that ended lately, for one process. Thread-safe. Close it."""

    def __init__(
        self, conninfo: str, connected: Callable[[], AbstractContextManager[Connection[Any]]]
    ) -> None:
        """`connected` gives one of the accounts' connections. Nothing listens before somebody asks."""
        self._connected = connected
        self._families: set[str] = set()
        self._good_until = 0.0
        self._line = Listening(
            conninfo,
            CHANNEL,
            name="dziennik-sessions",
            stands=self._look,
            heard=self._heard,
            breaks=self._deaf,
            again=LOOK,
        )

    def has(self, family: str) -> bool:
        """Whether the session has ended. Without a database nobody can tell: raises psycopg.Error."""
        if monotonic() < self._good_until:
            return family in self._families
        self._line.start()
        with self._connected() as connection:
            query = "SELECT FROM credentials.sessions WHERE family = %s"
            return connection.execute(query, [family]).fetchone() is None

    def close(self) -> None:
        """Listen no more."""
        self._line.close()

    def _heard(self, family: str) -> None:
        self._families.add(family)

    def _deaf(self) -> None:
        self._good_until = 0.0

    def _look(self, connection: Connection[Any]) -> None:
        """All of them; what is heard afterwards ended afterwards."""
        begun = monotonic()
        rows = connection.execute("SELECT family FROM credentials.ended_sessions").fetchall()
        self._families = {family for (family,) in rows}
        self._good_until = begun + STALE
