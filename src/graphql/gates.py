"""How many requests may be busy with the same slow thing at once?

The server answers with a few dozen threads. What holds one for long (waiting for a fact to become visible,
reckoning a password's hash) is done by some of them only, so that the others go on answering (ADR 0051).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock


class Gate:
    """Lets so many in at a time. Thread-safe."""

    def __init__(self, places: int) -> None:
        self._places = BoundedSemaphore(places)

    @contextmanager
    def entered(self) -> Iterator[bool]:
        """Whether there was a place; it is given back at the end. Never waits for one."""
        inside = self._places.acquire(blocking=False)
        try:
            yield inside
        finally:
            if inside:
                self._places.release()


class Shares:
    """Lets each one have so many at a time, so that nobody takes all places. Thread-safe."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._inside: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def entered(self, who: str) -> Iterator[bool]:
        """Whether one more is allowed to who asks; it is given back at the end."""
        with self._lock:
            inside = self._inside[who] < self._each
            self._inside[who] += inside
        try:
            yield inside
        finally:
            if inside:
                with self._lock:
                    self._inside[who] -= 1
                    if not self._inside[who]:
                        del self._inside[who]


class Gates:
    """The gates of one server."""

    def __init__(
        self,
        waiting: int = 8,
        hashing: int = 16,
        folding: int = 4,
        proving: int = 2,
        asking: int = 4,
        reading: int = 2,
    ) -> None:
        """`waiting` for facts, longer than a moment; `hashing` passwords, or in the queue for it; `folding`
        the past; `proving` entries; `asking` providers of logins, which may be slow or away; `reading` pages
        of scans again.
        """
        self.waiting = Gate(waiting)
        self.hashing = Gate(hashing)
        self.folding = Gate(folding)
        self.folding_each = Shares(max(folding // 2, 1))
        self.proving = Gate(proving)
        self.asking = Gate(asking)
        self.reading = Gate(reading)
