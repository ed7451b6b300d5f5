"""Who decodes what strangers sent? A worker process with limits, so that nothing it meets harms anybody else.

The worker says a line when it is ready, gets one task a line on its standard input and answers a JSON line
a page. A page that takes too long, needs too much memory or kills the worker is refused; the next page is
read by a fresh one. Long is the worker's own work (processor time), so that a busy machine refuses no more.
A worker that does not become ready has seen no page yet: that is no page's fault, and is raised.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import IO

import msgspec

from dziennik.omr.identity import Identity
from dziennik.omr.sheet import Sheet, SheetState, Why
from dziennik.omr.template import Template

MEMORY = 1 << 30  # address space of a worker, with all libraries
SECONDS = 10.0  # of the worker's own work, for one page
# Times as long by the clock: a page that waits for something, or a machine that has a hundred others to read.
PATIENCE = 12
START = 300.0  # seconds by the clock until a worker is ready: libraries come from a cold, busy disk at times
READY = b"ready\n"
SPENT = -signal.SIGPROF  # how a worker ends whose own work took too long
# A core a worker: threads that wait for the next sum would take half of another. A page's large arrays stay
# for the next one instead of being given back and faulted in again (the last two): 60 JPEG pages of 200 dpi
# took 3.1 s of processor time and 230,000 page faults without, 2.3 s and 6,000 with. What is larger than 8 MB
# is given back at once, so that the largest page that is taken needs no more memory (589 MB of addresses).
ENVIRONMENT: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
    "MALLOC_MMAP_THRESHOLD_": "8388608",
}
FAILURES = 2  # pages in a row that may end a worker: the rest of the file is not tried


class WorkerFailed(RuntimeError):
    """No process that reads can be had: no room for it, libraries that are missing, a machine at its end."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "OMR.NO_READER: nie uruchamia się proces, który czyta skany; wczytaj te pliki jeszcze raz. / "
            f"The process that reads scans does not start; read these files once more. ({why})"
        )


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a card: `corners` as in Sheet, the card's `size` and the part's `box` (x, y, w, h) in mm."""

    corners: tuple[int, ...]
    size: tuple[float, float]
    box: tuple[float, float, float, float]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Pages of a file to read: from `first` to `last`."""

    path: str
    first: int = 1
    last: int | None = None
    count: bool = False  # only say how many pages there are
    cut: Cut | None = None  # only give this part of page `first` as a picture
    small: bool = False  # only give all of page `first` as a picture, made small
    named: Identity | None = None  # which card a person says it is, where a page does not tell


class Set(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is told at its start: keys under which cards are genuine, and further forms."""

    keys: tuple[bytes, ...]
    forms: tuple[Template, ...] = ()
    memory: int = MEMORY
    seconds: float = SECONDS


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line from the worker: the sheets of one page; the last of a task has neither page nor sheets."""

    page: int | None = None
    sheets: tuple[Sheet, ...] = ()
    pages: int | None = None
    picture: bytes = b""


class Worker:
    """One process that reads. Started when first needed, and again whenever it died."""

    def __init__(self, told: Set, *, patience: float = PATIENCE, start: float = START) -> None:
        """`patience`: times a page's own work by the clock; `start`: seconds until it has to be ready."""
        self._told = msgspec.json.encode(told)
        self._patience, self._start = patience * told.seconds, start
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self._late = False

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def process_id(self) -> int | None:
        """Of the process that reads now; another one after it died."""
        return self._process.pid if self._process else None

    def count(self, path: str) -> int | None:
        """How many pages a file has; None when it cannot be said, and is found out by reading.

        Raises WorkerFailed, as all that ask the process do.
        """
        for answer in self._answers(Task(path=path, count=True)):
            return answer.pages if answer else None
        return None

    def picture(self, task: Task) -> bytes:
        """What the task's `cut` or `small` asks for, as PNG; empty when it cannot be had."""
        for answer in self._answers(task):
            return answer.picture if answer else b""
        return b""

    def read(self, task: Task) -> Iterator[Sheet]:
        """The sheets of the task's pages in order. A page that fails is refused and the next one tried."""
        first, failures, why = task.first, 0, Why.UNREADABLE_FILE
        while failures < FAILURES:
            seen = None
            for answer in self._answers(msgspec.structs.replace(task, first=first)):
                if answer is None:
                    break
                if answer.page is None:
                    return
                seen, failures = answer.page, 0
                yield from answer.sheets
            failures += 1
            failed = (seen or first - 1) + 1
            why = Why.TOO_LONG if self._late else Why.UNREADABLE_FILE
            yield _refused(task, failed, why)
            if task.last is None or failed >= task.last:
                return
            first = failed + 1
        for page in range(first, (task.last or 0) + 1):  # not tried, and told all the same
            yield _refused(task, page, why)

    def _answers(self, task: Task) -> Iterator[Answer | None]:
        """What the worker says, line by line; None when it is dead or too slow, and it is no more then."""
        self._late = False
        process = self._running()
        if not _written(process, msgspec.json.encode(task)):
            self.stop()
            yield None
            return
        while True:
            line = self._line(process, self._patience)
            if line is None:
                self._late = self._late or _ended(process) == SPENT
                self.stop()
                yield None
                return
            answer = msgspec.json.decode(line, type=Answer)
            yield answer
            if answer.page is None:
                return

    def _line(self, process: subprocess.Popen[bytes], seconds: float) -> bytes | None:
        """The next line, or None: at the end of its output, or after so many seconds without any."""
        output = process.stdout
        assert output is not None  # noqa: S101 - opened with a pipe
        with selectors.DefaultSelector() as waiting:
            waiting.register(output, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                if not waiting.select(seconds):
                    self._late = True
                    return None
                part = os.read(output.fileno(), 1 << 20)
                if not part:
                    return None
                self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, ready for a task. Raises WorkerFailed when it does not become ready."""
        if self._process and self._process.poll() is None:
            return self._process
        self.stop()
        with tempfile.TemporaryFile() as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "dziennik.omr.worker"],  # -P: loads nothing from here
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, **ENVIRONMENT},
            )
            if not (_written(self._process, self._told) and self._line(self._process, self._start)):
                why = f"{self._start:g} s" if self._late else _last_line(complaints, _ended(self._process))
                self.stop()
                raise WorkerFailed(why)
        return self._process

    def stop(self) -> None:
        """End the process; what it had not answered is lost."""
        process, self._process, self._rest = self._process, None, b""
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(BrokenPipeError):  # what it never took
                        pipe.close()


def _refused(task: Task, page: int, why: Why) -> Sheet:
    return Sheet(file=task.path, page=page, state=SheetState.REFUSED, why=why)


def _written(process: subprocess.Popen[bytes], line: bytes) -> bool:
    """Whether the process took the line: one that died does not."""
    assert process.stdin is not None  # noqa: S101 - opened with a pipe
    try:
        process.stdin.write(line + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        return False
    return True


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    """How it ended: that is known a moment after the end of its output."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    return process.returncode


def _last_line(complaints: IO[bytes], ended: int | None) -> str:
    """What the process said last before it ended, or how it ended: it has seen nothing of anybody's yet."""
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit {ended}"
