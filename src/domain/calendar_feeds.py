"""The rules for calendar feeds: who may subscribe to whose calendar, today and for as long as it is so.

`may_hold` is asked when an address is issued and whenever it is used, so a feed ends with the right to it.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts import calendar as said
from dziennik.contracts import calendar_commands as orders
from dziennik.contracts import streams
from dziennik.contracts.calendar import FeedKind
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import ParentalPower
from dziennik.domain.accounts import access
from dziennik.domain.calendar_state import feed
from dziennik.domain.people import person
from dziennik.domain.rulebook import decides
from dziennik.domain.units import unit
from dziennik.domain.world import Asked, Decision, Entry, States, World

_HOLDING = frozenset({Role.TEACHER, Role.DIRECTOR, Role.PARENT, Role.PUPIL})
_REVOKING = _HOLDING | {Role.ADMINISTRATOR, Role.SYSTEM}
_OVER_ALL = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR, Role.SYSTEM})


def may_hold(world: States, kind: FeedKind, target_id: str, holder_id: str, today: date) -> bool:
    """Whether the person is entitled to this feed on that day: an own child's or one's own as a pupil, one's
    own as a teacher, a class's as its teacher, homeroom teacher or director, one's own board."""
    if world[access(holder_id)].blocked:
        return False
    if kind is FeedKind.PUPIL:
        pupil = world[person(target_id)]
        own = holder_id == target_id or pupil.parent_may(holder_id, ParentalPower.INFORMATION, today)
        return own and pupil.is_a(Role.PUPIL, today)
    holder = world[person(holder_id)]
    if kind is FeedKind.BOARD:
        return holder_id == target_id and any(holder.is_a(role, today) for role in _HOLDING)
    if kind is FeedKind.TEACHER:
        return holder_id == target_id and holder.is_a(Role.TEACHER, today)
    state = world[unit(target_id)]
    if state.name is None:
        return False
    if holder.is_a(Role.DIRECTOR, today):
        return True
    teaches = any(a.teacher_id == holder_id and a.covers(today) for a in state.assignments.values())
    is_theirs = teaches or state.homeroom_teacher(today) == holder_id
    return is_theirs and holder.is_a(Role.TEACHER, today)


@decides(orders.CreateCalendarFeed, by=_HOLDING)
def _create(world: World, command: orders.CreateCalendarFeed, asked: Asked) -> Decision:
    holder = asked.actor.person
    if holder is None or not may_hold(world, command.kind, command.target_id, holder, asked.today):
        return orders.NOT_YOUR_FEED(field="target_id")
    issued = said.FeedIssued(
        feed_id=command.feed_id, kind=command.kind, target_id=command.target_id, holder_id=holder
    )
    known = world[feed(command.feed_id)]
    if known.issued:
        same = known.issued == issued and not known.revoked
        return [] if same else orders.NOT_YOUR_FEED(field="feed_id")
    return [Entry(streams.calendar_feed(command.feed_id), issued)]


@decides(orders.RevokeCalendarFeed, by=_REVOKING)
def _revoke(world: World, command: orders.RevokeCalendarFeed, asked: Asked) -> Decision:
    known = world[feed(command.feed_id)]
    own = known.issued is not None and known.issued.holder_id == asked.actor.person
    if known.issued is None or not (own or asked.actor.role in _OVER_ALL):
        return orders.NO_SUCH_FEED(field="feed_id")
    if known.revoked:
        return []
    return [Entry(streams.calendar_feed(command.feed_id), said.FeedRevoked(feed_id=command.feed_id))]
