"""What does a bank statement in SWIFT MT940 say? Read by the library mt-940, checked by the rules of `bank`.

Polish banks send the text in UTF-8, Windows-1250 or CP852 and break titles anywhere. Amounts become whole
grosze; anything but PLN is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import mt940

from dziennik.contracts.bank import NOT_A_STATEMENT, ImportStatement, StatementLine
from dziennik.contracts.refusals import Refusal

MOST_BYTES = 20_000_000
MOST_LINES = 50_000
_LONGEST = 500
# "020~00...~20title~21goes on~32payer~33goes on": the sign before the codes differs from bank to bank.
_STRUCTURED = re.compile(r"[0-9]{3}([~<^|])[0-9]{2}")
_TITLE = tuple(str(code) for code in (*range(20, 30), *range(60, 66)))
_PAYER = ("32", "33")
# What no register can hold, and what turns the direction of a text (domain.texts).
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2400\ud800-\udfff\ufffe\uffff]+")


def read(content: bytes) -> list[ImportStatement] | Refusal:
    """The statements of a file in their order, or why it cannot be read. The same bytes give the same ids."""
    if len(content) > MOST_BYTES:
        return NOT_A_STATEMENT(why=f"> {MOST_BYTES} B", field="file")
    try:
        # An open file: given text the library would take one that names a file for that file.
        found = mt940.parse(io.StringIO(_decoded(content)))
        return _statements(found)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RuntimeError) as fault:
        return NOT_A_STATEMENT(why=_clean(str(fault))[:80], field="file")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8", "cp1250"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp852")


def _statements(found: Any) -> list[ImportStatement]:  # noqa: ANN401 - whatever the library makes of it
    """One statement a file, which is what banks send: opening and closing balance and all between."""
    data = found.data
    opening, closing = data.get("final_opening_balance"), data.get("final_closing_balance")
    if opening is None or closing is None:
        raise ValueError("no opening or closing balance (:60F:, :62F:)")
    account = re.sub(r"[^0-9A-Z]", "", str(data.get("account_identification", "")).upper())
    number = _clean(str(data.get("statement_number", "")))
    if len(found) > MOST_LINES:
        raise ValueError(f"more than {MOST_LINES} bookings")
    sums = (_grosze(opening.amount), _grosze(closing.amount))
    days = (_day(opening.date), _day(closing.date))
    whole = repr((account, number, sums, days, [_told(one.data) for one in found]))
    statement_id = sha256(whole.encode()).hexdigest()[:24]
    return [
        ImportStatement(
            statement_id=statement_id,
            account=account or "–",
            number=number or "–",
            since=days[0],
            until=days[1],
            opening=sums[0],
            closing=sums[1],
            lines=tuple(_lines(statement_id, found)),
        )
    ]


def _lines(statement_id: str, found: Iterable[Any]) -> Iterable[StatementLine]:
    for number, one in enumerate(found, 1):
        on, amount, title, payer = _told(one.data)
        yield StatementLine(
            payment_id=f"{statement_id}.{number}", on=on, amount=amount, title=title, payer=payer
        )


def _told(data: dict[str, Any]) -> tuple[date, int, str, str]:
    details = str(data.get("transaction_details") or "")
    found = _subfields(details)
    if found is None:  # of "?20" the library itself takes care
        title = " ".join(str(data.get(key) or "") for key in ("purpose", "extra_details"))
        title, payer = f"{title} {details}", str(data.get("applicant_name") or "")
    else:
        title, payer = (_joined(found, codes) for codes in (_TITLE, _PAYER))
    return _day(data["date"]), _grosze(data["amount"]), _clean(title) or "–", _clean(payer) or "–"


def _subfields(details: str) -> dict[str, str] | None:
    """The parts of a structured :86: by their codes, whatever sign the bank sets before them; else None."""
    whole = re.sub(r"[\r\n]", "", details)
    begun = _STRUCTURED.match(whole)
    if begun is None:
        return None
    _, *parts = re.split(f"{re.escape(begun.group(1))}([0-9]{{2}})", whole)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _joined(found: dict[str, str], codes: tuple[str, ...]) -> str:
    """Banks cut a text into pieces of 27 signs, in the middle of words."""
    return "".join(found.get(code, "") for code in codes)


def _day(found: date) -> date:
    """A plain date: the library's are of a class of its own."""
    return date(found.year, found.month, found.day)


def _grosze(amount: Any) -> int:  # noqa: ANN401
    if amount.currency != "PLN":
        raise ValueError(f"currency {amount.currency}, not PLN")
    grosze = Decimal(amount.amount) * 100
    if grosze != int(grosze) or abs(grosze) > 10**12:
        raise ValueError(f"{amount.amount} is no amount")
    return int(grosze)


def _clean(text: str) -> str:
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:_LONGEST]
