"""How much faster is a gradebook rebuilt than by the library's ProjectionRunner?

Ours: 200,000 facts of a school's journal, read, decoded, folded, rendered and switched in. The library's:
the same grades as its own events, one transaction an event: read the cell, add the grade, render, write the
cell and the tracking record; the same handlers and the same rendering. It is measured on fewer facts: its
rate does not depend on how many there are.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid5

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent, datetime_now_with_tzinfo
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict

from dziennik.contracts import streams
from dziennik.contracts.classes import ClassOpened
from dziennik.contracts.envelope import Actor, Origin, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import GradeCorrected, GradeGiven, GradeStruckOut
from dziennik.contracts.school import GradingRulesSet
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.defaults import USUAL_GRADING
from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections.gradebook import GRADEBOOK, Cell, rendered
from dziennik.projections.rebuild import rebuild
from dziennik.projections.rows import MemoryRows
from dziennik.projections.statements import Statements

FACTS = 200_000
RUNNER_FACTS = 3_000  # a round
ROUNDS = 5
CLASSES, PUPILS, SUBJECTS = 60, 30, 12  # three years of a school with 20 classes
SPACE = UUID(int=0)
TEACHER = Actor(account=str(uuid5(SPACE, "account")), role=Role.TEACHER, person=str(uuid5(SPACE, "teacher")))
MOMENT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
Told = tuple[str, Fact]


def key(name: str) -> str:
    """An id as the register has them."""
    return str(uuid5(SPACE, name))


def beginning() -> list[Told]:
    """Rules and classes."""
    rules = GradingRulesSet(year_id="Y", rules=USUAL_GRADING)
    opened = [ClassOpened(class_id=key(f"c{n}"), year_id="Y", name=f"{n}") for n in range(CLASSES)]
    return [(streams.SCHOOL, rules), *[(streams.unit(fact.class_id), fact) for fact in opened]]


def history(count: int) -> list[Told]:
    """So many facts: grades over all cells in turn, every 25th corrected, every 100th struck out."""
    chance = random.Random(7)
    told = beginning()
    cells = [(c, s, p) for c in range(CLASSES) for s in range(SUBJECTS) for p in range(PUPILS)]
    day, number = date(2026, 9, 1), 0
    while len(told) < count:
        day += timedelta(days=7)
        for unit, subject, pupil in cells:
            number += 1
            fact = GradeGiven(
                grade_id=key(f"g{number}"),
                class_id=key(f"c{unit}"),
                subject_id=key(f"s{subject}"),
                pupil_id=key(f"p{unit}.{pupil}"),
                assignment_id=key(f"a{unit}.{subject}"),
                teacher_id=str(TEACHER.person),
                kind=GradeKind.CURRENT,
                value=chance.choice(("1", "2+", "3", "3+", "4-", "4", "5", "5+", "6", "np")),
                category_id=USUAL_GRADING.categories[0].category_id,
                weight=Decimal(chance.randint(1, 5)),
                on=day,
            )
            stream = streams.grades(fact.class_id, fact.subject_id, fact.pupil_id)
            told.append((stream, fact))
            if number % 25 == 0:
                told.append((stream, corrected(fact)))
            elif number % 101 == 0:
                told.append(
                    (stream, GradeStruckOut(grade_id=fact.grade_id, pupil_id=fact.pupil_id, reason="pomyłka"))
                )
    return told[:count]


def corrected(fact: GradeGiven) -> GradeCorrected:
    """The grade put right."""
    return GradeCorrected(
        grade_id=fact.grade_id, pupil_id=fact.pupil_id, was=fact.value, value="4+", reason="pomyłka"
    )


def fill(journal: Journal, told: list[Told], size: int = 1000) -> None:
    """Write facts as commands of `size` facts each."""
    versions: dict[str, int] = {}
    for start in range(0, len(told), size):
        drafts: dict[str, list[Fact]] = {}
        for stream, fact in told[start : start + size]:
            drafts.setdefault(stream, []).append(fact)
        origin = Origin(command_id=f"c{start}", actor=TEACHER, recorded_at=MOMENT)
        journal.append(
            [Draft(stream, versions.get(stream, 0), tuple(facts)) for stream, facts in drafts.items()], origin
        )
        for stream, facts in drafts.items():
            versions[stream] = versions.get(stream, 0) + len(facts)


# The library's way


class Told_(DomainEvent):  # noqa: N801 - the library names stored events after the class
    """A grade as an event of the library."""

    class_id: str
    subject_id: str
    pupil_id: str
    fields: dict[str, Any]


class School(Application[UUID]):
    """The library's application that holds the events."""


class CellView(PostgresTrackingRecorder):
    """Cells in a table of the library's tracking recorder."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(datastore, **kwargs)
        self.statements = Statements(Cell.declared, "public")
        self.known = MemoryRows()
        for position, (stream, fact) in enumerate(beginning(), 1):
            GRADEBOOK.handlers[type(fact)](self.known, fact, _recorded(position, stream, fact))

    def add(self, fact: GradeGiven, tracking: Tracking) -> None:
        """One grade, in one transaction with its tracking record."""
        stream = streams.grades(fact.class_id, fact.subject_id, fact.pupil_id)
        place = (fact.class_id, fact.subject_id, fact.pupil_id)
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(self.statements.by_key, place, prepare=True, binary=True)
            row = cursor.fetchone()
            if row is not None:
                self.known.put(Cell.declared.load(tuple(row.values())))
            recorded = _recorded(tracking.notification_id, stream, fact)
            GRADEBOOK.handlers[GradeGiven](self.known, fact, recorded)
            cell = self.known.get(Cell, *place)
            assert cell is not None
            values = [[value] for value in Cell.declared.dump(rendered(self.known, cell))]
            cursor.execute(self.statements.upsert, values, prepare=True)
            self._insert_tracking(cursor, tracking)
            self.known.delete(Cell, *place)


class Gradebook(Projection[CellView]):
    """The library's projection."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401
        """Every event is a grade."""
        self.view.add(_fact(domain_event), tracking)


def _recorded(position: int, stream: str, fact: Fact) -> Recorded:
    origin = Origin(command_id="c", actor=TEACHER, recorded_at=MOMENT)
    return Recorded(position=position, stream=stream, version=1, origin=origin, fact=fact)


def _fact(event: Told_) -> GradeGiven:
    return GradeGiven(
        class_id=event.class_id,
        subject_id=event.subject_id,
        pupil_id=event.pupil_id,
        kind=GradeKind.CURRENT,
        **(event.fields | {"on": date.fromisoformat(event.fields["on"])}),
    )


def _event(fact: GradeGiven, number: int) -> Told_:
    names = ("grade_id", "assignment_id", "teacher_id", "value", "category_id")
    return Told_(
        originator_id=UUID(int=number),
        originator_version=1,
        timestamp=datetime_now_with_tzinfo(),
        class_id=fact.class_id,
        subject_id=fact.subject_id,
        pupil_id=fact.pupil_id,
        fields={name: getattr(fact, name) for name in names}
        | {"weight": fact.weight, "on": fact.on.isoformat()},
    )


class Library:
    """The library's application and runner on a database."""

    def __init__(self, dsn: str, told: list[Told]) -> None:
        parts = conninfo_to_dict(dsn)
        self._environment = {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_SCHEMA": "public"} | {
            f"POSTGRES_{name.upper()}": str(parts.get(name) or " ")
            for name in ("dbname", "host", "port", "user", "password")
        }
        grades = (fact for _, fact in told if isinstance(fact, GradeGiven))
        self._events = [_event(fact, n) for n, fact in enumerate(islice(grades, RUNNER_FACTS * ROUNDS), 1)]
        self._application = School(self._environment)
        cells = Statements(Cell.declared, "public")
        with psycopg.connect(dsn) as connection:
            for statement in (cells.create(), *cells.create_indexes()):
                connection.execute(statement)

    def rate(self, number: int) -> float:
        """Facts per second of the ProjectionRunner over the next so many events."""
        events, self._events = self._events[:number], self._events[number:]
        for start in range(0, len(events), 200):  # more in one save can hang in the library's pipeline
            stored = [
                self._application.mapper.to_stored_event(event) for event in events[start : start + 200]
            ]
            self._application.recorder.insert_events(stored)
        head = self._application.recorder.max_notification_id()
        started = perf_counter()
        with ProjectionRunner(
            application_class=School,
            projection_class=Gradebook,
            view_class=CellView,
            env=self._environment,
        ) as runner:
            runner.wait(head, timeout=600)
            seconds = perf_counter() - started
        return len(events) / seconds


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """The ratio of the two rates, measured in turns, and our time."""
    told = history(FACTS)
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journal = journals.create_school("bench")
        fill(journal, told)
        library = Library(dsn, told)
        told.clear()
        rounds = []
        for _ in range(ROUNDS):
            theirs = library.rate(RUNNER_FACTS)
            started = perf_counter()
            rebuild(dsn, journal, GRADEBOOK)
            rounds.append((FACTS / (perf_counter() - started), theirs))
    ratio = median(ours / theirs for ours, theirs in rounds)
    ours, theirs = (median(pair[side] for pair in rounds) for side in (0, 1))
    return {
        "rebuild.gradebook_200k.ratio_to_projection_runner": {
            "value": round(ratio, 1),
            "unit": "x",
            "baseline": f"eventsourcing's ProjectionRunner, {theirs:.0f} facts/s, over {RUNNER_FACTS} facts",
            "limit": "decoding, averages and JSON in Python, one core",
        },
        "rebuild.gradebook_200k.seconds": {
            "value": round(FACTS / ours, 2),
            "unit": "s",
            "baseline": f"eventsourcing's ProjectionRunner: {FACTS / theirs:.0f} s (scaled)",
        },
    }


if __name__ == "__main__":
    import json
    import tempfile
    from pathlib import Path

    from dziennik.postgres.embedded import embedded

    with tempfile.TemporaryDirectory(prefix="dziennik-bench-") as folder, embedded(Path(folder)) as server:
        print(json.dumps(run(server), indent=1))
