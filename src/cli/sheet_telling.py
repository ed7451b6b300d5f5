"""How is a sheet told on the command line? With what the register says of it, for people or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from dziennik.omr.sheet import Sheet
    from dziennik.scanning.intake import Judgement

SET_ASIDE, NAMED = "set_aside", "named"  # states that the register knows, and no reader


def state_of(sheet: Sheet, judgement: Judgement) -> str:
    """What the register makes of the sheet, or else the reader."""
    if judgement.why_aside(sheet):
        return SET_ASIDE
    return NAMED if judgement.named_as(sheet) else sheet.state.value


def as_told(sheet: Sheet, judgement: Judgement) -> dict[str, Any]:
    """A sheet as one line of JSON tells it."""
    reason, words = judgement.reason(sheet)
    return {
        "file": sheet.file,
        "page": sheet.page,
        "card": judgement.named_as(sheet) or sheet.card_id,
        "layout": sheet.layout,
        "state": state_of(sheet, judgement),
        "reason": reason,
        "message": {"pl": words[0], "en": words[1]} if words else None,
        "turned": sheet.turned,
        "unsure": sheet.unsure,
        "cells": [
            {
                "row": cell.row,
                "field": cell.field,
                "value": cell.value,
                "state": cell.state.value,
                "ink": cell.ink,
            }
            for cell in sheet.cells
        ],
    }


def line(sheet: Sheet, judgement: Judgement) -> None:
    """What was read of it, and what the register makes of that."""
    from dziennik.omr.sheet import CellState

    card_id, state = judgement.named_as(sheet) or sheet.card_id, state_of(sheet, judgement)
    parts = [f"{sheet.file}:{sheet.page}", card_id or "-", state.replace("_", " ")]
    if sheet.cells and state != SET_ASIDE:
        marked = sum(1 for cell in sheet.cells if cell.state is CellState.MARKED)
        parts.append(f"{marked} zaznaczeń / marked, {sheet.unsure} niepewnych / unsure")
    words = judgement.reason(sheet)[1]
    if words:
        parts.append(" / ".join(words))
    typer.echo("  ".join(parts))
