"""Which grades were given, what do they come to, and what was corrected? (To be read.)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dziennik.archive.readable import NOTHING, Names, Section, Table, day, figure, instant, text
from dziennik.archive.reading_lessons import KINDS
from dziennik.archive.reckoning import averages_of
from dziennik.archive.register import ClassRegister, Grade, told
from dziennik.contracts.attendance import AttendanceCorrected
from dziennik.contracts.grades import ColumnOpened, GradeCorrected, GradeGiven, GradeStruckOut
from dziennik.contracts.lessons import TopicCorrected
from dziennik.contracts.values import GradeKind, Term

FINALS = {
    GradeKind.TERM_PROPOSED: "przewidywana śródroczna",
    GradeKind.TERM_FINAL: "śródroczna",
    GradeKind.ANNUAL_PROPOSED: "przewidywana roczna",
    GradeKind.ANNUAL_FINAL: "roczna",
}


def grades(register: ClassRegister, names: Names) -> Section:
    """A table a subject: each pupil's grades by term, averages, and the grades of terms and year."""
    subjects = [one for one in register.school.subjects if any(key[0] == one for key in register.grades)]
    tables = [_subject(register, names, subject_id) for subject_id in subjects]
    notes = [
        "Oceny w kolejności wpisania; w nawiasie waga. Skreślone stoją w nawiasach kwadratowych, poprawione "
        "jako „było → jest”. Średnia według zasad oceniania roku."
    ]
    return Section("oceny", "Oceny", notes, tables)


def _subject(register: ClassRegister, names: Names, subject_id: str) -> Table:
    terms = register.terms()
    rows = []
    for pupil_id in register.enrolments:
        book = register.grades.get((subject_id, pupil_id), {})
        if not book:
            continue
        averages = dict(averages_of(register, book))
        year = averages.get(None)
        cells = [_current(book, term) for term in terms]
        finals = [_final(book, kind) for kind in FINALS]
        rows.append((names.pupil(pupil_id), *cells, figure(year.value if year else None), *finals))
    head = ("Uczeń", *(term.name for term in terms), "średnia", *FINALS.values())
    name = register.school.subjects[subject_id][0]
    return Table(name, head, rows, (4, *(7,) * len(terms), 2, 2, 2, 2, 2))


def _current(book: Mapping[str, Grade], term: Term) -> str:
    shown = []
    for grade in book.values():
        fact = told(grade.given, GradeGiven)
        if fact.kind is GradeKind.CURRENT and term.starts <= fact.on <= term.ends:
            weight = "" if fact.weight == 1 else f" ({figure(fact.weight.normalize())})"
            shown.append(_shown(grade) + weight)
    return ", ".join(shown) or NOTHING


def _shown(grade: Grade) -> str:
    values = [told(grade.given, GradeGiven).value]
    values += [each.fact.value for each in grade.later if isinstance(each.fact, GradeCorrected)]
    told_values = " → ".join(value or "opis" for value in values)
    return f"[{told_values}]" if grade.struck_out else told_values


def _final(book: Mapping[str, Grade], kind: GradeKind) -> str:
    standing = [
        _shown(grade)
        for grade in book.values()
        if told(grade.given, GradeGiven).kind is kind and not grade.struck_out
    ]
    return ", ".join(standing) or NOTHING


def columns(register: ClassRegister) -> Section:
    """What grades were given for."""
    rows = []
    for first, *later in register.columns.values():
        fact = first.fact
        if isinstance(fact, ColumnOpened):
            now = later[-1].fact if later else fact
            subject = register.school.subjects.get(fact.subject_id, (fact.subject_id, ""))[0]
            on = getattr(now, "on", None)
            title = text(getattr(now, "title", ""))
            rows.append((subject, day(on), title, figure(getattr(now, "weight", None))))
    head = ("Przedmiot", "Dzień", "Za co", "Waga")
    return Section("kolumny", "Za co wystawiono oceny", tables=[Table("Kolumny", head, rows, (4, 2, 8, 1))])


def corrections(register: ClassRegister, names: Names) -> Section:
    """Everything that was corrected or struck out: what was, what is, who, when, why."""
    rows = sorted([*_of_grades(register, names), *_of_lessons(register, names)])
    head = ("Kiedy", "Kto", "Czego dotyczy", "Było", "Jest", "Powód")
    shown = [row[1:] for row in rows]
    table = Table("Poprawki i skreślenia w kolejności zapisu", head, shown, (3, 4, 5, 3, 3, 4))
    return Section("poprawki", "Poprawki i skreślenia", tables=[table])


Row = tuple[int, str, str, str, str, str, str]


def _of_grades(register: ClassRegister, names: Names) -> Iterator[Row]:
    for (subject_id, pupil_id), book in register.grades.items():
        subject = register.school.subjects.get(subject_id, (subject_id, ""))[0]
        for grade in book.values():
            for each in grade.later:
                fact = each.fact
                head = (each.position, instant(each.origin.recorded_at), names.author(each))
                what = f"ocena, {subject}, {names.pupil(pupil_id)}"
                if isinstance(fact, GradeCorrected):
                    yield (*head, what, fact.was or "opis", fact.value or "opis", text(fact.reason))
                elif isinstance(fact, GradeStruckOut):
                    yield (*head, what, grade.value, "skreślono", text(fact.reason))


def _of_lessons(register: ClassRegister, names: Names) -> Iterator[Row]:
    for lesson in register.lessons.values():
        where = f"{day(lesson.on)}, godz. {lesson.period}"
        for each in lesson.entries:
            fact = each.fact
            head = (each.position, instant(each.origin.recorded_at), names.author(each))
            if isinstance(fact, TopicCorrected):
                yield (*head, f"temat, {where}", text(fact.was), text(fact.topic), text(fact.reason))
            elif isinstance(fact, AttendanceCorrected) and fact.pupil_id in names.numbers:
                what = f"frekwencja, {where}, {names.pupil(fact.pupil_id)}"
                yield (*head, what, KINDS[fact.was_kind], KINDS[fact.kind], text(fact.reason))
