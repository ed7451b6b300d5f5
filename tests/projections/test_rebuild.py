"""A rebuild loses nothing that arrives meanwhile, and readers see the old tables until the new ones."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from dziennik.journal.schema import ensure_roles
from dziennik.projections.gradebook import GRADEBOOK, class_cells
from dziennik.projections.model import ReadModel
from dziennik.projections.models import MODELS
from dziennik.projections.places import read_schema
from dziennik.projections.rebuild import RebuildRunning, Rebuilt, rebuild
from dziennik.projections.source import Item
from dziennik.projections.stored import TableRows
from dziennik.projections.work import SchoolWork
from tests.projections.agreement import feed, in_memory, stored
from tests.projections.histories import Year, a_school, given
from tests.projections.listed import Listed
from tests.projections.test_batches import silent

STEPS = [step * 997 % 14_000 for step in range(60)]


def test_facts_that_arrive_during_a_rebuild_are_in_it(dsn: str, connection: psycopg.Connection) -> None:
    history = Year().live(STEPS)
    half = len(history.recorded) // 2
    journal = Listed("s", history.recorded[:half])
    feed(connection, journal, GRADEBOOK, [1000])
    live = SchoolWork(connection, journal, [GRADEBOOK], silent())
    seen: list[int] = []

    def more(done: int, total: int) -> None:
        """One fact comes in and is taken live whenever the rebuild tells how far it is."""
        seen.append(done)
        if len(journal.items) < len(history.recorded):
            journal.items.append(history.recorded[len(journal.items)])
            live.step(1000)

    done = rebuild(dsn, journal, GRADEBOOK, progress=more)
    assert seen[0] == 0
    assert len(journal.items) > half + 2
    assert done.position == len(journal.items)
    live.step(1000)  # finds that the rebuild moved the position on
    journal.items[:] = history.recorded
    while live.step(1000):
        pass
    assert stored(dsn, "s", GRADEBOOK) == in_memory(GRADEBOOK, history)


def test_it_never_falls_behind_what_readers_saw(dsn: str, connection: psycopg.Connection) -> None:
    """The follower is ahead of the rebuild's catching up at the very switch."""
    history = a_school()
    for number in range(5):
        history.tell(*given(f"g{number}", "4"))
    journal = Listed("s", history.recorded[:-4])
    ahead = Listed("s", history.recorded)
    feed(connection, ahead, GRADEBOOK, [1000])

    class Late(Listed):
        """Shows the last facts only after the rebuild has looked for more."""

        looks = 0

        def follow(self, after_position: int, limit: int = 5000) -> list[Item]:
            facts = super().follow(after_position, limit)
            if not facts:
                self.items = list(history.recorded)
            return facts

    assert rebuild(dsn, Late("s", journal.items), GRADEBOOK).position == len(history.recorded)
    assert stored(dsn, "s", GRADEBOOK) == in_memory(GRADEBOOK, history)


def test_a_reader_in_a_transaction_only_delays_the_switch(
    dsn: str, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dziennik.projections.rebuild.LOCK_TIMEOUT", "10ms")
    history = Year().live(STEPS)
    feed(connection, Listed("s", history.recorded), GRADEBOOK, [1000])
    reader = psycopg.connect(dsn)
    before = class_cells(TableRows(reader, read_schema("s")), "A")
    tries: list[int] = []

    class Counting(Listed):
        """At the third look for more facts (the second try to switch) the reader ends."""

        def follow(self, after_position: int, limit: int = 5000) -> list[Item]:
            if after_position == self.position():
                tries.append(after_position)
                if len(tries) == 3:
                    reader.close()
            return super().follow(after_position, limit)

    rebuild(dsn, Counting("s", history.recorded), GRADEBOOK)
    assert len(tries) == 3
    assert class_cells(TableRows(connection, read_schema("s")), "A") == before


def test_prepared_questions_find_the_new_tables(dsn: str, connection: psycopg.Connection) -> None:
    history = Year().live(STEPS)
    journal = Listed("s", history.recorded)
    feed(connection, journal, GRADEBOOK, [1000])
    view = TableRows(connection, read_schema("s"))
    before = [class_cells(view, "A") for _ in range(10)][-1]  # from the fifth time on it is prepared
    rebuild(dsn, journal, GRADEBOOK)
    assert class_cells(view, "A") == before


def test_readers_may_read_what_a_rebuild_made(dsn: str, connection: psycopg.Connection) -> None:
    ensure_roles(connection)
    journal = Listed("s", Year().live(STEPS).recorded)
    rebuild(dsn, journal, GRADEBOOK)
    connection.execute("SET ROLE dziennik_reader")
    assert class_cells(TableRows(connection, read_schema("s")), "A") == []  # nobody said for which school
    connection.execute("SET dziennik.school = 's'; SET dziennik.pupils = '*'")
    assert class_cells(TableRows(connection, read_schema("s")), "A") != []
    with pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f"DELETE FROM read_s.{GRADEBOOK.prefix}_cell")


def test_one_rebuild_of_a_model_at_a_time(dsn: str) -> None:
    journal = Listed("s", a_school().recorded)
    refused: list[str] = []

    def again(done: int, total: int) -> None:
        if not refused:
            with pytest.raises(RebuildRunning) as refusal:
                rebuild(dsn, journal, GRADEBOOK)
            refused.append(str(refusal.value))

    rebuild(dsn, journal, GRADEBOOK, progress=again)
    assert refused == [f"{GRADEBOOK.prefix} of s is being rebuilt"]


def test_several_models_are_rebuilt_from_one_reading(dsn: str) -> None:
    history = Year().live(STEPS)
    read: list[int] = []

    class Counting(Listed):
        def follow(self, after_position: int, limit: int = 5000) -> list[Item]:
            read.append(after_position)
            return super().follow(after_position, limit)

    done = rebuild(dsn, Counting("s", history.recorded), *MODELS)
    assert done.position == len(history.recorded)
    assert read.count(0) == 1
    for model in MODELS:
        assert stored(dsn, "s", model) == in_memory(model, history), model.name


def test_an_empty_school_and_a_model_without_rows(dsn: str) -> None:
    assert rebuild(dsn, Listed("s"), GRADEBOOK) == Rebuilt(0, 0)
    assert rebuild(dsn, Listed("s", a_school().recorded), ReadModel("nothing", version=1)).rows == 0


def test_no_table_of_a_rebuild_is_left_over(dsn: str, connection: psycopg.Connection) -> None:
    rebuild(dsn, Listed("s", Year().live(STEPS).recorded), GRADEBOOK)
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'read_s' ORDER BY 1")
    expected = sorted(["dead_letters", "positions", *(table.name for table in GRADEBOOK.tables)])
    assert [name for (name,) in tables] == expected
