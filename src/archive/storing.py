"""Where do archives lie? In a folder, unless an object storage that speaks S3 is set.

What is stored is a bag in one zip file, under a key such as `sp5/2025-2026/edition-1.zip`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from dziennik.archive.bagging import sync_tree
from dziennik.archive.workshop import Workshop

CHUNK: Final = 1 << 20
WORK: Final = ".work"  # no school's id begins with a dot


class NotStored(LookupError):
    """There is nothing under that key."""


class Store(Protocol):
    """What keeps archives. Faults of the disk or the network raise OSError."""

    @property
    def work(self) -> Workshop:
        """Where what is kept is put together, or looked at."""

    def put(self, key: str, source: Path) -> None:
        """Keep a copy under the key, in place of what was there; all of it or nothing."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces. Raises NotStored."""

    def has(self, key: str) -> bool: ...


class FolderStore:
    """Archives in a folder of this machine, or of one that is mounted here."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.work = Workshop(root / WORK)

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
    with store.work.folder() as folder:
        path = folder / "bag.zip"
        with path.open("wb") as out:
            for piece in store.chunks(key):
                out.write(piece)
        yield path


class ObjectStore:
    """Archives in a bucket that speaks S3: with a key prefix, whole objects only, no listing."""

    def __init__(self, store: S3Store, work: Path) -> None:
        """`work`: a folder of this machine."""
        self._store = store
        self.work = Workshop(work)

    def put(self, key: str, source: Path) -> None:
        with _told_as_os_error():
            self._store.put(key, source)

    def chunks(self, key: str) -> Iterator[bytes]:
        with _told_as_os_error():
            for piece in self._store.get(key).stream(min_chunk_size=CHUNK):
                yield bytes(piece)

    def has(self, key: str) -> bool:
        try:
            with _told_as_os_error():
                self._store.head(key)
        except NotStored:
            return False
        return True


@contextmanager
def _told_as_os_error() -> Iterator[None]:
    """What goes wrong in an object storage is a fault of the disk to whoever stores."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as fault:
        raise NotStored(str(fault).splitlines()[0]) from fault
    except BaseError as fault:
        raise OSError(f"object storage: {str(fault).splitlines()[0]}") from fault


def store_at(place: str, environ: Mapping[str, str], work: Path) -> Store:
    """The store of a setting: a folder's path, or `s3://bucket/prefix`; `work`: a folder for what a bucket
    has no place for.

    Of a bucket the endpoint is DZIENNIK_S3_ENDPOINT, region and keys are those that AWS's tools read too.
    Raises ValueError when the setting makes no sense.
    """
    if not place.startswith("s3://"):
        return FolderStore(Path(place))
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    if not bucket:
        raise ValueError(f"{place}: an s3:// address names a bucket")
    endpoint = environ.get("DZIENNIK_S3_ENDPOINT")
    made = S3Store(
        bucket,
        prefix=prefix.strip("/") or None,
        endpoint=endpoint,
        region=environ.get("AWS_REGION", "eu-central-1"),
        access_key_id=environ.get("AWS_ACCESS_KEY_ID"),
        secret_access_key=environ.get("AWS_SECRET_ACCESS_KEY"),
        client_options={"allow_http": (endpoint or "").startswith("http://")},
    )
    return ObjectStore(made, work)
