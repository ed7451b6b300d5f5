"""Who, when, why: what surrounds a fact but is not the fact.

MEN regulation of 25 Aug 2017, s. 21(3): the register keeps a history of changes with their
authors. Every recorded fact therefore carries the actor, in which role, on whose behalf,
through which channel, and what caused it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from dziennik.contracts.facts import Fact


class Role(StrEnum):
    """The roles of DOMAIN section 5. A person may hold several; an actor acts in one."""

    TEACHER = "teacher"
    PUPIL = "pupil"
    PARENT = "parent"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    SPONSOR = "sponsor"
    SYSTEM = "system"


class Channel(StrEnum):
    """The way a command came in."""

    WEB = "web"
    API = "api"
    IMPORT = "import"
    CARD = "card"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Who acts: an account, in one role, as one person of this school.

    `person` is None for accounts that are nobody in this school (operator, system).
    """

    account: str
    role: Role
    person: str | None = None
    on_behalf_of: str | None = None
    channel: Channel = Channel.API


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Where facts come from: one command of one actor.

    `command_id` is the client's idempotency key, unique in a school. `correlation_id` ties
    together what one undertaking caused (an import, a scan); `causation_id` names its direct
    cause. `recorded_at` is the instant the application accepted the command (UTC, aware).
    """

    command_id: str
    actor: Actor
    recorded_at: datetime
    correlation_id: str | None = None
    causation_id: str | None = None


class Recorded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fact as the journal holds it.

    `position` counts the school's facts from 1 without holes, in commit order; `version`
    counts the stream's facts from 1.
    """

    position: int
    stream: str
    version: int
    origin: Origin
    fact: Fact
