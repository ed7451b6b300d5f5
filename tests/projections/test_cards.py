"""Cards, scans, what is left to decide, and the stock."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import cards as facts
from dziennik.contracts import lessons, streams
from dziennik.projections import cards
from dziennik.projections.as_of import as_of
from dziennik.projections.cards import CARDS, AsidePage, Stock
from dziennik.projections.rows import View
from tests.projections.agreement import agree
from tests.projections.card_histories import FIRST, digest, issued, read, received
from tests.projections.histories import NOWAK, History, a_school
from tests.projections.listed import Listed

LIS = replace(NOWAK, account="acc-lis", person="lis")
ONE, TWO = digest(1), digest(2)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [CARDS], journal.position())


def scanned(history: History) -> History:
    """Two cards of A scanned (the first twice), and one of B."""
    for card_id, unit_id in (("K1", "A"), ("K2", "A"), ("K9", "B")):
        history.tell(streams.card(card_id), issued(card_id, unit_id))
    history.tell(streams.scan(ONE), received(ONE))
    history.tell(streams.card("K1"), read("K1", ONE, 1))
    history.tell(streams.card("K2"), read("K2", ONE, 2))
    history.tell(streams.card("K9"), read("K9", ONE, 3))
    history.tell(streams.scan(TWO), received(TWO))
    history.tell(streams.card("K1"), read("K1", TWO))
    return history


def test_the_queue_holds_what_waits_and_nothing_else(common: str) -> None:
    history = scanned(a_school())
    view = view_of(history)
    assert [(card.card_id, sheet.scan_id) for card, sheet in cards.queue(view, "A")] == [
        ("K1", ONE),
        ("K2", ONE),
        ("K1", TWO),
    ]
    history.tell(streams.card("K2"), facts.CardVoided(card_id="K2", reason="zgubiona"))
    history.tell(streams.card("K1"), facts.CardApplied(card_id="K1", scan_id=TWO))
    assert cards.queue(view_of(history), "A") == []
    assert [card.card_id for card, _ in cards.queue(view_of(history), "B")] == ["K9"]
    applied = next(card for card in cards.of_unit(view_of(history), "A") if card.card_id == "K1")
    assert (applied.applied_scan, applied.applied_by) == (TWO, NOWAK.person)
    agree(common, CARDS, history, (3, 1))


def state(view: View, card_id: str) -> list[tuple[int, str, bool, str | None]]:
    """Of each lesson of a card: its number, who teaches it, whether it waits, who applied it."""
    rows = view.find(cards.LessonOnCard, card_id=card_id)
    return [(row.number, row.teacher_id, row.waiting, row.applied_by) for row in rows]


def test_lessons_of_a_card_go_into_the_register_one_by_one(common: str) -> None:
    history = a_school()
    for card_id, unit_id in (("K1", "A"), ("K2", "A"), ("K9", "B")):
        history.tell(streams.card(card_id), issued(card_id, unit_id, 3))
    assert state(view_of(history), "K1") == [(number, "nowak", False, None) for number in (1, 2, 3)]
    for scan_id, card_id in ((ONE, "K1"), (TWO, "K1"), (ONE, "K2"), (ONE, "K9")):
        history.tell(streams.card(card_id), read(card_id, scan_id))
    second = facts.CardLessonApplied(card_id="K1", scan_id=TWO, lesson=2)
    history.tell(streams.card("K1"), second, actor=LIS)
    view = view_of(history)
    assert [(card.card_id, sheet.scan_id) for card, sheet in cards.queue(view, "A")] == [
        ("K1", TWO),
        ("K2", ONE),
    ]
    assert state(view, "K1") == [
        (1, "nowak", True, None),
        (2, "nowak", False, "lis"),
        (3, "nowak", True, None),
    ]
    history.tell(streams.card("K1"), facts.CardApplied(card_id="K1", scan_id=TWO))
    history.tell(streams.card("K2"), facts.CardVoided(card_id="K2", reason="zgubiona"))
    view = view_of(history)
    assert state(view, "K1") == [
        (1, "nowak", False, "nowak"),
        (2, "nowak", False, "lis"),
        (3, "nowak", False, "nowak"),
    ]
    assert state(view, "K2") == [(number, "nowak", False, None) for number in (1, 2, 3)]
    waiting = view.find(cards.LessonOnCard, teacher_id="nowak", waiting=True)
    assert [(row.card_id, row.number) for row in waiting] == [("K9", number) for number in (1, 2, 3)]
    agree(common, CARDS, history, (2, 3))


def test_a_lesson_on_a_card_is_of_who_takes_it(common: str) -> None:
    def substituted(unit_id: str, period: int) -> lessons.SubstitutionArranged:
        return lessons.SubstitutionArranged(
            unit_id=unit_id,
            lesson_id=lessons.lesson_id(FIRST, period, f"mat-{unit_id}"),
            on=FIRST,
            period=period,
            assignment_id=f"mat-{unit_id}",
            teacher_id="lis",
            instead_of="nowak",
            reason="choroba",
        )

    history = a_school()
    before, after, elsewhere = substituted("A", 1), substituted("A", 2), substituted("B", 3)
    history.tell(streams.lesson("A", before.lesson_id), before)
    history.tell(streams.card("K1"), issued("K1", "A", 3))
    history.tell(streams.lesson("A", after.lesson_id), after)
    history.tell(streams.lesson("B", elsewhere.lesson_id), elsewhere)
    view = view_of(history)
    assert [teacher for _, teacher, _, _ in state(view, "K1")] == ["lis", "lis", "nowak"]
    assert [cards.teaches_on_cards(view, "lis", unit_id) for unit_id in "AB"] == [True, False]
    agree(common, CARDS, history, (1, 4))


def test_a_decision_is_the_last_one_and_says_whose(common: str) -> None:
    history = scanned(a_school())
    ((card, sheet), *_) = cards.queue(view_of(history), "A")
    assert cards.unsure(card, sheet) == [(1, "presence-1")]
    for values in (("late",), ()):
        decided = facts.FieldDecided(card_id="K1", scan_id=ONE, line=1, field="presence-1", values=values)
        history.tell(streams.card("K1"), decided)
    ((card, sheet), *_) = cards.queue(view_of(history), "A")
    assert [(one.line, one.field, one.values, one.by) for one in sheet.decided] == [
        (1, "presence-1", (), NOWAK.person)
    ]
    assert cards.unsure(card, sheet) == []
    agree(common, CARDS, history, (1,))


def test_pages_set_aside_stay_with_their_scan(common: str) -> None:
    history = scanned(a_school())
    history.tell(streams.scan(ONE), facts.PageSetAside(scan_id=ONE, page=4, why="cut", card_id="K7"))
    view = view_of(history)
    scans = {
        scan.scan_id: scan.aside for scan in (view.get(cards.Scan, ONE), view.get(cards.Scan, TWO)) if scan
    }
    assert scans == {ONE: (AsidePage(4, "cut", "K7"),), TWO: ()}
    agree(common, CARDS, history, (2,))


def test_what_is_left_in_stock(common: str) -> None:
    history = a_school()
    assert cards.stock(view_of(history)).left == 0
    history.tell(
        streams.CARD_STOCK,
        facts.StockGranted(grant_id="g1", count=100, basis="umowa"),
        facts.StockGranted(grant_id="g2", count=90, basis="konta"),
        facts.CardsPrinted(card_ids=("K1", "K2")),
        facts.CardsSpoilt(card_ids=("K2",), reason="zacięcie"),
    )
    now = cards.stock(view_of(history))
    assert now == Stock("stock", granted=190, printed=2, spoilt=1)
    assert now.left == 188  # 100 + 90 - 2: what was spoilt stays taken
    agree(common, CARDS, history, (1, 2))


def test_a_topic_by_hand_stays_with_its_scan_and_pictures_end(common: str) -> None:
    history = scanned(a_school())
    for topic in ("Zdanie", "Zdania złożone"):
        transcribed = facts.TopicTranscribed(card_id="K1", scan_id=ONE, lesson=1, topic=topic)
        history.tell(streams.card("K1"), transcribed)
    gone = facts.ScanDestroyed(scan_id=TWO, received_on=FIRST, allowed_from=date(2033, 1, 1))
    history.tell(streams.scan(TWO), gone)
    view = view_of(history)
    topics = {
        (card.card_id, sheet.scan_id): [(one.lesson, one.topic, one.by) for one in sheet.topics]
        for card, sheet in cards.waiting(view)
    }
    assert topics == {
        ("K1", ONE): [(1, "Zdania złożone", NOWAK.person)],
        ("K2", ONE): [],
        ("K9", ONE): [],
        ("K1", TWO): [],
    }
    kept = [view.get(cards.Scan, scan_id) for scan_id in (ONE, TWO)]
    assert [row.destroyed_at is None for row in kept if row] == [True, False]
    agree(common, CARDS, history, (1, 3))
