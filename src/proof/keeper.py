"""Who signs checkpoints while the server runs? A thread that comes round every few minutes.

A school that cannot be vouched for is told in the log, loudly and each time; the others go on. At the end it
signs once more, so that nothing entered before an orderly stop is left without a checkpoint.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import psycopg

from dziennik.background import Background
from dziennik.proof.log import CannotVouch, SchoolLog

_log = logging.getLogger("dziennik.proof")


class Keeper(Background):
    """Publishes every school's log; `with` starts and stops it."""

    def __init__(
        self, schools: Callable[[], list[str]], log: Callable[[str], SchoolLog], minutes: int
    ) -> None:
        super().__init__("checkpoints")
        self._schools = schools
        self._log_of = log
        self._seconds = 60.0 * minutes

    def publish(self) -> None:
        """One round: a checkpoint for each school that has something new."""
        try:
            schools = self._schools()
        except psycopg.Error as fault:
            _log.warning("no checkpoints: %s", fault)
            return
        for school_id in schools:
            try:
                log = self._log_of(school_id)
                try:
                    log.publish()
                finally:
                    log.copy_out()
            except CannotVouch as fault:
                _log.critical("the history of %s is not what was signed: %s", school_id, fault)
            except (psycopg.Error, OSError) as fault:
                _log.warning("no checkpoint for %s: %s", school_id, fault)

    def run(self) -> None:
        """A round, a pause, and so on."""
        while True:
            self.publish()
            if self.stopping.wait(self._seconds):
                return

    def stop(self) -> None:
        """Finish what is under way, and one more round: nothing recorded until now stays unsigned."""
        super().stop()
        self.publish()
