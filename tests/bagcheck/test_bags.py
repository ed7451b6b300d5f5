"""Is every changed bag refused, with the first place where it is wrong?"""

from __future__ import annotations

import json
import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dziennik.archive.bagging import MANIFEST, SIGNATURE, add_signature, zip_bag
from dziennik.archive.signing import sign
from dziennik.bagcheck.telling import INTACT_SIGNED_TRUSTED, NOT_SIGNED, SIGNER_UNKNOWN, exit_code
from dziennik.cli.archiving import app
from tests.archive.golden_bag import bag
from tests.bagcheck.authority import NOW, authority
from tests.bagcheck.bags import (
    HEAD,
    OURS,
    XML,
    Change,
    byte_changes,
    checked,
    remade,
    replaced,
    signed_bag,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return signed_bag(tmp_path / "bag")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The signed bag as the bytes of a zip."""
    at = tmp_path_factory.mktemp("packed")
    zip_bag(signed_bag(at / "bag"), at / "bag.zip")
    return (at / "bag.zip").read_bytes()


def code_and_place(path: Path) -> tuple[str, str]:
    report = checked(path)
    assert report.wrong is not None
    assert exit_code(report) == 1
    return report.wrong.code, report.wrong.place


def test_it_is_accepted_as_it_is(folder: Path, packed: bytes, tmp_path: Path) -> None:
    (tmp_path / "bag.zip").write_bytes(packed)
    for path in (folder, tmp_path / "bag.zip"):
        report = checked(path)
        assert report.wrong is None
        assert exit_code(report) == INTACT_SIGNED_TRUSTED
        assert report.checked == ["names", "manifests", "signature", "contents"]
        assert report.signed is not None
        assert (report.signed.signer, report.signed.claimed_at) == ("Wanda Dyrektorska", NOW)


# Each changes the class register; the manifests are as they were.
XML_CHANGES: dict[str, Change] = {
    "a grade changed": replaced('value="5-"', 'value="6"'),
    "a grade changed for all time": replaced('given="5"', 'given="6"'),
    "an absence dropped": replaced("<absence ", "<absent "),
    "an entry dropped": lambda data: data.replace(
        data[data.index(b"<signed ") :].splitlines(True)[0], b"", 1
    ),
    "an entry doubled": lambda data: data.replace(
        (line := data[data.index(b"<signed ") :].splitlines(True)[0]), line * 2, 1
    ),
    "two pupils swapped": lambda data: (
        data.replace(b'key="p1"', b'key="px"')
        .replace(b'key="p2"', b'key="p1"')
        .replace(b'key="px"', b'key="p2"')
    ),
    "a comment inside a text": replaced("Kangur", "Kan<!-- -->gur"),
    "a DOCTYPE": lambda data: b"<!DOCTYPE x>" + data,
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "another line end": replaced(">\n", ">\r\n"),
    "cut short": lambda data: data[:-1],
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("change", XML_CHANGES)
def test_a_changed_register(folder: Path, change: str) -> None:
    data = (folder / XML).read_bytes()
    altered = XML_CHANGES[change](data)
    assert altered != data
    (folder / XML).write_bytes(altered)
    assert code_and_place(folder) == ("BAG.FILE_CHANGED", XML)
    remade(folder)  # who can write manifests anew still cannot sign
    assert code_and_place(folder)[0] == "SIGNATURE.OTHER_BYTES"


def test_the_lines_of_the_change_are_told(folder: Path) -> None:
    data = (folder / XML).read_bytes()
    at = data[: data.index(b'value="5-"')].count(b"\n") + 1
    (folder / XML).write_bytes(data.replace(b'value="5-"', b'value="6"'))
    report = checked(folder)
    assert report.wrong is not None
    first, last = report.wrong.details["where"].strip(" ()").split("-")
    assert int(first) <= at <= int(last) == int(first) + 19
    (folder / "data/blocks-sha256.txt").write_text("")
    assert checked(folder).wrong is not None  # nothing is said about lines, and nothing breaks


Attack = Callable[[Path], None]


def _without_signature(folder: Path) -> None:
    (folder / SIGNATURE).unlink()
    remade(folder, payload=False)


def _two_files_swapped(folder: Path) -> None:
    one, other = folder / "data/classes/4a", folder / "data/classes/4b-obca"
    one.rename(folder / "data/x")
    other.rename(one)
    (folder / "data/x").rename(other)


def _unknown_tag_file(folder: Path) -> None:
    (folder / "readme.txt").write_text("x")
    remade(folder, payload=False)


def _second_signature(folder: Path) -> None:
    shutil.copy(folder / SIGNATURE, folder / "manifest-sha256.txt.2.xades")
    remade(folder, payload=False)


def _link(folder: Path) -> None:
    (folder / XML).unlink()
    (folder / XML).symlink_to("/etc/passwd")


def _info(folder: Path) -> None:
    info = folder / "bag-info.txt"
    info.write_text(info.read_text().replace("2025/2026/1", "2025/2026/2"))
    remade(folder, payload=False)


def _named_pipe(folder: Path) -> None:
    os.mkfifo(folder / "data" / "pipe")


def _tag(name: str, change: Change) -> Attack:
    """A tag file changed, and the tag manifest made to fit."""

    def attack(folder: Path) -> None:
        (folder / name).write_bytes(change((folder / name).read_bytes()))
        remade(folder, payload=False)

    return attack


def _first_twice(data: bytes) -> bytes:
    return data.splitlines(keepends=True)[0] + data


def _new(name: str) -> Attack:
    def attack(folder: Path) -> None:
        (folder / name).write_text("x")

    return attack


def _renamed(folder: Path) -> None:
    (folder / "data/hours.xml").rename(folder / "data/Hours.xml")


def _payload_and_manifests(folder: Path) -> None:
    (folder / "data/hours.xml").write_text("<x/>")
    remade(folder)


ATTACKS: dict[str, tuple[Attack, str, str]] = {
    "file dropped": (lambda f: (f / XML).unlink(), "BAG.FILE_MISSING", XML),
    "file added": (_new("data/new.txt"), "BAG.FILE_UNKNOWN", "data/new.txt"),
    "classes swapped": (_two_files_swapped, "BAG.FILE_CHANGED", XML),
    "manifest reordered": (
        _tag(MANIFEST, lambda data: b"".join(reversed(data.splitlines(keepends=True)))),
        "MANIFEST.BAD_LINE",
        f"{MANIFEST}:2",
    ),
    "manifest with a line twice": (_tag(MANIFEST, _first_twice), "MANIFEST.BAD_LINE", f"{MANIFEST}:2"),
    "manifest with upper case": (_tag(MANIFEST, bytes.upper), "MANIFEST.BAD_LINE", f"{MANIFEST}:1"),
    "manifest leads outside": (
        _tag(MANIFEST, lambda _: b"0" * 64 + b"  ../../etc/passwd\n"),
        "BAG.BAD_NAME",
        f"{MANIFEST}:1",
    ),
    "signature over other bytes": (_payload_and_manifests, "SIGNATURE.OTHER_BYTES", f"{SIGNATURE}:5"),
    "unknown tag file": (_unknown_tag_file, "BAG.FILE_UNKNOWN", "readme.txt"),
    "second signature": (_second_signature, "BAG.FILE_UNKNOWN", "manifest-sha256.txt.2.xades"),
    "link to elsewhere": (_link, "BAG.NOT_A_FILE", XML),
    "named pipe": (_named_pipe, "BAG.NOT_A_FILE", "data/pipe"),
    "name with upper case": (_renamed, "BAG.BAD_NAME", "data/Hours.xml"),
    "hidden file": (_new("data/.x"), "BAG.BAD_NAME", "data/.x"),
    "other edition in bag-info": (_info, "INDEX.INFO_DIFFERS", "bag-info.txt"),
    "no manifest": (lambda f: (f / MANIFEST).unlink(), "BAG.NOT_A_BAG", MANIFEST),
    "other declaration": (
        _tag("bagit.txt", lambda _: b"BagIt-Version: 0.97\n"),
        "BAG.BAD_DECLARATION",
        "bagit.txt",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attacked_folder(folder: Path, attack: str) -> None:
    change, code, place = ATTACKS[attack]
    change(folder)
    assert code_and_place(folder) == (code, place)


def test_who_takes_the_signature_off_is_not_trusted(folder: Path) -> None:
    _without_signature(folder)
    assert exit_code(checked(folder)) == NOT_SIGNED


def test_who_signs_anew_is_not_trusted(folder: Path) -> None:
    """A grade changed, everything written anew, and signed with a certificate of the attacker's own."""
    (folder / XML).write_bytes(XML_CHANGES["a grade changed"]((folder / XML).read_bytes()))
    (folder / SIGNATURE).unlink()
    remade(folder)
    mallory = authority("Urząd napastnika").signer()
    add_signature(folder, sign((folder / MANIFEST).read_bytes(), name=MANIFEST, signer=mallory, at=NOW))
    assert code_and_place(folder) == ("CERTIFICATE.UNTRUSTED", SIGNATURE)


# --- what only somebody who can sign could make: the contents are looked at all the same ---


def signed_anew(folder: Path) -> Path:
    (folder / SIGNATURE).unlink()
    remade(folder)
    add_signature(folder, sign((folder / MANIFEST).read_bytes(), name=MANIFEST, signer=HEAD, at=NOW))
    return folder


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        (XML, replaced('value="5-"', 'value="5"'), "INDEX.DIFFERS"),  # a byte less than the index says
        (XML, replaced('value="5-"', 'value=x5-"'), "XML.NOT_WELL_FORMED"),
        (XML, replaced('kind="absent"', 'kind="absenT"'), "XML.BREAKS_SCHEMA"),
        (XML, replaced('class="4a"', 'class="4b"'), "INDEX.DIFFERS"),
        ("data/index.xml", replaced('<class id="4b"', '<class id="4c"'), "INDEX.DIFFERS"),
        ("data/index.xml", replaced('edition="1"', 'edition="0"'), "XML.BREAKS_SCHEMA"),
        ("data/index.xml", replaced("class-register-2", "class-register-9"), "XML.UNKNOWN_FORMAT"),
        ("data/index.xml", replaced('edition="1"', 'edition="2"'), "INDEX.INFO_DIFFERS"),
    ],
)  # fmt: skip
def test_contents_are_checked_too(folder: Path, name: str, change: Change, code: str) -> None:
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    found, place = code_and_place(signed_anew(folder))
    assert (found, place.partition(":")[0]) in ((code, name), (code, "bag-info.txt"), (code, XML))


def test_an_index_that_forgets_a_file(folder: Path) -> None:
    (folder / "data/new.txt").write_text("x")
    assert code_and_place(signed_anew(folder)) == ("INDEX.DIFFERS", "data/new.txt")


# --- zips ---


def rezipped(path: Path, names: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as out:
        for name, data in names.items():
            out.writestr(name, data)
    return path


def test_zip_slip_and_others(tmp_path: Path) -> None:
    for number, name in enumerate(("../x", "/etc/x", "a/../../x", "C:/x", "a\\x", "a/x\0y", "A/X", "ą/x")):
        path = rezipped(tmp_path / f"{number}.zip", {name: b"x"})
        assert code_and_place(path)[0] in ("BAG.BAD_NAME", "BAG.BAD_ZIP"), name
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"{number}.zip" for number in range(8)]


def test_a_zip_by_another_program_is_to_be_unpacked_first(folder: Path, tmp_path: Path) -> None:
    files = {f"bag/{one.relative_to(folder)}": one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    path = rezipped(tmp_path / "other.zip", files, zipfile.ZIP_DEFLATED)
    report = checked(path)
    assert report.wrong is not None
    assert report.wrong.code == "BAG.BAD_ZIP"
    assert "unpacked folder" in report.wrong.text("en")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"MZ" + data,
        lambda data: data + b"\0",
        lambda data: data[:-2] + struct.pack("<H", 5) + b"later",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"PK\x01\x02", b"PK\x01\x03", 1),
        lambda _: b"",
        lambda _: b"PK\x05\x06" + bytes(18),
    ],
)
def test_a_changed_zip(packed: bytes, tmp_path: Path, change: Change) -> None:
    path = tmp_path / "bag.zip"
    path.write_bytes(change(packed))
    assert code_and_place(path)[0] == "BAG.BAD_ZIP"


def test_a_file_twice_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "bag.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name in ("bag/x", "bag/y"):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100644 << 16
            out.writestr(entry, b"x")
    path.write_bytes(path.read_bytes().replace(b"bag/y", b"bag/x"))
    assert code_and_place(path)[0] == "BAG.TWICE"


def test_random_changes_of_the_zip(packed: bytes, tmp_path: Path) -> None:
    """A few hundred here; ten thousand in tests.bagcheck.campaign."""
    path = tmp_path / "bag.zip"
    for told, changed in byte_changes(packed, 20260826, 120):
        path.write_bytes(changed)
        report = checked(path)
        assert report.wrong is not None, told
        assert report.wrong.place


@pytest.mark.parametrize("name", [MANIFEST, "tagmanifest-sha256.txt", SIGNATURE, "bag-info.txt", "bagit.txt"])
def test_random_changes_of_a_tag_file(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    for told, changed in byte_changes(data, 4711, 25):
        (folder / name).write_bytes(changed)
        if changed != data:
            assert checked(folder).wrong is not None, told
        if name == SIGNATURE:  # and when the attacker makes the digest fit
            remade(folder, payload=False)
            report = checked(folder)
            assert report.wrong is not None or _same_meaning(changed, data), told
            (folder / name).write_bytes(data)
            remade(folder, payload=False)
    (folder / name).write_bytes(data)
    assert checked(folder).wrong is None


def _same_meaning(changed: bytes, data: bytes) -> bool:
    """Blanks between elements that nobody signed, or in base64: the signature is the same one."""
    return b"".join(changed.split()) == b"".join(data.split())


# --- the command ---


def test_the_command_answers_in_words_and_exit_codes(folder: Path, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_bytes(OURS.pem())

    def called(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["verify", *arguments])
        return done.exit_code, done.stdout

    code, answer = called(str(folder), "--ca", str(ca))
    assert code == INTACT_SIGNED_TRUSTED
    for said in ("Szkoła Podstawowa nr 5", "2025/2026", "4a, 4b OBCA", "Wanda Dyrektorska", "kompletne"):
        assert said in answer, said
    assert called(str(folder))[0] == SIGNER_UNKNOWN
    assert called(str(bag(1)))[0] == NOT_SIGNED
    assert called(str(tmp_path / "none"))[0] == 2
    assert called(str(folder), "--ca", str(folder / MANIFEST))[0] == 2
    (folder / XML).write_bytes(b"x")
    code, answer = called(str(folder), "--ca", str(ca), "--json")
    assert (code, json.loads(answer)["wrong"]["place"]) == (1, XML)
