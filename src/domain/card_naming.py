"""When may a person say which card a page shows? Where nothing on it does, and of a card that may be read.

A name that was wrong is replaced by the right one as long as nothing of it is in the register.
"""

from __future__ import annotations

from dziennik.contracts import card_scans, streams
from dziennik.contracts import cards as said
from dziennik.contracts.refusals import Refusal
from dziennik.domain.card_scans import Scan, scan
from dziennik.domain.cards import as_read, card, not_to_read
from dziennik.domain.rulebook import OFFICE, TEACHING, decides
from dziennik.domain.world import Asked, Decision, Entry, World


def fault_in_name(world: World, scan_id: str, page: int, card_id: str) -> Refusal | None:
    """Why the page may not be named as this card."""
    known = world[scan(scan_id)]
    if not known.received:
        return card_scans.NO_SUCH_SCAN(scan=scan_id, field="scan_id")
    if known.destroyed:
        return card_scans.SCAN_IS_NOT_KEPT(field="scan_id")
    if page not in known.nameless:
        return card_scans.PAGE_NEEDS_NO_NUMBER(page=page, field="page")
    if known.named.get(page) == card_id:
        return None
    return _fault_in_card(world, scan_id, card_id) or _fault_in_former(world, known, page)


def _fault_in_card(world: World, scan_id: str, card_id: str) -> Refusal | None:
    state = world[card(card_id)]
    if state.issued is None:
        return said.NO_SUCH_CARD(card=card_id, field="card_id")
    if state.voided is not None:
        return said.CARD_IS_VOID(card=card_id, reason=state.voided, field="card_id")
    sheet = state.sheets.get(scan_id)
    if sheet:
        return card_scans.CARD_IS_IN_SCAN(card=card_id, page=sheet.read.page, field="card_id")
    if not_to_read(world, card_id) == "spoilt":
        return card_scans.SPOILT_CARD(card=card_id, field="card_id")
    if state.taken_from:
        return said.CARD_WAS_APPLIED(card=card_id, scan="other", field="card_id")
    return None


def _fault_in_former(world: World, known: Scan, page: int) -> Refusal | None:
    """What was entered under the page's former name stands."""
    former = known.named.get(page)
    if former and world[card(former)].taken_from:
        return card_scans.NAMED_CARD_WAS_APPLIED(page=page, card=former, field="page")
    return None


@decides(card_scans.NamePage, by=OFFICE | TEACHING)
def _name(world: World, command: card_scans.NamePage, _: Asked) -> Decision:
    scan_id, page, card_id = command.scan_id, command.sheet.page, command.sheet.card_id
    fault = fault_in_name(world, scan_id, page, card_id)
    if fault:
        return fault
    former = world[scan(scan_id)].named.get(page)
    if former == card_id:
        return []
    named = said.PageNamed(scan_id=scan_id, page=page, card_id=card_id)
    entries = [Entry(streams.scan(scan_id), named)]
    if former and scan_id in world[card(former)].sheets:
        withdrawn = said.SheetWithdrawn(card_id=former, scan_id=scan_id)
        entries.append(Entry(streams.card(former), withdrawn))
    return [*entries, as_read(scan_id, command.sheet)]
