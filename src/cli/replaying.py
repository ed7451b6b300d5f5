"""`dziennik audit replay`: do the read models say what the journal says?"""

from __future__ import annotations

import json
from typing import Annotated

import msgspec
import typer

from dziennik.app import open_system
from dziennik.cli.bars import bar
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, rows_told
from dziennik.projections.comparing import Compared, NotYet, replay
from dziennik.projections.models import MODELS


def replay_models(
    school: SchoolId,
    until: Annotated[
        int | None,
        typer.Option("--until", min=1, help="Also: what stands of it as of then / co zostało z tej pozycji."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Rebuild read models aside and compare them row by row; 1: they differ / odtwórz i porównaj."""
    with open_system(data_dir, database_url) as system, bar("...") as tell:
        journal = system.journals.school(known(system, school))
        if until is not None and until > journal.position():
            hint(f"Nie ma pozycji {until}.", f"There is no position {until}.")
            raise typer.Exit(2)
        system.follower.run_once(school)
        try:
            found = list(
                replay(system.conninfo, journal, MODELS, until, lambda _, done, total: tell(done, total))
            )
        except NotYet as fault:
            hint("Modele jeszcze tam nie doszły.", str(fault))
            raise typer.Exit(2) from fault
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False))
    else:
        rows_told(("model", "position", "rows", "then / wtedy", ""), [_row(one) for one in found])
    raise typer.Exit(1 if any(one.difference for one in found) else 0)


def _row(one: Compared) -> tuple[str, ...]:
    what = "="
    if one.difference:
        different = one.difference
        where = f"{different.table} {' '.join(different.key)} {different.column or ''}".strip()
        what = f"≠ {where}: {different.live or '-'} | {different.replayed or '-'}"
    then = f"{one.then.standing}/{one.then.rows} @ {one.then.position}" if one.then else ""
    return f"{one.model} v{one.version}", str(one.position), str(one.rows), then, what
