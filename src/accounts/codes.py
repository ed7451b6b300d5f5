"""Which one-time code did somebody show? For what it is good the school's journal knows (domain/accounts.py).

A code has 80 bits and is stored as a keyed hash beside the school, person and id of what was issued. Rows
stay after their use: then whoever shows a code again is told what became of it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg import Connection

from dziennik.accounts.slowing import Addresses
from dziennik.accounts.vault import Vault
from dziennik.accounts.written_codes import fresh, spelled
from dziennik.contracts.accounts import CODE_UNKNOWN
from dziennik.contracts.refusals import Refusal

SIGNS = 16


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """What a code stands for."""

    school_id: str
    person_id: str
    code_id: str


class Codes:
    """The one-time codes of all schools. Thread-safe."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def issue(self, issued: Issued) -> str:
        """A new code; nobody can tell it again."""
        code = fresh(SIGNS)
        with self._vault.open() as connection:
            connection.execute(
                "INSERT INTO credentials.school_codes (code_hash, school_id, person_id, code_id)"
                " VALUES (%s, %s, %s, %s)",
                [self._hash(code), issued.school_id, issued.person_id, issued.code_id],
            )
        return code

    def shown(self, code: str, address: str, addresses: Addresses) -> Issued | Refusal:
        """What the code stands for. Unknown ones count as failures of the address."""
        with self._vault.open() as connection:
            refusal = addresses.refused(connection, address)
            if refusal:
                return refusal
            found = self._find(connection, code)
            if found is None:
                addresses.count(connection, address)
                return CODE_UNKNOWN(field="code")
        return found

    def _find(self, connection: Connection[Any], code: str) -> Issued | None:
        row = connection.execute(
            "SELECT school_id, person_id, code_id FROM credentials.school_codes WHERE code_hash = %s",
            [self._hash(code)],
        ).fetchone()
        return Issued(school_id=row[0], person_id=row[1], code_id=row[2]) if row else None

    def _hash(self, code: str) -> bytes:
        return self._vault.hashed("school code", spelled(code))
