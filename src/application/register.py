"""How does a command become facts?

Register is a school's one door for commands: consult, decide, append. A conflict is decided
anew on fresh states; a repeated command gets its first outcome; a refusal is only given on
states that were just confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from dziennik.application.ids import new_id
from dziennik.application.standing import shown
from dziennik.application.states import Desk, StateCache
from dziennik.contracts.commands import CHANGED_MEANWHILE, COMMAND_ID_REUSED, Command
from dziennik.contracts.envelope import Actor, Origin
from dziennik.contracts.refusals import Refusal
from dziennik.domain import rules
from dziennik.domain.rulebook import decide
from dziennik.domain.world import Asked, Stream, World
from dziennik.journal.journal import Appended, CommandReused, Journal, VersionConflict

S = TypeVar("S")

# Conflicts with different writers in a row before a command is given back to its giver.
ATTEMPTS = 12

RULES = rules.LOADED


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The command's facts are in the journal up to `position` (wait for it to see them).

    `facts` counts what was written: 0 when there was nothing to do. `repeated`: the command
    was known, this is its first outcome.
    """

    position: int
    facts: int
    repeated: bool = False


Outcome = Accepted | Refusal


def _now() -> datetime:
    return datetime.now(UTC)


class Register:
    """One school's commands. Thread-safe; several processes may serve the same school."""

    def __init__(
        self,
        journal: Journal,
        *,
        zone: ZoneInfo | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.journal = journal
        self._zone = zone or ZoneInfo("Europe/Warsaw")
        self._now = now
        self._cache = StateCache()

    def state(self, stream: Stream[S]) -> S:
        """A stream's state as the journal has it at this moment."""
        desk = Desk(self.journal, self._cache)
        state = desk[stream]
        return Desk(self.journal, self._cache)[stream] if desk.refresh() else state

    def look(self, at: Callable[[World], S]) -> S:
        """What somebody finds who only looks, on states as the journal has them at this moment."""
        for _ in range(ATTEMPTS):
            desk = Desk(self.journal, self._cache)
            found = at(desk)
            if not desk.refresh():
                return found
        return at(Desk(self.journal, self._cache))

    def today(self) -> date:
        """The school-local day."""
        return self.day_of(self._now())

    def local_time(self) -> datetime:
        """What the school's clock shows."""
        return self._now().astimezone(self._zone)

    def now(self) -> datetime:
        """This instant, by the register's clock."""
        return self._now()

    def day_of(self, at: datetime) -> date:
        """The school-local day of an instant."""
        return at.astimezone(self._zone).date()

    def instant(self) -> datetime:
        """This moment (UTC) by the register's clock."""
        return self._now()

    def execute(
        self,
        command: Command,
        *,
        actor: Actor,
        command_id: str | None = None,
        correlation_id: str | None = None,
        causation_id: str | None = None,
    ) -> Outcome:
        """Carry out one command: all of its facts, or none and the reason.

        `command_id` is the client's idempotency key. Faults (no database) raise.
        """
        origin = Origin(
            command_id=command_id or new_id(),
            actor=actor,
            recorded_at=self._now(),
            correlation_id=correlation_id,
            causation_id=causation_id,
        )
        digest = digest_of(command, actor)
        for _ in range(ATTEMPTS):
            desk = Desk(self.journal, self._cache)
            decision = decide(desk, command, self.asked(actor, origin.recorded_at))
            if not isinstance(decision, Refusal):
                desk.add(decision)
            if isinstance(decision, Refusal) or not decision:
                known = self._known(command_id, digest)
                if known:
                    return known
                if desk.refresh():
                    continue
                return shown(self.journal, decision) if isinstance(decision, Refusal) else self.nothing()
            outcome = self.append(desk, origin, digest)
            if outcome:
                return outcome
        return CHANGED_MEANWHILE()

    def batch(self) -> Batch:
        """Start a series of commands that are written together or not at all."""
        return Batch(self, Desk(self.journal, self._cache))

    def asked(self, actor: Actor, at: datetime) -> Asked:
        """Who asks, at which instant, and the school-local day of it."""
        return Asked(actor=actor, at=at, today=self.day_of(at))

    def append(self, desk: Desk, origin: Origin, digest: bytes) -> Outcome | None:
        """Write what was decided at the desk. None on a conflict: decide anew."""
        drafts = desk.drafts()
        try:
            done = self.journal.append(drafts, origin, guards=desk.guards(), digest=digest)
        except VersionConflict:
            desk.forget()
            return None
        except CommandReused:
            return COMMAND_ID_REUSED(command_id=origin.command_id, field="command_id")
        if not done.repeated:
            desk.written()
        return _accepted(done)

    def _known(self, command_id: str | None, digest: bytes) -> Outcome | None:
        if command_id is None:
            return None
        try:
            done = self.journal.outcome(command_id, digest=digest)
        except CommandReused:
            return COMMAND_ID_REUSED(command_id=command_id, field="command_id")
        return _accepted(msgspec.structs.replace(done, repeated=True)) if done else None

    def nothing(self) -> Accepted:
        """There was nothing to do: the outcome as of now."""
        return Accepted(position=self.journal.position(), facts=0)


class Batch:
    """Commands decided one after the other, each seeing those before; written in one go."""

    def __init__(self, register: Register, desk: Desk) -> None:
        self._register = register
        self._desk = desk
        self._digest = sha256()

    def prefetch(self, streams: Sequence[Stream[S]]) -> list[S]:
        """Load many streams for the price of one question."""
        return self._desk.many(streams)

    def decide(self, command: Command, *, actor: Actor, at: datetime) -> Refusal | int:
        """Decide one command on top of the earlier ones: a refusal, or how many facts."""
        decision = decide(self._desk, command, self._register.asked(actor, at))
        if isinstance(decision, Refusal):
            return decision
        self._digest.update(digest_of(command, actor))
        self._desk.add(decision)
        return len(decision)

    def outdated(self) -> bool:
        """Whether something changed since it was consulted: what was refused is to be decided anew then."""
        return self._desk.outdated()

    def write(self, origin: Origin) -> Outcome:
        """Append everything decided so far in one transaction.

        When a consulted stream changed meanwhile nothing is written and the batch is to be
        decided anew (COMMAND.CHANGED_MEANWHILE).
        """
        if not self._desk.drafts():
            return self._register.nothing()
        outcome = self._register.append(self._desk, origin, self._digest.digest())
        return outcome or CHANGED_MEANWHILE()


def digest_of(command: Command, actor: Actor) -> bytes:
    """What makes a command the same command: its name, its content and who gave it."""
    content = msgspec.json.encode([command.command_name, command, actor.account])
    return sha256(content).digest()


def _accepted(done: Appended) -> Accepted:
    facts = done.last_position - done.first_position + 1
    return Accepted(position=done.last_position, facts=facts, repeated=done.repeated)
