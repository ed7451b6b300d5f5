"""A statistic as a picture: bars in SVG, told apart by hue and hatching, with its text inside.

The same statistic is the same bytes. No scripts, no fonts of its own, no links.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from dziennik.statistics.statistic import Statistic, Text, Unit, described, number_told

WIDTH: Final = 720
LEFT: Final = 170  # room for labels
ROW: Final = 26
LINE: Final = 24  # of the legend
TOP: Final = 56
RIGHT: Final = 70  # room for numbers
# After Okabe and Ito (2008), darkened to reach 3:1 on white (WCAG 2.1, 1.4.11).
COLOURS: Final = ("#0072b2", "#d55e00", "#007a5a", "#a8518a", "#6b6b00", "#5b5bd6", "#7a3b12")
HIGHLIGHT: Final = "#d55e00"
HERE: Final = Text(" ◀ uczeń", " ◀ pupil")  # colour alone tells nothing to some (WCAG 2.1, 1.4.1)
LONGEST_LABEL: Final = 26


def svg_of(statistic: Statistic, language: str) -> str:
    """An SVG image of bars, one row a label and series."""
    rows = len(statistic.labels) * len(statistic.series)
    height = TOP + ROW * max(rows, 1) + 10 * len(statistic.labels) + LINE * _legend_lines(statistic) + 10
    title, text = statistic.title.told(language), described(statistic, language)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" role="img" aria-labelledby="title desc" lang={quoteattr(language)}'
        ' font-family="sans-serif" font-size="14">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(text)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-size="18" font-weight="bold" fill="#1a1a1a">{escape(title)}</text>',
    ]
    if not rows:
        note = statistic.note.told(language) if statistic.note else "–"
        parts.append(f'<text x="12" y="{TOP + 14}" fill="#1a1a1a">{escape(note)}</text>')
    parts += [*_bars(statistic, language), *_legend(statistic, language, height), "</svg>"]
    return "\n".join(parts) + "\n"


def _bars(statistic: Statistic, language: str) -> Iterator[str]:
    most = _most(statistic)
    y = TOP
    for place, label in enumerate(statistic.labels):
        text = _short(label.told(language))
        middle = y + ROW * len(statistic.series) / 2 + 5
        yield f'<text x="{LEFT - 10}" y="{middle:g}" text-anchor="end" fill="#1a1a1a">{escape(text)}</text>'
        for number, series in enumerate(statistic.series):
            value = series.values[place]
            colour = HIGHLIGHT if place == statistic.highlighted else COLOURS[number % len(COLOURS)]
            wide = (WIDTH - LEFT - RIGHT) * float(value / most) if value is not None and most else 0.0
            yield f'<rect x="{LEFT}" y="{y + 3}" width="{wide:.1f}" height="{ROW - 6}" fill="{colour}"/>'
            here = HERE.told(language) if place == statistic.highlighted else ""
            told = number_told(value, statistic.unit, language) + here
            yield f'<text x="{LEFT + wide + 6:.1f}" y="{y + ROW - 8}" fill="#1a1a1a">{escape(told)}</text>'
            y += ROW
        y += 10


def _legend_lines(statistic: Statistic) -> int:
    return (len(statistic.series) + 1) // 2 if len(statistic.series) > 1 else 0


def _legend(statistic: Statistic, language: str, height: int) -> Iterator[str]:
    """Two names a line."""
    lines = _legend_lines(statistic)
    for number, series in enumerate(statistic.series if lines else ()):
        x = 12 + (WIDTH // 2) * (number % 2)
        y = height - LINE * (lines - number // 2)
        name, colour = series.name.told(language), COLOURS[number % len(COLOURS)]
        yield f'<rect x="{x}" y="{y}" width="14" height="14" fill="{colour}"/>'
        yield f'<text x="{x + 20}" y="{y + 12}" fill="#1a1a1a">{escape(name)}</text>'


def _most(statistic: Statistic) -> Decimal:
    """The length of a whole row: 100 %, the best mark, or the largest number."""
    largest = max(
        (v for series in statistic.series for v in series.values if v is not None), default=Decimal(0)
    )
    floor = {Unit.PERCENT: Decimal(100), Unit.AVERAGE: Decimal(6), Unit.COUNT: Decimal(1)}
    return max(largest, floor[statistic.unit])


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"
