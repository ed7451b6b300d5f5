"""`dziennik cards queue, decide, apply`: from what was scanned to the register."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from dziennik.app import System, open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.card_options import Class, follow
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.telling import hint, refused, rows_told
from dziennik.contracts.cards import DecideField
from dziennik.contracts.refusals import Refusal
from dziennik.projections import cards, people
from dziennik.projections.rows import View
from dziennik.scanning.applying import apply_card

app = typer.Typer()


@app.command("queue")
def queue(
    school: SchoolId,
    class_id: Class,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """What scans wait for a decision or to be applied / co czeka na rozstrzygnięcie albo wpisanie."""
    with open_system(data_dir, database_url) as system:
        follow(system, school)
        with system.read_models.view(school) as view:
            rows = [_waiting(view, card, sheet) for card, sheet in cards.queue(view, class_id)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    head = ("card / karta", "scan / skan", "page / strona", "undecided / niepewne")
    told = [
        (row["card"], row["scan"][:12], str(row["page"]), "; ".join(_place(one) for one in row["undecided"]))
        for row in rows
    ]
    rows_told(head, told)


def _place(undecided: dict[str, Any]) -> str:
    return f"{undecided['line']} {undecided['name']} {undecided['field']} {'|'.join(undecided['values'])}"


def _waiting(view: View, card: cards.Card, sheet: cards.CardSheet) -> dict[str, Any]:
    named = people.persons(view, [line.pupil_id for line in card.lines])
    lines = {line.line: named.get(line.pupil_id) for line in card.lines}
    undecided = []
    for line, field in cards.unsure(card, sheet):
        person = lines.get(line)
        values = [cell.value for cell in sheet.cells if (cell.line, cell.field) == (line, field)]
        name = f"{person.family_name} {person.given_names}" if person else ""
        undecided.append({"line": line, "field": field, "name": name, "values": values})
    return {
        "card": card.card_id,
        "scan": sheet.scan_id,
        "page": sheet.page,
        "why": sheet.why,
        "undecided": undecided,
    }


@app.command("decide")
def decide(
    school: SchoolId,
    card_id: Annotated[str, typer.Argument(help="Printed id / numer z karty.")],
    line: Annotated[int, typer.Argument(help="Line, 0: the teacher's / wiersz, 0: nauczyciela.")],
    field: Annotated[str, typer.Argument(help="E.g. presence-1, mark, lesson-1.")],
    value: Annotated[list[str] | None, typer.Argument(help="Marks that hold / co zaznaczono.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Say what a doubtful field says, in the card's latest scan / rozstrzygnij niepewne pole."""
    with open_system(data_dir, database_url) as system:
        scan_id = _latest(system, school, card_id)
        command = DecideField(
            card_id=card_id, scan_id=scan_id, line=line, field=field, values=tuple(value or ())
        )
        outcome = system.register(school).execute(command, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)


@app.command("apply")
def apply(
    school: SchoolId,
    card_ids: Annotated[list[str], typer.Argument(help="Printed ids / numery z kart.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Enter what cards say into the register; again changes nothing / wpisz karty do dziennika."""
    failed = False
    with open_system(data_dir, database_url) as system:
        for card_id in card_ids:
            scan_id = _latest(system, school, card_id)
            outcome = apply_card(system.register(school), card_id, scan_id, actor=OFFICE)
            if isinstance(outcome, Refusal):
                failed = True
                typer.echo(f"{card_id}  {outcome.code}: {outcome.text()} / {outcome.text('en')}", err=True)
            else:
                typer.echo(f"{card_id}  {outcome.facts} fact(s), position {outcome.position}")
    if failed:
        raise typer.Exit(2)


def _latest(system: System, school: str, card_id: str) -> str:
    """The scan that shows the card last."""
    follow(system, school)
    with system.read_models.view(school) as view:
        sheets = sorted(view.find(cards.CardSheet, card_id=card_id), key=lambda row: row.read_at)
    if not sheets:
        hint(f"Karty {card_id} nie zeskanowano", f"The card {card_id} was not scanned")
        raise typer.Exit(2)
    return sheets[-1].scan_id
