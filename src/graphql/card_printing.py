"""Mutation and queries: cards are issued and printed in the browser, by whoever will enter what they say.

The director and the office print all lessons of a class, a homeroom teacher those of the own class; other
teachers own lessons and columns, substitutes the lesson taken. The rule for issuing says so again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.application.register import Accepted
from dziennik.contracts import card_printing as said
from dziennik.contracts import refusals
from dziennik.contracts.envelope import Actor, Role
from dziennik.graphql.arguments import fault_in_arguments
from dziennik.graphql.card_queries import SEEN
from dziennik.graphql.card_shapes import title_of
from dziennik.graphql.card_sight import Sights
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import As, Key, Refusal, actor_of, refusal
from dziennik.graphql.refusing import denied
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.scopes import is_closed
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import PRINTING, guarded
from dziennik.omr.layouts import Paper
from dziennik.projections import card_questions, gradebook, structure
from dziennik.projections.cards import Card
from dziennik.projections.dated import in_force
from dziennik.scanning.issuing import MOST_DAYS, Wanted, draw_and_issue, issued_under, numbers_under
from dziennik.scanning.making import random_number
from dziennik.scanning.reprinting import LASTS, to_print

ID = strawberry.ID
PAPERS = "/cards/papers/"
LISTED = timedelta(days=30)  # what lay printed for longer is printed anew
CardPaper = enum_named(Paper)


@strawberry.type(description="A class or group for which the asker may print cards.")
class CardPlace:
    class_id: ID
    name: str


@strawberry.type(description="A column of grades for which the asker may print cards.")
class CardColumn:
    id: ID
    subject: str
    title: str
    on: date


@strawberry.type(description="Cards that were printed at once, and of which nothing came yet.")
class CardPrinting:
    issued_at: datetime
    issued_by: ID
    title: str = strawberry.field(description="Class or group, with the column or the days.")
    cards: list[ID]
    address: str = strawberry.field(
        description="Of their PDF, below this server's address, for ten minutes: the same paper again, which"
        " takes nothing from the stock."
    )


@strawberry.input(description="Cards for lessons that are expected from `on`, or for a column of grades.")
class PrintCardsInput:
    class_id: ID
    on: date | None = None
    days: int = 1
    column_id: ID | None = None
    paper: CardPaper = CardPaper.A4  # type: ignore[valid-type]
    period: int | None = strawberry.field(default=None, description="The lesson of this hour of `on` alone.")


@strawberry.type(description="A card on which names are not whole: no font has a letter of them.")
class UnprintableNames:
    card: ID
    numbers: list[int] = strawberry.field(description="Of the pupils, in the class: write them in by hand.")


@strawberry.type(description="Cards were issued; `address` of their PDF is good for `lasts` seconds.")
class PrintedCards:
    position: int
    facts: int
    repeated: bool
    cards: list[ID]
    address: str
    lasts: int
    unprintable: list[UnprintableNames]


PrintCardsResult = Annotated[PrintedCards | Refusal, strawberry.union("PrintCardsResult")]


@strawberry.type
class CardPrintingQueries:
    @guarded(description="Classes and groups for which the asker may print cards, by name.")
    def card_places(self, info: Info, school: SchoolId, after_position: Position = None) -> list[CardPlace]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [
            {"classId": unit.unit_id, "name": unit.name}  # type: ignore[misc]
            for unit in _places(context, school)
        ]

    @guarded(description="Columns of a class for which the asker may print cards, the latest first.")
    def card_columns(
        self, info: Info, school: SchoolId, class_id: ID, after_position: Position = None
    ) -> list[CardColumn]:
        context = context_of(info)
        context.wait(school, (gradebook.GRADEBOOK.name,), after_position)
        view, everything = context.view(school), bool(context.roles(school) & PRINTING - {Role.TEACHER})
        me = context.access(school).person.person_id
        own = {row.assignment_id for row in structure.assignments(view, unit_id=class_id, teacher_id=me)}
        names = {row.subject_id: row.name for row in structure.subjects(view)}
        return [
            {  # type: ignore[misc]
                "id": column.column_id,
                "subject": names.get(column.subject_id, ""),
                "title": column.title,
                "on": column.on.isoformat(),
            }
            for column in reversed(gradebook.columns_of(view, class_id))
            if everything or column.assignment_id in own
        ]

    @guarded(description="What was printed for a class in the last 30 days and can be printed again.")
    def card_printings(
        self, info: Info, school: SchoolId, class_id: ID, after_position: Position = None
    ) -> list[CardPrinting]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        since = context.register(school).now() - LISTED
        recent = [
            card for card in card_questions.of_unit(context.view(school), class_id) if card.issued_at >= since
        ]
        seen = Sights(context, school).of(recent)
        left = to_print(context.lists(school), [sight.card for sight in seen.values()])
        runs = groupby(left, key=lambda card: (card.issued_at, card.issued_by))
        found = [_printing(context, school, list(cards)) for _, cards in runs]
        return found[::-1]  # type: ignore[return-value]


@strawberry.type
class CardPrintingMutations:
    @guarded(
        description="Issue cards and take them from the stock; their paper is fetched at the address. All or"
        " nothing: paper that cannot be drawn takes nothing. A teacher gets own lessons and columns, a"
        " homeroom teacher all lessons of the class."
    )
    def print_cards(
        self,
        info: Info,
        school: SchoolId,
        input: PrintCardsInput,  # noqa: A002
        idempotency_key: Key = None,
        acting_as: As = None,
    ) -> PrintCardsResult:
        context = context_of(info)
        actor = actor_of(context, school, "printCards", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        if fault := fault_in_arguments(vars(input)):
            return refusal(fault, context.language)
        if is_closed(context, school, {"class_id": input.class_id}, {actor.role}):
            raise denied(context.language)
        wanted = _wanted(context, school, input, actor)
        if isinstance(wanted, refusals.Refusal):
            return refusal(wanted, context.language)
        done = _printed(context, school, wanted, actor, idempotency_key)
        return refusal(done, context.language) if isinstance(done, refusals.Refusal) else done


def _wanted(context: Context, school: str, asked: PrintCardsInput, actor: Actor) -> Wanted | refusals.Refusal:
    if (asked.on is None) == (asked.column_id is None):
        return said.DAYS_OR_COLUMN(field="on")
    if not 1 <= asked.days <= MOST_DAYS:
        return said.DAYS_OUT_OF_RANGE(days=asked.days, most=MOST_DAYS, field="days")
    if asked.period is not None and (asked.on is None or asked.days > 1):
        return said.HOUR_OF_ONE_DAY(field="period")
    first, paper = asked.on, Paper[asked.paper.name]  # type: ignore[attr-defined]
    ahead = range(min(asked.days, (date.max - first).days + 1)) if first else ()  # no day after the last one
    return Wanted(
        class_id=asked.class_id,
        days=tuple(first + timedelta(days=number) for number in ahead) if first else (),
        period=asked.period,
        column_id=asked.column_id,
        teacher_id=_own_alone(context, school, asked.class_id, actor),
        paper=paper,
    )


def _own_alone(context: Context, school: str, class_id: str, actor: Actor) -> str | None:
    """Whose lessons alone are printed: a teacher's, except the homeroom teacher's of the class."""
    if actor.role is not Role.TEACHER:
        return None
    today, held = context.today(school), context.access(school).homerooms
    home = any(row.class_id == class_id and in_force(row, today) for row in held)
    return None if home else actor.person


def _printed(
    context: Context, school: str, wanted: Wanted, actor: Actor, asked: str | None
) -> PrintedCards | refusals.Refusal:
    register, key = context.register(school), context.system.card_key_of(school)
    under = f"{context.account()}/{asked}" if asked else None
    known = issued_under(register, key, under) if under else ()
    if known:
        position = register.journal.position()
        return _told(context, school, known, Accepted(position=position, facts=0, repeated=True), {})
    number = numbers_under(key, under).__next__ if under else random_number
    # The rule lets issue the cards or does not: a substitute stands outside the class's wall.
    view = context.view_of_all(school)
    done = draw_and_issue(register, view, key, wanted, actor=actor, command_id=under, number=number)
    if isinstance(done, refusals.Refusal):
        return done
    return _told(context, school, done.card_ids, done.outcome, done.unprintable)


def _told(
    context: Context,
    school: str,
    card_ids: tuple[str, ...],
    outcome: Accepted,
    unprintable: Mapping[str, Sequence[int]],
) -> PrintedCards:
    return PrintedCards(
        position=outcome.position,
        facts=outcome.facts,
        repeated=outcome.repeated,
        cards=[ID(card_id) for card_id in card_ids],
        address=PAPERS + context.system.card_papers.make(school, card_ids, outcome.position),
        unprintable=[
            UnprintableNames(card=ID(card_id), numbers=list(numbers))
            for card_id, numbers in unprintable.items()
        ],
        lasts=round(LASTS.total_seconds()),
    )


def _places(context: Context, school: str) -> list[structure.Unit]:
    """Of years that are not over; of a teacher where something is to be taught, or the own class."""
    view, today = context.view_of_all(school), context.today(school)
    current = [year.year_id for year in structure.years(view) if year.ends >= today]
    units = [
        unit
        for year_id in current
        for interclass in (False, True)
        for unit in structure.units(view, year_id, interclass=interclass)
    ]
    if context.roles(school) & PRINTING - {Role.TEACHER}:
        return units
    access, me = context.access(school), context.access(school).person.person_id
    own = {row.unit_id for row in access.assignments if in_force(row, today)}
    own |= {row.class_id for row in access.homerooms if in_force(row, today)}
    own |= card_questions.takes_lessons_in(view, me, today)
    return [unit for unit in units if unit.unit_id in own]


def _printing(context: Context, school: str, cards: list[Card]) -> dict[str, Any]:
    first, ids = cards[0], [card.card_id for card in cards]
    days = sorted({lesson.on for card in cards for lesson in card.lessons})
    told = " – ".join(f"{day:%d.%m.%Y}" for day in dict.fromkeys((days[0], days[-1]))) if days else ""
    return {
        "issuedAt": instant(first.issued_at),
        "issuedBy": first.issued_by,
        "title": " · ".join(filter(None, (title_of(context, school, first), told))),
        "cards": ids,
        "address": PAPERS + context.system.card_papers.make(school, ids, 0),
    }
