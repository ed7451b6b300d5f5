"""How does making an archive go on while whoever asked for it does something else?

One thread a school at most; what it does is kept in memory and lost with the process: a job that was
interrupted leaves nothing behind, and the next one starts anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Condition, Thread
from typing import Final

from dziennik.archive.editions import YearOpen
from dziennik.archive.exporting import NotValid
from dziennik.archive.making import Made, Refused, TooEarly
from dziennik.archive.year_archive import Progress
from dziennik.contracts.archives import STORAGE_FAILED, YEAR_NOT_OVER, YEAR_STILL_OPEN
from dziennik.contracts.refusals import Refusal

REMEMBERED: Final = 100


class ArchiveJobState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


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


class ArchiveJobs:
    """The jobs of this process. Thread-safe."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._jobs: dict[str, Job] = {}

    def start(self, job: Job, make: Callable[[Progress], Made]) -> Job:
        """Start it; while one of the school is running, that one."""
        with self._changed:
            for other in self._jobs.values():
                if other.school_id == job.school_id and other.state is ArchiveJobState.RUNNING:
                    return other
            while len(self._jobs) >= REMEMBERED:
                del self._jobs[next(iter(self._jobs))]
            self._jobs[job.job_id] = job
        Thread(
            target=self._run, args=(job.job_id, make), name=f"archive {job.school_id}", daemon=True
        ).start()
        return job

    def find(self, school_id: str, job_id: str) -> Job | None:
        """A job of that school."""
        with self._changed:
            found = self._jobs.get(job_id)
        return found if found and found.school_id == school_id else None

    def wait(self, school_id: str, known: Job, timeout: float) -> Job | None:
        """The job as soon as it differs from what is known, or after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs.get(known.job_id) != known, timeout)
        return self.find(school_id, known.job_id)

    def _run(self, job_id: str, make: Callable[[Progress], Made]) -> None:
        try:
            made = make(lambda done, steps, _: self._set(job_id, done=done, steps=steps))
        except Refused as fault:
            self._fail(job_id, fault.refusal)
        except YearOpen as fault:
            self._fail(job_id, YEAR_STILL_OPEN(year=fault, field="year_id"))
        except TooEarly as fault:
            self._fail(job_id, YEAR_NOT_OVER(until=fault, field="year_id"))
        except (OSError, NotValid) as fault:
            self._fail(job_id, STORAGE_FAILED(what=type(fault).__name__))
        except BaseException:  # told, and then as loud as any fault
            self._fail(job_id, STORAGE_FAILED(what="fault"))
            raise
        else:
            self._set(job_id, state=ArchiveJobState.DONE, edition=made.edition.number)

    def _fail(self, job_id: str, refusal: Refusal) -> None:
        self._set(job_id, state=ArchiveJobState.FAILED, refusal=refusal)

    def _set(self, job_id: str, **changes: object) -> None:
        with self._changed:
            if job_id in self._jobs:
                self._jobs[job_id] = replace(self._jobs[job_id], **changes)  # type: ignore[arg-type]
            self._changed.notify_all()
