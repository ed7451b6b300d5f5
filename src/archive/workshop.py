"""Where is an archive put together, and who clears up after a process that was killed at it?

In folders that nobody but this account may read (mode 0700), below the place where archives are kept and not
in the machine's common one: they hold a year's personal data. Each is locked for as long as its process
lives; whoever makes the next one, or starts a server, removes those whose lock nobody holds.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Final

_PREFIX: Final = "work-"
_LOCK: Final = ".lock"


class Workshop:
    """Folders to work in, below `root`. Several processes may share it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder of one's own, gone when the block ends; leftovers of dead processes go first."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            self._remove_dead()
            folder = Path(mkdtemp(prefix=_PREFIX, dir=self.root))
            held = (folder / _LOCK).open("wb")
            fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            held.close()

    def sweep(self) -> int:
        """Remove what dead processes left; how many folders."""
        if not self.root.is_dir():
            return 0
        with self._alone():
            return self._remove_dead()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Between making a folder and locking it nobody sweeps."""
        with (self.root / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remove_dead(self) -> int:
        dead = [one for one in sorted(self.root.glob(f"{_PREFIX}*")) if not _is_held(one / _LOCK)]
        for folder in dead:
            shutil.rmtree(folder, ignore_errors=True)
        return len(dead)


def _is_held(lock: Path) -> bool:
    try:
        file: IO[bytes] = lock.open("rb")
    except FileNotFoundError:  # killed in between
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
