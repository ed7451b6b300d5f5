"""Classification: how a year ends. Rules, promotion, closed registers, permitted corrections.

Rules stand in the stream ``school``, the rest in ``year/{unit}/classification``. Grades of a term or year are
grades like others (contracts.grades, GradeKind); what the end of a year needs beyond them is here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, TermId, UnitId, Value, YearId


class YearMethod(StrEnum):
    """How the average of a year is formed (DOMAIN section 4).

    ALL_GRADES: all current grades of the year at once. TERM_AVERAGES: the mean of the terms' averages.
    TERM_FINALS: the mean of the terms' final grades. CARRIED_AVERAGE: the last term's grades, and each
    earlier term's average as one more grade of weight `carried_weight`. WEIGHTED_TERMS: the terms'
    averages, weighted by `term_weights` in the order of the terms.
    """

    ALL_GRADES = "all_grades"
    TERM_AVERAGES = "term_averages"
    TERM_FINALS = "term_finals"
    CARRIED_AVERAGE = "carried_average"
    WEIGHTED_TERMS = "weighted_terms"


class MarkThreshold(Value, frozen=True, kw_only=True):
    """From this average on, `mark` is proposed."""

    average: Decimal
    mark: str


class ProposalsDue(Value, frozen=True, kw_only=True):
    """Grades are to be proposed by `on`: for a term, or for the year (`term_id` None)."""

    term_id: TermId | None = None
    on: date


class ClassificationRules(Value, frozen=True, kw_only=True):
    """How a school classifies in one year.

    `marks`: from which average which mark is proposed. `final_remarks` may stand for a final grade:
    those in `unclassified` bar promotion, the others (released, attended) do not count. `failing` marks
    bar promotion too, but for `conditional` of them (art. 44o of the education-system act). Honours take
    `honours_average` over all subjects and a behaviour grade in `honours_behaviour` (art. 44f(2)). Pupils
    of `last_level` finish school. A pupil whose average is below `at_risk_below` is at risk.
    """

    method: YearMethod
    marks: tuple[MarkThreshold, ...]
    final_remarks: tuple[str, ...]
    unclassified: tuple[str, ...]
    failing: tuple[str, ...]
    at_risk_below: Decimal
    honours_average: Decimal
    honours_behaviour: tuple[str, ...]
    conditional: int = 1
    last_level: int = 8
    carried_weight: Decimal = Decimal(1)
    term_weights: tuple[Decimal, ...] = ()
    due: tuple[ProposalsDue, ...] = ()


class Outcome(StrEnum):
    """What becomes of a pupil at the end of a year."""

    PROMOTED = "promoted"
    PROMOTED_WITH_HONOURS = "promoted_with_honours"
    PROMOTED_CONDITIONALLY = "promoted_conditionally"
    FINISHED = "finished"
    FINISHED_WITH_HONOURS = "finished_with_honours"
    REPEATS = "repeats"


@fact("classification.classification_rules_set.1")
class ClassificationRulesSet(Fact, frozen=True, kw_only=True):
    """The director set how one year is classified. The latest holds."""

    year_id: YearId
    rules: ClassificationRules


@fact("classification.promotion_decided.1")
class PromotionDecided(Fact, frozen=True, kw_only=True):
    """The class council decided what becomes of the pupil; the latest decision holds.

    `average` of the final grades and `rule_version` are what it was decided on. `reason` is there when
    the decision differs from what the rules give, or from an earlier one.
    """

    class_id: UnitId
    pupil_id: PersonId
    outcome: Outcome
    rule_version: int
    average: Decimal | None = None
    behaviour: str | None = None
    reason: str | None = None


@fact("classification.register_closed.1")
class RegisterClosed(Fact, frozen=True, kw_only=True):
    """The class's register of the year is complete, or closed with the gaps that `reason` accounts for."""

    class_id: UnitId
    on: date
    gaps: int = 0
    reason: str | None = None


@fact("classification.correction_permitted.1")
class CorrectionPermitted(Fact, frozen=True, kw_only=True):
    """After the year was closed, the director let `person_id` correct the unit's register until a day."""

    permit_id: str
    unit_id: UnitId
    person_id: PersonId
    until: date
    what: str
    reason: str
    legal_basis: str


class YearBook(StrEnum):
    """What is kept of a school year beside its units' registers: never its rules."""

    HOURS = "hours"
    RESOLUTIONS = "resolutions"
    PLANS = "plans"


@fact("classification.year_correction_permitted.1")
class YearCorrectionPermitted(Fact, frozen=True, kw_only=True):
    """After the year was closed, the director let `person_id` correct a book of it until a day."""

    permit_id: str
    year_id: YearId
    book: YearBook
    person_id: PersonId
    until: date
    what: str
    reason: str
    legal_basis: str


@command("classification.set_classification_rules")
class SetClassificationRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: ClassificationRules


class PromotionDecision(Value, frozen=True, kw_only=True):
    """One pupil's outcome; `reason` is needed where it differs from what the rules give."""

    pupil_id: PersonId
    outcome: Outcome
    reason: str | None = None


@command("classification.decide_promotions")
class DecidePromotions(Command, frozen=True, kw_only=True):
    """What the class council decided, for some or all pupils of a class; all or nothing."""

    class_id: UnitId
    decisions: tuple[PromotionDecision, ...]


@command("classification.close_register")
class CloseRegister(Command, frozen=True, kw_only=True):
    """Refused while final grades or decisions are missing, unless `reason` accounts for the gaps."""

    class_id: UnitId
    reason: str | None = None


@command("classification.permit_correction")
class PermitCorrection(Command, frozen=True, kw_only=True):
    """`what` is to be corrected, by whom, until when, why, and on which legal basis."""

    permit_id: str
    unit_id: UnitId
    person_id: PersonId
    until: date
    what: str
    reason: str
    legal_basis: str


@command("classification.permit_year_correction")
class PermitYearCorrection(Command, frozen=True, kw_only=True):
    """As PermitCorrection, of what belongs to no unit: additional hours, resolutions, curriculum plans."""

    permit_id: str
    year_id: YearId
    book: YearBook
    person_id: PersonId
    until: date
    what: str
    reason: str
    legal_basis: str


@command("classification.promote_class")
class PromoteClass(Command, frozen=True, kw_only=True):
    """Open next year's class with the pupils that were promoted, in register order.

    The homeroom teacher goes along. `by_name` numbers the register anew by the alphabet. Where wanted,
    `groups` of the class are carried over with their pupils, `teaching` as it was on the last day of lessons
    (of teachers who stay; of groups only with them), and the `timetable` of what is taught on. New ids are
    `carried_id`.
    """

    from_class_id: UnitId
    class_id: UnitId
    year_id: YearId
    name: str
    level: int | None = None
    by_name: bool = False
    groups: bool = False
    teaching: bool = False
    timetable: bool = False


@command("classification.carry_over_group")
class CarryOverGroup(Command, frozen=True, kw_only=True):
    """Form an interclass group of an earlier year anew, with its pupils who are in `class_ids` now.

    `teaching` and `timetable` as in PromoteClass.
    """

    from_group_id: UnitId
    group_id: UnitId
    year_id: YearId
    name: str
    class_ids: tuple[UnitId, ...]
    teaching: bool = False
    timetable: bool = False


def carried_id(unit_id: UnitId, what: str, place: int) -> str:
    """The id that the `place`-th group ("group") or assignment ("teaching") of a unit gets when carried over.

    It follows from the new unit's id, so that whoever gave the command knows it (as with lessons, ADR 0022).
    """
    return f"{unit_id}.{what}-{place}"


RULES_DO_NOT_FIT = Reason(
    "CLASSIFICATION.RULES_DO_NOT_FIT",
    pl="Reguły klasyfikacji są niespójne: {what}.",
    en="The rules of classification are not sound: {what}.",
)
NOT_HOMEROOM_TEACHER = Reason(
    "CLASSIFICATION.NOT_HOMEROOM_TEACHER",
    pl="Może to zrobić wychowawca oddziału albo dyrektor.",
    en="The homeroom teacher of the class may do this, or the director.",
)
FINALS_MISSING = Reason(
    "CLASSIFICATION.FINALS_MISSING",
    pl="Uczeń {pupil} nie ma oceny rocznej z przedmiotów: {subjects}.",
    en="The pupil {pupil} has no annual grade in these subjects: {subjects}.",
)
OUTCOME_DIFFERS = Reason(
    "CLASSIFICATION.OUTCOME_DIFFERS",
    pl="Z ocen ucznia {pupil} wynika „{expected}”. Inną decyzję trzeba uzasadnić.",
    en="The grades of the pupil {pupil} give “{expected}”. Another decision needs a reason.",
)
NOT_DECIDED = Reason(
    "CLASSIFICATION.NOT_DECIDED",
    pl="Rada nie zdecydowała jeszcze o promocji ucznia {pupil}.",
    en="The council has not decided yet about the promotion of the pupil {pupil}.",
)
REGISTER_INCOMPLETE = Reason(
    "CLASSIFICATION.REGISTER_INCOMPLETE",
    pl="W dzienniku brakuje {gaps} ocen rocznych, decyzji lub odpowiedzi; pierwsza: uczeń {pupil}, {what}. "
    "Uzupełnij je albo podaj powód.",
    en="The register lacks {gaps} annual grades, decisions or answers; the first: pupil {pupil}, {what}. "
    "Complete it or give a reason.",
)
REGISTER_OPEN = Reason(
    "CLASSIFICATION.REGISTER_OPEN",
    pl="Dziennik oddziału {unit} nie jest jeszcze zamknięty.",
    en="The register of the class {unit} is not closed yet.",
)
YEAR_CLOSED = Reason(
    "CLASSIFICATION.YEAR_CLOSED",
    pl="Rok szkolny {year} jest zamknięty. Poprawkę może dopuścić tylko dyrektor.",
    en="The school year {year} is closed. Only the director may permit a correction.",
)
YEAR_NOT_CLOSED = Reason(
    "CLASSIFICATION.YEAR_NOT_CLOSED",
    pl="Rok szkolny {year} nie jest zamknięty. Do poprawki nie trzeba zgody.",
    en="The school year {year} is not closed. A correction needs no permission.",
)
YEAR_NOT_OVER = Reason(
    "CLASSIFICATION.YEAR_NOT_OVER",
    pl="Zajęcia trwają do {until}. Dziennik można zamknąć potem.",
    en="Lessons go on until {until}. The register can be closed after that.",
)
NOT_THE_NEXT_YEAR = Reason(
    "CLASSIFICATION.NOT_THE_NEXT_YEAR",
    pl="Rok {year} nie następuje po roku tego oddziału.",
    en="The year {year} does not follow the year of this class.",
)
