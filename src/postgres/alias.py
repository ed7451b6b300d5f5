"""By what name can libpq reach a socket's folder whose own name is too long for it?

The kernel takes 107 bytes for a socket's path, and libpq reads a comma as the next host. Such a folder
gets a symbolic link with a short name, in a folder of this user's own.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

SOCKET_PATH_BYTES = 103  # the smallest limit among the systems (macOS), Linux takes 107
FILE_BYTES = len("/.s.PGSQL.65535")
LINK_BYTES = len("/dziennik-4294967295/") + 16


def reachable_name(folder: Path) -> str:
    """`folder` itself, or a short link to it: the same link for every process of this user."""
    if _fits(folder) and "," not in str(folder):
        return str(folder)
    home = _home_of_links()
    link = home / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    if not (link.is_symlink() and link.readlink() == folder):
        draft = home / f"{link.name}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        draft.symlink_to(folder)
        draft.replace(link)
    return str(link)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + FILE_BYTES <= SOCKET_PATH_BYTES


def _home_of_links() -> Path:
    """A private folder in the system's temporary one; a new one should a stranger own that name."""
    temporary = tempfile.gettempdir()
    if not _fits(Path(temporary + "x" * LINK_BYTES)) or "," in temporary:
        temporary = "/tmp"  # noqa: S108 - the owner is checked below
    home = Path(temporary) / f"dziennik-{os.geteuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    found = home.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
        return home
    return Path(tempfile.mkdtemp(prefix="dziennik-", dir=temporary))
