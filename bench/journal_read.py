"""How much of a bare SELECT's speed is left when rows become decoded facts with their envelopes?

The bare SELECT fetches the same columns of the same rows in the same pages through a binary cursor of psycopg
and does nothing with them. Every third fact came with a command of its own, the others thirty at a time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import psycopg

from bench.journal_append import TEACHER, grade
from dziennik.contracts.envelope import Origin
from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

FACTS = 60_000
PAGE = 5_000
ROUNDS = 5
SIZES = (1,) * 15 + (30,)


def fill(journal: Journal) -> None:
    """Write FACTS facts."""
    left = FACTS
    for size in cycle(SIZES):
        size = min(size, left)
        if not size:
            return
        origin = Origin(command_id=str(uuid4()), actor=TEACHER, recorded_at=datetime.now(UTC))
        facts = tuple(grade() for _ in range(size))
        journal.append([Draft(f"year/{uuid4()}/grades/{uuid4()}/{uuid4()}", 0, facts)], origin)
        left -= size


def bare(connection: psycopg.Connection[Any], schema: str) -> float:
    """Rows per second."""
    query = (
        f"SELECT position, stream, version, name, origin, state FROM {schema}.events"
        " WHERE position > %s ORDER BY position LIMIT %s"
    )
    started, after = perf_counter(), 0
    cursor = connection.cursor(binary=True)
    while rows := cursor.execute(query, [after, PAGE], prepare=True).fetchall():
        after = rows[-1][0]
    return FACTS / (perf_counter() - started)


def decoded(journal: Journal) -> float:
    """Facts per second."""
    started, after = perf_counter(), 0
    while facts := journal.read(after, PAGE):
        after = facts[-1].position
    return FACTS / (perf_counter() - started)


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """Reading by position, strictly decoded."""
    with (
        Journals(dsn, keyring=Keyring(bytes(32))) as journals,
        psycopg.connect(dsn, autocommit=True) as connection,
    ):
        journal = journals.create_school("bench_read")
        fill(journal)
        connection.execute("VACUUM ANALYZE school_bench_read.events")
        pairs = [(decoded(journal), bare(connection, "school_bench_read")) for _ in range(ROUNDS + 1)][1:]
    ours, select = (median(pair[side] for pair in pairs) for side in (0, 1))
    baseline = f"the same rows fetched and not decoded, {select:,.0f} rows/s"
    return {
        "read_decode.ratio_to_bare_select": {
            "value": round(median(a / b for a, b in pairs), 3),
            "unit": "x",
            "baseline": baseline,
            "limit": "typed decoding by msgspec, 1.0 us a fact; it runs while the server finds the next rows",
        },
        "read_decode.facts_per_s": {"value": round(ours), "unit": "1/s", "baseline": baseline},
    }


if __name__ == "__main__":
    import json
    import tempfile
    from pathlib import Path

    from dziennik.postgres.embedded import embedded

    with tempfile.TemporaryDirectory(dir="/var/lib") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "data") as server:
            print(json.dumps(run(server), indent=1))
