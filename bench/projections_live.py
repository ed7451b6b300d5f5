"""How long until what a teacher wrote can be read?

200 appends a second for ten seconds, each a grade of its own command by one of eight writers; a follower in
the same process feeds all read models. Measured from the commit (and from the call) to the moment a reader
who waits for the position is told that the gradebook shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from queue import Queue
from threading import Lock, Thread
from time import perf_counter, sleep
from typing import Any
from uuid import uuid4

from dziennik.contracts import streams
from dziennik.contracts.classes import ClassOpened
from dziennik.contracts.envelope import Actor, Origin, Role
from dziennik.contracts.grades import GradeGiven
from dziennik.contracts.school import GradingRulesSet
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.defaults import USUAL_GRADING
from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections.follower import Follower
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.models import MODELS
from dziennik.projections.reading import ReadModels

RATE, SECONDS, WARM_UP, WRITERS = 200, 10, 2, 8
CLASSES, PUPILS, SUBJECTS = 20, 30, 12
TEACHER = Actor(account=str(uuid4()), role=Role.TEACHER, person=str(uuid4()))


def origin() -> Origin:
    """Of a new command."""
    return Origin(command_id=str(uuid4()), actor=TEACHER, recorded_at=datetime.now(UTC))


def grade(number: int) -> tuple[str, GradeGiven]:
    """The first grades of cells all over the school, in turn."""
    unit = f"class-{number % CLASSES}"
    pupil = f"pupil-{unit}-{number // CLASSES % PUPILS}-{number}"
    fact = GradeGiven(
        grade_id=str(uuid4()),
        class_id=unit,
        subject_id=f"subject-{number % SUBJECTS}",
        pupil_id=pupil,
        assignment_id=str(uuid4()),
        teacher_id=str(TEACHER.person),
        kind=GradeKind.CURRENT,
        value="4+",
        category_id=USUAL_GRADING.categories[0].category_id,
        weight=Decimal(3),
        on=date(2026, 9, 1),
    )
    return streams.grades(fact.class_id, fact.subject_id, fact.pupil_id), fact


def prepare(journal: Journal) -> None:
    """Rules and classes."""
    journal.append([Draft(streams.SCHOOL, 0, (GradingRulesSet(year_id="Y", rules=USUAL_GRADING),))], origin())
    for number in range(CLASSES):
        opened = ClassOpened(class_id=f"class-{number}", year_id="Y", name=f"{number}")
        journal.append([Draft(streams.unit(opened.class_id), 0, (opened,))], origin())


def latencies(journal: Journal, visible: Callable[[int], bool]) -> list[tuple[float, float]]:
    """Seconds from the call, and from the commit, until visible; of every append after the warm-up."""
    due: Queue[tuple[int, float] | None] = Queue()
    seen: list[tuple[float, float]] = []
    lock = Lock()

    def work() -> None:
        while (item := due.get()) is not None:
            number, _ = item
            stream, fact = grade(number)
            started = perf_counter()
            position = journal.append([Draft(stream, 0, (fact,))], origin()).last_position
            committed = perf_counter()
            if not visible(position):
                raise TimeoutError(f"position {position} never came")
            now = perf_counter()
            if number >= RATE * WARM_UP:
                with lock:
                    seen.append((now - started, now - committed))

    workers = [Thread(target=work) for _ in range(WRITERS)]
    for worker in workers:
        worker.start()
    begin = perf_counter()
    for number in range(RATE * (SECONDS + WARM_UP)):
        at = begin + number / RATE
        sleep(max(0.0, at - perf_counter()))
        due.put((number, at))
    for _ in workers:
        due.put(None)
    for worker in workers:
        worker.join()
    return seen


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """Percentiles in milliseconds."""
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journal = journals.create_school("bench")
        prepare(journal)
        read_models = ReadModels(dsn)
        follower = Follower(dsn, journals, MODELS, read_models.progress)
        follower.start()
        try:
            seen = latencies(
                journal, lambda position: read_models.wait_until("bench", GRADEBOOK.name, position, 30.0)
            )
        finally:
            follower.stop()
            read_models.close()
    baseline = f"{RATE} appends/s for {SECONDS} s, {len(MODELS)} read models, one process"
    from_commit = sorted(commit for _, commit in seen)
    from_call = sorted(call for call, _ in seen)
    return {
        "live.latency_p50_ms": _figure(from_commit, 0.5, baseline),
        "live.latency_p99_ms": _figure(from_commit, 0.99, baseline),
        "live.append_to_visible_p99_ms": _figure(from_call, 0.99, baseline),
    }


def _figure(sorted_seconds: list[float], share: float, baseline: str) -> dict[str, Any]:
    value = sorted_seconds[int(share * (len(sorted_seconds) - 1))]
    return {
        "value": round(value * 1000, 2),
        "unit": "ms",
        "baseline": baseline,
        "limit": "one transaction a batch and read model, Python",
    }


if __name__ == "__main__":
    import json
    import tempfile
    from pathlib import Path

    from dziennik.postgres.embedded import embedded

    with tempfile.TemporaryDirectory(prefix="dziennik-bench-") as folder, embedded(Path(folder)) as server:
        print(json.dumps(run(server), indent=1))
