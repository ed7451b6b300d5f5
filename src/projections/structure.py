"""What is there? The school, its years, rules, subjects, classes, groups, assignments, timetables.

Dates from-to: both days belong to it, `until` None is open. Names sort by `sort_key`, the Polish
alphabet as plain text. The people themselves are in the read model `people`.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import classes, school
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.movement import PupilsRenumbered, RegisterNumber
from dziennik.contracts.registers import RegisterKind, RegisterOpened
from dziennik.contracts.values import AttendanceRules, GradingRules, LessonPeriod, Term, TimetableSlot
from dziennik.domain.policies.names import polish_sort_key
from dziennik.projections.dated import current, in_force, there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import ALL_ROWS, Row

STRUCTURE = ReadModel("structure", version=2)
on = STRUCTURE.on
table = STRUCTURE.table


@table(key=("school_id",), families=ALL_ROWS)
class School(Row, frozen=True):
    """The one school. `number` is its RSPO number."""

    school_id: str
    name: str
    short_name: str
    city: str | None
    number: str | None


@table(key=("year_id",), families=ALL_ROWS)
class Year(Row, frozen=True):
    """A school year with its terms and lesson hours."""

    year_id: str
    name: str
    starts: date
    ends: date
    terms: tuple[Term, ...] = ()
    periods: tuple[LessonPeriod, ...] = ()


@table(key=("year_id",), families=ALL_ROWS)
class Rules(Row, frozen=True):
    """The rules in force in a year; a version counts how often they were set, 0: never."""

    year_id: str
    grading: GradingRules | None = None
    grading_version: int = 0
    attendance: AttendanceRules | None = None
    attendance_version: int = 0


@table(key=("subject_id",), families=ALL_ROWS)
class Subject(Row, frozen=True):
    """A subject."""

    subject_id: str
    name: str
    short_name: str
    sort_key: str


@table(key=("unit_id",), indexes=(("year_id",),), families=ALL_ROWS)
class Unit(Row, frozen=True):
    """A class of one year; or an interclass group, which draws from `class_ids`; or another register."""

    unit_id: str
    year_id: str
    name: str
    sort_key: str
    level: int | None = None
    interclass: bool = False
    class_ids: tuple[str, ...] = ()
    register: RegisterKind | None = None


@table(key=("class_id", "since"), indexes=(("teacher_id",),), families=ALL_ROWS)
class Homeroom(Row, frozen=True):
    """The homeroom teacher (wychowawca) of a class."""

    class_id: str
    since: date
    until: date | None
    teacher_id: str


@table(key=("class_id", "pupil_id", "since"), indexes=(("pupil_id",),))
class Enrolment(Row, frozen=True):
    """A pupil in a class, under a number of the register."""

    class_id: str
    pupil_id: str
    since: date
    until: date | None
    number: int
    reason: str | None = None


@table(key=("class_id", "since"), families=ALL_ROWS)
class Numbering(Row, frozen=True):
    """Numbers that the pupils of a class bear from a day on instead of those they were enrolled under."""

    class_id: str
    since: date
    numbers: tuple[RegisterNumber, ...]


@table(key=("group_id",), indexes=(("unit_id",),), families=ALL_ROWS)
class Group(Row, frozen=True):
    """Part of a class taught apart; of an interclass group or other register `unit_id` is itself."""

    group_id: str
    unit_id: str
    name: str


@table(key=("group_id", "pupil_id", "since"), indexes=(("pupil_id",), ("class_id",)))
class Membership(Row, frozen=True):
    """A pupil in a group, coming from a class."""

    group_id: str
    pupil_id: str
    since: date
    until: date | None
    class_id: str


@table(key=("assignment_id",), indexes=(("unit_id",), ("teacher_id",)), families=ALL_ROWS)
class Assignment(Row, frozen=True):
    """A teacher teaches a subject to a unit, or to a group of it (przydział)."""

    assignment_id: str
    unit_id: str
    subject_id: str
    teacher_id: str
    since: date
    until: date | None
    group_id: str | None


@table(key=("unit_id", "valid_from"), families=ALL_ROWS)
class Timetable(Row, frozen=True):
    """A unit's weekly hours from a day on, until the next one."""

    unit_id: str
    valid_from: date
    slots: tuple[TimetableSlot, ...]


# How facts change it: the school


@on(school.SchoolFounded)
def school_founded(rows: Rows, fact: school.SchoolFounded, _: Recorded) -> None:
    rows.put(School(fact.school_id, fact.name, fact.short_name, fact.city, fact.number))


@on(school.SchoolRenamed)
def school_renamed(rows: Rows, fact: school.SchoolRenamed, _: Recorded) -> None:
    for found in rows.find(School):
        rows.put(replace(found, name=fact.name, short_name=fact.short_name))


@on(school.SchoolYearOpened)
def school_year_opened(rows: Rows, fact: school.SchoolYearOpened, _: Recorded) -> None:
    rows.put(Year(fact.year_id, fact.name, fact.starts, fact.ends))


@on(school.TermsSet)
def terms_set(rows: Rows, fact: school.TermsSet, _: Recorded) -> None:
    rows.put(replace(there(rows.get(Year, fact.year_id), fact.year_id), terms=fact.terms))


@on(school.LessonPeriodsSet)
def lesson_periods_set(rows: Rows, fact: school.LessonPeriodsSet, _: Recorded) -> None:
    rows.put(replace(there(rows.get(Year, fact.year_id), fact.year_id), periods=fact.periods))


@on(school.SubjectIntroduced, school.SubjectRenamed)
def subject_named(rows: Rows, fact: school.SubjectIntroduced | school.SubjectRenamed, _: Recorded) -> None:
    rows.put(Subject(fact.subject_id, fact.name, fact.short_name, polish_sort_key(fact.name)))


@on(school.GradingRulesSet)
def grading_rules_set(rows: Rows, fact: school.GradingRulesSet, _: Recorded) -> None:
    rules = rows.get(Rules, fact.year_id) or Rules(fact.year_id)
    rows.put(replace(rules, grading=fact.rules, grading_version=rules.grading_version + 1))


@on(school.AttendanceRulesSet)
def attendance_rules_set(rows: Rows, fact: school.AttendanceRulesSet, _: Recorded) -> None:
    rules = rows.get(Rules, fact.year_id) or Rules(fact.year_id)
    rows.put(replace(rules, attendance=fact.rules, attendance_version=rules.attendance_version + 1))


# Classes


@on(classes.ClassOpened)
def class_opened(rows: Rows, fact: classes.ClassOpened, _: Recorded) -> None:
    rows.put(Unit(fact.class_id, fact.year_id, fact.name, polish_sort_key(fact.name), fact.level))


@on(classes.ClassRenamed)
def class_renamed(rows: Rows, fact: classes.ClassRenamed, _: Recorded) -> None:
    unit = there(rows.get(Unit, fact.class_id), fact.class_id)
    rows.put(replace(unit, name=fact.name, sort_key=polish_sort_key(fact.name), level=fact.level))


@on(classes.HomeroomTeacherAppointed)
def homeroom_teacher_appointed(rows: Rows, fact: classes.HomeroomTeacherAppointed, _: Recorded) -> None:
    for former in rows.find(Homeroom, class_id=fact.class_id):
        if former.since >= fact.since:
            rows.delete(Homeroom, former.class_id, former.since)
        elif former.until is None or former.until >= fact.since:
            rows.put(replace(former, until=fact.since - timedelta(days=1)))
    rows.put(Homeroom(fact.class_id, fact.since, None, fact.teacher_id))


@on(classes.PupilEnrolled)
def pupil_enrolled(rows: Rows, fact: classes.PupilEnrolled, _: Recorded) -> None:
    rows.put(Enrolment(fact.class_id, fact.pupil_id, fact.since, None, fact.number))


@on(classes.PupilLeft)
def pupil_left(rows: Rows, fact: classes.PupilLeft, _: Recorded) -> None:
    open_one = current(rows.find(Enrolment, class_id=fact.class_id, pupil_id=fact.pupil_id))
    rows.put(replace(open_one, until=fact.until, reason=fact.reason))


@on(PupilsRenumbered)
def pupils_renumbered(rows: Rows, fact: PupilsRenumbered, _: Recorded) -> None:
    rows.put(Numbering(fact.class_id, fact.since, fact.numbers))


@on(classes.GroupFormed)
def group_formed(rows: Rows, fact: classes.GroupFormed, _: Recorded) -> None:
    rows.put(Group(fact.group_id, fact.class_id, fact.name))


@on(classes.InterclassGroupFormed)
def interclass_group_formed(rows: Rows, fact: classes.InterclassGroupFormed, _: Recorded) -> None:
    rows.put(Group(fact.group_id, fact.group_id, fact.name))
    key = polish_sort_key(fact.name)
    rows.put(Unit(fact.group_id, fact.year_id, fact.name, key, None, True, fact.class_ids))


@on(RegisterOpened)
def register_opened(rows: Rows, fact: RegisterOpened, _: Recorded) -> None:
    rows.put(Group(fact.unit_id, fact.unit_id, fact.name))
    key = polish_sort_key(fact.name)
    rows.put(Unit(fact.unit_id, fact.year_id, fact.name, key, None, False, (), fact.kind))


@on(classes.PupilJoinedGroup)
def pupil_joined_group(rows: Rows, fact: classes.PupilJoinedGroup, _: Recorded) -> None:
    rows.put(Membership(fact.group_id, fact.pupil_id, fact.since, None, fact.class_id))


@on(classes.PupilLeftGroup)
def pupil_left_group(rows: Rows, fact: classes.PupilLeftGroup, _: Recorded) -> None:
    open_one = current(rows.find(Membership, group_id=fact.group_id, pupil_id=fact.pupil_id))
    rows.put(replace(open_one, until=fact.until))


@on(classes.TeachingAssigned)
def teaching_assigned(rows: Rows, fact: classes.TeachingAssigned, _: Recorded) -> None:
    rows.put(
        Assignment(
            fact.assignment_id,
            fact.unit_id,
            fact.subject_id,
            fact.teacher_id,
            fact.since,
            None,
            fact.group_id,
        )
    )


@on(classes.TeachingEnded)
def teaching_ended(rows: Rows, fact: classes.TeachingEnded, _: Recorded) -> None:
    assignment = there(rows.get(Assignment, fact.assignment_id), fact.assignment_id)
    rows.put(replace(assignment, until=fact.until))


@on(classes.TimetableSet)
def timetable_set(rows: Rows, fact: classes.TimetableSet, _: Recorded) -> None:
    rows.put(Timetable(fact.unit_id, fact.valid_from, fact.slots))


# What is asked


def the_school(view: View) -> School | None:
    """The school; None before it is founded."""
    found = view.find(School)
    return found[0] if found else None


def years(view: View) -> list[Year]:
    """School years, the earliest first."""
    return sorted(view.find(Year), key=lambda year: (year.starts, year.year_id))


def subjects(view: View) -> list[Subject]:
    """Subjects in the order of the alphabet."""
    return sorted(view.find(Subject), key=lambda subject: (subject.sort_key, subject.subject_id))


def units(view: View, year_id: str, *, interclass: bool = False) -> list[Unit]:
    """The year's classes (or its interclass groups), by level and name."""
    found = [
        unit
        for unit in view.find(Unit, year_id=year_id)
        if unit.interclass == interclass and unit.register is None
    ]
    return sorted(found, key=lambda unit: (unit.level or 0, unit.sort_key, unit.unit_id))


def registers(view: View, year_id: str) -> list[Unit]:
    """The year's other registers, by kind and name."""
    found = [unit for unit in view.find(Unit, year_id=year_id) if unit.register is not None]
    return sorted(found, key=lambda unit: (unit.register or "", unit.sort_key, unit.unit_id))


def groups(view: View, class_id: str) -> list[Group]:
    """Groups of a class, and interclass groups that draw from it, by name."""
    found = view.find(Group, unit_id=class_id)
    unit = view.get(Unit, class_id)
    if unit is not None:
        for other in view.find(Unit, year_id=unit.year_id):
            if class_id in other.class_ids:
                found.append(Group(other.unit_id, other.unit_id, other.name))
    return sorted(found, key=lambda group: (polish_sort_key(group.name), group.group_id))


def pupils(view: View, class_id: str, day: date | None = None) -> list[Enrolment]:
    """Who is (on `day`), or ever was, in the class, by the number of that day, or else the last one."""
    found = view.find(Enrolment, class_id=class_id)
    found = [row for row in found if day is None or in_force(row, day)]
    for anew in view.find(Numbering, class_id=class_id):
        if day is None or anew.since <= day:
            found = [_renumbered(row, anew) for row in found]
    return sorted(found, key=lambda row: (row.number, row.since, row.pupil_id))


def _renumbered(row: Enrolment, anew: Numbering) -> Enrolment:
    numbers = {each.pupil_id: each.number for each in anew.numbers}
    return replace(row, number=numbers.get(row.pupil_id, row.number)) if in_force(row, anew.since) else row


def enrolments(view: View, pupil_id: str) -> list[Enrolment]:
    """A pupil's classes, in time."""
    return sorted(view.find(Enrolment, pupil_id=pupil_id), key=lambda row: (row.since, row.class_id))


def members(view: View, group_id: str, day: date | None = None) -> list[Membership]:
    """Who is (on `day`), or ever was, in the group."""
    found = view.find(Membership, group_id=group_id)
    return [row for row in found if day is None or in_force(row, day)]


def homeroom(view: View, class_id: str, day: date) -> Homeroom | None:
    """The homeroom teacher of the class on a day."""
    return next((row for row in view.find(Homeroom, class_id=class_id) if in_force(row, day)), None)


def homerooms(view: View, teacher_id: str) -> list[Homeroom]:
    """The classes of a homeroom teacher."""
    return view.find(Homeroom, teacher_id=teacher_id)


def assignments(view: View, *, unit_id: str | None = None, teacher_id: str | None = None) -> list[Assignment]:
    """Who teaches what: of a unit, or of a teacher."""
    if unit_id is not None:
        found = view.find(Assignment, unit_id=unit_id)
        return [row for row in found if teacher_id in {None, row.teacher_id}]
    return view.find(Assignment, teacher_id=teacher_id)


def timetable(view: View, unit_id: str, day: date) -> Timetable | None:
    """The unit's timetable in force on a day."""
    found = view.find(Timetable, unit_id=unit_id, valid_from=Span(None, day))
    return found[-1] if found else None


def rules(view: View, year_id: str) -> Rules:
    """The rules in force in a year."""
    return view.get(Rules, year_id) or Rules(year_id)
