"""How do cards get on paper? As PDF, one card a page or two A5 cards on an A4 sheet.

Everything is vectors and embedded fonts; grey is used where a pen must show (outlines, letters in cells),
black where the reader looks (markers, strip, timing marks). The same cards give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import cv2
import numpy as np
import segno
from fpdf import FPDF

from dziennik.omr.drawing import example_cells, shade
from dziennik.omr.identity import Identity
from dziennik.omr.layouts import lines_to_write
from dziennik.omr.printed import Printed
from dziennik.omr.scripts import FONT, printable
from dziennik.omr.template import Template
from dziennik.omr.writing import Cards, write, write_name

SHEET = 297.0  # mm: the height of A4
POINT = 25.4 / 72  # millimetres
NAMES_FROM, NAMES_TO = 28.0, 71.0
WRITTEN_TO, APART = 190.0, 4.0  # where lines to write on end, and how far two of them are apart
WRITE_HERE = "inny temat (wpisz):"
DICTIONARY = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12)
# Outlines and letters are light enough to be told from a pencil, and dark enough for a fax (OMR.md).
OUTLINE_GREY, LETTER_GREY, RULE_GREY = 0.43, 0.60, 0.88
OUTLINE_WIDTH = 0.18


def print_cards(cards: Sequence[Printed], *, two_on_a_sheet: bool = False) -> bytes:
    """The cards as PDF in their order. `two_on_a_sheet` puts cards of half the height in pairs on A4."""
    pdf = Cards()
    pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))  # the same cards, the same bytes
    pdf.set_title("Karty dziennika")
    for card, (page, top) in zip(cards, places(cards, two_on_a_sheet=two_on_a_sheet), strict=True):
        if page > pdf.page:
            height = SHEET if two_on_a_sheet else card.template.height
            pdf.add_page(format=(card.template.width, height))
        with pdf.local_context():
            _card(pdf, card, top)
    return bytes(pdf.output())


def places(cards: Sequence[Printed], *, two_on_a_sheet: bool = False) -> list[tuple[int, float]]:
    """On which page each card is, from 1, and how many mm below its top."""
    found: list[tuple[int, float]] = []
    page, free = 0, 0.0
    for card in cards:
        height = card.template.height
        if not (two_on_a_sheet and free > 0 and free + height <= SHEET):
            page, free = page + 1, 0.0
        found.append((page, free))
        free += height + 1
    return found


def unprintable(card: Printed) -> list[int]:
    """The numbers of pupils in whose names a letter is printed as “�”, as no font has it."""
    return [line.number for line in card.lines if not printable(f"{line.family} {line.given}")]


def _card(pdf: Cards, card: Printed, top: float) -> None:
    form = card.template
    for marker in form.markers:
        _modules(pdf, marker_modules(marker.id), marker.x, marker.y + top, form.marker_size)
    _strip(pdf, card, top)
    _modules(pdf, qr_modules(card.identity), form.qr.x, form.qr.y + top, form.qr.size)
    for x, y in timing_marks(form):
        pdf.set_fill_color(0)
        size = form.timing.size
        pdf.rect(x - size / 2, y + top - size / 2, size, size, style="F")
    _texts(pdf, card, top)
    _lines(pdf, card, top)
    _cells(pdf, form, top)
    _written(pdf, card, top)
    _footer(pdf, card, top)


def marker_modules(marker_id: int) -> np.ndarray:
    """A marker's modules, True where black: 8 x 8 with the border."""
    return np.asarray(cv2.aruco.generateImageMarker(DICTIONARY, marker_id, 8, borderBits=1) == 0, dtype=bool)


def qr_modules(identity: Identity) -> np.ndarray:
    """The QR code's modules, True where black, without the quiet zone."""
    code = segno.make_qr(identity.qr_text(), version=1, error="q", boost_error=False)
    return np.array([list(row) for row in code.matrix], dtype=bool)


def strip_modules(identity: Identity) -> np.ndarray:
    """The strip's two rows: black over white at both ends, the bits between them, upper row first."""
    bits = np.array(identity.bits(), dtype=bool).reshape(2, -1)
    ends = np.array([[True], [False]])
    return np.hstack([ends, bits, ends])


def timing_marks(form: Template) -> list[tuple[float, float]]:
    """Centres: left and right of every row, above and below every column."""
    timing = form.timing
    rows = [(x, y) for y in timing.rows for x in (timing.left, timing.right)]
    return rows + [(x, y) for x in timing.columns for y in (timing.top, timing.bottom)]


def _modules(pdf: FPDF, modules: np.ndarray, x: float, y: float, size: float) -> None:
    """Black squares, neighbours of a row as one rectangle: no hairlines between them."""
    step = size / modules.shape[0]
    pdf.set_fill_color(0)
    for row, line in enumerate(modules):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(np.int8), [0]))))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            pdf.rect(
                x + float(start) * step, y + row * step, float(end - start) * step, step + 0.01, style="F"
            )


def _strip(pdf: Cards, card: Printed, top: float) -> None:
    strip = card.template.strip
    modules = strip_modules(card.identity)
    pdf.set_fill_color(0)
    for row, column in np.argwhere(modules):
        x, y = strip.x + float(column) * strip.cell, strip.y + float(row) * strip.cell + top
        pdf.rect(x, y, strip.cell, strip.cell, style="F")


def _texts(pdf: Cards, card: Printed, top: float) -> None:
    form = card.template
    strip, qr = form.strip, form.qr
    shade(pdf, 0)
    write(pdf, strip.x, strip.y - 5.4 + top, card.title, 11, 120, bold=True)
    write(pdf, strip.x, strip.y - 1.6 + top, card.subtitle, 7.5, 120)
    write(pdf, strip.x - 9, strip.y + 10.5 + top, card.kind, 6.5, 9)
    write(pdf, qr.x - 4, qr.y + qr.size + 4.6 + top, card.identity.card_id, 9.5, 40, bold=True)
    per = len(form.timing.columns) / max(1, len(card.headings))
    for at, heading in enumerate(card.headings):
        x = form.timing.columns[round(at * per)] - form.cell_width / 2
        room = 9.0 * per - 1.5
        write(pdf, x, 31.7 + top, heading, 7, room)


def _lines(pdf: Cards, card: Printed, top: float) -> None:
    rows = card.template.timing.rows
    pdf.set_draw_color(round(RULE_GREY * 255))
    pdf.set_line_width(0.1)
    for y in rows:
        pdf.line(NAMES_FROM, y + 3.75 + top, 192, y + 3.75 + top)
    shade(pdf, 0)
    write(pdf, NAMES_FROM, rows[0] + 1.1 + top, card.control, 7, NAMES_TO - NAMES_FROM)
    for line, y in zip(card.lines, rows[1:], strict=False):
        pdf.choose(FONT, 9.5)
        label = f"{line.number}."
        wide = float(pdf.get_string_width(label))
        write(pdf, NAMES_FROM + 5.6 - wide, y + 1.25 + top, label, 9.5, 8)
        name = (line.family, line.given)
        write_name(pdf, NAMES_FROM + 7, y + 1.25 + top, name, 9.5, NAMES_TO - NAMES_FROM - 7)


def _cells(pdf: Cards, form: Template, top: float) -> None:
    pdf.set_draw_color(round(OUTLINE_GREY * 255))
    pdf.set_line_width(OUTLINE_WIDTH)
    wide, high = form.cell_width, form.cell_height
    for _, cell in form.cells():
        pdf.ellipse(cell.x - wide / 2, cell.y - high / 2 + top, wide, high, style="D")
    shade(pdf, LETTER_GREY)
    sizes = {1: 7.0, 2: 5.5}
    for _, cell in form.cells():
        pdf.choose(FONT, sizes.get(len(cell.label), 5.0))
        width = pdf.get_string_width(cell.label)
        pdf.text(cell.x - width / 2, cell.y + pdf.font_size * 0.36 + top, cell.label)


def _written(pdf: Cards, card: Printed, top: float) -> None:
    """What is written by hand: in each line without cells one thing, or two where lines are too few."""
    form = card.template
    free = lines_to_write(form)
    a_row = -(-len(card.written) // max(1, len(free)))
    first = form.timing.columns[0] - form.cell_width / 2
    step = (WRITTEN_TO - first + APART) / max(1, a_row)
    pdf.set_draw_color(round(OUTLINE_GREY * 255))
    pdf.set_line_width(OUTLINE_WIDTH)
    shade(pdf, 0)
    for at, label in enumerate(card.written):
        row, place = divmod(at, a_row)
        x, y = first + place * step, free[row] + 2.6 + top
        if not place:
            write(pdf, NAMES_FROM, y, WRITE_HERE, 7, NAMES_TO - NAMES_FROM)
        x += 1.0 + write(pdf, x, y, label, 7, step / 3)
        pdf.line(x, y + 0.3, first + (place + 1) * step - APART, y + 0.3)


def _footer(pdf: Cards, card: Printed, top: float) -> None:
    """Notes of this card, then how to mark and how to take a mark back, with pictures."""
    if not card.foot:
        return
    y = card.template.timing.bottom + 5.2 + top
    shade(pdf, 0)
    half = (len(card.notes) + 1) // 2
    for at, note in enumerate(card.notes):
        write(pdf, 28 + 78 * (at // half), y + 3.3 * (at % half), note, 6.5, 75)
    y = card.template.timing.bottom + (12.5 if half > 1 else 9.5 if half else 7) + top
    example_cells(pdf, 28, y, lambda x, text, room: write(pdf, x, y + 0.9, text, 6.5, room))
