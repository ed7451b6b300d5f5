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
from dziennik.omr.layouts import Paper, card_for, grade_card, lines_to_write, pupils_on
from dziennik.omr.printed import Line, Printed
from dziennik.omr.printing import places, print_cards
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
        for identity, lines, part in _pages(grade_card(paper), pupils, first)
    ]


def lesson_sheets(paper: Paper, blocks: int, pupils: int, first: int) -> list[Printed]:
    """Attendance of one to four lessons; with lines for topics where the class leaves two."""
    lessons = ("1. j. polski", "2. matematyka", "3. przyroda", "4. wychowanie fizyczne")
    form = card_for(paper, blocks, pupils)
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
            written=tuple(f"{n}." for n in range(1, blocks + 1)) if lines_to_write(form) else (),
        )
        for identity, lines, part in _pages(form, pupils, first)
    ]


def _pages(form: Template, pupils: int, first: int) -> list[tuple[Identity, tuple[Line, ...], str]]:
    room, lines = pupils_on(form), names(pupils)
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
    """A4: grade cards of 30, and 40 on two cards, one lesson, four lessons; A5: 20 pupils on two cards.

    Cards of several lessons are there without lines for topics, and with them.
    """
    return [
        *grade_sheets(Paper.A4, 30, 1001),
        *grade_sheets(Paper.A4, 40, 1002),
        *lesson_sheets(Paper.A4, 1, 28, 1011),
        *lesson_sheets(Paper.A4, 4, 30, 1012),
        *lesson_sheets(Paper.A4, 4, 28, 1013),
        *grade_sheets(Paper.A5, 20, 1021),
        *lesson_sheets(Paper.A5, 2, 10, 1031),
        *lesson_sheets(Paper.A5, 3, 8, 1032),
    ]


def described(card: Printed, printed: list[tuple[str, int, float]]) -> dict[str, Any]:
    """A card's identity and every cell's centre and size, in mm from the card's top left corner.

    `printed` says where it is: in which file, on which page, and how many mm below that page's top.
    """
    form = card.template
    return {
        "page": printed[0][1],
        "printed": [{"file": file, "page": page, "y_mm": top} for file, page, top in printed],
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
    small = [card for card in cards if card.template.height < 200]
    printed: dict[str, list[tuple[str, int, float]]] = {card.identity.card_id: [] for card in cards}
    written = []
    for name, some, pairs in (("cards.pdf", cards, False), ("two-on-a4.pdf", small, True)):
        written.append(out / name)
        written[-1].write_bytes(print_cards(some, two_on_a_sheet=pairs))
        for card, (page, top) in zip(some, places(some, two_on_a_sheet=pairs), strict=True):
            printed[card.identity.card_id].append((name, page, top))
    for card in cards:
        written.append(out / f"{card.identity.card_id}.json")
        told = described(card, printed[card.identity.card_id])
        written[-1].write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for form in {card.template.number: card.template for card in cards}.values():
        written.append(out / f"template-{form.name}.json")
        written[-1].write_bytes(msgspec.json.format(msgspec.json.encode(form), indent=1) + b"\n")
    return written
