"""`dziennik omr ...`: scanned cards. `read` tells what is read and writes nothing; `scan` takes it in.

`name` reads a page again as the card that a person says it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dziennik.app import System, open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.card_options import follow, forms_in, scan_beginning
from dziennik.cli.options import DatabaseUrl, DataDir, Json, School, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.sheet_telling import as_told, line, state_of
from dziennik.cli.telling import hint, refused
from dziennik.contracts.refusals import Refusal

if TYPE_CHECKING:
    from dziennik.omr.sheet import Sheet
    from dziennik.omr.template import Template
    from dziennik.omr.working import Set
    from dziennik.scanning.intake import Judgement

app = typer.Typer(no_args_is_help=True, help="Reading scanned cards / odczyt zeskanowanych kart.")


@app.command("scan")
def scan(
    files: Annotated[list[Path], typer.Argument(help="Scans or folders of scans / skany albo foldery.")],
    school: SchoolId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Take scans into the register: kept sealed, read, recorded / przyjmij skany do dziennika."""
    left = 0
    with open_system(data_dir, database_url) as system:
        known(system, school)
        for path in _found(files):
            left += not _taken_in(system, school, path)
    if left:
        hint(f"Nieprzyjęte pliki: {left}", f"Files that were not taken in: {left}")
        raise typer.Exit(1)


def _found(files: list[Path]) -> list[Path]:
    """The files, and what scans are in the folders."""
    from dziennik.omr.batch import scans_in

    return [found for each in files for found in (scans_in(each) if each.is_dir() else [each])]


def _taken_in(system: System, school: str, path: Path) -> bool:
    """Whether the file came in; told if not, so that the others of a batch go on."""
    from dziennik.omr.sheet import TEXTS, Why
    from dziennik.scanning.intake import refusal_of, take_in

    try:
        taken = take_in(system, school, path, actor=OFFICE)
    except FileNotFoundError:
        typer.echo(f"{path}: {' / '.join(TEXTS[Why.MISSING_FILE])}", err=True)
        return False
    except OSError as fault:
        typer.echo(f"{path}: {fault.strerror}", err=True)
        return False
    for sheet in taken.sheets:
        line(sheet, taken.judgement)
        if sheet.why is Why.NO_IDENTITY and not taken.judgement.named_as(sheet):
            hint("Wpisz jej numer", "Type its number:")
            typer.echo(
                f"  dziennik omr name {taken.scan_id[:12]} {sheet.page} NUMER --school {school}", err=True
            )
    refusal = refusal_of(taken)
    if refusal:
        typer.echo(f"{path}: {refusal.code}: {refusal.text()} / {refusal.text('en')}", err=True)
    return refusal is None


@app.command("name")
def name(
    scan: Annotated[
        str,
        typer.Argument(help="The first letters of its id, or the file / początek identyfikatora albo plik."),
    ],
    page: Annotated[int, typer.Argument(min=1, help="Page of the scan / strona skanu.")],
    card_id: Annotated[str, typer.Argument(help="Number printed below the code / numer pod kodem.")],
    school: SchoolId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Read a page whose card nothing names as the card with this number / wpisz numer karty ze skanu."""
    from dziennik.scanning.naming import name_page

    begins = _digest(Path(scan)) if Path(scan).is_file() else scan
    with open_system(data_dir, database_url) as system:
        follow(system, school)
        with system.read_models.view(school) as view:
            scan_id = scan_beginning(view, begins, "SCAN").scan_id
        outcome = name_page(system, school, scan_id, page, card_id, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        typer.echo(f"{card_id}  {outcome.facts} fact(s), position {outcome.position}")


def _digest(path: Path) -> str:
    """A scan's id."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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

    Sample cards are always known; with --school the cards of that school are, too, and it is told which of
    them `omr scan` would set aside. Nothing is recorded.
    """
    from dziennik.omr.batch import watch as new_scans

    folders = [path for path in files if path.is_dir()]
    if watch and not folders:
        raise typer.BadParameter(
            "podaj folder, w którym pojawiają się skany / name a folder in which scans appear",
            param_hint="--watch",
        )
    forms = forms_in(template or [], "--template")
    with ExitStack() as stack:
        system = stack.enter_context(open_system(data_dir, database_url)) if school else None
        reading = _Reading(system, school, forms, workers, as_json=as_json)
        # What lies in watched folders already is read like what comes: once it stopped growing.
        at_once = [path for path in files if path not in folders] if watch else _found(files)
        if at_once or not watch:
            reading.tell(at_once)
        for fresh in new_scans(folders, seen=at_once) if watch else ():
            reading.tell(fresh)


class _Reading:
    """Reads and tells, and knows what the register of a school would say, if there is one."""

    def __init__(
        self,
        system: System | None,
        school: str | None,
        forms: tuple[Template, ...],
        workers: int | None,
        *,
        as_json: bool,
    ) -> None:
        from dziennik.omr.identity import SAMPLE_KEY
        from dziennik.omr.working import Set

        keys = [SAMPLE_KEY]
        self._register = None
        if system and school:
            self._register = system.register(known(system, school))
            keys.append(system.card_key_of(school))
        self._set = Set(keys=tuple(keys), forms=forms)
        self._workers, self._as_json = workers, as_json

    def tell(self, paths: list[Path]) -> None:
        """All sheets of the files, and how many of each kind there were."""
        counted: Counter[str] = Counter()
        for file, sheets in groupby(_with_progress(paths, self._set, self._workers), lambda one: one.file):
            of_file = list(sheets)
            judgement = self._judged(Path(file), of_file)
            for sheet in of_file:
                counted[state_of(sheet, judgement)] += 1
                if self._as_json:
                    typer.echo(json.dumps(as_told(sheet, judgement), ensure_ascii=False))
                else:
                    line(sheet, judgement)
        if not self._as_json:
            summary = ", ".join(f"{state} {count}" for state, count in sorted(counted.items()))
            typer.echo(summary or "nic / nothing")

    def _judged(self, path: Path, sheets: list[Sheet]) -> Judgement:
        from dziennik.scanning.intake import Judgement, judge

        try:
            return judge(self._register, _digest(path), sheets) if self._register else Judgement()
        except OSError:  # it is told as missing, or unreadable
            return Judgement()


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
