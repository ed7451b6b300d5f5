"""`dziennik account ...`: who can log in."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from dziennik.app import System, open_system
from dziennik.cli import access
from dziennik.cli.actors import OFFICE
from dziennik.cli.options import DatabaseUrl, DataDir, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import refused
from dziennik.contracts import people as said
from dziennik.contracts.accounts import PasswordRules
from dziennik.contracts.refusals import Refusal
from dziennik.domain import people
from dziennik.domain.accounts import RULES

app = typer.Typer(no_args_is_help=True, help="Accounts / konta.")
app.add_typer(access.app)

PersonId = Annotated[str, typer.Option("--person", help="Id of the person / id osoby (people find).")]
Password = Annotated[
    str | None,
    typer.Option(
        "--password", envvar="DZIENNIK_PASSWORD", help="Left out: one is made / brak: zostanie nadane."
    ),
]


@app.command("open")
def open_account(
    school: SchoolId,
    person: PersonId,
    login: Annotated[str, typer.Option("--login", help="Name to log in with / nazwa logowania.")],
    password: Password = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Open an account for a person of the school / załóż konto osobie ze szkoły."""
    chosen = password or secrets.token_urlsafe(12)
    with open_system(data_dir, database_url) as system:
        # Asked first: an account that nobody can be given would keep its login for ever.
        held = _person(system, school, person).account_id
        if held and system.accounts.login_of(held) != login.strip().casefold():
            refused(said.ACCOUNT_TAKEN(field="account_id"))
        rules = _password_rules(system, school)
        account = system.accounts.open_account(login, chosen, by=OFFICE, rules=rules)
        if isinstance(account, Refusal):
            refused(account)
        command = said.LinkAccount(person_id=person, account_id=account)
        outcome = system.register(school).execute(command, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        system.follower.run_once(school)
    _tell(login, chosen, given=bool(password))


@app.command("password")
def set_password(
    school: SchoolId,
    person: PersonId,
    password: Password = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Give a new password; all sessions end / nadaj nowe hasło; wszystkie sesje się kończą."""
    chosen = password or secrets.token_urlsafe(12)
    with open_system(data_dir, database_url) as system:
        account = _person(system, school, person).account_id
        login = account and system.accounts.login_of(account)
        if not account or not login:
            raise typer.BadParameter("no account yet / nie ma jeszcze konta", param_hint="--person")
        rules = _password_rules(system, school)
        refusal = system.accounts.set_password(account, chosen, by=OFFICE, rules=rules)
        if refusal:
            refused(refusal)
    _tell(login, chosen, given=bool(password))


def _person(system: System, school: str, person_id: str) -> people.Person:
    """A person of the school. Ends the command for a stranger."""
    person = system.register(known(system, school)).state(people.person(person_id))
    if person.names is None:
        refused(said.NO_SUCH_PERSON(person=person_id, field="person_id"))
    return person


def _password_rules(system: System, school: str) -> PasswordRules:
    register = system.register(school)
    return register.state(RULES).on(register.today()).password


def _tell(login: str, password: str, *, given: bool) -> None:
    typer.echo(f"login: {login}")
    if not given:
        typer.echo(f"password / hasło: {password}")
