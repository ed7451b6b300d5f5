"""The rules for bundles: two approvals, each recorded, each withdrawable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import bundles as said
from dziennik.contracts import streams
from dziennik.contracts.bundles import Approver
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.purchases import OrderLine
from dziennik.contracts.refusals import Refusal
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

PROVIDER = frozenset({Role.OPERATOR, Role.SYSTEM})
_DIRECTOR = frozenset({Role.DIRECTOR, Role.SYSTEM})


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle with the approvals that hold."""

    proposed: said.BundleProposed | None = None
    approvals: Mapping[Approver, said.BundleApproved] = {}

    @property
    def missing(self) -> tuple[Approver, ...]:
        """Whose approval is missing."""
        return tuple(who for who in Approver if who not in self.approvals)


_evolve: Evolution[Bundle] = Evolution()


def bundle(bundle_id: str) -> Stream[Bundle]:
    """The stream of a bundle."""
    return Stream(streams.bundle(bundle_id), Bundle(), _evolve)


@_evolve.on(said.BundleProposed)
def _proposed(state: Bundle, fact: said.BundleProposed) -> Bundle:
    return replace(state, proposed=fact)


@_evolve.on(said.BundleApproved)
def _approved(state: Bundle, fact: said.BundleApproved) -> Bundle:
    return replace(state, approvals=put(state.approvals, fact.by, fact))


@_evolve.on(said.ApprovalWithdrawn)
def _withdrawn(state: Bundle, fact: said.ApprovalWithdrawn) -> Bundle:
    left = {who: approval for who, approval in state.approvals.items() if who is not fact.by}
    return replace(state, approvals=left)


def fault_in_bundle(world: World, bundle_id: str) -> Refusal | None:
    """Why the bundle cannot take effect now: it needs both approvals."""
    state = world[bundle(bundle_id)]
    if state.proposed is None:
        return said.NO_SUCH_BUNDLE(bundle=bundle_id, field="bundle_id")
    missing = ", ".join(state.missing)
    return (
        said.NOT_APPROVED(bundle=state.proposed.name, missing=missing, field="bundle_id") if missing else None
    )


def fault_in_order(world: World, bundle_id: str, lines: tuple[OrderLine, ...], on: date) -> Refusal | None:
    """Why the bundle cannot be ordered on that day. Approvals may still come: they are needed to take
    effect.
    """
    state = world[bundle(bundle_id)]
    if state.proposed is None:
        return said.NO_SUCH_BUNDLE(bundle=bundle_id, field="bundle_id")
    offered = state.proposed
    if not offered.since <= on <= offered.until:
        return said.NOT_OFFERED_THEN(
            bundle=offered.name, since=offered.since, until=offered.until, field="bundle_id"
        )
    if offered.product_id not in {line.product_id for line in lines}:
        return said.OTHER_PRODUCT(bundle=offered.name, product=offered.product_id, field="lines")
    return None


@decides(said.ProposeBundle, by=OFFICE | PROVIDER)
def _propose(world: World, command: said.ProposeBundle, _: Asked) -> Decision:
    if not command.with_what.strip():
        return TEXT_MISSING(at="with_what", field="with_what")
    if command.until < command.since:
        return said.BUNDLE_ENDS_BEFORE_START(since=command.since, until=command.until, field="until")
    fact = said.BundleProposed(**msgspec.structs.asdict(command))
    known = world[bundle(command.bundle_id)].proposed
    if known:
        return [] if known == fact else said.BUNDLE_EXISTS(bundle=command.bundle_id, field="bundle_id")
    return [Entry(streams.bundle(command.bundle_id), fact)]


@decides(said.ApproveBundle, by=OFFICE)
def _approve(world: World, command: said.ApproveBundle, asked: Asked) -> Decision:
    state = world[bundle(command.bundle_id)]
    if state.proposed is None:
        return said.NO_SUCH_BUNDLE(bundle=command.bundle_id, field="bundle_id")
    if command.by is Approver.DIRECTOR and asked.actor.role not in _DIRECTOR:
        return said.NOT_YOUR_APPROVAL(field="by")
    if not command.document.strip():
        return TEXT_MISSING(at="document", field="document")
    if command.on > asked.today:
        return said.APPROVED_IN_FUTURE(on=command.on, field="on")
    fact = said.BundleApproved(**msgspec.structs.asdict(command))
    if command.by in state.approvals:
        return []
    return [Entry(streams.bundle(command.bundle_id), fact)]


@decides(said.WithdrawApproval, by=OFFICE)
def _withdraw(world: World, command: said.WithdrawApproval, asked: Asked) -> Decision:
    state = world[bundle(command.bundle_id)]
    if state.proposed is None:
        return said.NO_SUCH_BUNDLE(bundle=command.bundle_id, field="bundle_id")
    if command.by is Approver.DIRECTOR and asked.actor.role not in _DIRECTOR:
        return said.NOT_YOUR_APPROVAL(field="by")
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    if command.by not in state.approvals:
        return said.NO_APPROVAL(field="by")
    fact = said.ApprovalWithdrawn(**msgspec.structs.asdict(command))
    return [Entry(streams.bundle(command.bundle_id), fact)]
