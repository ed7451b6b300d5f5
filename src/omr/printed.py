"""What stands on one card, before it is drawn."""

from __future__ import annotations

import msgspec

from dziennik.omr.identity import Identity
from dziennik.omr.template import Template


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """One card. `lines` are (number, name) from the form's line 1 on; `headings` share the columns evenly."""

    identity: Identity
    template: Template
    kind: str
    title: str
    subtitle: str
    headings: tuple[str, ...]
    control: str
    lines: tuple[tuple[int, str], ...]
    notes: tuple[str, ...] = ()
