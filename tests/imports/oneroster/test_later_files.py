"""A later file is applied as the difference to what was imported; what the school did stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from dziennik.application.register import Accepted, Register
from dziennik.contracts import classes, grades, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.values import Term
from dziennik.imports.oneroster.ids import Ids
from tests.imports.bundles import Bundle, enrol, line_item, result, small, taught, user
from tests.imports.memory import DIRECTOR, MemorySchools
from tests.imports.oneroster.importing import bring, nonzero, told

ID = Ids("sp1")
P1, P2, P3, P4 = (ID.of("users", name) for name in ("p1", "p2", "p3", "p4"))
T1, T2, M1 = (ID.of("users", name) for name in ("t1", "t2", "m1"))
YEAR = ID.of("academicSessions", "Y")
UNIT_4A, UNIT_4B = ID.derived("unit", f"{YEAR}/4a"), ID.derived("unit", f"{YEAR}/4b")
TODAY = date(2026, 12, 1)


@pytest.fixture
def here() -> MemorySchools:
    schools = MemorySchools()
    assert bring(schools, small()).accepted
    return schools


def later(here: MemorySchools, bundle: Bundle) -> tuple[list[object], dict[str, int], dict[str, int]]:
    """Import: the facts written, what was created, what was changed. It must settle at once."""
    since = len(here.journals["sp1"].all)
    report = bring(here, bundle)
    assert told(report) == []
    facts = here.last("sp1", since)
    again = bring(here, bundle)
    assert (again.facts, nonzero(again, "created"), nonzero(again, "changed")) == (0, {}, {})
    return facts, nonzero(report, "created"), nonzero(report, "changed")


def gives(here: MemorySchools, command: Command) -> None:
    """Somebody at the school does something between two imports."""
    outcome = here.register("sp1").execute(command, actor=DIRECTOR)
    assert isinstance(outcome, Accepted), outcome


def test_names_contacts_and_details(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("users", "p1").update(familyName="Nowa", email="new@example.org")
    bundle.row("users", "m1")["email"] = ""
    bundle.row("demographics", "p2")["cityOfBirth"] = "Łódź"
    facts, _, changed = later(here, bundle)
    assert changed == {"people": 3}
    assert sorted(facts, key=repr) == sorted(
        [
            people.PersonRenamed(person_id=P1, given_names="Zofia", family_name="Nowa", reason="import"),
            people.ContactDetailsRecorded(person_id=P1, email="new@example.org"),
            people.ContactDetailsRecorded(person_id=M1),
            people.PersonalDetailsRecorded(
                person_id=P2, birth_date="2016-02-04", birth_place="Łódź", sex="M"
            ),
        ],
        key=repr,
    )


def test_details_the_file_does_not_know_stay(here: MemorySchools) -> None:
    details = people.RecordPersonalDetails(
        person_id=P1, birth_date=date(2016, 2, 3), sex="K", national_id="44051401359", address="Wólka 1"
    )
    gives(here, details)
    bundle = small()
    bundle.row("demographics", "p1")["birthDate"] = "2016-02-13"
    facts, _, changed = later(here, bundle)
    assert changed == {"people": 1}
    assert facts == [
        people.PersonalDetailsRecorded(
            person_id=P1,
            birth_date="2016-02-13",
            sex="K",
            national_id="44051401359",
            address="Wólka 1",
        )
    ]


def test_another_score_is_a_correction(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("results", "R1")["score"] = "18"
    facts, created, changed = later(here, bundle)
    assert (created, changed) == ({}, {"grades": 1})
    assert facts == [
        grades.GradeCorrected(
            grade_id=ID.of("results", "R1"), pupil_id=P1, was="17/20", value="18/20", reason="import"
        )
    ]


def test_what_a_teacher_put_right_stays(here: MemorySchools) -> None:
    gives(
        here,
        grades.CorrectGrade(
            class_id=UNIT_4A,
            subject_id=ID.of("courses", "MAT"),
            pupil_id=P1,
            grade_id=ID.of("results", "R1"),
            reason="pomyłka",
            value="19/20",
        ),
    )
    assert later(here, small()) == ([], {}, {})
    bundle = small()
    bundle.row("results", "R1")["score"] = "16"
    facts, _, _ = later(here, bundle)
    assert [(fact.was, fact.value) for fact in facts if isinstance(fact, grades.GradeCorrected)] == [
        ("19/20", "16/20")
    ]


def test_what_a_teacher_struck_out_stays_struck_out(here: MemorySchools) -> None:
    gives(
        here,
        grades.StrikeOutGrade(
            class_id=UNIT_4A,
            subject_id=ID.of("courses", "MAT"),
            pupil_id=P1,
            grade_id=ID.of("results", "R1"),
            reason="pomyłka",
        ),
    )
    assert later(here, small()) == ([], {}, {})


def test_rights_ended_by_a_court_are_not_granted_again(here: MemorySchools) -> None:
    end = people.EndParentalRights(
        pupil_id=P1, parent_id=M1, until=date(2026, 11, 2), basis="Sąd Rejonowy, III Nsm 1/26"
    )
    gives(here, end)
    assert later(here, small()) == ([], {}, {})


def test_headings_of_columns(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("lineItems", "L1").update(title="Ułamki zwykłe", dueDate="2026-10-09")
    facts, _, changed = later(here, bundle)
    assert changed == {"columns": 1}
    assert [(f.title, f.on) for f in facts if isinstance(f, grades.ColumnChanged)] == [
        ("Ułamki zwykłe", date(2026, 10, 9))
    ]


def test_terms_categories_subjects_and_the_schools_name(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("orgs", "S1")["name"] = "Szkoła nr 1 im. Jana Brzechwy"
    bundle.row("academicSessions", "T2")["endDate"] = "2027-06-24"
    bundle.row("courses", "MAT")["title"] = "Matematyka z informatyką"
    bundle.row("categories", "K1")["weight"] = "4"
    bundle.add("categories", "K2", title="Kartkówka")
    facts, created, changed = later(here, bundle)
    assert changed == {"schools": 1, "terms": 1, "subjects": 1, "categories": 2}
    assert created == {}
    (rules,) = [fact.rules for fact in facts if isinstance(fact, school.GradingRulesSet)]
    assert [(c.name, str(c.weight)) for c in rules.categories] == [("Praca klasowa", "4"), ("Kartkówka", "1")]


def test_new_pupils_classes_columns_and_grades(here: MemorySchools) -> None:
    bundle = small()
    user(bundle, "p5", "Nina", "Nowa", "student", agents="m1")
    user(bundle, "t5", "Ala", "Biel", "teacher")
    enrol(bundle, "4b-mat", "p5", "student", beginDate="2026-11-16")
    taught(bundle, "4b-pol", "POL", "4b", "t5", "p4 p5")
    line_item(bundle, "L5", "4b-pol", "Wiersz", "6", "1")
    result(bundle, "R10", "L5", "p4", "4")
    facts, created, changed = later(here, bundle)
    assert changed == {}
    assert created == {
        "people": 2,
        "roles": 2,
        "parental_rights": 1,
        "enrolments": 1,
        "assignments": 1,
        "columns": 1,
        "grades": 1,
    }
    (enrolled,) = [fact for fact in facts if isinstance(fact, classes.PupilEnrolled)]
    assert (enrolled.class_id, enrolled.number) == (UNIT_4B, 2)


def test_a_whole_units_class_stays_the_units(here: MemorySchools) -> None:
    bundle = small()
    user(bundle, "p5", "Nina", "Nowa", "student")
    enrol(bundle, "4a-pol", "p5", "student")
    facts, created, _ = later(here, bundle)
    # p5 is in 4a but not taught mathematics: no group is made of the others for that.
    assert created == {"people": 1, "roles": 1, "enrolments": 1, "group_members": 1}
    assert not [fact for fact in facts if isinstance(fact, classes.GroupFormed | classes.TeachingEnded)]


def test_a_class_that_goes_beyond_its_unit_is_assigned_anew(here: MemorySchools) -> None:
    bundle = small()
    enrol(bundle, "4a-mat", "p4", "student")
    bundle.drop("classes", "4b-mat")
    bundle.drop("enrollments", "e-4b-mat-t1", "e-4b-mat-p4")
    taught(bundle, "4b-pol", "POL", "4b", "t2", "p4")
    taught(bundle, "4b-ang", "ANG", "4b", "t3", "p4")
    facts, created, changed = later(here, bundle)
    assert created["groups"] == 1
    assert created["group_members"] == 4
    (formed,) = [fact for fact in facts if isinstance(fact, classes.InterclassGroupFormed)]
    assert set(formed.class_ids) == {UNIT_4A, UNIT_4B}
    ended = {fact.assignment_id for fact in facts if isinstance(fact, classes.TeachingEnded)}
    assert ended == {ID.of("enrollments", "e-4a-mat-t1"), ID.of("enrollments", "e-4b-mat-t1")}
    assert changed["assignments"] == 2


def test_a_pupil_who_changes_class(here: MemorySchools) -> None:
    bundle = small()
    bundle.drop("enrollments", "e-4a-mat-p2", "e-4a-pol-p2")
    enrol(bundle, "4b-mat", "p2", "student")
    bundle.drop("results", "R2")
    facts, created, changed = later(here, bundle)
    left = [fact for fact in facts if isinstance(fact, classes.PupilLeft)]
    assert [(f.class_id, f.pupil_id, f.until) for f in left] == [(UNIT_4A, P2, date(2026, 11, 30))]
    came = [fact for fact in facts if isinstance(fact, classes.PupilEnrolled)]
    assert [(f.class_id, f.pupil_id, f.since) for f in came] == [(UNIT_4B, P2, TODAY)]
    assert created == {"enrolments": 1}
    assert changed == {"enrolments": 1, "group_members": 1, "grades": 1}


def homerooms() -> Bundle:
    bundle = small()
    for name, pupils in (("4a", "p1 p2 p3"), ("4b", "p4")):
        taught(bundle, f"h{name}", "POL", name, "t1", pupils)
        bundle.row("classes", f"h{name}")["classType"] = "homeroom"
    return bundle


def test_a_move_told_by_two_rows_ends_the_one_class_before_it_begins_the_other() -> None:
    """Also where the new class comes first in the file, and its row has no day or that of the other's end."""
    for cells in ({}, {"beginDate": "2026-10-09"}):
        here = MemorySchools()
        bring(here, homerooms())
        bundle = homerooms()
        bundle.row("enrollments", "e-h4b-p4")["endDate"] = "2026-10-09"
        enrol(bundle, "h4a", "p4", "student", **cells)
        facts, created, changed = later(here, bundle)
        assert (created["enrolments"], changed["enrolments"]) == (1, 1)
        moved = [fact for fact in facts if isinstance(fact, classes.PupilLeft | classes.PupilEnrolled)]
        h4a, h4b = (ID.of("classes", name) for name in ("h4a", "h4b"))
        assert moved == [
            classes.PupilLeft(class_id=h4b, pupil_id=P4, until=date(2026, 10, 9), reason="import"),
            classes.PupilEnrolled(class_id=h4a, pupil_id=P4, since=date(2026, 10, 10), number=4),
        ]


def test_a_move_back_and_a_class_put_right_on_the_very_first_day() -> None:
    here = MemorySchools()
    bring(here, homerooms())
    h4a, h4b = (ID.of("classes", name) for name in ("h4a", "h4b"))
    moved = homerooms()
    moved.row("enrollments", "e-h4b-p4")["classSourcedId"] = "h4a"
    moved.row("enrollments", "e-h4b-p4")["beginDate"] = "2026-09-01"
    facts, _, _ = later(here, moved)
    assert [f.until for f in facts if isinstance(f, classes.PupilLeft)] == [date(2026, 11, 30)]
    since = len(here.journals["sp1"].all)
    report = bring(here, homerooms(), now=datetime(2026, 12, 8, 8, 0, tzinfo=UTC))
    assert told(report) == []
    assert [
        (fact.class_id, fact.until if isinstance(fact, classes.PupilLeft) else fact.since)
        for fact in here.last("sp1", since)
        if isinstance(fact, classes.PupilLeft | classes.PupilEnrolled)
    ] == [(h4a, date(2026, 12, 7)), (h4b, date(2026, 12, 8))]


def test_nobody_is_in_two_homerooms_at_once() -> None:
    here = MemorySchools()
    bundle = homerooms()
    enrol(bundle, "h4a", "p4", "student")
    report = bring(here, bundle)
    assert (report.accepted, told(report)[:1]) == (
        False,
        ["enrollments.csv:19:userSourcedId MOVEMENT.ENROLLED_ELSEWHERE"],
    )
    assert bring(here, bundle, skip=True).accepted
    enrolled = [f.class_id for f in here.facts("sp1", classes.PupilEnrolled) if f.pupil_id == P4]
    assert enrolled == [ID.of("classes", "h4a")]


def test_another_teacher(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("enrollments", "e-4a-mat-t1")["endDate"] = "2026-11-13"
    enrol(bundle, "4a-mat", "t2", "teacher", beginDate="2026-11-14")
    facts, created, changed = later(here, bundle)
    assert (created, changed) == ({"assignments": 1}, {"assignments": 1})
    (ended,) = [fact for fact in facts if isinstance(fact, classes.TeachingEnded)]
    (begun,) = [fact for fact in facts if isinstance(fact, classes.TeachingAssigned)]
    assert (ended.until, begun.teacher_id, begun.since) == (date(2026, 11, 13), T2, date(2026, 11, 14))


def test_who_is_no_longer_listed_in_bulk_has_left(here: MemorySchools) -> None:
    bundle = small()
    for table in ("users", "roles", "enrollments", "demographics", "results"):
        bundle.tables[table] = [
            row
            for row in bundle.tables[table]
            if "p2" not in (row["sourcedId"], row.get("userSourcedId"), row.get("studentSourcedId"))
        ]
    facts, created, changed = later(here, bundle)
    assert created == {}
    assert changed == {
        "roles": 1,
        "parental_rights": 1,
        "enrolments": 1,
        "group_members": 1,
        "grades": 1,
    }
    assert people.RoleLeft(person_id=P2, role=Role.PUPIL, until=TODAY) in facts
    assert people.ParentalRightsEnded(pupil_id=P2, parent_id=M1, until=TODAY, basis="import") in facts
    assert classes.PupilLeft(class_id=UNIT_4A, pupil_id=P2, until=TODAY, reason="import") in facts
    struck = grades.GradeStruckOut(grade_id=ID.of("results", "R2"), pupil_id=P2, reason="import")
    assert struck in facts


def test_what_the_school_entered_itself_is_not_ended(here: MemorySchools) -> None:
    own = "0190a000-0000-7000-8000-000000000001"
    gives(
        here,
        people.RegisterPerson(
            person_id=own,
            given_names="Nowy",
            family_name="Uczeń",
            since=date(2026, 9, 1),
            roles=(Role.PUPIL,),
        ),
    )
    gives(here, classes.EnrolPupil(class_id=UNIT_4A, pupil_id=own, since=date(2026, 9, 1)))
    assert later(here, small()) == ([], {}, {})


def test_a_folder_without_manifest_ends_nothing(here: MemorySchools) -> None:
    bundle = small()
    bundle.manifest = False
    bundle.drop("results", "R1")
    bundle.drop("enrollments", "e-4a-pol-p2")
    assert later(here, bundle) == ([], {}, {})


@pytest.mark.parametrize("sign", ["tobedeleted", "endDate"])
def test_a_delta_ends_what_it_names(here: MemorySchools, sign: str) -> None:
    row = dict(small().row("enrollments", "e-ang-t3"))
    if sign == "tobedeleted":
        row.update(status="tobedeleted", dateLastModified="2026-11-20T12:00:00Z")
    else:
        row["endDate"] = "2026-11-20"
    facts, created, changed = later(here, small().delta(enrollments=[row]))
    assert (created, changed) == ({}, {"assignments": 1})
    assert facts == [
        classes.TeachingEnded(assignment_id=ID.of("enrollments", "e-ang-t3"), until=date(2026, 11, 20))
    ]


def test_a_delta_changes_only_what_it_lists(here: MemorySchools) -> None:
    whole = small()
    bundle = whole.delta(
        users=[dict(whole.row("users", "p4"), familyName="Zychowa")],
        results=[
            dict(whole.row("results", "R4"), score="6"),
            {"sourcedId": "R5", "status": "tobedeleted"},
            dict(whole.row("results", "R3"), sourcedId="R11", scoreStatus="fully graded", score="12"),
        ],
    )
    facts, created, changed = later(here, bundle)
    assert created == {"grades": 1}
    assert changed == {"people": 1, "grades": 2}
    assert {type(fact).__name__ for fact in facts} == {
        "PersonRenamed",
        "GradeGiven",
        "GradeCorrected",
        "GradeStruckOut",
    }


def test_a_delta_brings_a_pupil_into_known_classes(here: MemorySchools) -> None:
    whole = small()
    user(whole, "p5", "Nina", "Nowa", "student", agents="o1")
    enrol(whole, "4b-mat", "p5", "student", beginDate="2026-11-02")
    rows = {name: [whole.tables[name][-1]] for name in ("users", "roles", "enrollments")}
    facts, created, changed = later(here, whole.delta(**rows))
    assert changed == {}
    assert created == {"people": 1, "roles": 1, "parental_rights": 1, "enrolments": 1}
    (enrolled,) = [fact for fact in facts if isinstance(fact, classes.PupilEnrolled)]
    assert (enrolled.class_id, enrolled.since) == (UNIT_4B, date(2026, 11, 2))


def test_a_delta_before_anything_else_leans_on_nothing() -> None:
    here = MemorySchools()
    delta = small().delta(results=[small().row("results", "R1")])
    assert told(bring(here, delta)) == [
        "orgs.csv IMPORT.NO_SCHOOL",
        "results.csv:2:lineItemSourcedId IMPORT.UNKNOWN_REFERENCE",
        "results.csv:2:studentSourcedId IMPORT.UNKNOWN_REFERENCE",
    ]


def test_a_result_that_comes_back_is_a_grade_of_its_own(here: MemorySchools) -> None:
    without = small()
    without.drop("results", "R1")
    later(here, without)
    facts, created, _ = later(here, small())
    assert created == {"grades": 1}
    (given,) = facts
    assert isinstance(given, grades.GradeGiven)
    assert given.value == "17/20"
    assert given.grade_id != ID.of("results", "R1")
    facts, _, changed = later(here, without)
    assert changed == {"grades": 1}
    assert facts == [grades.GradeStruckOut(grade_id=given.grade_id, pupil_id=P1, reason="import")]


def test_an_assignment_that_comes_back(here: MemorySchools) -> None:
    without = small()
    without.drop("enrollments", "e-4b-mat-t1")
    later(here, without)
    facts, created, _ = later(here, small())
    assert created == {"assignments": 1}
    (begun,) = facts
    assert isinstance(begun, classes.TeachingAssigned)
    assert begun.assignment_id != ID.of("enrollments", "e-4b-mat-t1")


def test_bad_rows_that_are_skipped_end_nothing(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("results", "R1")["score"] = "x"
    bundle.row("enrollments", "e-4a-pol-p2")["role"] = "pupil"
    since = len(here.journals["sp1"].all)
    report = bring(here, bundle, skip=True)
    assert (report.accepted, here.last("sp1", since)) == (True, [])
    assert nonzero(report, "refused") == {"enrolments": 1, "grades": 1}


def next_year() -> Bundle:
    bundle = small()
    for sid, starts, ends in (
        ("Y", "2027-09-01", "2028-08-31"),
        ("T1", "2027-09-01", "2028-01-31"),
        ("T2", "2028-02-01", "2028-06-25"),
        ("G1", "2027-09-01", "2027-11-30"),
    ):
        bundle.row("academicSessions", sid).update(startDate=starts, endDate=ends, title=f"{sid} 2027/2028")
    for table in ("academicSessions", "courses", "classes", "enrollments"):
        for row in bundle.tables[table]:
            for column, value in row.items():
                if column.endswith(("sourcedId", "SourcedId", "SourcedIds")) and value:
                    row[column] = value if value[0] in "pt" or value == "S1" else _shifted(value)
    for name in ("lineItems", "results"):
        bundle.tables[name] = []
    return bundle


def _shifted(value: str) -> str:
    return ",".join(f"{part}-27" for part in value.split(","))


def test_a_file_of_the_next_year_leaves_this_one_alone(here: MemorySchools) -> None:
    since = len(here.journals["sp1"].all)
    report = bring(here, next_year(), now=datetime(2027, 9, 2, 8, 0, tzinfo=UTC))
    assert told(report) == []
    facts = here.last("sp1", since)
    assert nonzero(report, "created")["years"] == 1
    assert nonzero(report, "changed") == {}
    # The subjects are the ones the school has: the new courses bear their names.
    assert not [fact for fact in facts if isinstance(fact, school.SubjectIntroduced)]
    assert not [fact for fact in facts if isinstance(fact, classes.PupilLeft | classes.TeachingEnded)]


def test_a_year_the_school_opened_itself_is_used() -> None:
    here = MemorySchools()
    here.found("sp1")
    year = "0190a000-0000-7000-8000-000000000002"
    gives(here, school.FoundSchool(school_id="sp1", name="Nasza szkoła", short_name="NS"))
    terms = (Term(term_id="t", name="Cały rok", starts=date(2026, 9, 1), ends=date(2027, 8, 31)),)
    gives(
        here,
        school.OpenSchoolYear(
            year_id=year, name="2026/27", starts=date(2026, 9, 1), ends=date(2027, 8, 31), terms=terms
        ),
    )
    report = bring(here, small())
    assert told(report) == []
    assert nonzero(report, "unchanged") == {"schools": 1, "years": 1, "terms": 1}
    assert {fact.year_id for fact in here.facts("sp1", classes.ClassOpened)} == {year}
    (rules,) = [f.rules for f in here.facts("sp1", school.GradingRulesSet)][1:]
    assert [c.name for c in rules.categories][-1] == "Praca klasowa"
    assert len(rules.categories) == 7


def test_somebody_else_writes_at_the_same_moment(
    here: MemorySchools, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = here.journals["sp1"]
    append: Callable[..., object] = journal.append
    meanwhile = [people.RecordContactDetails(person_id=P1, email="meanwhile@example.org")]

    def interrupted(*what: object, **more: object) -> object:
        if meanwhile:
            gives(here, meanwhile.pop())
        return append(*what, **more)

    monkeypatch.setattr(journal, "append", interrupted)
    bundle = small()
    bundle.row("users", "p1")["familyName"] = "Nowa"
    report = bring(here, bundle)
    assert told(report) == []
    assert here.facts("sp1", people.PersonRenamed)[0].family_name == "Nowa"
    assert len(here.facts("sp1", people.PersonRenamed)) == 1


def test_roles_with_an_end_are_prolonged(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("roles", "r-t3")["endDate"] = "2027-06-30"
    facts, _, changed = later(here, bundle)
    t3 = ID.of("users", "t3")
    assert changed == {"roles": 1}
    assert facts == [people.RoleLeft(person_id=t3, role=Role.TEACHER, until=date(2027, 6, 30))]
    bundle.row("roles", "r-t3")["endDate"] = "2028-06-30"
    facts, _, changed = later(here, bundle)
    assert changed == {"roles": 1}
    assert facts == [
        people.RoleTaken(person_id=t3, role=Role.TEACHER, since=date(2027, 7, 1)),
        people.RoleLeft(person_id=t3, role=Role.TEACHER, until=date(2028, 6, 30)),
    ]


def test_a_deleted_user_leaves_everything(here: MemorySchools) -> None:
    row = {"sourcedId": "p2", "status": "tobedeleted", "dateLastModified": "2026-11-20"}
    facts, _, changed = later(here, small().delta(users=[row]))
    assert changed == {"roles": 1, "parental_rights": 1, "enrolments": 1, "group_members": 1}
    assert people.RoleLeft(person_id=P2, role=Role.PUPIL, until=date(2026, 11, 20)) in facts
    # Grades are history: they stay.
    assert not [fact for fact in facts if isinstance(fact, grades.GradeStruckOut)]


def test_a_delta_with_another_maximum_concerns_grades_it_does_not_list(here: MemorySchools) -> None:
    row = dict(small().row("lineItems", "L1"), resultValueMax="25")
    facts, created, changed = later(here, small().delta(lineItems=[row]))
    assert (created, changed) == ({}, {"columns": 1, "grades": 2})
    values = {(f.was, f.value) for f in facts if isinstance(f, grades.GradeCorrected)}
    assert values == {("17/20", "17/25"), ("9.5/20", "9.5/25")}


def test_two_first_imports_at_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    here = MemorySchools()
    found = here.found
    meanwhile = [small()]

    def interrupted(school_id: str) -> Register:
        if meanwhile:
            bring(here, meanwhile.pop())
        return found(school_id)

    monkeypatch.setattr(here, "found", interrupted)
    report = bring(here, small())
    assert told(report) == []
    assert (report.facts, nonzero(report, "created")) == (0, {})
    assert len(here.facts("sp1", school.SchoolFounded)) == 1
    assert bring(here, small()).facts == 0


def test_somebody_who_always_writes_first(here: MemorySchools, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = here.journals["sp1"]
    append: Callable[..., object] = journal.append
    turns = iter(range(100))

    def interrupted(*what: object, **more: object) -> object:
        turn = next(turns)
        if turn % 2 == 0:
            gives(here, people.RecordContactDetails(person_id=P1, email=f"{turn}@example.org"))
        return append(*what, **more)

    monkeypatch.setattr(journal, "append", interrupted)
    bundle = small()
    bundle.row("users", "p1")["familyName"] = "Nowa"
    report = bring(here, bundle)
    assert [fault.code for fault in report.faults] == ["COMMAND.CHANGED_MEANWHILE"]
    assert (report.accepted, report.facts) == (False, 0)
    assert here.facts("sp1", people.PersonRenamed) == []


def test_a_delta_may_speak_of_schools_it_does_not_name(here: MemorySchools) -> None:
    other = small()
    for table in other.tables.values():
        for row in table:
            for column, value in row.items():
                row[column] = "S2" if value == "S1" else "SP2" if value == "SP1" else value
    bring(here, other)
    assert here.schools() == ["sp1", "sp2"]
    delta = small().delta(
        orgs=[dict(other.row("orgs", "S2"), name="Szkoła nr 2")],
        users=[dict(small().row("users", "p4"), familyName="Zychowa")],
    )
    report = bring(here, delta)
    assert told(report) == []
    assert report.schools["sp2"].changed["schools"] == 1
    # Both schools know a user p4: it is the same file that speaks of both.
    assert [report.schools[name].changed["people"] for name in ("sp1", "sp2")] == [1, 1]
