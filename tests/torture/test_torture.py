"""Nothing is lost, doubled or torn, whoever is killed: 25 kills here, many in `make torture`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.torture.clocks import YEARS, sweep
from tests.torture.hardship import disk_full, poison
from tests.torture.torturing import Chamber

KILLS = 25


@pytest.mark.slow
def test_25_kills(tmp_path: Path) -> None:
    with Chamber(tmp_path, seed=os.getpid(), progress=200) as chamber:
        years = [chamber.server_year(far) for far in YEARS]
        chamber.torture(KILLS)
        tally = chamber.check()
    assert tally.kills == KILLS
    if chamber.clock.jumps:  # where libfaketime is installed
        assert [year - years[-1] for year in years] == [10, -10, 0]
        assert any(fault.startswith("clock jumps") for fault in tally.faults)
    assert tally.acknowledged > 50
    assert (tally.lost, tally.doubled, tally.torn, tally.conflicts, tally.unequal) == ([], [], [], [], [])


def test_poison_stops_its_own_stream_and_nothing_else(dsn: str) -> None:
    found = poison(dsn)
    assert found.kinds == 10
    assert found.parked == found.expected
    assert found.others_visible


@pytest.mark.slow
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    tally = disk_full(tmp_path)
    if tally is None:
        pytest.skip("no tmpfs can be mounted here")
    assert tally.faults["disk full"] >= 1
    assert (tally.lost, tally.doubled, tally.torn, tally.conflicts, tally.unequal) == ([], [], [], [], [])


def test_what_killed_programs_left_of_the_clock_is_swept(tmp_path: Path) -> None:
    memory, running = tmp_path / "shm", tmp_path / "proc"
    for place in (memory, running / "12"):
        place.mkdir(parents=True)
    for name in (
        "sem.faketime_sem_12",
        "faketime_shm_12",
        "sem.faketime_sem_13",
        "faketime_shm_13",
        "PostgreSQL.13",
    ):
        (memory / name).touch()
    sweep(memory, running)
    assert {left.name for left in memory.iterdir()} == {
        "sem.faketime_sem_12",
        "faketime_shm_12",
        "PostgreSQL.13",
    }
