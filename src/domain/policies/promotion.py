"""What becomes of a pupil at the end of a year, by the final grades and the school's rules, and why?

Promoted is who has no failing mark and no "unclassified" in any subject (art. 44o, education-system act);
with honours whose grades' mean and behaviour reach what the rules ask (art. 44f). Whoever fails in no more
subjects than the rules allow may be promoted conditionally: that is for the council to decide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from dziennik.contracts.classification import ClassificationRules, Outcome
from dziennik.contracts.values import GradingRules, SubjectId
from dziennik.domain.policies.grading import number_of

PLACES = Decimal("0.01")


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules give. `outcome` is None while final grades are `missing`, or there are none at all.

    `average` is the mean of all final grades that are marks, `left_out` the subjects whose grade is none.
    """

    outcome: Outcome | None
    average: Decimal | None
    rule_version: int
    counted: tuple[tuple[SubjectId, Decimal], ...]
    left_out: tuple[SubjectId, ...]
    failing: tuple[SubjectId, ...]
    unclassified: tuple[SubjectId, ...]
    missing: tuple[SubjectId, ...]
    behaviour: str | None

    def allows(self, decided: Outcome) -> bool:
        """Whether the council may decide so without giving a reason."""
        return decided is self.outcome


def explain_promotion(
    finals: Mapping[SubjectId, str | None],
    behaviour: str | None,
    grading: GradingRules,
    rules: ClassificationRules,
    version: int,
    level: int | None,
) -> Promotion:
    """`finals`: the annual grade in each subject the pupil is taught (None: not given yet)."""
    written = {subject: value for subject, value in finals.items() if value is not None}
    numbers = {subject: number_of(value, grading) for subject, value in written.items()}
    counted = tuple([(subject, number) for subject, number in numbers.items() if number is not None])
    failing = tuple([subject for subject, value in written.items() if value in rules.failing])
    unclassified = tuple([subject for subject, value in written.items() if value in rules.unclassified])
    missing = tuple([subject for subject, value in finals.items() if value is None])
    average = _mean(counted)
    decidable = bool(finals) and not missing
    return Promotion(
        outcome=_outcome(average, behaviour, failing, unclassified, rules, level) if decidable else None,
        average=average,
        rule_version=version,
        counted=counted,
        left_out=tuple([subject for subject, number in numbers.items() if number is None]),
        failing=failing,
        unclassified=unclassified,
        missing=missing,
        behaviour=behaviour,
    )


def explain_descriptive(
    areas: Sequence[str], assessed: Collection[str], behaviour: str | None, version: int
) -> Promotion:
    """Who is assessed descriptively is promoted (art. 44o(1)); areas not assessed are `missing`."""
    missing = tuple([area for area in areas if area not in assessed])
    return Promotion(
        outcome=None if missing else Outcome.PROMOTED,
        average=None,
        rule_version=version,
        counted=(),
        left_out=(),
        failing=(),
        unclassified=(),
        missing=missing,
        behaviour=behaviour,
    )


def _outcome(
    average: Decimal | None,
    behaviour: str | None,
    failing: tuple[SubjectId, ...],
    unclassified: tuple[SubjectId, ...],
    rules: ClassificationRules,
    level: int | None,
) -> Outcome:
    if failing or unclassified:
        return Outcome.REPEATS
    honours = (
        average is not None and average >= rules.honours_average and behaviour in rules.honours_behaviour
    )
    if level is not None and level >= rules.last_level:
        return Outcome.FINISHED_WITH_HONOURS if honours else Outcome.FINISHED
    return Outcome.PROMOTED_WITH_HONOURS if honours else Outcome.PROMOTED


def may_be_conditional(found: Promotion, rules: ClassificationRules) -> bool:
    """Whether the council may promote conditionally: few failing marks, everything classified."""
    return not found.missing and not found.unclassified and 0 < len(found.failing) <= rules.conditional


def _mean(counted: tuple[tuple[SubjectId, Decimal], ...]) -> Decimal | None:
    if not counted:
        return None
    total = sum((number for _, number in counted), Decimal(0))
    return (total / len(counted)).quantize(PLACES, rounding=ROUND_HALF_UP)
