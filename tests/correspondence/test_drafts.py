"""Are letters that are not sent kept for their writer alone, sealed, and not for ever?"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from dziennik.contracts.facts import MESSAGES, REGISTER
from dziennik.contracts.message_commands import DRAFT_TOO_LONG, TOO_MANY_DRAFTS
from dziennik.contracts.messages import Audience, AudienceKind
from dziennik.correspondence.drafts import MOST, Draft, Drafts
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

PARENTS = Audience(kind=AudienceKind.CLASS_PARENTS, target_id="4a")


@pytest.fixture
def drafts(dsn: str) -> Iterator[tuple[Drafts, Journals]]:
    journals = Journals(dsn, keyring=Keyring(bytes(32)))
    journals.create_school("sp1")
    made = Drafts(dsn, journals)
    yield made, journals
    made.close()
    journals.close()


def test_a_draft_is_its_writers_alone_and_sealed(drafts: tuple[Drafts, Journals], dsn: str) -> None:
    kept, journals = drafts
    draft = Draft(draft_id="d1", subject="Wycieczka", body="Tajne słowa", audiences=(PARENTS,))
    assert kept.save("sp1", "nowak", draft) is None
    assert kept.save("sp1", "lis", Draft(draft_id="d1", body="Moje")) is None
    changed = Draft(draft_id="d1", subject="Wycieczka", body="Inne słowa")
    assert kept.save("sp1", "nowak", changed) is None
    assert [one.draft for one in kept.of("sp1", "nowak")] == [changed]
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = connection.execute("SELECT sealed FROM files_sp1.drafts ORDER BY person").fetchall()
        assert not any("słowa".encode() in bytes(row[0]) for row in rows)
        # Put into another's mailbox it does not open.
        connection.execute("UPDATE files_sp1.drafts SET person = 'x' || draft_id WHERE person = 'nowak'")
        assert kept.of("sp1", "xd1") == []
        connection.execute("UPDATE files_sp1.drafts SET saved_at = now() - interval '91 days'")
    assert kept.of("sp1", "lis") == []
    assert kept.save("sp1", "lis", Draft(draft_id="d2")) is None
    assert kept.discard("sp1", "lis", "d1") is False  # swept away
    assert kept.discard("sp1", "lis", "d2") is True
    assert kept.save("sp1", "lis", Draft(draft_id="d3", body="Moje")) is None
    journals.school("sp1").keys.destroy("lis", REGISTER)
    assert len(kept.of("sp1", "lis")) == 1
    journals.school("sp1").keys.destroy("lis", MESSAGES)
    assert kept.of("sp1", "lis") == []


def test_not_too_many_and_not_too_long(drafts: tuple[Drafts, Journals]) -> None:
    kept, _ = drafts
    for number in range(MOST):
        assert kept.save("sp1", "nowak", Draft(draft_id=f"d{number}")) is None
    refused = kept.save("sp1", "nowak", Draft(draft_id="one more"))
    assert refused is not None
    assert refused.code == TOO_MANY_DRAFTS.code
    assert kept.save("sp1", "nowak", Draft(draft_id="d0", body="zmiana")) is None
    long = kept.save("sp1", "nowak", Draft(draft_id="d0", body="x" * 40_000))
    assert long is not None
    assert long.code == DRAFT_TOO_LONG.code
