"""Which command sends a draft?"""

from __future__ import annotations

from typing import Any

from dziennik.contracts.commands import Command
from dziennik.contracts.message_commands import ReplyToMessage, SendMessage
from dziennik.correspondence.drafts import Draft
from dziennik.graphql.inputs import made_id


def command_of(draft: Draft, key: str | None) -> tuple[Command, str]:
    """What sends the draft, and the name of its mutation."""
    common: dict[str, Any] = {
        "body": draft.body,
        "recipient_ids": draft.recipient_ids,
        "importance": draft.importance,
    }
    if draft.reply_to is not None:
        reply = ReplyToMessage(
            thread_id=draft.thread_id or "", message_id=made_id(key, 0), reply_to=draft.reply_to, **common
        )
        return reply, "replyToMessage"
    send = SendMessage(
        thread_id=made_id(key, 0),
        message_id=made_id(key, 1),
        subject=draft.subject,
        audiences=draft.audiences,
        pupil_id=draft.pupil_id,
        **common,
    )
    return send, "sendMessage"
