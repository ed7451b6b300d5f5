"""What writers write under torture, and how one of them is run as a process of its own.

Each command registers one person in a stream of their own: one to four facts, some sealed; all of it follows
from the writer's name and a number, so that a checker knows what must be there. A writer notes in a file what
it is about to write and what it was told; killed and started again it settles what was left open.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout

from dziennik.contracts.envelope import Actor, Origin, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.people import ContactDetailsRecorded, PersonRegistered, PersonRenamed, RoleTaken
from dziennik.journal.journal import CommandReused, Draft, Journal, Unsettled, VersionConflict
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

SCHOOL = "tortured"
KEYRING = Keyring(bytes(range(32)))
ACTOR = Actor(account="torture", role=Role.SYSTEM)
TEN_YEARS = timedelta(days=3653)


def facts_of(name: str, number: int) -> tuple[Fact, ...]:
    """The facts of a writer's command."""
    person = f"{name}-{number}"
    told: list[Fact] = [
        PersonRegistered(person_id=person, given_names=f"Imię {number}", family_name=f"Nazwisko {name}"),
        RoleTaken(person_id=person, role=Role.PUPIL, since=date(2026, 9, 1)),
        ContactDetailsRecorded(person_id=person, email=f"{number}@{name}"),
        PersonRenamed(person_id=person, given_names="Nowe", family_name=f"Imię {number}", reason="ślub"),
    ]
    return tuple(told[: 1 + number % 4])


def stream_of(name: str, number: int) -> str:
    return f"person/{name}-{number}"


def own_jump(number: int) -> timedelta:
    """Every fifth command comes from a clock that is ten years ahead or behind."""
    return TEN_YEARS * (number % 3 - 1) if number % 5 == 0 else timedelta()


def origin_of(name: str, number: int) -> Origin:
    return Origin(
        command_id=f"{name}/{number}", actor=ACTOR, recorded_at=datetime.now(UTC) + own_jump(number)
    )


def give(journal: Journal, name: str, number: int) -> tuple[int, int]:
    """Write a command, or be told where it stands."""
    draft = Draft(stream_of(name, number), 0, facts_of(name, number))
    done = journal.append([draft], origin_of(name, number))
    return done.first_position, done.last_position


def noted(log: Path) -> tuple[dict[int, tuple[int, int]], set[int], list[str]]:
    """(what was acknowledged and where, what was tried, false conflicts) by a writer's notes."""
    acknowledged: dict[int, tuple[int, int]] = {}
    tried: set[int] = set()
    false: list[str] = []
    for line in log.read_text("utf-8").split("\n") if log.exists() else ():
        what, *rest = line.split(" ")
        with suppress(ValueError):  # a line that the kill cut off
            if what == "try":
                tried.add(int(rest[0]))
            elif what == "ok" and len(rest) == 4:  # the last word says that the line is whole
                acknowledged[int(rest[0])] = (int(rest[1]), int(rest[2]))
            elif what == "false":
                false.append(line)
    return acknowledged, tried, false


def numbers(log: Path) -> Iterator[int]:
    """What is to be written next: first what was left open, then new ones without end."""
    acknowledged, tried, _ = noted(log)
    yield from sorted(tried - acknowledged.keys())
    number = max(tried, default=-1) + 1
    while True:
        yield number
        number += 1


def write(dsn: str, name: str, log: Path) -> None:
    """Write until killed."""
    journal = _journal(dsn)
    with log.open("a", encoding="utf-8") as notes:
        notes.write("\n")
        for number in numbers(log):
            print(f"try {number}", file=notes, flush=True)
            while True:
                try:
                    first, last = give(journal, name, number)
                except (Unsettled, psycopg.OperationalError, PoolTimeout):
                    time.sleep(random.random() / 20)
                except (VersionConflict, CommandReused) as fault:
                    print(f"false {number} {fault}", file=notes, flush=True)
                    break
                else:
                    print(f"ok {number} {first} {last} .", file=notes, flush=True)
                    break


def _journal(dsn: str) -> Journal:
    """The school's, however often the server goes away meanwhile."""
    while True:
        with suppress(psycopg.OperationalError):
            journals = Journals(dsn, keyring=KEYRING, patience=1.0)
            break
        time.sleep(0.05)
    while True:
        with suppress(psycopg.OperationalError):
            return journals.school(SCHOOL)


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
