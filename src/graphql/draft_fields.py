"""Letters that are not sent yet: kept, shown and thrown away by their writer alone. They are no facts
(ADR 0162)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
import strawberry
from strawberry.types import Info

from dziennik.application.ids import new_id
from dziennik.contracts import refusals, streams
from dziennik.contracts.commands import MALFORMED_ID
from dziennik.contracts.messages import Audience
from dziennik.correspondence.drafts import Draft, Kept
from dziennik.graphql import rendering
from dziennik.graphql.context import context_of
from dziennik.graphql.inputs import input_for, plain_input
from dziennik.graphql.message_shapes import AudienceKind, Importance
from dziennik.graphql.mutations import Accepted, CommandResult, actor_of, refusal
from dziennik.graphql.structure_queries import SchoolId
from dziennik.graphql.who_may import guarded

ID = strawberry.ID
AudienceInput = input_for(Audience)


@strawberry.type(description="An audience as it was chosen.")
class DraftAudience:
    kind: AudienceKind
    target_id: ID | None


@strawberry.type(description="A letter that was not sent; what it says need not be sound yet.")
class MessageDraft:
    id: ID
    saved_at: datetime
    subject: str
    body: str
    recipient_ids: list[ID]
    audiences: list[DraftAudience]
    pupil_id: ID | None
    importance: Importance
    thread_id: ID | None
    reply_to: ID | None


@strawberry.input(description="All of a draft; what is left out is empty. Without an id a new one.")
class MessageDraftInput:
    draft_id: ID | None = strawberry.UNSET
    subject: str | None = strawberry.UNSET
    body: str | None = strawberry.UNSET
    recipient_ids: list[ID] | None = strawberry.UNSET
    audiences: list[AudienceInput] | None = strawberry.UNSET  # type: ignore[valid-type]
    pupil_id: ID | None = strawberry.UNSET
    importance: Importance | None = strawberry.UNSET
    thread_id: ID | None = strawberry.UNSET
    reply_to: ID | None = strawberry.UNSET


Given = Annotated[MessageDraftInput, strawberry.argument(name="input")]


@strawberry.type
class DraftQueries:
    @guarded(description="The asker's letters that are not sent yet, the latest first.")
    def my_drafts(self, info: Info, school: SchoolId) -> list[MessageDraft]:
        context = context_of(info)
        who = context.access(school).person.person_id
        return [_told(one) for one in context.system.drafts.of(school, who)]  # type: ignore[misc]


@strawberry.type
class DraftMutations:
    @guarded(description="Keep a letter that is not sent yet, in the place of what was kept under its id.")
    def save_draft(self, info: Info, school: SchoolId, given: Given) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "saveDraft", None)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        said = {name: value for name, value in plain_input(given).items() if value is not None}
        draft = msgspec.convert({"draft_id": new_id(), **said}, Draft)
        if not streams.ID.match(draft.draft_id):
            return refusal(MALFORMED_ID(at="draft_id", field="draft_id"), context.language)
        fault = context.system.drafts.save(school, actor.person or "", draft)
        if fault:
            return refusal(fault, context.language)
        return Accepted(
            position=context.register(school).journal.position(),
            facts=0,
            repeated=False,
            id=strawberry.ID(draft.draft_id),
        )

    @guarded(description="Throw a draft away; whether there was one.")
    def discard_draft(self, info: Info, school: SchoolId, draft_id: ID) -> bool:
        context = context_of(info)
        return context.system.drafts.discard(school, context.access(school).person.person_id, draft_id)


def _told(kept: Kept) -> dict[str, Any]:
    draft = kept.draft
    return {
        "id": draft.draft_id,
        "savedAt": rendering.instant(kept.saved_at),
        "subject": draft.subject,
        "body": draft.body,
        "recipientIds": list(draft.recipient_ids),
        "audiences": [{"kind": one.kind.name, "targetId": one.target_id} for one in draft.audiences],
        "pupilId": draft.pupil_id,
        "importance": draft.importance.name,
        "threadId": draft.thread_id,
        "replyTo": draft.reply_to,
    }
