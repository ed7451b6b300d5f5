"""Which formats of a year's archive are there, and what does each hold that those before it do not?

An archive is written anew in the format in which it was written first, so every row of this table stays, and
what it says is never changed once schools can have written it (ADR 0127).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


class UnknownFormat(LookupError):
    """A later release wrote this archive."""


@dataclass(frozen=True, slots=True)
class YearFormat:
    """`proven`: facts with their stored bytes, and hashes of the rest of the tree. `limits`: of parental
    rights, and that they ended, in registers. `entitlement`: what accounts could do, and cards granted.
    `attachments`: the files that came with messages. `tagged`: prints tell their structure (PDF/A-1a).
    """

    number: int
    proven: bool = False
    limits: bool = False
    entitlement: bool = False
    attachments: bool = False
    tagged: bool = False

    @property
    def name(self) -> str:
        """Of its schema, and in bag-info.txt."""
        return f"archive-{self.number}"

    @property
    def namespace(self) -> str:
        """Of its index."""
        return f"urn:dziennik:archive:{self.number}"


_SECOND = YearFormat(2, proven=True, limits=True, entitlement=True, attachments=True, tagged=True)
FORMATS: Final = {one.number: one for one in (YearFormat(1), _SECOND)}
LATEST: Final = max(FORMATS)


def format_of(number: int) -> YearFormat:
    """Raises UnknownFormat."""
    try:
        return FORMATS[number]
    except KeyError:
        raise UnknownFormat(f"format {number}; known are formats up to {LATEST}") from None
