"""What do decisions about the end of a class's year need to know?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import classification as said
from dziennik.contracts import streams
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.world import Stream


class Classification(msgspec.Struct, frozen=True, kw_only=True):
    """How a unit's year ended so far: decisions by pupil, the closed register, permits by id."""

    decided: Mapping[str, said.PromotionDecided] = {}
    closed_on: date | None = None
    permits: Mapping[str, said.CorrectionPermitted] = {}


class YearPermits(msgspec.Struct, frozen=True, kw_only=True):
    """What was permitted in a closed year beside its units, by the permits' ids."""

    by_id: Mapping[str, said.YearCorrectionPermitted] = {}


_evolve: Evolution[Classification] = Evolution()
_of_year: Evolution[YearPermits] = Evolution()


def classification(unit_id: str) -> Stream[Classification]:
    """The stream of a unit's year's end."""
    return Stream(streams.classification(unit_id), Classification(), _evolve)


def year_permits(year_id: str) -> Stream[YearPermits]:
    """The stream of a closed year's permits."""
    return Stream(streams.closed_year(year_id), YearPermits(), _of_year)


@_of_year.on(said.YearCorrectionPermitted)
def _permitted_in_year(state: YearPermits, fact: said.YearCorrectionPermitted) -> YearPermits:
    return replace(state, by_id=put(state.by_id, fact.permit_id, fact))


@_evolve.on(said.PromotionDecided)
def _decided(state: Classification, fact: said.PromotionDecided) -> Classification:
    return replace(state, decided=put(state.decided, fact.pupil_id, fact))


@_evolve.on(said.RegisterClosed)
def _closed(state: Classification, fact: said.RegisterClosed) -> Classification:
    return replace(state, closed_on=fact.on)


@_evolve.on(said.CorrectionPermitted)
def _permitted(state: Classification, fact: said.CorrectionPermitted) -> Classification:
    return replace(state, permits=put(state.permits, fact.permit_id, fact))
