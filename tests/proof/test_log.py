"""What does a log sign, when, and what does it refuse to vouch for?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from dziennik.contracts.school import SchoolYearClosed
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.journal.leaves import leaf_hash, leaf_of
from dziennik.proof.keeper import Keeper
from dziennik.proof.log import CannotVouch, SchoolLog
from dziennik.proof.proving import NoSuchEntry, consistency_proof, entry_proof
from dziennik.verify import leaves, merkle
from dziennik.verify.checkpoints import trusted
from dziennik.verify.consistency import verify_consistency
from dziennik.verify.entries import verify_entry
from dziennik.verify.faults import Outcome
from dziennik.verify.notes import key_of
from tests.journal import raw
from tests.journal.sample import PUPIL, STRUCK_OUT, ZANETA, draft, give, grade, origin
from tests.proof.conftest import log_of


def root_of(journal: Journal, size: int) -> bytes:
    """The root as a verifier derives it from the stored rows."""
    tree = merkle.Tree()
    for fact in journal.evidence.read(0, size):
        leaf = leaves.Leaf(
            fact.position, fact.clock, fact.stream, fact.version, fact.name, fact.origin, fact.state
        )
        assert leaf.packed() == leaf_of(fact)
        assert leaves.leaf_of(leaf_of(fact)) == leaf
        tree.add(merkle.leaf_hash(leaf.packed()))
    return tree.root()


def test_a_checkpoint_is_over_the_stored_bytes(journal: Journal, log: SchoolLog) -> None:
    give(journal, "person/p1", 0, ZANETA, PUPIL)
    give(journal, "a", 0, grade(1, comment="dobrze"))
    signed = log.publish()
    found = trusted(signed.note, key_of(log.signer.public))
    assert (found.origin, found.size, found.root) == (f"dziennik/{journal.school_id}", 3, root_of(journal, 3))


def test_an_empty_journal_and_a_second_call(journal: Journal, log: SchoolLog) -> None:
    assert log.publish().size == 0
    give(journal, "a")
    first = log.publish()
    assert log.publish() == first == log.latest()
    assert [one.size for one in log.checkpoints()] == [0, 1]


def test_the_leaf_is_as_documented(journal: Journal) -> None:
    give(journal, "a", 0, STRUCK_OUT)
    [fact] = journal.evidence.read(0, 10)
    parts = [
        b"dziennik.leaf.1", bytes([0, 0, 0, 0, 0, 0, 0, 1]), fact.clock.to_bytes(8, "big"),
        b"a", bytes([0, 0, 0, 0, 0, 0, 0, 1]),
        b"grades.grade_struck_out.1", fact.origin, msgspec.json.encode(STRUCK_OUT),
    ]  # fmt: skip
    assert leaf_of(fact) == b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert fact.clock == 1788249600_000000  # 2026-09-01 08:00 UTC


def test_growing_in_steps_gives_the_same_log_and_consistent_checkpoints(
    journal: Journal, log: SchoolLog, tmp_path: Path
) -> None:
    signed = []
    for number in range(40):
        give(journal, f"s{number}", 0, *[grade(i) for i in range(number)])
        if number % 7 == 0:
            signed.append(log.publish())
    last = log.publish()
    at_once = log_of(tmp_path / "again", journal).publish()
    assert at_once.note == last.note
    for one in signed:
        proof = consistency_proof(log.tree(), (one.size, one.note), (last.size, last.note)).decode()
        assert verify_consistency(proof, key_of(log.signer.public)).outcome is Outcome.HOLDS


def test_a_closed_year_has_a_checkpoint_of_its_own(journal: Journal, log: SchoolLog) -> None:
    give(journal, "a", 0, PUPIL)
    closed = SchoolYearClosed(year_id="Y", on=date(2026, 8, 31), class_ids=("c1",))
    give(journal, "school", 0, closed)
    give(journal, "b", 0, PUPIL)
    log.publish()
    assert [one.size for one in log.checkpoints()] == [2, 3]
    assert trusted(log.checkpoints()[0].note, key_of(log.signer.public)).root == root_of(journal, 2)


def test_commands_longer_than_a_page(
    journal: Journal, log: SchoolLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dziennik.proof.log.PAGE", 3)
    give(journal, "a", 0, *[grade(i) for i in range(10)])
    give(journal, "b", 0, *[grade(i) for i in range(2)])
    assert log.publish().size == 12
    assert trusted(log.publish().note, key_of(log.signer.public)).root == root_of(journal, 12)


def test_writers_do_not_wait_and_nothing_is_left_out(journal: Journal, log: SchoolLog) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            give(journal, f"{threading.get_ident()}/{number}", 0, grade(1), grade(2))
            number += 1

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    sizes = [log.publish().size for _ in range(15)]
    stop.set()
    for writer in writers:
        writer.join()
    assert sizes == sorted(sizes)
    assert log.publish().size == journal.position()
    assert log.tree().root() == root_of(journal, journal.position())


def test_two_processes_share_a_log(journal: Journal, log: SchoolLog, tmp_path: Path) -> None:
    other = log_of(tmp_path, journal)
    give(journal, "a")
    assert log.publish() == other.publish()
    give(journal, "b")
    assert other.publish() == log.publish()
    assert [one.size for one in log.checkpoints()] == [1, 2]


def test_a_shorter_journal_is_not_signed(journal: Journal, log: SchoolLog, dsn: str) -> None:
    give(journal, "a", 0, PUPIL, PUPIL, PUPIL)
    log.publish()
    raw.force(dsn, journal, "DELETE FROM events WHERE position > 2")
    with psycopg.connect(dsn) as connection:
        head = Identifier(f"school_{journal.school_id}", "head")
        connection.execute(SQL("UPDATE {} SET position = 2").format(head))
    with pytest.raises(CannotVouch, match=r"PROOF\.FACT_MISSING: \w+, position 3"):
        log.publish()
    assert [one.size for one in log.checkpoints()] == [3]


def test_what_did_not_come_through_the_writer_is_not_signed(
    journal: Journal, log: SchoolLog, dsn: str
) -> None:
    """Row, counter and command are forged as well as a superuser can; the seal needs the master key."""
    give(journal, "a", 0, PUPIL)
    give(journal, "b", 0, PUPIL, PUPIL)
    raw.force(
        dsn, journal,
        "WITH c AS (INSERT INTO commands SELECT 4, 4, 'forged', digest FROM commands"
        " WHERE first_position = 1),"
        " h AS (UPDATE head SET position = 4)"
        " INSERT INTO events SELECT 4, clock, 1, 'c', name,"
        " convert_to(replace(convert_from(origin, 'UTF8'), command_id, 'forged'), 'UTF8'), state"
        " FROM events JOIN commands ON first_position = position WHERE position = 1",
    )  # fmt: skip
    give(journal, "d", 0, PUPIL)
    with pytest.raises(CannotVouch, match=r"PROOF\.FACT_ADDED: \w+, position 4: command forged"):
        log.publish()
    assert [one.size for one in log.checkpoints()] == [3]  # what was good before it is signed


def test_a_fact_changed_before_it_was_ever_signed_is_not_signed(
    journal: Journal, log: SchoolLog, dsn: str
) -> None:
    give(journal, "a", 0, grade(1))
    raw.force(
        dsn,
        journal,
        "UPDATE events SET state = convert_to(replace(convert_from(state, 'UTF8'), '4+', '6'), 'UTF8')",
    )
    with pytest.raises(CannotVouch, match=r"position 1"):
        log.publish()


def unseal(dsn: str, journal: Journal, position: int) -> None:
    """Leave only the digest that releases before seals had."""
    raw.force(dsn, journal, "ALTER TABLE commands DISABLE TRIGGER refuse_change")
    raw.force(
        dsn, journal, "UPDATE commands SET digest = substr(digest, 1, 32) WHERE first_position = %s", position
    )
    raw.force(dsn, journal, "ALTER TABLE commands ENABLE ALWAYS TRIGGER refuse_change")


def test_facts_of_a_release_without_seals_are_vouched_for_until_the_first_seal(
    journal: Journal, log: SchoolLog, dsn: str
) -> None:
    give(journal, "a", 0, PUPIL)
    give(journal, "b", 0, PUPIL)
    unseal(dsn, journal, 1)
    assert log.publish().size == 2
    give(journal, "c", 0, PUPIL)
    unseal(dsn, journal, 3)
    with pytest.raises(CannotVouch, match="position 3"):
        log.publish()


def test_a_checkpoint_of_another_key_is_not_continued(
    journal: Journal, log: SchoolLog, tmp_path: Path
) -> None:
    give(journal, "a")
    log.publish()
    give(journal, "b")
    with pytest.raises(CannotVouch, match=r"PROOF\.FORGED"):
        log_of(tmp_path, journal, bytes(32)).publish()
    assert log_of(tmp_path, journal, bytes(32)).checkpoints() == []


def test_lost_tiles_are_noticed(journal: Journal, log: SchoolLog, tmp_path: Path) -> None:
    give(journal, "a", 0, PUPIL, PUPIL)
    log.publish()
    [tile] = (tmp_path / "tile" / "0").rglob("2")
    tile.write_bytes(bytes(64))
    with pytest.raises(CannotVouch, match=r"PROOF\.OTHER_ROOT"):
        log_of(tmp_path, journal).publish()
    tile.unlink()
    with pytest.raises(FileNotFoundError):
        log_of(tmp_path, journal).publish()


def test_an_entry_is_proven_and_what_became_of_it(journal: Journal, log: SchoolLog) -> None:
    key = key_of(log.signer.public)
    give(journal, "a", 0, grade(1), grade(2))
    log.publish()
    for position, stands in ((1, True), (2, True)):
        verdict = verify_entry(entry_proof(log, journal, position), key)
        assert verdict.outcome is Outcome.HOLDS
        assert verdict.facts
        assert (verdict.facts["position"], verdict.facts["stands"]) == (position, stands)
        assert verdict.facts["said"] == msgspec.json.decode(msgspec.json.encode(grade(position)))
    give(journal, "a", 2, STRUCK_OUT)
    log.publish()
    verdict = verify_entry(entry_proof(log, journal, 1), key)
    assert verdict.facts
    assert (verdict.facts["stands"], verdict.facts["later"]) == (False, ["3 grades.grade_struck_out.1"])
    verdict = verify_entry(entry_proof(log, journal, 3), key)
    assert verdict.facts
    assert verdict.facts["stands"] is None


def test_what_is_not_there_is_not_proven(journal: Journal, log: SchoolLog) -> None:
    give(journal, "a")
    for position in (1, 0, -1, 2):
        with pytest.raises(NoSuchEntry):
            entry_proof(log, journal, position)


@pytest.mark.parametrize("part", ["extra", "index", "path", "checkpoint", "cut", "statement"])
def test_a_changed_proof_does_not_hold(journal: Journal, log: SchoolLog, part: str) -> None:
    give(journal, "a", 0, grade(1), grade(2))
    give(journal, "b", 0, grade(3))
    log.publish()
    text = entry_proof(log, journal, 2)
    lines = text.split("\n")
    changed = {
        "extra": text.replace(
            lines[1], lines[1][:40] + ("B" if lines[1][40] != "B" else "C") + lines[1][41:]
        ),
        "index": text.replace("index 1", "index 0"),
        "path": text.replace(lines[3], lines[4], 1),
        "checkpoint": text.replace("\n3\n", "\n4\n"),
        "cut": text[: len(text) // 2],
        "statement": text.replace(lines[1], entry_proof(log, journal, 1).split("\n")[1]),
    }[part]
    assert verify_entry(text, key_of(log.signer.public)).outcome is Outcome.HOLDS
    verdict = verify_entry(changed, key_of(log.signer.public))
    assert verdict.outcome is not Outcome.HOLDS
    assert verdict.findings
    assert verdict.facts is None


def test_the_keeper_comes_round_and_signs_at_the_end(
    journal: Journal, log: SchoolLog, caplog: pytest.LogCaptureFixture
) -> None:
    give(journal, "a")
    with Keeper(lambda: [journal.school_id], lambda _: log, minutes=60):
        give(journal, "b")
    assert log.checkpoints()[-1].size == 2
    assert not caplog.records


def test_the_keeper_tells_loudly_and_goes_on(
    journals: Journals,
    journal: Journal,
    log: SchoolLog,
    dsn: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    give(journal, "a")
    log.publish()
    raw.force(dsn, journal, "DELETE FROM events")
    other = journals.create_school("other")
    give(other, "a", other.version("a"))
    logs: dict[str, Callable[[], SchoolLog]] = {
        journal.school_id: lambda: log,
        "other": lambda: log_of(tmp_path / "other", other),
    }
    with caplog.at_level(logging.WARNING):
        Keeper(lambda: list(logs), lambda school_id: logs[school_id](), minutes=60).publish()
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert "PROOF.FACT_CHANGED" in caplog.text
    assert log_of(tmp_path / "other", other).checkpoints()[-1].size == other.position()


def test_leaf_hashes_differ_by_every_part(journal: Journal) -> None:
    journal.append([draft("a", 0, grade(1))], origin())
    [fact] = journal.evidence.read(0, 1)
    changes: list[dict[str, Any]] = [
        {"position": 2}, {"clock": fact.clock + 1}, {"stream": "b"}, {"version": 2}, {"name": "x"},
        {"origin": b""}, {"state": b""}, {"stream": "agr", "name": fact.name[2:]},
    ]  # fmt: skip
    hashes = {leaf_hash(msgspec.structs.replace(fact, **change)) for change in changes} | {leaf_hash(fact)}
    assert len(hashes) == len(changes) + 1
