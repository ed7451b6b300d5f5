"""Who sends notices by e-mail? A thread that takes what is due and asks once more whether it may go.

Rights, wishes, quiet hours and what the register says now are asked when sending, not when the fact was told.
The mail's key is the bundle's, so one that is sent twice by a crash carries the same Message-ID. A server
that is away is tried again, ever less often; what cannot be sent is given up and seen in health.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

import psycopg

from dziennik.background import Background
from dziennik.contracts.facts import ERASED
from dziennik.contracts.notifications import Delivery
from dziennik.domain.policies.delivery_times import next_attempt
from dziennik.mail.mailing import Mail, Mailer, MailFault, is_address
from dziennik.notifying.notifier import utc_now
from dziennik.notifying.outbox import Bundle, Outbox
from dziennik.notifying.reader import said_now
from dziennik.notifying.store import Notices
from dziennik.notifying.wording import letter
from dziennik.projections import people
from dziennik.projections.model import described
from dziennik.projections.reading import ReadModels
from dziennik.projections.rows import View

_log = logging.getLogger(__name__)

# Seconds between looks for what is due: quiet hours end and servers come back without a sign.
LOOK: Final = 5.0
SWEEP: Final = 24 * 3600.0


class Postman(Background):
    """Sends what is due, of all schools. Start it, stop it; or run_once."""

    def __init__(
        self,
        notices: Notices,
        read_models: ReadModels,
        mailer: Mailer,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__("postman")
        self._notices = notices
        self._outbox = Outbox(notices)
        self._read_models = read_models
        self._mailer = mailer
        self._now = now

    def run_once(self) -> int:
        """Send what is due now; how many bundles were looked at."""
        bundles = self._outbox.lease(self._now())
        ready: list[tuple[Bundle, Mail]] = []
        for bundle in bundles:
            mail = self._written(bundle)
            if mail is not None:
                ready.append((bundle, mail))
        outcomes = self._mailer.send_all([mail for _, mail in ready]) if ready else []
        for (bundle, _), fault in zip(ready, outcomes, strict=True):
            self._settle(bundle, fault)
        return len(bundles)

    def run(self) -> None:
        """Send what comes due, and sweep once a day."""
        slept = SWEEP
        while not self.stopping.is_set():
            try:
                if slept >= SWEEP:
                    self._notices.sweep(self._now())
                    slept = 0.0
                while self.run_once() and not self.stopping.is_set():
                    pass
            except psycopg.Error as fault:  # leases end by themselves
                _log.warning("outbox: %s", described(fault))
            slept += LOOK
            self.stopping.wait(LOOK)

    def _settle(self, bundle: Bundle, fault: MailFault | None) -> None:
        now = self._now()
        if fault is None:
            self._outbox.sent(bundle, now)
            return
        wait = next_attempt(bundle.attempts) if fault.again else None
        if wait is None:
            _log.warning("an e-mail of %s is given up: %s", bundle.school_id, fault)
            self._outbox.dead(bundle, now, str(fault))
        else:
            self._outbox.later(bundle, now + wait, str(fault), failed=True)

    def _written(self, bundle: Bundle) -> Mail | None:
        """The mail as it may go now; None when it may not, which is then on record."""
        now = self._now()
        with self._read_models.view(bundle.school_id) as view:
            address = _address(view, bundle.person_id)
            found = said_now(self._outbox, self._notices, view, bundle, now)
        if found is None:
            return None
        if address is None:
            self._outbox.dropped(bundle, now, "no address")
            return None
        sentences, preferences = found
        daily, language = bundle.how is Delivery.DAILY, preferences.language.value
        subject, text = letter(sentences, language, daily=daily)
        return Mail(to=address, subject=subject, text=text, key=bundle.key)


def _address(view: View, person_id: str) -> str | None:
    person = people.persons(view, [person_id]).get(person_id)
    email = person.email if person else None
    return email if email and email != ERASED and is_address(email) else None
