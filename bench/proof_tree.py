"""What does it cost that every fact is in the tree, and what would it cost inside the commit?

Growing: read stored rows, check each command's seal, hash, write tiles, sign; per fact, against reading the
same rows alone. Proofs: from tiles in files, against the newest checkpoint. Inside: the append function with
a column of leaf hashes that the server computes with sha256(), against the function as it is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from bench.journal_append import journal_save, rate
from bench.journal_read import FACTS, fill
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.proof.exporting import export
from dziennik.proof.log import SchoolLog
from dziennik.proof.notes import Signer
from dziennik.proof.proving import entry_proof
from dziennik.verify.exports import verify_export
from dziennik.verify.notes import key_of

ROUNDS = 5
Figures = dict[str, dict[str, Any]]


def _log(folder: str, journal: Journal) -> SchoolLog:
    return SchoolLog(Path(folder), journal, Signer(f"bench/{journal.school_id}", bytes(32)))


def grown(journal: Journal) -> tuple[float, float]:
    """Microseconds a fact: growing a whole log, and reading its rows alone."""
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        _log(folder, journal).publish()
        growing = perf_counter() - started
    started, after = perf_counter(), 0
    while rows := journal.evidence.read(after, 5_000):
        after = rows[-1].position
    return 1e6 * growing / FACTS, 1e6 * (perf_counter() - started) / FACTS


def proven(journal: Journal) -> tuple[float, float]:
    """Milliseconds for one proof; seconds for verifying an export."""
    with tempfile.TemporaryDirectory() as folder:
        log = _log(folder, journal)
        log.publish()
        started = perf_counter()
        for position in range(1, 41):
            entry_proof(log, journal, position * (FACTS // 41))
        proving = (perf_counter() - started) / 40
        lines = list(export(log, journal, lambda *_: None))
        started = perf_counter()
        verdict = verify_export(lines, key_of(log.signer.public))
        if verdict.findings:
            raise AssertionError(verdict)
        return 1e3 * proving, perf_counter() - started


def hashing_inside(dsn: str, journals: Journals) -> tuple[float, float]:
    """Saves of 30 facts a second with the hash made by the server, and without."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        journals.create_school("inside")
        (text,) = connection.execute(
            "SELECT pg_get_functiondef('school_inside.append'::regproc)"
        ).fetchone() or ("",)
        connection.execute("ALTER TABLE school_inside.events ADD COLUMN leaf bytea")
        inside = text.replace("origin, state)\n        SELECT", "origin, state, leaf)\n        SELECT")
        inside = inside.replace(
            "origins[f.i], f.state\n",
            "origins[f.i], f.state, sha256(int8send(base + f.n) || int4send(f.version) || f.stream::bytea"
            " || f.name::bytea || origins[f.i] || f.state)\n",
        )
        if inside.count("sha256") != 1 or inside.count("leaf)") != 1:
            raise AssertionError("the append function looks otherwise now")
        connection.execute(inside)  # type: ignore[call-overload]
    with_hash, without = (
        journal_save(journals.school("inside")),
        journal_save(journals.create_school("plain")),
    )
    for save in with_hash, without:
        rate(save, 100, 30)
    pairs = [(rate(with_hash, 200, 30), rate(without, 200, 30)) for _ in range(ROUNDS)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def run(dsn: str) -> Figures:
    """Costs of the tree."""
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journal = journals.create_school("bench_proof")
        fill(journal)
        pairs = [grown(journal) for _ in range(ROUNDS)]
        growing, reading = (median(pair[side] for pair in pairs) for side in (0, 1))
        proving, verifying = proven(journal)
        inside, outside = hashing_inside(dsn, journals)
    return {
        "proof.grow_us_per_fact": {
            "value": round(growing, 2),
            "unit": "us",
            "baseline": f"reading the same rows alone, {reading:.2f} us; outside the commit path",
            "limit": "reading the rows; then seal, leaf and node hashes in Python",
        },
        "proof.entry_ms": {
            "value": round(proving, 2),
            "unit": "ms",
            "baseline": f"none; tree of {FACTS} facts in files, signed statement on later facts included",
        },
        "proof.verify_us_per_fact": {
            "value": round(1e6 * verifying / FACTS, 2),
            "unit": "us",
            "baseline": "none; JSON, base64 and hashes with the standard library alone",
        },
        "proof.hash_in_append_ratio": {
            "value": round(inside / outside, 3),
            "unit": "x",
            "baseline": f"appends of 30 facts without it, {outside:.0f}/s: the way not taken (ADR 0110)",
        },
    }
