"""How long does a letter to a whole school take, and how long does everybody's mailbox?

A school of 1,600 people (550 pupils, 1,000 parents, 50 teachers) with 20,000 messages of a year: letters to
a class's parents and their answers. Measured: one command that writes to all 1,600, until it is in the
journal and until it lies in all mailboxes; a page of 50 threads of a teacher with 2,000; the number of unread
messages. Against the same in tables written by hand, of which one has everything but the journal.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import psycopg

from dziennik.app import System
from dziennik.application.register import Accepted
from dziennik.contracts import classes, message_commands, messages, people, school, streams
from dziennik.contracts.envelope import Actor, Origin, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.messages import Audience, AudienceKind
from dziennik.contracts.people import Guardianship
from dziennik.contracts.refusals import Refusal
from dziennik.graphql.executing import Executor
from dziennik.journal.journal import Draft, Journal
from dziennik.projections.models import MODELS
from dziennik.projections.rebuild import rebuild
from dziennik.settings import Settings

SCHOOL = "bench"
PUPILS, PARENTS, TEACHERS, CLASSES = 550, 1_000, 50, 22
LETTERS, THREADS, ROUNDS, SENDS = 20_000, 2_000, 60, 7
FIRST = date(2025, 9, 1)
START = datetime(2025, 9, 1, 6, tzinfo=UTC)
OFFICE = Actor(account="bench", role=Role.SYSTEM)
BODY = "Szanowni Państwo, w piątek jedziemy do muzeum. Zbiórka o ósmej przed szkołą. " * 4
ALL = (AudienceKind.ALL_TEACHERS, AudienceKind.ALL_PARENTS, AudienceKind.ALL_PUPILS)
INBOX = """{ myThreads(school: "bench", box: RECEIVED, first: 50) { totalCount
  pageInfo { hasNextPage endCursor }
  edges { cursor node { id subject unread messages openedBy { id name }
    last { id body sender { id name } sentAt readAt importance withdrawn { at } } } } } }"""
UNREAD = '{ myMailbox(school: "bench") { unread } }'

TABLES = """
CREATE TABLE person (id text PRIMARY KEY, name text NOT NULL);
CREATE TABLE role (person_id text NOT NULL, role text NOT NULL, since date NOT NULL, until date);
CREATE TABLE thread (id text PRIMARY KEY, subject text NOT NULL, opened_by text NOT NULL);
CREATE TABLE message (id bigserial PRIMARY KEY, thread_id text NOT NULL, sender_id text NOT NULL,
  sent_at timestamptz NOT NULL, body text NOT NULL, importance text NOT NULL, withdrawn_at timestamptz);
CREATE TABLE receipt (message_id bigint NOT NULL, person_id text NOT NULL, thread_id text NOT NULL,
  read_at timestamptz, PRIMARY KEY (person_id, message_id));
CREATE INDEX ON receipt (message_id);
CREATE INDEX ON receipt (person_id) WHERE read_at IS NULL;
CREATE INDEX ON message (thread_id);
CREATE INDEX ON role (role);
"""
SQL_INBOX = """
SELECT json_build_object(
  'totalCount', (SELECT count(DISTINCT thread_id) FROM receipt WHERE person_id = %(who)s),
  'edges', (SELECT json_agg(json_build_object('id', t.id, 'subject', t.subject, 'unread', mine.unread,
      'messages', mine.messages, 'openedBy', json_build_object('id', o.id, 'name', o.name),
      'last', json_build_object('id', m.id, 'body', m.body, 'sentAt', m.sent_at, 'readAt', r.read_at,
        'importance', m.importance, 'withdrawn', m.withdrawn_at,
        'sender', json_build_object('id', s.id, 'name', s.name))) ORDER BY m.id DESC)
    FROM (SELECT thread_id, max(message_id) AS last, count(*) AS messages,
        count(*) FILTER (WHERE read_at IS NULL) AS unread
      FROM receipt WHERE person_id = %(who)s GROUP BY thread_id ORDER BY last DESC LIMIT 50) mine
    JOIN message m ON m.id = mine.last JOIN receipt r ON r.message_id = m.id AND r.person_id = %(who)s
    JOIN thread t ON t.id = mine.thread_id JOIN person o ON o.id = t.opened_by
    JOIN person s ON s.id = m.sender_id))::text"""
SQL_UNREAD = "SELECT count(*)::text FROM receipt WHERE person_id = %(who)s AND read_at IS NULL"
SQL_SEND = """
WITH opened AS (INSERT INTO thread VALUES (%(thread)s, 'Wycieczka', 't0')),
  sent AS (INSERT INTO message (thread_id, sender_id, sent_at, body, importance)
    VALUES (%(thread)s, 't0', now(), %(body)s, 'normal') RETURNING id)
INSERT INTO receipt (message_id, person_id, thread_id)
SELECT sent.id, r.person_id, %(thread)s FROM sent, (SELECT DISTINCT person_id FROM role
  WHERE since <= current_date AND (until IS NULL OR until >= current_date) AND person_id <> 't0') r"""

Told = tuple[str, list[Fact]]


def who() -> Iterator[tuple[str, Role]]:
    """Everybody, and what they are."""
    yield from ((f"p{n}", Role.PUPIL) for n in range(PUPILS))
    yield from ((f"m{n}", Role.PARENT) for n in range(PARENTS))
    yield from ((f"t{n}", Role.TEACHER) for n in range(TEACHERS))
    yield "d", Role.DIRECTOR


def beginning() -> Iterator[Told]:
    yield (
        streams.SCHOOL,
        [
            school.SchoolFounded(school_id=SCHOOL, name="Szkoła", short_name="S"),
            school.SchoolYearOpened(year_id="y", name="2025/2026", starts=FIRST, ends=date(2099, 8, 31)),
        ],
    )
    for person, role in who():
        facts: list[Fact] = [
            people.PersonRegistered(person_id=person, given_names="Jan", family_name=f"Nowak {person}"),
            people.RoleTaken(person_id=person, role=role, since=FIRST),
        ]
        if role is Role.PUPIL:
            number = int(person[1:])
            facts += [
                people.ParentalRightsGranted(
                    pupil_id=person,
                    parent_id=f"m{(2 * number + one) % PARENTS}",
                    guardianship=Guardianship.PARENT,
                    since=FIRST,
                )
                for one in (0, 1)
            ]
        yield streams.person(person), facts
    for number in range(CLASSES):
        opened: list[Fact] = [
            classes.ClassOpened(class_id=f"c{number}", year_id="y", name=f"{number}a", level=4)
        ]
        opened += [
            classes.PupilEnrolled(class_id=f"c{number}", pupil_id=f"p{pupil}", since=FIRST, number=place)
            for place, pupil in enumerate(range(number, PUPILS, CLASSES), 1)
        ]
        yield streams.unit(f"c{number}"), opened


def letters() -> Iterator[tuple[str, str, str, str | None, tuple[str, ...]]]:
    """(thread, message, sender, answered, recipients): a letter to 25 parents by turns, and nine answers."""
    written = 0
    for number in range(THREADS):
        parents = tuple(f"m{(number * 25 + one) % PARENTS}" for one in range(25))
        yield f"h{number}", f"w{written}", "t0", None, parents
        for one in range(LETTERS // THREADS - 1):
            yield f"h{number}", f"w{written + one + 1}", parents[one], f"w{written}", ("t0",)
        written += LETTERS // THREADS


def correspondence() -> Iterator[Told]:
    for thread, message, sender, answered, recipients in letters():
        facts: list[Fact] = []
        if answered is None:
            facts.append(
                messages.ThreadOpened(
                    thread_id=thread, opened_by=sender, concerns_id=sender, subject="Wycieczka"
                )
            )
        facts.append(
            messages.MessageSent(
                thread_id=thread,
                message_id=message,
                sender_id=sender,
                concerns_id=sender,
                body=BODY,
                recipient_ids=recipients,
                named_ids=recipients if answered else (),
                reply_to=answered,
            )
        )
        yield streams.thread(thread), facts


def fill(journal: Journal, told: Iterator[Told]) -> None:
    versions: dict[str, int] = {}
    batch: dict[str, list[Fact]] = {}

    def write() -> None:
        at = START + timedelta(seconds=sum(versions.values()))
        origin = Origin(command_id=f"k{journal.position()}", actor=OFFICE, recorded_at=at)
        journal.append([Draft(s, versions.get(s, 0), tuple(facts)) for s, facts in batch.items()], origin)
        for stream, facts in batch.items():
            versions[stream] = versions.get(stream, 0) + len(facts)
        batch.clear()

    for stream, facts in told:
        batch.setdefault(stream, []).extend(facts)
        if sum(map(len, batch.values())) > 2_000:
            write()
    if batch:
        write()


def by_hand(connection: psycopg.Connection[Any]) -> None:
    """The same mailboxes in tables as one writes them by hand."""
    connection.execute(TABLES)
    with connection.cursor() as cursor:
        with cursor.copy("COPY person FROM STDIN") as copy:
            for person, _ in who():
                copy.write_row((person, f"Jan Nowak {person}"))
        with cursor.copy("COPY role FROM STDIN") as copy:
            for person, role in who():
                copy.write_row((person, role.value, FIRST, None))
        with cursor.copy("COPY thread FROM STDIN") as copy:
            for thread, _, sender, answered, _ in letters():
                if answered is None:
                    copy.write_row((thread, "Wycieczka", sender))
        with cursor.copy(
            "COPY message (id, thread_id, sender_id, sent_at, body, importance) FROM STDIN"
        ) as copy:
            for number, (thread, _, sender, _, _) in enumerate(letters(), 1):
                copy.write_row((number, thread, sender, START + timedelta(seconds=number), BODY, "normal"))
        with cursor.copy("COPY receipt FROM STDIN") as copy:
            for number, (thread, _, _, _, recipients) in enumerate(letters(), 1):
                for person in recipients:
                    copy.write_row((number, person, thread, None))
    connection.execute("SELECT setval('message_id_seq', 100000)")
    connection.execute("ANALYZE")


def settings(dsn: str) -> Settings:
    folder = Path(mkdtemp())
    return Settings(
        data_dir=folder,
        database_url=dsn,
        master_key=bytes(32),
        token_key=bytes(range(32)),
        proof_key=bytes(range(1, 33)),
        push_key=bytes(range(2, 34)),
        proof_dir=folder / "proofs",
        explore=True,
    )


def timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    """(median of the milliseconds a question takes, its last answer), after warming up."""
    answer = [ask() for _ in range(5)][-1]
    took = []
    for _ in range(ROUNDS):
        start = perf_counter()
        answer = ask()
        took.append((perf_counter() - start) * 1000)
    return median(took), answer


def seconds(done: Callable[[], Any]) -> float:
    start = perf_counter()
    done()
    return perf_counter() - start


def build(system: System) -> str:
    """The school in journal and read models; the account of the teacher t0."""
    journal = system.found(SCHOOL).journal
    fill(journal, beginning())
    fill(journal, correspondence())
    rebuild(system.conninfo, journal, *MODELS)
    account = system.accounts.open_account("teacher.bench", "a password of the bench", by=OFFICE)
    if isinstance(account, Refusal):
        raise TypeError(account.code)
    system.register(SCHOOL).execute(people.LinkAccount(person_id="t0", account_id=account), actor=OFFICE)
    system.follower.run_once(SCHOOL)
    return account


def send(system: System, number: int) -> None:
    command = message_commands.SendMessage(
        thread_id=f"all{number}",
        message_id=f"all{number}",
        subject="Wycieczka",
        body=BODY,
        audiences=tuple(Audience(kind=kind) for kind in ALL),
    )
    director = Actor(account="director", role=Role.DIRECTOR, person="d")
    outcome = system.register(SCHOOL).execute(command, actor=director)
    if not isinstance(outcome, Accepted) or outcome.facts != 2:
        raise AssertionError(outcome)


def run(dsn: str) -> dict[str, dict[str, Any]]:
    system = System(settings(dsn), dsn)
    account = build(system)
    executor = Executor(system, explore=True)

    def graphql(query: str) -> Any:  # noqa: ANN401
        return executor.answer(query, None, None, account_id=account, language="pl")

    with psycopg.connect(dsn, autocommit=True) as connection:
        by_hand(connection)
        connection.prepare_threshold = 1
        inbox_ms, inbox = timed(lambda: graphql(INBOX))
        inbox_sql, sql_inbox = timed(lambda: connection.execute(SQL_INBOX, {"who": "t0"}).fetchone())
        unread_ms, unread = timed(lambda: graphql(UNREAD))
        unread_sql, sql_unread = timed(lambda: connection.execute(SQL_UNREAD, {"who": "t0"}).fetchone())
        first = seconds(lambda: send(system, 0)), seconds(lambda: system.follower.run_once(SCHOOL))
        sent = [
            (seconds(lambda n=n: send(system, n)), seconds(lambda: system.follower.run_once(SCHOOL)))  # type: ignore[misc]
            for n in range(1, SENDS)
        ]
        sql = [
            seconds(lambda n=n: connection.execute(SQL_SEND, {"thread": f"x{n}", "body": BODY}))  # type: ignore[misc]
            for n in range(SENDS)
        ]
    shown, told = json.loads(inbox)["data"]["myThreads"], json.loads(sql_inbox[0])
    if [edge["node"]["id"] for edge in shown["edges"]] != [edge["id"] for edge in told["edges"]]:
        raise AssertionError("the hand-written SQL shows another mailbox")
    if json.loads(unread)["data"]["myMailbox"]["unread"] != int(sql_unread[0]):
        raise AssertionError("another number of unread messages")
    system.close()
    accepted, delivered = (median(each) for each in zip(*sent, strict=True))
    by_sql = median(sql)
    return {
        "messages.send_to_1600.s": {
            "value": accepted + delivered,
            "unit": "s",
            "baseline": f"goal below 2 s; {accepted:.2f} s until it is in the journal, {delivered:.2f} s more"
            f" until it lies in 1,600 mailboxes; the first of a process {sum(first):.2f} s",
            "limit": "1,600 rows in each of three tables",
        },
        "messages.send_to_1600.ratio_to_raw_sql": {
            "value": by_sql / (accepted + delivered),
            "unit": "x",
            "baseline": f"hand-written SQL, one statement without history, {by_sql * 1000:.0f} ms",
        },
        "messages.inbox.ms": {
            "value": inbox_ms,
            "unit": "ms",
            "baseline": f"none; 50 of {shown['totalCount']} threads, {len(inbox) // 1000} kB",
            "limit": "asking PostgreSQL for threads, last messages and names",
        },
        "messages.inbox.ratio_to_raw_sql": {
            "value": inbox_sql / inbox_ms,
            "unit": "x",
            "baseline": f"hand-written SQL returning the JSON, {inbox_sql:.1f} ms",
        },
        "messages.unread.ratio_to_raw_sql": {
            "value": unread_sql / unread_ms,
            "unit": "x",
            "baseline": f"hand-written SQL, {unread_sql:.2f} ms; over GraphQL {unread_ms:.2f} ms",
        },
    }


if __name__ == "__main__":
    print(json.dumps(run(os.environ["BENCH_DSN"]), indent=2))
