"""A signed bag to attack: the golden archive of the sample school's year, with a throw-away authority."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from dziennik.archive.bagging import MANIFEST, TAG_MANIFEST, add_signature
from dziennik.archive.signing import sign
from dziennik.archive.year_formats import LATEST
from dziennik.bagcheck.checking import Report, verify
from tests.archive.golden_bag import bag
from tests.bagcheck.authority import NOW, authority

OURS = authority()
HEAD = OURS.signer()
XML = "data/classes/4a/class-register-2.xml"


def signed_bag(target: Path) -> Path:
    """A copy of the golden bag, signed by the head."""
    shutil.copytree(bag(LATEST), target)
    add_signature(target, sign((target / MANIFEST).read_bytes(), name=MANIFEST, signer=HEAD, at=NOW))
    return target


def checked(path: Path) -> Report:
    """As somebody who trusts our authority checks it."""
    return verify(path, [OURS.certificate])


def remade(folder: Path, *, payload: bool = True) -> None:
    """What an attacker can do about manifests: write them anew, so that digests fit."""
    if payload:
        _manifest(folder, MANIFEST, sorted(one for one in (folder / "data").rglob("*") if one.is_file()))
    tags = sorted(one for one in folder.iterdir() if one.is_file() and one.name != TAG_MANIFEST)
    _manifest(folder, TAG_MANIFEST, tags)


def _manifest(folder: Path, name: str, files: list[Path]) -> None:
    rows = [
        f"{sha256(one.read_bytes()).hexdigest()}  {one.relative_to(folder).as_posix()}\n" for one in files
    ]
    (folder / name).write_text("".join(rows))


Change = Callable[[bytes], bytes]


def replaced(old: str, new: str) -> Change:
    def change(data: bytes) -> bytes:
        assert old.encode() in data, old
        return data.replace(old.encode(), new.encode(), 1)

    return change


def byte_changes(data: bytes, seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Random single changes: a byte altered, dropped, doubled, or put in; each told in words."""
    chance = random.Random(seed)
    for _ in range(count):
        at = chance.randrange(len(data))
        how = chance.choice(("alter", "drop", "double", "insert"))
        if how == "alter":
            other = (data[at] + chance.randrange(1, 256)) % 256
            changed = data[:at] + bytes((other,)) + data[at + 1 :]
        elif how == "drop":
            changed = data[:at] + data[at + 1 :]
        elif how == "double":
            changed = data[:at] + data[at : at + 1] + data[at:]
        else:
            changed = data[:at] + bytes((chance.randrange(256),)) + data[at:]
        yield f"{how} at {at}", changed
