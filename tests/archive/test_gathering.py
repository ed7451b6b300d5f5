"""Does the archive read what it needs from a journal, and nothing of others?"""

from __future__ import annotations

from pathlib import Path

import pytest

from dziennik.archive.exporting import export
from dziennik.archive.folding import NoSuchClassYear
from dziennik.archive.gathering import find_class, gather_class_year
from dziennik.journal.journal import Journal
from tests.archive.sample import GOLDEN


def test_the_journal_gives_the_golden_archive(journal: Journal, tmp_path: Path) -> None:
    done = export(gather_class_year(journal, "4a"), tmp_path / "4a.xml")
    assert done.path.read_bytes() == (GOLDEN / "class-year-1.xml").read_bytes()


def test_a_cut_off_gives_what_was_there_then(journal: Journal) -> None:
    register = gather_class_year(journal, "4a", until_position=60)
    assert (len(register.lessons), len(register.grades), register.cut_off) == (1, 0, 60)
    with pytest.raises(NoSuchClassYear):
        gather_class_year(journal, "4a", until_position=5)


def test_classes_are_found_by_name_or_id(journal: Journal) -> None:
    assert find_class(journal, "4a") == [("4a", "4a", "2025/2026")]
    assert find_class(journal, "4b OBCA", "2025/2026") == [("4b", "4b OBCA", "2025/2026")]
    assert find_class(journal, "4a", "2024/2025") == []
    assert find_class(journal, "wf4") == []


def test_units_are_listed_without_reading_them(journal: Journal) -> None:
    assert journal.below("year/") == ["4a", "4b", "wf4"]
    assert journal.below("year/4a/") == ["column", "grades", "lesson", "register"]
    assert journal.below("nothing/") == []


def test_whoever_was_erased_from_the_journal_is_marked(own_journal: Journal, tmp_path: Path) -> None:
    before = export(gather_class_year(own_journal, "4a"), tmp_path / "before.xml")
    assert own_journal.keys.destroy("zan") == 2  # of the grade sheet, and of the register
    after = export(gather_class_year(own_journal, "4a"), tmp_path / "after.xml")
    assert "Źdźbło" in before.path.read_text(encoding="utf-8")
    text = after.path.read_text(encoding="utf-8")
    assert "Źdźbło" not in text
    assert text.count("<erased></erased>") == 5
    assert (after.lessons, after.grades) == (before.lessons, before.grades)
