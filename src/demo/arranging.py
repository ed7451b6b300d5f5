"""What does a school arrange for the weeks to come? Exemptions, a trip, an event, changed lessons, studies.

Arranged in the second week of the running year for days that are lived through by nobody yet, so that no
lesson of the demo is entered against it; who may collect a child holds at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from dziennik.contracts import absence_commands, calendar_commands, stays, studies
from dziennik.contracts.absences import AbsenceScope, AwayFor, ExemptionMode
from dziennik.contracts.calendar import EntryKind
from dziennik.contracts.commands import Command
from dziennik.contracts.studies import StudyKind
from dziennik.demo.chance import Chance
from dziennik.demo.curriculum import SUBJECTS
from dziennik.demo.hours import Hour
from dziennik.demo.office import subject_id
from dziennik.demo.people import Pupil
from dziennik.demo.structure import ClassPlan, Year

TRAVELLING: Final = 4  # pupils of the class, by register


def monday_after(year: Year) -> date:
    """The first Monday that is not lived through."""
    return year.until + timedelta(days=7 - year.until.weekday())


def by_director(
    year: Year, unit: ClassPlan, chance: Chance, hours: dict[date, list[Hour]]
) -> Iterator[Command]:
    """An exemption from PE, an individual programme, a meeting with parents, two changes of lessons."""
    monday, named = monday_after(year), _ids(chance, year)
    there = _there(unit, year)
    yield absence_commands.GrantExemption(
        exemption_id=named("exemption"),
        class_id=unit.class_id,
        pupil_id=there[2].person.person_id,
        subject_id=subject_id(chance, "wf"),
        since=monday,
        until=year.terms[0].ends,
        mode=ExemptionMode.RELEASED,
        basis="opinia lekarza z 7 września, decyzja dyrektora nr 3",
    )
    yield studies.GrantIndividualStudy(
        study_id=named("study"),
        class_id=unit.class_id,
        pupil_id=there[3].person.person_id,
        kind=StudyKind.PROGRAMME,
        subjects=(subject_id(chance, "mat"),),
        since=monday,
        decision="zezwolenie dyrektora nr 1",
        legal_basis="art. 115 ustawy – Prawo oświatowe",
        supervisor_id=unit.homeroom.person.person_id,
    )
    yield calendar_commands.PlanEntry(
        entry_id=named("meeting"),
        kind=EntryKind.MEETING,
        title="Zebranie z rodzicami",
        on=monday + timedelta(days=2),
        year_id=year.year_id,
        starts="17:00",
        ends="18:30",
    )
    first, last = _week(unit, hours)
    yield calendar_commands.ChangeRoom(
        change_id=named("room"),
        unit_id=unit.class_id,
        assignment_id=first.assignment.assignment_id,
        on=monday,
        period=first.period,
        room="aula",
        reason="próba akademii",
    )
    yield calendar_commands.CallOffLesson(
        change_id=named("off"),
        unit_id=unit.class_id,
        assignment_id=last.assignment.assignment_id,
        on=monday,
        period=last.period,
        reason="rada pedagogiczna",
    )


def by_homeroom(year: Year, unit: ClassPlan, chance: Chance) -> Iterator[Command]:
    """Some pupils go to a museum for a day."""
    day = monday_after(year) + timedelta(days=3)
    yield absence_commands.ArrangeSchoolAbsence(
        absence_id=_ids(chance, year)("trip"),
        away_for=AwayFor.TRIP,
        name="Wycieczka do Muzeum Włókiennictwa",
        scope=AbsenceScope(starts=day, ends=day),
        pupils=tuple(
            [
                absence_commands.PupilOfClass(class_id=unit.class_id, pupil_id=pupil.person.person_id)
                for pupil in _there(unit, year)[:TRAVELLING]
            ]
        ),
    )


def collector(year: Year, unit_id: str, pupil: Pupil, chance: Chance) -> Command:
    """A grandmother, named by a parent, may collect the child from the day-care room."""
    return stays.AuthoriseCollector(
        collector_id=_ids(chance, year)("collector"),
        unit_id=unit_id,
        pupil_id=pupil.person.person_id,
        since=year.starts,
        name="Zofia Zawadzka, babcia",
    )


def ends_with(unit: ClassPlan) -> Iterator[str]:
    """Keys of the subjects that are taught in that year for the last time."""
    for subject in SUBJECTS:
        if subject.graded and unit.level in subject.hours and unit.level + 1 not in subject.hours:
            yield subject.key


def _week(unit: ClassPlan, hours: dict[date, list[Hour]]) -> tuple[Hour, Hour]:
    """The class's first and last lesson of a Monday, those of the whole class."""
    monday = next(day for day in hours if day.weekday() == 0)
    own = [h for h in hours[monday] if h.assignment.unit_id == unit.class_id and h.assignment.group is None]
    return own[0], own[-1]


def _there(unit: ClassPlan, year: Year) -> list[Pupil]:
    return [place.pupil for place in unit.places if place.covers(year.until)]


def _ids(chance: Chance, year: Year) -> Callable[[str], str]:
    return lambda name: chance.id("arranged", year.name, name)
