"""`dziennik audit sample`: something to try one's own verifier on.

The demo school in a database that is thrown away; what stays are files: an export, two checkpoints, the proof
that the second continues the first, the proof of a grade, and the public key.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import System, running
from dziennik.application.ids import new_id
from dziennik.cli.bars import bar
from dziennik.contracts.grades import GradeGiven
from dziennik.demo.build import build
from dziennik.demo.sizes import SIZES
from dziennik.proof.exporting import export
from dziennik.proof.log import Checkpoint
from dziennik.proof.proving import consistency_proof, entry_proof
from dziennik.settings import read_settings

README = """Public key: key.pub. Check everything with

    dziennik audit verify export.jsonl --key key.pub --checkpoint second.checkpoint
    dziennik audit verify grade.tlog-proof --key key.pub
    dziennik audit verify consistency.json --key key.pub

or with tools of your own: formats in docs/proof.md (C2SP signed-note, tlog-checkpoint, tlog-proof; RFC 6962).
"""


def sample(
    out: Annotated[Path, typer.Argument(help="Folder to write / folder do zapisania.", file_okay=False)],
    size: Annotated[str, typer.Option(help="tiny, small or/albo full.")] = "small",
) -> None:
    """Write an export and proofs of a demo school, for others' verifiers / próbka do sprawdzenia."""
    if size not in SIZES:
        raise typer.BadParameter(f"choose one of: {', '.join(SIZES)}", param_hint="--size")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dziennik sample ") as folder:
        settings = read_settings(Path(folder), environ={})
        with running(settings) as system, bar("próbka / sample") as tell:
            _write(system, out, size, tell)
    typer.echo(str(out))


def _write(system: System, out: Path, size: str, tell: Callable[[int, int], None]) -> None:
    chosen = SIZES[size]
    signed: list[Checkpoint] = []

    def progress(done: int, total: int | None, _: str) -> None:
        tell(done, total or 0)
        if not signed and total and done > total // 2:
            signed.append(log.publish())

    register = system.found(chosen.school_id)
    log = system.log(chosen.school_id)
    build(register, chosen, open_account=lambda *_: new_id(), secret=bytes(32), progress=progress)
    signed.append(log.publish())
    first, second = ((one.size, one.note) for one in (signed[0], signed[-1]))
    grade = next(r for r in register.journal.scan("year/") if isinstance(r.fact, GradeGiven))
    with (out / "export.jsonl").open("wb") as file:
        file.writelines(export(log, register.journal, lambda *_: None))
    files = {
        "key.pub": f"{log.signer.public}\n",
        "first.checkpoint": first[1],
        "second.checkpoint": second[1],
        "consistency.json": consistency_proof(log.tree(), first, second).decode(),
        "grade.tlog-proof": entry_proof(log, register.journal, grade.position),
        "README.txt": README,
    }
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
