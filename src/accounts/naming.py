"""How is a login spelled, and how is its owner named?"""

from __future__ import annotations

from unicodedata import normalize

from dziennik.contracts.envelope import Actor, Role


def owner(account_id: str) -> Actor:
    """Whoever logs in with the account, before it is told as whom in which school."""
    return Actor(account=account_id, role=Role.SYSTEM)


def normalised(login: str) -> str:
    """The login as it is stored."""
    return normalize("NFKC", login).strip().casefold()
