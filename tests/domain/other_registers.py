"""Other registers that stories begin in: a day-care room, individual teaching of Ćma, a pedagogue's register.

Lis keeps all of them; Bóbr is in the day-care room and works with the pedagogue.
"""

from __future__ import annotations

from dziennik.contracts import streams
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.registers import RegisterKind, RegisterOpened
from dziennik.domain.world import Entry
from tests.domain.register import REGISTER, joined, known, taught
from tests.domain.sentence import at


def opened(unit_id: str, kind: RegisterKind, name: str) -> Entry:
    """A register of the year."""
    return at(streams.unit(unit_id), RegisterOpened(unit_id=unit_id, year_id="y2026", kind=kind, name=name))


DAY_CARE = opened("care", RegisterKind.DAY_CARE, "Świetlica")
PRESCHOOL = opened("pre", RegisterKind.PRESCHOOL, "Przedszkole")
EXTRA = opened("extra", RegisterKind.EXTRA_CLASSES, "Zajęcia wyrównawcze")
INDIVIDUAL = opened("ni", RegisterKind.INDIVIDUAL_TEACHING, "Nauczanie indywidualne")
PEDAGOGUE = opened("ped", RegisterKind.PEDAGOGUE, "Dziennik pedagoga")

CARE_KEPT = taught("a-care", "care", "pol", "lis", "care")
EXTRA_KEPT = taught("a-extra", "extra", "pol", "lis", "extra")
PRE_KEPT = taught("a-pre", "pre", "pol", "lis", "pre")
INDIVIDUAL_KEPT = taught("a-ni", "ni", "pol", "lis", "ni")
PED_KEPT = taught("a-ped", "ped", "pol", "lis", "ped")

IN_CARE = joined("care", "care", "4a", "bobr")
IN_INDIVIDUAL = joined("ni", "ni", "4a", "cma")
IN_PED = joined("ped", "ped", "4a", "bobr")

AUDITOR = known("aud", "Ewa", "Sowa", Role.AUDITOR)
AUDITOR_ACTOR = Actor(account="account-aud", role=Role.AUDITOR, person="aud")

REGISTERS = (
    *REGISTER, *AUDITOR,
    DAY_CARE, CARE_KEPT, IN_CARE,
    PRESCHOOL, PRE_KEPT, EXTRA, EXTRA_KEPT,
    INDIVIDUAL, INDIVIDUAL_KEPT, IN_INDIVIDUAL,
    PEDAGOGUE, PED_KEPT, IN_PED,
)  # fmt: skip
