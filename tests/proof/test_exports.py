"""What does an export say, and what does the verifier make of one that is damaged, cut, stale or foreign?"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from dziennik.journal.journal import Journal
from dziennik.proof.exporting import export
from dziennik.proof.log import Checkpoint, SchoolLog
from dziennik.proof.notes import Signer, checkpoint
from dziennik.verify.exports import verify_export
from dziennik.verify.faults import Outcome, Verdict
from dziennik.verify.notes import Key, key_of
from tests.journal.sample import PUPIL, give, grade
from tests.proof.tampering import fill

Lines = list[bytes]


@pytest.fixture
def early(journal: Journal, log: SchoolLog) -> Checkpoint:
    fill(journal, 8, Random(3))
    return log.publish()


@pytest.fixture
def lines(journal: Journal, log: SchoolLog, early: Checkpoint) -> Lines:
    give(journal, "later", 0, grade(1, comment="dobrze"), PUPIL)
    return list(export(log, journal, lambda *_: None))


@pytest.fixture
def key(log: SchoolLog) -> Key:
    return key_of(log.signer.public)


def codes(verdict: Verdict) -> tuple[Outcome, list[str]]:
    return verdict.outcome, [one.code for one in verdict.findings]


def test_an_export_is_cloudevents_with_the_stored_bytes(
    lines: Lines, journal: Journal, log: SchoolLog
) -> None:
    begun, *events, ended = (json.loads(line) for line in lines)
    assert (begun["type"], ended["type"]) == ("dziennik.export_begun.1", "dziennik.export_ended.1")
    assert ended["data"] == {"facts": len(events)}
    stored = journal.evidence.read(0, 1000)
    assert len(events) == len(stored) == begun["data"]["size"]
    for event, fact in zip(events, stored, strict=True):
        assert {"specversion", "id", "source", "type"} <= event.keys()  # required by CloudEvents 1.0
        assert all(name.isalnum() and name == name.lower() for name in event.keys() - {"data_base64"})
        assert b64decode(event["data_base64"]) == fact.state
        assert b64decode(event["origin"]) == fact.origin
        assert (event["subject"], event["type"]) == (fact.stream, fact.name)
    assert len({(event["source"], event["id"]) for event in events}) == len(events)
    assert "Żaneta" not in b"".join(lines).decode()
    assert begun["data"]["key"] == log.signer.public


def test_it_holds_against_any_checkpoint_of_the_log(
    lines: Lines, key: Key, early: Checkpoint, log: SchoolLog
) -> None:
    count = len(lines) - 2
    for kept in ([], [early.note], [early.note, log.checkpoints()[-1].note]):
        verdict = verify_export(lines, key, kept)
        assert codes(verdict) == (Outcome.HOLDS, [])
        assert verdict.facts == {"origin": log.origin, "facts": count, "covered": count}


def test_cut_anywhere_it_is_never_said_to_hold(lines: Lines, key: Key) -> None:
    whole = b"".join(lines)
    random = Random(1)
    cuts = {0, 1, len(lines[0]), len(whole) - 1, len(whole) - len(lines[-1])}
    for cut in cuts | {random.randrange(len(whole)) for _ in range(100)}:
        verdict = verify_export(whole[:cut].splitlines(keepends=True), key)
        if cut != len(whole) - 1:  # without its last newline it is still whole
            assert codes(verdict)[0] is Outcome.UNCHECKED, cut
            assert codes(verdict)[1] in (["PROOF.EXPORT_CUT"], ["PROOF.UNREADABLE"])


def test_any_changed_byte_of_a_fact_is_found(lines: Lines, key: Key) -> None:
    random = Random(2)
    for _ in range(300):
        number = random.randrange(1, len(lines) - 1)
        at = random.randrange(len(lines[number]))
        byte = bytes([random.choice(b'abcXYZ0189+/"{},: ')])
        changed = [*lines]
        changed[number] = lines[number][:at] + byte + lines[number][at + 1 :]
        if json_of(changed[number]) == json_of(lines[number]):
            continue
        assert codes(verify_export(changed, key))[0] is not Outcome.HOLDS, (number, changed[number])


def json_of(line: bytes) -> object:
    """What is checked of a line: fields that only repeat others are no matter."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    names = ("specversion", "id", "type", "subject", "time", "position", "streamversion", "origin",
             "leafhash", "commandfirst", "commandlast", "data_base64")  # fmt: skip
    return [event.get(name) for name in names] if isinstance(event, dict) else None


def test_lines_removed_repeated_and_swapped(lines: Lines, key: Key) -> None:
    assert verify_export([*lines[:3], *lines[4:]], key).outcome is not Outcome.HOLDS
    ended = lines[-1].replace(str(len(lines) - 2).encode(), str(len(lines) - 3).encode())
    verdict = verify_export([*lines[:3], *lines[4:-1], ended], key)
    assert (verdict.outcome, verdict.first_bad) == (Outcome.BROKEN, 3)
    verdict = verify_export([*lines[:3], lines[4], lines[3], *lines[5:]], key)
    assert (verdict.outcome, verdict.first_bad) == (Outcome.BROKEN, 3)
    assert codes(verify_export([*lines, lines[1]], key)) == (Outcome.UNCHECKED, ["PROOF.UNREADABLE"])


def test_a_stale_checkpoint_does_not_vouch_for_what_came_later(
    lines: Lines, key: Key, early: Checkpoint
) -> None:
    """Somebody put an old checkpoint into the export in the place of the newest."""
    begun = json.loads(lines[0])
    begun["data"] |= {"checkpoint": early.note, "earlier": [], "size": early.size}
    changed = [json.dumps(begun).encode() + b"\n", *lines[1:]]
    changed[0] = changed[0].replace(b'{"specversion": ', b'{"specversion":')
    verdict = verify_export(changed, key, [early.note])
    assert codes(verdict) == (Outcome.UNCHECKED, ["PROOF.STALE_CHECKPOINT"])
    assert verdict.facts
    assert verdict.facts["covered"] == early.size


@pytest.mark.parametrize(
    ("forge", "outcome", "wanted"),
    [
        (lambda log, size: Signer(log.origin, bytes(32)).signed(checkpoint(log.origin, size, bytes(32))),
         Outcome.UNCHECKED, "PROOF.NOT_SIGNED"),
        (lambda log, size: log.publish().note.replace(f"\n{size}\n", f"\n{size + 1}\n"),
         Outcome.UNCHECKED, "PROOF.FORGED"),
        (lambda log, size: log.signer.signed(checkpoint(log.origin, size, bytes(32))),
         Outcome.BROKEN, "PROOF.OTHER_ROOT"),
        (lambda log, size: log.signer.signed(checkpoint(log.origin, size + 3, bytes(32))),
         Outcome.BROKEN, "PROOF.FACT_MISSING"),
        (lambda log, size: log.signer.signed(checkpoint("dziennik/other", size, bytes(32))),
         Outcome.UNCHECKED, "PROOF.OTHER_LOG"),
        (lambda *_: "to nie jest punkt kontrolny", Outcome.UNCHECKED, "PROOF.UNREADABLE"),
    ],
)  # fmt: skip
def test_checkpoints_that_are_not_what_they_should_be(
    lines: Lines,
    key: Key,
    log: SchoolLog,
    forge: Callable[[SchoolLog, int], str],
    outcome: Outcome,
    wanted: str,
) -> None:
    verdict = verify_export(lines, key, [forge(log, len(lines) - 2)])
    assert verdict.outcome is outcome
    assert wanted in codes(verdict)[1]


def test_another_key_or_school_is_no_ok(lines: Lines, log: SchoolLog) -> None:
    stranger = key_of(Signer(log.origin, bytes(32)).public)
    assert codes(verify_export(lines, stranger)) == (Outcome.UNCHECKED, ["PROOF.NOT_SIGNED"])
    other = key_of(Signer("dziennik/other", bytes(range(32))).public)
    assert codes(verify_export(lines, other)) == (Outcome.UNCHECKED, ["PROOF.OTHER_LOG"])


def test_without_hashes_to_go_by_the_range_is_named(lines: Lines, key: Key, early: Checkpoint) -> None:
    """Fact and hash are both changed in the file: between which checkpoints, that is all there is to say."""
    changed = [*lines]
    event = json.loads(lines[2])
    event["leafhash"] = "A" * 43 + "="
    event["type"] = "x"
    changed[2] = json.dumps(event).encode() + b"\n"
    verdict = verify_export(changed, key, [early.note])
    assert verdict.outcome is Outcome.BROKEN
    assert [
        (one.code, one.details["last"]) for one in verdict.findings if one.code == "PROOF.OTHER_ROOT"
    ] == [("PROOF.OTHER_ROOT", early.size)]


def test_nothing_is_promised_for_garbage(key: Key, tmp_path: Path) -> None:
    for garbage in (
        [],
        [b""],
        [b"{}\n"],
        [b"null\n"],
        [b"[1]\n"],
        [b"\xff\xfe\n"],
        [b'{"specversion":"1.0"}\n'],
    ):
        assert verify_export(garbage, key).outcome is Outcome.UNCHECKED
