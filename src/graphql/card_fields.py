"""How do the fields of a scanned card look to a person? With names, choices, and pictures of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import strawberry

from dziennik.contracts.cards import CellFinding, FoundCell
from dziennik.domain.policies.card_doubts import lesson_of
from dziennik.graphql.card_sight import Sight
from dziennik.graphql.context import Context
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.omr.layouts import known
from dziennik.projections import card_questions, cards, people
from dziennik.scanning.pictures import Part

ID = strawberry.ID
PICTURES = "/scans/pictures/"
Finding = enum_named(CellFinding)


@strawberry.type(description="A cell in which the reader found something, with the address of its picture.")
class CardCell:
    value: str
    finding: Finding  # type: ignore[valid-type]
    picture: str


@strawberry.type(description="A field that is marked or doubtful, with addresses of its pictures.")
class CardField:
    line: int
    pupil_id: ID | None
    field: str
    lesson: int | None = strawberry.field(description="Number of the card's lesson that it is of.")
    read: list[str]
    unsure: bool
    decided: list[str] | None
    decided_by: ID | None
    decided_at: datetime | None
    open: bool = strawberry.field(description="Whether a person has yet to decide it.")
    name: str | None = strawberry.field(description="Family name, then given names, of the line's pupil.")
    choices: list[str] = strawberry.field(
        description="Values of all cells of the field that say something, in printed order."
    )
    cells: list[CardCell] = strawberry.field(
        description="Those in which something was found, in printed order; none: nobody marked the field."
    )
    picture: str = strawberry.field(
        description="Of its first doubtful cell, else of its first cell; below this server's address, for ten"
        " minutes."
    )
    line_picture: str


def part_of(
    card: cards.Card, sheet: cards.CardSheet, line: int, cell: int | None = None, lesson: int | None = None
) -> Part:
    """What a picture shows: the line of the card, or one cell of it."""
    return Part(
        scan_id=sheet.scan_id,
        page=sheet.page,
        corners=sheet.corners,
        layout=card.layout,
        line=line,
        cell=cell,
        lesson=lesson,
    )


def fields_of(context: Context, school: str, sight: Sight, sheet: cards.CardSheet) -> list[dict[str, Any]]:
    """Every field that is not blank, in printed order, those that are open, and those that were decided; of
    lessons whose marks the asker sees.
    """
    card, read = sight.card, {(cell.line, cell.field) for cell in sheet.cells}
    pupils = {line.line: line.pupil_id for line in card.lines}
    # Whoever has to say what a line says has to know whose it is, substitutes from elsewhere, too.
    persons = people.persons(context.view_of_all(school), list(pupils.values()))
    decided = {(one.line, one.field): one for one in sheet.decided}
    undecided = set(card_questions.unsure(card, sheet))
    found = []
    for line, field in sorted(read | decided.keys() | undecided):
        if not sight.shows(field):
            continue
        cells = [cell for cell in sheet.cells if (cell.line, cell.field) == (line, field)]
        said, person = decided.get((line, field)), persons.get(pupils.get(line, ""))
        found.append(
            {
                "line": line,
                "pupilId": pupils.get(line),
                "field": field,
                "lesson": lesson_of(field),
                "read": [cell.value for cell in cells if cell.finding is not CellFinding.CANCELLED],
                "unsure": any(cell.finding is CellFinding.UNSURE for cell in cells),
                "decided": list(said.values) if said else None,
                "decidedBy": said.by if said else None,
                "decidedAt": instant(said.at) if said else None,
                "open": (line, field) in undecided,
                "name": f"{person.family_name} {person.given_names}" if person else None,
                **_shown(context, school, sight, sheet, (line, field), cells),
            }
        )
    return found


def _printed(card: cards.Card, field: str, choices: tuple[str, ...]) -> list[str]:
    """Of a topic's cells those for which a topic is printed."""
    number = lesson_of(field)
    if not field.startswith("topic-") or not number or number > len(card.lessons):
        return list(choices)
    return list(choices[: len(card.lessons[number - 1].topics)])


def _shown(
    context: Context,
    school: str,
    sight: Sight,
    sheet: cards.CardSheet,
    place: tuple[int, str],
    cells: Sequence[FoundCell],
) -> dict[str, Any]:
    """What could be marked, and the pictures: of the whole line only for whoever sees all of it."""
    first, choices = _places(sight.card.layout).get(place, (None, ()))
    line, field = place
    alone = None if sight.seen is None else lesson_of(field)

    def picture(cell: int | None) -> str:
        part = part_of(sight.card, sheet, line, cell, alone)
        return PICTURES + context.system.pictures.address(school, part)

    found = [
        {"value": cell.value, "finding": cell.finding.name, "picture": picture(cell.cell)} for cell in cells
    ]
    doubtful = [one for one in found if one["finding"] == CellFinding.UNSURE.name]
    return {
        "choices": _printed(sight.card, field, choices),
        "cells": found,
        "picture": (doubtful or found)[0]["picture"] if found else picture(first),
        "linePicture": picture(None),
    }


@cache
def _places(layout: int) -> dict[tuple[int, str], tuple[int, tuple[str, ...]]]:
    """By line and field: the first cell's number, and the values of all its cells."""
    form, places, at = known().get(layout), {}, 0
    for field in form.fields if form else ():
        places[field.row, field.name] = (at, tuple(cell.value for cell in field.cells))
        at += len(field.cells)
    return places
