"""Moves of pupils and classes, and register numbers as of a day."""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import classes, movement, streams
from dziennik.projections import movement as rows
from dziennik.projections import structure
from dziennik.projections.as_of import as_of
from dziennik.projections.movement import MOVEMENT, MoveKind
from dziennik.projections.rows import View
from dziennik.projections.structure import STRUCTURE
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, NOWAK, History, a_school
from tests.projections.listed import Listed

TENTH = date(2026, 9, 10)
DAY = timedelta(days=1)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [STRUCTURE, MOVEMENT], journal.position())


def test_moves_of_a_pupil_and_of_a_class(common: str) -> None:
    history = a_school()
    history.tell(
        streams.unit("B"),
        movement.ClassChanged(
            pupil_id="ada", from_class_id="A", to_class_id="B", on=TENTH, reason="na prośbę rodziców"
        ),
    )
    at = history.at(len(history.recorded))
    history.tell(
        streams.unit("B"),
        movement.PupilTransferredIn(class_id="B", pupil_id="eve", since=FIRST, school="SP 2"),
        movement.PupilStruckOff(
            class_id="B", pupil_id="di", until=TENTH, decision="1", legal_basis="art. 68", reason="uchwała"
        ),
    )
    history.tell(
        streams.unit("C"),
        movement.YearRepeated(pupil_id="bo", from_class_id="Z", class_id="C", since=FIRST),
        movement.PupilLeftSchool(
            class_id="C",
            pupil_id="bo",
            until=TENTH,
            kind=movement.LeavingKind.ABROAD,
            reason="wyjazd",
            destination="Berlin",
        ),
    )
    view = view_of(history)
    (moved,) = rows.of_pupil(view, "ada")
    assert (moved.kind, moved.from_class_id, moved.class_id, moved.on) == (
        MoveKind.CLASS_CHANGED,
        "A",
        "B",
        TENTH,
    )
    assert (moved.reason, moved.by, moved.at) == ("na prośbę rodziców", NOWAK.person, at)
    assert [move.pupil_id for move in rows.of_class(view, "A")] == ["ada"]  # out of it
    assert [move.pupil_id for move in rows.of_class(view, "B")] == ["eve", "ada", "di"]
    repeats, left = rows.of_pupil(view, "bo")
    assert (repeats.kind, repeats.from_class_id) == (MoveKind.YEAR_REPEATED, "Z")
    assert (left.leaving, left.place, left.reason) == (movement.LeavingKind.ABROAD, "Berlin", "wyjazd")
    agree(common, MOVEMENT, history)


def numbers(view: View, class_id: str, day: date | None) -> list[tuple[str, int]]:
    return [(row.pupil_id, row.number) for row in structure.pupils(view, class_id, day)]


def test_numbers_are_those_of_the_day(common: str) -> None:
    """Ada 1, Bo 2; from the tenth on Bo 1, Ada 2. Eve, who came then as 3, stays 3; B is untouched."""
    history = a_school()
    history.tell(
        streams.unit("A"),
        movement.PupilsRenumbered(
            class_id="A",
            since=TENTH,
            numbers=(
                movement.RegisterNumber(pupil_id="bo", number=1),
                movement.RegisterNumber(pupil_id="ada", number=2),
            ),
        ),
        classes.PupilEnrolled(class_id="A", pupil_id="eve", since=TENTH + DAY, number=3),
        classes.PupilLeft(class_id="A", pupil_id="bo", until=TENTH + DAY),
        classes.PupilEnrolled(class_id="A", pupil_id="bo", since=TENTH + 5 * DAY, number=4),
    )
    view = view_of(history)
    assert numbers(view, "A", TENTH - DAY) == [("ada", 1), ("bo", 2)]
    assert numbers(view, "A", TENTH) == [("bo", 1), ("ada", 2)]
    assert numbers(view, "A", TENTH + 2 * DAY) == [("ada", 2), ("eve", 3)]
    assert numbers(view, "A", TENTH + 5 * DAY) == [("ada", 2), ("eve", 3), ("bo", 4)]
    assert numbers(view, "A", None) == [("bo", 1), ("ada", 2), ("eve", 3), ("bo", 4)]
    assert numbers(view, "B", TENTH) == [("cy", 1), ("di", 2)]
    agree(common, STRUCTURE, history)


def test_rules_are_those_of_the_year(common: str) -> None:
    history = a_school()
    for days in (10, 14):
        rules = movement.MovementRules(renumber_days=days)
        history.tell(streams.SCHOOL, movement.MovementRulesSet(year_id="Y", rules=rules))
    view = view_of(history)
    assert rows.rules_of(view, "Y") == rows.YearRules("Y", 2, movement.MovementRules(renumber_days=14))
    assert rows.rules_of(view, "Z") == rows.YearRules("Z", 0, movement.MovementRules(renumber_days=30))
    agree(common, MOVEMENT, history)
