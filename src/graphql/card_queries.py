"""Queries and a mutation: cards of a class, what waits for a decision with its pictures, the stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import strawberry
from strawberry.types import Info

from dziennik.contracts import refusals
from dziennik.contracts.envelope import Role
from dziennik.graphql.card_shapes import CardSheet, CardStock, IssuedCard, WaitingCards, issued, sheet_of
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import Accepted, As, CommandResult, actor_of, refusal
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import cards, structure
from dziennik.projections.dated import in_force
from dziennik.scanning.applying import apply_card

SEEN = (cards.CARDS.name,)


@strawberry.type
class CardQueries:
    @guarded(description="What is left of the school's cards.")
    def card_stock(self, info: Info, school: SchoolId, after_position: Position = None) -> CardStock:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        now = cards.stock(context.view(school))
        return {  # type: ignore[return-value]
            "granted": now.granted,
            "printed": now.printed,
            "spoilt": now.spoilt,
            "left": now.left,
        }

    @guarded(description="Classes and groups with scanned cards that wait, by name.")
    def waiting_cards(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[WaitingCards]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        view, theirs = context.view(school), _theirs(context, school)
        count = Counter(card.unit_id for card, _ in cards.waiting(view) if theirs(card))
        named = [(view.get(structure.Unit, unit_id), unit_id) for unit_id in count]
        told = sorted((unit.name if unit else unit_id, unit_id) for unit, unit_id in named)
        return [
            {"classId": unit_id, "name": name, "waiting": count[unit_id]}  # type: ignore[misc]
            for name, unit_id in told
        ]

    @guarded(description="Scanned cards of a class that wait for a decision or to be applied, oldest first.")
    def card_queue(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[CardSheet]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        theirs, waiting = _theirs(context, school), cards.queue(context.view(school), class_id)
        return [
            sheet_of(context, school, card, sheet)  # type: ignore[misc]
            for card, sheet in waiting
            if theirs(card)
        ]

    @guarded(description="Cards that were issued for a class, the latest first.")
    def class_cards(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[IssuedCard]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        theirs, found = _theirs(context, school), cards.of_unit(context.view(school), class_id)
        return [issued(context, school, card) for card in found if theirs(card)]  # type: ignore[misc]


@strawberry.type
class CardMutations:
    @guarded(description="Enter what a card says, all of it or nothing; again changes nothing.")
    def apply_card(
        self,
        info: Info,
        school: SchoolId,
        card_id: strawberry.ID,
        scan_id: strawberry.ID,
        acting_as: As = None,
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "applyCard", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        outcome = apply_card(context.register(school), card_id, scan_id, actor=actor)
        if isinstance(outcome, refusals.Refusal):
            return refusal(outcome, context.language)
        return Accepted(
            position=outcome.position,
            facts=outcome.facts,
            repeated=outcome.repeated,
            id=strawberry.ID(card_id),
        )


def _theirs(context: Context, school: str) -> Callable[[cards.Card], bool]:
    """Teachers see cards of their own teaching; a homeroom teacher and whoever sees the school all."""
    roles = context.roles(school)
    if roles & {Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR}:
        return lambda _: True
    person, view, today = context.access(school).person.person_id, context.view(school), context.today(school)
    homes = {row.class_id for row in structure.homerooms(view, person) if in_force(row, today)}
    own = {row.assignment_id for row in structure.assignments(view, teacher_id=person)}
    return lambda card: (
        card.unit_id in homes
        or bool(own & {card.assignment_id, *(lesson.assignment_id for lesson in card.lessons)})
    )
