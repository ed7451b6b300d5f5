"""What is the second factor of an account, and was it shown?

Time-based one-time codes (RFC 6238: SHA-1, six digits, thirty seconds, as all authenticators know them); a
code of the step before or after is taken too, each step once. Ten recovery codes stand in for a lost device,
each once. The secret is sealed, recovery codes are keyed hashes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import msgspec
import pyotp
from psycopg import Connection

from dziennik.accounts.vault import Vault
from dziennik.accounts.written_codes import fresh, spelled
from dziennik.contracts import access as said
from dziennik.contracts.envelope import Actor
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal

RECOVERY_CODES = 10
_RECOVERY_SIGNS = 12  # 60 bits
_STEP, _AROUND = 30, (-1, 0, 1)
ISSUER = "Dziennik"


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator wants to know: a secret in base32, and the same as an otpauth address."""

    secret: str
    uri: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor that was right; what is to be recorded of it."""

    facts: tuple[Fact, ...] = ()


class SecondFactors:
    """The second factors of all accounts. Thread-safe."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def begin(self, account_id: str, login: str) -> Enrolment | Refusal:
        """A new secret; nothing changes until a code made from it was shown."""
        secret = pyotp.random_base32()
        with self._vault.open() as connection:
            if self.is_enrolled(connection, account_id):
                return said.SECOND_FACTOR_STANDS()
            connection.execute(
                "INSERT INTO credentials.second_factors (account_id, secret) VALUES (%s, %s)"
                " ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, last_step = 0",
                [account_id, self._vault.seal(secret, _about(account_id))],
            )
        uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
        return Enrolment(secret=secret, uri=uri)

    def confirm(
        self, account_id: str, session_id: str | None, code: str, *, by: Actor
    ) -> list[str] | Refusal:
        """From now on the factor is asked for; recovery codes. The asking session has shown it with that."""
        with self._vault.open() as connection:
            if self.is_enrolled(connection, account_id):
                return said.SECOND_FACTOR_STANDS()
            if not self._is_code(connection, account_id, code):
                return said.SECOND_FACTOR_WRONG(field="code")
            connection.execute(
                "UPDATE credentials.second_factors SET confirmed = true WHERE account_id = %s", [account_id]
            )
            connection.execute(
                "UPDATE credentials.sessions SET second_factor = true WHERE family = %s AND account_id = %s",
                [session_id, account_id],
            )
            codes = self._new_codes(connection, account_id)
        fact = said.SecondFactorEnrolled(account_id=account_id, recovery_codes=len(codes))
        self._vault.record(account_id, by, fact)
        return codes

    def replace_codes(self, account_id: str, *, by: Actor) -> list[str] | Refusal:
        """New recovery codes; earlier ones are worth nothing."""
        with self._vault.open() as connection:
            if not self.is_enrolled(connection, account_id):
                return said.NO_SECOND_FACTOR()
            codes = self._new_codes(connection, account_id)
        fact = said.RecoveryCodesReplaced(account_id=account_id, recovery_codes=len(codes))
        self._vault.record(account_id, by, fact)
        return codes

    def remove(self, account_id: str, reason: str, *, by: Actor) -> Refusal | None:
        """The password alone is enough again."""
        with self._vault.open() as connection:
            if not self.is_enrolled(connection, account_id):
                return said.NO_SECOND_FACTOR()
            connection.execute("DELETE FROM credentials.second_factors WHERE account_id = %s", [account_id])
            connection.execute("DELETE FROM credentials.recovery_codes WHERE account_id = %s", [account_id])
            connection.execute(
                "UPDATE credentials.sessions SET second_factor = false WHERE account_id = %s", [account_id]
            )
        self._vault.record(account_id, by, said.SecondFactorRemoved(account_id=account_id, reason=reason))
        return None

    def is_enrolled(self, connection: Connection[Any], account_id: str) -> bool:
        """Whether logging in takes more than the password."""
        row = connection.execute(
            "SELECT confirmed FROM credentials.second_factors WHERE account_id = %s FOR UPDATE", [account_id]
        ).fetchone()
        return bool(row and row[0])

    def has(self, account_id: str) -> bool:
        """The same, asked alone."""
        with self._vault.open() as connection:
            return self.is_enrolled(connection, account_id)

    def shown(self, connection: Connection[Any], account_id: str, code: str) -> Shown | None:
        """Whether the code is right, of the authenticator or for recovery; either works once."""
        if self._is_code(connection, account_id, code):
            return Shown()
        spent = connection.execute(
            "DELETE FROM credentials.recovery_codes WHERE account_id = %s AND code_hash = %s",
            [account_id, self._hash(account_id, code)],
        )
        if not spent.rowcount:
            return None
        left = connection.execute(
            "SELECT count(*) FROM credentials.recovery_codes WHERE account_id = %s", [account_id]
        ).fetchone()
        used = said.RecoveryCodeUsed(account_id=account_id, left=left[0] if left else 0)
        return Shown(facts=(used,))

    def _is_code(self, connection: Connection[Any], account_id: str, code: str) -> bool:
        row = connection.execute(
            "SELECT secret, last_step FROM credentials.second_factors WHERE account_id = %s FOR UPDATE",
            [account_id],
        ).fetchone()
        secret = self._vault.unseal(row[0], _about(account_id)) if row else None
        digits = "".join(code.split())
        if row is None or secret is None or not (digits.isascii() and digits.isdigit()):
            return False
        now, last = int(self._vault.now().timestamp()) // _STEP, row[1]
        totp = pyotp.TOTP(secret)
        steps = [now + around for around in _AROUND if now + around > last]
        found = [step for step in steps if secrets.compare_digest(totp.generate_otp(step), digits)]
        if found:
            connection.execute(
                "UPDATE credentials.second_factors SET last_step = %s WHERE account_id = %s",
                [found[0], account_id],
            )
        return bool(found)

    def _new_codes(self, connection: Connection[Any], account_id: str) -> list[str]:
        connection.execute("DELETE FROM credentials.recovery_codes WHERE account_id = %s", [account_id])
        codes = [fresh(_RECOVERY_SIGNS) for _ in range(RECOVERY_CODES)]
        self._keep(connection, account_id, codes)
        return codes

    def _keep(self, connection: Connection[Any], account_id: str, codes: Sequence[str]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO credentials.recovery_codes (code_hash, account_id) VALUES (%s, %s)",
                [(self._hash(account_id, code), account_id) for code in codes],
            )

    def _hash(self, account_id: str, code: str) -> bytes:
        return self._vault.hashed(f"recovery {account_id}", spelled(code))


def _about(account_id: str) -> str:
    return f"second factor {account_id}"
