"""A batch is taken whole and once, whatever happens around it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from dziennik.projections.batches import Batches, PositionMoved
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.model import ReadModel
from dziennik.projections.models import MODELS
from dziennik.projections.places import ShapeChanged, ensure, prune, read_schema
from dziennik.projections.progress import Progress
from dziennik.projections.stored import TableRows
from dziennik.projections.work import SchoolWork
from tests.projections.agreement import contents, feed, in_memory, stored
from tests.projections.histories import Year
from tests.projections.listed import Listed

STEPS = [step * 997 % 14_000 for step in range(60)]


def silent() -> Progress:
    """For work that nobody waits for."""
    return Progress(lambda *_: 0)


def work(connection: psycopg.Connection, journal: Listed) -> SchoolWork:
    ensure(connection, journal.school_id, MODELS)
    return SchoolWork(connection, journal, MODELS, silent())


def test_a_crash_before_the_commit_leaves_nothing_and_the_next_run_goes_on(
    dsn: str, connection: psycopg.Connection
) -> None:
    history = Year().live(STEPS)
    journal = Listed("s", history.recorded)
    ensure(connection, "s", [GRADEBOOK])
    batches = Batches(connection, "s", GRADEBOOK)
    half = len(history.recorded) // 2
    batches.apply(journal.follow(0, half), 0, half)
    before = stored(dsn, "s", GRADEBOOK)
    with psycopg.connect(dsn) as doomed:
        doomed.execute("SELECT 1")  # begins a transaction around the batch's own: it never commits
        Batches(doomed, "s", GRADEBOOK).apply(journal.follow(half, 1000), half, journal.position())
        doomed.rollback()
    assert stored(dsn, "s", GRADEBOOK) == before != in_memory(GRADEBOOK, history)
    batches.apply(journal.follow(half, 1000), half, journal.position())
    assert stored(dsn, "s", GRADEBOOK) == in_memory(GRADEBOOK, history)


def test_two_followers_of_one_school_apply_each_fact_once(dsn: str, connection: psycopg.Connection) -> None:
    history = Year().live(STEPS)
    journal = Listed("s", history.recorded)
    with psycopg.connect(dsn, autocommit=True) as other:
        first, second = work(connection, journal), work(other, journal)
        while min(first.lowest(), second.lowest()) < journal.position():
            first.step(5)
            second.step(3)
    for model in MODELS:
        assert stored(dsn, "s", model) == in_memory(model, history), model.name


def test_a_position_that_moved_is_told_and_nothing_is_written(
    dsn: str, connection: psycopg.Connection
) -> None:
    history = Year().live(STEPS)
    journal = Listed("s", history.recorded)
    feed(connection, journal, GRADEBOOK, [1000])
    before = stored(dsn, "s", GRADEBOOK)
    with pytest.raises(PositionMoved):
        Batches(connection, "s", GRADEBOOK).apply(journal.follow(0, 10), 0, 10)
    assert stored(dsn, "s", GRADEBOOK) == before


def test_schools_do_not_mix(dsn: str, connection: psycopg.Connection) -> None:
    feed(connection, Listed("one", Year().live(STEPS).recorded), GRADEBOOK, [1000])
    feed(connection, Listed("two", Year().live([]).recorded), GRADEBOOK, [1000])
    assert stored(dsn, "two", GRADEBOOK) == in_memory(GRADEBOOK, Year().live([]))


def test_other_columns_need_another_version(connection: psycopg.Connection) -> None:
    ensure(connection, "s", [GRADEBOOK])
    narrower = ReadModel("gradebook", version=GRADEBOOK.version)
    narrower.tables.append(GRADEBOOK.tables[0])
    with pytest.raises(ShapeChanged, match=GRADEBOOK.prefix):
        ensure(connection, "s", [narrower])


def test_a_new_version_stands_beside_the_old_one_until_that_is_pruned(
    connection: psycopg.Connection,
) -> None:
    feed(connection, Listed("s", Year().live(STEPS).recorded), GRADEBOOK, [1000])
    next_one = ReadModel("gradebook", version=GRADEBOOK.version + 1)
    assert ensure(connection, "s", [next_one]) == [next_one]
    assert contents(TableRows(connection, read_schema("s")), GRADEBOOK)[f"{GRADEBOOK.prefix}_cell"] != []
    dropped = prune(connection, "s", [next_one])
    assert dropped == sorted(table.name for table in GRADEBOOK.tables)
    left = connection.execute(SQL("SELECT model, version FROM {}").format(Identifier("read_s", "positions")))
    assert left.fetchall() == [("gradebook", next_one.version)]


def test_a_question_without_an_index_is_an_error(connection: psycopg.Connection) -> None:
    ensure(connection, "s", [GRADEBOOK])
    view = TableRows(connection, read_schema("s"))
    table = GRADEBOOK.tables[0].row
    assert view.find(table, class_id="A", subject_id="mat") == []
    with pytest.raises(TypeError, match="no index on subject_id"):
        view.find(table, subject_id="mat")
