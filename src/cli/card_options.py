"""What the commands about cards share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from dziennik.app import System
from dziennik.cli.classes import CLASS
from dziennik.cli.schools import known
from dziennik.cli.telling import hint
from dziennik.contracts.refusals import Refusal
from dziennik.projections import cards
from dziennik.projections.rows import View

if TYPE_CHECKING:
    from dziennik.omr.template import Template

Class: TypeAlias = Annotated[str, typer.Option("--class", help=CLASS)]
TOLD = 20  # faults of a form that are told: one mistake in a grid is one in every cell


def follow(system: System, school: str) -> None:
    """Bring the school's read models up to date. Raises UnknownSchool."""
    system.follower.run_once(known(system, school))


def forms_in(paths: Iterable[Path], param: str) -> tuple[Template, ...]:
    """The forms that files describe; ends the command with all that is wrong with the first bad one."""
    from dziennik.omr.forms import load  # OpenCV: only when asked for

    forms: list[Template] = []
    for path in paths:
        try:
            form = load(path, forms)
        except OSError as fault:
            raise typer.BadParameter(f"{path}: {fault.strerror}", param_hint=param) from fault
        if isinstance(form, Refusal):
            faults = [form, *form.others]
            for one in faults[:TOLD]:
                typer.echo(f"{path}: {one.code}: {one.text()} / {one.text('en')}", err=True)
            if len(faults) > TOLD:
                hint(f"i {len(faults) - TOLD} dalszych", f"and {len(faults) - TOLD} more")
            raise typer.Exit(2)
        forms.append(form)
    return tuple(forms)


def scan_beginning(view: View, begins: str, param: str) -> cards.Scan:
    """The one scan whose id begins so; the queue tells the first letters of ids."""
    found = [scan for scan in view.find(cards.Scan) if scan.scan_id.startswith(begins.lower())]
    if len(found) != 1:
        raise typer.BadParameter(
            f"{begins}: pasuje {len(found)} skanów / {len(found)} scans match", param_hint=param
        )
    return found[0]
