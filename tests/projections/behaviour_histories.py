"""Random but possible behaviour: notes and grades about the pupils of a history, and resolutions.

What is possible is seen from the history itself: nothing is remembered between steps.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dziennik.contracts import behaviour as facts
from dziennik.contracts import councils, streams
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)
PLACES = (("A", "ada"), ("A", "bo"), ("B", "cy"), ("B", "ada"))  # Ada was in B, too


def written(note_id: str, class_id: str, pupil_id: str, points: int | None, day: date) -> facts.NoteWritten:
    """A note."""
    return facts.NoteWritten(
        note_id=note_id,
        class_id=class_id,
        pupil_id=pupil_id,
        author_id="nowak",
        kind=facts.NoteKind.POSITIVE if (points or 0) >= 0 else facts.NoteKind.NEGATIVE,
        category_id="contest" if (points or 0) >= 0 else "disturbing",
        points=points,
        on=day,
        text=f"uwaga {note_id}",
    )


def graded(
    class_id: str,
    pupil_id: str,
    mark: str,
    kind: GradeKind = GradeKind.TERM_FINAL,
    term_id: str | None = "t1",
) -> facts.BehaviourGradeGiven:
    """A behaviour grade."""
    return facts.BehaviourGradeGiven(
        class_id=class_id,
        pupil_id=pupil_id,
        kind=kind,
        term_id=term_id,
        mark=mark,
        on=FIRST,
        author_id="nowak",
    )


def adopted(resolution_id: str, number: str, day: date = FIRST) -> councils.ResolutionAdopted:
    """A resolution of year Y."""
    return councils.ResolutionAdopted(
        resolution_id=resolution_id,
        year_id="Y",
        term_id=None,
        kind=councils.ResolutionKind.CLASSIFICATION,
        number=number,
        on=day,
        text="Rada zatwierdza wyniki klasyfikacji.",
        class_ids=("A",),
    )


def behave(history: History, chance: int) -> None:
    """One thing about behaviour that is possible now; others do nothing."""
    (_write, _write, _grade, _correct, _see, _strike_out, _correct_grade, _strike_grade, _rules, _resolve)[
        chance % 10
    ](history, chance // 10)


def _notes(history: History) -> list[facts.NoteWritten]:
    told = [one.fact for one in history.recorded]
    gone = {fact.note_id for fact in told if isinstance(fact, facts.NoteStruckOut)}
    return [fact for fact in told if isinstance(fact, facts.NoteWritten) and fact.note_id not in gone]


def _grades(history: History) -> list[facts.BehaviourGradeGiven]:
    standing: dict[tuple[str, str, str | None], facts.BehaviourGradeGiven] = {}
    for one in history.recorded:
        if isinstance(one.fact, facts.BehaviourGradeGiven):
            standing[one.stream, one.fact.kind, one.fact.term_id] = one.fact
        elif isinstance(one.fact, facts.BehaviourGradeStruckOut):
            del standing[one.stream, one.fact.kind, one.fact.term_id]
    return list(standing.values())


def _write(history: History, chance: int) -> None:
    class_id, pupil_id = PLACES[chance % len(PLACES)]
    points = (10, -5, None)[chance % 3]
    fact = written(
        f"n{len(history.recorded)}", class_id, pupil_id, points, FIRST + timedelta(days=chance % 50)
    )
    history.tell(streams.behaviour(class_id, pupil_id), fact)


def _correct(history: History, chance: int) -> None:
    for note in _notes(history)[chance % 3 :][:1]:
        corrected = facts.NoteCorrected(
            note_id=note.note_id,
            pupil_id=note.pupil_id,
            was_kind=note.kind,
            kind=facts.NoteKind.NEUTRAL,
            was_category_id=note.category_id,
            category_id="information",
            was_points=note.points,
            points=0,
            was_on=note.on,
            on=FIRST + timedelta(days=chance % 50),
            was_text=note.text,
            text=f"inaczej {chance}",
            reason="wyjaśniono",
        )
        history.tell(streams.behaviour(note.class_id, note.pupil_id), corrected)


def _see(history: History, chance: int) -> None:
    for note in _notes(history)[chance % 4 :][:1]:
        seen = facts.NoteAcknowledged(note_id=note.note_id, pupil_id=note.pupil_id, parent_id="parent")
        history.tell(streams.behaviour(note.class_id, note.pupil_id), seen)


def _strike_out(history: History, chance: int) -> None:
    for note in _notes(history)[chance % 5 :][:1]:
        struck = facts.NoteStruckOut(note_id=note.note_id, pupil_id=note.pupil_id, reason="pomyłka")
        history.tell(streams.behaviour(note.class_id, note.pupil_id), struck)


def _grade(history: History, chance: int) -> None:
    class_id, pupil_id = PLACES[chance % len(PLACES)]
    kind, term_id = ((GradeKind.TERM_FINAL, "t1"), (GradeKind.ANNUAL_PROPOSED, None))[chance % 2]
    fact = graded(class_id, pupil_id, ("wz", "db")[chance // 2 % 2], kind, term_id)
    taken = {(one.class_id, one.pupil_id, one.kind) for one in _grades(history)}
    if (class_id, pupil_id, kind) not in taken:
        history.tell(streams.behaviour(class_id, pupil_id), fact)


def _correct_grade(history: History, chance: int) -> None:
    for grade in _grades(history)[chance % 3 :][:1]:
        corrected = facts.BehaviourGradeCorrected(
            pupil_id=grade.pupil_id,
            kind=grade.kind,
            term_id=grade.term_id,
            was=grade.mark,
            mark="popr",
            reason="rada",
        )
        history.tell(streams.behaviour(grade.class_id, grade.pupil_id), corrected)


def _strike_grade(history: History, chance: int) -> None:
    for grade in _grades(history)[chance % 3 :][:1]:
        struck = facts.BehaviourGradeStruckOut(
            pupil_id=grade.pupil_id, kind=grade.kind, term_id=grade.term_id, was=grade.mark, reason="pomyłka"
        )
        history.tell(streams.behaviour(grade.class_id, grade.pupil_id), struck)


def _rules(history: History, chance: int) -> None:
    rules = replace(USUAL_BEHAVIOUR, start=chance % 100)
    history.tell(streams.SCHOOL, facts.BehaviourRulesSet(year_id="Y", rules=rules))


def _resolve(history: History, chance: int) -> None:
    told = [one.fact for one in history.recorded]
    recorded = [fact for fact in told if isinstance(fact, councils.ResolutionAdopted)]
    number = len(recorded) + 1
    repealed = councils.ResolutionRepealed(resolution_id=f"u{number - 1}", year_id="Y", reason="błąd")
    fact = repealed if recorded and chance % 2 else adopted(f"u{number}", f"{number}/2026")
    history.tell(streams.councils("Y"), fact)
