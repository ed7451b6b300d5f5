"""How is a subscription executed? Event by event, each as a request of its own.

For every event a new Context asks anew who the asker is, whether the account, the session and the right to
the subscription still stand, and what the asker may know: a stream ends with the right to it, at the next
event or heartbeat (ADR 0172). Over which protocol events travel is no matter here.
"""

from __future__ import annotations

from asyncio import get_running_loop, wait_for
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    get_argument_values,
    get_variable_values,
)
from graphql.pyutils import camel_to_snake

from dziennik.archive.job_notes import ArchiveJobState
from dziennik.contracts.refusals import Reason
from dziennik.graphql.archive_queries import job_json
from dziennik.graphql.asker import Asker
from dziennik.graphql.context import Context, Serving
from dziennik.graphql.executing import Executor, Prepared
from dziennik.graphql.live import Hub, Listener
from dziennik.graphql.live_shapes import SUBSCRIPTIONS
from dziennik.graphql.notice_queries import teller
from dziennik.graphql.refusing import NOT_A_REQUEST, Refused, denied, not_logged_in
from dziennik.graphql.who_may import grant
from dziennik.notifying.notice import Notice

# Seconds between looks whether a stream may go on, which are its heartbeats as well.
HEARTBEAT: Final = 15.0
# So far back a stream goes on from a position; whoever was away longer asks myNotifications.
MOST_MISSED: Final = 500

TOO_SLOW = Reason(
    "COMMAND.LISTENER_TOO_SLOW",
    pl="Odbiorca nie nadąża. Połącz się ponownie, podając ostatnią otrzymaną pozycję.",
    en="The listener does not keep up. Connect again, with the last position you got.",
)
TOO_LONG_AWAY = Reason(
    "COMMAND.TOO_LONG_AWAY",
    pl="Od pozycji {position} było więcej niż {limit} powiadomień. Pobierz je zapytaniem myNotifications.",
    en="There were more than {limit} notifications since position {position}. Ask myNotifications for them.",
)


@dataclass(frozen=True, slots=True)
class Event:
    """An answer on its way, as JSON; `body` None: a heartbeat. `position`: where to go on from after it.

    `failed`: the answer is why the stream ends.
    """

    body: bytes | None = None
    position: int | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, with the access token that says who they are.

    `after`: where an earlier stream ended, as the protocol tells it; the argument outweighs it.
    """

    query: str
    variables: dict[str, Any] | None
    operation: str | None
    asker: Asker
    token: str
    language: str
    after: int | None = None


@dataclass(frozen=True, slots=True)
class _Subscribed:
    """A subscription that may begin: its field, its arguments, its school."""

    prepared: Prepared
    name: str
    arguments: dict[str, Any]

    @property
    def school(self) -> str:
        return str(self.arguments["school"])


class Live:
    """Executes requests as streams of events."""

    def __init__(self, system: Serving, executor: Executor) -> None:
        self.system = system
        self._executor = executor
        self.hub = Hub(system)

    async def events(self, request: Request) -> AsyncGenerator[Event]:
        """The answers to a request: one to a query or mutation, and any number to a subscription."""
        prepared = self._executor.prepare(request.query, request.language)
        operation = prepared.operation(request.operation)
        if prepared.errors or operation is None or operation.operation is not OperationType.SUBSCRIPTION:
            yield await run_in_threadpool(self._answer, request)
            return
        try:
            subscribed = self._subscribed(prepared, operation, request)
            await run_in_threadpool(self._check, subscribed, request)
            stream = self._jobs if subscribed.name == "archiveJobProgress" else self._notices
            async for event in stream(subscribed, request):
                yield event
        except GraphQLError as refusal:
            yield Event(self._executor.refused(refusal), failed=True)

    def _answer(self, request: Request) -> Event:
        body = self._executor.answer(
            request.query,
            request.variables,
            request.operation,
            asker=request.asker,
            language=request.language,
        )
        return Event(body)

    def _subscribed(
        self, prepared: Prepared, operation: OperationDefinitionNode, request: Request
    ) -> _Subscribed:
        """The one root field with its arguments. Raises GraphQLError."""
        schema = self._executor.schema
        node = operation.selection_set.selections[0]
        root = schema.subscription_type
        if not isinstance(node, FieldNode) or root is None or node.name.value not in root.fields:
            raise Refused(NOT_A_REQUEST(what="subscription"), request.language)
        variables = get_variable_values(
            schema, operation.variable_definitions or (), request.variables or {}, max_errors=20
        )
        if isinstance(variables, list):
            raise variables[0]
        field = root.fields[node.name.value]
        given = get_argument_values(field, node, variables)
        return _Subscribed(
            prepared, node.name.value, {camel_to_snake(name): value for name, value in given.items()}
        )

    async def _notices(self, subscribed: _Subscribed, request: Request) -> AsyncGenerator[Event]:
        person_id = await run_in_threadpool(self._person, subscribed, request)
        listener = Listener(get_running_loop(), person_id)
        begin = await run_in_threadpool(self.hub.join, subscribed.school, listener)
        try:
            after = subscribed.arguments.get("after", request.after)
            if after is not None and after < begin:
                for notice in await run_in_threadpool(
                    self._missed, subscribed, request, listener, after, begin
                ):
                    event = await run_in_threadpool(self._told, subscribed, request, notice)
                    if event:
                        yield event
            while True:
                try:
                    heard = await wait_for(listener.queue.get(), HEARTBEAT)
                except TimeoutError:
                    await run_in_threadpool(self._check, subscribed, request)
                    yield Event()
                    continue
                if heard is None:
                    break
                if after is None or heard.opened or heard.live > after:
                    event = await run_in_threadpool(self._told, subscribed, request, heard)
                    if event:
                        yield event
            if listener.slow:
                raise Refused(TOO_SLOW(), request.language)
        finally:
            self.hub.leave(subscribed.school, listener)

    def _missed(
        self, subscribed: _Subscribed, request: Request, listener: Listener, after: int, begin: int
    ) -> list[Notice]:
        found = self.system.notices.between(
            subscribed.school, [listener.person_id], after, begin, limit=MOST_MISSED + 1
        )
        if len(found) > MOST_MISSED:
            raise Refused(TOO_LONG_AWAY(position=after, limit=MOST_MISSED, field="after"), request.language)
        return found

    async def _jobs(self, subscribed: _Subscribed, request: Request) -> AsyncGenerator[Event]:
        jobs, job_id = self.system.archive_jobs, str(subscribed.arguments["job_id"])
        job = jobs.find(subscribed.school, job_id)
        while job is not None:
            yield await run_in_threadpool(
                self._rendered, subscribed, request, job_json(job, request.language)
            )
            if job.state is not ArchiveJobState.RUNNING:
                return
            known = job
            while job == known:
                job = await run_in_threadpool(jobs.wait, subscribed.school, known, 1.0)
            await run_in_threadpool(self._check, subscribed, request)

    def _check(self, subscribed: _Subscribed, request: Request) -> None:
        """Whether the asker may (still) listen. Raises Refused."""
        with ExitStack() as stack:
            self._allowed(stack, subscribed, request)

    def _person(self, subscribed: _Subscribed, request: Request) -> str:
        with ExitStack() as stack:
            return self._allowed(stack, subscribed, request).access(subscribed.school).person.person_id

    def _allowed(self, stack: ExitStack, subscribed: _Subscribed, request: Request) -> Context:
        """A Context of this moment, if account, session and right stand. Raises Refused."""
        asker, accounts = request.asker, self.system.accounts
        if asker.account_id is None or accounts.sessions.bearer(request.token) is None:
            raise not_logged_in(request.language)  # also when the token ran out: come back with a new one
        sessions = {known.session_id for known in accounts.sessions.of(asker.account_id)}
        ended = asker.session_id is not None and asker.session_id not in sessions
        if ended or accounts.login_of(asker.account_id) is None:
            raise not_logged_in(request.language)
        context = self._executor.context(asker, request.language, stack)
        context.begin(subscribed.arguments)
        rule = SUBSCRIPTIONS.get(subscribed.name, {})
        allowed = grant(context, rule, subscribed.school, subscribed.arguments)
        if allowed is None:
            raise denied(request.language)
        context.granted = allowed
        return context

    def _told(self, subscribed: _Subscribed, request: Request, notice: Notice) -> Event | None:
        """A notice as an event; None when it is of another kind, or not to be known (any more)."""
        kinds = subscribed.arguments.get("kinds")
        with ExitStack() as stack:
            context = self._allowed(stack, subscribed, request)
            if kinds is not None and notice.matter.kind.name not in [_name(kind) for kind in kinds]:
                return None
            told = teller(context, subscribed.school).told(notice)
        if told is None:
            return None
        event = self._rendered(subscribed, request, told)
        # What was let be known later shares its position: whoever goes on from here gets it once more.
        return replace(event, position=notice.live - (notice.live != notice.matter.position))

    def _rendered(self, subscribed: _Subscribed, request: Request, value: Mapping[str, Any]) -> Event:
        with ExitStack() as stack:
            context = self._executor.context(request.asker, request.language, stack)
            body = self._executor.event(
                subscribed.prepared, request.variables, request.operation, context, dict(value)
            )
        return Event(body)


def _name(kind: Any) -> str:  # noqa: ANN401
    return str(getattr(kind, "name", kind))
