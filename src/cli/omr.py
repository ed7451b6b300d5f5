"""`dziennik omr ...`: scanned cards. `read` tells what is read and writes nothing; `scan` takes it in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dziennik.app import System, open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.card_options import forms_in
from dziennik.cli.options import DatabaseUrl, DataDir, Json, School, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint
from dziennik.settings import read_settings

if TYPE_CHECKING:
    from dziennik.omr.sheet import Sheet
    from dziennik.omr.working import Set

app = typer.Typer(no_args_is_help=True, help="Reading scanned cards / odczyt zeskanowanych kart.")


@app.command("scan")
def scan(
    files: Annotated[list[Path], typer.Argument(help="Scans or folders of scans / skany albo foldery.")],
    school: SchoolId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Take scans into the register: kept sealed, read, recorded / przyjmij skany do dziennika."""
    from dziennik.omr.batch import scans_in

    left = 0
    with open_system(data_dir, database_url) as system:
        known(system, school)
        for path in [found for each in files for found in (scans_in(each) if each.is_dir() else [each])]:
            left += not _taken_in(system, school, path)
    if left:
        hint(f"Nieprzyjęte pliki: {left}", f"Files that were not taken in: {left}")
        raise typer.Exit(1)


def _taken_in(system: System, school: str, path: Path) -> bool:
    """Whether the file came in; told if not, so that the others of a batch go on."""
    from dziennik.scanning.intake import ASIDE, refusal_of, take_in

    try:
        taken = take_in(system, school, path, actor=OFFICE)
    except OSError as fault:
        typer.echo(f"{path}: {fault.strerror}", err=True)
        return False
    for sheet in taken.sheets:
        why = taken.why_aside(sheet)
        _line(sheet, " / ".join(ASIDE[why]) if why else None)
    refusal = refusal_of(taken)
    if refusal:
        typer.echo(f"{path}: {refusal.code}: {refusal.text()} / {refusal.text('en')}", err=True)
    return refusal is None


@app.command("read")
def read(
    files: Annotated[list[Path], typer.Argument(help="Scans or folders of scans / skany albo foldery.")],
    school: School = None,
    template: Annotated[
        list[Path] | None, typer.Option("--template", help="A further form as JSON / wzór innej karty.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with new files of all folders / czekaj na nowe pliki.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes / liczba procesów.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Read PDF, TIFF, PNG, JPEG and WebP scans / odczytaj skany PDF, TIFF, PNG, JPEG i WebP.

    Sample cards are always known; with --school the cards of that school of this installation are, too.
    """
    from dziennik.omr.batch import scans_in
    from dziennik.omr.batch import watch as new_scans

    told = _told(school, template or [], data_dir, database_url)
    paths = [found for path in files for found in (scans_in(path) if path.is_dir() else [path])]
    _tell(paths, told, workers, as_json=as_json)
    folders = [path for path in files if path.is_dir()]
    if watch and folders:
        for fresh in new_scans(folders, seen=paths):
            _tell(fresh, told, workers, as_json=as_json)


def _told(school: str | None, templates: list[Path], data_dir: Path | None, database_url: str | None) -> Set:
    from dziennik.omr.identity import SAMPLE_KEY, card_key
    from dziennik.omr.working import Set

    keys = [SAMPLE_KEY]
    if school:
        keys.append(card_key(read_settings(data_dir, database_url).master_key, school))
    return Set(keys=tuple(keys), forms=forms_in(templates, "--template"))


def _tell(paths: list[Path], told: Set, workers: int | None, *, as_json: bool) -> None:
    counted: Counter[str] = Counter()
    for sheet in _with_progress(paths, told, workers):
        counted[sheet.state.value] += 1
        if as_json:
            typer.echo(json.dumps(as_told(sheet), ensure_ascii=False))
        else:
            _line(sheet)
    if not as_json:
        summary = ", ".join(f"{state} {count}" for state, count in sorted(counted.items()))
        typer.echo(summary or "nic / nothing")


def _with_progress(paths: list[Path], told: Set, workers: int | None) -> Iterator[Sheet]:
    """A bar on the standard error while it lasts, so that the answer stays clean."""
    from dziennik.omr.batch import read_files

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("odczyt / reading", total=None)
        yield from read_files(
            paths,
            told,
            workers=workers,
            done=lambda task: bars.advance(bar, (task.last or 1) - task.first + 1),
        )


def as_told(sheet: Sheet) -> dict[str, Any]:
    """A sheet as one line of JSON tells it."""
    from dziennik.omr.sheet import told

    why = sheet.why
    return {
        "file": sheet.file,
        "page": sheet.page,
        "card": sheet.card_id,
        "layout": sheet.layout,
        "state": sheet.state.value,
        "reason": why.value if why else None,
        "message": {"pl": told(why, "pl"), "en": told(why, "en")} if why else None,
        "turned": sheet.turned,
        "unsure": sheet.unsure,
        "cells": [
            {
                "row": cell.row,
                "field": cell.field,
                "value": cell.value,
                "state": cell.state.value,
                "ink": cell.ink,
            }
            for cell in sheet.cells
        ],
    }


def _line(sheet: Sheet, aside: str | None = None) -> None:
    """What was read of it; `aside`: why the register did not take it."""
    from dziennik.omr.sheet import CellState, told

    marked = sum(1 for cell in sheet.cells if cell.state is CellState.MARKED)
    parts = [f"{sheet.file}:{sheet.page}", sheet.card_id or "-", sheet.state.value]
    if sheet.cells:
        parts.append(f"{marked} zaznaczeń / marked, {sheet.unsure} niepewnych / unsure")
    if sheet.why:
        parts.append(f"{told(sheet.why)} / {told(sheet.why, 'en')}")
    if aside:
        parts.append(aside)
    typer.echo("  ".join(parts))
