"""What do decisions about descriptive assessments need to know? A pupil's assessments in a class."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import descriptive as said
from dziennik.contracts import streams
from dziennik.contracts.values import GradeKind
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.world import Stream


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """An assessment as it stands; `written` keeps it as it was written first."""

    written: said.AssessmentWritten
    step: str | None
    met: tuple[str, ...]
    text: str | None
    comment: str | None
    struck_out: bool = False


class PupilAssessments(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil's assessments by id."""

    by_id: Mapping[str, Assessment] = {}

    def standing(self, kind: GradeKind) -> list[Assessment]:
        """Those of that kind that are not struck out."""
        return [one for one in self.by_id.values() if one.written.kind is kind and not one.struck_out]

    @property
    def assessed(self) -> frozenset[str]:
        """Areas with an annual assessment."""
        return frozenset(one.written.area_id for one in self.standing(GradeKind.ANNUAL_FINAL))


_evolve: Evolution[PupilAssessments] = Evolution()


def assessments(class_id: str, pupil_id: str) -> Stream[PupilAssessments]:
    """The stream of a pupil's assessments in a class."""
    return Stream(streams.descriptive(class_id, pupil_id), PupilAssessments(), _evolve)


@_evolve.on(said.AssessmentWritten)
def _written(state: PupilAssessments, fact: said.AssessmentWritten) -> PupilAssessments:
    one = Assessment(written=fact, step=fact.step, met=fact.met, text=fact.text, comment=fact.comment)
    return replace(state, by_id=put(state.by_id, fact.assessment_id, one))


@_evolve.on(said.AssessmentCorrected)
def _corrected(state: PupilAssessments, fact: said.AssessmentCorrected) -> PupilAssessments:
    one = replace(
        state.by_id[fact.assessment_id], step=fact.step, met=fact.met, text=fact.text, comment=fact.comment
    )
    return replace(state, by_id=put(state.by_id, fact.assessment_id, one))


@_evolve.on(said.AssessmentStruckOut)
def _struck_out(state: PupilAssessments, fact: said.AssessmentStruckOut) -> PupilAssessments:
    one = replace(state.by_id[fact.assessment_id], struck_out=True)
    return replace(state, by_id=put(state.by_id, fact.assessment_id, one))
