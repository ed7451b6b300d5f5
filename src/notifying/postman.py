"""Who sends notices by e-mail? A post (post.py) that asks once more whether each may go.

Rights, wishes, quiet hours and what the register says now are asked when sending, not when the fact was told.
The mail's key is the bundle's, so one that is sent twice by a crash carries the same Message-ID. A server
that is away is tried again, ever less often; what cannot be sent is given up and seen in health.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from dziennik.contracts.facts import ERASED
from dziennik.contracts.notifications import Delivery
from dziennik.mail.mailing import Mail, Mailer, MailFault, is_address
from dziennik.notifying.notifier import utc_now
from dziennik.notifying.outbox import Bundle
from dziennik.notifying.post import LOOK, Post
from dziennik.notifying.reader import said_now
from dziennik.notifying.store import Notices
from dziennik.notifying.wording import letter
from dziennik.projections import people
from dziennik.projections.reading import ReadModels
from dziennik.projections.rows import View

SWEEP: Final = 24 * 3600.0  # seconds between sweeps


class Postman(Post[Mail, MailFault]):
    """Sends e-mails that are due, of all schools. Start it, stop it; or run_once."""

    mail, one, all_of_it = True, "an e-mail", "outbox"

    def __init__(
        self,
        notices: Notices,
        read_models: ReadModels,
        mailer: Mailer,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__("postman", notices, read_models, now)
        self._mailer = mailer
        self._slept = SWEEP

    def run(self) -> None:
        """Send what comes due, and sweep once a day."""
        self._slept = SWEEP
        super().run()

    def _tidy(self) -> None:
        if self._slept >= SWEEP:
            self._notices.sweep(self._now())
            self._slept = 0.0
        self._slept += LOOK

    def _send_all(self, ready: Sequence[Mail]) -> Sequence[MailFault | None]:
        return self._mailer.send_all(ready)

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
