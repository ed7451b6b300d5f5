"""What can be asked for about scans of cards, and how is that refused? The facts: contracts.cards."""

from __future__ import annotations

from datetime import date

from dziennik.contracts.cards import FoundPage, FoundSheet
from dziennik.contracts.commands import Command, command
from dziennik.contracts.refusals import Reason

NAMELESS = "no_identity"  # why a page is set aside on which nothing tells which card it is


@command("cards.record_scan")
class RecordScan(Command, frozen=True, kw_only=True):
    """A scan with all that was read from it. The same bytes again add only what was not read before."""

    scan_id: str
    sha256: str
    media_type: str
    size: int
    sheets: tuple[FoundSheet, ...] = ()
    pages: tuple[FoundPage, ...] = ()


@command("cards.name_page")
class NamePage(Command, frozen=True, kw_only=True):
    """A page of a scan, read as the card whose printed number a person typed: `sheet` is what was read."""

    scan_id: str
    sheet: FoundSheet


@command("cards.destroy_scan")
class DestroyScan(Command, frozen=True, kw_only=True):
    """By the system itself, which knows when the scan came in."""

    scan_id: str
    received_on: date


NO_SUCH_SCAN = Reason(
    "CARDS.NO_SUCH_SCAN", pl="Nie przyjęto skanu {scan}.", en="No scan {scan} was taken in."
)
SCAN_ID_IS_ITS_DIGEST = Reason(
    "CARDS.SCAN_ID_IS_ITS_DIGEST",
    pl="Identyfikator skanu to SHA-256 jego zawartości.",
    en="A scan's id is the SHA-256 of its content.",
)
SCAN_MUST_BE_KEPT = Reason(
    "CARDS.SCAN_MUST_BE_KEPT",
    pl="Obrazy kart przechowuje się tak długo jak dziennik: ten skan można usunąć od {possible}.",
    en="Pictures of cards are kept as long as the register: this scan may go from {possible} on.",
)
SCAN_IS_NOT_KEPT = Reason(
    "CARDS.SCAN_IS_NOT_KEPT",
    pl="Obrazu tego skanu już nie ma. Zeskanuj kartę jeszcze raz.",
    en="The picture of this scan is not kept any more. Scan the card again.",
)
NOT_A_CARD_NUMBER = Reason(
    "CARDS.NOT_A_CARD_NUMBER",
    pl="{card} nie jest numerem karty. Sprawdź każdy znak numeru spod kodu QR, np. 03NQ-K8NH.",
    en="{card} is no card's number. Check each letter of the one below the QR code, e.g. 03NQ-K8NH.",
)
PAGE_NEEDS_NO_NUMBER = Reason(
    "CARDS.PAGE_NEEDS_NO_NUMBER",
    pl="Strona {page} tego skanu nie czeka na numer karty: wpisuje się go tylko tam, gdzie nie dało się go"
    " odczytać.",
    en="Page {page} of this scan waits for no card's number: one is typed only where it could not be read.",
)
CARD_IS_IN_SCAN = Reason(
    "CARDS.CARD_IS_IN_SCAN",
    pl="Karta {card} jest już w tym skanie, na stronie {page}. Sprawdź, z której kartki jest numer.",
    en="The card {card} is in this scan already, on page {page}. Check which sheet the number is from.",
)
NAMED_CARD_WAS_APPLIED = Reason(
    "CARDS.NAMED_CARD_WAS_APPLIED",
    pl="Strona {page} jest już w dzienniku jako karta {card}. Popraw wpisy w dzienniku.",
    en="Page {page} is in the register already as the card {card}. Correct the entries there.",
)
SPOILT_CARD = Reason(
    "CARDS.SPOILT_CARD",
    pl="Kartę {card} zgłoszono jako zepsutą w druku i tak zostaje. Wpisz ją ręcznie albo użyj nowej karty.",
    en="The card {card} was reported as spoilt in printing, for good. Enter it by hand, or use a new card.",
)
