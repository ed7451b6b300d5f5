"""The subscriptions of the schema, and who may have them. Who executes them: subscribing.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import strawberry

from dziennik.graphql.archive_queries import ArchiveJob
from dziennik.graphql.notice_queries import NoticeKind, Notification
from dziennik.graphql.structure_queries import SchoolId
from dziennik.graphql.who_may import QUERIES, Rule

Kinds = Annotated[list[NoticeKind] | None, strawberry.argument(description="Only these; left out: all.")]
After = Annotated[
    int | None,
    strawberry.argument(description="What came after this position too: where an earlier stream ended."),
]
# Asked at each event, like the query that shows the same.
SUBSCRIPTIONS: dict[str, Rule] = {
    "notifications": QUERIES["myNotifications"],
    "archiveJobProgress": QUERIES["archiveJob"],
}


def _live(description: str) -> Callable[[Callable[..., Any]], Any]:
    made: Callable[[Callable[..., Any]], Any] = strawberry.subscription(description=description)
    return made


def _elsewhere(*_: object) -> Any:  # noqa: ANN401
    raise TypeError("subscriptions are executed by subscribing.Live")


@strawberry.type(description="Live, over graphql-transport-ws or Server-Sent Events.")
class Subscription:
    @_live("What concerns the asker, as it comes: myNotifications, live.")
    async def notifications(
        self, school: SchoolId, kinds: Kinds = None, after: After = None
    ) -> AsyncIterator[Notification]:
        yield _elsewhere(school, kinds, after)

    @_live("How far the making of an archive is, until it is done.")
    async def archive_job_progress(
        self, school: SchoolId, job_id: strawberry.ID
    ) -> AsyncIterator[ArchiveJob]:
        yield _elsewhere(school, job_id)
