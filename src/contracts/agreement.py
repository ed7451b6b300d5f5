"""Agreement: the contract between a school and the provider: terms, years, fees, its end.

Stream ``commerce/agreement``. Each year's fee becomes an order (``purchase/{contract}.{year}``) that is paid
like any other; cards at signing go into the school's stock. When it ends, the school gets all its data.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.purchases import OrderLine
from dziennik.contracts.refusals import Reason


@fact("agreement.contract_signed.1")
class ContractSigned(Fact, frozen=True, kw_only=True):
    """School and provider agreed, for `since` to `until`. `lines` are what the school pays for that year.

    `pupils` is the size the fee was reckoned by; `cards` went into stock; reminded `reminder_days` before the
    end.
    """

    contract_id: str
    number: str
    on: date
    since: date
    until: date
    pupils: int
    lines: tuple[OrderLine, ...]
    cards: int
    reminder_days: int
    terms: str | None = None


@fact("agreement.contract_renewed.1")
class ContractRenewed(Fact, frozen=True, kw_only=True):
    """The contract goes on, in its `year`-th year (the first is 1)."""

    contract_id: str
    year: int
    since: date
    until: date
    pupils: int
    lines: tuple[OrderLine, ...]


@fact("agreement.renewal_reminded.1")
class RenewalReminded(Fact, frozen=True, kw_only=True):
    """The school was reminded that the contract ends on `until`."""

    contract_id: str
    until: date
    on: date


@fact("agreement.contract_ended.1")
class ContractEnded(Fact, frozen=True, kw_only=True):
    """The contract's last day is `on`."""

    contract_id: str
    on: date
    reason: str


@fact("agreement.data_handed_over.1")
class DataHandedOver(Fact, frozen=True, kw_only=True):
    """The school got its whole journal up to `position`, whose tree has the root `root` (hexadecimal), and
    archives.
    """

    contract_id: str
    on: date
    position: int
    root: str
    archives: tuple[str, ...]


@command("agreement.sign_contract")
class SignContract(Command, frozen=True, kw_only=True):
    """Individually agreed terms of the first year."""

    contract_id: str
    number: str
    reference: str
    on: date
    since: date
    until: date
    pupils: int
    lines: tuple[OrderLine, ...]
    cards: int
    reminder_days: int = 60
    terms: str | None = None


@command("agreement.renew_contract")
class RenewContract(Command, frozen=True, kw_only=True):
    """A further year; it begins on the day after the last one ends."""

    contract_id: str
    reference: str
    until: date
    pupils: int
    lines: tuple[OrderLine, ...]


@command("agreement.remind_of_renewal")
class RemindOfRenewal(Command, frozen=True, kw_only=True):
    """Once a year, when the time has come; before that nothing happens."""

    contract_id: str


@command("agreement.end_contract")
class EndContract(Command, frozen=True, kw_only=True):
    """End the contract on a day; the school then gets all its data."""

    contract_id: str
    on: date
    reason: str


@command("agreement.hand_over_data")
class HandOverData(Command, frozen=True, kw_only=True):
    """Put on record what a school got at the end of its contract."""

    contract_id: str
    position: int
    root: str
    archives: tuple[str, ...] = ()


NO_SUCH_CONTRACT = Reason(
    "AGREEMENT.NO_SUCH_CONTRACT",
    pl="Szkoła nie ma umowy {contract}.",
    en="The school has no contract {contract}.",
)
CONTRACT_EXISTS = Reason(
    "AGREEMENT.CONTRACT_EXISTS",
    pl="Umowa {contract} obowiązuje do {until}. Przedłuż ją albo zakończ.",
    en="The contract {contract} holds until {until}. Renew it or end it.",
)
CONTRACT_IS_OVER = Reason(
    "AGREEMENT.CONTRACT_IS_OVER",
    pl="Umowa {contract} skończyła się {on}.",
    en="The contract {contract} ended on {on}.",
)
CONTRACT_NOT_OVER = Reason(
    "AGREEMENT.CONTRACT_NOT_OVER",
    pl="Umowa {contract} jeszcze trwa. Dane przekazuje się po jej końcu.",
    en="The contract {contract} still holds. Data are handed over when it has ended.",
)
TERMS_UNSOUND = Reason(
    "AGREEMENT.TERMS_UNSOUND",
    pl="{what} nie może być takie. Sprawdź daty (najwyżej 24 miesiące), liczbę uczniów, pozycje i karty.",
    en="{what} cannot be so. Check dates (24 months at most), the number of pupils, lines and cards.",
)
NO_CONTRACT = Reason(
    "AGREEMENT.NO_CONTRACT",
    pl="W dniu {on} szkoła nie ma umowy. Podpisz ją najpierw.",
    en="On {on} the school has no contract. Sign one first.",
)
