"""How soon is somebody told, and what does an announcement to a whole school cost?

The school of bench.messages (1,601 people). Measured: from a grade's command until its notice is in the list
of a parent, with follower and notifier running as in the server; how many notices a parent with 500 has not
seen; an announcement to all, until it is in the journal and until everybody has been told. Against tables
written by hand, which know nothing of rights and history.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from threading import Event
from time import perf_counter
from typing import Any

import psycopg

from bench.messages import SCHOOL, beginning, fill, seconds, settings, timed
from dziennik.app import System
from dziennik.application.register import Accepted
from dziennik.contracts import board, classes, grades, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.refusals import Refusal
from dziennik.graphql.executing import Executor
from dziennik.notifying.notice import Matter, What
from dziennik.notifying.notifier import TOLD
from dziennik.notifying.store import News
from dziennik.projections.models import MODELS
from dziennik.projections.rebuild import rebuild

EARLIER, GRADES, ANNOUNCEMENTS = 500, 40, 7
TODAY = datetime.now(UTC).date()
OFFICE = Actor(account="bench", role=Role.SYSTEM)
DIRECTOR = Actor(account="director", role=Role.DIRECTOR, person="d")
TEACHER = Actor(account="teacher", role=Role.TEACHER, person="t0")
UNREAD = f'{{ unreadNotifications(school: "{SCHOOL}") }}'
LIST = f'{{ myNotifications(school: "{SCHOOL}", first: 50) {{ edges {{ node {{ text position }} }} }} }}'

TABLES = """
CREATE TABLE notice (id bigserial, person_id text NOT NULL, at timestamptz NOT NULL, what text NOT NULL,
  entry text NOT NULL, read_at timestamptz, PRIMARY KEY (person_id, id));
CREATE INDEX ON notice (person_id) WHERE read_at IS NULL;
CREATE TABLE reader (person_id text PRIMARY KEY);
CREATE TABLE announcement (id text PRIMARY KEY, title text NOT NULL, body text NOT NULL);
"""
SQL_UNREAD = "SELECT count(*)::text FROM notice WHERE person_id = %(who)s AND read_at IS NULL"
SQL_ANNOUNCE = """
WITH posted AS (INSERT INTO announcement VALUES (%(id)s, 'Zebranie', 'W czwartek o 17:30.') RETURNING id)
INSERT INTO notice (person_id, at, what, entry)
SELECT r.person_id, now(), 'announcement', posted.id FROM posted, reader r"""


def carried_out(system: System, command: Command, actor: Actor) -> int:
    """The position at which the command's facts stand."""
    outcome = system.register(SCHOOL).execute(command, actor=actor)
    if not isinstance(outcome, Accepted) or not outcome.facts:
        raise AssertionError((command, outcome))
    return outcome.position


def build(system: System) -> str:
    """The school and a teacher of the first class; the account of a parent there."""
    journal = system.found(SCHOOL).journal
    fill(journal, beginning())
    for command in (
        school.IntroduceSubject(subject_id="mat", name="Matematyka", short_name="mat"),
        classes.AssignTeaching(
            assignment_id="a", unit_id="c0", subject_id="mat", teacher_id="t0", since=date(2025, 9, 1)
        ),
    ):
        carried_out(system, command, OFFICE)
    rebuild(system.conninfo, journal, *MODELS)
    account = system.accounts.open_account("parent.bench", "a password of the bench", by=OFFICE)
    if isinstance(account, Refusal):
        raise TypeError(account.code)
    carried_out(system, people.LinkAccount(person_id="m0", account_id=account), OFFICE)
    system.follower.run_once(SCHOOL)
    system.notifier.run_once(SCHOOL)
    return account


def told_before(system: System) -> None:
    """Notices of earlier times: as many as a busy year has."""
    head = system.notices.told(SCHOOL) or 0
    at = datetime.now(UTC) - timedelta(days=1)
    matters = [Matter(What.MESSAGE_SENT, -n, at, f"m{n}", f"t{n}") for n in range(1, EARLIER + 1)]
    system.notices.tell(SCHOOL, head, head, [News(matter, ["m0"]) for matter in matters])


def grade(number: int) -> grades.GiveGrade:
    """A grade of the child of m0."""
    return grades.GiveGrade(
        grade_id=f"g{number}",
        unit_id="c0",
        class_id="c0",
        assignment_id="a",
        pupil_id="p0",
        value="5",
        category_id="test",
        on=TODAY,
    )


def latencies(system: System, shown: Callable[[int], bool]) -> tuple[list[float], list[float]]:
    """Milliseconds from a grade's command to its notice, and to its place in the gradebook alone."""
    told, seen = [], []
    for number in range(GRADES):
        start = perf_counter()
        position = carried_out(system, grade(number), TEACHER)
        system.read_models.wait_until(SCHOOL, "gradebook", position)
        seen.append((perf_counter() - start) * 1000)
        if not system.notifier.progress.wait_until(SCHOOL, TOLD, position, 10):
            raise AssertionError("nobody was told")
        told.append((perf_counter() - start) * 1000)
        if not shown(position):
            raise AssertionError("the notice is not in the list")
        Event().wait(0.02)
    return told[5:], seen[5:]


def announce(system: System, number: int) -> tuple[float, float]:
    """Seconds until an announcement to all is in the journal, and until everybody was told of it."""
    command = board.PostAnnouncement(
        announcement_id=f"n{number}",
        title="Zebranie",
        text="W czwartek o 17:30.",
        until=TODAY,
        confirm=True,
    )
    start = perf_counter()
    position = carried_out(system, command, DIRECTOR)
    accepted = perf_counter() - start
    if not system.notifier.progress.wait_until(SCHOOL, TOLD, position, 30):
        raise AssertionError("nobody was told")
    return accepted, perf_counter() - start - accepted


def run(dsn: str) -> dict[str, dict[str, Any]]:
    system = System(settings(dsn), dsn)
    account = build(system)
    told_before(system)
    executor = Executor(system, explore=True)

    def graphql(query: str) -> Any:  # noqa: ANN401
        answer = executor.answer(query, None, None, account_id=account, language="pl")
        return json.loads(answer)["data"]

    def shown(position: int) -> bool:
        edges = graphql(LIST)["myNotifications"]["edges"]
        return any(edge["node"]["position"] == position for edge in edges)

    system.follower.start()
    system.notifier.start()
    try:
        told, seen = latencies(system, shown)
        announced = [announce(system, number) for number in range(ANNOUNCEMENTS)][1:]
    finally:
        system.notifier.stop()
        system.follower.stop()
    notices = system.notices.of_person(SCHOOL, "m0", ["p0", "p500"], TODAY, limit=10_000)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(TABLES)
        connection.execute(
            "INSERT INTO notice (person_id, at, what, entry) SELECT 'm0', now(), 'x', n::text"
            " FROM generate_series(1, %s) AS n",
            [len(notices)],
        )
        connection.execute(
            "INSERT INTO reader SELECT format('r%%s', n) FROM generate_series(1, 1600) AS n", []
        )
        connection.prepare_threshold = 1
        unread_ms, unread = timed(lambda: graphql(UNREAD))
        unread_sql, by_sql = timed(lambda: connection.execute(SQL_UNREAD, {"who": "m0"}).fetchone())
        sql = [
            seconds(lambda n=n: connection.execute(SQL_ANNOUNCE, {"id": f"n{n}"}))  # type: ignore[misc]
            for n in range(ANNOUNCEMENTS)
        ]
    if unread["unreadNotifications"] != int(by_sql[0]):
        raise AssertionError((unread, by_sql))
    system.close()
    accepted, everybody = (median(each) for each in zip(*announced, strict=True))
    return {
        "notify.fact_to_notice.ms": {
            "value": median(told),
            "unit": "ms",
            "baseline": f"{median(seen):.1f} ms until the grade is in the gradebook, in the same run",
            "limit": "ten read models are waited for, the facts read once more, one more transaction",
        },
        "notify.announcement_to_1600.s": {
            "value": accepted + everybody,
            "unit": "s",
            "baseline": f"{accepted:.3f} s until it is in the journal, {everybody:.3f} s more until all know",
        },
        "notify.announcement_to_1600.ratio_to_raw_sql": {
            "value": median(sql) / (accepted + everybody),
            "unit": "x",
            "baseline": f"hand-written SQL, one statement without history, {median(sql) * 1000:.0f} ms",
        },
        "notify.unread.ratio_to_raw_sql": {
            "value": unread_sql / unread_ms,
            "unit": "x",
            "baseline": f"hand-written SQL, {unread_sql:.2f} ms; over GraphQL {unread_ms:.2f} ms",
            "limit": "who asks, and over whom they have rights today, is asked first",
        },
    }


if __name__ == "__main__":
    print(json.dumps(run(os.environ["BENCH_DSN"]), indent=2))
