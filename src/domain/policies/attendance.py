"""Which percentage of the lessons was a pupil there, and why that number?

percentage = counted present / counted at all x 100, by the school's dated rules (DOMAIN section 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

from dziennik.contracts.values import AttendanceKind, AttendanceRules


class Treatment(StrEnum):
    """What lessons of a kind do to the percentage."""

    PRESENT = "present"
    ABSENT = "absent"
    LEFT_OUT = "left_out"


class KindCount(msgspec.Struct, frozen=True, kw_only=True):
    """So many lessons of a kind, and what they do."""

    kind: AttendanceKind
    lessons: int
    treated: Treatment


class Percentage(msgspec.Struct, frozen=True, kw_only=True):
    """The percentage with its inputs; `value` is None when no lesson counts at all.

    `present` of `counted` lessons were attended; `left_out` lessons count in neither. `kinds` tells of which
    kind they were, and what the school's rules make of each.
    """

    value: Decimal | None
    rule_version: int
    present: int
    counted: int
    left_out: int
    kinds: tuple[KindCount, ...] = ()


def explain_percentage(
    counts: Mapping[AttendanceKind, int], rules: AttendanceRules, version: int
) -> Percentage:
    """Reckon attendance from lessons per kind; `version` names the rules in the answer."""
    left_out = sum(counts.get(kind, 0) for kind in set(rules.left_out))
    counted = sum(counts.values()) - left_out
    attended = set(rules.counted_present) - set(rules.left_out)
    present = sum(counts.get(kind, 0) for kind in attended)
    value = _rounded(Decimal(100 * present) / counted, rules.places) if counted else None
    return Percentage(
        value=value,
        rule_version=version,
        present=present,
        counted=counted,
        left_out=left_out,
        kinds=tuple(
            KindCount(kind=kind, lessons=counts[kind], treated=_treated(kind, rules))
            for kind in AttendanceKind
            if counts.get(kind)
        ),
    )


def _treated(kind: AttendanceKind, rules: AttendanceRules) -> Treatment:
    if kind in rules.left_out:
        return Treatment.LEFT_OUT
    return Treatment.PRESENT if kind in rules.counted_present else Treatment.ABSENT


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
