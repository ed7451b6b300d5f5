"""How is a command of the demo's plan said in GraphQL? By its name and its fields, as the schema has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from dziennik.contracts.board import ConfirmReading
from dziennik.contracts.commands import Command
from tests.lived.client import Order


def order_of(command: Command, position: int) -> Order:
    """GiveGrade is the mutation giveGrade with a GiveGradeInput.

    Who confirms an announcement has seen it hang on the board: it is there at the latest at `position`.
    """
    if isinstance(command, ConfirmReading):
        announcement = ("ID!", command.announcement_id)
        return Order("confirmReading", {"announcementId": announcement, "afterPosition": ("Int", position)})
    kind = type(command).__name__
    return Order(kind[0].lower() + kind[1:], {"input": (f"{kind}Input!", spoken(command))})


def spoken(value: object) -> Any:  # noqa: ANN401 - JSON
    """A value as JSON for the schema; what is not said is left out."""
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return {camel(name): spoken(said) for name, said in fields.items() if said is not None}
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, tuple):
        return [spoken(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def camel(name: str) -> str:
    """pupil_id is pupilId."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
