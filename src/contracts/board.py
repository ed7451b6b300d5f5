"""The notice board (tablica ogłoszeń): what is announced to whom, for how long, and who confirmed reading it.

Each announcement stands in ``board/{announcement}``, each confirmation in a stream of its own below it, so
that a whole school may confirm at once. Title and text are sealed with the key of their author.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from dziennik.contracts.attachments import Attached
from dziennik.contracts.commands import Command, command
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import GroupId, PersonId, UnitId, Value

AnnouncementId: TypeAlias = str


class AudiencePart(Value, frozen=True, kw_only=True):
    """A class, an interclass group or another register; with `group_id` that group of the class."""

    unit_id: UnitId
    group_id: GroupId | None = None


class BoardAudience(Value, frozen=True, kw_only=True):
    """To whom something is announced: within the `parts` (none: the whole school) to people in the `roles`
    (none: everybody there).

    Of a class these are its pupils, their parents, its teachers and homeroom teacher, as they are on the day
    of reading: who comes later sees it too, who left does not.
    """

    parts: tuple[AudiencePart, ...] = ()
    roles: tuple[Role, ...] = ()


class BoardRules(Value, frozen=True, kw_only=True):
    """How a school keeps its board: whether teachers may address the whole school, and how many days an
    announcement stays at most.
    """

    teachers_to_school: bool = False
    longest_days: int = 366


class AnnouncementSeen(Value, frozen=True, kw_only=True):
    """An announcement as whoever corrects it saw it."""

    title: str
    text: str
    until: date


@fact("board.board_rules_set.1")
class BoardRulesSet(Fact, frozen=True, kw_only=True):
    """From `since` on the board is kept like this. Of several that have begun the latest to begin holds."""

    since: date
    rules: BoardRules


@fact("board.announcement_posted.1", person="author_id")
class AnnouncementPosted(Fact, frozen=True, kw_only=True):
    """Something was announced; it is shown from `since` to `until`, both included.

    `confirm`: readers are asked to confirm that they read it.
    """

    announcement_id: AnnouncementId
    author_id: PersonId
    title: Personal
    text: Personal
    audience: BoardAudience
    since: date
    until: date
    confirm: bool = False
    important: bool = False
    attachments: tuple[Attached, ...] = ()


@fact("board.announcement_corrected.1", person="author_id")
class AnnouncementCorrected(Fact, frozen=True, kw_only=True):
    """The announcement was put right; old and new stay legible.

    `again`: readers are asked anew to confirm.
    """

    announcement_id: AnnouncementId
    author_id: PersonId
    was_title: Personal
    was_text: Personal
    was_until: date
    title: Personal
    text: Personal
    until: date
    reason: str
    again: bool = False


@fact("board.announcement_taken_down.1")
class AnnouncementTakenDown(Fact, frozen=True, kw_only=True):
    """The announcement is shown no more; it stays legible to its author and to the office."""

    announcement_id: AnnouncementId
    reason: str


@fact("board.reading_confirmed.1")
class ReadingConfirmed(Fact, frozen=True, kw_only=True):
    """The person confirmed having read the announcement in its `edition` (1, and one more each time that
    readers were asked anew).
    """

    announcement_id: AnnouncementId
    person_id: PersonId
    edition: int


@command("board.set_board_rules")
class SetBoardRules(Command, frozen=True, kw_only=True):
    """From that day on; announcements that stand stay as they are."""

    since: date
    rules: BoardRules


@command("board.post_announcement")
class PostAnnouncement(Command, frozen=True, kw_only=True):
    """Announce something to the school, to classes and groups, or to some roles of them."""

    announcement_id: AnnouncementId
    title: str
    text: str
    until: date
    audience: BoardAudience = BoardAudience()
    since: date | None = None
    confirm: bool = False
    important: bool = False
    attachments: tuple[Attached, ...] = ()


@command("board.correct_announcement")
class CorrectAnnouncement(Command, frozen=True, kw_only=True):
    """Refused when it no longer reads as it was `seen`."""

    announcement_id: AnnouncementId
    title: str
    text: str
    until: date
    reason: str
    again: bool = False
    seen: AnnouncementSeen | None = None


@command("board.take_down_announcement")
class TakeDownAnnouncement(Command, frozen=True, kw_only=True):
    """Take an announcement off the board."""

    announcement_id: AnnouncementId
    reason: str


@command("board.confirm_reading")
class ConfirmReading(Command, frozen=True, kw_only=True):
    """Confirm having read an announcement; `pupil_id` is the child for whom a parent is addressed."""

    announcement_id: AnnouncementId
    pupil_id: PersonId | None = None


NO_SUCH_ANNOUNCEMENT = Reason(
    "BOARD.NO_SUCH_ANNOUNCEMENT",
    pl="Nie ma takiego ogłoszenia.",
    en="There is no such announcement.",
)
ANNOUNCEMENT_EXISTS = Reason(
    "BOARD.ANNOUNCEMENT_EXISTS",
    pl="Ogłoszenie o tym identyfikatorze już istnieje. Użyj nowego identyfikatora.",
    en="An announcement with this id exists already. Use a new id.",
)
TITLE_TOO_LONG = Reason(
    "BOARD.TITLE_TOO_LONG",
    pl="Tytuł ma {length} znaków; najwyżej {limit}. Resztę napisz w treści.",
    en="The title has {length} characters; at most {limit}. Write the rest into the text.",
)
SHOWN_TOO_LONG = Reason(
    "BOARD.SHOWN_TOO_LONG",
    pl="Ogłoszenie może wisieć najwyżej {limit} dni, do {last}.",
    en="An announcement may stay for {limit} days at most, until {last}.",
)
OVER_ALREADY = Reason(
    "BOARD.OVER_ALREADY",
    pl="Dzień {until} już minął. Podaj dzień dzisiejszy ({today}) albo późniejszy.",
    en="The day {until} is over. Give today ({today}) or a later day.",
)
NOT_AN_AUDIENCE = Reason(
    "BOARD.NOT_AN_AUDIENCE",
    pl="Rola {role} nie należy do odbiorców tego ogłoszenia.",
    en="The role {role} does not belong to the readers of this announcement.",
)
NAMED_TWICE = Reason(
    "BOARD.NAMED_TWICE",
    pl="Wśród odbiorców powtarza się {what}. Podaj każdego raz.",
    en="{what} is named twice among the readers. Name each once.",
)
TOO_MANY_PARTS = Reason(
    "BOARD.TOO_MANY_PARTS",
    pl="Wskazano {found} oddziałów i grup, najwyżej {limit}. Dla całej szkoły nie podawaj żadnych.",
    en="{found} classes and groups are named, at most {limit}. For the whole school name none.",
)
NOT_YOUR_CLASS = Reason(
    "BOARD.NOT_YOUR_CLASS",
    pl="Nauczyciel ogłasza w oddziałach i grupach, których dziś uczy lub jest wychowawcą.",
    en="A teacher announces to classes and groups that they teach, or are homeroom teacher of, today.",
)
NOT_TO_THE_SCHOOL = Reason(
    "BOARD.NOT_TO_THE_SCHOOL",
    pl="W tej szkole całej szkole ogłasza dyrekcja. Wskaż oddziały lub grupy.",
    en="In this school the office announces to the whole school. Name classes or groups.",
)
NOT_YOUR_ANNOUNCEMENT = Reason(
    "BOARD.NOT_YOUR_ANNOUNCEMENT",
    pl="Ogłoszenie zmienia i zdejmuje jego autor albo dyrekcja.",
    en="An announcement is corrected and taken down by its author or by the office.",
)
WAS_TAKEN_DOWN = Reason(
    "BOARD.WAS_TAKEN_DOWN",
    pl="To ogłoszenie zdjęto: {reason}.",
    en="This announcement was taken down: {reason}.",
)
NOT_TO_BE_CONFIRMED = Reason(
    "BOARD.NOT_TO_BE_CONFIRMED",
    pl="Tego ogłoszenia nie trzeba potwierdzać.",
    en="This announcement needs no confirmation.",
)
DAYS_UNSOUND = Reason(
    "BOARD.DAYS_UNSOUND",
    pl="Ogłoszenia wiszą od 1 do {limit} dni.",
    en="Announcements stay for 1 to {limit} days.",
)
