"""What does a card that was read leave for a person to say?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dziennik.contracts.cards import CellFinding, FoundCell

Place = tuple[int, str]  # a line and a field
CONTROL = 0  # the teacher's line


def lesson_of(field: str) -> int | None:
    """The number of the card's lesson that a field is of ("presence-3"), from 1; None: of none."""
    number = field.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None


def marked(cells: Sequence[FoundCell], place: Place) -> tuple[str, ...]:
    """What the reader is sure of in a field."""
    return tuple(
        cell.value
        for cell in cells
        if (cell.line, cell.field) == place and cell.finding is CellFinding.MARKED
    )


def undecided(
    lines: Iterable[int], cells: Sequence[FoundCell], decided: Mapping[Place, Sequence[str]]
) -> list[Place]:
    """Fields to decide: unsure ones, marks beside no pupil, lessons and columns whose marks nobody confirmed.

    `lines`: those in which a pupil stands; `decided`: what persons said already.
    """
    known = {CONTROL, *lines}
    found = {
        (cell.line, cell.field)
        for cell in cells
        if cell.finding is CellFinding.UNSURE or cell.line not in known
    }
    for cell in cells:
        place = _confirming(cell.field)
        if place and not decided.get(place, marked(cells, place)):
            found.add(place)
    return sorted(found - decided.keys())


def _confirming(field: str) -> Place | None:
    """The field in the teacher's line that has to be marked if anything is in this one."""
    kind, _, block = field.partition("-")
    if kind == "presence":
        return CONTROL, f"lesson-{block}"
    return (CONTROL, "control") if kind in ("mark", "sign") else None
