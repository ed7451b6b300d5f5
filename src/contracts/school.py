"""The school itself: its name, years, terms, subjects, lesson hours and dated rules.

All in the stream ``school``.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import (
    AttendanceRules,
    GradingRules,
    LessonPeriod,
    SubjectId,
    Term,
    UnitId,
    YearId,
)


@fact("school.school_founded.1")
class SchoolFounded(Fact, frozen=True, kw_only=True):
    """The school began to keep its register here. `number` is its RSPO number, if it has one."""

    school_id: str
    name: str
    short_name: str
    city: str | None = None
    number: str | None = None


@fact("school.school_renamed.1")
class SchoolRenamed(Fact, frozen=True, kw_only=True):
    """The school bears another name from now on."""

    name: str
    short_name: str


@fact("school.school_year_opened.1")
class SchoolYearOpened(Fact, frozen=True, kw_only=True):
    """A school year began to be kept; both days belong to it (1 September to 31 August)."""

    year_id: YearId
    name: str
    starts: date
    ends: date


@fact("school.terms_set.1")
class TermsSet(Fact, frozen=True, kw_only=True):
    """The year was divided into these terms, in order."""

    year_id: YearId
    terms: tuple[Term, ...]


@fact("school.lesson_periods_set.1")
class LessonPeriodsSet(Fact, frozen=True, kw_only=True):
    """The year's bells: numbered lesson hours."""

    year_id: YearId
    periods: tuple[LessonPeriod, ...]


@fact("school.subject_introduced.1")
class SubjectIntroduced(Fact, frozen=True, kw_only=True):
    """The school began to teach a subject."""

    subject_id: SubjectId
    name: str
    short_name: str


@fact("school.subject_renamed.1")
class SubjectRenamed(Fact, frozen=True, kw_only=True):
    """A subject bears another name from now on."""

    subject_id: SubjectId
    name: str
    short_name: str


@fact("school.grading_rules_set.1")
class GradingRulesSet(Fact, frozen=True, kw_only=True):
    """The director set how grades are given and reckoned in one year. The latest holds."""

    year_id: YearId
    rules: GradingRules


@fact("school.attendance_rules_set.1")
class AttendanceRulesSet(Fact, frozen=True, kw_only=True):
    """The director set attendance types and the percentage of one year. The latest holds."""

    year_id: YearId
    rules: AttendanceRules


@fact("school.school_year_closed.1")
class SchoolYearClosed(Fact, frozen=True, kw_only=True):
    """The year's registers are closed: what they hold up to this fact is what is archived (s. 22)."""

    year_id: YearId
    on: date
    class_ids: tuple[UnitId, ...]


@command("school.found_school")
class FoundSchool(Command, frozen=True, kw_only=True):
    school_id: str
    name: str
    short_name: str
    city: str | None = None
    number: str | None = None


@command("school.rename_school")
class RenameSchool(Command, frozen=True, kw_only=True):
    name: str
    short_name: str


@command("school.open_school_year")
class OpenSchoolYear(Command, frozen=True, kw_only=True):
    """Rules left out are taken over from the latest year, or from the usual Polish ones."""

    year_id: YearId
    name: str
    starts: date
    ends: date
    terms: tuple[Term, ...]
    periods: tuple[LessonPeriod, ...] | None = None
    grading: GradingRules | None = None
    attendance: AttendanceRules | None = None


@command("school.set_terms")
class SetTerms(Command, frozen=True, kw_only=True):
    """Refused when the terms are no longer as they were `seen`."""

    year_id: YearId
    terms: tuple[Term, ...]
    seen: tuple[Term, ...] | None = None


@command("school.set_lesson_periods")
class SetLessonPeriods(Command, frozen=True, kw_only=True):
    """Refused when the periods are no longer as they were `seen`."""

    year_id: YearId
    periods: tuple[LessonPeriod, ...]
    seen: tuple[LessonPeriod, ...] | None = None


@command("school.introduce_subject")
class IntroduceSubject(Command, frozen=True, kw_only=True):
    subject_id: SubjectId
    name: str
    short_name: str


@command("school.rename_subject")
class RenameSubject(Command, frozen=True, kw_only=True):
    subject_id: SubjectId
    name: str
    short_name: str


@command("school.set_grading_rules")
class SetGradingRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: GradingRules


@command("school.set_attendance_rules")
class SetAttendanceRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: AttendanceRules


@command("school.close_school_year")
class CloseSchoolYear(Command, frozen=True, kw_only=True):
    """Close the year. `class_ids` are all its classes; the register of each must be closed."""

    year_id: YearId
    class_ids: tuple[UnitId, ...]


NOT_FOUNDED = Reason(
    "SCHOOL.NOT_FOUNDED",
    pl="Ta szkoła jeszcze nie prowadzi dziennika. Najpierw ją załóż.",
    en="This school does not keep a register yet. Found it first.",
)
ALREADY_FOUNDED = Reason(
    "SCHOOL.ALREADY_FOUNDED",
    pl="Ta szkoła już prowadzi dziennik pod nazwą „{name}”.",
    en="This school already keeps a register under the name “{name}”.",
)
NO_SUCH_YEAR = Reason(
    "SCHOOL.NO_SUCH_YEAR",
    pl="Nie ma roku szkolnego {year}.",
    en="There is no school year {year}.",
)
YEAR_EXISTS = Reason(
    "SCHOOL.YEAR_EXISTS",
    pl="Rok szkolny {name} jest już otwarty z innymi datami.",
    en="The school year {name} is already open with other dates.",
)
YEAR_UNSOUND = Reason(
    "SCHOOL.YEAR_UNSOUND",
    pl="Rok szkolny nie trwa od {starts} do {ends}: najwyżej {limit} dni, w latach {first} – {last}.",
    en="No school year lasts from {starts} to {ends}: at most {limit} days, between {first} and {last}.",
)
YEARS_OVERLAP = Reason(
    "SCHOOL.YEARS_OVERLAP",
    pl="Rok szkolny nakłada się na rok {name}.",
    en="The school year overlaps the year {name}.",
)
DATES_REVERSED = Reason(
    "SCHOOL.DATES_REVERSED",
    pl="Początek {starts} wypada po końcu {ends}.",
    en="The beginning {starts} is after the end {ends}.",
)
TERM_OUTSIDE_YEAR = Reason(
    "SCHOOL.TERM_OUTSIDE_YEAR",
    pl="Okres „{term}” wykracza poza rok szkolny.",
    en="The term “{term}” reaches outside the school year.",
)
TERMS_OVERLAP = Reason(
    "SCHOOL.TERMS_OVERLAP",
    pl="Okresy „{first}” i „{second}” nakładają się.",
    en="The terms “{first}” and “{second}” overlap.",
)
NO_SUCH_SUBJECT = Reason(
    "SCHOOL.NO_SUCH_SUBJECT",
    pl="Nie ma przedmiotu {subject}.",
    en="There is no subject {subject}.",
)
SUBJECT_EXISTS = Reason(
    "SCHOOL.SUBJECT_EXISTS",
    pl="Przedmiot o tym identyfikatorze już jest: „{name}”.",
    en="A subject with this id exists already: “{name}”.",
)
RULES_UNSOUND = Reason(
    "SCHOOL.RULES_UNSOUND",
    pl="Reguły są niespójne: {what}.",
    en="The rules are not sound: {what}.",
)
