"""`dziennik commerce ...`: the provider's side: prices, quotes, contracts, who of the provider is let in."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from dziennik.app import System, open_system
from dziennik.application.ids import new_id
from dziennik.application.register import Outcome
from dziennik.cli import commerce_bills, commerce_handing, commerce_money, commerce_points
from dziennik.cli.actors import OFFICE
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, refused, rows_told
from dziennik.contracts.agreement import EndContract, RenewContract, SignContract
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.invoices import DescribeSeller
from dziennik.contracts.offers import EndPriceList, ProductKind, PublishCatalogue, PublishPriceList, Purpose
from dziennik.contracts.people import RegisterPerson
from dziennik.contracts.purchases import OrderLine
from dziennik.contracts.refusals import Refusal
from dziennik.domain.agreement import AGREEMENT
from dziennik.domain.offers import OFFERS
from dziennik.domain.policies.prices import Quote, amount_of, list_on, quoted
from dziennik.domain.policies.rewards import SIGNING_CARDS
from dziennik.selling.invoices import rate, zlotys
from dziennik.selling.market import provider
from dziennik.selling.ordering import fee_reference, individually, school_quote

app = typer.Typer(no_args_is_help=True, help="Buying and selling / umowy, zakupy, punkty.")
app.add_typer(commerce_money.bank, name="bank")
commerce_money.add_to(app)
commerce_bills.add_to(app)
commerce_handing.add_to(app)
commerce_points.add_to(app)

Day = typer.Option(formats=["%Y-%m-%d"])
With = Annotated[
    list[str] | None,
    typer.Option("--with", help="Product, or product=pieces: szkolenie=2 / produkt albo produkt=sztuki."),
]
Agreed = Annotated[
    list[str] | None,
    typer.Option(
        "--agreed", help="Individual price in grosze: szkolenie=20000 / cena indywidualna w groszach."
    ),
]
Pupils = Annotated[int, typer.Option("--pupils", min=1, help="Size of the school / ilu uczniów.")]


class Offered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file of offers holds."""

    seller: DescribeSeller | None = None
    price_lists: tuple[PublishPriceList, ...] = ()
    catalogues: tuple[PublishCatalogue, ...] = ()


@app.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(help="JSON: seller, price_lists, catalogues.", dir_okay=False)],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Publish price lists and the catalogue of points / ogłoś cenniki i katalog punktów."""
    try:
        offered = msgspec.json.decode(file.read_bytes(), type=Offered)
    except msgspec.DecodeError as fault:
        raise typer.BadParameter(f"{file}: {fault}") from fault
    commands: list[Command] = [*([offered.seller] if offered.seller else [])]
    commands += [*offered.price_lists, *offered.catalogues]
    with open_system(data_dir, database_url) as system:
        register = provider(system)
        facts = sum(_done(register.execute(command, actor=OFFICE)) for command in commands)
    typer.echo(f"{facts} fact(s)")


@app.command("offers")
def offers(
    on: Annotated[datetime | None, Day] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """The prices of a day / ceny z danego dnia."""
    with open_system(data_dir, database_url) as system:
        register = provider(system)
        day, state = on.date() if on else register.today(), register.state(OFFERS)
    held = [found for purpose in Purpose if (found := list_on(state.lists, purpose, day))]
    rows = [(one.list_id, price) for one in held for price in one.prices]
    if as_json:
        typer.echo(json.dumps([{"list": name, **msgspec.to_builtins(price)} for name, price in rows]))
        return
    told = [
        (
            name,
            price.product_id,
            price.name,
            zlotys(price.gross),
            rate(price.vat),
            f"{price.from_pupils}–{price.to_pupils or ''}",
            price.years.value,
        )
        for name, price in rows
    ]
    rows_told(
        ("list / cennik", "id", "name / nazwa", "gross / brutto", "VAT", "pupils / uczniów", "years"), told
    )


@app.command("end-list")
def end_list(
    list_id: Annotated[str, typer.Argument(help="Id of the price list / id cennika.")],
    until: Annotated[datetime, Day],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Give a price list its last day, so that another may follow / zakończ cennik."""
    with open_system(data_dir, database_url) as system:
        command = EndPriceList(list_id=list_id, until=until.date())
        typer.echo(f"{_done(provider(system).execute(command, actor=OFFICE))} fact(s)")


@app.command("quote")
def quote(
    pupils: Pupils,
    later: Annotated[bool, typer.Option("--later", help="A later year / kolejny rok umowy.")] = False,
    with_: With = None,
    agreed: Agreed = None,
    on: Annotated[datetime | None, Day] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """What a school of that size pays for a year, itemised / oferta dla szkoły: pozycje i suma."""
    with open_system(data_dir, database_url) as system:
        found = _quote(system, pupils, not later, with_, agreed, on.date() if on else None)
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    rows = [
        (
            line.name,
            str(line.count),
            zlotys(line.unit_gross),
            rate(line.vat),
            zlotys(amount_of(line)),
            line.list_id or "–",
        )
        for line in found.lines
    ]
    rows_told(
        ("name / nazwa", "pieces / szt.", "price / cena", "VAT", "gross / brutto", "list / cennik"), rows
    )
    for one in found.rates:
        typer.echo(f"{rate(one.vat)}: {zlotys(one.net)} + {zlotys(one.tax)} = {zlotys(one.gross)}")
    typer.echo(f"razem / total: {zlotys(found.total)}")


def _quote(
    system: System,
    pupils: int,
    first_year: bool,
    with_: list[str] | None,
    agreed: list[str] | None,
    on: date | None,
) -> Quote:
    """The yearly fee (services of the list), and what comes with it; ends the command when there is no
    price.
    """
    register = provider(system)
    day = on or register.today()
    held = list_on(register.state(OFFERS).lists, Purpose.SCHOOL, day)
    fees = [price.product_id for price in (held.prices if held else ()) if price.kind is ProductKind.SERVICE]
    wanted = dict.fromkeys(fees, 1) | dict(_pairs(with_, "--with"))
    found = school_quote(register, tuple(wanted.items()), pupils=pupils, first_year=first_year, on=day)
    if isinstance(found, Refusal):
        refused(found)
    prices = dict(_pairs(agreed, "--agreed"))
    return quoted(day, [_at(line, prices) for line in found.lines])


def _at(line: OrderLine, prices: dict[str, int]) -> OrderLine:
    return individually(line, prices[line.product_id]) if line.product_id in prices else line


def _pairs(words: list[str] | None, option: str) -> list[tuple[str, int]]:
    found = []
    for word in words or ():
        name, _, number = word.partition("=")
        if number and not (number.isascii() and number.isdigit()):
            raise typer.BadParameter(f"{word}: ID=N", param_hint=option)
        found.append((name, int(number) if number else 1))
    return found


@app.command("sign")
def sign(
    school: SchoolId,
    number: Annotated[str, typer.Option("--number", help="The contract's number / numer umowy.")],
    pupils: Pupils,
    since: Annotated[datetime, Day],
    until: Annotated[datetime, Day],
    with_: With = None,
    agreed: Agreed = None,
    cards: Annotated[int, typer.Option("--cards", min=0, help="At signing / na start.")] = SIGNING_CARDS,
    terms: Annotated[
        str | None, typer.Option("--terms", help="What else was agreed / inne ustalenia.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Sign a school's contract / podpisz umowę ze szkołą."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        lines = _quote(system, pupils, True, with_, agreed, register.today()).lines
        contract_id = new_id()
        command = SignContract(
            contract_id=contract_id,
            number=number,
            reference=fee_reference(school, contract_id, 1),
            on=register.today(),
            since=since.date(),
            until=until.date(),
            pupils=pupils,
            lines=lines,
            cards=cards,
            terms=terms,
        )
        _done(register.execute(command, actor=OFFICE))
        system.follower.run_once(school)
    typer.echo(f"{contract_id}  {command.reference}")


@app.command("renew")
def renew(
    school: SchoolId,
    pupils: Pupils,
    until: Annotated[datetime, Day],
    with_: With = None,
    agreed: Agreed = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """A further year of the contract / przedłuż umowę o kolejny rok."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        state = register.state(AGREEMENT)
        contract_id = state.signed.contract_id if state.signed else ""
        command = RenewContract(
            contract_id=contract_id or "none",
            reference=fee_reference(school, contract_id, state.year + 1),
            until=until.date(),
            pupils=pupils,
            lines=_quote(system, pupils, False, with_, agreed, register.today()).lines,
        )
        _done(register.execute(command, actor=OFFICE))
        system.follower.run_once(school)
    typer.echo(command.reference)


@app.command("end")
def end(
    school: SchoolId,
    on: Annotated[datetime, Day],
    reason: Annotated[str, typer.Option("--reason", help="Why / dlaczego.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """End the contract on a day / zakończ umowę."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        signed = register.state(AGREEMENT).signed
        contract_id = signed.contract_id if signed else "none"
        _done(
            register.execute(EndContract(contract_id=contract_id, on=on.date(), reason=reason), actor=OFFICE)
        )
        system.follower.run_once(school)


@app.command("let-in")
def let_in(
    school: SchoolId,
    role: Annotated[Role, typer.Option("--role", help="operator | sponsor")],
    family: Annotated[
        str, typer.Option("--family", help="Family name, or an organisation's / nazwisko lub nazwa.")
    ],
    given: Annotated[str, typer.Option("--given", help="Given names / imiona.")] = "–",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let a provider's operator, or a sponsor, into a school / wpuść operatora dostawcy albo płatnika."""
    if role not in (Role.OPERATOR, Role.SPONSOR):
        raise typer.BadParameter("operator | sponsor", param_hint="--role")
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        person_id = new_id()
        command = RegisterPerson(
            person_id=person_id,
            given_names=given,
            family_name=family,
            since=register.today(),
            roles=(role,),
        )
        _done(register.execute(command, actor=OFFICE))
        system.follower.run_once(school)
    typer.echo(person_id)
    hint(
        f"Konto: dziennik account open --school {school} --person {person_id} --login ...",
        "now open an account for the person",
    )


def _done(outcome: Outcome) -> int:
    """How many facts; a refusal ends the command."""
    if isinstance(outcome, Refusal):
        refused(outcome)
    return outcome.facts
