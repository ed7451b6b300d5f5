"""How does a year end: by which rules, who is promoted, which registers are closed, what may be corrected?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from dziennik.contracts import classification as said
from dziennik.contracts.classification import ClassificationRules, Outcome, YearBook
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.school import SchoolYearClosed
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

CLASSIFICATION = ReadModel("classification", version=2)
on = CLASSIFICATION.on
table = CLASSIFICATION.table


@table(key=("year_id",), families=ALL_ROWS)
class YearRules(Row, frozen=True):
    """The rules in force in a year; `version` counts how often they were set, 0: the usual ones hold."""

    year_id: str
    version: int
    rules: ClassificationRules


@table(key=("class_id", "pupil_id"), indexes=(("pupil_id",),))
class PromotionRow(Row, frozen=True):
    """What the council decided last about a pupil; `earlier` are the outcomes it decided before."""

    class_id: str
    pupil_id: str
    outcome: Outcome
    average: Decimal | None
    behaviour: str | None
    rule_version: int
    reason: str | None
    by: str
    at: datetime
    position: int
    earlier: tuple[Outcome, ...] = ()


@table(key=("class_id",), families=ALL_ROWS)
class ClosedRegister(Row, frozen=True):
    """A class's register that is closed, with the gaps that `reason` accounts for."""

    class_id: str
    closed_on: date
    gaps: int
    reason: str | None
    by: str
    position: int


@table(key=("year_id",), families=ALL_ROWS)
class ClosedYear(Row, frozen=True):
    """A closed year; `position` is where it ends in the journal."""

    year_id: str
    closed_on: date
    class_ids: tuple[str, ...]
    by: str
    position: int


@table(key=("permit_id",), indexes=(("unit_id",),))
class Permit(Row, frozen=True):
    """A correction that the director permitted after the year was closed."""

    permit_id: str
    unit_id: str
    person_id: str
    until: date
    what: str
    reason: str
    legal_basis: str
    by: str
    at: datetime
    position: int


@table(key=("permit_id",), indexes=(("year_id",),))
class YearPermit(Row, frozen=True):
    """A correction of a closed year that the director permitted beside its units' registers."""

    permit_id: str
    year_id: str
    book: YearBook
    person_id: str
    until: date
    what: str
    reason: str
    legal_basis: str
    by: str
    at: datetime
    position: int


@on(said.ClassificationRulesSet)
def rules_set(rows: Rows, fact: said.ClassificationRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))


@on(said.PromotionDecided)
def promotion_decided(rows: Rows, fact: said.PromotionDecided, recorded: Recorded) -> None:
    old = rows.get(PromotionRow, fact.class_id, fact.pupil_id)
    rows.put(
        PromotionRow(
            class_id=fact.class_id,
            pupil_id=fact.pupil_id,
            outcome=fact.outcome,
            average=fact.average,
            behaviour=fact.behaviour,
            rule_version=fact.rule_version,
            reason=fact.reason,
            by=_by(recorded),
            at=recorded.origin.recorded_at,
            position=recorded.position,
            earlier=(*old.earlier, old.outcome) if old else (),
        )
    )


@on(said.RegisterClosed)
def register_closed(rows: Rows, fact: said.RegisterClosed, recorded: Recorded) -> None:
    made = (fact.class_id, fact.on, fact.gaps, fact.reason, _by(recorded), recorded.position)
    rows.put(ClosedRegister(*made))


@on(SchoolYearClosed)
def year_closed(rows: Rows, fact: SchoolYearClosed, recorded: Recorded) -> None:
    rows.put(ClosedYear(fact.year_id, fact.on, fact.class_ids, _by(recorded), recorded.position))


@on(said.CorrectionPermitted)
def correction_permitted(rows: Rows, fact: said.CorrectionPermitted, recorded: Recorded) -> None:
    rows.put(
        Permit(
            permit_id=fact.permit_id,
            unit_id=fact.unit_id,
            person_id=fact.person_id,
            until=fact.until,
            what=fact.what,
            reason=fact.reason,
            legal_basis=fact.legal_basis,
            by=_by(recorded),
            at=recorded.origin.recorded_at,
            position=recorded.position,
        )
    )


@on(said.YearCorrectionPermitted)
def year_correction_permitted(rows: Rows, fact: said.YearCorrectionPermitted, recorded: Recorded) -> None:
    rows.put(
        YearPermit(
            permit_id=fact.permit_id,
            year_id=fact.year_id,
            book=fact.book,
            person_id=fact.person_id,
            until=fact.until,
            what=fact.what,
            reason=fact.reason,
            legal_basis=fact.legal_basis,
            by=_by(recorded),
            at=recorded.origin.recorded_at,
            position=recorded.position,
        )
    )


# What is asked


def rules_of(view: View, year_id: str) -> YearRules:
    """The rules in force; the usual ones, as version 0, where the director has set none."""
    return view.get(YearRules, year_id) or YearRules(year_id, 0, USUAL_CLASSIFICATION)


def promotions(view: View, class_id: str) -> dict[str, PromotionRow]:
    """What was decided last, by pupil."""
    return {row.pupil_id: row for row in view.find(PromotionRow, class_id=class_id)}


def outcomes(view: View, class_id: str) -> dict[str, Outcome]:
    """The last outcome alone, by pupil."""
    rows = view.raw(PromotionRow, ("pupil_id", "outcome"), class_id=class_id)
    return {pupil_id: Outcome(outcome) for pupil_id, outcome in rows}


def promotions_of(view: View, pupil_id: str) -> list[PromotionRow]:
    """What was decided about a pupil, year by year."""
    return sorted(view.find(PromotionRow, pupil_id=pupil_id), key=lambda row: row.position)


def closed_register(view: View, class_id: str) -> ClosedRegister | None:
    """The class's closed register, if it is."""
    return view.get(ClosedRegister, class_id)


def closed_year(view: View, year_id: str) -> ClosedYear | None:
    """The year's end, if it is closed."""
    return view.get(ClosedYear, year_id)


def permits(view: View, unit_id: str) -> list[Permit]:
    """Permitted corrections of a unit, in the order given."""
    return sorted(view.find(Permit, unit_id=unit_id), key=lambda row: row.position)


def year_permits(view: View, year_id: str) -> list[YearPermit]:
    """Permitted corrections of a year beside its units, in the order given."""
    return sorted(view.find(YearPermit, year_id=year_id), key=lambda row: row.position)


def _by(recorded: Recorded) -> str:
    return recorded.origin.actor.person or recorded.origin.actor.account
