"""What was allowed to the asker of one field?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Days = tuple[date, date | None]  # first and last, None: open


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of what was allowed; None does not narrow.

    `published`: only what is published to pupils and parents.
    """

    subjects: frozenset[str] | None = None
    unit_id: str | None = None
    days: tuple[Days, ...] | None = None
    published: bool = False

    @property
    def whole(self) -> bool:
        """Whether no entry is left out for its subject, unit or day."""
        return self.subjects is None and self.unit_id is None and self.days is None

    def covers(self, subject_id: str | None, unit_id: str | None, on: date | None) -> bool:
        """Whether an entry may be shown. What the asker of this does not say is not covered."""
        return (
            (self.subjects is None or subject_id in self.subjects)
            and (self.unit_id is None or unit_id == self.unit_id)
            and (self.days is None or (on is not None and any(_within(on, span) for span in self.days)))
        )


@dataclass(frozen=True, slots=True)
class Grant:
    """What was allowed: whatever one of the parts covers."""

    parts: tuple[Part, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether all entries of the target may be shown."""
        return any(part.whole for part in self.parts)

    @property
    def subjects(self) -> frozenset[str] | None:
        """None: all; otherwise those whose entries may be shown wherever they stand."""
        if self.whole:
            return None
        anywhere = [part for part in self.parts if part.unit_id is None and part.days is None]
        return frozenset(subject for part in anywhere for subject in part.subjects or ())

    @property
    def published(self) -> bool:
        """Whether what is not published yet is to be left out."""
        return any(part.published for part in self.parts)

    def covers(self, subject_id: str | None, unit_id: str | None = None, on: date | None = None) -> bool:
        """Whether an entry of that subject, in that class or group, on that day may be shown."""
        return any(part.covers(subject_id, unit_id, on) for part in self.parts)


EVERYTHING = Grant((Part(),))
# All of one's own, or of one's child's, as far as it is published.
FAMILY = Grant((Part(published=True),))
# All of one's own work, and nobody else's: not EVERYTHING, though nothing of it is left out.
OWN = Grant((Part(days=((date.min, None),)),))
NOTHING = Grant()


def _within(day: date, span: Days) -> bool:
    since, until = span
    return since <= day and (until is None or day <= until)
