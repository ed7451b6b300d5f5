"""Who changed class, came, left, was struck off, repeats a year: when, where to and why? By which rules?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec.structs import replace

from dziennik.contracts import movement as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.movement import LeavingKind, MovementRules
from dziennik.domain.policies.defaults import USUAL_MOVEMENT
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

MOVEMENT = ReadModel("movement", version=3)
on = MOVEMENT.on


class MoveKind(StrEnum):
    """What happened to a pupil's place in the school."""

    CLASS_CHANGED = "class_changed"
    TRANSFERRED_IN = "transferred_in"
    LEFT_SCHOOL = "left_school"
    STRUCK_OFF = "struck_off"
    YEAR_REPEATED = "year_repeated"
    TAUGHT_APART = "taught_apart"
    TEACHING_APART_ENDED = "teaching_apart_ended"


@MOVEMENT.table(key=("position",), indexes=(("pupil_id",), ("class_id",), ("from_class_id",)))
class Move(Row, frozen=True):
    """`on` is the first day in `class_id`, or the last one of who left it; `place` the other school.

    Of individual teaching it is the first day, or the last one.
    """

    position: int
    kind: MoveKind
    pupil_id: str
    class_id: str
    on: date
    by: str
    at: datetime
    from_class_id: str | None = None
    leaving: LeavingKind | None = None
    place: str | None = None
    reason: str | None = None
    decision: str | None = None
    legal_basis: str | None = None


@MOVEMENT.table(key=("year_id",), families=ALL_ROWS)
class YearRules(Row, frozen=True):
    """The rules in force in a year; `version` counts how often they were set, 0: the usual ones hold."""

    year_id: str
    version: int
    rules: MovementRules


@on(said.MovementRulesSet)
def rules_set(rows: Rows, fact: said.MovementRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))


@on(said.ClassChanged)
def class_changed(rows: Rows, fact: said.ClassChanged, recorded: Recorded) -> None:
    place = (MoveKind.CLASS_CHANGED, fact.pupil_id, fact.to_class_id, fact.on)
    moved = Move(*_first(recorded, place), from_class_id=fact.from_class_id, reason=fact.reason)
    rows.put(moved)


@on(said.PupilTransferredIn)
def pupil_transferred_in(rows: Rows, fact: said.PupilTransferredIn, recorded: Recorded) -> None:
    place = (MoveKind.TRANSFERRED_IN, fact.pupil_id, fact.class_id, fact.since)
    rows.put(Move(*_first(recorded, place), place=fact.school))


@on(said.PupilLeftSchool)
def pupil_left_school(rows: Rows, fact: said.PupilLeftSchool, recorded: Recorded) -> None:
    place = (MoveKind.LEFT_SCHOOL, fact.pupil_id, fact.class_id, fact.until)
    first = _first(recorded, place)
    rows.put(Move(*first, leaving=fact.kind, place=fact.destination, reason=fact.reason))


@on(said.PupilStruckOff)
def pupil_struck_off(rows: Rows, fact: said.PupilStruckOff, recorded: Recorded) -> None:
    place = (MoveKind.STRUCK_OFF, fact.pupil_id, fact.class_id, fact.until)
    struck = Move(*_first(recorded, place), reason=fact.reason, decision=fact.decision)
    rows.put(replace(struck, legal_basis=fact.legal_basis))


@on(said.YearRepeated)
def year_repeated(rows: Rows, fact: said.YearRepeated, recorded: Recorded) -> None:
    place = (MoveKind.YEAR_REPEATED, fact.pupil_id, fact.class_id, fact.since)
    rows.put(Move(*_first(recorded, place), from_class_id=fact.from_class_id))


@on(said.PupilTaughtApart)
def pupil_taught_apart(rows: Rows, fact: said.PupilTaughtApart, recorded: Recorded) -> None:
    place = (MoveKind.TAUGHT_APART, fact.pupil_id, fact.class_id, fact.since)
    rows.put(Move(*_first(recorded, place)))


@on(said.TeachingApartEnded)
def teaching_apart_ended(rows: Rows, fact: said.TeachingApartEnded, recorded: Recorded) -> None:
    place = (MoveKind.TEACHING_APART_ENDED, fact.pupil_id, fact.class_id, fact.until)
    rows.put(Move(*_first(recorded, place)))


_Place = tuple[MoveKind, str, str, date]


def _first(recorded: Recorded, place: _Place) -> tuple[int, MoveKind, str, str, date, str, datetime]:
    actor = recorded.origin.actor
    return recorded.position, *place, actor.person or actor.account, recorded.origin.recorded_at


# What is asked


def of_pupil(view: View, pupil_id: str) -> list[Move]:
    """A pupil's moves, in time."""
    return sorted(view.find(Move, pupil_id=pupil_id), key=_in_time)


def of_class(view: View, class_id: str) -> list[Move]:
    """Moves into and out of a class, in time."""
    found = view.find(Move, class_id=class_id) + view.find(Move, from_class_id=class_id)
    return sorted({move.position: move for move in found}.values(), key=_in_time)


def _in_time(move: Move) -> tuple[date, int]:
    return move.on, move.position


def rules_of(view: View, year_id: str) -> YearRules:
    """The rules in force; the usual ones, as version 0, where the director has set none."""
    return view.get(YearRules, year_id) or YearRules(year_id, 0, USUAL_MOVEMENT)
