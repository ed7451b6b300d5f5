"""Which cards were issued, what did scans of them say, and what became of the stock? Asked: `card_questions`.

Each lesson of a card is of who held it, before that of the substitute, else of the assignment's teacher (the
rule of `domain.card_owners`). These see cards of their lessons also in classes where they teach nothing
else, so the wall lets them through by the lesson.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import card_scans
from dziennik.contracts import cards as said
from dziennik.contracts.cards import CardKind, CardLesson, CardLine, FoundCell
from dziennik.contracts.classes import TeachingAssigned
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.lessons import LessonHeld, SubstitutionArranged, lesson_id
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

CARDS = ReadModel("cards", version=8)
on = CARDS.on
STOCK = "stock"
OF_OWN_LESSONS = (
    "unit_id = ANY ({units}) OR EXISTS (SELECT FROM {schema}.{model}_lesson_on_card{suffix} AS l"
    " WHERE l.card_id = {table}.card_id AND l.teacher_id = {person})"
)


class DecidedField(msgspec.Struct, frozen=True):
    """What a person said of a field, and who and when."""

    line: int
    field: str
    values: tuple[str, ...]
    by: str
    at: datetime


@CARDS.table(key=("card_id",), indexes=(("unit_id",),), staff=OF_OWN_LESSONS)
class Card(Row, frozen=True):
    """A card that was issued, as the fact at `position` says; `applied_scan`: whose marks became entries."""

    card_id: str
    unit_id: str
    layout: int
    kind: CardKind
    lines: tuple[CardLine, ...]
    lessons: tuple[CardLesson, ...]
    column_id: str | None
    assignment_id: str | None
    position: int
    issued_at: datetime
    issued_by: str
    voided: str | None = None
    applied_scan: str | None = None
    applied_at: datetime | None = None
    applied_by: str | None = None


class WrittenTopic(msgspec.Struct, frozen=True):
    """A topic written by hand, as somebody transcribed it; `lesson` is its number on the card."""

    lesson: int
    topic: str
    by: str
    at: datetime


@CARDS.table(key=("card_id", "scan_id"), indexes=(("scan_id",), ("waiting", "unit_id")), staff=OF_OWN_LESSONS)
class CardSheet(Row, frozen=True):
    """A card as one scan shows it, with what was decided since. `waiting`: nothing came of the card yet."""

    card_id: str
    scan_id: str
    unit_id: str
    page: int
    corners: tuple[int, ...]
    cells: tuple[FoundCell, ...]
    why: str | None
    read_at: datetime
    decided: tuple[DecidedField, ...] = ()
    topics: tuple[WrittenTopic, ...] = ()
    waiting: bool = True


@CARDS.table(
    key=("card_id", "number"),
    indexes=(("teacher_id", "waiting"), ("unit_id", "lesson_id"), ("unit_id", "assignment_id")),
)
class LessonOnCard(Row, frozen=True):
    """A lesson of a card, by its number there. `teacher_id` is who teaches it, empty for nobody known.

    `waiting`: the card was scanned, and nothing came of this lesson yet.
    """

    card_id: str
    number: int
    unit_id: str
    lesson_id: str
    assignment_id: str
    teacher_id: str
    waiting: bool = False
    applied_at: datetime | None = None
    applied_by: str | None = None


@CARDS.table(key=("unit_id", "assignment_id"))
class Teaching(Row, frozen=True):
    """Whose assignment it is, or was until it ended: cards name only the assignment."""

    unit_id: str
    assignment_id: str
    teacher_id: str


@CARDS.table(key=("unit_id", "lesson_id"), indexes=(("teacher_id",),))
class TakenLesson(Row, frozen=True):
    """Who held a lesson, else who is to take it instead; a card may be printed for it afterwards."""

    unit_id: str
    lesson_id: str
    teacher_id: str
    held: bool


class AsidePage(msgspec.Struct, frozen=True):
    """A page that gave no card, and why. `named`: the card that it shows by a person's word, read then."""

    page: int
    why: str
    card_id: str | None
    named: str | None = None


@CARDS.table(key=("scan_id",), indexes=(("received_at",),))
class Scan(Row, frozen=True):
    """A scan with the pages that were set aside. `destroyed_at`: its pictures are gone since."""

    scan_id: str
    media_type: str
    size: int
    received_at: datetime
    received_by: str
    aside: tuple[AsidePage, ...] = ()
    destroyed_at: datetime | None = None


@CARDS.table(key=("stock_id",))
class Stock(Row, frozen=True):
    """The school's stock, and what became of it. There is one.

    `scanned` counts cards that at least one scan shows: a photocopy adds nothing.
    """

    stock_id: str
    granted: int = 0
    printed: int = 0
    spoilt: int = 0
    voided: int = 0
    scanned: int = 0

    @property
    def left(self) -> int:
        """Cards that may still be printed."""
        return self.granted - self.printed


@CARDS.table(key=("card_id",))
class SpoiltCard(Row, frozen=True):
    """A printed card that is of no use, and why."""

    card_id: str
    reason: str


@on(said.StockGranted)
def stock_granted(rows: Rows, fact: said.StockGranted, _: Recorded) -> None:
    now = stock(rows)
    rows.put(replace(now, granted=now.granted + fact.count))


@on(said.CardsPrinted)
def cards_printed(rows: Rows, fact: said.CardsPrinted, _: Recorded) -> None:
    now = stock(rows)
    rows.put(replace(now, printed=now.printed + len(fact.card_ids)))


@on(said.CardsSpoilt)
def cards_spoilt(rows: Rows, fact: said.CardsSpoilt, _: Recorded) -> None:
    now = stock(rows)
    rows.put(replace(now, spoilt=now.spoilt + len(fact.card_ids)))
    for card_id in fact.card_ids:
        rows.put(SpoiltCard(card_id, fact.reason))


@on(said.CardIssued)
def card_issued(rows: Rows, fact: said.CardIssued, recorded: Recorded) -> None:
    card = Card(
        **msgspec.structs.asdict(fact),
        position=recorded.position,
        issued_at=recorded.origin.recorded_at,
        issued_by=_actor(recorded),
    )
    rows.put(card)
    for number, one in enumerate(fact.lessons, 1):
        known, teacher_id = lesson_id(one.on, one.period, one.assignment_id), teacher_of(rows, one)
        rows.put(LessonOnCard(fact.card_id, number, one.unit_id, known, one.assignment_id, teacher_id))


# The end of an assignment and a lesson's cancellation leave the lesson whose it was.


@on(TeachingAssigned)
def teaching_assigned(rows: Rows, fact: TeachingAssigned, _: Recorded) -> None:
    """Mostly before any card; after, where the fact was parked."""
    rows.put(Teaching(fact.unit_id, fact.assignment_id, fact.teacher_id))
    for lesson in rows.find(LessonOnCard, unit_id=fact.unit_id, assignment_id=fact.assignment_id):
        if rows.get(TakenLesson, fact.unit_id, lesson.lesson_id) is None:
            rows.put(replace(lesson, teacher_id=fact.teacher_id))


@on(SubstitutionArranged, LessonHeld)
def lesson_taken(rows: Rows, fact: SubstitutionArranged | LessonHeld, _: Recorded) -> None:
    """A substitution says nothing more of a lesson that was held."""
    held = isinstance(fact, LessonHeld)
    before = None if held else rows.get(TakenLesson, fact.unit_id, fact.lesson_id)
    if before and before.held:
        return
    rows.put(TakenLesson(fact.unit_id, fact.lesson_id, fact.teacher_id, held))
    for lesson in rows.find(LessonOnCard, unit_id=fact.unit_id, lesson_id=fact.lesson_id):
        rows.put(replace(lesson, teacher_id=fact.teacher_id))


@on(said.CardVoided)
def card_voided(rows: Rows, fact: said.CardVoided, _: Recorded) -> None:
    now = stock(rows)
    rows.put(replace(_card(rows, fact.card_id), voided=fact.reason))
    rows.put(replace(now, voided=now.voided + 1))
    _waits_no_more(rows, fact.card_id)
    for lesson in rows.find(LessonOnCard, card_id=fact.card_id):
        rows.put(replace(lesson, waiting=False))


@on(said.ScanReceived)
def scan_received(rows: Rows, fact: said.ScanReceived, recorded: Recorded) -> None:
    rows.put(
        Scan(
            scan_id=fact.scan_id,
            media_type=fact.media_type,
            size=fact.size,
            received_at=recorded.origin.recorded_at,
            received_by=_actor(recorded),
        )
    )


@on(said.PageSetAside)
def page_set_aside(rows: Rows, fact: said.PageSetAside, _: Recorded) -> None:
    scan = _scan(rows, fact.scan_id)
    rows.put(replace(scan, aside=(*scan.aside, AsidePage(fact.page, fact.why, fact.card_id))))


@on(said.PageNamed)
def page_named(rows: Rows, fact: said.PageNamed, _: Recorded) -> None:
    scan = _scan(rows, fact.scan_id)
    aside = tuple(
        replace(one, named=fact.card_id) if (one.page, one.why) == (fact.page, card_scans.NAMELESS) else one
        for one in scan.aside
    )
    rows.put(replace(scan, aside=aside))


@on(said.SheetWithdrawn)
def sheet_withdrawn(rows: Rows, fact: said.SheetWithdrawn, _: Recorded) -> None:
    """Its lessons wait on only if another scan shows the card."""
    rows.delete(CardSheet, fact.card_id, fact.scan_id)
    left, now = rows.find(CardSheet, card_id=fact.card_id), stock(rows)
    rows.put(replace(now, scanned=now.scanned - (not left)))
    waits = any(sheet.waiting for sheet in left)
    for lesson in rows.find(LessonOnCard, card_id=fact.card_id):
        rows.put(replace(lesson, waiting=lesson.waiting and waits))


@on(said.ScanDestroyed)
def scan_destroyed(rows: Rows, fact: said.ScanDestroyed, recorded: Recorded) -> None:
    rows.put(replace(_scan(rows, fact.scan_id), destroyed_at=recorded.origin.recorded_at))


@on(said.SheetRead)
def sheet_read(rows: Rows, fact: said.SheetRead, recorded: Recorded) -> None:
    card, now = _card(rows, fact.card_id), stock(rows)
    if not rows.find(CardSheet, card_id=fact.card_id):
        rows.put(replace(now, scanned=now.scanned + 1))
    sheet = CardSheet(
        **msgspec.structs.asdict(fact), unit_id=card.unit_id, read_at=recorded.origin.recorded_at
    )
    rows.put(sheet)
    for lesson in rows.find(LessonOnCard, card_id=fact.card_id):
        rows.put(replace(lesson, waiting=lesson.applied_at is None))


@on(said.FieldDecided)
def field_decided(rows: Rows, fact: said.FieldDecided, recorded: Recorded) -> None:
    sheet = _sheet(rows, fact.card_id, fact.scan_id)
    others = [one for one in sheet.decided if (one.line, one.field) != (fact.line, fact.field)]
    new = DecidedField(fact.line, fact.field, fact.values, _actor(recorded), recorded.origin.recorded_at)
    rows.put(replace(sheet, decided=(*others, new)))


@on(said.TopicTranscribed)
def topic_transcribed(rows: Rows, fact: said.TopicTranscribed, recorded: Recorded) -> None:
    sheet = _sheet(rows, fact.card_id, fact.scan_id)
    others = [one for one in sheet.topics if one.lesson != fact.lesson]
    new = WrittenTopic(fact.lesson, fact.topic, _actor(recorded), recorded.origin.recorded_at)
    rows.put(replace(sheet, topics=(*others, new)))


@on(said.CardLessonApplied)
def card_lesson_applied(rows: Rows, fact: said.CardLessonApplied, recorded: Recorded) -> None:
    lesson = rows.get(LessonOnCard, fact.card_id, fact.lesson)
    if lesson is None:
        raise LookupError(f"no lesson {fact.lesson} on {fact.card_id}")
    rows.put(_in_register(lesson, recorded))
    _waits_no_more(rows, fact.card_id, but=fact.scan_id)


@on(said.CardApplied)
def card_applied(rows: Rows, fact: said.CardApplied, recorded: Recorded) -> None:
    for lesson in rows.find(LessonOnCard, card_id=fact.card_id):
        if lesson.applied_at is None:
            rows.put(_in_register(lesson, recorded))
    applied = replace(
        _card(rows, fact.card_id),
        applied_scan=fact.scan_id,
        applied_at=recorded.origin.recorded_at,
        applied_by=_actor(recorded),
    )
    rows.put(applied)
    _waits_no_more(rows, fact.card_id)


def teacher_of(view: View, lesson: CardLesson) -> str:
    """Who held a lesson, else who is to take it, else whose the assignment is; "" for nobody known."""
    known = lesson_id(lesson.on, lesson.period, lesson.assignment_id)
    taken = view.get(TakenLesson, lesson.unit_id, known)
    teaching = taken or view.get(Teaching, lesson.unit_id, lesson.assignment_id)
    return teaching.teacher_id if teaching else ""


def stock(view: View) -> Stock:
    """The stock; nothing was granted before the first grant."""
    return view.get(Stock, STOCK) or Stock(STOCK)


def _waits_no_more(rows: Rows, card_id: str, but: str | None = None) -> None:
    """A card is applied from one scan: from the scan `but`, or from none any more."""
    for sheet in rows.find(CardSheet, card_id=card_id):
        if sheet.scan_id != but:
            rows.put(replace(sheet, waiting=False))


def _in_register(lesson: LessonOnCard, recorded: Recorded) -> LessonOnCard:
    at, by = recorded.origin.recorded_at, _actor(recorded)
    return replace(lesson, waiting=False, applied_at=at, applied_by=by)


def _sheet(rows: Rows, card_id: str, scan_id: str) -> CardSheet:
    row = rows.get(CardSheet, card_id, scan_id)
    if row is None:
        raise LookupError(f"no sheet of {card_id} in {scan_id}")
    return row


def _scan(rows: Rows, scan_id: str) -> Scan:
    row = rows.get(Scan, scan_id)
    if row is None:
        raise LookupError(f"no scan {scan_id}")
    return row


def _card(rows: Rows, card_id: str) -> Card:
    row = rows.get(Card, card_id)
    if row is None:
        raise LookupError(f"no card {card_id}")
    return row


def _actor(recorded: Recorded) -> str:
    actor = recorded.origin.actor
    return actor.person or actor.account
