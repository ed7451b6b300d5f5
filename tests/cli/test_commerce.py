"""Selling from the command line: from the price list to the statement that comes out even."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from dziennik.app import open_system
from dziennik.application.register import Accepted
from dziennik.cli.actors import OFFICE
from dziennik.contracts import people, school
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import Guardianship
from tests.cli.conftest import Line
from tests.graphql.test_commerce import mt

SELLER = {
    "name": "Dziennik sp. z o.o.",
    "address": "Łódź",
    "tax_id": "5260250274",
    "account": "PL61109010140000071219812874",
    "since": "2026-01-01",
}


def price(product: str, kind: str, gross: int, **more: str) -> dict[str, object]:
    return {"product_id": product, "name": product, "kind": kind, "gross": gross, "vat": "v23"} | more


PRICES = {
    "accounts": [price("konto", "extension", 3900)],
    "school": [
        price("serwer", "service", 35000, years="first"),
        price("serwer", "service", 21000, years="later"),
        price("szkolenie", "training", 40000, vat="exempt"),
    ],
}
LISTS = [
    {"list_id": purpose, "purpose": purpose, "since": "2026-01-01", "prices": prices}
    for purpose, prices in PRICES.items()
]
OFFERED = {"seller": SELLER, "price_lists": LISTS}


def school_of_one(line: Line) -> None:
    since = date(2026, 1, 1)
    with open_system(None, line.where[1]) as system:
        register = system.found("sp1")
        for command in (
            school.FoundSchool(school_id="sp1", name="Szkoła nr 1", short_name="SP1"),
            people.RegisterPerson(
                person_id="p1", given_names="Ala", family_name="Ćma", since=since, roles=(Role.PUPIL,)
            ),
            people.RegisterPerson(
                person_id="m1", given_names="Ewa", family_name="Ćma", since=since, roles=(Role.PARENT,)
            ),
            people.GrantParentalRights(
                pupil_id="p1", parent_id="m1", guardianship=Guardianship.PARENT, since=since
            ),
        ):
            assert isinstance(register.execute(command, actor=OFFICE), Accepted)


def test_from_the_price_list_to_the_statement(line: Line, tmp_path: Path) -> None:
    school_of_one(line)
    offers, here = tmp_path / "cennik.json", ("--school", "sp1")
    offers.write_text(json.dumps({"price_list": []}), encoding="utf-8")
    assert line("commerce", "publish", offers).code == 2
    offers.write_text(json.dumps(OFFERED), encoding="utf-8")
    assert line("commerce", "publish", offers).out == "3 fact(s)\n"
    assert line("commerce", "publish", offers).out == "0 fact(s)\n"

    quote = json.loads(line("commerce", "quote", "--pupils", "520", "--with", "szkolenie=2", "--json").out)
    assert (quote["total"], [each["count"] for each in quote["lines"]]) == (115000, [1, 2])
    told = line("commerce", "quote", "--pupils", "520", "--later", "--agreed", "serwer=19900").out
    assert told.splitlines()[-1] == "razem / total: 199,00 zł"
    assert line("commerce", "quote", "--pupils", "520", "--with", "none").code == 2

    days = ("--since", "2026-01-01", "--until", "2027-08-31")
    signed = line("commerce", "sign", *here, "--number", "7", "--pupils", "520", *days)
    assert signed.code == 0, signed.err
    who = ("--buyer", "parent", "--payer", "m1", "--pupil", "p1")
    ordered = line("commerce", "order", *here, "--product", "konto", *who)
    order_id, title, price = ordered.out.split("  ")
    assert price == "39,00 zł\n"
    unpaid = line("commerce", "invoice", *here, "--order", order_id, "--out", tmp_path / "f.json")
    assert (unpaid.code, "PURCHASES.NOT_PAID" in unpaid.err) == (2, True)

    statement = tmp_path / "wyciag.sta"
    statement.write_bytes(mt([("39,00", f"konto {title}"), ("5,00", "co to")], "0,00", "44,00"))
    assert line("commerce", "bank", "import", statement).out.endswith("matched: 1, czeka / waiting: 1\n")
    (waiting,) = json.loads(line("commerce", "bank", "waiting", "--json").out)
    assert (waiting["left"], waiting["title"], waiting["orders"]) == (500, "co to", [])
    too_much = line("commerce", "bank", "direct", "--payment", waiting["payment"], *here, "--order", order_id)
    assert (too_much.code, "PURCHASES.PAID_ALREADY" in too_much.err) == (2, True)
    back = line("commerce", "bank", "return", "--payment", waiting["payment"], "--reason", "nadpłata")
    assert back.code == 0, back.err
    assert json.loads(line("commerce", "bank", "waiting", "--json").out) == []

    paid = line("commerce", "invoice", *here, "--order", order_id, "--out", tmp_path / "f.pdf")
    assert paid.code == 0, paid.err
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")
    out = line("commerce", "statement", *here, "--out", tmp_path / "s.json")
    assert out.out.endswith("zgadza się / comes out even\n")
    money = json.loads((tmp_path / "s.json").read_text("utf-8"))["money"]
    assert (money["ordered"], money["credited"], money["open"]) == (38900, 3900, 35000)
    has = json.loads(line("commerce", "entitlement", *here, "--person", "m1", "--json").out)
    assert has["day_digest"] == {"allowed": True, "why": "extended"}
    assert line("commerce", "round").out == "sp1: 0\n"
    early = line("commerce", "hand-over", *here, "--out", tmp_path / "all")
    assert (early.code, "AGREEMENT.CONTRACT_NOT_OVER" in early.err) == (2, True)
    assert not (tmp_path / "all").exists()
    end = line("commerce", "end", *here, "--on", "2027-08-31", "--reason", "koniec")
    assert end.code == 0, end.err
    given = line("commerce", "hand-over", *here, "--out", tmp_path / "all")
    assert given.code == 0, given.err
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["SHA256SUMS", "sp1.facts"]
    assert line("commerce", "bank", "forget").out == "wpłaty / payments: 0, klucze / keys: 0\n"
