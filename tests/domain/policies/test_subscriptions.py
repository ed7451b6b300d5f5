"""For how long may an extension hold, also at the end of all days?"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts.purchases import Coverage, CoverageKind
from dziennik.domain.policies.subscriptions import MOST_MONTHS, is_sound, usual_end

COVERS = Coverage(
    kind=CoverageKind.PUPILS, since=date(2026, 9, 1), until=date(2027, 6, 30), pupil_ids=("p1",)
)
LONGEST = timedelta(days=31 * MOST_MONTHS)


def test_an_extension_ends_on_the_next_30_june() -> None:
    assert usual_end(date(2026, 9, 1)) == date(2027, 6, 30)
    assert usual_end(date(2027, 6, 30)) == date(2027, 6, 30)
    assert usual_end(date(9999, 6, 30)) == date(9999, 6, 30)
    assert usual_end(date(9999, 7, 1)) == date.max


def test_an_extension_is_not_longer_than_is_sold() -> None:
    assert is_sound(replace(COVERS, until=COVERS.since + LONGEST))
    assert not is_sound(replace(COVERS, until=COVERS.since + LONGEST + timedelta(days=1)))
    assert not is_sound(replace(COVERS, until=COVERS.since - timedelta(days=1)))
    assert not is_sound(replace(COVERS, until=date.max))
    assert is_sound(replace(COVERS, since=date.max, until=date.max))
    assert not is_sound(replace(COVERS, since=date.max))
