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


_evolve: Evolution[Classification] = Evolution()


def classification(unit_id: str) -> Stream[Classification]:
    """The stream of a unit's year's end."""
    return Stream(streams.classification(unit_id), Classification(), _evolve)


@_evolve.on(said.PromotionDecided)
def _decided(state: Classification, fact: said.PromotionDecided) -> Classification:
    return replace(state, decided=put(state.decided, fact.pupil_id, fact))


@_evolve.on(said.RegisterClosed)
def _closed(state: Classification, fact: said.RegisterClosed) -> Classification:
    return replace(state, closed_on=fact.on)


@_evolve.on(said.CorrectionPermitted)
def _permitted(state: Classification, fact: said.CorrectionPermitted) -> Classification:
    return replace(state, permits=put(state.permits, fact.permit_id, fact))
