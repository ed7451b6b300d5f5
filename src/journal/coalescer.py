"""How do many threads' commands share one commit?

A commit waits for the disk; what arrives meanwhile goes together into the next one. One of the waiting
threads writes for all of them: no thread of our own, and a lone command goes straight through.

Commands that depend on each other never share a batch: one that touches a stream written earlier in
the batch, or repeats its command id, waits for the next. So each command's outcome is the same as if
they had been written one after the other, in the order of their positions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

from dziennik.journal.batch import Conflict, Known, Outcome, Prepared, Written
from dziennik.journal.outcomes import Unsettled

# A batch beyond this only makes its first command wait longer.
MOST_FACTS: Final = 2_000

# How many batches a thread writes before another has to: changing over costs about as much as a batch.
BATCHES: Final = 4

Write = Callable[[Sequence[Prepared]], list[Outcome | Exception]]


class _Request:
    __slots__ = ("command", "outcome", "turn")

    def __init__(self, command: Prepared) -> None:
        self.command = command
        self.outcome: Outcome | Exception | None = None
        self.turn = Lock()  # free when it is this request's turn, or its outcome is there
        self.turn.acquire()


class Coalescer:
    """Runs `write` with batches, one batch at a time; `write` answers one outcome or fault per command."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._mutex = Lock()
        self._waiting: deque[_Request] = deque()
        self._busy = False

    def submit(self, command: Prepared) -> Outcome:
        """Write one command, perhaps together with others; raises its own fault only."""
        request = _Request(command)
        with self._mutex:
            self._waiting.append(request)
            lead, self._busy = not self._busy, True
        if not lead:
            request.turn.acquire()
        if request.outcome is None:
            self._lead()
        if isinstance(request.outcome, Written | Known | Conflict):
            return request.outcome
        raise request.outcome or RuntimeError("a command without an outcome")

    def _lead(self) -> None:
        """Write batches, beginning with the one of this thread's own request, then hand over."""
        try:
            for _ in range(BATCHES):
                with self._mutex:
                    batch = self._next_batch()
                    if not batch:
                        self._busy = False
                        return
                self._run(batch)
        except BaseException:
            self._hand_over()
            raise
        self._hand_over()

    def _hand_over(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting[0].turn.release()
            else:
                self._busy = False

    def _run(self, batch: list[_Request]) -> None:
        commands = [request.command for request in batch]
        outcomes: Sequence[Outcome | Exception] = [Unsettled(command.command_id) for command in commands]
        try:
            outcomes = self._write(commands)
        finally:
            for request, outcome in zip(batch, outcomes, strict=True):
                request.outcome = outcome
                request.turn.release()

    def _next_batch(self) -> list[_Request]:
        """Take the first waiting request and all that may go with it; the others keep their order."""
        if len(self._waiting) < 2:
            batch, self._waiting = list(self._waiting), deque()
            return batch
        batch = []
        later: deque[_Request] = deque()
        ids: set[str] = set()
        written: set[str] = set()
        facts = 0
        for request in self._waiting:
            command = request.command
            facts += command.size
            fits = not batch or facts <= MOST_FACTS
            if fits and command.command_id not in ids and written.isdisjoint(command.checks):
                batch.append(request)
                ids.add(command.command_id)
                written |= command.writes
            else:
                later.append(request)
        self._waiting = later
        return batch
