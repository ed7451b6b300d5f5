"""Who may ask what? One table; what is not in it is denied.

A rule names, for each role, over how much of the school the role may look (DOMAIN section 5). Mutations
are the commands: the roles that may give one stand beside its rule in the domain
(`rulebook.roles_for`), and the rule itself narrows further (own assignments only, ...).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import strawberry
from graphql import OperationType
from strawberry.extensions import FieldExtension
from strawberry.types import Info

from dziennik.contracts.calendar_commands import CreateCalendarFeed
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.imports import RecordImport
from dziennik.contracts.people import LinkAccount
from dziennik.contracts.registry import COMMANDS
from dziennik.contracts.school import FoundSchool
from dziennik.domain import rules
from dziennik.domain.rulebook import roles_for
from dziennik.graphql.context import Context
from dziennik.graphql.granting import EVERYTHING, FAMILY, Grant
from dziennik.graphql.refusing import denied
from dziennik.projections import structure
from dziennik.projections.dated import in_force

RULES = rules.LOADED

# Founding a school, recording an import, linking an account and issuing a feed come with other doings.
NOT_OFFERED = frozenset({FoundSchool, RecordImport, LinkAccount, CreateCalendarFeed})


def mutation_name(command: type[Command]) -> str:
    """GiveGrade is the mutation giveGrade."""
    return command.__name__[0].lower() + command.__name__[1:]


class Scope(Enum):
    """Over whom a role may look."""

    SCHOOL = "the whole school"
    # Classes in which the person teaches today, own subjects only; everything as homeroom teacher.
    OWN_SUBJECTS = "own subjects of own classes"
    OWN_CLASSES = "own classes"
    HOMEROOM = "the class (or pupils of the class) whose homeroom teacher the person is today"
    CHILD = "children over whom the person holds rights today"
    CHILD_CLASS = "classes of these children"
    SELF = "the person"
    OWN_CLASS = "the class the person belongs to"


Rule = Mapping[Role, Scope]

_STAFF: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.ADMINISTRATOR: Scope.SCHOOL,
    Role.AUDITOR: Scope.SCHOOL,
    Role.TEACHER: Scope.SCHOOL,
}
_OPEN: Rule = {**_STAFF, Role.PARENT: Scope.SCHOOL, Role.PUPIL: Scope.SCHOOL}
_CLASS: Rule = {**_STAFF, Role.PARENT: Scope.CHILD_CLASS, Role.PUPIL: Scope.OWN_CLASS}
_PUPIL: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.AUDITOR: Scope.SCHOOL,
    Role.TEACHER: Scope.OWN_SUBJECTS,
    Role.PARENT: Scope.CHILD,
    Role.PUPIL: Scope.SELF,
}
_ENTRIES: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.AUDITOR: Scope.SCHOOL,
    Role.TEACHER: Scope.OWN_SUBJECTS,
}

_FAMILY: Rule = {Role.PARENT: Scope.CHILD, Role.PUPIL: Scope.SELF}
_HOMEROOM: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.AUDITOR: Scope.SCHOOL,
    Role.TEACHER: Scope.HOMEROOM,
}

# Fields of Query that name a school. `me`, `mySchools` and `myChildren` speak of the asker alone.
QUERIES: dict[str, Rule] = {
    "school": _OPEN,
    "schoolYears": _OPEN,
    "subjects": _OPEN,
    "rules": _OPEN,
    "classes": _STAFF,
    "class": _CLASS,
    "classPupils": {**_STAFF, Role.TEACHER: Scope.OWN_CLASSES},
    "people": {Role.DIRECTOR: Scope.SCHOOL, Role.ADMINISTRATOR: Scope.SCHOOL, Role.AUDITOR: Scope.SCHOOL},
    "pupil": {**_PUPIL, Role.ADMINISTRATOR: Scope.SCHOOL},
    "gradebook": _ENTRIES,
    "pupilGrades": _PUPIL,
    "pupilAttendance": _PUPIL,
    "attendanceSheet": _ENTRIES,
    "lessonJournal": {
        **_ENTRIES,
        Role.TEACHER: Scope.OWN_CLASSES,
        Role.PARENT: Scope.CHILD_CLASS,
        Role.PUPIL: Scope.OWN_CLASS,
    },
    "gradeHistory": _PUPIL,
    "attendanceHistory": _PUPIL,
    "classHistory": {Role.DIRECTOR: Scope.SCHOOL, Role.AUDITOR: Scope.SCHOOL},
    "classificationRules": _OPEN,
    "classYear": _ENTRIES,
    "pupilYear": _PUPIL,
    "pupilPromotions": {Role.DIRECTOR: Scope.SCHOOL, Role.AUDITOR: Scope.SCHOOL, **_FAMILY},
    "classificationSheet": _HOMEROOM,
    "closingCheck": {Role.DIRECTOR: Scope.SCHOOL, Role.AUDITOR: Scope.SCHOOL},
    "permittedCorrections": {Role.DIRECTOR: Scope.SCHOOL, Role.AUDITOR: Scope.SCHOOL},
    "myAssignments": {Role.TEACHER: Scope.SELF},
    "myLessons": {Role.TEACHER: Scope.SELF},
}
# Fields that need no person of a school: everybody, or whoever is logged in.
PUBLIC = frozenset({"login", "refresh", "logout"})
PERSONAL = frozenset({"me", "mySchools", "myChildren"})
# Roles that may give each command; imports and the command line (SYSTEM) do not come this way.
MUTATIONS: dict[str, frozenset[Role]] = {
    mutation_name(command): roles_for(command) - {Role.SYSTEM, Role.OPERATOR}
    for command in COMMANDS.values()
    if command not in NOT_OFFERED
} | {"openAccount": frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})}


def grant(context: Context, rule: Rule, school: str, target: Mapping[str, Any]) -> Grant | None:
    """What the asker may see of the target (`class_id`, `pupil_id`), or None: nothing.

    Of several roles the widest wins.
    """
    found: Grant | None = None
    for role in context.roles(school) & rule.keys():
        part = _SCOPES[rule[role]](context, school, target)
        if part == EVERYTHING:
            return EVERYTHING
        if part is None or found is None:
            found = found or part
        elif FAMILY in (part, found):
            found = FAMILY
        else:
            found = Grant((part.subjects or frozenset()) | (found.subjects or frozenset()))
    return found


def _whole(_: Context, __: str, ___: Mapping[str, Any]) -> Grant:
    return EVERYTHING


def _own_subjects(context: Context, school: str, target: Mapping[str, Any]) -> Grant | None:
    day, access = context.today(school), context.access(school)
    units = _units(context, school, target)
    if any(h.class_id in units and in_force(h, day) for h in access.homerooms):
        return EVERYTHING
    taught = {a.subject_id for a in access.assignments if a.unit_id in units and in_force(a, day)}
    return Grant(frozenset(taught)) if taught else None


def _homeroom(context: Context, school: str, target: Mapping[str, Any]) -> Grant | None:
    day, units = context.today(school), _units(context, school, target)
    held = any(h.class_id in units and in_force(h, day) for h in context.access(school).homerooms)
    return EVERYTHING if held else None


def _own_classes(context: Context, school: str, target: Mapping[str, Any]) -> Grant | None:
    return EVERYTHING if _own_subjects(context, school, target) else None


def _child(context: Context, school: str, target: Mapping[str, Any]) -> Grant | None:
    return FAMILY if target.get("pupil_id") in children(context, school) else None


def _child_class(context: Context, school: str, target: Mapping[str, Any]) -> Grant | None:
    return _in_class(context, school, target, children(context, school))


def _self(context: Context, school: str, target: Mapping[str, Any]) -> Grant | None:
    asked = target.get("pupil_id")
    return FAMILY if asked in (None, context.access(school).person.person_id) else None


def _own_class(context: Context, school: str, target: Mapping[str, Any]) -> Grant | None:
    return _in_class(context, school, target, {context.access(school).person.person_id})


_SCOPES: dict[Scope, Callable[[Context, str, Mapping[str, Any]], Grant | None]] = {
    Scope.SCHOOL: _whole,
    Scope.OWN_SUBJECTS: _own_subjects,
    Scope.OWN_CLASSES: _own_classes,
    Scope.HOMEROOM: _homeroom,
    Scope.CHILD: _child,
    Scope.CHILD_CLASS: _child_class,
    Scope.SELF: _self,
    Scope.OWN_CLASS: _own_class,
}


def children(context: Context, school: str) -> set[str]:
    """Pupils over whom the asker holds rights today."""
    day = context.today(school)
    return {right.pupil_id for right in context.access(school).children if in_force(right, day)}


def _in_class(context: Context, school: str, target: Mapping[str, Any], pupils: set[str]) -> Grant | None:
    view = context.view(school)
    for pupil_id in sorted(pupils):
        places = structure.enrolments(view, pupil_id)
        if target.get("class_id") in {place.class_id for place in places}:
            return FAMILY
    return None


def _units(context: Context, school: str, target: Mapping[str, Any]) -> set[str]:
    """The class asked about, or the classes and interclass groups of the pupil asked about."""
    view = context.view(school)
    if "pupil_id" in target:
        groups = view.find(structure.Membership, pupil_id=target["pupil_id"])
        places = structure.enrolments(view, target["pupil_id"])
        return {place.class_id for place in places} | {member.group_id for member in groups}
    return {target["class_id"]} if "class_id" in target else set()


class Guard(FieldExtension):
    """On every root field: looks up the rule and denies whatever has none."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **arguments: Any) -> Any:  # noqa: ANN401
        """Raises a denial before the resolver runs."""
        context: Context = info.context
        name = info.field_name
        if name in PUBLIC:
            return next_(source, info, **arguments)
        context.account()
        if name in PERSONAL:
            return next_(source, info, **arguments)
        school = arguments.get("school")
        if not isinstance(school, str):
            raise denied(context.language)
        if info.operation.operation is OperationType.MUTATION:
            allowed = EVERYTHING if context.roles(school) & MUTATIONS.get(name, frozenset()) else None
        else:
            allowed = grant(context, QUERIES.get(name, {}), school, arguments)
        if allowed is None:
            raise denied(context.language)
        context.granted = allowed
        return next_(source, info, **arguments)


def guarded(
    *, name: str | None = None, description: str | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """A root field behind the guard. All root fields are made with this (a test looks)."""
    made: Callable[[Callable[..., Any]], Any] = strawberry.field(
        name=name, description=description, extensions=[Guard()]
    )
    return made
