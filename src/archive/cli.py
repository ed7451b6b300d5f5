"""`dziennik archive ...`: writing class registers to files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dziennik.archive.exporting import Exported, export
from dziennik.archive.folding import NoSuchClassYear
from dziennik.archive.gathering import BeyondHead, find_class, gather_class_year
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals


class Schools(Protocol):
    """What the commands need of a running system."""

    journals: Journals

    def schools(self) -> list[str]: ...


# How a command gets at the journals: the composition root, which this room does not know.
Opening = Callable[[Path | None, str | None], AbstractContextManager[Schools]]


def archive_app(opening: Opening) -> typer.Typer:
    """The sub-commands of `dziennik archive`; `opening` gives the journals for a command's length."""
    app = typer.Typer(no_args_is_help=True, help="Archives of class registers / archiwa dzienników.")

    @app.command("class-year")
    def class_year(
        name_or_id: Annotated[
            str, typer.Option("--class", help='Name or id, e.g. "4a" / nazwa albo id, np. „4a”.')
        ],
        year: Annotated[
            str | None, typer.Option("--year", help="School year, e.g. 2025/2026 / rok szkolny.")
        ] = None,
        school: Annotated[str | None, typer.Option("--school", help="Id of the school / id szkoły.")] = None,
        until: Annotated[
            int | None,
            typer.Option("--until", min=1, help="As of this position / według zapisów do tej pozycji."),
        ] = None,
        out: Annotated[
            Path | None, typer.Option("--out", help="File to write / plik do zapisania.", dir_okay=False)
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help="Answer as JSON / odpowiedź jako JSON.")
        ] = False,
        data_dir: Annotated[
            Path | None, typer.Option("--data-dir", help="Folder of the embedded database.", file_okay=False)
        ] = None,
        database_url: Annotated[
            str | None,
            typer.Option("--database-url", help="A PostgreSQL server instead of the embedded one."),
        ] = None,
    ) -> None:
        """Write a class's register of a year as XML and check it / zapisz dziennik oddziału jako XML."""
        with opening(data_dir, database_url) as here, _progress() as tell:
            journal = here.journals.school(_school(here, school))
            tell("szukanie oddziału / finding the class")
            class_id = _class(journal, name_or_id, year)
            tell("czytanie zapisów / reading the facts")
            try:
                register = gather_class_year(journal, class_id, until)
            except NoSuchClassYear as fault:
                raise _refusal(f"Nie ma jeszcze tego oddziału. / {fault}") from fault
            except BeyondHead as fault:
                raise _refusal(f"Tej pozycji jeszcze nie ma. / {fault}") from fault
            tell("zapisywanie i sprawdzanie / writing and checking")
            done = export(register, out)
        _print(done, as_json=as_json)

    @app.callback()
    def _several() -> None:
        """Keep "class-year" a sub-command while it is the only one."""

    return app


def _school(here: Schools, school: str | None) -> str:
    known = here.schools()
    if school in known:
        return school
    if school is None and len(known) == 1:
        return known[0]
    raise _refusal(f"Podaj --school: {', '.join(known)} / Give --school, one of these.")


def _class(journal: Journal, name_or_id: str, year: str | None) -> str:
    found = find_class(journal, name_or_id, year)
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise _refusal(f"Nie ma oddziału {name_or_id}. / There is no class {name_or_id}.")
    rows = "".join(f"\n  {class_id}  {name}  {of_year}" for class_id, name, of_year in found)
    raise _refusal(f"Kilka oddziałów, podaj --year albo id. / Several classes, give --year or an id:{rows}")


def _refusal(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(2)


def _print(done: Exported, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_fields(done), ensure_ascii=False))
        return
    typer.echo(f"{done.path}  ({done.size:,} B)")
    typer.echo(f"sha256  {done.sha256}")
    typer.echo(f"pozycja / position  {done.cut_off}")
    typer.echo(f"uczniowie / pupils  {done.pupils}")
    typer.echo(f"lekcje / lessons  {done.lessons}")
    typer.echo(f"oceny / grades  {done.grades}")


def _fields(done: Exported) -> dict[str, str | int]:
    return {
        "path": str(done.path),
        "sha256": done.sha256,
        "size": done.size,
        "cut_off": done.cut_off,
        "pupils": done.pupils,
        "lessons": done.lessons,
        "grades": done.grades,
    }


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A bar on the standard error while it lasts; the answer on the standard output stays clean."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("...", total=3)

        def tell(stage: str) -> None:
            bars.update(task, description=stage, advance=1)

        yield tell
