"""Which words of a text does somebody find who looks for some?

Without regard to case and Polish letters ("zolw" finds "żółw"), by the beginning of a word, or by what is
left of it without its endings ("wycieczka" finds "wycieczkę"). PostgreSQL has no Polish dictionary of its
own, and the embedded server none at all: words are made here, and stored and searched as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from Stemmer import Stemmer

MOST_WANTED: Final = 12  # words of one search
LONGEST: Final = 60  # what is longer is no word
_WORD = re.compile(r"\w+")
# Letters without a decomposition of their own.
_PLAIN = str.maketrans("łŁđĐøØı", "lLdDoOi")
# Before what is left of a word, so that nobody takes it for one that was written.
_STEM = "="


class Wanted(NamedTuple):
    """What is looked for: every word, by its beginning or by its stem."""

    terms: tuple[tuple[str, str], ...]

    @property
    def query(self) -> str:
        """As a tsquery of PostgreSQL."""
        return " & ".join([f"('{begins}':* | '{stem}')" for begins, stem in self.terms])

    def are_in(self, words: str) -> bool:
        """Whether all of them are among words as `words_of` gives them."""
        there = set(words.split(" "))
        return all(
            stem in there or any(word.startswith(begins) for word in there) for begins, stem in self.terms
        )


def words_of(*texts: str) -> str:
    """Each word of the texts once, as it is searched for, and its stem; separated by single blanks."""
    words = {word for text in texts for word in _words(text)}
    return " ".join(sorted({form for word in words for form in (_folded(word), _stem(word))}))


def wanted(said: str) -> Wanted | None:
    """What somebody looks for who says this; None: no word is in it."""
    terms = dict.fromkeys((_folded(word), _stem(word)) for word in _words(said))
    return Wanted(tuple(terms)[:MOST_WANTED]) if terms else None


def _words(text: str) -> Iterator[str]:
    composed = unicodedata.normalize("NFKC", text).lower()
    return (word[:LONGEST] for word in _WORD.findall(composed))


def _folded(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.translate(_PLAIN))
    return "".join([sign for sign in apart if not unicodedata.combining(sign)])


def _stem(word: str) -> str:
    # One stemmer a call: they must not be shared among threads, and making one takes a microsecond.
    return _STEM + _folded(Stemmer("polish", 0).stemWord(word))
