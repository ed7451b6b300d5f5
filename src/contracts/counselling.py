"""What a pedagogue or psychologist writes down (s. 18): work with pupils, activities, contacts.

Streams ``year/{unit}/counselling/{entry}`` of a pedagogue's register. Entries about a pupil are sealed with
the pupil's key, all others with their author's; the family sees an entry only once it was shared.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, UnitId


class CounsellingKind(StrEnum):
    """What was done: a conversation, an activity, an observation, a diagnosis, contacts."""

    CONVERSATION = "conversation"
    ACTIVITY = "activity"
    OBSERVATION = "observation"
    DIAGNOSIS = "diagnosis"
    CONTACT_WITH_FAMILY = "contact_with_family"
    CONTACT_WITH_INSTITUTION = "contact_with_institution"


@fact("counselling.entry_written.1", person="pupil_id")
class EntryWritten(Fact, frozen=True, kw_only=True):
    """Something about one pupil."""

    entry_id: str
    unit_id: UnitId
    author_id: PersonId
    pupil_id: PersonId
    kind: CounsellingKind
    on: date
    text: Personal


@fact("counselling.activity_noted.1", person="author_id")
class ActivityNoted(Fact, frozen=True, kw_only=True):
    """Something that is about no single pupil: an activity, a meeting, a contact with an institution."""

    entry_id: str
    unit_id: UnitId
    author_id: PersonId
    kind: CounsellingKind
    on: date
    text: Personal


@fact("counselling.entry_corrected.1", person="person_id")
class EntryCorrected(Fact, frozen=True, kw_only=True):
    """The wording was put right; both stay legible. `person_id` is the pupil, or else the author."""

    entry_id: str
    person_id: PersonId
    was: Personal
    text: Personal
    reason: Personal


@fact("counselling.entry_struck_out.1", person="person_id")
class EntryStruckOut(Fact, frozen=True, kw_only=True):
    """The entry was wrong and holds no more; it stays legible to those who may read it."""

    entry_id: str
    person_id: PersonId
    reason: Personal


@fact("counselling.entry_shared.1")
class EntryShared(Fact, frozen=True, kw_only=True):
    """The pupil and the parents may read the entry from now on, or (`shared` false) no longer."""

    entry_id: str
    pupil_id: PersonId
    shared: bool


@command("counselling.write_counselling_entry")
class WriteCounsellingEntry(Command, frozen=True, kw_only=True):
    """By a keeper of the pedagogue's register or the director; with `pupil_id` about a participant."""

    entry_id: str
    unit_id: UnitId
    kind: CounsellingKind
    on: date
    text: str
    pupil_id: PersonId | None = None


@command("counselling.correct_counselling_entry")
class CorrectCounsellingEntry(Command, frozen=True, kw_only=True):
    """By the author or the director."""

    unit_id: UnitId
    entry_id: str
    text: str
    reason: str


@command("counselling.strike_out_counselling_entry")
class StrikeOutCounsellingEntry(Command, frozen=True, kw_only=True):
    """By the author or the director."""

    unit_id: UnitId
    entry_id: str
    reason: str


@command("counselling.share_counselling_entry")
class ShareCounsellingEntry(Command, frozen=True, kw_only=True):
    """Let the pupil and the parents read an entry about the pupil, or no longer."""

    unit_id: UnitId
    entry_id: str
    shared: bool = True


NO_SUCH_ENTRY = Reason(
    "COUNSELLING.NO_SUCH_ENTRY",
    pl="Nie ma takiego zapisu ({entry}).",
    en="There is no such entry ({entry}).",
)
ENTRY_EXISTS = Reason(
    "COUNSELLING.ENTRY_EXISTS",
    pl="Zapis o tym identyfikatorze już jest.",
    en="There is an entry with this id already.",
)
ENTRY_IS_STRUCK_OUT = Reason(
    "COUNSELLING.ENTRY_IS_STRUCK_OUT",
    pl="Zapis jest wykreślony.",
    en="The entry is struck out.",
)
NOT_YOUR_ENTRY = Reason(
    "COUNSELLING.NOT_YOUR_ENTRY",
    pl="Zapis może zmienić jego autor albo dyrektor.",
    en="The author may change the entry, or the director.",
)
NOT_ABOUT_A_PUPIL = Reason(
    "COUNSELLING.NOT_ABOUT_A_PUPIL",
    pl="Udostępnić rodzinie można tylko zapis o uczniu.",
    en="Only an entry about a pupil can be shared with the family.",
)
ENTRY_IN_FUTURE = Reason(
    "COUNSELLING.ENTRY_IN_FUTURE",
    pl="Zapis nie może dotyczyć przyszłego dnia {on}.",
    en="An entry cannot be about a day to come, {on}.",
)
