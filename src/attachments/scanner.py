"""Does a program of the school's own find something bad in a file? The hook for a virus scanner.

A command with the file on its standard input: it answers 0 for clean and 1 for infected, as ``clamdscan -``
and ``clamscan -`` do. Anything else, or no answer in time, is no answer, and then the file is not taken in.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from typing import Final

from dziennik.contracts.attachments import INFECTED, NOT_SCANNED
from dziennik.contracts.refusals import Refusal

SECONDS: Final = 60.0
_CLEAN, _INFECTED = 0, 1

# Why a file cannot be taken in; None: nothing was found.
Scan = Callable[[bytes], Refusal | None]


def nothing_found(_: bytes) -> Refusal | None:
    """Without a scanner."""
    return None


def scanner(command: Sequence[str], seconds: float = SECONDS) -> Scan:
    """A scanner that runs the command, without a shell, for each file."""

    def scan(content: bytes) -> Refusal | None:
        try:
            done = subprocess.run(
                list(command), input=content, capture_output=True, timeout=seconds, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return NOT_SCANNED(field="content")
        if done.returncode == _CLEAN:
            return None
        return (INFECTED if done.returncode == _INFECTED else NOT_SCANNED)(field="content")

    return scan
