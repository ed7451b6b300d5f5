"""Who turns facts into notices? One thread a process, for the schools that the process follows.

It is woken when a read model has come further, reads the facts anew, and waits until all read models that
answers come from show them. A school that is seen for the first time begins at its head: what was said
before anybody listened is no news.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from threading import Event, Lock
from typing import Final
from zoneinfo import ZoneInfo

import psycopg

from dziennik.background import Background
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.grades import ColumnPublicationSet
from dziennik.contracts.notifications import Delivery, NoticeKind, Preferences
from dziennik.domain.policies.delivery_times import next_daily, when_loud
from dziennik.journal.journals import Journals
from dziennik.journal.outcomes import Undecodable
from dziennik.notifying.knowing import MODELS
from dziennik.notifying.notice import MAIL, PUSH, Matter, ToSend
from dziennik.notifying.store import AlreadyTold, News, Notices, Opened
from dziennik.notifying.telling import is_news, told_by
from dziennik.projections import notice_preferences
from dziennik.projections.model import described
from dziennik.projections.progress import Progress
from dziennik.projections.reading import ReadModels
from dziennik.projections.rows import View

_log = logging.getLogger(__name__)

ZONE: Final = ZoneInfo("Europe/Warsaw")
# Under this name others wait for a position to be told (Progress).
TOLD: Final = "notices"
# What may be known from a day on is sent in the morning, not at midnight.
MORNING: Final = time(7)
BATCH: Final = 500  # facts a transaction
SENT: Final = frozenset({Delivery.AT_ONCE, Delivery.DAILY})
# Seconds: how long read models are waited for, how often schools are looked at without news.
PATIENCE, ROUND = 2.0, 15.0


def utc_now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


class Notifier(Background):
    """Tells the facts of schools. Start it, stop it; or run_once."""

    def __init__(
        self,
        journals: Journals,
        read_models: ReadModels,
        notices: Notices,
        held: Callable[[], Iterable[str]],
        *,
        sends: bool,
        pushes: bool = False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """`held` are the schools that this process follows; `sends`: e-mails can be sent at all,
        `pushes`: push messages can.
        """
        super().__init__("notifier")
        self._journals = journals
        self._read_models = read_models
        self._notices = notices
        self._held = held
        self._sends = sends
        self._pushes = pushes
        self._now = now
        self._lock = Lock()
        self._news: set[str] = set()
        self._wake = Event()
        # How far each school was told: others wait for it, and are woken by it.
        self.progress = Progress(lambda school_id, _: notices.told(school_id) or 0)
        read_models.progress.listen(self.hear)

    def hear(self, school_id: str) -> None:
        """A read model of the school has come further."""
        with self._lock:
            self._news.add(school_id)
        self._wake.set()

    def stop(self) -> None:
        """Finish what is under way."""
        self.stopping.set()
        self._wake.set()
        super().stop()

    def run_once(self, school_id: str) -> int:
        """Tell all that the school's read models show; how far that is. Safe beside running ones."""
        while self.step(school_id):
            pass
        return self._notices.told(school_id) or 0

    def step(self, school_id: str) -> bool:
        """Tell the next facts of a school; False when there are none, or when they are not visible yet."""
        journal = self._journals.school(school_id)
        after = self._notices.told(school_id)
        if after is None:
            after = self._notices.begin(school_id, journal.position())
        facts = journal.follow(after, BATCH)
        if not facts:
            self.progress.reached(school_id, TOLD, after)
            return False
        upto = facts[-1].position
        if not self._visible(school_id, upto):
            return False
        if not any(_matters(fact) for fact in facts):
            told = _Told()
        else:
            with self._read_models.view(school_id) as view:
                told = self._told(view, facts)
        try:
            self._notices.tell(
                school_id, after, upto, told.news, opened=told.opened, unreadable=told.unreadable
            )
        except AlreadyTold:
            return True
        self.progress.reached(school_id, TOLD, upto)
        return True

    def retry(self, school_id: str) -> tuple[int, int]:
        """Tell what could not be told before; how many facts were, and how many still cannot be.

        They are listed and sent as if they were told now; streams have passed them.
        """
        journal, told, left = self._journals.school(school_id), 0, 0
        for position in self._notices.unreadable(school_id):
            facts = journal.follow(position - 1, 1)
            with self._read_models.view(school_id) as view:
                found = self._told(view, facts)
            if found.unreadable or not facts:
                left += 1
                continue
            news, opened = next(iter(found.news), None), next(iter(found.opened), None)
            told += self._notices.tell_after_all(school_id, position, news, opened)
        return told, left

    def run(self) -> None:
        """Tell what there is to tell whenever a read model comes further, and now and then."""
        while not self.stopping.is_set():
            woken = self._wake.wait(ROUND)
            self._wake.clear()
            with self._lock:
                news, self._news = self._news, set()
            held = set(self._held())
            for school_id in sorted(held & news if woken else held):
                try:
                    self.run_once(school_id)
                except (
                    psycopg.Error
                ) as fault:  # the database is away: the next round goes on where this ended
                    _log.warning("notices of %s: %s", school_id, described(fault))
                if self.stopping.is_set():
                    return

    def _visible(self, school_id: str, position: int) -> bool:
        wait = self._read_models.wait_until
        return all(wait(school_id, model.name, position, PATIENCE) for model in MODELS)

    def _told(self, view: View, facts: Sequence[Recorded | Undecodable]) -> _Told:
        now = self._now()
        day = now.astimezone(ZONE).date()
        told = _Told()
        for recorded in facts:
            if isinstance(recorded, Undecodable):
                told.unreadable.append((recorded.position, recorded.reason))
                continue
            fact = recorded.fact
            if isinstance(fact, ColumnPublicationSet):
                told.opened.append(Opened(fact.column_id, fact.on, self._opening(now, fact), day))
            if not is_news(recorded):
                continue
            try:
                found = told_by(view, recorded, day)
            except Exception as fault:  # noqa: BLE001 - kept for health; the others are told all the same
                told.unreadable.append((recorded.position, described(fault)))
                continue
            if found:
                matter, people = found
                told.news.append(News(matter, people, self._to_send(view, matter, people, now)))
        return told

    def _to_send(self, view: View, matter: Matter, people: Sequence[str], now: datetime) -> list[ToSend]:
        able = self._sends or self._pushes
        chosen = notice_preferences.of_people(view, people) if able else {}
        by_channel = [(MAIL, each) for each in chosen] if self._sends else []
        if self._pushes:
            wanting = [each for each, said in chosen.items() if delivery_of(said, matter.kind, PUSH) in SENT]
            found = notice_preferences.devices_of(view, wanting) if wanting else {}
            by_channel += [(PUSH + row.device_id, each) for each, rows in found.items() for row in rows]
        return [
            ToSend(person_id, how, due_at(chosen[person_id], how, matter, now), channel)
            for channel, person_id in by_channel
            if (how := delivery_of(chosen[person_id], matter.kind, channel)) in SENT
        ]

    @staticmethod
    def _opening(now: datetime, fact: ColumnPublicationSet) -> datetime:
        return max(now, morning_of(fact.on)) if fact.on else now


class _Told:
    """What a batch of facts gives."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.opened: list[Opened] = []
        self.unreadable: list[tuple[int, str]] = []


def delivery_of(preferences: Preferences, kind: NoticeKind, channel: str = MAIL) -> Delivery:
    """How notices of that kind go out by a channel."""
    wanted: Mapping[NoticeKind, Delivery] = {
        each.kind: each.by_mail if channel == MAIL else each.by_push for each in preferences.kinds
    }
    return wanted.get(kind, Delivery.NONE)


def due_at(preferences: Preferences, how: Delivery, matter: Matter, now: datetime) -> datetime:
    """When word of it may go out."""
    earliest = max(now, morning_of(matter.shown_on)) if matter.shown_on else now
    local = earliest.astimezone(ZONE)
    if how is Delivery.DAILY:
        return next_daily(local, preferences.daily_at)
    return when_loud(local, preferences.quiet)


def morning_of(day: date) -> datetime:
    """When what opens on a day may be sent."""
    return datetime.combine(day, MORNING, ZONE)


def _matters(recorded: Recorded | Undecodable) -> bool:
    if isinstance(recorded, Undecodable):
        return True
    return isinstance(recorded.fact, ColumnPublicationSet) or is_news(recorded)
