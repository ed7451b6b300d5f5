"""`dziennik staff ...`: additional hours of teachers for the payroll."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import open_system
from dziennik.cli.options import DatabaseUrl, DataDir, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint
from dziennik.projections import structure
from dziennik.projections.rows import Span, View
from dziennik.statistics.staff_csv import NO_DAYS, HoursTable, hours_csv, month_of

app = typer.Typer(no_args_is_help=True, help="Teachers' hours / godziny nauczycieli.")


@app.callback()
def _several() -> None:
    """Keeps `hours` a sub-command while it is the only one."""


@app.command("hours")
def hours(
    school: SchoolId,
    month: Annotated[
        str | None, typer.Option("--month", help="E.g. 2026-10 / np. 2026-10.", show_default="year / rok")
    ] = None,
    year: Annotated[
        str | None,
        typer.Option("--year", help="Name or id of the school year / nazwa albo id roku szkolnego."),
    ] = None,
    teacher: Annotated[
        str | None, typer.Option("--teacher", help="Id of one teacher / id jednego nauczyciela.")
    ] = None,
    content: Annotated[
        HoursTable, typer.Option("--content", help="Sums, or every entry / sumy albo wszystkie wpisy.")
    ] = HoursTable.SUMS,
    language: Annotated[str, typer.Option("--language", help="pl | en")] = "pl",
    bom: Annotated[
        bool, typer.Option("--bom", help="Mark UTF-8 for spreadsheets / znacznik UTF-8 dla arkuszy.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write / plik do zapisania.", dir_okay=False)
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Additional and substitution hours as CSV (RFC 4180) / godziny dodatkowe i zastępstwa jako CSV."""
    wanted = _month(month)
    with open_system(data_dir, database_url) as system:
        system.follower.run_once(known(system, school))
        with system.read_models.view(school) as view:
            chosen = _year(view, year, wanted)
            days = Span(chosen.starts, chosen.ends) if wanted is None else month_of(chosen, wanted)
            text = hours_csv(
                view,
                chosen.year_id,
                days or NO_DAYS,
                content=content,
                teacher_id=teacher,
                language=language,
                bom=bom,
            )
    if out is None:
        typer.echo(text.encode(), nl=False)
    else:
        out.write_bytes(text.encode())
        hint(f"Zapisano {out}", f"wrote {out}")


def _month(text: str | None) -> date | None:
    """The month's first day."""
    try:
        return datetime.strptime(text, "%Y-%m").date() if text else None  # noqa: DTZ007
    except ValueError:
        raise typer.BadParameter("YYYY-MM, e.g. / np. 2026-10", param_hint="--month") from None


def _year(view: View, named: str | None, month: date | None) -> structure.Year:
    """The year named, or the one the month lies in, or the latest."""
    years = structure.years(view)
    if named:
        found = [year for year in years if named in (year.year_id, year.name)]
    elif month:
        found = [year for year in years if month_of(year, month)]
    else:
        found = years
    if not found:
        raise typer.BadParameter("there is no such school year / nie ma takiego roku", param_hint="--year")
    return max(found, key=lambda year: year.starts)
