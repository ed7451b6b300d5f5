"""Is the archive of a class-year exact, complete, and of this class alone?"""

from __future__ import annotations

import random
import subprocess
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from dziennik.archive.entries import CONTEXTS
from dziennik.archive.exporting import NotValid, default_name, export, validate
from dziennik.archive.folding import HANDLERS, NoSuchClassYear, fold_class_year
from dziennik.archive.formats import NAMESPACE, file_name, schema_file
from dziennik.archive.writing import write
from dziennik.contracts import attendance, grades, lessons, people, school
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED
from dziennik.contracts.registry import FACTS
from tests.archive.sample import GOLDEN, from_lines, tell_all, to_lines
from tests.archive.test_format_2 import ELSEWHERE
from tests.checkers import needs_xmllint

R = {"r": NAMESPACE}
FACTS_FILE, XML_FILE = GOLDEN / "class-year-1.facts.jsonl", GOLDEN / "class-year-1.xml"


def written(recorded: list[Recorded], cut_off: int | None = None, class_id: str = "4a") -> bytes:
    out = BytesIO()
    write(fold_class_year(recorded, class_id, cut_off=cut_off or len(recorded)), out)
    return out.getvalue()


def found(data: bytes, path: str) -> list[str]:
    answer = etree.fromstring(data).xpath(path, namespaces=R)
    assert isinstance(answer, list)
    return [str(one) for one in answer]


def test_the_golden_facts_are_the_sample() -> None:
    """As they were stored then: optional fields that facts got later are not in the file."""
    assert from_lines(FACTS_FILE.read_bytes()) == tell_all()
    assert from_lines(to_lines(tell_all())) == tell_all()


def test_the_golden_facts_give_the_golden_archive() -> None:
    assert written(from_lines(FACTS_FILE.read_bytes())) == XML_FILE.read_bytes()


def test_the_golden_archive_is_canonical_and_valid() -> None:
    data = XML_FILE.read_bytes()
    assert etree.tostring(etree.fromstring(data), method="c14n") == data
    validate(data)


@needs_xmllint
def test_xmllint_accepts_the_golden_archive() -> None:
    command = ["xmllint", "--noout", "--nonet", "--schema", str(schema_file()), str(XML_FILE)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_the_order_in_which_facts_arrive_does_not_matter() -> None:
    recorded = tell_all()
    random.Random(1).shuffle(recorded)
    assert written(recorded) == XML_FILE.read_bytes()


def test_nothing_of_others_is_in_it() -> None:
    data = XML_FILE.read_text(encoding="utf-8")
    assert "OBC" not in data  # the other class, its pupil, lesson and subject; the other year's term
    assert "OPIEKUN" not in data  # rights that ended before the year began
    assert "15230412345" not in data  # no PESEL in a class register
    assert "secret@teacher" not in data


def test_facts_of_other_classes_change_nothing() -> None:
    without = [r for r in tell_all() if not r.stream.startswith("year/4b/")]
    assert written(without, cut_off=len(tell_all())) == XML_FILE.read_bytes()


def test_a_pupil_of_another_class_does_not_show_in_the_shared_group() -> None:
    other = written(tell_all(), class_id="4b")
    assert found(other, "//r:pupil/@id") == ["bob"]
    assert found(other, "//r:lesson/@unit") == ["4b", "wf4"]
    assert found(other, "//r:roll/text()") == ["p1"]
    assert found(other, "//r:absence/@pupil") == ["bob"]
    assert b"zan" not in other


def test_the_cut_off_is_respected() -> None:
    recorded = tell_all()
    corrected = next(r for r in recorded if r.fact.fact_name == "grades.grade_corrected.1")
    before, after = written(recorded, corrected.position - 1), written(recorded, corrected.position)
    path = "//r:grade[@id='g3']/@value"
    assert (found(before, path), found(after, path)) == (["5"], ["5-"])
    assert found(after, "//r:grade[@id='g3']/@given") == ["5"]
    assert found(before, "/*/@cut-off") == [str(corrected.position - 1)]
    later = recorded[: corrected.position - 1]
    assert written(later, corrected.position - 1) == before


def test_every_cut_off_after_the_class_was_opened_gives_a_valid_archive() -> None:
    recorded = tell_all()
    opened = next(r.position for r in recorded if r.stream == "year/4a/register")
    for cut_off in range(opened, len(recorded) + 1):
        data = written(recorded, cut_off)
        assert etree.tostring(etree.fromstring(data), method="c14n") == data
        validate(data)


def test_a_class_that_is_not_there_yet_is_told() -> None:
    with pytest.raises(NoSuchClassYear):
        fold_class_year(tell_all(), "4a", cut_off=10)
    with pytest.raises(NoSuchClassYear):
        fold_class_year(tell_all(), "4z", cut_off=10_000)


def test_numbers_come_with_their_explanation() -> None:
    data = XML_FILE.read_bytes()
    book = "//r:pupil-grades[@pupil='ala' and @subject='mat']/r:average[not(@term)]"
    # 4 x 3 + 4.75 x 3 over 6: the 2+ is improved, the 1 struck out.
    assert found(data, f"{book}/@value") == ["4.38"]
    assert found(data, f"{book}/r:included/@grade") == ["g2", "g3"]
    assert found(data, f"{book}/r:included/@number") == ["4", "4.75"]
    assert found(data, f"{book}/r:excluded/@reason") == ["improved", "struck_out"]
    assert found(data, "//r:pupil-attendance[@pupil='zan']/r:percentage/@value") == ["66.7", "50.0", "100.0"]
    assert found(data, "//r:pupil-attendance[@pupil='ala']/r:percentage[@term='o2']/@value") == []


def test_erased_people_are_marked_and_everything_else_stays() -> None:
    def erased(each: Recorded) -> Recorded:
        fact = each.fact
        if getattr(fact, fact.person_field or "", None) != "zan":
            return each
        lost = {name: ERASED for name in fact.personal_fields if getattr(fact, name) is not None}
        return msgspec.structs.replace(each, fact=msgspec.structs.replace(fact, **lost))

    data = written([erased(each) for each in tell_all()])
    validate(data)
    assert etree.tostring(etree.fromstring(data), method="c14n") == data
    assert ERASED not in data.decode()
    assert "Źdźbło" not in data.decode()
    assert found(data, "//r:pupil[r:name/r:erased and r:details/r:erased]/@id") == ["zan"]
    assert found(data, "//r:grade[*/r:erased]/@id") == ["g5"]
    assert found(data, "//r:corrected[count(.//r:erased)=2]/@reason") == ["styl"]
    assert found(data, "//r:pupil[@id='zan']/r:enrolled/@number") == ["2"]
    assert found(data, "//r:pupil-grades[@pupil='zan']/r:grade/@id") == ["g5", "g6"]


def test_contacts_may_be_erased_alone() -> None:
    def erased(each: Recorded) -> Recorded:
        if not isinstance(each.fact, people.ContactDetailsRecorded):
            return each
        return msgspec.structs.replace(each, fact=msgspec.structs.replace(each.fact, email=ERASED))

    data = written([erased(each) for each in tell_all()])
    validate(data)
    assert found(data, "//r:parent[r:contact/r:erased]/@id") == ["mama"]
    assert found(data, "//r:parent[@id='mama']/r:name/r:family-name/text()") == ["Kowalska"]


def test_every_fact_of_the_language_is_archived_or_left_out_on_purpose() -> None:
    left_out = {
        people.RoleTaken,  # what somebody is to the school, not to the class
        people.RoleLeft,
        attendance.RollPrefilled,  # where marks came from; the marks are there
        people.AccountLinked,  # how somebody logs in
        grades.ColumnPublicationSet,  # when families saw grades, not which
        lessons.CoTeacherRecorded,  # format 1 knows one teacher of a lesson, and signatures of any
        school.SchoolYearClosed,  # when, not what: the cut-off position follows from it
    }
    # No part of format 1; format 2 has what concerns the class (tests/archive/test_format_2.py).
    elsewhere = (set(CONTEXTS) | ELSEWHERE) - {
        "school",
        "people",
        "classes",
        "lessons",
        "attendance",
        "grades",
    }
    unknown = {
        fact
        for fact in FACTS.values()
        if fact not in HANDLERS and fact not in left_out and fact.fact_name.partition(".")[0] not in elsewhere
    }
    assert unknown == set()


def test_tampering_breaks_the_schema() -> None:
    data = XML_FILE.read_bytes()
    for old, new in (
        (b'pupil="zan"', b'pupil="bob"'),  # a pupil who is not in the register
        (b'kind="absent"', b'kind="away"'),
        (b'author="a3"', b'author="a9"'),
        (b'format="1"', b'format="2"'),
        (b'improves="g1"', b'improves="g0"'),
        (b"<columns>\n", b"<columns>x\n"),
        (b'birth-date="2015-03-04"', b'birth-date="2015-02-30"'),
    ):
        assert old in data
        with pytest.raises(NotValid):
            validate(data.replace(old, new, 1))


def test_a_file_is_put_whole_with_its_digest(tmp_path: Path) -> None:
    register = fold_class_year(tell_all(), "4a", cut_off=len(tell_all()))
    target = tmp_path / "new folder" / "ż.xml"
    done = export(register, target)
    assert target.read_bytes() == XML_FILE.read_bytes()
    assert (done.pupils, done.lessons, done.grades, done.size) == (3, 4, 6, len(XML_FILE.read_bytes()))
    assert [p.name for p in target.parent.iterdir()] == ["ż.xml"]
    assert export(register, target).sha256 == done.sha256


def test_a_fault_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "old.xml"
    target.write_bytes(b"old")
    register = fold_class_year(tell_all(), "4a", cut_off=len(tell_all()))
    register.class_id = "not an id"
    with pytest.raises(NotValid):
        export(register, target)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("old.xml", b"old")]


def test_names_of_files_are_plain() -> None:
    register = fold_class_year(tell_all(), "4a", cut_off=len(tell_all()))
    assert default_name(register) == f"sp5_2025-2026_4a_class-register-1_at-{len(tell_all())}.xml"
    assert file_name("zsp", "2025/2026", 'IV "Żółć"/../ł', 7) == (
        "zsp_2025-2026_iv-zolc-l_class-register-1_at-7.xml"
    )


NASTY = "\"&<>'\r\n\t ą\u0301😀]]>%s"


def test_whatever_texts_the_facts_hold_the_document_is_canonical() -> None:
    """Even ids, which commands keep plain: the writer must not depend on who wrote the facts."""

    def nasty(each: Recorded) -> Recorded:
        fact = each.fact
        kept = ("lesson_id", "subject_id", "grade_id", "pupil_id", "year_id", "group_id", "class_id")
        texts = {
            name: NASTY + name
            for name in fact.__struct_fields__
            if type(getattr(fact, name)) is str and name not in (*kept, "assignment_id")
        }
        return msgspec.structs.replace(each, fact=msgspec.structs.replace(fact, **texts))

    data = written([nasty(each) for each in tell_all()])
    assert etree.tostring(etree.fromstring(data), method="c14n") == data
    assert found(data, "//r:topic/text()")[0] == NASTY + "topic"
    assert found(data, "//r:signed/@teacher") == [NASTY + "teacher_id"]
    assert found(data, "//r:grade[@id='g1']/@given") == [NASTY + "value"]
