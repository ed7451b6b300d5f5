"""Does a correction lower what a refund paid back, to the grosz, and does FA(3) take both documents?"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from dziennik.archive.pdf import pdf
from dziennik.contracts.offers import ProductKind, Vat
from dziennik.contracts.purchases import OrderLine
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.prices import rates_of, sums_of, total_of
from dziennik.selling import corrections, invoices
from dziennik.selling.corrections import Changed, Correction, lowered
from dziennik.selling.invoices import Invoice, Party
from dziennik.selling.ksef import NAMESPACE, as_xml

MADE = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)


def line(name: str, kind: ProductKind, vat: Vat, count: int, price: int) -> OrderLine:
    return OrderLine(product_id=name, name=name, kind=kind, count=count, unit_gross=price, vat=vat)


LINES = (
    line("Konto", ProductKind.EXTENSION, Vat.V23, 3, 1900),
    line("Szkolenie", ProductKind.TRAINING, Vat.EXEMPT, 1, 40000),
    line("Eksport", ProductKind.SUPPORT, Vat.V0, 2, 100),
    line("Książka", ProductKind.SUPPORT, Vat.V5, 1, 2500),
    line("Karty", ProductKind.CARDS, Vat.V8, 1, 1001),
)
INVOICE = Invoice(
    number="7/2026",
    issued=date(2026, 10, 2),
    sold=date(2026, 10, 1),
    seller=Party("Dziennik sp. z o.o.", "ul. Źródlana 1, 90-001 Łódź", "5260250274"),
    account="PL61109010140000071219812874",
    buyer=Party("Ewa Ćma", ""),
    order_id="z1",
    reference="DZ-52C2Q-FGM699",
    lines=LINES,
    rates=rates_of(LINES),
    total=total_of(LINES),
    currency="PLN",
    paid=total_of(LINES),
    exempt_by="art. 43 ust. 1 pkt 29 ustawy o VAT",
)


def corrected(by: int) -> Correction:
    amounts = [line.count * line.unit_gross for line in LINES]
    now = lowered(amounts, by)
    vats = [line.vat for line in LINES]
    return Correction(
        number="9/2026",
        issued=date(2026, 10, 20),
        corrects=INVOICE,
        refund_id="zw1",
        reason="odstąpienie",
        lines=tuple(map(Changed, LINES, amounts, now)),
        was=sums_of(zip(vats, amounts, strict=True)),
        now=sums_of(zip(vats, now, strict=True)),
        amount=by,
    )


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """The schema FA(3) as the ministry published it, from the wheel of somebody's client.

    It names others by their addresses; here they lie beside it.
    """
    found = find_spec("ksef_client")
    assert found
    assert found.submodule_search_locations
    wheel = Path(found.submodule_search_locations[0]) / "documents" / "fa3" / "schemas"
    folder = tmp_path_factory.mktemp("fa3")
    for path in wheel.glob("*.xsd"):
        text = re.sub(r'schemaLocation="[^"]*/', 'schemaLocation="', path.read_text("utf-8"))
        (folder / path.name).write_text(text, "utf-8")
    return etree.XMLSchema(etree.parse(folder / "schemat_FA(3)_v1-0E.xsd"))


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=9), st.data())
def test_lines_are_lowered_together_to_the_grosz(amounts: list[int], data: st.DataObject) -> None:
    by = data.draw(st.integers(0, sum(amounts)))
    now = lowered(amounts, by)
    assert sum(now) == sum(amounts) - by
    for was, left in zip(amounts, now, strict=True):
        assert 0 <= left <= was
        assert not sum(amounts) or abs((was - left) - was * by / sum(amounts)) < 1


def test_differences_are_what_was_less_what_is() -> None:
    found = corrected(INVOICE.total)
    assert all(one.gross == 0 for one in found.now)
    assert sum(one.gross for one in corrections.differences(found)) == -INVOICE.total
    part = corrected(1234)
    assert sum(one.gross for one in corrections.differences(part)) == -1234
    assert all(one.net + one.tax == one.gross for one in corrections.differences(part))
    told = json.loads(corrections.as_json(part))
    assert (told["amount"], told["corrects"]["number"], len(told["differences"])) == (1234, "7/2026", 5)
    page = corrections.as_page(part)
    assert page.title == "Faktura korygująca 9/2026"
    assert "Koryguje fakturę 7/2026 z dnia 2.10.2026" in page.lines[0]
    assert pdf(page) == pdf(page)


@pytest.mark.parametrize("found", [INVOICE, corrected(INVOICE.total), corrected(1), corrected(1234)])
def test_the_national_structure_takes_them(found: Invoice | Correction, schema: etree.XMLSchema) -> None:
    xml = as_xml(found, MADE)
    assert isinstance(xml, bytes)
    schema.assertValid(etree.fromstring(xml))


def of(xml: bytes | Refusal, path: str) -> list[str | None]:
    assert isinstance(xml, bytes)
    names = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [found.text for found in etree.fromstring(xml).findall(names)]


def test_sums_stand_in_the_fields_of_their_rates() -> None:
    xml = as_xml(INVOICE, MADE)
    told = {name: of(xml, f"Fa/{name}") for name in ("P_13_1", "P_14_1", "P_13_6_1", "P_13_7", "P_15")}
    assert told == {
        "P_13_1": ["46.34"],
        "P_14_1": ["10.66"],
        "P_13_6_1": ["2.00"],
        "P_13_7": ["400.00"],
        "P_15": ["494.01"],
    }
    assert of(xml, "Fa/FaWiersz/P_12") == ["23", "zw", "0 KR", "5", "8"]
    assert of(xml, "Podmiot2/DaneIdentyfikacyjne/BrakID") == ["1"]
    back = as_xml(corrected(INVOICE.total), MADE)
    assert of(back, "Fa/P_15") == ["-494.01"]
    assert of(back, "Fa/RodzajFaktury") == ["KOR"]
    assert of(back, "Fa/DaneFaKorygowanej/NrFaKorygowanej") == ["7/2026"]
    assert of(back, "Fa/FaWiersz/P_11A")[:4] == ["57.00", "0.00", "400.00", "0.00"]
    assert of(back, "Fa/FaWiersz/StanPrzed") == ["1"] * 5


def test_an_exempt_sale_needs_its_ground() -> None:
    unfounded = replace(INVOICE, exempt_by=None)
    refused = as_xml(unfounded, MADE)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("INVOICES.GROUND_MISSING", "exempt_by")
    assert any("art. 43" in line for line in invoices.parties(INVOICE))
    taxed = replace(unfounded, lines=LINES[:1], rates=rates_of(LINES[:1]))
    assert isinstance(as_xml(taxed, MADE), bytes)
