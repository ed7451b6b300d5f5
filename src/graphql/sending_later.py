"""Who sends a letter whose time has come? A thread of each serving process, as its writer would.

Whether the writer may is asked when it is sent: role, block, recipients, how many a day. What is refused
stays a draft that says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from graphql import GraphQLError

from dziennik.background import Background
from dziennik.contracts.message_commands import NO_SUCH_DRAFT
from dziennik.correspondence.later import Sending
from dziennik.graphql.asker import Asker
from dziennik.graphql.context import Serving
from dziennik.graphql.executing import Executor
from dziennik.graphql.letter_commands import command_of
from dziennik.graphql.mutations import Refusal, execute
from dziennik.graphql.refusing import not_logged_in
from dziennik.graphql.shapes import Role
from dziennik.projections.model import described

_log = logging.getLogger(__name__)
LOOK: Final = 10.0  # seconds between two looks for what is due


class LetterSender(Background):
    """Sends what is due, of all schools. Start it, stop it; or run_once."""

    def __init__(
        self, system: Serving, executor: Executor, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__("letters")
        self._system = system
        self._executor = executor
        self._now = now

    def run(self) -> None:
        """Send what comes due."""
        while not self.stopping.wait(LOOK):
            try:
                while self.run_once() and not self.stopping.is_set():
                    pass
            except psycopg.Error as fault:  # leases end by themselves
                _log.warning("letters to be sent later: %s", described(fault))

    def run_once(self) -> int:
        """Send what is due now; how many letters were looked at."""
        due = self._system.later.due(self._now())
        for sending in due:
            refused = self._sent(sending)
            if refused is None:
                self._system.drafts.discard(sending.school_id, sending.person_id, sending.draft_id)
                self._system.later.drop(sending.school_id, sending.person_id, sending.draft_id)
            else:
                self._system.later.refuse(sending, refused)
        return len(due)

    def _sent(self, sending: Sending) -> str | None:
        """None: it was sent; otherwise the code of why not."""
        kept = self._system.drafts.of(sending.school_id, sending.person_id)
        draft = next((one.draft for one in kept if one.draft.draft_id == sending.draft_id), None)
        if draft is None:
            return NO_SUCH_DRAFT.code
        asker = Asker(account_id=sending.account_id, second_factor=sending.second_factor)
        with ExitStack() as stack:
            context = self._executor.context(asker, "pl", stack)
            try:
                if self._system.accounts.login_of(sending.account_id) is None:
                    raise not_logged_in("pl")
                command, name = command_of(draft, sending.key)
                outcome: Any = execute(
                    context, sending.school_id, command, name, sending.key, Role[sending.role]
                )
            except GraphQLError as refusal:
                return str((refusal.extensions or {}).get("code", "FAULT"))
        return outcome.code if isinstance(outcome, Refusal) else None
