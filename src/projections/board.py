"""What hangs on the notice board, who read it, and how is the board kept?"""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import board as said
from dziennik.contracts.attachments import Attached
from dziennik.contracts.board import BoardAudience, BoardRules
from dziennik.contracts.envelope import Recorded
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import ALL_ROWS, OF_THE_PERSON, Row

BOARD = ReadModel("board", version=1)
on = BOARD.on
table = BOARD.table


class Correction(msgspec.Struct, frozen=True):
    """How an announcement read before, and who put it right, when and why."""

    was_title: str
    was_text: str
    was_until: date
    by: str
    at: datetime
    reason: str


@table(key=("announcement_id",), indexes=(("until",), ("author_id",)), families=ALL_ROWS)
class Announcement(Row, frozen=True):
    """An announcement as it stands; `taken_down` says why it is shown no more.

    `position` is that of the fact that made it what is to be read: posted, or put right with readers asked
    anew; readers confirm its `edition`.
    """

    announcement_id: str
    author_id: str
    title: str
    text: str
    audience: BoardAudience
    since: date
    until: date
    confirm: bool
    important: bool
    attachments: tuple[Attached, ...]
    posted_at: datetime
    position: int
    edition: int = 1
    changed_at: datetime | None = None
    corrections: tuple[Correction, ...] = ()
    taken_down: str | None = None
    taken_down_at: datetime | None = None

    @property
    def spoken_of(self) -> datetime:
        """When it was posted or last put right."""
        return self.changed_at or self.posted_at

    def hangs(self, day: date) -> bool:
        """Whether it is shown on that day."""
        return self.taken_down is None and self.since <= day <= self.until


@table(key=("announcement_id", "person_id"), indexes=(("person_id",),), families=OF_THE_PERSON)
class Reading(Row, frozen=True):
    """The edition that somebody confirmed last, and when."""

    announcement_id: str
    person_id: str
    edition: int
    at: datetime


@table(key=("since", "position"), families=ALL_ROWS)
class Rules(Row, frozen=True):
    """How the board is kept from a day on; of two of one day the later said holds."""

    since: date
    position: int
    rules: BoardRules


@on(said.BoardRulesSet)
def board_rules_set(rows: Rows, fact: said.BoardRulesSet, recorded: Recorded) -> None:
    rows.put(Rules(fact.since, recorded.position, fact.rules))


@on(said.AnnouncementPosted)
def announcement_posted(rows: Rows, fact: said.AnnouncementPosted, recorded: Recorded) -> None:
    rows.put(
        Announcement(
            announcement_id=fact.announcement_id,
            author_id=fact.author_id,
            title=fact.title,
            text=fact.text,
            audience=fact.audience,
            since=fact.since,
            until=fact.until,
            confirm=fact.confirm,
            important=fact.important,
            attachments=fact.attachments,
            posted_at=recorded.origin.recorded_at,
            position=recorded.position,
        )
    )


@on(said.AnnouncementCorrected)
def announcement_corrected(rows: Rows, fact: said.AnnouncementCorrected, recorded: Recorded) -> None:
    known = there(rows.get(Announcement, fact.announcement_id), fact.announcement_id)
    origin = recorded.origin
    correction = Correction(
        fact.was_title,
        fact.was_text,
        fact.was_until,
        origin.actor.person or origin.actor.account,
        origin.recorded_at,
        fact.reason,
    )
    rows.put(
        replace(
            known,
            title=fact.title,
            text=fact.text,
            until=fact.until,
            edition=known.edition + fact.again,
            position=recorded.position if fact.again else known.position,
            changed_at=origin.recorded_at,
            corrections=(*known.corrections, correction),
        )
    )


@on(said.AnnouncementTakenDown)
def announcement_taken_down(rows: Rows, fact: said.AnnouncementTakenDown, recorded: Recorded) -> None:
    known = there(rows.get(Announcement, fact.announcement_id), fact.announcement_id)
    rows.put(replace(known, taken_down=fact.reason, taken_down_at=recorded.origin.recorded_at))


@on(said.ReadingConfirmed)
def reading_confirmed(rows: Rows, fact: said.ReadingConfirmed, recorded: Recorded) -> None:
    at = recorded.origin.recorded_at
    rows.put(Reading(fact.announcement_id, fact.person_id, fact.edition, at))


# What is asked


def hanging(view: View, day: date) -> list[Announcement]:
    """What is shown on a day, first what was posted, or asked to be read anew, last."""
    found = [row for row in view.find(Announcement, until=Span(day, None)) if row.hangs(day)]
    return sorted(found, key=lambda row: row.position, reverse=True)


def all_of(view: View, author_id: str | None = None) -> list[Announcement]:
    """All that was ever announced, or what one author did; the latest first."""
    found = view.find(Announcement) if author_id is None else view.find(Announcement, author_id=author_id)
    return sorted(found, key=lambda row: row.position, reverse=True)


def readings(view: View, announcement_id: str) -> dict[str, Reading]:
    """Who confirmed an announcement, by person."""
    return {row.person_id: row for row in view.find(Reading, announcement_id=announcement_id)}


def read_by(view: View, person_id: str) -> dict[str, Reading]:
    """What a person confirmed, by announcement."""
    return {row.announcement_id: row for row in view.find(Reading, person_id=person_id)}


def rules_on(view: View, day: date) -> BoardRules:
    """The rules in force on a day."""
    found = view.find(Rules, since=Span(None, day))
    return found[-1].rules if found else BoardRules()
