"""Does a pile of files get read whole, whatever is in it, in a process that can be lost?"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import cv2
import pytest

from dziennik.omr.batch import read_files, scans_in, watch
from dziennik.omr.identity import SAMPLE_KEY
from dziennik.omr.printing import print_cards
from dziennik.omr.sheet import SheetState, Why
from dziennik.omr.working import Set, Task, Worker
from tests.omr.cards import GRADES, picture, printed

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


def test_a_page_that_takes_too_long_is_refused(pile: Path) -> None:
    with Worker(TOLD, seconds=0.001) as worker:
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
    assert (sheet.state, sheet.why) == (SheetState.REFUSED, Why.TOO_LONG)


def test_a_page_that_wants_more_memory_than_there_is_is_refused(pile: Path) -> None:
    with Worker(Set(keys=(SAMPLE_KEY,), memory=1 << 20)) as worker:
        (sheet,) = worker.read(Task(path=str(pile / "a.png"), last=1))
    assert sheet.state is SheetState.REFUSED


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
