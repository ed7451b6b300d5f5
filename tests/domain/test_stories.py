"""Is every command told of in a story, and every refusal provoked in one?

Looked up in the story files' text (`.refused(CODE` and the commands that are made there), so that it holds
however the tests are spread over processes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from dziennik.contracts import (
    attendance,
    behaviour,
    calendar_commands,
    classes,
    commands,
    councils,
    counselling,
    earlier_grades,
    grades,
    lessons,
    movement,
    people,
    registers,
    school,
    stays,
    studies,
)
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Reason
from dziennik.contracts.registry import COMMANDS
from dziennik.domain.rulebook import roles_for
from dziennik.domain.rules import LOADED

STORIES = sorted(Path(__file__).parent.glob("*.py"))
CONTEXTS = (
    school, people, classes, lessons, attendance, grades, commands, behaviour, councils, calendar_commands,
    registers, counselling, movement, earlier_grades, stays, studies,
)  # fmt: skip

# Refused around the rules, where a command meets the journal: tests/application/test_register.py.
AROUND = {"COMMAND_ID_REUSED", "CHANGED_MEANWHILE"}


def _calls() -> Iterator[ast.Call]:
    for path in STORIES:
        yield from (
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
        )


def _provoked() -> set[str]:
    """Names of the reasons in `.refused(NAME, ...)`."""
    refusals = (c for c in _calls() if isinstance(c.func, ast.Attribute) and c.func.attr == "refused")
    reasons = [call.args[0] for call in refusals if call.args]
    named = {arg.id for arg in reasons if isinstance(arg, ast.Name)}
    return named | {arg.attr for arg in reasons if isinstance(arg, ast.Attribute)}


def test_every_refusal_is_provoked() -> None:
    reasons = {name for module in CONTEXTS for name, held in vars(module).items() if isinstance(held, Reason)}
    assert reasons - _provoked() == AROUND


def test_every_command_is_told_of() -> None:
    called = [call.func for call in _calls()]
    made = {func.id for func in called if isinstance(func, ast.Name)}
    made |= {func.attr for func in called if isinstance(func, ast.Attribute)}
    assert {command.__name__ for command in COMMANDS.values()} - made == set()


def test_every_command_is_decided_by_one_rule() -> None:
    assert LOADED
    for command in COMMANDS.values():
        assert roles_for(command) <= set(Role)


def test_nobody_who_only_looks_changes_the_register() -> None:
    """Auditors leave a trace of what they fetch, no more; the provider sells, and sees no pupils."""

    def given_by(role: Role) -> set[str]:
        return {command.__name__ for command in COMMANDS.values() if role in roles_for(command)}

    assert given_by(Role.AUDITOR) == {"RecordFetch"}
    selling = {"agreement", "bank", "bundles", "entitlement", "invoices", "loyalty", "offers", "purchases"}
    sold = {name for name, one in COMMANDS.items() if Role.OPERATOR in roles_for(one)}
    assert {name for name in sold if name.partition(".")[0] not in selling} == {"cards.grant_stock"}
    assert given_by(Role.SPONSOR) == {"CancelOrder"}


def test_administrators_enter_no_grades() -> None:
    entering = {name for name, command in COMMANDS.items() if Role.TEACHER in roles_for(command)}
    both = {name for name in entering if Role.ADMINISTRATOR in roles_for(COMMANDS[name])}
    entries = {
        "absences",
        "attendance",
        "behaviour",
        "classification",
        "counselling",
        "disputes",
        "grades",
        "lessons",
    }
    assert entries <= {name.partition(".")[0] for name in entering}
    assert entries & {name.partition(".")[0] for name in both} == set()


def test_commands_and_only_commands_are_registered() -> None:
    kinds = {kind for kind in Command.__subclasses__() if kind.__module__.startswith("dziennik.contracts")}
    assert kinds == set(COMMANDS.values())
