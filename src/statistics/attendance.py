"""Statistics of attendance: by day of the week, month and subject, reckoned by the rules of the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from dziennik.contracts.values import AttendanceKind, AttendanceRules
from dziennik.domain.policies.attendance import explain_percentage
from dziennik.domain.policies.names import polish_sort_key
from dziennik.projections.attendance import Count, Sheet, total
from dziennik.statistics.statistic import Statistic, Text, Unit, bars, plain

ATTENDANCE = Text("frekwencja", "attendance")
WEEKDAYS = (
    Text("poniedziałek", "Monday"),
    Text("wtorek", "Tuesday"),
    Text("środa", "Wednesday"),
    Text("czwartek", "Thursday"),
    Text("piątek", "Friday"),
    Text("sobota", "Saturday"),
    Text("niedziela", "Sunday"),
)
MONTHS = (
    Text("styczeń", "January"),
    Text("luty", "February"),
    Text("marzec", "March"),
    Text("kwiecień", "April"),
    Text("maj", "May"),
    Text("czerwiec", "June"),
    Text("lipiec", "July"),
    Text("sierpień", "August"),
    Text("wrzesień", "September"),
    Text("październik", "October"),
    Text("listopad", "November"),
    Text("grudzień", "December"),
)

Kinds = Mapping[AttendanceKind, int]
K = TypeVar("K")


def by_weekday(sheets: Iterable[Sheet], rules: AttendanceRules, version: int, title: Text) -> Statistic:
    """The percentage of each day of the week; days without lessons are not shown."""
    found: dict[int, Counter[AttendanceKind]] = {}
    for sheet in sheets:
        for roll in sheet.rolls:
            if roll.asked is not None and not roll.cancelled:
                day = found.setdefault(roll.on.weekday(), Counter())
                day[AttendanceKind.PRESENT] += len(roll.asked)
        for mark in sheet.marks:
            if not mark.cancelled and mark.kind is not AttendanceKind.PRESENT:
                day = found.setdefault(mark.on.weekday(), Counter())
                day[mark.kind] += 1
                day[AttendanceKind.PRESENT] -= 1
    rows = [(WEEKDAYS[day], found[day]) for day in sorted(found)]
    return _percentages(rows, rules, version, title)


def by_month(counts: Iterable[Count], rules: AttendanceRules, version: int, title: Text) -> Statistic:
    """The percentage of each month of the year."""
    found = grouped(counts, lambda count: count.month)
    rows = [(MONTHS[month.month - 1], found[month]) for month in sorted(found)]
    return _percentages(rows, rules, version, title)


def by_subject(
    counts: Iterable[Count], names: Mapping[str, str], rules: AttendanceRules, version: int, title: Text
) -> Statistic:
    """The percentage in each subject, by name."""
    found = grouped(counts, lambda count: count.subject_id)
    named = [(names.get(subject, subject), kinds) for subject, kinds in found.items()]
    rows = sorted(named, key=lambda row: polish_sort_key(row[0]))
    return _percentages([(plain(name), kinds) for name, kinds in rows], rules, version, title)


def grouped(counts: Iterable[Count], key: Callable[[Count], K]) -> dict[K, Kinds]:
    """Counts added up by key."""
    found: dict[K, list[Count]] = {}
    for count in counts:
        found.setdefault(key(count), []).append(count)
    return {value: total(some) for value, some in found.items()}


def percent_of(kinds: Kinds, rules: AttendanceRules) -> Decimal | None:
    """The percentage of these lessons; None of none."""
    return explain_percentage(kinds, rules, 0).value


def _percentages(
    rows: Iterable[tuple[Text, Kinds]], rules: AttendanceRules, version: int, title: Text
) -> Statistic:
    explained = [(label, explain_percentage(kinds, rules, version)) for label, kinds in rows]
    return bars(
        title,
        ATTENDANCE,
        Unit.PERCENT,
        [(label, found.value) for label, found in explained],
        counted=sum(found.counted for _, found in explained),
        left_out=sum(found.left_out for _, found in explained),
        rule_versions=(version,),
    )
