"""Mutations of one's own account: passwords, second factor, sessions, recovery, one more school."""

from __future__ import annotations

from io import BytesIO

import segno
import strawberry
from strawberry.types import Info

from dziennik.accounts.naming import owner
from dziennik.contracts import refusals
from dziennik.graphql import redeeming
from dziennik.graphql.account_shapes import (
    Done,
    DoneResult,
    RecoveryCodes,
    RecoveryCodesResult,
    SecondFactorBegun,
    SecondFactorResult,
)
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import CommandResult, LoginResult, Refusal, accepted, refusal, session
from dziennik.graphql.who_may import guarded


def _done(context: Context, found: refusals.Refusal | None) -> Done | Refusal:
    return Done() if found is None else refusal(found, context.language)


def _qr(uri: str) -> str:
    out = BytesIO()
    segno.make_qr(uri, error="m").save(out, kind="svg", scale=4, xmldecl=False, svgns=True)
    return out.getvalue().decode()


@strawberry.type
class AccountMutations:
    @guarded(description="Begin: a new account for the person whose code it is, and its first session.")
    def activate_account(self, info: Info, code: str, login: str, password: str) -> LoginResult:
        context = context_of(info)
        with context.hashing():
            return session(context, redeeming.activate(context, code, login, password))

    @guarded(description="The asker's account becomes the code's person as well, perhaps in another school.")
    def add_identity(self, info: Info, code: str) -> CommandResult:
        context = context_of(info)
        outcome = redeeming.add_identity(context, code)
        if isinstance(outcome, refusals.Refusal):
            return refusal(outcome, context.language)
        return accepted(outcome)

    @guarded(description="Ask for a code by e-mail; the answer does not tell whether the login exists.")
    def request_password_reset(self, info: Info, login: str) -> DoneResult:
        context = context_of(info)
        accounts = context.system.accounts
        asked = accounts.recovery.ask(login, context.asker.client.address, context.language)
        return _done(context, asked)

    @guarded(description="Set a new password by a code, of the school or from an e-mail; all sessions end.")
    def reset_password(self, info: Info, code: str, password: str) -> DoneResult:
        context = context_of(info)
        with context.hashing():
            return _done(context, redeeming.reset_password(context, code, password))

    @guarded(description="Change the password; all other sessions end.")
    def change_password(self, info: Info, password: str, new_password: str) -> LoginResult:
        context = context_of(info)
        account_id, asker = context.account(), context.asker
        with context.hashing():
            outcome = context.system.accounts.change_password(
                account_id,
                password,
                new_password,
                client=asker.client,
                second_factor=asker.second_factor,
                rules=redeeming.password_rules(context, account_id),
            )
        return session(context, outcome)

    @guarded(description="A secret for an authenticator (RFC 6238).")
    def begin_second_factor(self, info: Info, password: str) -> SecondFactorResult:
        context = context_of(info)
        account_id, accounts = context.account(), context.system.accounts
        with context.hashing():
            wrong = accounts.prove(account_id, password)
        begun = wrong or accounts.second_factors.begin(account_id, accounts.login_of(account_id) or "")
        if isinstance(begun, refusals.Refusal):
            return refusal(begun, context.language)
        return SecondFactorBegun(secret=begun.secret, uri=begun.uri, qr_svg=_qr(begun.uri))

    @guarded(description="A code made from the secret: from now on logging in takes one. Then refresh.")
    def confirm_second_factor(self, info: Info, code: str) -> RecoveryCodesResult:
        context = context_of(info)
        account_id = context.account()
        codes = context.system.accounts.second_factors.confirm(
            account_id, context.asker.session_id, code, by=owner(account_id)
        )
        return _codes(context, codes)

    @guarded(description="New recovery codes; earlier ones are worth nothing.")
    def replace_recovery_codes(self, info: Info, password: str, second_factor: str) -> RecoveryCodesResult:
        context = context_of(info)
        account_id, accounts = context.account(), context.system.accounts
        with context.hashing():
            wrong = accounts.prove(account_id, password, second_factor)
        return _codes(
            context, wrong or accounts.second_factors.replace_codes(account_id, by=owner(account_id))
        )

    @guarded(description="The password alone is enough again.")
    def remove_second_factor(self, info: Info, password: str, second_factor: str) -> DoneResult:
        context = context_of(info)
        account_id, accounts = context.account(), context.system.accounts
        with context.hashing():
            wrong = accounts.prove(account_id, password, second_factor)
        removed = wrong or accounts.second_factors.remove(account_id, "own wish", by=owner(account_id))
        return _done(context, removed)

    @guarded(description="End one of one's sessions.")
    def end_session(self, info: Info, session_id: strawberry.ID) -> DoneResult:
        context = context_of(info)
        account_id = context.account()
        ended = context.system.accounts.sessions.end(account_id, session_id, by=owner(account_id))
        return _done(context, ended)

    @guarded(description="End all of one's sessions but the one that asks; how many.")
    def end_other_sessions(self, info: Info) -> int:
        context = context_of(info)
        account_id, kept = context.account(), context.asker.session_id
        return context.system.accounts.sessions.end_others(account_id, kept, by=owner(account_id))

    @guarded(description="Send a code to an e-mail address, to which a forgotten password is to be reset.")
    def propose_recovery_address(self, info: Info, password: str, address: str) -> DoneResult:
        context = context_of(info)
        account_id, accounts = context.account(), context.system.accounts
        with context.hashing():
            wrong = accounts.prove(account_id, password)
        return _done(context, wrong or accounts.recovery.propose(account_id, address, context.language))

    @guarded(description="The code that came to the address: it is the account's from now on.")
    def confirm_recovery_address(self, info: Info, code: str) -> DoneResult:
        context = context_of(info)
        return _done(context, context.system.accounts.recovery.confirm(context.account(), code))

    @guarded(description="The account has no e-mail address any more.")
    def remove_recovery_address(self, info: Info, password: str) -> DoneResult:
        context = context_of(info)
        account_id, accounts = context.account(), context.system.accounts
        with context.hashing():
            wrong = accounts.prove(account_id, password)
        if wrong is None:
            accounts.recovery.forget(account_id)
        return _done(context, wrong)


def _codes(context: Context, found: list[str] | refusals.Refusal) -> RecoveryCodes | Refusal:
    if isinstance(found, refusals.Refusal):
        return refusal(found, context.language)
    return RecoveryCodes(codes=found)
