"""How are guesses slowed down? By login and by address.

After five failures in a row with one login each further try has to wait twice as long; with a login that
nobody has just the same. From one address a hundred failures may come at once, for a whole school sits behind
one, and then one every ten seconds; an address is stored as a keyed hash.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from psycopg import Connection

from dziennik.accounts.vault import Vault
from dziennik.contracts import access as said
from dziennik.contracts.refusals import Refusal

FREE_FAILURES, FIRST_WAIT, LONGEST_WAIT = 5, 15, 900  # tries; seconds
ADDRESS_BURST, ADDRESS_SECONDS = 100, 10  # failures; seconds until one is forgotten
_FORGOTTEN = timedelta(hours=1)  # by then a whole burst is


def locked(until: datetime, now: datetime) -> Refusal:
    """How long to wait."""
    return said.TOO_MANY_ATTEMPTS(seconds=int((until - now).total_seconds()) + 1)


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Until when no try with a login is looked at after so many failures in a row."""
    over = failures - FREE_FAILURES
    if over < 0:
        return None
    return now + timedelta(seconds=min(FIRST_WAIT * 2**over, LONGEST_WAIT))


class Addresses:
    """Failures by address: a bucket that leaks."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def refused(self, connection: Connection[Any], address: str) -> Refusal | None:
        """Why nothing from this address is looked at for now."""
        if _is_nobodys(address):
            return None
        row = connection.execute(
            "SELECT level, seen FROM credentials.addresses WHERE address_hash = %s", [self._hash(address)]
        ).fetchone()
        if row is None:
            return None
        now = self._vault.now()
        full_until = row[1] + timedelta(seconds=(row[0] - ADDRESS_BURST) * ADDRESS_SECONDS)
        return locked(full_until, now) if now < full_until else None

    def count(self, connection: Connection[Any], address: str) -> None:
        """One more failure; addresses long silent are forgotten on this occasion."""
        if _is_nobodys(address):
            return
        now = self._vault.now()
        connection.execute(
            "DELETE FROM credentials.addresses WHERE address_hash IN (SELECT address_hash"
            " FROM credentials.addresses WHERE seen < %s LIMIT 100 FOR UPDATE SKIP LOCKED)",
            [now - _FORGOTTEN],
        )
        connection.execute(
            "INSERT INTO credentials.addresses AS a (address_hash, level, seen) VALUES (%s, 1, %s)"
            " ON CONFLICT (address_hash) DO UPDATE SET seen = excluded.seen, level = 1 + greatest("
            "0, a.level - extract(epoch FROM excluded.seen - a.seen) / %s)",
            [self._hash(address), now, ADDRESS_SECONDS],
        )

    def _hash(self, address: str) -> bytes:
        return self._vault.hashed("address", _network(address))


def _is_nobodys(address: str) -> bool:
    """Of this machine: a proxy asks for everybody and does not tell for whom, so nobody is held up for it."""
    try:
        return not address or ip_address(address).is_loopback
    except ValueError:
        return False


def _network(address: str) -> str:
    """Of IPv6 the network that one customer has: its addresses are as many as one likes."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return str(int(known) >> 64)
    return str(known)
