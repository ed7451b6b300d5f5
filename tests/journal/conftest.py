"""A journal to test on: a fresh school for each test, in one database for all.

A test that needs a database to itself asks for `empty_database`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from tests.journal.sample import MASTER_KEY

Open = Callable[[], Journals]


@pytest.fixture(scope="session")
def journal_database(database_server: str) -> Iterator[str]:
    name = f"journal_{uuid4().hex}"
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield make_conninfo(database_server, dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def dsn(journal_database: str) -> str:
    return journal_database


@pytest.fixture
def empty_database(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def open_journals(dsn: str) -> Iterator[Open]:
    """Open the database once more, as another process would."""
    opened: list[Journals] = []

    def open_() -> Journals:
        opened.append(Journals(dsn, keyring=Keyring(MASTER_KEY), patience=10))
        return opened[-1]

    yield open_
    for journals in opened:
        journals.close()


@pytest.fixture
def journals(open_journals: Open) -> Journals:
    return open_journals()


@pytest.fixture
def journal(journals: Journals) -> Journal:
    return journals.create_school(uuid4().hex)
