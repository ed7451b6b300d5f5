"""Are editions shown with their signature and with who fetched them?"""

from __future__ import annotations

from dziennik.contracts import archives as said
from dziennik.contracts import streams
from dziennik.projections import archives
from dziennik.projections.archives import ARCHIVES
from dziennik.projections.as_of import as_of
from tests.projections.agreement import agree
from tests.projections.archive_histories import SIGNED_AT, signed, written
from tests.projections.histories import OFFICE, a_school
from tests.projections.listed import Listed


def test_editions_with_signature_and_fetches(common: str) -> None:
    history, stream = a_school(), streams.archives("Y")
    history.tell(stream, written(1), actor=OFFICE)
    history.tell(stream, signed(1))
    history.tell(stream, said.ArchiveFetched(year_id="Y", edition=1, seconds=600))
    history.tell(stream, written(2, reason="sprostowanie"))
    history.tell(streams.archives("Z"), written(1, "Z"), signed(1, "Z"))  # another year
    journal = Listed("s", history.recorded)
    first, second = archives.of_year(as_of(journal, [ARCHIVES], journal.position()), "Y")
    assert (first.edition, first.files, first.size, first.reason) == (1, 2, 2100, None)
    assert first.written_by == OFFICE.person
    assert first.signed is not None
    assert (first.signed.signer, first.signed.claimed_at) == ("Wanda Dyrektorska", SIGNED_AT)
    assert len(first.fetched) == 1
    assert (second.edition, second.cut_off, second.reason) == (2, 200, "sprostowanie")
    assert (second.signed, second.fetched) == (None, ())
    agree(common, ARCHIVES, history, (3, 1))
