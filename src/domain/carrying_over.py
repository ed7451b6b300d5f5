"""The rule for carrying over: pupils are as they were at their last lesson of the day (ADR 0071)."""

from __future__ import annotations

from collections.abc import Mapping

from dziennik.contracts import attendance as said
from dziennik.contracts.attendance import PrefilledFrom
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.called_lessons import Called, called_lessons
from dziennik.domain.prefilling import Proposal, proposals
from dziennik.domain.roll_call import Roll, decide_roll
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.world import Asked, Decision, World

# Who came, though late, is there an hour later.
_CAME = (AttendanceKind.PRESENT, AttendanceKind.LATE, AttendanceKind.LATE_EXCUSED)
# What the school itself decided about this lesson outweighs where somebody was an hour ago.
_DECIDED = (
    PrefilledFrom.EXEMPTION,
    PrefilledFrom.SCHOOL_ABSENCE,
    PrefilledFrom.INDIVIDUAL_TEACHING,
)


@decides(said.CarryOverRoll, by=TEACHING)
def _carry_over(world: World, command: said.CarryOverRoll, asked: Asked) -> Decision:
    return decide_roll(world, command, asked, carried_over)


def carried_over(world: World, roll: Roll) -> Mapping[str, Proposal] | Refusal:
    hours = [period.number for period in roll.year.periods if period.number < roll.held.period]
    earlier = {
        class_id: called_lessons(world, class_id, (roll.held.on,), hours) for class_id in roll.homes.absences
    }
    homes = roll.homes.by_pupil.items()
    found = {pupil_id: _as_before(pupil_id, earlier[class_id]) for pupil_id, class_id in homes}
    carried = {pupil_id: each for pupil_id, each in found.items() if each is not None}
    if not carried:
        return said.NOTHING_TO_CARRY_OVER(field="lesson_id")
    known = proposals(roll.homes, roll.year, roll.held)
    decided = {pupil_id: each for pupil_id, each in known.items() if each.source in _DECIDED}
    return {**known, **carried, **decided}


def _as_before(pupil_id: str, earlier: list[Called]) -> Proposal | None:
    """What the pupil was at the last of these lessons that tells.

    Being exempt from another subject tells nothing.
    """
    for each in sorted(earlier, key=lambda one: one.held.period, reverse=True):
        if not each.was_asked(pupil_id) or pupil_id in each.state.exempted:
            continue
        type_id, kind, _ = each.state.marks.get(pupil_id, (None, AttendanceKind.PRESENT, None))
        came = kind in _CAME
        return Proposal(
            pupil_id=pupil_id,
            kind=AttendanceKind.PRESENT if came else kind,
            source=PrefilledFrom.EARLIER_LESSON,
            source_id=each.held.lesson_id,
            type_id=None if came else type_id,
        )
    return None
