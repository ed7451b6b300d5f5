"""A school's week without a school: printed cards are filled with a pen and come back as one scanned PDF.

`python -m bench.omr_corpus.office CARDS.pdf SCAN.pdf` fills every card of a printed PDF (each lesson
confirmed, a few marks, some doubtful), scans it as a feeder does, and writes what was meant to SCAN.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from bench.omr_corpus.degrading import degrade
from bench.omr_corpus.pens import Chance, Filled, Marked, draw
from dziennik.omr.layouts import known
from dziennik.omr.reader import Reader
from dziennik.omr.template import Template

DPI = 200
PER_MM = DPI / 25.4


def fill_and_scan(cards: Path, scan: Path, *, seed: int = 1, pupils: int = 10) -> list[dict[str, Any]]:
    """Fill all cards of a PDF that has one card a page; gives what was meant, a row a mark."""
    chance = np.random.default_rng(seed)
    reader = Reader(lambda _: True)
    pages, meant = [], []
    with pypdfium2.PdfDocument(cards) as document:
        for number in range(len(document)):
            shown = np.squeeze(document[number].render(scale=DPI / 72, grayscale=True).to_numpy())
            (sheet,) = reader.read(np.ascontiguousarray(shown))
            form = known()[sheet.layout or 0]
            filled = Filled(np.minimum(shown, 245))
            marks = _marks(form, chance, pupils)
            draw(filled, form, PER_MM, chance, marks)
            meant += [{"card": sheet.card_id, "page": number + 1, **_told(form, mark)} for mark in marks]
            pages.append(degrade(filled.grey, ["turn", "gamma", "noise"], chance, harsh=False))
    pictures = [Image.fromarray(page) for page in pages]
    pictures[0].save(scan, "PDF", resolution=DPI, save_all=True, append_images=pictures[1:], quality=80)
    scan.with_suffix(".json").write_text(json.dumps(meant, ensure_ascii=False, indent=1), encoding="utf-8")
    return meant


def _marks(form: Template, chance: Chance, pupils: int) -> list[Marked]:
    """Every lesson is confirmed; every fourth pupil gets a mark, some of them badly made."""
    found, at = [], 0
    for field in form.fields:
        first, at = at, at + len(field.cells)
        if field.row == 0:
            found.append(Marked(first, "fill"))
        elif field.name.startswith(("presence", "mark")) and field.row <= pupils and chance.random() < 0.25:
            kind = "fill" if chance.random() < 0.85 else str(chance.choice(["tick", "dot", "light"]))
            found.append(Marked(first + int(chance.integers(len(field.cells))), kind))
    return found


def _told(form: Template, mark: Marked) -> dict[str, Any]:
    field, cell = form.cells()[mark.cell]
    return {"line": field.row, "field": field.name, "value": cell.value, "kind": mark.kind}


if __name__ == "__main__":
    print(len(fill_and_scan(Path(sys.argv[1]), Path(sys.argv[2]))), "marks")
