"""A fact that cannot be taken parks its own stream, nothing else; a replay heals."""

from __future__ import annotations

import psycopg
import pytest

from dziennik.contracts import grades, streams
from dziennik.projections.attendance import ATTENDANCE
from dziennik.projections.dead_letters import DeadLetter, Replayed, parked, replay
from dziennik.projections.gradebook import GRADEBOOK, cell_of
from dziennik.projections.health import ModelHealth, health_of
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.model import HandlerFault
from dziennik.projections.places import read_schema
from dziennik.projections.rebuild import rebuild
from dziennik.projections.stored import TableRows
from tests.projections.agreement import feed, in_memory, stored
from tests.projections.histories import FIRST, History, a_school, given, held
from tests.projections.listed import Listed, unreadable

ADA = streams.grades("A", "mat", "ada")


def a_few_grades() -> History:
    """Two grades of Ada, the first one corrected; one of Bo in between."""
    history = a_school()
    history.tell(*given("g1", "3"))
    history.tell(*given("b1", "5", pupil="bo"))
    history.tell(
        ADA, grades.GradeCorrected(grade_id="g1", pupil_id="ada", was="3", value="4", reason="pomyłka")
    )
    history.tell(*given("g2", "6"))
    return history


@pytest.mark.parametrize("sizes", [[1000], [1], [3, 2]])
def test_an_unreadable_fact_parks_its_stream_and_a_replay_heals(
    dsn: str, connection: psycopg.Connection, sizes: list[int]
) -> None:
    history = a_few_grades()
    journal = Listed("s", history.recorded)
    first = len(history.recorded) - 3
    journal.items[first - 1] = unreadable(journal.items[first - 1])
    feed(connection, journal, GRADEBOOK, sizes)

    view = TableRows(connection, read_schema("s"))
    assert cell_of(view, "A", "mat", "ada") is None
    other = cell_of(view, "A", "mat", "bo")
    assert other is not None
    assert [grade.value for grade in other.grades] == ["5"]
    assert parked(connection, "s", GRADEBOOK) == [
        DeadLetter(
            model="gradebook", stream=ADA, position=first, name="grades.grade_given.1", error="damaged"
        ),
        DeadLetter(
            model="gradebook", stream=ADA, position=first + 2, name="grades.grade_corrected.1", error=None
        ),
        DeadLetter(
            model="gradebook", stream=ADA, position=first + 3, name="grades.grade_given.1", error=None
        ),
    ]
    health = health_of(connection, journal, [GRADEBOOK])
    assert health.models == (ModelHealth("gradebook", GRADEBOOK.version, first + 3, 0, 3),)
    assert not health.well

    assert replay(connection, journal, GRADEBOOK) == Replayed(0, 3)  # nothing was mended yet
    journal.items[first - 1] = history.recorded[first - 1]
    assert replay(connection, journal, GRADEBOOK) == Replayed(3, 0)
    assert health_of(connection, journal, [GRADEBOOK]).well
    assert stored(dsn, "s", GRADEBOOK) == in_memory(GRADEBOOK, history)


def test_a_fact_that_does_not_apply_is_undone_alone(dsn: str, connection: psycopg.Connection) -> None:
    history = a_few_grades()
    sound = in_memory(GRADEBOOK, history)
    history.tell(ADA, grades.GradeStruckOut(grade_id="unknown", pupil_id="ada", reason="pomyłka"))
    history.tell(*given("b2", "1", pupil="bo"))
    feed(connection, Listed("s", history.recorded), GRADEBOOK, [1000])
    (letter,) = parked(connection, "s", GRADEBOOK)
    assert letter.position == len(history.recorded) - 1
    assert letter.error == "LookupError: no grade unknown in the cell"
    rows = stored(dsn, "s", GRADEBOOK)
    assert rows[f"{GRADEBOOK.prefix}_cell"][0] == sound[f"{GRADEBOOK.prefix}_cell"][0]  # Ada's
    assert [grade.id for grade in rows[f"{GRADEBOOK.prefix}_cell"][1].grades] == ["b1", "b2"]  # type: ignore[attr-defined]


def test_a_text_that_the_database_refuses_parks_its_stream(dsn: str, connection: psycopg.Connection) -> None:
    history = a_school()
    history.tell(streams.lesson("A", "x"), held("A", FIRST, 1, topic="zły\0znak"))
    history.tell(streams.lesson("A", "y"), held("A", FIRST, 2, topic="dobry"))
    feed(connection, Listed("s", history.recorded), LESSON_JOURNAL, [1000])
    (letter,) = parked(connection, "s", LESSON_JOURNAL)
    assert letter.stream == "year/A/lesson/x"
    lessons = stored(dsn, "s", LESSON_JOURNAL)[f"{LESSON_JOURNAL.prefix}_lesson"]
    assert [row.topic for row in lessons] == ["dobry"]  # type: ignore[attr-defined]


def test_only_the_models_that_it_concerns_park_it(connection: psycopg.Connection) -> None:
    journal = Listed("s", a_few_grades().recorded)
    journal.items[-1] = unreadable(journal.items[-1])
    feed(connection, journal, ATTENDANCE, [1000])
    assert parked(connection, "s", ATTENDANCE) == []


def test_a_rebuild_is_strict_and_leaves_the_live_tables(dsn: str, connection: psycopg.Connection) -> None:
    history = a_few_grades()
    journal = Listed("s", history.recorded)
    feed(connection, journal, GRADEBOOK, [1000])
    before = stored(dsn, "s", GRADEBOOK)
    last = len(journal.items)
    journal.items[-1] = unreadable(journal.items[-1])
    with pytest.raises(HandlerFault) as stopped:
        rebuild(dsn, journal, GRADEBOOK)
    assert (stopped.value.position, stopped.value.stream, stopped.value.why) == (last, ADA, "damaged")
    assert stored(dsn, "s", GRADEBOOK) == before


def test_a_rebuild_empties_the_dead_letters(dsn: str, connection: psycopg.Connection) -> None:
    history = a_few_grades()
    journal = Listed("s", [*history.recorded[:-1], unreadable(history.recorded[-1])])
    feed(connection, journal, GRADEBOOK, [1000])
    assert len(parked(connection, "s", GRADEBOOK)) == 1
    journal.items[-1] = history.recorded[-1]
    rebuild(dsn, journal, GRADEBOOK)
    assert parked(connection, "s", GRADEBOOK) == []
    assert health_of(connection, journal, [GRADEBOOK]).well
    assert stored(dsn, "s", GRADEBOOK) == in_memory(GRADEBOOK, history)
