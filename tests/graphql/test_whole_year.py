"""A class lives a whole year over HTTP: opened, run, classified, closed, corrected by permission, gone on from.

Director, teachers and a parent give every command as a mutation and look at what follows. 4a: Ada and Bo; Nowak
teaches mathematics and is homeroom teacher, Lis teaches art. The sums are told where the numbers are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from dziennik.accounts.accounts import Accounts
from dziennik.app import System
from dziennik.application.register import Accepted, Register
from dziennik.contracts import people, school
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.graphql.app import create_app
from dziennik.settings import Settings

CLI = Actor(account="cli", role=Role.SYSTEM, channel=Channel.SYSTEM)
PASSWORD = "a long enough password"
AUGUST = date(2025, 8, 20)
RESULT = "... on Accepted { position facts id } ... on Refusal { code field }"
LOGIN = 'mutation ($l: String!) { login(login: $l, password: "%s") { ... on Session { accessToken } } }'


class Life:
    """The school over HTTP, at whatever day it is there."""

    def __init__(self, system: System, client: TestClient) -> None:
        self.system, self.client = system, client
        self.today = AUGUST
        self.position = 0
        self._tokens: dict[str, str] = {}
        system._registers["sp"] = Register(system.journals.school("sp"), now=self.now)

    def now(self) -> datetime:
        return datetime.combine(self.today, time(10), tzinfo=UTC)

    def login(self, who: str) -> None:
        """Give a person an account, as the command line does."""
        account = self.system.accounts.open_account(f"{who}.login", PASSWORD, by=CLI)
        assert isinstance(account, str)
        linked = people.LinkAccount(person_id=who, account_id=account)
        assert isinstance(self.system.register("sp").execute(linked, actor=CLI), Accepted)
        self.system.follower.run_once("sp")
        found = self._post(LOGIN % PASSWORD, None, l=f"{who}.login")
        self._tokens[who] = found["login"]["accessToken"]

    def _post(self, query: str, who: str | None, **variables: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._tokens[who]}"} if who else {}
        answer = self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        body = answer.json()
        assert answer.status_code == 200
        assert "errors" not in body, body["errors"]
        found: dict[str, Any] = body["data"]
        return found

    def tried(self, who: str, name: str, /, **given: object) -> dict[str, Any]:
        """Give a command; the outcome, also a refusal."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f'mutation ($input: {kind}!) {{ {name}(school: "sp", input: $input) {{ {RESULT} }} }}'
        found: dict[str, Any] = self._post(query, who, input=given)[name]
        return found

    def do(self, who: str, name: str, /, **given: object) -> dict[str, Any]:
        """Give a command that is accepted."""
        found = self.tried(who, name, **given)
        assert "code" not in found, (name, found)
        self.position = found["position"]
        return found

    def refused(self, who: str, name: str, /, **given: object) -> str:
        """The code of the refusal; nothing was written."""
        before = self.system.register("sp").journal.position()
        code: str = self.tried(who, name, **given)["code"]
        assert self.system.register("sp").journal.position() == before
        return code

    def see(self, who: str, query: str) -> Any:  # noqa: ANN401
        """One query's answer, as of everything that was done; who may see what follows is known by then."""
        self.system.follower.run_once("sp")
        after = f'school: "sp", afterPosition: {self.position}'
        (found,) = self._post("{ " + query.replace("SP", after) + " }", who).values()
        return found


@pytest.fixture
def life(dsn: str, tmp_path: Path) -> Iterator[Life]:
    settings = Settings(
        data_dir=tmp_path,
        database_url=dsn,
        master_key=bytes(32),
        token_key=bytes(range(32)),
        proof_key=bytes(32),
        push_key=bytes(range(2, 34)),
        proof_dir=tmp_path,
        explore=True,
    )
    system = System(settings, dsn)
    system.accounts.close()
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    system.accounts = Accounts(dsn, system.provider(), settings.token_key, hasher=quick)
    register = system.found("sp")
    for command in (
        school.FoundSchool(school_id="sp", name="Szkoła", short_name="SP"),
        people.RegisterPerson(
            person_id="dir", given_names="Ewa", family_name="Dyr", since=AUGUST, roles=(Role.DIRECTOR,)
        ),
    ):
        assert isinstance(register.execute(command, actor=CLI), Accepted)
    with TestClient(create_app(system)) as client:
        found = Life(system, client)
        found.login("dir")
        yield found
    system.close()


PEOPLE = (
    ("nowak", "Jan", "Nowak", "TEACHER"),
    ("lis", "Ewa", "Lis", "TEACHER"),
    ("ada", "Ada", "Żak", "PUPIL"),
    ("bo", "Bo", "Łoś", "PUPIL"),
    ("mum", "Ola", "Żak", "PARENT"),
)


def opened(life: Life) -> None:
    """August: the year, its people, the class."""
    terms = [
        {"termId": "t1", "name": "I", "starts": "2025-09-01", "ends": "2026-01-31"},
        {"termId": "t2", "name": "II", "starts": "2026-02-01", "ends": "2026-06-26"},
    ]
    year = {"yearId": "y25", "name": "2025/2026", "starts": "2025-09-01", "ends": "2026-08-31"}
    life.do("dir", "openSchoolYear", **year, terms=terms)
    for subject, name in (("mat", "Matematyka"), ("art", "Plastyka")):
        life.do("dir", "introduceSubject", subjectId=subject, name=name, shortName=subject)
    for who, given, family, role in PEOPLE:
        life.do(
            "dir", "registerPerson", personId=who, givenNames=given, familyName=family, since="2025-08-20",
            roles=[role],
        )  # fmt: skip
    life.do(
        "dir", "grantParentalRights", pupilId="ada", parentId="mum", guardianship="PARENT", since="2025-08-20"
    )
    life.do("dir", "openClass", classId="4a", yearId="y25", name="4a", level=4)
    life.do("dir", "appointHomeroomTeacher", classId="4a", teacherId="nowak", since="2025-09-01")
    for pupil in ("ada", "bo"):
        life.do("dir", "enrolPupil", classId="4a", pupilId=pupil, since="2025-09-01")
    for subject, teacher in (("mat", "nowak"), ("art", "lis")):
        life.do(
            "dir", "assignTeaching", assignmentId=f"a-{subject}", unitId="4a", subjectId=subject,
            teacherId=teacher, since="2025-09-01",
        )  # fmt: skip
    for who in ("nowak", "lis", "mum"):
        life.login(who)


def lesson(life: Life, teacher: str, subject: str, on: str, **marks: str) -> str:
    """A lesson held today with its roll call; its id."""
    life.today = date.fromisoformat(on)
    place = {"unitId": "4a", "assignmentId": f"a-{subject}", "on": on, "period": 1}
    life.do(teacher, "holdLesson", **place, topic="Temat", sign=True)
    lesson_id = f"{on}.01.a-{subject}"
    given = [{"pupilId": pupil, "typeId": kind} for pupil, kind in marks.items()]
    life.do(teacher, "callRoll", unitId="4a", lessonId=lesson_id, marks=given)
    return lesson_id


def column(life: Life, teacher: str, subject: str, category: str, on: str, ada: str, bo: str) -> None:
    """A column of two grades, entered the same day."""
    life.today = date.fromisoformat(on)
    key = f"{subject}-{on}"
    life.do(
        teacher, "openColumn", columnId=key, unitId="4a", assignmentId=f"a-{subject}", title=key,
        categoryId=category, on=on,
    )  # fmt: skip
    entries = [
        {"gradeId": f"{key}-{who}", "classId": "4a", "pupilId": who, "value": value}
        for who, value in (("ada", ada), ("bo", bo))
    ]
    life.do(teacher, "fillColumn", unitId="4a", columnId=key, grades=entries)


def autumn(life: Life) -> None:
    lesson(life, "nowak", "mat", "2025-09-08")
    away = lesson(life, "nowak", "mat", "2025-09-15", ada="absent", bo="late")
    lesson(life, "nowak", "mat", "2025-09-22", bo="absent")
    lesson(life, "lis", "art", "2025-09-23", bo="released")
    # Lis is neither the lesson's teacher nor the homeroom teacher: Nowak excuses.
    excused = {"unitId": "4a", "lessonId": away, "pupilId": "ada", "typeId": "absent-excused"}
    assert life.refused("lis", "correctAttendance", **excused, reason="lekarz") == "LESSONS.NOT_YOUR_LESSON"
    life.do("nowak", "correctAttendance", **excused, reason="usprawiedliwienie od mamy")
    column(life, "nowak", "mat", "test", "2025-10-10", "4+", "2")
    column(life, "nowak", "mat", "quiz", "2025-11-07", "3", "1")
    column(life, "lis", "art", "project", "2025-11-12", "6", "3")
    life.do(
        "nowak", "giveGrade", gradeId="again", unitId="4a", classId="4a", assignmentId="a-mat", pupilId="ada",
        value="5", categoryId="quiz", on="2025-11-12", improves="mat-2025-11-07-ada",
    )  # fmt: skip
    life.do(
        "nowak", "writeNote", noteId="n1", classId="4a", pupilId="ada", categoryId="contest", on="2025-11-12",
        text="Konkurs matematyczny.", points=50,
    )  # fmt: skip


def family(life: Life) -> None:
    """The mother sees her child's entries, confirms the note, asks about a grade."""
    cells = life.see("mum", 'pupilGrades(SP, pupilId: "ada") { subjectId average { value } }')
    # Mathematics: 4+ (4.5) weight 5; the 5 counts instead of the 3 it improves, weight 3:
    # (4.5 x 5 + 5 x 3) / 8 = 37.5 / 8 = 4.6875
    assert {c["subjectId"]: c["average"]["value"] for c in cells} == {"art": "6.00", "mat": "4.69"}
    attendance = 'from: "2025-09-01", to: "2025-12-31") { percentage { value present counted leftOut } }'
    # Ada: four lessons, at one of them absent (excused): 3 / 4.
    found = life.see("mum", f'pupilAttendance(SP, pupilId: "ada", yearId: "y25", {attendance}')
    assert found["percentage"] == {"value": "75.0", "present": 3, "counted": 4, "leftOut": 0}
    # Bo: late (counts as there), absent, once present, once released (left out): 2 / 3.
    found = life.see("lis", f'pupilAttendance(SP, pupilId: "bo", yearId: "y25", {attendance}')
    assert found["percentage"] is None  # a teacher of one subject sees no total of all
    found = life.see("nowak", f'pupilAttendance(SP, pupilId: "bo", yearId: "y25", {attendance}')
    assert found["percentage"] == {"value": "66.7", "present": 2, "counted": 3, "leftOut": 1}
    life.do("mum", "acknowledgeNote", classId="4a", pupilId="ada", noteId="n1")
    asked = {"disputeId": "d1", "classId": "4a", "text": "Dlaczego 3?", "subjectId": "mat"}
    stranger = {"pupilId": "bo", "gradeId": "mat-2025-11-07-bo"}
    assert life.refused("mum", "askAboutEntry", **asked, **stranger) == "DISPUTES.NOT_YOUR_ENTRY"
    life.do("mum", "askAboutEntry", **asked, pupilId="ada", gradeId="mat-2025-11-07-ada")
    life.do("nowak", "answerQuestion", classId="4a", disputeId="d1", text="Zgodnie z punktacją.")
    life.do("nowak", "decideDispute", classId="4a", disputeId="d1", outcome="STANDS", text="Ocena zostaje.")


def period(life: Life, kind: str, on: str, mat: tuple[str, str], art: tuple[str, str]) -> None:
    """Proposed or final grades of both subjects."""
    life.today = date.fromisoformat(on)
    for teacher, subject, values in (("nowak", "mat", mat), ("lis", "art", art)):
        entries = [
            {"gradeId": f"{kind}-{subject}-{who}", "classId": "4a", "pupilId": who, "value": value}
            for who, value in zip(("ada", "bo"), values, strict=True)
        ]
        life.do(
            teacher, "givePeriodGrades", unitId="4a", assignmentId=f"a-{subject}", kind=kind, on=on,
            grades=entries,
        )  # fmt: skip


def behaviour(life: Life, kind: str, on: str, ada: str, bo: str, **term: str) -> None:
    marks = [{"pupilId": "ada", "mark": ada}, {"pupilId": "bo", "mark": bo}]
    life.do("nowak", "giveBehaviourGrades", classId="4a", kind=kind, on=on, grades=marks, **term)


def midyear(life: Life) -> None:
    period(life, "TERM_PROPOSED", "2026-01-12", ("5", "2"), ("6", "3"))
    period(life, "TERM_FINAL", "2026-01-26", ("5", "2"), ("6", "3"))
    behaviour(life, "TERM_FINAL", "2026-01-26", "wz", "db", termId="t1")
    life.do(
        "dir", "recordResolution", resolutionId="r1", yearId="y25", number="1", on="2026-01-26",
        text="Klasyfikacja śródroczna", termId="t1",
    )  # fmt: skip
    # The council has decided: the homeroom teacher changes no final grade any more.
    changed = {"classId": "4a", "pupilId": "bo", "kind": "TERM_FINAL", "termId": "t1", "mark": "bdb"}
    code = life.refused("nowak", "correctBehaviourGrade", **changed, reason="pomyłka")
    assert code == "BEHAVIOUR.COUNCIL_HAS_DECIDED"


def summer(life: Life) -> None:
    column(life, "nowak", "mat", "test", "2026-03-20", "5-", "1")
    corrected = {"classId": "4a", "subjectId": "mat", "pupilId": "bo", "gradeId": "mat-2026-03-20-bo"}
    life.do("nowak", "correctGrade", **corrected, value="2-", reason="pomyłka w punktacji")
    query = 'classYear(SP, classId: "4a", subjectId: "mat") { pupilId average { value proposed } atRisk }'
    # Ada: (4.5 x 5 + 5 x 3 + 4.75 x 5) / 13 = 61.25 / 13 = 4.7115; from 4.6 on a 5 is proposed.
    # Bo: (2 x 5 + 1 x 3 + 1.75 x 5) / 13 = 21.75 / 13 = 1.673; from 1.6 on a 2.
    assert life.see("nowak", query) == [
        {"pupilId": "ada", "average": {"value": "4.71", "proposed": "5"}, "atRisk": False},
        {"pupilId": "bo", "average": {"value": "1.67", "proposed": "2"}, "atRisk": False},
    ]
    period(life, "ANNUAL_PROPOSED", "2026-05-25", ("5", "2"), ("6", "3"))
    period(life, "ANNUAL_FINAL", "2026-06-15", ("5", "2"), ("6", "3"))


def ended(life: Life) -> None:
    """June: the register is not closed before all is there, nor the year before its registers."""
    life.today = date(2026, 6, 22)
    assert life.refused("nowak", "closeRegister", classId="4a") == "CLASSIFICATION.YEAR_NOT_OVER"
    behaviour(life, "TERM_FINAL", "2026-06-22", "wz", "db", termId="t2")
    life.today = date(2026, 6, 26)
    assert life.refused("nowak", "closeRegister", classId="4a") == "CLASSIFICATION.REGISTER_INCOMPLETE"
    behaviour(life, "ANNUAL_FINAL", "2026-06-26", "wz", "db")
    # Ada: (5 + 6) / 2 = 5.50 and "wz": with honours. Bo: (2 + 3) / 2 = 2.50.
    honours = [
        {"pupilId": "ada", "outcome": "PROMOTED"},
        {"pupilId": "bo", "outcome": "PROMOTED"},
    ]
    assert (
        life.refused("nowak", "decidePromotions", classId="4a", decisions=honours)
        == "CLASSIFICATION.OUTCOME_DIFFERS"
    )
    honours[0]["outcome"] = "PROMOTED_WITH_HONOURS"
    life.do("nowak", "decidePromotions", classId="4a", decisions=honours)
    year = {"yearId": "y25", "classIds": ["4a"]}
    assert life.refused("dir", "closeSchoolYear", **year) == "CLASSIFICATION.REGISTER_OPEN"
    life.do("nowak", "closeRegister", classId="4a")
    life.today = date(2026, 8, 31)
    life.do("dir", "closeSchoolYear", **year)
    found = life.see("dir", 'closingCheck(SP, yearId: "y25") { closedOn position }')
    assert found == {"closedOn": "2026-08-31", "position": life.position}


def corrected(life: Life) -> None:
    """After that: refused to everybody, until the director permits it to one."""
    life.today = date(2026, 9, 4)
    grade = {"classId": "4a", "subjectId": "mat", "pupilId": "bo", "gradeId": "ANNUAL_FINAL-mat-bo"}
    change = {**grade, "value": "3", "reason": "sprawdzian po zastrzeżeniu"}
    for who in ("nowak", "dir"):
        assert life.refused(who, "correctGrade", **change) == "CLASSIFICATION.YEAR_CLOSED"
    permit = {"unitId": "4a", "personId": "nowak", "until": "2026-09-10", "what": "ocena roczna"}
    basis = {"reason": "zastrzeżenie rodziców", "legalBasis": "art. 44n"}
    life.do("dir", "permitCorrection", **permit, **basis)
    assert life.refused("dir", "correctGrade", **change) == "CLASSIFICATION.YEAR_CLOSED"
    life.do("nowak", "correctGrade", **change)
    history = life.see(
        "dir", 'gradeHistory(SP, pupilId: "bo", gradeId: "ANNUAL_FINAL-mat-bo") { what old new reason }'
    )
    assert history == [
        {"what": "grade_given", "old": None, "new": "2", "reason": None},
        {"what": "grade_corrected", "old": "2", "new": "3", "reason": "sprawdzian po zastrzeżeniu"},
    ]


def gone_on(life: Life) -> None:
    """The next year takes over the rules, the class goes on numbered by name, with who teaches it."""
    year = {"yearId": "y26", "name": "2026/2027", "starts": "2026-09-01", "ends": "2027-08-31"}
    terms = [{"termId": "t3", "name": "I", "starts": "2026-09-01", "ends": "2027-06-25"}]
    life.do("dir", "openSchoolYear", **year, terms=terms)
    life.do(
        "dir", "promoteClass", fromClassId="4a", classId="5a", yearId="y26", name="5a", byName=True,
        teaching=True,
    )  # fmt: skip
    # Łoś comes before Żak.
    pupils = life.see("nowak", 'classPupils(SP, classId: "5a") { number pupilId }')
    assert pupils == [{"number": 1, "pupilId": "bo"}, {"number": 2, "pupilId": "ada"}]
    mine = life.see("lis", 'myAssignments(school: "sp") { id unitId }')
    assert {"id": "5a.teaching-2", "unitId": "5a"} in mine


def looked_back(life: Life) -> None:
    """Statistics of the closed year, by its own rules."""
    query = 'schoolStatistic(SP, yearId: "y25", kind: %s) { labels series { values } }'
    found = life.see("dir", query % "AVERAGES_BY_SUBJECT")
    # Mathematics: (4.71 + 1.67) / 2 = 3.19; art: (6.00 + 3.00) / 2 = 4.50
    assert dict(zip(found["labels"], found["series"][0]["values"], strict=True)) == {
        "Matematyka": "3.19",
        "Plastyka": "4.50",
    }
    found = life.see("dir", query % "ANNUAL_FINALS")
    # 5 and 6 of Ada; 3 (corrected from 2) and 3 of Bo
    assert dict(zip(found["labels"], found["series"][0]["values"], strict=True)) == {
        "1": "0", "2": "0", "3": "2", "4": "0", "5": "1", "6": "1",
    }  # fmt: skip


def listed(life: Life) -> None:
    """The council's lists: mid-year, the year, promotions."""
    columns = "columns rows csv"
    found = life.see("nowak", f'classificationList(SP, classId: "4a", termId: "t1") {{ {columns} }}')
    # Ada: (5 + 6) / 2; Bo: (2 + 3) / 2
    assert found["columns"] == ["Nr", "Uczeń", "Matematyka", "Plastyka", "Zachowanie", "Średnia"]
    assert found["rows"] == [
        ["1", "Żak Ada", "5", "6", "wz", "5,50"],
        ["2", "Łoś Bo", "2", "3", "db", "2,50"],
    ]
    assert found["csv"].splitlines()[1] == '1,Żak Ada,5,6,wz,"5,50"'
    found = life.see("dir", f'classificationList(SP, classId: "4a") {{ {columns} }}')
    # Bo's 2 was corrected to a 3: (3 + 3) / 2; the decision stays
    assert found["rows"] == [
        ["1", "Żak Ada", "5", "6", "wz", "5,50", "promocja z wyróżnieniem"],
        ["2", "Łoś Bo", "3", "3", "db", "3,00", "promocja"],
    ]
    found = life.see("dir", f'promotionList(SP, yearId: "y25") {{ {columns} }}')
    # What was decided on: the averages of June
    assert found["rows"] == [
        ["4a", "1", "Żak Ada", "5,50", "wz", "promocja z wyróżnieniem"],
        ["4a", "2", "Łoś Bo", "2,50", "db", "promocja"],
    ]
    midyear = 'schoolStatistic(SP, yearId: "y25", kind: MIDYEAR) { labels series { name values } counted }'
    assert life.see("dir", midyear) == {
        "labels": ["4a"],
        "series": [{"name": "bez ocen niedostatecznych", "values": ["2"]}],
        "counted": 2,
    }
    found = life.see("dir", "outcomesCompared(SP) { labels series { name values } }")
    assert found == {
        "labels": ["2025/2026", "2026/2027"],
        "series": [
            {"name": "promocja z wyróżnieniem", "values": ["1", "0"]},
            {"name": "promocja", "values": ["1", "0"]},
        ],
    }


def remembered(life: Life) -> None:
    """What happened to entries, by whom."""
    shown = "{ what personId role reason fields { name old new } }"
    note = f'entryHistory(school: "sp", classId: "4a", kind: NOTE, entryId: "n1", ofPupil: "ada") {shown}'
    written, seen = life.see("dir", note)
    assert (written["what"], written["personId"], written["role"]) == ("note_written", "nowak", "TEACHER")
    assert {"name": "text", "old": None, "new": "Konkurs matematyczny."} in written["fields"]
    assert (seen["what"], seen["personId"], seen["role"]) == ("note_acknowledged", "mum", "PARENT")
    lesson_of = 'classId: "4a", kind: LESSON, entryId: "2025-09-15.01.a-mat"'
    found = life.see("dir", f'entryHistory(school: "sp", {lesson_of}) {shown}')
    assert [one["what"] for one in found] == [
        "lesson_held",
        "lesson_signed",
        "roll_called",
        "absence_recorded",
        "lateness_recorded",
        "attendance_corrected",
    ]
    assert found[-1]["reason"] == "usprawiedliwienie od mamy"
    assert found[-1]["fields"] == [
        {"name": "type_id", "old": "absent", "new": "absent-excused"},
        {"name": "kind", "old": "absent", "new": "absent_excused"},
    ]


def test_a_class_lives_a_whole_year_over_http(life: Life) -> None:
    for part in (
        opened,
        autumn,
        family,
        midyear,
        summer,
        ended,
        corrected,
        gone_on,
        looked_back,
        listed,
        remembered,
    ):
        part(life)
