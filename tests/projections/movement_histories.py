"""Random moves of the pupils of a history: to another class, in, out, again; and new numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from dziennik.contracts import movement, streams
from dziennik.contracts.facts import Fact

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)


def go(history: History, chance: int) -> None:
    """One move."""
    pupil, day = ("ada", "bo", "cy")[chance % 3], FIRST + timedelta(days=chance % 50)
    facts: tuple[Fact, ...] = (
        movement.ClassChanged(pupil_id=pupil, from_class_id="A", to_class_id="B", on=day, reason=f"{chance}"),
        movement.PupilTransferredIn(class_id="B", pupil_id=pupil, since=day, school="SP 2"),
        movement.PupilLeftSchool(
            class_id="B", pupil_id=pupil, until=day, kind=movement.LeavingKind.ABROAD, reason="wyjazd"
        ),
        movement.PupilStruckOff(
            class_id="B", pupil_id=pupil, until=day, decision="1", legal_basis="art. 68", reason="uchwała"
        ),
        movement.YearRepeated(pupil_id=pupil, from_class_id="A", class_id="B", since=day),
        movement.PupilsRenumbered(
            class_id="B",
            since=day,
            numbers=(
                movement.RegisterNumber(pupil_id="di", number=1 + chance % 2),
                movement.RegisterNumber(pupil_id="cy", number=2 - chance % 2),
            ),
        ),
    )
    history.tell(streams.unit("B"), facts[chance % len(facts)])
