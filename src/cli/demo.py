"""`dziennik demo`: a school to look at, built, served and explained."""

from __future__ import annotations

import hmac
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dziennik.app import System, running
from dziennik.cli.actors import OFFICE
from dziennik.cli.options import DatabaseUrl, DataDir
from dziennik.cli.serving import Host, Port, claimed, listening, run_server
from dziennik.contracts.refusals import Refusal
from dziennik.demo.build import build
from dziennik.demo.former import NAME, Clock, build_former, logins_of
from dziennik.demo.former import SCHOOL_ID as FORMER
from dziennik.demo.logins import DemoSummary, OpenAccount
from dziennik.demo.sizes import SIZES, TINY, Size
from dziennik.journal.journals import PROVIDER
from dziennik.settings import Settings, read_settings

LOGIN = """mutation {
  login(login: "%s", password: "%s") { ... on Session { accessToken } ... on Refusal { code message } }
}"""
GRADEBOOK = """{
  gradebook(school: "%s", classId: "%s") {
    pupils { number familyName givenNames pupilId }
    cells { pupilId subjectId average { value ruleVersion } grades { value on comment } }
  }
}"""
CHILDREN = """{
  myChildren { school pupil { personId givenNames familyName enrolments { className number } } }
  pupilGrades(school: "%s", pupilId: "%s") {
    subjectId average { value included { gradeId number weight } excluded { gradeId reason } }
    grades { value weight on changes { was now reason } struckOut { reason } }
  }
}"""
ATTENDANCE = """{
  pupilAttendance(school: "%s", pupilId: "%s", yearId: "%s", from: "%s", to: "%s") {
    percentage { value present counted leftOut ruleVersion }
    marks { on period kind minutes was }
  }
}"""

THEN = """{
  pupilGrades(school: "%s", pupilId: "bartek", asOf: { time: "%d-03-20T12:00:00Z" }) {
    subjectId grades { value on }
  }
}"""
BOUGHT = """{
  myPurchases(school: "%s") { reference total state since until lines { name count } }
}"""
STATEMENT = """{
  schoolContracts(school: "%s") { number years { since total } }
  commerceStatement(school: "%s") {
    agrees
    money { ordered credited refunded kept open agrees }
    points { kind issued balance spent expired agrees }
    cards { granted printed left agrees }
    messages { sent delivered read unread agrees }
  }
}"""


def demo(
    size: Annotated[str, typer.Option(help="tiny, small or/albo full.")] = "small",
    build_only: Annotated[
        bool, typer.Option("--build-only", help="Build and stop / zbuduj i zakończ.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    host: Host = None,
    port: Port = None,
) -> None:
    """Build the demo school (once) and serve it until Ctrl-C / szkoła pokazowa."""
    if size not in SIZES:
        raise typer.BadParameter(f"choose one of: {', '.join(SIZES)}", param_hint="--size")
    settings = read_settings(data_dir, database_url, host=host, port=port, explore=True)
    console = Console()
    if build_only:
        with running(settings) as system:
            built(system, settings, SIZES[size], console)
        return
    with claimed(settings) as claim, running(settings) as system:
        summary = built(system, settings, SIZES[size], console)
        explain(console, listening(claim, settings), summary)
        if SIZES[size] is not TINY:
            explain_former(console, settings)
        run_server(system, claim)


def built(system: System, settings: Settings, size: Size, console: Console) -> DemoSummary:
    """The demo school, built or found complete, and its read models at the journal's head."""
    secret = _secret(settings)

    def open_account(login: str, password: str) -> str:
        account = system.accounts.open_account(login, password, by=OFFICE)
        if isinstance(account, Refusal):
            raise typer.BadParameter(f"{account.code}: {account.text('en')}", param_hint="--data-dir")
        return account

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        task = bars.add_task("Szkoła pokazowa / demo school", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bars.update(task, completed=done, total=total, description=f"Szkoła pokazowa {what}")

        summary = build(
            system.found(size.school_id), size, open_account=open_account, secret=secret, progress=tell
        )
        bars.update(task, completed=1, total=1)
    caught_up(system, size.school_id, console)
    if size is not TINY:
        former(system, open_account, secret, console)
    return summary


def former(system: System, open_account: OpenAccount, secret: bytes, console: Console) -> None:
    """The little school of former years, built or found complete."""
    clock = Clock()
    system.found(FORMER)
    school, provider = system.register(FORMER, now=clock), system.register(PROVIDER, now=clock)
    with console.status("Dawne lata / former years ..."):
        build_former(school, provider, clock, open_account, secret)
        system.follower.run_once(FORMER)


def _secret(settings: Settings) -> bytes:
    return hmac.digest(settings.token_key, b"demo passwords", "sha256")


def caught_up(system: System, school_id: str, console: Console) -> None:
    """The read models at the journal's head, so that the first query finds everything."""
    with console.status("Modele odczytu / read models ..."):
        system.follower.run_once(school_id)


def explain(console: Console, where: str, summary: DemoSummary) -> None:
    """Print the address, the logins and four queries to paste."""
    school, pupil = summary.school_id, summary.pupil_id
    console.print(f"\n[bold]{escape(where)}[/]   (Ctrl-C: stop)\n", highlight=False)
    widest = max(len(login.login) for login in summary.logins)
    for login in summary.logins:
        row = f"  {login.login:<{widest}}  {login.password}  {escape(login.who)}"
        console.print(row, highlight=False, soft_wrap=True)
    teacher = next(login for login in summary.logins if login.role.value == "teacher")
    attendance = ATTENDANCE % (school, pupil, summary.year_id, summary.since, summary.until)
    queries = (
        (
            "1. zaloguj się (albo u góry strony) / log in (or at the top of the page)",
            LOGIN % (teacher.login, teacher.password),
        ),
        ("2. nauczyciel: dziennik ocen / teacher: gradebook", GRADEBOOK % (school, summary.class_id)),
        ("3. rodzic: oceny dziecka / parent: the child's grades", CHILDREN % (school, pupil)),
        ("4. rodzic: frekwencja / parent: attendance", attendance),
    )
    _print_queries(console, queries)


def explain_former(console: Console, settings: Settings) -> None:
    """Print the logins of the school of former years, and how to see what was sold before and after 2015."""
    console.print(f"[bold]{FORMER}[/]: {NAME}\n", highlight=False)
    logins = logins_of(_secret(settings))
    widest = max(len(one.login) for one in logins)
    for one in logins:
        row = f"  {one.login:<{widest}}  {one.password}  {one.who}"
        console.print(row, highlight=False, soft_wrap=True)
    queries = (
        ("5. tata-bartka: 2014, bez konta rozszerzonego / without an extension", THEN % (FORMER, 2014)),
        ("6. tata-bartka: 2016, oceny są bezpłatne / grades are free", THEN % (FORMER, 2016)),
        ("7. mama-ali, fundacja: zakupy / what they bought", BOUGHT % FORMER),
        ("8. dyrektor: umowa i zestawienie / contract and statement", STATEMENT % (FORMER, FORMER)),
    )
    _print_queries(console, queries)
    command = f"dziennik commerce statement --school {FORMER} --out zestawienie.pdf"
    console.print(f"[bold]wydruk / printed[/]: {command}\n", highlight=False, soft_wrap=True)


def _print_queries(console: Console, queries: tuple[tuple[str, str], ...]) -> None:
    for title, query in queries:
        console.print(f"\n[bold]{title}[/]", highlight=False)
        console.print(escape(query), highlight=False, soft_wrap=True)
    console.print()
