"""Is the plan of the demo school sound: names, days, timetable, the same everywhere?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from dziennik.demo.build import Plan, plan_of
from dziennik.demo.contract import bought
from dziennik.demo.logins import password_for
from dziennik.demo.names import BOYS, GIRLS, SURNAMES, of_woman
from dziennik.demo.school_days import breaks, easter, is_school_day, last_day_of_lessons, school_days
from dziennik.demo.sizes import FULL, SIZES, SMALL, TINY, YEAR_END, Size
from dziennik.demo.structure import Year, repeats
from dziennik.demo.timetable import slots_of
from dziennik.domain.policies.names import polish_sort_key

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1961, date(1961, 4, 2)),
        (2000, date(2000, 4, 23)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 10, 14),  # Day of National Education
        date(2025, 11, 11),
        date(2025, 12, 24),
        date(2026, 1, 6),
        date(2026, 2, 4),  # winter holidays
        date(2026, 4, 2),  # Maundy Thursday
        date(2026, 4, 7),  # the Tuesday after Easter
        date(2026, 5, 1),
        date(2026, 6, 4),  # Corpus Christi
        date(2025, 9, 6),  # a Saturday
    ],
)
def test_no_school(day: date) -> None:
    assert not is_school_day(day)


def test_school_days_of_a_year() -> None:
    days = list(school_days(date(2025, 9, 1), YEAR_END))
    assert (len(days), days[0], days[-1]) == (186, date(2025, 9, 1), date(2026, 6, 26))
    assert is_school_day(date(2026, 4, 1))
    assert is_school_day(date(2026, 4, 8))


def test_every_polish_letter_occurs_in_names() -> None:
    letters = set("".join(GIRLS + BOYS + SURNAMES).lower())
    assert set("ąćęłńóśźż") <= letters
    assert len(set(SURNAMES)) == len(SURNAMES) >= 100


def test_feminine_surnames() -> None:
    names = ["Kowalski", "Nowicki", "Zawadzki", "Konieczny", "Nowak", "Zając"]
    assert [of_woman(name) for name in names] == [
        "Kowalska", "Nowicka", "Zawadzka", "Konieczna", "Nowak", "Zając",
    ]  # fmt: skip


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_nobody_is_in_two_places_at_once(size: Size) -> None:
    plan = plan_of(size)
    for year in plan.years:
        for hours in plan.timetables[year.name].values():
            teachers: Counter[tuple[str, tuple[int, int]]] = Counter()
            classes: Counter[tuple[str, tuple[int, int]]] = Counter()
            for block in year.blocks:
                places = [hours[a.assignment_id] for a in block.assignments]
                assert all(place == places[0] for place in places)
                assert len(places[0]) == len(set(places[0])) == block.hours
                teachers.update(
                    (a.teacher.person.person_id, at) for a in block.assignments for at in places[0]
                )
                classes.update((class_id, at) for class_id in block.class_ids for at in places[0])
            assert max(teachers.values()) == 1
            assert max(classes.values()) == 1


def test_sizes() -> None:
    assert _counted(TINY) == (2, 20, 14, 1)
    assert _counted(SMALL) == (4, 104, 18, 2)
    assert _counted(FULL) == (20, 600, 50, 2)


def _counted(size: Size) -> tuple[int, int, int, int]:
    """Classes and pupils on the first day, teachers, years."""
    plan = plan_of(size)
    first = plan.years[0]
    pupils = sum(place.since == first.starts for unit in first.classes for place in unit.places)
    return len(first.classes), pupils, len(plan.people.teachers), len(plan.years)


def test_classes_move_up_and_some_pupils_change() -> None:
    first, second = plan_of(SMALL).years
    assert [unit.name for unit in first.classes] == ["4a", "4b", "6a", "7a"]
    assert [unit.name for unit in second.classes] == ["5a", "5b", "7a", "8a"]
    moved = [p for p in first.classes[0].places if p.until == date(2025, 10, 31)]
    assert [p.pupil for p in moved] == [
        p.pupil for p in first.classes[1].places if p.since == date(2025, 11, 3)
    ]
    assert {p.pupil.person.person_id for p in moved} <= _pupils(second, "5b")
    left = next(p for p in first.classes[1].places if p.until == date(2026, 3, 13))
    assert left.pupil.person.person_id not in _pupils(second, "5b") | _pupils(second, "5a")


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_register_numbers_follow_the_polish_alphabet_in_every_year(size: Size) -> None:
    for year in plan_of(size).years:
        for unit in year.classes:
            begun = [place for place in unit.places if place.since == year.starts]
            if year.starts.year == 2026:  # who repeats comes to a class that is numbered already
                begun = [place for place in begun if not repeats(place.pupil)]
            people = [place.pupil.person for place in begun]
            keys = [(polish_sort_key(one.family), polish_sort_key(one.given)) for one in people]
            assert keys == sorted(keys)
            assert [place.number for place in begun] == list(range(1, len(begun) + 1))


def test_who_fails_in_two_subjects_repeats_and_stands_at_the_end_of_the_register() -> None:
    first, second = plan_of(FULL).years
    failing = {
        unit.name: [place.pupil for place in unit.places if place.pupil.fails] for unit in first.classes
    }
    told = {name: [pupil.fails for pupil in pupils] for name, pupils in failing.items() if pupils}
    assert told == {
        **{f"{level}a": [("mat",)] for level in range(4, 8)},
        **{f"{level}c": [("mat", "pol")] for level in range(4, 9)},
    }
    for level in range(4, 9):
        unit = next(unit for unit in second.classes if unit.name == f"{level}c")
        assert (unit.places[-1].pupil, unit.places[-1].number) == (failing[unit.name][0], len(unit.places))
        if level < 8:
            assert failing[unit.name][0].person.person_id not in _pupils(second, f"{level + 1}c")


def test_homeroom_teachers_go_along_and_have_one_class() -> None:
    for size in (SMALL, FULL):
        second = plan_of(size).years[1]
        homerooms = [unit.homeroom.person.person_id for unit in second.classes]
        assert len(set(homerooms)) == len(homerooms)
        along = [unit.homeroom is unit.before.homeroom for unit in second.classes if unit.before]
        assert sum(along) > len(along) / 2


def test_breaks_are_runs_of_weekdays_without_school() -> None:
    found = breaks(date(2025, 12, 1), date(2026, 2, 28))
    assert found == [
        (date(2025, 12, 22), date(2026, 1, 1)),
        (date(2026, 1, 6), date(2026, 1, 6)),
        (date(2026, 2, 2), date(2026, 2, 13)),
    ]
    assert [last_day_of_lessons(year) for year in (2024, 2025, 2026)] == [
        date(2025, 6, 27),
        date(2026, 6, 26),
        date(2027, 6, 25),
    ]


def test_no_room_holds_two_lessons_at_once() -> None:
    plan = plan_of(FULL)
    for year in plan.years:
        table = plan.timetables[year.name][year.starts]
        rooms: Counter[tuple[str, int, int]] = Counter()
        for unit_id in {a.unit_id for a in year.assignments()}:
            for slot in slots_of(unit_id, year.assignments(), table):
                if slot.room != "hala":
                    rooms[slot.room or "", slot.weekday, slot.period] += 1
        assert max(rooms.values()) == 1


def _pupils(year: Year, name: str) -> set[str]:
    unit = next(unit for unit in year.classes if unit.name == name)
    return {place.pupil.person.person_id for place in unit.places}


def test_there_are_shared_groups_and_groups_in_each_class() -> None:
    plan: Plan = plan_of(SMALL)
    for year in plan.years:
        assert [len(group.class_ids) for group in year.shared] == [2]
        assert all({"ang0", "ang1", "wf0", "wf1"} == set(unit.groups) for unit in year.classes)
        pair = {unit.groups["wf0"].group_id for unit in year.classes[:2]}
        assert pair == {year.shared[0].group_id}


def test_passwords_differ_by_installation_and_stay() -> None:
    first = password_for("rodzic@demo", b"a" * 32)
    assert first == password_for("rodzic@demo", b"a" * 32)
    assert len({first, password_for("rodzic@demo", b"b" * 32), password_for("uczen@demo", b"a" * 32)}) == 3
    assert len(first) == 19


PROGRAM = """
from hashlib import sha256
from dziennik.demo.build import plan_of, steps_of
from dziennik.demo.sizes import TINY
import msgspec
digest = sha256()
for _, step in steps_of(plan_of(TINY)):
    named = [(command.command_name, command) for command in step.commands]
    digest.update(msgspec.json.encode([step.key, step.actor, step.at, named]))
print(digest.hexdigest())
"""


def test_the_same_commands_under_any_hash_seed_and_time_zone() -> None:
    digests = set()
    for seed, zone in (("0", "UTC"), ("1", "Pacific/Apia"), ("4711", "Europe/Warsaw")):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_the_school_has_a_contract_a_family_and_a_sponsor_buy() -> None:
    plan = plan_of(SMALL)
    sold = [
        (on, type(command).__name__)
        for year in plan.years
        for on, step in bought(plan.size, plan.years, year, plan.chance)
        for command in step.commands
    ]
    family = [(date(2025, 9, 10), "PlaceOrder"), (date(2025, 9, 12), "CreditPayment")]
    assert sold[:4] == [(date(2025, 9, 2), "SignContract"), (date(2025, 9, 9), "CreditPayment"), *family]
    assert sold[4:] == [
        (date(2026, 9, 2), "RenewContract"),
        (date(2026, 9, 9), "CreditPayment"),
        (date(2026, 9, 10), "PlaceOrder"),
        (date(2026, 9, 12), "CreditPayment"),
        (date(2026, 10, 12), "RegisterPerson"),
        (date(2026, 10, 12), "PlaceOrder"),
        (date(2026, 10, 14), "CreditPayment"),
    ]
    small = plan_of(TINY)
    assert list(bought(small.size, small.years, small.years[0], small.chance)) == []
