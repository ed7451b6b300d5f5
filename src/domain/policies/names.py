"""In which order do Polish names stand in a register?

By the Polish alphabet (a ą b c ć ... z ź ż), which neither code points nor collation "C" give. The key
made here is stored beside the name and compared bytewise, so that no server's locale has a say.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category, normalize

# The 32 Polish letters with q, v and x where dictionaries put them.
ALPHABET: Final = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"

_LETTERS: Final = {letter: f"{place:02d}" for place, letter in enumerate(ALPHABET, 10)}
_DIGITS: Final = {str(digit): f"0{digit}" for digit in range(10)}


def polish_sort_key(text: str) -> str:
    """ASCII text that sorts bytewise as `text` does in Polish.

    Letters first, without regard to case; accents that Polish does not have are dropped (é sorts as e);
    words before longer words, spaces before hyphens (all of Nowak before Nowak-Lis) and both before letters,
    other signs passed over. Texts with equal letters are told apart by their own code points, so the order
    is total.
    """
    folded = normalize("NFC", text).casefold()
    ranks = "".join(_rank(sign) for sign in folded)
    tie = normalize("NFC", text).encode("utf-8").hex()
    return f"{ranks} {tie}"  # a space sorts before every rank: the shorter text first


def _rank(sign: str) -> str:
    if sign in _LETTERS:
        return _LETTERS[sign]
    if sign in _DIGITS:
        return _DIGITS[sign]
    if sign.isspace():
        return "!!"
    if sign == "-":
        return "!-"
    base = normalize("NFKD", sign)[0]
    if base != sign and category(base).startswith("L"):
        return _LETTERS.get(base, "")
    return f"~{ord(sign):06x}" if category(sign).startswith("L") else ""
