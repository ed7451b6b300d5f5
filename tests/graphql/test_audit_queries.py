"""Who changed what, when and why; what differs between two moments; facts with their whole envelope."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import classes, grades, registers
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.registers import RegisterKind
from tests.graphql.conftest import OFFICE, Follow, Served

EVER = 'from: "2025-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z"'
CHANGE = "position entry what role channel account personId onBehalfOf old new reason"


def done(served: Served, command: Command, actor: Actor = OFFICE, **origin: str) -> int:
    outcome = served.system.register("sp1").execute(command, actor=actor, **origin)
    assert isinstance(outcome, Accepted), outcome
    return outcome.position


def changes(served: Served, query: str) -> list[dict[str, Any]]:
    [found] = served.data(f"{{ {query} {{ totalCount edges {{ node {{ {CHANGE} }} }} }} }}", "dir").values()
    nodes = [edge["node"] for edge in found["edges"]]
    assert found["totalCount"] == len(nodes)
    return nodes


def test_a_pupils_history_is_the_pupils(served: Served, follow: Follow) -> None:
    teacher = Actor(
        account=served.accounts["t-maths"], role=Role.TEACHER, person="t-maths", channel=Channel.CARD
    )
    give = grades.GiveGrade(
        grade_id="new",
        unit_id="4a",
        class_id="4a",
        assignment_id="a-maths",
        pupil_id="p1",
        value="3",
        category_id="test",
        on=date(2025, 9, 20),
    )
    position = done(served, give, teacher)
    follow()
    rows = changes(served, f'pupilHistory(school: "sp1", pupilId: "p1", {EVER}, first: 200)')
    assert {row["entry"].split("/")[0] for row in rows} == {"grade", "mark"}
    assert not [row for row in rows if row["entry"].startswith("grade/g-b-maths")]  # p3's
    assert rows[-1] == {
        "position": position, "entry": "grade/new", "what": "grade_given", "role": "TEACHER", "channel": "CARD",
        "account": served.accounts["t-maths"], "personId": "t-maths", "onBehalfOf": None,
        "old": None, "new": "3", "reason": None,
    }  # fmt: skip
    assert [row["position"] for row in rows] == sorted(row["position"] for row in rows)
    only = changes(
        served,
        f'pupilHistory(school: "sp1", pupilId: "p1", {EVER}, what: ["grade_corrected", "grade_struck_out"])',
    )
    assert [(row["what"], row["reason"]) for row in only] == [
        ("grade_corrected", "pomyłka"), ("grade_struck_out", "nie ten uczeń"),
    ]  # fmt: skip
    none = changes(
        served,
        'pupilHistory(school: "sp1", pupilId: "p1", from: "2020-01-01T00:00:00Z", to: "2020-02-01T00:00:00Z")',
    )
    assert none == []


def test_a_teachers_history_is_what_that_account_wrote(served: Served, follow: Follow) -> None:
    for person, number in (("t-maths", 1), ("t-art", 2)):
        subject = person.removeprefix("t-")
        actor = Actor(account=served.accounts[person], role=Role.TEACHER, person=person)
        give = grades.GiveGrade(
            grade_id=f"new{number}", unit_id="4a", class_id="4a", assignment_id=f"a-{subject}", pupil_id="p1",
            value="3", category_id="test", on=date(2025, 9, 20),
        )  # fmt: skip
        done(served, give, actor)
    follow()
    assert [
        row["entry"] for row in changes(served, f'teacherHistory(school: "sp1", teacherId: "t-art", {EVER})')
    ] == ["grade/new2"]
    assert changes(served, f'teacherHistory(school: "sp1", teacherId: "nobody", {EVER})') == []


def test_the_difference_between_two_moments(served: Served, follow: Follow) -> None:
    """g-a-maths-1 corrected twice, g-a-art-0 struck out, one entered, one entered and struck out; others stay."""
    before = served.head()
    give: dict[str, Any] = {
        "unit_id": "4a",
        "class_id": "4a",
        "assignment_id": "a-art",
        "pupil_id": "p2",
        "category_id": "test",
        "on": date(2025, 9, 20),
    }
    maths: dict[str, Any] = {
        "class_id": "4a",
        "subject_id": "maths",
        "pupil_id": "p1",
        "grade_id": "g-a-maths-1",
    }
    done(served, grades.GiveGrade(grade_id="in", value="5", **give))
    done(served, grades.CorrectGrade(value="2", reason="jeden", **maths))
    middle = done(served, grades.CorrectGrade(value="3", reason="dwa", **maths))
    done(
        served,
        grades.StrikeOutGrade(
            class_id="4a", subject_id="art", pupil_id="p1", grade_id="g-a-art-0", reason="x"
        ),
    )
    done(served, grades.GiveGrade(grade_id="out", value="1", **give))
    after = done(
        served,
        grades.StrikeOutGrade(class_id="4a", subject_id="art", pupil_id="p2", grade_id="out", reason="y"),
    )
    follow()

    def difference(first: int, last: int) -> list[tuple[str, str | None, str | None, int]]:
        moments = f"from: {{ position: {first} }}, to: {{ position: {last} }}"
        query = f'{{ classDifference(school: "sp1", classId: "4a", {moments}) {{ edges {{ node {{ entry was now changes {{ position }} }} }} }} }}'
        nodes = [edge["node"] for edge in served.data(query, "dir")["classDifference"]["edges"]]
        return [(node["entry"], node["was"], node["now"], len(node["changes"])) for node in nodes]

    assert difference(before, after) == [
        ("grade/g-a-art-0", "4+", None, 1),
        ("grade/g-a-maths-1", "np", "3", 2),
        ("grade/in", None, "5", 1),
        ("grade/out", None, None, 2),
    ]
    assert difference(middle, after) == [("grade/g-a-art-0", "4+", None, 1), ("grade/out", None, None, 2)]
    assert difference(after, after) == []


def test_facts_come_with_their_whole_envelope(served: Served) -> None:
    rename = classes.RenameClass(class_id="4a", name="4z")
    position = done(served, rename, command_id="k1", correlation_id="batch-7", causation_id="scan-3")
    query = """{ journalFacts(school: "sp1", correlationId: "batch-7") { head nextAfter facts { position stream version name
      recordedAt account role channel personId onBehalfOf commandId correlationId causationId content } } }"""
    found = served.data(query, "aud")["journalFacts"]
    [fact] = found["facts"]
    assert json.loads(fact.pop("content")) == {"class_id": "4a", "name": "4z", "level": None}
    assert (found["head"], found["nextAfter"]) == (position, None)
    assert fact == {
        "position": position, "stream": "year/4a/register", "version": fact["version"], "name": "classes.class_renamed.1",
        "recordedAt": "2025-10-06T09:00:00Z", "account": "cli", "role": "SYSTEM", "channel": "SYSTEM", "personId": None,
        "onBehalfOf": None, "commandId": "k1", "correlationId": "batch-7", "causationId": "scan-3",
    }  # fmt: skip


def test_facts_are_turned_page_by_page(served: Served) -> None:
    seen: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        query = f'{{ journalFacts(school: "sp1", first: 7, after: {after}, prefix: "year/4a/grades/") {{ nextAfter facts {{ position stream }} }} }}'
        page = served.data(query, "dir")["journalFacts"]
        seen += page["facts"]
        after = page["nextAfter"]
    expected = [
        (one.position, one.stream)
        for one in served.system.journals.school("sp1").read(0)
        if one.stream.startswith("year/4a/grades/")
    ]
    assert [(one["position"], one["stream"]) for one in seen] == expected
    assert len(expected) == 8
    for first in (0, 201):
        assert (
            served.code(f'{{ journalFacts(school: "sp1", first: {first}) {{ head }} }}', "dir")
            == "COMMAND.PAGE_SIZE"
        )


def test_what_is_closed_to_an_auditor_stays_closed(served: Served, follow: Follow) -> None:
    """A pedagogue's register: the director sees its facts, an auditor whom nobody admitted does not."""
    opened = registers.OpenRegister(unit_id="ped", year_id="y25", kind=RegisterKind.PEDAGOGUE, name="Pedagog")
    done(served, opened)
    follow()
    query = '{ journalFacts(school: "sp1", prefix: "year/ped/") { facts { name } } }'
    assert len(served.data(query, "dir")["journalFacts"]["facts"]) == 1
    assert served.data(query, "aud")["journalFacts"]["facts"] == []


@pytest.mark.parametrize("who", ["m1", "p1", "t-maths", "adm"])
def test_the_journal_is_for_directors_and_auditors(served: Served, who: str) -> None:
    assert served.code('{ journalFacts(school: "sp1") { head } }', who) == "ACCESS.DENIED"


def test_the_beginning_is_known(served: Served) -> None:
    first = served.data(
        '{ journalFacts(school: "sp1", first: 1) { nextAfter facts { position name } } }', "dir"
    )
    assert first["journalFacts"] == {
        "nextAfter": 1,
        "facts": [{"position": 1, "name": "school.school_founded.1"}],
    }
