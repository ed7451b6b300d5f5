"""Which ids does a director's screen know by the time a report is asked? Those that other reports told.

Classes, pupils and days come from the plan; what was entered is found by asking, as a front end would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from dziennik.demo.days import Step
from dziennik.demo.logins import sample_pupil
from tests.lived.client import Failed
from tests.lived.reports import MIDYEAR, REPORTS, asked, full, name_of
from tests.lived.school import Living

Names = dict[str, Any]
MOST_DAYS = timedelta(days=91)  # of a calendar that is asked for at once
ARCHIVE = """
mutation ($school: ID!, $year: ID!) {
  makeArchive(school: $school, yearId: $year) { ... on ArchiveJob { id } ... on Refusal { code } }
}"""
FINISHED = """
query ($school: ID!, $job: ID!) {
  archiveJob(school: $school, jobId: $job, waitSeconds: 20) { state refusal { code } }
}"""
FEED = """
mutation ($school: ID!, $target: ID!) {
  createCalendarFeed(school: $school, kind: CLASS, targetId: $target) { __typename ... on Refusal { code } }
}"""
DRAFT = """
mutation ($school: ID!, $input: MessageDraftInput!) {
  saveDraft(school: $school, input: $input) { ... on Accepted { id } ... on Refusal { code } }
}"""


@dataclass(slots=True)
class Asking:
    """The director asks, of the school as of all that was done."""

    living: Living
    names: Names

    def __call__(self, report: str) -> Any:  # noqa: ANN401 - JSON
        living = self.living
        return asked(living.client, living.director(), report, living.position, self.names)


def director(living: Living) -> Asking:
    """The director with all the names that the reports need."""
    ask = Asking(living, _planned(living))
    ask.names |= _found(ask)
    return ask


def _done(ask: Asking) -> None:
    """A director follows a class's calendar and begins a letter; an auditor looks at a gradebook."""
    living, school = ask.living, ask.living.client.school
    client, by = living.client, living.director()
    client.ask(FEED, by, school=school, target=ask.names["now"])
    client.ask(DRAFT, by, school=school, input={"subject": "Rada w czerwcu", "body": "Zapraszam ..."})
    auditor = living.as_person(living.plan.people.auditor.person_id)
    asked(
        client,
        auditor,
        "gradebook(SCHOOL, classId: $now) { cells { grades { value } } }",
        living.position,
        ask.names,
    )


def archived(ask: Asking) -> None:
    """The director has the year's archive made, and waits for it."""
    living = ask.living
    client, by, school = living.client, living.director(), living.client.school
    made = client.ask(ARCHIVE, by, school=school, year=ask.names["year"])["makeArchive"]
    ask.names["job"] = made["id"]
    while (job := client.ask(FINISHED, by, school=school, job=made["id"])["archiveJob"])[
        "state"
    ] == "RUNNING":
        pass
    if job["state"] != "DONE":
        raise Failed(job)
    living.position = living.system.register(school).journal.position()


def _planned(living: Living) -> Names:
    """What the plan tells: years, classes, people, days."""
    first, second = living.plan.years
    end = second.until + timedelta(days=14)
    past, now = first.classes[0], second.classes[0]
    child = sample_pupil(living.plan.years).pupil
    taught = next(a for a in second.assignments() if a.teacher is now.homeroom and a.unit_id == now.class_id)
    return {
        "year": first.year_id,
        "running": second.year_id,
        "class": past.class_id,
        "now": now.class_id,
        "pupil": child.person.person_id,
        "teacher": past.homeroom.person.person_id,
        "taught": taught.assignment_id,
        "moved": past.cohort.newcomer.person.person_id if past.cohort.newcomer else child.person.person_id,
        "collected": now.places[0].pupil.person.person_id,
        "today": "2026-01-12",
        "from": "2025-09-02",
        "to": "2025-09-19",
        "begin": f"{max(second.starts, end - MOST_DAYS)}",
        "end": f"{end}",
        "since": "2025-09-01T00:00:00Z",
        "until": "2026-08-31T22:00:00Z",
        "first_position": {"time": "2025-09-10T12:00:00Z"},
        "last_position": {"time": "2025-09-12T12:00:00Z"},
        "name": "rada",
        "kind": "GRADES",
        "measure": "AVERAGE",
        "document": "none",
        "job": "none",
    }


def _found(ask: Asking) -> Names:
    """What is looked up; each line is a question that some page of a front end asks."""
    lesson = _node(
        ask(
            "lessonJournal(SCHOOL, classId: $class, from: $from, to: $to, first: 1) { edges { node { id } } }"
        )
    )
    (mark, *_) = ask(
        "attendanceSheet(SCHOOL, classId: $class, from: $from, to: $to) { marks { pupilId lessonId } }"
    )["marks"]
    cells = ask("pupilGrades(SCHOOL, pupilId: $pupil, classId: $class) { grades { id } }")
    excuse = _node(ask("classExcuses(SCHOOL, classId: $class, first: 1) { edges { node { pupilId } } }"))
    alarms = ask("classAbsenceAlarms(SCHOOL, classId: $class) { pupilId }")
    pupils = ask("classBehaviour(SCHOOL, classId: $class) { pupils { pupilId notes { id } } }")["pupils"]
    noted = next(one for one in pupils if one["notes"])
    posted = _node(ask("postedAnnouncements(SCHOOL, first: 1) { edges { node { id } } }"))
    sent = _node(ask("myThreads(SCHOOL, box: SENT, first: 1) { edges { node { id } } }"))
    ask.names |= {"thread": sent["id"]}
    letters = ask("myThread(SCHOOL, threadId: $thread) { messages { id mine } }")["messages"]
    plans = ask("curriculumPlans(SCHOOL, yearId: $running) { id followers { unitId assignmentId } }")
    plan = next(one for one in plans if one["followers"][0]["unitId"] == ask.names["now"])
    registers = {
        one["kind"]: one["id"] for one in ask("otherRegisters(SCHOOL, yearId: $running) { kind id }")
    }
    (disputed, *_) = ask("classDisputes(SCHOOL, classId: $now) { pupilId }")
    studies = ask("classStudies(SCHOOL, classId: $now) { pupilId }")
    ask.names |= {"youngest": _youngest(ask), "care": registers["DAY_CARE"]}
    stay = _node(
        ask("stays(SCHOOL, classId: $care, from: $begin, to: $end, first: 1) { edges { node { pupilId } } }")
    )
    (child, *_) = ask("classPupils(SCHOOL, classId: $youngest) { pupilId }")
    return {
        "lesson": lesson["id"],
        "marked": mark["pupilId"],
        "missed": mark["lessonId"],
        "grade": next(cell["grades"][0]["id"] for cell in cells if cell["grades"]),
        "away": excuse["pupilId"],
        "alarming": alarms[0]["pupilId"] if alarms else ask.names["pupil"],
        "noted": noted["pupilId"],
        "note": noted["notes"][0]["id"],
        "announcement": posted["id"],
        "message": next(one["id"] for one in letters if one["mine"]),
        "plan": plan["id"],
        "planned": plan["followers"][0]["assignmentId"],
        "pedagogue": registers["PEDAGOGUE"],
        "cared": stay["pupilId"],
        "child": child["pupilId"],
        "asked": disputed["pupilId"],
        "studying": studies[0]["pupilId"] if studies else ask.names["pupil"],
    }  # fmt: skip


def _node(connection: Any) -> Any:  # noqa: ANN401 - JSON
    """The first of a page."""
    return connection["edges"][0]["node"]


def _youngest(ask: Asking) -> str:
    """The class that is assessed in words."""
    edges = ask("classes(SCHOOL, yearId: $running) { edges { node { id level } } }")["edges"]
    found: str = next(edge["node"]["id"] for edge in edges if edge["node"]["level"] == 1)
    return found


@dataclass(slots=True)
class Midyear:
    """Looks in the middle of a year, when the first lesson of a day is entered: by the afternoon the others are
    missing, and proposals will be due.
    """

    living: Living
    answers: dict[str, Any] = field(default_factory=dict)

    def __call__(self, step: Step) -> None:
        """Told of every step; asks once."""
        names = _planned(self.living)
        if self.answers or not step.key.startswith(f"{names['today']}.01."):
            return
        self.living.clock.at = step.at + timedelta(hours=8)
        ask = Asking(self.living, names)
        for report in REPORTS:
            if name_of(report) in MIDYEAR:
                self.answers[name_of(report)] = ask(report)


def empty(answers: dict[str, Any]) -> set[str]:
    """Reports that told nothing."""
    return {name for name, answer in answers.items() if not full(answer)}


def reports(living: Living, midyear: Midyear) -> dict[str, Any]:
    """Every report's answer: those of the middle of the year, the others as of now."""
    ask = director(living)
    _done(ask)
    archived(ask)
    return midyear.answers | {name_of(one): ask(one) for one in REPORTS if name_of(one) not in MIDYEAR}
