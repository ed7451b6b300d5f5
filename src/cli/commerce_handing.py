"""`dziennik commerce hand-over`: a school gets all its data at the end of its contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import System, open_system
from dziennik.cli.actors import OFFICE
from dziennik.cli.bars import bar
from dziennik.cli.options import DatabaseUrl, DataDir, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, refused
from dziennik.contracts.agreement import CONTRACT_NOT_OVER, NO_SUCH_CONTRACT, HandOverData
from dziennik.contracts.refusals import Refusal
from dziennik.domain.agreement import AGREEMENT
from dziennik.domain.school import SCHOOL
from dziennik.projections.archives import ArchiveEdition
from dziennik.proof.exporting import export
from dziennik.selling.handing_over import Copied, copy_archives, missing, write_facts, write_sums


def add_to(app: typer.Typer) -> None:
    """Put the command beside the others."""
    app.command("hand-over")(hand_over)


def hand_over(
    school: SchoolId,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to / folder.", file_okay=False)],
    skip_missing: Annotated[
        bool,
        typer.Option("--skip-missing", help="Archives that are not stored are given otherwise / osobno."),
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Give a school all its data at the end of its contract: facts with proofs, archives, digests / przekaż
    szkole wszystkie dane po końcu umowy: fakty z dowodami, archiwa, sumy kontrolne.
    """
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        contract_id = _over(system, school)
        system.follower.run_once(school)
        with system.read_models.view(school) as view:
            editions = sorted(view.find(ArchiveEdition), key=lambda row: (row.year_id, row.edition))
        years = {key: year.name for key, year in register.state(SCHOOL).years.items()}
        gone = missing(system.archives, school, years, editions)
        if gone:
            _not_there(school, years, gone, ends=not skip_missing)
            editions = [row for row in editions if row not in gone]
        head = register.journal.position()
        log = system.log(school)
        log.publish()
        root = log.tree().root(head).hex()
        with bar("archiwa / archives") as tell:
            copied = copy_archives(system.archives, school, years, editions, out, tell)
        with bar("eksport / export") as tell:
            facts = write_facts(out, f"{school}.facts", export(log, register.journal, tell))
        write_sums(out, [facts, *(file for _, file in copied)])
        names = tuple(f"{row.year_id}.{row.edition} {file.digest}" for row, file in copied)
        command = HandOverData(contract_id=contract_id, position=head, root=root, archives=names)
        outcome = register.execute(command, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        system.follower.run_once(school)
    _tell(out, [facts, *(file for _, file in copied)])
    typer.echo(f"{head}, {root}")


def _over(system: System, school: str) -> str:
    """The contract that is over; ends the command when there is none."""
    state = system.register(school).state(AGREEMENT)
    if state.signed is None:
        refused(NO_SUCH_CONTRACT(contract="–", field="contract_id"))
    if state.ended is None:
        refused(CONTRACT_NOT_OVER(contract=state.signed.number, field="contract_id"))
    return state.signed.contract_id


def _not_there(school: str, years: dict[str, str], gone: list[ArchiveEdition], *, ends: bool) -> None:
    """What is missing, and how it is made anew to be given beside the folder."""
    for row in gone:
        year = years[row.year_id]
        how = f"dziennik archive regenerate --school {school} --year {year} --edition {row.edition} --out ..."
        hint(f"Brak archiwum {year}, wydanie {row.edition}: {how}", f"no archive of {year}, {row.edition}")
    if ends:
        hint("Bez nich: --skip-missing", "without them: --skip-missing")
        raise typer.Exit(1)


def _tell(out: Path, files: list[Copied]) -> None:
    for one in files:
        typer.echo(f"{out / one.name}: {one.digest}")
