"""A mother asks about a grade; the teacher answers and decides; others see what is theirs."""

from __future__ import annotations

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

ASK = {
    "classId": "4a",
    "pupilId": "p1",
    "subjectId": "maths",
    "gradeId": "g-a-maths-0",
    "text": "Czy to ocena ze sprawdzianu?",
}
LESSON = "2025-09-15.02.a-art"


def test_a_question_is_asked_answered_and_decided(served: Served, follow: Follow) -> None:
    dispute = do(served, "m1", "askAboutEntry", ASK)["id"]
    where = {"classId": "4a", "disputeId": dispute}
    follow()
    opened = '{ classDisputes(school: "sp1", classId: "4a", openOnly: true) { id text askedBy } }'
    asked = [{"id": dispute, "text": ASK["text"], "askedBy": "m1"}]
    assert served.data(opened, "t-maths")["classDisputes"] == asked
    assert served.data(opened, "t-art")["classDisputes"] == asked  # the homeroom teacher
    assert do(served, "t-maths", "answerQuestion", {**where, "text": "Tak."})["facts"] == 1
    decide = {**where, "outcome": "STANDS", "text": "Ocena zostaje."}
    assert do(served, "t-other", "decideDispute", decide)["code"] == "DISPUTES.NOT_YOURS_TO_ANSWER"
    assert do(served, "t-maths", "decideDispute", decide)["facts"] == 1
    follow()
    query = """{ pupilDisputes(school: "sp1", pupilId: "p1") {
      over outcome subjectId gradeId answers { text by } decision { text by } } }"""
    assert served.data(query, "m1")["pupilDisputes"] == [
        {
            "over": True,
            "outcome": "STANDS",
            "subjectId": "maths",
            "gradeId": "g-a-maths-0",
            "answers": [{"text": "Tak.", "by": "t-maths"}],
            "decision": {"text": "Ocena zostaje.", "by": "t-maths"},
        }
    ]
    assert served.data(opened, "dir")["classDisputes"] == []


def test_a_question_about_a_mark_is_for_the_teacher_of_the_lesson(served: Served, follow: Follow) -> None:
    about = {"classId": "4a", "pupilId": "p1", "unitId": "4a", "lessonId": LESSON, "text": "Był na lekcji."}
    dispute = do(served, "m1", "askAboutEntry", about)["id"]
    follow()
    query = '{ classDisputes(school: "sp1", classId: "4a") { subjectId lessonId } }'
    assert served.data(query, "t-art")["classDisputes"] == [{"subjectId": "art", "lessonId": LESSON}]
    assert served.data(query, "t-maths")["classDisputes"] == []
    where = {"classId": "4a", "disputeId": dispute}
    assert do(served, "m1", "withdrawQuestion", where)["facts"] == 1


def test_strangers_ask_nothing(served: Served) -> None:
    assert do(served, "p2", "askAboutEntry", ASK)["code"] == "DISPUTES.NOT_YOUR_ENTRY"
    assert do(served, "f3", "askAboutEntry", {**ASK, "pupilId": "p3"})["code"] == "DISPUTES.NOT_YOUR_ENTRY"
