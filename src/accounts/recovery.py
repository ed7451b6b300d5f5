"""How does somebody come back who forgot the password? Through an e-mail address that was confirmed before.

The address is the account's own, not what a school wrote down: a school that has one of somebody's children
must not open what they see in another. It is sealed; codes have 80 bits, are keyed hashes, work once and for
half an hour. Whether a login exists and has an address is not told: the answer is the same and takes as long,
for all that depends on it is done by a thread of its own.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any, Protocol

import psycopg
from psycopg import Connection

from dziennik.accounts import store
from dziennik.accounts.naming import normalised, owner
from dziennik.accounts.slowing import Addresses
from dziennik.accounts.vault import Vault
from dziennik.accounts.written_codes import fresh, spelled
from dziennik.contracts import access as said
from dziennik.contracts.refusals import Refusal
from dziennik.mail.mailing import Mail, is_address

_log = logging.getLogger(__name__)
CODE_LASTS = timedelta(minutes=30)
BETWEEN_MAILS = timedelta(minutes=5)  # to one account
WAITING = 1_000  # questions for a new password; one more is dropped
_SIGNS = 16


class Post(Protocol):
    """Takes a mail to send it later. Never waits, never raises."""

    def __call__(self, mail: Mail) -> None: ...


class Recovery:
    """Addresses and mailed codes of all accounts. Thread-safe."""

    def __init__(self, vault: Vault, addresses: Addresses, post: Post | None, base_url: str) -> None:
        """`post` None: no mails are sent here. `base_url` is where people find the register."""
        self._vault = vault
        self._addresses = addresses
        self._post = post
        self._base = base_url
        self._sender = ThreadPoolExecutor(1, "dziennik-resets")
        self._waiting = BoundedSemaphore(WAITING)

    def close(self) -> None:
        """Finish what was asked for."""
        self._sender.shutdown()

    def propose(self, account_id: str, address: str, language: str) -> Refusal | None:
        """Send a code to an address; it becomes the account's once the code was shown."""
        if self._post is None:
            return said.NO_MAIL()
        address = address.strip()
        if not is_address(address):
            return said.ADDRESS_UNSOUND(field="address")
        with self._vault.open() as connection:
            store.login_of(connection, account_id, lock=True)
            wait = self._too_soon(connection, account_id)
            if wait:
                return wait
            code = self._new_code(connection, account_id, address)
        self._post(_confirmation(address, code, language))
        return None

    def confirm(self, account_id: str, code: str) -> Refusal | None:
        """The code that was sent to the address: from now on it is the account's."""
        with self._vault.open() as connection:
            row = connection.execute(
                "DELETE FROM credentials.mailed_codes WHERE code_hash = %s AND account_id = %s"
                " AND sent_at > %s AND address IS NOT NULL RETURNING address",
                [self._hash(code), account_id, self._vault.now() - CODE_LASTS],
            ).fetchone()
            if row is None:
                return said.RESET_UNKNOWN(field="code")
            connection.execute(
                "UPDATE credentials.logins SET recovery_address = %s WHERE account_id = %s",
                [row[0], account_id],
            )
        fact = said.RecoveryAddressConfirmed(account_id=account_id)
        self._vault.record(account_id, owner(account_id), fact)
        return None

    def forget(self, account_id: str) -> None:
        """The account has no address any more; nothing to do when it had none."""
        with self._vault.open() as connection:
            done = connection.execute(
                "UPDATE credentials.logins SET recovery_address = NULL WHERE account_id = %s"
                " AND recovery_address IS NOT NULL",
                [account_id],
            )
        if done.rowcount:
            fact = said.RecoveryAddressRemoved(account_id=account_id)
            self._vault.record(account_id, owner(account_id), fact)

    def address_of(self, account_id: str) -> str | None:
        """The confirmed address."""
        with self._vault.open() as connection:
            return self._address(connection, account_id)

    def ask(self, login: str, address: str, language: str) -> Refusal | None:
        """Send a code for a new password to whoever has the login, if there is somebody and an address.

        Every question counts against the address it comes from.
        """
        if self._post is None:
            return said.NO_MAIL()
        with self._vault.open() as connection:
            refusal = self._addresses.refused(connection, address)
            if refusal:
                return refusal
            self._addresses.count(connection, address)
        if self._waiting.acquire(blocking=False):
            self._sender.submit(self._send, login, language)
        else:
            _log.warning("password resets: too many are waiting, one was dropped")
        return None

    def _send(self, login: str, language: str) -> None:
        try:
            self._sent(login, language)
        except psycopg.Error as fault:  # whoever asked asks again
            _log.warning("password resets: %s", type(fault).__name__)
        finally:
            self._waiting.release()

    def _sent(self, login: str, language: str) -> None:
        """What `ask` does where there is somebody."""
        with self._vault.open() as connection:
            known = store.login_named(connection, normalised(login))
            to = self._address(connection, known.account_id) if known and not known.closed else None
            if known is None or to is None or self._post is None:
                return
            if self._too_soon(connection, known.account_id):
                return
            code = self._new_code(connection, known.account_id, None)
        self._vault.record(
            known.account_id, owner(known.account_id), said.PasswordResetSent(account_id=known.account_id)
        )
        self._post(_reset(to, code, self._base, language))

    def shown(self, code: str) -> str | None:
        """The account that a mailed code for a new password is good for; it stays good until one is set."""
        with self._vault.open() as connection:
            row = connection.execute(
                "SELECT account_id FROM credentials.mailed_codes WHERE code_hash = %s AND sent_at > %s"
                " AND address IS NULL",
                [self._hash(code), self._vault.now() - CODE_LASTS],
            ).fetchone()
        return str(row[0]) if row else None

    def _too_soon(self, connection: Connection[Any], account_id: str) -> Refusal | None:
        """Nobody's mailbox is filled; what is over goes on this occasion."""
        now = self._vault.now()
        connection.execute(
            "DELETE FROM credentials.mailed_codes WHERE account_id = %s AND sent_at <= %s",
            [account_id, now - CODE_LASTS],
        )
        row = connection.execute(
            "SELECT max(sent_at) FROM credentials.mailed_codes WHERE account_id = %s", [account_id]
        ).fetchone()
        again = row[0] + BETWEEN_MAILS if row and row[0] else now
        wait = int((again - now).total_seconds())
        return said.TOO_MANY_ATTEMPTS(seconds=wait) if wait > 0 else None

    def _new_code(self, connection: Connection[Any], account_id: str, address: str | None) -> str:
        code = fresh(_SIGNS)
        sealed = None if address is None else self._vault.seal(address, _about(account_id))
        connection.execute(
            "INSERT INTO credentials.mailed_codes (code_hash, account_id, address, sent_at)"
            " VALUES (%s, %s, %s, %s)",
            [self._hash(code), account_id, sealed, self._vault.now()],
        )
        return code

    def _address(self, connection: Connection[Any], account_id: str) -> str | None:
        row = connection.execute(
            "SELECT recovery_address FROM credentials.logins WHERE account_id = %s", [account_id]
        ).fetchone()
        return self._vault.unseal(row[0], _about(account_id)) if row and row[0] else None

    def _hash(self, code: str) -> bytes:
        return self._vault.hashed("mailed code", spelled(code))


def _about(account_id: str) -> str:
    return f"recovery address {account_id}"


def _confirmation(to: str, code: str, language: str) -> Mail:
    if language == "pl":
        return Mail(
            to,
            "Dziennik: potwierdź adres e-mail",
            f"Dzień dobry,\n\nkod potwierdzający ten adres: {code}\n\nKod jest ważny przez 30 minut."
            " Jeżeli to nie Ty podajesz ten adres w dzienniku, pomiń tę wiadomość.\n",
        )
    return Mail(
        to,
        "Dziennik: confirm your e-mail address",
        f"Hello,\n\nthe code that confirms this address: {code}\n\nIt is good for 30 minutes."
        " If you did not enter this address in the register, ignore this message.\n",
    )


def _reset(to: str, code: str, base: str, language: str) -> Mail:
    where = f"\n\n{base}/account#reset={code}" if base else ""
    if language == "pl":
        return Mail(
            to,
            "Dziennik: nowe hasło",
            f"Dzień dobry,\n\nkod do ustawienia nowego hasła: {code}{where}\n\nKod jest ważny przez"
            " 30 minut. Jeżeli to nie Ty prosisz o nowe hasło, pomiń tę wiadomość: hasło się nie zmieni.\n",
        )
    return Mail(
        to,
        "Dziennik: new password",
        f"Hello,\n\nthe code to set a new password: {code}{where}\n\nIt is good for 30 minutes. If you did"
        " not ask for a new password, ignore this message: your password stays as it is.\n",
    )
