"""How does a data folder get its first, empty database?"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from dziennik.postgres.faults import PostgresFault
from dziennik.postgres.folder import Folder

# Byte order everywhere: the wheel has no ICU, and Polish order comes from a sort key of our own.
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale")
# The socket lies in a private folder, so whoever reaches it may; 127.0.0.1 is everybody's on this machine.
ACCESS = ("--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256")


def initialise(folder: Folder, programs: Path, lock: int, *, durable: bool) -> None:
    """Make the cluster, under a draft name until it is complete: a killed initdb leaves no half of one.

    `lock` is the server lock; initdb inherits it, so that nobody starts anew beside an orphaned one.
    """
    if (folder.cluster / "PG_VERSION").exists():
        return
    draft = folder.root / "postgres.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    folder.account.own(draft)
    password = secrets.token_urlsafe(24)
    _initdb(folder, programs, draft, lock, password, durable=durable)
    _write(folder, folder.passfile.name, f"*:*:*:postgres:{password}\n")
    draft.rename(folder.cluster)
    if durable:
        _sync(folder.root)


def _initdb(folder: Folder, programs: Path, draft: Path, lock: int, password: str, *, durable: bool) -> None:
    account = folder.account
    with ExitStack() as stack:
        place = os.open(draft, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, place)
        secret = _write(folder, "postgres.pass.draft", password)
        stack.callback(secret.unlink)
        account.own(secret)
        told = os.open(secret, os.O_RDONLY)
        stack.callback(os.close, told)
        names = account.name_of(draft, place), account.name_of(secret, told)
        done = subprocess.run(
            [programs / "initdb", f"--pgdata={names[0]}", f"--pwfile={names[1]}", *ACCESS, *LOCALE,
             "--no-instructions", *([] if durable else ["--no-sync"])],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/",
            env=server_environment(), pass_fds=[place, told, lock],
            **account.process,
        )  # fmt: skip
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise PostgresFault(
            "POSTGRES.INIT_FAILED",
            f"initdb could not make a database in {folder.root}: {done.stderr.strip()[-500:]}",
            "Mend what it says (a full disk, a file system without permissions) and start again.",
        )


def _write(folder: Folder, name: str, text: str) -> Path:
    descriptor = folder.open(name, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    return folder.root / name


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def server_environment() -> dict[str, str]:
    """This process's environment less what would redirect PostgreSQL (PGDATA, PGPORT, PGOPTIONS, ...)."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
