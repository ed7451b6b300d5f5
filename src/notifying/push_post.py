"""Who sends notices to people's browsers? A thread that takes what is due, like the postman for e-mails.

Each browser is a channel of its own: one that is away holds up no other, and what another got already does
not go there again. A browser that is not there any more is taken off as a fact; a service that is busy is
asked later, not before it says so; what cannot be sent is given up and seen in health.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

import msgspec
import psycopg

from dziennik.background import Background
from dziennik.contracts.notifications import Delivery
from dziennik.domain.policies.delivery_times import next_attempt
from dziennik.notifying.notice import PUSH
from dziennik.notifying.notifier import utc_now
from dziennik.notifying.outbox import Bundle, Outbox
from dziennik.notifying.push_service import Push, PushFault, PushService
from dziennik.notifying.reader import said_now
from dziennik.notifying.store import Notices
from dziennik.notifying.web_push import Keys, from_b64url
from dziennik.notifying.wording import push as worded
from dziennik.projections import notice_preferences
from dziennik.projections.model import described
from dziennik.projections.notice_preferences import Device
from dziennik.projections.reading import ReadModels

_log = logging.getLogger(__name__)

LOOK: Final = 5.0  # seconds between looks for what is due
AT_A_TIME: Final = 8  # services spoken to at once; a lease of 100 ends long before its time

# Says of a school, a person and a browser that the browser is not there any more.
Gone = Callable[[str, str, str], None]


class PushPost(Background):
    """Sends what is due to browsers, of all schools. Start it, stop it; or run_once."""

    def __init__(
        self,
        notices: Notices,
        read_models: ReadModels,
        service: PushService,
        gone: Gone,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__("push")
        self._notices = notices
        self._outbox = Outbox(notices)
        self._read_models = read_models
        self._service = service
        self._gone = gone
        self._now = now

    def run_once(self) -> int:
        """Send what is due now; how many bundles were looked at."""
        bundles = self._outbox.lease(self._now(), mail=False)
        ready = [(bundle, push) for bundle in bundles if (push := self._written(bundle)) is not None]
        if ready:
            with ThreadPoolExecutor(min(AT_A_TIME, len(ready))) as threads:
                outcomes = list(threads.map(self._sent, [push for _, push in ready]))
            for (bundle, _), fault in zip(ready, outcomes, strict=True):
                self._settle(bundle, fault)
        return len(bundles)

    def run(self) -> None:
        """Send what comes due."""
        while not self.stopping.is_set():
            try:
                while self.run_once() and not self.stopping.is_set():
                    pass
            except psycopg.Error as fault:  # leases end by themselves
                _log.warning("push messages: %s", described(fault))
            self.stopping.wait(LOOK)

    def _sent(self, push: Push) -> PushFault | None:
        try:
            self._service.send(push)
        except PushFault as fault:
            return fault
        return None

    def _settle(self, bundle: Bundle, fault: PushFault | None) -> None:
        now = self._now()
        if fault is None:
            self._outbox.sent(bundle, now)
            return
        if fault.gone:  # the fact first: after a crash in between the service says so once more
            self._gone(bundle.school_id, bundle.person_id, bundle.channel.removeprefix(PUSH))
            self._outbox.dropped(bundle, now, "the browser is gone")
            return
        wait = next_attempt(bundle.attempts) if fault.again else None
        if wait is None:
            _log.warning("a push message of %s is given up: %s", bundle.school_id, fault)
            self._outbox.dead(bundle, now, str(fault))
        else:
            self._outbox.later(bundle, now + max(wait, fault.wait), str(fault), failed=True)

    def _written(self, bundle: Bundle) -> Push | None:
        """The message as it may go now; None when it may not, which is then on record."""
        now = self._now()
        with self._read_models.view(bundle.school_id) as view:
            found = said_now(self._outbox, self._notices, view, bundle, now)
            told = notice_preferences.devices(view, bundle.person_id) if found else []
        if found is None:
            return None
        device = next((each for each in told if PUSH + each.device_id == bundle.channel), None)
        if device is None:
            self._outbox.dropped(bundle, now, "no such browser any more")
            return None
        sentences, preferences = found
        title, text = worded(sentences, preferences.language.value, daily=bundle.how is Delivery.DAILY)
        said = {"title": title, "text": text, "key": bundle.key, "language": preferences.language.value}
        return Push(device.endpoint, keys_of(device), msgspec.json.encode(said), bundle.key)


def keys_of(device: Device) -> Keys:
    """As they were checked when they came in."""
    return Keys(from_b64url(device.p256dh), from_b64url(device.auth))
