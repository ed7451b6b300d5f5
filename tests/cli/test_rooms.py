"""The command line loads what is called, and its help says what the commands say themselves."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from dziennik.cli.rooms import ROOMS, loaded, without_collecting
from tests.cli.conftest import Line

# What would make `dziennik --help` wait: servers, databases, GraphQL, pictures, XML.
HEAVY = {
    "cv2",
    "fastapi",
    "graphql",
    "lxml",
    "numpy",
    "orjson",
    "psycopg",
    "signxml",
    "strawberry",
    "uvicorn",
}


@pytest.mark.parametrize("name", ROOMS)
def test_the_help_is_the_commands_own(name: str) -> None:
    command = loaded(name)
    assert command.name == name
    assert command.help == ROOMS[name].help


def test_help_loads_nothing_of_the_register() -> None:
    program = (
        "import sys\nfrom dziennik.cli.main import main\nsys.argv = ['dziennik', '--help']\n"
        "try:\n    main()\nexcept SystemExit as ended:\n"
        "    sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = {name for name in done.stderr.split() if "." not in name or name.startswith("dziennik.")}
    assert {name for name in names if name.startswith("dziennik.")} == {
        "dziennik.cli",
        "dziennik.cli.main",
        "dziennik.cli.rooms",
    }
    assert names & HEAVY == set()
    for name in ROOMS:
        assert name in done.stdout


def test_a_command_that_is_not_there_is_told_with_its_neighbour(bare_line: Line) -> None:
    answer = bare_line.bare("accont")
    assert answer.code == 2
    assert "Did you mean 'account'?" in answer.err


def test_garbage_is_collected_again_once_modules_are_loaded() -> None:
    assert gc.isenabled()
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with without_collecting():
            pass
        assert not gc.isenabled()  # whoever turned it off wanted so
    finally:
        gc.enable()
        gc.unfreeze()
