"""`dziennik cards queue, decide, apply`: from what was scanned to the register."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Sized
from typing import Annotated, Any

import typer

from dziennik.app import System, open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.card_options import follow, scan_beginning
from dziennik.cli.classes import CLASS, class_named
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.telling import hint, refused, rows_told
from dziennik.contracts.cards import DecideField
from dziennik.contracts.refusals import Refusal
from dziennik.projections import card_questions, cards, people
from dziennik.projections.rows import Lists, View
from dziennik.scanning.applying import apply_card
from dziennik.scanning.intake import told_aside
from dziennik.scanning.paper import name_of

app = typer.Typer()
HEAD = (
    "card / karta",
    "class / oddział",
    "scan / skan",
    "page / strona",
    "lessons applied / lekcje w dzienniku",
    "undecided / niepewne",
    "also in scan, marks / też w skanie, znaki",
)
PLACES = ("card / karta", "line / wiersz", "field / pole", "marks / znaki", "pupil / uczeń")


@app.command("queue")
def queue(
    school: SchoolId,
    class_id: Annotated[str | None, typer.Option("--class", help=CLASS)] = None,
    scan: Annotated[
        str | None,
        typer.Option("--scan", help="Of this scan, by the first letters of its id / tego skanu."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """What scans wait for a decision or to be applied / co czeka na rozstrzygnięcie albo wpisanie."""
    if (class_id is None) == (scan is None):
        raise typer.BadParameter("--class | --scan")
    aside: Sequence[cards.AsidePage] = ()
    with open_system(data_dir, database_url) as system:
        follow(system, school)
        with system.read_models.view(school) as view:
            if class_id is not None:
                class_id = class_named(view, class_id, system.register(school).today())
                waiting = card_questions.queue(view, class_id)
            else:
                found = scan_beginning(view, scan or "", "--scan")
                waiting, aside = card_questions.queue_of_scan(view, found.scan_id), found.aside
            rows = _rows(view, waiting)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    rows_told(HEAD, [_told(row) for row in rows])
    places = [place for row in rows for place in _places(row)]
    if places:
        typer.echo()
        rows_told(PLACES, places)
    for page in aside:
        if page.named:
            continue
        told = f"{told_aside(page.why, 'pl')} / {told_aside(page.why, 'en')}"
        typer.echo(f"{page.page}  {page.card_id or '-'}  {told}", err=True)


def _rows(view: Lists, waiting: list[tuple[cards.Card, cards.CardSheet]]) -> list[dict[str, Any]]:
    ids = {card.card_id for card, _ in waiting}
    lessons, copies = card_questions.lessons_of(view, ids), card_questions.copies(view, ids)
    return [
        _waiting(view, card, sheet, lessons[card.card_id])
        | {"also_in": _also_in(sheet, copies.get(card.card_id, ()))}
        for card, sheet in waiting
    ]


def _also_in(sheet: cards.CardSheet, copies: Iterable[cards.CardSheet]) -> list[dict[str, Any]]:
    """The other scans in which the card waits."""
    return [
        {
            "scan": other.scan_id,
            "page": other.page,
            "same_marks": card_questions.same_marks(sheet, other),
        }
        for other in copies
        if other.scan_id != sheet.scan_id
    ]


def _told(row: dict[str, Any]) -> tuple[str, ...]:
    copies = [
        f"{one['scan'][:12]} {'te same / same' if one['same_marks'] else 'inne / other'}"
        for one in row["also_in"]
    ]
    return (
        row["card"],
        row["class_name"],
        row["scan"][:12],
        str(row["page"]),
        _how_far(row["applied"], row["lessons"]),
        str(len(row["undecided"]) or ""),
        "; ".join(copies),
    )


def _how_far(applied: int, lessons: Sized) -> str:
    """2/6; nothing for a card without lessons."""
    return f"{applied}/{len(lessons)}" if lessons else ""


def _places(row: dict[str, Any]) -> list[tuple[str, ...]]:
    """What a person has yet to say of the card, in the order of the words of `cards decide`."""
    return [
        (row["card"], str(one["line"]), one["field"], " ".join(one["values"]), one["name"])
        for one in row["undecided"]
    ]


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
        "class": card.unit_id,
        "class_name": name_of(view, card.unit_id),
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
