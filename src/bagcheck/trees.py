"""Which files are in a bag, as a folder or as the zip that Dziennik writes?

Nothing is unpacked, followed or guessed: names are checked before anything is read, links and other special
files are refused, and of a zip every byte must be what its contents require (ADR 0121), so that two programs
cannot see two different bags in it.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from dziennik.bagcheck.findings import Fault

BAD_NAME = Fault(
    "BAG.BAD_NAME",
    pl="Nazwa pliku {name} jest w archiwum niedozwolona.",
    en="The file name {name} is not allowed in an archive.",
)
NOT_A_FILE = Fault(
    "BAG.NOT_A_FILE",
    pl="To nie jest zwykły plik (dowiązanie?).",
    en="This is not a regular file (a link?).",
)
BAD_ZIP = Fault(
    "BAG.BAD_ZIP",
    pl="Plik zip różni się od zapisywanego przez Dziennik: {what}. Jeśli przepakował go inny program, "
    "sprawdź rozpakowany folder.",
    en="The zip file is not as Dziennik writes it: {what}. If another program packed it again, check the "
    "unpacked folder.",
)
TWICE = Fault("BAG.TWICE", pl="Dwa pliki o tej nazwie.", en="Two files of this name.")

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")
CHUNK: Final = 1 << 20


class Tree(Protocol):
    """The files of a bag by their names below its top folder."""

    names: list[str]

    def size(self, name: str) -> int: ...

    def open(self, name: str) -> BinaryIO: ...


def read_all(tree: Tree, name: str) -> bytes:
    """All bytes of a file."""
    with tree.open(name) as file:
        return file.read()


def digest_of(tree: Tree, name: str) -> str:
    """SHA-256 of a file in hex, read in pieces."""
    made = sha256()
    with tree.open(name) as file:
        while piece := file.read(CHUNK):
            made.update(piece)
    return made.hexdigest()


def check_name(name: str, place: str) -> None:
    """Names of ours are plain: lower case ASCII, no part begins with a dot. Raises Wrong."""
    if len(name) > 240 or not _NAME.fullmatch(name):
        raise BAD_NAME(place, name=ascii(name))


class Folder:
    """A bag that lies unpacked."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.names = sorted(self._walk(root, ""))

    def size(self, name: str) -> int:
        return (self._root / name).stat().st_size

    def open(self, name: str) -> BinaryIO:
        return (self._root / name).open("rb")

    def _walk(self, folder: Path, above: str) -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                name = above + entry.name
                check_name(name, name)
                if entry.is_dir(follow_symlinks=False):
                    yield from self._walk(Path(entry.path), f"{name}/")
                elif entry.is_file(follow_symlinks=False):
                    yield name
                else:
                    raise NOT_A_FILE(name)


_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")


class Zip:
    """A bag in a zip file: read from the first byte to the last, without a gap."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at: dict[str, tuple[int, int]] = {}
        with path.open("rb") as file:
            self._read(file)
        tops = {name.partition("/")[0] for name in self._at}
        if len(tops) != 1:
            raise BAD_ZIP(path.name, what=f"{len(tops)} top folders")
        top = f"{tops.pop()}/"
        self._at = {name.removeprefix(top): where for name, where in self._at.items()}
        self.names = sorted(self._at)

    def size(self, name: str) -> int:
        return self._at[name][1]

    def open(self, name: str) -> BinaryIO:
        offset, size = self._at[name]
        with self._path.open("rb") as file:
            file.seek(offset)
            return BytesIO(file.read(size))

    def _read(self, file: BufferedReader) -> None:
        central = []
        begun = file.tell()
        while (head := file.read(_LOCAL.size))[:4] == b"PK\x03\x04" and len(head) == _LOCAL.size:
            central.append(self._entry(file, begun, head))
            begun = file.tell()
        end = _END.pack(
            b"PK\x05\x06", 0, 0, len(central), len(central), sum(map(len, central)), begun & 0xFFFFFFFF, 0
        )
        expected = b"".join(central) + end
        file.seek(begun)
        found = file.read(len(expected) + 1)
        if found != expected or not central:
            at = next(
                (n for n, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), len(found)
            )
            raise BAD_ZIP(self._path.name, what=f"byte {begun + at}")

    def _entry(self, file: BufferedReader, begun: int, head: bytes) -> bytes:
        """Check one file's header and data; what the directory at the end must say about it."""
        _, version, flags, method, time, day, crc, packed, size, name_length, extra = _LOCAL.unpack(head)
        raw = file.read(name_length)
        try:
            name = raw.decode("ascii")
        except UnicodeDecodeError:
            raise BAD_NAME(self._path.name, name=ascii(raw)) from None
        check_name(name, f"{self._path.name}:{name!a}")
        fixed = (version, flags, method, time, day, packed, extra)
        if fixed != (20, 0, 0, 0, 0x21, size, 0) or len(raw) != name_length:
            raise BAD_ZIP(f"{self._path.name}:{name}", what=f"header at byte {begun}")
        if name in self._at or "/" not in name:
            raise TWICE(f"{self._path.name}:{name}")
        self._at[name] = (file.tell(), size)
        if _crc(file, size) != crc:
            raise BAD_ZIP(f"{self._path.name}:{name}", what="CRC-32")
        written = (b"PK\x01\x02", 0x0314, 20, 0, 0, 0, 0x21, crc, size, size, name_length, 0, 0, 0, 0)
        return _CENTRAL.pack(*written, 0o100644 << 16, begun) + raw


def _crc(file: BufferedReader, size: int) -> int:
    made = 0
    while size > 0 and (piece := file.read(min(CHUNK, size))):
        made = zlib.crc32(piece, made)
        size -= len(piece)
    return made if size == 0 else -1
