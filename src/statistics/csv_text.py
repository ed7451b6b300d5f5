"""A statistic as CSV (RFC 4180): CRLF, quoted where needed, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from dziennik.statistics.statistic import Statistic, written

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # some spreadsheets take a file without it for Windows-1250
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def csv_of(statistic: Statistic, language: str, *, bom: bool = False) -> str:
    """A row per label, a column per series, numbers with the language's decimal mark."""
    head = [statistic.title.told(language), *(series.name.told(language) for series in statistic.series)]
    rows = (
        [
            label.told(language),
            *(
                "" if (v := series.values[place]) is None else written(v, language)
                for series in statistic.series
            ),
        ]
        for place, label in enumerate(statistic.labels)
    )
    return table([head, *rows], bom=bom)


def table(rows: Iterable[Sequence[str]], *, bom: bool = False) -> str:
    """Rows of texts as CSV; the first cell of each is made safe, the others are numbers or headings."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for first, *others in rows:
        writer.writerow([safe(first), *others])
    return (BOM if bom else "") + out.getvalue()


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_RUNS) else text
