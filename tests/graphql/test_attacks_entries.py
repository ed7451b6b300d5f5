"""Attacks on what is entered about pupils: grades not published yet, files, registers too new to be known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dziennik.contracts import classes, grades, people, registers, school
from dziennik.contracts.envelope import Role
from dziennik.contracts.registers import RegisterKind
from dziennik.graphql.gates import Shares
from dziennik.projections.stored import TableRows
from tests.graphql.conftest import BEGIN, TODAY, Follow, Served
from tests.graphql.test_registers import give
from tests.graphql.test_year_end import do

MORE = ("q1", "q2", "q3", "q4")


def _enrol(served: Served, *pupils: str) -> None:
    for pupil in pupils:
        give(
            served,
            people.RegisterPerson(
                person_id=pupil, given_names="Jan", family_name=pupil, since=BEGIN, roles=(Role.PUPIL,)
            ),
            classes.EnrolPupil(class_id="4a", pupil_id=pupil, since=BEGIN),
        )


def _grade(pupil: str, value: str, column: str | None = None) -> grades.GiveGrade:
    return grades.GiveGrade(
        grade_id=f"{column or 'g'}-{pupil}",
        unit_id="4a",
        class_id="4a",
        assignment_id="a-maths",
        pupil_id=pupil,
        value=value,
        category_id="quiz",
        on=TODAY,
        column_id=column,
    )


def _bars(served: Served, who: str, pupil: str = "p1") -> dict[str, Any]:
    query = f"""{{ pupilAgainstClass(school: "sp1", pupilId: "{pupil}", classId: "4a", measure: AVERAGE,
      subjectId: "maths") {{ labels series {{ values }} highlighted counted }} }}"""
    found: dict[str, Any] = served.data(query, who)["pupilAgainstClass"]
    return found


def test_no_bar_moves_for_a_grade_that_is_not_published(served: Served, follow: Follow) -> None:
    """p1 has 5, four others 4. A column that families see next week makes p1's average 3 and q1's 2.5."""
    _enrol(served, *MORE)
    give(served, *(_grade(pupil, "4") for pupil in MORE))
    follow()
    before = _bars(served, "m1")
    assert (before["counted"], before["highlighted"]) == (5, 2)
    column = grades.OpenColumn(
        column_id="later", unit_id="4a", assignment_id="a-maths", title="Test", category_id="quiz", on=TODAY
    )
    publish = grades.SetColumnPublication(unit_id="4a", column_id="later", on=TODAY + timedelta(days=7))
    give(served, column, publish, _grade("p1", "1", "later"), _grade("q1", "1", "later"))
    follow()
    assert _bars(served, "m1") == before
    assert _bars(served, "p1") == before
    assert _bars(served, "dir") != before
    assert _bars(served, "t-maths") == _bars(served, "dir")


def test_a_register_too_new_to_be_known_is_closed_in_the_journal_too(served: Served, follow: Follow) -> None:
    """The histories of entries and the past are read from the journal, which is ahead of the read models."""
    give(served, school.IntroduceSubject(subject_id="ped", name="ped", short_name="ped"))
    follow()
    opened = registers.OpenRegister(unit_id="new", year_id="y25", kind=RegisterKind.PEDAGOGUE, name="Nowy")
    teaching = classes.AssignTeaching(
        assignment_id="a-new", unit_id="new", subject_id="ped", teacher_id="t-other", since=BEGIN
    )
    give(served, opened, teaching)  # and no model follows
    head = served.head()
    history = """{ entryHistory(school: "sp1", classId: "new", kind: TEACHING, entryId: "a-new") { what } }"""
    then = f"""{{ class(school: "sp1", classId: "new", asOf: {{position: {head}}}) {{ name }} }}"""
    for query in (history, then):
        assert served.code(query, "aud") == "ACCESS.DENIED"
        assert served.code(query, "dir") is None
    assert served.data(history, "dir")["entryHistory"] == [{"what": "teaching_assigned"}]
    follow()
    for query in (history, then):
        assert served.code(query, "aud") == "ACCESS.DENIED"


def test_the_office_makes_nobody_a_keeper_of_a_pedagogues_register(served: Served, follow: Follow) -> None:
    """Not even an administrator who is a teacher besides: that would open the register to them."""
    opened = registers.OpenRegister(unit_id="ped", year_id="y25", kind=RegisterKind.PEDAGOGUE, name="Pedagog")
    give(served, opened, people.TakeRole(person_id="adm", role=Role.TEACHER, since=BEGIN))
    follow()
    head = served.head()
    teaching = {
        "assignmentId": "x", "unitId": "ped", "subjectId": "maths", "teacherId": "adm", "since": "2025-09-01"
    }  # fmt: skip
    assert do(served, "adm", "assignTeaching", teaching)["code"] == "REGISTERS.NOT_YOUR_REGISTER"
    assert served.head() == head
    assert do(served, "dir", "assignTeaching", {**teaching, "teacherId": "t-other"})["facts"] == 1
    follow()
    entries = """{ counsellingEntries(school: "sp1", classId: "ped", from: "2025-09-01", to: "2026-08-31")
      { totalCount } }"""
    assert served.code(entries, "adm") == "ACCESS.DENIED"
    assert served.code(entries, "t-other") is None


# Who lost the rights over a child speaks for it no more, whatever the command.
SCOPE = {"starts": "2025-10-08", "ends": "2025-10-08"}
OF_THE_CHILD: list[tuple[str, dict[str, Any]]] = [
    ("submitExcuse", {"classId": "4b", "pupilId": "p3", "scope": SCOPE, "text": "Choroba."}),
    ("announceAbsence", {"classId": "4b", "pupilId": "p3", "scope": SCOPE, "reason": "Wyjazd."}),
    ("authoriseCollector", {"unitId": "care", "pupilId": "p3", "since": "2025-10-01", "name": "Ja"}),
    ("askAboutEntry", {"classId": "4b", "pupilId": "p3", "gradeId": "g-b-maths-0", "subjectId": "maths",
                       "text": "Skąd ta ocena?"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given"), OF_THE_CHILD)
@pytest.mark.parametrize("who", ["f3", "m1"])
def test_nobody_speaks_for_a_child_over_whom_they_hold_no_rights(
    served: Served, name: str, given: dict[str, Any], who: str
) -> None:
    head = served.head()
    refused = do(served, who, name, given)
    assert refused["code"] in {
        "ABSENCES.NOT_YOUR_PUPIL",
        "STAYS.NOT_YOURS_TO_AUTHORISE",
        "DISPUTES.NOT_YOUR_ENTRY",
    }, refused
    assert refused["field"] == "pupilId"
    assert served.head() == head


# What one question costs


def test_a_list_asks_as_often_for_many_pupils_as_for_few(
    served: Served, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("_rows", "_find"):
        real = getattr(TableRows, name)

        def counted(self: TableRows, *args: Any, real: Any = real, **more: Any) -> Any:  # noqa: ANN401
            asked.append(real.__name__)
            return real(self, *args, **more)

        monkeypatch.setattr(TableRows, name, counted)
    query = '{ classificationList(school: "sp1", classId: "4a") { rows } }'

    def cost() -> tuple[int, int]:
        asked.clear()
        rows = served.data(query, "dir")["classificationList"]["rows"]
        return len(rows), len(asked)

    cost()  # who asks, and what is restricted, is remembered from now on
    few = cost()
    _enrol(served, *MORE)
    follow()
    cost()
    assert cost() == (few[0] + len(MORE), few[1])


def test_nobody_takes_all_places_alone() -> None:
    shares = Shares(2)
    with shares.entered("m1") as first, shares.entered("m1") as second, shares.entered("m1") as third:
        assert (first, second, third) == (True, True, False)
        with shares.entered("p2") as other:
            assert other
    with shares.entered("m1") as again:
        assert again
    assert not shares._inside
