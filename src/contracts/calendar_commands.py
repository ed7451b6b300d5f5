"""What can be asked of the calendar, and how it says no? The facts are in contracts.calendar."""

from __future__ import annotations

from datetime import date

from dziennik.contracts.calendar import (
    CalendarRules,
    ChangeId,
    EntryDetails,
    EntryId,
    EntryKind,
    FeedId,
    FeedKind,
    FreeDaysId,
)
from dziennik.contracts.commands import Command, command
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import AssignmentId, GroupId, LessonPeriod, UnitId, YearId


@command("calendar.set_calendar_rules")
class SetCalendarRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: CalendarRules


@command("calendar.plan_entry")
class PlanEntry(Command, frozen=True, kw_only=True):
    """Announce something: to a class or interclass group (`unit_id`), or to the whole school (`year_id`).

    Tests, quizzes and homework need the assignment. `override` says why a limit of the year's rules may be
    passed; it is recorded with what it passes.
    """

    entry_id: EntryId
    kind: EntryKind
    title: str
    on: date
    unit_id: UnitId | None = None
    year_id: YearId | None = None
    group_id: GroupId | None = None
    assignment_id: AssignmentId | None = None
    text: str | None = None
    until: date | None = None
    period: int | None = None
    starts: str | None = None
    ends: str | None = None
    override: str | None = None
    staff_only: bool = False


@command("calendar.change_entry")
class ChangeEntry(Command, frozen=True, kw_only=True):
    """What the entry says from now on, as a whole; what is left out is gone.

    Refused when the entry is no longer as it was `seen`.
    """

    entry_id: EntryId
    title: str
    on: date
    unit_id: UnitId | None = None
    year_id: YearId | None = None
    text: str | None = None
    until: date | None = None
    period: int | None = None
    starts: str | None = None
    ends: str | None = None
    reason: str | None = None
    override: str | None = None
    seen: EntryDetails | None = None


@command("calendar.cancel_entry")
class CancelEntry(Command, frozen=True, kw_only=True):
    """See ChangeEntry for `seen`."""

    entry_id: EntryId
    reason: str
    unit_id: UnitId | None = None
    year_id: YearId | None = None
    seen: EntryDetails | None = None


@command("calendar.declare_free_days")
class DeclareFreeDays(Command, frozen=True, kw_only=True):
    free_id: FreeDaysId
    year_id: YearId
    name: str
    starts: date
    ends: date


@command("calendar.withdraw_free_days")
class WithdrawFreeDays(Command, frozen=True, kw_only=True):
    free_id: FreeDaysId
    year_id: YearId
    reason: str


@command("calendar.change_day")
class ChangeDay(Command, frozen=True, kw_only=True):
    """The whole school's day: run as another weekday, with other bells, or both."""

    year_id: YearId
    on: date
    reason: str
    runs_as: int | None = None
    periods: tuple[LessonPeriod, ...] | None = None


@command("calendar.restore_day")
class RestoreDay(Command, frozen=True, kw_only=True):
    year_id: YearId
    on: date
    reason: str


@command("calendar.call_off_lesson")
class CallOffLesson(Command, frozen=True, kw_only=True):
    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    reason: str


@command("calendar.move_lesson")
class MoveLesson(Command, frozen=True, kw_only=True):
    """From where the lesson stands now, also when it was moved before."""

    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    to_on: date
    to_period: int
    room: str | None = None
    reason: str | None = None


@command("calendar.add_lesson")
class AddLesson(Command, frozen=True, kw_only=True):
    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    room: str | None = None
    reason: str | None = None


@command("calendar.change_room")
class ChangeRoom(Command, frozen=True, kw_only=True):
    change_id: ChangeId
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    room: str
    reason: str | None = None


@command("calendar.withdraw_lesson_change")
class WithdrawLessonChange(Command, frozen=True, kw_only=True):
    change_id: ChangeId
    unit_id: UnitId
    reason: str


@command("calendar.create_calendar_feed")
class CreateCalendarFeed(Command, frozen=True, kw_only=True):
    """An address for calendar programs: of a class, of oneself as a teacher, of a pupil; or, for feed
    readers, of one's own notice board.
    """

    feed_id: FeedId
    kind: FeedKind
    target_id: str


@command("calendar.revoke_calendar_feed")
class RevokeCalendarFeed(Command, frozen=True, kw_only=True):
    feed_id: FeedId


SCOPE_UNCLEAR = Reason(
    "CALENDAR.SCOPE_UNCLEAR",
    pl="Podaj oddział lub grupę albo – dla całej szkoły – rok szkolny, ale nie oba naraz.",
    en="Name the class or group or, for the whole school, the school year, but not both.",
)
NOT_FOR_THE_SCHOOL = Reason(
    "CALENDAR.NOT_FOR_THE_SCHOOL",
    pl="Sprawdzian, kartkówkę i zadanie domowe zapowiada się oddziałowi lub grupie.",
    en="A test, a quiz and homework are announced to a class or group.",
)
ASSIGNMENT_MISSING = Reason(
    "CALENDAR.ASSIGNMENT_MISSING",
    pl="Sprawdzian, kartkówka i zadanie domowe wymagają podania przydziału.",
    en="A test, a quiz and homework need the teaching assignment.",
)
NOT_YOUR_ASSIGNMENT = Reason(
    "CALENDAR.NOT_YOUR_ASSIGNMENT",
    pl="Sprawdzian, kartkówkę i zadanie domowe zapowiada nauczyciel, który prowadzi te zajęcia.",
    en="A test, a quiz and homework are announced by the teacher of that assignment.",
)
NOT_YOUR_CLASS = Reason(
    "CALENDAR.NOT_YOUR_CLASS",
    pl="W terminarzu tego oddziału wpisów dokonują jego nauczyciele, wychowawca i dyrekcja.",
    en="Entries in this class's calendar are made by its teachers, its homeroom teacher and the office.",
)
NOT_YOUR_ENTRY = Reason(
    "CALENDAR.NOT_YOUR_ENTRY",
    pl="Ten wpis może zmienić nauczyciel, który go zapowiedział, albo dyrektor.",
    en="This entry can be changed by the teacher who announced it, or by the director.",
)
NO_SUCH_ENTRY = Reason(
    "CALENDAR.NO_SUCH_ENTRY",
    pl="W tym terminarzu nie ma wpisu {entry}.",
    en="There is no entry {entry} in this calendar.",
)
NOT_FOR_STAFF_ALONE = Reason(
    "CALENDAR.NOT_FOR_STAFF_ALONE",
    pl="Sprawdzian, kartkówkę i zadanie domowe zapowiada się uczniom, nie samym pracownikom.",
    en="A test, a quiz and homework are announced to pupils, not to the staff alone.",
)
ENTRY_EXISTS = Reason(
    "CALENDAR.ENTRY_EXISTS",
    pl="Wpis o tym identyfikatorze już istnieje: „{title}”.",
    en="An entry with this id exists already: “{title}”.",
)
ENTRY_WAS_CANCELLED = Reason(
    "CALENDAR.ENTRY_WAS_CANCELLED",
    pl="Ten wpis odwołano: {reason}.",
    en="This entry was cancelled: {reason}.",
)
TIMES_UNSOUND = Reason(
    "CALENDAR.TIMES_UNSOUND",
    pl="Godziny {starts}–{ends} nie mają sensu (GG:MM, koniec po początku).",
    en="The times {starts}–{ends} make no sense (HH:MM, the end after the beginning).",
)
ONE_DAY_ONLY = Reason(
    "CALENDAR.ONE_DAY_ONLY",
    pl="Ten wpis może trwać od {on} najwyżej do {last}.",
    en="This entry may last from {on} until {last} at most.",
)
DAY_FULL = Reason(
    "CALENDAR.DAY_FULL",
    pl="{unit}: na dzień {on} zapowiedziano już {found}, najwyżej {limit}: {entries}."
    " Wybierz inny dzień albo podaj przyczynę odstępstwa.",
    en="{unit}: for {on} there are {found} already, at most {limit}: {entries}."
    " Choose another day or give a reason for the exception.",
)
WEEK_FULL = Reason(
    "CALENDAR.WEEK_FULL",
    pl="{unit}: w tygodniu od {monday} zapowiedziano już {found}, najwyżej {limit}: {entries}."
    " Wybierz inny tydzień albo podaj przyczynę odstępstwa.",
    en="{unit}: in the week of {monday} there are {found} already, at most {limit}: {entries}."
    " Choose another week or give a reason for the exception.",
)
TOO_SHORT_NOTICE = Reason(
    "CALENDAR.TOO_SHORT_NOTICE",
    pl="Do {on} zostało dni: {days}; zapowiada się co najmniej {limit} dni wcześniej."
    " Wybierz późniejszy dzień albo podaj przyczynę odstępstwa.",
    en="There are {days} days until {on}; at least {limit} days' notice is due."
    " Choose a later day or give a reason for the exception.",
)
DAY_IS_FREE = Reason(
    "CALENDAR.DAY_IS_FREE",
    pl="Dzień {on} jest wolny od zajęć: {name}.",
    en="On {on} there is no school: {name}.",
)
NO_SUCH_FREE_DAYS = Reason(
    "CALENDAR.NO_SUCH_FREE_DAYS",
    pl="Nie ma dni wolnych o identyfikatorze {free}.",
    en="There are no free days with the id {free}.",
)
FREE_DAYS_EXIST = Reason(
    "CALENDAR.FREE_DAYS_EXIST",
    pl="Dni wolne o tym identyfikatorze już ogłoszono: „{name}”.",
    en="Free days with this id were declared already: “{name}”.",
)
NOTHING_CHANGES = Reason(
    "CALENDAR.NOTHING_CHANGES",
    pl="Podaj, jakim dniem tygodnia ma być ten dzień albo jakie mają być dzwonki.",
    en="Say as which weekday the day is to run, or with which bells.",
)
DAY_NOT_CHANGED = Reason(
    "CALENDAR.DAY_NOT_CHANGED",
    pl="Dzień {on} biegnie zwykłym planem.",
    en="The day {on} runs as usual.",
)
LESSON_NOT_EXPECTED = Reason(
    "CALENDAR.LESSON_NOT_EXPECTED",
    pl="W dniu {on} na lekcji {period} plan nie przewiduje tych zajęć ({why}).",
    en="On {on} in lesson hour {period} the timetable does not expect this lesson ({why}).",
)
LESSON_EXPECTED = Reason(
    "CALENDAR.LESSON_EXPECTED",
    pl="W dniu {on} na lekcji {period} te zajęcia już są w planie.",
    en="On {on} in lesson hour {period} this lesson is expected already.",
)
CHANGE_EXISTS = Reason(
    "CALENDAR.CHANGE_EXISTS",
    pl="Zmiana o tym identyfikatorze już istnieje i jest inna.",
    en="A change with this id exists already and differs.",
)
NO_SUCH_CHANGE = Reason(
    "CALENDAR.NO_SUCH_CHANGE",
    pl="Nie ma zmiany {change} w planie tego oddziału.",
    en="There is no change {change} in this class's timetable.",
)
CHANGE_BUILT_UPON = Reason(
    "CALENDAR.CHANGE_BUILT_UPON",
    pl="Na tej zmianie opiera się późniejsza ({later}). Najpierw wycofaj tamtą.",
    en="A later change ({later}) builds on this one. Withdraw that one first.",
)
NOT_YOUR_FEED = Reason(
    "CALENDAR.NOT_YOUR_FEED",
    pl="Tego kalendarza nie można udostępnić: dotyczy innej osoby lub oddziału.",
    en="This calendar is not yours to subscribe to: it is another person's or class's.",
)
NO_SUCH_FEED = Reason(
    "CALENDAR.NO_SUCH_FEED",
    pl="Nie ma takiego adresu kalendarza.",
    en="There is no such calendar address.",
)
