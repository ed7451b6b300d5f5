"""How does somebody say how they want to be told?"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dziennik.contracts import notifications as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.notifications import Delivery, KindPreference, NoticeKind, Preferences, SilentHours
from dziennik.contracts.refusals import Reason
from tests.domain.register import NOWAK
from tests.domain.sentence import at, given

GRADES = KindPreference(kind=NoticeKind.GRADE, by_mail=Delivery.DAILY)
WANTED = Preferences(kinds=(GRADES,), quiet=SilentHours(starts="21:00", ends="07:00"), daily_at="18:30")
SET = said.SetNotificationPreferences(preferences=WANTED)
WAS_SET = at(streams.notifications("nowak"), said.PreferencesSet(person_id="nowak", preferences=WANTED))


def test_everybody_says_so_for_themselves() -> None:
    given().when(SET, by=NOWAK).then(WAS_SET)
    given(WAS_SET).when(SET, by=NOWAK).nothing()
    given().when(said.SetNotificationPreferences(preferences=Preferences()), by=NOWAK).nothing()
    given().when(SET, by=Actor(account="aud", role=Role.AUDITOR, person="aud")).refused(NOT_YOURS_TO_DO)
    given().when(SET, by=Actor(account="cli", role=Role.DIRECTOR)).refused(NOT_YOURS_TO_DO)


@pytest.mark.parametrize(
    ("wanted", "reason", "field"),
    [
        (replace(WANTED, daily_at="24:00"), said.TIME_UNSOUND, "preferences.daily_at"),
        (replace(WANTED, daily_at="7:00"), said.TIME_UNSOUND, "preferences.daily_at"),
        (
            replace(WANTED, quiet=SilentHours(starts="٢1:00", ends="07:00")),
            said.TIME_UNSOUND,
            "preferences.quiet.starts",
        ),
        (
            replace(WANTED, quiet=SilentHours(starts="21:00", ends="21:00")),
            said.ALWAYS_QUIET,
            "preferences.quiet.ends",
        ),
        (replace(WANTED, kinds=(GRADES, GRADES)), said.KIND_TWICE, "preferences.kinds[1]"),
    ],
)
def test_what_makes_no_sense_is_refused(wanted: Preferences, reason: Reason, field: str) -> None:
    given().when(replace(SET, preferences=wanted), by=NOWAK).refused(reason, field)
