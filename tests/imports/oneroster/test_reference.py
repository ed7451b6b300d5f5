"""The reference file: two schools, 675 pupils, 3,132 results; on a real journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dziennik.application.register import Register
from dziennik.contracts import classes, grades, people
from dziennik.contracts.streams import class_year
from dziennik.imports.oneroster.run import run_import
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from tests.imports.oneroster.importing import nonzero

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "oneroster-uci-2013.zip"

needs_file = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not here")

EVERYTHING = {
    "schools": 2,
    "years": 2,
    "terms": 4,
    "categories": 2,
    "subjects": 4,
    "people": 1367,
    "roles": 1367,
    "parental_rights": 675,
    "classes": 25,
    "enrolments": 675,
    "groups": 32,
    "group_members": 649,
    "assignments": 47,
    "columns": 141,
    "grades": 3132,
}


class Here:
    """The schools of one database."""

    def __init__(self, journals: Journals) -> None:
        self.journals = journals

    def schools(self) -> list[str]:
        return self.journals.schools()

    def found(self, school_id: str) -> Register:
        self.journals.create_school(school_id)
        return self.register(school_id)

    def register(self, school_id: str) -> Register:
        return Register(self.journals.school(school_id))


@pytest.fixture
def here(dsn: str) -> Iterator[Here]:
    journals = Journals(dsn, keyring=Keyring(bytes(32)))
    yield Here(journals)
    journals.close()


@needs_file
def test_the_reference_file(here: Here) -> None:
    dry = run_import(here, FILE, dry_run=True)
    assert nonzero(dry, "created") == EVERYTHING
    assert here.schools() == []

    report = run_import(here, FILE)
    assert report.faults == []
    assert nonzero(report, "created") == EVERYTHING
    assert here.schools() == ["gp", "ms"]
    positions = {name: here.register(name).journal.position() for name in ("gp", "ms")}
    assert report.positions == positions
    assert report.facts == sum(positions.values())
    assert report.schools["gp"].created["grades"] == 2316
    assert report.schools["ms"].created["grades"] == 816

    again = run_import(here, FILE)
    assert (again.facts, nonzero(again, "unchanged")) == (0, EVERYTHING)
    assert {name: here.register(name).journal.position() for name in ("gp", "ms")} == positions


@needs_file
def test_one_school_of_the_reference_file(here: Here) -> None:
    run_import(here, FILE, only_school="MS")
    assert here.schools() == ["ms"]
    journal = here.register("ms").journal
    counts = Counter(type(recorded.fact) for recorded in journal.read(0, 10_000))
    assert counts[people.PersonRegistered] == 471
    assert counts[classes.ClassOpened] == 9
    assert counts[classes.GroupFormed] == 9
    opened = [r.fact for r in journal.scan("year/") if isinstance(r.fact, classes.ClassOpened)]
    unit = next(fact.class_id for fact in opened if fact.name == "1a")
    given = [r.fact for r in journal.scan(class_year(unit)) if isinstance(r.fact, grades.GradeGiven)]
    assert {fact.class_id for fact in given} == {unit}
    assert all(fact.value.endswith("/20") for fact in given)
    assert counts[grades.GradeGiven] == 816
