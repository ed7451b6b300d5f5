"""Which class does somebody mean? Its name on the door, or its id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import typer

from dziennik.projections import structure
from dziennik.projections.rows import View

CLASS = "Name or id of the class / nazwa albo id oddziału."


def class_named(view: View, named: str, day: date) -> str:
    """The id of the class or interclass group by its id, or by its name.

    The name counts in the year of that day, or else in the latest that has it. Ends the command with the
    names that there are when nothing is called so.
    """
    if view.get(structure.Unit, named):
        return named
    years = sorted(structure.years(view), key=lambda year: year.starts, reverse=True)
    years.sort(key=lambda year: not year.starts <= day <= year.ends)
    for year in years:
        for unit in _units(view, year):
            if unit.name == named:
                return unit.unit_id
    raise no_such_class(_units(view, years[0]) if years else [])


def no_such_class(there: Iterable[structure.Unit]) -> typer.BadParameter:
    """What to tell somebody who named a class that is not among these."""
    names = ", ".join(unit.name for unit in there) or "–"
    said = f"nie ma takiego oddziału; są: {names} / there is no such class; there are: {names}"
    return typer.BadParameter(said, param_hint="--class")


def _units(view: View, year: structure.Year) -> list[structure.Unit]:
    return [*structure.units(view, year.year_id), *structure.units(view, year.year_id, interclass=True)]
