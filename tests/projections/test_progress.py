"""Waiting for a position: by news from this process, or by looking."""

from __future__ import annotations

from threading import Thread

from dziennik.projections.progress import Progress


def test_what_is_there_already_needs_no_wait() -> None:
    looked: list[tuple[str, str]] = []

    def look(school_id: str, model: str) -> int:
        looked.append((school_id, model))
        return 5

    progress = Progress(look)
    assert progress.wait_until("s", "gradebook", 5, 0.0)
    assert progress.wait_until("s", "gradebook", 4, 0.0)
    assert looked == [("s", "gradebook")]


def test_news_end_a_wait() -> None:
    progress = Progress(lambda *_: 0)
    progress.follows_here("s", here=True)
    news = Thread(target=progress.reached, args=("s", "gradebook", 7))
    news.start()
    assert progress.wait_until("s", "gradebook", 7, 30.0)
    news.join()


def test_news_of_another_school_or_model_do_not() -> None:
    progress = Progress(lambda *_: 0)
    progress.reached("other", "gradebook", 7)
    progress.reached("s", "attendance", 7)
    assert not progress.wait_until("s", "gradebook", 7, 0.0)


def test_elsewhere_looking_finds_it() -> None:
    positions = iter([0, 3, 9])
    progress = Progress(lambda *_: next(positions))
    assert progress.wait_until("s", "gradebook", 9, 30.0)


def test_a_position_never_runs_backwards() -> None:
    progress = Progress(lambda *_: 2)
    progress.reached("s", "gradebook", 9)
    progress.reached("s", "gradebook", 3)
    assert progress.wait_until("s", "gradebook", 9, 0.0)
