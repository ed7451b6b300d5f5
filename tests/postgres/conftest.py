"""Data folders for servers of these tests' own."""

from __future__ import annotations

from pathlib import Path

import pytest

from dziennik.postgres.embedded import embedded
from tests.postgres.users import stops


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made once") / "data"
    with embedded(folder, durable=False):
        pass
    return folder


@pytest.fixture
def folder(made_once: Path) -> Path:
    """A data folder with a database in it and no server on it; starting one is a matter of 50 ms."""
    assert stops(made_once)
    return made_once
