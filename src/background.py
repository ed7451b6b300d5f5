"""How does something go on beside what was asked for? In a thread of its own, until it is told to stop."""

from __future__ import annotations

from threading import Event, Thread
from types import TracebackType
from typing import Self


class Background:
    """Runs `run` from `start` to `stop`, or as long as a `with`. It may be started again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.stopping = Event()
        self._thread: Thread | None = None

    def run(self) -> None:
        """The work; ends soon after `stopping` is set."""
        raise NotImplementedError

    def start(self) -> None:
        """Work from now on."""
        self.stopping.clear()
        self._thread = Thread(target=self.run, name=f"dziennik-{self._name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self.stopping.set()
        if self._thread:
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
