"""How do notices leave the house? A thread takes what is due, asks once more whether it may go, and sends it.

What is due is leased: a crash sends it again, under the same key. A server that is away is tried again, ever
less often; what cannot be sent is given up and seen in health.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

import psycopg

from dziennik.background import Background
from dziennik.domain.policies.delivery_times import next_attempt
from dziennik.notifying.notifier import utc_now
from dziennik.notifying.outbox import Bundle, Outbox
from dziennik.notifying.store import Notices
from dziennik.projections.model import described
from dziennik.projections.reading import ReadModels

_log = logging.getLogger(__name__)

# Seconds between looks for what is due: quiet hours end and servers come back without a sign.
LOOK: Final = 5.0


class SendFault(Protocol):
    """Why something was not sent; `again`: it may go later."""

    again: bool


Sent = TypeVar("Sent")
Fault = TypeVar("Fault", bound=SendFault)


class Post(Background, Generic[Sent, Fault]):
    """Sends what is due by one kind of channel, of all schools. Start it, stop it; or run_once."""

    mail: bool  # e-mails, or what goes to browsers
    one: str  # as the log calls what is sent,
    all_of_it: str  # and all of it

    def __init__(
        self, name: str, notices: Notices, read_models: ReadModels, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(name)
        self._notices = notices
        self._outbox = Outbox(notices)
        self._read_models = read_models
        self._now = now

    def run_once(self) -> int:
        """Send what is due now; how many bundles were looked at."""
        bundles = self._outbox.lease(self._now(), mail=self.mail)
        ready = [(bundle, sent) for bundle in bundles if (sent := self._written(bundle)) is not None]
        outcomes = self._send_all([sent for _, sent in ready]) if ready else []
        for (bundle, _), fault in zip(ready, outcomes, strict=True):
            self._settle(bundle, fault)
        return len(bundles)

    def run(self) -> None:
        """Send what comes due."""
        while not self.stopping.is_set():
            try:
                self._tidy()
                while self.run_once() and not self.stopping.is_set():
                    pass
            except psycopg.Error as fault:  # leases end by themselves
                _log.warning("%s: %s", self.all_of_it, described(fault))
            self.stopping.wait(LOOK)

    def _tidy(self) -> None:
        """Asked at each look, before what is due."""

    @abstractmethod
    def _written(self, bundle: Bundle) -> Sent | None:
        """What is to be sent, as it may go now; None when it may not, which is then on record."""

    @abstractmethod
    def _send_all(self, ready: Sequence[Sent]) -> Sequence[Fault | None]:
        """Send; what became of each."""

    def _settle(self, bundle: Bundle, fault: Fault | None) -> None:
        now = self._now()
        if fault is None:
            self._outbox.sent(bundle, now)
            return
        wait = next_attempt(bundle.attempts) if fault.again else None
        if wait is None:
            _log.warning("%s of %s is given up: %s", self.one, bundle.school_id, fault)
            self._outbox.dead(bundle, now, str(fault))
        else:
            self._outbox.later(bundle, now + max(wait, self._wait(fault)), str(fault), failed=True)

    def _wait(self, fault: Fault) -> timedelta:  # noqa: ARG002 - some servers say it
        """How long the other side wants to be left alone."""
        return timedelta()
