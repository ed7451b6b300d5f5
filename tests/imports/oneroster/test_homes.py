"""To which class unit a pupil belongs (ADR 0042)."""

from __future__ import annotations

from datetime import date

import pytest

from dziennik.contracts import classes
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import RoleTaken
from dziennik.imports.oneroster.ids import Ids
from tests.imports.bundles import Bundle, enrol, small, taught, user
from tests.imports.memory import MemorySchools
from tests.imports.oneroster.importing import bring, nonzero, told

ID = Ids("sp1")


@pytest.fixture
def here() -> MemorySchools:
    return MemorySchools()


def homeroom(bundle: Bundle, code: str, teacher: str, pupils: str) -> None:
    taught(bundle, f"h-{code}", "POL", code, teacher, pupils)
    bundle.row("classes", f"h-{code}").update(classType="homeroom", title=f"Klasa {code}", grades="04")


def units(here: MemorySchools) -> dict[str, list[str]]:
    """Names of the class units with the family names of their pupils, in register order."""
    names = {f.class_id: f.name for f in here.facts("sp1", classes.ClassOpened)}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    known = {ID.of("users", f"p{number}"): f"p{number}" for number in range(1, 10)}
    for fact in here.facts("sp1", classes.PupilEnrolled):
        found[names[fact.class_id]].append(known[fact.pupil_id])
    return found


def test_the_most_common_code(here: MemorySchools) -> None:
    bundle = small()
    enrol(bundle, "4b-mat", "p3", "student")
    enrol(bundle, "ang", "p3", "student")
    taught(bundle, "4b-pol", "POL", "4b", "t2", "p3")
    assert told(bring(here, bundle)) == []
    assert units(here) == {"4a": ["p2", "p1"], "4b": ["p3", "p4"]}


def test_of_equals_the_one_that_looks_like_a_class(here: MemorySchools) -> None:
    bundle = small()
    for pupil in ("p2", "p3"):
        enrol(bundle, "ang", pupil, "student")
    assert told(bring(here, bundle)) == []
    assert units(here) == {"4a": ["p3", "p2", "p1"], "4b": ["p4"]}


def test_a_homeroom_outweighs_all_codes(here: MemorySchools) -> None:
    bundle = small()
    homeroom(bundle, "4c", "t3", "p1 p4")
    assert told(bring(here, bundle)) == []
    assert units(here) == {"4a": ["p3", "p2"], "4c": ["p1", "p4"]}
    (appointed,) = here.facts("sp1", classes.HomeroomTeacherAppointed)
    assert (appointed.class_id, appointed.teacher_id, appointed.since) == (
        ID.of("classes", "h-4c"),
        ID.of("users", "t3"),
        date(2026, 9, 1),
    )
    # No teaching is assigned in a homeroom; English is now taught to the whole of 4c.
    assert len(here.facts("sp1", classes.TeachingAssigned)) == 4


def test_a_homeroom_with_the_code_of_scheduled_classes_is_their_unit(here: MemorySchools) -> None:
    bundle = small()
    homeroom(bundle, "4a", "t1", "p1 p2 p3")
    homeroom(bundle, "4b", "t2", "p4")
    report = bring(here, bundle)
    assert told(report) == []
    assert units(here) == {"4a": ["p3", "p2", "p1"], "4b": ["p4"]}
    assert nonzero(report, "created")["homeroom_teachers"] == 2
    opened = {f.class_id: f.level for f in here.facts("sp1", classes.ClassOpened)}
    assert opened == {ID.of("classes", "h-4a"): 4, ID.of("classes", "h-4b"): 4}
    assert bring(here, bundle).facts == 0


def test_another_homeroom_teacher(here: MemorySchools) -> None:
    bundle = small()
    homeroom(bundle, "4a", "t1", "p1 p2 p3")
    bring(here, bundle)
    bundle.row("enrollments", "e-h-4a-t1")["endDate"] = "2026-11-30"
    enrol(bundle, "h-4a", "t2", "teacher")
    report = bring(here, bundle)
    assert nonzero(report, "changed") == {"homeroom_teachers": 1}
    *_, last = here.facts("sp1", classes.HomeroomTeacherAppointed)
    assert (last.teacher_id, last.since) == (ID.of("users", "t2"), date(2026, 12, 1))


def test_moving_between_homerooms_with_days(here: MemorySchools) -> None:
    bundle = small()
    homeroom(bundle, "4a", "t1", "p1 p2 p3")
    homeroom(bundle, "4b", "t2", "p4")
    bundle.row("enrollments", "e-h-4a-p3")["endDate"] = "2026-10-31"
    enrol(bundle, "h-4b", "p3", "student", beginDate="2026-11-01")
    bundle.drop("enrollments", "e-4a-mat-p3")
    bundle.drop("results", "R3")
    assert told(bring(here, bundle)) == []
    p3 = ID.of("users", "p3")
    stays = [(f.class_id, f.since) for f in here.facts("sp1", classes.PupilEnrolled) if f.pupil_id == p3]
    assert stays == [
        (ID.of("classes", "h-4a"), date(2026, 9, 1)),
        (ID.of("classes", "h-4b"), date(2026, 11, 1)),
    ]
    (left,) = here.facts("sp1", classes.PupilLeft)
    assert (left.pupil_id, left.until) == (p3, date(2026, 10, 31))


def test_who_came_later_is_enrolled_later(here: MemorySchools) -> None:
    bundle = small()
    user(bundle, "p5", "Nina", "Nowa", "student")
    bundle.row("roles", "r-p5")["beginDate"] = "2026-11-16"
    enrol(bundle, "4b-mat", "p5", "student")
    user(bundle, "p6", "Ida", "Nowa", "student")
    bundle.row("roles", "r-p6")["beginDate"] = "2026-11-16"
    enrol(bundle, "4b-mat", "p6", "student", beginDate="2026-10-01")
    assert told(bring(here, bundle)) == []
    since = {f.pupil_id: f.since for f in here.facts("sp1", classes.PupilEnrolled)}
    assert since[ID.of("users", "p5")] == date(2026, 11, 16)
    assert since[ID.of("users", "p6")] == date(2026, 10, 1)
    roles = {f.person_id: f.since for f in here.facts("sp1", RoleTaken) if f.role is Role.PUPIL}
    assert roles[ID.of("users", "p6")] == date(2026, 10, 1)


def test_an_interclass_group_that_gets_pupils_of_a_third_class(here: MemorySchools) -> None:
    bundle = small()
    bring(here, bundle)
    user(bundle, "p7", "Ola", "Trzecia", "student")
    taught(bundle, "4c-mat", "MAT", "4c", "t1", "p7")
    enrol(bundle, "ang", "p7", "student")
    report = bring(here, bundle)
    assert told(report) == []
    first, second = here.facts("sp1", classes.InterclassGroupFormed)
    assert (len(first.class_ids), len(second.class_ids)) == (2, 3)
    assert nonzero(report, "changed") == {"group_members": 2, "assignments": 1}
    assert bring(here, bundle).facts == 0


def test_classes_without_code_count_by_title(here: MemorySchools) -> None:
    bundle = small()
    for row in bundle.tables["classes"]:
        row["classCode"] = ""
    bundle.row("classes", "4a-mat")["title"] = "4a"
    assert told(bring(here, bundle)) == []
    assert set(units(here)) == {"4a", "4b MAT"}
