"""How does a scan come in? Read by a worker, kept sealed, and recorded with all that was read from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import msgspec

from dziennik.application.register import Outcome, Register
from dziennik.attachments.scans import LARGEST, Scans
from dziennik.contracts.attachments import TOO_LARGE
from dziennik.contracts.card_scans import RecordScan
from dziennik.contracts.cards import CellFinding, FoundCell, FoundPage, FoundSheet
from dziennik.contracts.envelope import Actor
from dziennik.contracts.refusals import Refusal
from dziennik.domain.card_scans import scan
from dziennik.domain.cards import card, not_to_read
from dziennik.domain.world import World
from dziennik.omr.batch import read_files
from dziennik.omr.kinds import kind_of
from dziennik.omr.sheet import TEXTS, CellState, Sheet, SheetState, Why, told
from dziennik.omr.working import Set

TYPES = {
    "pdf": "application/pdf",
    "tiff": "image/tiff",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
}
UNKNOWN = "application/octet-stream"
# Why a card that could be read is not taken; the reader knows nothing of it. In Polish and in English.
ASIDE = {
    "not_issued": ("Tej karty nie wydano.", "This card was not issued."),
    "voided": ("Ta karta jest unieważniona.", "This card is void."),
    "spoilt": (
        "Tę kartę zgłoszono jako zepsutą w druku i tak zostaje. Wpisz ją ręcznie albo użyj nowej karty.",
        "This card was reported as spoilt in printing, for good. Enter it by hand, or use a new card.",
    ),
    "already_applied": (
        "Ta karta jest już w dzienniku z innego skanu, w całości albo w części.",
        "This card is in the register already from another scan, all of it or in part.",
    ),
    "copy_in_scan": (
        "Ta karta jest w tym pliku więcej niż raz: liczy się pierwsza.",
        "This card is in this file more than once: the first counts.",
    ),
}

NAMED = ("Numer karty wpisała osoba.", "A person typed the card's number.")


def told_aside(why: str, language: str) -> str:
    """Why a page was set aside, as a sentence; the code itself, where no reader of this version gives it."""
    if why in ASIDE:
        return ASIDE[why][language != "pl"]
    return told(Why(why), language) if why in set(Why) else why


class Keeping(Protocol):
    """What taking a scan in needs of the running system."""

    @property
    def scans(self) -> Scans: ...

    def register(self, school_id: str) -> Register: ...

    def card_key_of(self, school_id: str) -> bytes: ...


class Judgement(msgspec.Struct, frozen=True):
    """What the register says of what was read.

    `aside`: cards that do not count, by page and id: why (ASIDE). `named`: pages with a card that nothing
    names, and which one a person said it is; it was read then.
    """

    aside: Mapping[tuple[int, str], str] = {}
    named: Mapping[int, str] = {}

    def why_aside(self, sheet: Sheet) -> str | None:
        """Why the register sets the sheet aside that the reader had read."""
        return self.aside.get((sheet.page, sheet.card_id or ""))

    def named_as(self, sheet: Sheet) -> str | None:
        """The card that it is by a person's word."""
        return self.named.get(sheet.page) if sheet.why is Why.NO_IDENTITY else None

    def reason(self, sheet: Sheet) -> tuple[str | None, tuple[str, str] | None]:
        """Why it is what it is, by the register or else the reader: a code, and words in pl and en."""
        aside = self.why_aside(sheet)
        if aside:
            return aside, ASIDE[aside]
        if self.named_as(sheet):
            return None, NAMED
        return (sheet.why.value, TEXTS[sheet.why]) if sheet.why else (None, None)


class TakenIn(msgspec.Struct, frozen=True):
    """What became of a scan. `kept`: with its pictures, because there is a card on it."""

    scan_id: str
    outcome: Outcome
    sheets: tuple[Sheet, ...] = ()
    kept: bool = False
    judgement: Judgement = Judgement()


def take_in(
    system: Keeping, school_id: str, path: Path, *, actor: Actor, workers: int | None = None
) -> TakenIn:
    """Read the file, keep it and record it. The same bytes again add only what could not be read before.

    Raises OSError when there is no such file.
    """
    if path.stat().st_size > LARGEST:
        return TakenIn("", TOO_LARGE(limit=LARGEST, field="content"))
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    told = Set(keys=(system.card_key_of(school_id),))
    sheets = tuple(read_files([path], told, workers=workers))
    media_type = TYPES.get(kind_of(content) or "", UNKNOWN)
    register = system.register(school_id)
    gone = register.state(scan(digest)).destroyed  # what was destroyed does not come back
    kept = any(sheet.cells or sheet.why is Why.NO_IDENTITY for sheet in sheets) and not gone
    if kept:
        system.scans.keep(school_id, digest, media_type, content)
    command = RecordScan(
        scan_id=digest,
        sha256=digest,
        media_type=media_type,
        size=len(content),
        sheets=found_sheets(sheets),
        pages=found_pages(sheets),
    )
    outcome = register.execute(command, actor=actor)
    return TakenIn(digest, outcome, sheets, kept, judge(register, digest, sheets))


def judge(register: Register, scan_id: str, sheets: Sequence[Sheet]) -> Judgement:
    """What the register says of the sheets of this scan, or would say of them; writes nothing."""
    return register.look(lambda world: _judged(world, scan_id, sheets))


def _judged(world: World, scan_id: str, sheets: Sequence[Sheet]) -> Judgement:
    aside, taken = {}, set()
    for sheet in sheets:
        if not sheet.card_id or not sheet.cells:
            continue
        state = world[card(sheet.card_id)]
        why = None if state.taken_from == scan_id else not_to_read(world, sheet.card_id)
        if sheet.card_id in taken:
            why = "copy_in_scan"
        if why:
            aside[sheet.page, sheet.card_id] = why
        else:
            taken.add(sheet.card_id)
    return Judgement(aside, world[scan(scan_id)].named)


def found_sheets(sheets: Sequence[Sheet]) -> tuple[FoundSheet, ...]:
    """The cards that were read, in the journal's words: what is blank is left out."""
    return tuple(
        FoundSheet(
            page=sheet.page,
            card_id=sheet.card_id,
            corners=sheet.corners,
            cells=_cells(sheet),
            why=sheet.why.value if sheet.why else None,
        )
        for sheet in sheets
        if sheet.card_id and sheet.cells
    )


def found_pages(sheets: Sequence[Sheet]) -> tuple[FoundPage, ...]:
    """Pages without a card that could be read, each with its reason."""
    return tuple(
        FoundPage(page=sheet.page, why=sheet.why.value if sheet.why else "blank", card_id=sheet.card_id)
        for sheet in sheets
        if sheet.state in (SheetState.REFUSED, SheetState.BLANK)
    )


def _cells(sheet: Sheet) -> tuple[FoundCell, ...]:
    return tuple(
        FoundCell(
            cell=at,
            line=cell.row,
            field=cell.field,
            value=cell.value,
            finding=CellFinding(cell.state.value),
            ink=round(cell.ink * 1000),
        )
        for at, cell in enumerate(sheet.cells)
        if cell.state is not CellState.BLANK
    )


def refusal_of(taken: TakenIn) -> Refusal | None:
    """Why the scan was not recorded."""
    return taken.outcome if isinstance(taken.outcome, Refusal) else None
