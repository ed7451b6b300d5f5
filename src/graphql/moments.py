"""The register as it stood at an earlier moment, and what changed between two.

Who may ask is decided today; what is shown is what the same query showed then. The read models are folded in
memory over the streams that the question is about, and put in the place of today's tables for one field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import strawberry

from dziennik.contracts import streams
from dziennik.contracts.entitlement import NEEDS_EXTENSION, AccountKind, Feature
from dziennik.contracts.refusals import Reason
from dziennik.graphql.context import Context
from dziennik.graphql.refusing import Refused, denied
from dziennik.graphql.scopes import children, is_closed
from dziennik.journal.journal import Journal
from dziennik.projections import entitlements, structure
from dziennik.projections.as_of import as_of_units
from dziennik.projections.attendance import ATTENDANCE
from dziennik.projections.behaviour import BEHAVIOUR
from dziennik.projections.calendar import CALENDAR
from dziennik.projections.classification import CLASSIFICATION
from dziennik.projections.descriptive import DESCRIPTIVE
from dziennik.projections.disputes import DISPUTES
from dziennik.projections.earlier_grades import EARLIER_GRADES
from dziennik.projections.finals import FINALS
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.loyalty import LOYALTY
from dziennik.projections.model import ReadModel
from dziennik.projections.people import PEOPLE
from dziennik.projections.purchases import PURCHASES
from dziennik.projections.rows import View
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

# What of a unit's streams each read model is told, beside the unit's register ("": everything); the first of
# them also of groups that draw from a class.
PARTS = {
    GRADEBOOK.name: ("column/", "grades/"),
    ATTENDANCE.name: ("lesson/",),
    LESSON_JOURNAL.name: ("",),
    BEHAVIOUR.name: ("behaviour/",),
    CALENDAR.name: ("calendar",),
    CLASSIFICATION.name: ("classification",),
    DESCRIPTIVE.name: ("descriptive/",),
    DISPUTES.name: ("dispute/",),
    EARLIER_GRADES.name: ("earlier/",),
    FINALS.name: ("finals",),
}
# What they are told of a year's own streams.
OF_YEAR = {CALENDAR.name: streams.school_calendar, EARLIER_GRADES.name: streams.earlier_grades_rule}

# What of the register families had to buy on days long past.
SOLD = {
    GRADEBOOK.name: Feature.GRADES,
    ATTENDANCE.name: Feature.ATTENDANCE,
    LESSON_JOURNAL.name: Feature.LESSONS,
}


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
    context: Context,
    school: str,
    class_id: str,
    moment: AsOf | None,
    *models: ReadModel,
    former: bool = False,
) -> Context:
    """The request, seeing the class as it stood; the request itself when no moment is asked for.

    Groups that draw from the class belong to it: grades stand in their columns. With `former` also classes of
    the year that its pupils were in before or after.
    """
    if moment is None:
        return context
    # The journal knows a register before the read models do: until they say what it is it is closed.
    if is_closed(context, school, {"class_id": class_id}, context.roles(school), unknown=True):
        raise denied(context.language)
    view = context.view(school)
    unit = view.get(structure.Unit, class_id)
    of_year = view.find(structure.Unit, year_id=unit.year_id) if unit else []
    groups = [other.unit_id for other in of_year if class_id in other.class_ids]
    units = [class_id]
    if former:
        pupils = [row.pupil_id for row in structure.pupils(view, class_id, None)]
        places = {row.class_id for pupil_id in pupils for row in structure.enrolments(view, pupil_id)}
        units += [other.unit_id for other in of_year if other.unit_id in places - {class_id}]
    years = [unit.year_id] if unit else []
    return _stood(context, school, moment, _Asked(units, groups, models, years=years, class_id=class_id))


def of_pupil(
    context: Context, school: str, pupil_id: str, moment: AsOf | None, *models: ReadModel
) -> Context:
    """The same for all classes and groups that the pupil was ever in, with the pupil's parents."""
    if moment is None:
        return context
    view = context.view(school)
    classes = [row.class_id for row in structure.enrolments(view, pupil_id)]
    units = [*classes, *(row.group_id for row in view.find(structure.Membership, pupil_id=pupil_id))]
    people = [pupil_id, *_parents(context.register(school).journal, pupil_id)]
    found = view.many(structure.Unit, [(unit_id,) for unit_id in dict.fromkeys(classes)])
    years = [unit.year_id for unit in found if unit]
    return _stood(context, school, moment, _Asked(units, (), models, people, years, pupil_id=pupil_id))


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
    """What a question is about: of `units` all that the models need, of `groups` register and columns."""

    units: Iterable[str]
    groups: Iterable[str] = ()
    models: Sequence[ReadModel] = ()
    people: Iterable[str] = ()
    years: Iterable[str] = ()
    class_id: str | None = None
    pupil_id: str | None = None


def _stood(context: Context, school: str, moment: AsOf, asked: _Asked) -> Context:
    position = position_of(context, school, moment, "asOf")
    register = context.register(school)
    parts = [PARTS[model.name] for model in asked.models]
    wanted = {group: [each[0] for each in parts] for group in asked.groups}
    wanted |= {unit: [part for each in parts for part in each] for unit in asked.units}
    kept = [OF_YEAR[model.name] for model in asked.models if model.name in OF_YEAR]
    others = [stream(year_id) for stream in kept for year_id in dict.fromkeys(asked.years)]
    models = [STRUCTURE, PEOPLE, *asked.models]
    with _gate(context):
        rows = as_of_units(register.journal, models, position, wanted, asked.people, others)
    at = moment.time or (register.journal.recorded_at(position) if position else datetime.now(UTC))
    then = context.as_it_stood(school, rows, register.day_of(at))
    _check_entitlement(context, then, school, asked, position)
    return then


def _check_entitlement(context: Context, then: Context, school: str, asked: _Asked, position: int) -> None:
    """Families see of a past day what their accounts had on it (ADR 0181). Raises a refusal.

    What they see of the register as it stands is never asked for here: that is free.
    """
    family = bool(context.granted.parts) and all(part.published for part in context.granted.parts)
    feature = next((SOLD[model.name] for model in asked.models if model.name in SOLD), None)
    if not family or feature is None:
        return
    own, on = children(context, school), then.today(school)
    person = context.access(school).person.person_id
    pupils = (
        [asked.pupil_id] if asked.pupil_id else _of_class(then.view(school), asked.class_id, own | {person})
    )
    kind = AccountKind.PARENT if own & set(pupils) else AccountKind.PUPIL
    context.wait(school, (PURCHASES.name, LOYALTY.name), position or None)
    use = entitlements.use(
        context.view_of_all(school), feature, kind, pupils, on, position=position, then=then.view(school)
    )
    if not use.allowed:
        raise Refused(NEEDS_EXTENSION(on=on, feature=feature.value, field="asOf"), context.language)


def _of_class(view: View, class_id: str | None, pupils: set[str]) -> list[str]:
    """Those of the pupils who were ever in the class or group."""
    found = {row.pupil_id for row in view.find(structure.Enrolment, class_id=class_id)}
    found |= {row.pupil_id for row in view.find(structure.Membership, group_id=class_id)}
    return sorted(found & pupils)


def _parents(journal: Journal, pupil_id: str) -> list[str]:
    rights = (getattr(recorded.fact, "parent_id", None) for recorded in journal.load(f"person/{pupil_id}"))
    return [parent_id for parent_id in rights if parent_id]


@contextmanager
def _gate(context: Context) -> Iterator[None]:
    """So many at a time, and of one account fewer, so that nobody takes all places."""
    gates = context.gates
    with gates.folding_each.entered(context.account()) as own, gates.folding.entered() as inside:
        if not (own and inside):
            raise Refused(TOO_MANY_AT_ONCE(), context.language)
        yield
