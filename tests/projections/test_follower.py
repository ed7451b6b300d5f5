"""Followers on the real journal: read-your-writes, sharing by lease, handing over after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic, sleep

import psycopg
import pytest

from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED
from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections.as_of import as_of
from dziennik.projections.entry_history import ENTRY_HISTORY, of_unit
from dziennik.projections.follower import Follower
from dziennik.projections.gradebook import GRADEBOOK, class_cells
from dziennik.projections.models import MODELS
from dziennik.projections.people import PEOPLE, persons
from dziennik.projections.reading import ReadModels
from dziennik.projections.rebuild import rebuild
from dziennik.projections.structure import STRUCTURE
from tests.projections.agreement import contents
from tests.projections.histories import START, Year
from tests.projections.listed import Listed

PATIENCE = 30.0  # how long a test waits for what normally takes milliseconds
STEPS = [step * 997 % 14_000 for step in range(60)]


@pytest.fixture
def journals(dsn: str) -> Iterator[Journals]:
    with Journals(dsn, keyring=Keyring(bytes(32))) as made:
        yield made


@pytest.fixture
def read_models(dsn: str) -> Iterator[ReadModels]:
    made = ReadModels(dsn)
    yield made
    made.close()


def write(journal: Journal, facts: list[Recorded]) -> int:
    """Append facts as they were told; the last position."""
    for recorded in facts:
        draft = Draft(recorded.stream, recorded.version - 1, (recorded.fact,))
        journal.append([draft], recorded.origin)
    return journal.position()


def test_what_was_written_is_seen_and_equals_the_fold(
    dsn: str, journals: Journals, read_models: ReadModels
) -> None:
    history = Year().live(STEPS)
    journal = journals.create_school("s1")
    follower = Follower(dsn, journals, MODELS, read_models.progress, batch=7)
    follower.start()
    try:
        head = write(journal, history.recorded)
        for model in MODELS:
            assert read_models.wait_until("s1", model.name, head, PATIENCE)
        with read_models.view("s1") as view:
            for model in MODELS:
                memory = as_of(Listed("s1", history.recorded), [model], head)
                assert contents(view, model) == contents(memory, model), model.name
        assert [school.well for school in follower.health()] == [True]
        assert {model.lag for school in follower.health() for model in school.models} == {0}
    finally:
        follower.stop()


def test_waiting_for_what_never_comes_ends(dsn: str, journals: Journals, read_models: ReadModels) -> None:
    journals.create_school("s1")
    assert not read_models.wait_until("s1", "gradebook", 1, 0.05)
    assert read_models.wait_until("s1", "gradebook", 0, 0.0)


def test_another_process_waits_by_looking(dsn: str, journals: Journals, read_models: ReadModels) -> None:
    journal = journals.create_school("s1")
    head = write(journal, Year().live([]).recorded)
    elsewhere = ReadModels(dsn)
    try:
        Follower(dsn, journals, MODELS, elsewhere.progress).run_once("s1")
    finally:
        elsewhere.close()
    assert read_models.wait_until("s1", "structure", head, PATIENCE)


def test_run_once_takes_all_models_to_the_head(dsn: str, journals: Journals, read_models: ReadModels) -> None:
    journal = journals.create_school("s1")
    head = write(journal, Year().live(STEPS).recorded)
    follower = Follower(dsn, journals, MODELS, read_models.progress, batch=10)
    assert follower.run_once("s1") == {model.name: head for model in MODELS}
    assert follower.run_once("s1") == {model.name: head for model in MODELS}


def test_when_the_one_at_work_dies_the_next_takes_over(
    dsn: str, journals: Journals, read_models: ReadModels
) -> None:
    history = Year().live(STEPS)
    journal = journals.create_school("s1")
    half = len(history.recorded) // 2
    first = Follower(dsn, journals, MODELS, read_models.progress)
    second = Follower(dsn, journals, MODELS, read_models.progress)
    first.start()
    second.start()
    try:
        head = write(journal, history.recorded[:half])
        assert read_models.wait_until("s1", "gradebook", head, PATIENCE)
        with psycopg.connect(dsn, autocommit=True) as connection:
            holders = connection.execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE l.locktype = 'advisory' AND l.granted AND l.mode = 'ExclusiveLock'"
                " AND a.application_name = 'dziennik follower'"
            ).fetchall()
        assert holders == [(True,)]
        head = write(journal, history.recorded[half:])
        for model in MODELS:
            assert read_models.wait_until("s1", model.name, head, PATIENCE)
        with read_models.view("s1") as view:
            memory = as_of(Listed("s1", history.recorded), [GRADEBOOK], head)
            assert class_cells(view, "A") == class_cells(memory, "A")
    finally:
        first.stop()
        second.stop()


def until(condition: Callable[[], bool]) -> bool:
    """Whether it comes true with patience."""
    deadline = monotonic() + PATIENCE
    while not (true := condition()) and monotonic() < deadline:
        sleep(0.01)
    return true


def test_processes_share_the_schools(
    dsn: str, journals: Journals, read_models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dziennik.projections.follower.LOOK", 0.02)
    schools = ["s1", "s2", "s3"]
    for school_id in schools:
        journals.create_school(school_id)
    first = Follower(dsn, journals, [GRADEBOOK], read_models.progress)
    second = Follower(dsn, journals, [GRADEBOOK], read_models.progress)
    first.start()
    try:
        assert until(lambda: first.held() == schools)
        second.start()
        assert until(lambda: len(first.held()) == 2 and len(second.held()) == 1)
        assert sorted(first.held() + second.held()) == schools
        head = write(journals.school(second.held()[0]), Year().live([]).recorded)
        assert read_models.wait_until(second.held()[0], "gradebook", head, PATIENCE)
        second.stop()
        assert until(lambda: first.held() == schools)
    finally:
        first.stop()
        second.stop()


def test_a_new_school_is_noticed(dsn: str, journals: Journals, read_models: ReadModels) -> None:
    follower = Follower(dsn, journals, MODELS, read_models.progress)
    follower.start()
    try:
        journal = journals.create_school("s2")
        follower.follow("s2")
        head = write(journal, Year().live([]).recorded)
        assert read_models.wait_until("s2", "people", head, PATIENCE)
    finally:
        follower.stop()


def test_a_new_model_of_a_long_history_is_folded(
    dsn: str, journals: Journals, read_models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dziennik.projections.follower.FAR_BEHIND", 10)
    history = Year().live(STEPS)
    journal = journals.create_school("s1")
    head = write(journal, history.recorded)
    follower = Follower(dsn, journals, [GRADEBOOK], read_models.progress)
    assert follower.run_once("s1") == {"gradebook": head}
    with read_models.view("s1") as view:
        memory = as_of(journal, [GRADEBOOK], head)
        assert contents(view, GRADEBOOK) == contents(memory, GRADEBOOK)


def test_instants_are_read_in_utc_whatever_the_database_thinks(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET timezone = 'Europe/Warsaw'")
    history = Year().live(STEPS)
    rebuild(dsn, Listed("s", history.recorded), ENTRY_HISTORY)
    made = ReadModels(dsn)
    with made.view("s") as view:
        changes = of_unit(view, "A", START, START + timedelta(days=1))
    made.close()
    assert {change.at.utcoffset() for change in changes} == {timedelta(0)}


def test_who_was_erased_is_gone_after_a_rebuild(
    dsn: str, journals: Journals, read_models: ReadModels
) -> None:
    journal = journals.create_school("s1")
    write(journal, Year().live(STEPS).recorded)
    Follower(dsn, journals, MODELS, read_models.progress).run_once("s1")
    journal.keys.destroy("ada")
    assert {"people", "gradebook", "entry_history"} <= {model.name for model in MODELS if model.personal}
    assert not STRUCTURE.personal
    rebuild(dsn, journal, PEOPLE)
    with read_models.view("s1") as view:
        found = persons(view, ["ada", "bo"])
    assert (found["ada"].family_name, found["ada"].given_names) == (ERASED, ERASED)
    assert found["bo"].family_name == "Łoś"
