"""How does a school deal with absences that has set no rules of its own?

Excuses within two weeks, accepted by a person. Alarms: a day of lessons missed in a row, 20 hours that nobody
excused, and less than half of a subject's lessons attended (art. 44k of the education-system act: whoever is
absent from more than half of the time may be left unclassified).
"""

from __future__ import annotations

from decimal import Decimal

from dziennik.contracts.absences import AbsenceRules

USUAL_ABSENCES = AbsenceRules(
    excuse_within_days=14,
    missed_in_a_row=6,
    hours_not_excused=20,
    least_presence=Decimal(50),
    presence_after=4,
)
