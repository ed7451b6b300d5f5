"""The register as it stood: what a query answers about an earlier moment is what it answered then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from dziennik.application.register import Register
from dziennik.contracts import (
    attendance,
    behaviour_commands,
    calendar_commands,
    classes,
    disputes,
    grades,
    lessons,
    people,
)
from dziennik.contracts.calendar import EntryKind
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from tests.graphql.conftest import BEGIN, NOW, OFFICE, SCHOOLS, Served

CELL = """classId subjectId pupilId average { value ruleVersion included { gradeId number weight } excluded { gradeId } }
  grades { id value weight description comment on columnId givenAt position changes { was now reason by at } struckOut { reason at } }"""
DAYS = 'from: "2025-09-01", to: "2025-12-31"'
CLASS = """id name level homeroomTeacher { familyName } groups { id name pupilCount }
  assignments { id subjectId teacher { familyName } since until } timetable { weekday period }"""
BEHAVED = (
    "pupilId notes { id text points on struckOut { reason } changes { reason } } points { termId points }"
)
DISPUTE = "id pupilId gradeId text over outcome answers { text at }"
CALENDAR = "entries { id title on state } freeDays { id name starts }"
REACHED = "pupilId subjectId atRisk average { value } grades { kind termId gradeId value on }"
QUERIES = {
    "dir": [
        f'gradebook(school: "sp1", classId: "4a" @) {{ pupils {{ pupilId number familyName since until }} columns {{ id title weight on }} cells {{ {CELL} }} }}',
        f'attendanceSheet(school: "sp1", classId: "4a", {DAYS} @) {{ rolls {{ lessonId asked }} marks {{ pupilId lessonId typeId kind was }} }}',
        f'lessonJournal(school: "sp1", classId: "4a", {DAYS} @) {{ totalCount edges {{ node {{ id topic state topicCorrected reason asked }} }} }}',
        f'class(school: "sp1", classId: "4a" @) {{ {CLASS} }}',
        f'classes(school: "sp1", yearId: "y25", interclass: true @) {{ edges {{ node {{ {CLASS} }} }} }}',
        'classPupils(school: "sp1", classId: "4a" @) { pupilId number familyName givenNames }',
        'pupil(school: "sp1", pupilId: "p1" @) { givenNames familyName birthDate enrolments { classId since until } parents { person { familyName } since until } }',
        'people(school: "sp1", role: PUPIL @) { totalCount edges { node { familyName roles { role since until } } } }',
        'rules(school: "sp1", yearId: "y25" @) { grading { categories { categoryId weight } } }',
        'schoolYears(school: "sp1" @) { id name terms { id } }',
        'subjects(school: "sp1" @) { id name }',
        'school(school: "sp1" @) { name }',
        f'classBehaviour(school: "sp1", classId: "4a" @) {{ pupils {{ {BEHAVED} }} }}',
        f'classDisputes(school: "sp1", classId: "4a" @) {{ {DISPUTE} }}',
        f'calendar(school: "sp1", classId: "4a", {DAYS} @) {{ {CALENDAR} }}',
        f'classYear(school: "sp1", classId: "4a" @) {{ {REACHED} }}',
        f'classificationSheet(school: "sp1", classId: "4a" @) {{ closedOn lines {{ pupil {{ pupilId }} results {{ {REACHED} }} decision {{ outcome reason }} }} }}',
    ],
    "m1": [
        f'pupilGrades(school: "sp1", pupilId: "p1" @) {{ {CELL} }}',
        f'pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", {DAYS} @) {{ percentage {{ value present counted }} bySubject {{ subjectId percentage {{ value }} }} marks {{ lessonId kind minutes was }} }}',
        f'pupilBehaviour(school: "sp1", pupilId: "p1", yearId: "y25" @) {{ {BEHAVED} }}',
        f'pupilDisputes(school: "sp1", pupilId: "p1" @) {{ {DISPUTE} }}',
        f'calendar(school: "sp1", classId: "4a", {DAYS} @) {{ {CALENDAR} }}',
        f'pupilYear(school: "sp1", pupilId: "p1", classId: "4a" @) {{ {REACHED} }}',
        'pupilPromotions(school: "sp1", pupilId: "p1" @) { classId outcome }',
    ],
}  # fmt: skip


NOTE = USUAL_BEHAVIOUR.categories[0].category_id
ACTORS = {
    behaviour_commands.WriteNote: Actor(account="a", role=Role.TEACHER, person="t-art"),
    disputes.AskAboutEntry: Actor(account="m", role=Role.PARENT, person="m1"),
}


class Clock:
    """A register's clock that goes on by minutes and days."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(served: Served) -> Clock:
    found = Clock()
    for school_id in SCHOOLS:
        served.system._registers[school_id] = Register(served.system.journals.school(school_id), now=found)
    return found


def ids(name: str) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{name}{number}"


def commands(random: Random) -> Iterator[Command]:
    """What may happen in class 4a, in any order; some of it will be refused."""
    new = ids(f"n{random.randrange(10**6)}-")
    known: list[str] = ["g-a-maths-0", "g-a-maths-1", "g-a-art-0", "g-a-art-1"]
    columns: list[tuple[str, str]] = [("4a", "c1")]
    held = lessons.lesson_id(date(2025, 9, 15), 2, "a-maths")
    yield behaviour_commands.SetBehaviourRules(year_id="y25", rules=USUAL_BEHAVIOUR)
    yield classes.FormInterclassGroup(group_id="grp", year_id="y25", name="angielski", class_ids=("4a", "4b"))
    yield classes.JoinGroup(unit_id="grp", group_id="grp", class_id="4a", pupil_id="p1", since=BEGIN)
    yield classes.AssignTeaching(
        assignment_id="g-art", unit_id="grp", subject_id="art", teacher_id="t-art", since=BEGIN
    )
    while True:
        unit, subject, assignment = random.choice(
            [("4a", "maths", "a-maths"), ("4a", "art", "a-art"), ("grp", "art", "g-art")]
        )
        day = date(2025, 9, random.randint(2, 30))
        kind = random.randrange(20)
        if kind < 4:
            known.append(next(new))
            column = next((name for owner, name in columns if owner == unit and random.random() < 0.7), None)
            yield grades.GiveGrade(
                grade_id=known[-1], unit_id=unit, class_id="4a", assignment_id=assignment,
                pupil_id=random.choice(("p1", "p2")), value=random.choice("123456"),
                category_id=None if column else "test", column_id=column, on=None if column else day,
                comment=random.choice((None, "dobrze")),
            )  # fmt: skip
        elif kind == 4:
            columns.append((unit, next(new)))
            yield grades.OpenColumn(
                column_id=columns[-1][1], unit_id=unit, assignment_id=assignment, title="Praca",
                category_id="quiz", on=day, counted=random.choice((None, False, True)),
            )  # fmt: skip
        elif kind == 5:
            owner, name = random.choice(columns)
            yield grades.ChangeColumn(
                unit_id=owner, column_id=name, title="Inna", category_id="test", on=day,
                counted=random.choice((None, False, True)),
            )  # fmt: skip
        elif kind == 6:
            owner, name = random.choice(columns)
            later = random.choice((None, date(2025, 10, 7), date(2025, 10, 20)))
            yield grades.SetColumnPublication(unit_id=owner, column_id=name, on=later)
        elif kind == 7:
            yield grades.CorrectGrade(
                class_id="4a", subject_id=subject, pupil_id="p1", grade_id=random.choice(known),
                value=random.choice("123456"), reason="pomyłka",
            )  # fmt: skip
        elif kind == 8:
            yield grades.StrikeOutGrade(
                class_id="4a",
                subject_id=subject,
                pupil_id="p1",
                grade_id=random.choice(known),
                reason="nie ten",
            )
        elif kind == 9:
            yield lessons.HoldLesson(
                unit_id=unit, assignment_id=assignment, on=day, period=random.randint(1, 6), topic="Temat"
            )
            held = lessons.lesson_id(day, 3, assignment)
        elif kind == 10:
            held = lessons.lesson_id(date(2025, 9, 15), 2, "a-maths")
            yield attendance.CorrectAttendance(
                unit_id="4a", lesson_id=held, pupil_id=random.choice(("p1", "p2")),
                type_id=random.choice(("absent", "late", "present")), reason="był",
            )  # fmt: skip
        elif kind == 11:
            yield lessons.RecordTopic(unit_id="4a", lesson_id=held, topic=next(new), reason="zmiana")
        elif kind == 12:
            yield people.RenamePerson(
                person_id=random.choice(("p1", "p2", "t-art")), given_names="Nowe", family_name=next(new)
            )
        elif kind == 13:
            yield behaviour_commands.WriteNote(
                note_id=next(new), class_id="4a", pupil_id=random.choice(("p1", "p2")), text="Pomaga innym",
                category_id=NOTE, on=day,
            )  # fmt: skip
        elif kind == 14:
            yield disputes.AskAboutEntry(
                dispute_id=next(new), class_id="4a", pupil_id="p1", text="Dlaczego?", subject_id="maths",
                grade_id=random.choice(known),
            )  # fmt: skip
        elif kind == 15:
            yield calendar_commands.PlanEntry(
                entry_id=next(new),
                kind=EntryKind.EVENT,
                title="Apel",
                on=day,
                unit_id=random.choice(("4a", "grp")),
            )
        elif kind == 16:
            yield calendar_commands.DeclareFreeDays(
                free_id=next(new), year_id="y25", name="Dzień wolny", starts=day, ends=day
            )
        elif kind < 19:
            known.append(next(new))
            yield grades.GiveGrade(
                grade_id=known[-1], unit_id="4a", class_id="4a", assignment_id="a-maths", on=day,
                pupil_id=random.choice(("p1", "p2")), value=random.choice("123456"), category_id=None,
                kind=random.choice((GradeKind.TERM_PROPOSED, GradeKind.TERM_FINAL)),
            )  # fmt: skip
        else:
            yield classes.RenameClass(class_id="4a", name=random.choice(("4a", "4 sportowa", "4x")))


def queries(who: str, moment: str = "") -> str:
    fields = [
        f"q{number}: {query.replace(' @', moment and f', asOf: {moment}').replace('@', '')}"
        for number, query in enumerate(QUERIES[who])
    ]
    return "{ " + "\n".join(fields) + " }"


@pytest.mark.parametrize("seed", [1, 3])
def test_what_was_shown_then_is_what_is_told_of_then(served: Served, clock: Clock, seed: int) -> None:
    random = Random(seed)
    register = served.system.register("sp1")
    shown: list[tuple[int, datetime, dict[str, Any]]] = []
    for command in commands(random):
        clock.now += timedelta(minutes=random.randint(1, 2000))
        before = served.head()
        register.execute(command, actor=ACTORS.get(type(command), OFFICE))
        if served.head() == before:
            continue
        served.system.follower.run_once("sp1")
        shown.append((served.head(), clock.now, {who: served.data(queries(who), who) for who in QUERIES}))
        if len(shown) == 20:
            break
    clock.now += timedelta(days=40)
    for position, at, answers in shown:
        for moment in (f"{{ position: {position} }}", f'{{ time: "{at.isoformat()}" }}'):
            for who, then in answers.items():
                now = served.data(queries(who, moment), who)
                for name, answer in then.items():
                    assert now[name] == answer, (position, who, name)
    assert len({str(answers) for _, _, answers in shown}) > 12  # they did see something change


def test_before_anything_was_recorded_there_is_nothing(served: Served) -> None:
    moment = '{ time: "2020-01-01T00:00:00Z" }'
    found = served.data(f'{{ schoolYears(school: "sp1", asOf: {moment}) {{ id }} }}', "dir")
    assert found["schoolYears"] == []
    found = served.data(
        f'{{ gradebook(school: "sp1", classId: "4a", asOf: {moment}) {{ cells {{ pupilId }} }} }}', "dir"
    )
    assert found["gradebook"]["cells"] == []


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("{}", "COMMAND.ONE_MOMENT"),
        ('{ position: 1, time: "2025-09-01T00:00:00Z" }', "COMMAND.ONE_MOMENT"),
        ("{ position: 0 }", "COMMAND.UNKNOWN_POSITION"),
        ("{ position: -1 }", "COMMAND.UNKNOWN_POSITION"),
        ("{ position: 1000000 }", "COMMAND.UNKNOWN_POSITION"),
        ('{ time: "2099-01-01T00:00:00Z" }', "COMMAND.FUTURE_TIME"),
    ],
)
def test_a_moment_that_never_was_is_refused(served: Served, moment: str, code: str) -> None:
    for query in (
        'gradebook(school: "sp1", classId: "4a", asOf: @) { classId }',
        'people(school: "sp1", role: PUPIL, asOf: @) { totalCount }',
    ):
        assert served.code(f"{{ {query.replace('@', moment)} }}", "dir") == code


def test_the_past_is_nobody_elses(served: Served) -> None:
    """Who may ask is decided today, and what is foreign stays foreign."""
    moment = "asOf: { position: 30 }"
    for who, query in (
        ("m1", f'gradebook(school: "sp1", classId: "4a", {moment}) {{ classId }}'),
        ("m1", f'pupilGrades(school: "sp1", pupilId: "p3", {moment}) {{ subjectId }}'),
        ("f3", f'pupilGrades(school: "sp1", pupilId: "p3", {moment}) {{ subjectId }}'),
        ("t-other", f'gradebook(school: "sp1", classId: "4a", {moment}) {{ classId }}'),
        ("dir", f'gradebook(school: "sp2", classId: "4a", {moment}) {{ classId }}'),
    ):
        assert served.code(f"{{ {query} }}", who) == "ACCESS.DENIED"
    head = served.head()
    found = served.data(
        f'{{ gradebook(school: "sp1", classId: "4a", asOf: {{ position: {head} }}) {{ cells {{ subjectId }} }} }}',
        "t-maths",
    )
    assert {cell["subjectId"] for cell in found["gradebook"]["cells"]} == {"maths"}


def test_one_field_of_the_past_leaves_the_next_in_the_present(
    served: Served, follow: Callable[[], None]
) -> None:
    head = served.head()
    served.system.register("sp1").execute(classes.RenameClass(class_id="4a", name="4z"), actor=OFFICE)
    follow()
    query = """{ then: class(school: "sp1", classId: "4a", asOf: { position: HEAD }) { name }
                 now: class(school: "sp1", classId: "4a") { name } }"""
    found = served.data(query.replace("HEAD", str(head)), "dir")
    assert found == {"then": {"name": "4a"}, "now": {"name": "4z"}}


def test_too_many_at_once_wait_their_turn(served: Served) -> None:
    gates = served.executor._gates
    query = '{ subjects(school: "sp1", asOf: { position: 9 }) { id } }'
    entered = [gates.folding.entered() for _ in range(4)]
    assert all(gate.__enter__() for gate in entered)
    assert served.code(query, "dir") == "COMMAND.TOO_MANY_AT_ONCE"
    entered[0].__exit__(None, None, None)
    assert served.code(query, "dir") is None
    for gate in entered[1:]:
        gate.__exit__(None, None, None)
    own = [gates.folding_each.entered(served.accounts["dir"]) for _ in range(2)]
    assert all(gate.__enter__() for gate in own)
    assert served.code(query, "dir") == "COMMAND.TOO_MANY_AT_ONCE"
    assert served.code(query, "adm") is None  # two of one account leave room for others
    for gate in own:
        gate.__exit__(None, None, None)
