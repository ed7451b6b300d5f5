"""Who may announce what, how much a class bears, and does what was said before stay legible?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from dziennik.contracts import calendar as said
from dziennik.contracts import streams
from dziennik.contracts.calendar import (
    CalendarRules,
    EntryCancelled,
    EntryChanged,
    EntryDetails,
    EntryKind,
    EntryLimit,
    EntryPlanned,
    GroupEntryCounted,
    GroupEntryDropped,
    LimitExceeded,
    LimitKind,
)
from dziennik.contracts.calendar_commands import (
    ASSIGNMENT_MISSING,
    DAY_FULL,
    DAY_IS_FREE,
    ENTRY_EXISTS,
    ENTRY_WAS_CANCELLED,
    NO_SUCH_ENTRY,
    NOT_FOR_STAFF_ALONE,
    NOT_FOR_THE_SCHOOL,
    NOT_YOUR_ASSIGNMENT,
    NOT_YOUR_CLASS,
    NOT_YOUR_ENTRY,
    ONE_DAY_ONLY,
    SCOPE_UNCLEAR,
    TIMES_UNSOUND,
    TOO_SHORT_NOTICE,
    WEEK_FULL,
    CancelEntry,
    ChangeEntry,
    PlanEntry,
    SetCalendarRules,
)
from dziennik.contracts.classes import (
    ASSIGNMENT_NOT_IN_FORCE,
    NO_SUCH_CLASS,
    NO_SUCH_GROUP,
    NO_SUCH_PERIOD,
    OUTSIDE_YEAR,
    TeachingEnded,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.school import NO_SUCH_YEAR, RULES_UNSOUND
from dziennik.domain.policies.calendar_limits import USUAL_CALENDAR
from dziennik.domain.world import Entry
from tests.domain.register import LIS, NEXT_YEAR, NOWAK, OFFICE, PUPIL, REGISTER, taught
from tests.domain.sentence import DIRECTOR, at, given

# The week of Monday 2 November; "today" is Thursday 15 October.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, 2) + timedelta(days=n) for n in range(5))
CALENDAR_4A, CALENDAR_4B = streams.unit_calendar("4a"), streams.unit_calendar("4b")
WHOLE_SCHOOL = streams.school_calendar("y2026")

TEST = PlanEntry(
    entry_id="dictation",
    kind=EntryKind.TEST,
    title="Dyktando",
    on=FRIDAY,
    unit_id="4a",
    assignment_id="pol-4a",
)
PLANNED = EntryPlanned(
    entry_id="dictation",
    year_id="y2026",
    kind=EntryKind.TEST,
    details=EntryDetails(title="Dyktando", on=FRIDAY),
    unit_id="4a",
    assignment_id="pol-4a",
    subject_id="pol",
)
DICTATION = at(CALENDAR_4A, PLANNED)
TRIP = PlanEntry(
    entry_id="zoo", kind=EntryKind.TRIP, title="Zoo", on=MONDAY, until=TUESDAY, unit_id="4a", starts="07:45"
)
TRIP_PLANNED = at(
    CALENDAR_4A,
    EntryPlanned(
        entry_id="zoo",
        year_id="y2026",
        kind=EntryKind.TRIP,
        details=EntryDetails(title="Zoo", on=MONDAY, until=TUESDAY, starts="07:45"),
        unit_id="4a",
    ),
)


def a_test(entry_id: str, on: date, title: str = "Sprawdzian", kind: EntryKind = EntryKind.TEST) -> Entry:
    """A test of 4a in Polish on a day."""
    return at(
        CALENDAR_4A, replace(PLANNED, entry_id=entry_id, kind=kind, details=EntryDetails(title=title, on=on))
    )


ETHICS = GroupEntryCounted(
    class_id="4a", group_id="ethics", entry_id="plato", kind=EntryKind.TEST, title="Platon", on=WEDNESDAY
)


def test_a_teacher_announces_a_test() -> None:
    given(REGISTER).when(TEST, by=NOWAK).then(DICTATION)


def test_announcing_it_again_does_nothing() -> None:
    given(REGISTER, DICTATION).when(TEST, by=NOWAK).nothing()


def test_one_id_is_one_entry() -> None:
    other = replace(TEST, title="Wypracowanie")
    given(REGISTER, DICTATION).when(other, by=NOWAK).refused(ENTRY_EXISTS, "entry_id", title="Dyktando")


@pytest.mark.parametrize("kind", [EntryKind.TEST, EntryKind.QUIZ, EntryKind.HOMEWORK])
def test_tests_quizzes_and_homework_are_the_teachers_of_the_assignment(kind: EntryKind) -> None:
    asked = replace(TEST, kind=kind)
    for actor in (LIS, DIRECTOR, OFFICE):
        given(REGISTER).when(asked, by=actor).refused(NOT_YOUR_ASSIGNMENT, "assignment_id")
    given(REGISTER).when(replace(asked, assignment_id=None), by=NOWAK).refused(
        ASSIGNMENT_MISSING, "assignment_id"
    )
    whole = replace(asked, unit_id=None, year_id="y2026")
    given(REGISTER).when(whole, by=NOWAK).refused(NOT_FOR_THE_SCHOOL, "kind")


def test_pupils_announce_nothing() -> None:
    given(REGISTER).when(TEST, by=PUPIL).refused(NOT_YOURS_TO_DO, None, role="pupil")


def test_the_assignment_must_be_in_force_that_day() -> None:
    ended = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=THURSDAY))
    given(REGISTER, ended).when(TEST, by=NOWAK).refused(ASSIGNMENT_NOT_IN_FORCE, "on", on=FRIDAY)


def test_a_groups_entry_bears_the_group_of_its_assignment() -> None:
    quiz = PlanEntry(
        entry_id="words",
        kind=EntryKind.QUIZ,
        title="Słówka",
        on=FRIDAY,
        unit_id="4a",
        assignment_id="en-4a",
        text="Unit 3",
        period=2,
    )
    planned = EntryPlanned(
        entry_id="words",
        year_id="y2026",
        kind=EntryKind.QUIZ,
        details=EntryDetails(title="Słówka", on=FRIDAY, text="Unit 3", period=2),
        unit_id="4a",
        group_id="4a-en",
        assignment_id="en-4a",
        subject_id="en",
    )
    given(REGISTER).when(quiz, by=LIS).then(at(CALENDAR_4A, planned))
    given(REGISTER).when(replace(quiz, group_id="4a-de"), by=LIS).refused(
        NO_SUCH_GROUP, "group_id", group="4a-de"
    )


def test_a_trip_is_announced_by_teachers_of_the_class_and_the_office() -> None:
    for actor in (NOWAK, LIS, DIRECTOR, OFFICE):
        given(REGISTER).when(TRIP, by=actor).then(TRIP_PLANNED)
    given(REGISTER).when(replace(TRIP, unit_id="4b"), by=NOWAK).refused(NOT_YOUR_CLASS, "unit_id")
    given(REGISTER).when(replace(TRIP, group_id="4b-x"), by=NOWAK).refused(
        NO_SUCH_GROUP, "group_id", group="4b-x"
    )


def test_the_office_announces_to_the_whole_school() -> None:
    event = PlanEntry(entry_id="fair", kind=EntryKind.EVENT, title="Kiermasz", on=FRIDAY, year_id="y2026")
    planned = EntryPlanned(
        entry_id="fair",
        year_id="y2026",
        kind=EntryKind.EVENT,
        details=EntryDetails(title="Kiermasz", on=FRIDAY),
    )
    given(REGISTER).when(event, by=OFFICE).then(at(WHOLE_SCHOOL, planned))
    given(REGISTER).when(event, by=NOWAK).refused(NOT_YOUR_CLASS, "year_id")
    given(REGISTER).when(replace(event, year_id="y1999"), by=OFFICE).refused(
        NO_SUCH_YEAR, "year_id", year="y1999"
    )


def test_a_council_is_for_the_staff_alone_and_a_test_is_not() -> None:
    council = PlanEntry(
        entry_id="c", kind=EntryKind.MEETING, title="Rada", on=FRIDAY, year_id="y2026", staff_only=True
    )
    planned = EntryPlanned(
        entry_id="c",
        year_id="y2026",
        kind=EntryKind.MEETING,
        details=EntryDetails(title="Rada", on=FRIDAY),
        staff_only=True,
    )
    given(REGISTER).when(council).then(at(WHOLE_SCHOOL, planned))
    given(REGISTER).when(replace(TEST, staff_only=True), by=NOWAK).refused(NOT_FOR_STAFF_ALONE, "staff_only")


def test_an_entry_is_for_a_class_or_for_the_school() -> None:
    given(REGISTER).when(replace(TRIP, year_id="y2026"), by=NOWAK).refused(SCOPE_UNCLEAR, "unit_id")
    given(REGISTER).when(replace(TRIP, unit_id=None), by=NOWAK).refused(SCOPE_UNCLEAR, "unit_id")
    given(REGISTER).when(replace(TRIP, unit_id="9z"), by=NOWAK).refused(NO_SUCH_CLASS, "unit_id", unit="9z")


def test_what_an_entry_says_makes_sense() -> None:
    story = given(REGISTER)
    story.when(replace(TRIP, title="  "), by=NOWAK).refused(TEXT_MISSING, "title", at="title")
    story.when(replace(TRIP, on=NEXT_YEAR), by=NOWAK).refused(OUTSIDE_YEAR, "on")
    story.when(replace(TRIP, until=NEXT_YEAR), by=NOWAK).refused(OUTSIDE_YEAR, "until")
    story.when(replace(TRIP, until=date(2026, 11, 1)), by=NOWAK).refused(ONE_DAY_ONLY, "until")
    story.when(replace(TRIP, until=date(2026, 12, 4)), by=NOWAK).refused(
        ONE_DAY_ONLY, "until", on=MONDAY, last=date(2026, 12, 3)
    )
    story.when(replace(TRIP, on=date.max), by=NOWAK).refused(OUTSIDE_YEAR, "on")  # no day follows it
    story.when(replace(TEST, until=date(2026, 11, 7)), by=NOWAK).refused(ONE_DAY_ONLY, "until")
    story.when(replace(TEST, period=14), by=NOWAK).refused(NO_SUCH_PERIOD, "period", period=14)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("8:00", None), ("08:00", "24:10"), ("10:00", "10:00"), (None, "10:00"), ("10:00", "9")],
)
def test_times_make_sense(starts: str | None, ends: str | None) -> None:
    asked = replace(TRIP, until=None, starts=starts, ends=ends)
    given(REGISTER).when(asked, by=NOWAK).refused(TIMES_UNSOUND, "starts")


def test_a_trip_over_night_may_end_earlier_in_the_day() -> None:
    details = EntryDetails(title="Zoo", on=MONDAY, until=TUESDAY, starts="18:00", ends="09:00")
    planned = at(CALENDAR_4A, replace(TRIP_PLANNED.fact, details=details))
    given(REGISTER).when(replace(TRIP, starts="18:00", ends="09:00"), by=NOWAK).then(planned)


def test_no_test_on_a_free_day_but_a_trip() -> None:
    free = at(
        WHOLE_SCHOOL,
        said.FreeDaysDeclared(
            year_id="y2026", free_id="w1", name="Dzień dyrektorski", starts=MONDAY, ends=FRIDAY
        ),
    )
    given(REGISTER, free).when(TEST, by=NOWAK).refused(DAY_IS_FREE, "on", on=FRIDAY, name="Dzień dyrektorski")
    given(REGISTER, free).when(TRIP, by=NOWAK).then(TRIP_PLANNED)


# How much a class bears


def test_a_fourth_test_in_a_week_is_refused_with_the_three() -> None:
    three = [a_test("a", MONDAY, "A"), a_test("b", TUESDAY, "B"), a_test("c", THURSDAY, "C")]
    given(REGISTER, three).when(TEST, by=NOWAK).refused(
        WEEK_FULL,
        "on",
        unit="4a",
        monday=MONDAY,
        found=3,
        limit=3,
        entries="„A” (2026-11-02), „B” (2026-11-03), „C” (2026-11-05)",
    )


def test_a_week_begins_on_monday_and_ends_on_sunday() -> None:
    around = [a_test(str(day), day) for day in (date(2026, 11, 1), date(2026, 11, 9))]
    two = [a_test("a", MONDAY), a_test("b", date(2026, 11, 8))]
    given(REGISTER, around, two).when(TEST, by=NOWAK).then(DICTATION)
    given(REGISTER, two, a_test("c", TUESDAY)).when(TEST, by=NOWAK).refused(WEEK_FULL, "on")


def test_a_second_test_on_a_day_is_refused_with_the_first() -> None:
    given(REGISTER, a_test("a", FRIDAY, "Lektura")).when(TEST, by=NOWAK).refused(
        DAY_FULL, "on", unit="4a", on=FRIDAY, found=1, limit=1, entries="„Lektura” (2026-11-06)"
    )


def test_quizzes_and_cancelled_tests_fill_no_week() -> None:
    quiz = a_test("q", FRIDAY, kind=EntryKind.QUIZ)
    cancelled = at(CALENDAR_4A, EntryCancelled(entry_id="a", year_id="y2026", reason="choroba", unit_id="4a"))
    given(REGISTER, quiz, a_test("a", FRIDAY), cancelled).when(TEST, by=NOWAK).then(DICTATION)


def test_tests_are_announced_seven_days_before() -> None:
    given(REGISTER).when(TEST, by=NOWAK, today=FRIDAY - timedelta(days=7)).then(DICTATION)
    given(REGISTER).when(TEST, by=NOWAK, today=FRIDAY - timedelta(days=6)).refused(
        TOO_SHORT_NOTICE, "on", on=FRIDAY, days=6, limit=7
    )


def test_everything_that_is_too_much_is_told_at_once() -> None:
    full = [a_test("a", MONDAY), a_test("b", TUESDAY), a_test("c", FRIDAY)]
    refused = given(REGISTER, full).when(TEST, by=NOWAK, today=MONDAY).decision
    assert not isinstance(refused, list)
    codes = [refused.code, *[other.code for other in refused.others]]  # type: ignore[union-attr]
    assert codes == [TOO_SHORT_NOTICE.code, DAY_FULL.code, WEEK_FULL.code]


def test_an_override_is_recorded_with_what_it_passes() -> None:
    passed = (
        LimitExceeded(unit_id="4a", what=LimitKind.NOTICE, limit=7),
        LimitExceeded(unit_id="4a", what=LimitKind.PER_DAY, limit=1, entries=("a",)),
    )
    planned = replace(PLANNED, override="prośba klasy", exceeded=passed)
    given(REGISTER, a_test("a", FRIDAY)).when(
        replace(TEST, override=" prośba klasy "), by=NOWAK, today=THURSDAY
    ).then(at(CALENDAR_4A, planned))


def test_an_override_that_passes_nothing_is_not_recorded() -> None:
    given(REGISTER).when(replace(TEST, override="na wszelki wypadek"), by=NOWAK).then(DICTATION)


def test_a_groups_test_counts_for_the_classes_it_draws_from() -> None:
    plato = PlanEntry(
        entry_id="plato",
        kind=EntryKind.TEST,
        title="Platon",
        on=WEDNESDAY,
        unit_id="ethics",
        assignment_id="eth",
    )
    planned = EntryPlanned(
        entry_id="plato",
        year_id="y2026",
        kind=EntryKind.TEST,
        details=EntryDetails(title="Platon", on=WEDNESDAY),
        unit_id="ethics",
        group_id="ethics",
        assignment_id="eth",
        subject_id="eth",
    )
    given(REGISTER).when(plato, by=LIS).then(
        at(streams.unit_calendar("ethics"), planned),
        at(CALENDAR_4A, ETHICS),
        at(CALENDAR_4B, replace(ETHICS, class_id="4b")),
    )
    given(REGISTER, a_test("a", WEDNESDAY, "Lektura")).when(plato, by=LIS).refused(
        DAY_FULL, "on", unit="4a", on=WEDNESDAY, found=1, limit=1, entries="„Lektura” (2026-11-04)"
    )
    given(REGISTER, at(CALENDAR_4A, ETHICS)).when(replace(TEST, on=WEDNESDAY), by=NOWAK).refused(
        DAY_FULL, "on", unit="4a", on=WEDNESDAY, found=1, limit=1, entries="„Platon” (2026-11-04)"
    )


def test_a_test_of_another_class_counts_for_none_but_itself() -> None:
    other = at(CALENDAR_4B, replace(PLANNED, unit_id="4b", entry_id="other"))
    given(REGISTER, other).when(TEST, by=NOWAK).then(DICTATION)


def test_the_director_sets_the_limits_of_a_year() -> None:
    strict = CalendarRules(limits=(EntryLimit(kind=EntryKind.QUIZ, per_day=1),))
    rules = SetCalendarRules(year_id="y2026", rules=strict)
    rules_set = at(WHOLE_SCHOOL, said.CalendarRulesSet(year_id="y2026", rules=strict))
    given(REGISTER).when(rules).then(rules_set)
    given(REGISTER, rules_set).when(rules).nothing()
    given(REGISTER).when(rules, by=OFFICE).refused(NOT_YOURS_TO_DO, None)
    given(REGISTER).when(replace(rules, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")
    usual = at(WHOLE_SCHOOL, said.CalendarRulesSet(year_id="y2026", rules=USUAL_CALENDAR))
    given(REGISTER).when(replace(rules, rules=USUAL_CALENDAR)).then(usual)
    # By these rules tests are free, and the second quiz of a day is too many.
    two = [a_test("a", FRIDAY), a_test("q", FRIDAY, kind=EntryKind.QUIZ)]
    planned = at(CALENDAR_4A, replace(PLANNED, rule_version=1))
    given(REGISTER, rules_set, two).when(TEST, by=NOWAK).then(planned)
    given(REGISTER, rules_set, two).when(replace(TEST, kind=EntryKind.QUIZ), by=NOWAK).refused(DAY_FULL, "on")


@pytest.mark.parametrize(
    "limits",
    [
        (EntryLimit(kind=EntryKind.TEST, per_day=-1),),
        (EntryLimit(kind=EntryKind.TEST, notice_days=101),),
        (EntryLimit(kind=EntryKind.QUIZ), EntryLimit(kind=EntryKind.TEST), EntryLimit(kind=EntryKind.QUIZ)),
    ],
)
def test_limits_make_sense(limits: tuple[EntryLimit, ...]) -> None:
    rules = SetCalendarRules(year_id="y2026", rules=CalendarRules(limits=limits))
    given(REGISTER).when(rules).refused(RULES_UNSOUND, f"rules.limits[{len(limits) - 1}]")


# Changed and cancelled

LATER = ChangeEntry(entry_id="dictation", title="Dyktando", on=WEDNESDAY, unit_id="4a", reason="apel")
CHANGED = EntryChanged(
    entry_id="dictation",
    year_id="y2026",
    was=EntryDetails(title="Dyktando", on=FRIDAY),
    now=EntryDetails(title="Dyktando", on=WEDNESDAY),
    unit_id="4a",
    reason="apel",
)
CANCEL = CancelEntry(entry_id="dictation", unit_id="4a", reason="choroba")
CANCELLED = at(
    CALENDAR_4A, EntryCancelled(entry_id="dictation", year_id="y2026", unit_id="4a", reason="choroba")
)


def test_a_change_holds_old_and_new() -> None:
    given(REGISTER, DICTATION).when(LATER, by=NOWAK).then(at(CALENDAR_4A, CHANGED))
    given(REGISTER, DICTATION, at(CALENDAR_4A, CHANGED)).when(LATER, by=NOWAK).nothing()


def test_what_an_entry_says_is_checked_again() -> None:
    given(REGISTER, DICTATION).when(replace(LATER, title=""), by=NOWAK).refused(TEXT_MISSING, "title")
    given(REGISTER, DICTATION).when(replace(LATER, period=0), by=NOWAK).refused(NO_SUCH_PERIOD, "period")


def test_a_test_is_moved_only_to_where_there_is_room() -> None:
    given(REGISTER, DICTATION, a_test("a", WEDNESDAY)).when(LATER, by=NOWAK).refused(DAY_FULL, "on")
    three = [a_test(str(n), MONDAY + timedelta(days=n)) for n in (7, 8, 9)]
    given(REGISTER, DICTATION, three).when(replace(LATER, on=date(2026, 11, 13)), by=NOWAK).refused(
        WEEK_FULL, "on"
    )


def test_an_entry_does_not_stand_in_its_own_way() -> None:
    two = [a_test("a", MONDAY), a_test("b", TUESDAY)]
    given(REGISTER, DICTATION, two).when(LATER, by=NOWAK).then(at(CALENDAR_4A, CHANGED))


def test_postponing_needs_no_notice_but_hurrying_does() -> None:
    postponed = replace(LATER, on=date(2026, 11, 9))
    now = EntryDetails(title="Dyktando", on=date(2026, 11, 9))
    given(REGISTER, DICTATION).when(postponed, by=NOWAK, today=FRIDAY).then(
        at(CALENDAR_4A, replace(CHANGED, now=now))
    )
    given(REGISTER, DICTATION).when(LATER, by=NOWAK, today=MONDAY).refused(TOO_SHORT_NOTICE, "on")


def test_correcting_the_text_measures_nothing_anew() -> None:
    full = [a_test("a", FRIDAY), a_test("b", FRIDAY), a_test("c", FRIDAY)]
    now = EntryDetails(title="Dyktando z „rz”", on=FRIDAY, text="str. 12")
    told = replace(CHANGED, now=now, reason=None)
    given(REGISTER, DICTATION, full).when(
        ChangeEntry(entry_id="dictation", title="Dyktando z „rz”", on=FRIDAY, text="str. 12", unit_id="4a"),
        by=NOWAK,
        today=FRIDAY,
    ).then(at(CALENDAR_4A, told))


def test_an_entry_is_changed_by_its_teacher_or_the_director() -> None:
    for actor in (LIS, OFFICE):
        given(REGISTER, DICTATION).when(LATER, by=actor).refused(NOT_YOUR_ENTRY, "entry_id")
    given(REGISTER, DICTATION).when(LATER).then(at(CALENDAR_4A, CHANGED))
    trip = ChangeEntry(entry_id="zoo", title="Zoo", on=MONDAY, unit_id="4a", reason="drożej")
    assert isinstance(given(REGISTER, TRIP_PLANNED).when(trip, by=OFFICE).decision, list)
    given(REGISTER, TRIP_PLANNED).when(trip, by=replace(NOWAK, person="stranger")).refused(
        NOT_YOUR_ENTRY, "entry_id"
    )


def test_a_teacher_who_took_over_the_assignment_changes_what_its_former_one_announced() -> None:
    new = taught("pol-4a", "4a", "pol", "lis")
    given(REGISTER, DICTATION, new).when(LATER, by=LIS).then(at(CALENDAR_4A, CHANGED))


def test_only_what_is_there_is_changed() -> None:
    given(REGISTER).when(LATER, by=NOWAK).refused(NO_SUCH_ENTRY, "entry_id", entry="dictation")
    given(REGISTER).when(replace(LATER, year_id="y2026"), by=NOWAK).refused(SCOPE_UNCLEAR, "unit_id")
    given(REGISTER, DICTATION, CANCELLED).when(LATER, by=NOWAK).refused(ENTRY_WAS_CANCELLED, "entry_id")


def test_an_entry_is_cancelled_with_a_reason() -> None:
    given(REGISTER, DICTATION).when(CANCEL, by=NOWAK).then(CANCELLED)
    given(REGISTER, DICTATION).when(replace(CANCEL, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    given(REGISTER, DICTATION, CANCELLED).when(CANCEL, by=NOWAK).nothing()
    given(REGISTER, DICTATION, CANCELLED).when(replace(CANCEL, reason="inna"), by=NOWAK).refused(
        ENTRY_WAS_CANCELLED, "entry_id", reason="choroba"
    )
    given(REGISTER, DICTATION).when(CANCEL, by=LIS).refused(NOT_YOUR_ENTRY, "entry_id")


def test_a_groups_test_that_moves_or_falls_away_moves_or_falls_away_in_its_classes() -> None:
    planned = replace(
        PLANNED,
        entry_id="plato",
        details=EntryDetails(title="Platon", on=WEDNESDAY),
        unit_id="ethics",
        group_id="ethics",
        assignment_id="eth",
        subject_id="eth",
    )
    home = streams.unit_calendar("ethics")
    past = (
        REGISTER,
        at(home, planned),
        at(CALENDAR_4A, ETHICS),
        at(CALENDAR_4B, replace(ETHICS, class_id="4b")),
    )
    move = ChangeEntry(entry_id="plato", title="Platon", on=THURSDAY, unit_id="ethics")
    given(*past).when(move, by=LIS).then(
        at(
            home,
            EntryChanged(
                entry_id="plato",
                year_id="y2026",
                was=EntryDetails(title="Platon", on=WEDNESDAY),
                now=EntryDetails(title="Platon", on=THURSDAY),
                unit_id="ethics",
            ),
        ),
        at(CALENDAR_4A, replace(ETHICS, on=THURSDAY)),
        at(CALENDAR_4B, replace(ETHICS, class_id="4b", on=THURSDAY)),
    )
    fall = CancelEntry(entry_id="plato", unit_id="ethics", reason="choroba")
    dropped = GroupEntryDropped(class_id="4a", entry_id="plato")
    given(*past).when(fall, by=LIS).then(
        at(home, EntryCancelled(entry_id="plato", year_id="y2026", unit_id="ethics", reason="choroba")),
        at(CALENDAR_4A, dropped),
        at(CALENDAR_4B, replace(dropped, class_id="4b")),
    )
    free_again = at(CALENDAR_4A, replace(PLANNED, details=EntryDetails(title="Dyktando", on=WEDNESDAY)))
    given(*past, at(CALENDAR_4A, dropped)).when(replace(TEST, on=WEDNESDAY), by=NOWAK).then(free_again)
