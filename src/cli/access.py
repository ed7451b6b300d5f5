"""`dziennik account ...`: letters with one-time codes, blocks, rules, who is let in."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import System, open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.classes import CLASS, class_named
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, refused, rows_told
from dziennik.contracts import accounts as said
from dziennik.contracts.accounts import AccountRules, CodePurpose, PasswordRules
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain.people import person as person_stream
from dziennik.graphql.issuing import Wanted, full_name, issue
from dziennik.projections import accounts, people

app = typer.Typer()
PersonId = Annotated[str, typer.Option("--person", help="Id of the person / id osoby (people find).")]
Out = Annotated[Path, typer.Argument(help="PDF to write / plik PDF.", dir_okay=False)]


@app.command("letters")
def letters(
    school: SchoolId,
    out: Out,
    person: Annotated[
        list[str] | None, typer.Option("--person", help="Id of a person, may be repeated / id osoby.")
    ] = None,
    class_id: Annotated[str | None, typer.Option("--class", help=CLASS)] = None,
    pupils: Annotated[
        bool, typer.Option("--pupils", help="The class's pupils instead of parents / uczniowie, nie rodzice.")
    ] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Codes for a new password / kody do nowego hasła.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Issue one-time codes and print a letter for each / wydaj kody i zapisz listy do druku."""
    from dziennik.accounts.printing import print_letters  # the PDF library: only when asked for

    if bool(person) == bool(class_id):
        raise typer.BadParameter("--person | --class")
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        system.follower.run_once(school)
        with system.read_models.view(school) as view:
            wanted = Wanted(
                person_ids=tuple(person or ()),
                class_id=class_named(view, class_id, register.today()) if class_id else None,
                parents=not pupils,
                purpose=CodePurpose.PASSWORD if password else CodePurpose.ACTIVATION,
            )
            issued = issue(register, system.accounts, view, wanted, OFFICE)
        if isinstance(issued, Refusal):
            refused(issued)
        told, _ = issued
        if not told:
            hint("Nikt stąd nie potrzebuje kodu", "Nobody here needs a code")
            raise typer.Exit(2)
        system.follower.run_once(school)
        _write(out, print_letters([one.letter for one in told], register.today()))
    typer.echo(f"{out}: {len(told)} kod(ów) / code(s)")


def _write(out: Path, content: bytes) -> None:
    """Readable by whoever asked for it alone: whoever has the file can log in as all of them."""
    out.touch(mode=0o600)
    out.chmod(0o600)
    out.write_bytes(content)


@app.command("block")
def block(
    school: SchoolId,
    person: PersonId,
    reason: Annotated[str, typer.Option("--reason", help="Why / dlaczego.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Shut a person out of this school at once / natychmiast zablokuj dostęp."""
    with open_system(data_dir, database_url) as system:
        _do(system, school, said.BlockAccess(person_id=person, reason=reason))


@app.command("unblock")
def unblock(
    school: SchoolId, person: PersonId, data_dir: DataDir = None, database_url: DatabaseUrl = None
) -> None:
    """Let a person in again / przywróć dostęp."""
    with open_system(data_dir, database_url) as system:
        _do(system, school, said.UnblockAccess(person_id=person))


@app.command("reset-second-factor")
def reset_second_factor(
    school: SchoolId,
    person: PersonId,
    reason: Annotated[str, typer.Option("--reason", help="Why / dlaczego.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """A lost second factor: the password alone is enough again / wyłącz utracony drugi składnik."""
    with open_system(data_dir, database_url) as system:
        account_id = system.register(known(system, school)).state(person_stream(person)).account_id
        if account_id is None:
            refused(said.NO_ACCOUNT(person=person, field="person_id"))
        removed = system.accounts.second_factors.remove(account_id, reason, by=OFFICE)
        if removed:
            refused(removed)
    typer.echo("zrobione / done")


@app.command("rules")
def rules(
    school: SchoolId,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="From that day on / od dnia; brak: pokaż."),
    ] = None,
    least: Annotated[int, typer.Option("--least", help="Signs of a password / znaków hasła.")] = 12,
    change: Annotated[
        int | None, typer.Option("--change", help="Days until it must be changed / dni do zmiany hasła.")
    ] = None,
    allow_common: Annotated[
        bool, typer.Option("--allow-common", help="Also common passwords / także popularne hasła.")
    ] = False,
    code_days: Annotated[int, typer.Option("--code-days", help="Days of a code / dni ważności kodu.")] = 30,
    second_factor: Annotated[
        list[Role] | None,
        typer.Option("--second-factor", help="Role that needs one / rola, która go wymaga."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Set the school's rules of passwords and codes, or show them / ustal albo pokaż zasady."""
    with open_system(data_dir, database_url) as system:
        if since is not None:
            password = PasswordRules(
                least_length=least, change_after_days=change, refuse_common=not allow_common
            )
            wanted = AccountRules(
                password=password, code_days=code_days, second_factor_roles=tuple(second_factor or ())
            )
            _do(system, school, said.SetAccountRules(since=since.date(), rules=wanted))
        system.follower.run_once(known(system, school))
        with system.read_models.view(school) as view:
            dated = accounts.dated_rules(view)
    rows = [[day.isoformat(), *_told(one)] for day, one in dated] or [["-", *_told(AccountRules())]]
    rows_told(("od / since", "znaków / signs", "zmiana / change", "kod / code", "2FA"), rows)


def _told(one: AccountRules) -> list[str]:
    change = one.password.change_after_days
    roles = ", ".join(role.value for role in one.second_factor_roles)
    return [
        str(one.password.least_length),
        f"{change} d" if change else "-",
        f"{one.code_days} d",
        roles or "-",
    ]


@app.command("list")
def list_access(
    school: SchoolId,
    role: Annotated[Role, typer.Option("--role", help="In this role / w tej roli.")] = Role.PARENT,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Who has an account, an open code, or is blocked / kto ma konto, kod, blokadę."""
    head = ("id", "osoba / person", "login", "kod do / code until", "blokada / blocked")
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        system.follower.run_once(school)
        rows = []
        with system.read_models.view(school) as view:
            for person in people.people_in_role(view, role, register.today()):
                open_codes = [
                    code.valid_until.isoformat()
                    for code in accounts.codes(view, person.person_id)
                    if code.used_at is None and code.withdrawn_at is None
                ]
                blocked = accounts.block(view, person.person_id)
                login = (person.account_id and system.accounts.login_of(person.account_id)) or ""
                until = open_codes[0] if open_codes else ""
                reason = blocked.reason if blocked else ""
                rows.append([person.person_id, full_name(person), login, until, reason])
    if as_json:
        names = ("id", "name", "login", "codeUntil", "blocked")
        typer.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False))
    else:
        rows_told(head, rows)


def _do(system: System, school: str, command: Command) -> None:
    outcome = system.register(known(system, school)).execute(command, actor=OFFICE)
    if isinstance(outcome, Refusal):
        refused(outcome)
    system.follower.run_once(school)
    typer.echo("zrobione / done")
