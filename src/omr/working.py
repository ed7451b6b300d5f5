"""Who decodes what strangers sent? A worker process with limits, so that nothing it meets harms anybody else.

The worker gets one task a line on its standard input and answers a JSON line a sheet. A page that takes too
long, needs too much memory or kills the worker is refused; the next page is read by a fresh one.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
from collections.abc import Iterator, Mapping
from types import TracebackType

import msgspec

from dziennik.omr.sheet import Sheet, SheetState, Why
from dziennik.omr.template import Template

MEMORY = 1 << 30  # address space of a worker, with all libraries
SECONDS = 10.0  # for one page
# A core a worker: threads that wait for the next sum would take half of another.
ENVIRONMENT: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
FAILURES = 2  # pages in a row that may end a worker: the rest of the file is not tried


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


class Set(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is told at its start: keys under which cards are genuine, and further forms."""

    keys: tuple[bytes, ...]
    forms: tuple[Template, ...] = ()
    memory: int = MEMORY


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line from the worker: the sheets of one page; the last of a task has neither page nor sheets."""

    page: int | None = None
    sheets: tuple[Sheet, ...] = ()
    pages: int = 1
    picture: bytes = b""


class Worker:
    """One process that reads. Started when first needed, and again whenever it died."""

    def __init__(self, told: Set, *, seconds: float = SECONDS) -> None:
        self._told = msgspec.json.encode(told) + b"\n"
        self._seconds = seconds
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

    def count(self, path: str) -> int:
        """How many pages a file has; 1 when it cannot be said."""
        for answer in self._answers(Task(path=path, count=True)):
            return answer.pages if answer else 1
        return 1

    def picture(self, task: Task) -> bytes:
        """The part of a page that the task's `cut` asks for, as PNG; empty when it cannot be had."""
        for answer in self._answers(task):
            return answer.picture if answer else b""
        return b""

    def read(self, task: Task) -> Iterator[Sheet]:
        """The sheets of the task's pages in order. A page that fails is refused and the next one tried."""
        first, failures = task.first, 0
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
            yield Sheet(file=task.path, page=failed, state=SheetState.REFUSED, why=why)
            if task.last is None or failed >= task.last:
                return
            first = failed + 1

    def _answers(self, task: Task) -> Iterator[Answer | None]:
        """What the worker says, line by line; None when it is dead or too slow, and it is no more then."""
        process = self._running()
        self._late = False
        try:
            process.stdin.write(msgspec.json.encode(task) + b"\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError:
            self.stop()
            yield None
            return
        while True:
            line = self._line(process)
            if line is None:
                self.stop()
                yield None
                return
            answer = msgspec.json.decode(line, type=Answer)
            yield answer
            if answer.page is None:
                return

    def _line(self, process: subprocess.Popen[bytes]) -> bytes | None:
        """The next line, or None: at the end of its output, or after too long a time."""
        output = process.stdout
        assert output is not None  # noqa: S101 - opened with a pipe
        with selectors.DefaultSelector() as waiting:
            waiting.register(output, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                if not waiting.select(self._seconds):
                    self._late = True
                    return None
                part = os.read(output.fileno(), 1 << 20)
                if not part:
                    return None
                self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "dziennik.omr.worker"],  # -P: loads nothing from here
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT},
            )
            self._process.stdin.write(self._told)  # type: ignore[union-attr]
        return self._process

    def stop(self) -> None:
        """End the process; what it had not answered is lost."""
        process, self._process, self._rest = self._process, None, b""
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
