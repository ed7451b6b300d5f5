"""Secrets are made once, kept to their owner and never told; wrong values stop the start."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from dziennik.settings import SettingsFault, read_settings

KEY = base64.b64encode(bytes(range(32))).decode()


def test_keys_are_made_once_and_belong_to_their_owner(tmp_path: Path) -> None:
    first = read_settings(tmp_path, environ={})
    again = read_settings(tmp_path, environ={})
    assert first.master_key == again.master_key
    assert first.master_key != first.token_key
    made = sorted((tmp_path / "secrets").iterdir())
    assert [file.name for file in made] == ["master.key", "proof.key", "push.key", "token.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}


def test_a_key_of_the_environment_outweighs_the_file(tmp_path: Path) -> None:
    names = ("DZIENNIK_MASTER_KEY", "DZIENNIK_TOKEN_KEY", "DZIENNIK_PROOF_KEY", "DZIENNIK_PUSH_KEY")
    settings = read_settings(tmp_path, environ=dict.fromkeys(names, KEY))
    assert settings.master_key == bytes(range(32))
    assert not (tmp_path / "secrets").exists()


@pytest.mark.parametrize("wrong", ["", "zażółć", "AAAA", KEY[:-4]])
def test_a_wrong_key_stops_the_start_without_being_told(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsFault) as fault:
        read_settings(tmp_path, environ={"DZIENNIK_MASTER_KEY": wrong})
    assert str(fault.value) == "DZIENNIK_MASTER_KEY must hold 32 bytes in base64."


@pytest.mark.parametrize("wrong", ["", "a/b", "a b", "a+b", ".", "ł", "a" * 101])
def test_a_name_that_no_key_can_have_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsFault, match="DZIENNIK_LOG_NAME"):
        read_settings(tmp_path, environ={"DZIENNIK_LOG_NAME": wrong})


@pytest.mark.parametrize("wrong", ["", "0", "-1", "1441", "1.5", "x"])
def test_a_wrong_interval_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsFault, match="DZIENNIK_CHECKPOINT_MINUTES"):
        read_settings(tmp_path, environ={"DZIENNIK_CHECKPOINT_MINUTES": wrong})


@pytest.mark.parametrize("wrong", ["", "http", "65536", "-1", "8_0"])
def test_a_wrong_port_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsFault, match="DZIENNIK_PORT"):
        read_settings(tmp_path, environ={"DZIENNIK_PORT": wrong})


def test_a_folder_given_by_hand_outweighs_a_server_of_the_environment(tmp_path: Path) -> None:
    environ = {"DZIENNIK_DATABASE_URL": "postgresql://elsewhere/db", "DZIENNIK_DATA_DIR": str(tmp_path)}
    assert read_settings(environ=environ).database_url == "postgresql://elsewhere/db"
    assert read_settings(tmp_path, environ=environ).database_url is None
    assert read_settings(tmp_path, "host=other", environ=environ).database_url == "host=other"


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, environ={"DZIENNIK_MASTER_KEY": KEY, "DZIENNIK_TOKEN_KEY": KEY})
    assert "master_key" not in repr(settings)
    assert str(bytes(range(32))) not in repr(settings)


def test_who_asks_about_signers_says_whom_to_trust(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_bytes(b"")
    lists = {"DZIENNIK_ARCHIVE_CRL": str(tmp_path)}
    found = read_settings(
        tmp_path, environ={"DZIENNIK_ARCHIVE_CA": str(ca), "DZIENNIK_ARCHIVE_OCSP": "yes", **lists}
    )
    assert (found.archive_ocsp, found.archive_revocations) == (True, tmp_path)
    for wrong in (
        {"DZIENNIK_ARCHIVE_OCSP": "yes"},
        {"DZIENNIK_ARCHIVE_OCSP": "maybe"},
        {"DZIENNIK_ARCHIVE_CRL": str(tmp_path / "nowhere")},
    ):
        with pytest.raises(SettingsFault, match=next(iter(wrong))):
            read_settings(tmp_path, environ=wrong)
