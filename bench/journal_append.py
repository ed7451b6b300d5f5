"""How much faster does a command get into the journal than into the library's own recorder?

The journal does all it has to: encode facts and envelope, check versions, keep the command id. The stock
recorder gets bytes of the same size ready-made. Both run on the same server, in turns, so that a slow
moment of the machine hits both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median
from threading import Thread
from time import perf_counter
from typing import Any
from uuid import uuid4

import msgspec
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from dziennik.contracts.envelope import Actor, Origin, Role
from dziennik.contracts.grades import GradeGiven
from dziennik.contracts.values import GradeKind
from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

WRITERS = 16
ROUNDS = 5
TEACHER = Actor(account=str(uuid4()), role=Role.TEACHER, person=str(uuid4()))
IDS = [str(uuid4()) for _ in range(7)]

NEW_IDS = iter([str(uuid4()) for _ in range(100_000)])  # made beforehand: not what is measured

LIMITS = {
    "append.single": "the flush of the log to disk, which both pay for each save",
    "append.batch30": "inserting into three indexes in the server, about 5 us a fact",
    "append.16_writers": "the server: a batch of 8 takes 0.6 ms with its flush; Python idles a third",
}

Save = Callable[[int], None]  # save that many events


def new_stream() -> str:
    """The name of a stream that is not there yet."""
    return f"year/{IDS[0]}/grades/{IDS[1]}/{next(NEW_IDS)}"


def grade() -> GradeGiven:
    """A grade of common size."""
    return GradeGiven(
        grade_id=str(uuid4()), class_id=IDS[0], subject_id=IDS[1], pupil_id=IDS[2], assignment_id=IDS[3],
        teacher_id=IDS[4], kind=GradeKind.CURRENT, value="4+", category_id=IDS[5], weight=Decimal(3),
        on=date(2026, 9, 1), column_id=IDS[6],
    )  # fmt: skip


def journal_save(journal: Journal) -> Save:
    """Save as the application does."""
    fact = grade()

    def save(events: int) -> None:
        origin = Origin(command_id=next(NEW_IDS), actor=TEACHER, recorded_at=datetime.now(UTC))
        journal.append([Draft(new_stream(), 0, (fact,) * events)], origin)

    return save


def stock_recorder(dsn: str) -> PostgresApplicationRecorder:
    """The library's recorder with its default settings, and enough connections."""
    parts = conninfo_to_dict(dsn)
    datastore = PostgresDatastore(
        *(str(parts.get(name, "")) for name in ("dbname", "host", "port", "user", "password")),
        pool_size=WRITERS,
        originator_id_type="text",
    )
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    return recorder


def stock_save(recorder: PostgresApplicationRecorder) -> Save:
    """Save ready-made bytes."""
    state = msgspec.json.encode(grade())

    def save(events: int) -> None:
        stream = new_stream()
        recorder.insert_events(
            [StoredEvent(stream, version, GradeGiven.fact_name, state) for version in range(1, events + 1)]
        )

    return save


def rate(save: Save, saves: int, events: int, writers: int = 1) -> float:
    """Saves per second."""

    def work() -> None:
        for _ in range(saves // writers):
            save(events)

    threads = [Thread(target=work) for _ in range(writers)]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return saves / (perf_counter() - started)


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """Ratios of saves per second."""
    recorder = stock_recorder(dsn)
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        ours, stock = journal_save(journals.create_school("bench")), stock_save(recorder)
        for save in ours, stock:
            rate(save, 200, 1)
            rate(save, 320, 1, WRITERS)
        figures: dict[str, dict[str, Any]] = {}
        for name, saves, events, writers in (
            ("single", 1000, 1, 1),
            ("batch30", 300, 30, 1),
            ("16_writers", 4800, 1, WRITERS),
        ):
            pairs = [
                (rate(ours, saves, events, writers), rate(stock, saves, events, writers))
                for _ in range(ROUNDS)
            ]
            figures |= _figures(f"append.{name}", pairs, events)
    recorder.datastore.close()
    return figures


def _figures(name: str, pairs: list[tuple[float, float]], events: int) -> dict[str, dict[str, Any]]:
    ours, stock = (median(pair[side] for pair in pairs) for side in (0, 1))
    return {
        f"{name}.ratio_to_stock": {
            "value": round(median(a / b for a, b in pairs), 2),
            "unit": "x",
            "baseline": f"eventsourcing's PostgresApplicationRecorder, {stock:.0f} saves/s of {events}",
            "limit": LIMITS[name],
        },
        f"{name}.saves_per_s": {
            "value": round(ours),
            "unit": "1/s",
            "baseline": f"eventsourcing's PostgresApplicationRecorder, {stock:.0f}/s",
        },
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
