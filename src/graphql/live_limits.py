"""How many may listen at once? So many in all, so many of one account, so many subscriptions a connection."""

from __future__ import annotations

from dataclasses import dataclass

from dziennik.contracts.refusals import Reason
from dziennik.graphql.gates import Gate, Shares

TOO_MANY_STREAMS = Reason(
    "COMMAND.TOO_MANY_STREAMS",
    pl="Zbyt wiele otwartych połączeń. Zamknij któreś albo spróbuj za chwilę.",
    en="Too many open connections. Close one, or try again in a moment.",
)


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """The most of what is open at the same time."""

    # Connections of this process: each holds a queue and a socket.
    connections: int = 2000
    # Connections of one account: a telephone, a computer, some forgotten tabs.
    of_account: int = 10
    # Subscriptions of one connection.
    subscriptions: int = 10


class Places:
    """The connections of one server."""

    def __init__(self, limits: LiveLimits | None = None) -> None:
        self.limits = limits or LiveLimits()
        self.all = Gate(self.limits.connections)
        self.of_account = Shares(self.limits.of_account)
