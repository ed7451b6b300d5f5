"""Which archives are due, what do they wait for, and how many days are left?

Within ten days of the year's end (31 August) the register is to be written out (s. 22 of the regulation).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dziennik.archive.editions import Kept, kept
from dziennik.archive.gathering import registers
from dziennik.archive.source import Facts
from dziennik.contracts import streams
from dziennik.contracts.classes import ClassOpened, ClassRenamed
from dziennik.contracts.classification import CorrectionPermitted, RegisterClosed, YearCorrectionPermitted
from dziennik.contracts.school import SchoolYearClosed, SchoolYearOpened

DAYS_AFTER: Final = 10


class ArchiveState(StrEnum):
    """How far a year's archive is."""

    NOT_OVER = "not_over"
    REGISTERS_OPEN = "registers_open"
    YEAR_OPEN = "year_open"
    DUE = "due"
    NOT_SIGNED = "not_signed"
    CORRECTED_SINCE = "corrected_since"
    DONE = "done"


WORDS: Final = {
    ArchiveState.NOT_OVER: ("rok trwa", "the year goes on"),
    ArchiveState.REGISTERS_OPEN: ("dzienniki niezamknięte", "registers are not closed"),
    ArchiveState.YEAR_OPEN: ("rok niezamknięty", "the year is not closed"),
    ArchiveState.DUE: ("do zapisania", "to be written"),
    ArchiveState.NOT_SIGNED: ("do podpisania", "to be signed"),
    ArchiveState.CORRECTED_SINCE: (
        "zmieniony po zapisaniu, do nowego wydania",
        "changed since, for a new edition",
    ),
    ArchiveState.DONE: ("zapisane i podpisane", "written and signed"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's archive. `days_left` until it is to be written; negative: late. `open`: names of classes."""

    year: SchoolYearOpened
    state: ArchiveState
    due: date
    days_left: int
    editions: int
    open: tuple[str, ...]


def plans(facts: Facts, today: date) -> list[Plan]:
    """One for each school year, the newest last."""
    school = [each.fact for each in facts.load(streams.SCHOOL)]
    closed = {fact.year_id for fact in school if isinstance(fact, SchoolYearClosed)}
    years = [fact for fact in school if isinstance(fact, SchoolYearOpened)]
    names = _names(facts)
    found = []
    for year in sorted(years, key=lambda one: one.starts):
        classes = {key: name for key, (year_id, name) in names.items() if year_id == year.year_id}
        waiting = tuple(sorted(name for key, name in classes.items() if not _is_closed(facts, key)))
        known = kept(facts, year.year_id)
        state = _state(facts, year, today, waiting, year.year_id in closed, known, list(classes))
        due = year.ends + timedelta(days=DAYS_AFTER)
        found.append(Plan(year, state, due, (due - today).days, known.last(), waiting))
    return found


def _names(facts: Facts) -> dict[str, tuple[str, str]]:
    """Year and name of each class."""
    names: dict[str, tuple[str, str]] = {}
    for each in registers(facts):
        fact = each.fact
        if isinstance(fact, ClassOpened):
            names[fact.class_id] = (fact.year_id, fact.name)
        elif isinstance(fact, ClassRenamed) and fact.class_id in names:
            names[fact.class_id] = (names[fact.class_id][0], fact.name)
    return names


def _is_closed(facts: Facts, class_id: str) -> bool:
    return any(isinstance(each.fact, RegisterClosed) for each in facts.load(streams.classification(class_id)))


def _state(
    facts: Facts,
    year: SchoolYearOpened,
    today: date,
    waiting: tuple[str, ...],
    closed: bool,
    known: Kept,
    classes: list[str],
) -> ArchiveState:
    if today <= year.ends:
        return ArchiveState.NOT_OVER
    if not closed:
        return ArchiveState.REGISTERS_OPEN if waiting else ArchiveState.YEAR_OPEN
    if not known.last():
        return ArchiveState.DUE
    if _changed_since(facts, known.edition(known.last()).cut_off, year.year_id, classes):
        return ArchiveState.CORRECTED_SINCE
    return ArchiveState.DONE if known.last() in known.signed else ArchiveState.NOT_SIGNED


def _changed_since(facts: Facts, cut_off: int, year_id: str, classes: list[str]) -> bool:
    """Whether a correction was permitted after the last edition: without one nothing changes any more."""
    places = [streams.closed_year(year_id), *map(streams.classification, classes)]
    return any(
        each.position > cut_off and isinstance(each.fact, CorrectionPermitted | YearCorrectionPermitted)
        for place in places
        for each in facts.load(place)
    )
