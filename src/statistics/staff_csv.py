"""Additional hours as CSV (RFC 4180): sums for the payroll, or every entry behind them.

A cell never begins with what a spreadsheet would run: also teachers' names and what they wrote are made safe.
"""

from __future__ import annotations

import csv
import io
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dziennik.domain.policies.staff_hours import SUBSTITUTION, HoursState, MonthlyHours
from dziennik.projections import people, staff_hours, structure
from dziennik.projections.rows import Span, View
from dziennik.statistics.csv_text import BOM, safe
from dziennik.statistics.statistic import written


class HoursTable(StrEnum):
    """SUMS: a row per teacher, month and kind. ENTRIES: a row per entry and per substituted lesson."""

    SUMS = "sums"
    ENTRIES = "entries"


_HEADS = {
    (HoursTable.SUMS, "pl"): ("Nauczyciel", "Miesiąc", "Rodzaj", "Godziny", "Nie liczy się", "Reguły"),
    (HoursTable.SUMS, "en"): ("Teacher", "Month", "Kind", "Hours", "Not counted", "Rules"),
    (HoursTable.ENTRIES, "pl"): ("Nauczyciel", "Dzień", "Rodzaj", "Godziny", "Stan", "Treść", "Za kogo"),
    (HoursTable.ENTRIES, "en"): ("Teacher", "Day", "Kind", "Hours", "State", "Description", "Instead of"),
}
_SUBSTITUTION = {"pl": "Zastępstwa", "en": "Substitutions"}
_STATES = {
    (HoursState.ENTERED, "pl"): "czeka na zatwierdzenie",
    (HoursState.CONFIRMED, "pl"): "zatwierdzone",
    (HoursState.REFUSED, "pl"): "odrzucone",
    (HoursState.STRUCK_OUT, "pl"): "skreślone",
    (HoursState.ENTERED, "en"): "to be confirmed",
    (HoursState.CONFIRMED, "en"): "confirmed",
    (HoursState.REFUSED, "en"): "refused",
    (HoursState.STRUCK_OUT, "en"): "struck out",
}
_LESSONS = {
    "pl": {"held": "podpisana", "unsigned": "niepodpisana", "cancelled": "odwołana"},
    "en": {"held": "signed", "unsigned": "not signed", "cancelled": "cancelled"},
}


NO_DAYS = Span(date.max, date.min)


def month_of(year: structure.Year, month: date) -> Span | None:
    """The days of the month (any day of it) that lie in the school year; None when none do."""
    first = max(year.starts, month.replace(day=1))
    last = min(year.ends, month.replace(day=monthrange(month.year, month.month)[1]))
    return Span(first, last) if first <= last else None


def hours_csv(
    view: View,
    year_id: str,
    days: Span,
    *,
    content: HoursTable = HoursTable.SUMS,
    teacher_id: str | None = None,
    language: str = "pl",
    bom: bool = False,
    closed: staff_hours.Closed = staff_hours.ALL_OPEN,
) -> str:
    """The hours of a year on these days, of one teacher or of all, teachers by name."""
    language = "pl" if language == "pl" else "en"
    if content is HoursTable.SUMS:
        rows = _sums(view, year_id, days, teacher_id, language)
    else:
        lessons = staff_hours.substituted(view, days, teacher_id, closed)
        rows = _entries(view, year_id, days, teacher_id, language, lessons)
    return _written(_HEADS[content, language], rows, bom=bom)


def _written(head: Sequence[str], rows: Iterable[Sequence[str]], *, bom: bool) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return (BOM if bom else "") + out.getvalue()


def _kinds(view: View, year_id: str, language: str) -> dict[str, str]:
    named = {kind.kind_id: kind.name for kind in staff_hours.rules_of(view, year_id).rules.kinds}
    return named | {SUBSTITUTION: _SUBSTITUTION[language]}


def _names(view: View, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What teachers are sorted by, and what they are called."""
    found = people.persons(view, sorted(set(ids)))
    return {one: (who.sort_key, f"{who.family_name} {who.given_names}") for one, who in found.items()}


def _called(names: Mapping[str, tuple[str, str]], person_id: str) -> str:
    return names[person_id][1] if person_id in names else person_id


def _sums(
    view: View, year_id: str, days: Span, teacher_id: str | None, language: str
) -> list[tuple[str, ...]]:
    found = staff_hours.sums(view, year_id, days, teacher_id)
    kinds, names = _kinds(view, year_id, language), _names(view, (one.teacher_id for one in found))

    def place(one: MonthlyHours) -> tuple[tuple[str, str], str]:
        return names.get(one.teacher_id, ("", "")), one.teacher_id

    return [
        (
            _called(names, one.teacher_id),
            f"{one.month:%Y-%m}",
            kinds.get(one.kind_id, one.kind_id),
            written(one.hours, language),
            written(sum((left.hours for left in one.excluded), Decimal()), language),
            str(one.rule_version),
        )
        for one in sorted(found, key=place)
    ]


def _entries(
    view: View,
    year_id: str,
    days: Span,
    teacher_id: str | None,
    language: str,
    lessons: Sequence[staff_hours.SubstitutedLesson],
) -> list[tuple[str, ...]]:
    kinds, rules = _kinds(view, year_id, language), staff_hours.rules_of(view, year_id).rules
    hours = staff_hours.hours_of(view, year_id, days, teacher_id)
    told = _LESSONS[language]
    of_lessons = [who for one in lessons for who in (one.teacher_id, one.instead_of)]
    names = _names(view, [*(one.teacher_id for one in hours), *of_lessons])
    places = _places(view, lessons)
    rows: list[tuple[str, date, tuple[str, ...]]] = [
        (
            one.teacher_id,
            one.on,
            (
                kinds.get(one.kind_id, one.kind_id),
                written(one.hours, language),
                _STATES[one.state, language],
                one.what,
                "",
            ),
        )
        for one in hours
    ]
    rows += [
        (
            one.teacher_id,
            one.on,
            (
                kinds[SUBSTITUTION],
                written(rules.lesson_counts, language),
                told["cancelled" if one.cancelled else "held" if one.signed else "unsigned"],
                f"{places[one.unit_id, one.subject_id]}, {one.period}" if one.unit_id else str(one.period),
                _called(names, one.instead_of),
            ),
        )
        for one in lessons
    ]

    def place(row: tuple[str, date, tuple[str, ...]]) -> tuple[tuple[str, str], str, date]:
        return names.get(row[0], ("", "")), row[0], row[1]

    return [(_called(names, who), day.isoformat(), *rest) for who, day, rest in sorted(rows, key=place)]


def _places(view: View, lessons: Sequence[staff_hours.SubstitutedLesson]) -> dict[tuple[str, str], str]:
    """What a unit and a subject of these lessons are called, for two questions in all."""
    keys = sorted({(one.unit_id, one.subject_id) for one in lessons})
    units = view.many(structure.Unit, [(unit_id,) for unit_id, _ in keys])
    subjects = view.many(structure.Subject, [(subject_id,) for _, subject_id in keys])
    return {
        key: f"{unit.name if unit else key[0]}, {subject.name if subject else key[1]}"
        for key, unit, subject in zip(keys, units, subjects, strict=True)
    }
