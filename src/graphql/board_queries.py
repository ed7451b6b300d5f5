"""Queries and mutations of the notice board: one's own board, what was announced, who has read it."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.attachments.links import LASTS
from dziennik.contracts.board import NO_SUCH_ANNOUNCEMENT, ConfirmReading
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal as No
from dziennik.domain.policies.audiences import reached
from dziennik.graphql import board_shapes as shapes
from dziennik.graphql.absence_shapes import AttachmentLink
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.granting import EVERYTHING
from dziennik.graphql.mutations import As, CommandResult, Key, carried_out, refusal
from dziennik.graphql.paging import page_of
from dziennik.graphql.refusing import denied
from dziennik.graphql.scopes import children
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import board, people, standings
from dziennik.projections.rows import View

HANGING = (*SEEN, board.BOARD.name)


@strawberry.type
class BoardQueries:
    @guarded(description="What hangs on the board today for the asker, the latest first.")
    def announcements(
        self,
        info: Info,
        school: SchoolId,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.AnnouncementConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, HANGING, after_position)
        view, who = context.view(school), context.access(school).person.person_id
        rows = own_board(context, school)
        return _page(context, view, rows, board.read_by(view, who), first, after, whole=False)

    @guarded(description="All that was announced, also what is over: by anybody, to teachers what they did.")
    def posted_announcements(
        self,
        info: Info,
        school: SchoolId,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.AnnouncementConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, HANGING, after_position)
        view, who = context.view(school), context.access(school).person.person_id
        rows = board.all_of(view, None if context.granted == EVERYTHING else who)
        return _page(context, view, rows, board.read_by(view, who), first, after, whole=True)

    @guarded(description="Who is addressed today and who confirmed; for the author and for the office.")
    def announcement_readers(
        self,
        info: Info,
        school: SchoolId,
        announcement_id: strawberry.ID,
        confirmed: bool | None = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.AnnouncementReaders | None:
        context = context_of(info)
        context.wait(school, HANGING, after_position)
        view, who = context.view(school), context.access(school).person.person_id
        row = view.get(board.Announcement, announcement_id)
        if context.granted != EVERYTHING and (row is None or row.author_id != who):
            raise denied(context.language)
        if row is None:
            return None
        addressed = standings.addressed(view, row.audience, context.today(school))
        done = {
            person_id: reading
            for person_id, reading in board.readings(view, announcement_id).items()
            if reading.edition == row.edition and person_id in addressed
        }
        known = people.persons(view, addressed)
        asked_for = [p for p in addressed if confirmed is None or (p in done) is confirmed]
        key = lambda p: f"{known[p].sort_key if p in known else ''}/{p}"  # noqa: E731
        return {  # type: ignore[return-value]
            "addressed": len(addressed),
            "confirmed": len(done),
            "people": page_of(
                sorted(asked_for, key=key),
                key,
                lambda p: shapes.reader(p, known.get(p), addressed[p], done.get(p)),
                first=first,
                after=after,
                language=context.language,
            ),
        }

    @guarded(description="An address for a file that came with an announcement that the asker may read.")
    def announcement_attachment_link(
        self,
        info: Info,
        school: SchoolId,
        announcement_id: strawberry.ID,
        attachment_id: strawberry.ID,
        after_position: Position = None,
    ) -> AttachmentLink | None:
        context = context_of(info)
        context.wait(school, HANGING, after_position)
        row = context.view(school).get(board.Announcement, announcement_id)
        if row is None or not _may_read(context, school, row):
            return None
        for file in row.attachments:
            if file.attachment_id == attachment_id:
                address = f"/attachments/{context.system.attachment_links.make(school, file)}"
                return {"address": address, "expiresIn": int(LASTS.total_seconds())}  # type: ignore[return-value]
        return None

    @guarded(description="How the board is kept today.")
    def board_rules(self, info: Info, school: SchoolId, after_position: Position = None) -> shapes.BoardRules:
        context = context_of(info)
        context.wait(school, HANGING, after_position)
        rules = board.rules_on(context.view(school), context.today(school))
        return {  # type: ignore[return-value]
            "teachersToSchool": rules.teachers_to_school,
            "longestDays": rules.longest_days,
        }


@strawberry.type
class BoardMutations:
    @guarded(description="Confirm having read an announcement.")
    def confirm_reading(
        self,
        info: Info,
        school: SchoolId,
        announcement_id: strawberry.ID,
        idempotency_key: Key = None,
        acting_as: As = None,
        after_position: Position = None,
    ) -> CommandResult:
        context = context_of(info)
        context.wait(school, HANGING, after_position)
        found = _reader(context, school, announcement_id)
        if isinstance(found, No):
            return refusal(found, context.language)
        roles, pupil_id = found
        command = ConfirmReading(announcement_id=announcement_id, pupil_id=pupil_id)
        key = f"{context.account()}/{idempotency_key}" if idempotency_key else None
        return carried_out(context, school, command, roles, key, acting_as)


def own_board(context: Context, school: str) -> list[board.Announcement]:
    """What hangs today and is addressed to the asker, the latest first."""
    view, day = context.view(school), context.today(school)
    where = standings.standing(view, context.access(school).person.person_id, day)
    return [row for row in board.hanging(view, day) if reached(row.audience, where)]


def _may_read(context: Context, school: str, row: board.Announcement) -> bool:
    """Its author and the office may at any time, those who are addressed while it hangs."""
    if context.roles(school) & {Role.DIRECTOR, Role.ADMINISTRATOR}:
        return True
    mine = row.author_id == context.access(school).person.person_id
    return mine or row.announcement_id in {each.announcement_id for each in own_board(context, school)}


def _reader(context: Context, school: str, announcement_id: str) -> tuple[frozenset[Role], str | None] | No:
    """The roles in which the asker is addressed; of a parent also the child for whom."""
    view, day = context.view(school), context.today(school)
    row = view.get(board.Announcement, announcement_id)
    where = standings.standing(view, context.access(school).person.person_id, day)
    roles = reached(row.audience, where) & context.roles(school) if row else frozenset()
    if row is None or not roles:
        return NO_SUCH_ANNOUNCEMENT(field="announcement_id")
    for pupil_id in sorted(children(context, school)):
        if reached(row.audience, {Role.PARENT: standings.of_pupils(view, [pupil_id], day)}):
            return roles, pupil_id
    return roles, None


def _page(
    context: Context,
    view: View,
    rows: list[board.Announcement],
    mine: dict[str, board.Reading],
    first: int,
    after: str | None,
    *,
    whole: bool,
) -> dict[str, Any]:
    telling = shapes.Telling(view, rows)
    return page_of(
        rows,
        _latest_first,
        lambda row: telling.announcement(row, mine.get(row.announcement_id), whole=whole),
        first=first,
        after=after,
        language=context.language,
    )


def _latest_first(row: board.Announcement) -> str:
    """A key that falls as positions rise: pages go back from the latest."""
    return f"{10**12 - row.position:013d}"
