"""`dziennik cards ...`: cards on paper, from the printer to the register."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import open_system
from dziennik.application.ids import new_id
from dziennik.cli import card_forms, card_review
from dziennik.cli.actors import OFFICE
from dziennik.cli.card_options import Class, follow
from dziennik.cli.classes import class_named
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, refused
from dziennik.contracts.card_printing import NOTHING_TO_PRINT
from dziennik.contracts.cards import NOT_IN_TIMETABLE, GrantStock, SpoilCards, VoidCard
from dziennik.contracts.refusals import Refusal
from dziennik.omr.layouts import Paper
from dziennik.projections import cards, gradebook
from dziennik.projections.rows import View
from dziennik.scanning.ending import end_scans
from dziennik.scanning.issuing import Drawn, Wanted, draw_and_issue
from dziennik.scanning.making import periods

app = typer.Typer(no_args_is_help=True, help="Cards on paper / karty papierowe.")
app.add_typer(card_review.app)
app.add_typer(card_forms.app)


@app.command("sample")
def sample(
    out: Annotated[Path, typer.Argument(help="Folder to write to / folder na pliki.", file_okay=False)],
) -> None:
    """Write sample cards to print, and a JSON a card / zapisz przykładowe karty do druku i ich opisy."""
    from dziennik.omr.sample import write_sample  # OpenCV and the PDF library: only when asked for

    for path in write_sample(out):
        typer.echo(str(path))


@app.command("grant")
def grant(
    school: SchoolId,
    count: Annotated[int, typer.Argument(min=1, help="How many cards / ile kart.")],
    basis: Annotated[str, typer.Option("--basis", help="On what ground / na jakiej podstawie.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Put cards into a school's stock / przyznaj szkole karty."""
    with open_system(data_dir, database_url) as system:
        command = GrantStock(grant_id=new_id(), count=count, basis=basis)
        outcome = system.register(known(system, school)).execute(command, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        follow(system, school)
        with system.read_models.view(school) as view:
            _stock_told(view)


@app.command("stock")
def stock(
    school: SchoolId, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """What became of a school's cards, and what is left / co stało się z kartami, ile zostało."""
    with open_system(data_dir, database_url) as system:
        follow(system, school)
        with system.read_models.view(school) as view:
            _stock_told(view, as_json=as_json)


@app.command("print")
def print_cards(
    school: SchoolId,
    class_id: Class,
    out: Annotated[Path, typer.Argument(help="PDF to write / plik PDF.", dir_okay=False)],
    column: Annotated[
        str | None,
        typer.Option("--column", help="Cards of a column, by title or id / karty kolumny ocen (tytuł, id)."),
    ] = None,
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="Lesson cards / karty lekcji.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=14, help="So many days / tyle dni.")] = 1,
    period: Annotated[
        int | None,
        typer.Option("--period", help="The lesson of this hour of --day alone / tylko ta lekcja dnia."),
    ] = None,
    paper: Annotated[
        Paper, typer.Option("--paper", help="A4 | A5 (two on a sheet / dwie na arkuszu).")
    ] = Paper.A4,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Issue cards for lessons or a column, and write them for the printer / wydaj karty i zapisz do druku."""
    if (column is None) == (day is None):
        raise typer.BadParameter("--day | --column")
    if period is not None and (day is None or days > 1):
        raise typer.BadParameter("--period: --day, --days 1")
    with open_system(data_dir, database_url) as system:
        follow(system, school)
        register = system.register(school)
        with system.read_models.view(school) as view:
            class_id = class_named(view, class_id, day.date() if day else register.today())
            when = tuple(day.date() + timedelta(days=ahead) for ahead in range(days)) if day else ()
            if period is not None:
                _known_in_timetable(view, class_id, when[0], period)
            column = _column_named(view, class_id, column) if column is not None else None
            wanted = Wanted(class_id=class_id, days=when, column_id=column, period=period, paper=paper)
            draft, key = out.with_name(f".{out.name}.part"), system.card_key_of(school)
            done = draw_and_issue(register, view, key, wanted, actor=OFFICE, keep=draft.write_bytes)
    if isinstance(done, Refusal):
        draft.unlink(missing_ok=True)
        if done.code != NOTHING_TO_PRINT.code:
            refused(done)
        hint("Nie ma nic do wydrukowania", "There is nothing to print")
        raise typer.Exit(2)
    draft.replace(out)
    _unprintable_told(done)
    typer.echo(f"{out}: {len(done.card_ids)} kart / cards: {', '.join(done.card_ids)}")


def _column_named(view: View, class_id: str, named: str) -> str:
    """The id of the class's column, by its id or title; ends the command where that is none or several."""
    there = gradebook.columns_of(view, class_id)
    found = [one for one in there if one.column_id == named] or [one for one in there if one.title == named]
    if len(found) == 1:
        return found[0].column_id
    told = "; ".join(f"{one.column_id} “{one.title}” {one.on}" for one in there) or "–"
    raise typer.BadParameter(f"{named}: {len(found)}. Kolumny / columns: {told}", param_hint="--column")


def _known_in_timetable(view: View, class_id: str, day: date, period: int) -> None:
    """Ends the command where the class has no such lesson that day."""
    known = periods(view, class_id, day)
    if period not in known:
        hours = ", ".join(map(str, known)) or "–"
        refused(NOT_IN_TIMETABLE(day=day.isoformat(), period=period, known=hours, field="period"))


def _unprintable_told(done: Drawn) -> None:
    """Whose names are not whole on which cards: whoever prints writes them in by hand."""
    whose: dict[tuple[int, ...], list[str]] = {}
    for card_id, numbers in done.unprintable.items():
        whose.setdefault(tuple(numbers), []).append(card_id)
    if whose:
        places = "; ".join(f"{', '.join(ids)}: {', '.join(map(str, who))}" for who, ids in whose.items())
        hint(
            f"Nazwiska z literami, których nie da się wydrukować („�”; karta: numery w klasie) – {places}",
            f"Names with letters that cannot be printed (“�”; card: numbers in class) – {places}",
        )


@app.command("void")
def void(
    school: SchoolId,
    card_id: Annotated[str, typer.Argument(help="Printed id, e.g. 03NQ-K8NH / numer z karty.")],
    reason: Annotated[str, typer.Option("--reason", help="Why / dlaczego.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """A card counts no more / unieważnij kartę."""
    with open_system(data_dir, database_url) as system:
        outcome = system.register(known(system, school)).execute(
            VoidCard(card_id=card_id, reason=reason), actor=OFFICE
        )
        if isinstance(outcome, Refusal):
            refused(outcome)


@app.command("spoil")
def spoil(
    school: SchoolId,
    card_ids: Annotated[list[str], typer.Argument(help="Printed ids / numery z kart.")],
    reason: Annotated[str, typer.Option("--reason", help="Why / dlaczego.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Printed cards are of no use, e.g. after a paper jam / karty zepsute w druku."""
    with open_system(data_dir, database_url) as system:
        command = SpoilCards(card_ids=tuple(card_ids), reason=reason)
        outcome = system.register(known(system, school)).execute(command, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        follow(system, school)
        with system.read_models.view(school) as view:
            _stock_told(view)


@app.command("sweep")
def sweep(school: SchoolId, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Destroy scans that were kept long enough, as the server does itself / usuń skany po terminie."""
    with open_system(data_dir, database_url) as system:
        ended = end_scans(system, known(system, school))
    typer.echo(f"{school}: {ended} scan(s) destroyed / usunięto")


def _stock_told(view: View, *, as_json: bool = False) -> None:
    now = cards.stock(view)
    told = {
        name: getattr(now, name) for name in ("granted", "printed", "spoilt", "voided", "scanned", "left")
    }
    if as_json:
        typer.echo(json.dumps(told))
        return
    became = (("zepsute / spoilt", now.spoilt), ("unieważnione / voided", now.voided))
    parts = [f"{name} {count}" for name, count in (*became, ("zeskanowane / scanned", now.scanned)) if count]
    typer.echo("; ".join((f"zostało / left {now.left} ({now.granted} − {now.printed})", *parts)))
