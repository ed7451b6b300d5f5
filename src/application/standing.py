"""Who made the entry that is in the way, and when? (ADR 0086)

Rules see facts without their envelopes, so they name the entry (`Refusal.standing`); the journal knows the
rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from dziennik.contracts.envelope import Recorded
from dziennik.contracts.refusals import Refusal, Standing
from dziennik.journal.journal import Journal


def shown(journal: Journal, refusal: Refusal) -> Refusal:
    """The refusal, with who (`by`, `role`) and when (`at`) in the details of all whose entry is named."""
    refusals = (refusal, *refusal.others)
    names = sorted({one.standing.stream for one in refusals if one.standing})
    if not names:
        return refusal
    told = journal.load_many(names)
    first, *others = (_shown(one, told[one.standing.stream]) if one.standing else one for one in refusals)
    return replace(first, others=tuple(others))


def _shown(refusal: Refusal, facts: Sequence[Recorded]) -> Refusal:
    made = next((one for one in reversed(facts) if _is_it(one, refusal.standing)), None)
    if made is None:
        return refusal
    actor = made.origin.actor
    details = {
        "by": actor.person or actor.account,
        "role": actor.role.value,
        "at": made.origin.recorded_at.isoformat().replace("+00:00", "Z"),
    }
    return replace(refusal, details=refusal.details | details)


def _is_it(recorded: Recorded, standing: Standing | None) -> bool:
    """Whether this fact made the entry: has the field at all, and of that value if one is told."""
    if standing is None or standing.field is None:
        return True
    if standing.value is None:
        return hasattr(recorded.fact, standing.field)
    pairs = ((standing.field, standing.value), *((standing.also,) if standing.also else ()))
    return all(str(getattr(recorded.fact, field, None)) == value for field, value in pairs)
