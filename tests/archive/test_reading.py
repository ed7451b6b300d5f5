"""Do readers meet pupils under the numbers that they bear?"""

from __future__ import annotations

from datetime import date

from dziennik.archive.folding import fold_class_year
from dziennik.archive.readable import Names
from dziennik.contracts import streams
from dziennik.contracts.movement import PupilsRenumbered, RegisterNumber
from tests.archive.sample import HEAD, Story, tell_all


def test_numbers_are_those_of_the_register_and_the_last_renumbering_holds() -> None:
    register = fold_class_year(tell_all(), "4a", cut_off=len(tell_all()))
    assert Names(register).numbers == {"ala": "1", "zan": "2", "cma": "3"}
    numbers = tuple(
        RegisterNumber(pupil_id=pupil, number=number)
        for pupil, number in (("zan", 1), ("ala", 2), ("bob", 9))
    )
    story = Story()
    fact = PupilsRenumbered(class_id="4a", since=date(2026, 2, 1), numbers=numbers)
    story.tell(HEAD, streams.unit("4a"), fact)
    names = Names(register, story.recorded)
    assert names.numbers == {"ala": "2", "zan": "1", "cma": "3"}  # bob is of another class
    assert names.pupil("zan") == "1. Źdźbło Żaneta"
