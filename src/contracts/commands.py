"""What is a command?

An intention of one actor, in the imperative (``GiveGrade``). A command brings with it every
id and every moment that its facts will hold, so that deciding needs no clock and no chance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

import msgspec

from dziennik.contracts.refusals import Reason


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all commands."""

    command_name: ClassVar[str]


C = TypeVar("C", bound=Command)

COMMANDS: dict[str, type[Command]] = {}


def command(name: str) -> Callable[[type[C]], type[C]]:
    """Register a command under ``context.verb_phrase``. Raises TypeError on a name taken."""

    def register(cls: type[C]) -> type[C]:
        if name in COMMANDS:
            raise TypeError(f"command name {name!r} is taken by {COMMANDS[name].__name__}")
        cls.command_name = name
        COMMANDS[name] = cls
        return cls

    return register


UNWRITABLE_TEXT = Reason(
    "COMMAND.UNWRITABLE_TEXT",
    pl="Pole {at} zawiera znak {character}, którego nie da się zapisać w archiwum. Usuń go.",
    en="Field {at} contains the character {character}, which the archive cannot hold. Remove it.",
)
INVISIBLE_SIGN = Reason(
    "COMMAND.INVISIBLE_SIGN",
    pl="Pole {at} zawiera niewidoczny znak {character}. Usuń go.",
    en="Field {at} contains the invisible character {character}. Remove it.",
)
TEXT_TOO_LONG = Reason(
    "COMMAND.TEXT_TOO_LONG",
    pl="Pole {at} ma {length} znaków; najwyżej {limit}.",
    en="Field {at} has {length} characters; at most {limit}.",
)
TEXT_MISSING = Reason(
    "COMMAND.TEXT_MISSING",
    pl="Pole {at} jest puste. Uzupełnij je.",
    en="Field {at} is empty. Fill it in.",
)
NUMBER_OUT_OF_RANGE = Reason(
    "COMMAND.NUMBER_OUT_OF_RANGE",
    pl="Pole {at}: {number} nie jest liczbą, z którą dziennik może liczyć.",
    en="Field {at}: {number} is not a number that the register can reckon with.",
)
MALFORMED_ID = Reason(
    "COMMAND.MALFORMED_ID",
    pl="Pole {at} nie jest poprawnym identyfikatorem.",
    en="Field {at} is not a well-formed identifier.",
)
COMMAND_ID_REUSED = Reason(
    "COMMAND.ID_REUSED",
    pl="Klucz {command_id} był już użyty do innego polecenia. Użyj nowego.",
    en="The key {command_id} was already used for another command. Use a new one.",
)
CHANGED_MEANWHILE = Reason(
    "COMMAND.CHANGED_MEANWHILE",
    pl="Ktoś inny zmienił ten wpis w tej samej chwili. Odśwież i spróbuj ponownie.",
    en="Somebody else changed this entry at the same moment. Reload and try again.",
)
CHANGED_SINCE = Reason(
    "COMMAND.CHANGED_SINCE",
    pl="Wpis zmieniono, odkąd go otwarto: było „{seen}”, jest „{now}”. Sprawdź go i spróbuj ponownie.",
    en="The entry was changed since it was opened: from “{seen}” to “{now}”. Look at it and try again.",
)
NOT_YOURS_TO_DO = Reason(
    "ACCESS.NOT_YOURS_TO_DO",
    pl="Rola {role} nie może tego zrobić.",
    en="The role {role} may not do this.",
)
