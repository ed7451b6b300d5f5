"""How does a name fit into its line, whatever script it is in?

Characters that turn text around or hide in it are dropped, but for the joiners that some scripts are spelt
with, and combining marks stay with their letters. What is too long is stretched narrower first and cut at a
letter then, at its own end: the order in which it stands on paper comes after that (scripts.py).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

NARROWEST = 78  # per cent of the letters' natural width that are still read at arm's length
ELLIPSIS = "…"
FAMILY_LEAST = 4  # letters of a family name that stay while its given names have room
NON_JOINER, JOINER = "\u200c", "\u200d"
SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # wishes for a glyph's variant
VIRAMA = 9  # the combining class of what takes the vowel from a letter and ties it to the next


def plain(text: str) -> str:
    """The text as one visible line: composed, without controls and characters of direction."""
    kept = ""
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        hidden = unicodedata.category(letter) in ("Cc", "Cf") or ord(letter) in SELECTORS
        kept += letter if not hidden or _spelt(kept, letter) else ""
    return kept


def fitted(text: str, room: float, width: Callable[[str], float]) -> tuple[str, float]:
    """The text that fits into `room` and the stretching (per cent) it needs; `width` is its natural width."""
    text = plain(text)
    narrow = room * 100 / NARROWEST
    shown, letters = text, clusters(text)
    while letters and width(shown) > narrow:
        letters.pop()
        shown = _cut(letters)
    return shown, min(100.0, 100 * room / (width(shown) or 1))


def fitted_name(family: str, given: str, room: float, width: Callable[[str], float]) -> tuple[str, float]:
    """As `fitted`, the family name first. That is cut first of all: given names tell siblings apart.

    When all but `FAMILY_LEAST` of its letters are gone, the given names are cut at their end as well.
    """
    family, given = plain(family), plain(given)
    narrow = room * 100 / NARROWEST
    shown = f"{family} {given}".strip()
    letters = clusters(family)
    while given and width(shown) > narrow and len(letters) > FAMILY_LEAST:
        letters.pop()
        shown = f"{_cut(letters)} {given}"
    return fitted(shown, room, width)


def clusters(text: str) -> list[str]:
    """Letters with the marks that combine with them; letters that a virama ties together are one."""
    found: list[str] = []
    for letter in text:
        belongs = unicodedata.category(letter).startswith("M") or letter in (NON_JOINER, JOINER)
        if found and (belongs or (letter != " " and _ties(found[-1][-1]))):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _cut(letters: list[str]) -> str:
    return "".join(letters).rstrip(" -") + ELLIPSIS


def _spelt(before: str, letter: str) -> bool:
    """Whether a joiner is spelling here: in Persian after a letter, in Indic scripts after a virama."""
    if not before or letter not in (NON_JOINER, JOINER):
        return False
    return unicodedata.bidirectional(before[-1]) == "AL" or unicodedata.combining(before[-1]) == VIRAMA


def _ties(letter: str) -> bool:
    return letter == JOINER or unicodedata.combining(letter) == VIRAMA
