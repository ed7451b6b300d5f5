"""When may a person say which card a page shows, and what becomes of what was said before?"""

from __future__ import annotations

from msgspec.structs import asdict, replace

from dziennik.contracts import card_scans, streams
from dziennik.contracts import cards as said
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.domain.world import Entry
from tests.domain.gradebook import WEDNESDAY
from tests.domain.register import LIS, NOWAK, OFFICE, PUPIL
from tests.domain.sentence import at, given
from tests.domain.test_cards import FOUND, NEW, RECEIVED, RECORD, SCAN, THERE, VOIDED, aside, on_card

OTHER_ISSUED = on_card(said.CardIssued(**asdict(replace(NEW, card_id="k-3"))), "k-3")
NAMELESS = (*THERE, OTHER_ISSUED, RECEIVED, aside(1, "blank"), aside(3, "no_identity"))
SHEET = replace(FOUND, page=3)
NAME = card_scans.NamePage(scan_id=SCAN, sheet=SHEET)
OTHER_NAME = card_scans.NamePage(scan_id=SCAN, sheet=replace(SHEET, card_id="k-3"))


def named(card_id: str) -> Entry:
    return at(streams.scan(SCAN), said.PageNamed(scan_id=SCAN, page=3, card_id=card_id))


def read(card_id: str, page: int = 3) -> Entry:
    found = replace(SHEET, card_id=card_id, page=page)
    return on_card(said.SheetRead(scan_id=SCAN, **asdict(found)), card_id)


def withdrawn(card_id: str) -> Entry:
    return on_card(said.SheetWithdrawn(card_id=card_id, scan_id=SCAN), card_id)


NAMED = (*NAMELESS, named("k-1"), read("k-1"))
APPLIED = on_card(said.CardApplied(card_id="k-1", scan_id=SCAN))


def test_a_page_that_nothing_names_is_named_once() -> None:
    for by in (OFFICE, NOWAK, LIS):  # whoever may scan
        given(NAMELESS).when(NAME, by=by).then(named("k-1"), read("k-1"))
    given(NAMED).when(NAME, by=OFFICE).nothing()
    given(NAMED, APPLIED).when(NAME, by=OFFICE).nothing()
    given(NAMELESS).when(NAME, by=PUPIL).refused(NOT_YOURS_TO_DO)


def test_a_wrong_name_is_replaced_while_nothing_of_it_is_in_the_register() -> None:
    given(NAMED).when(OTHER_NAME).then(named("k-3"), withdrawn("k-1"), read("k-3"))
    given(NAMED, APPLIED).when(OTHER_NAME).refused(
        card_scans.NAMED_CARD_WAS_APPLIED, "page", page="3", card="k-1"
    )
    renamed = (*NAMED, named("k-3"), withdrawn("k-1"), read("k-3"))
    given(renamed).when(NAME).then(named("k-1"), withdrawn("k-3"), read("k-1"))
    decide = said.DecideField(card_id="k-1", scan_id=SCAN, line=2, field="presence-1", values=("late",))
    given(renamed).when(decide, by=NOWAK).refused(said.NO_SUCH_SHEET, "scan_id", card="k-1")


def test_pages_that_say_themselves_what_they_are_take_no_name() -> None:
    for page in (1, 2, 4):
        asked = replace(NAME, sheet=replace(SHEET, page=page))
        given(NAMELESS).when(asked).refused(card_scans.PAGE_NEEDS_NO_NUMBER, "page", page=str(page))
    given(THERE).when(NAME).refused(card_scans.NO_SUCH_SCAN, "scan_id", scan=SCAN)
    gone = at(
        streams.scan(SCAN),
        said.ScanDestroyed(scan_id=SCAN, received_on=WEDNESDAY, allowed_from=WEDNESDAY),
    )
    given(NAMELESS, gone).when(NAME).refused(card_scans.SCAN_IS_NOT_KEPT, "scan_id")


def test_a_card_that_may_not_be_read_is_no_name() -> None:
    unknown = replace(NAME, sheet=replace(SHEET, card_id="k-9"))
    given(NAMELESS).when(unknown).refused(said.NO_SUCH_CARD, "card_id", card="k-9")
    given(NAMELESS, VOIDED).when(NAME).refused(said.CARD_IS_VOID, "card_id", card="k-1", reason="zgubiona")
    given(NAMELESS, read("k-1", 2)).when(NAME).refused(
        card_scans.CARD_IS_IN_SCAN, "card_id", card="k-1", page="2"
    )
    other = "b" * 64
    elsewhere = on_card(said.SheetRead(scan_id=other, **asdict(FOUND)))
    applied = on_card(said.CardApplied(card_id="k-1", scan_id=other))
    given(NAMELESS, elsewhere, applied).when(NAME).refused(
        said.CARD_WAS_APPLIED, "card_id", card="k-1", scan="other"
    )
    given(NAMELESS, elsewhere).when(NAME).then(named("k-1"), read("k-1"))


def test_a_page_whose_reading_was_stopped_may_be_named_when_the_file_comes_again() -> None:
    stopped = (*THERE, RECEIVED, aside(3, "too_long"))
    page = said.FoundPage(page=3, why="no_identity")
    again = replace(RECORD, sheets=(), pages=(said.FoundPage(page=2, why="blank"), page))
    given(stopped).when(again).then(aside(3, "no_identity"))
    given(stopped, aside(3, "no_identity")).when(again).nothing()
    given(stopped, aside(3, "no_identity")).when(NAME).then(named("k-1"), read("k-1"))
