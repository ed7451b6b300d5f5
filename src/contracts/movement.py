"""Movement of pupils: who changed class, came or left, repeats a year, and which number is whose.

Facts stand in ``year/{class}/register`` beside the enrolments that they explain (contracts.classes); rules
stand in the stream ``school``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, OnSheet, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, UnitId, Value, YearId


class LeavingKind(StrEnum):
    """How a pupil left the school."""

    TO_ANOTHER_SCHOOL = "to_another_school"
    ABROAD = "abroad"
    FINISHED = "finished"
    OTHER = "other"


class RegisterNumber(Value, frozen=True, kw_only=True):
    """A pupil's number in the class register."""

    pupil_id: PersonId
    number: int


class MovementRules(Value, frozen=True, kw_only=True):
    """How pupils are numbered in a year: anew by the alphabet for as many days after it began (0: never)."""

    renumber_days: int


@fact("movement.movement_rules_set.1")
class MovementRulesSet(Fact, frozen=True, kw_only=True):
    """The director set how pupils are numbered in one year. The latest holds."""

    year_id: YearId
    rules: MovementRules


@fact("movement.class_changed.1", person="pupil_id")
class ClassChanged(Fact, frozen=True, kw_only=True):
    """The pupil goes to another class of the school from `on` on; in the new class's register."""

    pupil_id: PersonId
    from_class_id: UnitId
    to_class_id: UnitId
    on: date
    reason: Personal


@fact("movement.pupil_transferred_in.1", person="pupil_id")
class PupilTransferredIn(Fact, frozen=True, kw_only=True):
    """The pupil came from another school during the year."""

    class_id: UnitId
    pupil_id: PersonId
    since: date
    school: OnSheet


@fact("movement.pupil_left_school.1", person="pupil_id")
class PupilLeftSchool(Fact, frozen=True, kw_only=True):
    """The pupil's last day in the school was `until`; where to, and why."""

    class_id: UnitId
    pupil_id: PersonId
    until: date
    kind: LeavingKind
    reason: OnSheet
    destination: OnSheet | None = None


@fact("movement.pupil_struck_off.1", person="pupil_id")
class PupilStruckOff(Fact, frozen=True, kw_only=True):
    """The director struck the pupil from the school's list, by a decision on a legal basis."""

    class_id: UnitId
    pupil_id: PersonId
    until: date
    decision: OnSheet
    legal_basis: str
    reason: OnSheet


@fact("movement.year_repeated.1")
class YearRepeated(Fact, frozen=True, kw_only=True):
    """The pupil, who was not promoted, is in the class to repeat the year of the former one."""

    pupil_id: PersonId
    from_class_id: UnitId
    class_id: UnitId
    since: date


@fact("movement.pupil_taught_apart.1")
class PupilTaughtApart(Fact, frozen=True, kw_only=True):
    """From `since` on the pupil is taught individually, in the register `unit_id`.

    The class's lessons no longer propose to ask the pupil, who stays on its list (art. 127 of the
    education-law act).
    """

    class_id: UnitId
    pupil_id: PersonId
    unit_id: UnitId
    since: date


@fact("movement.teaching_apart_ended.1")
class TeachingApartEnded(Fact, frozen=True, kw_only=True):
    """The last day on which the pupil of this class was taught individually was `until`."""

    class_id: UnitId
    pupil_id: PersonId
    unit_id: UnitId
    until: date


@fact("movement.pupils_renumbered.1")
class PupilsRenumbered(Fact, frozen=True, kw_only=True):
    """The pupils of the class bear these numbers from `since` on; days before keep theirs."""

    class_id: UnitId
    since: date
    numbers: tuple[RegisterNumber, ...]


@command("movement.change_class")
class ChangeClass(Command, frozen=True, kw_only=True):
    """The pupil's first day in the new class is `on`, the last one in the former class the day before."""

    from_class_id: UnitId
    to_class_id: UnitId
    pupil_id: PersonId
    on: date
    reason: str
    number: int | None = None


@command("movement.transfer_in")
class TransferIn(Command, frozen=True, kw_only=True):
    """Enrol a pupil who comes from another school, named in `school`."""

    class_id: UnitId
    pupil_id: PersonId
    since: date
    school: str
    number: int | None = None


@command("movement.leave_school")
class LeaveSchool(Command, frozen=True, kw_only=True):
    """`until` is the last day. Ends the pupil's time in groups and in other registers, too."""

    class_id: UnitId
    pupil_id: PersonId
    until: date
    kind: LeavingKind
    reason: str
    destination: str | None = None


@command("movement.strike_from_list")
class StrikeFromList(Command, frozen=True, kw_only=True):
    """By the director: strike a pupil from the school's list (art. 68(2) of the education-law act)."""

    class_id: UnitId
    pupil_id: PersonId
    until: date
    decision: str
    legal_basis: str
    reason: str


@command("movement.repeat_year")
class RepeatYear(Command, frozen=True, kw_only=True):
    """Enrol a pupil who was not promoted in a class of the same level in the next year."""

    from_class_id: UnitId
    class_id: UnitId
    pupil_id: PersonId
    since: date
    number: int | None = None


@command("movement.set_movement_rules")
class SetMovementRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: MovementRules


@command("movement.renumber_pupils")
class RenumberPupils(Command, frozen=True, kw_only=True):
    """Number the pupils of a class in alphabetical order, from `since` on; for as long as the year's rules
    have it.
    """

    class_id: UnitId
    since: date


MOVEMENT_RULES_UNSOUND = Reason(
    "MOVEMENT.RULES_UNSOUND",
    pl="Numerować na nowo można przez {days} dni? Podaj od 0 do {most}.",
    en="Numbering anew for {days} days? Give 0 to {most}.",
)
ENROLLED_ELSEWHERE = Reason(
    "MOVEMENT.ENROLLED_ELSEWHERE",
    pl="Uczeń {pupil} należy w tym roku do oddziału {unit} (od {since}). Najpierw zakończ tamten wpis albo "
    "przenieś ucznia.",
    en="The pupil {pupil} belongs to the class {unit} this year (since {since}). End that first, or move the "
    "pupil.",
)
ALREADY_MOVED = Reason(
    "MOVEMENT.ALREADY_MOVED",
    pl="Ucznia {pupil} już przeniesiono: od {since} jest w oddziale {unit}.",
    en="The pupil {pupil} was moved already: to the class {unit}, since {since}.",
)
ALREADY_LEFT = Reason(
    "MOVEMENT.ALREADY_LEFT",
    pl="Uczeń {pupil} opuścił już ten oddział; ostatni dzień to {until}.",
    en="The pupil {pupil} has left this class already; the last day was {until}.",
)
ENTRIES_AFTER = Reason(
    "MOVEMENT.ENTRIES_AFTER",
    pl="Po dniu {until} uczeń {pupil} ma wpisy ({count}), wśród nich: {entry}. Skreśl je albo podaj dzień "
    "późniejszy.",
    en="The pupil {pupil} has entries after {until} ({count}), among them: {entry}. Strike them out or give "
    "a later day.",
)
SAME_CLASS = Reason(
    "MOVEMENT.SAME_CLASS",
    pl="Uczeń nie może przejść do oddziału, w którym już jest.",
    en="A pupil cannot go to the class that they are in.",
)
OTHER_YEAR = Reason(
    "MOVEMENT.OTHER_YEAR",
    pl="Oddział {unit} jest z innego roku szkolnego.",
    en="The class {unit} is of another school year.",
)
NOT_REPEATING = Reason(
    "MOVEMENT.NOT_REPEATING",
    pl="Rada nie zdecydowała, że uczeń {pupil} powtarza klasę.",
    en="The council did not decide that the pupil {pupil} repeats the year.",
)
LEVEL_DIFFERS = Reason(
    "MOVEMENT.LEVEL_DIFFERS",
    pl="Powtarza się klasę tego samego poziomu ({level}), a oddział {unit} jest inny.",
    en="A year is repeated at the same level ({level}); the class {unit} is of another one.",
)
NUMBERS_STAND = Reason(
    "MOVEMENT.NUMBERS_STAND",
    pl="Numery w dzienniku można ułożyć alfabetycznie tylko na początku roku, do {until}.",
    en="Numbers are put in alphabetical order only at the beginning of a year, until {until}.",
)
