"""A job is seen from every process; one whose process died is seen to be interrupted, and the next starts."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from dziennik.archive.job_notes import KEPT, ArchiveJobState, Job, JobNotes
from dziennik.archive.jobs import ArchiveJobs
from dziennik.archive.making import TooEarly

DIES = """
import sys, time
from pathlib import Path
from dziennik.archive.job_notes import Job
from dziennik.archive.jobs import ArchiveJobs
ArchiveJobs(Path(sys.argv[1])).start(Job("j1", "sp5", "y25"), lambda tell: time.sleep(60))
print("started", flush=True)
time.sleep(60)
"""


def ended(jobs: ArchiveJobs, job_id: str) -> Job:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = jobs.find("sp5", job_id)
        assert found is not None
        if found.state is not ArchiveJobState.RUNNING:
            return found
        time.sleep(0.01)
    raise AssertionError("it goes on")


def too_early(_: Any) -> Any:  # noqa: ANN401
    raise TooEarly("2026-08-31")


def test_a_job_whose_process_was_killed_is_interrupted_and_the_next_starts(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", DIES, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        here = ArchiveJobs(tmp_path)
        seen = here.find("sp5", "j1")
        assert seen is not None
        assert seen.state is ArchiveJobState.RUNNING
        assert here.start(Job("j2", "sp5", "y25"), too_early) == seen  # the one that is running there
        process.kill()
    seen = here.find("sp5", "j1")
    assert seen is not None
    assert seen.state is ArchiveJobState.INTERRUPTED
    assert here.find("sp5", None) == seen
    assert here.start(Job("j3", "sp5", "y25"), too_early).job_id == "j3"
    assert ended(here, "j3").state is ArchiveJobState.FAILED


GOES_ON = """
import sys, time
from pathlib import Path
from dziennik.archive import jobs
from dziennik.archive.job_notes import Job
from dziennik.archive.making import TooEarly
jobs.NOTED = 0.0
def make(tell):
    for done in range(1, 4):
        sys.stdin.readline()
        tell(done, 3, "")
    sys.stdin.readline()
    raise TooEarly("2026-08-31")
jobs.ArchiveJobs(Path(sys.argv[1])).start(Job("j1", "sp5", "y25"), make)
print("started", flush=True)
time.sleep(60)
"""


def test_progress_is_seen_from_another_process_until_the_end(tmp_path: Path) -> None:
    command = [sys.executable, "-c", GOES_ON, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        here, seen = ArchiveJobs(tmp_path), []
        known = here.find("sp5", "j1")
        assert known is not None
        began = time.monotonic()
        assert here.wait("sp5", known, 0.2) == known  # nothing new: it waits, and does not spin
        assert time.monotonic() - began >= 0.2
        while known.state is ArchiveJobState.RUNNING:
            process.stdin.write(b"\n")
            process.stdin.flush()
            found = here.wait("sp5", known, 20.0)
            assert found is not None
            assert found != known
            known = found
            seen.append((known.state.value, known.done))
        process.kill()
    assert seen == [("running", 1), ("running", 2), ("running", 3), ("failed", 3)]


def test_how_it_ended_is_known_later(tmp_path: Path) -> None:
    jobs, go = ArchiveJobs(tmp_path), Event()

    def waits(_: Any) -> Any:  # noqa: ANN401
        go.wait(20)
        raise TooEarly("2026-08-31")

    jobs.start(Job("j1", "sp5", "y25"), waits)
    assert jobs.start(Job("j2", "sp5", "y25"), waits).job_id == "j1"
    other = jobs.start(Job("k1", "sp6", "y25"), too_early)
    assert other.school_id == "sp6"
    go.set()
    told = ended(jobs, "j1")
    assert told.refusal is not None
    assert told.refusal.code == "ARCHIVES.YEAR_NOT_OVER"
    assert ArchiveJobs(tmp_path).find("sp5", "j1") == told
    assert jobs.start(Job("j3", "sp5", "y25"), too_early).job_id == "j3"  # what is told to be over is over


@pytest.mark.parametrize("job_id", ["../sp6/j1", "*", "", "j9"])
def test_no_other_file_is_read(tmp_path: Path, job_id: str) -> None:
    notes = JobNotes(tmp_path)
    lock = notes.hold("sp5")
    assert lock is not None
    lock.close()
    for number in range(KEPT + 5):
        notes.write(Job(f"j{number}x", "sp5", "y25", ArchiveJobState.DONE))
    assert notes.find("sp5", job_id) is None
    assert len(list((tmp_path / "sp5").glob("*.json"))) == KEPT
