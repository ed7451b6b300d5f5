"""Queries: one's own account and sessions; how a school's people are let in; codes that a school issues."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.contracts import envelope, refusals
from dziennik.contracts.accounts import NO_ACCOUNT, USED_ELSEWHERE, CodePurpose
from dziennik.domain.accounts import fault_in_reach
from dziennik.domain.people import person
from dziennik.domain.world import Asked
from dziennik.graphql import account_shapes as shapes
from dziennik.graphql import issuing, redeeming
from dziennik.graphql.account_shapes import DoneResult, IssuedCodesResult, Purpose
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import As, actor_of, refusal
from dziennik.graphql.paging import page_of
from dziennik.graphql.shapes import Role
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import accounts, people
from dziennik.projections.accounts import ACCOUNTS
from dziennik.projections.people import PEOPLE, Person

SEEN = (PEOPLE.name, ACCOUNTS.name)


@strawberry.type
class AccountQueries:
    @guarded(description="The asker's account.")
    def my_account(self, info: Info) -> shapes.MyAccount:
        context = context_of(info)
        account_id, known = context.account(), context.system.accounts
        told: Any = {
            "accountId": account_id,
            "login": known.login_of(account_id) or "",
            "secondFactor": known.second_factors.has(account_id),
            "recoveryAddress": known.recovery.address_of(account_id),
            "externalProviders": known.external.of(account_id),
        }
        return told  # type: ignore[no-any-return]

    @guarded(description="The asker's sessions, the last used first.")
    def my_sessions(self, info: Info) -> list[shapes.SessionSeen]:
        context = context_of(info)
        told: Any = [
            {
                "id": seen.session_id,
                "begunAt": seen.begun_at.isoformat(),
                "seenAt": seen.seen_at.isoformat(),
                "address": seen.address,
                "device": seen.agent,
                "secondFactor": seen.second_factor,
                "current": seen.session_id == context.asker.session_id,
            }
            for seen in context.system.accounts.sessions.of(context.account())
        ]
        return told  # type: ignore[no-any-return]

    @guarded(description="The school's rules of accounts, of a day (`on`) or of today.")
    def account_rules(
        self, info: Info, school: SchoolId, on: date | None = None, after_position: Position = None
    ) -> shapes.AccountRules:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        rules = accounts.rules(context.view(school), on or context.today(school))
        told: Any = {
            "password": {
                "leastLength": rules.password.least_length,
                "changeAfterDays": rules.password.change_after_days,
                "refuseCommon": rules.password.refuse_common,
            },
            "codeDays": rules.code_days,
            "secondFactorRoles": [role.name for role in rules.second_factor_roles],
        }
        return told  # type: ignore[no-any-return]

    @guarded(description="How the people in a role today are let in, in Polish order.")
    def people_access(
        self,
        info: Info,
        school: SchoolId,
        role: Role,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> shapes.PersonAccessConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        view = context.view(school)
        found = people.people_in_role(view, envelope.Role[role.name], context.today(school))
        return page_of(
            sorted(found, key=_key),
            _key,
            lambda row: _access(context, school, row),
            first=first,
            after=after,
            language=context.language,
        )


def _key(row: Person) -> str:
    return f"{row.sort_key}\x1f{row.person_id}"


def _access(context: Context, school: str, row: Person) -> dict[str, Any]:
    view, known = context.view(school), context.system.accounts
    block = accounts.block(view, row.person_id)
    return {
        "personId": row.person_id,
        "givenNames": row.given_names,
        "familyName": row.family_name,
        "accountId": row.account_id,
        "login": row.account_id and known.login_of(row.account_id),
        "secondFactor": bool(row.account_id) and known.second_factors.has(row.account_id or ""),
        "blockedSince": block and block.since.isoformat(),
        "blockReason": block and block.reason,
        "codes": [
            {
                "id": code.code_id,
                "purpose": code.purpose.name,
                "issuedAt": code.issued_at.isoformat(),
                "issuedBy": code.issued_by,
                "validUntil": code.valid_until.isoformat(),
                "usedAt": code.used_at and code.used_at.isoformat(),
                "withdrawnAt": code.withdrawn_at and code.withdrawn_at.isoformat(),
            }
            for code in accounts.codes(view, row.person_id)
        ],
    }


PersonIds = Annotated[list[strawberry.ID] | None, strawberry.argument(description="These people.")]
ClassId = Annotated[
    strawberry.ID | None, strawberry.argument(description="Whoever of this class has no account yet.")
]
Parents = Annotated[bool, strawberry.argument(description="Of a class: parents, or else pupils.")]


@strawberry.type
class IssuingMutations:
    @guarded(description="Issue one-time codes; they are told once. As letters: POST /letters.")
    def issue_codes(
        self,
        info: Info,
        school: SchoolId,
        person_ids: PersonIds = None,
        class_id: ClassId = None,
        parents: Parents = True,
        purpose: Purpose = Purpose.ACTIVATION,
        acting_as: As = None,
    ) -> IssuedCodesResult:
        context = context_of(info)
        wanted = issuing.Wanted(
            person_ids=tuple(person_ids or ()),
            class_id=class_id,
            parents=parents,
            purpose=CodePurpose[purpose.name],
        )
        issued = issue(context, school, wanted, acting_as)
        if isinstance(issued, refusals.Refusal):
            return refusal(issued, context.language)
        told, outcome = issued
        codes = [
            shapes.IssuedCode(
                person_id=strawberry.ID(one.person_id),
                name=one.letter.name,
                code=one.letter.code,
                valid_until=one.letter.valid_until,
                about=list(one.letter.about),
            )
            for one in told
        ]
        return shapes.IssuedCodes(codes=codes, position=outcome.position)

    @guarded(description="The second factor was lost: the password alone is enough until there is another.")
    def reset_second_factor(
        self,
        info: Info,
        school: SchoolId,
        person_id: strawberry.ID,
        reason: str,
        acting_as: As = None,
    ) -> DoneResult:
        context = context_of(info)
        actor = actor_of(context, school, "resetSecondFactor", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        removed = _second_factor_removed(context, school, person_id, reason, actor)
        return shapes.Done() if removed is None else refusal(removed, context.language)


def issue(
    context: Context,
    school: str,
    wanted: issuing.Wanted,
    acting_as: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Codes as the asker issues them. Nobody is given a code for an account that opens another school."""
    actor = actor_of(context, school, "issueCodes", acting_as)
    if isinstance(actor, refusals.Refusal):
        return actor
    view, register = context.view(school), context.register(school)
    if wanted.purpose is CodePurpose.PASSWORD:
        for known in people.persons(view, wanted.person_ids).values():
            if known.account_id and redeeming.used_elsewhere(context, known.account_id, school):
                return USED_ELSEWHERE(field="person_ids")
    return issuing.issue(register, context.system.accounts, view, wanted, actor)


def _second_factor_removed(
    context: Context, school: str, person_id: str, reason: str, actor: envelope.Actor
) -> refusals.Refusal | None:
    register, known = context.register(school), context.system.accounts
    asked = Asked(actor=actor, at=register.instant(), today=register.today())
    state = register.state(person(person_id))
    fault = fault_in_reach(state, person_id, asked)
    if fault:
        return fault
    if state.account_id is None:
        return NO_ACCOUNT(person=person_id, field="person_id")
    if redeeming.used_elsewhere(context, state.account_id, school):
        return USED_ELSEWHERE(field="person_id")
    return known.second_factors.remove(state.account_id, reason, by=actor)
