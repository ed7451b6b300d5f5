"""Does any file, however malformed or hostile, get more than a coded answer? N of them, through the worker.

`make omr-fuzz N=10000`: truncated, flipped, spliced, with huge dimensions, bombs, scripts in PDFs, wrong
endings, zero bytes. A file fails when it gets no answer or takes more than ten seconds of the worker's own
work. Deaths of the worker are counted apart: the file is answered for all the same.
"""

from __future__ import annotations

import argparse
import os
import resource
import struct
import tempfile
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from bench.omr_corpus import totals
from bench.omr_corpus.recording import record
from bench.omr_corpus.tally import Fuzzed
from dziennik.omr.identity import SAMPLE_KEY
from dziennik.omr.layouts import Paper
from dziennik.omr.printing import print_cards
from dziennik.omr.sample import grade_sheets
from dziennik.omr.working import Set, Task, Worker

Chance = np.random.Generator
PART = 250  # files that a process takes at once; what was added up is kept after each
ENDINGS = (".pdf", ".tif", ".png", ".jpg", ".webp", "", ".exe", ".txt")
SCRIPT = b"1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(while\\(1\\);)>>/Pages 2 0 R>>endobj "


def seeds() -> list[bytes]:
    """Small sound files of every kind."""
    chance = np.random.default_rng(0)
    grey = Image.fromarray(chance.integers(0, 255, (180, 130), dtype=np.uint8))
    found = []
    for kind, how in (
        ("PNG", {}),
        ("JPEG", {"quality": 50}),
        ("WEBP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("PDF", {}),
    ):
        out = BytesIO()
        grey.save(out, kind, **how)
        found.append(out.getvalue())
    out = BytesIO()
    grey.convert("1").save(
        out, "TIFF", compression="group4", save_all=True, append_images=[grey.convert("1")]
    )
    found.append(out.getvalue())
    found.append(print_cards(grade_sheets(Paper.A5, 3, 1)))
    return found


def _truncated(data: bytes, chance: Chance) -> bytes:
    return data[: int(chance.integers(0, len(data) + 1))]


def _flipped(data: bytes, chance: Chance) -> bytes:
    done = bytearray(data)
    for at in chance.integers(0, len(done), int(chance.integers(1, 40))):
        done[at] ^= int(chance.integers(1, 256))
    return bytes(done)


def _flipped_head(data: bytes, chance: Chance) -> bytes:
    done = bytearray(data)
    for at in chance.integers(0, min(80, len(done)), int(chance.integers(1, 6))):
        done[at] = int(chance.integers(0, 256))
    return bytes(done)


def _spliced(data: bytes, chance: Chance) -> bytes:
    a, b = sorted(chance.integers(0, len(data), 2))
    return data[:b] + data[a:]


def _zeroed(data: bytes, chance: Chance) -> bytes:
    a, b = sorted(chance.integers(0, len(data), 2))
    return data[:a] + bytes(int(b - a)) + data[b:]


def _noise(data: bytes, chance: Chance) -> bytes:
    return data[:12] + chance.bytes(int(chance.integers(0, 4000)))


def _bomb(_: bytes, chance: Chance) -> bytes:
    """A small PNG that unpacks to much, with sizes that may or may not be true."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    side = int(chance.integers(1_000, 60_000))
    header = struct.pack(">IIBBBBB", side, int(chance.integers(1, 60_000)), 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(int(chance.integers(1, 4_000_000))), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _scripted(data: bytes, _: Chance) -> bytes:
    return data.replace(b"1 0 obj", SCRIPT + b"9 0 obj", 1) if data[:4] == b"%PDF" else data + SCRIPT


def _huge_page(data: bytes, chance: Chance) -> bytes:
    side = int(chance.integers(20_000, 4_000_000_000))
    return data.replace(b"/MediaBox [", b"/MediaBox [0 0 %d %d] /Old [" % (side, side), 1)


HARMS: tuple[Callable[[bytes, Chance], bytes], ...] = (
    _truncated, _flipped, _flipped, _flipped_head, _spliced, _zeroed, _noise, _bomb, _scripted, _huge_page,
)  # fmt: skip


def fuzz(count: int, start: int = 0) -> Fuzzed:
    """Read `count` harmed files; what they got, and what it cost."""
    sound, done = seeds(), Fuzzed(files=count)
    with tempfile.TemporaryDirectory() as folder, Worker(Set(keys=(SAMPLE_KEY,))) as worker:
        for number in range(start, start + count):
            chance = np.random.default_rng([number, 7])
            harm = HARMS[int(chance.integers(len(HARMS)))]
            data = harm(sound[int(chance.integers(len(sound)))], chance)
            path = Path(folder, f"scan{ENDINGS[int(chance.integers(len(ENDINGS)))]}")
            path.write_bytes(data)
            before, started = worker.process_id, _worked(worker)
            sheets = list(worker.read(Task(path=str(path), last=worker.count(str(path)))))
            seconds = _worked(worker) - started
            done.slowest = max(done.slowest, round(seconds, 2))
            done.deaths += before is not None and worker.process_id != before
            done.answers.update(str(sheet.why or sheet.state) for sheet in sheets)
            if not sheets or seconds > 10:
                done.failures.append(
                    f"{number} {harm.__name__}: {len(sheets)} answers in {seconds:.1f} s of its own"
                )
            path.unlink()
    done.most = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    return done


def _worked(worker: Worker) -> float:
    """Seconds of processor time of the worker and of those before it: a busy machine adds none."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    live = Path(f"/proc/{worker.process_id}/stat")
    ticks = live.read_text().rpartition(")")[2].split()[11:13] if worker.process_id else []
    return ended.ru_utime + ended.ru_stime + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def rows(found: Fuzzed) -> dict[str, tuple[float, str]]:
    """The files as figures of bench/results.json."""
    return {
        "omr.fuzz.files": (found.files, "files"),
        "omr.fuzz.failures": (len(found.failures), "files"),
        "omr.fuzz.worker_deaths": (found.deaths, "deaths"),
        "omr.fuzz.slowest_s": (found.slowest, "s"),
        "omr.fuzz.most_mib": (found.most, "MiB"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--processes", type=int, default=max(1, len(os.sched_getaffinity(0))))
    parser.add_argument("--write", action="store_true", help="put the figures into bench/results.json")
    parser.add_argument(
        "--add", action="store_true", help="go on where the last run ended, and add to fuzzed.json"
    )
    asked = parser.parse_args()
    found = totals.load_fuzzed() if asked.add else Fuzzed()
    first = found.files if asked.add else asked.start
    starts = range(first, first + asked.n, PART)
    counts = [min(PART, first + asked.n - start) for start in starts]
    with ProcessPoolExecutor(asked.processes) as pool:
        for part in pool.map(fuzz, counts, starts):
            found.add(part)
            if asked.add:
                totals.save_fuzzed(found)
    for name, value in found.told().items():
        print(f"{name}: {value}")
    if asked.write:
        told = "a coded answer for every malformed or hostile file, under 10 s and 1 GiB"
        record({name: {"value": v, "unit": u, "baseline": told} for name, (v, u) in rows(found).items()})


if __name__ == "__main__":
    main()
