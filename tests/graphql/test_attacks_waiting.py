"""Attacks on the threads and connections that a server has: waiting must cost little."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import grades
from dziennik.graphql import context
from dziennik.graphql.executing import Executor
from dziennik.graphql.gates import Gate
from dziennik.projections.reading import ReadModels
from tests.graphql.conftest import OFFICE, Served

QUERY = """query ($after: Int) {
  pupilGrades(school: "sp1", pupilId: "p1", afterPosition: $after) { subjectId }
  gradeHistory(school: "sp1", pupilId: "p1", gradeId: "g-a-maths-0", afterPosition: $after) { what } }"""


@pytest.fixture
def timeouts(served: Served, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each wait was ready to take; none takes longer than a look."""
    seen: list[float] = []
    wait = served.system.read_models.wait_until

    def look(school_id: str, model: str, position: int, timeout: float = 5.0) -> bool:
        seen.append(timeout)
        return wait(school_id, model, position, 0.0)

    monkeypatch.setattr(served.system.read_models, "wait_until", look)
    return seen


def unseen(served: Served) -> int:
    """A grade is given that no read model shows yet; its position."""
    given = grades.GiveGrade(
        grade_id="late",
        unit_id="4a",
        class_id="4a",
        assignment_id="a-maths",
        pupil_id="p1",
        value="3",
        category_id="test",
        on=date(2025, 10, 1),
    )
    outcome = served.system.register("sp1").execute(given, actor=OFFICE)
    assert isinstance(outcome, Accepted)
    return outcome.position


@pytest.mark.parametrize("ahead", [1, 1000, 2**31 - 1])
def test_a_position_that_nobody_has_written_is_refused_at_once(
    served: Served, timeouts: list[float], ahead: int
) -> None:
    position = min(served.head() + ahead, 2**31 - 1)
    assert served.code(QUERY, "p1", after=position) == "COMMAND.POSITION_AHEAD"
    assert set(timeouts) == {0.0}


@pytest.mark.parametrize("position", [-(2**31), -1, 0, 1])
def test_positions_long_past_need_no_wait(served: Served, timeouts: list[float], position: int) -> None:
    assert served.code(QUERY, "p1", after=position) is None
    assert set(timeouts) == {0.0}


def test_many_fields_share_one_patience(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty aliases must not wait twenty times as long as one."""
    clock = iter(range(1000))
    monkeypatch.setattr(context, "monotonic", lambda: float(next(clock)))  # each wait takes a second
    asked: list[float] = []

    def never(_: str, __: str, ___: int, timeout: float = 5.0) -> bool:
        asked.append(timeout)
        return False

    monkeypatch.setattr(served.system.read_models, "wait_until", never)
    position = unseen(served)
    query = " ".join(
        f'a{n}: pupilGrades(school: "sp1", pupilId: "p1", afterPosition: {position}) {{ subjectId }}'
        for n in range(20)
    )
    assert served.code(f"{{ {query} }}", "p1") == "COMMAND.NOT_YET_VISIBLE"
    assert sum(asked) <= sum(range(6)) + 20 * context.VISIBLE_SOON
    assert asked[-1] == 0.0


def test_only_so_many_wait_longer_than_a_moment(served: Served, timeouts: list[float]) -> None:
    position = unseen(served)
    gate = served.executor._gates.waiting
    with ExitStack() as stack:
        while stack.enter_context(gate.entered()):
            pass
        assert served.code(QUERY, "p1", after=position) == "COMMAND.NOT_YET_VISIBLE"
        assert max(timeouts) <= context.VISIBLE_SOON
    assert served.code(QUERY, "p1", after=position) == "COMMAND.NOT_YET_VISIBLE"
    assert max(timeouts) > context.VISIBLE_SOON


def test_a_place_at_the_gate_is_given_back_even_after_a_fault() -> None:
    gate = Gate(1)
    with pytest.raises(ZeroDivisionError), gate.entered() as inside:
        _ = 1 / (not inside)
    with gate.entered() as inside, gate.entered() as second:
        assert (inside, second) == (True, False)
    with gate.entered() as again:
        assert again


def test_one_request_needs_one_connection_however_many_schools_it_asks(served: Served) -> None:
    """Otherwise as many requests as there are connections wait for each other until all give up."""
    narrow = ReadModels(served.system.conninfo, connections=1)
    narrow._pool.timeout = 1.0
    usual, served.system.read_models = served.system.read_models, narrow
    try:
        fresh = Executor(served.system)  # knows nobody yet: who the account is must be asked
        query = """query ($after: Int) { me { identities { school } } mySchools { id }
          pupilGrades(school: "sp1", pupilId: "p1", afterPosition: $after) { subjectId } }"""
        answer = fresh.answer(
            query, {"after": served.head()}, None, account_id=served.accounts["p1"], language="en"
        )
    finally:
        served.system.read_models = usual
        narrow.close()
    assert b'"errors"' not in answer
    assert b'"school":"sp1"' in answer
