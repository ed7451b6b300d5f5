"""What is announced, which days are free or changed, which lessons are moved, and who holds which feed?

Entries of the whole school have the unit "". Expected lessons are reckoned from these rows by
`projections.day_plans`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from dziennik.contracts import calendar as said
from dziennik.contracts.calendar import CalendarRules, EntryDetails, EntryKind, FeedKind, LimitExceeded
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.values import LessonPeriod
from dziennik.domain.policies.calendar_limits import USUAL_CALENDAR
from dziennik.domain.policies.day_plan import ChangeKind
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import ALL_ROWS, Row

CALENDAR = ReadModel("calendar", version=2)
on = CALENDAR.on
table = CALENDAR.table

WHOLE_SCHOOL = ""


class EntryState(StrEnum):
    """What has become of what was announced."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class Revision(msgspec.Struct, frozen=True):
    """A change of an entry: old and new stay legible."""

    was: EntryDetails
    now: EntryDetails
    by: str
    at: datetime
    reason: str | None
    override: str | None


@table(
    key=("unit_id", "year_id", "entry_id"),
    indexes=(("unit_id", "on"),),
    families="NOT staff_only",
    staff=ALL_ROWS,
)
class Entry(Row, frozen=True):
    """An entry as it stands; `until` is its last day. `reason` is the cancellation's.

    `override` and `exceeded` are those of its last measuring by the rules of `rule_version`.
    """

    unit_id: str
    year_id: str
    entry_id: str
    kind: EntryKind
    title: str
    text: str | None
    on: date
    until: date
    period: int | None
    starts: str | None
    ends: str | None
    group_id: str | None
    assignment_id: str | None
    subject_id: str | None
    planned_by: str
    planned_at: datetime
    rule_version: int
    override: str | None
    exceeded: tuple[LimitExceeded, ...]
    state: EntryState = EntryState.PLANNED
    reason: str | None = None
    revisions: tuple[Revision, ...] = ()
    staff_only: bool = False


@table(key=("year_id", "free_id"), families=ALL_ROWS)
class FreeDays(Row, frozen=True):
    """Days without school; `withdrawn` says why they are school days after all."""

    year_id: str
    free_id: str
    name: str
    starts: date
    ends: date
    declared_at: datetime
    withdrawn: str | None = None


@table(key=("year_id", "on"), families=ALL_ROWS)
class ChangedDay(Row, frozen=True):
    """A day that runs otherwise; `restored` says why it runs as usual after all. `position`: said last."""

    year_id: str
    on: date
    reason: str
    runs_as: int | None
    periods: tuple[LessonPeriod, ...] | None
    position: int
    restored: str | None = None


@table(key=("unit_id", "change_id"), families=ALL_ROWS)
class LessonChange(Row, frozen=True):
    """A lesson that is changed for once. `made` and `position`: when it was made and when last spoken of."""

    unit_id: str
    change_id: str
    kind: ChangeKind
    assignment_id: str
    on: date
    period: int
    to_on: date | None
    to_period: int | None
    room: str | None
    reason: str | None
    made: int
    position: int
    withdrawn: str | None = None


@table(key=("year_id",), families=ALL_ROWS)
class Rules(Row, frozen=True):
    """The limits of a year; `version` counts how often they were set, 0: the usual ones."""

    year_id: str
    rules: CalendarRules = USUAL_CALENDAR
    version: int = 0


@table(key=("feed_id",), indexes=(("holder_id",),), families=ALL_ROWS)
class Feed(Row, frozen=True):
    """A calendar feed that somebody holds."""

    feed_id: str
    holder_id: str
    kind: FeedKind
    target_id: str
    issued_at: datetime
    revoked_at: datetime | None = None


# Entries


@on(said.EntryPlanned)
def entry_planned(rows: Rows, fact: said.EntryPlanned, recorded: Recorded) -> None:
    details = fact.details
    rows.put(
        Entry(
            unit_id=fact.unit_id or WHOLE_SCHOOL,
            year_id=fact.year_id,
            entry_id=fact.entry_id,
            kind=fact.kind,
            title=details.title,
            text=details.text,
            on=details.on,
            until=details.until or details.on,
            period=details.period,
            starts=details.starts,
            ends=details.ends,
            group_id=fact.group_id,
            assignment_id=fact.assignment_id,
            subject_id=fact.subject_id,
            planned_by=_actor(recorded),
            planned_at=recorded.origin.recorded_at,
            rule_version=fact.rule_version,
            override=fact.override,
            exceeded=fact.exceeded,
            staff_only=fact.staff_only,
        )
    )


@on(said.EntryChanged)
def entry_changed(rows: Rows, fact: said.EntryChanged, recorded: Recorded) -> None:
    entry = _entry(rows, fact.unit_id, fact.year_id, fact.entry_id)
    now = fact.now
    revision = Revision(
        fact.was, now, _actor(recorded), recorded.origin.recorded_at, fact.reason, fact.override
    )
    moved = now.on != fact.was.on
    rows.put(
        replace(
            entry,
            title=now.title,
            text=now.text,
            on=now.on,
            until=now.until or now.on,
            period=now.period,
            starts=now.starts,
            ends=now.ends,
            rule_version=fact.rule_version if moved else entry.rule_version,
            override=fact.override if moved else entry.override,
            exceeded=fact.exceeded if moved else entry.exceeded,
            revisions=(*entry.revisions, revision),
        )
    )


@on(said.EntryCancelled)
def entry_cancelled(rows: Rows, fact: said.EntryCancelled, _: Recorded) -> None:
    entry = _entry(rows, fact.unit_id, fact.year_id, fact.entry_id)
    rows.put(replace(entry, state=EntryState.CANCELLED, reason=fact.reason))


@on(said.CalendarRulesSet)
def calendar_rules_set(rows: Rows, fact: said.CalendarRulesSet, _: Recorded) -> None:
    known = rows.get(Rules, fact.year_id) or Rules(fact.year_id)
    rows.put(Rules(fact.year_id, fact.rules, known.version + 1))


# Days and lessons


@on(said.FreeDaysDeclared)
def free_days_declared(rows: Rows, fact: said.FreeDaysDeclared, recorded: Recorded) -> None:
    declared = recorded.origin.recorded_at
    rows.put(FreeDays(fact.year_id, fact.free_id, fact.name, fact.starts, fact.ends, declared))


@on(said.FreeDaysWithdrawn)
def free_days_withdrawn(rows: Rows, fact: said.FreeDaysWithdrawn, _: Recorded) -> None:
    free = there(rows.get(FreeDays, fact.year_id, fact.free_id), fact.free_id)
    rows.put(replace(free, withdrawn=fact.reason))


@on(said.DayChanged)
def day_changed(rows: Rows, fact: said.DayChanged, recorded: Recorded) -> None:
    day = ChangedDay(fact.year_id, fact.on, fact.reason, fact.runs_as, fact.periods, recorded.position)
    rows.put(day)


@on(said.DayRestored)
def day_restored(rows: Rows, fact: said.DayRestored, recorded: Recorded) -> None:
    day = there(rows.get(ChangedDay, fact.year_id, fact.on), str(fact.on))
    rows.put(replace(day, restored=fact.reason, position=recorded.position))


@on(said.LessonCalledOff)
def lesson_called_off(rows: Rows, fact: said.LessonCalledOff, recorded: Recorded) -> None:
    rows.put(_change(fact, ChangeKind.CALLED_OFF, recorded))


@on(said.LessonMoved)
def lesson_moved(rows: Rows, fact: said.LessonMoved, recorded: Recorded) -> None:
    rows.put(_change(fact, ChangeKind.MOVED, recorded))


@on(said.LessonAdded)
def lesson_added(rows: Rows, fact: said.LessonAdded, recorded: Recorded) -> None:
    rows.put(_change(fact, ChangeKind.ADDED, recorded))


@on(said.RoomChanged)
def room_changed(rows: Rows, fact: said.RoomChanged, recorded: Recorded) -> None:
    rows.put(_change(fact, ChangeKind.ROOM, recorded))


@on(said.LessonChangeWithdrawn)
def lesson_change_withdrawn(rows: Rows, fact: said.LessonChangeWithdrawn, recorded: Recorded) -> None:
    change = there(rows.get(LessonChange, fact.unit_id, fact.change_id), fact.change_id)
    rows.put(replace(change, withdrawn=fact.reason, position=recorded.position))


# Feeds


@on(said.FeedIssued)
def feed_issued(rows: Rows, fact: said.FeedIssued, recorded: Recorded) -> None:
    issued = recorded.origin.recorded_at
    rows.put(Feed(fact.feed_id, fact.holder_id, fact.kind, fact.target_id, issued))


@on(said.FeedRevoked)
def feed_revoked(rows: Rows, fact: said.FeedRevoked, recorded: Recorded) -> None:
    feed = there(rows.get(Feed, fact.feed_id), fact.feed_id)
    rows.put(replace(feed, revoked_at=recorded.origin.recorded_at))


# What is asked


def entries(view: View, unit_id: str, first: date, last: date) -> list[Entry]:
    """Entries of a unit (WHOLE_SCHOOL: of all) that touch the days from `first` to `last`, in time."""
    found = view.find(Entry, unit_id=unit_id, on=Span(None, last))
    touching = [entry for entry in found if entry.until >= first]
    return sorted(touching, key=lambda e: (e.on, e.period or 0, e.starts or "", e.unit_id, e.entry_id))


def free_days(view: View, year_id: str) -> list[FreeDays]:
    """The year's free days that stand, in time."""
    found = [free for free in view.find(FreeDays, year_id=year_id) if free.withdrawn is None]
    return sorted(found, key=lambda free: (free.starts, free.free_id))


def changed_days(view: View, year_id: str) -> list[ChangedDay]:
    """The year's days that run otherwise, in time."""
    return [day for day in view.find(ChangedDay, year_id=year_id) if day.restored is None]


def changes(view: View, unit_id: str) -> list[LessonChange]:
    """All changes of a unit's lessons, also withdrawn ones, in the order they were made."""
    return sorted(view.find(LessonChange, unit_id=unit_id), key=lambda change: change.made)


def rules(view: View, year_id: str) -> Rules:
    """The limits in force in a year."""
    return view.get(Rules, year_id) or Rules(year_id)


def feeds(view: View, holder_id: str) -> list[Feed]:
    """The feeds that a person holds, the earliest first."""
    found = [feed for feed in view.find(Feed, holder_id=holder_id) if feed.revoked_at is None]
    return sorted(found, key=lambda feed: (feed.issued_at, feed.feed_id))


def _actor(recorded: Recorded) -> str:
    return recorded.origin.actor.person or recorded.origin.actor.account


def _entry(rows: Rows, unit_id: str | None, year_id: str, entry_id: str) -> Entry:
    return there(rows.get(Entry, unit_id or WHOLE_SCHOOL, year_id, entry_id), entry_id)


def _change(
    fact: said.LessonCalledOff | said.LessonMoved | said.LessonAdded | said.RoomChanged,
    kind: ChangeKind,
    recorded: Recorded,
) -> LessonChange:
    return LessonChange(
        unit_id=fact.unit_id,
        change_id=fact.change_id,
        kind=kind,
        assignment_id=fact.assignment_id,
        on=fact.on,
        period=fact.period,
        to_on=getattr(fact, "to_on", None),
        to_period=getattr(fact, "to_period", None),
        room=getattr(fact, "room", None),
        reason=fact.reason,
        made=recorded.position,
        position=recorded.position,
    )
