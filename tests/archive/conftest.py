"""The sample class-year in the journal of a school."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from tests.archive.sample import tell_all


@contextmanager
def told(dsn: str) -> Iterator[Journals]:
    """The sample's facts in the journal of "sp5", at the same positions."""
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        school = journals.create_school("sp5")
        for each in tell_all():
            draft = Draft(stream=each.stream, expected_version=each.version - 1, facts=(each.fact,))
            command_id = f"{each.origin.command_id}-{each.position}"
            school.append([draft], msgspec.structs.replace(each.origin, command_id=command_id))
        yield journals


@pytest.fixture(scope="session")
def journals(database_server: str) -> Iterator[Journals]:
    """One for all tests, which only read."""
    name = f"archive_{uuid4().hex}"
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        with told(make_conninfo(database_server, dbname=name)) as journals:
            yield journals
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def journal(journals: Journals) -> Journal:
    return journals.school("sp5")


@pytest.fixture
def own_journal(dsn: str) -> Iterator[Journal]:
    """For a test that changes something."""
    with told(dsn) as journals:
        yield journals.school("sp5")
