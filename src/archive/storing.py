"""Where do archives lie? In a folder, unless an object storage that speaks S3 is set.

What is stored is a bag in one zip file, under a key such as `sp5/2025-2026/edition-1.zip`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from dziennik.archive.bagging import sync_tree

CHUNK: Final = 1 << 20


class NotStored(LookupError):
    """There is nothing under that key."""


class Store(Protocol):
    """What keeps archives. Faults of the disk or the network raise OSError."""

    def put(self, key: str, source: Path) -> None:
        """Keep a copy under the key, in place of what was there; all of it or nothing."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces. Raises NotStored."""

    def has(self, key: str) -> bool: ...


class FolderStore:
    """Archives in a folder of this machine, or of one that is mounted here."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, source: Path) -> None:
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        try:
            shutil.copyfile(source, draft)
            sync_tree(draft.parent)
            draft.replace(target)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def chunks(self, key: str) -> Iterator[bytes]:
        target = self._root / key
        if not target.is_file():
            raise NotStored(key)
        with target.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece

    def has(self, key: str) -> bool:
        return (self._root / key).is_file()


@contextmanager
def fetched(store: Store, key: str) -> Iterator[Path]:
    """A copy on this disk while it is needed. Raises NotStored."""
    with TemporaryDirectory(prefix="dziennik-archive-") as folder:
        path = Path(folder) / "bag.zip"
        with path.open("wb") as out:
            for piece in store.chunks(key):
                out.write(piece)
        yield path
