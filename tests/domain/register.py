"""A small school that stories begin in: two classes, a group in one, a group of both, and who is where.

4a: Ćma (1), Bóbr (2, in the English group); 4b: Zając (1). Ethics takes Bóbr and Zając. Nowak teaches Polish
in 4a, of which she is homeroom teacher; Lis teaches English to the group, Polish in 4b, and ethics.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts import classes, people, school, streams
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.values import Term
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_GRADING, USUAL_PERIODS
from dziennik.domain.world import Entry
from tests.domain.sentence import at

SEPTEMBER = date(2026, 9, 1)
OCTOBER = date(2026, 10, 15)  # "today" of a story unless it says otherwise; a Thursday
JANUARY = date(2027, 1, 31)
JUNE = date(2027, 6, 25)
AUGUST = date(2027, 8, 31)
LAST_YEAR = date(2026, 8, 31)
NEXT_YEAR = date(2027, 9, 1)

NOWAK = Actor(account="account-nowak", role=Role.TEACHER, person="nowak")
LIS = Actor(account="account-lis", role=Role.TEACHER, person="lis")
OFFICE = Actor(account="account-office", role=Role.ADMINISTRATOR, person="office")
PUPIL = Actor(account="account-cma", role=Role.PUPIL, person="cma")

FOUNDED = at(streams.SCHOOL, school.SchoolFounded(school_id="sp7", name="Szkoła nr 7", short_name="SP 7"))
YEAR = at(
    streams.SCHOOL,
    school.SchoolYearOpened(year_id="y2026", name="2026/2027", starts=SEPTEMBER, ends=AUGUST),
)
AUTUMN = Term(term_id="t1", name="I okres", starts=SEPTEMBER, ends=JANUARY)
SPRING = Term(term_id="t2", name="II okres", starts=date(2027, 2, 1), ends=JUNE)
TERMS = at(streams.SCHOOL, school.TermsSet(year_id="y2026", terms=(AUTUMN, SPRING)))
PERIODS = at(streams.SCHOOL, school.LessonPeriodsSet(year_id="y2026", periods=USUAL_PERIODS))
GRADING = at(streams.SCHOOL, school.GradingRulesSet(year_id="y2026", rules=USUAL_GRADING))
ATTENDANCE = at(streams.SCHOOL, school.AttendanceRulesSet(year_id="y2026", rules=USUAL_ATTENDANCE))
YEAR_OPEN = (YEAR, TERMS, PERIODS, GRADING, ATTENDANCE)

POLISH = at(streams.SCHOOL, school.SubjectIntroduced(subject_id="pol", name="Język polski", short_name="pol"))
ENGLISH = at(
    streams.SCHOOL, school.SubjectIntroduced(subject_id="en", name="Język angielski", short_name="ang")
)
ETHICS = at(streams.SCHOOL, school.SubjectIntroduced(subject_id="eth", name="Etyka", short_name="et"))
SCHOOL = (FOUNDED, *YEAR_OPEN, POLISH, ENGLISH, ETHICS)


def known(person_id: str, given_names: str, family_name: str, role: Role) -> tuple[Entry, Entry]:
    """A person who has held a role since the year began."""
    stream = streams.person(person_id)
    named = people.PersonRegistered(person_id=person_id, given_names=given_names, family_name=family_name)
    return at(stream, named), at(stream, people.RoleTaken(person_id=person_id, role=role, since=SEPTEMBER))


def enrolled(class_id: str, pupil_id: str, number: int, since: date = SEPTEMBER) -> Entry:
    """A pupil's place in a class."""
    fact = classes.PupilEnrolled(class_id=class_id, pupil_id=pupil_id, since=since, number=number)
    return at(streams.unit(class_id), fact)


def joined(unit_id: str, group_id: str, class_id: str, pupil_id: str, since: date = SEPTEMBER) -> Entry:
    """A pupil's place in a group."""
    fact = classes.PupilJoinedGroup(group_id=group_id, class_id=class_id, pupil_id=pupil_id, since=since)
    return at(streams.unit(unit_id), fact)


def taught(
    assignment_id: str, unit_id: str, subject_id: str, teacher_id: str, group_id: str | None = None
) -> Entry:
    """Who teaches what to whom since the year began."""
    fact = classes.TeachingAssigned(
        assignment_id=assignment_id,
        unit_id=unit_id,
        subject_id=subject_id,
        teacher_id=teacher_id,
        since=SEPTEMBER,
        group_id=group_id,
    )
    return at(streams.unit(unit_id), fact)


TEACHERS = (*known("nowak", "Anna", "Nowak", Role.TEACHER), *known("lis", "Jan", "Lis", Role.TEACHER))
PUPILS = (
    *known("cma", "Żaneta", "Ćma", Role.PUPIL),
    *known("bobr", "Olaf", "Bóbr", Role.PUPIL),
    *known("zajac", "Ewa", "Zając", Role.PUPIL),
    *known("los", "Iga", "Łoś", Role.PUPIL),  # in no class yet
)
PEOPLE = (*TEACHERS, *PUPILS)

CLASS_4A = at(streams.unit("4a"), classes.ClassOpened(class_id="4a", year_id="y2026", name="4a", level=4))
CLASS_4B = at(streams.unit("4b"), classes.ClassOpened(class_id="4b", year_id="y2026", name="4b", level=4))
HOMEROOM = at(
    streams.unit("4a"),
    classes.HomeroomTeacherAppointed(class_id="4a", teacher_id="nowak", since=SEPTEMBER),
)
ENGLISH_GROUP = at(streams.unit("4a"), classes.GroupFormed(class_id="4a", group_id="4a-en", name="angielski"))
ETHICS_GROUP = at(
    streams.unit("ethics"),
    classes.InterclassGroupFormed(group_id="ethics", year_id="y2026", name="Etyka", class_ids=("4a", "4b")),
)
POLISH_4A = taught("pol-4a", "4a", "pol", "nowak")
ENGLISH_4A = taught("en-4a", "4a", "en", "lis", "4a-en")
POLISH_4B = taught("pol-4b", "4b", "pol", "lis")
ETHICS_BOTH = taught("eth", "ethics", "eth", "lis", "ethics")

UNITS = (
    CLASS_4A, HOMEROOM, enrolled("4a", "cma", 1), enrolled("4a", "bobr", 2), ENGLISH_GROUP,
    joined("4a", "4a-en", "4a", "bobr"), POLISH_4A, ENGLISH_4A,
    CLASS_4B, enrolled("4b", "zajac", 1), POLISH_4B,
    ETHICS_GROUP, joined("ethics", "ethics", "4a", "bobr"), joined("ethics", "ethics", "4b", "zajac"),
    ETHICS_BOTH,
)  # fmt: skip
REGISTER = (*SCHOOL, *PEOPLE, *UNITS)
