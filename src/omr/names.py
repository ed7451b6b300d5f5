"""How does a name fit into its line, whatever script it is in?

Characters that turn text around or hide in it are dropped, combining marks stay with their letters, and what
is too long is stretched narrower first and cut at a letter then: a right-to-left name is cut at its own end,
and never turns the line's number around.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

NARROWEST = 78  # per cent of the letters' natural width that are still read at arm's length
ELLIPSIS = "…"


def plain(text: str) -> str:
    """The text as one visible line: composed, without controls and characters of direction."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(
        letter for letter in composed if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
    )


def fitted(text: str, room: float, width: Callable[[str], float]) -> tuple[str, float]:
    """The text that fits into `room` and the stretching (per cent) it needs; `width` is its natural width."""
    text = plain(text)
    narrow = room * 100 / NARROWEST
    natural = width(text)
    if natural <= narrow:
        return _ordered(text), 100.0 if natural <= room else 100 * room / natural
    letters = _clusters(text)
    while letters and width("".join(letters).rstrip() + ELLIPSIS) > narrow:
        letters.pop()
    return _ordered("".join(letters).rstrip() + ELLIPSIS), float(NARROWEST)


def _clusters(text: str) -> list[str]:
    """Letters together with the marks that combine with them."""
    found: list[str] = []
    for letter in text:
        if found and unicodedata.combining(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _ordered(text: str) -> str:
    """As it is drawn from left to right: runs of right-to-left letters reversed, letter by letter."""
    runs: list[tuple[bool, list[str]]] = []
    for cluster in _clusters(text):
        way = unicodedata.bidirectional(cluster[0])
        backwards = way in ("R", "AL") or (bool(runs) and runs[-1][0] and way in ("WS", "ON", "NSM"))
        if not runs or runs[-1][0] is not backwards:
            runs.append((backwards, []))
        runs[-1][1].append(cluster)
    if not runs or not runs[0][0]:
        return "".join("".join(reversed(run) if backwards else run) for backwards, run in runs)
    return "".join("".join(reversed(run) if backwards else run) for backwards, run in reversed(runs))
