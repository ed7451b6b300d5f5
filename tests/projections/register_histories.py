"""Random but possible happenings in two other registers: a day-care room and a pedagogue's.

What is possible is seen from the history itself: nothing is remembered between steps.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from dziennik.contracts import classes, counselling, lessons, registers, stays, streams
from dziennik.contracts.attendance import RollCalled
from dziennik.contracts.facts import Fact
from dziennik.contracts.registers import RegisterKind

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)
CARE, PEDAGOGUE = "care", "ped"


def keep(history: History, chance: int) -> None:
    """One thing in a register that is possible now; others do nothing."""
    told = [one.fact for one in history.recorded]
    if not any(isinstance(fact, registers.RegisterOpened) for fact in told):
        _open(history)
        return
    (_join, _leave, _plan, _lesson, _arrange, _admit, _write, _note, _correct, _share, _strike_out, _stay)[
        chance % 12
    ](history, chance // 12)


def _open(history: History) -> None:
    for unit_id, kind in ((CARE, RegisterKind.DAY_CARE), (PEDAGOGUE, RegisterKind.PEDAGOGUE)):
        history.tell(
            streams.unit(unit_id),
            registers.RegisterOpened(unit_id=unit_id, year_id="Y", kind=kind, name=f"dziennik {unit_id}"),
            classes.TeachingAssigned(
                assignment_id=f"a-{unit_id}", unit_id=unit_id, subject_id="pol", teacher_id="lis", since=FIRST
            ),
            classes.PupilJoinedGroup(group_id=unit_id, class_id="A", pupil_id="ada", since=FIRST),
        )


def _join(history: History, chance: int) -> None:
    unit_id, pupil_id = (CARE, PEDAGOGUE)[chance % 2], ("bo", "cy")[chance // 2 % 2]
    told = [one.fact for one in history.recorded if one.stream == streams.unit(unit_id)]
    if not any(isinstance(fact, classes.PupilJoinedGroup) and fact.pupil_id == pupil_id for fact in told):
        class_id = {"bo": "A", "cy": "B"}[pupil_id]
        history.tell(
            streams.unit(unit_id),
            classes.PupilJoinedGroup(group_id=unit_id, class_id=class_id, pupil_id=pupil_id, since=FIRST),
        )


def _leave(history: History, chance: int) -> None:
    unit_id = (CARE, PEDAGOGUE)[chance % 2]
    until = FIRST + timedelta(days=chance % 60)
    left = classes.PupilLeftGroup(group_id=unit_id, pupil_id="ada", until=until)
    told = [one.fact for one in history.recorded]
    if not any(isinstance(f, classes.PupilLeftGroup) and f.group_id == unit_id for f in told):
        history.tell(streams.unit(unit_id), left)


def _plan(history: History, chance: int) -> None:
    since = FIRST + timedelta(days=chance % 4)
    fact = registers.WorkPlanSet(unit_id=CARE, since=since, text=f"plan {chance}")
    history.tell(streams.register_details(CARE), fact)


def _lesson(history: History, chance: int) -> None:
    day = FIRST + timedelta(days=chance % 50)
    lesson_id = lessons.lesson_id(day, 7, f"a-{CARE}")
    stream = streams.lesson(CARE, lesson_id)
    if all(one.stream != stream for one in history.recorded):
        held = lessons.LessonHeld(
            unit_id=CARE,
            lesson_id=lesson_id,
            on=day,
            period=7,
            assignment_id=f"a-{CARE}",
            subject_id="pol",
            teacher_id="lis",
            group_id=CARE,
            topic="Zabawy",
        )
        history.tell(stream, held, RollCalled(lesson_id=lesson_id, pupils=("ada",)))


def _arrange(history: History, chance: int) -> None:
    fact = registers.IndividualTeachingArranged(
        unit_id=CARE,
        pupil_id=("ada", "cy")[chance % 2],
        since=FIRST + timedelta(days=chance % 3),
        hours_per_week=Decimal(6 + chance % 4),
        decision=f"orzeczenie {chance}",
    )
    history.tell(streams.register_details(CARE), fact)


def _admit(history: History, chance: int) -> None:
    since = FIRST + timedelta(days=chance % 5)
    fact = registers.AuditorAdmitted(
        unit_id=PEDAGOGUE, auditor_id="aud", since=since, until=since + timedelta(days=2), reason="kontrola"
    )
    history.tell(streams.register_details(PEDAGOGUE), fact)


def _entries(history: History) -> list[counselling.EntryWritten]:
    told = [one.fact for one in history.recorded]
    gone = {fact.entry_id for fact in told if isinstance(fact, counselling.EntryStruckOut)}
    return [f for f in told if isinstance(f, counselling.EntryWritten) and f.entry_id not in gone]


def _write(history: History, chance: int) -> None:
    fact = written(
        f"w{len(history.recorded)}", ("ada", "bo")[chance % 2], FIRST + timedelta(days=chance % 40)
    )
    history.tell(streams.counselling(PEDAGOGUE, fact.entry_id), fact)


def written(entry_id: str, pupil_id: str, day: date) -> counselling.EntryWritten:
    """An entry about a pupil."""
    return counselling.EntryWritten(
        entry_id=entry_id,
        unit_id=PEDAGOGUE,
        author_id="lis",
        pupil_id=pupil_id,
        kind=counselling.CounsellingKind.CONVERSATION,
        on=day,
        text=f"rozmowa {entry_id}",
    )


def _note(history: History, chance: int) -> None:
    entry_id = f"n{len(history.recorded)}"
    fact = counselling.ActivityNoted(
        entry_id=entry_id,
        unit_id=PEDAGOGUE,
        author_id="lis",
        kind=counselling.CounsellingKind.ACTIVITY,
        on=FIRST + timedelta(days=chance % 40),
        text="zajęcia",
    )
    history.tell(streams.counselling(PEDAGOGUE, entry_id), fact)


def _correct(history: History, chance: int) -> None:
    for entry in _entries(history)[chance % 3 :][:1]:
        corrected = counselling.EntryCorrected(
            entry_id=entry.entry_id, person_id=entry.pupil_id, was=entry.text, text=f"{chance}", reason="błąd"
        )
        history.tell(streams.counselling(PEDAGOGUE, entry.entry_id), corrected)


def _share(history: History, chance: int) -> None:
    for entry in _entries(history)[chance % 3 :][:1]:
        shared = counselling.EntryShared(
            entry_id=entry.entry_id, pupil_id=entry.pupil_id, shared=chance % 2 == 0
        )
        history.tell(streams.counselling(PEDAGOGUE, entry.entry_id), shared)


def _strike_out(history: History, chance: int) -> None:
    for entry in _entries(history)[chance % 4 :][:1]:
        struck = counselling.EntryStruckOut(
            entry_id=entry.entry_id, person_id=entry.pupil_id, reason="pomyłka"
        )
        history.tell(streams.counselling(PEDAGOGUE, entry.entry_id), struck)


def _stay(history: History, chance: int) -> None:
    """One stay of the day-care room from its arrival on, one step at a time; and who may collect."""
    told = [one.fact for one in history.recorded if isinstance(one.fact, stays.PupilArrived)]
    on = FIRST + timedelta(days=len(told) % 5)
    number = 1 + sum(fact.on == on for fact in told)
    arrived = stays.PupilArrived(unit_id=CARE, pupil_id="ada", on=on, number=number, at="12:30")
    facts: list[Fact] = [arrived]
    if chance % 4:
        facts.append(departed(on, number))
    if chance % 4 == 2:
        facts.append(corrected(on, number))
    if chance % 4 == 3:
        struck = stays.StayStruckOut(unit_id=CARE, pupil_id="ada", on=on, number=number, reason="pomyłka")
        facts.append(struck)
    history.tell(streams.stays(CARE, on, "ada"), *facts)
    collector_id = f"c{len(told)}"
    given: Fact = stays.LeavingAloneAllowed(
        collector_id=collector_id, unit_id=CARE, pupil_id="ada", since=FIRST
    )
    if chance % 2:
        given = stays.CollectorAuthorised(
            collector_id=collector_id, unit_id=CARE, pupil_id="ada", since=FIRST, name="babcia"
        )
    ended = stays.AuthorisationWithdrawn(collector_id=collector_id, unit_id=CARE, pupil_id="ada", until=on)
    history.tell(streams.collectors(CARE, "ada"), given, *([ended] if chance % 3 else []))


def departed(on: date, number: int) -> stays.PupilDeparted:
    """Ada was collected at three."""
    return stays.PupilDeparted(
        unit_id=CARE,
        pupil_id="ada",
        on=on,
        number=number,
        at="15:00",
        kind=stays.DepartureKind.WITH_AUTHORISED,
        collector_id="c",
    )


def corrected(on: date, number: int) -> stays.StayCorrected:
    """It was half an hour earlier, and ended an hour earlier."""
    return stays.StayCorrected(
        unit_id=CARE,
        pupil_id="ada",
        on=on,
        number=number,
        was_arrived="12:30",
        arrived="12:00",
        reason="zegar",
        was_departed="15:00",
        departed="14:00",
    )
