"""What was allowed to the asker of one field?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """What was allowed: `subjects` None means all, otherwise only these."""

    subjects: frozenset[str] | None = None

    def covers(self, subject_id: str | None) -> bool:
        """Whether an entry of that subject may be shown."""
        return self.subjects is None or subject_id in self.subjects


EVERYTHING = Grant()
NOTHING = Grant(frozenset())
