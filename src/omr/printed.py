"""What stands on one card, before it is drawn."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from dziennik.omr.identity import Identity
from dziennik.omr.template import Template


class Line(NamedTuple):
    """Whose line it is; the two names are kept apart, as the family name is shortened first."""

    number: int
    family: str
    given: str = ""


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """One card. `lines` go from the form's line 1 on; `headings` share the columns evenly.

    `written` says what is to be written by hand in the lines that have no cells, and is short ("2."). `foot`:
    there is room below for how to mark.
    """

    identity: Identity
    template: Template
    kind: str
    title: str
    subtitle: str
    headings: tuple[str, ...]
    control: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    foot: bool = True
