"""The demo school lives through its plan over HTTP: who says what, at which hour.

The plan's steps are the demo's own (`dziennik.demo.build`), given by the same people at the same moments, so
that what comes of it can be compared fact by fact with the school that was built through commands. Two things
no school does over the web: it is founded, and its director begins, on the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dziennik.app import System
from dziennik.application.register import Accepted
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.people import LinkAccount
from dziennik.demo.build import FIRST, Plan, steps_of
from dziennik.demo.contract import PROVIDER
from dziennik.demo.days import Step
from tests.lived.client import Client, Login
from tests.lived.speaking import order_of

CLI = Actor(account="cli", role=Role.SYSTEM, channel=Channel.SYSTEM)
PASSWORD = "a long enough password"
SEEN = """
query ($school: ID!, $position: Int) {
  peopleAccess(school: $school, role: DIRECTOR, first: 1, afterPosition: $position) { totalCount }
}"""


@dataclass(slots=True)
class Clock:
    """The school's clock, which the driver sets."""

    at: datetime = datetime(2025, 8, 18, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Living:
    """The school while it is lived through by HTTP."""

    system: System
    client: Client
    clock: Clock
    plan: Plan
    commands: int = 0
    position: int = 0
    _logins: dict[str, Login] = field(default_factory=dict)

    def lived(self, after: Callable[[Step], None]) -> None:
        """Live through the whole plan; `after` is told of each step."""
        for _, step in steps_of(self.plan):
            self.clock.at = step.at
            self._step(step)
            after(step)

    @property
    def people(self) -> frozenset[str]:
        """Who logged in so far."""
        return frozenset(self._logins)

    def director(self) -> Login:
        """The director, logged in."""
        return self.as_person(self.plan.people.director.person_id)

    def as_person(self, person: str) -> Login:
        """That person, logged in; whoever was never asked is first seen to be known."""
        if person not in self._logins:
            if self._logins:
                self.client.ask(SEEN, self.director(), school=self.client.school, position=self.position)
            self._logins[person] = self.client.log_in(f"{person}@demo", PASSWORD)
        return self._logins[person]

    def _step(self, step: Step) -> None:
        person, role = step.actor.person, step.actor.role
        if person is None:  # the office's machine: here the director
            person, role = self.plan.people.director.person_id, Role.DIRECTOR
        commands = step.commands
        if step.key == FIRST or step.actor == PROVIDER:
            self._on_the_command_line(commands)
            return
        if step.key == "staff":
            own = [one for one in commands if getattr(one, "person_id", None) == person]
            self._on_the_command_line(own)
            commands = tuple(one for one in commands if one not in own)
        for number, part in enumerate(_parts(commands)):
            self.commands += len(part)
            if isinstance(part[0], LinkAccount):
                self._account(part[0].person_id, self.as_person(person))
                continue
            orders = [order_of(command, self.position) for command in part]
            key = f"{step.key}/{number}"
            self.position = self.client.give(orders, self.as_person(person), role.name, key)

    def _account(self, person: str, by: Login) -> None:
        self.position = self.client.open_account(by, person, f"{person}@demo", PASSWORD)

    def _on_the_command_line(self, commands: tuple[Command, ...] | list[Command]) -> None:
        """`dziennik` founds the school, lets the director in, and does what the provider does."""
        register = self.system.register(self.client.school)
        for command in commands:
            given: Command = command
            if isinstance(command, LinkAccount):
                account = self.system.accounts.open_account(f"{command.person_id}@demo", PASSWORD, by=CLI)
                assert isinstance(account, str)
                given = LinkAccount(person_id=command.person_id, account_id=account)
            outcome = register.execute(given, actor=CLI)
            assert isinstance(outcome, Accepted), outcome
            self.commands += 1
            self.position = outcome.position
        self.system.follower.run_once(self.client.school)


def _parts(commands: tuple[Command, ...]) -> Iterator[list[Command]]:
    """Commands that go out together; accounts are opened one by one."""
    part: list[Command] = []
    for command in commands:
        if isinstance(command, LinkAccount):
            if part:
                yield part
            yield [command]
            part = []
        else:
            part.append(command)
    if part:
        yield part
