"""The rules for excuses: who hands one in until when, who decides, and what lessons then say."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from dziennik.contracts import absence_commands as orders
from dziennik.contracts import absences as said
from dziennik.contracts import streams
from dziennik.contracts.attendance import NOT_ASKED, ROLL_NOT_CALLED
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import LessonRef
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.absence_checks import (
    FAMILY,
    MOST_TOLD,
    class_of,
    fault_in_homeroom,
    fault_in_kind,
    spoken_for,
)
from dziennik.domain.absence_state import Excuse, absences
from dziennik.domain.called_lessons import EXCUSED, Called, called_in, corrections
from dziennik.domain.lessons import held_lesson
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.world import Asked, Decision, Entry, World

MOST_WAITING = 30  # excuses of a pupil that nobody has decided about
REASON = "usprawiedliwienie"  # of corrections that follow from an accepted excuse


def _on(class_id: str, fact: Fact) -> Entry:
    return Entry(streams.absences(class_id), fact)


@decides(orders.SubmitExcuse, by=FAMILY)
def _submit(world: World, command: orders.SubmitExcuse, asked: Asked) -> Decision:
    year = spoken_for(world, asked, command)
    if isinstance(year, Refusal):
        return year
    if not command.text.strip():
        return TEXT_MISSING(at="text", field="text")
    told = msgspec.structs.asdict(command)
    fact = said.ExcuseSubmitted(**told, submitted_by=asked.actor.person or "")
    known = world[absences(command.class_id)].excuses.get(command.excuse_id)
    if known:
        return [] if known.submitted == fact else orders.ID_TAKEN(field="excuse_id")
    until = _until(year, command.scope)
    if until and until < asked.today:
        return orders.TOO_LATE(until=until, field="scope.ends")
    fault = _fault_in_count(world, command)
    if fault:
        return fault
    submitted = _on(command.class_id, fact)
    if year.absences.acceptance_needed:
        return [submitted]
    accepted = said.ExcuseAccepted(excuse_id=command.excuse_id, pupil_id=command.pupil_id, by_rule=True)
    decided = _accepted(world, command.class_id, year, Excuse(submitted=fact), accepted, asked)
    return decided if isinstance(decided, Refusal) else [submitted, *decided]


def _fault_in_count(world: World, command: orders.SubmitExcuse) -> Refusal | None:
    """A family cannot fill the homeroom teacher's list, nor the class's register."""
    excuses = world[absences(command.class_id)].excuses.values()
    own = [each for each in excuses if each.submitted.pupil_id == command.pupil_id]
    waiting = sum(each.outcome is None for each in own)
    if waiting >= MOST_WAITING:
        return orders.TOO_MANY_WAITING(count=waiting, field="pupil_id")
    return orders.TOO_MANY_TOLD(count=len(own), field="pupil_id") if len(own) >= MOST_TOLD else None


def _until(year: Year, scope: said.AbsenceScope) -> date | None:
    days = year.absences.excuse_within_days
    return None if days is None else scope.ends + timedelta(days=days)


@decides(orders.WithdrawExcuse, by=FAMILY)
def _withdraw(world: World, command: orders.WithdrawExcuse, asked: Asked) -> Decision:
    excuse = _excuse(world, command.class_id, command.excuse_id)
    if isinstance(excuse, Refusal):
        return excuse
    submitted = excuse.submitted
    if asked.actor.person != submitted.submitted_by:
        return orders.NOT_YOUR_PUPIL(field="excuse_id")
    fact = said.ExcuseWithdrawn(excuse_id=command.excuse_id, pupil_id=submitted.pupil_id)
    if excuse.outcome:
        return [] if excuse.outcome == fact else over(excuse)
    return [_on(command.class_id, fact)]


@decides(orders.AcceptExcuse, by=TEACHING)
def _accept(world: World, command: orders.AcceptExcuse, asked: Asked) -> Decision:
    found = _decidable(world, command.class_id, command.excuse_id, asked)
    if isinstance(found, Refusal):
        return found
    excuse, year = found
    fact = said.ExcuseAccepted(
        excuse_id=command.excuse_id,
        pupil_id=excuse.submitted.pupil_id,
        by_rule=False,
        lessons=command.lessons,
        comment=(command.comment or "").strip() or None,
    )
    if excuse.outcome:
        return [] if excuse.outcome == fact else over(excuse)
    if command.lessons is not None and not command.lessons:
        return TEXT_MISSING(at="lessons", field="lessons")
    fault = fault_in_kind(year, AttendanceKind.ABSENT_EXCUSED, "excuse_id")
    return fault or _accepted(world, command.class_id, year, excuse, fact, asked)


def _accepted(
    world: World,
    class_id: str,
    year: Year,
    excuse: Excuse,
    fact: said.ExcuseAccepted,
    asked: Asked,
) -> list[Entry] | Refusal:
    """The acceptance, and the covered absences put right."""
    submitted = excuse.submitted
    called = called_in(world, class_id, year, submitted.scope, asked.today)
    if fact.lessons is not None:
        fault = _fault_in_lessons(world, fact.lessons, called, submitted)
        if fault:
            return fault
        called = [each for each in called if each.ref in fact.lessons]
    right = corrections(called, (submitted.pupil_id,), year, EXCUSED, REASON)
    return [_on(class_id, fact), *right]


def _fault_in_lessons(
    world: World, chosen: tuple[LessonRef, ...], called: list[Called], submitted: said.ExcuseSubmitted
) -> Refusal | None:
    """Each chosen lesson lies in the scope, its roll was called, and the pupil was asked."""
    known = {each.ref: each for each in called}
    for place, ref in enumerate(chosen):
        at, each = f"lessons[{place}]", known.get(ref)
        if each is None:
            found = held_lesson(world, ref.unit_id, ref.lesson_id)
            if isinstance(found, Refusal):
                return replace(found, field=at)
            if not submitted.scope.covers(found[1].on, found[1].period):
                return orders.OUTSIDE_SCOPE(lesson=ref.lesson_id, field=at)
            return ROLL_NOT_CALLED(field=at) if found[0].asked is None else _not_asked(submitted, at)
        if not each.was_asked(submitted.pupil_id):
            return _not_asked(submitted, at)
    return None


def _not_asked(submitted: said.ExcuseSubmitted, at: str) -> Refusal:
    return NOT_ASKED(pupil=submitted.pupil_id, field=at)


@decides(orders.RejectExcuse, by=TEACHING)
def _reject(world: World, command: orders.RejectExcuse, asked: Asked) -> Decision:
    found = _decidable(world, command.class_id, command.excuse_id, asked)
    if isinstance(found, Refusal):
        return found
    excuse, _ = found
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    fact = said.ExcuseRejected(
        excuse_id=command.excuse_id, pupil_id=excuse.submitted.pupil_id, reason=command.reason
    )
    if excuse.outcome:
        return [] if excuse.outcome == fact else over(excuse)
    return [_on(command.class_id, fact)]


def _excuse(world: World, class_id: str, excuse_id: str) -> Excuse | Refusal:
    found = class_of(world, class_id)
    if isinstance(found, Refusal):
        return found
    excuse = world[absences(class_id)].excuses.get(excuse_id)
    return excuse or orders.NO_SUCH_EXCUSE(excuse=excuse_id, field="excuse_id")


def _decidable(world: World, class_id: str, excuse_id: str, asked: Asked) -> tuple[Excuse, Year] | Refusal:
    """The excuse, if the asker may decide on it."""
    found = class_of(world, class_id)
    if isinstance(found, Refusal):
        return found
    fault = fault_in_homeroom(found[0], asked)
    if fault:
        return fault
    excuse = _excuse(world, class_id, excuse_id)
    return excuse if isinstance(excuse, Refusal) else (excuse, found[1])


def over(excuse: Excuse) -> Refusal:
    """What became of it already: whoever decides second is shown what the first decided."""
    submitted, outcome = excuse.submitted, excuse.outcome
    refused = orders.EXCUSE_WITHDRAWN(field="excuse_id")
    if isinstance(outcome, said.ExcuseAccepted):
        only = outcome.lessons
        named = "–" if only is None else ", ".join([ref.lesson_id for ref in only])
        refused = orders.EXCUSE_ACCEPTED(lessons=named, comment=outcome.comment or "–", field="excuse_id")
    elif isinstance(outcome, said.ExcuseRejected):
        refused = orders.EXCUSE_REJECTED(reason=outcome.reason, field="excuse_id")
    return beside(refused, streams.absences(submitted.class_id), "excuse_id", submitted.excuse_id)
