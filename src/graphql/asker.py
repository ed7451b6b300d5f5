"""Who sends a request: which account in which of its sessions, and from where."""

from __future__ import annotations

import msgspec

from dziennik.accounts.sessions import NOWHERE, Client


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """`account_id` None: nobody is logged in. `second_factor`: it was shown in this session."""

    account_id: str | None = None
    session_id: str | None = None
    second_factor: bool = False
    client: Client = NOWHERE
