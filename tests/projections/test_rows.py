"""Rows behave alike in memory and on tables, whatever is put, deleted, undone and written when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dziennik.contracts.facts import Fact
from dziennik.contracts.school import SchoolRenamed
from dziennik.projections.model import ReadModel
from dziennik.projections.places import ensure, read_schema
from dziennik.projections.rows import MemoryRows, Rows, Span
from dziennik.projections.stored import BatchRows, TableRows
from dziennik.projections.tables import Row
from tests.projections.agreement import dropped

THINGS = ReadModel("things", version=1)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@THINGS.table(key=("shelf", "number"), indexes=(("owner", "on"),))
class Thing(Row, frozen=True):
    shelf: str
    number: int
    owner: str | None
    on: date
    colour: Colour = Colour.RED
    price: Decimal | None = None
    seen: datetime | None = None
    tags: tuple[str, ...] = ()
    picture: bytes = b""
    broken: bool = False


DAYS = [date(2026, 9, day) for day in (1, 2, 3)]
OWNERS = ["ó", "o", "z", None]
KEYS = st.tuples(st.sampled_from(["a", "ą", "B"]), st.integers(1, 3))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), KEYS, st.sampled_from(OWNERS), st.sampled_from(DAYS)),
        st.tuples(st.just("delete"), KEYS),
        st.tuples(st.just("find"), st.sampled_from(OWNERS[:3]), st.sampled_from(DAYS)),
        st.tuples(st.just("get"), KEYS),
        st.tuples(st.just("undone put"), KEYS, st.sampled_from(OWNERS), st.sampled_from(DAYS)),
        st.tuples(st.just("undone delete"), KEYS),
        st.tuples(st.just("next batch")),
    ),
    max_size=30,
)


def answers(rows: Rows, step: tuple) -> object:  # type: ignore[type-arg]
    """Do a step; what it answers."""
    match step:
        case ("put" | "undone put", (shelf, number), owner, day):
            rows.put(Thing(shelf, number, owner, day, tags=(str(owner),)))
        case ("delete" | "undone delete", (shelf, number)):
            rows.delete(Thing, shelf, number)
        case ("find", owner, day):
            return [rows.find(Thing, owner=owner, on=Span(day, None)), rows.find(Thing, owner=owner)]
        case ("get", (shelf, number)):
            return [rows.get(Thing, shelf, number), rows.many(Thing, [("B", 1), (shelf, number)])]
    return None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_tables_with_an_overlay_are_like_memory(connection: psycopg.Connection, steps: list) -> None:  # type: ignore[type-arg]
    ensure(connection, "s", [THINGS])
    memory, batch = MemoryRows(), BatchRows(connection, read_schema("s"))
    for step in steps:
        batch.mark()
        if step == ("next batch",):
            batch.flush()
            batch = BatchRows(connection, read_schema("s"))
        elif step[0].startswith("undone"):
            answers(batch, step)
            batch.undo()
        else:
            assert answers(batch, step) == answers(memory, step), step
    batch.flush()
    assert TableRows(connection, read_schema("s")).find(Thing) == memory.find(Thing)
    dropped(connection, "s")


def test_numbers_are_added_up_alike(connection: psycopg.Connection) -> None:
    """A value that is asked for twice counts once, one that there is not gives nothing."""
    ensure(connection, "s", [THINGS])
    memory, batch = MemoryRows(), BatchRows(connection, read_schema("s"))
    for number, (owner, day) in enumerate([("ó", 0), ("ó", 1), ("ó", 1), ("ó", 2), ("z", 0), (None, 0)], 1):
        colour = Colour.BLUE if number == 3 else Colour.RED
        for rows in (memory, batch):
            rows.put(Thing("a", number, owner, DAYS[day], colour))
    batch.flush()
    days = ("on", [DAYS[0], DAYS[1], DAYS[1], date(2026, 12, 1)])
    for lists in (memory, TableRows(connection, read_schema("s"))):
        found = lists.sums(Thing, ("on", "colour"), ("number",), each=days, owner="ó")
        assert found == [(DAYS[0], "red", 1), (DAYS[1], "blue", 3), (DAYS[1], "red", 2)]
        assert lists.sums(Thing, ("owner",), ("number",), each=("owner", ["z", "ó"])) == [("z", 5), ("ó", 10)]
        assert lists.sums(Thing, ("owner",), ("number",), each=("owner", [])) == []
        with pytest.raises(TypeError):
            lists.sums(Thing, ("owner",), ("number",), each=("colour", ["red"]))
    dropped(connection, "s")


def test_every_kind_of_column_comes_back_as_it_was(connection: psycopg.Connection) -> None:
    ensure(connection, "s", [THINGS])
    full = Thing(
        "a",
        1,
        "Żak",
        DAYS[0],
        Colour.BLUE,
        Decimal("4.50"),
        datetime(2026, 9, 1, 8, 0, 0, 123456, tzinfo=UTC),
        ("x", "ł"),
        b"\x00\xff",
        True,
    )
    bare = Thing("a", 2, None, DAYS[1])
    batch = BatchRows(connection, read_schema("s"))
    batch.put(full)
    batch.put(bare)
    batch.flush()
    view = TableRows(connection, read_schema("s"))
    assert view.find(Thing) == [full, bare]
    assert str(view.find(Thing)[0].price) == "4.50"
    assert view.raw(Thing, ("number", "tags"), shelf="a") == [(1, '["x","ł"]'.encode()), (2, b"[]")]


def test_questions_need_an_index_and_keys_a_value() -> None:
    rows = MemoryRows()
    with pytest.raises(TypeError, match="no index on colour"):
        rows.find(Thing, colour=Colour.RED)
    with pytest.raises(TypeError, match="no index on on"):
        rows.find(Thing, on=DAYS[0])
    with pytest.raises(TypeError, match="cannot be keyed or indexed by owner"):
        ReadModel("x", version=1).table(key=("owner",))(Thing)
    with pytest.raises(TypeError, match="cannot be keyed or indexed by nothing"):
        ReadModel("x", version=1).table(key=("shelf",), indexes=(("nothing",),))(Thing)


def test_a_span_holds_both_ends_and_no_nothing() -> None:
    span = Span(DAYS[0], DAYS[1])
    assert [day in span for day in (*DAYS, None)] == [True, True, False, False]
    assert DAYS[2] in Span(DAYS[1], None)


def test_a_fact_is_handled_once_in_a_model() -> None:
    model = ReadModel("x", version=1)

    @model.on(SchoolRenamed)
    def first(rows: Rows, fact: Fact, recorded: object) -> None:
        """Nothing."""

    with pytest.raises(TypeError, match="x handles SchoolRenamed twice"):
        model.on(SchoolRenamed)(first)


def test_rows_do_not_change(connection: psycopg.Connection) -> None:
    thing = Thing("a", 1, None, DAYS[0])
    with pytest.raises(AttributeError):
        thing.number = 2  # type: ignore[misc]
    assert msgspec.structs.replace(thing, number=2) != thing
