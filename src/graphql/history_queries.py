"""Query: what happened to any entry of a class, and who did it, as the journal tells it.

Grades and marks have queries of their own, for families too (entry_queries). Here the class's homeroom
teacher, the director and auditors ask about everything else that is entered about a class: each fact about
the entry, with its author, the reason, and what stood before. A family asks the same about entries of its own
child (s. 21(3) of the 2017 regulation), and is told facts that name this child alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
import strawberry
from strawberry.types import Info

from dziennik.contracts import streams
from dziennik.contracts.envelope import Channel, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.refusing import denied
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.scopes import is_closed
from dziennik.graphql.structure_queries import SchoolId
from dziennik.graphql.who_may import guarded


class HistoryOf(StrEnum):
    """What kind of entry is asked about."""

    LESSON = "lesson"
    GRADE_COLUMN = "grade_column"
    NOTE = "note"
    BEHAVIOUR_GRADE = "behaviour_grade"
    ABSENCE = "absence"
    CALENDAR = "calendar"
    PUPIL_IN_CLASS = "pupil_in_class"
    TEACHING = "teaching"
    PROMOTION = "promotion"
    DISPUTE = "dispute"
    DESCRIPTIVE = "descriptive"
    EARLIER_GRADE = "earlier_grade"
    STUDY = "study"


# Where entries of each kind stand: the stream, by class, entry and (for notes and the like) pupil. What a
# stream of its own holds is all about the entry; of a shared one what names it.
_Place = Callable[[str, str, str], str]
_OWN: dict[HistoryOf, _Place] = {
    HistoryOf.LESSON: lambda unit, entry, _: streams.lesson(unit, entry),
    HistoryOf.GRADE_COLUMN: lambda unit, entry, _: streams.column(unit, entry),
    HistoryOf.DISPUTE: lambda unit, entry, _: streams.dispute(unit, entry),
}
_SHARED: dict[HistoryOf, _Place] = {
    HistoryOf.NOTE: lambda unit, _, pupil: streams.behaviour(unit, pupil),
    HistoryOf.BEHAVIOUR_GRADE: lambda unit, _, pupil: streams.behaviour(unit, pupil),
    HistoryOf.DESCRIPTIVE: lambda unit, _, pupil: streams.descriptive(unit, pupil),
    HistoryOf.EARLIER_GRADE: lambda unit, _, pupil: streams.earlier_grades(unit, pupil),
    HistoryOf.STUDY: lambda unit, _, pupil: streams.studies(unit, pupil),
    HistoryOf.ABSENCE: lambda unit, _, __: streams.absences(unit),
    HistoryOf.CALENDAR: lambda unit, _, __: streams.unit_calendar(unit),
    HistoryOf.PUPIL_IN_CLASS: lambda unit, _, __: streams.unit(unit),
    HistoryOf.TEACHING: lambda unit, _, __: streams.unit(unit),
    HistoryOf.PROMOTION: lambda unit, _, __: streams.classification(unit),
}
Kind = enum_named(HistoryOf)
# What a correction calls the old value when it has one only.
_MAIN = ("value", "mark", "topic")


@strawberry.type(description="A field of an entry: what it was, and what it became; texts as written.")
class FieldChange:
    name: str
    old: str | None
    new: str | None


@strawberry.type(description="Something that happened to an entry.")
class EntryEvent:
    position: int
    what: str
    at: datetime
    account: strawberry.ID
    person_id: strawberry.ID | None
    role: enum_named(Role)  # type: ignore[valid-type]
    on_behalf_of: strawberry.ID | None
    channel: enum_named(Channel)  # type: ignore[valid-type]
    reason: str | None
    fields: list[FieldChange]


@strawberry.type(description="Something that happened to an entry about a pupil.")
class PupilEntryEvent:
    position: int
    what: str
    at: datetime
    person_id: strawberry.ID | None
    role: enum_named(Role)  # type: ignore[valid-type]
    on_behalf_of: strawberry.ID | None
    reason: str | None
    fields: list[FieldChange]


# The pupil is `of_pupil`, not `pupil_id`: it is the class that decides who may ask (scopes._places).
@strawberry.type
class HistoryQueries:
    @guarded(
        description="All that happened to an entry of a class: by whom, when, why, and what it was before."
    )
    def entry_history(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        kind: Kind,  # type: ignore[valid-type]
        entry_id: strawberry.ID,
        of_pupil: strawberry.ID | None = None,
    ) -> list[EntryEvent]:
        context = context_of(info)
        found = _happened(context, school, class_id, _chosen(kind), entry_id, of_pupil or "")
        return [_event(one) for one in found]  # type: ignore[misc]

    @guarded(
        description="All that happened to an entry about a pupil (a note, a behaviour grade, an excuse, a "
        "decision): by whom, when, why, and what it was before. What a fact tells of others is left out."
    )
    def pupil_entry_history(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        class_id: strawberry.ID,
        kind: Kind,  # type: ignore[valid-type]
        entry_id: strawberry.ID,
    ) -> list[PupilEntryEvent]:
        context = context_of(info)
        found = _happened(context, school, class_id, _chosen(kind), entry_id, pupil_id)
        own = [one for one in found if getattr(one.fact, "pupil_id", None) == pupil_id]
        return [{name: told for name, told in _event(one).items() if name not in _OFFICES} for one in own]  # type: ignore[misc]


# Of who wrote an entry families learn the person, not by which account and way in.
_OFFICES = ("account", "channel")


def _happened(
    context: Context, school: str, class_id: str, kind: HistoryOf, entry_id: str, pupil_id: str
) -> list[Recorded]:
    """The facts about one entry; none while the journal knows the unit and the read models do not."""
    # The journal knows a register before the read models do: until they say what it is it is closed.
    if is_closed(context, school, {"class_id": class_id}, context.roles(school), unknown=True):
        raise denied(context.language)
    place = _OWN.get(kind) or _SHARED[kind]
    recorded = context.register(school).journal.load(place(class_id, entry_id, pupil_id))
    return [one for one in recorded if kind in _OWN or _names(one.fact, entry_id)]


def _chosen(kind: Any) -> HistoryOf:  # noqa: ANN401
    return HistoryOf[kind.name]


def _names(fact: Fact, entry_id: str) -> bool:
    """Whether the fact is about the entry: one of its ids, or the kind of a behaviour grade."""
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if (name.endswith("_id") or name == "kind") and value == entry_id:
            return True
    return False


def _event(recorded: Recorded) -> dict[str, Any]:
    actor, fact = recorded.origin.actor, recorded.fact
    plain: dict[str, Any] = msgspec.to_builtins(fact, builtin_types=())
    return {
        "position": recorded.position,
        "what": fact.fact_name.split(".")[1],
        "at": recorded.origin.recorded_at.isoformat().replace("+00:00", "Z"),
        "account": actor.account,
        "personId": actor.person,
        "role": actor.role.name,
        "onBehalfOf": actor.on_behalf_of,
        "channel": actor.channel.name,
        "reason": plain.get("reason"),
        "fields": [
            {"name": name, "old": _text(old), "new": _text(new)} for name, old, new in _changes(plain)
        ],
    }


def _changes(plain: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """(field, old, new) of a fact; of a correction those that differ."""
    was, now = plain.get("was"), plain.get("now")
    if isinstance(was, dict) and isinstance(now, dict):
        yield from ((name, was[name], now[name]) for name in now if was.get(name) != now[name])
        return
    old = {name.removeprefix("was_"): value for name, value in plain.items() if name.startswith("was_")}
    if was is not None:
        old[next((name for name in _MAIN if name in plain), "value")] = was
    for name, value in plain.items():
        if name == "was" or name.startswith("was_") or name == "reason" or value is None:
            continue
        if not old or old.get(name, value) != value:
            yield name, old.get(name), value
    yield from ((name, value, None) for name, value in old.items() if plain.get(name) is None)


def _text(value: object) -> str | None:
    """A value as people read it; lists and parts as JSON."""
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
