"""What is known of absences beyond single lessons, whose are alarming, and which rolls are due?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import absences as facts
from dziennik.contracts import attendance as roll
from dziennik.contracts import classes, lessons, streams
from dziennik.contracts.absences import AbsenceRules
from dziennik.contracts.attendance import PrefilledFrom, PrefilledMark
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.lessons import LessonRef
from dziennik.contracts.school import LessonPeriodsSet, TermsSet
from dziennik.contracts.values import AttendanceKind, LessonPeriod, TimetableSlot
from dziennik.domain.policies.absence_alarms import AlarmKind
from dziennik.domain.policies.usual_absences import USUAL_ABSENCES
from dziennik.projections import absences
from dziennik.projections.absence_alarms import alarms_of
from dziennik.projections.absences import ABSENCES, ExcuseState
from dziennik.projections.as_of import as_of
from dziennik.projections.models import MODELS
from dziennik.projections.rolls_due import rolls_due, units_of_day
from dziennik.projections.rows import View
from tests.projections.absence_histories import announced, arranged, days, exempted, submitted
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, NOWAK, History, a_school, held, mark_of
from tests.projections.listed import Listed

A, B = streams.absences("A"), streams.absences("B")
MOTHER = Actor(account="acc-parent", role=Role.PARENT, person="parent")


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, MODELS, journal.position())


def test_excuses_with_what_became_of_them(common: str) -> None:
    history = a_school()
    history.tell(A, submitted("e1", "A", "ada", days(0, 2)), actor=MOTHER)
    handed_in = history.at(len(history.recorded))
    history.tell(B, submitted("e1", "B", "cy", days(0)), submitted("e2", "B", "ada", days(1)))
    history.tell(A, *[submitted(f"e{n}", "A", "ada", days(n)) for n in (3, 4, 5)])
    part = (LessonRef(unit_id="A", lesson_id="lesson"),)
    history.tell(
        A,
        facts.ExcuseAccepted(excuse_id="e1", pupil_id="ada", by_rule=False, lessons=part, comment="część"),
        facts.ExcuseRejected(excuse_id="e3", pupil_id="ada", reason="za późno"),
        facts.ExcuseWithdrawn(excuse_id="e4", pupil_id="ada"),
    )
    view = view_of(history)
    rows = absences.excuses_of_class(view, "A")
    assert [(row.excuse_id, row.state) for row in rows] == [
        ("e1", ExcuseState.ACCEPTED),
        ("e3", ExcuseState.REJECTED),
        ("e4", ExcuseState.WITHDRAWN),
        ("e5", ExcuseState.OPEN),
    ]
    assert rows[0].submitted == absences.Act("parent", Role.PARENT, handed_in)
    assert (rows[0].lessons, rows[0].decided and rows[0].decided.text) == (part, "część")
    assert rows[1].decided is not None
    assert (rows[1].decided.by, rows[1].decided.text) == (NOWAK.person, "za późno")
    assert [row.excuse_id for row in absences.excuses_of_class(view, "A", open_only=True)] == ["e5"]
    of_ada = [(row.class_id, row.excuse_id) for row in absences.excuses_of_pupil(view, "ada")]
    assert of_ada == [("A", "e1"), ("B", "e2"), ("A", "e3"), ("A", "e4"), ("A", "e5")]
    agree(common, ABSENCES, history)


def test_a_file_belongs_to_the_pupil_whose_entry_it_came_with() -> None:
    history = a_school()
    history.tell(A, submitted("e1", "A", "ada", days(0)), exempted("x1", "A", "bo"))
    view = view_of(history)
    assert absences.attached(view, "ada", "file-e1") is not None
    assert absences.attached(view, "bo", "file-x1") is not None
    assert absences.attached(view, "bo", "file-e1") is None
    assert absences.attached(view, "ada", "nothing") is None


def test_what_is_known_beforehand(common: str) -> None:
    history = a_school()
    history.tell(A, announced("n2", "A", "ada", days(5)), announced("n1", "A", "bo", days(2)))
    history.tell(B, announced("n1", "B", "cy", days(1)), arranged("w1", "B", days(0), "cy"))
    history.tell(A, facts.AnnouncementWithdrawn(announcement_id="n2", pupil_id="ada"))
    history.tell(A, arranged("w1", "A", days(3), "ada", "bo"), exempted("x1", "A", "ada"))
    history.tell(
        A,
        facts.SchoolAbsenceCancelled(absence_id="w1", class_id="A", pupils=("bo",), reason="katar"),
        facts.ExemptionEnded(exemption_id="x1", pupil_id="ada", until=FIRST, reason="zdrowa"),
    )
    view = view_of(history)
    told = absences.announcements(view, class_id="A")
    assert [(row.announcement_id, row.withdrawn is not None) for row in told] == [("n1", False), ("n2", True)]
    assert [row.class_id for row in absences.announcements(view, pupil_id="cy")] == ["B"]
    (trip,) = absences.school_absences(view, ["A"])
    assert (trip.pupils, trip.away, trip.back[0].act.text) == (("ada", "bo"), ("ada",), "katar")
    assert [row.class_id for row in absences.school_absences(view, ["B", "A"])] == ["B", "A"]
    assert absences.school_absences(view, ["A"], "cy") == []
    (exemption,) = absences.exemptions(view, pupil_id="ada")
    assert (exemption.until, exemption.ended and exemption.ended.text) == (FIRST, "zdrowa")
    assert absences.exemptions(view, class_id="B") == []
    agree(common, ABSENCES, history)


def test_rules_and_where_marks_came_from(common: str) -> None:
    history = a_school()
    assert absences.rules_of(view_of(history), "Y") == absences.YearRules("Y", 0, USUAL_ABSENCES)
    history.tell(
        streams.SCHOOL,
        facts.AbsenceRulesSet(year_id="Y", rules=AbsenceRules()),
        facts.AbsenceRulesSet(year_id="Z", rules=USUAL_ABSENCES),
        facts.AbsenceRulesSet(year_id="Y", rules=AbsenceRules(missed_in_a_row=2)),
    )
    mark = PrefilledMark(pupil_id="ada", source=PrefilledFrom.ANNOUNCEMENT, source_id="n1")
    history.tell(streams.lesson("A", "l1"), roll.RollPrefilled(lesson_id="l1", marks=(mark,)))
    view = view_of(history)
    assert absences.rules_of(view, "Y") == absences.YearRules("Y", 2, AbsenceRules(missed_in_a_row=2))
    assert absences.prefilled(view, "A", "l1") == (mark,)
    assert absences.prefilled(view, "B", "l1") == ()
    agree(common, ABSENCES, history)


def called(history: History, unit: str, day: date, period: int, subject: str, *absent: str) -> None:
    """A lesson with its roll: all of the unit were asked, these were absent."""
    lesson = held(unit, day, period, subject)
    asked = {"A": ("ada", "bo"), "B": ("cy", "di"), "G": ("ada", "cy")}[unit]
    marks = [mark_of(lesson.lesson_id, pupil, AttendanceKind.ABSENT) for pupil in absent]
    called_ = roll.RollCalled(lesson_id=lesson.lesson_id, pupils=asked)
    history.tell(streams.lesson(unit, lesson.lesson_id), lesson, called_, *marks)


def test_alarms_count_lessons_of_the_class_and_of_groups_in_that_year() -> None:
    """Ada misses mathematics, then English in the group: two in a row; Bo misses one of two, Cy none."""
    history = a_school()
    rules = AbsenceRules(missed_in_a_row=2, least_presence=Decimal(50), presence_after=1)
    history.tell(streams.SCHOOL, facts.AbsenceRulesSet(year_id="Y", rules=rules))
    called(history, "A", FIRST, 1, "mat", "bo")
    called(history, "A", FIRST, 2, "mat", "ada")
    called(history, "G", FIRST, 3, "eng", "ada")
    called(history, "B", FIRST, 3, "mat", "di")
    cancelled = held("A", FIRST, 4)
    called(history, "A", FIRST, 4, "mat")
    history.tell(
        streams.lesson("A", cancelled.lesson_id),
        lessons.LessonCancelled(
            unit_id="A",
            lesson_id=cancelled.lesson_id,
            on=FIRST,
            period=4,
            assignment_id="mat-A",
            subject_id="mat",
            reason="pomyłka",
        ),
    )
    found = alarms_of(view_of(history), "Y", ["ada", "bo", "cy"])
    assert [(one.kind, one.found, one.subject_id) for one in found["ada"]] == [
        (AlarmKind.MISSED_IN_A_ROW, Decimal(2), None),
        (AlarmKind.LOW_PRESENCE, Decimal("0.0"), "eng"),  # 0 of 1; mathematics: 1 of 2
    ]
    assert [one.subject_id for one in found["ada"][0].lessons] == ["mat", "eng"]
    assert found["bo"] == found["cy"] == []
    assert alarms_of(view_of(history), "Z", ["ada"]) == {"ada": []}


NINE = datetime.combine(FIRST, datetime.min.time()) + timedelta(hours=9)  # in school-local time
BELLS = (
    LessonPeriod(number=1, starts="08:00", ends="08:45"),
    LessonPeriod(number=2, starts="08:55", ends="09:40"),
)


def planned() -> History:
    """Tuesday 1 September: 4a has mathematics in hours 1 and 2."""
    history = a_school()
    slots = tuple([TimetableSlot(weekday=2, period=hour, assignment_id="mat-A") for hour in (1, 2)])
    history.tell(
        streams.SCHOOL, LessonPeriodsSet(year_id="Y", periods=BELLS), TermsSet(year_id="Y", terms=())
    )
    history.tell(streams.unit("A"), classes.TimetableSet(unit_id="A", valid_from=FIRST, slots=slots))
    return history


def due(history: History, now: datetime, last: date = FIRST) -> list[tuple[str, int, bool]]:
    view = view_of(history)
    found = rolls_due(view, units_of_day(view, FIRST, last), FIRST, last, now)
    return [(one.unit_id, one.period, one.held) for one in found]


def test_a_roll_is_due_once_the_hour_is_over() -> None:
    history = planned()
    assert due(history, NINE) == [("A", 1, False)]
    assert due(history, NINE.replace(hour=8, minute=44)) == []
    assert due(history, NINE.replace(hour=10)) == [("A", 1, False), ("A", 2, False)]
    assert due(history, NINE + timedelta(days=1)) == [("A", 1, False), ("A", 2, False)]
    assert due(history, NINE - timedelta(days=1)) == []


def test_a_roll_that_was_called_is_not_due() -> None:
    history = planned()
    called(history, "A", FIRST, 1, "mat", "ada")
    assert due(history, NINE) == []


def test_a_lesson_that_is_entered_without_a_roll_is_due_planned_or_not() -> None:
    history = planned()
    for unit, period in (("A", 1), ("B", 2)):
        lesson = replace(held(unit, FIRST, period), teacher_id="lis")
        history.tell(streams.lesson(unit, lesson.lesson_id), lesson)
    assert due(history, NINE) == [("A", 1, True), ("B", 2, True)]
    cancelled = held("B", FIRST, 2)
    history.tell(
        streams.lesson("B", cancelled.lesson_id),
        lessons.LessonCancelled(
            unit_id="B",
            lesson_id=cancelled.lesson_id,
            on=FIRST,
            period=2,
            assignment_id="mat-B",
            subject_id="mat",
            reason="pomyłka",
        ),
    )
    assert due(history, NINE) == [("A", 1, True)]
