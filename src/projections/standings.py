"""Where does somebody stand in the school on a day, and who is addressed by an audience?

Two ways round of one question (domain.policies.audiences): from a person to the places, for what somebody
may read; from the places to the people, for who has not read yet and who is to be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from dziennik.contracts.board import AudiencePart, BoardAudience
from dziennik.contracts.envelope import Role
from dziennik.domain.policies.audiences import Place, Standing, roles_of
from dziennik.projections import people, structure
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View


def standing(view: View, person_id: str, day: date) -> Standing:
    """The roles that a person holds on that day, each with the classes and groups where they hold it."""
    held = {row.role for row in people.roles(view, person_id) if in_force(row, day)}
    places: dict[Role, set[Place]] = {role: set() for role in held}
    if Role.PUPIL in held:
        places[Role.PUPIL] = of_pupils(view, [person_id], day)
    if Role.PARENT in held:
        places[Role.PARENT] = of_pupils(view, people.informed_of(view, person_id, day), day)
    if Role.TEACHER in held:
        places[Role.TEACHER] = _of_teacher(view, person_id, day)
    return places


def addressed(view: View, audience: BoardAudience, day: date) -> dict[str, frozenset[Role]]:
    """Who is addressed on that day, each with the roles in which they are."""
    found: defaultdict[str, set[Role]] = defaultdict(set)
    roles = roles_of(audience)
    if not audience.parts:
        for role in sorted(roles):
            for row in view.find(people.RoleHeld, role=role):
                if in_force(row, day):
                    found[row.person_id].add(role)
        return {person_id: frozenset(held) for person_id, held in found.items()}
    pupils = {each for part in audience.parts for each in _pupils(view, part, day)}
    if Role.PUPIL in roles:
        _add(found, pupils, Role.PUPIL)
    if Role.PARENT in roles:
        parents = (each for pupil_id in sorted(pupils) for each in people.informed(view, pupil_id, day))
        _add(found, parents, Role.PARENT)
    if Role.TEACHER in roles:
        _add(found, (each for part in audience.parts for each in _teachers(view, part, day)), Role.TEACHER)
    return _as_they_are(view, found, day)


def _add(found: defaultdict[str, set[Role]], person_ids: Iterable[str], role: Role) -> None:
    for person_id in person_ids:
        found[person_id].add(role)


def _as_they_are(view: View, found: dict[str, set[Role]], day: date) -> dict[str, frozenset[Role]]:
    """Only in roles that they hold: somebody enrolled who is no pupil any more is not addressed as one."""
    held: defaultdict[str, set[Role]] = defaultdict(set)
    for role in {role for roles in found.values() for role in roles}:
        for row in view.find(people.RoleHeld, role=role):
            if in_force(row, day):
                held[row.person_id].add(role)
    kept = {person_id: frozenset(roles & held[person_id]) for person_id, roles in found.items()}
    return {person_id: roles for person_id, roles in kept.items() if roles}


def of_pupils(view: View, pupil_ids: Iterable[str], day: date) -> set[Place]:
    """Where some pupils are on that day: what a parent stands for them as well."""
    found: set[Place] = set()
    for pupil_id in pupil_ids:
        classes = {e.class_id for e in structure.enrolments(view, pupil_id) if in_force(e, day)}
        found |= {(class_id, None) for class_id in classes}
        for row in view.find(structure.Membership, pupil_id=pupil_id):
            group = view.get(structure.Group, row.group_id) if in_force(row, day) else None
            if group is None:
                continue
            if group.unit_id == group.group_id:  # an interclass group, or another register
                found |= {(group.unit_id, None), (group.unit_id, group.group_id)}
            elif group.unit_id in classes:
                found.add((group.unit_id, group.group_id))
    return found


def _of_teacher(view: View, teacher_id: str, day: date) -> set[Place]:
    found: set[Place] = set()
    whole = {row.class_id for row in structure.homerooms(view, teacher_id) if in_force(row, day)}
    for row in structure.assignments(view, teacher_id=teacher_id):
        if in_force(row, day):
            found.add((row.unit_id, None))
            if row.group_id is None:
                whole.add(row.unit_id)
            else:
                found.add((row.unit_id, row.group_id))
    for unit_id in whole:
        found.add((unit_id, None))
        found |= {(unit_id, group.group_id) for group in view.find(structure.Group, unit_id=unit_id)}
    return found


def _pupils(view: View, part: AudiencePart, day: date) -> set[str]:
    unit = view.get(structure.Unit, part.unit_id)
    if unit is None:
        return set()
    is_class = not unit.interclass and unit.register is None
    enrolled = {row.pupil_id for row in structure.pupils(view, part.unit_id, day)} if is_class else set()
    if is_class and part.group_id is None:
        return enrolled
    members = {row.pupil_id for row in structure.members(view, part.group_id or part.unit_id, day)}
    return members & enrolled if is_class else members


def _teachers(view: View, part: AudiencePart, day: date) -> set[str]:
    home = structure.homeroom(view, part.unit_id, day)
    found = {home.teacher_id} if home else set()
    for row in structure.assignments(view, unit_id=part.unit_id):
        if in_force(row, day) and (part.group_id is None or row.group_id in (None, part.group_id)):
            found.add(row.teacher_id)
    return found
