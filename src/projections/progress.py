"""Can what I have just written be seen? Waiting for a read model to reach a position.

In the process whose follower works for the school a wait ends with the commit; elsewhere it looks at
the position now and then, and only while somebody waits.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from time import monotonic

# Seconds between looks: at first, and at most. With news from this process's follower it looks rarely.
_SOON, _LATE, _RARELY = 0.002, 0.05, 0.5

Look = Callable[[str, str], int]


class Progress:
    """How far the read models have come, as far as this process knows. Thread-safe."""

    def __init__(self, look: Look) -> None:
        """`look` asks the database for the position of (school, model)."""
        self._look = look
        self._condition = Condition()
        self._at: dict[tuple[str, str], int] = {}
        self._here: set[str] = set()
        self._listeners: list[Callable[[str], None]] = []

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call it with a school's id when one of its models has come further; it must return at once."""
        self._listeners.append(listener)

    def reached(self, school_id: str, model: str, position: int) -> None:
        """The model is at least there."""
        with self._condition:
            if position <= self._at.get((school_id, model), 0):
                return
            self._at[school_id, model] = position
            self._condition.notify_all()
        for listener in self._listeners:
            listener(school_id)

    def follows_here(self, school_id: str, here: bool) -> None:
        """Whether this process's follower holds the school's lease, so that news come by themselves."""
        with self._condition:
            (self._here.add if here else self._here.discard)(school_id)

    def wait_until(self, school_id: str, model: str, position: int, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the model to reach the position; whether it has."""
        deadline = monotonic() + timeout
        pause = _SOON
        place = (school_id, model)
        while True:
            with self._condition:
                if self._at.get(place, 0) >= position:
                    return True
            self.reached(school_id, model, self._look(school_id, model))
            with self._condition:
                left = deadline - monotonic()
                if self._at.get(place, 0) >= position or left <= 0:
                    return self._at.get(place, 0) >= position
                nap = _RARELY if school_id in self._here else pause
                self._condition.wait_for(lambda: self._at.get(place, 0) >= position, min(left, nap))
            pause = min(pause * 1.5, _LATE)
