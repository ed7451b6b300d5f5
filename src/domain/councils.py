"""What may be decided about the council's resolutions, and which of them covers a class?"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import councils as said
from dziennik.contracts import streams
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.school import Year, year_of
from dziennik.domain.units import not_a_unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Councils(msgspec.Struct, frozen=True, kw_only=True):
    """The resolutions of a school year by id, and the ids of those that hold no more."""

    adopted: Mapping[str, said.ResolutionAdopted] = {}
    repealed: frozenset[str] = frozenset()

    def standing(self) -> list[said.ResolutionAdopted]:
        """The resolutions that hold, in the order recorded."""
        return [one for key, one in self.adopted.items() if key not in self.repealed]

    def classifying(self, class_id: str, term_id: str | None) -> said.ResolutionAdopted | None:
        """The resolution that binds the final grades of a class's term, or of its year (None)."""
        return next(
            (
                one
                for one in self.standing()
                if one.kind is said.ResolutionKind.CLASSIFICATION
                and (not one.class_ids or class_id in one.class_ids)
                and one.term_id in (None, term_id)
            ),
            None,
        )


_evolve: Evolution[Councils] = Evolution()


def councils(year_id: str) -> Stream[Councils]:
    """The stream of a year's resolutions."""
    return Stream(streams.councils(year_id), Councils(), _evolve)


@_evolve.on(said.ResolutionAdopted)
def _adopted(state: Councils, fact: said.ResolutionAdopted) -> Councils:
    return replace(state, adopted=put(state.adopted, fact.resolution_id, fact))


@_evolve.on(said.ResolutionRepealed)
def _repealed(state: Councils, fact: said.ResolutionRepealed) -> Councils:
    return replace(state, repealed=state.repealed | {fact.resolution_id})


@decides(said.RecordResolution, by=DIRECTOR)
def _record(world: World, command: said.RecordResolution, asked: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    fact = said.ResolutionAdopted(**msgspec.structs.asdict(command))
    state = world[councils(year.year_id)]
    known = state.adopted.get(command.resolution_id)
    if known:
        return [] if known == fact else said.RESOLUTION_EXISTS(field="resolution_id")
    if any(one.number == command.number for one in state.standing()):
        return said.RESOLUTION_NUMBER_TAKEN(number=command.number, field="number")
    fault = _fault(world, year, command, asked)
    return fault or [Entry(streams.councils(year.year_id), fact)]


def _fault(world: World, year: Year, command: said.RecordResolution, asked: Asked) -> Refusal | None:
    for field in ("number", "text"):
        if not getattr(command, field).strip():
            return TEXT_MISSING(at=field, field=field)
    if command.on > asked.today:
        return said.RESOLUTION_IN_FUTURE(on=command.on, field="on")
    if command.term_id is not None and command.term_id not in {term.term_id for term in year.terms}:
        return said.NO_SUCH_TERM(term=command.term_id, field="term_id")
    for place, class_id in enumerate(command.class_ids):
        found = unit_and_year(world, class_id, f"class_ids[{place}]")
        if isinstance(found, Refusal):
            return found
        if not found[0].is_class or found[1].year_id != year.year_id:
            return not_a_unit(class_id, f"class_ids[{place}]")
    return fault_in_day(year, command.on, "on")


@decides(said.RepealResolution, by=DIRECTOR)
def _repeal(world: World, command: said.RepealResolution, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    state = world[councils(year.year_id)]
    if command.resolution_id not in state.adopted:
        return said.NO_SUCH_RESOLUTION(resolution=command.resolution_id, field="resolution_id")
    if command.resolution_id in state.repealed:
        return []
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    repealed = said.ResolutionRepealed(**msgspec.structs.asdict(command))
    return [Entry(streams.councils(year.year_id), repealed)]
