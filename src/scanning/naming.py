"""How does a card come in that nothing on its page names? A person types its number; the page is read again.

Only the number comes from the person: what is left of the strip must agree with it, the card must be one that
may be read, and the page is read as strictly as any other.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from dziennik.application.register import Outcome, Register
from dziennik.attachments.store import File
from dziennik.contracts import cards as said
from dziennik.contracts import streams
from dziennik.contracts.card_scans import NO_SUCH_SCAN, NOT_A_CARD_NUMBER, SCAN_IS_NOT_KEPT, NamePage
from dziennik.contracts.cards import NO_SUCH_CARD
from dziennik.contracts.envelope import Actor
from dziennik.contracts.refusals import Reason, Refusal
from dziennik.domain.card_naming import fault_in_name
from dziennik.domain.card_scans import scan
from dziennik.domain.cards import card
from dziennik.omr.identity import Identity, identify, number_of
from dziennik.omr.sheet import TEXTS, Sheet, SheetState, Why
from dziennik.omr.working import Set, Task, Worker
from dziennik.scanning.intake import Keeping, found_sheets

TOLD = 20  # letters of what was typed that a refusal repeats
NOT_THIS_CARD = Reason(
    "CARDS.PAGE_IS_NOT_THIS_CARD",
    pl="{why} Strony {page} nie odczytano więc jako karty {card}.",
    en="{why} So page {page} was not read as the card {card}.",
    words={"why": {why.value: texts for why, texts in TEXTS.items()}},
)


def card_typed(typed: str) -> str | None:
    """The id of the card whose printed number was typed; None when a letter is wrong."""
    number = number_of("".join(typed.split()))
    return None if number is None else Identity(0, number, 0).card_id


def name_page(
    system: Keeping, school_id: str, scan_id: str, page: int, typed: str, *, actor: Actor
) -> Outcome:
    """Read the page of a kept scan as the card whose number was typed, and record both; again: nothing."""
    card_id = card_typed(typed)
    if card_id is None:
        return NOT_A_CARD_NUMBER(card=typed.strip()[:TOLD], field="card_id")
    if not streams.ID.match(scan_id):
        return NO_SUCH_SCAN(scan=scan_id[:TOLD], field="scan_id")
    register = system.register(school_id)
    fault = register.look(lambda world: fault_in_name(world, scan_id, page, card_id))
    if fault:
        return fault
    if register.state(scan(scan_id)).named.get(page) == card_id:
        return register.nothing()
    sheet = _read(system, register, school_id, scan_id, page, card_id)
    if isinstance(sheet, Refusal):
        return sheet
    return register.execute(NamePage(scan_id=scan_id, sheet=sheet), actor=actor)


def _read(
    system: Keeping, register: Register, school_id: str, scan_id: str, page: int, card_id: str
) -> said.FoundSheet | Refusal:
    """The page's card, as the one that was issued under this number."""
    issued, file = register.state(card(card_id)).issued, system.scans.read(school_id, scan_id)
    if issued is None:
        return NO_SUCH_CARD(card=card_id, field="card_id")
    if file is None:
        return SCAN_IS_NOT_KEPT(field="scan_id")
    key = system.card_key_of(school_id)
    sheets = _sheets(file, key, page, identify(key, issued.layout, number_of(card_id) or 0))
    for found in found_sheets(sheets):
        if found.card_id == card_id:
            return found
    why = next((sheet.why for sheet in sheets if sheet.state is SheetState.REFUSED), None)
    return NOT_THIS_CARD(page=page, card=card_id, why=why or Why.OTHER_NUMBER, field="card_id")


def _sheets(file: File, key: bytes, page: int, named: Identity) -> list[Sheet]:
    with Worker(Set(keys=(key,))) as worker, tempfile.NamedTemporaryFile(prefix="dziennik-scan-") as lying:
        Path(lying.name).write_bytes(file.content)
        return list(worker.read(Task(path=lying.name, first=page, last=page, named=named)))
