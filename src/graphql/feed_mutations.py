"""Mutation: an address to subscribe to a calendar. The address is told once, here."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.types import Info

from dziennik.application.ids import new_id
from dziennik.contracts import calendar as said
from dziennik.contracts.calendar_commands import CreateCalendarFeed
from dziennik.contracts.entitlement import NEEDS_EXTENSION, Feature
from dziennik.graphql.calendar_shapes import FeedKind
from dziennik.graphql.context import context_of
from dziennik.graphql.mutations import As, Refusal, execute, refusal
from dziennik.graphql.structure_queries import SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections.entitlements import pupil_feed_allowed


@strawberry.type(
    description="A feed; `address` is below this server's and holds the secret. It is told once."
)
class IssuedFeed:
    id: strawberry.ID
    address: str
    position: int


CalendarFeedResult = Annotated[IssuedFeed | Refusal, strawberry.union("CalendarFeedResult")]


@strawberry.type
class FeedMutations:
    @guarded(
        description="An address for calendar programs: of a class, of oneself as a teacher, of a pupil;"
        " BOARD, with oneself as target: for feed readers, of one's notice board (Atom)."
    )
    def create_calendar_feed(
        self,
        info: Info,
        school: SchoolId,
        kind: FeedKind,
        target_id: strawberry.ID,
        acting_as: As = None,
    ) -> CalendarFeedResult:
        context, feed_id = context_of(info), new_id()
        wanted = said.FeedKind[kind.name]
        if wanted is said.FeedKind.PUPIL and not pupil_feed_allowed(
            context.view(school), target_id, context.today(school)
        ):
            needs = NEEDS_EXTENSION(
                on=context.today(school), feature=Feature.CALENDAR_FEEDS.value, field="target_id"
            )
            return refusal(needs, context.language)
        command = CreateCalendarFeed(feed_id=feed_id, kind=wanted, target_id=target_id)
        outcome = execute(context, school, command, "createCalendarFeed", None, acting_as)
        if isinstance(outcome, Refusal):
            return outcome
        token = context.system.calendar_tokens.issue(school, feed_id)
        address = f"/board/{token}.atom" if wanted is said.FeedKind.BOARD else f"/calendar/{token}.ics"
        return IssuedFeed(id=strawberry.ID(feed_id), address=address, position=outcome.position)
