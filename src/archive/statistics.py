"""Which numbers of a class belong into its archive? By the rules that were in force, with their version.

A table of their own for each class and a row each for the school's table. The calculations are those of
dziennik.domain.policies on the archive's own fold; where there is nothing to reckon from the cell is empty.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from typing import Final

from dziennik.archive.reckoning import attendance_of, averages_of
from dziennik.archive.register import ClassRegister, told
from dziennik.contracts.grades import GradeGiven
from dziennik.contracts.values import AttendanceKind, GradeKind

HEAD: Final = ("statistic", "of", "term", "label", "value", "counted", "rules")
SCHOOL_HEAD: Final = ("class", "pupils", "lessons", "grades", "average", "attendance_percent")


def class_statistics(register: ClassRegister) -> tuple[dict[str, str], bytes]:
    """The class's row of the school's table, and the class's own table as CSV (RFC 4180, UTF-8)."""
    averages, rows = _averages(register)
    attended, percent = _attendance(register)
    row = {
        "class": register.name(),
        "pupils": str(len(register.enrolments)),
        "lessons": str(len(register.lessons)),
        "grades": str(sum(map(len, register.grades.values()))),
        "average": _mean(averages),
        "attendance_percent": percent,
    }
    return row, table(HEAD, [*rows, *_finals(register), *attended])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV with a heading, the same bytes everywhere."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()


def _mean(values: Sequence[Decimal]) -> str:
    if not values:
        return ""
    found = sum(values, Decimal(0)) / len(values)
    return str(found.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _subject(register: ClassRegister, subject_id: str) -> str:
    return register.school.subjects.get(subject_id, (subject_id, ""))[0]


def _averages(register: ClassRegister) -> tuple[list[Decimal], list[tuple[str, ...]]]:
    """The mean of the pupils' averages of the year in each subject."""
    by_subject: dict[str, list[Decimal]] = {}
    versions: dict[str, int] = {}
    for (subject_id, _), book in register.grades.items():
        year = dict(averages_of(register, book)).get(None)
        if year is not None and year.value is not None:
            by_subject.setdefault(subject_id, []).append(year.value)
            versions[subject_id] = year.rule_version
    rows: list[tuple[str, ...]] = [
        ("average", _subject(register, one), "", "", _mean(values), str(len(values)), str(versions[one]))
        for one, values in sorted(by_subject.items(), key=lambda item: _subject(register, item[0]))
    ]
    return [value for values in by_subject.values() for value in values], rows


def _finals(register: ClassRegister) -> list[tuple[str, ...]]:
    """How many pupils have which grade of a term or of the year, in each subject."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for (subject_id, _), book in register.grades.items():
        for grade in book.values():
            kind = told(grade.given, GradeGiven).kind
            if kind in (GradeKind.TERM_FINAL, GradeKind.ANNUAL_FINAL) and not grade.struck_out:
                key = (kind.value, _subject(register, subject_id))
                counts.setdefault(key, Counter())[grade.value] += 1
    return [
        (kind, subject, "", mark, str(count), str(tally.total()), "")
        for (kind, subject), tally in sorted(counts.items())
        for mark, count in sorted(tally.items())
    ]


def _attendance(register: ClassRegister) -> tuple[list[tuple[str, ...]], str]:
    """The class's lessons by kind, and percentages; the year's percentage once more."""
    kinds: dict[str | None, Counter[AttendanceKind]] = {}
    counted: Counter[str | None] = Counter()
    present: Counter[str | None] = Counter()
    version = 0
    for spans in attendance_of(register).values():
        for term, tally, percentage in spans:
            kinds.setdefault(term, Counter()).update(tally)
            counted[term] += percentage.counted
            present[term] += percentage.present
            version = percentage.rule_version
    rows: list[tuple[str, ...]] = []
    for term, tally in kinds.items():
        total = str(tally.total())
        rows += [
            ("attendance", "", term or "", kind.value, str(tally[kind]), total, "") for kind in AttendanceKind
        ]
        percent = _percent(present[term], counted[term])
        rows.append(("attendance_percent", "", term or "", "", percent, str(counted[term]), str(version)))
    return rows, _percent(present[None], counted[None])


def _percent(part: int, whole: int) -> str:
    if whole == 0:
        return ""
    found = Decimal(part) * 100 / Decimal(whole)
    return str(found.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
