"""Auditors' looks are on record, and whoever opens a closed register; the director sees who looked at what."""

from __future__ import annotations

from typing import Any

from dziennik.application.register import Accepted
from dziennik.contracts import registers
from dziennik.contracts.registers import RegisterKind
from tests.graphql.conftest import OFFICE, Follow, Served

GRADES = '{ pupilGrades(school: "sp1", pupilId: "p1") { subjectId } }'


def looks(served: Served) -> list[dict[str, Any]]:
    query = '{ looks(school: "sp1") { edges { node { at role personId asked classId pupilId } } } }'
    return [edge["node"] for edge in served.data(query, "dir")["looks"]["edges"]]


def test_each_look_of_an_auditor_is_on_record(served: Served) -> None:
    head = served.head()
    served.data(GRADES, "aud")
    served.data(
        '{ a: gradebook(school: "sp1", classId: "4a") { classId } b: schoolYears(school: "sp1") { id } }',
        "aud",
    )
    found = looks(served)
    assert [(look["asked"], look["classId"], look["pupilId"]) for look in found] == [
        ("pupilGrades", None, "p1"),
        ("gradebook", "4a", None),
        ("schoolYears", None, None),
    ]
    assert {(look["role"], look["personId"]) for look in found} == {("AUDITOR", "aud")}
    assert served.head() == head  # the school's own journal holds what the school does


def test_others_looks_at_common_registers_are_not(served: Served) -> None:
    for who in ("dir", "t-maths", "m1", "p1"):
        served.data(GRADES, who)
    assert looks(served) == []


def test_a_look_that_was_denied_is_none(served: Served) -> None:
    assert (
        served.code('{ pupilGrades(school: "sp2", pupilId: "p1") { subjectId } }', "aud") == "ACCESS.DENIED"
    )
    assert (
        served.code('{ classPupils(school: "sp1", classId: "nowhere") { pupilId } }', "m1") == "ACCESS.DENIED"
    )
    assert looks(served) == []


def test_who_opens_a_closed_register_is_on_record(served: Served, follow: Follow) -> None:
    opened = registers.OpenRegister(unit_id="ped", year_id="y25", kind=RegisterKind.PEDAGOGUE, name="Pedagog")
    assert isinstance(served.system.register("sp1").execute(opened, actor=OFFICE), Accepted)
    follow()
    served.data('{ class(school: "sp1", classId: "ped") { name } }', "dir")
    assert served.code('{ class(school: "sp1", classId: "ped") { name } }', "t-maths") == "ACCESS.DENIED"
    assert [(look["role"], look["asked"], look["classId"]) for look in looks(served)] == [
        ("DIRECTOR", "class", "ped")
    ]
