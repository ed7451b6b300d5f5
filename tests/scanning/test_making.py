"""Are cards made out for whom and what the register has that day?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from msgspec.structs import replace

from dziennik.contracts import calendar, classes, curriculum, streams
from dziennik.contracts.cards import CardKind, CardLesson, CardLine
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.lessons import LessonHeld, lesson_id
from dziennik.contracts.school import LessonPeriodsSet
from dziennik.contracts.values import TimetableSlot
from dziennik.domain.policies.card_fields import marks_of
from dziennik.domain.policies.defaults import USUAL_PERIODS
from dziennik.omr.identity import genuine
from dziennik.omr.layouts import Paper, known
from dziennik.projections.as_of import as_of
from dziennik.projections.calendar import CALENDAR
from dziennik.projections.cards import CARDS
from dziennik.projections.curriculum import CURRICULUM
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.people import PEOPLE
from dziennik.projections.rows import View
from dziennik.projections.structure import STRUCTURE
from dziennik.scanning.making import grade_cards, lesson_cards
from tests.projections.histories import FIRST, History, a_school
from tests.projections.listed import Listed

KEY = b"k" * 32
MONDAY = date(2026, 9, 7)
ADA = CardLine(line=1, number=1, pupil_id="ada", class_id="A")
BO = CardLine(line=2, number=2, pupil_id="bo", class_id="A")


def view_of(history: History) -> View:
    """Of a school that knows when its bells ring."""
    if not any(isinstance(one.fact, LessonPeriodsSet) for one in history.recorded):
        history.tell(streams.SCHOOL, LessonPeriodsSet(year_id="Y", periods=USUAL_PERIODS))
    journal = Listed("s", history.recorded)
    models = [STRUCTURE, PEOPLE, CURRICULUM, GRADEBOOK, LESSON_JOURNAL, CALENDAR, CARDS]
    return as_of(journal, models, journal.position())


def with_plan(history: History) -> History:
    """Mathematics of A follows a plan of three topics, and the first was taught."""
    items = tuple(
        curriculum.PlanItem(item_id=str(at), topic=topic, hours=1)
        for at, topic in enumerate(("Liczby", "Ułamki", "Procenty"), 1)
    )
    plan = curriculum.PlanDrawnUp(plan_id="rm", year_id="Y", subject_id="mat", name="Plan", items=items)
    history.tell(streams.curriculum_plan("rm"), plan)
    assigned = curriculum.PlanAssigned(unit_id="A", assignment_id="mat-A", plan_id="rm")
    history.tell(streams.unit_curriculum("A"), assigned)
    held = LessonHeld(
        unit_id="A",
        lesson_id=lesson_id(FIRST, 1, "mat-A"),
        on=FIRST,
        period=1,
        assignment_id="mat-A",
        subject_id="mat",
        teacher_id="nowak",
        topic="Liczby",
        plan=FromPlan(plan_id="rm", items=("1",)),
    )
    history.tell(streams.lesson("A", held.lesson_id), held)
    return history


def test_a_days_lessons_with_the_next_topics_of_the_plan() -> None:
    view = view_of(with_plan(a_school()))
    (made,) = lesson_cards(view, "A", [MONDAY], Paper.A4, KEY)
    assert (made.new.kind, made.new.unit_id, made.new.lines) == (CardKind.LESSONS, "A", (ADA, BO))
    assert made.new.lessons == (
        CardLesson(
            unit_id="A",
            assignment_id="mat-A",
            on=MONDAY,
            period=2,
            topics=("Ułamki", "Procenty"),
            plan=FromPlan(plan_id="rm", items=("2", "3")),
        ),
    )
    paper = made.printed
    assert (paper.title, paper.lines) == (
        "4a · poniedziałek 07.09.2026",
        ((1, "Żak", "Ada"), (2, "Łoś", "Bo")),
    )
    assert paper.notes[0] == "T1: Ułamki · T2: Procenty"
    assert (made.new.card_id, made.new.layout) == (paper.identity.card_id, paper.template.number)
    assert genuine(KEY, paper.identity)


def in_groups(history: History) -> History:
    """Bo alone is in group A1, which has Polish when all have mathematics; G has English the hour before."""
    joined = classes.PupilJoinedGroup(group_id="A1", class_id="A", pupil_id="bo", since=FIRST)
    assigned = classes.TeachingAssigned(
        assignment_id="pol-A1", unit_id="A", subject_id="pol", teacher_id="lis", since=FIRST, group_id="A1"
    )
    hours = ((1, "pol-A1"), (2, "mat-A"))
    slots = tuple(TimetableSlot(weekday=1, period=hour, assignment_id=which) for hour, which in hours)
    history.tell(streams.unit("A"), joined, assigned)
    history.tell(streams.unit("A"), classes.TimetableSet(unit_id="A", valid_from=FIRST, slots=slots))
    english = (TimetableSlot(weekday=1, period=1, assignment_id="eng-G"),)
    history.tell(streams.unit("G"), classes.TimetableSet(unit_id="G", valid_from=FIRST, slots=english))
    return history


def test_lessons_of_a_group_have_cards_of_their_own_with_its_pupils() -> None:
    view = view_of(in_groups(a_school()))
    whole, part = lesson_cards(view, "A", [MONDAY], Paper.A4, KEY)
    assert [lesson.assignment_id for lesson in whole.new.lessons] == ["mat-A"]
    assert whole.new.lines == (ADA, BO)
    assert [(one.assignment_id, one.unit_id, one.period) for one in part.new.lessons] == [("pol-A1", "A", 1)]
    assert part.new.lines == (replace(BO, line=1),)
    assert part.printed.title == "4a · poniedziałek 07.09.2026 · grupa 1"


def test_an_interclass_groups_pupils_stand_by_class_and_number() -> None:
    (made,) = lesson_cards(view_of(in_groups(a_school())), "G", [MONDAY], Paper.A4, KEY)
    cy = CardLine(line=2, number=1, pupil_id="cy", class_id="B")
    assert (made.new.unit_id, made.new.lines) == ("G", (ADA, cy))
    assert made.printed.lines == ((1, "Żak", "Ada"), (1, "Zając", "Cy"))


def test_days_without_lessons_have_no_cards() -> None:
    view = view_of(a_school())
    assert list(lesson_cards(view, "A", [date(2026, 9, 8)], Paper.A4, KEY)) == []
    assert list(lesson_cards(view, "B", [MONDAY], Paper.A4, KEY)) == []


def test_a_column_has_its_heading_and_its_class() -> None:
    view = view_of(a_school())
    (made,) = grade_cards(view, "A", "col", Paper.A5, KEY)
    assert (made.new.kind, made.new.column_id, made.new.assignment_id) == (CardKind.GRADES, "col", "mat-A")
    assert made.new.lines == (ADA, BO)
    assert "Ułamki" in made.printed.subtitle
    assert list(grade_cards(view, "A", "none", Paper.A4, KEY)) == []
    assert list(grade_cards(view, "B", "col", Paper.A4, KEY)) == []


def test_more_pupils_than_lines_go_on_a_further_card() -> None:
    history = a_school()
    for number in range(3, 14):
        enrolled = classes.PupilEnrolled(class_id="A", pupil_id=f"x{number}", since=FIRST, number=number)
        history.tell(streams.unit("A"), enrolled)
    numbers = count(1)
    first, second = grade_cards(view_of(history), "A", "col", Paper.A5, KEY, lambda: next(numbers))
    assert [line.number for line in first.new.lines] == list(range(1, 11))
    assert [(line.line, line.number) for line in second.new.lines] == [(1, 11), (2, 12), (3, 13)]
    assert first.printed.subtitle.endswith("karta 1 z 2")
    assert first.new.card_id != second.new.card_id


def test_several_lessons_have_a_line_each_for_another_topic() -> None:
    history = with_plan(a_school())
    slots = tuple(TimetableSlot(weekday=1, period=hour, assignment_id="mat-A") for hour in (2, 3))
    history.tell(streams.unit("A"), classes.TimetableSet(unit_id="A", valid_from=FIRST, slots=slots))
    (made,) = lesson_cards(view_of(history), "A", [MONDAY], Paper.A4, KEY)
    assert (made.new.layout, made.printed.written) == (32, ("2.", "3."))
    for number in range(3, 30):
        enrolled = classes.PupilEnrolled(class_id="A", pupil_id=f"x{number}", since=FIRST, number=number)
        history.tell(streams.unit("A"), enrolled)
    (full,) = lesson_cards(view_of(history), "A", [MONDAY], Paper.A4, KEY)
    assert (len(full.new.lines), full.new.layout, full.printed.written) == (29, 12, ())


def test_a_lesson_without_topics_says_where_to_write_one() -> None:
    history = a_school()
    (one,) = lesson_cards(view_of(history), "A", [MONDAY], Paper.A4, KEY)
    assert (one.printed.notes[0][:10], one.printed.written) == ("temat: ...", ())
    slots = tuple(TimetableSlot(weekday=1, period=hour, assignment_id="mat-A") for hour in (2, 3))
    history.tell(streams.unit("A"), classes.TimetableSet(unit_id="A", valid_from=FIRST, slots=slots))
    (two,) = lesson_cards(view_of(history), "A", [MONDAY], Paper.A4, KEY)
    assert two.printed.notes == ("2. temat wpisz wyżej", "3. temat wpisz wyżej")


def test_the_rules_know_what_the_printed_fields_can_say() -> None:
    for form in known().values():
        for field in form.fields:
            assert {cell.value for cell in field.cells} <= set(marks_of(field.name)), field.name


def test_cards_are_for_the_lessons_that_are_expected() -> None:
    """Nothing on free days; moved, added and called off lessons stand where the day's plan has them."""
    history = a_school()
    week = [MONDAY + timedelta(days=ahead) for ahead in range(7)]

    def lessons() -> list[tuple[int, int]]:
        made = lesson_cards(view_of(history), "A", week, Paper.A4, KEY)
        return [(one.on.isoweekday(), one.period) for card in made for one in card.new.lessons]

    assert lessons() == [(1, 2)]
    moved = calendar.LessonMoved(
        unit_id="A",
        change_id="m",
        assignment_id="mat-A",
        on=MONDAY,
        period=2,
        to_on=week[3],
        to_period=5,
        reason="apel",
    )
    history.tell(streams.unit_calendar("A"), moved)
    assert lessons() == [(4, 5)]
    free = calendar.FreeDaysDeclared(year_id="Y", free_id="f", name="Święto", starts=week[2], ends=week[4])
    history.tell(streams.school_calendar("Y"), free)
    assert lessons() == []
