"""A journal that is a list: what read models need of one, without a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dziennik.contracts.envelope import Recorded
from dziennik.journal.outcomes import Undecodable
from dziennik.projections.source import Item


class Listed:
    """A Source over facts in a list; append to `items` and they are there."""

    def __init__(self, school_id: str, items: Sequence[Item] = ()) -> None:
        self.school_id = school_id
        self.items: list[Item] = list(items)

    def position(self) -> int:
        return len(self.items)

    def follow(self, after_position: int, limit: int = 5000) -> list[Item]:
        return self.items[after_position : after_position + limit]

    def scan(self, prefix: str, *, until_position: int | None = None) -> Iterator[Recorded]:
        until = len(self.items) if until_position is None else until_position
        found = [item for item in self.items[:until] if item.stream.startswith(prefix)]
        for item in sorted(found, key=lambda one: (one.stream, one.version)):
            assert isinstance(item, Recorded)
            yield item

    def wait(self, after_position: int, timeout: float) -> int:  # noqa: ARG002
        return len(self.items)


def unreadable(item: Item) -> Undecodable:
    """The same fact as it looks when its bytes are damaged."""
    if isinstance(item, Undecodable):
        return item
    return Undecodable(
        position=item.position,
        stream=item.stream,
        version=item.version,
        name=item.fact.fact_name,
        reason="damaged",
    )
