"""The register as it stood at an earlier moment, and what changed between two.

Who may ask is decided today; what is shown is what the same query showed then. The read models are folded in
memory over the streams that the question is about, and put in the place of today's tables for one field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import strawberry

from dziennik.contracts.refusals import Reason
from dziennik.graphql.context import Context
from dziennik.graphql.refusing import Refused, denied
from dziennik.graphql.scopes import is_closed
from dziennik.journal.journal import Journal
from dziennik.projections import structure
from dziennik.projections.as_of import as_of_units
from dziennik.projections.attendance import ATTENDANCE
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.model import ReadModel
from dziennik.projections.people import PEOPLE
from dziennik.projections.structure import STRUCTURE

ONE_MOMENT = Reason(
    "COMMAND.ONE_MOMENT",
    pl="Podaj chwilę (time) albo pozycję (position), jedno z dwojga.",
    en="Give either a time or a position.",
)
UNKNOWN_POSITION = Reason(
    "COMMAND.UNKNOWN_POSITION",
    pl="Dziennik nie ma pozycji {position}; ma od 1 do {head}.",
    en="The journal has no position {position}; it has 1 to {head}.",
)
FUTURE_TIME = Reason(
    "COMMAND.FUTURE_TIME",
    pl="Chwila {time} jeszcze nie nadeszła.",
    en="The moment {time} has not come yet.",
)
TOO_MANY_AT_ONCE = Reason(
    "COMMAND.TOO_MANY_AT_ONCE",
    pl="Zbyt wiele pytań o przeszłość naraz. Spróbuj za chwilę.",
    en="Too many questions about the past at once. Try again in a moment.",
)


@strawberry.input(description="An earlier moment: a time, or the position of the last fact that counts.")
class AsOf:
    time: datetime | None = None
    position: int | None = None


Moment = Annotated[
    AsOf | None, strawberry.argument(description="The register as it stood then; left out: as it stands.")
]

# What of a unit's streams each read model is told, beside the unit's register ("": everything).
PARTS = {GRADEBOOK.name: ("column/", "grades/"), ATTENDANCE.name: ("lesson/",), LESSON_JOURNAL.name: ("",)}


def position_of(context: Context, school: str, moment: AsOf, field: str) -> int:
    """The last position that counts (0: there was nothing yet). Raises a refusal."""
    journal = context.register(school).journal
    if (moment.time is None) == (moment.position is None):
        raise Refused(ONE_MOMENT(field=field), context.language)
    if moment.time is None:
        head, position = journal.position(), moment.position or 0
        if not 1 <= position <= head:
            refusal = UNKNOWN_POSITION(position=position, head=head, field=f"{field}.position")
            raise Refused(refusal, context.language)
        return position
    if moment.time > context.register(school).now():
        raise Refused(FUTURE_TIME(time=moment.time.isoformat(), field=f"{field}.time"), context.language)
    return journal.position_at(moment.time)


def of_class(
    context: Context, school: str, class_id: str, moment: AsOf | None, model: ReadModel | None = None
) -> Context:
    """The request, seeing the class as it stood; the request itself when no moment is asked for.

    Groups that draw from the class belong to it: grades stand in their columns.
    """
    if moment is None:
        return context
    # The journal knows a register before the read models do: until they say what it is it is closed.
    if is_closed(context, school, {"class_id": class_id}, context.roles(school), unknown=True):
        raise denied(context.language)
    view = context.view(school)
    unit = view.get(structure.Unit, class_id)
    others = view.find(structure.Unit, year_id=unit.year_id) if unit else []
    groups = [other.unit_id for other in others if class_id in other.class_ids]
    return _stood(context, school, moment, _Asked([class_id], groups, model))


def of_pupil(
    context: Context, school: str, pupil_id: str, moment: AsOf | None, model: ReadModel | None = None
) -> Context:
    """The same for all classes and groups that the pupil was ever in, with the pupil's parents."""
    if moment is None:
        return context
    view = context.view(school)
    units = [row.class_id for row in structure.enrolments(view, pupil_id)]
    units += [row.group_id for row in view.find(structure.Membership, pupil_id=pupil_id)]
    people = [pupil_id, *_parents(context.register(school).journal, pupil_id)]
    return _stood(context, school, moment, _Asked(units, (), model, people))


def of_school(context: Context, school: str, moment: AsOf | None, *, units: bool = False) -> Context:
    """The same for the school's years, subjects and rules; with `units` its classes and groups too."""
    if moment is None:
        return context
    found = context.register(school).journal.below("year/") if units else ()
    return _stood(context, school, moment, _Asked(found))


def of_people(context: Context, school: str, moment: AsOf | None) -> Context:
    """The same for everybody whom the school knew."""
    if moment is None:
        return context
    people = context.register(school).journal.below("person/")
    return _stood(context, school, moment, _Asked((), people=people))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question is about: of `units` all that the model needs, of `groups` register and columns."""

    units: Iterable[str]
    groups: Iterable[str] = ()
    model: ReadModel | None = None
    people: Iterable[str] = ()


def _stood(context: Context, school: str, moment: AsOf, asked: _Asked) -> Context:
    position = position_of(context, school, moment, "asOf")
    register = context.register(school)
    parts = PARTS[asked.model.name] if asked.model else ()
    models = [STRUCTURE, PEOPLE, *([asked.model] if asked.model else [])]
    wanted = dict.fromkeys(asked.units, parts) | dict.fromkeys(asked.groups, parts[:1])
    with _gate(context):
        rows = as_of_units(register.journal, models, position, wanted, asked.people)
    at = moment.time or (register.journal.recorded_at(position) if position else datetime.now(UTC))
    return context.as_it_stood(school, rows, register.day_of(at))


def _parents(journal: Journal, pupil_id: str) -> list[str]:
    rights = (getattr(recorded.fact, "parent_id", None) for recorded in journal.load(f"person/{pupil_id}"))
    return [parent_id for parent_id in rights if parent_id]


@contextmanager
def _gate(context: Context) -> Iterator[None]:
    with context.gates.folding.entered() as inside:
        if not inside:
            raise Refused(TOO_MANY_AT_ONCE(), context.language)
        yield
