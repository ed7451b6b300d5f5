"""Do a school's own rules make sense before they become its rules?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from dziennik.contracts.absences import AbsenceRules
from dziennik.contracts.classification import RULES_DO_NOT_FIT, ClassificationRules, YearMethod
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import RULES_UNSOUND
from dziennik.contracts.values import AttendanceKind, AttendanceRules, GradingRules, LessonPeriod, TermId

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z", re.ASCII)
_PLACES = 4
_DAYS = 366  # whoever waits longer than a year waits for ever


def is_colour(text: str) -> bool:
    """Whether it is written like "#c00000"."""
    return _COLOUR.match(text) is not None


def fault_in_periods(periods: Sequence[LessonPeriod]) -> Refusal | None:
    """Numbers rise, hours follow one another, times are "HH:MM"."""
    last_number, last_end = -1, ""
    for place, period in enumerate(periods):
        at = f"periods[{place}]"
        if not _CLOCK.match(period.starts) or not _CLOCK.match(period.ends):
            return RULES_UNSOUND(what=f"{period.starts}–{period.ends}", field=at)
        if period.number <= last_number or not last_end <= period.starts < period.ends:
            return RULES_UNSOUND(what=str(period.number), field=at)
        last_number, last_end = period.number, period.ends
    return None if periods else RULES_UNSOUND(what="periods", field="periods")


def fault_in_grading(rules: GradingRules, at: str) -> Refusal | None:
    """Marks, remarks and categories are unique, thresholds lead to known marks, weights are not negative."""
    marks = [step.mark for step in rules.scale]
    written = [*marks, *(f"{mark}{sign}" for mark in marks for sign in "+-"), *rules.remarks]
    unknown = [step.mark for step in rules.thresholds if step.mark not in marks]
    heavy = [c.category_id for c in rules.categories if not 0 <= c.weight <= 100]
    garish = [c.colour for c in rules.categories if not is_colour(c.colour)]
    counted = [step.mark for step in rules.counted_remarks]
    faults = (
        (f"{at}.counted_remarks", next((mark for mark in counted if mark not in rules.remarks), None)),
        (f"{at}.counted_remarks", _twice(counted)),
        (f"{at}.scale", None if marks else "scale"),
        (f"{at}.scale", _twice(written)),
        (f"{at}.scale", next((mark for mark in written if not mark.strip() or "/" in mark), None)),
        (f"{at}.categories", _twice(c.category_id for c in rules.categories)),
        (f"{at}.categories", next(iter(heavy), None)),
        (f"{at}.categories", next(iter(garish), None)),
        (f"{at}.thresholds", next(iter(unknown), None)),
        (f"{at}.thresholds", _twice(step.percent for step in rules.thresholds)),
        (f"{at}.places", None if 0 <= rules.places <= _PLACES else str(rules.places)),
    )
    return _first(faults)


def fault_in_attendance(rules: AttendanceRules, at: str) -> Refusal | None:
    """Types are unique, presence has a type, places are few."""
    kinds = {kind.kind for kind in rules.types}
    both = [kind.value for kind in rules.counted_present if kind in rules.left_out]
    faults = (
        (f"{at}.types", _twice(kind.type_id for kind in rules.types)),
        (f"{at}.types", _twice(kind.symbol for kind in rules.types)),
        (f"{at}.types", None if AttendanceKind.PRESENT in kinds else "present"),
        (f"{at}.left_out", next(iter(both), None)),
        (f"{at}.places", None if 0 <= rules.places <= _PLACES else str(rules.places)),
    )
    return _first(faults)


def fault_in_absences(rules: AbsenceRules, at: str) -> Refusal | None:
    """Numbers of days, lessons and hours are there to be reached; a share is between 0 and 100 %."""
    allowed = (AttendanceKind.ABSENT, AttendanceKind.ABSENT_EXCUSED)
    counts = (
        ("excuse_within_days", rules.excuse_within_days, 0),
        ("missed_in_a_row", rules.missed_in_a_row, 1),
        ("hours_not_excused", rules.hours_not_excused, 1),
        ("presence_after", rules.presence_after, 1),
    )
    share = rules.least_presence
    low = [(name, number) for name, number, least in counts if number is not None and number < least]
    days = rules.excuse_within_days
    if days is not None and days > _DAYS:
        low.append(("excuse_within_days", days))
    faults = [(f"{at}.{name}", str(number)) for name, number in low]
    faults += [(f"{at}.least_presence", str(share))] if share is not None and not 0 < share <= 100 else []
    faults += [(f"{at}.announced_as", rules.announced_as.value)] if rules.announced_as not in allowed else []
    return _first(faults)


def fault_in_classification(
    rules: ClassificationRules, grading: GradingRules, terms: Sequence[TermId]
) -> Refusal | None:
    """Marks are of the scale, thresholds unique, remarks known, weights positive and of every term."""
    marks = {step.mark for step in grading.scale}
    unknown = [m for m in (*(t.mark for t in rules.marks), *rules.failing) if m not in marks]
    weighted = rules.method is YearMethod.WEIGHTED_TERMS
    light = [str(w) for w in (*rules.term_weights, rules.carried_weight) if w <= 0]
    faults = (
        ("rules.marks", next(iter(unknown), None)),
        ("rules.marks", _twice(step.average for step in rules.marks)),
        ("rules.final_remarks", next((r for r in rules.final_remarks if not r.strip() or r in marks), None)),
        ("rules.unclassified", next((r for r in rules.unclassified if r not in rules.final_remarks), None)),
        ("rules.term_weights", "weights" if weighted and len(rules.term_weights) != len(terms) else None),
        ("rules.term_weights", next(iter(light), None)),
        ("rules.conditional", None if rules.conditional >= 0 else str(rules.conditional)),
        ("rules.due", next((d.term_id for d in rules.due if d.term_id not in (None, *terms)), None)),
    )
    at, what = next(((at, what) for at, what in faults if what is not None), ("", None))
    return RULES_DO_NOT_FIT(what=what, field=at) if what is not None else None


def _first(faults: Iterable[tuple[str, str | None]]) -> Refusal | None:
    return next((RULES_UNSOUND(what=what, field=at) for at, what in faults if what is not None), None)


def _twice(things: Iterable[str | Decimal]) -> str | None:
    seen: set[str | Decimal] = set()
    for thing in things:
        if thing in seen:
            return str(thing)
        seen.add(thing)
    return None
