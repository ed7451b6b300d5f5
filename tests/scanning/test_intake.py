"""Is whoever scans a card that counts no more told why, in both languages?"""

from __future__ import annotations

from dziennik.contracts import cards as said
from dziennik.contracts import streams
from dziennik.contracts.facts import Fact
from dziennik.domain.cards import not_to_read
from dziennik.domain.world import Past
from dziennik.omr.sheet import Why, told
from dziennik.scanning.intake import ASIDE, told_aside

CARD, STOCK = streams.card("k"), streams.CARD_STOCK
ISSUED = said.CardIssued(card_id="k", layout=11, kind=said.CardKind.LESSONS, unit_id="4a", lines=())
SPOILT = said.CardsSpoilt(card_ids=("k",), reason="zacięcie")
LESSON = said.CardLessonApplied(card_id="k", scan_id="a" * 64, lesson=1)
APPLIED = said.CardApplied(card_id="k", scan_id="a" * 64)
VOIDED = said.CardVoided(card_id="k", reason="zgubiona")


def why(*facts: Fact, stock: tuple[Fact, ...] = ()) -> str | None:
    return not_to_read(Past({CARD: facts, STOCK: stock}), "k")


def test_every_reason_to_set_a_card_aside_has_words() -> None:
    reasons = [
        why(),
        why(ISSUED, VOIDED),
        why(ISSUED, stock=(SPOILT,)),
        why(ISSUED, LESSON),
        why(ISSUED, APPLIED),
    ]
    assert why(ISSUED) is None
    assert {*reasons, "copy_in_scan"} == set(ASIDE)
    assert all(polish != english for polish, english in ASIDE.values())


def test_a_reason_is_told_whoever_gave_it() -> None:
    assert told_aside("voided", "en") == "This card is void."
    assert told_aside(Why.NO_CARD.value, "pl") == told(Why.NO_CARD)
    assert told_aside("of_another_version", "pl") == "of_another_version"
