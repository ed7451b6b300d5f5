"""How are gaps of the register told to people: in a sentence, and as a table for spreadsheets?"""

from __future__ import annotations

from collections.abc import Sequence

from dziennik.projections import people, structure
from dziennik.projections.gaps import Gap, GapKind
from dziennik.projections.rows import View
from dziennik.statistics.csv_text import safe, table

TOLD: dict[GapKind, tuple[str, str]] = {
    GapKind.NO_ENTRY: ("lekcja niewpisana", "the lesson is not entered"),
    GapKind.NO_TOPIC: ("brak tematu", "no topic"),
    GapKind.NO_ROLL: ("nie sprawdzono obecności", "the roll was not called"),
    GapKind.NO_SIGNATURE: ("brak podpisu", "not signed"),
    GapKind.NO_TERM_GRADE: ("brak oceny śródrocznej", "no final grade of the term"),
    GapKind.NO_ANNUAL_GRADE: ("brak oceny rocznej", "no final grade of the year"),
    GapKind.NO_TERM_BEHAVIOUR: ("brak śródrocznej oceny zachowania", "no behaviour grade of the term"),
    GapKind.NO_ANNUAL_BEHAVIOUR: ("brak rocznej oceny zachowania", "no behaviour grade of the year"),
}
HEAD = {
    True: ("brak", "oddział", "data", "lekcja", "przedmiot", "nauczyciel", "uczeń"),
    False: ("gap", "class", "date", "lesson", "subject", "teacher", "pupil"),
}


class Words:
    """Some gaps with the names of all that they speak of, which are asked for once."""

    def __init__(self, view: View, gaps: Sequence[Gap], language: str) -> None:
        self._gaps = gaps
        self._polish = language == "pl"
        people_told = {who for gap in gaps for who in (gap.teacher_id, gap.pupil_id) if who}
        self._people = {
            row.person_id: f"{row.family_name} {row.given_names}"
            for row in people.persons(view, sorted(people_told)).values()
        }
        units = view.many(structure.Unit, [(unit,) for unit in sorted({gap.unit_id for gap in gaps})])
        self._units = {unit.unit_id: unit.name for unit in units if unit}
        subjects = sorted({gap.subject_id for gap in gaps if gap.subject_id})
        known = view.many(structure.Subject, [(subject,) for subject in subjects])
        self._subjects = {subject.subject_id: subject.name for subject in known if subject}

    def cells(self, gap: Gap) -> tuple[str, ...]:
        """The gap as a row of the table."""
        return (
            TOLD[gap.kind][0 if self._polish else 1],
            self._units.get(gap.unit_id, gap.unit_id),
            str(gap.on),
            "" if gap.period is None else str(gap.period),
            self._subjects.get(gap.subject_id or "", gap.subject_id or ""),
            self._people.get(gap.teacher_id or "", gap.teacher_id or ""),
            self._people.get(gap.pupil_id or "", gap.pupil_id or ""),
        )

    def sentence(self, gap: Gap) -> str:
        """The gap for a person: what, where, when, of whom, and who is to see to it."""
        what, unit, day, period, subject, teacher, pupil = self.cells(gap)
        hour = (f"lekcja {period}" if self._polish else f"lesson {period}") if period else ""
        place = ", ".join(part for part in (unit, day, hour, subject, pupil) if part)
        return f"{place}: {what}" + (f" ({teacher})." if teacher else ".")

    def csv(self, *, bom: bool = False) -> str:
        """All of them as CSV."""
        rows = [[safe(cell) for cell in self.cells(gap)] for gap in self._gaps]
        return table([HEAD[self._polish], *rows], bom=bom)
