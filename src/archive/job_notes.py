"""What is known of jobs when the process that ran them is gone?

A note a job, in a folder of the installation, and a lock a school that its job holds. A note that says
"running" while nobody holds the lock is of a process that died: nothing of its work is left, and the next job
starts clean.
"""

from __future__ import annotations

import fcntl
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

import msgspec

from dziennik.archive.bagging import put
from dziennik.contracts.refusals import Refusal

KEPT: Final = 20  # notes of a school
_ID = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class ArchiveJobState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Job:
    """A making of an archive. `refusal` says why it failed; `edition` is there when it is done."""

    job_id: str
    school_id: str
    year_id: str
    state: ArchiveJobState = ArchiveJobState.RUNNING
    done: int = 0
    steps: int = 0
    edition: int | None = None
    refusal: Refusal | None = None


class JobNotes:
    """The notes of all schools, in `folder`. Several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hold(self, school_id: str) -> IO[bytes] | None:
        """The school's lock, held until the file is closed or the process dies; None: another has it."""
        self._of(school_id).mkdir(parents=True, exist_ok=True)
        lock = (self._of(school_id) / ".lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return None
        return lock

    def write(self, job: Job) -> None:
        """Note how far a job is, and forget old ones."""
        put(self._of(job.school_id) / f"{job.job_id}.json", msgspec.json.encode(job))
        for old in self._files(job.school_id)[:-KEPT]:
            old.unlink(missing_ok=True)

    def find(self, school_id: str, job_id: str | None) -> Job | None:
        """A job, or the school's latest, as it was noted last."""
        files = [file for file in self._files(school_id) if job_id in (None, file.stem)]
        if not files or (job_id is not None and not _ID.match(job_id)):
            return None
        job = msgspec.json.decode(files[-1].read_bytes(), type=Job)
        if job.state is not ArchiveJobState.RUNNING:
            return job
        lock = self.hold(school_id)
        if lock is None:
            return job
        with lock:  # whoever ends notes it before letting go of the lock: perhaps just now
            job = msgspec.json.decode(files[-1].read_bytes(), type=Job)
        running = job.state is ArchiveJobState.RUNNING
        return replace(job, state=ArchiveJobState.INTERRUPTED) if running else job

    def _of(self, school_id: str) -> Path:
        return self._folder / school_id

    def _files(self, school_id: str) -> list[Path]:
        """Notes in the order in which they were last written."""
        files = self._of(school_id).glob("[!.]*.json")
        return sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name))
