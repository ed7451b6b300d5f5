"""What was taught when, and who was there? (To be read.)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from dziennik.archive.readable import NOTHING, Names, Section, Table, day, figure, text
from dziennik.archive.reading_people import group_name
from dziennik.archive.reckoning import attendance_of
from dziennik.archive.register import ClassRegister, Lesson, told
from dziennik.contracts.attendance import LatenessRecorded
from dziennik.contracts.lessons import (
    LessonCancelled,
    LessonHeld,
    SubstitutionArranged,
    TopicCorrected,
    TopicRecorded,
)
from dziennik.contracts.school import AttendanceRulesSet
from dziennik.contracts.values import AttendanceKind

STATES = {
    "arranged": "zaplanowane zastępstwo",
    "held": "bez podpisu",
    "signed": "podpisano",
    "cancelled": "odwołana",
}
KINDS = {
    AttendanceKind.PRESENT: "obecność",
    AttendanceKind.ABSENT: "nieobecność",
    AttendanceKind.ABSENT_EXCUSED: "nieobecność usprawiedliwiona",
    AttendanceKind.LATE: "spóźnienie",
    AttendanceKind.LATE_EXCUSED: "spóźnienie usprawiedliwione",
    AttendanceKind.SCHOOL_REASON: "przyczyny szkolne",
    AttendanceKind.RELEASED: "zwolnienie",
}


def lessons(register: ClassRegister, names: Names) -> Section:
    """The journal of lessons, a table a week; who was away stands under the lesson by number."""
    weeks: dict[object, list[tuple[str, ...]]] = {}
    for lesson in register.lessons.values():
        monday = lesson.on - timedelta(days=lesson.on.weekday())
        weeks.setdefault(monday, []).append(_row(register, names, lesson))
    head = ("Dzień", "Godz.", "Przedmiot", "Temat", "Nauczyciel", "Podpis", "Frekwencja (numery)")
    tables = [Table(f"Tydzień od {rows[0][0]}", head, rows, (3, 1, 4, 8, 4, 3, 5)) for rows in weeks.values()]
    note = (
        "W kolumnie „Frekwencja” stoją symbole rodzajów wpisu i numery uczniów; kto nie jest wymieniony, był."
    )
    return Section("lekcje", "Lekcje: tematy, podpisy, frekwencja", [note, *_symbols(register)], tables)


def _symbols(register: ClassRegister) -> list[str]:
    if not register.school.attendance:
        return []
    rules = told(register.school.attendance[-1], AttendanceRulesSet).rules
    return ["Symbole: " + ", ".join(f"{one.symbol} – {one.name}" for one in rules.types) + "."]


def _row(register: ClassRegister, names: Names, lesson: Lesson) -> tuple[str, ...]:
    subject = register.school.subjects.get(lesson.subject_id or "", (NOTHING, ""))[0]
    group = group_name(register, lesson.group_id or lesson.unit_id)
    return (
        day(lesson.on),
        str(lesson.period),
        subject if group == NOTHING else f"{subject}, {group}",
        _topic(lesson),
        _teacher(names, lesson),
        STATES[lesson.state],
        _absent(register, names, lesson),
    )


def _topic(lesson: Lesson) -> str:
    topic: str | None = None
    for each in lesson.entries:
        if isinstance(each.fact, LessonHeld | TopicRecorded | TopicCorrected):
            topic = each.fact.topic or topic
        elif isinstance(each.fact, LessonCancelled):
            return f"odwołana: {text(each.fact.reason)}"
    return text(topic)


def _teacher(names: Names, lesson: Lesson) -> str:
    for each in reversed(lesson.entries):
        fact = each.fact
        if isinstance(fact, LessonHeld | SubstitutionArranged):
            instead = f" (za: {names.of(fact.instead_of)})" if fact.instead_of else ""
            return names.of(fact.teacher_id) + instead
    return NOTHING


def _absent(register: ClassRegister, names: Names, lesson: Lesson) -> str:
    if lesson.roll is None:
        return NOTHING
    types = {}
    minutes: dict[str, int | None] = {}
    for each in lesson.entries:
        if (type_id := getattr(each.fact, "type_id", None)) is not None:
            pupil = getattr(each.fact, "pupil_id", "")
            types[pupil] = type_id
            minutes[pupil] = each.fact.minutes if isinstance(each.fact, LatenessRecorded) else None
    symbols = _symbol_of(register)
    by_symbol: dict[str, list[str]] = {}
    for pupil, type_id in types.items():
        if pupil in names.numbers and lesson.marks.get(pupil) is not AttendanceKind.PRESENT:
            late = f" ({minutes[pupil]} min)" if minutes[pupil] else ""
            by_symbol.setdefault(symbols.get(type_id, type_id), []).append(names.numbers[pupil] + late)
    if not by_symbol:
        return "wszyscy obecni"
    return "; ".join(f"{symbol}: {', '.join(numbers)}" for symbol, numbers in by_symbol.items())


def _symbol_of(register: ClassRegister) -> dict[str, str]:
    if not register.school.attendance:
        return {}
    rules = told(register.school.attendance[-1], AttendanceRulesSet).rules
    return {one.type_id: one.symbol for one in rules.types}


def attendance(register: ClassRegister, names: Names) -> Iterator[Section]:
    """Lessons by kind, and percentages with the version of the rules, of the year and each term."""
    kinds = [kind for kind in AttendanceKind if kind is not AttendanceKind.PRESENT]
    spans: dict[str | None, list[tuple[str, ...]]] = {}
    versions: Counter[int] = Counter()
    for pupil, found in attendance_of(register).items():
        for term_id, counts, percentage in found:
            versions[percentage.rule_version] += 1
            row = (
                names.pupil(pupil),
                str(sum(counts.values())),
                *(str(counts.get(kind, 0)) for kind in kinds),
                figure(percentage.value, "%"),
            )
            spans.setdefault(term_id, []).append(row)
    terms = {term.term_id: term.name for term in register.terms()}
    head = ("Uczeń", "Lekcje", *(KINDS[kind] for kind in kinds), "Frekwencja")
    tables = [
        Table(terms.get(term or "", "Cały rok"), head, rows, (4, *(2,) * (len(head) - 1)))
        for term, rows in spans.items()
    ]
    note = f"Frekwencję obliczono według wersji zasad: {', '.join(map(str, sorted(versions))) or NOTHING}."
    yield Section("frekwencja", "Frekwencja", [note], tables)
