"""Is a file kept so that only the holder of its person's key reads it, while it is wanted?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from dziennik.attachments.kinds import media_type
from dziennik.attachments.links import LASTS, Links
from dziennik.attachments.store import LARGEST, MOST_A_DAY, MOST_WAITING, Attachments, File
from dziennik.contracts import attachments as said
from dziennik.contracts.attachments import Attached
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

PDF = b"%PDF-1.7\n" + b"zaswiadczenie lekarskie " * 100
SCHOOL = "sp1"
NOTHING = timedelta(0)


@pytest.fixture
def journals(dsn: str) -> Iterator[Journals]:
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journals.create_school(SCHOOL)
        yield journals


@pytest.fixture
def files(dsn: str, journals: Journals) -> Iterator[Attachments]:
    made = Attachments(dsn, journals)
    yield made
    made.close()


def kept(files: Attachments, content: bytes = PDF, person: str = "cma", account: str = "mother") -> Attached:
    found = files.keep(SCHOOL, person, account, str(uuid4()), content)
    assert isinstance(found, Attached), found
    return found


def code(outcome: Attached | Refusal) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def count(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(f"SELECT count(*) FROM files_{SCHOOL}.files").fetchone()
    return int(row[0]) if row else -1


def test_a_file_is_given_back_as_it_was_sent(files: Attachments) -> None:
    file = kept(files)
    assert (file.media_type, file.size) == ("application/pdf", len(PDF))
    assert file.sha256 == sha256(PDF).hexdigest()
    assert files.read(SCHOOL, file) == File("application/pdf", PDF)
    assert files.read(SCHOOL, replace(file, attachment_id="other")) is None


def test_nothing_of_it_lies_open_in_the_database(files: Attachments, dsn: str) -> None:
    kept(files)
    with psycopg.connect(dsn) as connection:
        row = connection.execute(f"SELECT sealed FROM files_{SCHOOL}.files").fetchone()
    assert row is not None
    assert b"lekarskie" not in row[0]
    assert b"%PDF" not in row[0]


def test_who_destroys_the_persons_key_destroys_the_file(files: Attachments, journals: Journals) -> None:
    file, other = kept(files), kept(files, person="bobr")
    assert journals.school(SCHOOL).keys.destroy("cma") == 1
    assert files.read(SCHOOL, file) is None
    assert files.read(SCHOOL, other) == File("application/pdf", PDF)


@pytest.mark.parametrize("change", ["sealed = sealed || '\\x00'", "person = 'bobr'"])
def test_a_changed_file_is_not_given_out(files: Attachments, dsn: str, change: str) -> None:
    file = kept(files)
    with psycopg.connect(dsn) as connection:
        connection.execute(f"UPDATE files_{SCHOOL}.files SET {change}")
    with pytest.raises(ValueError, match="was changed"):
        files.read(SCHOOL, file)


def test_two_files_that_were_swapped_are_not_given_out(files: Attachments, dsn: str) -> None:
    one, two = kept(files), kept(files, b"%PDF-2")
    with psycopg.connect(dsn) as connection:
        connection.execute(
            f"UPDATE files_{SCHOOL}.files AS f SET sealed = g.sealed FROM files_{SCHOOL}.files AS g"
            " WHERE f.attachment_id <> g.attachment_id"
        )
    for file in (one, two):
        with pytest.raises(ValueError, match="was changed"):
            files.read(SCHOOL, file)


def test_a_fact_that_says_otherwise_gets_no_file(files: Attachments) -> None:
    with pytest.raises(ValueError, match="was changed"):
        files.read(SCHOOL, replace(kept(files), sha256=sha256(b"").hexdigest()))


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00", b"<html>", b"<svg xmlns=", b"PK\x03\x04", b" %PDF-1.7", b"RIFF0000WAVE"]
)
def test_only_documents_and_pictures_are_taken_in(files: Attachments, dsn: str, content: bytes) -> None:
    assert code(files.keep(SCHOOL, "cma", "mother", "a1", content)) == said.WRONG_TYPE.code
    kept(files)
    assert count(dsn) == 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_the_bytes_tell_the_kind(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


def test_the_largest_is_taken_and_one_byte_more_is_not(files: Attachments) -> None:
    largest = b"%PDF-" + bytes(LARGEST - 5)
    assert kept(files, largest).size == LARGEST
    assert code(files.keep(SCHOOL, "cma", "mother", "a2", largest + b"0")) == said.TOO_LARGE.code


def test_an_upload_is_claimed_by_who_sent_it_about_whom_it_is(files: Attachments) -> None:
    file = kept(files)
    assert not files.claim(SCHOOL, "bobr", "mother", file)
    assert not files.claim(SCHOOL, "cma", "father", file)
    assert not files.claim(SCHOOL, "cma", "mother", replace(file, size=1))
    assert not files.claim(SCHOOL, "cma", "mother", replace(file, sha256="0"))
    assert files.claim(SCHOOL, "cma", "mother", file)


def test_names_that_no_database_can_hold_are_of_no_upload(files: Attachments) -> None:
    file = kept(files)
    assert not files.claim(SCHOOL, "cma", "mother", replace(file, attachment_id="\0"))
    assert not files.claim(SCHOOL, "cma\0", "mother", file)


def test_only_so_many_uploads_wait_for_an_entry(files: Attachments) -> None:
    waiting = [kept(files, b"%PDF-1") for _ in range(MOST_WAITING)]
    assert code(files.keep(SCHOOL, "cma", "mother", "a", b"%PDF-1")) == said.TOO_MANY_UPLOADS.code
    kept(files, account="father")
    assert files.claim(SCHOOL, "cma", "mother", waiting[0])
    kept(files)


def test_what_refused_entries_claimed_is_counted_all_the_same(files: Attachments, dsn: str) -> None:
    """An entry that is refused claims its files first: they wait no more, and make no room for others."""
    for _ in range(MOST_A_DAY):
        assert files.claim(SCHOOL, "cma", "mother", kept(files, b"%PDF-1"))
    assert code(files.keep(SCHOOL, "cma", "mother", "a", b"%PDF-1")) == said.TOO_MANY_A_DAY.code
    kept(files, account="father")
    with psycopg.connect(dsn) as connection:
        connection.execute(f"UPDATE files_{SCHOOL}.files SET kept_at = kept_at - interval '25 hours'")
    kept(files)


def test_uploads_that_nothing_refers_to_are_swept_away(files: Attachments, dsn: str) -> None:
    kept(files)
    claimed = kept(files)
    assert files.sweep(SCHOOL) == 0
    with psycopg.connect(dsn) as connection:
        connection.execute(f"UPDATE files_{SCHOOL}.files SET kept_at = kept_at - interval '25 hours'")
    assert files.claim(SCHOOL, "cma", "mother", claimed)  # an entry is about to be written
    assert files.sweep(SCHOOL) == 1
    assert files.read(SCHOOL, claimed) is not None
    assert files.sweep(SCHOOL, waited=NOTHING) == 1
    assert count(dsn) == 0
    assert not files.claim(SCHOOL, "cma", "mother", claimed)


MOMENT = datetime.combine(date(2026, 10, 15), datetime.min.time(), UTC)
FILE = Attached(attachment_id="a1", media_type="application/pdf", size=3, sha256="00")


def test_an_address_is_good_for_a_few_minutes() -> None:
    now = [MOMENT]
    links = Links(bytes(32), now=lambda: now[0])
    token = links.make(SCHOOL, FILE)
    assert links.read(token) == (SCHOOL, FILE)
    now[0] = MOMENT + LASTS
    assert links.read(token) is None


def test_a_forged_address_opens_nothing() -> None:
    links = Links(bytes(32), now=lambda: MOMENT)
    token = links.make(SCHOOL, FILE)
    head, claims, signature = token.split(".")
    for forged in ("", "a.b.c", f"{head}.{claims}.{signature[::-1]}", token[:-4]):
        assert links.read(forged) is None
    assert Links(bytes(31) + b"1", now=lambda: MOMENT).read(token) is None
