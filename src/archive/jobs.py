"""How does making an archive go on while whoever asked for it does something else?

One thread a school at most, in all processes of a machine. How far it is stands in memory, and on the disk
now and then, so that other processes can tell too; that it began and how it ended stand there at once. A job
whose process died is seen to be interrupted, leaves nothing behind, and the next one starts anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Condition, Thread
from time import monotonic, sleep
from typing import IO, Final

from dziennik.archive.editions import YearOpen
from dziennik.archive.exporting import NotValid
from dziennik.archive.job_notes import ArchiveJobState, Job, JobNotes
from dziennik.archive.making import Made, Refused, TooEarly
from dziennik.archive.year_archive import Progress
from dziennik.contracts.archives import STORAGE_FAILED, YEAR_NOT_OVER, YEAR_STILL_OPEN

REMEMBERED: Final = 100
# Seconds: how often a job's progress is noted, and how often another process's note is looked at.
NOTED, LOOK = 1.0, 0.5


class ArchiveJobs:
    """The jobs of this process, with notes of those of others. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._notes = JobNotes(folder)
        self._changed = Condition()
        self._jobs: dict[str, Job] = {}

    def start(self, job: Job, make: Callable[[Progress], Made]) -> Job:
        """Start it; while one of the school is running, here or in another process, that one."""
        with self._changed:
            for other in self._jobs.values():
                if other.school_id == job.school_id and other.state is ArchiveJobState.RUNNING:
                    return other
            while len(self._jobs) >= REMEMBERED:
                del self._jobs[next(iter(self._jobs))]
            held = self._notes.hold(job.school_id)
            if held is None:
                return self._notes.find(job.school_id, None) or job
            self._notes.write(job)
            self._jobs[job.job_id] = job
        Thread(
            target=self._hold, args=(held, job.job_id, make), name=f"archive {job.school_id}", daemon=True
        ).start()
        return job

    def find(self, school_id: str, job_id: str | None) -> Job | None:
        """A job of that school, or its latest."""
        with self._changed:
            known = [job for job in self._jobs.values() if job.school_id == school_id]
            found = [job for job in known if job_id in (None, job.job_id)]
        return found[-1] if found else self._notes.find(school_id, job_id)

    def wait(self, school_id: str, known: Job, timeout: float) -> Job | None:
        """The job as soon as it differs from what is known, or after `timeout` seconds."""
        with self._changed:
            if known.job_id in self._jobs:
                self._changed.wait_for(lambda: self._jobs.get(known.job_id) != known, timeout)
                return self.find(school_id, known.job_id)
        ends = monotonic() + timeout
        while (found := self._notes.find(school_id, known.job_id)) == known and monotonic() < ends:
            sleep(LOOK)
        return found

    def _hold(self, held: IO[bytes], job_id: str, make: Callable[[Progress], Made]) -> None:
        """Run it with the school's lock. How it ended is noted, and the lock let go, before it is told."""
        ended: dict[str, object] = {"state": ArchiveJobState.FAILED, "refusal": STORAGE_FAILED(what="fault")}
        try:
            with held:
                try:
                    ended = self._run(job_id, make)
                finally:
                    with self._changed:
                        known = self._jobs.get(job_id)
                    if known:
                        self._notes.write(replace(known, **ended))  # type: ignore[arg-type]
        finally:
            self._set(job_id, **ended)

    def _run(self, job_id: str, make: Callable[[Progress], Made]) -> dict[str, object]:
        """What becomes of the job. A fault that nobody expects is told, and then as loud as any."""
        try:
            made = make(self._teller(job_id))
        except Refused as fault:
            refusal = fault.refusal
        except YearOpen as fault:
            refusal = YEAR_STILL_OPEN(year=fault, field="year_id")
        except TooEarly as fault:
            refusal = YEAR_NOT_OVER(until=fault, field="year_id")
        except (OSError, NotValid) as fault:
            refusal = STORAGE_FAILED(what=type(fault).__name__)
        else:
            return {"state": ArchiveJobState.DONE, "edition": made.edition.number}
        return {"state": ArchiveJobState.FAILED, "refusal": refusal}

    def _teller(self, job_id: str) -> Progress:
        """Says how far the job is: here at once, on the disk as often as it is worth it."""
        noted = monotonic()

        def tell(done: int, steps: int, _: str) -> None:
            nonlocal noted
            self._set(job_id, done=done, steps=steps)
            if monotonic() - noted >= NOTED:
                noted = monotonic()
                with self._changed:
                    known = self._jobs.get(job_id)
                if known:
                    self._notes.write(known)

        return tell

    def _set(self, job_id: str, **changes: object) -> None:
        with self._changed:
            if job_id in self._jobs:
                self._jobs[job_id] = replace(self._jobs[job_id], **changes)  # type: ignore[arg-type]
            self._changed.notify_all()
