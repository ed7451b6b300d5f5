"""What may be decided about a pedagogue's entries?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import (
    NOT_IN_GROUP,
    OUTSIDE_YEAR,
    PupilLeftGroup,
    TeachingAssigned,
    TeachingEnded,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.counselling import (
    ENTRY_EXISTS,
    ENTRY_IN_FUTURE,
    ENTRY_IS_STRUCK_OUT,
    NO_SUCH_ENTRY,
    NOT_ABOUT_A_PUPIL,
    NOT_YOUR_ENTRY,
    ActivityNoted,
    CorrectCounsellingEntry,
    CounsellingKind,
    EntryCorrected,
    EntryShared,
    EntryStruckOut,
    EntryWritten,
    ShareCounsellingEntry,
    StrikeOutCounsellingEntry,
    WriteCounsellingEntry,
)
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.registers import NO_SUCH_REGISTER, NOT_FOR_THIS_REGISTER, NOT_YOUR_REGISTER
from dziennik.domain.world import Entry
from tests.domain.other_registers import AUDITOR_ACTOR, REGISTERS
from tests.domain.register import LAST_YEAR, LIS, NOWAK, OFFICE, PUPIL, SEPTEMBER
from tests.domain.sentence import DIRECTOR, at, given

MONDAY = date(2026, 10, 12)
TALK = WriteCounsellingEntry(
    entry_id="w1",
    unit_id="ped",
    kind=CounsellingKind.CONVERSATION,
    on=MONDAY,
    text=" Rozmowa o grupie. ",
    pupil_id="bobr",
)


def there(fact: Fact) -> Entry:
    return at(streams.counselling("ped", "w1"), fact)


WRITTEN = EntryWritten(
    entry_id="w1",
    unit_id="ped",
    author_id="lis",
    pupil_id="bobr",
    kind=CounsellingKind.CONVERSATION,
    on=MONDAY,
    text="Rozmowa o grupie.",
)
TALKED = there(WRITTEN)
# Nowak keeps the register as well, and wrote nothing of it.
COLLEAGUE = at(
    streams.unit("ped"),
    TeachingAssigned(
        assignment_id="a-ped2",
        unit_id="ped",
        subject_id="pol",
        teacher_id="nowak",
        since=SEPTEMBER,
        group_id="ped",
    ),
)


def test_keepers_and_the_director_write_about_participants() -> None:
    given(REGISTERS).when(TALK, by=LIS).then(TALKED)
    given(REGISTERS, TALKED).when(TALK, by=LIS).nothing()
    given(REGISTERS).when(TALK, by=DIRECTOR).then(there(replace(WRITTEN, author_id="director")))
    given(REGISTERS, TALKED).when(replace(TALK, text="Inna."), by=LIS).refused(ENTRY_EXISTS, "entry_id")


def test_nobody_else_writes() -> None:
    given(REGISTERS).when(TALK, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")
    for who in (OFFICE, PUPIL, AUDITOR_ACTOR):
        given(REGISTERS).when(TALK, by=who).refused(NOT_YOURS_TO_DO)
    ended = at(streams.unit("ped"), TeachingEnded(assignment_id="a-ped", until=MONDAY))
    given(REGISTERS, ended).when(TALK, by=LIS).refused(NOT_YOUR_REGISTER, "unit_id")


def test_only_in_a_pedagogues_register_of_that_year() -> None:
    given(REGISTERS).when(replace(TALK, unit_id="care"), by=LIS).refused(
        NOT_FOR_THIS_REGISTER, "unit_id", kind="day_care"
    )
    given(REGISTERS).when(replace(TALK, unit_id="4a"), by=LIS).refused(NO_SUCH_REGISTER, "unit_id")
    given(REGISTERS).when(replace(TALK, on=LAST_YEAR), by=LIS).refused(OUTSIDE_YEAR, "on")
    given(REGISTERS).when(replace(TALK, on=date(2026, 10, 16)), by=LIS).refused(ENTRY_IN_FUTURE, "on")
    given(REGISTERS).when(replace(TALK, text=" \n"), by=LIS).refused(TEXT_MISSING, "text")


def test_about_whoever_takes_part_that_day() -> None:
    given(REGISTERS).when(replace(TALK, pupil_id="cma"), by=LIS).refused(NOT_IN_GROUP, "pupil_id")
    left = at(streams.unit("ped"), PupilLeftGroup(group_id="ped", pupil_id="bobr", until=date(2026, 10, 11)))
    given(REGISTERS, left).when(TALK, by=LIS).refused(NOT_IN_GROUP, "pupil_id", pupil="bobr", on=MONDAY)
    given(REGISTERS, left).when(replace(TALK, on=date(2026, 10, 11)), by=LIS).then(
        there(replace(WRITTEN, on=date(2026, 10, 11)))
    )


NOTE = replace(TALK, kind=CounsellingKind.CONTACT_WITH_INSTITUTION, pupil_id=None)
NOTED = there(
    ActivityNoted(
        entry_id="w1",
        unit_id="ped",
        author_id="lis",
        kind=CounsellingKind.CONTACT_WITH_INSTITUTION,
        on=MONDAY,
        text="Rozmowa o grupie.",
    )
)


def test_what_is_about_no_pupil_is_sealed_with_the_authors_key() -> None:
    given(REGISTERS).when(NOTE, by=LIS).then(NOTED)
    assert (ActivityNoted.person_field, ActivityNoted.personal_fields) == ("author_id", ("text",))
    assert (EntryWritten.person_field, EntryWritten.personal_fields) == ("pupil_id", ("text",))


CORRECT = CorrectCounsellingEntry(unit_id="ped", entry_id="w1", text="Rozmowa o klasie.", reason="nieściśle")
CORRECTED = there(
    EntryCorrected(
        entry_id="w1", person_id="bobr", was="Rozmowa o grupie.", text="Rozmowa o klasie.", reason="nieściśle"
    )
)
STRIKE = StrikeOutCounsellingEntry(unit_id="ped", entry_id="w1", reason="nie ten uczeń")
STRUCK = there(EntryStruckOut(entry_id="w1", person_id="bobr", reason="nie ten uczeń"))
SHARE = ShareCounsellingEntry(unit_id="ped", entry_id="w1")
SHARED = there(EntryShared(entry_id="w1", pupil_id="bobr", shared=True))


def test_the_author_or_the_director_puts_right() -> None:
    for who in (LIS, DIRECTOR):
        given(REGISTERS, TALKED).when(CORRECT, by=who).then(CORRECTED)
        given(REGISTERS, TALKED).when(STRIKE, by=who).then(STRUCK)
    for command in (CORRECT, STRIKE, SHARE):
        given(REGISTERS, TALKED).when(command, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")
        given(REGISTERS, TALKED, COLLEAGUE).when(command, by=NOWAK).refused(NOT_YOUR_ENTRY, "entry_id")
        given(REGISTERS).when(command, by=LIS).refused(NO_SUCH_ENTRY, "entry_id", entry="w1")
        given(REGISTERS, TALKED, STRUCK).when(command, by=LIS).refused(ENTRY_IS_STRUCK_OUT, "entry_id")


def test_a_correction_has_a_text_and_a_reason() -> None:
    given(REGISTERS, TALKED).when(replace(CORRECT, text=" "), by=LIS).refused(TEXT_MISSING, "text")
    given(REGISTERS, TALKED).when(replace(CORRECT, reason=" "), by=LIS).refused(REASON_MISSING, "reason")
    given(REGISTERS, TALKED).when(replace(STRIKE, reason=""), by=LIS).refused(REASON_MISSING, "reason")
    given(REGISTERS, TALKED, CORRECTED).when(CORRECT, by=LIS).nothing()
    again = replace(CORRECT, text="Rozmowa o grupie.", reason="jednak")
    given(REGISTERS, TALKED, CORRECTED).when(again, by=LIS).then(
        there(
            EntryCorrected(
                entry_id="w1",
                person_id="bobr",
                was="Rozmowa o klasie.",
                text="Rozmowa o grupie.",
                reason="jednak",
            )
        )
    )


def test_what_is_about_no_pupil_is_put_right_under_the_authors_key() -> None:
    given(REGISTERS, NOTED).when(STRIKE, by=DIRECTOR).then(
        there(EntryStruckOut(entry_id="w1", person_id="lis", reason="nie ten uczeń"))
    )


def test_an_entry_about_a_pupil_is_shared_and_no_longer() -> None:
    given(REGISTERS, TALKED).when(SHARE, by=LIS).then(SHARED)
    given(REGISTERS, TALKED, SHARED).when(SHARE, by=LIS).nothing()
    given(REGISTERS, TALKED, SHARED).when(replace(SHARE, shared=False), by=LIS).then(
        there(EntryShared(entry_id="w1", pupil_id="bobr", shared=False))
    )
    given(REGISTERS, NOTED).when(SHARE, by=LIS).refused(NOT_ABOUT_A_PUPIL, "entry_id")
