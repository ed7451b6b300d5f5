"""The little pictures at a card's foot: a good mark, and a mark taken back."""

from __future__ import annotations

from collections.abc import Callable

from fpdf import FPDF

# Where a mark is taken back: a block over the whole cell, clearly beyond its outline (ADR 0101).
CANCEL_WIDTH, CANCEL_HEIGHT = 7.6, 6.2


def shade(pdf: FPDF, grey: float) -> None:
    """What follows is written in this grey, 0 black to 1 white."""
    pdf.set_text_color(round(grey * 255))


def example_cells(pdf: FPDF, x: float, y: float, write: Callable[[float, str, float], float]) -> None:
    """One line of examples, centred on `y`: mark like this; take back like this; what not to do."""
    taken = write(x, "Zaznacz:", 20)
    x += taken + 4
    _cell(pdf, x, y, filled=True)
    x += 4 + write(x + 4, "ołówkiem lub długopisem, cały owal. Pomyłka:", 62) + 6.5
    _block(pdf, x, y)
    _cell(pdf, x + 9, y, filled=True)
    x += 14.5
    x += write(x, "zamaż cały prostokąt i zaznacz właściwy owal.", 56) + 2
    write(x, "Nie zginaj rogów.", 182 - x)


def _cell(pdf: FPDF, x: float, y: float, *, filled: bool) -> None:
    pdf.set_draw_color(110)
    pdf.set_fill_color(40)
    pdf.set_line_width(0.18)
    pdf.ellipse(x - 2.5, y - 1.9, 5.0, 3.8, style="DF" if filled else "D")


def _block(pdf: FPDF, x: float, y: float) -> None:
    pdf.set_fill_color(40)
    pdf.rect(x - 7.6 / 2, y - 6.2 / 2, 7.6, 6.2, style="F")
