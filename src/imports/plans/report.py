"""What is told of a curriculum plan that was to be imported?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dziennik.imports.oneroster.faults import Fault
from dziennik.imports.oneroster.report import errors, fault_json, faults_told

EFFECTS = {
    "created": ("Nowy rozkład materiału", "New curriculum plan"),
    "changed": ("Zmieniony rozkład materiału", "Curriculum plan revised"),
    "unchanged": ("Bez zmian", "Nothing to change"),
}


@dataclass(slots=True)
class Report:
    """`accepted`: the file was taken (or would be, in a dry run). Otherwise nothing was written."""

    dry_run: bool
    faults: list[Fault]
    accepted: bool = False
    digest: str = ""
    plan_id: str = ""
    name: str = ""
    effect: str = "unchanged"
    items: int = 0
    hours: int = 0
    dropped: int = 0
    ignored: tuple[str, ...] = ()
    facts: int = 0
    position: int | None = None

    @property
    def exit_code(self) -> int:
        """0: done; 2: the file is refused."""
        return 0 if self.accepted else 2

    def as_json(self, language: str = "pl") -> dict[str, Any]:
        """The whole report, for machines."""
        return {
            "accepted": self.accepted,
            "dry_run": self.dry_run,
            "effect": self.effect,
            "plan_id": self.plan_id,
            "name": self.name,
            "items": self.items,
            "hours": self.hours,
            "dropped": self.dropped,
            "ignored_columns": list(self.ignored),
            "facts": self.facts,
            "position": self.position,
            "sha256": self.digest,
            "faults": [fault_json(fault, language) for fault in self.faults],
        }

    def as_text(self, language: str = "pl") -> str:
        """The report for whoever brought the file."""
        polish = language == "pl"
        lines = [self._headline(polish)]
        if self.accepted:
            lines.append(f"id: {self.plan_id}")
        if self.ignored:
            word = "Pominięte kolumny" if polish else "Columns left out"
            lines.append(f"{word}: {', '.join(self.ignored)}")
        return "\n".join([*lines, *faults_told(self.faults, language)])

    def _headline(self, polish: bool) -> str:
        if not self.accepted:
            count = len(self.faults)
            if polish:
                return f"Plik odrzucono w całości: {errors(count)}. Niczego nie zapisano."
            plural = "" if count == 1 else "s"
            return f"The file is refused as a whole: {count} fault{plural}. Nothing was written."
        what = EFFECTS[self.effect][0 if polish else 1]
        trial = (
            ("Próba, niczego nie zapisano. " if polish else "Dry run, nothing written. ")
            if self.dry_run
            else ""
        )
        size = (
            f"{self.items} poz., {self.hours} godz." if polish else f"{self.items} items, {self.hours} hours"
        )
        gone = (
            (f", wykreślono {self.dropped}" if polish else f", {self.dropped} dropped")
            if self.dropped
            else ""
        )
        return f"{trial}{what}: „{self.name}” ({size}{gone})."
