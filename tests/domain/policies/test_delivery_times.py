"""When does an e-mail go out?"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dziennik.contracts.notifications import SilentHours
from dziennik.domain.policies.delivery_times import BACK_OFF, next_attempt, next_daily, when_loud

ZONE = ZoneInfo("Europe/Warsaw")
NIGHT, NOON = SilentHours(starts="21:00", ends="07:00"), SilentHours(starts="12:00", ends="13:30")
CLOCKS = st.times().map(lambda t: f"{t:%H:%M}")


def at(clock: str, day: int = 7) -> datetime:
    return datetime.fromisoformat(f"2026-10-{day:02}T{clock}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "quiet", "loud"),
    [
        (at("20:59:59"), NIGHT, at("20:59:59")),
        (at("21:00"), NIGHT, at("07:00", 8)),
        (at("23:59"), NIGHT, at("07:00", 8)),
        (at("00:00"), NIGHT, at("07:00")),
        (at("06:59:59"), NIGHT, at("07:00")),
        (at("07:00"), NIGHT, at("07:00")),
        (at("12:00"), NOON, at("13:30")),
        (at("13:30"), NOON, at("13:30")),
        (at("03:00"), None, at("03:00")),
    ],
)
def test_quiet_hours_are_waited_out(now: datetime, quiet: SilentHours | None, loud: datetime) -> None:
    assert when_loud(now, quiet) == loud


def test_the_days_mail_goes_out_once_a_day() -> None:
    assert next_daily(at("16:59"), "17:00") == at("17:00")
    assert next_daily(at("17:00"), "17:00") == at("17:00", 8)
    assert next_daily(datetime(2026, 10, 24, 18, tzinfo=ZONE), "17:00") == datetime(
        2026, 10, 25, 17, tzinfo=ZONE
    )


@given(
    now=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
    starts=CLOCKS,
    ends=CLOCKS,
)
def test_it_is_loud_when_it_is_loud_and_soon(now: datetime, starts: str, ends: str) -> None:
    if starts == ends:
        return
    quiet, local = SilentHours(starts=starts, ends=ends), now.replace(tzinfo=ZONE)
    loud = when_loud(local, quiet)
    assert loud >= local
    assert loud.replace(tzinfo=None) - now < timedelta(days=1)
    assert when_loud(loud, quiet) == loud


def test_a_server_that_is_away_is_tried_ever_less_often_and_given_up() -> None:
    waits = [next_attempt(attempt) for attempt in range(1, len(BACK_OFF) + 2)]
    assert waits == [*BACK_OFF, None]
    assert list(BACK_OFF) == sorted(BACK_OFF)
