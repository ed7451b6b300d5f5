"""How many cards has this very reader read, over all runs? bench/omr_corpus/totals.json adds them up.

Each kind's cards are numbered from 0, so the count of those that were read is the number of the next. Totals
begin anew when anything changes that an answer may depend on: the reader, the cards, pens and degradations,
the libraries that calculate. So do those of hostile files (fuzzed.json), which what decodes is part of, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bench.omr_corpus
import dziennik.omr
from bench.omr_corpus.tally import Fuzzed, Tally, tally_of

HERE = Path(bench.omr_corpus.__file__).parent
TOTALS, FUZZED = HERE / "totals.json", HERE / "fuzzed.json"
# Modules that no answer depends on: files, processes, pictures for people, the queue of a batch.
ASIDE = frozenset({"batch", "kinds", "loading", "pdf_pages", "pictures", "worker", "working"})
LIBRARIES = ("opencv-python-headless", "numpy", "zxing-cpp")
CORPUS = ("degrading", "pens", "campaign")
DECODERS = (*LIBRARIES, "pillow", "pypdfium2")


def digest() -> str:
    """Names the reader with all that its answers on the corpus depend on."""
    return _digest(ASIDE, CORPUS, LIBRARIES)


def fuzz_digest() -> str:
    """Names all of the reader and its decoders, with what makes hostile files."""
    return _digest(frozenset(), ("fuzz",), DECODERS)


def _digest(aside: frozenset[str], makers: Iterable[str], libraries: Iterable[str]) -> str:
    room = Path(dziennik.omr.__file__).parent
    files = [path for path in sorted(room.glob("*.py")) if path.stem not in aside]
    files += [HERE / f"{name}.py" for name in makers]
    found = sha256()
    for library in libraries:
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
    _write(path, {"reader": digest(), "kinds": {kind: tally.told() for kind, tally in totals.items()}})


def load_fuzzed(path: Path = FUZZED) -> Fuzzed:
    """What hostile files came to so far; nothing when another reader's stand there."""
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return Fuzzed(**stored["fuzzed"]) if stored.get("reader") == fuzz_digest() else Fuzzed()


def save_fuzzed(fuzzed: Fuzzed, path: Path = FUZZED) -> None:
    """Write it, all or not at all."""
    _write(path, {"reader": fuzz_digest(), "fuzzed": fuzzed.told()})


def _write(path: Path, told: dict[str, Any]) -> None:
    fresh = path.with_suffix(".tmp")
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
