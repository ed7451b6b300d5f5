"""Hundreds of kills in the middle of work: is anything lost, doubled, torn, or refused for no reason?

`make torture` runs them and writes bench/TORTURE.md; what is done and how it is checked: tests/torture.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from dziennik.postgres.embedded import embedded
from tests.torture.clocks import MISSING, library
from tests.torture.hardship import Poisoned, disk_full, poison
from tests.torture.torturing import Chamber, Tally

REPORT = Path(__file__).with_name("TORTURE.md")
IN_ONE_CHAMBER = 50


def campaign(kills: int, seed: int, folder: Path) -> Tally:
    """Kills in chambers of fifty, all tallied together."""
    whole = Tally()
    for start in range(0, kills, IN_ONE_CHAMBER):
        with Chamber(folder / str(start), seed + start) as chamber:
            chamber.torture(min(IN_ONE_CHAMBER, kills - start))
            added(whole, chamber.check())
        print(
            f"{min(start + IN_ONE_CHAMBER, kills)} / {kills}: {'well' if whole.well else whole}", flush=True
        )
    return whole


def added(whole: Tally, part: Tally) -> None:
    """The sum of two."""
    whole.faults += part.faults
    for name in ("acknowledged", "settled", "facts", "displaced", "server_jumped"):
        setattr(whole, name, getattr(whole, name) + getattr(part, name))
    for name in ("lost", "doubled", "torn", "conflicts", "unequal"):
        getattr(whole, name).extend(getattr(part, name))


def report(tally: Tally, poisoned: Poisoned, seed: int, seconds: float) -> str:
    """The campaign as a table."""
    day = datetime.now(UTC).date().isoformat()
    rows = [
        ("commands acknowledged", tally.acknowledged),
        ("commands left open by a kill and settled by giving them again", tally.settled),
        ("facts in the journals", tally.facts),
        ("jumps after which PostgreSQL itself told a time years away", tally.server_jumped),
        ("commands that a writer recorded with a clock years away", tally.displaced),
        ("**lost**", len(tally.lost)),
        ("**doubled**", len(tally.doubled)),
        ("**torn**", len(tally.torn)),
        ("**refused for a conflict that there was not**", len(tally.conflicts)),
        ("**read models that differ from the journal**", len(tally.unequal)),
    ]
    lines = [
        "# Torture",
        "",
        f"By `make torture`: {tally.kills} kills among {tally.faults.total()} faults (seed {seed}) in"
        f" {seconds:.0f} s, {day}.",
        "Three writers and two followers are processes, PostgreSQL is durable; every fifth command has",
        "a clock that is ten years ahead or behind. Checked as in tests/torture.",
        "The clocks of PostgreSQL, writers and followers jump by ten years at work (libfaketime)."
        if library()
        else f"The processes' clocks did not jump: {MISSING}.",
        "",
        "| fault | times |",
        "|---|---:|",
        *(f"| {fault} | {times} |" for fault, times in tally.faults.most_common()),
        "",
        "| found | count |",
        "|---|---:|",
        *(f"| {what} | {count:,} |" for what, count in rows),
        "",
        f"Poison: {poisoned.kinds} kinds of facts that cannot be read or applied; {poisoned.parked} of"
        f" {poisoned.expected} parked, each with its own stream alone; all others visible:"
        f" {'yes' if poisoned.others_visible else 'NO'}.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dziennik torture ") as name:
        folder, started = Path(name), perf_counter()
        tally = campaign(given.kills, given.seed, folder)
        full = disk_full(folder / "full")
        if full is not None:
            added(tally, full)
        with embedded(folder / "poison", durable=False) as dsn:
            poisoned = poison(dsn)
        text = report(tally, poisoned, given.seed, perf_counter() - started)
    REPORT.write_text(text, encoding="utf-8")
    good = tally.well and poisoned.others_visible and poisoned.parked == poisoned.expected
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
