"""What was learnt lately, within bounds of number and time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Remembers `size` things for `seconds` each. Thread-safe.

    `era` changes when everything is forgotten: what was asked for in an earlier era is not learnt.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self.era = 0
        self._size = size
        self._seconds = seconds
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, keys: Iterable[K]) -> dict[K, V]:
        """What is remembered of these."""
        now = monotonic()
        found: dict[K, V] = {}
        with self._lock:
            for key in keys:
                kept = self._kept.get(key)
                if kept and kept[0] > now:
                    found[key] = kept[1]
        return found

    def learn(self, news: Mapping[K, V], era: int) -> None:
        """Remember these, which were asked for in that era."""
        until = monotonic() + self._seconds
        with self._lock:
            if era != self.era:
                return
            for key, value in news.items():
                self._kept[key] = (until, value)
                self._kept.move_to_end(key)
                if len(self._kept) > self._size:
                    self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self.era += 1
            self._kept.clear()
