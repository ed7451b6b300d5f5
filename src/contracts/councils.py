"""Councils: what the teachers' council resolved (uchwały rady pedagogicznej).

In the stream ``councils/{year}``. Other contexts refer to a resolution by its `resolution_id`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import TermId, UnitId, YearId


class ResolutionKind(StrEnum):
    """What a resolution is about.

    CLASSIFICATION: the results of classification and promotion (art. 70(1)(2), education law); it binds the
    final grades of what it covers. OTHER: anything else.
    """

    CLASSIFICATION = "classification"
    OTHER = "other"


@fact("councils.resolution_adopted.1")
class ResolutionAdopted(Fact, frozen=True, kw_only=True):
    """The council adopted a resolution on the day `on`, under the school's own `number`.

    It is of a term (`term_id`), or of the whole year with all its terms (None). It covers the classes
    named, or all of the year if none is. `text` is public in the school and names no pupil.
    """

    resolution_id: str
    year_id: YearId
    term_id: TermId | None
    kind: ResolutionKind
    number: str
    on: date
    text: str
    class_ids: tuple[UnitId, ...]


@fact("councils.resolution_repealed.1")
class ResolutionRepealed(Fact, frozen=True, kw_only=True):
    """The resolution holds no more (repealed, or recorded wrongly); it stays legible."""

    resolution_id: str
    year_id: YearId
    reason: str


@command("councils.record_resolution")
class RecordResolution(Command, frozen=True, kw_only=True):
    """Without `class_ids` it covers all classes of the year; without `term_id` the whole year."""

    resolution_id: str
    year_id: YearId
    number: str
    on: date
    text: str
    kind: ResolutionKind = ResolutionKind.CLASSIFICATION
    term_id: TermId | None = None
    class_ids: tuple[UnitId, ...] = ()


@command("councils.repeal_resolution")
class RepealResolution(Command, frozen=True, kw_only=True):
    year_id: YearId
    resolution_id: str
    reason: str


NO_SUCH_TERM = Reason(
    "COUNCILS.NO_SUCH_TERM",
    pl="Rok szkolny nie ma okresu {term}.",
    en="The school year has no term {term}.",
)
NO_SUCH_RESOLUTION = Reason(
    "COUNCILS.NO_SUCH_RESOLUTION",
    pl="W tym roku szkolnym nie ma uchwały {resolution}.",
    en="There is no resolution {resolution} in this school year.",
)
RESOLUTION_EXISTS = Reason(
    "COUNCILS.RESOLUTION_EXISTS",
    pl="Uchwała o tym identyfikatorze jest już zapisana i jest inna.",
    en="A resolution with this id is already recorded and differs.",
)
RESOLUTION_NUMBER_TAKEN = Reason(
    "COUNCILS.NUMBER_TAKEN",
    pl="Uchwała nr {number} jest już zapisana.",
    en="Resolution no. {number} is already recorded.",
)
RESOLUTION_IN_FUTURE = Reason(
    "COUNCILS.DAY_IN_FUTURE",
    pl="Uchwały z {on} rada jeszcze nie mogła podjąć.",
    en="The council cannot have adopted a resolution of {on} yet.",
)
