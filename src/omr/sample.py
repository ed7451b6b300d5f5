"""A sample batch: cards to print, and for each a description of every cell, so that others can judge.

The names hold all letters of Polish names, long and foreign ones; the class of 40 goes on a second card.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from dziennik.omr.identity import SAMPLE_KEY, Identity, identify
from dziennik.omr.layouts import PUPILS, Paper, grade_card, lesson_card
from dziennik.omr.printed import Line, Printed
from dziennik.omr.printing import print_cards
from dziennik.omr.template import Template

FAMILY = (
    "Ćwiąkała", "Dąbrowska-Żółkiewska", "Gżegżółka", "Jeż", "Kłębek", "Łącki", "Mączyński", "Nędza",
    "Ościłowska", "Pióro", "Śliwa", "Źrebiec", "Żak", "Шевченко", "Nguyễn",
    "Brzęczyszczykiewicz-Chrząszczyżewoszycka",
)  # fmt: skip
GIVEN = ("Łucja", "Świętosław", "Żaneta", "Józef", "Bożena", "Stanisława Małgorzata", "Ян", "Kaźmierz", "Zoë")
TOPICS = (
    "T1: Mnożenie ułamków zwykłych",
    "T2: Dzielenie ułamków przez liczbę naturalną",
    "Inny temat: " + "." * 44,
)


def names(count: int) -> tuple[Line, ...]:
    """Numbered names of a class, the same every time."""
    return tuple(Line(n + 1, FAMILY[n * 7 % len(FAMILY)], GIVEN[n * 5 % len(GIVEN)]) for n in range(count))


def grade_sheets(paper: Paper, pupils: int, first: int) -> list[Printed]:
    """A grade column for a class, on as many cards as it takes."""
    return [
        Printed(
            identity=identity,
            template=grade_card(paper),
            kind="OCENY",
            title="4a · matematyka",
            subtitle="Ułamki zwykłe, sprawdzian (waga 3), 14.10.2026" + part,
            headings=("ocena", "", "uwaga"),
            control="nauczyciel potwierdza:",
            lines=lines,
            notes=("np nieprzygotowany, bz brak zadania, nb nieobecny", "X: w tym wierszu nic nie wpisywać"),
        )
        for identity, lines, part in _pages(grade_card(paper), paper, pupils, first)
    ]


def lesson_sheets(paper: Paper, blocks: int, pupils: int, first: int) -> list[Printed]:
    """Attendance of one to four lessons."""
    lessons = ("1. j. polski", "2. matematyka", "3. przyroda", "4. wychowanie fizyczne")
    form = lesson_card(paper, blocks)
    return [
        Printed(
            identity=identity,
            template=form,
            kind="LEKCJE",
            title="4a · środa 14.10.2026",
            subtitle="nb nieobecny, sp spóźniony, zw zwolniony; obecnych nie zaznaczaj" + part,
            headings=(*lessons[:blocks], *[""] * (4 - blocks)),
            control="sprawdzono obecność · temat:",
            lines=lines,
            notes=TOPICS
            if blocks == 1
            else tuple(f"{n}. {TOPICS[0]} · T2: Powtórzenie" for n in range(1, blocks + 1)),
        )
        for identity, lines, part in _pages(form, paper, pupils, first)
    ]


def _pages(
    form: Template, paper: Paper, pupils: int, first: int
) -> list[tuple[Identity, tuple[Line, ...], str]]:
    room, lines = PUPILS[paper], names(pupils)
    parts = [lines[at : at + room] for at in range(0, pupils, room)]
    return [
        (
            identify(SAMPLE_KEY, form.number, _number(first + n)),
            part,
            f" · karta {n + 1} z {len(parts)}" if len(parts) > 1 else "",
        )
        for n, part in enumerate(parts)
    ]


def _number(serial: int) -> int:
    """Spread out, as the numbers of issued cards are."""
    return int.from_bytes(sha256(serial.to_bytes(4, "big")).digest()[:4], "big")


def sample_cards() -> list[Printed]:
    """A4: grade cards of 30, and 40 on two cards, one lesson, four lessons; A5: 20 pupils on two cards."""
    return [
        *grade_sheets(Paper.A4, 30, 1001),
        *grade_sheets(Paper.A4, 40, 1002),
        *lesson_sheets(Paper.A4, 1, 28, 1011),
        *lesson_sheets(Paper.A4, 4, 30, 1012),
        *grade_sheets(Paper.A5, 20, 1021),
        *lesson_sheets(Paper.A5, 2, 10, 1031),
    ]


def described(card: Printed, page: int) -> dict[str, Any]:
    """A card's identity and every cell's centre and size, in mm from the top left corner of its page."""
    form = card.template
    return {
        "page": page,
        "card": card.identity.card_id,
        "layout": form.number,
        "template": form.name,
        "qr": card.identity.qr_text(),
        "width_mm": form.width,
        "height_mm": form.height,
        "cells": [
            {
                "row": field.row,
                "field": field.name,
                "kind": field.kind,
                "value": cell.value,
                "x_mm": cell.x,
                "y_mm": cell.y,
                "width_mm": form.cell_width,
                "height_mm": form.cell_height,
            }
            for field, cell in form.cells()
        ],
    }


def write_sample(out: Path) -> list[Path]:
    """cards.pdf (one card a page), two-on-a4.pdf, a JSON a card, and the template of each layout used."""
    out.mkdir(parents=True, exist_ok=True)
    cards = sample_cards()
    written = [out / "cards.pdf", out / "two-on-a4.pdf"]
    written[0].write_bytes(print_cards(cards))
    small = [card for card in cards if card.template.height < 200]
    written[1].write_bytes(print_cards(small, two_on_a_sheet=True))
    for page, card in enumerate(cards, 1):
        written.append(out / f"{card.identity.card_id}.json")
        text = json.dumps(described(card, page), ensure_ascii=False, indent=1)
        written[-1].write_text(text + "\n", encoding="utf-8")
    for form in {card.template.number: card.template for card in cards}.values():
        written.append(out / f"template-{form.name}.json")
        written[-1].write_bytes(msgspec.json.format(msgspec.json.encode(form), indent=1) + b"\n")
    return written
