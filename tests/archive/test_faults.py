"""What is on the disk when it refuses, at each step once? Nothing, or what was there before."""

from __future__ import annotations

import builtins
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

import pytest

from dziennik.archive import bagging
from dziennik.archive.bagging import MANIFEST, SIGNATURE, add_signature, drafted, put, zip_bag
from dziennik.archive.editions import edition, find_year
from dziennik.archive.year_archive import write_year
from dziennik.bagcheck.checking import verify
from tests.archive.golden_bag import bag, facts
from tests.archive.memory import MemoryFacts
from tests.archive.sample import from_lines


class NoSpace(OSError):
    """The disk is full."""


class Disk:
    """Counts the operations that write, and refuses one of them."""

    def __init__(self, refuse: int) -> None:
        self.left = refuse
        self.done = 0

    def step(self) -> None:
        self.done += 1
        self.left -= 1
        if self.left == 0:
            raise NoSpace(ENOSPC, "no space left on device")


@contextmanager
def refusing(at: int) -> Iterator[Disk]:
    """The `at`-th operation of a kind that changes the disk fails: open to write, mkdir, rename, fsync."""
    disk = Disk(at)
    patch = pytest.MonkeyPatch()

    def counted(original: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            disk.step()
            return original(*arguments, **named)

        return call

    def opening(original: Callable[..., object]) -> Callable[..., object]:
        def call(file: object, mode: str = "r", *arguments: object, **named: object) -> object:
            if set(mode) & set("wxa"):
                disk.step()
            return original(file, mode, *arguments, **named)

        return call

    for name in ("mkdir", "rename", "replace", "fsync"):
        patch.setattr(os, name, counted(getattr(os, name)))
    patch.setattr(io, "open", opening(io.open))
    patch.setattr(builtins, "open", opening(builtins.open))
    try:
        yield disk
    finally:
        patch.undo()


def each_refusal(
    act: Callable[[], object], after: Callable[[bool], None], clear: Callable[[], object], *, every: int = 1
) -> int:
    """Refuse the first operation, the second, ... until all of them were done; how many there are.

    `after` looks at what is there, and is told whether the act went on in spite of the refusal (a folder that
    is there need not be made); `clear` takes away what is there before the next try.
    """
    at = 1
    while True:
        with refusing(at) as disk:
            try:
                act()
                went_on = True
            except NoSpace:
                went_on = False
        if disk.left > 0:
            return disk.done
        after(went_on)
        clear()
        at += every


def whole_or_nothing(target: Path, whole: Callable[[Path], bool]) -> Callable[[bool], None]:
    """Nothing but, at most, all of it: all when only the last step failed, to make sure of the name."""

    def check(went_on: bool) -> None:
        there = [one.name for one in target.parent.iterdir()] if target.parent.exists() else []
        assert there in ([], [target.name])
        assert bool(there) or not went_on
        assert not there or whole(target)

    return check


def gone(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


def test_a_bag_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "archives" / "bag"

    def make() -> None:
        with drafted(target) as draft:
            draft.add("data/a/x.txt", b"x")
            draft.add("data/y.txt", b"y")
            draft.add_blocks()
            draft.seal([("Payload-Oxum", "")])

    check = whole_or_nothing(target, lambda bag: len([one for one in bag.rglob("*") if one.is_file()]) == 7)
    assert each_refusal(make, check, lambda: gone(target)) >= 20
    assert target.is_dir()


def test_a_year_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """The same with everything that writes a year: every seventh of its operations."""
    source = MemoryFacts(from_lines(facts(1).read_bytes()))
    made = edition(source, find_year(source, "2025"), 1, source.position())
    target = tmp_path / "archives" / "bag"
    check = whole_or_nothing(target, lambda bag: verify(bag).wrong is None)
    steps = each_refusal(lambda: write_year(source, made, target), check, lambda: gone(target), every=7)
    assert steps >= 80
    assert verify(target).wrong is None


def test_a_zip_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "zips" / "bag.zip"
    target.parent.mkdir()
    check = whole_or_nothing(target, lambda packed: verify(packed).wrong is None)
    assert each_refusal(lambda: zip_bag(bag(1), target), check, lambda: gone(target)) >= 4
    assert verify(target).wrong is None


def _only(folder: Path, *names: str) -> None:
    assert sorted(one.name for one in folder.iterdir()) == sorted(names)


def test_a_signature_is_in_the_bag_or_not(tmp_path: Path) -> None:
    folder = tmp_path / "bag"
    shutil.copytree(bag(1), folder)

    def contents() -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}

    before = contents()

    def as_before(went_on: bool) -> None:
        assert not went_on
        assert contents() == before

    assert each_refusal(lambda: add_signature(folder, b"<x/>"), as_before, lambda: None) >= 6
    assert (folder / SIGNATURE).read_bytes() == b"<x/>"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_bytes(b"old")

    def old_or_new(went_on: bool) -> None:
        """New when only the last step failed: to make sure that the disk has the name."""
        assert not went_on
        assert target.read_bytes() in (b"old", b"new")
        _only(tmp_path, "x")

    assert each_refusal(lambda: put(target, b"new"), old_or_new, lambda: target.write_bytes(b"old")) >= 4
    assert target.read_bytes() == b"new"


def test_what_an_interrupted_run_left_is_cleared_away(tmp_path: Path) -> None:
    """Killed between two steps: no exception handler ran."""
    target = tmp_path / "bag"
    left = tmp_path / ".bag.part" / "data"
    left.mkdir(parents=True)
    (left / "half.xml").write_bytes(b"<half")
    with drafted(target) as draft:
        draft.add("data/x.txt", b"x")
        draft.seal([("Payload-Oxum", "")])
    _only(tmp_path, "bag")
    assert (target / MANIFEST).read_text().endswith("  data/x.txt\n")


def test_a_bag_is_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "bag"
    shutil.copytree(bag(1), folder)
    with pytest.raises(FileExistsError), drafted(folder):
        pass
    zip_bag(folder, tmp_path / "bag.zip")
    with pytest.raises(FileExistsError):
        zip_bag(folder, tmp_path / "bag.zip")
    add_signature(folder, b"<x/>")
    add_signature(folder, b"<x/>")
    with pytest.raises(FileExistsError, match="signed already"):
        add_signature(folder, b"<y/>")


def test_beyond_4_gigabytes_nothing_is_half_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bagging, "_LARGEST", 1000)
    with pytest.raises(OSError, match="beyond 4 GB"):
        zip_bag(bag(1), tmp_path / "bag.zip")
    assert not list(tmp_path.iterdir())
