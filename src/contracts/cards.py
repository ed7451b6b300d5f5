"""Cards on paper: issued, printed from the school's stock, scanned, read, reviewed, applied once.

Streams ``card/{card}``, ``scan/{scan}`` (a scan's id is the SHA-256 of its bytes: the same bytes meet in one
stream) and ``cards/stock``. What a card leads to are ordinary entries, made by ordinary commands.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import AssignmentId, ColumnId, PersonId, UnitId, Value


class CardKind(StrEnum):
    """What a card is for: attendance of up to four lessons, or one column of grades."""

    LESSONS = "lessons"
    GRADES = "grades"


class CellFinding(StrEnum):
    """What the reader said of a cell that is not blank."""

    MARKED = "marked"
    CANCELLED = "cancelled"
    UNSURE = "unsure"


class CardLine(Value, frozen=True, kw_only=True):
    """Who stands in a line of the card. Lines never move: who comes later is not on the card."""

    line: int
    number: int
    pupil_id: PersonId
    class_id: UnitId


class CardLesson(Value, frozen=True, kw_only=True):
    """A lesson of a card, in printed order. `topics` are those that may be chosen by a mark.

    `plan` says which items they are, one by one: a plan has topics such as “Powtórzenie wiadomości” more than
    once. Cards that were made out before this was said have none.
    """

    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    topics: tuple[str, ...] = ()
    plan: FromPlan | None = None


class FoundCell(Value, frozen=True, kw_only=True):
    """A cell that is not blank. `cell` counts the layout's cells from 0; ink is in thousandths of black."""

    cell: int
    line: int
    field: str
    value: str
    finding: CellFinding
    ink: int


@fact("cards.stock_granted.1")
class StockGranted(Fact, frozen=True, kw_only=True):
    """The school got cards. `basis` says on what ground (a contract, active parent accounts)."""

    grant_id: str
    count: int
    basis: str


@fact("cards.card_issued.1")
class CardIssued(Fact, frozen=True, kw_only=True):
    """A card was made out: `layout` is its template's number, `lines` its pupils in printed order."""

    card_id: str
    layout: int
    kind: CardKind
    unit_id: UnitId
    lines: tuple[CardLine, ...]
    lessons: tuple[CardLesson, ...] = ()
    column_id: ColumnId | None = None
    assignment_id: AssignmentId | None = None


@fact("cards.cards_printed.1")
class CardsPrinted(Fact, frozen=True, kw_only=True):
    """Cards were printed and taken from the stock."""

    card_ids: tuple[str, ...]


@fact("cards.cards_spoilt.1")
class CardsSpoilt(Fact, frozen=True, kw_only=True):
    """Printed cards are of no use (a paper jam, no toner): their number stays taken."""

    card_ids: tuple[str, ...]
    reason: str


@fact("cards.card_voided.1")
class CardVoided(Fact, frozen=True, kw_only=True):
    """The card counts no more; whoever scans it is told so."""

    card_id: str
    reason: str


@fact("cards.scan_received.1")
class ScanReceived(Fact, frozen=True, kw_only=True):
    """A scan came in. `sha256` is of its bytes, which are kept encrypted beside the journal."""

    scan_id: str
    sha256: str
    media_type: str
    size: int


@fact("cards.page_set_aside.1")
class PageSetAside(Fact, frozen=True, kw_only=True):
    """A page of a scan gave no card: `why` is the reader's code ("blank" for an empty page)."""

    scan_id: str
    page: int
    why: str
    card_id: str | None = None


@fact("cards.page_named.1")
class PageNamed(Fact, frozen=True, kw_only=True):
    """A person typed the printed number of the card on a page that does not show which card it is.

    What the reader read then is the card's SheetRead; a later name takes the place of an earlier one.
    """

    scan_id: str
    page: int
    card_id: str


@fact("cards.sheet_withdrawn.1")
class SheetWithdrawn(Fact, frozen=True, kw_only=True):
    """The scan does not show the card after all: the page was named as another one since."""

    card_id: str
    scan_id: str


@fact("cards.sheet_read.1")
class SheetRead(Fact, frozen=True, kw_only=True):
    """The reader read the card on a page.

    `corners` are the card's on the page, in pixels: x, y of the top left, then clockwise. `why` is the
    reader's reason to ask a person, if it has one.
    """

    card_id: str
    scan_id: str
    page: int
    corners: tuple[int, ...]
    cells: tuple[FoundCell, ...]
    why: str | None = None


@fact("cards.field_decided.1")
class FieldDecided(Fact, frozen=True, kw_only=True):
    """A person decided what a field of a line says: `values` of the marks that hold, none for no mark."""

    card_id: str
    scan_id: str
    line: int
    field: str
    values: tuple[str, ...]


@fact("cards.topic_transcribed.1")
class TopicTranscribed(Fact, frozen=True, kw_only=True):
    """A person read what was written by hand on the card: the topic of its lesson number `lesson`, from 1."""

    card_id: str
    scan_id: str
    lesson: int
    topic: str


@fact("cards.scan_destroyed.1")
class ScanDestroyed(Fact, frozen=True, kw_only=True):
    """The pictures of a scan were kept long enough: the key under which they lie is to be destroyed.

    `received_on` is the day on which it came in, `allowed_from` the first on which it could go.
    """

    scan_id: str
    received_on: date
    allowed_from: date


@fact("cards.card_lesson_applied.1")
class CardLessonApplied(Fact, frozen=True, kw_only=True):
    """What the card says of its lesson number `lesson`, from 1, became entries, together with this fact."""

    card_id: str
    scan_id: str
    lesson: int


@fact("cards.card_applied.1")
class CardApplied(Fact, frozen=True, kw_only=True):
    """All that the card says is in the register: what was left of it became entries with this fact."""

    card_id: str
    scan_id: str


class NewCard(Value, frozen=True, kw_only=True):
    """A card to issue; `card_id` is the printed id."""

    card_id: str
    layout: int
    kind: CardKind
    unit_id: UnitId
    lines: tuple[CardLine, ...]
    lessons: tuple[CardLesson, ...] = ()
    column_id: ColumnId | None = None
    assignment_id: AssignmentId | None = None


class FoundSheet(Value, frozen=True, kw_only=True):
    """A card that the reader read."""

    page: int
    card_id: str
    corners: tuple[int, ...]
    cells: tuple[FoundCell, ...]
    why: str | None = None


class FoundPage(Value, frozen=True, kw_only=True):
    """A page without a card that could be read."""

    page: int
    why: str
    card_id: str | None = None


@command("cards.grant_stock")
class GrantStock(Command, frozen=True, kw_only=True):
    grant_id: str
    count: int
    basis: str


@command("cards.issue_cards")
class IssueCards(Command, frozen=True, kw_only=True):
    """Make out cards and take them from the stock; all or none."""

    cards: tuple[NewCard, ...]


@command("cards.spoil_cards")
class SpoilCards(Command, frozen=True, kw_only=True):
    card_ids: tuple[str, ...]
    reason: str


@command("cards.void_card")
class VoidCard(Command, frozen=True, kw_only=True):
    card_id: str
    reason: str


@command("cards.decide_field")
class DecideField(Command, frozen=True, kw_only=True):
    """What a field of a line says, decided by whoever may apply the card, or the lesson that it is of."""

    card_id: str
    scan_id: str
    line: int
    field: str
    values: tuple[str, ...] = ()


@command("cards.transcribe_topic")
class TranscribeTopic(Command, frozen=True, kw_only=True):
    """What stands on the card by hand is the topic of its lesson number `lesson`, whatever else is marked.

    An empty `topic`: nothing stands there.
    """

    card_id: str
    scan_id: str
    lesson: int
    topic: str


@command("cards.apply_card")
class ApplyCard(Command, frozen=True, kw_only=True):
    """Together with the entries that the card makes: of its lesson number `lesson`, or of all left."""

    card_id: str
    scan_id: str
    lesson: int | None = None


NO_SUCH_CARD = Reason("CARDS.NO_SUCH_CARD", pl="Nie wydano karty {card}.", en="No card {card} was issued.")
CARD_EXISTS = Reason(
    "CARDS.CARD_EXISTS", pl="Kartę {card} już wydano.", en="The card {card} is issued already."
)
CARD_IS_VOID = Reason(
    "CARDS.CARD_IS_VOID",
    pl="Karta {card} jest unieważniona: {reason}.",
    en="The card {card} is void: {reason}.",
)
CARD_WAS_APPLIED = Reason(
    "CARDS.CARD_WAS_APPLIED",
    pl="Karta {card} jest już w dzienniku{scan}. Popraw wpisy w dzienniku.",
    en="The card {card} is in the register already{scan}. Correct the entries there.",
    words={"scan": {"any": ("", ""), "other": (" z innego skanu", ", from another scan")}},
)
NOT_ON_CARD = Reason(
    "CARDS.NOT_ON_CARD",
    pl="Na karcie {card} nie ma takiego pola: {at}.",
    en="There is no such field on the card {card}: {at}.",
)
NO_SUCH_SHEET = Reason(
    "CARDS.NO_SUCH_SHEET", pl="Karty {card} nie ma w tym skanie.", en="The card {card} is not in this scan."
)
UNDECIDED_FIELDS = Reason(
    "CARDS.UNDECIDED_FIELDS",
    pl="Na karcie {card} zostały niepewne pola ({count}). Rozstrzygnij je.",
    en="The card {card} has undecided fields ({count}). Decide them.",
)
NOT_YOUR_CARD = Reason(
    "CARDS.NOT_YOUR_CARD", pl="Tę kartę prowadzi inny nauczyciel.", en="This card is another teacher's."
)
NOT_YOUR_LESSON_ON_CARD = Reason(
    "CARDS.NOT_YOUR_LESSON_ON_CARD",
    pl="Lekcję nr {lesson} z karty {card} prowadzi inny nauczyciel.",
    en="Lesson number {lesson} of the card {card} is another teacher's.",
)
LESSON_WAS_APPLIED = Reason(
    "CARDS.LESSON_WAS_APPLIED",
    pl="Lekcja nr {lesson} z karty {card} jest już w dzienniku. Popraw wpisy w dzienniku.",
    en="Lesson number {lesson} of the card {card} is in the register already. Correct the entries there.",
)
OUT_OF_STOCK = Reason(
    "CARDS.OUT_OF_STOCK",
    pl="W zapasie jest {left} kart, potrzeba {needed}.",
    en="There are {left} cards in stock, {needed} are needed.",
)
NOT_PRINTED = Reason(
    "CARDS.NOT_PRINTED", pl="Karty {card} nie wydrukowano.", en="The card {card} was not printed."
)
SCANNED_CARD = Reason(
    "CARDS.SCANNED_CARD",
    pl="Kartę {card} już zeskanowano, więc druk jej nie zepsuł. Jeśli ma się nie liczyć, unieważnij ją.",
    en="The card {card} was scanned, so printing did not spoil it. If it is not to count, void it.",
)
NOTHING_FOR_A_CARD = Reason(
    "CARDS.NOTHING_FOR_A_CARD",
    pl="Karta musi mieć uczniów oraz lekcje albo kolumnę ocen.",
    en="A card needs pupils, and lessons or a column of grades.",
)
COUNT_NOT_POSITIVE = Reason(
    "CARDS.COUNT_NOT_POSITIVE",
    pl="Liczba kart musi być dodatnia.",
    en="The number of cards must be positive.",
)
TOPIC_NOT_PRINTED = Reason(
    "CARDS.TOPIC_NOT_PRINTED",
    pl="Na karcie {card} nie ma tematu {topic} dla lekcji nr {lesson}. Przepisz ręczny albo wybierz żaden.",
    en="The card {card} offers no topic {topic} for lesson number {lesson}. Transcribe one, or choose none.",
)
NOT_IN_TIMETABLE = Reason(
    "CARDS.NOT_IN_TIMETABLE",
    pl="W dniu {day} oddział nie ma w planie lekcji nr {period}. W planie są: {known}.",
    en="On {day} the class has no lesson number {period} in its timetable. It has: {known}.",
)
NO_SUCH_LESSON_ON_CARD = Reason(
    "CARDS.NO_SUCH_LESSON_ON_CARD",
    pl="Na karcie {card} nie ma lekcji nr {lesson}.",
    en="The card {card} has no lesson number {lesson}.",
)
OTHER_MARKS = Reason(
    "CARDS.OTHER_MARKS",
    pl="W polu zaznaczono coś innego niż dozwolone wartości: {allowed}.",
    en="The field allows other values: {allowed}.",
)
