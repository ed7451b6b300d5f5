"""Is the server set up as promised: locale, durability, TCP, and deaf to the user's own PG variables?"""

from __future__ import annotations

import socket
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from dziennik.postgres.embedded import embedded
from dziennik.postgres.faults import PostgresFault
from tests.postgres.users import stops

ANIMALS = ["Ćma", "Bóbr", "Łoś", "Zając", "Lis"]
DURABILITY = (
    "SELECT array_agg(setting ORDER BY name) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes')"
)


@pytest.mark.smoke
@pytest.mark.parametrize(("durable", "expected"), [(True, ["on", "on"]), (False, ["off", "off"])])
def test_durable_unless_told_otherwise(folder: Path, durable: bool, expected: list[str]) -> None:
    with embedded(folder, durable=durable) as conninfo, psycopg.connect(conninfo) as connection:
        assert connection.execute(DURABILITY).fetchone() == (expected,)


def test_text_is_utf8_in_byte_order_and_times_are_utc(folder: Path) -> None:
    with embedded(folder, durable=False) as conninfo, psycopg.connect(conninfo) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("server_encoding", "timezone")]
        assert shown == [("UTF8",), ("UTC",)]
        names = connection.execute("SELECT n FROM unnest(%s::text[]) n ORDER BY n", [ANIMALS])
        assert [n for (n,) in names] == ["Bóbr", "Lis", "Zając", "Ćma", "Łoś"]
        assert connection.execute("SELECT upper('ćma')").fetchone() == ("ĆMA",)


def test_tcp_asks_for_the_password(folder: Path) -> None:
    with embedded(folder, durable=False, port=0) as conninfo:
        parts = conninfo_to_dict(conninfo)
        assert parts["host"] == "127.0.0.1"
        with psycopg.connect(conninfo) as connection:
            assert connection.execute("SELECT inet_server_port()").fetchone() == (int(str(parts["port"])),)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(conninfo, passfile=str(folder / "nowhere"))
        assert (folder / "postgres.pass").stat().st_mode & 0o077 == 0
        with embedded(folder, durable=False) as joined:
            assert joined == conninfo


def test_a_port_in_use_is_said_so(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PostgresFault) as fault, embedded(folder, port=taken.getsockname()[1]):
            pass
    assert fault.value.code == "POSTGRES.PORT_TAKEN"
    assert stops(folder)


def test_a_server_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dziennik.postgres.embedded.settings", lambda **_: {"shared_buffers": "nonsense"})
    with pytest.raises(PostgresFault, match="shared_buffers") as fault, embedded(tmp_path, durable=False):
        pass
    assert fault.value.code == "POSTGRES.START_FAILED"
    assert stops(tmp_path)


def test_it_does_not_wait_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dziennik.postgres.embedded.START_SECONDS", 0)
    with pytest.raises(PostgresFault) as fault, embedded(folder, durable=False):
        pass
    assert fault.value.code == "POSTGRES.TIMEOUT"


def test_the_users_own_variables_redirect_nothing(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGDATA": str(tmp_path),
        "PGPORT": "1",
        "PGHOST": "nowhere",
        "PGDATABASE": "nowhere",
        "PGUSER": "nobody",
        "PGSSLMODE": "require",
    }.items():
        monkeypatch.setenv(name, value)
    for port in None, 0:
        with embedded(folder, durable=False, port=port) as conninfo, psycopg.connect(conninfo) as connection:
            assert connection.execute("SELECT current_user::text").fetchone() == ("postgres",)
