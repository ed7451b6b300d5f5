"""How are the school, its rules, and the class's structure written down?"""

from __future__ import annotations

from collections.abc import Iterator

from dziennik.archive.canonical import Tag, day, flag, number
from dziennik.archive.page import Page
from dziennik.archive.register import told
from dziennik.contracts.classes import (
    ClassOpened,
    ClassRenamed,
    GroupFormed,
    HomeroomTeacherAppointed,
    InterclassGroupFormed,
    PupilJoinedGroup,
    PupilLeftGroup,
    TeachingAssigned,
    TeachingEnded,
    TimetableSet,
)
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.school import (
    AttendanceRulesSet,
    GradingRulesSet,
    LessonPeriodsSet,
    SchoolFounded,
    SchoolRenamed,
    TermsSet,
)
from dziennik.contracts.streams import unit_of
from dziennik.contracts.values import AttendanceRules, GradingRules

SCHOOL, NAMED, YEAR = Tag("school"), Tag("named"), Tag("year")
TERMS, TERM = Tag("terms"), Tag("term")
PERIODS, PERIOD = Tag("lesson-periods"), Tag("period")
CLASS, HOMEROOM = Tag("class"), Tag("homeroom-teacher")
SUBJECTS, SUBJECT = Tag("subjects"), Tag("subject")
GROUPS, GROUP, JOINED, LEFT = Tag("groups"), Tag("group"), Tag("joined"), Tag("left")
TEACHING, ASSIGNMENT, ENDED = Tag("teaching"), Tag("assignment"), Tag("ended")
TIMETABLES, TIMETABLE, SLOT = Tag("timetables"), Tag("timetable"), Tag("slot")
RULES, GRADING, ATTENDANCE = Tag("rules"), Tag("grading-rules"), Tag("attendance-rules")
MARK, REMARK, CATEGORY, THRESHOLD = Tag("mark"), Tag("remark"), Tag("category"), Tag("threshold")
TYPE, PRESENT, LEFT_OUT = Tag("type"), Tag("counted-present"), Tag("left-out")


def school(page: Page) -> Iterator[str]:
    """The school and its names."""
    kept = page.register.school
    founded = told(kept.names[0], SchoolFounded)
    yield SCHOOL.block(city=founded.city, id=founded.school_id, number=founded.number)
    for each in kept.names:
        fact = told(each, SchoolFounded, SchoolRenamed)
        yield NAMED.whole(**page.by(each), name=fact.name, short_name=fact.short_name)
    yield SCHOOL.end


def year(page: Page) -> Iterator[str]:
    """The school year with its terms and bells."""
    kept = page.register.school
    if kept.year is None:  # the fold refuses a class without a year
        raise ValueError("a class register without a school year")
    year = kept.year
    yield YEAR.block(ends=day(year.ends), id=year.year_id, name=year.name, starts=day(year.starts))
    for each in kept.terms:
        yield TERMS.block(**page.by(each))
        for term in told(each, TermsSet).terms:
            yield TERM.whole(id=term.term_id, name=term.name, starts=day(term.starts), ends=day(term.ends))
        yield TERMS.end
    for each in kept.periods:
        yield PERIODS.block(**page.by(each))
        for period in told(each, LessonPeriodsSet).periods:
            yield PERIOD.whole(number=number(period.number), starts=period.starts, ends=period.ends)
        yield PERIODS.end
    yield YEAR.end


def class_unit(page: Page) -> Iterator[str]:
    """The class: its names, its homeroom teachers."""
    register = page.register
    yield CLASS.block(id=register.class_id)
    for each in register.class_names:
        fact = told(each, ClassOpened, ClassRenamed)
        yield NAMED.whole(**page.by(each), level=number(fact.level), name=fact.name)
    for each in register.homeroom:
        now = told(each, HomeroomTeacherAppointed)
        yield HOMEROOM.whole(**page.by(each), since=day(now.since), teacher=page.tell(now.teacher_id))
    yield CLASS.end


def rules(page: Page) -> Iterator[str]:
    """Every version of the year's rules; the last one holds."""
    yield RULES.block()
    for version, each in enumerate(page.register.school.grading, 1):
        yield from _grading(page, each, str(version), told(each, GradingRulesSet).rules)
    for version, each in enumerate(page.register.school.attendance, 1):
        yield from _attendance(page, each, str(version), told(each, AttendanceRulesSet).rules)
    yield RULES.end


def _grading(page: Page, each: Recorded, version: str, set_: GradingRules) -> Iterator[str]:
    yield GRADING.block(
        **page.by(each),
        minus=number(set_.minus),
        places=number(set_.places),
        plus=number(set_.plus),
        retakes=set_.retakes,
        version=version,
    )
    for mark in set_.scale:
        yield MARK.whole(mark=mark.mark, value=number(mark.value))
    for remark in set_.remarks:
        yield REMARK.whole(mark=remark)
    for category in set_.categories:
        yield CATEGORY.whole(
            colour=category.colour,
            counted=flag(category.counted),
            id=category.category_id,
            name=category.name,
            symbol=category.symbol,
            weight=number(category.weight),
        )
    for threshold in set_.thresholds:
        yield THRESHOLD.whole(mark=threshold.mark, percent=number(threshold.percent))
    yield GRADING.end


def _attendance(page: Page, each: Recorded, version: str, set_: AttendanceRules) -> Iterator[str]:
    yield ATTENDANCE.block(**page.by(each), places=number(set_.places), version=version)
    for type_ in set_.types:
        yield TYPE.whole(id=type_.type_id, kind=type_.kind, name=type_.name, symbol=type_.symbol)
    for kind in set_.counted_present:
        yield PRESENT.whole(kind=kind)
    for kind in set_.left_out:
        yield LEFT_OUT.whole(kind=kind)
    yield ATTENDANCE.end


def subjects(page: Page) -> Iterator[str]:
    """The subjects that are taught to the class, in the order the school introduced them."""
    register = page.register
    used = {subject for subject, _ in register.grades}
    assigned = (r.fact for history in register.assignments.values() for r in history)
    used |= {fact.subject_id for fact in assigned if isinstance(fact, TeachingAssigned)}
    used |= {lesson.subject_id for lesson in register.lessons.values() if lesson.subject_id}
    yield SUBJECTS.block()
    for subject, (name, short_name) in register.school.subjects.items():
        if subject in used:
            yield SUBJECT.whole(id=subject, name=name, short_name=short_name)
    yield SUBJECTS.end


def groups(page: Page) -> Iterator[str]:
    """Groups, with those of the class's pupils who belonged to them."""
    yield GROUPS.block()
    for group_id, group in page.register.groups.items():
        fact = told(group.formed, GroupFormed, InterclassGroupFormed)
        shared = isinstance(fact, InterclassGroupFormed)
        yield GROUP.block(**page.by(group.formed), id=group_id, interclass=flag(shared), name=fact.name)
        for each in group.members:
            member = told(each, PupilJoinedGroup, PupilLeftGroup)
            if isinstance(member, PupilJoinedGroup):
                yield JOINED.whole(**page.by(each), pupil=member.pupil_id, since=day(member.since))
            else:
                yield LEFT.whole(**page.by(each), pupil=member.pupil_id, until=day(member.until))
        yield GROUP.end
    yield GROUPS.end


def teaching(page: Page) -> Iterator[str]:
    """Who taught what to the class and its groups, from when and until when."""
    yield TEACHING.block()
    for history in page.register.assignments.values():
        first, *later = history
        fact = first.fact
        if not isinstance(fact, TeachingAssigned):
            continue
        yield ASSIGNMENT.block(
            **page.by(first),
            group=fact.group_id,
            id=fact.assignment_id,
            since=day(fact.since),
            subject=fact.subject_id,
            teacher=page.tell(fact.teacher_id),
            unit=fact.unit_id,
        )
        for each in later:
            yield ENDED.whole(**page.by(each), until=day(told(each, TeachingEnded).until))
        yield ASSIGNMENT.end
    yield TEACHING.end


def timetables(page: Page) -> Iterator[str]:
    """The weekly timetables of the class and its interclass groups, as they followed each other."""
    yield TIMETABLES.block()
    for each in page.register.timetables:
        fact = told(each, TimetableSet)
        unit = unit_of(each.stream)
        yield TIMETABLE.block(**page.by(each), unit=unit, valid_from=day(fact.valid_from))
        for slot in fact.slots:
            yield SLOT.whole(
                assignment=slot.assignment_id,
                period=number(slot.period),
                room=slot.room,
                weekday=number(slot.weekday),
            )
        yield TIMETABLE.end
    yield TIMETABLES.end
