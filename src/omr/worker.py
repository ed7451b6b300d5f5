"""The process that decodes and reads (`working` starts it): tasks in, sheets out, limits on.

`python -m dziennik.omr.worker`; not meant to be called by people.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import msgspec

from dziennik.omr.identity import Identity, genuine
from dziennik.omr.loading import Unreadable, count_pages, pages
from dziennik.omr.pictures import cut_out
from dziennik.omr.reader import Reader
from dziennik.omr.sheet import Sheet, SheetState, Why
from dziennik.omr.working import Answer, Cut, Set, Task


def main() -> None:
    """Serve until the input ends."""
    told = msgspec.json.decode(sys.stdin.buffer.readline(), type=Set)
    resource.setrlimit(resource.RLIMIT_AS, (told.memory, told.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = Reader(lambda said: _ours(told.keys, said), others=told.forms)
    for line in sys.stdin.buffer:
        task = msgspec.json.decode(line, type=Task)
        if task.count:
            _say(Answer(pages=_count(task.path)))
            continue
        if task.cut:
            _say(Answer(picture=_picture(task, task.cut)))
            continue
        for answer in _read(reader, task):
            _say(answer)
        _say(Answer())


def _count(path: str) -> int:
    try:
        return count_pages(Path(path))
    except (OSError, MemoryError):
        return 1


def _picture(task: Task, cut: Cut) -> bytes:
    try:
        for page in pages(Path(task.path), first=task.first, last=task.first):
            return b"" if page.grey is None else cut_out(page.grey, cut.corners, cut.size, cut.box)
    except (OSError, MemoryError, Unreadable):
        pass
    return b""


def _ours(keys: tuple[bytes, ...], identity: Identity) -> bool:
    return any(genuine(key, identity) for key in keys)


def _read(reader: Reader, task: Task) -> list[Answer]:
    try:
        for page in pages(Path(task.path), first=task.first, last=task.last):
            if page.grey is None:
                _say(_refused(task, page.number, page.why or Why.UNREADABLE_FILE))
                continue
            _say(
                Answer(
                    page=page.number, sheets=tuple(reader.read(page.grey, file=task.path, page=page.number))
                )
            )
    except Unreadable as fault:
        return [_refused(task, 1, fault.why)]
    except OSError:
        return [_refused(task, 1, Why.UNREADABLE_FILE)]
    except MemoryError:
        return [_refused(task, 1, Why.TOO_LARGE)]
    return []


def _refused(task: Task, page: int, why: Why) -> Answer:
    return Answer(page=page, sheets=(Sheet(file=task.path, page=page, state=SheetState.REFUSED, why=why),))


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
