"""How does a form of one's own get on paper? With what the reader looks for, and texts where there is room.

A form says no texts but those in its cells: beside each row stand the names of its fields.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from dziennik.contracts.card_forms import FORM_NO_ROOM
from dziennik.contracts.refusals import Refusal
from dziennik.omr.forms import Box, clear
from dziennik.omr.identity import identify
from dziennik.omr.printed import Line, Printed
from dziennik.omr.printing import NAMES_FROM, NAMES_TO
from dziennik.omr.template import Template


def copies(form: Template, key: bytes, count: int, number: Callable[[], int]) -> list[Printed] | Refusal:
    """So many copies of a form, each with an identity of its own under `key`; refused without room for it."""
    qr, strip, timing = form.qr, form.strip, form.timing
    if not clear(form, _box(qr.x - 4, qr.y + qr.size + 1, 30, 4)):
        return FORM_NO_ROOM(field="qr")
    beside = _box(NAMES_FROM, timing.rows[0] - 3, NAMES_TO - NAMES_FROM, timing.rows[-1] - timing.rows[0] + 6)
    texts = _beside_rows(form) if clear(form, beside) else [""]
    one = Printed(
        identity=identify(key, form.number, 0),
        template=form,
        kind="",
        title=form.name if clear(form, _box(strip.x, strip.y - 9, 120, 6)) else "",
        subtitle="",
        headings=(),
        control=texts[0],
        lines=tuple(Line(row, text) for row, text in enumerate(texts))[1:],
        foot=clear(form, _box(NAMES_FROM, timing.bottom + 3, 154, 8)),
    )
    numbers = [number() for _ in range(count)]
    return [replace(one, identity=identify(key, form.number, each)) for each in numbers]


def _box(x: float, y: float, wide: float, high: float) -> Box:
    return x, y, x + wide, y + high


def _beside_rows(form: Template) -> list[str]:
    """The names of each row's fields, from row 0 to the last that has any."""
    rows: list[dict[str, None]] = [{} for _ in range(1 + max(field.row for field in form.fields))]
    for field in form.fields:
        rows[field.row][field.name] = None
    return [" · ".join(names) for names in rows]
