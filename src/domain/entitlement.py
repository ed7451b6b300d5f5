"""The rule for what is agreed about accounts of a school: nothing that art. 5g frees, nothing about the
past.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from dziennik.contracts import entitlement as said
from dziennik.contracts import streams
from dziennik.contracts.entitlement import AccountKind, EntitlementRule, Feature
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bundles import PROVIDER
from dziennik.domain.evolving import Evolution
from dziennik.domain.policies.entitlement import BEGINNING, fault_in_entitlement, use_of
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

_MOST = 200


class Entitlement(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed last."""

    rules: tuple[EntitlementRule, ...] = ()


_evolve: Evolution[Entitlement] = Evolution()
ENTITLEMENT: Stream[Entitlement] = Stream(streams.ENTITLEMENT, Entitlement(), _evolve)


@_evolve.on(said.EntitlementAgreed)
def _agreed(_: Entitlement, fact: said.EntitlementAgreed) -> Entitlement:
    return Entitlement(rules=fact.rules)


@decides(said.AgreeEntitlement, by=PROVIDER)
def _agree(world: World, command: said.AgreeEntitlement, asked: Asked) -> Decision:
    state = world[ENTITLEMENT]
    if command.rules == state.rules:
        return []
    if len(command.rules) > _MOST:
        return said.TOO_MANY_RULES(most=_MOST, field="rules")
    fault = fault_in_entitlement(command.rules) or _fault_in_past(state.rules, command.rules, asked.today)
    return fault or [Entry(streams.ENTITLEMENT, said.EntitlementAgreed(rules=command.rules))]


def _fault_in_past(
    before: tuple[EntitlementRule, ...], after: tuple[EntitlementRule, ...], today: date
) -> Refusal | None:
    """Whether some account would have had something else on a day that is over."""
    for on in sorted({*_turns(before + after)} | {BEGINNING, today - timedelta(days=1)}):
        if on >= today:
            break
        for feature in Feature:
            for kind in AccountKind:
                for extended in (False, True):
                    had = use_of(feature, kind, on, extended=extended, agreed=before)
                    has = use_of(feature, kind, on, extended=extended, agreed=after)
                    if had.allowed is not has.allowed:
                        return said.PAST_IS_OVER(on=on, feature=feature.value, field="rules")
    return None


def _turns(rules: tuple[EntitlementRule, ...]) -> Iterator[date]:
    """The days on which something may begin to be otherwise."""
    for rule in rules:
        yield rule.since
        if rule.until is not None and rule.until < date.max:
            yield rule.until + timedelta(days=1)
