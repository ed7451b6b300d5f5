"""Whose absence should somebody look into? Rows of several read models, put together by the policy.

Nothing is stored: alarms are reckoned when asked, from a year's rolls and marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dziennik.contracts.values import AttendanceKind
from dziennik.domain.policies.absence_alarms import Alarm, Attended, RulesOfYear, alarms
from dziennik.projections import absences, attendance, structure
from dziennik.projections.rows import View

# The models an answer depends on.
MODELS = (absences.ABSENCES.name, attendance.ATTENDANCE.name, structure.STRUCTURE.name)


def alarms_of(view: View, year_id: str, pupil_ids: Iterable[str]) -> dict[str, list[Alarm]]:
    """Alarms of pupils in a year, wherever they were in it; none while it has no attendance rules."""
    wanted = list(dict.fromkeys(pupil_ids))
    rules = view.get(attendance.YearRules, year_id)
    if rules is None:
        return {pupil_id: [] for pupil_id in wanted}
    known = absences.rules_of(view, year_id)
    by = RulesOfYear(
        absences=known.rules,
        absences_version=known.version,
        attendance=rules.rules,
        attendance_version=rules.version,
    )
    lessons = attended(view, year_id, wanted)
    return {pupil_id: alarms(lessons[pupil_id], by) for pupil_id in wanted}


def attended(view: View, year_id: str, pupil_ids: Iterable[str]) -> Mapping[str, list[Attended]]:
    """The lessons of a year at which pupils were asked, each with what the pupil was."""
    found: dict[str, list[Attended]] = {pupil_id: [] for pupil_id in pupil_ids}
    for unit_id in _units(view, year_id, found):
        kinds: dict[tuple[str, str], AttendanceKind] = {
            (mark.lesson_id, mark.pupil_id): mark.kind
            for mark in view.find(attendance.Mark, unit_id=unit_id)
            if mark.pupil_id in found
        }
        for roll in view.find(attendance.Roll, unit_id=unit_id):
            for pupil_id in () if roll.cancelled else roll.asked or ():
                if pupil_id in found:
                    kind = kinds.get((roll.lesson_id, pupil_id), AttendanceKind.PRESENT)
                    found[pupil_id].append(_attended(roll, kind))
    return found


def _attended(roll: attendance.Roll, kind: AttendanceKind) -> Attended:
    return Attended(
        on=roll.on,
        period=roll.period,
        unit_id=roll.unit_id,
        lesson_id=roll.lesson_id,
        subject_id=roll.subject_id,
        kind=kind,
    )


def _units(view: View, year_id: str, pupil_ids: Iterable[str]) -> list[str]:
    """The year's classes and interclass groups that the pupils were in; no other registers."""
    ids = list(pupil_ids)
    places = {row.class_id for pupil_id in ids for row in structure.enrolments(view, pupil_id)}
    for pupil_id in ids:
        places |= {row.group_id for row in view.find(structure.Membership, pupil_id=pupil_id)}
    units = view.many(structure.Unit, [(place,) for place in sorted(places)])
    return [unit.unit_id for unit in units if unit and unit.year_id == year_id and unit.register is None]
