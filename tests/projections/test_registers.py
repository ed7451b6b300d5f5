"""Plans, arrangements and admissions of other registers, what is attendance, and a pedagogue's entries."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from dziennik.contracts import attendance as marks
from dziennik.contracts import classes, counselling, registers, streams
from dziennik.contracts.lessons import LessonHeld, lesson_id
from dziennik.contracts.registers import RegisterKind
from dziennik.contracts.values import AttendanceKind
from dziennik.projections import attendance, own_calendars, structure
from dziennik.projections import counselling as entries
from dziennik.projections import registers as rows
from dziennik.projections.as_of import as_of
from dziennik.projections.attendance import ATTENDANCE
from dziennik.projections.counselling import COUNSELLING
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.own_calendars import Seats
from dziennik.projections.registers import REGISTERS
from dziennik.projections.rows import View
from dziennik.projections.structure import STRUCTURE
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, NOWAK, History, a_school
from tests.projections.listed import Listed
from tests.projections.register_histories import PEDAGOGUE, written

LATER = FIRST + timedelta(days=10)
LAST = date(2027, 8, 31)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    models = [STRUCTURE, REGISTERS, COUNSELLING, ATTENDANCE, LESSON_JOURNAL]
    return as_of(journal, models, journal.position())


def opened(history: History, unit_id: str, kind: RegisterKind, *pupils: str) -> None:
    """A register kept by Lis, with pupils of A."""
    history.tell(
        streams.unit(unit_id),
        registers.RegisterOpened(unit_id=unit_id, year_id="Y", kind=kind, name=unit_id),
        classes.TeachingAssigned(
            assignment_id=f"a-{unit_id}", unit_id=unit_id, subject_id="pol", teacher_id="lis", since=FIRST
        ),
        *[
            classes.PupilJoinedGroup(group_id=unit_id, class_id="A", pupil_id=pupil, since=FIRST)
            for pupil in pupils
        ],
    )


def test_registers_are_units_and_no_classes(common: str) -> None:
    history = a_school()
    opened(history, "care", RegisterKind.DAY_CARE, "ada")
    opened(history, "ped", RegisterKind.PEDAGOGUE, "ada")
    view = view_of(history)
    assert [(unit.unit_id, unit.register) for unit in structure.registers(view, "Y")] == [
        ("care", RegisterKind.DAY_CARE),
        ("ped", RegisterKind.PEDAGOGUE),
    ]
    assert structure.registers(view, "Z") == []
    assert [unit.unit_id for unit in structure.units(view, "Y")] == ["A", "B"]
    assert [unit.unit_id for unit in structure.units(view, "Y", interclass=True)] == ["G"]
    assert [row.pupil_id for row in structure.members(view, "care", FIRST)] == ["ada"]
    assert [group.group_id for group in structure.groups(view, "A")] == ["G", "A1"]
    agree(common, STRUCTURE, history)


def test_a_pupils_calendar_has_registers_but_no_restricted_ones() -> None:
    history = a_school()
    opened(history, "care", RegisterKind.DAY_CARE, "ada")
    opened(history, "ped", RegisterKind.PEDAGOGUE, "ada")
    view = view_of(history)
    seats = Seats(view, ["ada"])
    assert seats.units(FIRST, LAST) == ["A", "G", "care"]
    assert seats.concern("care", "care", FIRST)
    assert not seats.concern("ped", "ped", FIRST)
    assert not Seats(view, ["bo"]).concern("care", "care", FIRST)
    assert own_calendars.entries_of_pupils(view, seats, FIRST, LAST) == []


def test_plans_arrangements_and_admissions_are_dated(common: str) -> None:
    history = a_school()
    details = streams.register_details("ni")
    history.tell(
        details,
        registers.WorkPlanSet(unit_id="ni", since=FIRST, text="plan"),
        registers.WorkPlanSet(unit_id="ni", since=LATER, text="inny plan"),
        registers.IndividualTeachingArranged(
            unit_id="ni", pupil_id="ada", since=FIRST, hours_per_week=Decimal(8), decision="PPP 1"
        ),
        registers.AuditorAdmitted(
            unit_id="ni", auditor_id="aud", since=FIRST, until=FIRST, reason="kontrola"
        ),
    )
    other = registers.WorkPlanSet(unit_id="care", since=FIRST, text="świetlica")
    history.tell(streams.register_details("care"), other)
    view = view_of(history)
    for day, text in ((FIRST, "plan"), (LATER - timedelta(days=1), "plan"), (LATER, "inny plan")):
        plan = rows.plan_of(view, "ni", day)
        assert plan is not None
        assert plan.text == text
    assert rows.plan_of(view, "ni", FIRST - timedelta(days=1)) is None
    assert [(row.pupil_id, row.hours_per_week) for row in rows.teaching_of(view, "ni")] == [
        ("ada", Decimal(8))
    ]
    assert rows.is_admitted(view, "ni", "aud", FIRST)
    assert not rows.is_admitted(view, "ni", "aud", FIRST + timedelta(days=1))
    assert not rows.is_admitted(view, "care", "aud", FIRST)
    assert not rows.is_admitted(view, "ni", "other", FIRST)
    agree(common, REGISTERS, history)


def lesson(history: History, unit_id: str, day: date, absent: str | None = None) -> None:
    """A lesson of a register at which Ada was asked."""
    lesson_key = lesson_id(day, 7, f"a-{unit_id}")
    held = LessonHeld(
        unit_id=unit_id,
        lesson_id=lesson_key,
        on=day,
        period=7,
        assignment_id=f"a-{unit_id}",
        subject_id="pol",
        teacher_id="lis",
        group_id=unit_id,
    )
    history.tell(
        streams.lesson(unit_id, lesson_key), held, marks.RollCalled(lesson_id=lesson_key, pupils=("ada",))
    )
    if absent:
        mark = marks.AbsenceRecorded(
            lesson_id=lesson_key, pupil_id=absent, type_id="absent", kind=AttendanceKind.ABSENT
        )
        history.tell(streams.lesson(unit_id, lesson_key), mark)


def test_only_individual_teaching_is_school_attendance(common: str) -> None:
    """Ada: individual teaching twice, absent once: 1 of 2 = 50 %. Day care counts apart."""
    history = a_school()
    opened(history, "ni", RegisterKind.INDIVIDUAL_TEACHING, "ada")
    opened(history, "care", RegisterKind.DAY_CARE, "ada")
    lesson(history, "ni", FIRST)
    lesson(history, "ni", LATER, absent="ada")
    lesson(history, "care", FIRST, absent="ada")
    view = view_of(history)
    found = attendance.percentage(view, "ada", "Y")
    assert found is not None
    assert (found.value, found.present, found.counted) == (Decimal("50.0"), 1, 2)
    assert [(row.absent, row.present) for row in attendance.counts_of_pupil(view, "ada", "care")] == [(1, 0)]
    assert attendance.counts_of_pupil(view, "bo", "care") == []
    agree(common, ATTENDANCE, history)


def test_entries_with_all_that_happened_to_them(common: str) -> None:
    history = a_school()
    first, second = written("w1", "ada", LATER), written("w2", "ada", FIRST)
    for fact in (first, second, written("w3", "bo", FIRST)):
        history.tell(streams.counselling(PEDAGOGUE, fact.entry_id), fact)
    note = counselling.ActivityNoted(
        entry_id="n1",
        unit_id=PEDAGOGUE,
        author_id="lis",
        kind=counselling.CounsellingKind.ACTIVITY,
        on=LAST,
        text="zajęcia",
    )
    history.tell(streams.counselling(PEDAGOGUE, "n1"), note)
    history.tell(
        streams.counselling(PEDAGOGUE, "w1"),
        counselling.EntryCorrected(
            entry_id="w1", person_id="ada", was=first.text, text="lepiej", reason="nieściśle"
        ),
        counselling.EntryShared(entry_id="w1", pupil_id="ada", shared=True),
    )
    history.tell(
        streams.counselling(PEDAGOGUE, "w2"),
        counselling.EntryShared(entry_id="w2", pupil_id="ada", shared=True),
        counselling.EntryStruckOut(entry_id="w2", person_id="ada", reason="pomyłka"),
    )
    history.tell(
        streams.counselling(PEDAGOGUE, "w3"),
        counselling.EntryShared(entry_id="w3", pupil_id="bo", shared=True),
        counselling.EntryShared(entry_id="w3", pupil_id="bo", shared=False),
    )
    view = view_of(history)
    everything = entries.of_register(view, PEDAGOGUE, FIRST, LAST)
    assert [row.entry_id for row in everything] == ["w2", "w3", "w1", "n1"]
    assert [r.entry_id for r in entries.of_register(view, PEDAGOGUE, FIRST, FIRST, "ada")] == ["w2"]
    assert entries.of_register(view, "care", FIRST, LAST) == []
    struck, _, put_right, noted = everything
    assert struck.struck_out is not None
    assert (struck.struck_out.reason, struck.struck_out.by) == ("pomyłka", NOWAK.person)
    assert [(c.was, c.reason) for c in put_right.changes] == [(first.text, "nieściśle")]
    assert (put_right.text, noted.pupil_id) == ("lepiej", None)
    # Neither what was struck out nor what is no longer shared.
    assert [row.entry_id for row in entries.shared_about(view, "ada")] == ["w1"]
    assert entries.shared_about(view, "bo") == []
    agree(common, COUNSELLING, history)
