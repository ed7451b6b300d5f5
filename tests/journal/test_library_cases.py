"""Does our recorder keep the promises that the eventsourcing library makes for its own?

These are the library's abstract test cases. Left out: those of tracking and process recorders (read models
keep their position themselves, in the transaction of their rows) and of infrastructure factories (Journals
is ours). Adapted: stream names are texts; the case of the aggregate recorder, which knows no positions,
gets a recorder that keeps them to itself.
"""

from __future__ import annotations

import unittest
from collections.abc import Sequence
from uuid import uuid4

import pytest
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    RecorderTestCase,
)

from dziennik.journal.datastore import Datastore
from dziennik.journal.journal import Journal
from dziennik.journal.recorder import SchoolRecorder


class Quiet(SchoolRecorder):
    """Does not tell positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> None:
        super().insert_events(stored_events)


class Adapted(RecorderTestCase):
    """Run by the test function below: pytest's fixtures with parameters don't reach unittest's classes."""

    __test__ = False
    kind: type[SchoolRecorder] = SchoolRecorder
    datastore: Datastore

    def new_originator_id(self) -> str:
        return f"stream/{uuid4()}"

    def create_recorder(self) -> SchoolRecorder:
        return self.kind(self.datastore)


class AsAggregateRecorder(Adapted, AggregateRecorderTestCase):
    kind = Quiet


class AsApplicationRecorder(Adapted, ApplicationRecorderTestCase[ApplicationRecorder]):
    pass


class OrderOfPositions(Adapted, NonInterleavingNotificationIDsBaseCase):
    pass


CASES = [
    (case, name)
    for case in (AsAggregateRecorder, AsApplicationRecorder, OrderOfPositions)
    for name in unittest.defaultTestLoader.getTestCaseNames(case)
]


@pytest.mark.parametrize(("case", "name"), CASES, ids=[f"{case.__name__}-{name}" for case, name in CASES])
def test_case_of_the_library(case: type[Adapted], name: str, journal: Journal) -> None:
    prepared = case(name)
    prepared.datastore = journal._reader._recorder.datastore
    prepared.debug()  # raises what a test runner would collect
    assert [r.position for r in journal.read_raw(0, 100_000)] == list(range(1, journal.position() + 1))


def test_no_case_is_forgotten() -> None:
    assert len(CASES) == 7


def test_a_subscription_of_the_library_is_refused(journal: Journal) -> None:
    with pytest.raises(NotImplementedError, match=r"Journal\.wait"):
        journal._reader._recorder.subscribe()
