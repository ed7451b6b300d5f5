"""What do the school's and the class's own facts say: rules, structure, teaching, timetable?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dziennik.archive.register import ClassRegister, Group, School, told
from dziennik.contracts import classes, school
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import Fact


def _school_named(register: ClassRegister, each: Recorded, _: object) -> None:
    register.school.names.append(each)


def _year_opened(register: ClassRegister, _: Recorded, fact: school.SchoolYearOpened) -> None:
    register.school.years[fact.year_id] = fact


def _terms(register: ClassRegister, each: Recorded, _: object) -> None:
    register.school.terms.append(each)


def _periods(register: ClassRegister, each: Recorded, _: object) -> None:
    register.school.periods.append(each)


def _grading(register: ClassRegister, each: Recorded, _: object) -> None:
    register.school.grading.append(each)


def _attendance(register: ClassRegister, each: Recorded, _: object) -> None:
    register.school.attendance.append(each)


def _subject(
    register: ClassRegister, _: Recorded, fact: school.SubjectIntroduced | school.SubjectRenamed
) -> None:
    register.school.subjects[fact.subject_id] = (fact.name, fact.short_name)


def keep_year(kept: School, year_id: str) -> None:
    """Leave out what was set for other years."""
    kept.year = kept.years.get(year_id)
    kept.terms = [r for r in kept.terms if told(r, school.TermsSet).year_id == year_id]
    kept.periods = [r for r in kept.periods if told(r, school.LessonPeriodsSet).year_id == year_id]
    kept.grading = [r for r in kept.grading if told(r, school.GradingRulesSet).year_id == year_id]
    kept.attendance = [r for r in kept.attendance if told(r, school.AttendanceRulesSet).year_id == year_id]


def _class_named(
    register: ClassRegister, each: Recorded, fact: classes.ClassOpened | classes.ClassRenamed
) -> None:
    if fact.class_id == register.class_id:
        register.class_names.append(each)


def _homeroom(register: ClassRegister, each: Recorded, fact: classes.HomeroomTeacherAppointed) -> None:
    if fact.class_id == register.class_id:
        register.homeroom.append(each)


def _group(
    register: ClassRegister, each: Recorded, fact: classes.GroupFormed | classes.InterclassGroupFormed
) -> None:
    if isinstance(fact, classes.GroupFormed) or register.class_id in fact.class_ids:
        register.groups[fact.group_id] = Group(each)


def _member(
    register: ClassRegister, each: Recorded, fact: classes.PupilJoinedGroup | classes.PupilLeftGroup
) -> None:
    group = register.groups.get(fact.group_id)
    if group:
        group.members.append(each)


def _assigned(register: ClassRegister, each: Recorded, fact: classes.TeachingAssigned) -> None:
    register.assignments.setdefault(fact.assignment_id, []).append(each)


def _ended(register: ClassRegister, each: Recorded, fact: classes.TeachingEnded) -> None:
    register.assignments.setdefault(fact.assignment_id, []).append(each)


def _timetable(register: ClassRegister, each: Recorded, _: object) -> None:
    register.timetables.append(each)


HANDLERS: dict[type[Fact], Callable[[ClassRegister, Recorded, Any], None]] = {
    school.SchoolFounded: _school_named,
    school.SchoolRenamed: _school_named,
    school.SchoolYearOpened: _year_opened,
    school.TermsSet: _terms,
    school.LessonPeriodsSet: _periods,
    school.GradingRulesSet: _grading,
    school.AttendanceRulesSet: _attendance,
    school.SubjectIntroduced: _subject,
    school.SubjectRenamed: _subject,
    classes.ClassOpened: _class_named,
    classes.ClassRenamed: _class_named,
    classes.HomeroomTeacherAppointed: _homeroom,
    classes.GroupFormed: _group,
    classes.InterclassGroupFormed: _group,
    classes.PupilJoinedGroup: _member,
    classes.PupilLeftGroup: _member,
    classes.TeachingAssigned: _assigned,
    classes.TeachingEnded: _ended,
    classes.TimetableSet: _timetable,
}
