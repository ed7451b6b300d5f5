"""When are the pupils of a class numbered anew, and which number has who on which day?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import NO_SUCH_CLASS, OUTSIDE_YEAR, EnrolPupil
from dziennik.contracts.classification import NOT_HOMEROOM_TEACHER, YEAR_CLOSED
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.movement import (
    MOVEMENT_RULES_UNSOUND,
    NUMBERS_STAND,
    MovementRules,
    MovementRulesSet,
    PupilsRenumbered,
    RegisterNumber,
    RenumberPupils,
    SetMovementRules,
)
from dziennik.contracts.school import NO_SUCH_YEAR, SchoolYearClosed
from dziennik.domain.units import Unit, unit
from dziennik.domain.world import Entry, fold
from tests.domain.register import LAST_YEAR, LIS, NOWAK, OFFICE, PUPIL, REGISTER, SEPTEMBER, enrolled
from tests.domain.sentence import DIRECTOR, at, given

TENTH = date(2026, 9, 10)
RENUMBER = RenumberPupils(class_id="4a", since=TENTH)
# Ćma was 1 and Bóbr 2; Łoś came as 3. By the alphabet: Bóbr, Ćma, Łoś.
LOS = enrolled("4a", "los", 3, date(2026, 9, 5))
NUMBERS = tuple(
    [RegisterNumber(pupil_id=who, number=number) for number, who in enumerate(("bobr", "cma", "los"), 1)]
)
ANEW = at(streams.unit("4a"), PupilsRenumbered(class_id="4a", since=TENTH, numbers=NUMBERS))


def test_numbers_follow_the_polish_alphabet_on_command() -> None:
    for who in (OFFICE, NOWAK, DIRECTOR):
        given(REGISTER, LOS).when(RENUMBER, by=who, today=TENTH).then(ANEW)
    given(REGISTER, LOS, ANEW).when(RENUMBER, today=TENTH).nothing()


def test_only_at_the_beginning_of_the_year() -> None:
    last = date(2026, 10, 1)
    given(REGISTER).when(replace(RENUMBER, since=last), today=last).then(
        at(
            streams.unit("4a"),
            PupilsRenumbered(class_id="4a", since=last, numbers=NUMBERS[:2]),
        )
    )
    later = date(2026, 10, 2)
    given(REGISTER).when(replace(RENUMBER, since=later), today=later).refused(
        NUMBERS_STAND, "since", until=last
    )
    given(REGISTER).when(RENUMBER, today=later).refused(NUMBERS_STAND, "since")  # nor backdated
    before = replace(RENUMBER, since=date(2026, 9, 9))
    given(REGISTER, LOS, ANEW).when(before, today=TENTH).refused(NUMBERS_STAND, "since")
    given(REGISTER).when(replace(RENUMBER, since=LAST_YEAR), today=TENTH).refused(OUTSIDE_YEAR, "since")


def ruled(days: int, year_id: str = "y2026") -> Entry:
    return at(streams.SCHOOL, MovementRulesSet(year_id=year_id, rules=MovementRules(renumber_days=days)))


def test_how_long_is_the_schools_rule_of_a_year() -> None:
    fifth = date(2026, 9, 5)
    at_last = replace(RENUMBER, since=fifth)
    anew = at(streams.unit("4a"), PupilsRenumbered(class_id="4a", since=fifth, numbers=NUMBERS[:2]))
    given(REGISTER, ruled(4)).when(at_last, today=fifth).then(anew)
    given(REGISTER, ruled(3)).when(at_last, today=fifth).refused(
        NUMBERS_STAND, "since", until=date(2026, 9, 4)
    )
    given(REGISTER, ruled(3), ruled(4)).when(at_last, today=fifth).then(anew)
    first = replace(RENUMBER, since=SEPTEMBER)
    given(REGISTER, ruled(0)).when(first, today=SEPTEMBER).refused(NUMBERS_STAND, "since")


def test_the_director_sets_for_how_long() -> None:
    command = SetMovementRules(year_id="y2026", rules=MovementRules(renumber_days=14))
    given(REGISTER).when(command).then(ruled(14))
    given(REGISTER, ruled(14)).when(command).nothing()
    given(REGISTER).when(command, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(command, year_id="y1")).refused(NO_SUCH_YEAR, "year_id")
    for days in (-1, 367):
        unsound = replace(command, rules=MovementRules(renumber_days=days))
        given(REGISTER).when(unsound).refused(MOVEMENT_RULES_UNSOUND, "rules.renumber_days")
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TENTH, class_ids=("4a",)))
    given(REGISTER, closed).when(command).refused(YEAR_CLOSED, "year_id")


def test_who_may_number() -> None:
    given(REGISTER).when(RENUMBER, by=LIS, today=TENTH).refused(NOT_HOMEROOM_TEACHER, "class_id")
    given(REGISTER).when(RENUMBER, by=PUPIL, today=TENTH).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(RENUMBER, class_id="ethics"), today=TENTH).refused(NO_SUCH_CLASS, "class_id")


def state() -> Unit:
    stream = unit("4a")
    facts = [entry.fact for entry in (*REGISTER, LOS, ANEW) if entry.stream == stream.name]
    return fold(stream, facts)


def test_numbers_are_those_of_the_day() -> None:
    known = state()
    before, after = date(2026, 9, 9), TENTH
    assert [known.number_of(who, before) for who in ("cma", "bobr", "los")] == [1, 2, 3]
    assert [known.number_of(who, after) for who in ("cma", "bobr", "los")] == [2, 1, 3]
    assert known.number_of("los", SEPTEMBER) is None
    assert known.roll(None, before) == ["cma", "bobr", "los"]
    assert known.roll(None, after) == ["bobr", "cma", "los"]


def test_after_that_numbers_only_get_more() -> None:
    come = EnrolPupil(class_id="4b", pupil_id="los", since=TENTH)
    anew = PupilsRenumbered(
        class_id="4b", since=SEPTEMBER, numbers=(RegisterNumber(pupil_id="zajac", number=9),)
    )
    given(REGISTER, at(streams.unit("4b"), anew)).when(come).then(enrolled("4b", "los", 10, TENTH))
