"""Which card is this, and is it one of ours?

A card says 64 bits: its layout's number (8), its own number (32), and a tag (24) that only the school that
issued it can make (HMAC-SHA-256). Nothing personal is in it. The bits are printed as a strip of cells, and as
a QR code as the second witness; people type the short text (Crockford's base 32, with a check letter).
"""

from __future__ import annotations

import hmac
from hashlib import sha256

import msgspec

LAYOUT_BITS, NUMBER_BITS, TAG_BITS = 8, 32, 24
BITS = LAYOUT_BITS + NUMBER_BITS + TAG_BITS
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "DZ1"  # of the QR code's text: whose code it is, and which form of it

# Samples are made to be read by anybody: their key is no secret, and no school issues under it.
SAMPLE_SCHOOL = "sample"
SAMPLE_KEY = sha256(b"dziennik sample cards").digest()


class Identity(msgspec.Struct, frozen=True):
    """What a card says about itself."""

    layout: int
    number: int
    tag: int

    @property
    def card_id(self) -> str:
        """As printed for people, e.g. 7K3M-Q2XB: 35 bits hold the number, the last letter checks."""
        digits = [self.number >> shift & 31 for shift in range(30, -1, -5)]
        check = sum((place + 1) * digit for place, digit in enumerate(digits)) % 31
        text = "".join(ALPHABET[digit] for digit in (*digits, check))
        return f"{text[:4]}-{text[4:]}"

    def bits(self) -> tuple[int, ...]:
        """Highest first."""
        return tuple(self._whole() >> shift & 1 for shift in range(BITS - 1, -1, -1))

    def qr_text(self) -> str:
        """16 letters of QR's alphanumeric set: they fit version 1 with a quarter of it damaged."""
        whole = self._whole()
        return PREFIX + "".join(ALPHABET[whole >> shift & 31] for shift in range(60, -1, -5))

    def _whole(self) -> int:
        return self.layout << NUMBER_BITS + TAG_BITS | self.number << TAG_BITS | self.tag


def number_of(card_id: str) -> int | None:
    """The number of a card typed by a person; None when a letter was mistyped."""
    text = card_id.upper().replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1").strip()
    if len(text) != 8 or any(letter not in ALPHABET for letter in text):
        return None
    digits = [ALPHABET.index(letter) for letter in text[:7]]
    number = 0
    for digit in digits:
        number = number << 5 | digit
    same = number < 1 << NUMBER_BITS and Identity(0, number, 0).card_id == f"{text[:4]}-{text[4:]}"
    return number if same else None


def card_key(master_key: bytes, school: str) -> bytes:
    """The key under which a school's cards are tagged, made from the installation's master key."""
    return hmac.digest(master_key, b"dziennik card identity/" + school.encode(), "sha256")


def identify(key: bytes, layout: int, number: int) -> Identity:
    """The identity of a card that the school with this key issues."""
    said = (layout << NUMBER_BITS | number).to_bytes(5, "big")
    tag = int.from_bytes(hmac.digest(key, said, "sha256")[: TAG_BITS // 8], "big")
    return Identity(layout, number, tag)


def genuine(key: bytes, identity: Identity) -> bool:
    """Whether the school with this key issued the card."""
    return hmac.compare_digest(identify(key, identity.layout, identity.number).qr_text(), identity.qr_text())


def from_bits(bits: tuple[int, ...]) -> Identity:
    """What the strip's cells say, highest bit first."""
    whole = 0
    for bit in bits:
        whole = whole << 1 | bit
    return _from_whole(whole)


def from_qr(text: str) -> Identity | None:
    """What a QR code says, if it is a card's."""
    letters = text.removeprefix(PREFIX)
    if not text.startswith(PREFIX) or len(letters) != 13 or any(letter not in ALPHABET for letter in letters):
        return None
    whole = 0
    for letter in letters:
        whole = whole << 5 | ALPHABET.index(letter)
    return _from_whole(whole) if whole < 1 << BITS else None


def _from_whole(whole: int) -> Identity:
    number = whole >> TAG_BITS & (1 << NUMBER_BITS) - 1
    return Identity(whole >> NUMBER_BITS + TAG_BITS, number, whole & (1 << TAG_BITS) - 1)
