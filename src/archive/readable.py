"""What does a class register look like to a person who reads or prints it?

Sections of tables and notes, told once, then laid out as HTML (dziennik.archive.html) and as PDF
(dziennik.archive.pdf), so that both say the same. In Polish: these are a school's papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from dziennik.archive.register import ClassRegister, Person, told
from dziennik.contracts.classes import PupilEnrolled
from dziennik.contracts.envelope import Actor, Recorded, Role
from dziennik.contracts.facts import ERASED
from dziennik.contracts.movement import PupilsRenumbered
from dziennik.contracts.people import PersonRegistered, PersonRenamed

WARSAW: Final = ZoneInfo("Europe/Warsaw")
ERASED_TEXT: Final = "[usunięto]"
NOTHING: Final = "–"

ROLES: Final = {
    Role.TEACHER: "nauczyciel",
    Role.PUPIL: "uczeń",
    Role.PARENT: "rodzic",
    Role.DIRECTOR: "dyrektor",
    Role.ADMINISTRATOR: "administrator",
    Role.AUDITOR: "audytor",
    Role.OPERATOR: "operator",
    Role.SYSTEM: "system",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of a row names it. `widths` share the line in these proportions."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with notes and tables below it. `key` is plain ASCII."""

    key: str
    title: str
    notes: Sequence[str] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Readable:
    """The whole document."""

    title: str
    lines: Sequence[str]
    sections: Sequence[Section] = field(default_factory=tuple)


class Names:
    """Whom ids name: the latest name, or that it was erased."""

    def __init__(self, register: ClassRegister, movement: Iterable[Recorded] = ()) -> None:
        """`movement`: the entries that may give pupils other numbers; the last ones hold."""
        self._people = register.people
        numbers: dict[str, int] = {}
        for pupil, history in register.enrolments.items():
            enrolled = [each.fact for each in history if isinstance(each.fact, PupilEnrolled)]
            numbers[pupil] = enrolled[-1].number
        for each in movement:
            if isinstance(each.fact, PupilsRenumbered):
                numbers |= {one.pupil_id: one.number for one in each.fact.numbers if one.pupil_id in numbers}
        self.numbers = {pupil: str(number) for pupil, number in numbers.items()}

    def of(self, person_id: str | None) -> str:
        """ "Kowalska Alicja Maria"; the id of somebody whom nobody named."""
        person = self._people.get(person_id or "", Person())
        if not person.names:
            return person_id or NOTHING
        fact = told(person.names[-1], PersonRegistered, PersonRenamed)
        if ERASED in (fact.family_name, fact.given_names):
            return ERASED_TEXT
        return f"{fact.family_name} {fact.given_names}"

    def pupil(self, pupil_id: str) -> str:
        """With the number in this document: "3. Ćma Ćwirek"."""
        return f"{self.numbers.get(pupil_id, '?')}. {self.of(pupil_id)}"

    def author(self, each: Recorded) -> str:
        """Who made an entry, in which role."""
        return self.actor(each.origin.actor)

    def actor(self, actor: Actor) -> str:
        """A person, or the account of nobody in this school; for whom, if for somebody else."""
        named = self.of(actor.person) if actor.person else actor.account
        behalf = f", za: {self.of(actor.on_behalf_of)}" if actor.on_behalf_of else ""
        return f"{named} ({ROLES[actor.role]}{behalf})"


def text(content: str | None) -> str:
    """A text about somebody, or a dash, or that it was erased."""
    if content is None or content == "":
        return NOTHING
    return ERASED_TEXT if content == ERASED else content


def day(on: date | None) -> str:
    """ "3.09.2026"."""
    return NOTHING if on is None else f"{on.day}.{on.month:02}.{on.year}"


def instant(at: datetime) -> str:
    """ "3.09.2026 8:05" on the school's clock."""
    here = at.astimezone(WARSAW)
    return f"{day(here.date())} {here.hour}:{here.minute:02}"


def figure(value: Decimal | int | None, unit: str = "") -> str:
    """ "4,75", "83,3%"; a dash where there is none."""
    if value is None:
        return NOTHING
    return f"{value:f}".replace(".", ",") + unit if isinstance(value, Decimal) else f"{value}{unit}"
