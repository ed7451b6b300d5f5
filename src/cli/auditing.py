"""`dziennik audit ...`: checkpoints, exports, proofs, and whether they hold."""

from __future__ import annotations

import os
import secrets
import time
from base64 import b64encode
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dziennik.app import System, open_system
from dziennik.cli import replaying, sampling
from dziennik.cli.bars import bar
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint
from dziennik.proof.exporting import export
from dziennik.proof.log import SchoolLog
from dziennik.proof.proving import NoSuchEntry, consistency_proof, entry_proof, position_of_grade
from dziennik.proof.tiles import write_whole
from dziennik.verify import __main__ as telling
from dziennik.verify.checkpoints import checkpoint_of
from dziennik.verify.faults import Unchecked
from dziennik.verify.files import verify_file
from dziennik.verify.notes import decoded, key_of
from dziennik.verify.witness import Refused, cosign, vkey, witness_key

SEED = 32  # bytes of an Ed25519 secret key
app = typer.Typer(no_args_is_help=True, help="Proof of history / dowód niezmienności.")
app.command("replay")(replaying.replay_models)
app.command("sample")(sampling.sample)

Out = Annotated[Path | None, typer.Option("--out", help="File to write / plik do zapisania.", dir_okay=False)]
Checkpoints = Annotated[
    list[Path] | None,
    typer.Option("--checkpoint", help="Checkpoint kept elsewhere / punkt kontrolny przechowany osobno."),
]
Witnesses = Annotated[
    list[str] | None, typer.Option("--witness", help="Key that must have cosigned / klucz świadka.")
]
LogKey = Annotated[
    str, typer.Option("--key", help="The register's public key or its file / klucz publiczny lub jego plik.")
]


@app.command("checkpoint")
def checkpoint(
    school: SchoolId, out: Out = None, data_dir: DataDir = None, database_url: DatabaseUrl = None
) -> None:
    """Sign the history up to now / podpisz historię do tej chwili."""
    with open_system(data_dir, database_url) as system:
        log = _log(system, school)
        note = log.publish().note
        log.copy_out()
        _put(out, note.encode())
        hint(f"klucz publiczny: {log.signer.public}", f"public key; kept in {system.settings.proof_dir}")


@app.command("key")
def public_key(school: SchoolId, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Print the public key that checkpoints are checked with / wypisz klucz publiczny."""
    with open_system(data_dir, database_url) as system:
        typer.echo(_log(system, school).signer.public)


@app.command("export")
def export_facts(
    school: SchoolId,
    out: Annotated[Path, typer.Option("--out", help="File to write / plik do zapisania.", dir_okay=False)],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write all facts with what is needed to check them / zapisz wszystkie fakty z dowodami."""
    with open_system(data_dir, database_url) as system, bar("eksport / export") as tell:
        journal = system.journals.school(known(system, school))
        draft = out.with_name(f".{out.name}.{os.getpid()}")
        with draft.open("wb") as file:
            file.writelines(export(system.log(school), journal, tell))
        draft.replace(out)
    typer.echo(str(out))


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="Export, proof or checkpoint / eksport, dowód lub punkt.")],
    key: LogKey,
    checkpoint: Checkpoints = None,
    witness: Witnesses = None,
    as_json: Json = False,
) -> None:
    """Check a file without the database; 0 holds, 1 does not, 2 cannot tell / sprawdź plik."""
    verdict = verify_file(file, key, checkpoint or (), witness or ())
    typer.echo(telling.as_json(verdict) if as_json else telling.told(verdict))
    raise typer.Exit(int(verdict.outcome))


@app.command("prove")
def prove(
    school: SchoolId,
    out: Out = None,
    position: Annotated[int | None, typer.Option(min=1, help="Of this fact / tego faktu.")] = None,
    grade: Annotated[str | None, typer.Option(help="Of this grade / tej oceny (id).")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write the proof of one entry, to keep and to check offline / dowód jednego wpisu."""
    if (position is None) == (grade is None):
        raise typer.BadParameter("--position or/albo --grade", param_hint="--grade")
    with open_system(data_dir, database_url) as system:
        log, journal = _log(system, school), system.journals.school(school)
        found = position or position_of_grade(journal, grade or "")
        log.publish()
        try:
            text = entry_proof(log, journal, found or 0)
        except NoSuchEntry:
            _refused("PROOF.NO_SUCH_ENTRY: nie ma takiego wpisu.", "there is no such entry.")
    _put(out, text.encode())


@app.command("consistency")
def consistency(
    school: SchoolId,
    first: Annotated[Path, typer.Option("--from", help="Earlier checkpoint / wcześniejszy punkt.")],
    second: Annotated[Path | None, typer.Option("--to", help="Later one / późniejszy.")] = None,
    out: Out = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Prove that a later checkpoint continues an earlier one / dowód ciągłości historii."""
    with open_system(data_dir, database_url) as system:
        log = _log(system, school)
        log.publish()
        tree, latest = log.tree(), log.latest()
        try:
            notes = [_text(first), _text(second) if second else latest.note if latest else ""]
            (older, _), (newer, _) = checkpoint_of(notes[0]), checkpoint_of(notes[1])
            proof = consistency_proof(tree, (older.size, notes[0]), (newer.size, notes[1]))
        except Unchecked as fault:
            _unchecked(fault)
        except IndexError:
            _refused(
                "PROOF.NO_SUCH_CHECKPOINT: takich punktów ten dziennik nie podpisał.",
                "this register never signed such checkpoints.",
            )
    _put(out, proof)


@app.command("witness-key")
def make_witness_key(
    file: Annotated[Path, typer.Argument(help="File for the secret key / plik na klucz tajny.")],
    name: Annotated[str, typer.Option(help="The witness's name, e.g. kuratorium.example/dziennik.")],
) -> None:
    """Make a witness's key and print its public half / utwórz klucz świadka."""
    seed = secrets.token_bytes(SEED)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(f"{name} {b64encode(seed).decode()}\n")
    typer.echo(vkey(witness_key(name, seed)))


@app.command("cosign")
def cosign_checkpoint(
    note: Annotated[Path, typer.Argument(help="Checkpoint to cosign / punkt do poświadczenia.")],
    key: LogKey,
    witness: Annotated[Path, typer.Option("--witness-key", help="Secret key / klucz tajny świadka.")],
    seen: Annotated[
        Path, typer.Option("--seen", help="What was cosigned last; kept here / ostatnio widziany.")
    ],
    proof: Annotated[Path | None, typer.Option("--consistency", help="From there to here / dowód.")] = None,
    out: Out = None,
) -> None:
    """Put a witness's signature to a checkpoint that continues the last one seen / podpis świadka."""
    try:
        log_key = key_of(_text(Path(key)) if Path(key).is_file() else key)
        before = _text(seen) if seen.exists() else None
        path = _text(proof) if proof else None
        signed = cosign(_text(note), log_key, _secret(witness), int(time.time()), before, path)
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused
    except Unchecked as fault:
        _unchecked(fault)
    write_whole(seen, signed.encode())
    _put(out, signed.encode())


def _log(system: System, school: str) -> SchoolLog:
    return system.log(known(system, school))


def _put(out: Path | None, content: bytes) -> None:
    if out is None:
        typer.echo(content.decode(), nl=False)
    else:
        write_whole(out, content)
        typer.echo(str(out))


def _text(path: Path) -> str:
    """What a file says. Raises Unchecked."""
    try:
        return path.read_text("utf-8")
    except OSError as fault:
        raise Unchecked("PROOF.UNREADABLE", why=f"{path}: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise Unchecked("PROOF.UNREADABLE", why=f"{path}: UTF-8") from fault


def _secret(path: Path) -> tuple[str, bytes]:
    """A witness's name and seed, as `witness-key` wrote them. Raises Unchecked, and says nothing of them."""
    name, _, seed = _text(path).strip().rpartition(" ")
    found = decoded(seed)
    if not name or found is None or len(found) != SEED:
        raise Unchecked("PROOF.UNREADABLE", why=f"{path}: witness key")
    return name, found


def _unchecked(fault: Unchecked) -> NoReturn:
    finding = fault.finding
    _refused(f"{finding.code}: {finding.text()}", finding.text("en"))


def _refused(polish: str, english: str) -> NoReturn:
    typer.echo(f"{polish} / {english}", err=True)
    raise typer.Exit(2)
