"""A clock that jumps under running processes: libfaketime, told by a file how far off it is.

Processes that are started inside of `jumping` read the file anew at every look at the clock; how time passes
(the monotonic clock) stays true, so that timeouts are what they say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

PLACES = (
    "/usr/lib/x86_64-linux-gnu/faketime",
    "/usr/lib/aarch64-linux-gnu/faketime",
    "/usr/lib64/faketime",
    "/usr/lib/faketime",
)
YEARS = ("+10y", "-10y", "+0")
MISSING = "libfaketime is not installed (apt install faketime)"


def library() -> Path | None:
    """The library for programs with threads, where it is installed."""
    found = (Path(place) / "libfaketimeMT.so.1" for place in PLACES)
    return next((path for path in found if path.is_file()), None)


def sweep(folder: Path = Path("/dev/shm"), running: Path = Path("/proc")) -> None:
    """Remove what killed processes left of the library's shared memory.

    It is named after the process that made it: once the system gives that number again, to another user's
    program, the library finds what it may not open, and the program does not start.
    """
    for left in folder.glob("*faketime_s[eh]m_*"):
        if not (running / left.name.rpartition("_")[2]).exists():
            left.unlink(missing_ok=True)


class Clock:
    """The clock of what is started with it; without the library it never jumps."""

    def __init__(self) -> None:
        self._library = library()
        # Not in the campaign's own folder: the server runs as somebody else, who may not go through that.
        folder = Path(mkdtemp(prefix="dziennik clock "))
        folder.chmod(0o755)
        self._file = folder / "clock"
        self.jumps = self._library is not None

    def close(self) -> None:
        """Leave nothing behind."""
        rmtree(self._file.parent, ignore_errors=True)

    def jump(self, far: str) -> None:
        """From now on the clock is so far off: one of YEARS."""
        draft = self._file.with_name("clock.new")
        draft.write_text(f"{far}\n", encoding="ascii")
        draft.chmod(0o644)
        draft.replace(self._file)

    @contextmanager
    def jumping(self) -> Iterator[None]:
        """What is started in here has this clock."""
        if self._library is None:
            yield
            return
        if not self._file.exists():
            self.jump("+0")
        sweep()
        ours = {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        before = {name: os.environ.get(name) for name in ours}
        os.environ.update(ours)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
