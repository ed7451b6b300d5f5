"""The process that decodes and reads (`working` starts it): tasks in, sheets out, limits on.

`python -m dziennik.omr.worker`; not meant to be called by people.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from dziennik.omr.identity import Identity, genuine
from dziennik.omr.loading import Page, Unreadable, count_pages, pages
from dziennik.omr.pictures import cut_out, made_small
from dziennik.omr.reader import Reader
from dziennik.omr.sheet import Sheet, SheetState, Why
from dziennik.omr.working import READY, Answer, Set, Task


def main() -> None:
    """Serve until the input ends."""
    told = msgspec.json.decode(sys.stdin.buffer.readline(), type=Set)
    resource.setrlimit(resource.RLIMIT_AS, (told.memory, told.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # it ends the process, in the middle of a library too
    reader = Reader(lambda said: _ours(told.keys, said), others=told.forms)
    _say(READY)
    _be_silent()
    for line in sys.stdin.buffer:
        task = msgspec.json.decode(line, type=Task)
        _begin(told.seconds)
        for answer in _answers(reader, task):
            _say(msgspec.json.encode(answer) + b"\n")
            _begin(told.seconds)


def _be_silent() -> None:
    """From here on there are strangers' files: what libraries complain of may quote them."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stderr.fileno())


def _begin(seconds: float) -> None:
    """A page has so much processor time from here on: what the process itself works, not what it waits."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _answers(reader: Reader, task: Task) -> Iterator[Answer]:
    if task.count:
        yield Answer(pages=_count(task.path))
    elif task.cut or task.small:
        yield Answer(picture=_picture(task))
    else:
        yield from _read(reader, task)
        yield Answer()


def _count(path: str) -> int | None:
    try:
        return count_pages(Path(path))
    except (OSError, MemoryError):
        return None


def _picture(task: Task) -> bytes:
    try:
        for page in pages(Path(task.path), first=task.first, last=task.first):
            if page.grey is None:
                break
            cut = task.cut
            return cut_out(page.grey, cut.corners, cut.size, cut.box) if cut else made_small(page.grey)
    except (OSError, MemoryError, Unreadable):
        pass
    return b""


def _ours(keys: tuple[bytes, ...], identity: Identity) -> bool:
    return any(genuine(key, identity) for key in keys)


def _read(reader: Reader, task: Task) -> Iterator[Answer]:
    """An answer a page; what is wrong with the file as a whole is told once."""
    at = task.first
    while True:
        try:
            for page in pages(Path(task.path), first=at, last=task.last):
                yield _page(reader, task, page)
                at = page.number + 1
            return
        except Unreadable as fault:
            yield _refused(task, 1, fault.why)
            return
        except FileNotFoundError:
            yield _refused(task, 1, Why.MISSING_FILE)
            return
        except OSError:
            yield _refused(task, 1, Why.UNREADABLE_FILE)
            return
        except MemoryError:
            yield _refused(task, at, Why.TOO_LARGE)
            at += 1
            if task.last is None or at > task.last:
                return


def _page(reader: Reader, task: Task, page: Page) -> Answer:
    if page.grey is None:
        return _refused(task, page.number, page.why or Why.UNREADABLE_FILE)
    sheets = reader.read(page.grey, file=task.path, page=page.number, named=task.named)
    return Answer(page=page.number, sheets=tuple(sheets))


def _refused(task: Task, page: int, why: Why) -> Answer:
    return Answer(page=page, sheets=(Sheet(file=task.path, page=page, state=SheetState.REFUSED, why=why),))


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
