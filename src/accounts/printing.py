"""How does a code get to its owner? On paper: one letter a person, A4, many in a file.

The same letters give the same bytes. Whoever prints imports this when it is asked for: the PDF library takes
a fifth of a second and 30 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import fontpkg_noto_sans
import segno
from fpdf import FPDF
from fpdf.enums import TextMode, WrapMode

from dziennik.accounts.letters import TITLES, Letter, address, closing, opening, polish_date, steps, typeset

_FONT = "noto"
_LEFT, _WIDTH = 25.0, 160.0
_BLACK, _GREY = 0, 110


def print_letters(letters: Sequence[Letter], on: date) -> bytes:
    """The letters as PDF, in their order, a page each."""
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_creation_date(datetime(on.year, on.month, on.day, tzinfo=UTC))
    pdf.set_title("Kody dostępu do dziennika")
    pdf.set_lang("pl")
    pdf.set_auto_page_break(False)
    pdf.set_margins(_LEFT, 20, 210 - _LEFT - _WIDTH)
    pdf.add_font(_FONT, fname=_font())
    for letter in letters:
        pdf.add_page()
        _letter(pdf, letter, on)
    return bytes(pdf.output())


@cache
def _font() -> Path:
    return Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"


def _letter(pdf: FPDF, letter: Letter, on: date) -> None:
    _text(pdf, letter.school, 10, align="L")
    _text(pdf, f"dnia {polish_date(on)}", 10, align="R")
    pdf.ln(14)
    _text(pdf, letter.name, 13, bold=True)
    if letter.place:
        _text(pdf, letter.place, 10, grey=True)
    pdf.ln(10)
    _text(pdf, TITLES[letter.purpose], 15, bold=True)
    pdf.ln(4)
    for paragraph in opening(letter):
        _text(pdf, paragraph, 11)
        pdf.ln(2.5)
    _code(pdf, letter)
    for number, step in enumerate(steps(letter), 1):
        _text(pdf, f"{number}. {step}", 11)
        pdf.ln(1.5)
    pdf.ln(3)
    for paragraph in closing():
        _text(pdf, paragraph, 9.5, grey=True)
        pdf.ln(1.5)


def _code(pdf: FPDF, letter: Letter) -> None:
    top = pdf.get_y() + 4
    pdf.set_draw_color(_GREY)
    pdf.rect(_LEFT, top, _WIDTH, 34, round_corners=True, corner_radius=2)
    side = _qr(pdf, letter, top)
    pdf.set_xy(_LEFT + 6, top + 5)
    _text(pdf, "Kod jednorazowy", 9.5, grey=True, width=_WIDTH - side - 12)
    pdf.set_x(_LEFT + 6)
    _text(pdf, letter.code, 22, bold=True, width=_WIDTH - side - 12)
    pdf.set_x(_LEFT + 6)
    until = polish_date(letter.valid_until)
    _text(pdf, f"ważny do {until}", 10, width=_WIDTH - side - 12)
    pdf.set_xy(_LEFT, top + 40)


def _qr(pdf: FPDF, letter: Letter, top: float) -> float:
    """The address with the code after #, which a browser sends to nobody; the width taken."""
    if not letter.url:
        return 0
    matrix = segno.make_qr(address(letter), error="m").matrix
    size, x = 28.0, _LEFT + _WIDTH - 31
    step = size / len(matrix)
    pdf.set_fill_color(_BLACK)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                pdf.rect(x + column * step, top + 3 + row * step, step + 0.01, step + 0.01, style="F")
    return size + 3


def _text(
    pdf: FPDF,
    text: str,
    size: float,
    *,
    bold: bool = False,
    grey: bool = False,
    align: str = "L",
    width: float = _WIDTH,
) -> None:
    pdf.set_font(_FONT, size=size)
    pdf.set_text_color(_GREY if grey else _BLACK)
    pdf.set_draw_color(_GREY if grey else _BLACK)
    mode = TextMode.FILL_STROKE if bold else TextMode.FILL
    with pdf.local_context(text_mode=mode, line_width=size * 0.006):
        pdf.multi_cell(
            width,
            size * 0.52,
            typeset(text),
            align=align,
            new_x="LMARGIN",
            new_y="NEXT",
            wrapmode=WrapMode.WORD,
        )
