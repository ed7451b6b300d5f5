"""When do the pictures of scanned cards go? When the register may go that their marks went into.

The fact comes first, then the key and the sealed bytes; what was broken off is finished the next time,
because the kept scans themselves say what is left to do. What the marks became stays, as all facts do.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Protocol

import psycopg

from dziennik.application.register import Register
from dziennik.attachments.scans import Scans
from dziennik.background import Background
from dziennik.contracts.card_scans import NO_SUCH_SCAN, DestroyScan
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.retention import LEAST
from dziennik.scanning.pictures import Pictures

_log = logging.getLogger("dziennik.scanning")

ITSELF = Actor(account="scans", role=Role.SYSTEM, channel=Channel.SYSTEM)
# No rule lets a scan go earlier than this: younger ones need not be asked about.
YOUNG = timedelta(days=365 * LEAST)
# What was kept and never recorded (the process died in between) refers to nothing: it waits for a day only.
WAITS = timedelta(days=1)
RECENT = timedelta(days=30)
FIRST, EVERY = 300.0, 6 * 3600.0  # seconds


class Ending(Protocol):
    """What it needs of the running system."""

    @property
    def scans(self) -> Scans: ...

    @property
    def pictures(self) -> Pictures: ...

    def schools(self) -> list[str]: ...

    def register(self, school_id: str) -> Register: ...


def end_scans(system: Ending, school_id: str) -> int:
    """Destroy what was kept long enough; how many scans. Again: nothing more."""
    register = system.register(school_id)
    now, ended = register.instant(), 0
    for scan_id, kept_at in system.scans.kept_before(school_id, now - WAITS):
        age = now - kept_at
        if RECENT < age < YOUNG:
            continue
        command = DestroyScan(scan_id=scan_id, received_on=register.day_of(kept_at))
        outcome = register.execute(command, actor=ITSELF)
        if isinstance(outcome, Refusal) and outcome.code != NO_SUCH_SCAN.code:
            continue
        system.scans.destroy(school_id, scan_id)
        system.pictures.forget(school_id, scan_id)
        ended += 1
    return ended


class Sweeper(Background):
    """Comes round all schools every few hours; `with` starts and stops it."""

    def __init__(self, system: Ending, *, first: float = FIRST, every: float = EVERY) -> None:
        super().__init__("scans")
        self._system = system
        self._first, self._every = first, every

    def sweep(self) -> None:
        """One round. A school that cannot be swept is told in the log; the others go on."""
        for school_id in self._system.schools():
            try:
                ended = end_scans(self._system, school_id)
            except (psycopg.Error, OSError) as fault:
                _log.warning("scans of %s are not looked through: %s", school_id, fault)
            else:
                if ended:
                    _log.info("%s: %d scans were kept long enough", school_id, ended)

    def run(self) -> None:
        """A round, a pause, and so on."""
        pause = self._first
        while not self.stopping.wait(pause):
            try:
                self.sweep()
            except psycopg.Error as fault:
                _log.warning("no scans are looked through: %s", fault)
            pause = self._every
