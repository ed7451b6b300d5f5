"""A pile of files: which are scans, and what is on all their pages? Read on all cores, told in order."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from queue import Queue
from typing import TypeVar

from dziennik.omr.kinds import FILE_BYTES, kind_of
from dziennik.omr.sheet import Sheet
from dziennik.omr.working import Set, Task, Worker

T = TypeVar("T")

ENDINGS = frozenset({".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".webp"})
LONG = frozenset({"pdf", "tiff"})  # kinds of files that have pages; names lie, or a file has none
PART = 25  # pages that a worker takes at once


def scans_in(folder: Path) -> list[Path]:
    """Files of a folder that may be scans, by name, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in ENDINGS)


def tasks_of(paths: Iterable[Path], count: Callable[[str], int | None]) -> Iterator[Task]:
    """Long files in parts, so that all cores have something to do; `count` tells a file's pages.

    One whose pages cannot be counted is read to its end by one of them.
    """
    for path in paths:
        last = count(str(path)) if _is_long(path) else 1
        if last is None:
            yield Task(path=str(path))
            continue
        for first in range(1, last + 1, PART):
            yield Task(path=str(path), first=first, last=min(first + PART - 1, last))


def _is_long(path: Path) -> bool:
    """Whether the file's first bytes say that it may have many pages."""
    try:
        with path.open("rb") as file:
            return kind_of(file.read(1024)) in LONG and path.stat().st_size <= FILE_BYTES
    except OSError:
        return False


def read_files(
    paths: Iterable[Path],
    told: Set,
    *,
    workers: int | None = None,
    done: Callable[[Task], None] | None = None,
) -> Iterator[Sheet]:
    """All sheets of all files in order. `done` hears of every finished task."""
    count = workers or max(1, len(os.sched_getaffinity(0)))
    idle: Queue[Worker] = Queue()
    for _ in range(count):
        idle.put(Worker(told))

    def with_worker(work: Callable[[Worker], T]) -> T:
        worker = idle.get()
        try:
            return work(worker)
        finally:
            idle.put(worker)

    def read(task: Task) -> list[Sheet]:
        return with_worker(lambda worker: list(worker.read(task)))

    tasks = tasks_of(paths, lambda path: with_worker(lambda worker: worker.count(path)))
    try:
        with ThreadPoolExecutor(count) as pool:
            ahead = [(task, pool.submit(read, task)) for task in islice(tasks, 2 * count)]
            while ahead:
                task, job = ahead.pop(0)
                sheets = job.result()
                following = next(tasks, None)
                if following:
                    ahead.append((following, pool.submit(read, following)))
                if done:
                    done(task)
                yield from sheets
    finally:
        while not idle.empty():
            idle.get().stop()


def watch(
    folders: Iterable[Path], *, seen: Iterable[Path] = (), every: float = 1.0, rounds: int | None = None
) -> Iterator[list[Path]]:
    """New scans of folders whenever there are some: those whose size did not change between two looks.

    What is among `seen` is known already. A folder that is gone for a while is looked for again.
    """
    places, seen = tuple(folders), set(seen)
    sizes: dict[Path, int] = {}
    while rounds is None or rounds > 0:
        now = {path: size for folder in places for path, size in _sizes(folder).items() if path not in seen}
        ready = [path for path, size in now.items() if sizes.get(path) == size]
        sizes = now
        if ready:
            seen.update(ready)
            yield ready
        if rounds is not None:
            rounds -= 1
        time.sleep(every)


def _sizes(folder: Path) -> dict[Path, int]:
    """Scans with their sizes; one that goes away between two looks at it is none."""
    found = {}
    for path in scans_in(folder):
        with suppress(OSError):
            found[path] = path.stat().st_size
    return found
