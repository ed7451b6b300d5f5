"""How are the files of a bundle got out of a zip or a folder without harm?

An archive is untrusted: names may lead elsewhere, sizes may lie, members may be bombs. Nothing
is ever written to disk; each wanted member is unpacked in memory in pieces, and counting stops
it long before memory is full.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.tables import TABLES

MANIFEST = "manifest.csv"
WANTED = frozenset({MANIFEST, *(table.file for table in TABLES)})

PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bundle may weigh."""

    # Two million results; rows take about ten times this in memory.
    total: int = 256 << 20
    # Real bundles shrink 3 to 20 times; a file of zeros 1,000 times.
    ratio: int = 100
    # Below this size a high ratio does no harm (a file of one repeated row).
    ratio_from: int = 8 << 20
    members: int = 1_000


@dataclass(frozen=True, slots=True)
class Source:
    """The unpacked files by name ("users.csv") and the SHA-256 of what was given."""

    files: dict[str, bytes] = field(default_factory=dict)
    digest: str = ""
    zipped: bool = False


# Which members of an archive are unpacked, by name.
Wanted = Callable[[str], bool]
_OF_A_BUNDLE: Wanted = WANTED.__contains__


def open_source(path: Path, faults: Faults, limits: Limits | None = None) -> Source:
    """All files of the bundle that are of use. What is wrong goes to `faults`."""
    found = _opened(path, faults, limits or Limits())
    if not found.files and not faults:  # a wrong folder must not pass for a file without news
        faults.add(reasons.NO_FILES, Place(path.name), file=str(path))
    return found


def _opened(path: Path, faults: Faults, limits: Limits) -> Source:
    if path.is_dir():
        return _folder(path, faults, limits)
    place = Place(path.name)
    if not path.is_file():
        faults.add(reasons.NO_SUCH_SOURCE, place, path=str(path))
        return Source()
    if path.stat().st_size == 0:
        faults.add(reasons.EMPTY_FILE, place)
        return Source()
    files = unpacked(path, faults, limits)
    return Source() if files is None else Source(files, digest_of(path), zipped=True)


def unpacked(
    path: Path, faults: Faults, limits: Limits, wanted: Wanted = _OF_A_BUNDLE
) -> dict[str, bytes] | None:
    """The wanted members of an archive; None and a fault when it is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Unpacking(archive, faults, limits, wanted).files()
    except (zipfile.BadZipFile, ValueError, UnicodeDecodeError):
        faults.add(reasons.NOT_A_ZIP, Place(path.name))
        return None


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _folder(folder: Path, faults: Faults, limits: Limits) -> Source:
    files: dict[str, bytes] = {}
    digest = sha256()
    total = 0
    for name in sorted(WANTED):
        path = folder / name
        if path.is_symlink():
            faults.add(reasons.SYMLINK, Place(name))
        elif path.is_file():
            total += path.stat().st_size
            if total > limits.total:
                faults.add(reasons.TOO_LARGE, Place(name), limit=limits.total >> 20)
                break
            files[name] = path.read_bytes()
            digest.update(f"{name}\0{sha256(files[name]).hexdigest()}\n".encode())
    return Source(files, digest.hexdigest())


class _Unpacking:
    """One archive being read."""

    def __init__(self, archive: zipfile.ZipFile, faults: Faults, limits: Limits, wanted: Wanted) -> None:
        self._archive = archive
        self._wanted = wanted
        self._faults = faults
        self._limits = limits
        self._total = 0

    def files(self) -> dict[str, bytes]:
        """The wanted members; none at all if a name or a kind of member is not to be trusted."""
        members = self._archive.infolist()
        if len(members) > self._limits.members:
            self._faults.add(reasons.TOO_MANY_MEMBERS, count=len(members), limit=self._limits.members)
            return {}
        before = len(self._faults)
        for member in members:
            self._check(member)
        self._check_twice(members)
        if len(self._faults) > before:
            return {}
        return self._unpacked([member for member in members if self._wanted(member.filename)])

    def _check(self, member: zipfile.ZipInfo) -> None:
        # zipfile cuts a name at NUL: what stands there is read from the original.
        name = member.orig_filename
        if _leads_outside(name):
            self._faults.add(reasons.UNSAFE_NAME, Place(_shown(name)))
        elif stat.S_ISLNK(member.external_attr >> 16):
            self._faults.add(reasons.SYMLINK, Place(_shown(name)))
        elif member.flag_bits & 0x1:
            self._faults.add(reasons.ENCRYPTED, Place(_shown(name)))
        elif "/" in name and PurePosixPath(name).name in WANTED and not name.startswith("__MACOSX/"):
            self._faults.add(reasons.NESTED_MEMBER, Place(_shown(name)))

    def _check_twice(self, members: list[zipfile.ZipInfo]) -> None:
        seen: set[str] = set()
        for member in members:
            name = member.filename.casefold()
            if name in seen:
                self._faults.add(reasons.DUPLICATE_MEMBER, Place(_shown(member.filename)))
            seen.add(name)

    def _unpacked(self, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for member in members:
            try:
                data = self._read(member)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError):
                self._faults.add(reasons.DAMAGED_ZIP, Place(member.filename))
                continue
            if data is None:
                return {}
            files[member.filename] = data
        return files

    def _read(self, member: zipfile.ZipInfo) -> bytes | None:
        """The member's content, or None (and a fault) when a limit is passed on the way."""
        pieces: list[bytes] = []
        size = 0
        with self._archive.open(member) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                self._total += len(piece)
                pieces.append(piece)
                if self._total > self._limits.total:
                    self._faults.add(
                        reasons.TOO_LARGE, Place(member.filename), limit=self._limits.total >> 20
                    )
                    return None
                if size > self._limits.ratio_from and size > self._limits.ratio * member.compress_size:
                    self._faults.add(reasons.ZIP_BOMB, Place(member.filename), ratio=self._limits.ratio)
                    return None
        return b"".join(pieces)


def _leads_outside(name: str) -> bool:
    """Absolute, with a drive, upwards, with backslashes (a path on Windows), or cut by a NUL."""
    return (
        name.startswith("/")
        or "\\" in name
        or "\0" in name
        or name[1:2] == ":"
        or ".." in PurePosixPath(name).parts
    )


def _shown(name: str) -> str:
    return name.replace("\0", "␀")
