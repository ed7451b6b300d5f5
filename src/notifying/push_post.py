"""Who sends notices to people's browsers? A post (post.py) like the postman for e-mails.

Each browser is a channel of its own: one that is away holds up no other, and what another got already does
not go there again. A browser that is not there any more is taken off as a fact; a service that is busy is
asked later, not before it says so; what cannot be sent is given up and seen in health.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import msgspec

from dziennik.contracts.notifications import Delivery
from dziennik.notifying.notice import PUSH
from dziennik.notifying.notifier import utc_now
from dziennik.notifying.outbox import Bundle
from dziennik.notifying.post import Post
from dziennik.notifying.push_service import Push, PushFault, PushService
from dziennik.notifying.reader import said_now
from dziennik.notifying.store import Notices
from dziennik.notifying.web_push import Keys, from_b64url
from dziennik.notifying.wording import push as worded
from dziennik.projections import notice_preferences
from dziennik.projections.notice_preferences import Device
from dziennik.projections.reading import ReadModels

AT_A_TIME: Final = 8  # services spoken to at once; a lease of 100 ends long before its time

# Says of a school, a person and a browser that the browser is not there any more.
Gone = Callable[[str, str, str], None]


class PushPost(Post[Push, PushFault]):
    """Sends what is due to browsers, of all schools. Start it, stop it; or run_once."""

    mail, one, all_of_it = False, "a push message", "push messages"

    def __init__(
        self,
        notices: Notices,
        read_models: ReadModels,
        service: PushService,
        gone: Gone,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__("push", notices, read_models, now)
        self._service = service
        self._gone = gone

    def _send_all(self, ready: Sequence[Push]) -> list[PushFault | None]:
        with ThreadPoolExecutor(min(AT_A_TIME, len(ready))) as threads:
            return list(threads.map(self._sent, ready))

    def _sent(self, push: Push) -> PushFault | None:
        try:
            self._service.send(push)
        except PushFault as fault:
            return fault
        return None

    def _settle(self, bundle: Bundle, fault: PushFault | None) -> None:
        if fault is None or not fault.gone:
            super()._settle(bundle, fault)
            return
        # The fact first: after a crash in between the service says so once more.
        self._gone(bundle.school_id, bundle.person_id, bundle.channel.removeprefix(PUSH))
        self._outbox.dropped(bundle, self._now(), "the browser is gone")

    def _wait(self, fault: PushFault) -> timedelta:
        return fault.wait

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
