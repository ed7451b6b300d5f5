"""May something be sent to somebody now, and what would it say?

One rule for e-mails and push messages, asked when they go out, not when the fact was told: rights, wishes,
quiet hours, what the extended account allows, and what the register says now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dziennik.contracts.entitlement import Feature
from dziennik.contracts.notifications import Delivery, NoticeKind, Preferences
from dziennik.domain.policies.delivery_times import when_loud
from dziennik.domain.policies.quiet_hours import quiet_until
from dziennik.notifying.entitled import may_use
from dziennik.notifying.knowing import Knowing
from dziennik.notifying.notice import Notice
from dziennik.notifying.notifier import ZONE, delivery_of
from dziennik.notifying.outbox import Bundle, Outbox
from dziennik.notifying.store import Notices
from dziennik.notifying.wording import sentence
from dziennik.projections import messages, notice_preferences
from dziennik.projections.rows import View


def said_now(
    outbox: Outbox, notices: Notices, view: View, bundle: Bundle, now: datetime
) -> tuple[list[str], Preferences] | None:
    """The sentences that may go now, and the reader's wishes; None when none may, which is then on record."""
    reader = Reader(view, bundle.person_id, now, bundle.channel)
    if not reader.may_have(bundle.how):
        outbox.dropped(bundle, now, "no rights to it")
        return None
    found = notices.some(bundle.school_id, bundle.person_id, bundle.positions)
    loud = reader.when_loud(bundle.how, found)
    if loud > now:
        outbox.later(bundle, loud, "quiet hours", failed=False)
        return None
    sentences = [each for notice in found if (each := reader.sentence(notice, bundle.how))]
    if not sentences:
        outbox.dropped(bundle, now, "nothing to tell any more")
        return None
    return sentences, reader.preferences


class Reader:
    """Somebody to whom something is about to be sent by a channel."""

    def __init__(self, view: View, person_id: str, now: datetime, channel: str) -> None:
        self._channel = channel
        self._local = now.astimezone(ZONE)
        day = self._local.date()
        self._knowing = Knowing(view, person_id, day)
        self.preferences: Preferences = notice_preferences.of_person(view, person_id)
        self._mailbox = messages.mailbox(view, person_id)
        knowing = self._knowing
        self._uses = {
            feature: may_use(feature, view, knowing.roles, knowing.pupils, day)
            for feature in (Feature.INSTANT_NOTIFICATIONS, Feature.DAY_DIGEST, Feature.QUIET_HOURS)
        }

    def may_have(self, how: Delivery) -> bool:
        """Whether such word may go to them at all."""
        feature = Feature.DAY_DIGEST if how is Delivery.DAILY else Feature.INSTANT_NOTIFICATIONS
        return bool(self._knowing.roles) and self._uses[feature]

    def when_loud(self, how: Delivery, notices: Sequence[Notice]) -> datetime:
        """From when on it may go; the word of the day has a time of its own.

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
        if delivery_of(self.preferences, matter.kind, self._channel) is not how:
            return None
        found = self._knowing.of(matter)
        if found is None:
            return None
        value = found.value if self.preferences.grade_text else ""
        return sentence(matter.what, found.details, self.preferences.language.value, value=value)
