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
from dziennik.contracts.envelope import Actor
from dziennik.contracts.message_commands import NO_SUCH_DRAFT, NOT_TO_BE_SENT_THEN
from dziennik.contracts.messages import Audience
from dziennik.correspondence.drafts import KEPT, Draft, Kept
from dziennik.correspondence.later import Sending
from dziennik.graphql import rendering
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.inputs import input_for, plain_input
from dziennik.graphql.letter_commands import command_of
from dziennik.graphql.message_shapes import AudienceKind, Importance
from dziennik.graphql.mutations import Accepted, As, CommandResult, actor_of, refusal
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
    send_at: datetime | None = strawberry.field(description="When it is to be sent; none: not by itself.")
    not_sent: str | None = strawberry.field(description="The code of why it could not be sent then.")


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
        times = context.system.later.of(school, who)
        return [
            _told(one, times.get(one.draft.draft_id))  # type: ignore[misc]
            for one in context.system.drafts.of(school, who)
        ]


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
        context.system.later.drop(school, actor.person or "", draft.draft_id)  # not half-written
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
        who = context.access(school).person.person_id
        context.system.later.drop(school, who, draft_id)
        return context.system.drafts.discard(school, who, draft_id)

    @guarded(
        description="Send a draft at a time to come, within 90 days, as it stands now: saving it again or"
        " discarding it takes that back. Whether one may is asked now, and again then."
    )
    def send_draft_later(
        self, info: Info, school: SchoolId, draft_id: ID, at: datetime, acting_as: As = None
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "sendDraftLater", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        fault = _fault_in_later(context, school, draft_id, at, actor)
        if fault:
            return refusal(fault, context.language)
        sending = Sending(
            school_id=school,
            person_id=actor.person or "",
            draft_id=draft_id,
            account_id=context.account(),
            role=actor.role.name,
            second_factor=context.asker.second_factor,
            send_at=at,
        )
        context.system.later.put(sending)
        position = context.register(school).journal.position()
        return Accepted(position=position, facts=0, repeated=False, id=draft_id)


def _fault_in_later(
    context: Context, school: str, draft_id: str, at: datetime, actor: Actor
) -> refusals.Refusal | None:
    register = context.register(school)
    kept = context.system.drafts.of(school, actor.person or "")
    found = next((one for one in kept if one.draft.draft_id == draft_id), None)
    if found is None:
        return NO_SUCH_DRAFT(field="draft_id")
    now = register.instant()
    if at.tzinfo is None or not now < at <= now + KEPT:
        return NOT_TO_BE_SENT_THEN(days=KEPT.days, field="at")
    command, _ = command_of(found.draft, None)
    decided = register.batch().decide(command, actor=actor, at=now)
    return decided if isinstance(decided, refusals.Refusal) else None


def _told(kept: Kept, sending: Sending | None) -> dict[str, Any]:
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
        "sendAt": rendering.instant(sending.send_at) if sending and not sending.refused else None,
        "notSent": sending.refused if sending else None,
    }
