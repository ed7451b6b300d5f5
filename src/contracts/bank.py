"""Bank: what came into the provider's account, and for which order of which school it counts.

In the provider's journal: ``bank`` knows the statements, ``bank/{statement}`` their payments, and
``bank/{session}`` what was paid online in that session. Amounts are whole grosze. A payment is directed to
an order here before it is credited there (`purchases.payment_credited`), so that no grosz counts twice; what
nobody can match waits, and is directed by hand or returned. There are never data of cards.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import Value


class StatementLine(Value, frozen=True, kw_only=True):
    """A booking: onto the account (above nought) or off it. `title` and `payer` as the bank tells them."""

    payment_id: str
    on: date
    amount: int
    title: str
    payer: str


@fact("bank.statement_imported.1")
class StatementImported(Fact, frozen=True, kw_only=True):
    """A statement of the provider's own account was read: opening + incoming - outgoing = closing."""

    statement_id: str
    account: str
    number: str
    since: date
    until: date
    opening: int
    closing: int
    incoming: int
    outgoing: int


@fact("bank.payment_received.1", person="payment_id")
class PaymentReceived(Fact, frozen=True, kw_only=True):
    """Money came in. Title and payer are sealed under a key of this payment alone."""

    payment_id: str
    statement_id: str
    amount: int
    on: date
    title: Personal
    payer: Personal


@fact("bank.payment_directed.1")
class PaymentDirected(Fact, frozen=True, kw_only=True):
    """So much of the payment is for that order of that school."""

    payment_id: str
    school_id: str
    order_id: str
    amount: int
    by_hand: bool


@fact("bank.direction_reversed.1")
class DirectionReversed(Fact, frozen=True, kw_only=True):
    """It is not for that order: the amount waits again."""

    payment_id: str
    school_id: str
    order_id: str
    amount: int
    reason: str


@fact("bank.payment_returned.1")
class PaymentReturned(Fact, frozen=True, kw_only=True):
    """So much of the payment that was for no order went back to the payer."""

    payment_id: str
    return_id: str
    amount: int
    reason: str


@fact("bank.online_payment_begun.1")
class OnlinePaymentBegun(Fact, frozen=True, kw_only=True):
    """Somebody went to pay an order at `service`, an operator of payments; whether they did is not known
    yet.
    """

    session_id: str
    service: str
    school_id: str
    order_id: str
    reference: str
    amount: int
    on: date
    currency: str = "PLN"


@fact("bank.payer_forgotten.1")
class PayerForgotten(Fact, frozen=True, kw_only=True):
    """The key of the payment's title and payer is to be destroyed: nobody is obliged to keep them any more.

    `allowed_from`: the day from which on it was possible.
    """

    payment_id: str
    on: date
    allowed_from: date


@command("bank.forget_payer")
class ForgetPayer(Command, frozen=True, kw_only=True):
    """Forget who paid, once tax law lets it be forgotten; the sum and where it went stay."""

    payment_id: str
    statement_id: str


@command("bank.begin_online_payment")
class BeginOnlinePayment(Command, frozen=True, kw_only=True):
    session_id: str
    service: str
    school_id: str
    order_id: str
    reference: str
    amount: int


@command("bank.receive_online_payment")
class ReceiveOnlinePayment(Command, frozen=True, kw_only=True):
    """What was begun was paid, as the operator confirmed when asked; told again, it changes nothing.

    `transaction` is the payment's number at the operator.
    """

    session_id: str
    transaction: str
    amount: int
    currency: str


@command("bank.import_statement")
class ImportStatement(Command, frozen=True, kw_only=True):
    """Read a statement, whole or not at all; the same statement again changes nothing."""

    statement_id: str
    account: str
    number: str
    since: date
    until: date
    opening: int
    closing: int
    lines: tuple[StatementLine, ...]


@command("bank.direct_payment")
class DirectPayment(Command, frozen=True, kw_only=True):
    payment_id: str
    statement_id: str
    school_id: str
    order_id: str
    amount: int
    by_hand: bool = False


@command("bank.reverse_direction")
class ReverseDirection(Command, frozen=True, kw_only=True):
    payment_id: str
    statement_id: str
    school_id: str
    order_id: str
    reason: str


@command("bank.return_payment")
class ReturnPayment(Command, frozen=True, kw_only=True):
    payment_id: str
    statement_id: str
    return_id: str
    amount: int
    reason: str


BALANCE_DIFFERS = Reason(
    "BANK.BALANCE_DIFFERS",
    pl="Wyciąg {number} się nie zgadza: {opening} + {sum} to nie {closing} gr.",
    en="The statement {number} does not add up: {opening} + {sum} is not {closing} grosze.",
)
STATEMENT_MISSING = Reason(
    "BANK.STATEMENT_MISSING",
    pl="Brakuje wyciągu: poprzedni kończy się saldem {before} gr, ten zaczyna się od {opening} gr.",
    en="A statement is missing: the last one closes at {before} grosze, this one opens at {opening}.",
)
STATEMENT_DIFFERS = Reason(
    "BANK.STATEMENT_DIFFERS",
    pl="Wyciąg {number} już wczytano, z inną treścią.",
    en="The statement {number} was read already, with another content.",
)
NO_SUCH_PAYMENT = Reason(
    "BANK.NO_SUCH_PAYMENT",
    pl="Nie ma wpłaty {payment}.",
    en="There is no payment {payment}.",
)
NOT_LEFT = Reason(
    "BANK.NOT_LEFT",
    pl="Z wpłaty zostało {left} gr, potrzeba {amount}.",
    en="{left} grosze of the payment are left, {amount} are needed.",
)
NOT_DIRECTED = Reason(
    "BANK.NOT_DIRECTED",
    pl="Ta wpłata nie jest na to zamówienie.",
    en="This payment is not for this order.",
)
PAYER_MUST_BE_KEPT = Reason(
    "BANK.PAYER_MUST_BE_KEPT",
    pl="Dane wpłacającego trzeba przechowywać do celów podatkowych; można je usunąć od {possible}.",
    en="Who paid has to be kept for the tax office; it can be erased from {possible} on.",
)
PAYMENT_WAITS = Reason(
    "BANK.PAYMENT_WAITS",
    pl="Z wpłaty {payment} zostało {left} gr. Zalicz je albo zwróć, potem usuń dane wpłacającego.",
    en="{left} grosze of the payment {payment} wait. Direct or return them, then erase who paid.",
)
NO_SUCH_SESSION = Reason(
    "BANK.NO_SUCH_SESSION",
    pl="Nie rozpoczęto płatności {session}.",
    en="No payment {session} was begun.",
)
SESSION_EXISTS = Reason(
    "BANK.SESSION_EXISTS",
    pl="Płatność {session} już rozpoczęto.",
    en="The payment {session} was begun already.",
)
AMOUNT_DIFFERS = Reason(
    "BANK.AMOUNT_DIFFERS",
    pl="Rozpoczęto płatność na {begun}, zapłacono {paid}.",
    en="A payment of {begun} was begun, {paid} was paid.",
)
NOT_GENUINE = Reason(
    "BANK.NOT_GENUINE",
    pl="Zawiadomienie nie jest od operatora płatności: podpis się nie zgadza.",
    en="The notification is not the payment operator's: its signature does not fit.",
)
NOT_ONLINE = Reason(
    "BANK.NOT_ONLINE",
    pl="Płatności przez internet nie są tu włączone. Zapłać przelewem.",
    en="Online payments are not set up here. Pay by bank transfer.",
)
OPERATOR_AWAY = Reason(
    "BANK.OPERATOR_AWAY",
    pl="Operator płatności nie odpowiada ({why}). Spróbuj później albo zapłać przelewem.",
    en="The payment operator does not answer ({why}). Try later, or pay by bank transfer.",
)
NOT_AN_ADDRESS = Reason(
    "BANK.NOT_AN_ADDRESS",
    pl="To nie jest adres e-mail, na który operator płatności wyśle potwierdzenie.",
    en="This is no e-mail address to which the payment operator can send its confirmation.",
)
NOT_A_STATEMENT = Reason(
    "BANK.NOT_A_STATEMENT",
    pl="To nie jest wyciąg MT940, który można wczytać: {why}.",
    en="This is no MT940 statement that can be read: {why}.",
)
