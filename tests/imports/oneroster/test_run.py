"""The first import of a school: what becomes of the file."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from dziennik.contracts import classes, grades, people, school
from dziennik.contracts.envelope import Channel, Role
from dziennik.contracts.imports import ImportApplied, SourceRowsKept
from dziennik.contracts.people import Guardianship
from dziennik.imports.oneroster.ids import Ids
from tests.imports.bundles import Bundle, result, session, small, taught, user
from tests.imports.memory import MemorySchools
from tests.imports.oneroster.importing import bring, nonzero, told

ID = Ids("sp1")
P1, P2, P3, P4 = (ID.of("users", name) for name in ("p1", "p2", "p3", "p4"))
M1, O1 = ID.of("users", "m1"), ID.of("users", "o1")
YEAR = ID.of("academicSessions", "Y")
UNIT_4A, UNIT_4B = ID.derived("unit", f"{YEAR}/4a"), ID.derived("unit", f"{YEAR}/4b")

EVERYTHING = {
    "schools": 1,
    "years": 1,
    "terms": 2,
    "categories": 1,
    "subjects": 3,
    "people": 9,
    "roles": 9,
    "parental_rights": 3,
    "classes": 2,
    "enrolments": 4,
    "groups": 2,
    "group_members": 4,
    "assignments": 4,
    "columns": 3,
    "grades": 4,
}


@pytest.fixture
def here() -> MemorySchools:
    return MemorySchools()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_everything_is_created_and_counted(here: MemorySchools, version: str) -> None:
    report = bring(here, small(version))
    assert told(report) == []
    assert nonzero(report, "created") == EVERYTHING
    assert nonzero(report, "changed") == nonzero(report, "unchanged") == nonzero(report, "refused") == {}
    assert report.notes == {"users_without_role": 1, "results_submitted_without_score": 1}
    assert (report.accepted, report.exit_code, here.schools()) == (True, 0, ["sp1"])
    assert report.facts == len(here.facts("sp1"))


def test_the_same_file_again_changes_nothing(here: MemorySchools) -> None:
    bring(here, small())
    before = here.facts("sp1")
    report = bring(here, small())
    assert nonzero(report, "unchanged") == EVERYTHING
    assert nonzero(report, "created") == nonzero(report, "changed") == {}
    assert report.facts == 0
    assert here.facts("sp1") == before


def test_a_school_is_one_append_by_the_import(here: MemorySchools) -> None:
    report = bring(here, small())
    journal = here.journals["sp1"]
    assert len(journal.digests) == 1
    origins = {recorded.origin for recorded in journal.all}
    assert len(origins) == 1
    origin = origins.pop()
    assert (origin.actor.role, origin.actor.channel) == (Role.SYSTEM, Channel.IMPORT)
    assert origin.correlation_id == report.import_id
    assert report.positions == {"sp1": len(journal.all)}


def test_the_import_remembers_itself(here: MemorySchools) -> None:
    report = bring(here, small())
    (applied,) = here.facts("sp1", ImportApplied)
    assert (applied.import_id, applied.format, applied.format_version) == (
        report.import_id,
        "oneroster",
        "1.2",
    )
    assert applied.digest == report.digest
    assert set(applied.units) == {UNIT_4A, UNIT_4B, ID.group(ID.of("classes", "ang"))}
    tables = {fact.rows.table for fact in here.facts("sp1", SourceRowsKept)}
    assert tables == {
        "orgs",
        "academicSessions",
        "courses",
        "classes",
        "users",
        "roles",
        "enrollments",
        "categories",
        "lineItems",
    }


def test_no_sourced_id_of_a_person_is_stored(here: MemorySchools) -> None:
    bundle = small()
    for table, column in (("roles", "userSourcedId"), ("enrollments", "userSourcedId")):
        for row in bundle.tables[table]:
            row[column] = row[column].replace("p1", "44051401359")
            row["sourcedId"] = row["sourcedId"].replace("p1", "44051401359")
    bundle.row("users", "p1").update(sourcedId="44051401359", email="")
    bundle.row("demographics", "p1")["sourcedId"] = "44051401359"
    for row in bundle.tables["results"]:
        row["studentSourcedId"] = row["studentSourcedId"].replace("p1", "44051401359")
    assert told(bring(here, bundle)) == []
    stored = repr(here.facts("sp1"))
    assert "44051401359" not in stored
    kept = repr(here.facts("sp1", SourceRowsKept))
    assert not any(name in kept for name in ("Łoś", "Zofia", "example.org", "2016-02-03"))


def test_the_school_and_its_year(here: MemorySchools) -> None:
    bring(here, small())
    (founded,) = here.facts("sp1", school.SchoolFounded)
    assert (founded.school_id, founded.name, founded.short_name) == ("sp1", "Szkoła nr 1", "SP1")
    (year,) = here.facts("sp1", school.SchoolYearOpened)
    assert (year.name, year.starts, year.ends) == ("2026/2027", date(2026, 9, 1), date(2027, 8, 31))
    (terms,) = here.facts("sp1", school.TermsSet)
    assert [(term.name, term.ends) for term in terms.terms] == [
        ("Okres 1", date(2027, 1, 31)),
        ("Okres 2", date(2027, 6, 25)),
    ]
    (rules,) = here.facts("sp1", school.GradingRulesSet)
    assert [(c.name, c.symbol, c.weight) for c in rules.rules.categories] == [
        ("Praca klasowa", "PK", Decimal(3))
    ]
    assert rules.rules.thresholds


def test_people_roles_and_rights(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("users", "p1").update(middleName="Anna", sms="600")
    bring(here, bundle)
    named = {f.person_id: f for f in here.facts("sp1", people.PersonRegistered)}
    assert (named[P1].given_names, named[P1].family_name) == ("Zofia Anna", "Łoś")
    assert ID.of("users", "a1") not in named
    contacts = {f.person_id: (f.email, f.phone) for f in here.facts("sp1", people.ContactDetailsRecorded)}
    assert contacts[P1] == ("p1@example.org", "600")
    details = {f.person_id: (f.birth_date, f.sex) for f in here.facts("sp1", people.PersonalDetailsRecorded)}
    assert details[P1] == ("2016-02-03", "K")
    assert P4 not in details
    taken = {(f.person_id, f.role): f.since for f in here.facts("sp1", people.RoleTaken)}
    assert taken[P1, Role.PUPIL] == date(2026, 9, 1)
    assert taken[O1, Role.PARENT] == date(2026, 9, 1)
    rights = {
        (f.pupil_id, f.parent_id, f.guardianship) for f in here.facts("sp1", people.ParentalRightsGranted)
    }
    assert rights == {
        (P1, M1, Guardianship.PARENT),
        (P2, M1, Guardianship.PARENT),
        (P4, O1, Guardianship.GUARDIAN),
    }


def test_a_parent_may_name_the_child_instead(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("users", "p4")["agentSourcedIds"] = ""
    bundle.row("users", "o1")["agentSourcedIds"] = "p4"
    bring(here, bundle)
    rights = {(f.pupil_id, f.parent_id) for f in here.facts("sp1", people.ParentalRightsGranted)}
    assert rights == {(P1, M1), (P2, M1), (P4, O1)}


def test_pupils_stand_in_the_register_by_the_polish_alphabet(here: MemorySchools) -> None:
    bring(here, small())
    enrolled = [f for f in here.facts("sp1", classes.PupilEnrolled) if f.class_id == UNIT_4A]
    assert [(f.number, f.pupil_id) for f in enrolled] == [(1, P3), (2, P2), (3, P1)]


def test_whole_units_groups_and_interclass_groups(here: MemorySchools) -> None:
    bring(here, small())
    opened = {f.class_id: (f.name, f.level) for f in here.facts("sp1", classes.ClassOpened)}
    assert opened == {UNIT_4A: ("4a", 4), UNIT_4B: ("4b", 4)}
    pol, ang = (ID.group(ID.of("classes", name)) for name in ("4a-pol", "ang"))
    (group,) = here.facts("sp1", classes.GroupFormed)
    assert (group.class_id, group.group_id, group.name) == (UNIT_4A, pol, "4a POL")
    (inter,) = here.facts("sp1", classes.InterclassGroupFormed)
    assert (inter.group_id, set(inter.class_ids)) == (ang, {UNIT_4A, UNIT_4B})
    joined = {(f.group_id, f.pupil_id, f.class_id) for f in here.facts("sp1", classes.PupilJoinedGroup)}
    assert joined == {(pol, P1, UNIT_4A), (pol, P2, UNIT_4A), (ang, P1, UNIT_4A), (ang, P4, UNIT_4B)}
    teaching = {(f.unit_id, f.group_id, f.teacher_id) for f in here.facts("sp1", classes.TeachingAssigned)}
    t1, t2, t3 = (ID.of("users", name) for name in ("t1", "t2", "t3"))
    assert {(unit, teacher) for unit, _, teacher in teaching} == {
        (UNIT_4A, t1),
        (UNIT_4A, t2),
        (UNIT_4B, t1),
        (ang, t3),
    }
    assert (UNIT_4A, None, t1) in teaching
    assert (UNIT_4A, pol, t2) in teaching


def test_columns_and_grades(here: MemorySchools) -> None:
    bring(here, small())
    columns = {f.column_id: f for f in here.facts("sp1", grades.ColumnOpened)}
    first, marks = columns[ID.of("lineItems", "L1")], columns[ID.of("lineItems", "L2")]
    assert (first.title, first.on, first.out_of, first.weight) == (
        "Ułamki",
        date(2026, 10, 10),
        Decimal(20),
        Decimal(3),
    )
    assert marks.out_of is None
    given = {f.grade_id: f for f in here.facts("sp1", grades.GradeGiven)}
    values = {name: given[ID.of("results", name)].value for name in ("R1", "R2", "R4", "R5")}
    assert values == {"R1": "17/20", "R2": "9.5/20", "R4": "5", "R5": "8/10"}
    one = given[ID.of("results", "R1")]
    assert (one.pupil_id, one.class_id, one.comment, one.on) == (P1, UNIT_4A, "ładnie", date(2026, 10, 10))
    assert given[ID.of("results", "R5")].class_id == UNIT_4B


def test_a_score_of_another_day_keeps_its_day(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("results", "R2")["scoreDate"] = "2026-10-14"
    bring(here, bundle)
    given = {f.grade_id: f.on for f in here.facts("sp1", grades.GradeGiven)}
    assert given[ID.of("results", "R1")] == date(2026, 10, 10)
    assert given[ID.of("results", "R2")] == date(2026, 10, 14)


def test_results_without_a_score(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("results", "R3")["scoreStatus"] = "exempt"
    result(bundle, "R6", "L2", "p2", "", scoreStatus="not submitted")
    result(bundle, "R7", "L3", "p1", "", textScore="4+")
    bundle.row("lineItems", "L3")["resultValueMax"] = ""
    bundle.drop("results", "R5")
    report = bring(here, bundle)
    assert told(report) == []
    values = {f.grade_id: f.value for f in here.facts("sp1", grades.GradeGiven)}
    assert values[ID.of("results", "R3")] == "zw"
    assert values[ID.of("results", "R6")] == "np"
    assert values[ID.of("results", "R7")] == "4+"


def test_uuids_are_kept(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("categories", "K1")["sourcedId"] = "E74E94A5-D6D0-5084-A547-57509B55FA35"
    for row in bundle.tables["lineItems"]:
        row["categorySourcedId"] = "E74E94A5-D6D0-5084-A547-57509B55FA35"
    bring(here, bundle)
    (rules,) = here.facts("sp1", school.GradingRulesSet)
    assert rules.rules.categories[0].category_id == "e74e94a5-d6d0-5084-a547-57509b55fa35"


def test_a_dry_run_tells_and_writes_nothing(here: MemorySchools) -> None:
    report = bring(here, small(), dry_run=True)
    assert nonzero(report, "created") == EVERYTHING
    assert (report.accepted, report.dry_run, report.facts) == (True, True, 0)
    assert here.schools() == []


def test_a_refused_file_leaves_nothing_behind(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("results", "R1")["score"] = "21"
    bundle.row("results", "R5")["score"] = "elf"
    report = bring(here, bundle)
    assert told(report) == [
        "results.csv:2:score IMPORT.SCORE_OUT_OF_RANGE",
        "results.csv:6:score IMPORT.WRONG_NUMBER",
    ]
    assert (report.accepted, report.exit_code, here.schools()) == (False, 2, [])
    assert nonzero(report, "created") == {}
    assert nonzero(report, "refused") == {"grades": 2}


def test_what_the_rules_refuse_names_the_row(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("results", "R1")["scoreDate"] = "2027-02-01"
    result(bundle, "R9", "L3", "p3", "5")
    report = bring(here, bundle)
    assert told(report) == [
        "results.csv:2:scoreDate GRADES.GRADE_IN_FUTURE",
        "results.csv:7:studentSourcedId CLASSES.NOT_IN_GROUP",
    ]
    assert nonzero(report, "refused") == {"grades": 2}
    assert here.schools() == []


def test_bad_rows_are_skipped_with_what_leans_on_them(here: MemorySchools) -> None:
    bundle = small()
    bundle.row("results", "R1")["score"] = "21"
    bundle.row("lineItems", "L3")["dueDate"] = "10.10.2026"
    bundle.row("demographics", "p3")["birthDate"] = "06.05.2016"
    report = bring(here, bundle, skip=True)
    assert report.accepted
    assert told(report) == [
        "demographics.csv:4:birthDate IMPORT.WRONG_DATE",
        "lineItems.csv:4:dueDate IMPORT.WRONG_DATE",
        "results.csv:2:score IMPORT.SCORE_OUT_OF_RANGE",
        "results.csv:6:lineItemSourcedId IMPORT.DEPENDS_ON_FAULT",
    ]
    assert nonzero(report, "created") == EVERYTHING | {"columns": 2, "grades": 2}
    assert nonzero(report, "refused") == {"people": 1, "columns": 1, "grades": 2}
    given = {f.grade_id for f in here.facts("sp1", grades.GradeGiven)}
    assert given == {ID.of("results", "R2"), ID.of("results", "R4")}


def test_faults_of_a_whole_file_are_not_skipped(here: MemorySchools) -> None:
    bundle = small()
    bundle.raw["users.csv"] = b"\xef\xbb\xbf" + bundle.files()["users.csv"]
    bundle.row("results", "R1")["lineItemSourcedId"] = "L9"
    report = bring(here, bundle, skip=True)
    # Rows that lean on the file that cannot be read are not accused; all other faults are told.
    assert told(report) == [
        "users.csv:1 IMPORT.BYTE_ORDER_MARK",
        "results.csv:2:lineItemSourcedId IMPORT.UNKNOWN_REFERENCE",
    ]
    assert (report.accepted, here.schools()) == (False, [])


def two_schools() -> Bundle:
    bundle = small()
    bundle.add("orgs", "S2", name="Liceum", type="school", identifier="LO 2")
    bundle.add("courses", "BIO", title="Biologia", orgSourcedId="S2", schoolYearSourcedId="Y")
    taught(bundle, "1a-bio", "BIO", "1a", "t9", "p9")
    for row in bundle.tables["enrollments"][-2:]:
        row["schoolSourcedId"] = "S2"
    bundle.row("classes", "1a-bio")["schoolSourcedId"] = "S2"
    user(bundle, "t9", "Zenon", "Obcy", "teacher")
    user(bundle, "p9", "Inka", "Obca", "student")
    for sid in ("r-t9", "r-p9"):
        bundle.row("roles", sid)["orgSourcedId"] = "S2"
    return bundle


def test_two_schools_each_get_their_own(here: MemorySchools) -> None:
    report = bring(here, two_schools())
    assert told(report) == []
    assert here.schools() == ["lo_2", "sp1"]
    assert len(here.facts("lo_2", people.PersonRegistered)) == 2
    assert len(here.facts("sp1", people.PersonRegistered)) == 9
    assert report.schools["lo_2"].created["people"] == 2
    assert report.counts.created["people"] == 11


@pytest.mark.parametrize("name", ["lo_2", "LO 2", "S2"])
def test_one_school_of_two(here: MemorySchools, name: str) -> None:
    bring(here, two_schools(), school=name)
    assert here.schools() == ["lo_2"]


def test_a_school_that_is_not_in_the_file(here: MemorySchools) -> None:
    assert told(bring(here, small(), school="x")) == ["orgs.csv IMPORT.SCHOOL_NOT_IN_FILE"]


def test_a_fault_in_one_school_stops_the_other(here: MemorySchools) -> None:
    bundle = two_schools()
    bundle.row("results", "R1")["score"] = "21"
    (fault,) = bring(here, bundle).faults
    assert fault.code == "IMPORT.SCORE_OUT_OF_RANGE"
    assert here.schools() == []


def test_schools_that_would_share_an_id(here: MemorySchools) -> None:
    bundle = small()
    bundle.add("orgs", "S2", name="Inna", type="school", identifier="sp-1")
    bundle.row("orgs", "S1")["identifier"] = "SP 1"
    assert told(bring(here, bundle)) == ["orgs.csv:4:identifier IMPORT.SAME_SCHOOL_ID"]


def test_another_school_under_a_known_id(here: MemorySchools) -> None:
    bring(here, small())
    other = small()
    for table in other.tables.values():
        for row in table:
            for column, value in row.items():
                row[column] = "S7" if value == "S1" else value
    assert told(bring(here, other)) == ["orgs.csv IMPORT.OTHER_SCHOOL"]


def test_no_school_at_all(here: MemorySchools) -> None:
    bundle = Bundle(tables={"orgs": []})
    bundle.add("orgs", "D", name="Gmina", type="district")
    assert told(bring(here, bundle)) == ["orgs.csv IMPORT.NO_SCHOOL"]


def test_a_class_without_a_teacher_has_no_grades(here: MemorySchools) -> None:
    bundle = small()
    bundle.drop("enrollments", "e-ang-t3")
    assert told(bring(here, bundle)) == ["lineItems.csv:4:classSourcedId IMPORT.NO_TEACHER"]
    assert here.schools() == []


def test_a_session_without_a_parent_lies_in_the_year_of_its_days(here: MemorySchools) -> None:
    bundle = small()
    session(bundle, "Y2", "2025/2026", "schoolYear", "2025-09-01", "2026-08-31", "")
    session(bundle, "X", "Kurs", "gradingPeriod", "2026-09-01", "2026-10-01", "")
    bundle.row("classes", "ang")["termSourcedIds"] = "X"
    assert told(bring(here, bundle)) == []
    assert [f.name for f in here.facts("sp1", school.SchoolYearOpened)] == ["2026/2027"]


def test_terms_without_a_school_year_make_one(here: MemorySchools) -> None:
    bundle = small()
    bundle.drop("academicSessions", "Y")
    for sid in ("T1", "T2"):
        bundle.row("academicSessions", sid)["parentSourcedId"] = ""
    for row in bundle.tables["courses"]:
        row["schoolYearSourcedId"] = ""
    assert told(bring(here, bundle)) == []
    (year,) = here.facts("sp1", school.SchoolYearOpened)
    assert (year.name, year.starts, year.ends) == ("2026/2027", date(2026, 9, 1), date(2027, 6, 25))


def test_the_report_is_readable_and_complete(here: MemorySchools) -> None:
    bundle = small()
    for number in range(60):
        result(bundle, f"X{number}", "L1", "p1", "x")
    report = bring(here, bundle)
    text = report.as_text("pl")
    assert text.startswith("Plik odrzucono w całości: 60 błędów. Niczego nie zapisano.")
    assert (
        "results.csv:7:score: Pole score: „x” nie jest liczbą (cyfry i kropka). [IMPORT.WRONG_NUMBER]" in text
    )
    assert text.endswith("… i jeszcze 20 błędów (wszystkie: --json)")
    answer = json.loads(json.dumps(report.as_json("en")))
    assert len(answer["faults"]) == 60
    assert answer["faults"][0] == {
        "file": "results.csv",
        "line": 7,
        "column": "score",
        "code": "IMPORT.WRONG_NUMBER",
        "message": "Field score: “x” is not a number (digits and a point).",
        "value": "x",
    }
    assert answer["refused"]["grades"] == 60


def test_the_report_of_a_good_file(here: MemorySchools) -> None:
    lines = bring(here, small()).as_text("pl").splitlines()
    assert lines[0] == "Zaimportowano: sp1."
    assert "osoby                             9          0          0          0" in lines
    assert bring(here, small()).as_text("en").splitlines()[0] == "Nothing to change (sp1)."
