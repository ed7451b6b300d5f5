"""Cards, scans, what is left to decide, and the stock."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dziennik.contracts import cards as facts
from dziennik.contracts import lessons, streams
from dziennik.contracts.classes import TeachingAssigned, TeachingEnded
from dziennik.contracts.facts import Fact
from dziennik.domain.card_owners import teacher_of
from dziennik.domain.world import Past
from dziennik.projections import card_questions, cards
from dziennik.projections.as_of import as_of
from dziennik.projections.cards import CARDS, AsidePage, Stock
from dziennik.projections.rows import MemoryRows, View
from tests.projections.agreement import agree
from tests.projections.card_histories import FIRST, digest, issued, read, received, teach, use_cards
from tests.projections.histories import NOWAK, History, a_school, held
from tests.projections.listed import Listed

LIS = replace(NOWAK, account="acc-lis", person="lis")
ONE, TWO = digest(1), digest(2)


def view_of(history: History) -> MemoryRows:
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
    assert [(card.card_id, sheet.scan_id) for card, sheet in card_questions.queue(view, "A")] == [
        ("K1", ONE),
        ("K2", ONE),
        ("K1", TWO),
    ]
    history.tell(streams.card("K2"), facts.CardVoided(card_id="K2", reason="zgubiona"))
    history.tell(streams.card("K1"), facts.CardApplied(card_id="K1", scan_id=TWO))
    assert card_questions.queue(view_of(history), "A") == []
    assert [card.card_id for card, _ in card_questions.queue(view_of(history), "B")] == ["K9"]
    applied = next(card for card in card_questions.of_unit(view_of(history), "A") if card.card_id == "K1")
    assert (applied.applied_scan, applied.applied_by) == (TWO, NOWAK.person)
    agree(common, CARDS, history, (3, 1))


def test_a_card_that_waits_in_two_scans_is_known_in_both_with_what_differs(common: str) -> None:
    history = scanned(a_school())
    sure, unsure = read("K1", TWO).cells
    other = replace(read("K1", digest(3)), cells=(sure, replace(unsure, value="absent")))
    fainter = replace(read("K2", TWO), cells=(sure, replace(unsure, ink=80)))
    history.tell(streams.card("K1"), other)
    history.tell(streams.card("K2"), fainter)
    view = view_of(history)
    pages = [(card.card_id, sheet.page) for card, sheet in card_questions.queue_of_scan(view, ONE)]
    assert pages == [("K1", 1), ("K2", 2), ("K9", 3)]
    copies = card_questions.copies(view, ("K1", "K2", "K9"))
    assert {card_id: len(sheets) for card_id, sheets in copies.items()} == {"K1": 3, "K2": 2}
    of = {sheet.scan_id: sheet for sheet in copies["K1"]}
    assert card_questions.same_marks(of[ONE], of[TWO])
    assert not card_questions.same_marks(of[ONE], of[digest(3)])
    assert card_questions.same_marks(of[ONE], of[digest(3)], lambda field: field == "lesson-1")
    one, other_one = copies["K2"]
    assert card_questions.same_marks(one, other_one)  # how dark a mark came out is no other mark
    history.tell(streams.card("K1"), facts.CardApplied(card_id="K1", scan_id=ONE))
    view = view_of(history)
    assert card_questions.copies(view, ("K1",)) == {}
    assert [card.card_id for card, _ in card_questions.queue_of_scan(view, TWO)] == ["K2"]
    agree(common, CARDS, history, (2, 3))


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
    assert [(card.card_id, sheet.scan_id) for card, sheet in card_questions.queue(view, "A")] == [
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


def substituted(unit_id: str, period: int, teacher_id: str = "lis") -> lessons.SubstitutionArranged:
    return lessons.SubstitutionArranged(
        unit_id=unit_id,
        lesson_id=lessons.lesson_id(FIRST, period, f"mat-{unit_id}"),
        on=FIRST,
        period=period,
        assignment_id=f"mat-{unit_id}",
        teacher_id=teacher_id,
        instead_of="nowak",
        reason="choroba",
    )


def held_by(teacher_id: str, period: int, unit_id: str = "A") -> lessons.LessonHeld:
    return replace(held(unit_id, FIRST, period), teacher_id=teacher_id, instead_of="nowak")


def told(history: History, *facts: lessons.SubstitutionArranged | lessons.LessonHeld) -> None:
    for fact in facts:
        history.tell(streams.lesson(fact.unit_id, fact.lesson_id), fact)


def teachers(history: History, card_id: str = "K1") -> list[str]:
    """Who teaches the lessons of a card, by their numbers."""
    return [teacher_id for _, teacher_id, _, _ in state(view_of(history), card_id)]


def test_a_lesson_on_a_card_is_of_who_takes_it(common: str) -> None:
    history = a_school()
    told(history, substituted("A", 1))
    history.tell(streams.card("K1"), issued("K1", "A", 3))
    told(history, substituted("A", 2), substituted("B", 3))
    assert teachers(history) == ["lis", "lis", "nowak"]
    view = view_of(history)
    assert [card_questions.teaches_on_cards(view, "lis", unit_id) for unit_id in "AB"] == [True, False]
    told(history, substituted("A", 2, "kos"))  # the last who was asked
    assert teachers(history) == ["lis", "kos", "nowak"]
    agree(common, CARDS, history, (1, 4))


def test_a_lesson_on_a_card_is_of_who_held_it_though_nobody_arranged_that(common: str) -> None:
    history = a_school()
    told(history, held_by("lis", 1))
    history.tell(streams.card("K1"), issued("K1", "A", 4))
    told(history, held_by("lis", 2), held_by("lis", 3, "B"), held("A", FIRST, 4))
    assert teachers(history) == ["lis", "lis", "nowak", "nowak"]
    history.tell(streams.card("K2"), issued("K2", "A", 2))
    history.tell(streams.card("K2"), read("K2", ONE))
    waiting = view_of(history).find(cards.LessonOnCard, teacher_id="lis", waiting=True)
    assert [(row.card_id, row.number) for row in waiting] == [("K2", 1), ("K2", 2)]
    agree(common, CARDS, history, (1, 4))


def test_who_held_a_lesson_goes_before_who_was_to_take_it(common: str) -> None:
    history = a_school()
    history.tell(streams.card("K1"), issued("K1", "A", 4))
    told(history, substituted("A", 1), held_by("nowak", 1), substituted("A", 2), held_by("kos", 2))
    told(history, held_by("nowak", 3), substituted("A", 3))  # no decision arranges one afterwards
    told(history, substituted("A", 4))
    history.tell(streams.card("K2"), issued("K2", "A", 4))
    assert teachers(history) == teachers(history, "K2") == ["nowak", "kos", "nowak", "lis"]
    agree(common, CARDS, history, (3, 1))


def test_a_lesson_that_was_cancelled_or_whose_teaching_ended_stays_of_who_had_it(common: str) -> None:
    history = a_school()
    history.tell(streams.card("K1"), issued("K1", "A", 3))
    taken = held_by("lis", 1), substituted("A", 2), held("A", FIRST, 3)
    told(history, *taken)
    for one in taken:
        cancelled = lessons.LessonCancelled(
            unit_id="A",
            lesson_id=one.lesson_id,
            on=FIRST,
            period=one.period,
            assignment_id="mat-A",
            subject_id="mat",
            reason="pomyłka",
        )
        history.tell(streams.lesson("A", one.lesson_id), cancelled)
    handed_over = TeachingAssigned(
        assignment_id="mat-A2", unit_id="A", subject_id="mat", teacher_id="kos", since=FIRST
    )
    history.tell(streams.unit("A"), TeachingEnded(assignment_id="mat-A", until=FIRST), handed_over)
    history.tell(streams.card("K2"), issued("K2", "A", 3))
    assert teachers(history) == teachers(history, "K2") == ["lis", "lis", "nowak"]
    agree(common, CARDS, history, (2,))


def test_a_card_that_came_before_its_assignment_finds_the_teacher_afterwards(common: str) -> None:
    """A parked fact of the class is taken after the card; another class may use the same id."""
    school = a_school().recorded
    history = History()
    history.tell(streams.card("K1"), issued("K1", "A", 2))
    told(history, held_by("lis", 2))
    assert teachers(history) == ["", "lis"]
    for one in school:
        history.tell(one.stream, one.fact)
    same_id = TeachingAssigned(
        assignment_id="mat-A", unit_id="B", subject_id="mat", teacher_id="kos", since=FIRST
    )
    history.tell(streams.unit("B"), same_id)
    assert teachers(history) == ["nowak", "lis"]
    agree(common, CARDS, history, (1, 9))


def ruled(history: History) -> dict[tuple[str, int], str]:
    """Whose each lesson of each card is by the rule that decisions follow; nobody's is ""."""
    by_stream: dict[str, list[Fact]] = {}
    for one in history.recorded:
        by_stream.setdefault(one.stream, []).append(one.fact)
    past = Past(by_stream)
    issued_cards = [one.fact for one in history.recorded if isinstance(one.fact, facts.CardIssued)]
    return {
        (card.card_id, number): teacher_of(past, lesson) or ""
        for card in issued_cards
        for number, lesson in enumerate(card.lessons, 1)
    }


MANY = [(chance % 3 > 0, chance * 7919 % 10007) for chance in range(300)]


@settings(max_examples=60, deadline=None)
@example(steps=MANY, order=1)
@given(
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 9999)), min_size=20, max_size=80),
    order=st.integers(0, 999),
)
def test_whose_a_lesson_is_the_queue_says_as_the_rule_does(steps: list[tuple[bool, int]], order: int) -> None:
    """Also where streams come one after the other in any order, as after facts that were parked."""
    history = a_school()
    for teaches, chance in steps:
        (teach if teaches else use_cards)(history, chance)
    by_stream = sorted(history.recorded, key=lambda one: sha256(f"{order} {one.stream}".encode()).digest())
    for taken in (history.recorded, by_stream):
        rows = MemoryRows()
        CARDS.fold(rows, taken)
        found = {(row.card_id, row.number): row.teacher_id for row in rows.find(cards.LessonOnCard)}
        assert found == ruled(history)


def test_a_decision_is_the_last_one_and_says_whose(common: str) -> None:
    history = scanned(a_school())
    ((card, sheet), *_) = card_questions.queue(view_of(history), "A")
    assert card_questions.unsure(card, sheet) == [(1, "presence-1")]
    for values in (("late",), ()):
        decided = facts.FieldDecided(card_id="K1", scan_id=ONE, line=1, field="presence-1", values=values)
        history.tell(streams.card("K1"), decided)
    ((card, sheet), *_) = card_questions.queue(view_of(history), "A")
    assert [(one.line, one.field, one.values, one.by) for one in sheet.decided] == [
        (1, "presence-1", (), NOWAK.person)
    ]
    assert [one.at for one in sheet.decided] == [history.recorded[-1].origin.recorded_at]
    assert card_questions.unsure(card, sheet) == []
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


def test_a_page_shows_the_card_that_a_person_named_last(common: str) -> None:
    history = scanned(a_school())
    history.tell(streams.card("K3"), issued("K3", "A"))
    for page, why in ((3, "no_identity"), (4, "cut")):
        history.tell(streams.scan(TWO), facts.PageSetAside(scan_id=TWO, page=page, why=why))

    def shown() -> list[tuple[str, int]]:
        sheets = card_questions.waiting(view_of(history))
        return [(card.card_id, sheet.page) for card, sheet in sheets if sheet.scan_id == TWO]

    def name(card_id: str) -> None:
        history.tell(streams.scan(TWO), facts.PageNamed(scan_id=TWO, page=3, card_id=card_id))
        history.tell(streams.card(card_id), read(card_id, TWO, 3))

    name("K9")
    assert shown() == [("K1", 1), ("K9", 3)]
    assert cards.stock(view_of(history)).scanned == 3
    history.tell(streams.card("K9"), facts.SheetWithdrawn(card_id="K9", scan_id=TWO))
    name("K3")
    assert shown() == [("K1", 1), ("K3", 3)]
    view = view_of(history)
    scan = view.get(cards.Scan, TWO)
    assert scan is not None
    assert scan.aside == (AsidePage(3, "no_identity", None, "K3"), AsidePage(4, "cut", None))
    assert [row.scan_id for row in view.find(cards.CardSheet, card_id="K9")] == [ONE]
    agree(common, CARDS, history, (1, 4))


def test_lessons_of_a_card_that_no_scan_shows_after_all_wait_no_more(common: str) -> None:
    history = scanned(a_school())
    for scan_id, waits, count in ((ONE, True, 3), (TWO, False, 2)):
        history.tell(streams.card("K1"), facts.SheetWithdrawn(card_id="K1", scan_id=scan_id))
        view = view_of(history)
        (lesson,) = view.find(cards.LessonOnCard, card_id="K1")
        assert (lesson.waiting, cards.stock(view).scanned) == (waits, count)
    agree(common, CARDS, history, (1, 2))


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
    scanned(history)  # K1 twice, K2 and K9 once
    history.tell(streams.card("K9"), facts.CardVoided(card_id="K9", reason="zgubiona"))
    view = view_of(history)
    now = cards.stock(view)
    assert now == Stock("stock", granted=190, printed=2, spoilt=1, voided=1, scanned=3)
    assert now.left == 188  # 100 + 90 - 2: what was spoilt stays taken
    assert [(row.card_id, row.reason) for row in view.find(cards.SpoiltCard)] == [("K2", "zacięcie")]
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
        for card, sheet in card_questions.waiting(view)
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
