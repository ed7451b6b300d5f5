"""How is a line of text written on a card, in whatever script, and into the room that it has?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fpdf import FPDF
from fpdf.enums import TextDirection, TextMode
from fpdf.line_break import Fragment

from dziennik.omr.names import fitted, fitted_name
from dziennik.omr.scripts import FILES, Run, legible, runs


class Cards(FPDF):
    """A document in millimetres that takes a font when the first letter of it comes."""

    def __init__(self) -> None:
        super().__init__(unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.c_margin = 0

    def choose(self, font: str, size: float) -> None:
        if font not in self.fonts:
            self.add_font(font, fname=FILES[font])
        self.set_font(font, size=size)

    def _parse_chars(self, text: str, markdown: bool, **_: Any) -> Iterator[Fragment]:  # noqa: ANN401, ARG002
        """A run is of one font and shaped as a whole: fpdf2 cuts it at marks, and letters come apart."""
        yield Fragment(text, self._get_current_graphics_state(), self.k)


def write(
    pdf: Cards, x: float, y: float, text: str, size: float, room: float, *, bold: bool = False
) -> float:
    """Write on the baseline `y`, narrowed or cut to `room`; gives the width taken."""
    return _write(pdf, x, y, size, fitted(legible(text), room, _measure(pdf, size)), bold=bold)


def write_name(pdf: Cards, x: float, y: float, name: tuple[str, str], size: float, room: float) -> float:
    """As `write`, a family name and given names."""
    family, given = (legible(part) for part in name)
    return _write(pdf, x, y, size, fitted_name(family, given, room, _measure(pdf, size)))


def _measure(pdf: Cards, size: float) -> Callable[[str], float]:
    pdf.set_stretching(100)
    return lambda text: sum(_width(pdf, run, size) for run in runs(text))


def _write(
    pdf: Cards, x: float, y: float, size: float, shown: tuple[str, float], *, bold: bool = False
) -> float:
    text, stretching = shown
    taken = 0.0
    pdf.set_stretching(stretching)
    mode = TextMode.FILL_STROKE if bold else TextMode.FILL
    with pdf.local_context(text_mode=mode, line_width=size * 0.006):
        for run in runs(text):
            width = _width(pdf, run, size)
            _draw(pdf, x + taken, y, run, width)
            taken += width
    pdf.set_stretching(100)
    return taken


def _width(pdf: Cards, run: Run, size: float) -> float:
    """At the present stretching; leaves the run's font chosen."""
    pdf.choose(run.font, size)
    with _shaping(pdf, run):
        return float(pdf.get_string_width(run.text))


def _draw(pdf: Cards, x: float, y: float, run: Run, width: float) -> None:
    if not run.shaped:
        pdf.text(x, y, run.text)
        return
    high = pdf.font_size
    pdf.set_xy(x, y - 0.8 * high)  # where fpdf2 puts the baseline of a cell without margins
    with _shaping(pdf, run):
        pdf.cell(width, high, run.text)


@contextmanager
def _shaping(pdf: Cards, run: Run) -> Iterator[None]:
    """On for a run that needs it and off again: what is written next to it stays as it would be alone."""
    direction = TextDirection.RTL if run.backwards else TextDirection.LTR
    pdf.set_text_shaping(run.shaped, direction=direction)
    yield
    pdf.set_text_shaping(False)
