"""Where on which page does each word of a register stand?

A4 across, tables with their headings repeated on each page, lines broken at blanks. The answer is the drawing
of each page in PDF's own words, and the bookmarks; dziennik.archive.pdf makes a file of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from dziennik.archive.pdf_font import Font, bold, regular
from dziennik.archive.readable import Readable, Section, Table

WIDTH, HEIGHT = 842, 595  # points of A4 across
MARGIN: Final = 34
LINE: Final = WIDTH - 2 * MARGIN
BOTTOM: Final = 46
SIZE, LEADING, PADDING = 7.5, 9.2, 2.5
HEADING, TITLE = 12.0, 18.0
# Of one element: an array holds no more than 8191 things (ISO 19005-1, 6.1.12).
MOST_ROWS: Final = 8000


@dataclass(slots=True)
class Tag:
    """An element of the document's structure (PDF 1.4, 9.7.4), and the marked contents that it consists of:
    (number of the page from 0, number of the mark on it). `scope`: of a heading in a table.
    """

    kind: str
    scope: str | None = None
    children: list[Tag] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, scope: str | None = None) -> Tag:
        """A further element below it."""
        self.children.append(Tag(kind, scope))
        return self.children[-1]


@dataclass(slots=True)
class Page:
    """What is drawn on a page, how far down it is full, and whose its marked contents are."""

    drawn: list[str] = field(default_factory=list)
    y: float = HEIGHT - MARGIN
    marked: list[Tag] = field(default_factory=list)


@dataclass(slots=True)
class Pages:
    """All pages, and where each section begins: (title, number of the page from 0, height).

    `structure`: how it all hangs together, where pages are tagged.
    """

    pages: list[Page] = field(default_factory=list)
    marks: list[tuple[str, int, float]] = field(default_factory=list)
    structure: Tag | None = None


def laid_out(document: Readable, *, tagged: bool = False) -> Pages:
    """The pages of a document. `tagged`: each thing on them is part of its structure, or told to be none."""
    layout = _Layout(tagged=tagged)
    layout.text(document.title, TITLE, bold(), layout.root.add("H1"))
    for line in document.lines:
        layout.text(line, 10.0, regular(), layout.root.add("P"))
    for section in document.sections:
        layout.section(section)
    layout.footers(f"{document.title}, {document.lines[0]}")
    return layout.made


class _Layout:
    def __init__(self, *, tagged: bool) -> None:
        self.root = Tag("Document")
        self.made = Pages([Page()], structure=self.root if tagged else None)

    @property
    def page(self) -> Page:
        return self.made.pages[-1]

    def text(self, content: str, size: float, font: Font, tag: Tag) -> None:
        """A paragraph over the whole width."""
        for line in wrapped(content, font, size, LINE):
            self._room(size * 1.3)
            self.page.y -= size * 1.3
            self._draw(tag, [shown(line, font, size, MARGIN, self.page.y)])

    def section(self, section: Section) -> None:
        part = self.root.add("Sect")
        self._room(HEADING * 1.3 + 6 * LEADING)
        self.page.y -= HEADING
        self.made.marks.append((section.title, len(self.made.pages) - 1, self.page.y))
        self.text(section.title, HEADING, bold(), part.add("H2"))
        for note in section.notes:
            self.text(note, SIZE, regular(), part.add("P"))
        tables = [table for table in section.tables if table.rows]
        for table in tables:
            self._table(table, part)
        if not tables:
            self.text("Brak wpisów.", SIZE, regular(), part.add("P"))

    def footers(self, title: str) -> None:
        for number, page in enumerate(self.made.pages, 1):
            of = f"{number} / {len(self.made.pages)}"
            left = WIDTH - MARGIN - regular().width(of) * SIZE / 1000
            below = wrapped(title, regular(), SIZE, LINE - 60)[0]
            drawn = [shown(of, regular(), SIZE, left, 28), shown(below, regular(), SIZE, MARGIN, 28)]
            self._draw(None, drawn, page)

    def _table(self, table: Table, part: Tag) -> None:
        tag = part.add("Table")
        edges = _edges(table.widths)
        head = _cells(table.head, edges, bold())
        first = _cells(table.rows[0], edges, regular())
        self._room(LEADING * 2 + _height(head) + _height(first))
        self.page.y -= LEADING * 0.6
        self.text(table.caption, SIZE + 1, bold(), tag.add("Caption"))
        self.page.y -= 2
        names = tag.add("TR")
        self._row(head, edges, bold(), [names.add("TH", "Column") for _ in head], shade=True)
        for row in table.rows:
            if len(tag.children) == MOST_ROWS:
                tag = part.add("Table")
            line = tag.add("TR")
            of_row = [line.add("TD") if n else line.add("TH", "Row") for n in range(len(row))]
            for cells in _parts(_cells(row, edges, regular())):
                if self.page.y - _height(cells) < BOTTOM:
                    self.made.pages.append(Page())
                    self._row(head, edges, bold(), [None] * len(head), shade=True)
                self._row(cells, edges, regular(), of_row, shade=False)

    def _row(
        self,
        cells: Sequence[list[str]],
        edges: Sequence[float],
        font: Font,
        tags: Sequence[Tag | None],
        *,
        shade: bool,
    ) -> None:
        page, height = self.page, _height(cells)
        top, low = page.y, page.y - height
        if shade:
            self._draw(None, [f"0.91 g {MARGIN} {low:.2f} {LINE} {height:.2f} re f 0 g"])
        for left, lines, tag in zip(edges, cells, tags, strict=False):
            first = top - PADDING - SIZE + 1
            words = [(line, first - number * LEADING) for number, line in enumerate(lines) if line]
            self._draw(tag, [shown(line, font, SIZE, left + PADDING, y) for line, y in words])
        ruled = [f"{edge:.2f} {top:.2f} m {edge:.2f} {low:.2f} l" for edge in edges]
        ruled += [f"{MARGIN} {y:.2f} m {WIDTH - MARGIN} {y:.2f} l" for y in (top, low)]
        self._draw(None, [f"0.4 w 0.45 G {' '.join(ruled)} S 0 G"])
        page.y = low

    def _draw(self, tag: Tag | None, drawn: Sequence[str], page: Page | None = None) -> None:
        """Put it on the page, as contents of `tag`; None: it is no part of the document (a line, a footer, a
        heading that is repeated).
        """
        page = page or self.page
        if self.made.structure is None or not drawn:
            page.drawn += drawn
        elif tag is None:
            page.drawn += ("/Artifact BMC", *drawn, "EMC")
        else:
            tag.marks.append((len(self.made.pages) - 1, len(page.marked)))
            page.drawn += (f"/{tag.kind} <</MCID {len(page.marked)}>> BDC", *drawn, "EMC")
            page.marked.append(tag)

    def _room(self, height: float) -> None:
        if self.page.y - height < BOTTOM:
            self.made.pages.append(Page())


def _edges(widths: Sequence[int]) -> list[float]:
    """The left edge of each column, and the right edge of the last."""
    total, at = sum(widths), float(MARGIN)
    edges = [at]
    for width in widths:
        at += LINE * width / total
        edges.append(at)
    return edges


def _cells(row: Sequence[str], edges: Sequence[float], font: Font) -> list[list[str]]:
    spans = zip(row, edges, edges[1:], strict=False)
    return [wrapped(one, font, SIZE, right - left - 2 * PADDING) for one, left, right in spans]


def _height(cells: Sequence[list[str]]) -> float:
    return max(map(len, cells)) * LEADING + 2 * PADDING - 1


def _parts(cells: list[list[str]], most: int = 40) -> list[list[list[str]]]:
    """A row that no page could hold, in several rows."""
    longest = max(map(len, cells))
    return [[lines[n : n + most] for lines in cells] for n in range(0, longest, most)]


def wrapped(content: str, font: Font, size: float, width: float) -> list[str]:
    """Lines no wider than `width` points; at least one. Words that are too long are cut."""
    most, blank = width * 1000 / size, font.width(" ")
    lines: list[str] = []
    for paragraph in content.replace("\r", "\n").replace("\t", " ").split("\n"):
        line, used = "", 0
        for word in paragraph.split(" "):
            wide = font.width(word)
            if line and used + blank + wide <= most:
                line, used = f"{line} {word}", used + blank + wide
                continue
            if line:
                lines.append(line)
            *full, line = _cut(word, font, most)
            lines += full
            used = font.width(line)
        lines.append(line)
    return lines


def _cut(word: str, font: Font, most: float) -> list[str]:
    """A word in pieces that fit; at least a character each."""
    pieces = []
    while font.width(word) > most and len(word) > 1:
        fits = (n for n in range(len(word) - 1, 0, -1) if n == 1 or font.width(word[:n]) <= most)
        cut = next(fits)
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def shown(line: str, font: Font, size: float, x: float, y: float) -> str:
    """PDF's words for a line of text at a place."""
    name = "F2" if font is bold() else "F1"
    glyphs = line.translate(font.hexadecimal)
    return f"BT /{name} {size:g} Tf {x:.2f} {y:.2f} Td <{glyphs}> Tj ET"
