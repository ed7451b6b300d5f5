"""The usual kinds of additional hours, in force in a year until the director sets others.

They are version 0 of every year's rules, and years gone by are counted with them: never changed (ADR 0085).
"""

from __future__ import annotations

from dziennik.contracts.staff import HoursKind, StaffRules

USUAL_STAFF = StaffRules(
    kinds=tuple(
        HoursKind(kind_id=kind_id, name=name, symbol=symbol)
        for kind_id, name, symbol in (
            ("overtime", "Godziny ponadwymiarowe", "GP"),
            ("remedial", "Zajęcia dydaktyczno-wyrównawcze", "ZW"),
            ("circle", "Koło zainteresowań", "KZ"),
            ("revalidation", "Zajęcia rewalidacyjne", "ZR"),
            ("individual", "Nauczanie indywidualne", "NI"),
            ("availability", "Godzina dostępności", "GD"),
            ("trip", "Opieka na wycieczce", "OW"),
            ("event", "Uroczystość lub konkurs", "UK"),
            ("other", "Inne", "IN"),
        )
    ),
)
