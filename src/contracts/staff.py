"""Staff: additional hours of teachers (godziny dodatkowe), by the school's own kinds.

Rules stand in the stream ``school``, hours in ``staff/{year}/{teacher}``. Hours of substitution are not
entered: they follow from the lessons that were held (contracts.lessons).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, Value, YearId

KindId = str
HoursId = str


class HoursKind(Value, frozen=True, kw_only=True):
    """What a teacher is at work for outside the timetable. `most_a_day` hours of it; None: see the rules."""

    kind_id: KindId
    name: str
    symbol: str
    most_a_day: Decimal | None = None


class StaffRules(Value, frozen=True, kw_only=True):
    """How a school counts its teachers' additional hours in one year.

    Hours are entered in multiples of `step`, at most `most_a_day` of all kinds together. A lesson held in
    substitution counts as `lesson_counts` hours; with `signed_only` only once it is signed.
    """

    kinds: tuple[HoursKind, ...]
    step: Decimal = Decimal("0.25")
    most_a_day: Decimal = Decimal(12)
    lesson_counts: Decimal = Decimal(1)
    signed_only: bool = True


@fact("staff.staff_rules_set.1")
class StaffRulesSet(Fact, frozen=True, kw_only=True):
    """The director set how additional hours are counted in one year. The latest holds."""

    year_id: YearId
    rules: StaffRules


@fact("staff.hours_entered.1", person="teacher_id")
class HoursEntered(Fact, frozen=True, kw_only=True):
    """A teacher worked additional hours on the day `on`; they count once the director confirms them."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    kind_id: KindId
    on: date
    hours: Decimal
    what: Personal


@fact("staff.hours_corrected.1", person="teacher_id")
class HoursCorrected(Fact, frozen=True, kw_only=True):
    """Hours entered wrongly were put right; both stay legible. They are to be confirmed anew."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    was_kind_id: KindId
    kind_id: KindId
    was_on: date
    on: date
    was_hours: Decimal
    hours: Decimal
    was_what: Personal
    what: Personal
    reason: Personal


@fact("staff.hours_struck_out.1", person="teacher_id")
class HoursStruckOut(Fact, frozen=True, kw_only=True):
    """The hours were entered wrongly and count no more; they stay legible."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    reason: Personal


@fact("staff.hours_confirmed.1")
class HoursConfirmed(Fact, frozen=True, kw_only=True):
    """The director confirmed the hours as they stood then."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId


@fact("staff.hours_refused.1", person="teacher_id")
class HoursRefused(Fact, frozen=True, kw_only=True):
    """The director did not accept the hours, or no longer does."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    reason: Personal


@command("staff.set_staff_rules")
class SetStaffRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: StaffRules


@command("staff.enter_hours")
class EnterHours(Command, frozen=True, kw_only=True):
    """By the teacher, or by the office for one."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    kind_id: KindId
    on: date
    hours: Decimal
    what: str


@command("staff.correct_hours")
class CorrectHours(Command, frozen=True, kw_only=True):
    """By the teacher or the office; what is confirmed already, by the director.

    Refused when there are no longer as many hours as were seen (`seen_hours`).
    """

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    kind_id: KindId
    on: date
    hours: Decimal
    what: str
    reason: str
    seen_hours: Decimal | None = None


@command("staff.strike_out_hours")
class StrikeOutHours(Command, frozen=True, kw_only=True):
    """See CorrectHours for who may, and for `seen_hours`."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    reason: str
    seen_hours: Decimal | None = None


class HoursOf(Value, frozen=True, kw_only=True):
    """Some hours of a teacher; `seen_hours`: how many the director was shown, if they are to be those."""

    teacher_id: PersonId
    hours_id: HoursId
    seen_hours: Decimal | None = None


@command("staff.confirm_hours")
class ConfirmHours(Command, frozen=True, kw_only=True):
    """Many at once, of one teacher or of several; all or nothing."""

    year_id: YearId
    hours: tuple[HoursOf, ...]


@command("staff.refuse_hours")
class RefuseHours(Command, frozen=True, kw_only=True):
    """Confirmed hours may be refused later as well."""

    hours_id: HoursId
    year_id: YearId
    teacher_id: PersonId
    reason: str


STAFF_RULES_UNSOUND = Reason(
    "STAFF.RULES_UNSOUND",
    pl="Reguły godzin dodatkowych są niespójne: {what}.",
    en="The rules of additional hours are not sound: {what}.",
)
NOT_YOUR_HOURS = Reason(
    "STAFF.NOT_YOUR_HOURS",
    pl="Nauczyciel wpisuje i poprawia tylko własne godziny.",
    en="Teachers enter and correct hours of their own only.",
)
NO_SUCH_KIND = Reason(
    "STAFF.NO_SUCH_KIND",
    pl="Szkoła nie zna w tym roku rodzaju godzin {kind}.",
    en="The school knows no kind of hours {kind} in this year.",
)
NO_SUCH_HOURS = Reason(
    "STAFF.NO_SUCH_HOURS",
    pl="Nauczyciel nie ma w tym roku wpisu godzin {hours}.",
    en="The teacher has no hours {hours} in this year.",
)
HOURS_EXIST = Reason(
    "STAFF.HOURS_EXIST",
    pl="Godziny o tym identyfikatorze są już wpisane: {hours} w dniu {on}.",
    en="Hours with this id are already entered: {hours} on {on}.",
)
HOURS_ARE_STRUCK_OUT = Reason(
    "STAFF.HOURS_ARE_STRUCK_OUT",
    pl="Te godziny są już skreślone.",
    en="These hours are already struck out.",
)
HOURS_ARE_CONFIRMED = Reason(
    "STAFF.HOURS_ARE_CONFIRMED",
    pl="Godziny są już zatwierdzone. Zmienić je może dyrektor.",
    en="The hours are confirmed already. The director may change them.",
)
HOURS_IN_FUTURE = Reason(
    "STAFF.HOURS_IN_FUTURE",
    pl="Godzin z dnia {on} jeszcze nie przepracowano.",
    en="Hours of {on} have not been worked yet.",
)
HOURS_OUT_OF_RANGE = Reason(
    "STAFF.HOURS_OUT_OF_RANGE",
    pl="{hours}: liczba godzin musi być wielokrotnością {step}, większą od zera i nie większą niż {most}.",
    en="{hours}: hours must be a multiple of {step}, more than zero, and no more than {most}.",
)
TOO_MANY_HOURS = Reason(
    "STAFF.TOO_MANY_HOURS",
    pl="W dniu {on} byłoby razem {total} godzin; najwyżej {most}.",
    en="On {on} there would be {total} hours together; at most {most}.",
)
NOTHING_TO_CORRECT = Reason(
    "STAFF.NOTHING_TO_CORRECT",
    pl="Wpis godzin ma już tę treść.",
    en="The hours are entered like that already.",
)
