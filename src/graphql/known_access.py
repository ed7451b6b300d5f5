"""Who an account is in a school, remembered for as long as nothing was said that could change it.

The answer depends on a few read models; it is kept together with their positions and asked anew when one of
them has moved. A role or right that ends is a fact, so its position is another one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock

from dziennik.contracts.registers import RESTRICTED
from dziennik.projections.access import Access, access
from dziennik.projections.accounts import ACCOUNTS
from dziennik.projections.audits import AUDITS
from dziennik.projections.people import PEOPLE
from dziennik.projections.reach import Reach, reach
from dziennik.projections.reading import ReadModels
from dziennik.projections.registers import REGISTERS
from dziennik.projections.rows import Lists, View
from dziennik.projections.structure import STRUCTURE, Unit

Positions = tuple[int | None, ...]
# What `access` asks.
ASKED = (STRUCTURE.name, PEOPLE.name, ACCOUNTS.name, AUDITS.name)
# What `reach` asks, besides who the account is.
REACHED = (*ASKED, REGISTERS.name)


class KnownAccess:
    """The most recently asked accounts. Thread-safe."""

    def __init__(self, read_models: ReadModels, size: int = 10_000) -> None:
        self._read_models = read_models
        self._size = size
        self._kept: OrderedDict[tuple[str, str], tuple[Positions, Access | None]] = OrderedDict()
        self._reached: OrderedDict[tuple[str, str], tuple[Positions, date, Reach]] = OrderedDict()
        self._restricted: dict[tuple[str, str], bool] = {}
        self._lock = Lock()

    def of(self, school_id: str, account_id: str, view: Callable[[], View]) -> Access | None:
        """Who the account is; None for strangers and for schools that are not here."""
        positions = self._read_models.positions(school_id)
        if positions is None:
            return None
        at = tuple(positions.get(name) for name in ASKED)
        key = (school_id, account_id)
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept[0] == at:
                self._kept.move_to_end(key)
                return kept[1]
        found = access(view(), account_id)
        with self._lock:
            self._kept[key] = (at, found)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return found

    def reach(self, school_id: str, who: Access, day: date, view: Callable[[], Lists]) -> Reach:
        """In which units the person works on that day, and who is in them."""
        positions = self._read_models.positions(school_id) or {}
        at = tuple(positions.get(name) for name in REACHED)
        key = (school_id, who.person.person_id)
        with self._lock:
            kept = self._reached.get(key)
            if kept and kept[:2] == (at, day):
                self._reached.move_to_end(key)
                return kept[2]
        found = reach(view(), who, day)
        with self._lock:
            self._reached[key] = (at, day, found)
            if len(self._reached) > self._size:
                self._reached.popitem(last=False)
        return found

    def is_restricted(self, school_id: str, unit_id: str, view: Callable[[], View]) -> bool | None:
        """Whether the unit is a register that only its keepers open; None for a unit that is not known.

        What a unit is never changes, so it is remembered.
        """
        key = (school_id, unit_id)
        with self._lock:
            known = self._restricted.get(key)
        if known is not None:
            return known
        unit = view().get(Unit, unit_id)
        if unit is None:
            return None
        with self._lock:
            if len(self._restricted) >= self._size:
                self._restricted.clear()
            self._restricted[key] = unit.register in RESTRICTED
        return unit.register in RESTRICTED
