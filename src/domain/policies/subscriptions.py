"""From when to when does an extension hold, until when may one withdraw, and how is a transfer told apart?"""

from __future__ import annotations

import re
from datetime import MAXYEAR, date, timedelta
from hashlib import sha256
from typing import Final

from dziennik.contracts.purchases import Coverage, CoverageKind

# Consumer rights act of 30 May 2014, art. 27: 14 days from the day of the contract, without a reason.
WITHDRAWAL_DAYS: Final = 14
PAY_WITHIN_DAYS: Final = 14
MOST_MONTHS: Final = 24
MOST_PUPILS: Final = 1_000
MOST_DAYS_AHEAD: Final = 366  # so far ahead prices of today are no promise

# Letters and digits that nobody mistakes for one another (Crockford's base 32), without those the check
# lacks.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXY"  # 31 signs: a prime, so that swaps are noticed
_LENGTH: Final = 10
_REFERENCE: Final = re.compile(f"DZ(?=([{_ALPHABET}]{{{_LENGTH + 1}}}))")


def usual_end(since: date) -> date:
    """The next 30 June, of the day on which an extension begins or after it (or the last day there is).

    >>> usual_end(date(2014, 9, 10))
    datetime.date(2015, 6, 30)
    """
    june = date(since.year, 6, 30)
    if since.year == MAXYEAR and since > june:
        return date.max
    return june if since <= june else date(since.year + 1, 6, 30)


def is_sound(coverage: Coverage) -> bool:
    """Whether it says whom it is for, and for how long: `MOST_MONTHS` at most."""
    if not 0 <= (coverage.until - coverage.since).days <= 31 * MOST_MONTHS:
        return False
    pupils = coverage.pupil_ids
    if coverage.kind is CoverageKind.PUPILS:
        named = 0 < len(pupils) <= MOST_PUPILS and len(set(pupils)) == len(pupils)
        return named and coverage.class_id is None
    if coverage.kind is CoverageKind.CLASS:
        return not pupils and coverage.class_id is not None
    return not pupils and coverage.class_id is None


def last_day_to_withdraw(ordered: date) -> date:
    """The last day on which a consumer may withdraw."""
    return ordered + timedelta(days=WITHDRAWAL_DAYS)


def reference_of(school_id: str, order_id: str) -> str:
    """The title of a transfer for an order: "DZ" and eleven signs, the last of them a check.

    >>> reference_of("sp1", "o1")
    'DZ-52C2Q-FGM699'
    """
    number = int.from_bytes(sha256(f"{school_id}/{order_id}".encode()).digest()[:8])
    signs = ""
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        signs += _ALPHABET[rest]
    whole = signs + _check(signs)
    return f"DZ-{whole[:5]}-{whole[5:]}"


def references_in(title: str) -> tuple[str, ...]:
    """The references that stand in the title of a transfer, however banks and people break and space it."""
    bare = re.sub(r"[^0-9A-Z]", "", title.upper())
    found = (match.group(1) for match in _REFERENCE.finditer(bare))
    sound = dict.fromkeys(signs for signs in found if _check(signs[:-1]) == signs[-1])
    return tuple(f"DZ-{signs[:5]}-{signs[5:]}" for signs in sound)


def _check(signs: str) -> str:
    total = sum(_ALPHABET.index(sign) * (place + 2) for place, sign in enumerate(signs))
    return _ALPHABET[total % len(_ALPHABET)]
