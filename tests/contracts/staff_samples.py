"""Samples of the facts of staff, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts import staff
from dziennik.contracts.facts import Fact

OCTOBER = date(2026, 10, 5)

STAFF: tuple[Fact, ...] = (
    staff.StaffRulesSet(
        year_id="y2026",
        rules=staff.StaffRules(
            kinds=(
                staff.HoursKind(
                    kind_id="circle", name="Koło zainteresowań", symbol="KZ", most_a_day=Decimal(2)
                ),
            ),
            step=Decimal("0.5"),
            most_a_day=Decimal(10),
            lesson_counts=Decimal(1),
            signed_only=False,
        ),
    ),
    staff.HoursEntered(
        hours_id="h1",
        year_id="y2026",
        teacher_id="t1",
        kind_id="circle",
        on=OCTOBER,
        hours=Decimal("1.5"),
        what="Koło szachowe: końcówki.",
    ),
    staff.HoursCorrected(
        hours_id="h1",
        year_id="y2026",
        teacher_id="t1",
        was_kind_id="circle",
        kind_id="remedial",
        was_on=OCTOBER,
        on=date(2026, 10, 6),
        was_hours=Decimal("1.5"),
        hours=Decimal(2),
        was_what="Koło szachowe: końcówki.",
        what="Zajęcia wyrównawcze: ułamki.",
        reason="pomylone dni",
    ),
    staff.HoursStruckOut(hours_id="h1", year_id="y2026", teacher_id="t1", reason="wpisane dwa razy"),
    staff.HoursConfirmed(hours_id="h1", year_id="y2026", teacher_id="t1"),
    staff.HoursRefused(hours_id="h1", year_id="y2026", teacher_id="t1", reason="zajęcia się nie odbyły"),
)
