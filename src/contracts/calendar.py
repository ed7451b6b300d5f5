"""The calendar: tests, trips and meetings announced, free and changed days, lessons moved, feeds handed out.

What concerns a class or group stands in ``year/{unit}/calendar``, what concerns the whole school in
``calendar/{year}``, each feed in ``feed/{feed}``. Commands and refusals: contracts.calendar_commands.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeAlias

from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.values import (
    AssignmentId,
    GroupId,
    LessonPeriod,
    PersonId,
    SubjectId,
    UnitId,
    Value,
    YearId,
)

EntryId: TypeAlias = str
ChangeId: TypeAlias = str
FreeDaysId: TypeAlias = str
FeedId: TypeAlias = str


class EntryKind(StrEnum):
    """What a calendar entry announces: test (sprawdzian), quiz (kartkówka), homework, trip and so on."""

    TEST = "test"
    QUIZ = "quiz"
    HOMEWORK = "homework"
    TRIP = "trip"
    MEETING = "meeting"
    EVENT = "event"
    OTHER = "other"


class LimitKind(StrEnum):
    """What a limit of the calendar counts."""

    PER_DAY = "per_day"
    PER_WEEK = "per_week"
    NOTICE = "notice"


class FeedKind(StrEnum):
    """Whose lessons and entries a feed shows; or the notice board as its holder sees it."""

    CLASS = "class"
    TEACHER = "teacher"
    PUPIL = "pupil"
    BOARD = "board"


class EntryDetails(Value, frozen=True, kw_only=True):
    """What an entry says. `until` is the last day of what takes several; times are school-local "HH:MM"."""

    title: str
    on: date
    text: str | None = None
    until: date | None = None
    period: int | None = None
    starts: str | None = None
    ends: str | None = None


class EntryLimit(Value, frozen=True, kw_only=True):
    """How many entries of a kind a class bears a day and a week (Monday to Sunday), and how many days
    before they are to be announced. None: as many, as late, as one likes."""

    kind: EntryKind
    per_day: int | None = None
    per_week: int | None = None
    notice_days: int | None = None


class CalendarRules(Value, frozen=True, kw_only=True):
    """The limits that hold for the calendars of all classes in one year."""

    limits: tuple[EntryLimit, ...]


class LimitExceeded(Value, frozen=True, kw_only=True):
    """A limit that an entry was allowed to pass, in which class, and the entries that had filled it."""

    unit_id: UnitId
    what: LimitKind
    limit: int
    entries: tuple[EntryId, ...] = ()


@fact("calendar.calendar_rules_set.1")
class CalendarRulesSet(Fact, frozen=True, kw_only=True):
    """The director set how much a class may be burdened in one year. The latest holds."""

    year_id: YearId
    rules: CalendarRules


@fact("calendar.entry_planned.1")
class EntryPlanned(Fact, frozen=True, kw_only=True):
    """Something was announced: for a class or interclass group (`unit_id`), for a group of it, or for the
    whole school. Tests, quizzes and homework name their assignment. What is `staff_only` (a council, a
    training) is nothing for pupils and parents.

    `rule_version` counts how often the year's rules had been set (0: the usual ones). `override` says why
    the limits in `exceeded` were passed.
    """

    entry_id: EntryId
    year_id: YearId
    kind: EntryKind
    details: EntryDetails
    unit_id: UnitId | None = None
    group_id: GroupId | None = None
    assignment_id: AssignmentId | None = None
    subject_id: SubjectId | None = None
    rule_version: int = 0
    override: str | None = None
    exceeded: tuple[LimitExceeded, ...] = ()
    staff_only: bool = False


@fact("calendar.entry_changed.1")
class EntryChanged(Fact, frozen=True, kw_only=True):
    """An announced entry was changed; old and new stay legible."""

    entry_id: EntryId
    year_id: YearId
    was: EntryDetails
    now: EntryDetails
    unit_id: UnitId | None = None
    reason: str | None = None
    rule_version: int = 0
    override: str | None = None
    exceeded: tuple[LimitExceeded, ...] = ()


@fact("calendar.entry_cancelled.1")
class EntryCancelled(Fact, frozen=True, kw_only=True):
    """What was announced will not take place; the entry stays legible."""

    entry_id: EntryId
    year_id: YearId
    reason: str
    unit_id: UnitId | None = None


@fact("calendar.group_entry_counted.1")
class GroupEntryCounted(Fact, frozen=True, kw_only=True):
    """An interclass group's test, quiz or homework burdens this class too, on that day; the latest holds."""

    class_id: UnitId
    group_id: UnitId
    entry_id: EntryId
    kind: EntryKind
    title: str
    on: date


@fact("calendar.group_entry_dropped.1")
class GroupEntryDropped(Fact, frozen=True, kw_only=True):
    """The interclass group's entry was cancelled and burdens the class no more."""

    class_id: UnitId
    entry_id: EntryId


@fact("calendar.free_days_declared.1")
class FreeDaysDeclared(Fact, frozen=True, kw_only=True):
    """There is no school from `starts` to `ends`, both included (ferie, święta, dni dyrektorskie)."""

    year_id: YearId
    free_id: FreeDaysId
    name: str
    starts: date
    ends: date


@fact("calendar.free_days_withdrawn.1")
class FreeDaysWithdrawn(Fact, frozen=True, kw_only=True):
    """The days are school days after all."""

    year_id: YearId
    free_id: FreeDaysId
    reason: str


@fact("calendar.day_changed.1")
class DayChanged(Fact, frozen=True, kw_only=True):
    """The school's day runs otherwise: as the weekday `runs_as` (1 Monday to 7), with the bells `periods`.

    None leaves it as usual. The latest change of a day holds.
    """

    year_id: YearId
    on: date
    reason: str
    runs_as: int | None = None
    periods: tuple[LessonPeriod, ...] | None = None


@fact("calendar.day_restored.1")
class DayRestored(Fact, frozen=True, kw_only=True):
    """The day runs as usual after all."""

    year_id: YearId
    on: date
    reason: str


@fact("calendar.lesson_called_off.1")
class LessonCalledOff(Fact, frozen=True, kw_only=True):
    """The lesson of that hour will not take place, as was said beforehand."""

    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    reason: str


@fact("calendar.lesson_moved.1")
class LessonMoved(Fact, frozen=True, kw_only=True):
    """The lesson of that hour takes place at another; `room` None: in the same room."""

    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    to_on: date
    to_period: int
    room: str | None = None
    reason: str | None = None


@fact("calendar.lesson_added.1")
class LessonAdded(Fact, frozen=True, kw_only=True):
    """One lesson more than the timetable has."""

    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    room: str | None = None
    reason: str | None = None


@fact("calendar.room_changed.1")
class RoomChanged(Fact, frozen=True, kw_only=True):
    """The lesson of that hour takes place in another room."""

    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    room: str
    reason: str | None = None


@fact("calendar.lesson_change_withdrawn.1")
class LessonChangeWithdrawn(Fact, frozen=True, kw_only=True):
    """A change of a lesson does not hold any more: it is as before it."""

    change_id: ChangeId
    unit_id: UnitId
    reason: str


@fact("calendar.feed_issued.1")
class FeedIssued(Fact, frozen=True, kw_only=True):
    """`holder_id` got an address to subscribe to. The secret in it is no fact (ADR 0062).

    `target_id` is the class, or the person whose lessons or board it shows.
    """

    feed_id: FeedId
    kind: FeedKind
    target_id: str
    holder_id: PersonId


@fact("calendar.feed_revoked.1")
class FeedRevoked(Fact, frozen=True, kw_only=True):
    """The address shows nothing any more."""

    feed_id: FeedId
