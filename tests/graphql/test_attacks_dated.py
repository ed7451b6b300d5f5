"""Attacks by people whose time is over: pupils who left, their parents, teachers of another class."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import classes, grades, lessons, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.values import Term
from tests.graphql.conftest import BEGIN, OFFICE, TODAY, Follow, Served

LEFT = date(2025, 9, 20)
MOVED = LEFT + timedelta(days=1)
TERM = Term(term_id="t0", name="Rok", starts=date(2024, 9, 1), ends=date(2025, 8, 31))
YEAR = 'from: "2025-09-01", to: "2026-08-31"'


def do(served: Served, *commands: Command) -> None:
    for command in commands:
        outcome = served.system.register("sp1").execute(command, actor=OFFICE)
        assert isinstance(outcome, Accepted), (command, outcome)


def lesson(unit: str, assignment: str, on: date) -> Command:
    return lessons.HoldLesson(
        unit_id=unit, assignment_id=assignment, on=on, period=3, topic=f"{unit} {on}", sign=True
    )


def grade(grade_id: str, unit: str, assignment: str, pupil: str, on: date) -> Command:
    return grades.GiveGrade(
        grade_id=grade_id,
        unit_id=unit,
        class_id=unit,
        assignment_id=assignment,
        pupil_id=pupil,
        value="2",
        category_id="test",
        on=on,
    )


@pytest.fixture
def moved(served: Served, follow: Follow) -> Served:
    """p1 went from 4a to 4b on 21 September; both classes had lessons before and after it."""
    do(
        served,
        classes.EndEnrolment(class_id="4a", pupil_id="p1", until=LEFT, reason="do 4b"),
        classes.EnrolPupil(class_id="4b", pupil_id="p1", since=MOVED),
        lesson("4a", "a-maths", LEFT),
        lesson("4a", "a-maths", MOVED),
        lesson("4b", "b-maths", LEFT),
        lesson("4b", "b-maths", MOVED),
        grade("g-new", "4b", "b-maths", "p1", date(2025, 10, 1)),
    )
    follow()
    return served


def days_of_lessons(served: Served, who: str, class_id: str) -> list[str]:
    query = f'{{ lessonJournal(school: "sp1", classId: "{class_id}", {YEAR}) {{ totalCount edges {{ node {{ on }} }} }} }}'
    found = served.data(query, who)["lessonJournal"]
    days = [edge["node"]["on"] for edge in found["edges"]]
    assert found["totalCount"] == len(days)
    return days


@pytest.mark.parametrize("who", ["m1", "p1"])
def test_lessons_of_a_class_are_seen_for_the_days_in_it(moved: Served, who: str) -> None:
    assert days_of_lessons(moved, who, "4a") == ["2025-09-15", "2025-09-15", "2025-09-20"]
    assert days_of_lessons(moved, who, "4b") == ["2025-09-21"]
    assert days_of_lessons(moved, "t-maths", "4a")[-1] == "2025-09-21"


@pytest.mark.parametrize("who", ["m1", "p1"])
def test_the_class_itself_is_that_of_today(moved: Served, who: str) -> None:
    def query(class_id: str) -> str:
        return (
            f'{{ class(school: "sp1", classId: "{class_id}") {{ name homeroomTeacher {{ familyName }} }} }}'
        )

    assert moved.code(query("4a"), who) == "ACCESS.DENIED"
    assert moved.code(query("4b"), who) is None
    assert moved.code(query("4a"), "p2") is None


def test_a_class_that_begins_tomorrow_is_not_seen_today(served: Served, follow: Follow) -> None:
    do(
        served,
        classes.EndEnrolment(class_id="4a", pupil_id="p2", until=TODAY, reason="do 4b"),
        classes.EnrolPupil(class_id="4b", pupil_id="p2", since=TODAY + timedelta(days=1)),
    )
    follow()
    for field in (
        'class(school: "sp1", classId: "4b") { name }',
        f'lessonJournal(school: "sp1", classId: "4b", {YEAR}) {{ totalCount }}',
    ):
        assert served.code(f"{{ {field} }}", "p2") == "ACCESS.DENIED"


def grade_ids(served: Served, who: str, pupil: str = "p1") -> set[str]:
    query = f'{{ pupilGrades(school: "sp1", pupilId: "{pupil}") {{ grades {{ id }} }} }}'
    cells = served.data(query, who)["pupilGrades"]
    return {found["id"] for cell in cells for found in cell["grades"]}


OLD = {f"g-a-maths-{n}" for n in range(3)}
ART = {f"g-a-art-{n}" for n in range(3)}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("m1", OLD | ART | {"g-new"}),  # one's own past entries stay
        ("p1", OLD | ART | {"g-new"}),
        ("t-maths", OLD),  # taught there: what was entered there, in the own subject
        ("t-art", OLD | ART),  # homeroom teacher there: all that was entered there
        ("t-other", OLD | {"g-new"}),  # teaches the subject where the pupil is: also what was entered before
        ("dir", OLD | ART | {"g-new"}),
    ],
)
def test_teachers_of_a_class_that_a_pupil_left_keep_what_was_entered_there(
    moved: Served, who: str, seen: set[str]
) -> None:
    assert grade_ids(moved, who) == seen
    query = '{ gradeHistory(school: "sp1", pupilId: "p1", gradeId: "g-new") { new } }'
    assert bool(moved.data(query, who)["gradeHistory"]) == ("g-new" in seen)


def test_personal_details_are_for_teachers_of_today(moved: Served) -> None:
    query = '{ pupil(school: "sp1", pupilId: "p1") { birthDate parents { since } } }'
    assert {who: moved.code(query, who) for who in ("t-maths", "t-art", "t-other", "m1")} == {
        "t-maths": "ACCESS.DENIED",
        "t-art": "ACCESS.DENIED",
        "t-other": None,
        "m1": None,
    }


def test_attendance_of_a_pupil_who_left_is_that_of_the_own_class(moved: Served) -> None:
    query = f"""{{ pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", {YEAR}) {{
      percentage {{ value }} bySubject {{ subjectId }} marks {{ subjectId }} }} }}"""
    former = moved.data(query, "t-maths")["pupilAttendance"]
    assert former["percentage"] is None  # it counts lessons elsewhere as well
    assert former["bySubject"] == []
    assert [mark["subjectId"] for mark in former["marks"]] == ["maths"]
    assert len(moved.data(query, "m1")["pupilAttendance"]["marks"]) == 2


def test_teachers_of_last_year_do_not_follow_a_pupil_into_the_next(served: Served, follow: Follow) -> None:
    """Enrolments and assignments are left open when a year ends; they are over with it all the same."""
    do(
        served,
        school.OpenSchoolYear(
            year_id="y24", name="2024/2025", starts=date(2024, 9, 1), ends=date(2025, 8, 31), terms=(TERM,)
        ),
        people.RegisterPerson(
            person_id="old",
            given_names="Dawny",
            family_name="Uczeń",
            since=date(2024, 9, 1),
            roles=(Role.PUPIL,),
        ),
        people.TakeRole(person_id="t-maths", role=Role.AUDITOR, since=date(2024, 9, 1)),
        people.LeaveRole(person_id="t-maths", role=Role.AUDITOR, until=date(2024, 9, 2)),
        classes.OpenClass(class_id="3x", year_id="y24", name="3x", level=3),
        classes.EnrolPupil(class_id="3x", pupil_id="old", since=date(2024, 9, 1)),
        people.RegisterPerson(
            person_id="t-old",
            given_names="Jan",
            family_name="Dawny",
            since=date(2024, 9, 1),
            roles=(Role.TEACHER,),
        ),
        people.LinkAccount(person_id="t-old", account_id="account-t-old"),
        classes.AppointHomeroomTeacher(class_id="3x", teacher_id="t-old", since=date(2024, 9, 1)),
        classes.AssignTeaching(
            assignment_id="x-maths",
            unit_id="3x",
            subject_id="maths",
            teacher_id="t-old",
            since=date(2024, 9, 1),
        ),
        grade("g-x", "3x", "x-maths", "old", date(2024, 10, 1)),
        classes.EnrolPupil(class_id="4a", pupil_id="old", since=BEGIN),
        grade("g-now", "4a", "a-maths", "old", date(2025, 10, 1)),
    )
    served.accounts["t-old"] = "account-t-old"
    follow()
    assert grade_ids(served, "t-old", "old") == {"g-x"}
    assert grade_ids(served, "t-maths", "old") == {"g-x", "g-now"}
    query = '{ pupil(school: "sp1", pupilId: "old") { personId } }'
    assert served.code(query, "t-old") == "ACCESS.DENIED"


@pytest.mark.parametrize(
    ("command", "who"),
    [
        (classes.EndTeaching(unit_id="4a", assignment_id="a-maths", until=date(2025, 10, 5)), "t-maths"),
        (classes.AppointHomeroomTeacher(class_id="4a", teacher_id="t-other", since=TODAY), "t-art"),
        (people.LeaveRole(person_id="t-maths", role=Role.TEACHER, until=date(2025, 10, 5)), "t-maths"),
        (people.LeaveRole(person_id="m1", role=Role.PARENT, until=date(2025, 10, 5)), "m1"),
        (people.LeaveRole(person_id="p1", role=Role.PUPIL, until=date(2025, 10, 5)), "p1"),
        (
            people.EndParentalRights(
                pupil_id="p1", parent_id="m1", until=date(2025, 10, 5), basis="III RC 3/25"
            ),
            "m1",
        ),
    ],
)
def test_what_has_ended_ends_with_the_next_question(
    served: Served, follow: Follow, command: Command, who: str
) -> None:
    assert grade_ids(served, who) >= OLD
    do(served, command)
    follow()
    query = '{ pupilGrades(school: "sp1", pupilId: "p1") { grades { id } } }'
    answer: dict[str, Any] = served.ask(query, who)
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["code"] == "ACCESS.DENIED"
    else:  # the former homeroom teacher still teaches art
        assert who == "t-art"
        assert grade_ids(served, who) == ART


def test_a_teacher_who_is_a_parent_sees_both(served: Served, follow: Follow) -> None:
    do(
        served,
        people.TakeRole(person_id="t-other", role=Role.PARENT, since=BEGIN),
        people.GrantParentalRights(
            pupil_id="p1", parent_id="t-other", guardianship=people.Guardianship.PARENT, since=BEGIN
        ),
    )
    follow()
    assert grade_ids(served, "t-other") == OLD | ART
    assert days_of_lessons(served, "t-other", "4a") == ["2025-09-15", "2025-09-15"]
    assert days_of_lessons(served, "t-other", "4b") == ["2025-09-15"]
    gradebook = '{ gradebook(school: "sp1", classId: "4a") { classId } }'
    assert served.code(gradebook, "t-other") == "ACCESS.DENIED"
