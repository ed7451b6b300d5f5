"""What does a school get at the end of its contract? All facts with their proofs, and every archive of its
years.

Everything lies in one folder, with a list of digests that `sha256sum --check SHA256SUMS` reads. What was
handed over is put on record only when all of it lies there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from dziennik.archive.making import key_of
from dziennik.archive.storing import Store
from dziennik.projections.archives import ArchiveEdition

SUMS: Final = "SHA256SUMS"
FOLDER: Final = "archiwa"


class Copied(NamedTuple):
    """A file that was handed over: where it lies in the folder, and its digest (SHA-256, hexadecimal)."""

    name: str
    digest: str


def missing(
    store: Store, school_id: str, years: Mapping[str, str], editions: Iterable[ArchiveEdition]
) -> list[ArchiveEdition]:
    """Editions whose archive is not stored any more: made anew by `dziennik archive regenerate`.

    `years`: the names of school years by id.
    """
    return [row for row in editions if not store.has(key_of(school_id, years[row.year_id], row.edition))]


def copy_archives(
    store: Store,
    school_id: str,
    years: Mapping[str, str],
    editions: Sequence[ArchiveEdition],
    out: Path,
    tell: Callable[[int, int], None],
) -> list[tuple[ArchiveEdition, Copied]]:
    """Copy the archives into the folder. Faults of disk and network raise OSError, and NotStored."""
    copied = []
    for number, row in enumerate(editions, 1):
        key = key_of(school_id, years[row.year_id], row.edition)
        name = f"{FOLDER}/{key.partition('/')[2].replace('/', '-')}"
        copied.append((row, _written(out, name, store.chunks(key))))
        tell(number, len(editions))
    return copied


def write_facts(out: Path, name: str, lines: Iterable[bytes]) -> Copied:
    """Write the export of all facts."""
    return _written(out, name, lines)


def write_sums(out: Path, files: Iterable[Copied]) -> None:
    """The list of digests, by name."""
    told = "".join(f"{one.digest}  {one.name}\n" for one in sorted(files))
    (out / SUMS).write_text(told, encoding="utf-8")


def _written(out: Path, name: str, pieces: Iterable[bytes]) -> Copied:
    path, digest = out / name, sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return Copied(name, digest.hexdigest())
