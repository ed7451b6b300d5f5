"""Where do notices lie, and what is still to be sent?

In a schema of its own beside the journals: how far each school's facts were told, who was told what, and the
outbox of e-mails and push messages. A school's notices are written together with how far they go, in one
transaction that holds only if nobody else went as far: each fact is told once (ADR 0171). Nothing here says
what a notice says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from psycopg import Connection
from psycopg.sql import SQL
from psycopg_pool import ConnectionPool

from dziennik.notifying.notice import Matter, Notice, ToSend, What

SCHEMA: Final = """
CREATE SCHEMA IF NOT EXISTS notices;
REVOKE ALL ON SCHEMA notices FROM PUBLIC;
CREATE TABLE IF NOT EXISTS notices.told (
    school_id text COLLATE "C" PRIMARY KEY,
    position  bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS notices.unreadable (
    school_id text COLLATE "C",
    position  bigint,
    why       text NOT NULL,
    PRIMARY KEY (school_id, position)
);
CREATE TABLE IF NOT EXISTS notices.notices (
    school_id  text COLLATE "C",
    person_id  text COLLATE "C",
    position   bigint,
    what       text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    entry_id   text COLLATE "C" NOT NULL,
    within_id  text COLLATE "C" NOT NULL,
    pupil_id   text COLLATE "C",
    subject_id text COLLATE "C",
    column_id  text COLLATE "C",
    shown_on   date,
    read_at    timestamptz,
    PRIMARY KEY (school_id, person_id, position)
);
CREATE INDEX IF NOT EXISTS notices_unread ON notices.notices (school_id, person_id) WHERE read_at IS NULL;
CREATE INDEX IF NOT EXISTS notices_column ON notices.notices (school_id, column_id)
    WHERE column_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS notices_new ON notices.notices (school_id, position);
ALTER TABLE notices.notices ADD COLUMN IF NOT EXISTS live bigint;
CREATE INDEX IF NOT EXISTS notices_live ON notices.notices (school_id, (coalesce(live, position)));
CREATE INDEX IF NOT EXISTS notices_shown ON notices.notices (school_id, shown_on) WHERE shown_on IS NOT NULL;
CREATE TABLE IF NOT EXISTS notices.outbox (
    school_id    text COLLATE "C",
    person_id    text COLLATE "C",
    position     bigint,
    how          text COLLATE "C" NOT NULL,
    due_at       timestamptz NOT NULL,
    state        text COLLATE "C" NOT NULL DEFAULT 'waiting',
    bundle       text COLLATE "C",
    attempts     integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    settled_at   timestamptz,
    why          text
);
ALTER TABLE notices.outbox ADD COLUMN IF NOT EXISTS channel text COLLATE "C" NOT NULL DEFAULT 'mail';
ALTER TABLE notices.outbox DROP CONSTRAINT IF EXISTS outbox_pkey;
CREATE UNIQUE INDEX IF NOT EXISTS outbox_each ON notices.outbox (school_id, person_id, position, channel);
CREATE INDEX IF NOT EXISTS outbox_due ON notices.outbox (due_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_bundle ON notices.outbox (bundle) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_dead ON notices.outbox (school_id) WHERE state = 'dead';
"""
# Notices are kept for a school year and the holidays after it.
KEPT: Final = timedelta(days=400)

_COLUMNS = SQL(
    "person_id, position, what, at, entry_id, within_id, pupil_id, subject_id, column_id, shown_on, read_at,"
    " coalesce(live, position)"
)
# What somebody may be shown on a day, of themselves, of these pupils, and of nobody in particular.
_SHOWN = SQL("(shown_on IS NULL OR shown_on <= %s) AND (pupil_id IS NULL OR pupil_id = ANY(%s))")
_OF_PERSON = SQL(
    "SELECT {} FROM notices.notices WHERE school_id = %s AND person_id = %s AND {}"
    " ORDER BY position DESC LIMIT %s"
).format(_COLUMNS, _SHOWN)
_BETWEEN = SQL(
    "SELECT {} FROM notices.notices WHERE school_id = %s AND coalesce(live, position) > %s"
    " AND coalesce(live, position) <= %s AND person_id = ANY(%s)"
    " ORDER BY coalesce(live, position), position, person_id LIMIT %s"
).format(_COLUMNS)
# What waited for its day, and may be known from that one on.
_OPENED = SQL(
    "SELECT {} FROM notices.notices WHERE school_id = %s AND shown_on > %s AND shown_on <= %s"
    " AND coalesce(live, position) <= %s AND person_id = ANY(%s) ORDER BY position, person_id LIMIT %s"
).format(_COLUMNS)
_SOME = SQL(
    "SELECT {} FROM notices.notices WHERE school_id = %s AND person_id = %s AND position = ANY(%s)"
    " ORDER BY position"
).format(_COLUMNS)
_UNREAD = SQL(
    "SELECT count(*) FROM notices.notices WHERE school_id = %s AND person_id = %s AND read_at IS NULL AND {}"
).format(_SHOWN)
_INSERT = (
    "INSERT INTO notices.notices (school_id, person_id, position, what, at, entry_id, within_id, pupil_id,"
    " subject_id, column_id, shown_on) SELECT %s, p, %s, %s, %s, %s, %s, %s, %s, %s, %s"
    " FROM unnest(%s::text[]) AS p"
)
_SEND = (
    "INSERT INTO notices.outbox (school_id, person_id, position, how, due_at, channel, bundle)"
    " SELECT %s, p, %s, h, d, c,"
    " CASE WHEN h = 'at_once' THEN concat_ws('/', %s::text, p, 'once', %s::text, nullif(c, 'mail')) END"
    " FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[]) AS t (p, h, d, c)"
)


class AlreadyTold(Exception):
    """Another process told these facts."""


@dataclass(frozen=True, slots=True)
class News:
    """What one fact gives: whom it concerns, and what is to be sent to whom."""

    matter: Matter
    people: Sequence[str]
    to_send: Sequence[ToSend] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A column that is published from a day on (None: at once), as was said on `today`; from which moment on
    that may be sent.
    """

    column_id: str
    day: date | None
    at: datetime
    today: date


class Notices:
    """The notices of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str) -> None:
        self.pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            conninfo, kwargs={"application_name": "dziennik notices"}, min_size=0, max_size=4, open=True
        )
        with self.pool.connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('dziennik.notices', 0))")
            connection.execute(SCHEMA)

    def told(self, school_id: str) -> int | None:
        """How far the school's facts were told; None: nobody has begun."""
        query = "SELECT position FROM notices.told WHERE school_id = %s"
        with self.pool.connection() as connection:
            row = connection.execute(query, [school_id]).fetchone()
        return row[0] if row else None

    def begin(self, school_id: str, position: int) -> int:
        """Tell what comes after a position, unless somebody has begun elsewhere; where it begins."""
        with self.pool.connection() as connection:
            connection.execute(
                "INSERT INTO notices.told VALUES (%s, %s) ON CONFLICT DO NOTHING", [school_id, position]
            )
        found = self.told(school_id)
        return position if found is None else found

    def tell(
        self,
        school_id: str,
        after: int,
        upto: int,
        news: Iterable[News],
        *,
        opened: Iterable[Opened] = (),
        unreadable: Iterable[tuple[int, str]] = (),
    ) -> None:
        """Write what the facts from `after` (excluded) to `upto` tell. Raises AlreadyTold.

        `opened`: columns that are published. `unreadable`: positions of facts that could not be told, and
        why.
        """
        with self.pool.connection() as connection, connection.transaction():
            moved = connection.execute(
                "UPDATE notices.told SET position = %s WHERE (school_id, position) = (%s, %s)",
                [upto, school_id, after],
            )
            if moved.rowcount != 1:
                raise AlreadyTold(f"{school_id} after {after}")
            for each in news:
                _insert(connection, school_id, each)
            for column in opened:
                _open(connection, school_id, column, upto)
            for position, why in unreadable:
                connection.execute(
                    "INSERT INTO notices.unreadable VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    [school_id, position, why[:500]],
                )

    def of_person(
        self, school_id: str, person_id: str, pupils: Iterable[str], day: date, *, limit: int
    ) -> list[Notice]:
        """A person's latest notices, the latest first."""
        with self.pool.connection() as connection:
            rows = connection.execute(_OF_PERSON, [school_id, person_id, day, list(pupils), limit]).fetchall()
        return [_notice(row) for row in rows]

    def between(
        self, school_id: str, people: Iterable[str], after: int, upto: int, *, limit: int
    ) -> list[Notice]:
        """What streams tell these people after a position, in order."""
        with self.pool.connection() as connection:
            rows = connection.execute(_BETWEEN, [school_id, after, upto, list(people), limit]).fetchall()
        return [_notice(row) for row in rows]

    def opened(
        self, school_id: str, people: Iterable[str], since: date, day: date, upto: int, *, limit: int
    ) -> list[Notice]:
        """What concerns these people, was told up to a position, and waited for one of the days after `since`
        and up to `day`.
        """
        with self.pool.connection() as connection:
            rows = connection.execute(_OPENED, [school_id, since, day, upto, list(people), limit]).fetchall()
        return [_notice(row) for row in rows]

    def unreadable(self, school_id: str) -> list[int]:
        """Positions of the school's facts that could not be told, in order."""
        query = "SELECT position FROM notices.unreadable WHERE school_id = %s ORDER BY position"
        with self.pool.connection() as connection:
            return [row[0] for row in connection.execute(query, [school_id]).fetchall()]

    def tell_after_all(self, school_id: str, position: int, news: News | None, opened: Opened | None) -> bool:
        """Tell what could not be told before; False when another process has done so."""
        query = "DELETE FROM notices.unreadable WHERE (school_id, position) = (%s, %s)"
        with self.pool.connection() as connection, connection.transaction():
            if connection.execute(query, [school_id, position]).rowcount != 1:
                return False
            if news:
                _insert(connection, school_id, news)
            if opened:
                _open(connection, school_id, opened, position)
        return True

    def some(self, school_id: str, person_id: str, positions: Sequence[int]) -> list[Notice]:
        """A person's notices of these facts, in order."""
        with self.pool.connection() as connection:
            rows = connection.execute(_SOME, [school_id, person_id, list(positions)]).fetchall()
        return [_notice(row) for row in rows]

    def unread(self, school_id: str, person_id: str, pupils: Iterable[str], day: date) -> int:
        """How many notices a person has not seen."""
        with self.pool.connection() as connection:
            row = connection.execute(_UNREAD, [school_id, person_id, day, list(pupils)]).fetchone()
        return row[0] if row else 0

    def read(self, school_id: str, person_id: str, upto: int, at: datetime) -> int:
        """The person has seen everything up to a position; how much of it was new."""
        query = (
            "UPDATE notices.notices SET read_at = %s"
            " WHERE school_id = %s AND person_id = %s AND position <= %s AND read_at IS NULL"
        )
        with self.pool.connection() as connection:
            return connection.execute(query, [at, school_id, person_id, upto]).rowcount

    def sweep(self, now: datetime) -> int:
        """Remove what nobody looks for any more; how many notices."""
        with self.pool.connection() as connection:
            connection.execute(
                "DELETE FROM notices.outbox WHERE state <> 'waiting' AND settled_at < %s", [now - KEPT]
            )
            return connection.execute("DELETE FROM notices.notices WHERE at < %s", [now - KEPT]).rowcount

    def close(self) -> None:
        """Give the connections back."""
        self.pool.close()


def _insert(connection: Connection[Any], school_id: str, news: News) -> None:
    matter = news.matter
    told = (matter.position, matter.what.value, matter.at, matter.entry_id, matter.within_id)
    more = (matter.pupil_id, matter.subject_id, matter.column_id, matter.shown_on)
    connection.execute(_INSERT, [school_id, *told, *more, list(news.people)])
    if news.to_send:
        rows = [(each.person_id, each.how, each.due_at, each.channel) for each in news.to_send]
        columns = [list(part) for part in zip(*rows, strict=True)]
        connection.execute(_SEND, [school_id, matter.position, school_id, matter.position, *columns])


def _open(connection: Connection[Any], school_id: str, column: Opened, upto: int) -> None:
    """Grades of the column may be known from that day on, what waits to be sent goes then, and streams come
    to what had to wait once more: what is not to be known yet they pass over.
    """
    where = [school_id, column.column_id]
    connection.execute(
        "UPDATE notices.notices SET shown_on = %s, live = CASE WHEN shown_on > %s THEN %s ELSE live END"
        " WHERE school_id = %s AND column_id = %s",
        [column.day, column.today, upto, *where],
    )
    connection.execute(
        "UPDATE notices.outbox AS o SET due_at = %s FROM notices.notices AS n"
        " WHERE n.school_id = %s AND n.column_id = %s AND o.state = 'waiting' AND o.how = 'at_once'"
        " AND (o.school_id, o.person_id, o.position) = (n.school_id, n.person_id, n.position)",
        [column.at, *where],
    )


def _notice(row: tuple[Any, ...]) -> Notice:
    person_id, position, what, at, entry_id, within_id, pupil_id, subject_id, column_id, shown_on, *rest = row
    matter = Matter(What(what), position, at, entry_id, within_id, pupil_id, subject_id, column_id, shown_on)
    read_at, live = rest
    return Notice(person_id, matter, read_at, live)
