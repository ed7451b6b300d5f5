"""Other registers through the API, and every way into a pedagogue's register that is not the front door.

t-other keeps the pedagogue's register "ped" with p1 in it, t-art the day-care room "care" with p1 and p2.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import classes, counselling, lessons, registers, school
from dziennik.contracts.attendance import CallRoll, RollMark
from dziennik.contracts.commands import Command
from dziennik.contracts.counselling import CounsellingKind
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.registers import RegisterKind
from dziennik.contracts.values import TimetableSlot
from tests.graphql.conftest import BEGIN, OFFICE, Follow, Served
from tests.graphql.test_who_may import ALL, ALLOWED
from tests.graphql.test_year_end import do

YEAR = 'from: "2025-09-01", to: "2026-08-31"'
MONDAY = date(2025, 9, 15)
KEEPER = Actor(account="t-other", role=Role.TEACHER, person="t-other")
TALK = "Rozmowa o sytuacji w domu."


def give(served: Served, *commands: Command, by: Actor = OFFICE) -> None:
    for command in commands:
        outcome = served.system.register("sp1").execute(command, actor=by)
        assert isinstance(outcome, Accepted), (command, outcome)


def _register(unit_id: str, kind: RegisterKind, keeper: str, *pupils: str) -> list[Command]:
    return [
        registers.OpenRegister(unit_id=unit_id, year_id="y25", kind=kind, name=f"Dziennik {unit_id}"),
        classes.AssignTeaching(
            assignment_id=f"a-{unit_id}", unit_id=unit_id, subject_id=unit_id, teacher_id=keeper, since=BEGIN
        ),
        classes.SetTimetable(
            unit_id=unit_id,
            valid_from=BEGIN,
            slots=(TimetableSlot(weekday=1, period=7, assignment_id=f"a-{unit_id}", room="12"),),
        ),
    ]


@pytest.fixture
def kept(served: Served, follow: Follow) -> Served:
    for subject in ("ped", "care", "ni"):
        give(served, school.IntroduceSubject(subject_id=subject, name=subject, short_name=subject))
    give(served, *_register("ped", RegisterKind.PEDAGOGUE, "t-other"))
    give(served, *_register("care", RegisterKind.DAY_CARE, "t-art"))
    give(served, *_register("ni", RegisterKind.INDIVIDUAL_TEACHING, "t-maths"))
    for unit_id, pupil in (("ped", "p1"), ("care", "p1"), ("care", "p2"), ("ni", "p2")):
        add = registers.AddParticipant(unit_id=unit_id, pupil_id=pupil, since=BEGIN, class_id="4a")
        give(served, add, by=KEEPER if unit_id == "ped" else OFFICE)
    for unit_id in ("ped", "care"):
        give(
            served,
            lessons.HoldLesson(
                unit_id=unit_id,
                assignment_id=f"a-{unit_id}",
                on=MONDAY,
                period=7,
                topic=f"W {unit_id}",
                sign=True,
            ),
        )
    roll = CallRoll(
        unit_id="care",
        lesson_id=lessons.lesson_id(MONDAY, 7, "a-care"),
        marks=(RollMark(pupil_id="p1", type_id="absent"),),
    )
    give(served, roll)
    for entry_id, text in (("e1", TALK), ("e2", "Rozmowa o planach.")):
        entry = counselling.WriteCounsellingEntry(
            entry_id=entry_id,
            unit_id="ped",
            kind=CounsellingKind.CONVERSATION,
            on=MONDAY,
            text=text,
            pupil_id="p1",
        )
        give(served, entry, by=KEEPER)
    give(served, counselling.ShareCounsellingEntry(unit_id="ped", entry_id="e2"), by=KEEPER)
    follow()
    return served


ENTRIES = f"""{{ counsellingEntries(school: "sp1", classId: "ped", {YEAR}) {{
  totalCount edges {{ node {{ id pupilId authorId kind on text shared changes {{ was }} struckOut {{ reason }} }} }} }} }}"""


def test_keepers_and_the_director_read_the_pedagogues_register(kept: Served) -> None:
    for who in ("t-other", "dir"):
        found = kept.data(ENTRIES, who)["counsellingEntries"]
        assert found["totalCount"] == 2
        assert found["edges"][0]["node"] == {
            "id": "e1",
            "pupilId": "p1",
            "authorId": "t-other",
            "kind": "CONVERSATION",
            "on": "2025-09-15",
            "text": TALK,
            "shared": False,
            "changes": [],
            "struckOut": None,
        }
    assert {who for who in ALL if kept.code(ENTRIES, who) != "ACCESS.DENIED"} == {"t-other", "dir"}


def _by_class_id() -> list[tuple[str, str]]:
    """All queries that take a class's id, asked about the pedagogue's register instead."""
    return [
        (field, query.replace('classId: "4a"', 'classId: "ped"'))
        for field, (query, _) in ALLOWED.items()
        if 'classId: "4a"' in query and "pupilId" not in query
    ]


def test_no_query_by_id_opens_it(kept: Served) -> None:
    asked = _by_class_id()
    assert len(asked) >= 15
    wrong = [
        (field, who)
        for field, query in asked
        for who in sorted(ALL - {"dir", "t-other"})
        if kept.code(f"{{ {query} }}", who) != "ACCESS.DENIED"
    ]
    assert wrong == []


def test_nor_does_any_query_about_the_pupil(kept: Served) -> None:
    """Neither a lesson, an assignment, a mark nor an entry of the register is in any other answer."""
    queries = [
        f'lessonJournal(school: "sp1", classId: "4a", {YEAR}) {{ edges {{ node {{ unitId topic }} }} }}',
        f'attendanceSheet(school: "sp1", classId: "4a", {YEAR}) {{ rolls {{ lessonId }} }}',
        f'pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", {YEAR})'
        " { bySubject { subjectId } marks { lessonId } }",
        'pupilRegisters(school: "sp1", pupilId: "p1") { register { id } }',
        'attendanceHistory(school: "sp1", pupilId: "p1", lessonId: "2025-09-15.07.a-ped") { what }',
        'pupilGrades(school: "sp1", pupilId: "p1") { subjectId }',
        'pupilDisputes(school: "sp1", pupilId: "p1") { unitId }',
        'pupil(school: "sp1", pupilId: "p1") { enrolments { classId } }',
        'class(school: "sp1", classId: "4a") { groups { id } assignments { id } }',
        'classes(school: "sp1", yearId: "y25", interclass: true) { edges { node { id } } }',
        'classes(school: "sp1", yearId: "y25") { edges { node { id } } }',
        'myPlannedLessons(school: "sp1", from: "2025-09-01", to: "2025-09-30") { unitId }',
        f'myCalendar(school: "sp1", {YEAR}) {{ entries {{ unitId }} }}',
        f'myLessons(school: "sp1", {YEAR}) {{ edges {{ node {{ unitId }} }} }}',
        'classHistory(school: "sp1", classId: "4a", from: "2025-01-01T00:00:00Z", to: "2026-12-31T00:00:00Z")'
        " { edges { node { unitId entry } } }",
    ]
    for who in sorted(ALL - {"dir", "t-other"}):
        for query in queries:
            answer = kept.ask(f"{{ {query} }}", who)
            assert "ped" not in str(answer), (who, query, answer)


def test_nor_does_the_journal_itself(kept: Served, follow: Follow) -> None:
    """Facts, histories of people and differences; also before the read models know that there is a register."""
    moments = "from: {position: 1}, to: {position: 60}"
    queries = (
        'journalFacts(school: "sp1", prefix: "year/ped/") { facts { content } }',
        'journalFacts(school: "sp1", prefix: "year/new/") { facts { content } }',
        'teacherHistory(school: "sp1", teacherId: "t-other", from: "2025-01-01T00:00:00Z",'
        ' to: "2026-12-31T00:00:00Z") { edges { node { unitId } } }',
        'pupilHistory(school: "sp1", pupilId: "p1", from: "2025-01-01T00:00:00Z",'
        ' to: "2026-12-31T00:00:00Z") { edges { node { unitId } } }',
    )
    opened = registers.OpenRegister(unit_id="new", year_id="y25", kind=RegisterKind.PEDAGOGUE, name="Nowy")
    give(kept, opened)  # and no model follows
    for query in queries:
        answer = str(kept.data(f"{{ {query} }}", "aud"))
        assert "ped" not in answer, query
        assert "Nowy" not in answer, query
        assert TALK not in answer, query
    assert kept.code(
        f'{{ classDifference(school: "sp1", classId: "ped", {moments}) {{ totalCount }} }}', "aud"
    ) == ("ACCESS.DENIED")
    assert TALK in str(kept.data(f"{{ {queries[0]} }}", "dir"))


def test_an_auditor_opens_it_only_while_admitted(kept: Served, follow: Follow) -> None:
    assert kept.code(ENTRIES, "aud") == "ACCESS.DENIED"
    admit = {"unitId": "ped", "auditorId": "aud", "since": "2025-10-01", "until": "2025-10-05", "reason": "k"}
    assert do(kept, "dir", "admitAuditor", admit)["facts"] == 1
    follow()
    assert kept.code(ENTRIES, "aud") == "ACCESS.DENIED"  # today is 6 October
    assert do(kept, "dir", "admitAuditor", {**admit, "until": "2025-10-06"})["facts"] == 1
    follow()
    assert kept.data(ENTRIES, "aud")["counsellingEntries"]["totalCount"] == 2


def test_hours_of_substitution_there_count_and_are_not_named(kept: Served, follow: Follow) -> None:
    """t-art stood in for the pedagogue: the office pays for an hour and does not learn of which lesson."""
    place = {"unitId": "ped", "assignmentId": "a-ped", "on": "2025-09-22", "period": 7}
    assert do(kept, "dir", "arrangeSubstitution", {**place, "teacherId": "t-art"})["facts"] == 1
    assert do(kept, "t-art", "holdLesson", {**place, "topic": "Rozmowa", "sign": True})["facts"] == 2
    follow()
    query = """{ staffHours(school: "sp1", yearId: "y25") {
      sums { hours included { sourceId unitId on } } substitutions { unitId lessonId insteadOf } } }"""
    lesson = "2025-09-22.07.a-ped"
    named = {"unitId": "ped", "lessonId": lesson, "insteadOf": "t-other"}
    for who, seen in (("dir", [named]), ("t-art", [named]), ("adm", []), ("aud", [])):
        found = kept.data(query, who)["staffHours"]
        assert found["substitutions"] == seen
        (counted,) = found["sums"][0]["included"]
        told = (lesson, "ped") if seen else ("", "")
        assert (counted["sourceId"], counted["unitId"], counted["on"]) == (*told, "2025-09-22")
    table = '{ staffHoursCsv(school: "sp1", yearId: "y25", content: ENTRIES) }'
    assert "Dziennik ped" in kept.data(table, "dir")["staffHoursCsv"]
    office = kept.data(table, "adm")["staffHoursCsv"]
    assert "2025-09-22" in office
    assert "ped" not in office


def test_the_family_reads_what_was_shared(kept: Served, follow: Follow) -> None:
    query = '{ sharedCounselling(school: "sp1", pupilId: "p1") { id author { personId } text } }'
    shared = [{"id": "e2", "author": {"personId": "t-other"}, "text": "Rozmowa o planach."}]
    for who in ("m1", "p1"):
        assert kept.data(query, who)["sharedCounselling"] == shared
    for who in ("p2", "f3", "dir", "t-other", "t-art"):
        assert kept.code(query, who) == "ACCESS.DENIED"
    assert do(kept, "t-other", "shareCounsellingEntry", {"unitId": "ped", "entryId": "e2", "shared": False})
    follow()
    assert kept.data(query, "m1")["sharedCounselling"] == []


def test_commands_of_strangers_tell_nothing(kept: Served) -> None:
    head = kept.head()
    for pupil in ("p1", "p2", "nobody"):
        refused = do(
            kept,
            "adm",
            "addParticipant",
            {"unitId": "ped", "pupilId": pupil, "since": "2025-09-01", "classId": "4a"},
        )
        assert refused["code"] == "REGISTERS.NOT_YOUR_REGISTER"
    for entry in ("e1", "nothing"):
        command = {"unitId": "ped", "entryId": entry, "text": "x", "reason": "y"}
        refused = do(kept, "t-art", "correctCounsellingEntry", command)
        assert refused["code"] == "REGISTERS.NOT_YOUR_REGISTER"
    roll = {"unitId": "ped", "lessonId": "2025-09-15.07.a-ped"}
    assert do(kept, "t-other", "callRoll", roll)["code"] == "REGISTERS.NO_ROLL_HERE"
    assert kept.head() == head


def test_a_calendar_feed_of_it_is_for_its_keepers(kept: Served) -> None:
    feed = """mutation { createCalendarFeed(school: "sp1", kind: CLASS, targetId: "ped") {
      __typename ... on Refusal { code } } }"""
    answers = {who: str(kept.ask(feed, who)) for who in ("t-art", "m1", "p1")}
    assert all("CALENDAR.NOT_YOUR_FEED" in answer or "errors" in answer for answer in answers.values()), (
        answers
    )


# The other registers


def register_of(served: Served, who: str, unit_id: str) -> dict[str, Any]:
    query = f"""{{ otherRegister(school: "sp1", classId: "{unit_id}") {{ kind name restricted plan
      teaching {{ teacher {{ personId }} }} timetable {{ weekday period room }}
      participants {{ pupilId familyName classId since until }}
      individualTeaching {{ pupilId hoursPerWeek hoursInTimetable decision }} }} }}"""
    found: dict[str, Any] = served.data(query, who)["otherRegister"]
    return found


def test_a_register_with_plan_teaching_timetable_and_participants(kept: Served, follow: Follow) -> None:
    plan = {"unitId": "care", "since": "2025-10-01", "text": "Odrabianie lekcji."}
    assert do(kept, "t-art", "setWorkPlan", plan)["facts"] == 1
    follow()
    found = register_of(kept, "t-art", "care")
    assert found == {
        "kind": "DAY_CARE",
        "name": "Dziennik care",
        "restricted": False,
        "plan": "Odrabianie lekcji.",
        "teaching": [{"teacher": {"personId": "t-art"}}],
        "timetable": [{"weekday": 1, "period": 7, "room": "12"}],
        "participants": [  # Ćwik before Źrebiec
            {"pupilId": "p2", "familyName": "Ćwik", "classId": "4a", "since": "2025-09-01", "until": None},
            {"pupilId": "p1", "familyName": "Źrebiec", "classId": "4a", "since": "2025-09-01", "until": None},
        ],
        "individualTeaching": [],
    }
    assert register_of(kept, "t-other", "ped")["restricted"] is True
    denied = '{ otherRegister(school: "sp1", classId: "care") { name } }'
    assert kept.code(denied, "t-maths") == "ACCESS.DENIED"
    assert (
        kept.data('{ otherRegister(school: "sp1", classId: "4a") { name } }', "dir")["otherRegister"] is None
    )


def test_families_see_of_the_participants_their_own(kept: Served) -> None:
    assert [one["pupilId"] for one in register_of(kept, "m1", "care")["participants"]] == ["p1"]
    assert [one["pupilId"] for one in register_of(kept, "p2", "care")["participants"]] == ["p2"]
    assert kept.code('{ otherRegister(school: "sp1", classId: "care") { name } }', "p3") == "ACCESS.DENIED"
    query = '{ pupilRegisters(school: "sp1", pupilId: "p1") { register { id kind } since until } }'
    own = [{"register": {"id": "care", "kind": "DAY_CARE"}, "since": "2025-09-01", "until": None}]
    for who in ("m1", "p1", "t-maths", "adm"):
        assert kept.data(query, who)["pupilRegisters"] == own
    with_ped = {one["register"]["id"] for one in kept.data(query, "t-other")["pupilRegisters"]}
    assert with_ped == {"care", "ped"}


def test_lessons_of_a_register_are_those_of_its_participants(kept: Served) -> None:
    query = f"""{{ lessonJournal(school: "sp1", classId: "care", {YEAR}) {{
      edges {{ node {{ topic signedBy asked }} }} }} }}"""
    held = [{"node": {"topic": "W care", "signedBy": "t-art", "asked": 2}}]
    for who in ("t-art", "m1", "p1", "p2", "dir"):
        assert kept.data(query, who)["lessonJournal"]["edges"] == held
    for who in ("t-maths", "p3", "f3", "adm"):
        assert kept.code(query, who) == "ACCESS.DENIED"


def test_the_day_care_room_counts_not_as_school(kept: Served) -> None:
    """p1 was absent at two lessons and in the day-care room: the percentage knows of two lessons only."""
    query = f"""{{ pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", {YEAR}) {{
      percentage {{ counted present value }} marks {{ lessonId }} }} }}"""
    found = kept.data(query, "m1")["pupilAttendance"]
    assert found["percentage"] == {"counted": 2, "present": 0, "value": "0.0"}
    assert len(found["marks"]) == 3


def test_individual_teaching_is_arranged_and_set_beside_the_timetable(kept: Served, follow: Follow) -> None:
    arrange = {
        "unitId": "ni",
        "pupilId": "p2",
        "since": "2025-09-15",
        "hoursPerWeek": "8.0",
        "decision": "Orzeczenie 3/2025",
    }
    assert do(kept, "dir", "arrangeIndividualTeaching", arrange)["facts"] == 1
    follow()
    told = {"pupilId": "p2", "hoursPerWeek": "8.0", "hoursInTimetable": 1, "decision": "Orzeczenie 3/2025"}
    for who in ("t-maths", "dir", "p2"):
        assert register_of(kept, who, "ni")["individualTeaching"] == [told]
