"""Is the reader ever silently wrong? Cards of our own, filled, degraded and read, N times.

`make omr-corpus N=2000` prints the table, `make bench ONLY=omr` measures speed. Every card comes from its own
number, so that one can be made again: `python -m bench.omr_corpus.campaign --only 1234`.
A silent error is a cell that is said to be sure and is wrong, or a wrong identity.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.omr_corpus import totals
from bench.omr_corpus.degrading import EVERYDAY, HARSH, degrade
from bench.omr_corpus.pens import Filled, fill
from bench.omr_corpus.recording import record
from bench.omr_corpus.tally import Tally
from dziennik.omr.identity import SAMPLE_KEY, genuine
from dziennik.omr.layouts import Paper
from dziennik.omr.printed import Printed
from dziennik.omr.printing import print_cards
from dziennik.omr.reader import Reader
from dziennik.omr.sample import grade_sheets, lesson_sheets
from dziennik.omr.sheet import CellState, Sheet, SheetState

DPI = 200
PER_MM = DPI / 25.4
SHARES = {"everyday filled": 0.3, "harsh filled": 0.3, "harsh mixed": 0.4}
KINDS = tuple(SHARES)


@dataclass(frozen=True)
class Case:
    """One card of the corpus before it is read."""

    card: Printed
    filled: Filled
    grey: NDArray[np.uint8]
    faults: tuple[str, ...]


@cache
def _cards() -> list[tuple[Printed, NDArray[np.uint8]]]:
    import pypdfium2

    cards = [
        *grade_sheets(Paper.A4, 30, 1),
        *lesson_sheets(Paper.A4, 4, 30, 2),
        *lesson_sheets(Paper.A4, 1, 25, 3),
        *grade_sheets(Paper.A5, 10, 4),
    ]
    document = pypdfium2.PdfDocument(print_cards(cards))
    pages = []
    for n in range(len(cards)):
        bitmap = document[n].render(scale=DPI / 72, grayscale=True)
        pages.append(np.minimum(np.squeeze(bitmap.to_numpy()), 245).copy())
    return list(zip(cards, pages, strict=True))


def case(number: int, kind: str) -> Case:
    """The card with this number: the same every time."""
    chance = np.random.default_rng([number, KINDS.index(kind)])
    cards = _cards()
    card, page = cards[int(chance.choice(len(cards), p=(0.5, 0.2, 0.15, 0.15)))]
    filled = fill(page, card.template, PER_MM, chance, mixed=kind == "harsh mixed")
    harsh = kind != "everyday filled"
    pool = list(HARSH if harsh else EVERYDAY)
    count = int(chance.integers(0, 4 if harsh else 3))
    faults = [str(name) for name in chance.choice(pool, size=count, replace=False)]
    grey = degrade(filled.grey, faults, chance, harsh=harsh)
    return Case(card, filled, grey, tuple(faults))


@cache
def _reader() -> Reader:
    return Reader(lambda identity: genuine(SAMPLE_KEY, identity))


def judge(made: Case, kind: str, number: int) -> Tally:
    """Read one card and compare."""
    started = perf_counter()
    sheets = _reader().read(made.grey)
    tally = Tally(cards=1, seconds=perf_counter() - started)
    tally.marks = len(made.filled.meant)
    name = f"{kind} {number}: {'+'.join(made.faults) or 'clean'}"
    if len(sheets) != 1 or sheets[0].state in (SheetState.REFUSED, SheetState.BLANK):
        tally.refused = 1
        tally.why[str(sheets[0].why)] += 1
        tally.blame.update(f"refused: {fault}" for fault in made.faults)
        return tally
    sheet = sheets[0]
    wrong = _wrong(made, sheet)
    tally.wrong_identity = int(sheet.card_id != made.card.identity.card_id)
    tally.silent_cells = len(wrong)
    unasked = made.filled.asks and sheet.state is SheetState.READ
    tally.silent_cards = int(bool(wrong) or bool(tally.wrong_identity) or unasked)
    if unasked:
        tally.examples.append(f"{name}: two marks in a field and nobody asked")
    tally.right = 1 - tally.silent_cards
    tally.without_person = int(sheet.state is SheetState.READ)
    tally.unsure_marks = sum(1 for at in made.filled.meant if sheet.cells[at].state is CellState.UNSURE)
    if sheet.why:
        tally.why[str(sheet.why)] += 1
        tally.blame.update(f"asked: {fault}" for fault in made.faults)
    for at in wrong:
        tally.examples.append(
            f"{name}: cell {at} {made.filled.meant.get(at, 'blank')} "
            f"read {sheet.cells[at].state} {sheet.cells[at].ink}"
        )
    return tally


def _wrong(made: Case, sheet: Sheet) -> list[int]:
    blank = frozenset({CellState.BLANK})
    return [
        at
        for at, cell in enumerate(sheet.cells)
        if cell.state is not CellState.UNSURE and cell.state not in made.filled.allowed.get(at, blank)
    ]


def run_part(numbers: range, kind: str) -> Tally:
    """Some cards of one kind, one after the other."""
    cv2.setNumThreads(1)
    total = Tally()
    for number in numbers:
        total.add(judge(case(number, kind), kind, number))
    return total


def _parts(count: int, starts: Mapping[str, int]) -> Iterator[tuple[range, str]]:
    """A hundred cards of a kind each, the kinds in turn: a run that is stopped has read some of all."""
    parts = []
    for kind, share in SHARES.items():
        wanted = round(count * share)
        for done in range(0, wanted, 100):
            first = starts[kind] + done
            parts.append((done / wanted, range(first, min(first + 100, starts[kind] + wanted)), kind))
    for _, numbers, kind in sorted(parts, key=lambda part: (part[0], KINDS.index(part[2]))):
        yield numbers, kind


def campaign(
    count: int, starts: Mapping[str, int], processes: int, *, done: Callable[[str, Tally], None]
) -> None:
    """`count` cards over the three kinds; `done` hears of each part, those of a kind in order."""
    parts = list(_parts(count, starts))
    if processes == 1:
        for numbers, kind in parts:
            done(kind, run_part(numbers, kind))
        return
    with ProcessPoolExecutor(processes) as pool:
        jobs = [(kind, pool.submit(run_part, numbers, kind)) for numbers, kind in parts]
        for at, (kind, job) in enumerate(jobs, 1):
            done(kind, job.result())
            print(f"\r{at}/{len(jobs)}", end="", file=sys.stderr)


def table(tallies: Mapping[str, Tally]) -> str:
    """The campaign as a table in Markdown."""
    lines = [
        "| cards | number | right or asked | refused | read without a person | silently wrong | cells |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kind, tally in tallies.items():
        count = max(1, tally.cards)
        lines.append(
            f"| {kind} | {tally.cards} | {tally.right / count:.2%} | {tally.refused / count:.2%} "
            f"| {tally.without_person / count:.2%} | {tally.silent_cards} | {tally.silent_cells} |"
        )
    return "\n".join(lines)


def figures(tallies: Mapping[str, Tally]) -> dict[str, dict[str, Any]]:
    """The campaign as figures of bench/results.json."""
    cards = sum(tally.cards for tally in tallies.values())
    against = (
        f"the truth, {cards} cards of our own, 30 % everyday filled, 30 % harsh filled, 40 % harsh mixed"
    )

    def row(value: float, unit: str, limit: str = "") -> dict[str, Any]:
        return {"value": value, "unit": unit, "baseline": against, "limit": limit}

    marks = max(1, sum(tally.marks for tally in tallies.values()))
    unsure = sum(tally.unsure_marks for tally in tallies.values())
    alone = sum(tally.without_person for tally in tallies.values())
    lost = "marks that a black and white scan has lost entirely"
    found = {
        "omr.cards": row(cards, "cards"),
        "omr.silent_errors": row(sum(t.silent_cards for t in tallies.values()), "cards", lost),
        "omr.silent_cells": row(sum(t.silent_cells for t in tallies.values()), "cells", lost),
        "omr.wrong_identities": row(sum(t.wrong_identity for t in tallies.values()), "cards"),
        "omr.unsure_of_marked_pct": row(
            100 * unsure / marks, "%", "ticks, points and pencil beside ink are asked"
        ),
        "omr.read_without_person_pct": row(100 * alone / max(1, cards), "%", "mixed cards hold a doubt each"),
    }
    for kind, tally in tallies.items():
        name, count = f"omr.corpus.{kind.replace(' ', '_')}", max(1, tally.cards)
        found[f"{name}.right_or_asked_pct"] = row(100 * tally.right / count, "%")
        found[f"{name}.refused_pct"] = row(
            100 * tally.refused / count, "%", "side or corners off the picture"
        )
        found[f"{name}.without_person_pct"] = row(100 * tally.without_person / count, "%")
        found[f"{name}.silent_errors"] = row(tally.silent_cards, "cards", lost)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1000, help="cards in all")
    parser.add_argument("--start", type=int, default=0, help="number of the first card")
    parser.add_argument("--processes", type=int, default=max(1, len(os.sched_getaffinity(0))))
    parser.add_argument("--only", type=int, help="make this card alone, and write its picture")
    parser.add_argument("--kind", choices=KINDS, default="harsh mixed")
    parser.add_argument("--write", action="store_true", help="put the figures into bench/results.json")
    parser.add_argument(
        "--add", action="store_true", help="go on where the last run ended, and add to totals.json"
    )
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    if asked.only is not None:
        made = case(asked.only, asked.kind)
        cv2.imwrite(f"card-{asked.only}.png", made.grey)
        print("\n".join(judge(made, asked.kind, asked.only).examples) or "nothing wrong", made.faults)
        return
    _run(asked)


def _run(asked: argparse.Namespace) -> None:
    """Read cards, tell what became of them, and keep that as it is asked for."""
    started = perf_counter()
    kept = totals.load(KINDS) if asked.add else {kind: Tally() for kind in KINDS}
    starts = {kind: tally.cards if asked.add else asked.start for kind, tally in kept.items()}

    def done(kind: str, tally: Tally) -> None:
        kept[kind].add(tally)
        if asked.add:
            totals.save(kept)

    campaign(asked.n, starts, asked.processes, done=done)
    print(f"\n{perf_counter() - started:.0f} s")
    print(table(kept))
    if asked.write:
        record(figures(kept))
    if asked.verbose:
        for kind, tally in kept.items():
            print(kind, f"{1000 * tally.seconds / max(1, tally.cards):.1f} ms", tally.why.most_common(12))
            print("   ", tally.blame.most_common(14))
            print("   ", f"unsure of marked {tally.unsure_marks / max(1, tally.marks):.2%}")
            print("\n".join("    " + line for line in tally.examples[:25]))


if __name__ == "__main__":
    main()
