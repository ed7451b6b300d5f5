"""Is whoever sends a scan told of each card that the register does not take?"""

from __future__ import annotations

from dziennik.contracts import cards as said
from dziennik.domain.cards import Card, not_to_read
from dziennik.scanning.intake import ASIDE

ISSUED = said.CardIssued(card_id="k", layout=11, kind=said.CardKind.LESSONS, unit_id="4a", lines=())


def test_every_reason_to_set_a_card_aside_has_words() -> None:
    reasons = [
        not_to_read(Card()),
        not_to_read(Card(issued=ISSUED, voided="zgubiona")),
        not_to_read(Card(issued=ISSUED, lessons={1: "a" * 64})),
        not_to_read(Card(issued=ISSUED, applied="a" * 64)),
    ]
    assert not_to_read(Card(issued=ISSUED)) is None
    assert {*reasons, "copy_in_scan"} == set(ASIDE)
    assert all(polish != english for polish, english in ASIDE.values())
