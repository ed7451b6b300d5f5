"""Where in the file is something wrong, and what?"""

from __future__ import annotations

from dataclasses import dataclass

from dziennik.contracts.refusals import Reason, Refusal
from dziennik.imports.oneroster.tables import TABLES

# As much of a wrong value as helps to find it.
EXCERPT = 40

# Which column says what a command's field says.
COLUMN_OF: dict[tuple[str | None, str], str] = {
    ("academicSessions.csv", "starts"): "startDate",
    ("academicSessions.csv", "terms"): "startDate",
    ("users.csv", "given_names"): "givenName",
    ("users.csv", "family_name"): "familyName",
    ("users.csv", "email"): "email",
    ("users.csv", "parent_id"): "agentSourcedIds",
    ("enrollments.csv", "since"): "beginDate",
    ("enrollments.csv", "until"): "endDate",
    ("enrollments.csv", "pupil_id"): "userSourcedId",
    ("enrollments.csv", "teacher_id"): "userSourcedId",
    ("categories.csv", "rules"): "weight",
    ("lineItems.csv", "on"): "dueDate",
    ("lineItems.csv", "category_id"): "categorySourcedId",
    ("lineItems.csv", "out_of"): "resultValueMax",
    ("lineItems.csv", "assignment_id"): "dueDate",
    ("results.csv", "value"): "score",
    ("results.csv", "on"): "scoreDate",
    ("results.csv", "pupil_id"): "studentSourcedId",
    ("results.csv", "class_id"): "studentSourcedId",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A file ("users.csv") and, where it is one row's fault, the line (the header is 1)."""

    file: str | None = None
    line: int | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. When it is the `whole` file's it cannot be skipped."""

    refusal: Refusal
    place: Place = NOWHERE
    column: str | None = None
    value: str | None = None
    whole: bool = False

    @property
    def code(self) -> str:
        return self.refusal.code

    def text(self, language: str = "pl") -> str:
        """The sentence for a person."""
        return self.refusal.text(language)


class Faults:
    """All faults found so far, in the order found."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def __len__(self) -> int:
        return len(self.found)

    def add(
        self,
        reason: Reason,
        place: Place = NOWHERE,
        *,
        column: str | None = None,
        value: str | None = None,
        whole: bool = False,
        **details: object,
    ) -> None:
        """Note a fault; file, column and value also fill its text where that names them."""
        whole = whole or place.line is None
        shown = excerpt(value) if value is not None else None
        texts: dict[str, object] = {
            "file": place.file or "",
            "column": column or "",
            "value": shown or "",
            **details,
        }
        self.found.append(Fault(_filled(reason, texts), place, column, shown, whole))

    def refused(self, refusal: Refusal, place: Place, about: str | None = None) -> None:
        """A command was refused; the row it came from bears the fault.

        `about` names the thing itself where no row of this file speaks of it (an ending).
        """
        field = (refusal.field or "").rpartition(".")[2].partition("[")[0]
        self.found.append(Fault(refusal, place, COLUMN_OF.get((place.file, field)), about))

    def sort(self) -> None:
        """By file, in the order in which files refer to one another, and line."""
        order = {table.file: place for place, table in enumerate(TABLES, 1)}
        self.found.sort(key=lambda f: (order.get(f.place.file or "", 0), f.place.line or 0))

    @property
    def fatal(self) -> bool:
        """Whether something is wrong that skipping rows does not cure."""
        return any(fault.whole for fault in self.found)


def excerpt(value: str) -> str:
    """The value as it can be shown in one line."""
    text = "".join(char if char.isprintable() else "\ufffd" for char in value)
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def _filled(reason: Reason, texts: dict[str, object]) -> Refusal:
    return reason(field=None, **texts)
