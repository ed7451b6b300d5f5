"""The school's structure and people as of a day, and what an account may have a say over."""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import classes, people, school, streams
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import Guardianship
from dziennik.contracts.values import Term
from dziennik.projections import people as persons
from dziennik.projections import structure
from dziennik.projections.access import access
from dziennik.projections.as_of import as_of
from dziennik.projections.people import PEOPLE
from dziennik.projections.rows import View
from dziennik.projections.structure import STRUCTURE
from tests.projections.agreement import agree
from tests.projections.histories import ATTENDANCE, FIRST, GRADING, OFFICE, History, a_school
from tests.projections.listed import Listed

LATER = FIRST + timedelta(days=30)


def view_of(history: History, position: int | None = None) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [STRUCTURE, PEOPLE], position or journal.position())


def test_the_school_its_years_and_rules(common: str) -> None:
    history = a_school()
    term = Term(term_id="t1", name="I okres", starts=FIRST, ends=date(2027, 1, 31))
    history.tell(streams.SCHOOL, school.TermsSet(year_id="Y", terms=(term,)), actor=OFFICE)
    history.tell(streams.SCHOOL, school.SchoolRenamed(name="Szkoła im. Tuwima", short_name="SP1"))
    view = view_of(history)
    found = structure.the_school(view)
    assert found is not None
    assert (found.name, found.city) == ("Szkoła im. Tuwima", "Łódź")
    assert [(year.year_id, year.terms) for year in structure.years(view)] == [("Y", (term,))]
    rules = structure.rules(view, "Y")
    assert (rules.grading, rules.grading_version) == (GRADING, 1)
    assert (rules.attendance, rules.attendance_version) == (ATTENDANCE, 1)
    assert structure.rules(view, "unknown").grading is None
    agree(common, STRUCTURE, history)


def test_subjects_and_people_stand_in_polish_order() -> None:
    view = view_of(a_school())
    assert [subject.name for subject in structure.subjects(view)] == [
        "Język angielski",
        "Język polski",
        "Matematyka",
    ]
    pupils = persons.people_in_role(view, Role.PUPIL)
    assert [pupil.family_name for pupil in pupils] == ["Ćma", "Łoś", "Zając", "Żak"]


def test_pupils_of_a_class_on_a_day_by_number(common: str) -> None:
    history = a_school()
    history.tell(
        streams.unit("A"),
        classes.PupilLeft(class_id="A", pupil_id="ada", until=LATER, reason="przeprowadzka"),
    )
    history.tell(
        streams.unit("B"),
        classes.PupilEnrolled(class_id="B", pupil_id="ada", since=LATER + timedelta(1), number=3),
    )
    view = view_of(history)
    assert [row.pupil_id for row in structure.pupils(view, "A", LATER)] == ["ada", "bo"]
    assert [row.pupil_id for row in structure.pupils(view, "A", LATER + timedelta(1))] == ["bo"]
    assert [(row.number, row.pupil_id) for row in structure.pupils(view, "B", LATER + timedelta(1))] == [
        (1, "cy"),
        (2, "di"),
        (3, "ada"),
    ]
    assert [(row.class_id, row.until) for row in structure.enrolments(view, "ada")] == [
        ("A", LATER),
        ("B", None),
    ]
    agree(common, STRUCTURE, history)


def test_units_groups_and_timetable() -> None:
    view = view_of(a_school())
    assert [unit.name for unit in structure.units(view, "Y")] == ["4a", "5b"]
    assert [unit.unit_id for unit in structure.units(view, "Y", interclass=True)] == ["G"]
    assert [group.group_id for group in structure.groups(view, "A")] == ["G", "A1"]
    assert [group.group_id for group in structure.groups(view, "B")] == ["G"]
    assert [(row.pupil_id, row.class_id) for row in structure.members(view, "G", FIRST)] == [
        ("ada", "A"),
        ("cy", "B"),
    ]
    timetable = structure.timetable(view, "A", LATER)
    assert timetable is not None
    assert [(slot.weekday, slot.period, slot.room) for slot in timetable.slots] == [(1, 2, "12")]
    assert structure.timetable(view, "A", FIRST - timedelta(1)) is None
    assert structure.timetable(view, "B", LATER) is None


def test_a_new_homeroom_teacher_ends_the_former_ones_time(common: str) -> None:
    history = a_school()
    history.tell(
        streams.unit("A"), classes.HomeroomTeacherAppointed(class_id="A", teacher_id="lis", since=LATER)
    )
    view = view_of(history)
    days = [structure.homeroom(view, "A", day) for day in (LATER - timedelta(1), LATER)]
    assert [row.teacher_id for row in days if row] == ["nowak", "lis"]
    assert [(row.class_id, row.until) for row in structure.homerooms(view, "nowak")] == [
        ("A", LATER - timedelta(1))
    ]
    assert structure.homeroom(view, "B", LATER) is None
    agree(common, STRUCTURE, history)


def test_what_a_teachers_account_reaches(common: str) -> None:
    history = a_school()
    history.tell(streams.unit("B"), classes.TeachingEnded(assignment_id="mat-B", until=LATER))
    found = access(view_of(history), "acc-nowak")
    assert found is not None
    assert found.person.person_id == "nowak"
    assert [(row.role, row.since, row.until) for row in found.roles] == [(Role.TEACHER, FIRST, None)]
    assert [(row.assignment_id, row.until) for row in found.assignments] == [
        ("mat-A", None),
        ("mat-B", LATER),
    ]
    assert [row.class_id for row in found.homerooms] == ["A"]
    assert found.children == ()
    assert access(view_of(history), "acc-unknown") is None
    agree(common, PEOPLE, history)


def test_a_parents_rights_end_with_a_court_order(common: str) -> None:
    history = a_school()
    history.tell(
        streams.person("cy"),
        people.ParentalRightsGranted(
            pupil_id="cy", parent_id="lis", guardianship=Guardianship.GUARDIAN, since=FIRST
        ),
    )
    before = len(history.recorded)
    history.tell(
        streams.person("ada"),
        people.ParentalRightsEnded(pupil_id="ada", parent_id="parent", until=LATER, basis="III Nsm 12/26"),
    )
    found = access(view_of(history), "acc-parent")
    assert found is not None
    assert [(row.pupil_id, row.since, row.until, row.basis) for row in found.children] == [
        ("ada", FIRST, LATER, "III Nsm 12/26")
    ]
    earlier = access(view_of(history, before), "acc-parent")
    assert earlier is not None
    assert [row.until for row in earlier.children] == [None]
    assert [row.parent_id for row in persons.parents(view_of(history), "cy")] == ["lis"]
    agree(common, PEOPLE, history)


def test_details_replace_what_was_known(common: str) -> None:
    history = a_school()
    history.tell(
        streams.person("ada"),
        people.PersonalDetailsRecorded(
            person_id="ada", birth_date="2014-05-01", address="Łódź, Piotrkowska 1"
        ),
        people.PersonalDetailsRecorded(person_id="ada", birth_date="2014-05-02"),
        people.ContactDetailsRecorded(person_id="ada", email="ada@example.org"),
        people.PersonRenamed(person_id="ada", given_names="Ada Maria", family_name="Żak"),
    )
    found = persons.persons(view_of(history), ["ada", "unknown"])
    assert list(found) == ["ada"]
    ada = found["ada"]
    assert (ada.given_names, ada.birth_date, ada.address, ada.email) == (
        "Ada Maria",
        "2014-05-02",
        None,
        "ada@example.org",
    )
    agree(common, PEOPLE, history)
