"""Behaviour: notes about pupils (uwagi), points, and behaviour grades (ocena zachowania).

Rules stand in the stream ``school``, the rest in ``year/{class}/behaviour/{pupil}``. A grade of a term is
named by its kind and term, one of the year by its kind: a pupil has at most one of each standing in a class.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.facts import Fact, OnSheet, Personal, fact
from dziennik.contracts.values import CategoryId, GradeKind, PersonId, TermId, UnitId, Value, YearId


class NoteKind(StrEnum):
    """What a note says of the pupil."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class PointsRun(StrEnum):
    """How points run through the year.

    EACH_TERM: every term begins anew with the start value; the year's points are the mean of its terms.
    CONTINUOUS: points run on; a term's are all from the year's beginning to the term's end.
    """

    EACH_TERM = "each_term"
    CONTINUOUS = "continuous"


class NoteCategory(Value, frozen=True, kw_only=True):
    """What a note is written for. `points` is what it is worth unless its author says otherwise.

    An author may say from `least` to `most` points; None: open at that end.
    """

    category_id: CategoryId
    name: str
    symbol: str
    kind: NoteKind
    points: int = 0
    least: int | None = None
    most: int | None = None


class BehaviourMark(Value, frozen=True, kw_only=True):
    """One grade of the scale: as it is written ("bdb"), and its name ("bardzo dobre")."""

    mark: str
    name: str


class BehaviourThreshold(Value, frozen=True, kw_only=True):
    """From this many points on, `mark` is proposed."""

    points: int
    mark: str


class BehaviourRules(Value, frozen=True, kw_only=True):
    """How a school assesses behaviour in one year.

    `scale` from the best grade to the worst. With `with_points` a pupil begins with `start` points and notes
    add theirs; the highest of `thresholds` that is reached proposes a grade, below all of them it is the
    worst of the scale. Without, notes have no points and nothing is proposed.
    """

    scale: tuple[BehaviourMark, ...]
    categories: tuple[NoteCategory, ...]
    with_points: bool
    start: int = 0
    thresholds: tuple[BehaviourThreshold, ...] = ()
    run: PointsRun = PointsRun.EACH_TERM


@fact("behaviour.behaviour_rules_set.1")
class BehaviourRulesSet(Fact, frozen=True, kw_only=True):
    """The director set how behaviour is assessed in one year. The latest holds."""

    year_id: YearId
    rules: BehaviourRules


@fact("behaviour.note_written.1", person="pupil_id")
class NoteWritten(Fact, frozen=True, kw_only=True):
    """A note about a pupil. `on` is the day of what it tells; `kind` is its category's at that time.

    `points` is None where the school uses none. `author_id` is None for what an import brought.
    """

    note_id: str
    class_id: UnitId
    pupil_id: PersonId
    author_id: PersonId | None
    kind: NoteKind
    category_id: CategoryId
    points: int | None
    on: date
    text: Personal


@fact("behaviour.note_corrected.1", person="pupil_id")
class NoteCorrected(Fact, frozen=True, kw_only=True):
    """A note was put right; both stay legible. `was_...` is what stood before."""

    note_id: str
    pupil_id: PersonId
    was_kind: NoteKind
    kind: NoteKind
    was_category_id: CategoryId
    category_id: CategoryId
    was_points: int | None
    points: int | None
    was_on: date
    on: date
    was_text: Personal
    text: Personal
    reason: Personal


@fact("behaviour.note_struck_out.1", person="pupil_id")
class NoteStruckOut(Fact, frozen=True, kw_only=True):
    """The note was written wrongly and counts no more; it stays legible."""

    note_id: str
    pupil_id: PersonId
    reason: Personal


@fact("behaviour.note_acknowledged.1")
class NoteAcknowledged(Fact, frozen=True, kw_only=True):
    """A parent has seen the note as it stood then."""

    note_id: str
    pupil_id: PersonId
    parent_id: PersonId


@fact("behaviour.behaviour_grade_given.1", person="pupil_id")
class BehaviourGradeGiven(Fact, frozen=True, kw_only=True):
    """A behaviour grade, proposed or final, of a term (`term_id`) or of the year (None).

    `mark` is of the school's scale, or "" for a descriptive grade (`description`); beside a mark the
    description is what justifies it.
    """

    class_id: UnitId
    pupil_id: PersonId
    kind: GradeKind
    term_id: TermId | None
    mark: str
    on: date
    author_id: PersonId | None
    description: OnSheet | None = None

    @property
    def on_sheet(self) -> bool:
        return self.kind is GradeKind.ANNUAL_FINAL


@fact("behaviour.behaviour_grade_corrected.1", person="pupil_id")
class BehaviourGradeCorrected(Fact, frozen=True, kw_only=True):
    """A behaviour grade was put right; both stay legible."""

    pupil_id: PersonId
    kind: GradeKind
    term_id: TermId | None
    was: str
    mark: str
    reason: Personal
    was_description: Personal | None = None
    description: OnSheet | None = None

    @property
    def on_sheet(self) -> bool:
        return self.kind is GradeKind.ANNUAL_FINAL


@fact("behaviour.behaviour_grade_struck_out.1", person="pupil_id")
class BehaviourGradeStruckOut(Fact, frozen=True, kw_only=True):
    """The behaviour grade was entered wrongly and stands no more; it stays legible."""

    pupil_id: PersonId
    kind: GradeKind
    term_id: TermId | None
    was: str
    reason: Personal
