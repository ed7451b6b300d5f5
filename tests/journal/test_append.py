"""What does an append write, and when does it write nothing?"""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from dziennik.contracts.facts import Fact
from dziennik.journal.journal import Appended, CommandReused, Journal, VersionConflict
from dziennik.journal.journals import Journals
from tests.journal.sample import (
    MORNING,
    PUPIL,
    STRUCK_OUT,
    TEACHER,
    ZANETA,
    draft,
    give,
    grade,
    origin,
    positions,
)


def test_facts_of_a_new_stream_come_back_as_they_went_in(journal: Journal) -> None:
    given = origin("c1")
    assert journal.append([draft("person/p1", 0, ZANETA, PUPIL)], given) == Appended(1, 2)
    first, second = journal.load("person/p1")
    assert (first.position, first.stream, first.version, first.fact) == (1, "person/p1", 1, ZANETA)
    assert (second.position, second.stream, second.version, second.fact) == (2, "person/p1", 2, PUPIL)
    assert first.origin == second.origin == given
    assert first.origin.actor == TEACHER
    assert first.origin.recorded_at == MORNING


def test_several_streams_of_one_command_stand_in_the_order_given(journal: Journal) -> None:
    give(journal, "b", 0)
    done = journal.append([draft("b", 1, grade(1), grade(2)), draft("a", 0, grade(3))], origin())
    assert done == Appended(2, 4)
    assert [(r.position, r.stream, r.version) for r in journal.read(1)] == [
        (2, "b", 2),
        (3, "b", 3),
        (4, "a", 1),
    ]


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_stream_at_another_version_is_a_conflict(journal: Journal, expected: int) -> None:
    give(journal, "a", 0, grade(1), grade(2))
    with pytest.raises(VersionConflict) as conflict:
        journal.append([draft("b", 0, PUPIL), draft("a", expected, PUPIL)], origin("lost"))
    assert (conflict.value.stream, conflict.value.expected, conflict.value.actual) == ("a", expected, 2)
    assert positions(journal) == [1, 2]
    assert journal.outcome("lost") is None
    assert give(journal, "b") == Appended(3, 3)


def test_a_consulted_stream_at_another_version_is_a_conflict(journal: Journal) -> None:
    give(journal, "class", 0)
    journal.append([draft("a", 0, PUPIL)], origin(), guards={"class": 1, "nobody": 0})
    give(journal, "class", 1)
    with pytest.raises(VersionConflict, match="stream class is at version 2, not 1"):
        journal.append([draft("a", 1, PUPIL)], origin(), guards={"class": 1, "nobody": 0})
    with pytest.raises(VersionConflict, match="stream class is at version 2, not 0"):
        journal.append([draft("a", 1, PUPIL)], origin(), guards={"class": 0})
    assert positions(journal) == [1, 2, 3]


def test_a_guard_on_a_written_stream_must_agree_with_it(journal: Journal) -> None:
    assert journal.append([draft("a", 0, PUPIL)], origin(), guards={"a": 0}) == Appended(1, 1)
    with pytest.raises(VersionConflict):
        journal.append([draft("a", 1, PUPIL)], origin(), guards={"a": 0})
    assert positions(journal) == [1]


def test_a_repeated_command_gets_its_first_outcome(journal: Journal) -> None:
    drafts = [draft("a", 0, grade(1, comment="dobra praca"))]
    assert journal.append(drafts, origin("c1")) == Appended(1, 1)
    give(journal, "a", 1)
    assert journal.append(drafts, origin("c1", minutes=5)) == Appended(1, 1, repeated=True)
    assert journal.outcome("c1") == Appended(1, 1)
    assert positions(journal) == [1, 2]


def test_a_command_id_with_another_content_is_refused(journal: Journal) -> None:
    journal.append([draft("a", 0, grade(1))], origin("c1"))
    with pytest.raises(CommandReused):
        journal.append([draft("a", 1, grade(2))], origin("c1"))
    assert positions(journal) == [1]


def test_a_callers_digest_decides_what_is_the_same_command(journal: Journal) -> None:
    journal.append([draft("a", 0, grade(1))], origin("c1"), digest=b"request")
    again = journal.append([draft("a", 1, grade(2))], origin("c1"), digest=b"request")
    assert again == Appended(1, 1, repeated=True)
    assert journal.outcome("c1", digest=b"request") == Appended(1, 1)
    with pytest.raises(CommandReused):
        journal.outcome("c1", digest=b"another")
    with pytest.raises(CommandReused):
        journal.append([draft("a", 1, grade(1))], origin("c1"), digest=b"another")


def test_an_unknown_command_has_no_outcome(journal: Journal) -> None:
    give(journal, "a")
    assert journal.outcome("c1") is None


def test_ten_thousand_facts_are_one_append(journal: Journal) -> None:
    facts = [grade(number) for number in range(10_000)]
    assert journal.append([draft("a", 0, *facts)], origin()) == Appended(1, 10_000)
    assert [recorded.fact for recorded in journal.load("a")] == facts
    streams = [draft(f"s/{number}", 0, PUPIL) for number in range(10_000)]
    assert journal.append(streams, origin()) == Appended(10_001, 20_000)
    assert positions(journal) == list(range(1, 20_001))


@pytest.mark.parametrize("stream", ["", "/a", "a/", "a//b", "a b", "ą", "a\x00", "a%", "a" * 501])
def test_a_bad_stream_name_is_an_error(journal: Journal, stream: str) -> None:
    with pytest.raises(ValueError, match="stream name"):
        give(journal, stream)
    assert positions(journal) == []


def test_nothing_to_write_is_an_error(journal: Journal) -> None:
    for drafts in ([], [draft("a", 0)], [draft("a", 0, PUPIL), draft("a", 1, PUPIL)]):
        with pytest.raises(ValueError, match=r"nothing to write|two drafts"):
            journal.append(drafts, origin())
    assert positions(journal) == []


def test_a_time_without_a_zone_is_an_error(journal: Journal) -> None:
    naive = msgspec.structs.replace(origin(), recorded_at=datetime(2026, 9, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        journal.append([draft("a", 0, PUPIL)], naive)


def test_an_unregistered_fact_is_an_error(journal: Journal) -> None:
    class Rumour(Fact, frozen=True):
        fact_name = "school.rumour.1"
        text: str

    with pytest.raises(TypeError, match="Rumour is not a registered fact"):
        give(journal, "a", 0, Rumour(text="?"))
    assert positions(journal) == []


def test_schools_do_not_see_each_other(journal: Journal, journals: Journals) -> None:
    other = journals.create_school(f"{journal.school_id}-2")
    give(journal, "a", 0, STRUCK_OUT)
    assert give(other, "a", 0, PUPIL) == Appended(1, 1)
    assert [recorded.fact for recorded in other.load("a")] == [PUPIL]
    assert [recorded.fact for recorded in journal.load("a")] == [STRUCK_OUT]
