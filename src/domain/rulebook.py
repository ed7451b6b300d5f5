"""Which rule decides which command, and which roles may give it?

``@decides(GiveGrade, by=...)`` beside a rule is the only list. What holds for every command
(who may, text that an archive can hold, well-formed ids) is checked here, before any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain.texts import fault_in
from dziennik.domain.world import Asked, Decide, Decision, Entry, World

C = TypeVar("C", bound=Command)

_RULES: dict[type[Command], Decide] = {}
_ROLES: dict[type[Command], frozenset[Role]] = {}

# What is looked at after every rule: may these facts be written at all?
Guard = Callable[[World, Sequence[Entry], Asked], Refusal | None]
_GUARDS: list[Guard] = []

# What a school's office does: structure, people, imports (DOMAIN section 5).
OFFICE = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR, Role.SYSTEM})
DIRECTOR = frozenset({Role.DIRECTOR, Role.SYSTEM})
# SYSTEM is an import on behalf of the office: it enters what teachers entered elsewhere.
TEACHING = frozenset({Role.TEACHER, Role.DIRECTOR, Role.SYSTEM})


def decides(
    command: type[C], *, by: frozenset[Role]
) -> Callable[[Callable[[World, C, Asked], Decision]], Callable[[World, C, Asked], Decision]]:
    """Register the rule for a command and the roles that may give it. TypeError if taken."""

    def register(
        rule: Callable[[World, C, Asked], Decision],
    ) -> Callable[[World, C, Asked], Decision]:
        if command in _RULES:
            raise TypeError(f"{command.__name__} is decided twice")
        erased: Any = rule
        _RULES[command] = erased
        _ROLES[command] = by
        return rule

    return register


def guards(guard: Guard) -> Guard:
    """Register what has to hold for the facts of every command."""
    _GUARDS.append(guard)
    return guard


def roles_for(command: type[Command]) -> frozenset[Role]:
    """The roles that may give this command at all (its rule may narrow further)."""
    return _ROLES[command]


def decide(world: World, command: Command, asked: Asked) -> Decision:
    """The facts that follow from the command, or the refusal. Pure.

    Raises KeyError when no rule knows the command (a fault of ours, not of the asker).
    """
    rule = _RULES[type(command)]
    if asked.actor.role not in _ROLES[type(command)]:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    fault: Refusal | None = fault_in(command)
    decision: Decision = fault or rule(world, command, asked)
    if isinstance(decision, Refusal):
        return decision
    forbidden = (guard(world, decision, asked) for guard in _GUARDS)
    return next(filter(None, forbidden), None) or decision
