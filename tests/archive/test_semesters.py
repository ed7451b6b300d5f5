"""A school for adults archives each semester: a school year of its own, due ten days after it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dziennik.archive.editions import find_year, new_edition
from dziennik.archive.planning import ArchiveState, plans
from dziennik.contracts import classes, classification, school, streams
from tests.archive.memory import MemoryFacts
from tests.archive.sample import HEAD, Story

WINTER = school.SchoolYearOpened(
    year_id="w", name="2025/2026 semestr I", starts=date(2025, 9, 1), ends=date(2026, 1, 31)
)
SUMMER = school.SchoolYearOpened(
    year_id="s", name="2025/2026 semestr II", starts=date(2026, 2, 1), ends=date(2026, 8, 31)
)


def told() -> Story:
    """Two semesters; the first is closed on the second of February, when the other has begun."""
    story = Story()
    story.tell(
        HEAD, streams.SCHOOL, school.SchoolFounded(school_id="lo", name="LO dla dorosłych", short_name="LO")
    )
    story.tell(HEAD, streams.SCHOOL, WINTER, SUMMER)
    for class_id, year_id in (("1w", "w"), ("1s", "s")):
        opened = classes.ClassOpened(class_id=class_id, year_id=year_id, name="1", level=1)
        story.tell(HEAD, streams.unit(class_id), opened)
    moment = datetime(2026, 2, 2, 9, tzinfo=UTC)
    closed = classification.RegisterClosed(class_id="1w", on=moment.date())
    story.tell(HEAD, streams.classification("1w"), closed, at=moment)
    over = school.SchoolYearClosed(year_id="w", on=moment.date(), class_ids=("1w",))
    story.tell(HEAD, streams.SCHOOL, over, at=moment)
    later = datetime(2026, 2, 3, 9, tzinfo=UTC)
    story.tell(HEAD, streams.unit("1s"), classes.ClassRenamed(class_id="1s", name="1 b", level=1), at=later)
    return story


def test_each_semester_is_due_ten_days_after_it_ends() -> None:
    source = MemoryFacts(told().recorded)
    winter, summer = plans(source, date(2026, 2, 5))
    assert (winter.state, winter.due, winter.days_left) == (ArchiveState.DUE, date(2026, 2, 10), 5)
    assert (summer.state, summer.due) == (ArchiveState.NOT_OVER, date(2026, 9, 10))


def test_a_semesters_archive_ends_with_its_closing() -> None:
    source = MemoryFacts(told().recorded)
    made = new_edition(source, find_year(source, "2025"))
    assert [one.class_id for one in made.classes] == ["1w"]
    assert made.cut_off == source.position() - 1  # the other semester's later entry is no matter of it
    assert find_year(source, "2025/2026 semestr II") == SUMMER
