"""What does a card that was read leave for a person to say?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

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
    lines: Iterable[int],
    cells: Sequence[FoundCell],
    decided: Mapping[Place, Sequence[str]],
    offered: Sequence[int] = (),
    written: Collection[int] = (),
) -> list[Place]:
    """Fields to decide: unsure ones, and marks that would say nothing.

    These are marks beside no pupil, for a topic that is not printed, and of lessons and columns that nobody
    confirmed. `lines`: those in which a pupil stands; `decided`: what persons said already; `offered`: how
    many topics are printed for each lesson; `written`: numbers of lessons whose topic stands there by hand.
    """
    known = {CONTROL, *lines}
    found = {
        (cell.line, cell.field)
        for cell in cells
        if cell.finding is CellFinding.UNSURE or cell.line not in known
    }
    found |= {
        (CONTROL, f"topic-{number}")
        for number, count in enumerate(offered, 1)
        if number not in written and not offers(marked(cells, (CONTROL, f"topic-{number}")), count)
    }
    for field in {*(cell.field for cell in cells), *(f"topic-{number}" for number in written)}:
        place = _confirming(field)
        if place and not decided.get(place, marked(cells, place)):
            found.add(place)
    return sorted(found - decided.keys())


def offers(values: Iterable[str], count: int) -> bool:
    """Whether a lesson for which so many topics are printed has one for each of these marks ("topic-2")."""
    return all(int(value.rpartition("-")[2]) <= count for value in values)


def _confirming(field: str) -> Place | None:
    """The field in the teacher's line that has to be marked if anything is in this one."""
    kind, _, block = field.partition("-")
    if kind in ("presence", "topic"):
        return CONTROL, f"lesson-{block}"
    return (CONTROL, "control") if kind in ("mark", "sign") else None
