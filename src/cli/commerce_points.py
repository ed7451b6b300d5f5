"""`dziennik commerce rewards | spend | round | statement | entitlement`: points, cards, what comes out
even.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from dziennik.app import System, open_system
from dziennik.application.ids import new_id
from dziennik.archive.html import html
from dziennik.archive.pdf import pdf
from dziennik.cli.actors import OFFICE
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, refused, rows_told
from dziennik.contracts.entitlement import FEATURE_NAMES, AccountKind, Feature
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.projections import entitlements, people
from dziennik.projections.dated import in_force
from dziennik.selling.invoices import zlotys
from dziennik.selling.market import provider
from dziennik.selling.ordering import spend
from dziennik.selling.pages import as_page
from dziennik.selling.rewards import daily_round, grant_rewards
from dziennik.selling.statement import Statement, statement


def add_to(app: typer.Typer) -> None:
    """Put the commands beside the others."""
    app.command("rewards")(rewards)
    app.command("spend")(spend_points)
    app.command("round")(round_of_day)
    app.command("statement")(tell_statement)
    app.command("entitlement")(entitlement)


def rewards(school: SchoolId, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Give cards or points for active accounts / przyznaj karty albo punkty za aktywne konta."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        system.follower.run_once(school)
        with system.read_models.view(school) as view:
            outcome = grant_rewards(register, view, system.accounts.days_used, new_id(), actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        system.follower.run_once(school)
    if outcome is None or not outcome.facts:
        hint("Nie ma nowych aktywnych kont", "There are no further active accounts")
    else:
        typer.echo(f"{outcome.facts} fact(s)")


def spend_points(
    school: SchoolId,
    item: Annotated[str, typer.Option("--item", help="Id in the catalogue / id z katalogu.")],
    count: Annotated[int, typer.Option("--count", min=1, help="Pieces / sztuki.")] = 1,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Spend points on something of the catalogue / wydaj punkty."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        outcome = spend(register, provider(system), item, count, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        system.follower.run_once(school)
    typer.echo(f"{outcome.facts} fact(s)")


def round_of_day(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Once a day: what expired, whom to remind of the contract's end / raz dziennie: co wygasło, kogo
    przypomnieć.
    """
    with open_system(data_dir, database_url) as system:
        for school in system.schools():
            system.follower.run_once(school)
            with system.read_models.view(school) as view:
                done = daily_round(system.register(school), view, actor=OFFICE)
            system.follower.run_once(school)
            typer.echo(f"{school}: {len(done)}")


def tell_statement(
    school: SchoolId,
    out: Annotated[
        Path | None, typer.Option("--out", help="FILE.pdf | FILE.html | FILE.json", dir_okay=False)
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Money, points, cards and messages, and whether they come out even / zestawienie szkoły."""
    with open_system(data_dir, database_url) as system:
        found = _statement(system, known(system, school))
    if out is not None:
        if out.suffix == ".json":
            content = msgspec.json.format(msgspec.json.encode(found))
        else:
            content = pdf(as_page(found)) if out.suffix == ".pdf" else html(as_page(found))
        out.write_bytes(content)
    money, cards = found.money, found.cards
    typer.echo(
        f"zamówiono / ordered {zlotys(money.ordered)} = do zapłaty / open {zlotys(money.open)}"
        f" + wpłacono / paid {zlotys(money.credited)} + odpuszczono / given up {zlotys(money.given_up)}"
    )
    for one in found.points:
        typer.echo(
            f"{one.kind.value}: przyznano / issued {one.issued} = saldo / balance {one.balance}"
            f" + wydano / spent {one.spent} + wygasło / expired {one.expired}"
        )
    typer.echo(
        f"karty / cards {cards.granted} = wydrukowano / printed {cards.printed} + zostało / left {cards.left}"
    )
    told = found.messages
    typer.echo(
        f"wiadomości / messages {told.delivered} = przeczytano / read {told.read}"
        f" + czeka / unread {told.unread}"
    )
    typer.echo("zgadza się / comes out even" if found.agrees else "NIE ZGADZA SIĘ / DOES NOT COME OUT EVEN")
    if not found.agrees:
        raise typer.Exit(1)


def _statement(system: System, school: str) -> Statement:
    system.follower.run_once(school)
    with system.read_models.view(school) as view:
        return statement(system.register(school), view)


def entitlement(
    school: SchoolId,
    person: Annotated[str, typer.Option("--person", help="A pupil or parent / uczeń albo rodzic.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """What an account has on a day, and why / co ma konto w danym dniu i dlaczego."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        system.follower.run_once(school)
        day = on.date() if on else register.today()
        with system.read_models.view(school) as view:
            parent = any(row.role is Role.PARENT for row in people.roles(view, person))
            rights = people.children(view, person)
            pupils = [right.pupil_id for right in rights if in_force(right, day)] if parent else [person]
            kind = AccountKind.PARENT if parent else AccountKind.PUPIL
            found = [entitlements.use(view, feature, kind, pupils, day) for feature in Feature]
    if as_json:
        typer.echo(
            json.dumps({use.feature.value: {"allowed": use.allowed, "why": use.why.value} for use in found})
        )
        return
    rows = [
        (
            use.feature.value,
            "tak / yes" if use.allowed else "nie / no",
            use.why.value,
            " / ".join(FEATURE_NAMES[use.feature]),
        )
        for use in found
    ]
    rows_told(("feature / funkcja", day.isoformat(), "why / dlaczego", "name / nazwa"), rows)
