"""How many messages may one parent or pupil send a day? Enough for people, too few for a programme.

By the read model, which may be a moment behind: this keeps floods away, it is no rule of the school.
"""

from __future__ import annotations

from typing import Final

from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor
from dziennik.contracts.message_commands import TOO_MANY_A_DAY, ReplyToMessage, SendMessage
from dziennik.contracts.refusals import Refusal
from dziennik.domain.recipients import is_family
from dziennik.graphql.context import Context
from dziennik.projections import messages

FAMILY_A_DAY: Final = 100


def fault_in_number(
    context: Context, school: str, command: Command, actor: Actor, key: str | None
) -> Refusal | None:
    """Whether the asker sent enough today. Who repeats a message that was sent is not refused."""
    if not isinstance(command, SendMessage | ReplyToMessage) or not is_family(actor.role):
        return None
    box = messages.mailbox(context.view_of_all(school), actor.person or "")
    register = context.register(school)
    if box.sent_on != register.now().date() or box.sent_that_day < FAMILY_A_DAY:
        return None
    if key is not None and register.journal.outcome(key) is not None:
        return None
    return TOO_MANY_A_DAY(limit=FAMILY_A_DAY, field="body")
