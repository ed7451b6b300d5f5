"""What is to be sent now, and what became of it?

Whoever sends takes bundles for a while (a lease): what goes out by one channel (e-mail, or one browser) about
one notice, or about a person's notices of the day together. A bundle is put together once and keeps its key,
so that sent again after a crash it is the same. What nobody reports on before the lease ends is taken again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg.sql import SQL, Composed

from dziennik.contracts.notifications import Delivery
from dziennik.notifying.notice import MAIL
from dziennik.notifying.store import Notices

LEASE: Final = timedelta(minutes=10)  # longer than a server that answers slowly takes for all of a lease
MOST: Final = 100  # bundles a lease

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('dziennik.notices.outbox', 0))"
# A daily e-mail holds what is due when it is first put together; what comes later is another one.
_BUNDLE = """
UPDATE notices.outbox AS o SET bundle = concat_ws(
    '/', o.school_id, o.person_id, 'daily', f.first::text, nullif(o.channel, 'mail')
)
FROM (
    SELECT school_id, person_id, channel, min(position) AS first FROM notices.outbox
    WHERE state = 'waiting' AND how = 'daily' AND bundle IS NULL AND due_at <= %(now)s
    GROUP BY school_id, person_id, channel
) AS f
WHERE (o.school_id, o.person_id, o.channel) = (f.school_id, f.person_id, f.channel)
  AND o.state = 'waiting' AND o.how = 'daily' AND o.bundle IS NULL AND o.due_at <= %(now)s
"""
_LEASE = """
UPDATE notices.outbox AS o SET leased_until = %(until)s, attempts = o.attempts + 1
FROM (
    SELECT bundle FROM notices.outbox
    WHERE state = 'waiting' AND due_at <= %(now)s AND bundle IS NOT NULL
      AND (leased_until IS NULL OR leased_until <= %(now)s) AND (channel = 'mail') = %(mail)s
    GROUP BY bundle ORDER BY min(due_at) LIMIT %(most)s
) AS d
WHERE o.bundle = d.bundle AND o.state = 'waiting'
RETURNING o.bundle, o.school_id, o.person_id, o.how, o.position, o.attempts, o.channel
"""
# Only whoever still has the lease may say what became of it.
_MINE = SQL("bundle = %(bundle)s AND state = 'waiting' AND leased_until = %(until)s")
_SETTLE = SQL(
    "UPDATE notices.outbox SET state = %(state)s, why = %(why)s, settled_at = %(now)s WHERE {}"
).format(_MINE)
_HOLD = SQL(
    "UPDATE notices.outbox SET due_at = %(due)s, leased_until = NULL, why = %(why)s,"
    " attempts = attempts - %(back)s WHERE {}"
).format(_MINE)
_REVIVE = SQL(
    "UPDATE notices.outbox SET state = 'waiting', attempts = 0, leased_until = NULL, settled_at = NULL,"
    " due_at = %(now)s WHERE state = 'dead' AND (%(school)s::text IS NULL OR school_id = %(school)s)"
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notices of one person that go out together; `key` stays the same for good."""

    key: str
    school_id: str
    person_id: str
    how: Delivery
    positions: tuple[int, ...]
    attempts: int
    until: datetime
    channel: str = MAIL


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """What waits, for how long (seconds) what was due first; what was given up, and what not told at all."""

    waiting: int
    overdue: float
    dead: int
    unreadable: int


class Outbox:
    """What is to be sent, of all schools. Thread-safe."""

    def __init__(self, notices: Notices) -> None:
        self._pool = notices.pool

    def lease(
        self, now: datetime, *, most: int = MOST, lasts: timedelta = LEASE, mail: bool = True
    ) -> list[Bundle]:
        """Take what is due by e-mail (or else to browsers), the longest due first."""
        until = now + lasts
        asked: dict[str, Any] = {"now": now, "until": until, "most": most, "mail": mail}
        with self._pool.connection() as connection, connection.transaction():
            connection.execute(_ONE_AT_A_TIME)
            connection.execute(_BUNDLE, asked)
            rows = connection.execute(_LEASE, asked).fetchall()
        together: defaultdict[tuple[str, str, str, str, str], list[tuple[int, int]]] = defaultdict(list)
        for bundle, school_id, person_id, how, position, attempts, channel in rows:
            together[bundle, school_id, person_id, how, channel].append((position, attempts))
        return [
            Bundle(
                key=key,
                school_id=school_id,
                person_id=person_id,
                how=Delivery(how),
                positions=tuple(sorted(position for position, _ in of)),
                attempts=of[0][1],
                until=until,
                channel=channel,
            )
            for (key, school_id, person_id, how, channel), of in sorted(together.items())
        ]

    def sent(self, bundle: Bundle, now: datetime) -> None:
        """It is on its way."""
        self._settle(bundle, now, "sent", None)

    def dropped(self, bundle: Bundle, now: datetime, why: str) -> None:
        """There is nothing to send any more: rights, wishes or the entry itself have changed."""
        self._settle(bundle, now, "dropped", why)

    def dead(self, bundle: Bundle, now: datetime, why: str) -> None:
        """It cannot be sent. It is seen in health until somebody looks after it."""
        self._settle(bundle, now, "dead", why)

    def later(self, bundle: Bundle, due: datetime, why: str, *, failed: bool) -> None:
        """It goes out later; `failed`: that was an attempt."""
        asked = {"due": due, "why": why, "back": 0 if failed else 1}
        self._ask(_HOLD, asked | {"bundle": bundle.key, "until": bundle.until})

    def revive(self, now: datetime, school_id: str | None = None) -> int:
        """Try again what was given up; how many."""
        return self._ask(_REVIVE, {"now": now, "school": school_id})

    def health(self, now: datetime) -> OutboxHealth:
        """How the outbox does."""
        query = (
            "SELECT count(*) FILTER (WHERE state = 'waiting'),"
            " coalesce(extract(epoch FROM %(now)s::timestamptz - min(due_at)"
            " FILTER (WHERE state = 'waiting' AND due_at <= %(now)s)), 0)::float,"
            " count(*) FILTER (WHERE state = 'dead'),"
            " (SELECT count(*) FROM notices.unreadable)"
            " FROM notices.outbox WHERE state IN ('waiting', 'dead')"
        )
        with self._pool.connection() as connection:
            row = connection.execute(query, {"now": now}).fetchone()
        return OutboxHealth(*(row or (0, 0.0, 0, 0)))

    def dead_letters(self, most: int = 100) -> list[tuple[str, str, str]]:
        """School, person and reason of what was given up, the latest first."""
        query = (
            "SELECT school_id, person_id, why FROM notices.outbox WHERE state = 'dead'"
            " ORDER BY settled_at DESC, school_id, person_id LIMIT %s"
        )
        with self._pool.connection() as connection:
            return list(connection.execute(query, [most]).fetchall())

    def _settle(self, bundle: Bundle, now: datetime, state: str, why: str | None) -> None:
        asked = {"state": state, "why": why, "now": now, "bundle": bundle.key, "until": bundle.until}
        self._ask(_SETTLE, asked)

    def _ask(self, query: SQL | Composed, asked: dict[str, Any]) -> int:
        with self._pool.connection() as connection:
            return connection.execute(query, asked).rowcount
