"""What is asked of the cards: which a class has, what waits for a decision, how far are their lessons?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from dziennik.contracts.cards import CellFinding
from dziennik.domain.policies.card_doubts import Place, undecided
from dziennik.projections.cards import Card, CardSheet, LessonOnCard, Scan, TakenLesson
from dziennik.projections.rows import Lists, Span, View


def of_unit(view: View, unit_id: str) -> list[Card]:
    """Cards of a class or group, the latest first."""
    rows = view.find(Card, unit_id=unit_id)
    return sorted(rows, key=lambda row: (row.issued_at, row.card_id), reverse=True)


def lessons_of(view: Lists, card_ids: Iterable[str]) -> dict[str, list[LessonOnCard]]:
    """The lessons of cards in printed order, by card; cards for columns have none."""
    found: dict[str, list[LessonOnCard]] = {card_id: [] for card_id in card_ids}
    for row in view.find_each(LessonOnCard, "card_id", found) if found else ():
        found[row.card_id].append(row)
    return {card_id: sorted(rows, key=lambda row: row.number) for card_id, rows in found.items()}


def applied_of(lessons: Iterable[LessonOnCard]) -> int:
    """How many of these lessons are in the register."""
    return sum(lesson.applied_at is not None for lesson in lessons)


def teaches_on_cards(view: View, teacher_id: str, unit_id: str) -> bool:
    """Whether somebody teaches a lesson that a card of this class or group is for."""
    own = {row.card_id for row in view.find(LessonOnCard, teacher_id=teacher_id)}
    return any(card and card.unit_id == unit_id for card in view.many(Card, [(one,) for one in sorted(own)]))


def takes_lessons_in(view: View, teacher_id: str, since: date) -> set[str]:
    """Classes and groups in which somebody takes lessons instead of others, from that day on."""
    taken = view.find(TakenLesson, teacher_id=teacher_id)
    return {row.unit_id for row in taken if row.lesson_id >= since.isoformat()}  # ids begin with the day


def queue(view: View, unit_id: str) -> list[tuple[Card, CardSheet]]:
    """Sheets of a class's cards that wait for a decision or to be applied, oldest first.

    A card that was scanned twice stands there twice, until one of the scans is applied: `copies` tells.
    """
    return _with_cards(view, view.find(CardSheet, waiting=True, unit_id=unit_id))


def queue_of_scan(view: View, scan_id: str) -> list[tuple[Card, CardSheet]]:
    """The same of all that one scan shows, by page."""
    return _with_cards(view, [sheet for sheet in view.find(CardSheet, scan_id=scan_id) if sheet.waiting])


def waiting(view: View) -> list[tuple[Card, CardSheet]]:
    """The same of all classes."""
    return _with_cards(view, view.find(CardSheet, waiting=True))


def _with_cards(view: View, sheets: list[CardSheet]) -> list[tuple[Card, CardSheet]]:
    ids = sorted({sheet.card_id for sheet in sheets})
    cards = {card.card_id: card for card in view.many(Card, [(one,) for one in ids]) if card}
    found = [(card, sheet) for sheet in sheets if (card := cards.get(sheet.card_id))]
    return sorted(found, key=lambda pair: (pair[1].read_at, pair[1].scan_id, pair[1].page))


def copies(view: Lists, card_ids: Iterable[str]) -> dict[str, list[CardSheet]]:
    """By card, all sheets that wait, of cards of which more than one does: scanned twice, or photocopied."""
    by_card: dict[str, list[CardSheet]] = {}
    ids = sorted(set(card_ids))
    for sheet in view.find_each(CardSheet, "card_id", ids) if ids else ():
        if sheet.waiting:
            by_card.setdefault(sheet.card_id, []).append(sheet)
    return {card_id: sheets for card_id, sheets in by_card.items() if len(sheets) > 1}


def same_marks(one: CardSheet, other: CardSheet, shows: Callable[[str], bool] = bool) -> bool:
    """Whether the reader found the same in both scans of a card, in the fields that are asked about."""
    return _marks(one, shows) == _marks(other, shows)


def _marks(sheet: CardSheet, shows: Callable[[str], bool]) -> set[tuple[int, str, str, CellFinding]]:
    return {(cell.line, cell.field, cell.value, cell.finding) for cell in sheet.cells if shows(cell.field)}


def received_since(view: View, moment: datetime) -> list[Scan]:
    """Scans that came in then or later, the latest first."""
    rows = view.find(Scan, received_at=Span(moment))
    return sorted(rows, key=lambda row: (row.received_at, row.scan_id), reverse=True)


def unsure(card: Card, sheet: CardSheet) -> list[Place]:
    """Lines and fields that a person has yet to decide."""
    decided = {(one.line, one.field): one.values for one in sheet.decided}
    offered = [len(lesson.topics) for lesson in card.lessons]
    written = [one.lesson for one in sheet.topics if one.topic]
    return undecided((line.line for line in card.lines), sheet.cells, decided, offered, written)
