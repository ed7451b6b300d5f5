"""`dziennik statistics ...`: a statistic or list of any year, as text, CSV or a picture."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import open_system
from dziennik.cli.classes import CLASS, no_such_class
from dziennik.cli.options import DatabaseUrl, DataDir, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint
from dziennik.projections import structure
from dziennik.projections.rows import View
from dziennik.statistics import asking, lists
from dziennik.statistics.asking import StatisticKind
from dziennik.statistics.csv_text import csv_of
from dziennik.statistics.statistic import Statistic, described
from dziennik.statistics.svg import svg_of

app = typer.Typer(no_args_is_help=True, help="Statistics and lists of any year / statystyki i zestawienia.")


class Form(StrEnum):
    """TEXT: a sentence for those who do not see the picture."""

    TEXT = "text"
    CSV = "csv"
    SVG = "svg"


class ListKind(StrEnum):
    """MIDYEAR and ANNUAL: a class's final grades; PROMOTIONS: what was decided in the whole year."""

    MIDYEAR = "midyear"
    ANNUAL = "annual"
    PROMOTIONS = "promotions"


YearName = Annotated[
    str | None, typer.Option("--year", help="Name or id of the year; the latest / nazwa albo id roku.")
]
ClassName = Annotated[str | None, typer.Option("--class", help=CLASS)]
Language = Annotated[str, typer.Option("--language", help="pl | en")]
Bom = Annotated[bool, typer.Option("--bom", help="Mark UTF-8 for spreadsheets / znacznik UTF-8 dla arkuszy.")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write / plik.", dir_okay=False)]


@app.command("show")
def show(
    kind: Annotated[StatisticKind, typer.Argument(help="Which statistic / która statystyka.")],
    school: SchoolId,
    year: YearName = None,
    class_name: ClassName = None,
    form: Annotated[Form, typer.Option("--form", help="text | csv | svg")] = Form.TEXT,
    language: Language = "pl",
    bom: Bom = False,
    out: Out = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """A statistic of all classes of a year, or of one / statystyka roku albo oddziału."""
    with open_system(data_dir, database_url) as system:
        system.follower.run_once(known(system, school))
        with system.read_models.view(school) as view:
            chosen = _year(view, year)
            units = structure.units(view, chosen.year_id)
            if class_name:
                units = [_class(view, chosen, class_name)]
            found = asking.Asked(view, units).answer(kind)
    _written(_told(found, form, language, bom=bom), out)


@app.command("years")
def years(
    measure: Annotated[str, typer.Argument(help="average | attendance | outcomes")],
    school: SchoolId,
    form: Annotated[Form, typer.Option("--form", help="text | csv | svg")] = Form.TEXT,
    language: Language = "pl",
    bom: Bom = False,
    out: Out = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """The school year by year, each by its own rules / szkoła rok po roku."""
    measures = {**{one.value: one for one in asking.Measure}, "outcomes": None}
    if measure not in measures:
        raise typer.BadParameter(f"choose one of: {', '.join(measures)}", param_hint="MEASURE")
    with open_system(data_dir, database_url) as system:
        system.follower.run_once(known(system, school))
        with system.read_models.view(school) as view:
            chosen = measures[measure]
            found = asking.years_compared(view, chosen) if chosen else asking.outcomes_compared(view)
    _written(_told(found, form, language, bom=bom), out)


@app.command("list")
def list_(
    kind: Annotated[ListKind, typer.Argument(help="midyear | annual | promotions")],
    school: SchoolId,
    year: YearName = None,
    class_name: ClassName = None,
    language: Language = "pl",
    bom: Bom = False,
    out: Out = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Classification of a class, or the year's promotions, as CSV / klasyfikacja albo promocje jako CSV."""
    with open_system(data_dir, database_url) as system:
        system.follower.run_once(known(system, school))
        with system.read_models.view(school) as view:
            chosen = _year(view, year)
            if kind is ListKind.PROMOTIONS:
                found = lists.promoted(view, chosen.year_id)
            else:
                term = chosen.terms[0].term_id if kind is ListKind.MIDYEAR and chosen.terms else None
                found = lists.classified(view, _class(view, chosen, class_name or ""), term)
    _written(lists.csv_of_listing(found, language, bom=bom), out)


def _told(found: Statistic, form: Form, language: str, *, bom: bool) -> str:
    if form is Form.CSV:
        return csv_of(found, language, bom=bom)
    return svg_of(found, language) if form is Form.SVG else described(found, language) + "\n"


def _written(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text.encode(), nl=False)
    else:
        out.write_bytes(text.encode())
        hint(f"Zapisano {out}", f"wrote {out}")


def _year(view: View, named: str | None) -> structure.Year:
    found = [year for year in structure.years(view) if named in (None, year.year_id, year.name)]
    if not found:
        raise typer.BadParameter("there is no such school year / nie ma takiego roku", param_hint="--year")
    return max(found, key=lambda year: year.starts)


def _class(view: View, year: structure.Year, named: str) -> structure.Unit:
    there = structure.units(view, year.year_id)
    found = [unit for unit in there if named in (unit.unit_id, unit.name)]
    if not found:
        raise no_such_class(there)
    return found[0]
