"""What must selling know of the installation: the provider's journal, the schools' registers and read
models?
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from dziennik.application.register import Register
from dziennik.journal.journals import PROVIDER
from dziennik.projections.rows import View


class Views(Protocol):
    """Read models of schools."""

    def view(self, school_id: str) -> AbstractContextManager[View]: ...


class Market(Protocol):
    """One installation with its provider."""

    @property
    def read_models(self) -> Views: ...

    @property
    def register(self) -> Callable[..., Register]: ...

    def schools(self) -> list[str]: ...


def provider(market: Market) -> Register:
    """The provider's door for commands."""
    return market.register(PROVIDER)
