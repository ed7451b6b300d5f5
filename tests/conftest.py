"""What every test may ask for.

database_server  libpq connection string of a server's superuser, one server per test session (with xdist:
                 per worker). It is the embedded one, on data that are thrown away. With the environment
                 variable DZIENNIK_TEST_DATABASE_URL set, every test that needs a database runs a second
                 time, on that server; its user must be allowed to create databases and roles.
dsn              a fresh, empty database on that server for this one test, dropped afterwards.
new_database     makes further ones: new_database() or new_database(template="...").
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dziennik.postgres.embedded import embedded

OTHER_SERVER = os.environ.get("DZIENNIK_TEST_DATABASE_URL")


@pytest.fixture(scope="session", params=["embedded", *(["given"] if OTHER_SERVER else [])])
def database_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "given":
        assert OTHER_SERVER
        yield OTHER_SERVER
        return
    with embedded(tmp_path_factory.mktemp("server"), durable=False) as conninfo:
        yield conninfo


@pytest.fixture
def new_database(database_server: str) -> Iterator[Callable[..., str]]:
    """Make a database (from `template`, by default an empty one) and tell its connection string."""
    made: list[sql.Identifier] = []
    with psycopg.connect(database_server, autocommit=True) as connection:

        def make(template: str = "template1") -> str:
            name = f"test_{uuid.uuid4().hex}"
            made.append(sql.Identifier(name))
            connection.execute(
                # Copying files is several times faster than logging each page, and nothing here must last.
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    made[-1], sql.Identifier(template)
                )
            )
            return make_conninfo(database_server, dbname=name)

        yield make
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@pytest.fixture
def dsn(new_database: Callable[..., str]) -> str:
    return new_database()
