"""What is a notice? That something concerns somebody: where it stands, never what it says.

What it says is asked of the read models when it is told (knowing.py), so a notice holds no personal text, a
grade that was struck out meanwhile is told no more, and an erased person leaves nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from dziennik.contracts.notifications import Delivery, NoticeKind


class What(StrEnum):
    """What happened."""

    GRADE_GIVEN = "grade_given"
    GRADE_CORRECTED = "grade_corrected"
    BEHAVIOUR_GRADE_GIVEN = "behaviour_grade_given"
    ABSENCE_RECORDED = "absence_recorded"
    LATENESS_RECORDED = "lateness_recorded"
    NOTE_WRITTEN = "note_written"
    EXCUSE_ACCEPTED = "excuse_accepted"
    EXCUSE_REJECTED = "excuse_rejected"
    ENTRY_PLANNED = "entry_planned"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_CANCELLED = "entry_cancelled"
    ANNOUNCEMENT_POSTED = "announcement_posted"
    MESSAGE_SENT = "message_sent"


KINDS: Final = {
    What.GRADE_GIVEN: NoticeKind.GRADE,
    What.GRADE_CORRECTED: NoticeKind.GRADE,
    What.BEHAVIOUR_GRADE_GIVEN: NoticeKind.GRADE,
    What.ABSENCE_RECORDED: NoticeKind.ABSENCE,
    What.LATENESS_RECORDED: NoticeKind.ABSENCE,
    What.NOTE_WRITTEN: NoticeKind.NOTE,
    What.EXCUSE_ACCEPTED: NoticeKind.EXCUSE,
    What.EXCUSE_REJECTED: NoticeKind.EXCUSE,
    What.ENTRY_PLANNED: NoticeKind.CALENDAR,
    What.ENTRY_CHANGED: NoticeKind.CALENDAR,
    What.ENTRY_CANCELLED: NoticeKind.CALENDAR,
    What.ANNOUNCEMENT_POSTED: NoticeKind.ANNOUNCEMENT,
    What.MESSAGE_SENT: NoticeKind.MESSAGE,
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What one fact tells: of which entry (`entry_id`) within what (`within_id`: class, school year, thread;
    "": nothing), about which pupil, if about one.

    `shown_on`: from which day on it may be known (a column's publication, an announcement's first day).
    `column_id`: the column that the day hangs on.
    """

    what: What
    position: int
    at: datetime
    entry_id: str
    within_id: str = ""
    pupil_id: str | None = None
    subject_id: str | None = None
    column_id: str | None = None
    shown_on: date | None = None

    @property
    def kind(self) -> NoticeKind:
        """What the notice is of."""
        return KINDS[self.what]


@dataclass(frozen=True, slots=True)
class Notice:
    """A matter that concerns one person; `read_at`: when they had seen it.

    `live`: the position with which streams tell it: the fact's own, or that of what let it be known later.
    """

    person_id: str
    matter: Matter
    read_at: datetime | None = None
    live: int = 0
    opened: bool = False  # its day has come just now, whatever the position


# By what a notice goes out beside the register: by e-mail, or to one browser, "push/" and its id.
MAIL: Final = "mail"
PUSH: Final = "push/"


@dataclass(frozen=True, slots=True)
class ToSend:
    """A notice that also goes out by a channel, at once or with those of the day, not before `due_at`."""

    person_id: str
    how: Delivery
    due_at: datetime
    channel: str = MAIL
