"""Is each test alone in its database?"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest


@pytest.mark.smoke
@pytest.mark.parametrize("time", [1, 2])
def test_a_database_is_fresh_each_time(dsn: str, time: int) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE once (n int)")


def test_a_copy_of_a_template_has_its_tables(new_database: Callable[..., str]) -> None:
    model = new_database()
    with psycopg.connect(model) as connection:
        connection.execute("CREATE TABLE once (n int)")
        assert connection.info.dbname
        name = connection.info.dbname
    with psycopg.connect(new_database(template=name)) as connection:
        assert connection.execute("SELECT count(*) FROM once").fetchone() == (0,)
