"""Queries: to whom one may write today, by which rules of the school; groups of the school's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from dziennik.contracts.envelope import Actor
from dziennik.contracts.envelope import Role as Roles
from dziennik.contracts.messages import Audience, AudienceKind
from dziennik.domain.people import person
from dziennik.domain.policies.usual_messages import WRITING
from dziennik.domain.recipients import Reaching
from dziennik.domain.world import World
from dziennik.graphql import message_shapes as shapes
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.message_queries import KNOWN, away_of, mine
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import mailboxes, people, structure
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View
from dziennik.projections.words import wanted, words_of

MOST_FOUND = 50  # people whom one search gives

Name = Annotated[str | None, strawberry.argument(description="Beginnings of names; left out: everybody.")]

_OF_CLASS = (AudienceKind.CLASS_PARENTS, AudienceKind.CLASS_PUPILS, AudienceKind.CLASS_TEACHERS)
_OF_SCHOOL = (
    AudienceKind.ALL_TEACHERS,
    AudienceKind.ALL_PARENTS,
    AudienceKind.ALL_PUPILS,
    AudienceKind.OFFICE,
)


@strawberry.type
class RecipientQueries:
    @guarded(description="To whom the asker may write today, by name; at most 50.")
    def message_recipients(
        self, info: Info, school: SchoolId, name: Name = None, after_position: Position = None
    ) -> list[shapes.PossibleRecipient]:
        context, _, who = mine(info, school, after_position)
        view = context.view_of_all(school)  # whom one may write to is anybody
        day = context.today(school)
        roles = _held(view, day, _possible(view, context, school))
        known = people.persons(view, [one for one in roles if one != who])
        chosen = sorted(_named(list(known.values()), name), key=lambda row: (row.sort_key, row.person_id))
        reached = context.register(school).look(
            lambda world: _reached(context, school, world, [row.person_id for row in chosen])
        )
        boxes = mailboxes.mailboxes(view, reached)
        instead = [box.away.instead_id for box in boxes.values() if box.away]
        names = shapes.names_for(view, day, (), [*reached, *instead])
        return [
            {  # type: ignore[misc]
                "person": names.of(one),
                "roles": shapes.role_names(roles[one]),
                "away": shapes.away(away_of(boxes, one), names, day),
            }
            for one in reached
        ]

    @guarded(description="Audiences to which the asker may write today (a pupil's parents: by the pupil).")
    def message_audiences(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.MessageAudience]:
        context, _, _ = mine(info, school, after_position)
        view = context.view_of_all(school)
        day = context.today(school)
        year = next((one for one in structure.years(view) if one.starts <= day <= one.ends), None)
        units = structure.units(view, year.year_id) if year else []
        targets = {unit.unit_id: unit.name for unit in units if unit.register is None}
        groups = {group.group_id: group.name for group in mailboxes.groups(view)}
        choices = [Audience(kind=kind, target_id=one) for kind in _OF_CLASS for one in targets]
        choices += [Audience(kind=AudienceKind.GROUP, target_id=one) for one in groups]
        choices += [Audience(kind=kind) for kind in _OF_SCHOOL]
        allowed = context.register(school).look(lambda world: _allowed(context, school, world, choices))
        named = targets | groups
        return [
            {  # type: ignore[misc]
                "kind": one.kind.name,
                "targetId": one.target_id,
                "name": named.get(one.target_id) if one.target_id else None,
            }
            for one in allowed
        ]

    @guarded(description="The school's rules of today: who may write to whom.")
    def message_rules(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> shapes.MessageRules:
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        return shapes.rules(mailboxes.rules_on(context.view(school), context.today(school)))  # type: ignore[return-value]

    @guarded(description="Groups of the school's own, with their members.")
    def recipient_groups(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.RecipientGroup]:
        context = context_of(info)
        context.wait(school, KNOWN, after_position)
        view = context.view(school)
        groups = mailboxes.groups(view)
        ids = [who for group in groups for who in group.member_ids]
        names = shapes.names_for(view, context.today(school), (), ids)
        return [
            {  # type: ignore[misc]
                "id": group.group_id,
                "kind": group.kind.name,
                "name": group.name,
                "members": [names.of(who) for who in group.member_ids],
            }
            for group in groups
        ]


def _possible(view: View, context: Context, school: str) -> set[Roles]:
    """To whom in which roles the asker may write at all: nobody else is looked at."""
    held = context.roles(school)
    rules = mailboxes.rules_on(view, context.today(school)).rules
    return {one.recipient for one in rules.recipients if one.sender in held}


def _held(view: View, day: date, possible: set[Roles]) -> dict[str, set[Roles]]:
    """Everybody with a mailbox that day who is in one of the roles, with all of their roles."""
    found: dict[str, set[Roles]] = {}
    for role in WRITING:
        for row in view.find(people.RoleHeld, role=role):
            if in_force(row, day):
                found.setdefault(row.person_id, set()).add(role)
    return {who: roles for who, roles in found.items() if not roles.isdisjoint(possible)}


def _named(rows: Sequence[people.Person], name: str | None) -> list[people.Person]:
    looked_for = wanted(name) if name else None
    if looked_for is None:
        return [] if name else list(rows)
    return [row for row in rows if looked_for.are_in(words_of(row.given_names, row.family_name))]


def _writers(context: Context, school: str, world: World) -> list[Reaching]:
    """The asker, once for each role in which they may write."""
    register, who = context.register(school), context.access(school).person.person_id
    found = []
    for role in sorted(context.roles(school) & WRITING):
        actor = Actor(account=context.account(), role=role, person=who)
        found.append(Reaching(world, register.asked(actor, register.now())))
    return found


def _reached(context: Context, school: str, world: World, ids: Sequence[str]) -> list[str]:
    """The first of these people to whom the asker may write in some role."""
    writers, found = _writers(context, school, world), []
    for place, who in enumerate(ids):
        if place % MOST_FOUND == 0:  # for the price of one question
            world.many([person(one) for one in ids[place : place + MOST_FOUND]])
        if any(writer.named((who,)) is None for writer in writers):
            found.append(who)
        if len(found) == MOST_FOUND:
            break
    return found


def _allowed(context: Context, school: str, world: World, choices: Sequence[Audience]) -> list[Audience]:
    writers = _writers(context, school, world)
    return [one for one in choices if any(writer.allows(one) for writer in writers)]
