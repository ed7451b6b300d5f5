"""Is a file taken in only after the school's scanner found nothing in it?"""

from __future__ import annotations

import sys

import psycopg
import pytest

from dziennik.attachments.scanner import scanner
from dziennik.attachments.store import Attachments
from dziennik.contracts.attachments import INFECTED, NOT_SCANNED, Attached
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

# Answers like clamscan: 1 when the test signature is in what it reads.
FINDS_EICAR = (sys.executable, "-c", "import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())")
PDF = b"%PDF-1.7\n" + b"x" * 100_000


def code(command: tuple[str, ...], content: bytes = PDF, seconds: float = 20.0) -> str | None:
    found = scanner(command, seconds)(content)
    return found.code if found else None


@pytest.mark.parametrize(
    ("command", "content", "expected"),
    [
        (FINDS_EICAR, PDF, None),
        (FINDS_EICAR, PDF + b"EICAR", INFECTED.code),
        ((sys.executable, "-c", "import sys; sys.exit(2)"), PDF, NOT_SCANNED.code),
        ((sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"), PDF, NOT_SCANNED.code),
        (("/nowhere/clamdscan", "-"), PDF, NOT_SCANNED.code),
    ],
    ids=["clean", "infected", "fault", "killed", "missing"],
)
def test_what_a_scanner_says(command: tuple[str, ...], content: bytes, expected: str | None) -> None:
    assert code(command, content) == expected


def test_a_scanner_that_hangs_lets_nothing_in() -> None:
    assert code((sys.executable, "-c", "import time; time.sleep(60)"), seconds=0.2) == NOT_SCANNED.code


def test_nothing_infected_is_kept(dsn: str) -> None:
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journals.create_school("sp1")
        files = Attachments(dsn, journals, scan=scanner(FINDS_EICAR))
        refused = files.keep("sp1", "cma", "mother", "a1", PDF + b"EICAR")
        assert isinstance(refused, Refusal)
        assert refused.code == INFECTED.code
        assert isinstance(files.keep("sp1", "cma", "mother", "a2", PDF), Attached)
        files.close()
        with psycopg.connect(dsn) as connection:
            rows = connection.execute("SELECT attachment_id FROM files_sp1.files").fetchall()
        assert rows == [("a2",)]
