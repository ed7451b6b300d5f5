"""Queries: absences known beforehand, excuses, alarms, rolls that were not called, files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, TypeGuard

import strawberry
from strawberry.types import Info

from dziennik.attachments.links import LASTS
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.attendance import proposed
from dziennik.domain.carrying_over import carried_over
from dziennik.domain.prefilling import Proposal, staying
from dziennik.domain.roll_call import roll_of
from dziennik.domain.world import World
from dziennik.graphql import absence_shapes as shapes
from dziennik.graphql.calendar_queries import PLANS, From, To, fault_in_span
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.paging import page_of
from dziennik.graphql.refusing import Refused
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import absence_alarms, absences, structure
from dziennik.projections.attendance import ATTENDANCE
from dziennik.projections.day_plans import units_of_class
from dziennik.projections.own_calendars import units_with_substitutions
from dziennik.projections.rolls_due import RollDue, rolls_due, units_of_day
from dziennik.projections.rows import View

KNOWN = (*SEEN, absences.ABSENCES.name)
ALARMS = (*KNOWN, ATTENDANCE.name)
# Days of one question about rolls: a month of a whole school.
MOST_DAYS = 31

CarryOver = Annotated[bool, strawberry.argument(description="As carryOverRoll would: from earlier lessons.")]


@strawberry.type
class AbsenceQueries:
    @guarded(description="A year's rules for excuses, announced absences and alarms.")
    def absence_rules(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> shapes.AbsenceRules:
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        return shapes.rules(absences.rules_of(context.view(school), year_id))  # type: ignore[return-value]

    @guarded(description="A pupil's excuses, announced absences, trips and exemptions in a school year.")
    def pupil_absences(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        year_id: strawberry.ID,
        after_position: Position = None,
    ) -> shapes.PupilAbsences:
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        view = context.view(school)
        here = {unit.unit_id for unit in structure.units(view, year_id)}
        excuses = [row for row in absences.excuses_of_pupil(view, pupil_id) if row.class_id in here]
        return {  # type: ignore[return-value]
            "pupilId": pupil_id,
            "yearId": year_id,
            "excuses": [shapes.excuse(row) for row in excuses],
            "known": _known_of_pupil(view, pupil_id, here),
        }

    @guarded(description="Excuses handed in at a class, all or the open ones, in the order they came.")
    def class_excuses(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        open_only: bool = False,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.ExcuseConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        return page_of(
            absences.excuses_of_class(context.view(school), class_id, open_only=open_only),
            lambda row: f"{row.submitted.at.isoformat()}/{row.excuse_id}",
            shapes.excuse,
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="Announced absences, trips and exemptions of a class.")
    def class_absences(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> shapes.Absences:
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        view = context.view(school)
        away = absences.school_absences(view, [class_id])
        return {  # type: ignore[return-value]
            "announced": [shapes.announced(row) for row in absences.announcements(view, class_id=class_id)],
            "schoolAbsences": [shapes.school_absence(row) for row in away],
            "exemptions": [shapes.exemption(row) for row in absences.exemptions(view, class_id=class_id)],
        }

    @guarded(description="Alarms about a pupil's absences in a school year, each with its reasons.")
    def pupil_absence_alarms(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        year_id: strawberry.ID,
        after_position: Position = None,
    ) -> list[shapes.AbsenceAlarm]:
        context = context_of(info)
        context.wait(school, ALARMS, after_position)
        return _alarms(context.view(school), year_id, [pupil_id])  # type: ignore[return-value]

    @guarded(description="Alarms about absences of those who are in the class today, in register order.")
    def class_absence_alarms(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[shapes.AbsenceAlarm]:
        context = context_of(info)
        context.wait(school, ALARMS, after_position)
        view = context.view(school)
        unit = view.get(structure.Unit, class_id)
        here = structure.pupils(view, class_id, context.today(school))
        return _alarms(view, unit.year_id if unit else "", [row.pupil_id for row in here])  # type: ignore[return-value]

    @guarded(description="What the register proposes for a lesson's roll, and what was left as proposed.")
    def roll_proposal(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        lesson_id: strawberry.ID,
        carry_over: CarryOver = False,
        after_position: Position = None,
    ) -> shapes.RollProposal:
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        found = context.register(school).look(lambda world: _proposal(world, class_id, lesson_id, carry_over))
        if isinstance(found, Refusal):
            raise Refused(found, context.language)
        left = absences.prefilled(context.view(school), class_id, lesson_id)
        return {**found, "prefilled": [shapes.source(mark) for mark in left]}  # type: ignore[return-value]

    @guarded(description="Lessons of the whole school that are over and whose roll was not called.")
    def rolls_not_called(
        self, info: Info, school: SchoolId, from_: From, to: To, after_position: Position = None
    ) -> list[shapes.RollDue]:
        context, view = _rolls(info, school, from_, to, after_position)
        return _due(context, school, units_of_day(view, from_, to), from_, to)  # type: ignore[return-value]

    @guarded(description="The same of a class and of groups that draw from it, for its homeroom teacher.")
    def class_rolls_not_called(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From,
        to: To,
        after_position: Position = None,
    ) -> list[shapes.RollDue]:
        context, view = _rolls(info, school, from_, to, after_position)
        return _due(context, school, units_of_class(view, class_id), from_, to)  # type: ignore[return-value]

    @guarded(description="The same of lessons that the asker was to hold, or held.")
    def my_rolls_not_called(
        self, info: Info, school: SchoolId, from_: From, to: To, after_position: Position = None
    ) -> list[shapes.RollDue]:
        context, view = _rolls(info, school, from_, to, after_position)
        who = context.access(school).person.person_id
        units = units_with_substitutions(view, who, from_, to)
        return _due(context, school, units, from_, to, teacher_id=who)  # type: ignore[return-value]

    @guarded(description="An address for a file that came with one of the pupil's excuses or exemptions.")
    def attachment_link(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        attachment_id: strawberry.ID,
        after_position: Position = None,
    ) -> shapes.AttachmentLink | None:
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        file = absences.attached(context.view(school), pupil_id, attachment_id)
        if file is None:
            return None
        token = context.system.attachment_links.make(school, file)
        address = f"/attachments/{token}"
        return {"address": address, "expiresIn": int(LASTS.total_seconds())}  # type: ignore[return-value]


def _known_of_pupil(view: View, pupil_id: str, here: set[str]) -> dict[str, Any]:
    told = absences.announcements(view, pupil_id=pupil_id)
    exempt = absences.exemptions(view, pupil_id=pupil_id)
    classes = {row.class_id for row in structure.enrolments(view, pupil_id)} & here
    away = absences.school_absences(view, sorted(classes), pupil_id)
    return {
        "announced": [shapes.announced(row) for row in told if row.class_id in here],
        "schoolAbsences": [shapes.school_absence(row, pupil_id) for row in away],
        "exemptions": [shapes.exemption(row) for row in exempt if row.class_id in here],
    }


def _alarms(view: View, year_id: str, pupil_ids: Iterable[str]) -> list[dict[str, Any]]:
    found = absence_alarms.alarms_of(view, year_id, pupil_ids)
    return [shapes.alarm(pupil_id, alarm) for pupil_id, alarms in found.items() for alarm in alarms]


def _proposal(world: World, unit_id: str, lesson_id: str, carry_over: bool) -> dict[str, Any] | Refusal:
    roll = roll_of(world, unit_id, lesson_id)
    if isinstance(roll, Refusal):
        return roll
    found = (carried_over if carry_over else proposed)(world, roll)
    if isinstance(found, Refusal):
        return found
    return {
        "lessonId": lesson_id,
        "called": roll.lesson.asked is not None,
        "pupils": roll.everyone,
        "staying": staying(roll.homes, roll.held),
        "proposed": [shapes.proposed(each) for each in map(found.get, roll.everyone) if _tells(each)],
    }


def _tells(found: Proposal | None) -> TypeGuard[Proposal]:
    """Presence is what a roll leaves: it need not be proposed."""
    return found is not None and found.kind is not AttendanceKind.PRESENT


def _rolls(info: Info, school: str, first: date, last: date, after: int | None) -> tuple[Context, View]:
    context = context_of(info)
    fault_in_span(context, first, last, MOST_DAYS)
    context.wait(school, PLANS, after)
    return context, context.view(school)


def _due(
    context: Context,
    school: str,
    unit_ids: Iterable[str],
    first: date,
    last: date,
    *,
    teacher_id: str | None = None,
) -> list[dict[str, Any]]:
    now = context.register(school).local_time()
    found: list[RollDue] = rolls_due(context.view(school), unit_ids, first, last, now)
    return [shapes.due(each) for each in found if teacher_id in (None, each.teacher_id)]
