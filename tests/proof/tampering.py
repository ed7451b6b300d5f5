"""What a superuser of the database may try, straight in SQL, and where the verifier must point.

Each kind of tampering changes the tables of one school and answers the first position that is then not true
any more (None: there is no position to name, but it must be found all the same). Afterwards the school is put
back, so that thousands of cases need one journal.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from shutil import copytree, rmtree
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from dziennik.contracts.facts import Fact
from dziennik.journal.journal import Journal
from dziennik.journal.schema import school_schema
from dziennik.proof.exporting import export
from dziennik.proof.log import SchoolLog
from dziennik.proof.notes import Signer, checkpoint
from dziennik.verify.exports import verify_export
from dziennik.verify.faults import Outcome, Verdict
from dziennik.verify.notes import key_of
from tests.journal.sample import PUPIL, ZANETA, draft, grade, origin

Connection = psycopg.Connection[Any]
TABLES = ("events", "commands", "head")


def fill(journal: Journal, commands: int, random: Random) -> None:
    """Commands of one to four facts, some with sealed texts, in a few streams."""
    versions: dict[str, int] = {}
    for number in range(commands):
        stream = f"year/c1/grades/s1/p{random.randrange(5)}"
        facts: list[Fact] = [
            grade(number * 10 + i, comment=f"uwaga {number}" if random.random() < 0.5 else None)
            for i in range(random.randint(1, 4))
        ]
        if number == 0:
            stream, facts = "person/p1", [ZANETA, PUPIL]
        expected = versions.get(stream, 0)
        journal.append([draft(stream, expected, *facts)], origin())
        versions[stream] = expected + len(facts)


class Scene:
    """A school, its log, what an auditor kept of it, and its tables as they were."""

    def __init__(self, dsn: str, journal: Journal, log: SchoolLog, folder: Path, random: Random) -> None:
        self.journal, self.log, self.folder, self.random = journal, log, folder, random
        self.key = key_of(log.signer.public)
        fill(journal, 12, random)
        self.early = log.publish()
        fill_more(journal, 8, random)
        self.late = log.publish()
        fill_more(journal, 3, random)  # after the newest checkpoint
        self.head: int = journal.position()
        self._saved = folder.with_name(folder.name + "-saved")
        copytree(folder, self._saved, dirs_exist_ok=True)
        self.connection: Connection = psycopg.connect(dsn, autocommit=True)
        self.schema = Identifier(school_schema(journal.school_id))
        self.connection.execute(SQL("SET search_path = {}").format(self.schema))
        for table in TABLES:
            self.sql(f"CREATE TEMP TABLE saved_{table} AS SELECT * FROM {table}")
            self.sql(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")

    def sql(self, statement: str, *arguments: object) -> list[Any]:
        """Run it; rows, if it gives some."""
        found = self.connection.execute(statement, arguments)
        return found.fetchall() if found.description else []

    def restore(self) -> None:
        """Put tables and files back."""
        with self.connection.transaction():
            for table in TABLES:
                self.sql(f"DELETE FROM {table}")
                self.sql(f"INSERT INTO {table} SELECT * FROM saved_{table}")
        rmtree(self.folder)
        copytree(self._saved, self.folder)

    def verdict(self) -> Verdict:
        """What an auditor finds, who kept nothing but the late checkpoint and the key."""
        lines = list(export(self.log, self.journal, lambda *_: None))
        return verify_export(lines, self.key, [self.late.note])

    def close(self) -> None:
        self.connection.close()


def fill_more(journal: Journal, commands: int, random: Random) -> None:
    """Commands in streams of their own."""
    for _ in range(commands):
        number = random.getrandbits(60)
        facts = [grade(number + i, comment="dobrze") for i in range(random.randint(1, 3))]
        journal.append([draft(f"year/c2/grades/s1/x{number}", 0, *facts)], origin())


def changed_byte(scene: Scene, column: str) -> int:
    """One bit of the stored bytes."""
    position = scene.random.randint(1, scene.late.size)
    size: int = scene.sql(f"SELECT length({column}) FROM events WHERE position = %s", position)[0][0]
    bit = scene.random.randrange(8 * size)
    scene.sql(
        f"UPDATE events SET {column} = set_bit({column}, %s::bigint, 1 - get_bit({column}, %s::bigint))"
        " WHERE position = %s",
        bit, bit, position,
    )  # fmt: skip
    return position


def changed_text(scene: Scene) -> int:
    """Name, stream or version."""
    position = scene.random.randint(1, scene.late.size)
    change = scene.random.choice(
        ("name = name || 'x'", "stream = stream || '/x'", "version = version + 1000", "stream = 'other'")
    )
    scene.sql(f"UPDATE events SET {change} WHERE position = %s", position)
    return position


def changed_clock(scene: Scene) -> int:
    """The fact is said to be older or younger than it is, or of no time at all."""
    position = scene.random.randint(1, scene.late.size)
    change = scene.random.choice(
        ("clock + interval '1 microsecond'", "clock - interval '9 years'", "'infinity'", "'-infinity'")
    )
    scene.sql(f"UPDATE events SET clock = {change} WHERE position = %s", position)
    return position


def removed_row(scene: Scene) -> int:
    position = scene.random.randint(1, scene.late.size)
    scene.sql("DELETE FROM events WHERE position = %s", position)
    return position


def swapped_ciphertexts(scene: Scene) -> int:
    """The contents of two facts of one kind change places."""
    rows = scene.sql(
        "SELECT position FROM events WHERE position <= %s AND name = 'grades.grade_given.1'", scene.late.size
    )
    positions: list[int] = [position for (position,) in rows]
    one, two = sorted(scene.random.sample(positions, 2))
    scene.sql(
        "UPDATE events SET state = other.state FROM events AS other"
        " WHERE (events.position, other.position) IN ((%s, %s), (%s, %s))",
        one, two, two, one,
    )  # fmt: skip
    return one


def reordered(scene: Scene) -> int:
    """Two facts change positions."""
    one, two = sorted(scene.random.sample(range(1, scene.late.size + 1), 2))
    scene.sql("UPDATE events SET position = -1 WHERE position = %s", one)
    scene.sql("UPDATE events SET position = %s WHERE position = %s", one, two)
    scene.sql("UPDATE events SET position = %s WHERE position = -1", two)
    return one


def appended_behind(scene: Scene) -> int:
    """A fact written past the recorder: the row alone, with the counter, or with its command as well."""
    level = scene.random.randrange(3)
    position = scene.head + 1
    command = f"forged-{scene.random.getrandbits(60)}"
    [(said, state)] = scene.sql("SELECT origin, state FROM events WHERE position = %s", scene.head)
    said = said.replace(
        scene.journal.evidence.read(scene.head - 1, 1)[0].command_id.encode(), command.encode()
    )
    scene.sql(
        "INSERT INTO events (position, clock, version, stream, name, origin, state)"
        " SELECT %s, clock, 1, %s, 'grades.grade_given.1', %s, %s FROM head",
        position, f"forged/{position}", said, state,
    )  # fmt: skip
    if level > 0:
        scene.sql("UPDATE head SET position = %s", position)
    if level > 1:
        scene.sql(
            "INSERT INTO commands SELECT %s, %s, %s, digest FROM commands WHERE last_position = %s",
            position, position, command, scene.head,
        )  # fmt: skip
    return position


def put_in_front(scene: Scene) -> int:
    """A fact at a position that no reader by position ever meets, in a stream that decisions read."""
    position = -scene.random.randrange(5)
    scene.sql(
        "INSERT INTO events SELECT %s, clock, 900, stream, name, origin, state"
        " FROM events WHERE position = 3",
        position,
    )
    return position


def cut_tail(scene: Scene) -> int:
    """The last facts never were: their rows, and also their commands and the counter."""
    last = scene.random.randint(0, scene.late.size - 1)
    scene.sql("DELETE FROM events WHERE position > %s", last)
    if scene.random.random() < 0.3:
        return last + 1
    scene.sql("UPDATE head SET position = %s", last)
    gone = scene.sql("DELETE FROM commands WHERE last_position > %s RETURNING first_position", last)
    return int(
        min(first for (first,) in gone)
    )  # a command that was cut in the middle is false from its start


def cut_and_grown(scene: Scene) -> int:
    """The tail is cut at a command's end, and the register goes on as if nothing had happened."""
    ends = scene.sql("SELECT last_position FROM commands WHERE last_position < %s", scene.late.size)
    last: int = scene.random.choice([end for (end,) in ends])
    scene.sql("DELETE FROM events WHERE position > %s", last)
    scene.sql("DELETE FROM commands WHERE last_position > %s", last)
    scene.sql("UPDATE head SET position = %s", last)
    fill_more(scene.journal, 20, scene.random)
    return last + 1


def edited_head(scene: Scene) -> int | None:
    """The counter says something else, or is gone."""
    wrong: int = scene.random.choice([*range(scene.head), scene.head + 1, scene.head + 1000])
    if scene.random.random() < 0.1:
        scene.sql("DELETE FROM head")
        return 0
    scene.sql("UPDATE head SET position = %s", wrong)
    return min(wrong, scene.head) + 1


def edited_command(scene: Scene) -> int:
    """The register of commands: a row is gone, or says other positions."""
    rows = scene.sql("SELECT first_position FROM commands WHERE last_position <= %s", scene.late.size)
    first = scene.random.choice(rows)[0]
    change = scene.random.choice(
        ("DELETE FROM commands", "UPDATE commands SET first_position = first_position + 1")
    )
    scene.sql(f"{change} WHERE first_position = %s", first)
    return int(first)


def replaced_checkpoint(scene: Scene) -> int | None:
    """A fact is changed, and the newest checkpoint replaced by one that another key signed for it."""
    position = changed_byte(scene, "state")
    forger = Signer(scene.log.origin, scene.random.randbytes(32))
    note = forger.signed(checkpoint(scene.log.origin, scene.late.size, scene.random.randbytes(32)))
    (scene.folder / "checkpoints" / f"{scene.late.size:015}").write_text(note, encoding="utf-8")
    (scene.folder / "checkpoint").write_text(note, encoding="utf-8")
    return position


def rolled_back_checkpoint(scene: Scene) -> int:
    """A fact is changed and the newest checkpoint taken away, so that the log goes on from the early one."""
    position = scene.random.randint(1, scene.late.size)
    scene.sql(
        "UPDATE events SET state = set_byte(state, 9, 65 + get_byte(state, 9) %% 9) WHERE position = %s",
        position,
    )
    (scene.folder / "checkpoints" / f"{scene.late.size:015}").unlink()
    return position


KINDS: dict[str, Callable[[Scene], int | None]] = {
    "changed byte of a fact": lambda scene: changed_byte(scene, "state"),
    "changed byte of an envelope": lambda scene: changed_byte(scene, "origin"),
    "changed name, stream or version": changed_text,
    "changed clock": changed_clock,
    "removed row": removed_row,
    "swapped ciphertexts": swapped_ciphertexts,
    "reordered": reordered,
    "appended behind the recorder": appended_behind,
    "put in front": put_in_front,
    "tail cut": cut_tail,
    "tail cut and grown again": cut_and_grown,
    "head row edited": edited_head,
    "commands edited": edited_command,
    "checkpoint replaced": replaced_checkpoint,
    "checkpoint taken away": rolled_back_checkpoint,
}


def case(scene: Scene, kind: str) -> str | None:
    """Try one case; what is wrong with the verdict, or None."""
    try:
        expected = KINDS[kind](scene)
        verdict = scene.verdict()
    finally:
        scene.restore()
    if verdict.outcome is not Outcome.BROKEN:
        return f"{verdict.outcome.name} {verdict.findings}"
    if expected and verdict.first_bad != expected:
        return f"points to {verdict.first_bad} instead of {expected}: {verdict.findings}"
    return None


def scene_of(dsn: str, journal: Journal, folder: Path, seed: int) -> Scene:
    """A scene with a log of its own in the folder."""
    log = SchoolLog(folder, journal, Signer(f"dziennik/{journal.school_id}", bytes(32)))
    return Scene(dsn, journal, log, folder, Random(seed))
