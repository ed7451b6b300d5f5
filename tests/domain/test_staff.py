"""What may be decided about teachers' additional hours?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import OUTSIDE_YEAR
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import CHANGED_SINCE, NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import NOT_IN_ROLE
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import NO_SUCH_YEAR, SchoolYearClosed
from dziennik.contracts.staff import (
    HOURS_ARE_CONFIRMED,
    HOURS_ARE_STRUCK_OUT,
    HOURS_EXIST,
    HOURS_IN_FUTURE,
    HOURS_OUT_OF_RANGE,
    NO_SUCH_HOURS,
    NO_SUCH_KIND,
    NOT_YOUR_HOURS,
    NOTHING_TO_CORRECT,
    STAFF_RULES_UNSOUND,
    TOO_MANY_HOURS,
    ConfirmHours,
    CorrectHours,
    EnterHours,
    HoursConfirmed,
    HoursCorrected,
    HoursEntered,
    HoursKind,
    HoursOf,
    HoursRefused,
    HoursStruckOut,
    RefuseHours,
    SetStaffRules,
    StaffRulesSet,
    StrikeOutHours,
)
from dziennik.domain.policies.usual_staff import USUAL_STAFF
from dziennik.domain.world import Entry
from tests.domain.register import LIS, NOWAK, OFFICE, PUPIL, REGISTER
from tests.domain.sentence import DIRECTOR, TODAY, at, given

WEDNESDAY = date(2026, 10, 14)
KEY = {"hours_id": "h1", "year_id": "y2026", "teacher_id": "nowak"}


def of_nowak(fact: Fact) -> Entry:
    """In the stream of Nowak's hours."""
    return at(streams.staff("y2026", "nowak"), fact)


ENTERED_FACT = HoursEntered(**KEY, kind_id="circle", on=WEDNESDAY, hours=Decimal("1.5"), what="Koło szachowe")
ENTERED = of_nowak(ENTERED_FACT)
CONFIRMED = of_nowak(HoursConfirmed(**KEY))
REFUSED = of_nowak(HoursRefused(**KEY, reason="nie odbyło się"))
STRUCK = of_nowak(HoursStruckOut(**KEY, reason="wpisane dwa razy"))
CORRECTED = of_nowak(
    HoursCorrected(
        **KEY,
        was_kind_id="circle",
        kind_id="circle",
        was_on=WEDNESDAY,
        on=WEDNESDAY,
        was_hours=Decimal("1.5"),
        hours=Decimal(2),
        was_what="Koło szachowe",
        what="Koło szachowe",
        reason="dłużej",
    )
)
ENTER = EnterHours(**KEY, kind_id="circle", on=WEDNESDAY, hours=Decimal("1.5"), what="Koło szachowe")
CORRECT = CorrectHours(
    hours_id="h1",
    year_id="y2026",
    teacher_id="nowak",
    kind_id="circle",
    on=WEDNESDAY,
    hours=Decimal(2),
    what="Koło szachowe",
    reason="dłużej",
)
STRIKE = StrikeOutHours(hours_id="h1", year_id="y2026", teacher_id="nowak", reason="wpisane dwa razy")
ONE = HoursOf(teacher_id="nowak", hours_id="h1")
CONFIRM = ConfirmHours(year_id="y2026", hours=(ONE,))
REFUSE = RefuseHours(**KEY, reason="nie odbyło się")
# Hours of another teacher under the same id: they must not leak in.
LIS_HAS = at(
    streams.staff("y2026", "lis"), replace(ENTERED_FACT, teacher_id="lis", hours=Decimal(12), kind_id="trip")
)
PAST = (*REGISTER, LIS_HAS)


def test_the_teacher_or_the_office_enters_hours() -> None:
    for who in (NOWAK, OFFICE, DIRECTOR):
        given(PAST).when(ENTER, by=who).then(ENTERED)
    given(PAST, ENTERED).when(ENTER, by=NOWAK).nothing()
    given(PAST, ENTERED).when(replace(ENTER, hours=Decimal(1)), by=NOWAK).refused(HOURS_EXIST, "hours_id")


def test_nobody_enters_the_hours_of_another() -> None:
    given(PAST).when(ENTER, by=LIS).refused(NOT_YOUR_HOURS, "teacher_id")
    given(PAST).when(ENTER, by=PUPIL).refused(NOT_YOURS_TO_DO)
    given(PAST).when(replace(ENTER, teacher_id="cma"), by=OFFICE).refused(NOT_IN_ROLE, "teacher_id")


def test_hours_are_of_a_kind_of_the_school_on_a_day_of_the_year() -> None:
    given(PAST).when(replace(ENTER, kind_id="golf"), by=NOWAK).refused(NO_SUCH_KIND, "kind_id", kind="golf")
    given(PAST).when(replace(ENTER, what=" "), by=NOWAK).refused(TEXT_MISSING, "what")
    given(PAST).when(replace(ENTER, on=date(2026, 10, 16)), by=NOWAK).refused(HOURS_IN_FUTURE, "on")
    given(PAST).when(replace(ENTER, on=date(2026, 8, 30)), by=NOWAK).refused(OUTSIDE_YEAR, "on")
    given(PAST).when(replace(ENTER, year_id="y1"), by=NOWAK).refused(NO_SUCH_YEAR, "year_id")


def test_hours_are_steps_and_fit_the_day() -> None:
    for hours in ("0", "-1", "1.1", "12.25"):
        given(PAST).when(replace(ENTER, hours=Decimal(hours)), by=NOWAK).refused(
            HOURS_OUT_OF_RANGE, "hours", hours=hours, step="0.25", most="12"
        )
    trip = replace(ENTER, hours_id="h2", kind_id="trip", hours=Decimal("10.75"))
    # 1.5 + 10.75 = 12.25
    given(PAST, ENTERED).when(trip, by=NOWAK).refused(
        TOO_MANY_HOURS, "hours", on=WEDNESDAY, total="12.25", most="12"
    )
    for dead in (REFUSED, STRUCK):
        assert not isinstance(given(PAST, ENTERED, dead).when(trip, by=NOWAK).decision, Refusal)


def test_the_director_confirms_what_was_shown() -> None:
    """Whoever raises the hours between the list and the signature is found out."""
    seen = replace(CONFIRM, hours=(replace(ONE, seen_hours=Decimal("1.5")),))
    given(PAST, ENTERED).when(seen).then(CONFIRMED)
    given(PAST, ENTERED, CORRECTED).when(seen).refused(
        CHANGED_SINCE, "hours[0].seen_hours", seen="1.5", now="2"
    )


def test_refused_hours_are_confirmed_only_if_they_still_fit_the_day() -> None:
    trip = of_nowak(replace(ENTERED_FACT, hours_id="h2", kind_id="trip", hours=Decimal("10.75")))
    # 1.5 + 10.75 = 12.25
    given(PAST, ENTERED, REFUSED, trip).when(CONFIRM).refused(
        TOO_MANY_HOURS, "hours[0].hours_id", on=WEDNESDAY, total="12.25", most="12"
    )
    given(PAST, ENTERED, REFUSED).when(CONFIRM).then(CONFIRMED)


def test_a_kind_may_have_a_limit_of_its_own() -> None:
    kinds = (HoursKind(kind_id="circle", name="Koło", symbol="K", most_a_day=Decimal(2)),)
    rules = at(streams.SCHOOL, StaffRulesSet(year_id="y2026", rules=replace(USUAL_STAFF, kinds=kinds)))
    more = replace(ENTER, hours_id="h2", hours=Decimal(1))
    # 1.5 + 1 = 2.5
    given(PAST, rules, ENTERED).when(more, by=NOWAK).refused(
        TOO_MANY_HOURS, "hours", on=WEDNESDAY, total="2.5", most="2"
    )


def test_a_correction_keeps_both_and_needs_a_reason() -> None:
    given(PAST, ENTERED).when(CORRECT, by=NOWAK).then(CORRECTED)
    given(PAST, ENTERED).when(replace(CORRECT, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    given(PAST, ENTERED).when(CORRECT, by=LIS).refused(NOT_YOUR_HOURS, "teacher_id")
    given(PAST, ENTERED, CORRECTED).when(CORRECT, by=NOWAK).refused(NOTHING_TO_CORRECT, "hours")
    given(PAST).when(CORRECT, by=NOWAK).refused(NO_SUCH_HOURS, "hours_id")
    given(PAST, ENTERED).when(replace(CORRECT, hours=Decimal(13)), by=NOWAK).refused(
        HOURS_OUT_OF_RANGE, "hours"
    )


def test_what_is_confirmed_is_the_directors_to_change() -> None:
    for command in (CORRECT, STRIKE):
        given(PAST, ENTERED, CONFIRMED).when(command, by=NOWAK).refused(HOURS_ARE_CONFIRMED, "hours_id")
        given(PAST, ENTERED, CONFIRMED).when(command, by=OFFICE).refused(HOURS_ARE_CONFIRMED, "hours_id")
    given(PAST, ENTERED, CONFIRMED).when(CORRECT).then(CORRECTED)
    given(PAST, ENTERED, CONFIRMED, CORRECTED).when(CONFIRM).then(CONFIRMED)  # to be confirmed anew


def test_struck_out_hours_are_over() -> None:
    given(PAST, ENTERED).when(STRIKE, by=NOWAK).then(STRUCK)
    given(PAST, ENTERED).when(replace(STRIKE, reason=""), by=NOWAK).refused(REASON_MISSING, "reason")
    for command in (CORRECT, STRIKE, REFUSE):
        given(PAST, ENTERED, STRUCK).when(command).refused(HOURS_ARE_STRUCK_OUT, "hours_id")
    given(PAST, ENTERED, STRUCK).when(CONFIRM).refused(HOURS_ARE_STRUCK_OUT, "hours[0].hours_id")


def test_the_director_confirms_many_at_once_or_none() -> None:
    given(PAST, ENTERED).when(CONFIRM).then(CONFIRMED)
    given(PAST, ENTERED, CONFIRMED).when(CONFIRM).nothing()
    given(PAST, ENTERED).when(replace(CONFIRM, hours=(ONE, ONE))).then(CONFIRMED)
    given(PAST, ENTERED).when(CONFIRM, by=NOWAK).refused(NOT_YOURS_TO_DO)
    unknown = HoursOf(teacher_id="nowak", hours_id="h9")
    when = given(PAST, ENTERED).when(replace(CONFIRM, hours=(ONE, unknown, unknown)))
    when.refused(NO_SUCH_HOURS, "hours[1].hours_id", hours="h9")
    assert isinstance(when.decision, Refusal)
    assert [other.field for other in when.decision.others] == ["hours[2].hours_id"]


def test_the_director_refuses_with_a_reason_also_later() -> None:
    given(PAST, ENTERED).when(REFUSE).then(REFUSED)
    given(PAST, ENTERED, CONFIRMED).when(REFUSE).then(REFUSED)
    given(PAST, ENTERED, REFUSED).when(REFUSE).nothing()
    given(PAST, ENTERED).when(replace(REFUSE, reason="")).refused(REASON_MISSING, "reason")
    given(PAST).when(REFUSE).refused(NO_SUCH_HOURS, "hours_id")
    given(PAST, ENTERED).when(REFUSE, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(PAST, ENTERED, REFUSED).when(CONFIRM).then(CONFIRMED)


def test_hours_of_a_closed_year_stay_as_they_are() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TODAY, class_ids=("4a",)))
    given(PAST, closed).when(ENTER, by=NOWAK).refused(YEAR_CLOSED, "year_id")
    for command in (CORRECT, STRIKE, CONFIRM, REFUSE):
        given(PAST, ENTERED, closed).when(command).refused(YEAR_CLOSED, "year_id")


def test_the_director_sets_sound_rules() -> None:
    rules = replace(USUAL_STAFF, step=Decimal("0.5"))
    command = SetStaffRules(year_id="y2026", rules=rules)
    recorded = at(streams.SCHOOL, StaffRulesSet(year_id="y2026", rules=rules))
    given(REGISTER).when(command).then(recorded)
    given(REGISTER, recorded).when(command).nothing()
    given(REGISTER).when(command, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(command, year_id="y1")).refused(NO_SUCH_YEAR, "year_id")
    kind = rules.kinds[0]
    for field, unsound in (
        ("kinds", replace(rules, kinds=())),
        ("kinds", replace(rules, kinds=(kind, kind))),
        ("kinds", replace(rules, kinds=(replace(kind, kind_id="substitution"),))),
        ("kinds", replace(rules, kinds=(replace(kind, symbol=" "),))),
        ("kinds", replace(rules, kinds=(replace(kind, most_a_day=Decimal(25)),))),
        ("step", replace(rules, step=Decimal(0))),
        ("most_a_day", replace(rules, most_a_day=Decimal(25))),
        ("lesson_counts", replace(rules, lesson_counts=Decimal(-1))),
    ):
        given(REGISTER).when(replace(command, rules=unsound)).refused(STAFF_RULES_UNSOUND, f"rules.{field}")


def test_rules_of_a_closed_year_stay_as_they_are() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TODAY, class_ids=("4a",)))
    command = SetStaffRules(year_id="y2026", rules=USUAL_STAFF)
    given(REGISTER, closed).when(command).refused(YEAR_CLOSED, "year_id")
