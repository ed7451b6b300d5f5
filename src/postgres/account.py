"""Under whose account does the server run?

PostgreSQL refuses to run as root. Started by root it therefore runs as the owner of its data folder,
or as `nobody` when that is root as well; started by anybody else it runs as they do. The account is
often unable to reach the folder by its name (a private home, a `mktemp -d`), and opening the homes of
others to it is no answer: it is handed the open folder instead, and calls it `/proc/self/fd/N`.
"""

from __future__ import annotations

import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

NOBODY = 65534  # where the system's list of accounts does not know `nobody`


class _Credentials(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True)
class Account:
    """The server's user and group; `dropped` when they are not those of this process."""

    uid: int
    gid: int
    dropped: bool

    def own(self, target: Path | int) -> None:
        """Give a file or folder of ours (path or descriptor) to this account."""
        if self.dropped:
            os.chown(target, self.uid, self.gid)

    @property
    def process(self) -> _Credentials:
        """What a subprocess needs to run as this account."""
        if not self.dropped:
            return {"user": None, "group": None, "extra_groups": None}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def name_of(self, target: Path, descriptor: int) -> str:
        """What the server calls `target`, which it inherits open as `descriptor`."""
        if self.dropped and sys.platform == "linux":
            return f"/proc/self/fd/{descriptor}"
        return str(target)


def account_for(root: Path, cluster: Path) -> Account:
    """The account for a server whose data are `cluster`, or will be, in the data folder `root`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), dropped=False)
    for folder in cluster, root:
        if not folder.exists():
            continue
        owner = folder.stat()
        # initdb insists on an account with a name, which the owner of a container's volume may lack.
        if owner.st_uid != 0 and (folder == cluster or _known(owner.st_uid)):
            return Account(owner.st_uid, owner.st_gid, dropped=True)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(NOBODY, NOBODY, dropped=True)
    return Account(nobody.pw_uid, nobody.pw_gid, dropped=True)


def _known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
