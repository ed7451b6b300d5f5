"""What holds from a day to a day? Both days belong to it, `until` None is open."""

from __future__ import annotations

from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything with from-to."""

    @property
    def since(self) -> date:
        """The first day."""
        ...

    @property
    def until(self) -> date | None:
        """The last day."""
        ...


D = TypeVar("D", bound=Dated)
R = TypeVar("R")


def in_force(row: Dated, day: date) -> bool:
    """Whether `day` lies in the row's from-to."""
    return row.since <= day and (row.until is None or day <= row.until)


def current(found: list[D]) -> D:
    """Of rows in time the open one, or else the last: what an ending fact ends. Raises LookupError."""
    if not found:
        raise LookupError("nothing began that could end")
    open_ones = [row for row in found if row.until is None]
    return (open_ones or found)[-1]


def there(row: R | None, row_id: str) -> R:
    """The row. LookupError if there is none."""
    if row is None:
        raise LookupError(f"there is no {row_id} yet")
    return row
