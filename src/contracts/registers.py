"""Other registers than a class's: day-care room, preschool, extra classes, individual teaching, pedagogue's.

MEN regulation of 25 Aug 2017: s. 2, 9, 11, 18 and the registers of individual teaching. A register is a unit
like a class: it is opened in ``year/{unit}/register``, its participants are members of the one group that
bears its id, and teaching assignments, timetables, lessons and attendance are those of `classes`, `lessons`
and `attendance`. Whoever has an assignment in it keeps it. The rest stands in ``year/{unit}/details``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, UnitId, YearId


class RegisterKind(StrEnum):
    """Which register beside a class's: świetlica, przedszkole, zajęcia dodatkowe i specjalistyczne, nauczanie
    indywidualne, dziennik pedagoga (psychologa, logopedy, doradcy).
    """

    DAY_CARE = "day_care"
    PRESCHOOL = "preschool"
    EXTRA_CLASSES = "extra_classes"
    INDIVIDUAL_TEACHING = "individual_teaching"
    PEDAGOGUE = "pedagogue"


# Registers that only their keepers and the director open (s. 18: what is written there is about the most
# private of a pupil's troubles).
RESTRICTED = frozenset({RegisterKind.PEDAGOGUE})


@fact("registers.register_opened.1")
class RegisterOpened(Fact, frozen=True, kw_only=True):
    """A register beside those of the classes was opened for a school year."""

    unit_id: UnitId
    year_id: YearId
    kind: RegisterKind
    name: str


@fact("registers.work_plan_set.1")
class WorkPlanSet(Fact, frozen=True, kw_only=True):
    """What is to be done there from `since` on: plan of work, programme of the classes. The latest holds."""

    unit_id: UnitId
    since: date
    text: str


@fact("registers.individual_teaching_arranged.1", person="pupil_id")
class IndividualTeachingArranged(Fact, frozen=True, kw_only=True):
    """The participant is taught individually from `since` on: hours a week, on which decision, by what
    programme. The latest holds.
    """

    unit_id: UnitId
    pupil_id: PersonId
    since: date
    hours_per_week: Decimal
    decision: Personal
    programme: Personal | None = None


@fact("registers.auditor_admitted.1")
class AuditorAdmitted(Fact, frozen=True, kw_only=True):
    """The director let an auditor read a restricted register, from `since` to `until`."""

    unit_id: UnitId
    auditor_id: PersonId
    since: date
    until: date
    reason: str


@command("registers.open_register")
class OpenRegister(Command, frozen=True, kw_only=True):
    """Open a register beside those of the classes: its id is a unit's, as lessons and timetables take it."""

    unit_id: UnitId
    year_id: YearId
    kind: RegisterKind
    name: str


@command("registers.add_participant")
class AddParticipant(Command, frozen=True, kw_only=True):
    """By the office or a keeper; to a restricted register by a keeper or the director alone.

    `class_id` is the class the pupil is enrolled in; children of a preschool register need none.
    """

    unit_id: UnitId
    pupil_id: PersonId
    since: date
    class_id: UnitId | None = None


@command("registers.end_participation")
class EndParticipation(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    pupil_id: PersonId
    until: date


@command("registers.set_work_plan")
class SetWorkPlan(Command, frozen=True, kw_only=True):
    """By a keeper or the director."""

    unit_id: UnitId
    since: date
    text: str


@command("registers.arrange_individual_teaching")
class ArrangeIndividualTeaching(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    pupil_id: PersonId
    since: date
    hours_per_week: Decimal
    decision: str
    programme: str | None = None


@command("registers.admit_auditor")
class AdmitAuditor(Command, frozen=True, kw_only=True):
    """Auditors open a restricted register only when the director admits them, for a time and a reason."""

    unit_id: UnitId
    auditor_id: PersonId
    since: date
    until: date
    reason: str


NO_SUCH_REGISTER = Reason(
    "REGISTERS.NO_SUCH_REGISTER",
    pl="Nie ma takiego dziennika ({unit}).",
    en="There is no such register ({unit}).",
)
REGISTER_EXISTS = Reason(
    "REGISTERS.REGISTER_EXISTS",
    pl="Dziennik lub oddział o tym identyfikatorze już istnieje: {name}.",
    en="A register or class with this id exists already: {name}.",
)
NOT_YOUR_REGISTER = Reason(
    "REGISTERS.NOT_YOUR_REGISTER",
    pl="Ten dziennik prowadzi ktoś inny.",
    en="Somebody else keeps this register.",
)
CLASS_MISSING = Reason(
    "REGISTERS.CLASS_MISSING",
    pl="Podaj oddział, do którego uczeń należy. Tylko dzieci w dzienniku przedszkola go nie mają.",
    en="Name the class that the pupil belongs to. Only children in a preschool register have none.",
)
NO_ROLL_HERE = Reason(
    "REGISTERS.NO_ROLL_HERE",
    pl="W dzienniku pedagoga nie sprawdza się listy. Wpisz, z kim pracowano, w zapisach o uczniach.",
    en="No roll is called in a pedagogue's register. Write with whom you worked in the entries about pupils.",
)
HOURS_OUT_OF_RANGE = Reason(
    "REGISTERS.HOURS_OUT_OF_RANGE",
    pl="Liczba godzin tygodniowo {hours} nie ma sensu (więcej niż 0, najwyżej {limit}).",
    en="{hours} hours a week make no sense (more than 0, at most {limit}).",
)
NOT_FOR_THIS_REGISTER = Reason(
    "REGISTERS.NOT_FOR_THIS_REGISTER",
    pl="Tego nie wpisuje się w dzienniku tego rodzaju ({kind}).",
    en="A register of this kind ({kind}) does not hold this.",
)
