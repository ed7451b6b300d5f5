"""What did the import do, or why did it do nothing?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dziennik.imports.oneroster.faults import Fault
from dziennik.imports.oneroster.steps import KINDS, Effect

# Faults printed for a person; all are counted, and --json lists all.
PRINTED = 40

# Rows in fault count as refused among what they would have become.
KIND_OF_FILE = {
    "orgs.csv": "schools",
    "academicSessions.csv": "terms",
    "courses.csv": "subjects",
    "classes.csv": "classes",
    "users.csv": "people",
    "roles.csv": "roles",
    "enrollments.csv": "enrolments",
    "demographics.csv": "people",
    "categories.csv": "categories",
    "lineItems.csv": "columns",
    "results.csv": "grades",
}

WORDS = {
    "schools": ("szkoły", "schools"),
    "years": ("lata szkolne", "school years"),
    "terms": ("okresy", "terms"),
    "categories": ("kategorie ocen", "grade categories"),
    "subjects": ("przedmioty", "subjects"),
    "people": ("osoby", "people"),
    "roles": ("role", "roles"),
    "parental_rights": ("prawa rodziców", "parental rights"),
    "classes": ("oddziały", "class units"),
    "homeroom_teachers": ("wychowawcy", "homeroom teachers"),
    "enrolments": ("uczniowie w oddziałach", "pupils in class units"),
    "groups": ("grupy", "groups"),
    "group_members": ("uczniowie w grupach", "pupils in groups"),
    "assignments": ("przydziały", "teaching assignments"),
    "columns": ("kolumny ocen", "grade columns"),
    "grades": ("oceny", "grades"),
}

NOTES = {
    "users_without_role": (
        "osoby bez roli, którą zna dziennik (pominięte)",
        "people without a role the register knows (left out)",
    ),
    "users_without_name": (
        "osoby, których nazwiska nie ma w tym pliku (pominięte)",
        "people whose names are not in this file (left out)",
    ),
}
_RESULT_NOTE = ("wyniki bez oceny (pominięte)", "results without a score (left out)")


@dataclass(slots=True)
class Counts:
    """How many of each kind. What was ended counts among the changed as well."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, effect: Effect, counts: dict[str, int]) -> None:
        """Count an accepted step."""
        if effect == "created":
            self.created.update(counts)
        else:
            self.changed.update(counts)
            if effect == "ended":
                self.ended.update(counts)

    def add(self, other: Counts) -> None:
        for name in ("created", "changed", "ended", "unchanged", "refused"):
            getattr(self, name).update(getattr(other, name))

    def as_json(self) -> dict[str, dict[str, int]]:
        """Every kind under every heading, zeros included."""
        names = ("created", "changed", "unchanged", "refused", "ended")
        return {name: {kind: getattr(self, name)[kind] for kind in KINDS} for name in names}


@dataclass(slots=True)
class Report:
    """`accepted`: the file was taken (or would be, in a dry run). Otherwise nothing was written.

    `facts` were written; `position` by school is where to wait for them.
    """

    accepted: bool
    dry_run: bool
    import_id: str
    digest: str
    faults: list[Fault]
    counts: Counts = field(default_factory=Counts)
    schools: dict[str, Counts] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0: done; 2: the file is refused."""
        return 0 if self.accepted else 2

    def as_json(self, language: str = "pl") -> dict[str, Any]:
        """The whole report, for machines."""
        return {
            **self.counts.as_json(),
            "faults": [fault_json(fault, language) for fault in self.faults],
            "accepted": self.accepted,
            "dry_run": self.dry_run,
            "import_id": self.import_id,
            "sha256": self.digest,
            "facts": self.facts,
            "notes": dict(sorted(self.notes.items())),
            "schools": {name: counts.as_json() for name, counts in sorted(self.schools.items())},
            "positions": dict(sorted(self.positions.items())),
        }

    def as_text(self, language: str = "pl") -> str:
        """The report for a school's office."""
        polish = language == "pl"
        lines = [_headline(self, polish)]
        if self.accepted:
            lines += _table(self.counts, polish)
            lines += _notes(self.notes, polish)
        lines += faults_told(self.faults, language)
        return "\n".join(lines)


def refused_rows(faults: list[Fault]) -> Counter[str]:
    """How many rows are in fault, by what they would have become."""
    places = {(fault.place.file, fault.place.line) for fault in faults if fault.place.line}
    return Counter(KIND_OF_FILE[file] for file, line in places if file in KIND_OF_FILE and line and line > 1)


def fault_json(fault: Fault, language: str) -> dict[str, Any]:
    """A fault for machines."""
    return {
        "file": fault.place.file,
        "line": fault.place.line,
        "column": fault.column,
        "code": fault.code,
        "message": fault.text(language),
        "value": fault.value,
    }


def _headline(report: Report, polish: bool) -> str:
    count = len(report.faults)
    if not report.accepted:
        if report.facts:
            written = ", ".join(sorted(report.positions))
            return f"Zapisano tylko: {written}." if polish else f"Only these were written: {written}."
        if polish:
            return f"Plik odrzucono w całości: {errors(count)}. Niczego nie zapisano."
        plural = "" if count == 1 else "s"
        return f"The file is refused as a whole: {count} fault{plural}. Nothing was written."
    schools = ", ".join(sorted(report.schools))
    if report.dry_run:
        return (
            f"Próba, niczego nie zapisano ({schools})."
            if polish
            else f"Dry run, nothing written ({schools})."
        )
    if not report.facts:
        return f"Bez zmian ({schools})." if polish else f"Nothing to change ({schools})."
    return f"Zaimportowano: {schools}." if polish else f"Imported: {schools}."


def errors(count: int) -> str:
    """Polish counts: 1 błąd, 2 błędy, 5 błędów, 12 błędów, 22 błędy."""
    if count == 1:
        return "1 błąd"
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return f"{count} {'błędy' if few else 'błędów'}"


def _table(counts: Counts, polish: bool) -> list[str]:
    heads = (
        ("", "nowe", "zmienione", "bez zmian", "odrzucone")
        if polish
        else ("", "created", "changed", "unchanged", "refused")
    )
    columns = (counts.created, counts.changed, counts.unchanged, counts.refused)
    lines = [f"{heads[0]:<24}" + "".join(f"{head:>11}" for head in heads[1:])]
    for kind in KINDS:
        numbers = [column[kind] for column in columns]
        if any(numbers):
            word = WORDS[kind][0 if polish else 1]
            lines.append(f"{word:<24}" + "".join(f"{number:>11}" for number in numbers))
    return lines


def _notes(notes: Counter[str], polish: bool) -> list[str]:
    lines = []
    for name, count in sorted(notes.items()):
        words = NOTES.get(name, _RESULT_NOTE)
        lines.append(f"{words[0 if polish else 1]}: {count}")
    return lines


def faults_told(faults: list[Fault], language: str) -> list[str]:
    """A line per fault: where, what, code."""
    lines = []
    for fault in faults[:PRINTED]:
        where = [fault.place.file or "", str(fault.place.line or ""), fault.column or ""]
        lines.append(f"{':'.join(part for part in where if part)}: {fault.text(language)} [{fault.code}]")
    rest = len(faults) - PRINTED
    if rest > 0:
        lines.append(
            f"… i jeszcze {errors(rest)} (wszystkie: --json)"
            if language == "pl"
            else f"… and {rest} more faults (all of them: --json)"
        )
    return lines
