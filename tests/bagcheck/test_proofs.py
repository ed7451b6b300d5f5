"""Is a fact that was changed in an archive found, and named, by the tree that the index's root is of?"""

from __future__ import annotations

import json
import shutil
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dziennik.archive.year_formats import LATEST
from dziennik.bagcheck.checking import verify
from dziennik.bagcheck.contents import INDEX
from dziennik.bagcheck.findings import Wrong
from dziennik.bagcheck.proofs import REST, check_facts, check_root
from dziennik.bagcheck.strict_xml import parse
from dziennik.bagcheck.trees import Folder
from dziennik.proof.notes import Signer, checkpoint
from dziennik.verify.leaves import Leaf
from dziennik.verify.merkle import leaf_hash
from dziennik.verify.notes import key_of
from tests.archive.golden_bag import bag
from tests.bagcheck.bags import remade

FACTS = "data/classes/4a/facts.jsonl"
SIZE = 136
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NONE = sha256(b"").hexdigest()
Event = dict[str, Any]
LINES = (bag(LATEST) / FACTS).read_bytes().splitlines(keepends=True)
GRADE = next(n for n, line in enumerate(LINES) if b'"grades.grade_given.1"' in line)
AT = f"{FACTS}:{GRADE + 1}"
POSITION = json.loads(LINES[GRADE])["id"]
TREE = parse((bag(LATEST) / INDEX).read_bytes(), INDEX).find("{*}tree")
ROOT = b64decode("" if TREE is None else TREE.get("root", ""))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(bag(LATEST), tmp_path / "bag"))


def proofs_of(folder: Path) -> int:
    """What is asked of an archive's facts; how many they are. Raises Wrong."""
    leaves: dict[int, bytes] = {}
    for path in sorted((folder / "data").rglob("*.jsonl")):
        check_facts(Folder(folder), path.relative_to(folder).as_posix(), "sp5", leaves)
    check_root(Folder(folder), SIZE, ROOT, leaves)
    return len(leaves)


def wrong(folder: Path) -> tuple[str, str, str]:
    with pytest.raises(Wrong) as caught:
        proofs_of(folder)
    return caught.value.code, caught.value.place, str(caught.value.details.get("position"))


def rewritten(folder: Path, change: Callable[[list[Event]], object], name: str = FACTS) -> None:
    """The lines after a change, spelled as they were."""
    events = [json.loads(line) for line in (folder / name).read_bytes().splitlines()]
    change(events)
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in events]
    (folder / name).write_text("".join(lines), encoding="utf-8")


def fitting(event: Event) -> None:
    """What an attacker can do about a line: let its hash fit its bytes."""
    clock = (datetime.fromisoformat(event["clock"]) - EPOCH) // timedelta(microseconds=1)
    leaf = Leaf(
        int(event["id"]), clock, event["subject"], event["streamversion"], event["type"],
        b64decode(event["origin"]), b64decode(event["state"]),
    )  # fmt: skip
    event["leafhash"] = b64encode(leaf_hash(leaf.packed())).decode()


def with_value(event: Event, value: str) -> None:
    """The fact says another grade, in clear and as stored."""
    event["data"]["value"] = value
    state = json.loads(b64decode(event["state"])) | {"value": value}
    event["state"] = b64encode(json.dumps(state, separators=(",", ":")).encode()).decode()


def test_the_golden_archive_is_proven() -> None:
    assert proofs_of(bag(LATEST)) == 125
    report = verify(bag(LATEST))
    assert report.index is not None
    assert report.index.facts == 125


def test_a_grade_changed_in_clear(folder: Path) -> None:
    rewritten(folder, lambda events: events[GRADE]["data"].update(value="6"))
    assert wrong(folder) == ("FACTS.SAYS_OTHERWISE", AT, POSITION)


def test_a_grade_changed_in_clear_and_as_stored(folder: Path) -> None:
    rewritten(folder, lambda events: with_value(events[GRADE], "6"))
    assert wrong(folder) == ("FACTS.CHANGED", AT, POSITION)


def test_a_grade_changed_with_its_hash_leads_to_another_root(folder: Path) -> None:
    def change(events: list[Event]) -> None:
        with_value(events[GRADE], "6")
        fitting(events[GRADE])

    rewritten(folder, change)
    assert wrong(folder)[:2] == ("FACTS.OTHER_ROOT", REST)


def test_the_whole_verification_names_the_line(folder: Path) -> None:
    """Manifests written anew, and no byte more than before: nothing but the proof can tell."""
    value = json.loads(LINES[GRADE])["data"]["value"]
    other = LINES[GRADE].replace(f'"value":"{value}"'.encode(), f'"value":"{"1" * len(value)}"'.encode())
    assert other != LINES[GRADE]
    (folder / FACTS).write_bytes(b"".join([*LINES[:GRADE], other, *LINES[GRADE + 1 :]]))
    remade(folder)
    found = verify(folder).wrong
    assert found is not None
    assert (found.code, found.place) == ("FACTS.SAYS_OTHERWISE", AT)
    assert POSITION in found.text()


@pytest.mark.parametrize("name", sorted(json.loads(LINES[GRADE])))
def test_no_attribute_can_be_changed_or_dropped(folder: Path, name: str) -> None:
    """But for what is no part of the fact: the kind of its data."""
    if name == "datacontenttype":
        return
    event = json.loads(LINES[GRADE])
    others = {"data": {}, "streamversion": event["streamversion"] + 1, "id": str(int(event["id"]) + 1)}
    others |= {"clock": "2025-09-01T06:39:00.000001Z", "time": "2025-09-01T06:39:00.000001Z"}
    rewritten(folder, lambda events: events[GRADE].update({name: others.get(name, "YWJj")}))
    assert wrong(folder)[1] == AT
    shutil.copy(bag(LATEST) / FACTS, folder / FACTS)
    rewritten(folder, lambda events: events[GRADE].pop(name))
    assert wrong(folder)[1] == AT


def test_a_fact_that_was_dropped_doubled_or_put_in(folder: Path) -> None:
    rewritten(folder, lambda events: events.pop(GRADE))
    assert wrong(folder) == ("FACTS.MISSING", REST, POSITION)
    rewritten(folder, lambda events: events.append(events[GRADE]))
    shutil.copy(bag(LATEST) / FACTS, folder / FACTS)
    school = "data/facts/school.jsonl"
    rewritten(folder, lambda events: events.append(json.loads(LINES[GRADE])), school)
    assert wrong(folder)[::2] == ("FACTS.TWICE", POSITION)
    shutil.copy(bag(LATEST) / school, folder / school)

    def put_in(events: list[Event]) -> None:
        events.append({**events[GRADE], "id": str(SIZE + 1)})
        fitting(events[-1])

    rewritten(folder, put_in)
    assert wrong(folder)[0] == "FACTS.OTHER_ROOT"


def test_hashes_of_the_rest(folder: Path) -> None:
    rest = (folder / REST).read_text().splitlines(keepends=True)
    first = rest[0].split(" ")[0]
    spoilt = {
        "dropped": (rest[1:], "FACTS.MISSING", first),
        "another hash": ([f"{first} {first} {NONE}\n", *rest[1:]], "FACTS.OTHER_ROOT", ""),
        "over a fact": ([f"1 1 {NONE}\n", *rest], "FACTS.TWICE", "1"),
        "no subtree": (
            [rest[0].replace(f"{first} {first}", f"{first} {int(first) + 2}")],
            "FACTS.BAD_LINE",
            "",
        ),
        "out of order": (rest[::-1], "FACTS.BAD_LINE", ""),
        "one more": ([*rest, f"{SIZE + 1} {SIZE + 1} {NONE}\n"], "FACTS.OTHER_ROOT", ""),
    }
    for how, (lines, code, position) in spoilt.items():
        (folder / REST).write_text("".join(lines))
        found = wrong(folder)
        assert found[0] == code, how
        assert position in ("", found[2]), how


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"\xff",
        b"{",
        b'{"id":"1","id":"1"}',
        b"[" * 100_000,
        b'{"id":NaN}',
    ],
)
def test_what_is_no_fact(folder: Path, line: bytes) -> None:
    (folder / FACTS).write_bytes(line + b"\n")
    assert wrong(folder)[:2] == ("FACTS.BAD_LINE", f"{FACTS}:1")


def test_of_personal_texts_the_signature_alone_vouches(folder: Path) -> None:
    """They are sealed in the tree: who signs the archive, and who can regenerate it, vouch for them."""
    people = "data/facts/people.jsonl"
    name = (folder / people).read_bytes().replace("Ćwirek".encode(), "Ćwirak".encode())
    (folder / people).write_bytes(name)
    assert proofs_of(folder) == 125
    found = verify(folder).wrong
    assert found is not None
    assert (found.code, found.place.partition(" ")[0]) == ("BAG.FILE_CHANGED", people)


def test_whoever_has_the_logs_key_checks_the_checkpoint_too(folder: Path) -> None:
    signer = Signer("dziennik/sp5", bytes(32))
    key = key_of(signer.public)
    assert verify(folder, log_key=key).wrong is not None  # nobody signed the golden one
    (folder / "checkpoint").write_text(signer.signed(checkpoint("dziennik/sp5", SIZE, ROOT)))
    remade(folder, payload=False)
    report = verify(folder, log_key=key)
    assert (report.wrong, report.checked[-1]) == (None, "log")
    other = verify(folder, log_key=key_of(Signer("dziennik/sp5", b"x" * 32).public)).wrong
    assert other is not None
    assert (other.code, other.place) == ("INDEX.NOT_SIGNED_BY_LOG", "checkpoint")
    (folder / "checkpoint").unlink()
    remade(folder, payload=False)
    assert getattr(verify(folder, log_key=key).wrong, "code", "") == "INDEX.NOT_SIGNED_BY_LOG"
