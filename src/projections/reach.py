"""In which units does somebody work today, and who is in them? What the second wall lets through."""

from __future__ import annotations

from datetime import date

import msgspec

from dziennik.projections.access import Access
from dziennik.projections.dated import in_force
from dziennik.projections.registers import Admission
from dziennik.projections.rows import Lists
from dziennik.projections.structure import Enrolment, Membership, Unit, Year


class Reach(msgspec.Struct, frozen=True):
    """`units`: classes, groups and registers of the own assignments and homerooms, of past years too, as
    these stay open; for auditors those that they were admitted to. `taught`: pupils in them, of years that
    are not over.
    """

    units: frozenset[str]
    taught: frozenset[str]


def reach(view: Lists, who: Access, day: date) -> Reach:
    """The same as the scopes of who may ask what reckon (graphql/scopes.py), all at once."""
    units = {one.unit_id for one in who.assignments if in_force(one, day)}
    units |= {one.class_id for one in who.homerooms if in_force(one, day)}
    running = _running(view, units, day)
    rows: list[Enrolment | Membership] = [*view.find_each(Enrolment, "class_id", running)]
    rows += view.find_each(Membership, "group_id", running)
    admitted = view.find(Admission, auditor_id=who.person.person_id) if who.mandates else []
    units |= {one.unit_id for one in admitted if in_force(one, day)}
    return Reach(frozenset(units), frozenset(row.pupil_id for row in rows if in_force(row, day)))


def _running(view: Lists, units: set[str], day: date) -> list[str]:
    over = {year.year_id for year in view.find(Year) if year.ends < day}
    found = view.many(Unit, [(one,) for one in sorted(units)]) if units else []
    return [unit.unit_id for unit in found if unit and unit.year_id not in over]
