"""What was allowed to the asker of one field?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """What was allowed: `subjects` None means all, otherwise only these.

    `published`: only what is published to pupils and parents.
    """

    subjects: frozenset[str] | None = None
    published: bool = False

    def covers(self, subject_id: str | None) -> bool:
        """Whether an entry of that subject may be shown."""
        return self.subjects is None or subject_id in self.subjects


EVERYTHING = Grant()
FAMILY = Grant(published=True)  # all of one's own, or one's child's, as far as it is published
NOTHING = Grant(frozenset())
