"""How fast does a class-year become its archive, against plain lxml?

30 pupils, 12 subjects, 1,200 lessons with roll calls, 2,500 marks, 3,500 grades; facts in memory. The
baseline does the same fold and the same reckoning, builds the same document as a tree of lxml elements
from texts that are ready, and serialises it in canonical form.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from time import perf_counter
from typing import Any
from uuid import UUID

from lxml import etree

from dziennik.archive.exporting import validate
from dziennik.archive.folding import fold_class_year
from dziennik.archive.formats import NAMESPACE
from dziennik.archive.reckoning import attendance_of, averages_of
from dziennik.archive.register import ClassRegister
from dziennik.archive.writing import write
from dziennik.contracts import attendance, classes, grades, lessons, people, school, streams
from dziennik.contracts.envelope import Actor, Origin, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import AttendanceKind, GradeKind, Term
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_GRADING, USUAL_PERIODS

PUPILS, SUBJECTS, LESSONS, MARKS, GRADES = 30, 12, 1_200, 2_500, 3_500
CLASS, YEAR = "class-4a", "year-25"
FIRST = date(2025, 9, 1)


class Facts:
    """The recorded facts of one class, made from a seed."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self.random = random.Random(20250901)
        self.versions: dict[str, int] = {}
        self.pupils = [self.id() for _ in range(PUPILS)]
        self.subjects = [self.id() for _ in range(SUBJECTS)]
        self.teachers = [self.id() for _ in range(SUBJECTS)]
        self.assignments = [self.id() for _ in range(SUBJECTS)]
        self.actors = [
            Actor(account=f"acc-{n}", role=Role.TEACHER, person=t) for n, t in enumerate(self.teachers)
        ]

    def id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def tell(self, stream: str, *facts: Fact, by: int = 0) -> None:
        at = datetime(2025, 9, 1, 6, tzinfo=UTC) + timedelta(minutes=len(self.recorded))
        origin = Origin(command_id=self.id(), actor=self.actors[by], recorded_at=at)
        for fact in facts:
            self.versions[stream] = version = self.versions.get(stream, 0) + 1
            position = len(self.recorded) + 1
            self.recorded.append(
                Recorded(position=position, stream=stream, version=version, origin=origin, fact=fact)
            )

    def make(self) -> list[Recorded]:
        self.structure()
        self.lessons()
        self.grades()
        return self.recorded

    def structure(self) -> None:
        terms = (
            Term(term_id="o1", name="I", starts=FIRST, ends=date(2026, 1, 31)),
            Term(term_id="o2", name="II", starts=date(2026, 2, 1), ends=date(2026, 8, 31)),
        )
        self.tell(
            streams.SCHOOL,
            school.SchoolFounded(school_id="sp1", name="Szkoła Podstawowa nr 1", short_name="SP 1"),
            school.SchoolYearOpened(year_id=YEAR, name="2025/2026", starts=FIRST, ends=date(2026, 8, 31)),
            school.TermsSet(year_id=YEAR, terms=terms),
            school.LessonPeriodsSet(year_id=YEAR, periods=USUAL_PERIODS),
            school.GradingRulesSet(year_id=YEAR, rules=USUAL_GRADING),
            school.AttendanceRulesSet(year_id=YEAR, rules=USUAL_ATTENDANCE),
        )
        register = streams.unit(CLASS)
        self.tell(register, classes.ClassOpened(class_id=CLASS, year_id=YEAR, name="4a"))
        for n, (subject, teacher, given) in enumerate(
            zip(self.subjects, self.teachers, self.assignments, strict=True)
        ):
            self.tell(
                streams.SCHOOL,
                school.SubjectIntroduced(subject_id=subject, name=f"Przedmiot {n}", short_name=f"p{n}"),
            )
            self.person(teacher, n)
            self.tell(
                register,
                classes.TeachingAssigned(
                    assignment_id=given, unit_id=CLASS, subject_id=subject, teacher_id=teacher, since=FIRST
                ),
            )
        for n, pupil in enumerate(self.pupils, 1):
            self.person(pupil, n)
            self.tell(register, classes.PupilEnrolled(class_id=CLASS, pupil_id=pupil, since=FIRST, number=n))

    def person(self, id_: str, n: int) -> None:
        named = people.PersonRegistered(
            person_id=id_, given_names=f"Żaneta {n}", family_name="Brzęczyszczykiewicz"
        )
        details = people.PersonalDetailsRecorded(
            person_id=id_, birth_date="2015-05-05", birth_place="Łódź", address=f"ul. Długa {n}, Łódź"
        )
        self.tell(streams.person(id_), named, details)

    def lessons(self) -> None:
        marks_left = MARKS
        for n in range(LESSONS):
            on, period, subject = FIRST + timedelta(days=n // 6), n % 6 + 1, n % SUBJECTS
            id_ = lessons.lesson_id(on, period, self.assignments[subject])
            where: dict[str, Any] = {
                "unit_id": CLASS, "lesson_id": id_, "on": on, "period": period,
                "assignment_id": self.assignments[subject], "subject_id": self.subjects[subject],
            }  # fmt: skip
            teacher = self.teachers[subject]
            topic = f"Lekcja {n}: powtórzenie wiadomości & ćwiczenia utrwalające"
            count = marks_left // (LESSONS - n)
            marks_left -= count
            away = self.random.sample(self.pupils, count)
            self.tell(
                streams.lesson(CLASS, id_),
                lessons.LessonHeld(**where, teacher_id=teacher, topic=topic),
                lessons.LessonSigned(lesson_id=id_, teacher_id=teacher),
                attendance.RollCalled(lesson_id=id_, pupils=tuple(self.pupils)),
                *(
                    attendance.AbsenceRecorded(
                        lesson_id=id_, pupil_id=pupil, type_id="absent", kind=AttendanceKind.ABSENT
                    )
                    for pupil in away
                ),
                by=subject,
            )

    def grades(self) -> None:
        for n in range(GRADES):
            subject, pupil = n % SUBJECTS, self.pupils[n // SUBJECTS % PUPILS]
            given = grades.GradeGiven(
                grade_id=self.id(),
                class_id=CLASS,
                subject_id=self.subjects[subject],
                pupil_id=pupil,
                assignment_id=self.assignments[subject],
                teacher_id=self.teachers[subject],
                kind=GradeKind.CURRENT,
                value=self.random.choice(("1", "2", "3+", "4", "4-", "5", "6", "np")),
                category_id=self.random.choice(USUAL_GRADING.categories).category_id,
                weight=Decimal(self.random.randint(1, 5)),
                on=FIRST + timedelta(days=n // 18),
            )
            self.tell(streams.grades(CLASS, self.subjects[subject], pupil), given, by=subject)


# (tag, attributes, text, tail, children)
Neutral = tuple[Any, dict[Any, Any], str | None, str | None, list[Any]]


def neutral(element: etree._Element) -> Neutral:
    """The document as texts ready to be put into a tree."""
    children = [neutral(child) for child in element]
    return element.tag, {**element.attrib}, element.text, element.tail, children


def tree(ready: Neutral) -> bytes:
    """Plain lxml: build the tree, serialise it."""
    root = etree.Element(ready[0], ready[1], nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    root.text = ready[2]
    _grow(root, ready[4])
    return etree.tostring(root, method="c14n")


def _grow(parent: etree._Element, children: list[Neutral]) -> None:
    for tag, attributes, text, tail, below in children:
        element = etree.SubElement(parent, tag, attributes)
        element.text, element.tail = text, tail
        if below:
            _grow(element, below)


def reckon(register: ClassRegister) -> None:
    attendance_of(register)
    for book in register.grades.values():
        averages_of(register, book)


def seconds(*tasks: Callable[[], object], rounds: int = 9) -> list[float]:
    """The best of several runs of each task, in turns: what else the machine does hits all alike."""
    runs = [[_timed(task) for task in tasks] for _ in range(rounds)]
    return [min(times) for times in zip(*runs, strict=True)]


def _timed(task: Callable[[], object]) -> float:
    gc.collect()
    started = perf_counter()
    task()
    return perf_counter() - started


def document(register: ClassRegister) -> bytes:
    out = BytesIO()
    write(register, out)
    return out.getvalue()


def run(_: str) -> dict[str, dict[str, Any]]:
    """The ratio, the speed, and the time of one class-year."""
    recorded = Facts().make()

    def fold() -> ClassRegister:
        return fold_class_year(recorded, CLASS, cut_off=len(recorded))

    data = document(fold())
    validate(data)
    ready = neutral(etree.fromstring(data))
    if tree(ready) != data:
        raise AssertionError("lxml's tree gives another document")

    def plain() -> bytes:
        reckon(fold())
        return tree(ready)

    register = fold()
    own, baseline, writing, reckoning, growing = seconds(
        lambda: document(fold()),
        plain,
        lambda: document(register),
        lambda: reckon(register),
        lambda: tree(ready),
    )
    return dict(
        figures(len(recorded), len(data), own, baseline, writing - reckoning, growing, reckoning, data)
    )


def figures(
    facts: int, size: int, own: float, baseline: float, writing: float, growing: float, reckoning: float,
    data: bytes,
) -> Iterator[tuple[str, dict[str, Any]]]:  # fmt: skip
    """Figures as bench.run wants them."""
    megabytes = size / 1e6
    against = f"plain lxml: same fold and averages, tree, c14n; {megabytes:.1f} MB of {facts:,} facts"
    limit = f"folding and reckoning averages ({reckoning * 1e3:.0f} ms) are in both"
    yield "archive.class_year.ratio_to_plain_lxml", _row(baseline / own, "x", against, limit)
    yield (
        "archive.class_year.write_ratio_to_plain_lxml",
        _row(growing / writing, "x", "the writing alone against lxml tree and c14n, texts ready"),
    )
    yield "archive.class_year.ms", _row(own * 1e3, "ms", f"plain lxml {baseline * 1e3:.0f} ms")
    yield "archive.class_year.mb_per_s", _row(megabytes / own, "MB/s", "facts in memory to bytes")
    (checking,) = seconds(lambda: validate(data), rounds=3)
    yield "archive.class_year.validate_ms", _row(checking * 1e3, "ms", "lxml parse and XSD with keys")


def _row(value: float, unit: str, baseline: str, limit: str = "") -> dict[str, Any]:
    return {"value": value, "unit": unit, "baseline": baseline, **({"limit": limit} if limit else {})}
