"""How long does the gradebook of a class take as it stood at any moment of a full year?

A class-year of 45,000 facts: 30 pupils, 12 subjects, 9,000 grades, 1,080 lessons with their roll calls and
marks. The gradebook is folded at ten moments spread over the year, pupils' names and averages included, and
compared with a bare scan of the whole class-year that only decodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

from dziennik.contracts import attendance, classes, grades, lessons, people, school, streams
from dziennik.contracts.envelope import Actor, Origin, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import AttendanceKind, GradeCategory, GradeKind, GradingRules, ScaleMark
from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections import gradebook, structure
from dziennik.projections.as_of import as_of_units
from dziennik.projections.people import PEOPLE

PUPILS, SUBJECTS, GRADES_EACH, LESSONS, MARKS = 30, 12, 25, 1_080, 30
FIRST = date(2026, 9, 1)
START = datetime(2026, 9, 1, 6, tzinfo=UTC)
OFFICE = Actor(account="bench", role=Role.SYSTEM)
PARTS = ("column/", "grades/")
RULES = GradingRules(
    scale=tuple(ScaleMark(mark=str(number), value=Decimal(number)) for number in range(1, 7)),
    plus=Decimal("0.5"),
    minus=Decimal("-0.25"),
    remarks=("np",),
    categories=(GradeCategory(category_id="test", name="Sprawdzian", symbol="S", weight=Decimal(3)),),
)


def beginning() -> Iterator[tuple[str, list[Fact]]]:
    """The school, its people and the class."""
    yield (
        streams.SCHOOL,
        [
            school.SchoolFounded(school_id="s", name="Szkoła", short_name="S"),
            school.SchoolYearOpened(year_id="y", name="2026/2027", starts=FIRST, ends=date(2027, 8, 31)),
            school.GradingRulesSet(year_id="y", rules=RULES),
        ],
    )
    for number in range(PUPILS):
        person = people.PersonRegistered(
            person_id=f"p{number}", given_names="Jan", family_name=f"Nowak{number}"
        )
        yield streams.person(f"p{number}"), [person]
    opened: list[Fact] = [classes.ClassOpened(class_id="c", year_id="y", name="4a", level=4)]
    opened += [
        classes.PupilEnrolled(class_id="c", pupil_id=f"p{number}", since=FIRST, number=number + 1)
        for number in range(PUPILS)
    ]
    yield streams.unit("c"), opened


def year() -> Iterator[tuple[str, list[Fact]]]:
    """Grades and lessons by turns, as they are entered."""
    for round_ in range(GRADES_EACH):
        for subject in range(SUBJECTS):
            for pupil in range(PUPILS):
                yield streams.grades("c", f"s{subject}", f"p{pupil}"), [grade(subject, pupil, round_)]
        for number in range(round_ * LESSONS // GRADES_EACH, (round_ + 1) * LESSONS // GRADES_EACH):
            yield from lesson(number)


def grade(subject: int, pupil: int, round_: int) -> Fact:
    return grades.GradeGiven(
        grade_id=f"g-{subject}-{pupil}-{round_}", class_id="c", subject_id=f"s{subject}",
        pupil_id=f"p{pupil}",
        assignment_id=f"a{subject}", teacher_id="t", kind=GradeKind.CURRENT, value="4+", category_id="test",
        weight=Decimal(3), on=FIRST + timedelta(days=round_ * 10),
    )  # fmt: skip


def lesson(number: int) -> Iterator[tuple[str, list[Fact]]]:
    on, period = FIRST + timedelta(days=number // 6), number % 6 + 1
    lesson_id = lessons.lesson_id(on, period, "a0")
    held = lessons.LessonHeld(
        unit_id="c", lesson_id=lesson_id, on=on, period=period, assignment_id="a0", subject_id="s0",
        teacher_id="t", topic="Temat",
    )  # fmt: skip
    roll = attendance.RollCalled(lesson_id=lesson_id, pupils=tuple(f"p{n}" for n in range(PUPILS)))
    marks = [
        attendance.AbsenceRecorded(
            lesson_id=lesson_id, pupil_id=f"p{n}", type_id="absent", kind=AttendanceKind.ABSENT
        )
        for n in range(MARKS)
    ]
    signed = lessons.LessonSigned(lesson_id=lesson_id, teacher_id="t")
    yield streams.lesson("c", lesson_id), [held, roll, *marks, signed]


def fill(journal: Journal) -> None:
    """Write the year, some thousand facts at a time."""
    versions: dict[str, int] = {}
    batch: dict[str, list[Fact]] = {}

    def write() -> None:
        origin = Origin(command_id=f"k{sum(versions.values())}", actor=OFFICE, recorded_at=START)
        drafts = [Draft(stream, versions.get(stream, 0), tuple(facts)) for stream, facts in batch.items()]
        journal.append(drafts, origin)
        for stream, facts in batch.items():
            versions[stream] = versions.get(stream, 0) + len(facts)
        batch.clear()

    for source in (beginning(), year()):
        for stream, facts in source:
            batch.setdefault(stream, []).extend(facts)
            if sum(map(len, batch.values())) > 1_000:
                write()
        write()


def asked(journal: Journal, position: int) -> float:
    """Milliseconds for the gradebook as of a position, ready to be told."""
    models = [structure.STRUCTURE, PEOPLE, gradebook.GRADEBOOK]
    started = perf_counter()
    rows = as_of_units(journal, models, position, {"c": PARTS})
    gradebook.class_cells_json(rows, "c")
    structure.pupils(rows, "c")
    return 1e3 * (perf_counter() - started)


def scanned(journal: Journal, prefix: str) -> float:
    """Milliseconds for reading and decoding all streams below a prefix."""
    started = perf_counter()
    for _ in journal.scan(prefix):
        pass
    return 1e3 * (perf_counter() - started)


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """The past of a class."""
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journal = journals.create_school("bench_as_of")
        fill(journal)
        head = journal.position()
        moments = [head * tenth // 10 for tenth in range(1, 11)]
        asked(journal, head)
        times = [asked(journal, position) for position in moments]
        at_end = median(asked(journal, head) for _ in range(5))
        whole = median(scanned(journal, streams.class_year("c")) for _ in range(5))
        own = median(scanned(journal, "year/c/grades/") for _ in range(5))
    baseline = (
        f"a bare scan and decode of all {head:,} facts, {whole:.0f} ms; of its grades alone {own:.0f} ms"
    )
    return {
        "as_of.class_gradebook_45k.ms": {
            "value": round(at_end, 1),
            "unit": "ms",
            "baseline": f"{baseline}; over ten moments of the year {min(times):.0f} to {max(times):.0f} ms",
            "limit": "decoding, folding and averages in Python; only streams of grades and columns are read",
        },
        "as_of.class_gradebook_45k.ratio_to_scan": {
            "value": round(whole / at_end, 2),
            "unit": "x",
            "baseline": baseline,
        },
    }
