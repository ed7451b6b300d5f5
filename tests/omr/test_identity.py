"""Who is a card, and can another school's be taken for ours?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dziennik.omr.identity import (
    Identity,
    card_key,
    from_bits,
    from_qr,
    genuine,
    identify,
    number_of,
)

KEY = card_key(b"k" * 32, "sp5")
NUMBERS = st.integers(0, 2**32 - 1)


@given(st.integers(0, 255), NUMBERS)
def test_both_witnesses_say_what_was_printed(layout: int, number: int) -> None:
    card = identify(KEY, layout, number)
    assert from_bits(card.bits()) == card
    assert from_qr(card.qr_text()) == card
    assert len(card.bits()) == 64
    assert len(card.qr_text()) == 16


@given(NUMBERS)
def test_the_typed_id_is_the_number(number: int) -> None:
    text = Identity(1, number, 0).card_id
    assert number_of(text) == number
    assert number_of(text.lower().replace("-", "")) == number


def test_a_mistyped_letter_is_noticed() -> None:
    text = Identity(1, 123_456_789, 0).card_id
    # 123,456,789 in base 32 is 0 3 21 23 19 8 21;
    # 1x0 + 2x3 + 3x21 + 4x23 + 5x19 + 6x8 + 7x21 = 451, which is 17 modulo 31: H
    assert text == "03NQ-K8NH"
    assert number_of("03NQ-K8NJ") is None
    assert number_of("03NQ-J8NH") is None
    assert number_of("03N") is None


def test_only_the_issuing_school_makes_the_tag() -> None:
    card = identify(KEY, 1, 42)
    assert genuine(KEY, card)
    assert not genuine(card_key(b"k" * 32, "sp6"), card)
    assert not genuine(card_key(b"j" * 32, "sp5"), card)
    assert not genuine(KEY, Identity(2, card.number, card.tag))
    assert not genuine(KEY, Identity(1, card.number + 1, card.tag))


def test_other_codes_are_no_cards() -> None:
    assert from_qr("https://example.pl") is None
    assert from_qr("DZ1" + "Z" * 13) is None  # more than 64 bits
    assert from_qr("DZ1" + "!" * 13) is None
