"""Who acts when an operator types a command: the machine's office, not a person of the school."""

from __future__ import annotations

from dziennik.contracts.envelope import Actor, Channel, Role

OFFICE = Actor(account="cli", role=Role.SYSTEM, channel=Channel.SYSTEM)
