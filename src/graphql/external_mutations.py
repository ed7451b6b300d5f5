"""Logging in through an external provider (OpenID Connect), and linking it to one's account."""

from __future__ import annotations

from typing import Annotated

import msgspec
import strawberry
from strawberry.types import Info

from dziennik.accounts.sessions import Session as Entered
from dziennik.contracts import access as said
from dziennik.contracts import refusals
from dziennik.graphql.account_shapes import Done, DoneResult
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import LoginResult, Refusal, refusal, session
from dziennik.graphql.who_may import guarded


@strawberry.type(description="Somebody through whom one can log in besides a password.")
class LoginProvider:
    name: str
    label: str


@strawberry.type(description="Send the browser to `url`; keep `attempt` until it comes back.")
class ExternalLoginBegun:
    url: str
    attempt: str


ExternalBegunResult = Annotated[ExternalLoginBegun | Refusal, strawberry.union("ExternalBegunResult")]


@strawberry.type
class ExternalQueries:
    @guarded(description="Through whom one can log in here.")
    def login_providers(self, info: Info) -> list[LoginProvider]:
        known = context_of(info).system.accounts.external.providers()
        return [{"name": one.name, "label": one.label} for one in known]  # type: ignore[misc]


@strawberry.type
class ExternalMutations:
    @guarded(description="Begin at the provider, which sends people back to the address with code and state.")
    def begin_external_login(self, info: Info, provider: str, redirect_uri: str) -> ExternalBegunResult:
        context = context_of(info)
        with context.asking():
            begun = context.system.accounts.external.begin(provider, redirect_uri)
        if isinstance(begun, refusals.Refusal):
            return refusal(begun, context.language)
        return ExternalLoginBegun(url=begun.url, attempt=begun.attempt)

    @guarded(
        description="Log in with what the provider sent back. Where the account has a second factor, the"
        " refusal's detail `continuation` is given as `attempt` once more, with `secondFactor` alone."
    )
    def finish_external_login(
        self,
        info: Info,
        attempt: str,
        code: str = "",
        state: str = "",
        second_factor: str = "",
    ) -> LoginResult:
        context = context_of(info)
        with context.asking():
            return session(context, _entered(context, attempt, code, state, second_factor))

    @guarded(description="From now on the asker may log in through the provider as well.")
    def link_external_identity(
        self, info: Info, password: str, attempt: str, code: str, state: str
    ) -> DoneResult:
        context = context_of(info)
        account_id, accounts = context.account(), context.system.accounts
        with context.hashing():
            wrong_password = accounts.prove(account_id, password)
        with context.asking():
            found = wrong_password or accounts.external.recognise(attempt, code, state)
        wrong = found if isinstance(found, refusals.Refusal) else accounts.external.link(account_id, found)
        return Done() if wrong is None else refusal(wrong, context.language)

    @guarded(description="No more logging in through the provider.")
    def unlink_external_identity(self, info: Info, password: str, provider: str) -> DoneResult:
        context = context_of(info)
        account_id, accounts = context.account(), context.system.accounts
        with context.hashing():
            wrong = accounts.prove(account_id, password)
        if wrong is None:
            accounts.external.unlink(account_id, provider)
        return Done() if wrong is None else refusal(wrong, context.language)


def _entered(
    context: Context, attempt: str, code: str, state: str, second_factor: str
) -> Entered | refusals.Refusal:
    accounts, client = context.system.accounts, context.asker.client
    account_id, vouched = accounts.external.continued(attempt), False
    if account_id is None:
        who = accounts.external.recognise(attempt, code, state)
        if isinstance(who, refusals.Refusal):
            return who
        account_id, vouched = accounts.external.account_of(who), who.second_factor
        if account_id is None:
            return said.EXTERNAL_UNKNOWN()
    entered = accounts.enter_recognised(account_id, client, vouched=vouched, code=second_factor)
    if isinstance(entered, refusals.Refusal) and entered.code == said.SECOND_FACTOR_WANTED.code:
        details = {**entered.details, "continuation": accounts.external.continuation(account_id)}
        return msgspec.structs.replace(entered, details=details)
    return entered
