"""The wall in the database: it stands when the application's own check does not."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType

from dziennik.graphql import who_may
from dziennik.graphql.context import Context
from dziennik.graphql.granting import EVERYTHING
from dziennik.graphql.schema import SCHEMA
from dziennik.projections import mailboxes, messages
from dziennik.projections.gradebook import Cell
from dziennik.projections.models import MODELS
from dziennik.projections.people import Person
from dziennik.projections.places import read_schema, statements_of
from dziennik.projections.stored import TableRows
from dziennik.projections.tables import ALL_ROWS
from dziennik.projections.wall_check import faults_in_walls
from dziennik.projections.walls import READER, Reading, Wall, Within
from tests.graphql.conftest import Follow, Served
from tests.graphql.test_who_may import ALLOWED
from tests.graphql.test_year_end import do

DAYS = 'from: "2025-09-01", to: "2025-10-31"'
MOMENTS = 'from: "2025-01-01T00:00:00Z", to: "2026-09-01T00:00:00Z"'
# About p3 of 4b, who is no child of m1's; what a director is told, and what of it names p3.
ASKED = {
    "pupilGrades": 'pupilGrades(school: "sp1", pupilId: "p3") { subjectId grades { value } }',
    "pupil": 'pupil(school: "sp1", pupilId: "p3") { familyName birthDate }',
    "gradebook": 'gradebook(school: "sp1", classId: "4b") { cells { pupilId grades { value } } }',
    "attendanceSheet": f'attendanceSheet(school: "sp1", classId: "4b", {DAYS}) {{ marks {{ pupilId }} }}',
    "pupilAttendance": f'pupilAttendance(school: "sp1", pupilId: "p3", yearId: "y25", {DAYS}) {{ marks {{ lessonId }} }}',
    "pupilHistory": f'pupilHistory(school: "sp1", pupilId: "p3", {MOMENTS}) {{ edges {{ node {{ entry }} }} }}',
    "gradeHistory": 'gradeHistory(school: "sp1", pupilId: "p3", gradeId: "g-b-maths-0") { what }',
    "classPupils": 'classPupils(school: "sp1", classId: "4b") { pupilId number }',
    "people": 'people(school: "sp1", role: PUPIL) { edges { node { personId familyName } } }',
}


def told(served: Served, who: str) -> dict[str, str]:
    """What each question gives, as text; faults of an answer that lacks a row tell nothing either."""
    answers = {name: served.ask(f"{{ {query} }}", who) for name, query in ASKED.items()}
    return {name: json.dumps(answer.get("data"), ensure_ascii=False) for name, answer in answers.items()}


def empty(value: Any) -> bool:  # noqa: ANN401
    """Whether nothing is told anywhere in it."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return value is None if inside is None else all(empty(one) for one in inside)


@pytest.mark.parametrize("who", ["m1", "p1", "f3"])
def test_with_the_check_switched_off_families_see_no_other_child(
    served: Served, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    assert not any(empty(json.loads(text)) for text in told(served, "dir").values())
    monkeypatch.setattr(who_may, "grant", lambda *_: EVERYTHING)
    own = 'pupilGrades(school: "sp1", pupilId: "p1") { grades { value } }'
    assert empty(served.data(f"{{ {own} }}", who)) == (
        who == "f3"
    )  # the father's rights ended: no child is his
    for name, text in told(served, who).items():
        if name == "people":
            assert "p3" not in text
            assert "p2" not in text
        else:
            assert empty(json.loads(text)), (name, text)


def selection(kind: Any, depth: int = 5) -> str | None:  # noqa: ANN401
    """All fields that need no argument, as deep as that."""
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    if not isinstance(kind, GraphQLObjectType):
        return ""
    if not depth:
        return None
    fields = {name: selection(field.type, depth - 1) for name, field in kind.fields.items()}
    inside = [f"{name} {below}" for name, below in fields.items() if below is not None]
    return f"{{ {' '.join(inside)} }}"


def test_with_the_check_switched_off_teachers_see_no_other_class(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(who_may, "grant", lambda *_: EVERYTHING)
    for name, text in told(served, "t-art").items():
        if name == "people":
            assert "p1" in text
            assert "p3" not in text
        else:
            assert empty(json.loads(text)), (name, text)
    assert not any(empty(json.loads(text)) for text in told(served, "t-other").values())
    own = 'pupilGrades(school: "sp1", pupilId: "p1") { grades { value } }'
    assert [empty(served.data(f"{{ {own} }}", who)) for who in ("t-art", "t-other")] == [False, True]


ASKERS = {
    "dir": Within("dir", None, True, None),
    "adm": Within("adm", None, True),
    "m1": Within("m1", frozenset({"m1", "p1"})),
    "t-art": Within("t-art", frozenset({"t-art"}), True, frozenset({"4a"}), frozenset({"p1", "p2"})),
}


@pytest.mark.parametrize("who", ASKERS)
def test_nobody_sees_what_others_wrote_whatever_is_asked(served: Served, follow: Follow, who: str) -> None:
    """Another's mailbox is asked for, as if the application took them for its owner."""
    letter = {"subject": "Prywatne", "body": "Sprawa poufna.", "recipientIds": ["t-maths"]}
    sent = do(served, "t-other", "sendMessage", letter)["id"]
    follow()
    with served.system.read_models.views() as view_of:
        view = view_of(Wall("sp1", ASKERS[who]))
        assert mailboxes.letters_of(view, "t-maths", sent) == []
        assert mailboxes.found_letters(view, "t-maths", "poufna", 10) == []
        assert mailboxes.conversations(view, "t-maths", "last", 10) == []
        assert mailboxes.threads(view, [sent]) == {}
        assert mailboxes.mailboxes(view, ["t-maths"]) == {}
        assert view.find(messages.Message, thread_id=sent) == []
        own = view_of(Wall("sp1", Within("t-maths", frozenset({"t-maths"}), True)))
        ((got, message),) = mailboxes.letters(own, mailboxes.letters_of(own, "t-maths", sent))
        assert (got.sender_id, message.body) == ("t-other", "Sprawa poufna.")
        assert list(mailboxes.threads(own, [sent])) == [sent]


def test_the_director_sees_of_a_thread_what_was_reported_alone(served: Served, follow: Follow) -> None:
    letter = {"subject": "Zgłoszone", "body": "Obraźliwe.", "recipientIds": ["t-maths"]}
    sent = do(served, "t-other", "sendMessage", letter)["id"]
    follow()
    with served.system.read_models.view("sp1") as everything:
        (first,) = everything.find(messages.Message, thread_id=sent)
    reply = {"threadId": sent, "replyTo": first.message_id, "body": "Nie na temat."}
    do(served, "t-maths", "replyToMessage", reply)
    report = {"threadId": sent, "messageId": first.message_id, "reason": "obraza"}
    do(served, "t-maths", "reportAbuse", report)
    follow()
    with served.system.read_models.views() as view_of:
        seen = {}
        for who, within in {**ASKERS, "t-maths": Within("t-maths", frozenset(), True)}.items():
            view = view_of(Wall("sp1", within))
            bodies = sorted(row.body for row in view.find(messages.Message, thread_id=sent))
            seen[who] = (bodies, len(mailboxes.reports(view)))
    assert seen == {
        "dir": (["Obraźliwe."], 1),
        "adm": ([], 0),
        "m1": ([], 0),
        "t-art": ([], 0),
        "t-maths": (["Nie na temat.", "Obraźliwe."], 1),
    }


@pytest.mark.parametrize("who", ["m1", "p1", "t-maths", "t-art", "adm"])
def test_the_wall_hides_nothing_that_one_may_see(
    served: Served, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """Every query with every field: the same bytes as without a wall."""
    query_type = SCHEMA._schema.query_type
    assert query_type is not None
    walled = Context._wall
    asked = 0
    for name, (query, allowed) in ALLOWED.items():
        if who not in allowed:
            continue
        whole = f"{{ {query.partition(' {')[0]} {selection(query_type.fields[name].type)} }}"
        monkeypatch.setattr(Context, "_wall", walled)
        behind = served.ask(whole, who)
        monkeypatch.setattr(Context, "_wall", lambda _, school: Wall(school))
        assert behind == served.ask(whole, who), name
        asked += "errors" not in behind
    assert asked > 30


def test_a_session_sees_one_school_and_what_it_says(served: Served) -> None:
    """Every table of every read model: nothing of another school; of pupils those whom the session names."""
    with Reading.connect(served.system.conninfo, autocommit=True) as connection:
        seen = {"other": 0, "all": 0, "child": 0}
        for each in (one for model in MODELS for one in statements_of(model, read_schema("sp1"))):
            row = each.table.row
            everything = TableRows(connection, read_schema("sp1"), wall=Wall("sp1")).find(row)
            child = TableRows(
                connection, read_schema("sp1"), wall=Wall("sp1", Within("p1", frozenset({"p1"})))
            ).find(row)
            other = TableRows(connection, read_schema("sp1"), wall=Wall("sp2")).find(row)
            seen["all"] += len(everything)
            seen["child"] += len(child)
            seen["other"] += len(other)
            if "pupil_id" in row.__struct_fields__:
                assert {one.pupil_id for one in child} <= {"p1", None}  # type: ignore[attr-defined]
            elif each.table.families == ALL_ROWS:
                assert child == everything
        assert seen["other"] == 0
        assert 0 < seen["child"] < seen["all"]
    with psycopg.connect(served.system.conninfo, autocommit=True) as connection:
        connection.execute(f"SET ROLE {READER}")
        assert connection.execute(f"SELECT count(*) FROM read_sp1.{Person.declared.name}").fetchone() == (0,)


def test_doctor_finds_a_wall_that_was_taken_down(served: Served) -> None:
    with psycopg.connect(served.system.conninfo, autocommit=True) as connection:

        def found() -> list[tuple[str, str]]:
            return list(faults_in_walls(connection, "sp1", MODELS))

        assert found() == []
        cell = f"read_sp1.{Cell.declared.name}"
        connection.execute(f"ALTER TABLE {cell} DISABLE ROW LEVEL SECURITY")
        assert found() == [
            ("DOCTOR.READ_WALL_MISSING", cell),
            ("DOCTOR.READ_WALL_OPEN", f"{cell} (-, -, -, -)"),
            ("DOCTOR.READ_WALL_OPEN", f"{cell} (not-sp1, *, *, *)"),
            ("DOCTOR.READ_WALL_OPEN", f"{cell} (sp1, nobody-at-all, -, -)"),
            ("DOCTOR.READ_WALL_OPEN", f"{cell} (sp1, nobody-at-all, -, nobody-at-all)"),
        ]
        connection.execute(f"ALTER TABLE {cell} ENABLE ROW LEVEL SECURITY")
        connection.execute(f"CREATE POLICY more ON {cell} FOR SELECT TO {READER} USING (true)")
        assert ("DOCTOR.READ_WALL_MISSING", cell) in found()
        connection.execute(f"DROP POLICY more ON {cell}; DROP POLICY wall ON {cell}")
        assert found() == [("DOCTOR.READ_WALL_MISSING", cell)]
