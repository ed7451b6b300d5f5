"""Connections of the tests of read models."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier


@pytest.fixture
def connection(dsn: str) -> Iterator[psycopg.Connection]:
    """In autocommit mode, as the followers' are."""
    with psycopg.connect(dsn, autocommit=True) as made:
        yield made


@pytest.fixture(scope="session")
def common(database_server: str) -> Iterator[str]:
    """One database for all tests that bring schools of their own: making one costs more than such a test."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(database_server, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield make_conninfo(database_server, dbname=name)
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
