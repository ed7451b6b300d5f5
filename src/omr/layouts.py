"""Which cards does a school print? Lesson and grade cards, on A4 and on A5 laid across.

The geometry is one for all (ADR 0100): 12 columns, a control line, and lines for pupils; A4 holds 30 pupils a
page, A5 10. Never a smaller pitch: more pupils go on a further card. Where a card of several lessons has two
lines to spare, these are for topics by hand (ADR 0134). A card's layout number says all a reader needs; what
the lines and blocks stand for is in the fact that the card was issued.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from dziennik.omr.template import Cell, Field, Kind, Marker, Square, Strip, Template, Timing

COLUMNS = 12
PITCH_X, PITCH_Y = 9.0, 7.5
FIRST_X, FIRST_Y = 82.0, 42.5
MARKER, INSET = 10.0, 14.0
BLOCKS = 4  # lessons on one lesson card

# What a mark on a card says. Grades are written as the register writes them.
GRADES = ("1", "2", "3", "4", "5", "6")
SIGNS = ("+", "-")
REMARKS = ("np", "bz", "nb")
ABSENT, LATE, RELEASED = "absent", "late", "released"
CONFIRMED, TOPIC_1, TOPIC_2, VOID = "confirmed", "topic-1", "topic-2", "void"


class Paper(StrEnum):
    """The paper a card is printed on; A5 is laid across, two of them fill an A4."""

    A4 = "A4"
    A5 = "A5"


HEIGHTS = {Paper.A4: 297.0, Paper.A5: 148.0}
PUPILS = {Paper.A4: 30, Paper.A5: 10}
WRITTEN = 2  # lines without cells, at the end of cards on which topics are written

# Layout numbers, as printed in the identity strip. A number's layout never changes: a change is a new number.
GRADE_CARDS = {Paper.A4: 1, Paper.A5: 2}
LESSON_CARDS = {
    paper: tuple(first + blocks for blocks in range(BLOCKS))
    for paper, first in ((Paper.A4, 11), (Paper.A5, 21))
}
# A card of one lesson has room for its topic at the foot.
WRITTEN_CARDS = {
    paper: {blocks: first + blocks for blocks in range(2, BLOCKS + 1)}
    for paper, first in ((Paper.A4, 30), (Paper.A5, 40))
}


def grade_card(paper: Paper) -> Template:
    """A column of the gradebook: a mark, a sign, a remark for each pupil; line 0 is the teacher's."""
    fields = [Field(name="control", kind=Kind.SINGLE, row=0, cells=(_cell(CONFIRMED, "ok", 11, 0),))]
    for row in range(1, PUPILS[paper] + 1):
        marks = [*enumerate(GRADES), *enumerate(REMARKS, 8)]
        fields += [
            Field(
                name="mark", kind=Kind.SINGLE, row=row, cells=tuple(_cell(m, m, at, row) for at, m in marks)
            ),
            Field(
                name="sign",
                kind=Kind.SINGLE,
                row=row,
                cells=tuple(_cell(s, s.replace("-", "−"), at, row) for at, s in enumerate(SIGNS, 6)),
            ),
            Field(name="void", kind=Kind.SINGLE, row=row, cells=(_cell(VOID, "X", 11, row),)),
        ]
    return _card(paper, GRADE_CARDS[paper], f"grades-{paper.lower()}", fields)


def lesson_card(paper: Paper, blocks: int) -> Template:
    """One to four lessons: what differs from presence; line 0 confirms a lesson and picks its topic."""
    number = LESSON_CARDS[paper][blocks - 1]
    return _card(paper, number, f"lessons-{blocks}-{paper.lower()}", _lessons(blocks, PUPILS[paper]))


def written_card(paper: Paper, blocks: int) -> Template:
    """Two to four lessons of fewer pupils: topics are written by hand in the last lines."""
    number, fields = WRITTEN_CARDS[paper][blocks], _lessons(blocks, PUPILS[paper] - WRITTEN)
    return _card(paper, number, f"lessons-{blocks}-written-{paper.lower()}", fields)


def card_for(paper: Paper, blocks: int, pupils: int) -> Template:
    """The card for so many lessons and pupils: with lines for topics, unless it would take more cards."""
    plain = lesson_card(paper, blocks)
    if blocks not in WRITTEN_CARDS[paper]:
        return plain
    written = written_card(paper, blocks)
    return written if -(-pupils // pupils_on(written)) == -(-pupils // pupils_on(plain)) else plain


def lines_to_write(form: Template) -> tuple[float, ...]:
    """Where (mm) a card has lines without cells below those of pupils, to write on by hand."""
    return form.timing.rows[pupils_on(form) + 1 :]


def pupils_on(form: Template) -> int:
    """How many pupils a card has lines for: all lines with cells but the teacher's."""
    return max(field.row for field in form.fields)


def _lessons(blocks: int, pupils: int) -> list[Field]:
    fields = []
    for block in range(blocks):
        at = 3 * block
        fields += [
            Field(
                name=f"lesson-{block + 1}", kind=Kind.SINGLE, row=0, cells=(_cell(CONFIRMED, "ok", at, 0),)
            ),
            Field(
                name=f"topic-{block + 1}",
                kind=Kind.SINGLE,
                row=0,
                cells=(_cell(TOPIC_1, "T1", at + 1, 0), _cell(TOPIC_2, "T2", at + 2, 0)),
            ),
        ]
    kinds = ((ABSENT, "nb"), (LATE, "sp"), (RELEASED, "zw"))
    for row in range(1, pupils + 1):
        fields += [
            Field(
                name=f"presence-{block + 1}",
                kind=Kind.SINGLE,
                row=row,
                cells=tuple(_cell(v, label, 3 * block + n, row) for n, (v, label) in enumerate(kinds)),
            )
            for block in range(blocks)
        ]
    return fields


@cache
def known() -> dict[int, Template]:
    """All layouts of this house by their number."""
    made = [grade_card(paper) for paper in Paper]
    made += [lesson_card(paper, blocks) for paper in Paper for blocks in range(1, BLOCKS + 1)]
    made += [written_card(paper, blocks) for paper, cards in WRITTEN_CARDS.items() for blocks in cards]
    return {template.number: template for template in made}


def _cell(value: str, label: str, column: int, row: int) -> Cell:
    return Cell(value=value, label=label, x=FIRST_X + column * PITCH_X, y=FIRST_Y + row * PITCH_Y)


def _card(paper: Paper, number: int, name: str, fields: list[Field]) -> Template:
    width, height = 210.0, HEIGHTS[paper]
    rows = tuple(FIRST_Y + row * PITCH_Y for row in range(PUPILS[paper] + 1))
    columns = tuple(FIRST_X + column * PITCH_X for column in range(COLUMNS))
    far_x, far_y = width - INSET - MARKER, height - INSET - MARKER
    first = 4 * list(Paper).index(
        paper
    )  # A4 has markers 0-3, A5 4-7: two A5 on a page are told apart from one A4
    corners = ((INSET, INSET), (far_x, INSET), (far_x, far_y), (INSET, far_y))
    places = tuple(Marker(id=first + n, x=x, y=y) for n, (x, y) in enumerate(corners))
    return Template(
        number=number,
        name=name,
        width=width,
        height=height,
        markers=(places[0], places[1], places[2], places[3]),
        marker_size=MARKER,
        strip=Strip(x=62, y=21, cell=2.5, columns=34),
        qr=Square(x=32, y=13, size=19),
        timing=Timing(
            rows=rows, columns=columns, left=74, right=196, top=35.5, bottom=rows[-1] + 7, size=2.4
        ),
        cell_width=5.0,
        cell_height=3.8,
        fields=tuple(fields),
    )
