"""What do the walls around read models cost (ADR 0117)?

The class-year of bench/as_of.py in tables. Asked over the very connections that requests use: the class's
cells as the hot page takes them (the director, no wall within the school; a teacher behind the wall of the
own classes, another one each time), and one pupil's cells (another parent each time, so that the wall is
raised anew each time). The same with the walls left out.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

from bench.as_of import PUPILS, fill
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections import gradebook
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.people import PEOPLE
from dziennik.projections.reading import ReadModels
from dziennik.projections.rebuild import rebuild
from dziennik.projections.structure import STRUCTURE
from dziennik.projections.walls import Wall, Within

ROUNDS, TIMES = 9, 40


def run(dsn: str) -> dict[str, Any]:
    """Seconds a question with walls, against the same without; the lower of alternating rounds' medians."""
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journal = journals.create_school("bench")
        fill(journal)
        rebuild(dsn, journal, STRUCTURE, PEOPLE, GRADEBOOK)
    walled, bare = ReadModels(dsn), ReadModels(dsn, walls=False)
    try:
        page: dict[str, list[float]] = {"walled": [], "bare": []}
        child: dict[str, list[float]] = {"walled": [], "bare": []}
        teacher: dict[str, list[float]] = {"walled": [], "bare": []}
        for _ in range(ROUNDS):
            for name, one in (("walled", walled), ("bare", bare)):
                page[name].append(_page(one))
                child[name].append(_child(one))
                teacher[name].append(_teacher(one))
    finally:
        walled.close()
        bare.close()
    return {
        "walls.teacher_page_ratio": _ratio(teacher, "the same without it, another teacher each time"),
        "walls.class_page_ratio": _ratio(page, "the class's cells without row-level security"),
        "walls.family_ratio": _ratio(child, "a pupil's cells without it, another parent each time"),
    }


def _ratio(times: dict[str, list[float]], baseline: str) -> dict[str, Any]:
    walled, bare = median(times["walled"]), median(times["bare"])
    return {"value": round(walled / bare, 3), "unit": "x", "baseline": f"{baseline} ({bare * 1e6:.0f} us)"}


def _page(read_models: ReadModels) -> float:
    begun = perf_counter()
    for _ in range(TIMES):
        with read_models.views() as view_of:
            assert gradebook.class_cells_json(view_of(Wall("bench")), "c")
    return (perf_counter() - begun) / TIMES


def _teacher(read_models: ReadModels) -> float:
    """Each works in a dozen classes, and teaches three hundred pupils."""
    units = frozenset({"c", *(f"018f0000-0000-7000-8000-{number:012}" for number in range(11))})
    taught = frozenset(f"018f0000-0000-7000-9000-{number:012}" for number in range(300))
    begun = perf_counter()
    for number in range(TIMES):
        who = f"teacher-{number}"
        with read_models.views() as view_of:
            view = view_of(Wall("bench", Within(who, frozenset({who}), True, units, taught)))
            assert gradebook.class_cells_json(view, "c")
    return (perf_counter() - begun) / TIMES


def _child(read_models: ReadModels) -> float:
    begun = perf_counter()
    for number in range(TIMES):
        pupil = f"p{number % PUPILS}"
        with read_models.views() as view_of:
            view = view_of(Wall("bench", Within("parent", frozenset({pupil, "parent"}))))
            assert gradebook.pupil_cells(view, pupil)
    return (perf_counter() - begun) / TIMES
