"""Any possible year gives the same read models, however it is delivered."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dziennik.projections.dead_letters import parked, replay
from dziennik.projections.model import ReadModel
from dziennik.projections.models import MODELS
from tests.projections.agreement import agree, dropped, feed, in_memory, stored
from tests.projections.histories import ACTIONS, LAST_STEP, Year
from tests.projections.listed import Listed, unreadable

STEPS = st.lists(st.integers(0, LAST_STEP), max_size=40)
SIZES = st.lists(st.integers(1, 30), min_size=1, max_size=5)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, sizes=SIZES)
def test_rebuilt_is_live_is_twice_is_folded(
    common: str, model: ReadModel, steps: list[int], sizes: list[int]
) -> None:
    agree(common, model, Year().live(steps), sizes)


def test_a_full_year_touches_every_table(common: str) -> None:
    history = Year().live([1000 * action + chance for chance in range(12) for action in range(len(ACTIONS))])
    for model in MODELS:
        for name, rows in agree(common, model, history, (50, 1)).items():
            assert rows, name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, sizes=SIZES, damaged=st.sets(st.integers(0, 10_000), min_size=1, max_size=4))
def test_what_was_damaged_and_is_mended_leaves_no_trace(
    common: str, model: ReadModel, steps: list[int], sizes: list[int], damaged: set[int]
) -> None:
    history = Year().live(steps)
    journal = Listed("damaged", history.recorded)
    for number in damaged:
        index = number % len(journal.items)
        journal.items[index] = unreadable(history.recorded[index])
    with psycopg.connect(common, autocommit=True) as connection:
        feed(connection, journal, model, sizes)
        journal.items[:] = history.recorded
        assert replay(connection, journal, model).left == 0
        assert parked(connection, "damaged", model) == []
        assert stored(common, "damaged", model) == in_memory(model, history)
        dropped(connection, "damaged")
