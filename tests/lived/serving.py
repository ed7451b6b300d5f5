"""A served Dziennik whose school's clock can be set: the real application, its follower running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from dziennik.accounts.accounts import Accounts
from dziennik.app import System
from dziennik.application.register import Register
from dziennik.demo.build import plan_of
from dziennik.demo.sizes import Size
from dziennik.graphql.app import create_app
from dziennik.settings import Settings
from tests.lived.client import Client
from tests.lived.school import Clock, Living


@contextmanager
def served(dsn: str, folder: Path, size: Size) -> Iterator[Living]:
    """The application over an empty database, and a school of that size that is still to be lived through.

    Passwords cost little here: a hundred people log in who do nothing else that is slow.
    """
    settings = Settings(
        data_dir=folder,
        database_url=dsn,
        master_key=bytes(32),
        token_key=bytes(range(32)),
        proof_key=bytes(range(1, 33)),
        push_key=bytes(range(2, 34)),
        proof_dir=folder / "proofs",
        explore=True,
    )
    system = System(settings, dsn)
    system.accounts.close()
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    system.accounts = Accounts(dsn, system.provider(), settings.token_key, hasher=quick)
    clock = Clock()
    system.found(size.school_id)
    system._registers[size.school_id] = Register(system.journals.school(size.school_id), now=clock.now)
    try:
        with TestClient(create_app(system)) as http:
            yield Living(system, Client(http, size.school_id), clock, plan_of(size))
    finally:
        system.close()
