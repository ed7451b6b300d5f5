"""The past is asked with the same handlers and queries as the present."""

from __future__ import annotations

import pytest

from dziennik.contracts import grades, streams
from dziennik.projections.as_of import as_of
from dziennik.projections.gradebook import GRADEBOOK, cell_of, class_cells, pupil_cells
from dziennik.projections.model import HandlerFault
from tests.projections.histories import a_school, given
from tests.projections.listed import Listed, unreadable

ADA = streams.grades("A", "mat", "ada")


def test_the_gradebook_before_and_after_a_correction() -> None:
    history = a_school()
    history.tell(*given("g1", "3"))
    before = len(history.recorded)
    history.tell(
        ADA, grades.GradeCorrected(grade_id="g1", pupil_id="ada", was="3", value="5", reason="pomyłka")
    )
    journal = Listed("s", history.recorded)
    values = []
    for position in (before - 1, before, before + 1):
        cell = cell_of(as_of(journal, [GRADEBOOK], position), "A", "mat", "ada")
        values.append([grade.value for grade in cell.grades] if cell else None)
    assert values == [None, ["3"], ["5"]]


def test_a_class_needs_only_the_streams_below_its_prefix() -> None:
    history = a_school()
    history.tell(*given("g1", "3"))
    history.tell(*given("other", "1", unit="B", pupil="cy"))
    journal = Listed("s", history.recorded)
    narrow = as_of(
        journal, [GRADEBOOK], journal.position(), prefixes=(streams.SCHOOL, streams.class_year("A"))
    )
    assert class_cells(narrow, "A") == class_cells(as_of(journal, [GRADEBOOK], journal.position()), "A")
    assert pupil_cells(narrow, "cy") == []


def test_the_past_is_strict() -> None:
    history = a_school()
    history.tell(*given("g1", "3"))
    journal = Listed("s", history.recorded)
    journal.items[-1] = unreadable(journal.items[-1])
    with pytest.raises(HandlerFault, match=f"position {len(history.recorded)} "):
        as_of(journal, [GRADEBOOK], journal.position())
