"""What may be decided about cards on paper: issued from stock, scanned, decided, applied once?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import asdict, replace

from dziennik.contracts import card_scans, streams
from dziennik.contracts import cards as said
from dziennik.contracts.classes import (
    NO_SUCH_ASSIGNMENT,
    NO_SUCH_CLASS,
    HomeroomTeacherAppointed,
    TeachingAssigned,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import NO_SUCH_COLUMN
from dziennik.contracts.privacy import RetentionRules, RetentionRulesSet
from dziennik.domain.world import Entry
from tests.domain.gradebook import COLUMN, DAY, WEDNESDAY
from tests.domain.register import LIS, NOWAK, OFFICE, PUPIL
from tests.domain.sentence import at, given

PROVIDER = Actor(account="account-provider", role=Role.OPERATOR)
SCAN, OTHER_SCAN = "a" * 64, "b" * 64


def stock(fact: Fact) -> Entry:
    return at(streams.CARD_STOCK, fact)


def on_card(fact: Fact, card_id: str = "k-1") -> Entry:
    return at(streams.card(card_id), fact)


GRANT = said.GrantStock(grant_id="g1", count=2, basis="umowa")
GRANTED = stock(said.StockGranted(grant_id="g1", count=2, basis="umowa"))
LESSON = said.CardLesson(unit_id="4a", assignment_id="pol-4a", on=WEDNESDAY, period=3, topics=("Rzeczownik",))
LINES = (
    said.CardLine(line=1, number=1, pupil_id="cma", class_id="4a"),
    said.CardLine(line=2, number=2, pupil_id="bobr", class_id="4a"),
)
NEW = said.NewCard(
    card_id="k-1", layout=11, kind=said.CardKind.LESSONS, unit_id="4a", lines=LINES, lessons=(LESSON,)
)
GRADES = replace(
    NEW,
    card_id="k-2",
    layout=1,
    kind=said.CardKind.GRADES,
    lessons=(),
    column_id="k1",
    assignment_id="pol-4a",
)
ISSUE = said.IssueCards(cards=(NEW,))
ISSUED = on_card(said.CardIssued(**asdict(NEW)))
PRINTED = stock(said.CardsPrinted(card_ids=("k-1",)))
PAST = (*DAY, COLUMN, GRANTED)
THERE = (*PAST, ISSUED, PRINTED)


def test_the_provider_grants_and_the_school_does_not_grant_itself() -> None:
    given().when(GRANT, by=PROVIDER).then(GRANTED)
    given(GRANTED).when(GRANT, by=PROVIDER).nothing()
    given().when(GRANT, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given().when(replace(GRANT, count=0), by=PROVIDER).refused(said.COUNT_NOT_POSITIVE, "count")
    given().when(replace(GRANT, basis=" "), by=PROVIDER).refused(TEXT_MISSING, "basis")


def test_cards_are_issued_and_taken_from_stock() -> None:
    given(PAST).when(ISSUE, by=NOWAK).then(ISSUED, PRINTED)
    given(THERE).when(ISSUE, by=NOWAK).nothing()
    again = replace(ISSUE, cards=(replace(NEW, lines=LINES[:1]),))
    given(THERE).when(again, by=NOWAK).refused(said.CARD_EXISTS, "cards[0].card_id", card="k-1")
    three = replace(ISSUE, cards=tuple(replace(NEW, card_id=f"k-{n}") for n in (5, 6, 7)))
    given(PAST).when(three).refused(said.OUT_OF_STOCK, "cards", left="2", needed="3")
    twice = replace(ISSUE, cards=(NEW, NEW))
    given(PAST).when(twice).refused(said.CARD_EXISTS, "cards[1].card_id")
    given(PAST).when(ISSUE, by=PUPIL).refused(NOT_YOURS_TO_DO)


def test_a_card_is_for_something_that_there_is() -> None:
    def issuing(card: said.NewCard) -> said.IssueCards:
        return said.IssueCards(cards=(card,))

    for nothing in (replace(NEW, lessons=()), replace(NEW, lines=()), replace(NEW, lines=LINES[:1] * 2)):
        given(PAST).when(issuing(nothing)).refused(said.NOTHING_FOR_A_CARD, "cards[0].lines")
    given(PAST).when(said.IssueCards(cards=())).refused(said.NOTHING_FOR_A_CARD, "cards")
    given(PAST).when(issuing(replace(NEW, unit_id="9z"))).refused(NO_SUCH_CLASS, "cards[0].unit_id")
    other = replace(NEW, lessons=(replace(LESSON, assignment_id="none"),))
    given(PAST).when(issuing(other)).refused(NO_SUCH_ASSIGNMENT, "cards[0].lessons[0].assignment_id")
    column = replace(GRADES, column_id="none")
    given(PAST).when(issuing(column)).refused(NO_SUCH_COLUMN, "cards[0].column_id")
    given(PAST).when(issuing(GRADES), by=LIS).refused(said.NOT_YOUR_CARD, "cards[0].column_id")


def test_a_teacher_issues_cards_for_own_lessons_and_the_homeroom_teacher_for_all_of_the_class() -> None:
    theirs = replace(LESSON, assignment_id="mat-4a", period=4)
    mixed = said.IssueCards(cards=(replace(NEW, lessons=(LESSON, theirs)),))
    assigned = TeachingAssigned(
        assignment_id="mat-4a", unit_id="4a", subject_id="mat", teacher_id="lis", since=WEDNESDAY
    )
    past = (*PAST, at(streams.unit("4a"), assigned))
    given(past).when(ISSUE, by=LIS).refused(said.NOT_YOUR_CARD, "cards[0].lessons")
    appointed = HomeroomTeacherAppointed(class_id="4a", teacher_id="lis", since=WEDNESDAY)
    led = (*past, at(streams.unit("4a"), appointed))
    given(led).when(mixed, by=NOWAK).refused(
        said.NOT_YOUR_LESSON_ON_CARD, "cards[0].lessons", card="k-1", lesson="2"
    )
    issued = on_card(said.CardIssued(**asdict(mixed.cards[0])))
    for who in (OFFICE, LIS):
        given(led).when(mixed, by=who).then(issued, PRINTED)


def test_a_column_has_a_card() -> None:
    printed = stock(said.CardsPrinted(card_ids=("k-2",)))
    issued = on_card(said.CardIssued(**asdict(GRADES)), "k-2")
    given(PAST).when(said.IssueCards(cards=(GRADES,)), by=NOWAK).then(issued, printed)


SPOIL = said.SpoilCards(card_ids=("k-1",), reason="zacięcie papieru")
SPOILT = stock(said.CardsSpoilt(card_ids=("k-1",), reason="zacięcie papieru"))


def test_spoilt_cards_were_printed() -> None:
    given(THERE).when(SPOIL, by=OFFICE).then(SPOILT)
    given(THERE, SPOILT).when(SPOIL, by=OFFICE).nothing()
    given(PAST).when(SPOIL, by=OFFICE).refused(said.NOT_PRINTED, "card_ids", card="k-1")
    given(THERE).when(replace(SPOIL, reason=""), by=OFFICE).refused(TEXT_MISSING, "reason")


def test_a_card_that_was_scanned_is_not_spoilt_but_voided() -> None:
    given(SCANNED).when(SPOIL, by=OFFICE).refused(said.SCANNED_CARD, "card_ids", card="k-1")
    given(SCANNED).when(VOID, by=OFFICE).then(VOIDED)


def test_a_spoilt_card_that_is_scanned_is_set_aside_and_stays_so() -> None:
    alone = replace(RECORD, pages=())
    given(THERE, SPOILT).when(alone, by=OFFICE).then(RECEIVED, aside(1, "spoilt", "k-1"))
    stopped = (RECEIVED, aside(1, "too_long"))
    given(THERE, SPOILT, stopped).when(alone, by=OFFICE).nothing()
    given(THERE, SPOILT, VOIDED).when(alone, by=OFFICE).then(RECEIVED, aside(1, "voided", "k-1"))


VOID = said.VoidCard(card_id="k-1", reason="zgubiona")
VOIDED = on_card(said.CardVoided(card_id="k-1", reason="zgubiona"))


def test_a_card_is_voided_with_a_reason() -> None:
    given(THERE).when(VOID, by=NOWAK).then(VOIDED)
    given(THERE, VOIDED).when(VOID, by=NOWAK).nothing()
    given(THERE, VOIDED).when(replace(VOID, reason="podarta")).refused(said.CARD_IS_VOID, "card_id")
    given(THERE).when(VOID, by=LIS).refused(said.NOT_YOUR_CARD, "card_id")
    given(THERE).when(replace(VOID, reason=" ")).refused(TEXT_MISSING, "reason")
    given(PAST).when(VOID).refused(said.NO_SUCH_CARD, "card_id", card="k-1")


CONFIRMED = said.FoundCell(
    cell=0, line=0, field="lesson-1", value="confirmed", finding=said.CellFinding.MARKED, ink=800
)
LATE = said.FoundCell(
    cell=4, line=1, field="presence-1", value="late", finding=said.CellFinding.MARKED, ink=700
)
UNSURE = replace(LATE, cell=7, line=2, finding=said.CellFinding.UNSURE, ink=90)
FOUND = said.FoundSheet(
    page=1, card_id="k-1", corners=(0, 0, 9, 0, 9, 9, 0, 9), cells=(CONFIRMED, LATE, UNSURE)
)
RECORD = card_scans.RecordScan(
    scan_id=SCAN,
    sha256=SCAN,
    media_type="image/png",
    size=7,
    sheets=(FOUND,),
    pages=(said.FoundPage(page=2, why="blank"),),
)
RECEIVED = at(
    streams.scan(SCAN), said.ScanReceived(scan_id=SCAN, sha256=SCAN, media_type="image/png", size=7)
)
READ = on_card(said.SheetRead(scan_id=SCAN, **asdict(FOUND)))


def aside(page: int, why: str, card_id: str | None = None) -> Entry:
    return at(streams.scan(SCAN), said.PageSetAside(scan_id=SCAN, page=page, why=why, card_id=card_id))


def test_a_scan_is_recorded_once() -> None:
    given(THERE).when(RECORD, by=OFFICE).then(RECEIVED, aside(2, "blank"), READ)
    given(THERE, RECEIVED, READ).when(RECORD, by=OFFICE).nothing()
    given(THERE).when(replace(RECORD, sha256="c" * 64)).refused(card_scans.SCAN_ID_IS_ITS_DIGEST, "scan_id")


def test_what_was_not_read_the_first_time_is_taken_when_the_file_comes_again() -> None:
    stopped = (RECEIVED, aside(1, "too_long"))
    given(THERE, stopped).when(RECORD, by=OFFICE).then(READ)
    twice = replace(RECORD, sheets=(FOUND, replace(FOUND, page=5)))
    given(THERE, stopped).when(twice, by=OFFICE).then(READ)
    given(THERE, stopped, VOIDED).when(RECORD, by=OFFICE).nothing()
    given(PAST, stopped).when(RECORD, by=OFFICE).nothing()
    gone = at(
        streams.scan(SCAN),
        said.ScanDestroyed(scan_id=SCAN, received_on=WEDNESDAY, allowed_from=WEDNESDAY),
    )
    given(THERE, stopped, gone).when(RECORD, by=OFFICE).nothing()


def test_pages_that_may_not_be_read_are_set_aside() -> None:
    alone = replace(RECORD, pages=())
    given(PAST).when(alone).then(RECEIVED, aside(1, "not_issued", "k-1"))
    given(THERE, VOIDED).when(alone).then(RECEIVED, aside(1, "voided", "k-1"))
    given(THERE, READ, APPLIED).when(replace(alone, scan_id=OTHER_SCAN, sha256=OTHER_SCAN)).then(
        at(
            streams.scan(OTHER_SCAN),
            said.ScanReceived(scan_id=OTHER_SCAN, sha256=OTHER_SCAN, media_type="image/png", size=7),
        ),
        at(
            streams.scan(OTHER_SCAN),
            said.PageSetAside(scan_id=OTHER_SCAN, page=1, why="already_applied", card_id="k-1"),
        ),
    )
    copy = replace(alone, sheets=(FOUND, replace(FOUND, page=5)))
    given(THERE).when(copy).then(RECEIVED, READ, aside(5, "copy_in_scan", "k-1"))


DECIDE = said.DecideField(card_id="k-1", scan_id=SCAN, line=2, field="presence-1", values=("late",))
DECIDED = on_card(
    said.FieldDecided(card_id="k-1", scan_id=SCAN, line=2, field="presence-1", values=("late",))
)
APPLY = said.ApplyCard(card_id="k-1", scan_id=SCAN)
APPLIED = on_card(said.CardApplied(card_id="k-1", scan_id=SCAN))
SCANNED = (*THERE, RECEIVED, READ)


def test_what_is_unsure_is_decided_before_the_card_is_applied() -> None:
    given(SCANNED).when(APPLY, by=NOWAK).refused(said.UNDECIDED_FIELDS, "card_id", card="k-1", count="1")
    given(SCANNED).when(DECIDE, by=NOWAK).then(DECIDED)
    given(SCANNED, DECIDED).when(DECIDE, by=NOWAK).nothing()
    given(SCANNED, DECIDED).when(APPLY, by=NOWAK).then(APPLIED)
    given(SCANNED, DECIDED, APPLIED).when(APPLY, by=NOWAK).nothing()


def test_only_the_teachers_of_the_card_decide_and_apply() -> None:
    for command in (DECIDE, APPLY):
        given(SCANNED).when(command, by=LIS).refused(said.NOT_YOUR_CARD, "card_id")
        given(SCANNED).when(command, by=OFFICE).refused(NOT_YOURS_TO_DO)
        given(THERE).when(command, by=NOWAK).refused(said.NO_SUCH_SHEET, "scan_id")
        given(PAST).when(command, by=NOWAK).refused(said.NO_SUCH_CARD, "card_id")
        given(SCANNED, VOIDED).when(command, by=NOWAK).refused(said.CARD_IS_VOID, "card_id")


def test_decisions_are_about_fields_of_the_card() -> None:
    given(SCANNED).when(replace(DECIDE, line=9), by=NOWAK).refused(said.NOT_ON_CARD, "line")
    given(SCANNED).when(replace(DECIDE, field="height"), by=NOWAK).refused(said.NOT_ON_CARD, "field")


@pytest.mark.parametrize("value", ["nonsense", "4", "topic-0", ""])
def test_nobody_decides_what_the_field_has_no_cell_for(value: str) -> None:
    given(SCANNED).when(replace(DECIDE, values=(value,)), by=NOWAK).refused(
        said.OTHER_MARKS, "values", allowed="absent, late, released"
    )


def test_a_card_is_applied_from_one_scan_only() -> None:
    other = on_card(said.SheetRead(scan_id=OTHER_SCAN, **asdict(FOUND)))
    past = (*SCANNED, other, DECIDED, APPLIED)
    again = replace(APPLY, scan_id=OTHER_SCAN)
    given(past).when(again, by=NOWAK).refused(said.CARD_WAS_APPLIED, "card_id", card="k-1", scan="other")
    whole = {"card": "k-1", "scan": "any"}  # from this scan, or whatever it was from
    given(past).when(replace(DECIDE, values=()), by=NOWAK).refused(said.CARD_WAS_APPLIED, "card_id", **whole)
    given(past).when(VOID, by=NOWAK).refused(said.CARD_WAS_APPLIED, "card_id", **whole)


def test_marks_of_a_lesson_that_nobody_confirmed_are_asked_about() -> None:
    unconfirmed = on_card(said.SheetRead(scan_id=SCAN, **asdict(replace(FOUND, cells=(LATE,)))))
    past = (*THERE, RECEIVED, unconfirmed)
    given(past).when(APPLY, by=NOWAK).refused(said.UNDECIDED_FIELDS, "card_id", count="1", card="k-1")
    yes = replace(DECIDE, line=0, field="lesson-1", values=("confirmed",))
    decided = on_card(said.FieldDecided(**asdict(yes)))
    given(past).when(yes, by=NOWAK).then(decided)
    given(past, decided).when(APPLY, by=NOWAK).then(APPLIED)


def test_grades_that_nobody_confirmed_are_asked_about() -> None:
    four = replace(LATE, cell=4, field="mark", value="4")
    found = said.FoundSheet(page=1, card_id="k-2", corners=FOUND.corners, cells=(four,))
    read = on_card(said.SheetRead(scan_id=SCAN, **asdict(found)), "k-2")
    issued = on_card(said.CardIssued(**asdict(GRADES)), "k-2")
    there = (*PAST, issued, stock(said.CardsPrinted(card_ids=("k-2",))), RECEIVED, read)
    apply = replace(APPLY, card_id="k-2")
    given(there).when(apply, by=NOWAK).refused(said.UNDECIDED_FIELDS, "card_id", card="k-2", count="1")
    decide = replace(DECIDE, card_id="k-2", line=0, field="control", values=("confirmed",))
    decided = on_card(said.FieldDecided(**asdict(decide)), "k-2")
    given(there).when(decide, by=NOWAK).then(decided)
    given(there, decided).when(apply, by=NOWAK).then(
        on_card(said.CardApplied(card_id="k-2", scan_id=SCAN), "k-2")
    )


def test_a_mark_beside_no_pupil_is_asked_about() -> None:
    stray = on_card(
        said.SheetRead(scan_id=SCAN, **asdict(replace(FOUND, cells=(CONFIRMED, replace(LATE, line=8)))))
    )
    past = (*THERE, RECEIVED, stray)
    given(past).when(APPLY, by=NOWAK).refused(said.UNDECIDED_FIELDS, "card_id", count="1", card="k-1")
    ignored = replace(DECIDE, line=8, values=())
    given(past).when(ignored, by=NOWAK).then(on_card(said.FieldDecided(**asdict(ignored))))


def found(*cells: said.FoundCell) -> Entry:
    """The lesson's card as a scan shows it with these cells."""
    return on_card(said.SheetRead(scan_id=SCAN, **asdict(replace(FOUND, cells=cells))))


def topic(value: str) -> said.FoundCell:
    return replace(CONFIRMED, field="topic-1", value=value)


def test_a_mark_for_a_topic_that_is_not_printed_is_asked_about() -> None:
    """One topic was printed for the lesson: T2 names none."""
    past = (*THERE, RECEIVED, found(CONFIRMED, topic("topic-2")))
    given(past).when(APPLY, by=NOWAK).refused(said.UNDECIDED_FIELDS, "card_id", count="1", card="k-1")
    decide = replace(DECIDE, line=0, field="topic-1", values=("topic-2",))
    given(past).when(decide, by=NOWAK).refused(
        said.TOPIC_NOT_PRINTED, "values", card="k-1", lesson="1", topic="T2"
    )
    for values in (("topic-1",), ()):
        said_so = replace(decide, values=values)
        decided = on_card(said.FieldDecided(**asdict(said_so)))
        given(past).when(said_so, by=NOWAK).then(decided)
        given(past, decided).when(APPLY, by=NOWAK).then(APPLIED)
    given(past, TRANSCRIBED).when(APPLY, by=NOWAK).then(APPLIED)  # what stands there by hand answers it


def test_a_topic_that_is_printed_is_no_question() -> None:
    given(THERE, RECEIVED, found(CONFIRMED, topic("topic-1"))).when(APPLY, by=NOWAK).then(APPLIED)


def test_a_topic_of_a_lesson_that_nobody_confirmed_is_asked_about() -> None:
    """Marked or written by hand: it says that the lesson was held, and would be lost."""
    yes = replace(DECIDE, line=0, field="lesson-1", values=("confirmed",))
    decided = on_card(said.FieldDecided(**asdict(yes)))
    for past in ((found(topic("topic-1")),), (found(), TRANSCRIBED)):
        there = (*THERE, RECEIVED, *past)
        given(there).when(APPLY, by=NOWAK).refused(said.UNDECIDED_FIELDS, "card_id", count="1", card="k-1")
        given(there, decided).when(APPLY, by=NOWAK).then(APPLIED)
    emptied = on_card(replace(TRANSCRIBED.fact, topic=""))
    given(THERE, RECEIVED, found(), TRANSCRIBED, emptied).when(APPLY, by=NOWAK).then(APPLIED)


TRANSCRIBE = said.TranscribeTopic(card_id="k-1", scan_id=SCAN, lesson=1, topic=" Zdania złożone ")
TRANSCRIBED = on_card(said.TopicTranscribed(card_id="k-1", scan_id=SCAN, lesson=1, topic="Zdania złożone"))


def test_a_topic_written_by_hand_is_transcribed_before_the_card_is_applied() -> None:
    given(SCANNED).when(TRANSCRIBE, by=NOWAK).then(TRANSCRIBED)
    given(SCANNED, TRANSCRIBED).when(TRANSCRIBE, by=NOWAK).nothing()
    given(SCANNED).when(replace(TRANSCRIBE, topic=" "), by=NOWAK).nothing()
    emptied = on_card(replace(TRANSCRIBED.fact, topic=""))
    given(SCANNED, TRANSCRIBED).when(replace(TRANSCRIBE, topic=""), by=NOWAK).then(emptied)
    for lesson in (0, 2):
        odd = replace(TRANSCRIBE, lesson=lesson)
        given(SCANNED).when(odd, by=NOWAK).refused(
            said.NO_SUCH_LESSON_ON_CARD, "lesson", card="k-1", lesson=str(lesson)
        )
    given(SCANNED).when(TRANSCRIBE, by=LIS).refused(said.NOT_YOUR_CARD, "card_id")
    given(SCANNED, DECIDED, APPLIED).when(TRANSCRIBE, by=NOWAK).refused(said.CARD_WAS_APPLIED, "card_id")


def test_pictures_go_when_the_register_may_go_and_not_a_day_before() -> None:
    destroy = card_scans.DestroyScan(scan_id=SCAN, received_on=WEDNESDAY)
    allowed = date(WEDNESDAY.year + 7, 1, 1)  # the school year ends next summer, then five full years
    destroyed = at(
        streams.scan(SCAN),
        said.ScanDestroyed(scan_id=SCAN, received_on=WEDNESDAY, allowed_from=allowed),
    )
    itself = Actor(account="system", role=Role.SYSTEM)
    early = given(SCANNED).when(destroy, by=itself, today=allowed - timedelta(days=1))
    early.refused(card_scans.SCAN_MUST_BE_KEPT, "scan_id", possible=allowed.isoformat())
    given(SCANNED).when(destroy, by=itself, today=allowed).then(destroyed)
    given(SCANNED, destroyed).when(destroy, by=itself, today=allowed).nothing()
    given(SCANNED, destroyed).when(RECORD, by=OFFICE).nothing()
    given(THERE).when(destroy, by=itself, today=allowed).refused(
        card_scans.NO_SUCH_SCAN, "scan_id", scan=SCAN
    )
    given(SCANNED).when(destroy, by=OFFICE, today=allowed).refused(NOT_YOURS_TO_DO)
    longer = at(
        streams.PRIVACY,
        RetentionRulesSet(since=WEDNESDAY, rules=RetentionRules(register_years=10)),
    )
    given(SCANNED, longer).when(destroy, by=itself, today=allowed).refused(
        card_scans.SCAN_MUST_BE_KEPT, "scan_id"
    )
