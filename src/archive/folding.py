"""Which facts make up a class register?

A fold of its own, over facts alone: a read model may be rebuilt, reshaped or wrong; the archive of a year
must come out the same in fifty years (ADR 0036). Facts may come in any order and from any stream; what
does not belong to the class is left out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from dziennik.archive import folding_entries as entries
from dziennik.archive import folding_people as people
from dziennik.archive import folding_school as school
from dziennik.archive.register import ClassRegister
from dziennik.contracts import streams
from dziennik.contracts.classes import ClassOpened, InterclassGroupFormed
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import Fact

Handler: TypeAlias = Callable[[ClassRegister, Recorded, Any], None]

HANDLERS: Mapping[type[Fact], Handler] = {**school.HANDLERS, **people.HANDLERS, **entries.HANDLERS}


class NoSuchClassYear(LookupError):
    """There is no class of this id before the cut-off position, or its school year is unknown."""


def fold_class_year(recorded: Iterable[Recorded], class_id: str, *, cut_off: int) -> ClassRegister:
    """The register of a class from its facts up to the position `cut_off`, both included.

    Needs the school's stream, the class's and its interclass groups' streams, and those of all persons
    who are to have names. Raises NoSuchClassYear.
    """
    facts = sorted((r for r in recorded if r.position <= cut_off), key=lambda r: r.position)
    register = ClassRegister(class_id=class_id, cut_off=cut_off)
    units = {class_id, *interclass_groups(facts, class_id)}
    for each in facts:
        fact = each.fact
        handle = HANDLERS.get(type(fact))
        if handle and streams.unit_of(each.stream) in (units | {None}):
            handle(register, each, fact)
    if not register.class_names:
        raise NoSuchClassYear(f"class {class_id} is unknown at position {cut_off}")
    _keep_to_the_class(register)
    return register


def interclass_groups(recorded: Iterable[Recorded], class_id: str) -> list[str]:
    """Ids of the groups that the class shares with others, in the order they were formed."""
    facts = (each.fact for each in recorded)
    shared = (fact for fact in facts if isinstance(fact, InterclassGroupFormed))
    return [fact.group_id for fact in shared if class_id in fact.class_ids]


def _keep_to_the_class(register: ClassRegister) -> None:
    """Bring pupils into register order, and leave out years and pupils of others."""
    opened = register.class_names[0].fact
    if not isinstance(opened, ClassOpened):
        raise NoSuchClassYear(f"class {register.class_id} was never opened")
    school.keep_year(register.school, opened.year_id)
    if register.school.year is None:
        raise NoSuchClassYear(f"school year {opened.year_id} is unknown")
    people.order_pupils(register)
    entries.keep_pupils(register)
