"""How does an invoice go into the national e-invoice system? As XML of the structure FA(3), namespace below.

The seam, no more: sending it (certificates, sessions, the number that the system gives) is left to whoever
runs the provider's books. What stands where:

    Podmiot1            the seller: NIP, Nazwa, Adres
    Podmiot2            the buyer: BrakID and Nazwa of who has no tax number, Adres if known; JST, GV: 2 (no)
    P_1, P_2, P_6       day of issue, number, day of sale
    P_13_1 / P_14_1     net and tax at 23 %; _2 at 8 %, _3 at 5 %; P_13_6_1 at 0 %, P_13_7 exempt
    P_15                what is owed, VAT included; on a correction: by how much it changes
    Adnotacje           nothing special (2), exemption with its ground (P_19, P_19A)
    RodzajFaktury       VAT, or KOR with PrzyczynaKorekty, TypKorekty 2 (it counts when the correction is
                        issued: art. 29a(13) of the VAT act), DaneFaKorygowanej (NrKSeFN: outside of it)
    FaWiersz            a line: P_7 name, P_8A/P_8B pieces, P_9B price and P_11A amount with VAT, P_12 rate;
                        on a correction twice: with StanPrzed as it was, and as it is
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from lxml import etree

from dziennik.contracts.invoices import GROUND_MISSING
from dziennik.contracts.offers import Vat
from dziennik.contracts.purchases import OrderLine
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.prices import VatSum, amount_of
from dziennik.selling.corrections import Correction, differences
from dziennik.selling.invoices import Invoice, Party, decimal

NAMESPACE: Final = "http://crd.gov.pl/wzor/2025/06/25/13775/"
# Net and tax of each rate, in the schema's order.
_SUMS: Final[Mapping[Vat, tuple[str, str | None]]] = {
    Vat.V23: ("P_13_1", "P_14_1"),
    Vat.V8: ("P_13_2", "P_14_2"),
    Vat.V5: ("P_13_3", "P_14_3"),
    Vat.V0: ("P_13_6_1", None),
    Vat.EXEMPT: ("P_13_7", None),
}
_RATES: Final[Mapping[Vat, str]] = {
    Vat.V23: "23",
    Vat.V8: "8",
    Vat.V5: "5",
    Vat.V0: "0 KR",
    Vat.EXEMPT: "zw",
}
_YES, _NO = "1", "2"


def as_xml(found: Invoice | Correction, made: datetime) -> bytes | Refusal:
    """The document as FA(3); `made`: when the file was made (with its zone, as the structure demands)."""
    first = found.corrects if isinstance(found, Correction) else found
    exempt = any(line.vat is Vat.EXEMPT for line in first.lines)
    if exempt and not first.exempt_by:
        return GROUND_MISSING(field="exempt_by")
    root = etree.Element(f"{{{NAMESPACE}}}Faktura", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _heading(root, made)
    _seller(root, first.seller)
    _buyer(root, first.buyer)
    if isinstance(found, Correction):
        _corrected(root, found, first.exempt_by if exempt else None)
    else:
        _invoiced(root, found, first.exempt_by if exempt else None)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _put(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    made.text = text
    return made


def _heading(root: etree._Element, made: datetime) -> None:
    heading = _put(root, "Naglowek")
    form = _put(heading, "KodFormularza", "FA")
    form.set("kodSystemowy", "FA (3)")
    form.set("wersjaSchemy", "1-0E")
    _put(heading, "WariantFormularza", "3")
    _put(heading, "DataWytworzeniaFa", made.isoformat(timespec="seconds").replace("+00:00", "Z"))
    _put(heading, "SystemInfo", "Dziennik")


def _seller(root: etree._Element, party: Party) -> None:
    seller = _put(root, "Podmiot1")
    identity = _put(seller, "DaneIdentyfikacyjne")
    _put(identity, "NIP", party.tax_id)
    _put(identity, "Nazwa", party.name)
    _address(seller, party)


def _buyer(root: etree._Element, party: Party) -> None:
    buyer = _put(root, "Podmiot2")
    identity = _put(buyer, "DaneIdentyfikacyjne")
    if party.tax_id:
        _put(identity, "NIP", party.tax_id)
    else:
        _put(identity, "BrakID", _YES)
    _put(identity, "Nazwa", party.name)
    if party.address:
        _address(buyer, party)
    for name in ("JST", "GV"):  # neither a part of a local authority nor a member of a VAT group
        _put(buyer, name, _NO)


def _address(parent: etree._Element, party: Party) -> None:
    address = _put(parent, "Adres")
    _put(address, "KodKraju", "PL")
    _put(address, "AdresL1", party.address)


def _begun(root: etree._Element, found: Invoice | Correction, first: Invoice) -> etree._Element:
    bill = _put(root, "Fa")
    _put(bill, "KodWaluty", first.currency)
    _put(bill, "P_1", found.issued.isoformat())
    _put(bill, "P_2", found.number)
    _put(bill, "P_6", first.sold.isoformat())
    return bill


def _summed(bill: etree._Element, sums: Sequence[VatSum], total: int, exempt_by: str | None) -> None:
    by_rate = {one.vat: one for one in sums}
    for vat, (net, tax) in _SUMS.items():
        if vat in by_rate:
            _put(bill, net, decimal(by_rate[vat].net))
            if tax:
                _put(bill, tax, decimal(by_rate[vat].tax))
    _put(bill, "P_15", decimal(total))
    notes = _put(bill, "Adnotacje")
    for name in ("P_16", "P_17", "P_18", "P_18A"):
        _put(notes, name, _NO)
    exemption = _put(notes, "Zwolnienie")
    if exempt_by:
        _put(exemption, "P_19", _YES)
        _put(exemption, "P_19A", exempt_by)
    else:
        _put(exemption, "P_19N", _YES)
    _put(_put(notes, "NoweSrodkiTransportu"), "P_22N", _YES)
    _put(notes, "P_23", _NO)
    _put(_put(notes, "PMarzy"), "P_PMarzyN", _YES)


def _invoiced(root: etree._Element, found: Invoice, exempt_by: str | None) -> None:
    bill = _begun(root, found, found)
    _summed(bill, found.rates, found.total, exempt_by)
    _put(bill, "RodzajFaktury", "VAT")
    for number, line in enumerate(found.lines, 1):
        _line(bill, number, line, amount_of(line))


def _corrected(root: etree._Element, found: Correction, exempt_by: str | None) -> None:
    first = found.corrects
    bill = _begun(root, found, first)
    _summed(bill, differences(found), -found.amount, exempt_by)
    _put(bill, "RodzajFaktury", "KOR")
    _put(bill, "PrzyczynaKorekty", found.reason)
    _put(bill, "TypKorekty", "2")
    before = _put(bill, "DaneFaKorygowanej")
    _put(before, "DataWystFaKorygowanej", first.issued.isoformat())
    _put(before, "NrFaKorygowanej", first.number)
    _put(before, "NrKSeFN", _YES)
    for number, one in enumerate(found.lines, 1):
        _line(bill, number, one.line, one.was, before=True)
        _line(bill, number, one.line, one.now)


def _line(bill: etree._Element, number: int, line: OrderLine, amount: int, *, before: bool = False) -> None:
    row = _put(bill, "FaWiersz")
    _put(row, "NrWierszaFa", str(number))
    _put(row, "P_7", line.name)
    parts: Iterable[tuple[str, str]] = ()
    if amount == amount_of(line):  # of a line that is partly refunded, pieces times price are not the amount
        parts = (("P_8A", "szt."), ("P_8B", str(line.count)), ("P_9B", decimal(line.unit_gross)))
    for name, text in (*parts, ("P_11A", decimal(amount)), ("P_12", _RATES[line.vat])):
        _put(row, name, text)
    if before:
        _put(row, "StanPrzed", _YES)
