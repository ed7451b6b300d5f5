"""Attacks with inputs: nothing that can be written in JSON makes a fault, or a fact nobody can project."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)

from dziennik.graphql.schema import SCHEMA
from dziennik.projections.health import health_of
from dziennik.projections.models import MODELS
from tests.graphql.conftest import PASSWORD, Served

ROOTS = SCHEMA._schema
assert ROOTS.query_type is not None
assert ROOTS.mutation_type is not None
QUERY: GraphQLObjectType = ROOTS.query_type
MUTATION: GraphQLObjectType = ROOTS.mutation_type
# What goes into a scalar: at the edges of its range, and what PostgreSQL, XML or a screen trip over.
NASTY: dict[str, list[Any]] = {
    "ID": ["", "\x00", "../../x", "' OR 1=1 --", "x" * 9_000, "\u202ep1", "p1\n", "🙂" * 50, "4a"],
    "String": ["", "\x00", "a\u0000b", "\u202egnp.exe", "\ufffe", "x" * 9_000, "]]>", "\x1b[2J", "🙂"],
    "Int": [0, -1, 1, 2**31 - 1, -(2**31)],
    "Boolean": [True, False],
    "Date": ["0001-01-01", "9999-12-31", "2025-10-01", "1582-10-10"],
    "DateTime": ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00", "2025-10-01T00:00:00Z"],
    "Decimal": ["0", "-1", "999999.999999", "0.000001", "1e12", "-999999999999"],
}


# Ids that there are, by the argument's name: with these the rules themselves are reached.
KNOWN = {
    "unitId": "4a",
    "classId": "4a",
    "fromClassId": "4a",
    "classIds": "4a",
    "assignmentId": "a-maths",
    "pupilId": "p1",
    "pupils": "p1",
    "personId": "p2",
    "teacherId": "t-art",
    "parentId": "m1",
    "yearId": "y25",
    "subjectId": "maths",
    "gradeId": "g-a-art-1",
    "columnId": "c1",
    "categoryId": "test",
    "typeId": "absent",
    "lessonId": "2025-09-15.02.a-maths",
    "termId": "t1",
    "value": "5",
    "kindId": "circle",
    "areaId": "language",
    "toClassId": "4b",
    "supervisorId": "t-maths",
    "coTeacherIds": "t-maths",
    "groupId": "4a",
    "itemIds": "1",
    "planId": "made-1",
    "excuseId": "made-1",
    "exemptionId": "made-1",
    "absenceId": "made-1",
    "announcementId": "made-1",
    "disputeId": "made-1",
    "hoursId": "made-1",
    "auditorId": "aud",
    "on": "2025-10-01",
}

# Texts that are sound, though not every program likes them: the days and numbers beside them are looked at.
SOUND = ["Nazwa", "]]> & <b>", "🙂", "ą" * 200, "'; --"]


def value(kind: Any, turn: int, name: str = "", *, known: bool = False, day: int | None = None) -> Any:  # noqa: ANN401
    """A value of an input type; each turn another one of each scalar. With `day` all days are that one."""
    if isinstance(kind, GraphQLNonNull):
        return value(kind.of_type, turn, name, known=known, day=day)
    if isinstance(kind, GraphQLList):
        return [value(kind.of_type, turn + place, name, known=known, day=day) for place in range(turn % 3)]
    if isinstance(kind, GraphQLInputObjectType):
        fields = enumerate(kind.fields.items())
        return {n: value(field.type, turn + place, n, known=known, day=day) for place, (n, field) in fields}
    if isinstance(kind, GraphQLEnumType):
        return list(kind.values)[turn % len(kind.values)]
    if known and name in KNOWN and kind.name in ("ID", "String"):
        return KNOWN[name]
    if day is not None and kind.name in ("Date", "DateTime"):
        return NASTY[kind.name][day % len(NASTY[kind.name])]
    choices = SOUND if known and kind.name == "String" else NASTY[kind.name]
    return f"made-{turn}" if known and kind.name == "ID" else choices[turn % len(choices)]


def asked(
    name: str, field: GraphQLField, turn: int, *, known: bool = False, day: int | None = None, **own: object
) -> tuple[str, dict[str, Any]]:
    """The field with all of its arguments as variables."""
    given = {
        arg: value(said.type, turn + place, arg, known=known, day=day)
        for place, (arg, said) in enumerate(field.args.items())
    }
    given |= {arg: told for arg, told in own.items() if arg in field.args}
    names = ", ".join(f"${arg}: {field.args[arg].type}" for arg in given)
    passed = ", ".join(f"{arg}: ${arg}" for arg in given)
    kind = get_named_type(field.type)
    below = " { __typename }" if hasattr(kind, "fields") or hasattr(kind, "types") else ""
    heads = (f"({names})", f"({passed})") if given else ("", "")
    return f"{heads[0]} {{ {name}{heads[1]}{below} }}", given


def faults_of(
    served: Served, root: GraphQLObjectType, names: set[str], who: str = "dir", **own: object
) -> list[Any]:
    """What went wrong when each field was asked with everything nasty, about what is there and what is not."""
    kind = "query" if root is QUERY else "mutation"
    found = []
    turns: list[tuple[int, bool, int | None]] = [
        (turn, known, None) for turn in range(9) for known in (False, True)
    ]
    turns += [(turn, True, day) for turn in (1, 2, 3) for day in range(4)]  # lists of 1, 2, 0
    for name, (turn, known, day) in itertools.product(sorted(names), turns):
        query, given = asked(name, root.fields[name], turn, known=known, day=day, **own)
        answer = served.ask(f"{kind} {query}", who, **given)
        assert "errors" not in answer or "extensions" in answer["errors"][0], answer  # reached the resolver
        if "FAULT" in str(answer):
            found.append((name, given, answer))
    return found


def test_no_argument_of_a_query_makes_a_fault(served: Served) -> None:
    assert faults_of(served, QUERY, set(QUERY.fields), school="sp1", afterPosition=None) == []


def test_no_school_makes_a_fault(served: Served) -> None:
    for turn in range(9):
        query, given = asked("subjects", QUERY.fields["subjects"], turn, afterPosition=None)
        code = served.code(f"query {query}", "dir", **given)
        assert code in ("ACCESS.DENIED", "COMMAND.UNWRITABLE_TEXT", "COMMAND.TEXT_TOO_LONG"), given


@pytest.mark.parametrize("who", ["dir", "t-art", "m1"])
def test_no_input_of_a_mutation_makes_a_fault_or_a_fact_that_no_model_takes(served: Served, who: str) -> None:
    names = set(MUTATION.fields) - {"login", "logout", "refresh"}
    own = {"school": "sp1", "idempotencyKey": None, "actingAs": None, "password": PASSWORD}
    before = served.head()
    assert faults_of(served, MUTATION, names, who, **own) == []
    assert served.head() > before or who == "t-art"  # some of it was sound
    served.system.follower.run_once("sp1")
    with psycopg.connect(served.system.conninfo) as connection:
        state = health_of(connection, served.system.register("sp1").journal, MODELS)
    assert state.well, [model for model in state.models if model.parked]
