"""How do files become a bag (BagIt 1.0, RFC 8493), as a folder and as a zip with the same bytes everywhere?

A bag is drafted beside its place and put there by one rename, when all of it is on the disk: a fault at any
step leaves what was there before. What an interrupted run left behind is removed by the next one. ADR 0121.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EFBIG
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
SIGNATURE: Final = "manifest-sha256.txt.xades"
INFO: Final = "bag-info.txt"
CHECKPOINT: Final = "checkpoint"
BLOCKS: Final = "data/blocks-sha256.txt"
BLOCK_LINES: Final = 20

_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_CHUNK: Final = 1 << 20
_LARGEST: Final = 0xFFFF_0000  # bytes; beyond it a zip would need the other format
_TEXTS: Final = (".xml", ".html", ".jsonl", ".csv", ".txt")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a bag, as its bytes are."""

    path: str
    sha256: str
    size: int


class Draft:
    """A bag that is being filled, in a folder that nobody looks at yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, path: str) -> Path:
        """Where a payload file `data/...` is to be written; its folder is made."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def add(self, path: str, data: bytes) -> None:
        """Write a payload file."""
        self.place(path).write_bytes(data)

    def add_blocks(self) -> None:
        """The list of digests that leads from a changed file to its changed lines."""
        with self.place(BLOCKS).open("w", encoding="ascii", newline="\n") as out:
            for path in self.payload():
                if path.endswith(_TEXTS) and path != BLOCKS:
                    for first, digest in _blocks(self.folder / path):
                        out.write(f"{digest}  {first}  {path}\n")

    def payload(self) -> list[str]:
        """The payload files written so far, in the order of their names."""
        return sorted(
            one.relative_to(self.folder).as_posix()
            for one in (self.folder / "data").rglob("*")
            if one.is_file()
        )

    def seal(
        self,
        info: Sequence[tuple[str, str]],
        signature: bytes | None = None,
        checkpoint: bytes | None = None,
    ) -> list[Stored]:
        """Write the tag files; what the payload is. `info` lacks Payload-Oxum, which follows from it."""
        stored = [stored_at(self.folder, path) for path in self.payload()]
        oxum = f"{sum(one.size for one in stored)}.{len(stored)}"
        rows = [(label, oxum if label == "Payload-Oxum" else value) for label, value in info]
        said = "".join(f"{label}: {' '.join(value.split())}\n" for label, value in rows)
        (self.folder / "bagit.txt").write_bytes(_DECLARATION)
        (self.folder / INFO).write_bytes(said.encode())
        (self.folder / MANIFEST).write_bytes(manifest_of(stored))
        if signature is not None:
            (self.folder / SIGNATURE).write_bytes(signature)
        if checkpoint is not None:
            (self.folder / CHECKPOINT).write_bytes(checkpoint)
        (self.folder / TAG_MANIFEST).write_bytes(_tag_manifest(self.folder))
        return stored


@contextmanager
def drafted(target: Path) -> Iterator[Draft]:
    """A draft of the bag `target`, which takes that place when the block ends well; any fault removes it.

    Raises FileExistsError when something else lies at `target`: a bag is never overwritten.
    """
    draft = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(17, "exists already", str(target))
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield Draft(draft)
        sync_tree(draft)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _sync_folder(target.parent)


def manifest_of(stored: Iterable[Stored]) -> bytes:
    """The manifest's bytes: what is signed."""
    rows = sorted(stored, key=lambda one: one.path)
    return "".join(f"{one.sha256}  {one.path}\n" for one in rows).encode("ascii")


def stored_at(folder: Path, path: str) -> Stored:
    """Digest and size of a file, read in pieces."""
    made, size = sha256(), 0
    with (folder / path).open("rb") as file:
        while piece := file.read(_CHUNK):
            made.update(piece)
            size += len(piece)
    return Stored(path, made.hexdigest(), size)


def add_signature(bag: Path, signature: bytes) -> None:
    """Put a signature into a bag that lies there. A fault takes it out again."""
    target = bag / SIGNATURE
    if target.exists() and target.read_bytes() != signature:
        raise FileExistsError(17, "is signed already", str(bag))
    try:
        put(target, signature)
        put(bag / TAG_MANIFEST, _tag_manifest(bag))
    except BaseException:
        target.unlink(missing_ok=True)
        put(bag / TAG_MANIFEST, _tag_manifest(bag))
        raise


def zip_bag(bag: Path, target: Path) -> None:
    """The bag as one file: stored, not deflated (deflating differs between versions of zlib), no times.

    Raises FileExistsError; OSError when the disk refuses, and beyond 4 GB (EFBIG). A fault leaves nothing.
    """
    if target.exists():
        raise FileExistsError(17, "exists already", str(target))
    names = sorted(one.relative_to(bag).as_posix() for one in bag.rglob("*") if one.is_file())
    if sum((bag / name).stat().st_size for name in names) > _LARGEST:
        raise OSError(EFBIG, "an archive beyond 4 GB cannot be one zip file: keep the folder", bag.name)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED, allowZip64=False) as packed:
            for name in names:
                _pack(packed, f"{bag.name}/{name}", bag / name)
        _sync_file(draft)
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def put(target: Path, data: bytes) -> None:
    """Replace a file whole."""
    draft = target.with_name(f".{target.name}.part")
    try:
        draft.write_bytes(data)
        _sync_file(draft)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def sync_tree(folder: Path) -> None:
    """Make sure that the disk has every file and every name."""
    for one in sorted(folder.rglob("*")):
        _sync_file(one) if one.is_file() else _sync_folder(one)
    _sync_folder(folder)


def _pack(packed: zipfile.ZipFile, name: str, source: Path) -> None:
    entry = zipfile.ZipInfo(name)  # of 1 January 1980
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    entry.file_size = source.stat().st_size
    with source.open("rb") as file, packed.open(entry, "w") as out:
        shutil.copyfileobj(file, out, _CHUNK)


def _tag_manifest(bag: Path) -> bytes:
    tags = [one.name for one in bag.iterdir() if one.is_file() and not one.name.startswith(".")]
    return manifest_of(stored_at(bag, name) for name in tags if name != TAG_MANIFEST)


def _blocks(path: Path) -> Iterator[tuple[int, str]]:
    first = 1
    with path.open("rb") as file:
        while lines := list(islice(file, BLOCK_LINES)):
            yield first, sha256(b"".join(lines)).hexdigest()[:32]
            first += BLOCK_LINES


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere folders have nothing to sync
        _sync_file(folder)
