"""Entered hours with all that was done to them, lessons held in substitution, and their sums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import lessons, staff, streams
from dziennik.domain.policies.staff_hours import HoursState
from dziennik.domain.policies.usual_staff import USUAL_STAFF
from dziennik.projections import staff_hours
from dziennik.projections.as_of import as_of
from dziennik.projections.rows import Span, View
from dziennik.projections.staff_hours import STAFF_HOURS
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, NOWAK, OFFICE, History, a_school, held
from tests.projections.listed import Listed
from tests.projections.staff_histories import entered, substituted

NOWAKS, LISES = streams.staff("Y", "nowak"), streams.staff("Y", "lis")
OCTOBER = Span(date(2026, 10, 1), date(2026, 10, 31))
DAY = date(2026, 10, 5)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [STAFF_HOURS], journal.position())


def key(hours_id: str) -> dict[str, str]:
    return {"hours_id": hours_id, "year_id": "Y", "teacher_id": "nowak"}


def test_hours_keep_what_was_done_to_them(common: str) -> None:
    history = a_school()
    history.tell(NOWAKS, entered("h1", "nowak", DAY), entered("h2", "nowak", DAY, "2"))
    history.tell(LISES, entered("h1", "lis", DAY, "9"))  # the same id, another teacher
    history.tell(
        NOWAKS,
        staff.HoursCorrected(
            **key("h1"),
            was_kind_id="circle",
            kind_id="trip",
            was_on=DAY,
            on=date(2026, 10, 6),
            was_hours=Decimal("1.5"),
            hours=Decimal(3),
            was_what="zajęcia h1",
            what="muzeum",
            reason="pomyłka",
        ),
        staff.HoursStruckOut(**key("h2"), reason="dwa razy"),
    )
    history.tell(NOWAKS, staff.HoursRefused(**key("h1"), reason="za długo"), actor=OFFICE)
    history.tell(NOWAKS, staff.HoursConfirmed(**key("h1")), actor=OFFICE)
    other, struck, one = staff_hours.hours_of(view_of(history), "Y", OCTOBER)
    assert (struck.hours_id, struck.state, other.teacher_id) == ("h2", HoursState.STRUCK_OUT, "lis")
    assert (one.kind_id, one.on, one.hours, one.what) == ("trip", date(2026, 10, 6), Decimal(3), "muzeum")
    assert [(act.state, act.by, act.reason) for act in one.acts] == [
        (HoursState.ENTERED, NOWAK.person, None),
        (HoursState.ENTERED, NOWAK.person, "pomyłka"),
        (HoursState.REFUSED, OFFICE.person or OFFICE.account, "za długo"),
        (HoursState.CONFIRMED, OFFICE.person or OFFICE.account, None),
    ]
    assert one.acts[1].was == "1.5 circle 2026-10-05: zajęcia h1"
    agree(common, STAFF_HOURS, history)


def test_sums_of_a_month_are_of_the_month_the_year_and_the_teacher(common: str) -> None:
    history = a_school()
    history.tell(
        NOWAKS,
        entered("h1", "nowak", DAY),
        entered("h2", "nowak", date(2026, 10, 31), "2"),
        entered("h3", "nowak", date(2026, 11, 1), "4"),
        *[staff.HoursConfirmed(**key(one)) for one in ("h1", "h2", "h3")],
    )
    last_year = replace(entered("h4", "nowak", DAY, "8"), year_id="X")
    history.tell(streams.staff("X", "nowak"), last_year)
    history.tell(LISES, entered("h5", "lis", DAY, "1"))
    view = view_of(history)
    sums = staff_hours.sums(view, "Y", OCTOBER)
    assert [(one.teacher_id, one.kind_id, one.hours, one.rule_version) for one in sums] == [
        ("lis", "circle", Decimal(0), 0),  # not confirmed
        ("nowak", "circle", Decimal("3.5"), 0),  # 1.5 + 2
    ]
    assert [one.teacher_id for one in staff_hours.sums(view, "Y", OCTOBER, "lis")] == ["lis"]
    agree(common, STAFF_HOURS, history)


def test_lessons_held_for_others_are_known_and_no_others(common: str) -> None:
    history = a_school()
    one, other = substituted("A", DAY), substituted("B", DAY, 2)
    for fact in (one, other):
        history.tell(streams.lesson(fact.unit_id, fact.lesson_id), fact)
    own = held("A", DAY, 5)
    history.tell(
        streams.lesson("A", own.lesson_id),
        own,
        lessons.LessonSigned(lesson_id=own.lesson_id, teacher_id="nowak"),
    )
    history.tell(
        streams.lesson("A", one.lesson_id), lessons.LessonSigned(lesson_id=one.lesson_id, teacher_id="lis")
    )
    history.tell(streams.SCHOOL, staff.StaffRulesSet(year_id="Y", rules=USUAL_STAFF))
    view = view_of(history)
    assert [(row.unit_id, row.signed) for row in staff_hours.substituted(view, OCTOBER)] == [
        ("A", True),
        ("B", False),
    ]
    assert staff_hours.substituted(view, OCTOBER, "nowak") == []
    (told,) = staff_hours.sums(view, "Y", OCTOBER)
    assert (told.teacher_id, told.hours, told.rule_version) == ("lis", Decimal(1), 1)
    cancelled = lessons.LessonCancelled(
        unit_id="A",
        lesson_id=one.lesson_id,
        on=DAY,
        period=1,
        assignment_id=one.assignment_id,
        subject_id="mat",
        reason="pomyłka",
    )
    history.tell(streams.lesson("A", one.lesson_id), cancelled)
    (less,) = staff_hours.sums(view_of(history), "Y", OCTOBER)
    assert less.hours == 0
    agree(common, STAFF_HOURS, history)


def test_the_first_day_is_a_day(common: str) -> None:
    history = a_school().tell(NOWAKS, entered("h1", "nowak", FIRST))
    assert len(staff_hours.hours_of(view_of(history), "Y", Span(FIRST, FIRST), "nowak")) == 1
    agree(common, STAFF_HOURS, history)
