"""Who may ask what about buying and selling, and which of its commands come another way than as a mutation?

Part of the one table (who_may.py). The provider's people (OPERATOR) see contracts, prices, purchases and
loyalty, and no pupil; sponsors see what they pay for (DOMAIN section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dziennik.contracts.agreement import HandOverData, RemindOfRenewal
from dziennik.contracts.bank import (
    BeginOnlinePayment,
    DirectPayment,
    ForgetPayer,
    ImportStatement,
    ReceiveOnlinePayment,
    ReturnPayment,
    ReverseDirection,
)
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.invoices import DescribeSeller, IssueCorrection, IssueInvoice
from dziennik.contracts.loyalty import ExpirePoints, GrantRewards, SpendPoints
from dziennik.contracts.offers import EndPriceList, PublishCatalogue, PublishPriceList
from dziennik.contracts.purchase_commands import CreditPayment, ExpireExtension, PlaceOrder, ReverseCredit
from dziennik.domain.rulebook import roles_for
from dziennik.graphql.scopes import Scope

# What the provider's own journal holds is told on the command line, and so is what a day brings (payments,
# rewards, what expires); orders and spendings come with prices that are not the asker's to say.
OTHERWISE: Final[frozenset[type[Command]]] = frozenset(
    {
        *(PublishPriceList, EndPriceList, PublishCatalogue, DescribeSeller, IssueInvoice, IssueCorrection),
        *(ImportStatement, DirectPayment, ReverseDirection, ReturnPayment),
        *(BeginOnlinePayment, ReceiveOnlinePayment, ForgetPayer),
        *(PlaceOrder, CreditPayment, ReverseCredit, ExpireExtension),
        *(GrantRewards, SpendPoints, ExpirePoints),
        *(RemindOfRenewal, HandOverData),
    }
)
_ALL: Mapping[Role, Scope] = dict.fromkeys((role for role in Role if role != Role.SYSTEM), Scope.SCHOOL)
# The school's side of what it buys, and the provider's.
_BOTH_SIDES = {
    **dict.fromkeys((Role.DIRECTOR, Role.ADMINISTRATOR, Role.OPERATOR), Scope.SCHOOL),
    Role.AUDITOR: Scope.MANDATED,
}
QUERIES: Final[dict[str, Mapping[Role, Scope]]] = {
    "offers": _ALL,
    "bundles": _ALL,
    "myEntitlement": {Role.PARENT: Scope.SELF, Role.PUPIL: Scope.SELF},
    "myPurchases": {Role.PARENT: Scope.SELF, Role.SPONSOR: Scope.SELF},
    "schoolPurchases": _BOTH_SIDES,
    "schoolContracts": _BOTH_SIDES,
    "commerceStatement": _BOTH_SIDES,
}


def mutations() -> dict[str, frozenset[Role]]:
    """Mutations that are made by hand, with the roles of their rules. The rules must be loaded."""
    return {
        "placeOrder": roles_for(PlaceOrder) - {Role.SYSTEM},
        "renewOrder": roles_for(PlaceOrder) - {Role.SYSTEM},
        "spendPoints": roles_for(SpendPoints) - {Role.SYSTEM},
        # Whoever may order may pay; parents and sponsors what is their own to pay.
        "payOnline": roles_for(PlaceOrder) - {Role.SYSTEM, Role.OPERATOR} | {Role.SPONSOR},
    }
