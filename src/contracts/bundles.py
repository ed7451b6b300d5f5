"""Bundles: extended accounts sold together with something else, such as pupils' accident insurance (NNW).

Stream ``bundle/{bundle}``. A bundle takes effect only while both the parents' council and the director have
approved of it; each may withdraw the approval. What was activated until then runs on: families have paid for
it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason


class Approver(StrEnum):
    """Whose approval a bundle needs."""

    PARENTS_COUNCIL = "parents_council"
    DIRECTOR = "director"


@fact("bundles.bundle_proposed.1")
class BundleProposed(Fact, frozen=True, kw_only=True):
    """A bundle is offered to the school from `since` to `until`. `with_what` tells the other part and who
    gives it.
    """

    bundle_id: str
    product_id: str
    name: str
    with_what: str
    since: date
    until: date


@fact("bundles.bundle_approved.1")
class BundleApproved(Fact, frozen=True, kw_only=True):
    """The council or the director approved on the day `on`, by `document` (a resolution, a decision)."""

    bundle_id: str
    by: Approver
    document: str
    on: date


@fact("bundles.approval_withdrawn.1")
class ApprovalWithdrawn(Fact, frozen=True, kw_only=True):
    """The approval holds no more: nothing further takes effect."""

    bundle_id: str
    by: Approver
    reason: str


@command("bundles.propose_bundle")
class ProposeBundle(Command, frozen=True, kw_only=True):
    """Offer a bundle to the school; it needs two approvals."""

    bundle_id: str
    product_id: str
    name: str
    with_what: str
    since: date
    until: date


@command("bundles.approve_bundle")
class ApproveBundle(Command, frozen=True, kw_only=True):
    """Put an approval on record: the director's own, or the parents' council's by its document."""

    bundle_id: str
    by: Approver
    document: str
    on: date


@command("bundles.withdraw_approval")
class WithdrawApproval(Command, frozen=True, kw_only=True):
    """Take an approval back: nothing further takes effect."""

    bundle_id: str
    by: Approver
    reason: str


NO_SUCH_BUNDLE = Reason(
    "BUNDLES.NO_SUCH_BUNDLE",
    pl="Nie ma pakietu {bundle}.",
    en="There is no bundle {bundle}.",
)
BUNDLE_EXISTS = Reason(
    "BUNDLES.BUNDLE_EXISTS",
    pl="Pakiet {bundle} już jest i mówi co innego.",
    en="The bundle {bundle} is there already, and differs.",
)
BUNDLE_ENDS_BEFORE_START = Reason(
    "BUNDLES.ENDS_BEFORE_START",
    pl="Pakiet kończy się {until}, zanim się zacznie ({since}).",
    en="The bundle ends on {until}, before it begins ({since}).",
)
NOT_APPROVED = Reason(
    "BUNDLES.NOT_APPROVED",
    pl="Pakiet {bundle} wymaga zgody rady rodziców i dyrektora. Brakuje: {missing}.",
    en="The bundle {bundle} needs the approval of the parents' council and of the director. "
    "Missing: {missing}.",
)
NOT_OFFERED_THEN = Reason(
    "BUNDLES.NOT_OFFERED_THEN",
    pl="Pakiet {bundle} jest oferowany od {since} do {until}.",
    en="The bundle {bundle} is offered from {since} to {until}.",
)
OTHER_PRODUCT = Reason(
    "BUNDLES.OTHER_PRODUCT",
    pl="Zamówienie pakietu {bundle} musi zawierać {product}, i tylko pakiet wskazuje pakiet.",
    en="An order of the bundle {bundle} must contain {product}, and only a bundle names a bundle.",
)
BUNDLE_NOT_NAMED = Reason(
    "BUNDLES.BUNDLE_NOT_NAMED",
    pl="{product} sprzedaje się tylko w pakiecie. Wskaż pakiet, który zaproponowano szkole.",
    en="{product} is sold in a bundle only. Name the bundle that is offered to the school.",
)
NOT_YOUR_APPROVAL = Reason(
    "BUNDLES.NOT_YOUR_APPROVAL",
    pl="Zgodę dyrektora zapisuje dyrektor.",
    en="The director's approval is recorded by the director.",
)
NO_APPROVAL = Reason(
    "BUNDLES.NO_APPROVAL",
    pl="Tej zgody nie ma.",
    en="There is no such approval.",
)
APPROVED_IN_FUTURE = Reason(
    "BUNDLES.DAY_IN_FUTURE",
    pl="Dzień zgody {on} jeszcze nie nadszedł.",
    en="The day of the approval, {on}, has not come yet.",
)
