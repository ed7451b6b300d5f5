"""A follower as a process of its own, to be killed."""

from __future__ import annotations

import logging
import sys
import time

import psycopg

from dziennik.journal.journals import Journals
from dziennik.projections.follower import Follower
from dziennik.projections.people import PEOPLE
from dziennik.projections.reading import ReadModels
from tests.torture.workload import KEYRING


def follow(dsn: str) -> None:
    """Follow all schools until killed; a database that is away is waited for."""
    logging.disable()
    while True:
        try:
            journals, read_models = Journals(dsn, keyring=KEYRING), ReadModels(dsn)
            Follower(dsn, journals, [PEOPLE], read_models.progress, batch=50).start()
            break
        except psycopg.OperationalError:
            time.sleep(0.05)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    follow(sys.argv[1])
