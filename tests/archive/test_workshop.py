"""Is nothing of a year's personal data left behind by a process that was killed while it made an archive?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dziennik.archive.storing import FolderStore
from dziennik.archive.workshop import Workshop

WORKS = """
import sys, time
from pathlib import Path
from dziennik.archive.storing import FolderStore
with FolderStore(Path(sys.argv[1])).work.folder() as folder:
    (folder / "bag").mkdir()
    (folder / "bag" / "register.xml").write_text("Ala Kowalska")
    print("works", flush=True)
    time.sleep(60)
"""


def left(root: Path) -> list[str]:
    return sorted(one.name for one in root.rglob("*") if one.name != ".lock" and one.name != ".work")


def test_a_killed_process_leaves_nothing_for_long(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with subprocess.Popen([sys.executable, "-c", WORKS, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"works\n"
        [its] = [one for one in (tmp_path / ".work").iterdir() if one.is_dir()]
        assert (its.stat().st_mode & 0o777, its.parent.stat().st_mode & 0o777) == (0o700, 0o700)
        assert store.work.sweep() == 0  # it is at work
        with store.work.folder() as ours:
            assert its.exists()
            assert ours.parent == its.parent
        os.kill(process.pid, signal.SIGKILL)
    assert "register.xml" in left(tmp_path)
    assert store.work.sweep() == 1
    assert left(tmp_path) == []


def test_the_next_one_at_work_clears_up(tmp_path: Path) -> None:
    (tmp_path / "work-killed").mkdir()
    (tmp_path / "work-killed" / "x").write_bytes(b"x")
    (tmp_path / "work-locked-never" / "bag").mkdir(parents=True)
    (tmp_path / "work-locked-never" / ".lock").write_bytes(b"")
    with Workshop(tmp_path).folder() as folder:
        assert [one for one in tmp_path.iterdir() if one.is_dir()] == [folder]
    assert left(tmp_path) == []


def test_a_fault_leaves_nothing_and_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    work = Workshop(tmp_path / "a" / "b")
    assert work.sweep() == 0
    with pytest.raises(FileNotFoundError), work.folder() as folder:
        (folder / "no folder" / "x").write_bytes(b"x")
    assert left(tmp_path / "a" / "b") == []
