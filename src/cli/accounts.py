"""`dziennik account ...`: who can log in."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer
from rich.console import Console

from dziennik.app import open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.options import DatabaseUrl, DataDir
from dziennik.contracts.people import LinkAccount
from dziennik.contracts.refusals import Refusal

app = typer.Typer(no_args_is_help=True, help="Accounts / konta.")


@app.callback()
def _several() -> None:
    """Keep "open" a sub-command while it is the only one."""


@app.command("open")
def open_account(
    school: Annotated[str, typer.Option("--school", help="Id of the school / id szkoły.")],
    person: Annotated[str, typer.Option("--person", help="Id of the person / id osoby (people find).")],
    login: Annotated[str, typer.Option("--login", help="Name to log in with / nazwa logowania.")],
    password: Annotated[
        str | None,
        typer.Option(
            "--password", envvar="DZIENNIK_PASSWORD", help="Left out: one is made / brak: zostanie nadane."
        ),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Open an account for a person of the school / załóż konto osobie ze szkoły."""
    chosen = password or secrets.token_urlsafe(12)
    with open_system(data_dir, database_url) as system:
        register = system.register(school)
        account = system.accounts.open_account(login, chosen, by=OFFICE)
        if isinstance(account, Refusal):
            _refuse(account)
            return
        outcome = register.execute(LinkAccount(person_id=person, account_id=account), actor=OFFICE)
        if isinstance(outcome, Refusal):
            system.accounts.close_account(account, outcome.code, by=OFFICE)
            _refuse(outcome)
        system.follower.run_once(school)
    typer.echo(f"login: {login}" + ("" if password else f"\npassword / hasło: {chosen}"))


def _refuse(refusal: Refusal) -> None:
    Console(stderr=True).print(f"{refusal.code}: {refusal.text()} / {refusal.text('en')}")
    raise typer.Exit(2)
