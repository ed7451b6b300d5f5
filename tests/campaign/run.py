"""`make campaign`: ten thousand random years on all cores, with the result in bench/CAMPAIGN.md.

Each process lives its share against a server of its own. Hypothesis chooses the sequences; one that
disagrees is made as short as possible and told.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dziennik.postgres.embedded import embedded
from tests.campaign.living import campaign
from tests.campaign.moves import MOVES
from tests.campaign.sequences import SEEDS, steps

RESULT = Path(__file__).parents[2] / "bench" / "CAMPAIGN.md"
SEQUENCES, LENGTH = 10_000, 30
EVERY = 10  # sequences between two signs of life


def share(number: int, sequences: int, length: int, minutes: float, done: Any) -> None:  # noqa: ANN401 - a queue of processes
    """Live so many sequences; tell how far one is, and in the end what became of the commands."""
    with (
        tempfile.TemporaryDirectory() as folder,
        embedded(Path(folder), durable=False) as dsn,
        campaign(dsn, Path(folder)) as lived,
    ):
        until = monotonic() + minutes * 60

        @seed(number)
        @settings(
            max_examples=sequences, database=None, deadline=None, suppress_health_check=list(HealthCheck)
        )
        @given(chosen=steps(length), begun=SEEDS)
        def live(chosen: list[tuple[int, int]], begun: int) -> None:
            if monotonic() > until:
                return
            lived.live(chosen, begun)
            if lived.sequences % EVERY == 0:
                done.put(EVERY)

        fault = None
        try:
            live()
        except Exception as error:  # noqa: BLE001 - told as the result
            fault = f"{type(error).__name__}: {error}"
        done.put((lived.sequences, lived.accepted, lived.refused, lived.nothing, lived.facts, fault))


def main() -> None:
    """Live the campaign and write its result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    parser.add_argument("--length", type=int, default=LENGTH, help="moves in a sequence")
    parser.add_argument("--minutes", type=float, default=120.0, help="after which no more are begun")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    done = context.Queue()
    each = -(-asked.sequences // asked.processes)
    workers = [
        context.Process(target=share, args=(number, each, asked.length, asked.minutes, done))
        for number in range(asked.processes)
    ]
    began = monotonic()
    for worker in workers:
        worker.start()
    results = _gathered(done, len(workers), each * len(workers))
    for worker in workers:
        worker.join()
    text = told(results, asked, monotonic() - began)
    Console().print(text, highlight=False)
    if not any(result[-1] for result in results):
        RESULT.write_text(text, encoding="utf-8")
    else:
        raise SystemExit(1)


def _gathered(done: Any, workers: int, total: int) -> list[tuple[Any, ...]]:  # noqa: ANN401
    results: list[tuple[Any, ...]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as bars:
        task = bars.add_task("sequences", total=total)
        while len(results) < workers:
            news = done.get()
            if isinstance(news, int):
                bars.advance(task, news)
            else:
                results.append(news)
        bars.update(task, completed=total)
    return results


def told(results: list[tuple[Any, ...]], asked: argparse.Namespace, seconds: float) -> str:
    """The result as a page."""
    sequences = sum(result[0] for result in results)
    accepted: Counter[str] = sum((result[1] for result in results), Counter())
    refused: Counter[str] = sum((result[2] for result in results), Counter())
    nothing, facts = (sum(result[at] for result in results) for at in (3, 4))
    faults = [result[5] for result in results if result[5]]
    lines = [
        "# Random years against a plain model",
        "",
        "Written by `make campaign`. Each sequence is a school year: opened by some thirty commands, then",
        f"{asked.length} random moves (valid and not, of all contexts and roles) by the register's door on a",
        "real journal; of every third the last ones come after the year was closed. After each, the journal",
        "is whole, the read models that followed it are those folded anew, and both say what a model of",
        "dictionaries and lists says. That model also said of every command whether it would be accepted,",
        "with how many facts, or which refusals it may get.",
        "",
        f"* date: {datetime.now(UTC):%Y-%m-%d}",
        f"* machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        f"* sequences: {sequences:,} of {asked.sequences:,} asked for, as far as the time went",
        f"  ({asked.processes} processes, {seconds / 60:.1f} minutes)",
        f"* commands: {accepted.total():,} accepted, {refused.total():,} refused, {nothing:,} with nothing",
        "  to do",
        f"* facts written: {facts:,}",
        f"* **disagreements: {len(faults)}**",
        *[f"    * {fault}" for fault in faults],
        "",
        "| accepted | times |",
        "|---|---:|",
        *[f"| `{name}` | {times:,} |" for name, times in sorted(accepted.items())],
        "",
        "| refused | times |",
        "|---|---:|",
        *[f"| `{code}` | {times:,} |" for code, times in sorted(refused.items())],
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    assert MOVES
    main()
