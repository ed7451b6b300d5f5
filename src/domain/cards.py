"""The rules for cards: issued from stock, spoilt, voided, scanned. `card_reviewing`: decided and applied."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import card_scans, streams
from dziennik.contracts import cards as said
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.grades import NO_SUCH_COLUMN
from dziennik.contracts.refusals import Refusal, together
from dziennik.domain.card_owners import fault_in_owner, lesson_numbers
from dziennik.domain.card_scans import scan
from dziennik.domain.card_stock import stock
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.gradebook import column
from dziennik.domain.lessons import assigned
from dziennik.domain.policies.card_doubts import Place, marked, undecided
from dziennik.domain.rulebook import OFFICE, TEACHING, decides
from dziennik.domain.units import not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A card as one scan shows it, with what was decided since."""

    read: said.SheetRead
    decided: Mapping[Place, tuple[str, ...]] = {}

    topics: Mapping[int, str] = {}  # as transcribed, by the lesson's number on the card

    def values(self, line: int, field: str) -> tuple[str, ...]:
        """What the field says: as decided, or else as read."""
        said_so = self.decided.get((line, field))
        return said_so if said_so is not None else marked(self.read.cells, (line, field))

    def undecided(self, issued: said.CardIssued) -> list[Place]:
        """What a person has yet to say."""
        offered = [len(lesson.topics) for lesson in issued.lessons]
        written = [lesson for lesson, topic in self.topics.items() if topic]
        lines = (line.line for line in issued.lines)
        return undecided(lines, self.read.cells, self.decided, offered, written)


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One card; `issued` is None until it is issued, `applied` names the scan that it was applied from.

    `lessons` are those that were applied alone, by number, and the scan: it is the same for all.
    """

    issued: said.CardIssued | None = None
    voided: str | None = None
    sheets: Mapping[str, Sheet] = {}
    lessons: Mapping[int, str] = {}
    applied: str | None = None

    @property
    def taken_from(self) -> str | None:
        """The scan from which the card is in the register, all of it or some lessons."""
        return self.applied or next(iter(self.lessons.values()), None)

    @property
    def left(self) -> frozenset[int]:
        """Numbers of the lessons that were not applied alone."""
        return lesson_numbers(self.issued) - self.lessons.keys()


_evolve: Evolution[Card] = Evolution()


def card(card_id: str) -> Stream[Card]:
    """The stream of a card."""
    return Stream(streams.card(card_id), Card(), _evolve)


@_evolve.on(said.CardIssued)
def _issued(state: Card, fact: said.CardIssued) -> Card:
    return replace(state, issued=fact)


@_evolve.on(said.CardVoided)
def _voided(state: Card, fact: said.CardVoided) -> Card:
    return replace(state, voided=fact.reason)


@_evolve.on(said.SheetRead)
def _read(state: Card, fact: said.SheetRead) -> Card:
    return replace(state, sheets=put(state.sheets, fact.scan_id, Sheet(read=fact)))


@_evolve.on(said.SheetWithdrawn)
def _withdrawn(state: Card, fact: said.SheetWithdrawn) -> Card:
    others = {scan_id: sheet for scan_id, sheet in state.sheets.items() if scan_id != fact.scan_id}
    return replace(state, sheets=others)


@_evolve.on(said.FieldDecided)
def _decided(state: Card, fact: said.FieldDecided) -> Card:
    sheet = state.sheets[fact.scan_id]
    decided = put(sheet.decided, (fact.line, fact.field), fact.values)
    return replace(state, sheets=put(state.sheets, fact.scan_id, replace(sheet, decided=decided)))


@_evolve.on(said.TopicTranscribed)
def _transcribed(state: Card, fact: said.TopicTranscribed) -> Card:
    sheet = state.sheets[fact.scan_id]
    topics = put(sheet.topics, fact.lesson, fact.topic)
    return replace(state, sheets=put(state.sheets, fact.scan_id, replace(sheet, topics=topics)))


@_evolve.on(said.CardLessonApplied)
def _lesson_applied(state: Card, fact: said.CardLessonApplied) -> Card:
    return replace(state, lessons=put(state.lessons, fact.lesson, fact.scan_id))


@_evolve.on(said.CardApplied)
def _applied(state: Card, fact: said.CardApplied) -> Card:
    return replace(state, applied=fact.scan_id)


@decides(said.IssueCards, by=OFFICE | TEACHING)
def _issue(world: World, command: said.IssueCards, asked: Asked) -> Decision:
    if not command.cards:
        return said.NOTHING_FOR_A_CARD(field="cards")
    known = world.many([card(new.card_id) for new in command.cards])
    wanted = [said.CardIssued(**msgspec.structs.asdict(new)) for new in command.cards]
    if [each.issued for each in known] == wanted:
        return []
    refusals: list[Refusal] = []
    for at, (new, state) in enumerate(zip(command.cards, known, strict=True)):
        fault = _fault_in_card(world, new, asked)
        if state.issued or any(other.card_id == new.card_id for other in command.cards[:at]):
            fault = said.CARD_EXISTS(card=new.card_id, field="card_id")
        if fault:
            refusals.append(replace(fault, field=f"cards[{at}].{fault.field}"))
    left = world[stock()].left
    if not refusals and left < len(wanted):
        return said.OUT_OF_STOCK(left=left, needed=len(wanted), field="cards")
    printed = said.CardsPrinted(card_ids=tuple(new.card_id for new in command.cards))
    entries = [Entry(streams.card(fact.card_id), fact) for fact in wanted]
    return together(refusals) or [*entries, Entry(streams.CARD_STOCK, printed)]


def _fault_in_card(world: World, new: said.NewCard, asked: Asked) -> Refusal | None:
    """Something is on the card, of assignments that exist; a teacher issues own ones."""
    home = world[unit(new.unit_id)]
    if home.name is None:
        return not_a_unit(new.unit_id)
    lines = [line.line for line in new.lines]
    grades = new.column_id is not None and new.kind is said.CardKind.GRADES
    lessons = bool(new.lessons) and new.kind is said.CardKind.LESSONS
    if not lines or len(set(lines)) != len(lines) or grades == lessons:
        return said.NOTHING_FOR_A_CARD(field="lines")
    if grades:
        return _fault_in_column(world, new, asked)
    for at, lesson in enumerate(new.lessons):
        assignment = assigned(world[unit(lesson.unit_id)], lesson.assignment_id, lesson.on)
        if isinstance(assignment, Refusal):
            return replace(assignment, field=f"lessons[{at}].{assignment.field}")
    return _fault_in_lessons(world, new, asked)


def _fault_in_lessons(world: World, new: said.NewCard, asked: Asked) -> Refusal | None:
    """A teacher issues cards for own lessons alone, the homeroom teacher for all of the class."""
    me = asked.actor.person
    if me is not None and world[unit(new.unit_id)].homeroom_teacher(asked.today) == me:
        return None
    issued = said.CardIssued(**msgspec.structs.asdict(new))
    fault = fault_in_owner(world, issued, lesson_numbers(issued), asked)
    return replace(fault, field="lessons") if fault else None


def _fault_in_column(world: World, new: said.NewCard, asked: Asked) -> Refusal | None:
    opened = world[column(new.unit_id, new.column_id or "")].opened
    if opened is None:
        return NO_SUCH_COLUMN(column=new.column_id or "", field="column_id")
    assignment = assigned(world[unit(new.unit_id)], opened.assignment_id, opened.on)
    if isinstance(assignment, Refusal):
        return assignment
    theirs = asked.actor.role is not Role.TEACHER or asked.actor.person == assignment.teacher_id
    return None if theirs else said.NOT_YOUR_CARD(field="column_id")


@decides(said.SpoilCards, by=OFFICE)
def _spoil(world: World, command: said.SpoilCards, _: Asked) -> Decision:
    """What was scanned came out of the printer well: whoever wants it to count no more voids it."""
    state = world[stock()]
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    fresh = tuple(dict.fromkeys(one for one in command.card_ids if one not in state.spoilt))
    for card_id, known in zip(fresh, world.many([card(one) for one in fresh]), strict=True):
        if card_id not in state.printed:
            return said.NOT_PRINTED(card=card_id, field="card_ids")
        if known.sheets:
            return said.SCANNED_CARD(card=card_id, field="card_ids")
    spoilt = said.CardsSpoilt(card_ids=fresh, reason=command.reason)
    return [Entry(streams.CARD_STOCK, spoilt)] if fresh else []


@decides(said.VoidCard, by=OFFICE | TEACHING)
def _void(world: World, command: said.VoidCard, asked: Asked) -> Decision:
    state = world[card(command.card_id)]
    if state.issued is None:
        return said.NO_SUCH_CARD(card=command.card_id, field="card_id")
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    fault = fault_in_owner(world, state.issued, lesson_numbers(state.issued), asked)
    if fault:
        return replace(fault, field="card_id")
    if state.taken_from:
        return said.CARD_WAS_APPLIED(card=command.card_id, scan="any", field="card_id")
    if state.voided is not None:
        same = state.voided == command.reason
        return [] if same else said.CARD_IS_VOID(card=command.card_id, reason=state.voided, field="card_id")
    return [
        Entry(streams.card(command.card_id), said.CardVoided(card_id=command.card_id, reason=command.reason))
    ]


@decides(card_scans.RecordScan, by=OFFICE | TEACHING)
def _record(world: World, command: card_scans.RecordScan, _: Asked) -> Decision:
    if command.scan_id != command.sha256:
        return card_scans.SCAN_ID_IS_ITS_DIGEST(field="scan_id")
    known = world[scan(command.scan_id)]
    if known.received:
        return [] if known.destroyed else _read_since(world, command, known.nameless)
    received = said.ScanReceived(
        scan_id=command.scan_id, sha256=command.sha256, media_type=command.media_type, size=command.size
    )
    entries = [Entry(streams.scan(command.scan_id), received)]
    entries += [_set_aside(command.scan_id, page) for page in command.pages]
    for found in command.sheets:
        entries.append(_sheet(world, command.scan_id, found, entries))
    return entries


def _read_since(world: World, command: card_scans.RecordScan, nameless: frozenset[int]) -> list[Entry]:
    """What the reader did not get from a scan when it came in: it was stopped, or was an older one.

    Cards, and pages of which only the card's name is missing by now: a person may type it.
    """
    entries = [
        _set_aside(command.scan_id, page)
        for page in command.pages
        if page.why == card_scans.NAMELESS and page.page not in nameless
    ]
    for found in command.sheets:
        state = world[card(found.card_id)]
        known = command.scan_id in state.sheets or _among(entries, found.card_id)
        if not known and not_to_read(world, found.card_id) is None:
            entries.append(as_read(command.scan_id, found))
    return entries


def _sheet(world: World, scan_id: str, found: said.FoundSheet, before: list[Entry]) -> Entry:
    """A sheet of a card that may be read; any other page is set aside with the reason."""
    why = "copy_in_scan" if _among(before, found.card_id) else not_to_read(world, found.card_id)
    if why:
        return _set_aside(scan_id, said.FoundPage(page=found.page, why=why, card_id=found.card_id))
    return as_read(scan_id, found)


def _set_aside(scan_id: str, page: said.FoundPage) -> Entry:
    """That the page gave no card, and why."""
    return Entry(streams.scan(scan_id), said.PageSetAside(scan_id=scan_id, **msgspec.structs.asdict(page)))


def as_read(scan_id: str, found: said.FoundSheet) -> Entry:
    """That the reader read the card."""
    read = said.SheetRead(scan_id=scan_id, **msgspec.structs.asdict(found))
    return Entry(streams.card(found.card_id), read)


def _among(entries: list[Entry], card_id: str) -> bool:
    """Whether one of them says that the card was read."""
    return any(isinstance(one.fact, said.SheetRead) and one.fact.card_id == card_id for one in entries)


def not_to_read(world: World, card_id: str) -> str | None:
    """Why a card that a scan shows is not taken, as a code; None: it is. What is spoilt stays so."""
    state = world[card(card_id)]
    if state.issued is None:
        return "not_issued"
    if state.voided is not None:
        return "voided"
    if card_id in world[stock()].spoilt and not state.sheets:
        return "spoilt"
    return "already_applied" if state.taken_from else None
