"""Getting files out of zips and folders that mean no good."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.oneroster.source import Limits, Source, open_source
from tests.imports.bundles import small


def opened(path: Path, limits: Limits | None = None) -> tuple[Source, list[str]]:
    faults = Faults()
    source = open_source(path, faults, limits)
    return source, [f"{fault.place.file}: {fault.code}" for fault in faults.found]


def zipped(path: Path, **members: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_zip_and_a_folder_give_the_same_files(tmp_path: Path) -> None:
    bundle = small()
    from_zip, faults = opened(bundle.write_zip(tmp_path / "a.zip"))
    from_folder, more = opened(bundle.write_folder(tmp_path / "a"))
    assert faults == more == []
    assert from_zip.files == from_folder.files == bundle.files()
    assert (from_zip.zipped, from_folder.zipped) == (True, False)


def test_the_digest_is_the_files_own(tmp_path: Path) -> None:
    first, _ = opened(small().write_zip(tmp_path / "a.zip"))
    again, _ = opened(small().write_zip(tmp_path / "b.zip"))
    other = small()
    other.drop("results", "R1")
    third, _ = opened(other.write_zip(tmp_path / "c.zip"))
    assert first.digest == again.digest != third.digest
    assert len(first.digest) == 64


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"orgs.csv": "x", "readme.txt": "y", "__MACOSX/orgs.csv": "z"})
    assert opened(path) == (Source({"orgs.csv": b"x"}, opened(path)[0].digest, True), [])


def test_nothing_there(tmp_path: Path) -> None:
    assert opened(tmp_path / "no.zip")[1] == ["no.zip: IMPORT.NO_SUCH_SOURCE"]


def test_zero_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"")
    assert opened(tmp_path / "a.zip")[1] == ["a.zip: IMPORT.EMPTY_FILE"]


@pytest.mark.parametrize("data", [b"sourcedId,name\n", b"PK\x03\x04rubbish", b"\x00" * 100])
def test_not_a_zip(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    assert opened(tmp_path / "a.zip")[1] == ["a.zip: IMPORT.NOT_A_ZIP"]


@pytest.mark.parametrize(
    "name",
    ["../orgs.csv", "/etc/orgs.csv", "a/../../orgs.csv", "..\\orgs.csv", "C:orgs.csv", "\\\\host\\orgs.csv"],
)
def test_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    source, faults = opened(zipped(tmp_path / "a.zip", **{"users.csv": "x", name: "y"}))
    assert faults == [f"{name}: IMPORT.UNSAFE_NAME"]
    assert source.files == {}


def test_a_name_cut_by_a_nul(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"orgs.csv_x": "x"})
    path.write_bytes(path.read_bytes().replace(b"orgs.csv_x", b"orgs.csv\0x"))
    source, faults = opened(path)
    assert faults == ["orgs.csv␀x: IMPORT.UNSAFE_NAME"]
    assert source.files == {}


def test_csv_files_in_a_folder_of_the_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"export/orgs.csv": "x"})
    assert opened(path)[1] == ["export/orgs.csv: IMPORT.NESTED_MEMBER"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_file_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orgs.csv", "one")
        archive.writestr("orgs.csv", "two")
        archive.writestr("ORGS.csv", "three")
    assert opened(path)[1] == ["orgs.csv: IMPORT.DUPLICATE_MEMBER", "ORGS.csv: IMPORT.DUPLICATE_MEMBER"]


def test_a_link_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("orgs.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert opened(path)[1] == ["orgs.csv: IMPORT.SYMLINK"]


def test_a_link_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "orgs.csv").symlink_to(tmp_path / "secret")
    source, faults = opened(folder)
    assert faults == ["orgs.csv: IMPORT.SYMLINK"]
    assert source.files == {}


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"orgs.csv": "x"})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 8
    data[at : at + 2] = struct.pack("<H", 0x1)
    path.write_bytes(data)
    assert opened(path)[1] == ["orgs.csv: IMPORT.ENCRYPTED"]


def test_a_damaged_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"orgs.csv": "abc" * 1000, "users.csv": "fine"})
    data = bytearray(path.read_bytes())
    data[data.index(b"orgs.csv") + 12] ^= 0xFF
    path.write_bytes(data)
    source, faults = opened(path)
    assert faults == ["orgs.csv: IMPORT.DAMAGED_ZIP"]
    assert source.files == {"users.csv": b"fine"}


def test_a_bomb_is_left_unexploded(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"orgs.csv": b"0" * (4 << 20), "users.csv": b"x"})
    source, faults = opened(path, Limits(ratio_from=1 << 20))
    assert faults == ["orgs.csv: IMPORT.ZIP_BOMB"]
    assert source.files == {}


def test_a_size_that_lies_does_not_help_a_bomb(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"orgs.csv": b"0" * (4 << 20)})
    data = path.read_bytes().replace(struct.pack("<I", 4 << 20), struct.pack("<I", 10))
    path.write_bytes(data)
    source, faults = opened(path, Limits(ratio_from=1 << 20))
    assert faults == ["orgs.csv: IMPORT.DAMAGED_ZIP"]
    assert source.files == {}


def test_all_members_together_are_limited(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"orgs.csv": b"ab" * (1 << 19), "users.csv": b"cd" * (1 << 19)})
    assert opened(path, Limits(total=3 << 19))[1] == ["users.csv: IMPORT.TOO_LARGE"]
    assert opened(small().write_folder(tmp_path / "f"), Limits(total=100))[1][-1].endswith("TOO_LARGE")


def test_too_many_members(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{f"x{n}": b"" for n in range(6)})
    assert opened(path, Limits(members=5))[1] == ["None: IMPORT.TOO_MANY_MEMBERS"]
