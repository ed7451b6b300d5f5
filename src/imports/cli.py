"""`dziennik import ...`: bringing a school in from a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dziennik.imports.oneroster.report import Report
from dziennik.imports.oneroster.run import Progress as Tell
from dziennik.imports.oneroster.run import run_import
from dziennik.imports.oneroster.schools import Schools
from dziennik.imports.plans.report import Report as PlanReport
from dziennik.imports.plans.run import Wanted, import_plan
from dziennik.imports.plans.sheets import Reading

# How a command gets at the schools: the composition root, which this room does not know.
Opening = Callable[[Path | None, str | None], AbstractContextManager[Schools]]


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    WINDOWS_1250 = "windows-1250"


class Language(StrEnum):
    PL = "pl"
    EN = "en"


SchoolId = Annotated[str, typer.Option("--school", help="Id of the school / id szkoły.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Tell what would happen; write nothing / tylko próba.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON / odpowiedź jako JSON.")]
Lang = Annotated[Language, typer.Option("--lang", help="Of the report / języka raportu.")]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the embedded database.", file_okay=False)
]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database-url", help="A PostgreSQL server instead of the embedded one.")
]

PHASES = {
    "read": ("Czytanie pliku", "Reading the file"),
    "look": ("Porównywanie", "Comparing"),
    "decide": ("Sprawdzanie", "Checking"),
    "write": ("Zapisywanie", "Writing"),
}


def import_app(opening: Opening) -> typer.Typer:
    """The sub-commands of `dziennik import`; `opening` gives the schools for a command's length."""
    app = typer.Typer(no_args_is_help=True, help="Bring data in from files / import danych z plików.")
    _add_oneroster(app, opening)
    _add_curriculum(app, opening)
    return app


def _add_oneroster(app: typer.Typer, opening: Opening) -> None:
    @app.command("oneroster")
    def oneroster(
        source: Annotated[Path, typer.Argument(help="A zip or a folder / plik zip albo folder.")],
        school: Annotated[
            str | None,
            typer.Option("--school", help="Only this school: id, identifier or sourcedId / tylko ta szkoła."),
        ] = None,
        dry_run: DryRun = False,
        skip_bad_rows: Annotated[
            bool, typer.Option("--skip-bad-rows", help="Leave rows in fault out / pomiń błędne wiersze.")
        ] = False,
        as_json: AsJson = False,
        lang: Lang = Language.PL,
        data_dir: DataDir = None,
        database_url: DatabaseUrl = None,
    ) -> None:
        """Import a OneRoster 1.1 or 1.2 CSV bundle. Ends with 0, or 2 when the file is refused."""
        with opening(data_dir, database_url) as here, _progress(lang) as tell:
            report = run_import(
                here,
                source,
                only_school=school,
                dry_run=dry_run,
                skip_bad_rows=skip_bad_rows,
                progress=tell,
            )
        _print(report, as_json, lang)
        raise typer.Exit(report.exit_code)


def _add_curriculum(app: typer.Typer, opening: Opening) -> None:
    @app.command("curriculum")
    def curriculum(
        source: Annotated[Path, typer.Argument(help="A CSV or XLSX file / plik CSV albo XLSX.")],
        school: SchoolId,
        subject: Annotated[
            str, typer.Option("--subject", help="Id, name or short name / id, nazwa albo skrót.")
        ],
        year: Annotated[
            str | None, typer.Option("--year", help="Id or name, today's by default / rok szkolny.")
        ] = None,
        name: Annotated[
            str | None, typer.Option("--name", help="Of the plan, the file's by default / nazwa rozkładu.")
        ] = None,
        level: Annotated[int | None, typer.Option("--level", help="Year of study / klasa.")] = None,
        sheet: Annotated[
            str | None, typer.Option("--sheet", help="Of a workbook, the first by default / arkusz.")
        ] = None,
        encoding: Annotated[
            Encoding, typer.Option("--encoding", help="Of a CSV file / kodowanie pliku CSV.")
        ] = Encoding.UTF_8,
        dry_run: DryRun = False,
        as_json: AsJson = False,
        lang: Lang = Language.PL,
        data_dir: DataDir = None,
        database_url: DatabaseUrl = None,
    ) -> None:
        """Import a curriculum plan (rozkład materiału). Ends with 0, or 2 when the file is refused."""
        wanted = Wanted(school, subject, year, name, level)
        with opening(data_dir, database_url) as here, _progress(lang) as tell:
            how = Reading(sheet, encoding)
            report = import_plan(here, source, wanted, how=how, dry_run=dry_run, progress=tell)
        _print(report, as_json, lang)
        raise typer.Exit(report.exit_code)


def _print(report: Report | PlanReport, as_json: bool, lang: str) -> None:
    if as_json:
        typer.echo(json.dumps(report.as_json(lang), ensure_ascii=False, indent=2))
    else:
        typer.echo(report.as_text(lang))


@contextmanager
def _progress(lang: str) -> Iterator[Tell]:
    """Bars on the standard error, one a phase; the answer on the standard output stays clean."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(phase: str, done: int, of: int) -> None:
            word, _, school = phase.partition(" ")
            if phase not in tasks:
                text = PHASES[word][0 if lang == "pl" else 1]
                tasks[phase] = bars.add_task(f"{text} {school}".strip(), total=of)
            bars.update(tasks[phase], completed=done, total=of)

        yield tell
