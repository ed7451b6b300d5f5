"""Which classes, groups and registers does a school year have?

Asked by decisions that must look at all of them (is a pupil enrolled elsewhere?). Which year a unit is of
never changes, so it is remembered; what came since is found by position.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock

from dziennik.contracts import streams
from dziennik.journal.journal import Journal

BELOW, BEYOND = "year/", "year0"  # "0" follows "/": all names of units' streams lie between


class KnownUnits:
    """The units of one school, by year. Thread-safe."""

    def __init__(self) -> None:
        self._position = 0
        self._known: set[str] = set()
        self._of_year: defaultdict[str, set[str]] = defaultdict(set)
        self._lock = Lock()

    def of_year(self, journal: Journal, year_id: str) -> frozenset[str]:
        """The year's units as the journal has them at this moment."""
        with self._lock:
            self._refresh(journal)
            return frozenset(self._of_year[year_id])

    def _refresh(self, journal: Journal) -> None:
        head = journal.position()
        if head == self._position:
            return
        if self._position:
            begun = {streams.unit_of(name) for name in journal.begun(self._position, BELOW, BEYOND)}
            found = {unit_id for unit_id in begun if unit_id}
        else:
            found = set(journal.below(BELOW))
        names = {streams.unit(unit_id): unit_id for unit_id in found - self._known}
        for name, recorded in journal.load_many(list(names)).items():
            if recorded:
                self._known.add(names[name])
                self._of_year[getattr(recorded[0].fact, "year_id", "")].add(names[name])
        self._position = head
