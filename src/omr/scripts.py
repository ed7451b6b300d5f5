"""Which font has the letters of a text, and in which order do its parts stand on paper?

Latin, Greek and Cyrillic are in the cards' own font, other scripts in a Noto Sans of theirs. What no font
has is shown as “�”: a blank would look like nobody's line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import fontpkg_noto_sans
import manimgx_fonts
import uharfbuzz
from fpdf.bidi import BidiCharacter, BidiParagraph

from dziennik.omr.names import JOINER, NON_JOINER, clusters, plain

BACKWARDS = ("R", "AL", "AN")  # the classes of Unicode that come with text from right to left
UNKNOWN = "\ufffd"
FONT = "noto"  # what all cards are printed in
OTHERS = (
    "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew",
    "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
)  # fmt: skip
_HERE = Path(str(manimgx_fonts.__file__)).parent
FILES = {
    FONT: Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf",
    **{script.lower(): _HERE / f"NotoSans{script}[wght].ttf" for script in OTHERS},
}


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one font that are read one way; `text` is in the order of reading."""

    text: str
    font: str
    backwards: bool = False

    @property
    def shaped(self) -> bool:
        """Whether its letters change, or move, for what stands beside them."""
        return self.backwards or any(len(cluster) > 1 for cluster in clusters(self.text))


def legible(text: str) -> str:
    """The text as one line, with “�” for each letter that no font has."""
    return "".join(cluster if _font_of(cluster) else UNKNOWN for cluster in clusters(plain(text)))


def printable(text: str) -> bool:
    """Whether a font has each of its letters."""
    return all(_font_of(cluster) for cluster in clusters(plain(text)))


@lru_cache(4096)
def runs(text: str) -> tuple[Run, ...]:
    """The parts of a line from left to right, by the Unicode rules for both ways of writing (UAX 9)."""
    if not any(unicodedata.bidirectional(letter) in BACKWARDS for letter in text):
        return tuple(Run(part, font) for part, font in _by_font(text))
    shown = BidiParagraph(text, preserve_bn_chars=True).get_reordered_characters()
    found: list[Run] = []
    for level, letters in groupby(shown, key=_level):
        together = [letter.character for letter in letters]
        if level % 2:
            parts = list(_by_font("".join(reversed(together))))
            found += [Run(part, font, backwards=True) for part, font in reversed(parts)]
        else:
            found += [Run(part, font) for part, font in _by_font("".join(together))]
    return tuple(found)


def _level(letter: BidiCharacter) -> int:
    return int(letter.embedding_level)


def _by_font(text: str) -> Iterator[tuple[str, str]]:
    """Parts of one font each; spaces and signs are written in the font of what is before them."""
    part, now = "", ""
    for cluster in clusters(text):
        font = _font_of(cluster) or FONT
        if now and not cluster[0].isalnum() and _has(now, cluster):
            font = now
        if part and font != now:
            yield part, now
            part = ""
        part, now = part + cluster, font
    if part:
        yield part, now


@lru_cache(4096)
def _font_of(cluster: str) -> str | None:
    """The first font that has the letter and its marks."""
    return next((font for font in FILES if _has(font, cluster)), None)


def _has(font: str, cluster: str) -> bool:
    return all(ord(sign) in _letters(font) for sign in cluster if sign not in (NON_JOINER, JOINER))


@cache
def _letters(font: str) -> frozenset[int]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(FILES[font]))
    visible = (letter for letter in face.unicodes if not unicodedata.category(chr(letter)).startswith("C"))
    return frozenset(visible)
