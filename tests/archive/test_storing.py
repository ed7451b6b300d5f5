"""Do a folder and an object storage keep archives alike?"""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.store import S3Store

from dziennik.archive.storing import FolderStore, NotStored, ObjectStore, Store, fetched, store_at
from dziennik.proof.copying import Copies
from tests.checkers import needs_moto

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_REGION": "us-east-1"}
KEY = "sp5/2025-2026/edition-1.zip"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A storage that speaks S3, with the bucket "archives"."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        ["moto_server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _make_bucket(f"{address}/archives")
        yield address
    finally:
        server.terminate()
        server.wait()


def _make_bucket(address: str) -> None:
    """As soon as the server answers."""
    give_up = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(address, method="PUT")).close()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
        else:
            return


@pytest.fixture(params=["folder", pytest.param("s3", marks=needs_moto)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return store_at(str(tmp_path / "archives"), {}, tmp_path / "work")
    address = request.getfixturevalue("endpoint")
    return store_at("s3://archives/dziennik", {**KEYS, "DZIENNIK_S3_ENDPOINT": address}, tmp_path / "work")


def test_what_is_put_is_there(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "bag.zip"
    source.write_bytes(b"zip" * 1_000_000)
    assert not store.has(KEY)
    store.put(KEY, source)
    assert store.has(KEY)
    with fetched(store, KEY) as copy:
        assert copy.read_bytes() == source.read_bytes()
    source.write_bytes(b"signed")
    store.put(KEY, source)
    assert b"".join(store.chunks(KEY)) == b"signed"


def test_checkpoints_are_copied_once_and_what_failed_the_next_time(store: Store, tmp_path: Path) -> None:
    """To a folder as to a bucket; a place that cannot be reached loses nothing."""
    notes = tmp_path / "checkpoints"
    notes.mkdir()
    (tmp_path / "key.pub").write_text("key\n")
    for size in (3, 12):
        (notes / f"{size:015}").write_text(f"note {size}")

    def refuses(_key: str, _file: Path) -> None:
        raise OSError("nobody answers")

    down = Copies("there", refuses)
    assert (down.bring(tmp_path, "sp5"), len(down.missing(tmp_path))) == (0, 2)
    up = Copies("there", store.put)
    assert (up.bring(tmp_path, "sp5"), up.missing(tmp_path)) == (2, [])
    assert b"".join(store.chunks("sp5/checkpoints/000000000000003")) == b"note 3"
    assert b"".join(store.chunks("sp5/checkpoint")) == b"note 12"
    assert b"".join(store.chunks("sp5/key.pub")) == b"key\n"
    assert up.bring(tmp_path, "sp5") == 0
    assert len(Copies("elsewhere", store.put).missing(tmp_path)) == 2


def test_what_is_not_there_is_told(store: Store) -> None:
    other = "sp5/1999-2000/edition-1.zip"
    assert not store.has(other)
    with pytest.raises(NotStored):
        list(store.chunks(other))


@needs_moto
def test_objects_lie_under_the_prefix(endpoint: str, tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"x")
    here = store_at("s3://archives/here", {**KEYS, "DZIENNIK_S3_ENDPOINT": endpoint}, tmp_path / "work")
    here.put("a/b.zip", source)
    whole = ObjectStore(
        S3Store(
            "archives", endpoint=endpoint, region="us-east-1", access_key_id="x", secret_access_key="y",
            client_options={"allow_http": True},
        ), tmp_path / "work",
    )  # fmt: skip
    assert whole.has("here/a/b.zip")


@needs_moto
def test_a_storage_that_refuses_is_a_fault_of_the_disk(endpoint: str, tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"x")
    nowhere = store_at("s3://no-such-bucket", {**KEYS, "DZIENNIK_S3_ENDPOINT": endpoint}, tmp_path / "work")
    with pytest.raises((OSError, NotStored)):
        nowhere.put("a", source)


def test_settings_choose() -> None:
    assert isinstance(store_at("/srv/archives", {}, Path("work")), FolderStore)
    with pytest.raises(ValueError, match="names a bucket"):
        store_at("s3://", {}, Path("work"))
