"""Mandates of auditors: for what, until when, taken back by whom."""

from __future__ import annotations

from datetime import timedelta

from dziennik.contracts import streams
from dziennik.contracts.audits import MandateIssued, MandateRevoked
from dziennik.projections import audits
from dziennik.projections.as_of import as_of
from dziennik.projections.audits import AUDITS
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, a_school
from tests.projections.listed import Listed

LAST = FIRST + timedelta(days=2)


def test_mandates_hold_for_their_days_until_they_are_revoked(common: str) -> None:
    history = a_school()
    for auditor, mandate, part in (("aud", "one", "ada"), ("aud", "two", None), ("other", "one", None)):
        issued = MandateIssued(
            mandate_id=mandate, auditor_id=auditor, since=FIRST, until=LAST, reason="k", pupil_id=part
        )
        history.tell(streams.mandates(auditor), issued)
    revoked = MandateRevoked(mandate_id="two", auditor_id="aud", reason="koniec")
    history.tell(streams.mandates("aud"), revoked)
    journal = Listed("s", history.recorded)
    view = as_of(journal, [AUDITS], journal.position())
    one, two = audits.of_auditor(view, "aud")
    assert (one.pupil_id, two.pupil_id, two.revoked_for) == ("ada", None, "koniec")
    days = [FIRST + timedelta(days=days) for days in range(-1, 4)]
    assert [audits.holds(one, day) for day in days] == [False, True, True, True, False]
    assert [audits.holds(two, day) for day in days] == [False] * 5
    assert [(row.auditor_id, row.mandate_id) for row in audits.of_school(view)] == [
        ("aud", "one"), ("aud", "two"), ("other", "one"),
    ]  # fmt: skip
    agree(common, AUDITS, history)
