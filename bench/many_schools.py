"""What does it cost that there are many schools when somebody asks who they are?

`me` of a parent with a child in one school, over GraphQL, where there is one school and where there are
2,000; and the same answered by asking every school in turn, as one does without a directory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import psycopg

from dziennik.app import System
from dziennik.application.register import Accepted
from dziennik.contracts import people
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.graphql.executing import Executor
from dziennik.projections.models import MODELS
from dziennik.projections.rebuild import rebuild
from dziennik.settings import Settings

SCHOOL, OTHERS, ROUNDS = "bench", 1_999, 200
ME = "{ me { accountId identities { school roles } } }"
ACCOUNT = "account-parent"
OFFICE = Actor(account="bench", role=Role.SYSTEM)
_ANOTHER = """
CREATE SCHEMA "school_NAME"; CREATE TABLE "school_NAME".events ();
CREATE SCHEMA "read_NAME";
CREATE TABLE "read_NAME".positions (
    model text, version integer, position bigint, PRIMARY KEY (model, version)
);
INSERT INTO "read_NAME".positions
    VALUES ('people', 3, 9), ('structure', 1, 9), ('accounts', 1, 9), ('audits', 1, 9);
"""


def run(dsn: str) -> dict[str, Any]:
    """The figures."""
    folder = Path(mkdtemp(prefix="dziennik-bench-"))
    settings = Settings(
        data_dir=folder,
        database_url=dsn,
        token_key=os.urandom(32),
        master_key=bytes(32),
        proof_key=bytes(32),
        push_key=bytes(range(2, 34)),
        proof_dir=folder / "proofs",
    )
    system = System(settings, dsn)
    try:
        _people(system, dsn)
        executor = Executor(system)
        alone = _milliseconds(lambda: _ask(executor))
        _found(dsn)
        among = _milliseconds(lambda: _ask(executor))
        each = _milliseconds(lambda: _one_by_one(system), rounds=5)
    finally:
        system.close()
    return {
        "me_among_2000_schools_ms": {
            "value": among,
            "unit": "ms",
            "baseline": f"{alone:.2f} ms with one school: {among / alone:.2f} times as long",
            "limit": "one look into the directory, then the schools that it names",
        },
        "me_asking_every_school_ms": {
            "value": each,
            "unit": "ms",
            "baseline": "the same question put to each of 2,000 schools",
        },
    }


def _people(system: System, dsn: str) -> None:
    register = system.found(SCHOOL)
    commands: list[Command] = [
        people.RegisterPerson(
            person_id="parent",
            given_names="Anna",
            family_name="Nowak",
            since=date(2025, 9, 1),
            roles=(Role.PARENT,),
        ),
        people.LinkAccount(person_id="parent", account_id=ACCOUNT),
    ]
    for command in commands:
        outcome = register.execute(command, actor=OFFICE)
        if not isinstance(outcome, Accepted):
            raise TypeError(f"not accepted: {outcome}")
    rebuild(dsn, register.journal, *MODELS)


def _found(dsn: str) -> None:
    """Schools as far as the question meets them: a journal's name, and how far read models have come."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number in range(OTHERS):
            connection.execute(_ANOTHER.replace("NAME", f"s{number:04}"))


def _ask(executor: Executor) -> None:
    answer = json.loads(executor.answer(ME, None, None, account_id=ACCOUNT, language="pl"))
    if answer != {
        "data": {"me": {"accountId": ACCOUNT, "identities": [{"school": SCHOOL, "roles": ["PARENT"]}]}}
    }:
        raise ValueError(f"another answer: {answer}")


def _one_by_one(system: System) -> None:
    found = [school_id for school_id in system.schools() if system.read_models.positions(school_id)]
    if len(found) != OTHERS + 1:
        raise ValueError(f"{len(found)} schools")


def _milliseconds(ask: Callable[[], None], rounds: int = ROUNDS) -> float:
    ask()
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        ask()
        times.append(perf_counter() - begun)
    return median(times) * 1000
