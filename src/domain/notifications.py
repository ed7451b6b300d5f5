"""The rules for notifications: everybody says for themselves how they want to be told."""

from __future__ import annotations

import re

from dziennik.contracts import notifications as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Role
from dziennik.contracts.notifications import Preferences
from dziennik.contracts.refusals import Refusal
from dziennik.domain.evolving import Evolution
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]\Z", re.ASCII)
_BY = frozenset({Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR, Role.PARENT, Role.PUPIL})
_evolve: Evolution[Preferences] = Evolution()


def preferences(person_id: str) -> Stream[Preferences]:
    """How a person wants to be told; nothing by e-mail until they say so."""
    return Stream(streams.notifications(person_id), Preferences(), _evolve)


@_evolve.on(said.PreferencesSet)
def _set(_: Preferences, fact: said.PreferencesSet) -> Preferences:
    return fact.preferences


@decides(said.SetNotificationPreferences, by=_BY)
def _decide(world: World, command: said.SetNotificationPreferences, asked: Asked) -> Decision:
    wanted, who = command.preferences, asked.actor.person
    if who is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    fault = _fault_in(wanted)
    if fault:
        return fault
    if wanted == world[preferences(who)]:
        return []
    return [Entry(streams.notifications(who), said.PreferencesSet(person_id=who, preferences=wanted))]


def _fault_in(wanted: Preferences) -> Refusal | None:
    times = [("daily_at", wanted.daily_at)]
    if wanted.quiet:
        times += [("quiet.starts", wanted.quiet.starts), ("quiet.ends", wanted.quiet.ends)]
    for field, time in times:
        if not _TIME.match(time):
            return said.TIME_UNSOUND(time=time, field=f"preferences.{field}")
    if wanted.quiet and wanted.quiet.starts == wanted.quiet.ends:
        return said.ALWAYS_QUIET(time=wanted.quiet.starts, field="preferences.quiet.ends")
    kinds = [each.kind for each in wanted.kinds]
    for place, kind in enumerate(kinds):
        if kind in kinds[:place]:
            return said.KIND_TWICE(kind=kind.value, field=f"preferences.kinds[{place}]")
    return None
