"""Whose is a card? Each of its lessons is of who teaches it; one for a column is of the column's teacher."""

from __future__ import annotations

from collections.abc import Iterable

from dziennik.contracts import cards as said
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import lesson_id
from dziennik.contracts.refusals import Refusal
from dziennik.domain.lessons import lesson
from dziennik.domain.units import unit
from dziennik.domain.world import Asked, World


def lesson_numbers(issued: said.CardIssued | None) -> frozenset[int]:
    """The numbers of a card's lessons, from 1; of a card for a column there are none."""
    return frozenset(range(1, len(issued.lessons) + 1)) if issued else frozenset()


def own_lessons(world: World, issued: said.CardIssued, asked: Asked) -> frozenset[int]:
    """Numbers of the lessons that whoever asks may decide and apply; director and office all."""
    numbers = lesson_numbers(issued)
    if asked.actor.role is not Role.TEACHER:
        return numbers
    return frozenset(
        number
        for number, one in enumerate(issued.lessons, 1)
        if asked.actor.person and teacher_of(world, one) == asked.actor.person
    )


def teacher_of(world: World, one: said.CardLesson) -> str | None:
    """Who held the lesson, or is to hold it: the substitute, where one was arranged."""
    state = world[lesson(one.unit_id, lesson_id(one.on, one.period, one.assignment_id))]
    if state.held:
        return state.held.teacher_id
    assignment = world[unit(one.unit_id)].assignments.get(one.assignment_id)
    return state.substitute or (assignment.teacher_id if assignment else None)


def fault_in_owner(
    world: World, issued: said.CardIssued, numbers: Iterable[int], asked: Asked
) -> Refusal | None:
    """Why whoever asks may not speak for these lessons; of a card for a column, for the column."""
    if asked.actor.role is not Role.TEACHER:
        return None
    if issued.column_id is not None:
        assignment = world[unit(issued.unit_id)].assignments.get(issued.assignment_id or "")
        theirs = assignment is not None and assignment.teacher_id == asked.actor.person
        return None if theirs else said.NOT_YOUR_CARD(field="card_id")
    own = own_lessons(world, issued, asked)
    others = set(numbers) - own
    if not own:
        return said.NOT_YOUR_CARD(field="card_id")
    if others:
        return said.NOT_YOUR_LESSON_ON_CARD(card=issued.card_id, lesson=min(others), field="lesson")
    return None
