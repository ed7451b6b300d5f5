"""Which texts and numbers can a register hold?

Everything entered ends in an XML archive, so a character that XML 1.0 cannot carry (section
2.2) is refused when entered, not found out years later. So are lone surrogates, characters that
make a text read otherwise than it is, and the tombstone of erased texts. Ids stand in stream names
and must be well formed. Numbers are finite and of a size that averages can be reckoned with exactly.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from dziennik.contracts import streams
from dziennik.contracts.commands import (
    INVISIBLE_SIGN,
    MALFORMED_ID,
    NUMBER_OUT_OF_RANGE,
    TEXT_MISSING,
    TEXT_TOO_LONG,
    UNWRITABLE_TEXT,
    Command,
)
from dziennik.contracts.facts import ERASED
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.plain_text import INVISIBLE

LIMIT = 10_000
DIGITS = 6  # before the decimal point, and as many after it

_IDS = ("pupils", "improves")
# What names something must not be blank: nobody could find it again.
_NAMES = ("name", "short_name", "title", "family_name")

# Two people must not have names that look alike and are not.
_OF_PEOPLE = ("given_names", "family_name")

# Control characters that XML allows and nobody means, and those that turn the direction of what follows:
# a name with one of these reads otherwise on the screen than it is (Unicode technical report 36).
_MISLEADING = "\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
_UNWRITABLE = re.compile(f"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[{_MISLEADING}]|{ERASED}")


def fault_in(command: Command) -> Refusal | None:
    """The first field that cannot be held, or None."""
    for name in command.__struct_fields__:
        found = _fault(name, getattr(command, name))
        if found:
            return found
    return None


def _fault(at: str, value: object) -> Refusal | None:
    if isinstance(value, str):
        return _text_fault(at, value)
    if isinstance(value, Decimal):
        return None if _reckonable(value) else NUMBER_OUT_OF_RANGE(field=at, at=at, number=value)
    if isinstance(value, tuple):
        return next(filter(None, (_fault(f"{at}[{i}]", v) for i, v in enumerate(value))), None)
    if isinstance(value, msgspec.Struct):
        parts = ((f"{at}.{n}", getattr(value, n)) for n in value.__struct_fields__)
        return next(filter(None, (_fault(where, part) for where, part in parts)), None)
    return None


def _reckonable(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DIGITS and number.adjusted() < DIGITS


def _text_fault(at: str, text: str) -> Refusal | None:
    bad = _UNWRITABLE.search(text)
    if bad:
        return UNWRITABLE_TEXT(field=at, at=at, character=f"U+{ord(bad.group()):04X}")
    if len(text) > LIMIT:
        return TEXT_TOO_LONG(field=at, at=at, length=len(text), limit=LIMIT)
    name = at.rpartition(".")[2].partition("[")[0]
    unseen = INVISIBLE.search(text) if name in _OF_PEOPLE else None
    if unseen:
        return INVISIBLE_SIGN(field=at, at=at, character=f"U+{ord(unseen.group()):04X}")
    if name in _NAMES and not text.strip():
        return TEXT_MISSING(field=at, at=at)
    if name in _IDS or (name.endswith(("_id", "_ids")) and name != "national_id"):
        return None if streams.ID.match(text) else MALFORMED_ID(field=at, at=at)
    return None
