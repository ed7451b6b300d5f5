"""Is somebody among those to whom something is announced?

One rule for decisions, read models and notifications: they differ in how they find out where a person
stands, not in what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final, TypeAlias

from dziennik.contracts.board import BoardAudience
from dziennik.contracts.envelope import Role

# A unit, and a group of it (None: the unit as a whole, which whoever is in a group of it is in as well).
Place: TypeAlias = tuple[str, str | None]
# The roles that a person holds on a day, each with the places where they hold it.
Standing: TypeAlias = Mapping[Role, Set[Place]]

# Who may be addressed at all, and who is to be found in a class.
READERS: Final = frozenset({Role.PUPIL, Role.PARENT, Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR})
IN_CLASSES: Final = frozenset({Role.PUPIL, Role.PARENT, Role.TEACHER})


def roles_of(audience: BoardAudience) -> frozenset[Role]:
    """The roles that are addressed."""
    possible = IN_CLASSES if audience.parts else READERS
    return possible & frozenset(audience.roles) if audience.roles else possible


def reaches(audience: BoardAudience, standing: Standing) -> bool:
    """Whether somebody who stands there is addressed."""
    return bool(reached(audience, standing))


def reached(audience: BoardAudience, standing: Standing) -> frozenset[Role]:
    """The roles in which somebody is addressed."""
    roles = roles_of(audience) & standing.keys()
    if not audience.parts:
        return roles
    places = {(part.unit_id, part.group_id) for part in audience.parts}
    return frozenset(role for role in roles if not places.isdisjoint(standing[role]))
