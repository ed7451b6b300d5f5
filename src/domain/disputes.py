"""The rules for disputes: who asks about which entry, who answers, who decides."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from dziennik.contracts import disputes as said
from dziennik.contracts import streams
from dziennik.contracts.attendance import NOT_ASKED
from dziennik.contracts.commands import CHANGED_SINCE, TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import NO_SUCH_GRADE
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Refusal, beside
from dziennik.domain.evolving import Evolution
from dziennik.domain.gradebook import of_pupil
from dziennik.domain.lessons import held_lesson
from dziennik.domain.people import person
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.units import not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

FAMILY = frozenset({Role.PARENT, Role.PUPIL})


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """One dispute; `asked` is None until there is a question. `answer`: the latest, "" until there is one."""

    asked: said.QuestionAsked | None = None
    answer: str = ""
    over: bool = False


_evolve: Evolution[Dispute] = Evolution()


def dispute(class_id: str, dispute_id: str) -> Stream[Dispute]:
    """The stream of a dispute."""
    return Stream(streams.dispute(class_id, dispute_id), Dispute(), _evolve)


def unanswered(world: World, class_id: str) -> list[str]:
    """The pupils of the questions that the school has neither answered nor decided, one for each."""
    names = world.names(streams.dispute(class_id, ""), streams.dispute(class_id, "~"))
    found = world.many([dispute(class_id, name.rpartition("/")[2]) for name in names])
    waiting = [each.asked for each in found if each.asked and not each.over and not each.answer]
    return [asked.pupil_id for asked in waiting]


@_evolve.on(said.QuestionAsked)
def _asked(_: Dispute, fact: said.QuestionAsked) -> Dispute:
    return Dispute(asked=fact)


@_evolve.on(said.QuestionAnswered)
def _answered(state: Dispute, fact: said.QuestionAnswered) -> Dispute:
    return replace(state, answer=fact.text)


@_evolve.on(said.QuestionWithdrawn)
def _withdrawn(state: Dispute, _: said.QuestionWithdrawn) -> Dispute:
    return replace(state, over=True)


@_evolve.on(said.DisputeDecided)
def _decided(state: Dispute, _: said.DisputeDecided) -> Dispute:
    return replace(state, over=True)


@decides(said.AskAboutEntry, by=FAMILY)
def _ask(world: World, command: said.AskAboutEntry, asked: Asked) -> Decision:
    who = asked.actor.person
    if who is None or not _speaks_for(world, asked, command.pupil_id):
        return said.NOT_YOUR_ENTRY(field="pupil_id")
    home = world[unit(command.class_id)]
    if not home.is_class:
        return not_a_unit(command.class_id, "class_id")
    if not command.text.strip():
        return TEXT_MISSING(at="text", field="text")
    subject_id = _subject(world, command)
    if isinstance(subject_id, Refusal):
        return subject_id
    entry = {**msgspec.structs.asdict(command), "asked_by": who, "subject_id": subject_id}
    fact = said.QuestionAsked(**entry)
    known = world[dispute(command.class_id, command.dispute_id)].asked
    if known:
        return [] if known == fact else said.DISPUTE_EXISTS(field="dispute_id")
    return _on(command.class_id, fact)


def _speaks_for(world: World, asked: Asked, pupil_id: str) -> bool:
    """Pupils for themselves, parents for the children over whom they hold rights that day."""
    if asked.actor.role is Role.PUPIL:
        return asked.actor.person == pupil_id
    return world[person(pupil_id)].parent_may(asked.actor.person, ParentalPower.DECISIONS, asked.today)


def _subject(world: World, command: said.AskAboutEntry) -> str | Refusal:
    """The subject of the entry, if it is one, is there, and is the pupil's."""
    if command.grade_id and command.subject_id and not command.lesson_id:
        book = world[of_pupil(command.class_id, command.subject_id, command.pupil_id)]
        there = command.grade_id in book.grades
        return command.subject_id if there else NO_SUCH_GRADE(grade=command.grade_id, field="grade_id")
    if command.lesson_id and command.unit_id and not command.grade_id:
        found = held_lesson(world, command.unit_id, command.lesson_id)
        if isinstance(found, Refusal):
            return found
        there = command.pupil_id in (found[0].asked or ())
        return found[1].subject_id if there else NOT_ASKED(pupil=command.pupil_id, field="lesson_id")
    return said.ONE_ENTRY(field="grade_id")


def _on(class_id: str, fact: said.QuestionAsked | Fact) -> list[Entry]:
    return [Entry(streams.dispute(class_id, getattr(fact, "dispute_id", "")), fact)]


def _open(world: World, class_id: str, dispute_id: str) -> said.QuestionAsked | Refusal:
    """The question, if it is there and not over."""
    state = world[dispute(class_id, dispute_id)]
    if state.asked is None:
        return said.NO_SUCH_DISPUTE(dispute=dispute_id, field="dispute_id")
    if not state.over:
        return state.asked
    return beside(said.DISPUTE_IS_OVER(field="dispute_id"), streams.dispute(class_id, dispute_id))


def _answerable(
    world: World, command: said.AnswerQuestion | said.DecideDispute, asked: Asked
) -> said.QuestionAsked | Refusal:
    """The open question, if the asker may answer it and nobody else did meanwhile."""
    class_id, dispute_id = command.class_id, command.dispute_id
    question = _open(world, class_id, dispute_id)
    if isinstance(question, Refusal):
        return question
    if asked.actor.role is Role.TEACHER:
        homeroom = world[unit(class_id)].homeroom_teacher(asked.today)
        if asked.actor.person not in (homeroom, _author(world, question)):
            return said.NOT_YOURS_TO_ANSWER(field="dispute_id")
    now = world[dispute(class_id, dispute_id)].answer
    if command.seen in (None, now):
        return question
    return beside(
        CHANGED_SINCE(seen=command.seen, now=now, field="seen"), streams.dispute(class_id, dispute_id)
    )


def _author(world: World, question: said.QuestionAsked) -> str | None:
    """The teacher of the grade, or whoever held the lesson."""
    if question.grade_id and question.subject_id:
        book = world[of_pupil(question.class_id, question.subject_id, question.pupil_id)]
        return book.grades[question.grade_id].fact.teacher_id
    found = held_lesson(world, question.unit_id or "", question.lesson_id or "")
    return None if isinstance(found, Refusal) else found[1].teacher_id


@decides(said.AnswerQuestion, by=TEACHING)
def _answer(world: World, command: said.AnswerQuestion, asked: Asked) -> Decision:
    question = _answerable(world, command, asked)
    if isinstance(question, Refusal):
        return question
    if not command.text.strip():
        return TEXT_MISSING(at="text", field="text")
    fact = said.QuestionAnswered(dispute_id=command.dispute_id, pupil_id=question.pupil_id, text=command.text)
    return _on(command.class_id, fact)


@decides(said.WithdrawQuestion, by=FAMILY)
def _withdraw(world: World, command: said.WithdrawQuestion, asked: Asked) -> Decision:
    question = _open(world, command.class_id, command.dispute_id)
    if isinstance(question, Refusal):
        return question
    if asked.actor.person != question.asked_by:
        return said.NOT_YOUR_ENTRY(field="dispute_id")
    return _on(
        command.class_id, said.QuestionWithdrawn(dispute_id=command.dispute_id, pupil_id=question.pupil_id)
    )


@decides(said.DecideDispute, by=TEACHING)
def _decide(world: World, command: said.DecideDispute, asked: Asked) -> Decision:
    question = _answerable(world, command, asked)
    if isinstance(question, Refusal):
        return question
    if not command.text.strip():
        return TEXT_MISSING(at="text", field="text")
    fact = said.DisputeDecided(
        dispute_id=command.dispute_id,
        pupil_id=question.pupil_id,
        outcome=command.outcome,
        text=command.text,
    )
    return _on(command.class_id, fact)
