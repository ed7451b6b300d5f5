"""A page of the register: spliced or opened it is the same; teachers see their subjects' lessons."""

from __future__ import annotations

from dziennik.graphql.page_queries import PageLesson, PageMark
from dziennik.projections.register_pages import Content
from dziennik.projections.register_pages import PageMark as StoredMark
from tests.graphql.conftest import Served

MARK = "pupilId typeId kind minutes"
WHOLE = f"""id unitId on period assignmentId subjectId groupId teacherId insteadOf coTeachers room topic planId
  items signedBy signedAt coSigned cancelled asked marks {{ {MARK} }}"""


def query(fields: str) -> str:
    days = 'from: "2025-09-01", to: "2025-09-30"'
    return f'{{ registerPage(school: "sp1", classId: "4a", {days}) {{ classId pupils {{ pupilId number }} lessons {{ {fields} }} }} }}'


def test_a_page_shows_pupils_and_lessons_with_marks(served: Served) -> None:
    page = served.data(query(WHOLE), "dir")["registerPage"]
    assert [pupil["pupilId"] for pupil in page["pupils"]] == ["p1", "p2"]
    art, maths = page["lessons"]
    assert (art["id"], maths["id"]) == ("2025-09-15.02.a-art", "2025-09-15.02.a-maths")
    assert (maths["topic"], maths["signedBy"], maths["asked"], maths["cancelled"]) == (
        "Temat",
        "t-maths",
        2,
        None,
    )
    assert maths["marks"] == [{"pupilId": "p1", "typeId": "absent", "kind": "ABSENT", "minutes": None}]


def test_spliced_and_opened_are_the_same(served: Served) -> None:
    spliced = served.data(query(WHOLE), "dir")["registerPage"]["lessons"]
    reordered = " ".join(
        reversed(WHOLE.replace(f"marks {{ {MARK} }}", "marks{pupilId,typeId,kind,minutes}").split())
    )
    assert served.data(query(reordered), "dir")["registerPage"]["lessons"] == spliced


def test_stored_fields_are_the_schemas() -> None:
    for shown, stored in ((PageLesson, Content), (PageMark, StoredMark)):
        assert tuple(shown.__annotations__) == stored.__struct_fields__


def test_a_teacher_sees_lessons_of_own_subjects(served: Served) -> None:
    lessons = served.data(query("subjectId"), "t-maths")["registerPage"]["lessons"]
    assert lessons == [{"subjectId": "maths"}]
    assert len(served.data(query("subjectId"), "t-art")["registerPage"]["lessons"]) == 2
