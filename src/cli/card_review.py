"""`dziennik cards queue, decide, apply`: from what was scanned to the register."""

from __future__ import annotations

import json
from collections.abc import Sized
from typing import Annotated, Any

import typer

from dziennik.app import System, open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.card_options import Class, follow
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.telling import hint, refused, rows_told
from dziennik.contracts.cards import DecideField
from dziennik.contracts.refusals import Refusal
from dziennik.projections import card_questions, cards, people
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
            waiting = card_questions.queue(view, class_id)
            lessons = card_questions.lessons_of(view, {card.card_id for card, _ in waiting})
            rows = [_waiting(view, card, sheet, lessons[card.card_id]) for card, sheet in waiting]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    head = (
        "card / karta",
        "scan / skan",
        "page / strona",
        "lessons applied / lekcje w dzienniku",
        "undecided / niepewne",
    )
    rows_told(head, [_told(row) for row in rows])


def _told(row: dict[str, Any]) -> tuple[str, ...]:
    undecided = "; ".join(_place(one) for one in row["undecided"])
    return (
        row["card"],
        row["scan"][:12],
        str(row["page"]),
        _how_far(row["applied"], row["lessons"]),
        undecided,
    )


def _how_far(applied: int, lessons: Sized) -> str:
    """2/6; nothing for a card without lessons."""
    return f"{applied}/{len(lessons)}" if lessons else ""


def _place(undecided: dict[str, Any]) -> str:
    return f"{undecided['line']} {undecided['name']} {undecided['field']} {'|'.join(undecided['values'])}"


def _waiting(
    view: View, card: cards.Card, sheet: cards.CardSheet, lessons: list[cards.LessonOnCard]
) -> dict[str, Any]:
    named = people.persons(view, [line.pupil_id for line in card.lines])
    lines = {line.line: named.get(line.pupil_id) for line in card.lines}
    undecided = []
    for line, field in card_questions.unsure(card, sheet):
        person = lines.get(line)
        values = [cell.value for cell in sheet.cells if (cell.line, cell.field) == (line, field)]
        name = f"{person.family_name} {person.given_names}" if person else ""
        undecided.append({"line": line, "field": field, "name": name, "values": values})
    return {
        "card": card.card_id,
        "scan": sheet.scan_id,
        "page": sheet.page,
        "why": sheet.why,
        "applied": card_questions.applied_of(lessons),
        "lessons": [
            {
                "number": row.number,
                "lesson": row.lesson_id,
                "teacher": row.teacher_id,
                "applied_at": row.applied_at.isoformat() if row.applied_at else None,
            }
            for row in lessons
        ],
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
    lesson: Annotated[
        int | None,
        typer.Option("--lesson", min=1, help="This lesson of the card alone / tylko ta lekcja karty."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Enter all that is left of cards, or a lesson; again changes nothing / wpisz karty do dziennika."""
    failed = False
    with open_system(data_dir, database_url) as system:
        for card_id in card_ids:
            scan_id = _latest(system, school, card_id)
            outcome = apply_card(system.register(school), card_id, scan_id, actor=OFFICE, lesson=lesson)
            if isinstance(outcome, Refusal):
                failed = True
                typer.echo(f"{card_id}  {outcome.code}: {outcome.text()} / {outcome.text('en')}", err=True)
            else:
                told = f"{card_id}  {outcome.facts} fact(s), position {outcome.position}"
                typer.echo(told + _so_far(system, school, card_id))
    if failed:
        raise typer.Exit(2)


def _so_far(system: System, school: str, card_id: str) -> str:
    """How many of the card's lessons are in the register by now."""
    follow(system, school)
    with system.read_models.view(school) as view:
        lessons = card_questions.lessons_of(view, [card_id])[card_id]
    so_far = _how_far(card_questions.applied_of(lessons), lessons)
    return f", lekcje w dzienniku / lessons applied {so_far}" if lessons else ""


def _latest(system: System, school: str, card_id: str) -> str:
    """The scan that shows the card last, of those that it may still be applied from."""
    follow(system, school)
    with system.read_models.view(school) as view:
        sheets = sorted(
            view.find(cards.CardSheet, card_id=card_id), key=lambda row: (row.waiting, row.read_at)
        )
    if not sheets:
        hint(f"Karty {card_id} nie zeskanowano", f"The card {card_id} was not scanned")
        raise typer.Exit(2)
    return sheets[-1].scan_id
