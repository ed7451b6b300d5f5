"""Over how much of a school may a role look, today?

A rule names a scope for each role (who_may.py); a scope answers what of the target (`class_id`, `pupil_id`)
is allowed to the asker, or None: nothing. All is dated: what a class does after a pupil left is no matter
of theirs, and a teacher of a class that a pupil left keeps what was entered there, no more (ADR 0052).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from dziennik.contracts.envelope import Role
from dziennik.contracts.streams import unit_of
from dziennik.graphql.context import Context
from dziennik.graphql.granting import EVERYTHING, FAMILY, OWN, Grant, Part
from dziennik.projections import card_questions, registers, structure
from dziennik.projections.audits import Mandate
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View

Target = Mapping[str, Any]


class Scope(Enum):
    """Over whom a role may look."""

    SCHOOL = "the whole school"
    # Classes in which the person teaches today, own subjects only; everything as homeroom teacher.
    OWN_SUBJECTS = "own subjects of own classes"
    OWN_CLASSES = "own classes, and pupils who are in them today"
    OWN_CARDS = "own classes, and others in which a card is for a lesson of the person's"
    HOMEROOM = "the class (or pupils of the class) whose homeroom teacher the person is today"
    CHILD = "children over whom the person holds rights today"
    CHILD_CLASS = "classes of these children today"
    CHILD_LESSONS = "lessons of their classes on days on which they were in them"
    SELF = "the person"
    OWN_WORK = "the person as a teacher"
    OWN_CLASS = "the class the person belongs to today"
    OWN_LESSONS = "lessons of own classes on days on which the person was in them"
    # Of a pupil's entries those in classes of the mandate; otherwise targets that lie in it as a whole.
    MANDATED_ENTRIES = "what the director let the auditor look at, entry by entry"
    MANDATED = "what the director let the auditor look at"


@dataclass(frozen=True, slots=True)
class _Place:
    """A class or group a pupil was ever in; `now`: today, in a year that is not over."""

    unit_id: str
    now: bool


def _whole(_: Context, __: str, ___: Target) -> Grant:
    return EVERYTHING


def _own_subjects(context: Context, school: str, target: Target) -> Grant | None:
    parts: list[Part] = []
    for place in _places(context, school, target):
        # Of a pupil who is there today also what was entered elsewhere; of others what was entered there.
        unit_id = None if place.now else place.unit_id
        if _is_homeroom(context, school, place.unit_id):
            parts.append(Part(unit_id=unit_id))
        taught = _taught(context, school, place.unit_id)
        if taught:
            parts.append(Part(subjects=taught, unit_id=unit_id))
    return Grant(tuple(dict.fromkeys(parts))) if parts else None


def _own_classes(context: Context, school: str, target: Target) -> Grant | None:
    places = [place.unit_id for place in _places(context, school, target) if place.now]
    has = any(_is_homeroom(context, school, unit) or _taught(context, school, unit) for unit in places)
    return EVERYTHING if has else None


def _own_cards(context: Context, school: str, target: Target) -> Grant | None:
    """Whoever answers narrows to the person's lessons: a substitute knows nothing else of the class."""
    own, unit_id = _own_classes(context, school, target), target.get("class_id")
    if own or not isinstance(unit_id, str):
        return own
    who = _person(context, school)
    return EVERYTHING if card_questions.teaches_on_cards(context.view(school), who, unit_id) else None


def _homeroom(context: Context, school: str, target: Target) -> Grant | None:
    places = [place.unit_id for place in _places(context, school, target) if place.now]
    return EVERYTHING if any(_is_homeroom(context, school, unit) for unit in places) else None


def _child(context: Context, school: str, target: Target) -> Grant | None:
    return FAMILY if target.get("pupil_id") in children(context, school) else None


def _child_class(context: Context, school: str, target: Target) -> Grant | None:
    return _class_today(context, school, target, children(context, school))


def _child_lessons(context: Context, school: str, target: Target) -> Grant | None:
    return _lessons(context, school, target, children(context, school))


def _self(context: Context, school: str, target: Target) -> Grant | None:
    asked = target.get("pupil_id")
    return FAMILY if asked in (None, _person(context, school)) else None


def _own_work(context: Context, school: str, target: Target) -> Grant | None:
    """All of one's own; nothing of another teacher's. Whoever answers narrows to the person."""
    asked = target.get("teacher_id")
    return OWN if asked in (None, _person(context, school)) else None


def _own_class(context: Context, school: str, target: Target) -> Grant | None:
    return _class_today(context, school, target, {_person(context, school)})


def _own_lessons(context: Context, school: str, target: Target) -> Grant | None:
    return _lessons(context, school, target, {_person(context, school)})


def mandated(context: Context, school: str, target: Target) -> Grant | None:
    """Whether all that is asked about lies in one of the asker's mandates."""
    covered = any(_covers(context, school, one, target) for one in context.mandates(school))
    return EVERYTHING if covered else None


def _mandated_entries(context: Context, school: str, target: Target) -> Grant | None:
    """The same; of a pupil whom no mandate names what was entered in classes that one does."""
    whole = mandated(context, school, target)
    if whole or not isinstance(target.get("pupil_id"), str) or _unit_asked(target) or target.get("year_id"):
        return whole
    held = context.mandates(school)
    units = dict.fromkeys(place.unit_id for place in _places(context, school, target))
    inside = [unit for unit in units if any(_covers_unit(context, school, one, unit) for one in held)]
    return Grant(tuple(Part(unit_id=unit_id) for unit_id in inside)) if inside else None


def _covers(context: Context, school: str, mandate: Mandate, target: Target) -> bool:
    """A mandate for a part covers what names that part, and nothing that reaches beyond it."""
    if mandate.pupil_id is not None:
        return target.get("pupil_id") == mandate.pupil_id
    if mandate.class_id is None and mandate.year_id is None:
        return True
    unit_id, year_id = _unit_asked(target), target.get("year_id")
    if unit_id is not None:
        unit = context.view(school).get(structure.Unit, unit_id)
        same_year = unit is not None and year_id in (None, unit.year_id)
        return same_year and _covers_unit(context, school, mandate, unit_id)
    return mandate.year_id is not None and year_id == mandate.year_id


def _covers_unit(context: Context, school: str, mandate: Mandate, unit_id: str) -> bool:
    """Whether the class, or a group that draws from that class alone, lies in the mandate."""
    if mandate.pupil_id is not None:
        return False
    unit = context.view(school).get(structure.Unit, unit_id)
    if unit is None:
        return False
    if mandate.class_id is not None:
        return mandate.class_id == unit_id or unit.class_ids == (mandate.class_id,)
    return mandate.year_id in (None, unit.year_id)


def _unit_asked(target: Target) -> str | None:
    """The unit that is asked about, by its id or by the names of its streams ("year/4a/...")."""
    unit_id, prefix = target.get("class_id"), target.get("prefix")
    if isinstance(unit_id, str):
        return unit_id
    named = isinstance(prefix, str) and prefix.count("/") > 1
    return unit_of(prefix) if named and isinstance(prefix, str) else None


SCOPES: dict[Scope, Callable[[Context, str, Target], Grant | None]] = {
    Scope.SCHOOL: _whole,
    Scope.OWN_SUBJECTS: _own_subjects,
    Scope.OWN_CLASSES: _own_classes,
    Scope.OWN_CARDS: _own_cards,
    Scope.HOMEROOM: _homeroom,
    Scope.CHILD: _child,
    Scope.CHILD_CLASS: _child_class,
    Scope.CHILD_LESSONS: _child_lessons,
    Scope.SELF: _self,
    Scope.OWN_WORK: _own_work,
    Scope.OWN_CLASS: _own_class,
    Scope.OWN_LESSONS: _own_lessons,
    Scope.MANDATED: mandated,
    Scope.MANDATED_ENTRIES: _mandated_entries,
}


def children(context: Context, school: str) -> set[str]:
    """Pupils over whom the asker holds rights today that let them know."""
    return context.access(school).known_children(context.today(school))


def _person(context: Context, school: str) -> str:
    return context.access(school).person.person_id


def _is_homeroom(context: Context, school: str, unit_id: str) -> bool:
    day = context.today(school)
    return any(h.class_id == unit_id and in_force(h, day) for h in context.access(school).homerooms)


def _taught(context: Context, school: str, unit_id: str) -> frozenset[str]:
    day, assignments = context.today(school), context.access(school).assignments
    return frozenset(a.subject_id for a in assignments if a.unit_id == unit_id and in_force(a, day))


def _class_today(context: Context, school: str, target: Target, pupils: set[str]) -> Grant | None:
    day = context.today(school)
    here = any(in_force(row, day) for row in _enrolments(context, school, target, pupils))
    return FAMILY if here else None


def _lessons(context: Context, school: str, target: Target, pupils: set[str]) -> Grant | None:
    day = context.today(school)
    rows = _enrolments(context, school, target, pupils)
    days = tuple((row.since, row.until) for row in rows if row.since <= day)
    return Grant((Part(days=days, published=True),)) if days else None


def _enrolments(
    context: Context, school: str, target: Target, pupils: set[str]
) -> list[structure.Enrolment | structure.Membership]:
    """The pupils' enrolments in the class asked about, or times in the group or register; past ones too."""
    view, unit_id = context.view(school), target.get("class_id")
    if not isinstance(unit_id, str):
        return []
    found: list[structure.Enrolment | structure.Membership] = []
    for pupil_id in sorted(pupils):
        found += view.find(structure.Enrolment, class_id=unit_id, pupil_id=pupil_id)
        found += view.find(structure.Membership, group_id=unit_id, pupil_id=pupil_id)
    return found


def is_closed(
    context: Context, school: str, target: Target, roles: Iterable[Role], *, unknown: bool = False
) -> bool:
    """Whether the target is a restricted register that the asker, in these roles, may not open today.

    The director may, whoever has an assignment in it, and auditors whom the director admitted. With `unknown`
    also a unit that the read models do not know yet: for questions that the journal itself answers.
    """
    unit_id = target.get("class_id")
    if not isinstance(unit_id, str):
        return False
    restricted = context.is_restricted(school, unit_id, target.get("after_position"))
    if restricted is False or (restricted is None and not unknown):
        return False
    if Role.DIRECTOR in roles or (Role.TEACHER in roles and _taught(context, school, unit_id)):
        return False
    who, day = _person(context, school), context.today(school)
    admitted = Role.AUDITOR in roles and registers.is_admitted(context.view(school), unit_id, who, day)
    return not admitted


def _places(context: Context, school: str, target: Target) -> list[_Place]:
    """The class asked about, or the classes and groups of the pupil asked about, past ones too."""
    if "pupil_id" not in target:
        return [_Place(target["class_id"], True)] if "class_id" in target else []
    view, day, pupil_id = context.view(school), context.today(school), target["pupil_id"]
    groups = view.find(structure.Membership, pupil_id=pupil_id)
    dated = [(row.class_id, in_force(row, day)) for row in structure.enrolments(view, pupil_id)]
    dated += [(row.group_id, in_force(row, day)) for row in groups]
    over = _over(view, {unit_id for unit_id, _ in dated}, day)
    return [_Place(unit_id, now and unit_id not in over) for unit_id, now in dated]


def _over(view: View, unit_ids: Iterable[str], day: date) -> set[str]:
    """Those whose school year has ended: enrolments and assignments are left open when it does."""
    units = [unit for unit in view.many(structure.Unit, [(u,) for u in sorted(unit_ids)]) if unit]
    years = view.many(structure.Year, [(y,) for y in sorted({unit.year_id for unit in units})])
    ended = {year.year_id for year in years if year and year.ends < day}
    return {unit.unit_id for unit in units if unit.year_id in ended}
