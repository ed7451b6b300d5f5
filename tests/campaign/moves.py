"""What is a move? A command that somebody gives in a school year, and what should become of it.

A move is a function `(plain, random) -> Attempt`, decorated with @move: that is all a new one needs. It says
which faults its command has (all of them: the register tells one), whether there is nothing to do, and what
changes when it is accepted. Who may not give such a command at all, and what a closed year forbids, is told
once, in `expected`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from tests.campaign.plain import SUBJECTS, TEACHERS, Plain, Thing

OFFICE = ("director", "administrator")
TEACHING = ("teacher", "director")
DIRECTOR = ("director",)
T = TypeVar("T")
CLOSED = "CLASSIFICATION.YEAR_CLOSED"


@dataclass
class Attempt:
    """A command with its giver, and what the plain model says of it.

    `by`: roles that may give it at all. `faults`: codes, one of which the refusal must have. `facts`: how
    many are written (0: there is nothing to do; None: some). `units` are those written in, whose closed
    year would forbid it; None: nothing of a year that can be closed; (): the year itself.
    """

    command: Command
    actor: tuple[str, str]  # role, person
    by: Iterable[str]
    faults: set[str] = field(default_factory=set)
    facts: int | None = 1
    units: tuple[str, ...] | None = ()
    then: Callable[[], None] = lambda: None

    def as_actor(self) -> Actor:
        role, person = self.actor
        return Actor(account=f"account-{person}", role=Role(role), person=person, channel=Channel.API)


Move = Callable[[Plain, Random], Attempt | None]
MOVES: list[Move] = []


def move(function: Move) -> Move:
    """Register a move. One that finds nothing to try gives None, or raises NothingThere."""
    MOVES.append(function)
    return function


def often(function: Move) -> Move:
    """Register a move that others build upon: it is tried three times as often."""
    MOVES.extend((function,) * 3)
    return function


class NothingThere(Exception):
    """What the move would change is not there yet."""


def some(r: Random, known: Sequence[T], otherwise: T, *, odd: float = 0.03) -> T:
    """One of the known things; seldom something that is not there. Raises NothingThere."""
    if r.random() < odd:
        return otherwise
    if not known:
        raise NothingThere
    return r.choice(known)


def expected(plain: Plain, attempt: Attempt) -> set[str]:
    """The codes that a refusal may have; none: it is accepted."""
    role, person = attempt.actor
    if role not in attempt.by:
        return {"ACCESS.NOT_YOURS_TO_DO"}
    if attempt.faults:
        return attempt.faults
    if attempt.facts == 0 or not plain.closed or attempt.units is None:
        return set()
    permitted = attempt.units and all(plain.may_correct_closed(unit, person) for unit in attempt.units)
    return set() if permitted else {CLOSED}


def told(**there: bool) -> set[str]:
    """Codes of the faults that are there: CONTEXT__WHAT=True."""
    return {code.replace("__", ".", 1) for code, is_there in there.items() if is_there}


def actor(m: Plain, r: Random, *likely: str | None) -> tuple[str, str]:
    """Mostly one of the `likely` persons, sometimes anybody."""
    known = [who for who in likely if who]
    who = r.choice(known) if known and r.random() < 0.92 else r.choice(sorted(m.people))
    return m.people[who], who


def of(thing: Thing | None, name: str) -> str | None:
    """A word of a thing that may not be there."""
    return thing[name] if thing else None


def pupil(m: Plain, r: Random) -> str:
    """A pupil of the year; seldom somebody else."""
    if r.random() < 0.03:
        return r.choice(("nobody", "t1"))
    return r.choice([who for who, role in sorted(m.people.items()) if role == "pupil"])


def _units(m: Plain, *, registers: bool) -> list[str]:
    return [unit_id for unit_id, one in sorted(m.units.items()) if registers or "kind" not in one]


def unit(m: Plain, r: Random, *, odd: float = 0.03, registers: bool = False) -> str:
    """A class or interclass group, or also another register; seldom one that is not there."""
    return "nowhere" if r.random() < odd else r.choice(_units(m, registers=registers))


def class_of(m: Plain, r: Random) -> str:
    """Mostly a class."""
    return r.choice(m.classes()) if r.random() < 0.95 else unit(m, r)


def teaching(m: Plain, r: Random, *, registers: bool = False) -> tuple[str, str]:
    """(unit, assignment), mostly one that is there; also of another register, if wanted."""
    unit_id = r.choice(_units(m, registers=registers))
    known = sorted(m.units[unit_id]["taught"])
    if not known or r.random() < 0.03:
        return unit_id, "no-assignment"
    return unit_id, r.choice(known)


def teacher_of(m: Plain, unit_id: str, assignment: str) -> str | None:
    found = m.units[unit_id]["taught"].get(assignment) if unit_id in m.units else None
    return found["teacher"] if found else None


def day(m: Plain, r: Random) -> date:
    """Mostly one of the last days, sometimes one to come, seldom one of another year."""
    draw = r.random()
    if draw < 0.92:
        return m.today - timedelta(days=r.choice((0, 0, 1, 1, 2, 3, 4, 7, 9)))
    if draw < 0.97:
        return m.today + timedelta(days=r.randint(1, 20))
    return r.choice((m.starts - timedelta(days=3), m.ends + timedelta(days=2), m.starts, m.ends))


def some_teacher(r: Random) -> str:
    return r.choice(TEACHERS) if r.random() < 0.95 else r.choice(("nobody", "d"))


def subject(r: Random) -> str:
    return r.choice(SUBJECTS) if r.random() < 0.95 else "alchemy"


def role_fault(m: Plain, who: str, role: str) -> set[str]:
    """Why a person cannot be taken as a teacher or pupil."""
    if who not in m.people:
        return {"PEOPLE.NO_SUCH_PERSON"}
    return set() if m.people[who] == role else {"PEOPLE.NOT_IN_ROLE"}


def assignment_faults(m: Plain, unit_id: str, assignment: str, on: date) -> set[str]:
    """Why an assignment cannot be used on that day."""
    if unit_id not in m.units:
        return {"CLASSES.NO_SUCH_CLASS"}
    known = m.units[unit_id]["taught"].get(assignment)
    return told(
        CLASSES__OUTSIDE_YEAR=not m.in_year(on),
        CLASSES__NO_SUCH_ASSIGNMENT=known is None,
        CLASSES__ASSIGNMENT_NOT_IN_FORCE=known is not None
        and not (known["since"] <= on and (known["until"] is None or on <= known["until"])),
    )
