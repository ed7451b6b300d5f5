"""What is left of a text when nothing in it is hidden?

What is written to somebody is text and never markup, so signs of HTML stay as they are: whoever shows them
escapes them. Signs that nobody sees are taken out: they hide words from a search, make two texts look alike,
or fill a page with marks. Those that turn directions are refused before (domain/texts.py). Unicode: UAX 15
(NFC), UTR 36 and UTS 39 (default ignorable code points), UTS 51 (joiners inside emoji).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST_MARKS: Final = 4  # combining marks on one letter; Vietnamese needs two, Hebrew three

# Default ignorable signs and fillers; joiners are none of them where they join something.
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f"
    "\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_KEYS = frozenset("0123456789#*")
_JOINERS = re.compile("[\u200c\u200d\ufe0f]")
_LINES = re.compile("\r\n?|[\u0085\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+(?=\n|\Z)")
_EMPTY = re.compile(r"\n{4,}")


def plain(text: str) -> str:
    """The text in NFC without what is hidden; lines end with one newline, and there is none at the ends.

    >>> plain("za\\u200bdanie")
    'zadanie'
    """
    seen = INVISIBLE.sub("", unicodedata.normalize("NFC", _LINES.sub("\n", text)))
    if _JOINERS.search(seen):
        seen = "".join(sign for place, sign in enumerate(seen) if _stays(seen, place))
    return _EMPTY.sub("\n\n\n", _SPACES.sub("", _thinned(seen))).strip()


def plain_line(text: str) -> str:
    """The same of what is a single line: each row of white space is one space."""
    return " ".join(plain(text).split())


def _stays(text: str, place: int) -> bool:
    """A joiner stays between pictures, a selector behind one or behind a key (0-9, #, *)."""
    sign, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if sign == "\ufe0f":
        return _is_picture(before) or before in _KEYS
    if sign == "\u200d":
        return _joins(before, after)
    return sign != "\u200c"


def _joins(before: str, after: str) -> bool:
    return (_is_picture(before) or before == "\ufe0f") and _is_picture(after)


def _is_picture(sign: str) -> bool:
    """Symbols, and the modifiers of skin colour, which are marks of their own kind."""
    return bool(sign) and unicodedata.category(sign) in ("So", "Sk", "Sm")


def _thinned(text: str) -> str:
    if not any(unicodedata.combining(sign) for sign in text):
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
