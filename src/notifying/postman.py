"""Who sends notices by e-mail? A thread that takes what is due and asks once more whether it may go.

Rights, wishes, quiet hours and what the register says now are asked when sending, not when the fact was told.
The mail's key is the bundle's, so one that is sent twice by a crash carries the same Message-ID. A server
that is away is tried again, ever less often; what cannot be sent is given up and seen in health.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import psycopg

from dziennik.background import Background
from dziennik.contracts.entitlement import Feature
from dziennik.contracts.facts import ERASED
from dziennik.contracts.notifications import Delivery, NoticeKind, Preferences
from dziennik.domain.policies.delivery_times import next_attempt, when_loud
from dziennik.domain.policies.quiet_hours import quiet_until
from dziennik.mail.mailing import Mail, Mailer, MailFault, is_address
from dziennik.notifying.entitled import may_use
from dziennik.notifying.knowing import Knowing
from dziennik.notifying.notice import Notice
from dziennik.notifying.notifier import ZONE, delivery_of, utc_now
from dziennik.notifying.outbox import Bundle, Outbox
from dziennik.notifying.store import Notices
from dziennik.notifying.wording import letter, sentence
from dziennik.projections import messages, notice_preferences, people
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
            known = _Reader(view, bundle.person_id, now)
            if not known.may_have(bundle.how):
                self._outbox.dropped(bundle, now, "no rights to it")
                return None
            found = self._notices.some(bundle.school_id, bundle.person_id, bundle.positions)
            loud = known.when_loud(bundle.how, found)
            if loud > now:
                self._outbox.later(bundle, loud, "quiet hours", failed=False)
                return None
            if known.address is None:
                self._outbox.dropped(bundle, now, "no address")
                return None
            sentences = [each for each in map(known.sentence, found, [bundle.how] * len(found)) if each]
        if not sentences:
            self._outbox.dropped(bundle, now, "nothing to tell any more")
            return None
        daily, language = bundle.how is Delivery.DAILY, known.preferences.language.value
        subject, text = letter(sentences, language, daily=daily)
        return Mail(to=known.address, subject=subject, text=text, key=bundle.key)


class _Reader:
    """Somebody to whom an e-mail is about to be sent."""

    def __init__(self, view: View, person_id: str, now: datetime) -> None:
        self._local = now.astimezone(ZONE)
        day = self._local.date()
        self._knowing = Knowing(view, person_id, day)
        self.preferences: Preferences = notice_preferences.of_person(view, person_id)
        person = people.persons(view, [person_id]).get(person_id)
        email = person.email if person else None
        self.address = email if email and email != ERASED and is_address(email) else None
        self._mailbox = messages.mailbox(view, person_id)
        knowing = self._knowing
        self._uses = {
            feature: may_use(feature, view, knowing.roles, knowing.pupils, day)
            for feature in (Feature.INSTANT_NOTIFICATIONS, Feature.DAY_DIGEST, Feature.QUIET_HOURS)
        }

    def may_have(self, how: Delivery) -> bool:
        """Whether such e-mails may go to them at all."""
        feature = Feature.DAY_DIGEST if how is Delivery.DAILY else Feature.INSTANT_NOTIFICATIONS
        return bool(self._knowing.roles) and self._uses[feature]

    def when_loud(self, how: Delivery, notices: Sequence[Notice]) -> datetime:
        """From when on it may go; the day's e-mail has a time of its own.

        New messages are not told of in the quiet hours of the mailbox either.
        """
        if how is Delivery.DAILY:
            return self._local
        loud = when_loud(self._local, self.preferences.quiet if self._uses[Feature.QUIET_HOURS] else None)
        if any(notice.matter.kind is NoticeKind.MESSAGE for notice in notices):
            until = quiet_until(self._mailbox.quiet, loud.replace(tzinfo=None))
            return until.replace(tzinfo=ZONE) if until else loud
        return loud

    def sentence(self, notice: Notice, how: Delivery) -> str | None:
        """What it says now, as far as they may know it and still want it; a grade only where they said so."""
        matter = notice.matter
        if delivery_of(self.preferences, matter.kind) is not how:
            return None
        found = self._knowing.of(matter)
        if found is None:
            return None
        value = found.value if self.preferences.grade_text else ""
        return sentence(matter.what, found.details, self.preferences.language.value, value=value)
