"""Does it serve a data folder wherever that lies, and whoever owns it, without loosening anything?"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from dziennik.postgres import alias, programs
from dziennik.postgres.account import account_for
from dziennik.postgres.embedded import default_data_dir, embedded
from dziennik.postgres.faults import PostgresFault
from tests.postgres.users import AS_ROOT, User, stops

only_root = pytest.mark.skipif(not AS_ROOT, reason="root alone drops its rights")
SERVANT = pwd.getpwnam("nobody")
DAEMON = pwd.getpwnam("daemon")  # another account that every system has


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody may pass through, unlike pytest's own."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.mark.parametrize(
    "name",
    ["with space", "Szkoła Żółta, klasa 4'a", 'quote"s \\ and = $HOME', "long" * 40],
    ids=["space", "Polish", "quotes", "long"],
)
def test_any_name_of_a_folder_will_do(name: str, tmp_path: Path) -> None:
    with (
        embedded(tmp_path / name / "data", durable=False) as conninfo,
        User(tmp_path / name / "data") as joiner,
    ):
        assert joiner.go() == conninfo
        with psycopg.connect(conninfo) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_name_too_long_for_a_socket_gets_one_short_link(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 40)
    short = alias.reachable_name(long)
    assert short == alias.reachable_name(long)
    assert Path(short).readlink() == long
    assert len(short) < 80
    home = Path(short).parent.stat()
    assert (home.st_uid, stat.S_IMODE(home.st_mode)) == (os.geteuid(), 0o700)


@only_root
def test_a_link_folder_of_a_stranger_is_not_used(
    open_place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(open_place))
    planted = open_place / "dziennik-0"
    planted.mkdir()
    os.chown(planted, SERVANT.pw_uid, SERVANT.pw_gid)
    short = Path(alias.reachable_name(tmp_path / ("long" * 40)))
    assert short.parent.parent == open_place
    assert short.parent != planted
    assert list(planted.iterdir()) == []


@only_root
def test_root_may_keep_it_in_a_private_folder(open_place: Path) -> None:
    private = open_place / "private"
    private.mkdir(mode=0o700)
    with (
        embedded(private / "a" / "data", durable=False) as conninfo,
        psycopg.connect(conninfo) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert (private.stat().st_uid, stat.S_IMODE(private.stat().st_mode)) == (0, 0o700)
    cluster = private / "a" / "data" / "postgres"
    assert (cluster.stat().st_uid, stat.S_IMODE(cluster.stat().st_mode)) == (SERVANT.pw_uid, 0o700)


@only_root
def test_root_serves_a_users_folder_as_that_user(open_place: Path) -> None:
    """So that `sudo dziennik` leaves nothing behind that the user cannot use."""
    data_dir = open_place / "data"
    data_dir.mkdir(mode=0o700)
    os.chown(data_dir, DAEMON.pw_uid, DAEMON.pw_gid)
    with embedded(data_dir, durable=False) as conninfo, psycopg.connect(conninfo):
        pass
    assert {path.stat().st_uid for path in data_dir.iterdir()} == {DAEMON.pw_uid}


@only_root
def test_root_serves_a_folder_whose_owner_has_no_account(open_place: Path) -> None:
    """As in a container with a volume from outside."""
    data_dir = open_place / "data"
    data_dir.mkdir(mode=0o700)
    os.chown(data_dir, 54321, 54321)
    with embedded(data_dir, durable=False) as conninfo, psycopg.connect(conninfo):
        assert (data_dir / "postgres").stat().st_uid == SERVANT.pw_uid


@only_root
def test_another_account_is_told_so(open_place: Path) -> None:
    data_dir = open_place / "data"
    with embedded(data_dir, durable=False):
        assert code_for(DAEMON, data_dir) == "POSTGRES.FOLDER_UNUSABLE"
        data_dir.chmod(0o777)
        (data_dir / "postgres.in-use").chmod(0o666)
        assert code_for(DAEMON, data_dir) == "POSTGRES.FOLDER_OF_ANOTHER"


def code_for(account: pwd.struct_passwd, data_dir: Path) -> str:
    """The fault that a process of this account meets."""
    os.seteuid(account.pw_uid)
    try:
        with pytest.raises(PostgresFault) as fault, embedded(data_dir, durable=False):
            pass
    finally:
        os.seteuid(0)
    return fault.value.code


@only_root
def test_programs_in_a_private_home_are_copied_once(
    open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_place / "home"
    home.mkdir(mode=0o700)
    site = Path(str(distribution(programs.PACKAGE).locate_file("")))
    for part in programs.PARTS:
        shutil.copytree(site / part, home / part, symlinks=True)
    wheel = SimpleNamespace(locate_file=lambda name: home / name, version="0")
    monkeypatch.setattr(programs, "distribution", lambda _: wheel)
    monkeypatch.setattr(programs, "CACHE", open_place / "cache")
    copy = programs.programs_for(account_for(open_place, open_place))
    assert copy.is_relative_to(open_place / "cache")
    made = copy.stat().st_ino
    assert programs.programs_for(account_for(open_place, open_place)).stat().st_ino == made
    assert [path.name for path in (open_place / "cache").iterdir()] == [f"{programs.PACKAGE}-0"]
    with embedded(open_place / "data", durable=False) as conninfo, psycopg.connect(conninfo):
        pass
    assert stops(open_place / "data")


@only_root
def test_programs_that_cannot_be_reached_are_a_clear_fault(
    open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_place / "home"
    home.mkdir(mode=0o700)
    wheel = SimpleNamespace(locate_file=lambda name: home / name, version="0")
    monkeypatch.setattr(programs, "distribution", lambda _: wheel)
    monkeypatch.setattr(programs, "CACHE", open_place / "cache")
    with pytest.raises(PostgresFault) as fault:
        programs.programs_for(account_for(open_place, open_place))
    assert fault.value.code == "POSTGRES.PROGRAMS_UNREACHABLE"


def test_what_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PostgresFault) as fault, embedded(tmp_path / "file"):
        pass
    assert fault.value.code == "POSTGRES.FOLDER_UNUSABLE"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"PG_VERSION": "17\n"}, "POSTGRES.OTHER_VERSION"),
        ({"holiday.jpg": ""}, "POSTGRES.FOLDER_UNUSABLE"),
    ],
)
def test_what_is_no_database_of_ours_is_left_alone(files: dict[str, str], code: str, tmp_path: Path) -> None:
    cluster = tmp_path / "postgres"
    cluster.mkdir()
    for name, text in files.items():
        (cluster / name).write_text(text)
    with pytest.raises(PostgresFault) as fault, embedded(tmp_path):
        pass
    assert fault.value.code == code
    assert {path.name: path.read_text() for path in cluster.iterdir()} == files


def test_data_live_where_the_system_keeps_data() -> None:
    expected = "/var/lib/dziennik" if AS_ROOT else str(Path.home())
    assert str(default_data_dir()).startswith(expected)
