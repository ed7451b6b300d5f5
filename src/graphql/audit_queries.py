"""Queries: who changed what, of a pupil or by a teacher; what differs between two moments; facts themselves.

For directors and auditors. What lies in a register that is closed to the asker is left out, and so are
messages: whoever neither sent nor got one sees nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any, cast

import msgspec
import strawberry
from strawberry.types import Info

from dziennik.contracts.access import EntriesLookedAt
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import CORRESPONDENCE, unit_of
from dziennik.graphql import moments, rendering, shapes
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.moments import AsOf
from dziennik.graphql.paging import LARGEST_PAGE, page_of
from dziennik.graphql.refusing import PAGE_SIZE, Refused
from dziennik.graphql.scopes import is_closed
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.journal.outcomes import Undecodable
from dziennik.projections import entry_history, people
from dziennik.projections.entry_history import EntryChange

ID = strawberry.ID
HISTORY = (entry_history.ENTRY_HISTORY.name,)
SCANNED = 20_000  # facts that one page looks through at most
_json = msgspec.json.Encoder().encode

From = Annotated[datetime, strawberry.argument(name="from")]
Earlier = Annotated[AsOf, strawberry.argument(name="from", description="The earlier moment.")]
Later = Annotated[AsOf, strawberry.argument(description="The later moment.")]
What = Annotated[
    list[str] | None,
    strawberry.argument(description='Only these, e.g. ["grade_corrected", "grade_struck_out"].'),
]


@strawberry.type(
    description="An entry that said something else at the later moment, and how that came about."
)
class EntryDifference:
    entry: str
    pupil_id: ID | None
    was: str | None = strawberry.field(
        description="What it said at the earlier moment; null: it was not there."
    )
    now: str | None = strawberry.field(description="What it said at the later; null: it was struck out.")
    changes: list[shapes.EntryChange]


EntryDifferenceConnection, _ = shapes.connection_of(EntryDifference, "EntryDifference")


@strawberry.type(description="That somebody looked: who, in which role, at what.")
class Look:
    at: datetime
    account: ID
    person_id: ID
    role: shapes.Role
    asked: str
    class_id: ID | None
    pupil_id: ID | None


LookConnection, _ = shapes.connection_of(Look, "Look")


@strawberry.type(description="A fact as the journal holds it, with its whole envelope.")
class JournalFact:
    position: int
    stream: str
    version: int
    name: str
    recorded_at: datetime | None
    account: ID | None
    person_id: ID | None
    role: shapes.Role | None
    on_behalf_of: ID | None
    channel: shapes.Channel | None
    command_id: str | None
    correlation_id: str | None
    causation_id: str | None
    content: str | None = strawberry.field(description="Its JSON; null for a fact that does not decode.")


@strawberry.type(description="Facts by position; `nextAfter` is null at the journal's head.")
class FactPage:
    facts: list[JournalFact]
    next_after: int | None
    head: int


@strawberry.type
class AuditQueries:
    @guarded(description="All that was entered or changed about a pupil, in order.")
    def pupil_history(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: ID,
        from_: From,
        to: datetime,
        what: What = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.EntryChangeConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, HISTORY, after_position)
        rows = entry_history.of_pupil(context.view(school), pupil_id, from_, to)
        return _changes(context, school, _of_kind(rows, what), first, after)  # type: ignore[no-any-return]

    @guarded(description="All that a person entered or changed, in order.")
    def teacher_history(
        self,
        info: Info,
        school: SchoolId,
        teacher_id: ID,
        from_: From,
        to: datetime,
        what: What = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.EntryChangeConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, HISTORY, after_position)
        view = context.view(school)
        person = people.persons(view, [teacher_id]).get(teacher_id)
        account = person.account_id if person else None
        rows = entry_history.by_account(view, account, from_, to) if account else []
        return _changes(context, school, _of_kind(rows, what), first, after)  # type: ignore[no-any-return]

    @guarded(description="What was entered, corrected or struck out in a class between two moments.")
    def class_difference(
        self,
        info: Info,
        school: SchoolId,
        class_id: ID,
        from_: Earlier,
        to: Later,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> EntryDifferenceConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, HISTORY, after_position)
        earlier = moments.position_of(context, school, from_, "from")
        later = moments.position_of(context, school, to, "to")
        rows = entry_history.all_of_unit(context.view(school), class_id)
        found = _differences(rows, earlier, later)
        return page_of(found, _entry, lambda one: one, first=first, after=after, language=context.language)

    @guarded(description="What auditors asked for, and who opened closed registers; in time.")
    def looks(
        self, info: Info, school: SchoolId, first: int = 50, after: str | None = None
    ) -> LookConnection:  # type: ignore[valid-type]
        context = context_of(info)
        recorded = context.system.accounts.looks(school)
        return page_of(
            recorded, lambda one: one.stream, _look, first=first, after=after, language=context.language
        )

    @guarded(description="Facts of the journal, by position; of streams below a prefix, of a command ...")
    def journal_facts(
        self,
        info: Info,
        school: SchoolId,
        after: int = 0,
        first: int = 50,
        prefix: str | None = None,
        account: ID | None = None,
        correlation_id: str | None = None,
    ) -> FactPage:
        context = context_of(info)
        if not 1 <= first <= LARGEST_PAGE:
            raise Refused(PAGE_SIZE(limit=LARGEST_PAGE, field="first"), context.language)
        open_to = _open_units(context, school)

        def wanted(one: Recorded | Undecodable) -> bool:
            if prefix is not None and not one.stream.startswith(prefix):
                return False
            if isinstance(one, Recorded):
                origin = one.origin
                if account not in (None, origin.actor.account):
                    return False
                if correlation_id not in (None, origin.correlation_id, origin.command_id):
                    return False
            elif account is not None or correlation_id is not None:
                return False
            return not one.stream.startswith(CORRESPONDENCE) and open_to(unit_of(one.stream))

        return _fact_page(context, school, max(after, 0), first, wanted)  # type: ignore[return-value]


def _fact_page(
    context: Context, school: str, after: int, first: int, wanted: Callable[[Recorded | Undecodable], bool]
) -> dict[str, Any]:
    journal = context.register(school).journal
    found: list[dict[str, Any]] = []
    head, looked = journal.position(), 0
    while len(found) < first and looked < SCANNED and (page := journal.follow(after, 1_000)):
        for one in page:
            after, looked = one.position, looked + 1
            if wanted(one):
                found.append(_fact(one))
                if len(found) == first:
                    break
    return {"facts": found, "nextAfter": after if after < head else None, "head": head}


def _fact(one: Recorded | Undecodable) -> dict[str, Any]:
    common = {"position": one.position, "stream": one.stream, "version": one.version}
    if isinstance(one, Undecodable):
        names = ("recordedAt", "account", "personId", "role", "onBehalfOf", "channel", "commandId",
                 "correlationId", "causationId", "content")  # fmt: skip
        return {**common, "name": one.name, **dict.fromkeys(names)}
    origin, actor = one.origin, one.origin.actor
    return {
        **common,
        "name": one.fact.fact_name,
        "recordedAt": rendering.instant(origin.recorded_at),
        "account": actor.account,
        "personId": actor.person,
        "role": actor.role.name,
        "onBehalfOf": actor.on_behalf_of,
        "channel": actor.channel.name,
        "commandId": origin.command_id,
        "correlationId": origin.correlation_id,
        "causationId": origin.causation_id,
        "content": _json(one.fact).decode(),
    }


def _changes(
    context: Context, school: str, rows: Sequence[EntryChange], first: int, after: str | None
) -> Any:  # noqa: ANN401
    open_to = _open_units(context, school)
    return page_of(
        [row for row in rows if open_to(row.unit_id)],
        lambda row: f"{row.position:015d}",
        rendering.change,
        first=first,
        after=after,
        language=context.language,
    )


def _of_kind(rows: Iterable[EntryChange], what: list[str] | None) -> list[EntryChange]:
    return [row for row in rows if what is None or row.what in what]


def _open_units(context: Context, school: str) -> Callable[[str | None], bool]:
    """Whether a unit's register is open to the asker; asked once for each."""
    roles = context.roles(school)
    known: dict[str | None, bool] = {None: True, "": True}

    def is_open(unit_id: str | None) -> bool:
        if unit_id not in known:
            known[unit_id] = not is_closed(context, school, {"class_id": unit_id}, roles, unknown=True)
        return known[unit_id]

    return is_open


def _look(one: Recorded) -> dict[str, Any]:
    look = cast("EntriesLookedAt", one.fact)
    return {
        "at": rendering.instant(one.origin.recorded_at),
        "account": look.account_id,
        "personId": look.person_id,
        "role": look.role.name,
        "asked": look.asked,
        "classId": look.class_id,
        "pupilId": look.pupil_id,
    }


def _differences(rows: Sequence[EntryChange], earlier: int, later: int) -> list[dict[str, Any]]:
    found = []
    for entry, changes in groupby(
        sorted(rows, key=lambda row: (row.entry, row.position)), lambda row: row.entry
    ):
        known = [row for row in changes if row.position <= later]
        new = [row for row in known if row.position > earlier]
        before = [row for row in known if row.position <= earlier]
        if new:
            found.append(
                {
                    "entry": entry,
                    "pupilId": new[0].pupil_id,
                    "was": before[-1].new if before else None,
                    "now": new[-1].new,
                    "changes": [rendering.change(row) for row in new],
                }
            )
    return found


def _entry(difference: dict[str, Any]) -> str:
    return str(difference["entry"])
