"""What can be wrong with a bag or a signature, and how is it told?

Every check ends in silence or in one Wrong: a stable code, the place, and a sentence in Polish and English.
The first one ends the checking: what comes after it cannot be trusted anyway.
"""

from __future__ import annotations

from string import Formatter

TEXTS: dict[str, tuple[str, str]] = {}


class Wrong(Exception):
    """The first place where something is wrong."""

    def __init__(self, code: str, place: str, details: dict[str, str]) -> None:
        self.code = code
        self.place = place
        self.details = details
        super().__init__(f"{code} {place}: {self.text('en')}")

    def text(self, language: str = "pl") -> str:
        """The sentence for a person, in Polish ("pl") or English (anything else)."""
        polish, english = TEXTS[self.code]
        return (polish if language == "pl" else english).format_map(self.details)


class Fault:
    """A kind of wrong: call it with the place to get the exception to raise."""

    def __init__(self, code: str, *, pl: str, en: str) -> None:
        if code in TEXTS:
            raise TypeError(f"{code} is taken")
        TEXTS[code] = (pl, en)
        self.code = code
        self._needs = {name for _, name, _, _ in Formatter().parse(pl + en) if name}

    def __call__(self, place: str, **details: object) -> Wrong:
        """Raises TypeError when a detail that the texts need is missing."""
        if self._needs - details.keys():
            raise TypeError(f"{self.code} needs {sorted(self._needs)}")
        return Wrong(self.code, place, {key: str(value) for key, value in details.items()})
