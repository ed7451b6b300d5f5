"""Is a class found by what stands on its door?"""

from __future__ import annotations

from datetime import date

import pytest
import typer

from dziennik.cli.classes import class_named
from dziennik.contracts import streams
from dziennik.contracts.classes import ClassOpened
from dziennik.contracts.school import SchoolYearOpened
from tests.projections.histories import FIRST, a_school
from tests.scanning.test_making import view_of

NEXT = date(2027, 9, 1)


def years() -> object:
    """4a of this year is A, of the next A2; only this year has 5b; both have ids of their own."""
    history = a_school()
    opened = SchoolYearOpened(year_id="Y2", name="2027/2028", starts=NEXT, ends=date(2028, 8, 31))
    history.tell(streams.SCHOOL, opened)
    history.tell(streams.unit("A2"), ClassOpened(class_id="A2", year_id="Y2", name="4a", level=4))
    return view_of(history)


@pytest.mark.parametrize(
    ("named", "day", "found"),
    [
        ("4a", FIRST, "A"),
        ("4a", NEXT, "A2"),
        ("4a", date(2030, 1, 1), "A2"),  # after all years: the latest
        ("A", NEXT, "A"),  # an id is one class, whatever the day
        ("5b", NEXT, "B"),  # no longer there this year
    ],
)
def test_a_class_is_found_by_its_name_or_id(named: str, day: date, found: str) -> None:
    assert class_named(years(), named, day) == found  # type: ignore[arg-type]


def test_a_group_of_several_classes_is_found_too() -> None:
    view = view_of(a_school())
    assert class_named(view, "angielski", FIRST) == "G"


def test_a_name_that_nothing_has_is_told_with_those_that_there_are() -> None:
    with pytest.raises(typer.BadParameter, match="są: 4a, 5b, angielski") as fault:
        class_named(view_of(a_school()), "9z", FIRST)
    assert fault.value.param_hint == "--class"
