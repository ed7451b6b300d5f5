"""Can the reader read this form? Forms of others come as JSON; all that is wrong is told with its place.

The schema refuses what is no form at all. Here is what no schema says: parts that lie over each other or off
the page, cells nearer than they are cut out, numbers that are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
import numpy as np

from dziennik.contracts import card_forms as said
from dziennik.contracts.refusals import Refusal, together
from dziennik.omr.flattening import body_box
from dziennik.omr.inking import HALF_X, HALF_Y
from dziennik.omr.template import Template

OTHERS = range(128, 256)  # layout numbers for forms of others (ADR 0100)
Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom in mm
PLACE = re.compile(r" - at `\$\.?(.*)`$")
EXACT = 0.001  # mm: sums of tenths are off by less
SEEN = {"wide": f"{2 * HALF_X:g}", "high": f"{2 * HALF_Y:g}"}  # what the reader cuts out for a cell


def load(path: Path, beside: Sequence[Template] = ()) -> Template | Refusal:
    """The form in a file, or all that is wrong with it; `beside`: other forms of others, read together.

    Raises OSError.
    """
    form = decoded(path.read_bytes())
    if isinstance(form, Refusal):
        return form
    return together([*faults(form), *faults_beside(form, beside)]) or form


def decoded(content: bytes) -> Template | Refusal:
    """A form as its JSON says it; whether it can be read is another question (`faults`)."""
    try:
        return msgspec.json.decode(content, type=Template)
    except msgspec.DecodeError as fault:
        why, at = str(fault), PLACE.search(str(fault))
        place = at[1] if at else "$"
        return said.FORM_MALFORMED(at=place, why=PLACE.sub("", why), field=place)


def faults(form: Template) -> Iterator[Refusal]:
    """What keeps a form from being read, each fault at its place."""
    if form.number not in OTHERS:
        yield said.FORM_NUMBER_TAKEN(number=form.number, field="number")
    yield from _twice(form)
    yield from _not_ascending(form)
    black, cells = pieces(form), _cells(form)
    yield from _off_page(form, [*black, *cells])
    yield from _covered(black, cells)
    yield from _too_near(form, [name for name, _ in cells])
    left, top, right, bottom = body_box(form)
    for name, box in cells:
        if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
            yield said.FORM_OUT_OF_TIMING(at=name, field=name)


def faults_beside(form: Template, others: Sequence[Template]) -> Iterator[Refusal]:
    """What keeps it from being read together with other forms of others."""
    same = next((other for other in others if other.number == form.number), None)
    if same:
        yield said.FORM_TWICE(at="number", what=f"{form.number} ({same.name})", field="number")
    ids = [marker.id for marker in form.markers]
    alike = next((other for other in others if [marker.id for marker in other.markers] == ids), None)
    for part in ("markers", "marker_size", "width", "height", "strip", "qr"):
        if alike and getattr(alike, part) != getattr(form, part):
            yield said.FORM_UNLIKE_OTHERS(at=part, form=alike.name, field=part)


def pieces(form: Template) -> list[tuple[str, Box]]:
    """All that is printed black and looked for, by its place in the JSON."""
    strip, qr, timing, marker = form.strip, form.qr, form.timing, form.marker_size
    half = timing.size / 2
    across = (strip.x, strip.y, strip.x + strip.columns * strip.cell, strip.y + 2 * strip.cell)
    found: list[tuple[str, Box]] = [
        *((f"markers[{n}]", (m.x, m.y, m.x + marker, m.y + marker)) for n, m in enumerate(form.markers)),
        ("strip", across),
        ("qr", (qr.x, qr.y, qr.x + qr.size, qr.y + qr.size)),
    ]
    marks: list[tuple[str, float, float]] = []
    for n, y in enumerate(timing.rows):
        marks += [(f"timing.rows[{n}]", x, y) for x in (timing.left, timing.right)]
    for n, x in enumerate(timing.columns):
        marks += [(f"timing.columns[{n}]", x, y) for y in (timing.top, timing.bottom)]
    return found + [(name, (x - half, y - half, x + half, y + half)) for name, x, y in marks]


def clear(form: Template, box: Box) -> bool:
    """Whether that part of the page has nothing on it that is read."""
    on_page = box[0] >= 0 and box[1] >= 0 and box[2] <= form.width and box[3] <= form.height
    return on_page and not any(_over(box, other) for _, other in [*pieces(form), *_cells(form)])


def _cells(form: Template) -> list[tuple[str, Box]]:
    """What the reader cuts out for each cell."""
    return [
        (
            f"fields[{at}].cells[{n}]",
            (cell.x - HALF_X, cell.y - HALF_Y, cell.x + HALF_X, cell.y + HALF_Y),
        )
        for at, field in enumerate(form.fields)
        for n, cell in enumerate(field.cells)
    ]


def _over(one: Box, other: Box) -> bool:
    wide, high = (min(one[n + 2], other[n + 2]) - max(one[n], other[n]) for n in (0, 1))
    return min(wide, high) > EXACT


def _twice(form: Template) -> Iterator[Refusal]:
    named: list[tuple[str, object, str]] = [
        (f"markers[{n}].id", ("marker", marker.id), str(marker.id)) for n, marker in enumerate(form.markers)
    ]
    for at, field in enumerate(form.fields):
        named.append((f"fields[{at}]", (field.row, field.name), f"{field.row}: {field.name}"))
        for n, cell in enumerate(field.cells):
            named.append((f"fields[{at}].cells[{n}]", (at, cell.place, cell.value), cell.value))
    met: set[object] = set()
    for place, key, what in named:
        if key in met:
            yield said.FORM_TWICE(at=place, what=what, field=place)
        met.add(key)


def _not_ascending(form: Template) -> Iterator[Refusal]:
    timing = form.timing
    for name, marks in (("rows", timing.rows), ("columns", timing.columns)):
        for n in range(1, len(marks)):
            if marks[n] <= marks[n - 1]:
                place = f"timing.{name}[{n}]"
                yield said.FORM_NOT_ASCENDING(at=place, field=place)
    for name, first, second in (("right", timing.left, timing.right), ("bottom", timing.top, timing.bottom)):
        if second <= first:
            yield said.FORM_NOT_ASCENDING(at=f"timing.{name}", field=f"timing.{name}")


def _off_page(form: Template, parts: list[tuple[str, Box]]) -> Iterator[Refusal]:
    width, height = form.width, form.height
    for name, box in parts:
        if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
            yield said.FORM_OFF_PAGE(at=name, width=f"{width:g}", height=f"{height:g}", field=name)


def _covered(black: list[tuple[str, Box]], cells: list[tuple[str, Box]]) -> Iterator[Refusal]:
    """Black parts over each other, and cells over any of them: each part once."""
    for at, (name, box) in enumerate([*black, *cells]):
        by = next((other for other, its in black[:at] if _over(box, its)), None)
        if by:
            yield said.FORM_COVERED(at=name, by=by, field=name, **SEEN)


def _too_near(form: Template, names: list[str]) -> Iterator[Refusal]:
    """Cells of which one is on the other's paper: each once, with the first that is too near."""
    places = np.array([(cell.x, cell.y) for _, cell in form.cells()])
    for at in range(1, len(places)):
        apart = np.abs(places[:at] - places[at])
        near = np.flatnonzero((apart < (2 * HALF_X - EXACT, 2 * HALF_Y - EXACT)).all(axis=1))
        if len(near):
            yield said.FORM_CELLS_TOO_NEAR(at=names[at], by=names[int(near[0])], field=names[at], **SEEN)
