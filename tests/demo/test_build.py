"""Does the demo school come to be through commands, twice the same, and whole after a crash?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dziennik.application.register import Register
from dziennik.archive.exporting import export
from dziennik.archive.gathering import find_class, gather_class_year
from dziennik.contracts.attendance import (
    AbsenceRecorded,
    AttendanceCorrected,
    LatenessRecorded,
    ReleaseRecorded,
    RollCalled,
)
from dziennik.contracts.classes import PupilEnrolled
from dziennik.contracts.classification import (
    CorrectionPermitted,
    Outcome,
    PromotionDecided,
    RegisterClosed,
)
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.envelope import Recorded, Role
from dziennik.contracts.grades import GradeCorrected, GradeGiven, GradeStruckOut
from dziennik.contracts.lessons import LessonCancelled, LessonHeld, SubstitutionArranged
from dziennik.contracts.people import AccountLinked, ParentalRightsEnded
from dziennik.contracts.registers import RegisterKind
from dziennik.contracts.school import FoundSchool, SchoolYearClosed
from dziennik.contracts.values import AttendanceKind, GradeKind
from dziennik.demo.build import OFFICE, NotTheDemo, Progress, build
from dziennik.demo.logins import DemoSummary
from dziennik.demo.sizes import TINY, YEAR_END, Size
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections import (
    absences,
    counselling,
    curriculum,
    descriptive,
    disputes,
    gradebook,
    stays,
    structure,
    year_results,
)
from dziennik.projections.absences import ABSENCES
from dziennik.projections.as_of import as_of
from dziennik.projections.behaviour import BEHAVIOUR
from dziennik.projections.classification import CLASSIFICATION
from dziennik.projections.counselling import COUNSELLING
from dziennik.projections.curriculum import CURRICULUM
from dziennik.projections.descriptive import DESCRIPTIVE
from dziennik.projections.disputes import DISPUTES
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.stays import STAYS
from dziennik.projections.structure import STRUCTURE

# Two years of two small classes: moves, finals, the step from one year to the next.
TWO_YEARS = Size(
    name="two_years",
    school_id="demo_test",
    classes=((4, "a"), (4, "b")),
    pupils=10,
    teachers=14,
    first_until=YEAR_END,
    second_until=date(2026, 9, 18),
)
Open = Callable[[Size], Journal]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def open_journal(new_database: Callable[[], str]) -> Iterator[Open]:
    opened: list[Journals] = []

    def open_(size: Size) -> Journal:
        opened.append(Journals(new_database(), keyring=Keyring(bytes(32))))
        return opened[-1].create_school(size.school_id)

    yield open_
    for journals in opened:
        journals.close()


def built(journal: Journal, size: Size, progress: Progress | None = None) -> DemoSummary:
    return build(
        Register(journal),
        size,
        open_account=lambda login, _: f"account-{login.partition('@')[0]}",
        secret=bytes(32),
        progress=progress,
    )


def everything(journal: Journal) -> list[Recorded]:
    return journal.read(0, 1_000_000)


def digest(journal: Journal) -> str:
    return sha256(msgspec.json.encode(everything(journal))).hexdigest()


def test_two_builds_give_the_same_facts(open_journal: Open) -> None:
    first, second = open_journal(TINY), open_journal(TINY)
    assert built(first, TINY) == built(second, TINY)
    assert digest(first) == digest(second)


def test_a_complete_school_is_left_alone(open_journal: Open) -> None:
    journal = open_journal(TINY)
    summary = built(journal, TINY)
    facts = journal.position()
    assert built(journal, TINY) == summary
    assert journal.position() == facts


class Killed(Exception):
    """The build was interrupted."""


@pytest.mark.parametrize("day", [1, 7])
def test_a_killed_build_goes_on_where_it_stopped(open_journal: Open, day: int) -> None:
    def kill(done: int, total: int, what: str) -> None:
        if done == day:
            raise Killed

    whole, broken = open_journal(TINY), open_journal(TINY)
    built(whole, TINY)
    with pytest.raises(Killed):
        built(broken, TINY, kill)
    assert broken.position() < whole.position()
    built(broken, TINY)
    assert digest(broken) == digest(whole)


# Builds the tiny school; with a day given, dies of SIGKILL when that one is done.
PROGRAM = """
import os, signal, sys
from dziennik.application.register import Register
from dziennik.demo.build import build
from dziennik.demo.sizes import TINY
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

def told(done, total, what):
    if what == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

journals = Journals(sys.argv[1], keyring=Keyring(bytes(32)))
register = Register(journals.create_school(TINY.school_id))
account = lambda login, _: f"account-{login.partition('@')[0]}"
build(register, TINY, open_account=account, secret=bytes(32), progress=told)
journals.close()
"""


def _elsewhere(conninfo: str, killed_on: str = "") -> int:
    """The tiny school built by another process, far away; its exit code."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, conninfo, killed_on],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Apia", "LC_ALL": "C"},
        check=False,
    ).returncode


def test_the_same_facts_under_another_hash_seed_time_zone_and_locale(
    open_journal: Open, new_database: Callable[[], str]
) -> None:
    here, there = open_journal(TINY), new_database()
    built(here, TINY)
    assert _elsewhere(there) == 0
    with closing(Journals(there, keyring=Keyring(bytes(32)))) as journals:
        assert digest(journals.school(TINY.school_id)) == digest(here)


def test_after_kill_9_another_process_goes_on(open_journal: Open, new_database: Callable[[], str]) -> None:
    whole, conninfo = open_journal(TINY), new_database()
    built(whole, TINY)
    assert _elsewhere(conninfo, killed_on="2025-09-17") == -signal.SIGKILL
    with closing(Journals(conninfo, keyring=Keyring(bytes(32)))) as journals:
        broken = journals.school(TINY.school_id)
        assert 0 < broken.position() < whole.position()
        built(broken, TINY)
        assert digest(broken) == digest(whole)


def test_nothing_is_written_into_a_school_that_is_not_the_demo(open_journal: Open) -> None:
    journal = open_journal(TINY)
    own = FoundSchool(school_id=TINY.school_id, name="Szkoła Podstawowa w Łazach", short_name="SP")
    Register(journal).execute(own, actor=OFFICE)
    opened: list[str] = []

    def open_account(login: str, password: str) -> str:
        opened.append(login)
        return login

    with pytest.raises(NotTheDemo, match="demo_tiny"):
        build(Register(journal), TINY, open_account=open_account, secret=bytes(32))
    assert (journal.position(), opened) == (1, [])


def test_a_complete_school_asks_for_no_accounts(open_journal: Open) -> None:
    journal = open_journal(TINY)
    summary = built(journal, TINY)

    def open_account(login: str, password: str) -> str:
        raise AssertionError(login)

    assert build(Register(journal), TINY, open_account=open_account, secret=bytes(32)) == summary


def test_progress_counts_school_days(open_journal: Open) -> None:
    told: list[tuple[int, int, str]] = []
    built(open_journal(TINY), TINY, lambda *step: told.append(step))
    assert (told[0], told[-1], len(told)) == ((1, 21, "2025-09-02"), (21, 21, "2025-09-30"), 21)


def test_the_summary_names_what_is_there(open_journal: Open) -> None:
    journal = open_journal(TINY)
    summary = built(journal, TINY)
    assert [login.role for login in summary.logins] == [
        Role.DIRECTOR, Role.TEACHER, Role.PARENT, Role.PUPIL, Role.ADMINISTRATOR, Role.AUDITOR,
    ]  # fmt: skip
    linked = {
        r.fact.account_id: r.fact.person_id for r in everything(journal) if isinstance(r.fact, AccountLinked)
    }
    for login in summary.logins:
        assert linked[f"account-{login.login.partition('@')[0]}"] == login.person.person_id
    assert find_class(journal, summary.class_name, summary.year_name) == [
        (summary.class_id, summary.class_name, summary.year_name)
    ]
    acted = {
        r.origin.actor.person for r in everything(journal) if r.origin.actor.account == "account-nauczyciel"
    }
    assert acted == {summary.logins[1].person.person_id}


def test_two_years_are_lived_through(open_journal: Open, tmp_path: Path) -> None:
    journal = open_journal(TWO_YEARS)
    summary = built(journal, TWO_YEARS)
    recorded = everything(journal)
    moments = [each.origin.recorded_at for each in recorded]
    assert moments == sorted(moments)
    _lessons_are_plausible(recorded)
    _grades_are_plausible(recorded)
    _attendance_is_plausible(recorded)
    assert sum(isinstance(r.fact, ParentalRightsEnded) for r in recorded) == 1
    assert summary.class_name == "5a"
    assert summary.past_class_name == "4a"
    past = export(gather_class_year(journal, summary.past_class_id), tmp_path / "past.xml")
    now = export(gather_class_year(journal, summary.class_id), tmp_path / "now.xml")
    assert (past.pupils, now.pupils) == (11, 10)
    assert past.lessons > 20 * now.lessons / 3
    _the_year_ends_by_the_calendar(recorded, summary)
    _a_pupils_year_by_hand(journal, summary)
    _much_stands_beside_lessons(journal, summary)
    _every_teacher_follows_a_plan(journal, recorded, summary)


def _the_year_ends_by_the_calendar(recorded: list[Recorded], summary: DemoSummary) -> None:
    """Decided in June, closed class by class, closed on 31 August, opened from, once corrected after."""
    zone = ZoneInfo("Europe/Warsaw")
    days: dict[str, set[date]] = {}
    for each in recorded:
        days.setdefault(each.fact.fact_name, set()).add(each.origin.recorded_at.astimezone(zone).date())
    assert days["classification.promotion_decided.1"] == {date(2026, 6, 24)}
    assert days["classification.register_closed.1"] == {date(2026, 6, 29)}
    assert days["school.school_year_closed.1"] == {date(2026, 8, 31)}
    assert days["councils.resolution_adopted.1"] == {date(2026, 1, 30), date(2026, 6, 24)}
    position, class_ids = next(
        (r.position, r.fact.class_ids) for r in recorded if isinstance(r.fact, SchoolYearClosed)
    )
    assert [each.fact.gaps for each in recorded if isinstance(each.fact, RegisterClosed)] == [0, 0]
    after = [
        each
        for each in recorded
        if each.position > position and (each.stream.split("/")[1:2] or [""])[0] in class_ids
    ]
    assert [type(each.fact) for each in after] == [CorrectionPermitted, GradeCorrected]
    outcomes = Counter(each.fact.outcome for each in recorded if isinstance(each.fact, PromotionDecided))
    assert outcomes == {
        Outcome.PROMOTED: 16,
        Outcome.PROMOTED_WITH_HONOURS: 3,
        Outcome.PROMOTED_CONDITIONALLY: 1,
    }
    # All twenty go on: those of 4a into 5a, which was opened from it.
    enrolled = Counter(
        each.fact.class_id
        for each in recorded
        if isinstance(each.fact, PupilEnrolled) and each.fact.since == date(2026, 9, 1)
    )
    # Beside them eight children begin in 1a.
    assert (enrolled[summary.class_id], sum(enrolled.values())) == (10, 28)


def _every_teacher_follows_a_plan(journal: Journal, recorded: list[Recorded], summary: DemoSummary) -> None:
    """Own lessons are about one item after the other, a substitute's about none; some are left to teach."""
    view = as_of(journal, (STRUCTURE, CURRICULUM), journal.position())
    followed = curriculum.followed(view, summary.class_id)
    teaching = structure.assignments(view, unit_id=summary.class_id)
    teachers = {one.assignment_id: one.teacher_id for one in teaching}
    assert followed.keys() == teachers.keys()
    taught: dict[str, list[LessonHeld]] = {}
    for each in recorded:
        if isinstance(each.fact, LessonHeld) and each.fact.assignment_id in teachers:
            taught.setdefault(each.fact.assignment_id, []).append(each.fact)
    for assignment_id, plan_id in followed.items():
        lessons = taught[assignment_id]
        own = [one for one in lessons if one.teacher_id == teachers[assignment_id]]
        plan = curriculum.plan(view, plan_id)
        assert plan is not None
        assert [one.plan for one in own] == [
            FromPlan(plan_id=plan_id, items=(item.item_id,)) for item in plan.items[: len(own)]
        ]
        assert [one.topic for one in own] == [item.topic for item in plan.items[: len(own)]]
        assert len(own) < len(plan.items)
        assert {one.plan for one in lessons if one not in own} <= {None}


def _much_stands_beside_lessons(journal: Journal, summary: DemoSummary) -> None:
    """Registers, a first class in words, questions, an absence to come."""
    models = (STRUCTURE, DESCRIPTIVE, DISPUTES, ABSENCES, STAYS, COUNSELLING)
    view = as_of(journal, models, journal.position())
    kinds = {unit.register for unit in structure.registers(view, summary.year_id)}
    assert kinds == {RegisterKind.DAY_CARE, RegisterKind.PEDAGOGUE}
    first = next(unit for unit in structure.units(view, summary.year_id) if unit.name == "1a")
    assert len({one.pupil_id for one in descriptive.of_class(view, first.unit_id)}) == 8
    asked = disputes.of_class(view, summary.class_id)
    assert [(one.over, len(one.answers)) for one in asked] == [(True, 1), (False, 0)]
    care, pedagogue = sorted(structure.registers(view, summary.year_id), key=lambda unit: unit.name)[::-1]
    there = stays.of_register(view, care.unit_id, summary.since, summary.until)
    assert [one.departed for one in there].count("15:30") == 2
    assert len(counselling.of_register(view, pedagogue.unit_id, summary.since, summary.until)) == 1
    (away,) = absences.announcements(view, class_id=summary.class_id)
    assert away.scope.starts > summary.until


def _a_pupils_year_by_hand(journal: Journal, summary: DemoSummary) -> None:
    """The parent's child in 4a: one subject, and the year."""
    models = (STRUCTURE, GRADEBOOK, CLASSIFICATION, BEHAVIOUR)
    view = as_of(journal, models, journal.position())
    history = next(s.subject_id for s in structure.subjects(view) if s.short_name == "hist.")
    cell = gradebook.cell_of(view, summary.past_class_id, history, summary.pupil_id)
    assert cell is not None
    current = [(grade.value, grade.weight) for grade in cell.grades if grade.kind == "CURRENT"]
    assert [(value, int(weight)) for value, weight in current] == [
        ("3", 3),
        ("3", 3),
        ("1", 5),
        ("2-", 5),
        ("2+", 3),
    ]
    # 2- (1.75) is the retake of the 1 and counts instead of it; 2+ is 2.5:
    # (3 x 3 + 3 x 3 + 1.75 x 5 + 2.5 x 3) / (3 + 3 + 5 + 3) = 34.25 / 14 = 2.446
    assert cell.average_value == Decimal("2.45")
    end = next(
        one
        for one in year_results.class_end(view, summary.past_class_id)
        if one.enrolment.pupil_id == summary.pupil_id
    )
    # Ten annual grades: PE, English, Polish, maths 4 each, nature and history 2, computing 5, three times 3:
    # (4 + 4 + 4 + 4 + 2 + 2 + 5 + 3 + 3 + 3) / 10 = 34 / 10
    assert sorted(result.final() or "" for result in end.results) == list("2233344445")
    assert end.promotion.average == Decimal("3.40")
    assert end.decision is not None
    assert (end.decision.outcome, end.decision.average) == (Outcome.PROMOTED, Decimal("3.40"))


def _lessons_are_plausible(recorded: list[Recorded]) -> None:
    kinds = Counter(type(each.fact) for each in recorded)
    assert 0.005 < kinds[SubstitutionArranged] / kinds[LessonHeld] < 0.08
    assert 0.0005 < kinds[LessonCancelled] / kinds[LessonHeld] < 0.04
    assert kinds[RollCalled] == kinds[LessonHeld]
    zone = ZoneInfo("Europe/Warsaw")
    held = [(each.fact, each.origin) for each in recorded if isinstance(each.fact, LessonHeld)]
    assert all(fact.on == origin.recorded_at.astimezone(zone).date() for fact, origin in held)
    assert all(fact.teacher_id == origin.actor.person for fact, origin in held)
    assert all(fact.topic for fact, _ in held)


def _grades_are_plausible(recorded: list[Recorded]) -> None:
    given = [each.fact for each in recorded if isinstance(each.fact, GradeGiven)]
    current = [grade for grade in given if grade.kind is GradeKind.CURRENT]
    marks = Counter(grade.value[0] for grade in current if "/" not in grade.value)
    numbers = [int(mark) for mark in marks.elements() if mark.isdigit()]
    assert 3.2 < sum(numbers) / len(numbers) < 4.6
    assert all(marks[mark] > 0.004 * len(current) for mark in "123456")
    assert _mean(current, "test") < _mean(current, "quiz") < _mean(current, "homework")
    assert _mean(current, "test") > 2.8
    assert _mean(current, "homework") < 4.5
    assert any("/" in grade.value for grade in current)
    assert any(grade.value in ("np", "bz") for grade in current)
    improved = {grade.grade_id: grade for grade in current}
    retakes = [grade for grade in current if grade.improves]
    assert len(retakes) > 5
    assert all(improved[grade.improves or ""].pupil_id == grade.pupil_id for grade in retakes)
    assert {grade.kind for grade in given} == set(GradeKind)
    kinds = Counter(type(each.fact) for each in recorded)
    assert kinds[GradeCorrected] > 0
    assert kinds[GradeStruckOut] > 0


def _mean(given: list[GradeGiven], category: str) -> float:
    """Of the full marks of a category, "+" and "-" left aside."""
    values = [g.value for g in given if g.category_id == category and "/" not in g.value]
    numbers = [int(value[0]) for value in values if value[0].isdigit()]
    return sum(numbers) / len(numbers)


def _attendance_is_plausible(recorded: list[Recorded]) -> None:
    asked = sum(len(each.fact.pupils) for each in recorded if isinstance(each.fact, RollCalled))
    absent = sum(isinstance(each.fact, AbsenceRecorded) for each in recorded)
    assert 0.04 < absent / asked < 0.10
    marked = [
        each.fact
        for each in recorded
        if isinstance(each.fact, AbsenceRecorded | LatenessRecorded | ReleaseRecorded | AttendanceCorrected)
    ]
    assert {fact.kind for fact in marked} == set(AttendanceKind) - {AttendanceKind.PRESENT}
