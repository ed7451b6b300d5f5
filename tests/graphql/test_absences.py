"""A mother announces, excuses with a file and sees what became of it; teachers see what is proposed and due.

4a: p1 (whose mother is m1) and p2; t-maths teaches, t-art is homeroom teacher. Today is Monday, 6 October 2025;
on 15 September p1 was absent from maths and from art in hour 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from starlette.testclient import TestClient

from dziennik.contracts import attendance, classes, lessons
from dziennik.contracts.absence_commands import AcceptExcuse
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.values import TimetableSlot
from dziennik.graphql.app import create_app
from tests.graphql.conftest import OFFICE, TODAY, Follow, Served
from tests.graphql.test_attachment_files import PNG, bearer
from tests.graphql.test_year_end import do

THE_15TH = {"starts": "2025-09-15", "ends": "2025-09-15"}
EXCUSE = {"classId": "4a", "pupilId": "p1", "scope": THE_15TH, "text": "Była u lekarza."}
RULES = {"presenceAfter": 1, "acceptanceNeeded": True, "announcedAs": "ABSENT"}


@pytest.fixture
def patient(served: Served) -> Served:
    """A school that takes excuses all year."""
    assert do(served, "dir", "setAbsenceRules", {"yearId": "y25", "rules": RULES})["facts"] == 1
    return served


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(create_app(served.system)) as found:
        yield found


def held_today(served: Served, *periods: int) -> list[str]:
    """Maths of today, entered and not called."""
    ids = []
    for period in periods:
        hold = lessons.HoldLesson(unit_id="4a", assignment_id="a-maths", on=TODAY, period=period)
        served.system.register("sp1").execute(hold, actor=OFFICE)
        ids.append(lessons.lesson_id(TODAY, period, "a-maths"))
    return ids


KINDS = """{ pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", from: "2025-09-01", to: "2025-10-31")
  { marks { lessonId kind was } percentage { value present counted kinds { kind lessons treated } } } }"""


def test_an_excuse_goes_its_way_with_a_file(patient: Served, client: TestClient, follow: Follow) -> None:
    sent = client.post("/attachments?school=sp1&person=p1", content=PNG, headers=bearer(patient, "m1")).json()
    file = {key: sent[key] for key in ("attachmentId", "mediaType", "size", "sha256")}
    done = do(patient, "m1", "submitExcuse", {**EXCUSE, "attachments": [file]})
    follow()
    asked = """{ classExcuses(school: "sp1", classId: "4a", openOnly: true) { totalCount edges { node {
      id pupilId text state attachments { id mediaType } submitted { by role } } } } }"""
    (edge,) = patient.data(asked, "t-art")["classExcuses"]["edges"]
    assert edge["node"] == {
        "id": done["id"],
        "pupilId": "p1",
        "text": "Była u lekarza.",
        "state": "OPEN",
        "attachments": [{"id": file["attachmentId"], "mediaType": "image/png"}],
        "submitted": {"by": "m1", "role": "PARENT"},
    }
    link = f"""{{ attachmentLink(school: "sp1", pupilId: "p1", attachmentId: "{file["attachmentId"]}")
      {{ address expiresIn }} }}"""
    told = patient.data(link, "t-art")["attachmentLink"]
    assert told["expiresIn"] == 300
    assert client.get(told["address"]).content == PNG
    client.post("/attachments?school=sp1&person=p1", content=PNG, headers=bearer(patient, "m1"))
    assert patient.system.attachments.sweep("sp1", waited=timedelta(0)) == 1  # the one nothing refers to
    assert client.get(told["address"]).content == PNG

    accept = {"classId": "4a", "excuseId": done["id"], "comment": "Zdrowia!"}
    assert do(patient, "t-maths", "acceptExcuse", accept)["code"] == "ABSENCES.NOT_YOURS_TO_DECIDE"
    assert do(patient, "t-art", "acceptExcuse", accept)["facts"] == 3
    follow()
    assert patient.data(asked, "t-art")["classExcuses"]["totalCount"] == 0
    seen = """{ pupilAbsences(school: "sp1", pupilId: "p1", yearId: "y25") { excuses {
      state byRule lessons { lessonId } decided { by text } } } }"""
    assert patient.data(seen, "m1")["pupilAbsences"]["excuses"] == [
        {
            "state": "ACCEPTED",
            "byRule": False,
            "lessons": None,
            "decided": {"by": "t-art", "text": "Zdrowia!"},
        }
    ]
    attendance_ = patient.data(KINDS, "m1")["pupilAttendance"]
    assert [(mark["kind"], mark["was"]) for mark in attendance_["marks"]] == [
        ("ABSENT_EXCUSED", ["ABSENT"]),
        ("ABSENT_EXCUSED", ["ABSENT"]),
    ]
    kinds = attendance_["percentage"].pop("kinds")
    assert kinds == [{"kind": "ABSENT_EXCUSED", "lessons": 2, "treated": "ABSENT"}]
    assert attendance_["percentage"] == {"value": "0.0", "present": 0, "counted": 2}


def test_a_file_that_was_not_sent_is_not_attached(patient: Served, client: TestClient) -> None:
    sent = client.post("/attachments?school=sp1&person=p1", content=PNG, headers=bearer(patient, "dir"))
    head = patient.head()
    file = {key: sent.json()[key] for key in ("attachmentId", "mediaType", "size", "sha256")}
    refused = do(patient, "m1", "submitExcuse", {**EXCUSE, "attachments": [file]})  # another's upload
    assert (refused["code"], refused["field"]) == ("ATTACHMENTS.NO_SUCH_UPLOAD", "attachments[0]")
    six = do(patient, "m1", "submitExcuse", {**EXCUSE, "attachments": [file] * 6})
    assert six["code"] == "ATTACHMENTS.TOO_MANY_ATTACHED"
    assert patient.head() == head


def test_the_second_decision_is_shown_the_first(patient: Served) -> None:
    excuse = do(patient, "m1", "submitExcuse", EXCUSE)["id"]
    where = {"classId": "4a", "excuseId": excuse}
    assert do(patient, "t-art", "rejectExcuse", {**where, "reason": "Po terminie."})["facts"] == 1
    query = """mutation ($input: AcceptExcuseInput!) { acceptExcuse(school: "sp1", input: $input)
      { ... on Refusal { code details { name value } } } }"""
    told = patient.data(query, "dir", input=where)["acceptExcuse"]
    details = {each["name"]: each["value"] for each in told["details"]}
    assert told["code"] == "ABSENCES.EXCUSE_REJECTED"
    assert (details["reason"], details["by"], details["role"]) == ("Po terminie.", "t-art", "teacher")


def test_an_excuse_comes_too_late_by_the_usual_rules(served: Served) -> None:
    """14 days after 15 September is the 29th; today is 6 October."""
    head = served.head()
    refused = do(served, "m1", "submitExcuse", EXCUSE)
    assert (refused["code"], refused["field"]) == ("ABSENCES.TOO_LATE", "scope.ends")
    assert served.head() == head
    foreign = do(served, "m1", "submitExcuse", {**EXCUSE, "pupilId": "p2"})
    assert foreign["code"] == "ABSENCES.NOT_YOUR_PUPIL"


def test_a_roll_called_while_an_excuse_is_accepted_leaves_nothing_unexcused(patient: Served) -> None:
    """Whoever comes first, the absence ends excused: eight lessons are called while eight excuses are accepted."""
    register = patient.system.register("sp1")
    homeroom = Actor(account="a", role=Role.TEACHER, person="t-art")
    day = {"starts": str(TODAY), "ends": str(TODAY)}
    for period in range(1, 9):
        (lesson_id,) = held_today(patient, period)
        scope = {**day, "periods": [period]}
        excuse = do(patient, "m1", "submitExcuse", {**EXCUSE, "scope": scope})["id"]
        accept = AcceptExcuse(class_id="4a", excuse_id=excuse)
        mark = attendance.RollMark(pupil_id="p1", type_id="absent")
        call = attendance.CallRoll(unit_id="4a", lesson_id=lesson_id, marks=(mark,))
        together = Barrier(2)
        outcomes: list[Any] = []

        def give(command: Any, actor: Actor, at_once: Barrier = together, to: Any = outcomes) -> None:  # noqa: ANN401
            at_once.wait()
            to.append(register.execute(command, actor=actor))

        threads = [Thread(target=give, args=args) for args in ((accept, homeroom), (call, OFFICE))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(hasattr(outcome, "position") for outcome in outcomes), outcomes
    patient.system.follower.run_once("sp1")
    marks = patient.data(KINDS, "m1")["pupilAttendance"]["marks"]
    assert [mark["kind"] for mark in marks if mark["lessonId"].startswith(str(TODAY))] == [
        "ABSENT_EXCUSED"
    ] * 8


ANNOUNCE = {
    "classId": "4a",
    "pupilId": "p1",
    "scope": {"starts": "2025-10-06", "ends": "2025-10-07"},
    "reason": "katar",
}
PROPOSAL = """query ($lesson: ID!, $carry: Boolean = false) { rollProposal(school: "sp1", classId: "4a",
  lessonId: $lesson, carryOver: $carry) { called pupils proposed { pupilId kind source sourceId }
  prefilled { pupilId source sourceId } } }"""


def test_what_is_proposed_is_what_the_roll_then_says(patient: Served, follow: Follow) -> None:
    first, second = held_today(patient, 1, 2)
    announced = do(patient, "m1", "announceAbsence", ANNOUNCE)["id"]
    trip = {
        "awayFor": "COMPETITION",
        "name": "Zawody",
        "scope": {"starts": "2025-10-06", "ends": "2025-10-06", "periods": [1]},
        "pupils": [{"classId": "4a", "pupilId": "p2"}],
    }
    away = do(patient, "t-maths", "arrangeSchoolAbsence", trip)["id"]
    follow()
    proposal = patient.data(PROPOSAL, "t-maths", lesson=first)["rollProposal"]
    proposed = [
        {"pupilId": "p1", "kind": "ABSENT", "source": "ANNOUNCEMENT", "sourceId": announced},
        {"pupilId": "p2", "kind": "SCHOOL_REASON", "source": "SCHOOL_ABSENCE", "sourceId": away},
    ]
    assert proposal == {"called": False, "pupils": ["p1", "p2"], "proposed": proposed, "prefilled": []}
    stays = {
        "classId": "4a", "pupilId": "p2", "subjectId": "maths", "since": "2025-10-01", "until": "2025-12-01",
        "mode": "STAYS", "basis": "decyzja 5/2025",
    }  # fmt: skip
    do(patient, "t-art", "grantExemption", stays)
    seen = """{ rollProposal(school: "sp1", classId: "4a", lessonId: "2025-10-06.01.a-maths") { staying } }"""
    assert patient.data(seen, "t-maths")["rollProposal"] == {"staying": ["p2"]}
    assert do(patient, "t-maths", "callRoll", {"unitId": "4a", "lessonId": first})["facts"] == 4
    follow()
    proposal = patient.data(PROPOSAL, "t-maths", lesson=first)["rollProposal"]
    assert proposal["called"] is True
    assert [each["sourceId"] for each in proposal["prefilled"]] == [announced, away]

    carried = patient.data(PROPOSAL, "t-maths", lesson=second, carry=True)["rollProposal"]["proposed"]
    assert [(each["pupilId"], each["source"], each["sourceId"]) for each in carried] == [
        ("p1", "EARLIER_LESSON", first),
        ("p2", "EARLIER_LESSON", first),
    ]
    assert do(patient, "t-maths", "carryOverRoll", {"unitId": "4a", "lessonId": second})["facts"] == 4
    nothing = (
        """{ rollProposal(school: "sp1", classId: "4a", lessonId: "2025-10-06.07.a-maths") { called } }"""
    )
    assert patient.code(nothing, "t-maths") == "LESSONS.NO_SUCH_LESSON"


def test_a_family_sees_its_own_and_the_homeroom_teacher_all(patient: Served, follow: Follow) -> None:
    trip = {
        "awayFor": "TRIP",
        "name": "Góry",
        "scope": {"starts": "2025-10-08", "ends": "2025-10-09"},
        "pupils": [{"classId": "4a", "pupilId": each} for each in ("p1", "p2")],
    }
    do(patient, "t-art", "arrangeSchoolAbsence", trip)
    do(patient, "m1", "announceAbsence", ANNOUNCE)
    exempt = {
        "classId": "4a", "pupilId": "p2", "subjectId": "art", "since": "2025-10-01", "until": "2025-12-01",
        "mode": "RELEASED", "basis": "decyzja 4/2025",
    }  # fmt: skip
    do(patient, "t-art", "grantExemption", exempt)
    overlap = do(patient, "dir", "grantExemption", {**exempt, "since": "2025-12-01"})
    assert overlap["code"] == "ABSENCES.EXEMPTION_OVERLAPS"
    follow()
    known = "announced { reason } schoolAbsences { name pupils away } exemptions { mode basis until }"
    own = patient.data(
        f'{{ pupilAbsences(school: "sp1", pupilId: "p1", yearId: "y25") {{ known {{ {known} }} }} }}', "m1"
    )["pupilAbsences"]["known"]
    assert own == {
        "announced": [{"reason": "katar"}],
        "schoolAbsences": [{"name": "Góry", "pupils": ["p1"], "away": ["p1"]}],
        "exemptions": [],
    }
    of_class = patient.data(f'{{ classAbsences(school: "sp1", classId: "4a") {{ {known} }} }}', "t-art")
    assert of_class["classAbsences"] == {
        "announced": [{"reason": "katar"}],
        "schoolAbsences": [{"name": "Góry", "pupils": ["p1", "p2"], "away": ["p1", "p2"]}],
        "exemptions": [{"mode": "RELEASED", "basis": "decyzja 4/2025", "until": "2025-12-01"}],
    }


def test_an_alarm_explains_itself(patient: Served, follow: Follow) -> None:
    """p1 missed one of one lesson of maths (0 %) and of art, two in a row, and nobody excused them."""
    rules = {**RULES, "missedInARow": 2, "hoursNotExcused": 2, "leastPresence": "50"}
    do(patient, "dir", "setAbsenceRules", {"yearId": "y25", "rules": rules})
    follow()
    fields = """kind limit found notExcused subjectId ruleVersion
      percentage { value present counted } lessons { lessonId kind }"""
    found = patient.data(
        f'{{ pupilAbsenceAlarms(school: "sp1", pupilId: "p1", yearId: "y25") {{ {fields} }} }}', "m1"
    )["pupilAbsenceAlarms"]
    maths = {"lessonId": "2025-09-15.02.a-maths", "kind": "ABSENT"}
    art = {"lessonId": "2025-09-15.02.a-art", "kind": "ABSENT"}
    in_all = {
        "limit": "2",
        "found": "2",
        "notExcused": 2,
        "subjectId": None,
        "ruleVersion": 2,
        "percentage": None,
    }
    none = {"value": "0.0", "present": 0, "counted": 1}
    low = {"kind": "LOW_PRESENCE", "limit": "50", "found": "0.0", "notExcused": 1, "ruleVersion": 2}
    assert found == [
        {"kind": "MISSED_IN_A_ROW", **in_all, "lessons": [art, maths]},
        {"kind": "HOURS_NOT_EXCUSED", **in_all, "lessons": [art, maths]},
        {**low, "subjectId": "art", "percentage": none, "lessons": [art]},
        {**low, "subjectId": "maths", "percentage": none, "lessons": [maths]},
    ]
    of_class = '{ classAbsenceAlarms(school: "sp1", classId: "4a") { pupilId kind } }'
    assert {each["pupilId"] for each in patient.data(of_class, "t-art")["classAbsenceAlarms"]} == {"p1"}
    of_year = '{ absenceRules(school: "sp1", yearId: "y25") { version missedInARow leastPresence } }'
    assert patient.data(of_year, "p2")["absenceRules"] == {
        "version": 2,
        "missedInARow": 2,
        "leastPresence": "50",
    }


def test_rolls_that_were_not_called_are_the_directors_the_teachers_and_the_homerooms(
    served: Served, follow: Follow
) -> None:
    """It is 11:00 in Warsaw: of today's four hours of maths the first three are over; one of them is called."""
    slots = tuple([TimetableSlot(weekday=1, period=hour, assignment_id="a-maths") for hour in (1, 2, 3, 4)])
    timetable = classes.SetTimetable(unit_id="4a", valid_from=TODAY, slots=slots)
    register = served.system.register("sp1")
    register.execute(timetable, actor=OFFICE)
    first, _ = held_today(served, 1, 2)
    register.execute(attendance.CallRoll(unit_id="4a", lesson_id=first), actor=OFFICE)
    follow()
    days = 'from: "2025-10-06", to: "2025-10-10"'
    expected = [
        {"lessonId": "2025-10-06.02.a-maths", "teacherId": "t-maths", "held": True},
        {"lessonId": "2025-10-06.03.a-maths", "teacherId": "t-maths", "held": False},
    ]
    fields = "{ lessonId teacherId held }"
    for who, field in (
        ("dir", f'rollsNotCalled(school: "sp1", {days})'),
        ("t-art", f'classRollsNotCalled(school: "sp1", classId: "4a", {days})'),
        ("t-maths", f'myRollsNotCalled(school: "sp1", {days})'),
    ):
        found = served.data(f"{{ {field} {fields} }}", who)
        assert list(found.values()) == [expected], who
    mine = f'{{ myRollsNotCalled(school: "sp1", {days}) {fields} }}'
    assert served.data(mine, "t-other") == {"myRollsNotCalled": []}
    too_long = 'rollsNotCalled(school: "sp1", from: "2025-09-01", to: "2025-10-31")'
    assert served.code(f"{{ {too_long} {fields} }}", "dir") == "CALENDAR.SPAN_TOO_LONG"
