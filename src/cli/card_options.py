"""What the commands about cards share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from dziennik.app import System
from dziennik.cli.schools import known

Class: TypeAlias = Annotated[str, typer.Option("--class", help="Id of the class / id oddziału.")]


def follow(system: System, school: str) -> None:
    """Bring the school's read models up to date. Raises UnknownSchool."""
    system.follower.run_once(known(system, school))
