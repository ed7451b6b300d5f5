"""How many cards has this very reader read, over all runs? bench/omr_corpus/totals.json adds them up.

Each kind's cards are numbered from 0, so the count of those that were read is the number of the next. Totals
begin anew when anything changes that an answer may depend on: the reader, the cards, pens and degradations,
the libraries that calculate.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import bench.omr_corpus
import dziennik.omr
from bench.omr_corpus.tally import Tally, tally_of

HERE = Path(bench.omr_corpus.__file__).parent
TOTALS = HERE / "totals.json"
# Modules that no answer depends on: files, processes, pictures for people, the queue of a batch.
ASIDE = frozenset({"batch", "kinds", "loading", "pdf_pages", "pictures", "worker", "working"})
LIBRARIES = ("opencv-python-headless", "numpy", "zxing-cpp")
CORPUS = ("degrading", "pens", "campaign")


def digest() -> str:
    """Names the reader with all that its answers on the corpus depend on."""
    room = Path(dziennik.omr.__file__).parent
    files = [path for path in sorted(room.glob("*.py")) if path.stem not in ASIDE]
    files += [HERE / f"{name}.py" for name in CORPUS]
    found = sha256()
    for library in LIBRARIES:
        found.update(f"{library} {version(library)}\n".encode())
    for path in files:
        found.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def load(kinds: Iterable[str], path: Path = TOTALS) -> dict[str, Tally]:
    """What this reader's runs added up to so far; nothing when another reader's stand there."""
    totals = {kind: Tally() for kind in kinds}
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["reader"] == digest():
            totals |= {kind: tally_of(stored["kinds"][kind]) for kind in totals}
    return totals


def save(totals: Mapping[str, Tally], path: Path = TOTALS) -> None:
    """Write them, all or not at all: a run that is stopped loses what was not saved, and nothing else."""
    told = {"reader": digest(), "kinds": {kind: tally.told() for kind, tally in totals.items()}}
    fresh = path.with_suffix(".tmp")
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
