"""Descriptive assessment (ocena opisowa) of the first classes: by areas, with scale, requirements and words.

Rules stand in the stream ``school``, assessments in ``year/{class}/descriptive/{pupil}``. In classes of the
levels that the rules name, annual assessments of all areas take the place of annual grades (education-system
act, art. 44i and 44o).
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, OnSheet, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import GradeKind, PersonId, SubjectId, UnitId, Value, YearId

AreaId = str
AssessmentId = str


class DescriptiveStep(Value, frozen=True, kw_only=True):
    """One step of the scale: as it is written ("W"), and what it says ("wspaniale")."""

    symbol: str
    name: str


class Requirement(Value, frozen=True, kw_only=True):
    """Something that pupils are to be able to do."""

    requirement_id: str
    text: str


class AssessmentArea(Value, frozen=True, kw_only=True):
    """An area of education. With `subject_id` its teachers assess it, otherwise whoever teaches the class."""

    area_id: AreaId
    name: str
    requirements: tuple[Requirement, ...] = ()
    subject_id: SubjectId | None = None


class DescriptiveRules(Value, frozen=True, kw_only=True):
    """How a school assesses descriptively in one year, in classes of which levels (none: nowhere)."""

    areas: tuple[AssessmentArea, ...]
    scale: tuple[DescriptiveStep, ...]
    levels: tuple[int, ...] = (1, 2, 3)


@fact("descriptive.descriptive_rules_set.1")
class DescriptiveRulesSet(Fact, frozen=True, kw_only=True):
    """The director set how pupils are assessed descriptively in one year. The latest holds."""

    year_id: YearId
    rules: DescriptiveRules


@fact("descriptive.assessment_written.1", person="pupil_id")
class AssessmentWritten(Fact, frozen=True, kw_only=True):
    """A pupil was assessed in an area: currently, for a term, or for the year (`kind`).

    `step` is of the school's scale, `met` are requirements of the area; either may be missing, as may `text`.
    """

    assessment_id: AssessmentId
    class_id: UnitId
    pupil_id: PersonId
    area_id: AreaId
    kind: GradeKind
    on: date
    author_id: PersonId | None
    step: str | None = None
    met: tuple[str, ...] = ()
    text: OnSheet | None = None
    comment: Personal | None = None

    @property
    def on_sheet(self) -> bool:
        return self.kind is GradeKind.ANNUAL_FINAL


@fact("descriptive.assessment_corrected.1", person="pupil_id")
class AssessmentCorrected(Fact, frozen=True, kw_only=True):
    """An assessment was put right; both stay legible."""

    assessment_id: AssessmentId
    pupil_id: PersonId
    reason: Personal
    was_step: str | None = None
    step: str | None = None
    was_met: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    was_text: Personal | None = None
    text: OnSheet | None = None
    was_comment: Personal | None = None
    comment: Personal | None = None


@fact("descriptive.assessment_struck_out.1", person="pupil_id")
class AssessmentStruckOut(Fact, frozen=True, kw_only=True):
    """The assessment was entered wrongly and stands no more; it stays legible."""

    assessment_id: AssessmentId
    pupil_id: PersonId
    reason: Personal


@command("descriptive.set_descriptive_rules")
class SetDescriptiveRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: DescriptiveRules


class AssessmentEntry(Value, frozen=True, kw_only=True):
    """One pupil's assessment: a step, requirements met, or a text; all three may be."""

    assessment_id: AssessmentId
    pupil_id: PersonId
    step: str | None = None
    met: tuple[str, ...] = ()
    text: str | None = None
    comment: str | None = None


@command("descriptive.write_assessments")
class WriteAssessments(Command, frozen=True, kw_only=True):
    """Assessments in an area, for some or all pupils of a class; all or nothing.

    `on` lies in the term that those of a term are for; a pupil has one of an area and term, and of the year.
    """

    class_id: UnitId
    area_id: AreaId
    kind: GradeKind
    on: date
    assessments: tuple[AssessmentEntry, ...]


@command("descriptive.correct_assessment")
class CorrectAssessment(Command, frozen=True, kw_only=True):
    """What is left out here is left out of the assessment. Refused when its step is no longer as `seen`."""

    class_id: UnitId
    pupil_id: PersonId
    assessment_id: AssessmentId
    reason: str
    step: str | None = None
    met: tuple[str, ...] = ()
    text: str | None = None
    comment: str | None = None
    seen: str | None = None


@command("descriptive.strike_out_assessment")
class StrikeOutAssessment(Command, frozen=True, kw_only=True):
    """See CorrectAssessment for `seen`."""

    class_id: UnitId
    pupil_id: PersonId
    assessment_id: AssessmentId
    reason: str
    seen: str | None = None


DESCRIPTIVE_RULES_UNSOUND = Reason(
    "DESCRIPTIVE.RULES_UNSOUND",
    pl="Reguły oceny opisowej są niespójne: {what}.",
    en="The rules of descriptive assessment are not sound: {what}.",
)
NOT_ASSESSED_DESCRIPTIVELY = Reason(
    "DESCRIPTIVE.NOT_THIS_CLASS",
    pl="W oddziale {unit} nie stosuje się oceny opisowej. Poziomy ustala dyrektor w regułach roku.",
    en="The class {unit} is not assessed descriptively. The director sets the levels in the year's rules.",
)
NO_SUCH_AREA = Reason(
    "DESCRIPTIVE.NO_SUCH_AREA",
    pl="Szkoła nie zna w tym roku obszaru {area}.",
    en="The school knows no area {area} in this year.",
)
NOT_YOUR_AREA = Reason(
    "DESCRIPTIVE.NOT_YOUR_AREA",
    pl="Ten obszar w tym oddziale ocenia inny nauczyciel.",
    en="Another teacher assesses this area in this class.",
)
NOT_A_STEP = Reason(
    "DESCRIPTIVE.NOT_A_STEP",
    pl="„{step}” nie jest stopniem skali opisowej szkoły.",
    en="“{step}” is not a step of the school's descriptive scale.",
)
NO_SUCH_REQUIREMENT = Reason(
    "DESCRIPTIVE.NO_SUCH_REQUIREMENT",
    pl="Obszar nie ma wymagania {requirement}.",
    en="The area has no requirement {requirement}.",
)
NOTHING_ASSESSED = Reason(
    "DESCRIPTIVE.NOTHING_ASSESSED",
    pl="Ocena opisowa wymaga stopnia skali, spełnionych wymagań albo tekstu.",
    en="A descriptive assessment needs a step of the scale, requirements met, or a text.",
)
NOT_SUCH_A_KIND = Reason(
    "DESCRIPTIVE.NOT_SUCH_A_KIND",
    pl="Ocena opisowa jest bieżąca, śródroczna albo roczna.",
    en="A descriptive assessment is current, of a term or of the year.",
)
ASSESSED_IN_FUTURE = Reason(
    "DESCRIPTIVE.ASSESSED_IN_FUTURE",
    pl="W dniu {on}, który jeszcze nie nadszedł, nikogo nie oceniono.",
    en="Nobody was assessed on {on}, which has not come yet.",
)
ASSESSMENT_STANDS = Reason(
    "DESCRIPTIVE.ASSESSMENT_STANDS",
    pl="Uczeń {pupil} ma już taką ocenę opisową z {on}. Popraw ją, zamiast dodawać drugą.",
    en="The pupil {pupil} has such an assessment of {on} already. Correct it instead of adding another.",
)
ASSESSMENT_EXISTS = Reason(
    "DESCRIPTIVE.ASSESSMENT_EXISTS",
    pl="Ocena opisowa o tym identyfikatorze już jest wpisana.",
    en="An assessment with this id is already entered.",
)
NO_SUCH_ASSESSMENT = Reason(
    "DESCRIPTIVE.NO_SUCH_ASSESSMENT",
    pl="Uczeń nie ma oceny opisowej {assessment}.",
    en="The pupil has no assessment {assessment}.",
)
ASSESSMENT_IS_STRUCK_OUT = Reason(
    "DESCRIPTIVE.ASSESSMENT_IS_STRUCK_OUT",
    pl="Ta ocena opisowa jest już skreślona.",
    en="This assessment is already struck out.",
)
ASSESSMENT_IS_SO = Reason(
    "DESCRIPTIVE.ASSESSMENT_IS_SO",
    pl="Ocena opisowa ma już tę treść.",
    en="The assessment says so already.",
)
