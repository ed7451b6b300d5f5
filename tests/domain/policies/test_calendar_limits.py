"""Is a class's burden measured by day and week, and are the entries named that fill them?"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dziennik.contracts.calendar import EntryKind, EntryLimit, LimitKind
from dziennik.domain.policies.calendar_limits import (
    USUAL_CALENDAR,
    Beyond,
    Burden,
    beyond_counts,
    beyond_notice,
    limit_for,
    monday_of,
)

MONDAY = date(2026, 11, 2)
USUAL = USUAL_CALENDAR.limits[0]
days = st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n))


def burden(entry_id: str, on: date, kind: EntryKind = EntryKind.TEST) -> Burden:
    return Burden(entry_id=entry_id, kind=kind, title=entry_id, on=on)


def test_usually_three_tests_a_week_one_a_day_seven_days_before() -> None:
    assert (USUAL.kind, USUAL.per_week, USUAL.per_day, USUAL.notice_days) == (EntryKind.TEST, 3, 1, 7)
    assert limit_for(USUAL_CALENDAR, EntryKind.QUIZ) is None


def test_full_days_and_weeks_are_told_with_what_fills_them() -> None:
    here, there = burden("b", MONDAY), burden("a", MONDAY + timedelta(days=6))
    limit = EntryLimit(kind=EntryKind.TEST, per_day=1, per_week=2)
    assert beyond_counts(limit, MONDAY, [there, here]) == [
        Beyond(what=LimitKind.PER_DAY, limit=1, found=1, entries=(here,)),
        Beyond(what=LimitKind.PER_WEEK, limit=2, found=2, entries=(here, there)),
    ]
    assert beyond_counts(limit, MONDAY, [there, burden("q", MONDAY, EntryKind.QUIZ)]) == []
    assert beyond_counts(limit, MONDAY + timedelta(days=7), [there, here]) == []


def test_a_limit_of_none_is_no_limit_and_of_nought_forbids() -> None:
    many = [burden(str(n), MONDAY) for n in range(50)]
    assert beyond_counts(EntryLimit(kind=EntryKind.TEST), MONDAY, many) == []
    assert [b.found for b in beyond_counts(EntryLimit(kind=EntryKind.TEST, per_day=0), MONDAY, [])] == [0]


def test_notice_is_counted_in_days() -> None:
    assert beyond_notice(USUAL, MONDAY, MONDAY - timedelta(days=7)) == []
    assert beyond_notice(USUAL, MONDAY, MONDAY) == [Beyond(what=LimitKind.NOTICE, limit=7, found=0)]
    assert beyond_notice(USUAL, MONDAY, MONDAY + timedelta(days=2))[0].found == -2
    assert beyond_notice(EntryLimit(kind=EntryKind.TEST), MONDAY, MONDAY) == []


@given(st.lists(days, max_size=30))
def test_whoever_heeds_the_limits_never_passes_them(wanted: list[date]) -> None:
    planned: list[Burden] = []
    for number, on in enumerate(wanted):
        if not beyond_counts(USUAL, on, planned):
            planned.append(burden(str(number), on))
    weeks = [monday_of(each.on) for each in planned]
    assert all(weeks.count(week) <= 3 for week in weeks)
    assert len({each.on for each in planned}) == len(planned)
