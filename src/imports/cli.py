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

# How a command gets at the schools: the composition root, which this room does not know.
Opening = Callable[[Path | None, str | None], AbstractContextManager[Schools]]


class Language(StrEnum):
    PL = "pl"
    EN = "en"


PHASES = {
    "read": ("Czytanie pliku", "Reading the file"),
    "look": ("Porównywanie", "Comparing"),
    "decide": ("Sprawdzanie", "Checking"),
    "write": ("Zapisywanie", "Writing"),
}


def import_app(opening: Opening) -> typer.Typer:
    """The sub-commands of `dziennik import`; `opening` gives the schools for a command's length."""
    app = typer.Typer(no_args_is_help=True, help="Bring data in from files / import danych z plików.")

    @app.command("oneroster")
    def oneroster(
        source: Annotated[Path, typer.Argument(help="A zip or a folder / plik zip albo folder.")],
        school: Annotated[
            str | None,
            typer.Option("--school", help="Only this school: id, identifier or sourcedId / tylko ta szkoła."),
        ] = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Tell what would happen; write nothing / tylko próba.")
        ] = False,
        skip_bad_rows: Annotated[
            bool, typer.Option("--skip-bad-rows", help="Leave rows in fault out / pomiń błędne wiersze.")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="Answer as JSON / odpowiedź jako JSON.")
        ] = False,
        lang: Annotated[
            Language, typer.Option("--lang", help="Of the report / języka raportu.")
        ] = Language.PL,
        data_dir: Annotated[
            Path | None, typer.Option("--data-dir", help="Folder of the embedded database.", file_okay=False)
        ] = None,
        database_url: Annotated[
            str | None,
            typer.Option("--database-url", help="A PostgreSQL server instead of the embedded one."),
        ] = None,
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

    @app.callback()
    def _several() -> None:
        """Keep "oneroster" a sub-command while it is the only one."""

    return app


def _print(report: Report, as_json: bool, lang: str) -> None:
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
