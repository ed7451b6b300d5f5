"""Queries and a mutation: cards of a class, what waits for a decision with its pictures, the stock.

Scans as such: `scan_queries`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

import strawberry
from strawberry.types import Info

from dziennik.application.register import Outcome
from dziennik.contracts import refusals
from dziennik.graphql.card_shapes import CardSheet, CardStock, IssuedCard, WaitingCards, issued, sheet_of
from dziennik.graphql.card_sight import Sight, Sights
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import Accepted, As, CommandResult, actor_of, refusal
from dziennik.graphql.mutations import Refusal as Refused
from dziennik.graphql.refusing import TOO_BUSY
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import card_questions, cards, structure
from dziennik.scanning.applying import apply_card
from dziennik.scanning.naming import card_typed, name_page

SEEN = (cards.CARDS.name,)
Number = Annotated[
    int | None,
    strawberry.argument(description="Its number on the card, from 1; left out: all lessons that are left."),
]

Typed = Annotated[strawberry.ID, strawberry.argument(description="As printed below the QR code.")]


@strawberry.type
class CardQueries:
    @guarded(description="What became of the school's cards, and how many are left.")
    def card_stock(self, info: Info, school: SchoolId, after_position: Position = None) -> CardStock:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        now = cards.stock(context.view(school))
        return {  # type: ignore[return-value]
            "granted": now.granted,
            "printed": now.printed,
            "spoilt": now.spoilt,
            "voided": now.voided,
            "scanned": now.scanned,
            "left": now.left,
        }

    @guarded(description="Classes and groups with scanned cards that wait, by name.")
    def waiting_cards(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[WaitingCards]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        view = context.view(school)
        count = Counter(
            sight.card.unit_id for sight, _ in queued(context, school, card_questions.waiting(view))
        )
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
        return told(context, school, card_questions.queue(context.view(school), class_id))

    @guarded(description="Cards that were issued for a class, the latest first.")
    def class_cards(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[IssuedCard]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        seen = Sights(context, school).of(card_questions.of_unit(context.view(school), class_id))
        return [issued(context, school, sight) for sight in seen.values()]  # type: ignore[misc]


@strawberry.type
class CardMutations:
    @guarded(
        description="Enter what a card says, all that is left of it or one of its lessons, whole or not at"
        " all; again changes nothing."
    )
    def apply_card(
        self,
        info: Info,
        school: SchoolId,
        card_id: strawberry.ID,
        scan_id: strawberry.ID,
        acting_as: As = None,
        lesson: Number = None,
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "applyCard", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        outcome = apply_card(context.register(school), card_id, scan_id, actor=actor, lesson=lesson)
        return _answer(context, outcome, card_id)

    @guarded(
        description="Read a page of a scan as the card whose printed number a person types, where nothing on"
        " it tells which card it is (`no_identity`); another number later takes this one's place."
    )
    def name_page(
        self,
        info: Info,
        school: SchoolId,
        scan_id: strawberry.ID,
        page: int,
        card_id: Typed,
        acting_as: As = None,
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "namePage", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        with context.gates.reading.entered() as inside:
            if not inside:
                return refusal(TOO_BUSY(), context.language)
            outcome = name_page(context.system, school, scan_id, page, card_id, actor=actor)
        return _answer(context, outcome, card_typed(card_id) or card_id)


def _answer(context: Context, outcome: Outcome, card_id: str) -> Accepted | Refused:
    if isinstance(outcome, refusals.Refusal):
        return refusal(outcome, context.language)
    return Accepted(
        position=outcome.position,
        facts=outcome.facts,
        repeated=outcome.repeated,
        id=strawberry.ID(card_id),
    )


def told(
    context: Context, school: str, waiting: Iterable[tuple[cards.Card, cards.CardSheet]]
) -> list[CardSheet]:
    """Of what waits the sheets that concern the asker, each with the other scans of its card."""
    pairs = list(queued(context, school, waiting))
    copies = card_questions.copies(context.lists(school), [sheet.card_id for _, sheet in pairs])
    return [
        sheet_of(context, school, sight, sheet, copies.get(sheet.card_id, ()))  # type: ignore[misc]
        for sight, sheet in pairs
    ]


def queued(
    context: Context, school: str, waiting: Iterable[tuple[cards.Card, cards.CardSheet]]
) -> Iterator[tuple[Sight, cards.CardSheet]]:
    """What the asker has to do, or to keep an eye on: not what waits for other teachers alone."""
    pairs = list(waiting)
    seen = Sights(context, school).of(card for card, _ in pairs)
    for card, sheet in pairs:
        sight = seen.get(card.card_id)
        if sight and sight.concerns:
            yield sight, sheet
