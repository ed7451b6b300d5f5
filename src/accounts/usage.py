"""On which days was an account used? Counted when somebody logs in or renews a login; no facts.

Kept for as long as a school year's rewards may ask for it, then forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg import Connection

KEPT: Final = timedelta(days=400)
WARSAW: Final = ZoneInfo("Europe/Warsaw")
SCHEMA = """
CREATE TABLE IF NOT EXISTS credentials.days_used (
    account_id text COLLATE "C" NOT NULL REFERENCES credentials.logins ON DELETE CASCADE,
    used_on    date NOT NULL,
    PRIMARY KEY (account_id, used_on)
);
"""


def note(connection: Connection[Any], account_id: str, now: datetime) -> None:
    """The account is used on this day; days that nobody asks for any more are forgotten."""
    today = now.astimezone(WARSAW).date()
    noted = connection.execute(
        "INSERT INTO credentials.days_used VALUES (%s, %s) ON CONFLICT DO NOTHING", [account_id, today]
    )
    if noted.rowcount:
        connection.execute(
            "DELETE FROM credentials.days_used WHERE account_id = %s AND used_on < %s",
            [account_id, today - KEPT],
        )


class DaysUsed:
    """What is asked of it. `connected` gives one of the accounts' connections."""

    def __init__(self, connected: Callable[[], AbstractContextManager[Connection[Any]]]) -> None:
        self._connected = connected

    def days(self, account_ids: Sequence[str], first: date, last: date) -> dict[str, tuple[int, date]]:
        """By account: on how many days of these it was used, and the last of them."""
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT account_id, count(*), max(used_on) FROM credentials.days_used"
                " WHERE account_id = ANY(%s) AND used_on BETWEEN %s AND %s GROUP BY account_id",
                [list(account_ids), first, last],
            ).fetchall()
        return {account: (days, latest) for account, days, latest in rows}
