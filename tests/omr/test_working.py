"""Does a pile of files get read whole, whatever is in it, in a process that can be lost?"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
from pathlib import Path
from threading import Timer

import cv2
import pytest
from msgspec.structs import replace

from dziennik.omr.batch import read_files, scans_in, watch
from dziennik.omr.identity import SAMPLE_KEY
from dziennik.omr.printing import print_cards
from dziennik.omr.sheet import SheetState, Why
from dziennik.omr.working import Set, Task, Worker, WorkerFailed
from tests.omr.cards import GRADES, MM, picture, printed

TOLD = Set(keys=(SAMPLE_KEY,))


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "a.png"), picture(GRADES))
    (tmp_path / "b.jpg").write_bytes(b"")
    (tmp_path / "c.pdf").write_bytes(print_cards([printed(GRADES, n) for n in (1, 2)]))
    (tmp_path / "d.tif").write_bytes(b"II*\0 nothing more")
    (tmp_path / "note.txt").write_text("no scan")
    return tmp_path


def test_each_file_gets_its_answer_and_none_stops_the_others(pile: Path) -> None:
    sheets = list(read_files(scans_in(pile), TOLD, workers=1))
    assert [(Path(sheet.file).name, sheet.page, sheet.state, sheet.why) for sheet in sheets] == [
        ("a.png", 1, SheetState.READ, None),
        ("b.jpg", 1, SheetState.REFUSED, Why.EMPTY_FILE),
        ("c.pdf", 1, SheetState.READ, None),
        ("c.pdf", 2, SheetState.READ, None),
        ("d.tif", 1, SheetState.REFUSED, Why.UNREADABLE_FILE),
    ]


def test_a_worker_that_dies_loses_one_page_only(pile: Path) -> None:
    with Worker(TOLD) as worker:
        assert len(list(worker.read(Task(path=str(pile / "a.png"), last=1)))) == 1
        process = worker._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
        assert sheet.state is SheetState.READ  # a fresh one took the task


def _asleep(process_id: int | None, seconds: float) -> Timer:
    """What a busy machine does: the process gets no processor for a while."""
    assert process_id is not None
    os.kill(process_id, signal.SIGSTOP)
    woken = Timer(seconds, os.kill, (process_id, signal.SIGCONT))
    woken.start()
    return woken


def test_a_page_that_takes_too_much_work_is_refused(pile: Path) -> None:
    with Worker(Set(keys=(SAMPLE_KEY,), seconds=0.001), patience=60_000) as worker:
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
    assert (sheet.state, sheet.why) == (SheetState.REFUSED, Why.TOO_LONG)


def test_waiting_for_a_busy_machine_is_no_work_of_the_page(pile: Path) -> None:
    with Worker(Set(keys=(SAMPLE_KEY,), seconds=1.0), patience=60) as worker:
        list(worker.read(Task(path=str(pile / "note.txt"), last=1)))  # it runs now
        woken = _asleep(worker.process_id, 1.5)
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
        woken.join()
    assert sheet.state is SheetState.READ


def test_a_page_that_only_waits_ends_by_the_clock(pile: Path) -> None:
    with Worker(Set(keys=(SAMPLE_KEY,), seconds=1.0), patience=0.2) as worker:
        list(worker.read(Task(path=str(pile / "note.txt"), last=1)))
        assert worker.process_id is not None
        os.kill(worker.process_id, signal.SIGSTOP)
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
        assert (sheet.state, sheet.why) == (SheetState.REFUSED, Why.TOO_LONG)
        assert worker.process_id is None  # it was ended, and the next page gets a fresh one


def test_the_start_of_a_worker_is_no_time_of_the_page(pile: Path) -> None:
    with Worker(Set(keys=(SAMPLE_KEY,), seconds=0.25), patience=60) as worker:  # libraries alone take more
        (sheet,) = worker.read(Task(path=str(pile / "note.txt"), last=1))
        assert sheet.why is Why.UNKNOWN_TYPE


def test_a_worker_that_does_not_start_is_no_fault_of_the_page(
    pile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task(path=str(pile / "a.png"), last=1)
    with Worker(TOLD, start=0.001) as worker, pytest.raises(WorkerFailed, match=r"OMR.NO_READER.*0\.001 s"):
        list(worker.read(task))
    with (
        Worker(Set(keys=(SAMPLE_KEY,), memory=1 << 20)) as worker,
        pytest.raises(WorkerFailed, match="MemoryError"),
    ):
        list(worker.read(task))
    assert worker.process_id is None
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(WorkerFailed, match="exit 1"):
        list(read_files([pile / "c.pdf"], TOLD, workers=2))


def test_no_page_is_lost_when_pages_cannot_be_counted(pile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(worker: Worker, path: str) -> int | None:
        """The process ends while it counts."""
        list(worker.read(Task(path=str(pile / "note.txt"), last=1)))  # it runs now
        assert worker.process_id is not None
        os.kill(worker.process_id, signal.SIGSTOP)
        ended = Timer(0.2, os.kill, (worker.process_id, signal.SIGKILL))
        ended.start()
        counted = count(worker, path)
        ended.join()
        return counted

    count = Worker.count
    monkeypatch.setattr(Worker, "count", dying)
    sheets = list(read_files([pile / "c.pdf"], TOLD, workers=1))
    assert [(sheet.page, sheet.state) for sheet in sheets] == [(1, SheetState.READ), (2, SheetState.READ)]


def test_pages_that_are_not_tried_any_more_are_told_all_the_same(pile: Path) -> None:
    with Worker(Set(keys=(SAMPLE_KEY,), seconds=0.001), patience=60_000) as worker:
        sheets = list(worker.read(Task(path=str(pile / "c.pdf"), first=2, last=5)))
    assert [(sheet.page, sheet.why) for sheet in sheets] == [(page, Why.TOO_LONG) for page in (2, 3, 4, 5)]


def test_a_file_that_is_not_there_is_told_as_missing(tmp_path: Path) -> None:
    (sheet,) = read_files([tmp_path / "gone.png"], TOLD, workers=1)
    assert (sheet.state, sheet.why) == (SheetState.REFUSED, Why.MISSING_FILE)


def test_a_page_is_read_as_the_card_that_a_person_names(pile: Path) -> None:
    grey = picture(GRADES)
    grey[: round(40 * MM), round(30 * MM) : round(160 * MM)] = 128  # no strip, no QR code
    cv2.imwrite(str(pile / "a.png"), grey)
    task, identity = Task(path=str(pile / "a.png"), last=1), printed(GRADES).identity
    with Worker(TOLD) as worker:
        (nameless,) = worker.read(task)
        (named,) = worker.read(replace(task, named=identity))
    assert (nameless.why, nameless.card_id) == (Why.NO_IDENTITY, None)
    assert (named.state, named.card_id) == (SheetState.READ, identity.card_id)


def test_a_page_that_wants_more_memory_than_there_is_is_refused(pile: Path) -> None:
    large = cv2.resize(picture(GRADES), None, fx=3, fy=3)
    cv2.imwrite(str(pile / "a.png"), large)
    with Worker(TOLD) as worker:
        list(worker.read(Task(path=str(pile / "note.txt"), last=1)))  # it runs now
        pages = int(Path(f"/proc/{worker.process_id}/statm").read_text().split()[0])
    enough = pages * resource.getpagesize() + (8 << 20)
    with Worker(Set(keys=(SAMPLE_KEY,), memory=enough)) as worker:
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
        (small,) = worker.read(Task(path=str(pile / "note.txt"), last=1))
    assert sheet.state is SheetState.REFUSED
    assert small.why is Why.UNKNOWN_TYPE


def test_only_the_keys_that_were_told_are_known(pile: Path) -> None:
    with Worker(Set(keys=())) as worker:
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
    assert (sheet.why, sheet.card_id) == (Why.FOREIGN, printed(GRADES).identity.card_id)


def test_new_files_of_watched_folders_come_once_they_stopped_growing(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
    (first / "old.png").write_bytes(b"12")
    found = watch([first, second, tmp_path / "gone"], seen=[first / "old.png"], every=0.0, rounds=4)
    (first / "one.png").write_bytes(b"12")
    assert [path.name for path in next(found)] == ["one.png"]
    (second / "two.png").write_bytes(b"12")
    assert [path.name for path in next(found)] == ["two.png"]
    assert list(found) == []


def test_a_file_is_found_from_where_one_is_and_nothing_else_there_is_run(
    pile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pile)
    (pile / "msgspec.py").write_text("raise SystemExit('taken from the folder of the scans')")
    (sheet,) = read_files([Path("a.png")], TOLD, workers=1)
    assert (sheet.file, sheet.state) == ("a.png", SheetState.READ)
