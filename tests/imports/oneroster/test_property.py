"""What holds of whatever is imported.

Importing it again writes nothing; a dry run tells what an import does; a delta is worth the bulk
file it abridges; a file with anything wrong in it is told so, and nothing is written.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.bundles import Bundle, enrol, line_item, result, small, taught, user
from tests.imports.memory import MemorySchools
from tests.imports.oneroster.importing import bring, nonzero, told

PUPILS = tuple(f"p{number}" for number in range(1, 9))
CODES = ("4a", "4b", "4c", "ang", "")


@st.composite
def schools(draw: st.DrawFn, version: str = "1.2") -> Bundle:
    """The small school with some more pupils, classes and results."""
    bundle = small(version)
    for pupil in PUPILS[4:]:
        agents = draw(st.sampled_from(("", "m1", "o1", "m1,o1", "a1")))
        user(bundle, pupil, "Jan", f"Żak{pupil}", "student", agents=agents)
    at_home: set[str] = set()  # nobody is in two homerooms at once
    for number in range(draw(st.integers(0, 4))):
        pupils = draw(st.lists(st.sampled_from(PUPILS), unique=True, max_size=4))
        homeroom = draw(st.booleans())
        if homeroom:
            pupils = [pupil for pupil in pupils if pupil not in at_home]
            at_home.update(pupils)
        class_id = f"c{number}"
        course = draw(st.sampled_from(("MAT", "POL", "ANG")))
        taught(bundle, class_id, course, draw(st.sampled_from(CODES)), "t1", " ".join(pupils))
        if homeroom:
            bundle.row("classes", class_id)["classType"] = "homeroom"
        if draw(st.booleans()):
            enrol(bundle, class_id, "t2", "teacher", beginDate="2026-11-02")
        line_item(bundle, f"X{number}", class_id, "Test", draw(st.sampled_from(("6", "20"))))
        for place, pupil in enumerate(pupils):
            score = draw(st.sampled_from(("", "0", "3", "5")))
            status = draw(st.sampled_from(("fully graded", "exempt", "not submitted", "submitted")))
            result(bundle, f"X{number}-{place}", f"X{number}", pupil, score, scoreStatus=status)
    return bundle


def changes(before: Bundle, after: Bundle) -> Bundle:
    """The second bundle as what differs from the first."""
    tables = {}
    for name in after.tables:
        old = {row["sourcedId"]: row for row in before.tables[name]}
        new = {row["sourcedId"]: row for row in after.tables[name]}
        rows = [row for sourced_id, row in new.items() if old.get(sourced_id) != row]
        gone = [{"sourcedId": each, "status": "tobedeleted"} for each in old if each not in new]
        if rows or gone:
            tables[name] = rows + gone
    return after.delta(**tables)


@given(st.sampled_from(("1.1", "1.2")).flatmap(lambda v: st.tuples(schools(v), schools(v))))
@settings(max_examples=30, deadline=None)
def test_again_is_nothing_and_dry_runs_tell_the_truth(bundles: tuple[Bundle, Bundle]) -> None:
    here = MemorySchools()
    for bundle in bundles:
        dry = bring(here, bundle, dry_run=True)
        done = bring(here, bundle)
        assert told(done) == []
        assert nonzero(dry, "created") == nonzero(done, "created")
        assert nonzero(dry, "changed") == nonzero(done, "changed")
        before = len(here.journals["sp1"].all)
        again = bring(here, bundle)
        assert here.last("sp1", before) == []
        assert again.facts == 0
        assert nonzero(again, "created") == nonzero(again, "changed") == {}


@given(schools(), schools())
@settings(max_examples=30, deadline=None)
def test_a_delta_is_worth_its_bulk(first: Bundle, second: Bundle) -> None:
    whole, piece = MemorySchools(), MemorySchools()
    bring(whole, first)
    since = bring(piece, first).facts
    bring(whole, second)
    delta = changes(first, second)
    if delta.tables:
        assert told(bring(piece, delta)) == []
    one, two = (set(map(repr, each.last("sp1", since))) for each in (piece, whole))
    assert (one - two, two - one) == (set(), set())
    assert bring(piece, second).facts == 0


WRONG = (
    "",
    "x",
    "2026-13-01",
    "-1",
    "1e9",
    "true",
    '"',
    "'",
    "\n",
    "ę" * 300,
    "p1",
    "tobedeleted",
    "\x0b",
    ",,",
)


@st.composite
def spoilt(draw: st.DrawFn) -> Bundle:
    """The small school with some cells, rows or bytes replaced."""
    bundle = small()
    for _ in range(draw(st.integers(1, 4))):
        table = bundle.tables[draw(st.sampled_from(sorted(bundle.tables)))]
        row = table[draw(st.integers(0, len(table) - 1))]
        row[draw(st.sampled_from(sorted(row)))] = draw(st.sampled_from(WRONG))
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(bundle.files())))
        data = bytearray(bundle.files()[name])
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 9))] = draw(st.binary(max_size=5))
        bundle.raw[name] = bytes(data)
    return bundle


@given(spoilt(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_anything_wrong_is_told_and_nothing_is_half_done(bundle: Bundle, skip: bool) -> None:
    here = MemorySchools()
    report = bring(here, bundle, skip=skip)
    assert report.as_text("pl")
    assert report.as_text("en")
    if report.accepted:
        assert skip or not report.faults
        again = bring(here, bundle, skip=skip)
        assert again.facts == 0
    else:
        assert report.faults
        assert here.schools() == []


@given(spoilt())
@settings(max_examples=40, deadline=None)
def test_a_later_file_with_anything_wrong_does_all_or_nothing(bundle: Bundle) -> None:
    here = MemorySchools()
    bring(here, small())
    before = len(here.journals["sp1"].all)
    strict = bring(here, bundle, dry_run=True)
    assert len(here.journals["sp1"].all) == before
    report = bring(here, bundle, skip=True)
    assert report.accepted or (strict.faults and len(here.journals["sp1"].all) == before)
    assert bring(here, bundle, skip=True).facts == 0


@given(spoilt())
@settings(max_examples=30, deadline=None)
def test_the_file_put_right_mends_what_was_skipped(bundle: Bundle) -> None:
    here = MemorySchools()
    first = bring(here, bundle, skip=True)
    renamed = here.schools() not in ([], ["sp1"])
    mended = bring(here, small())
    if not renamed and told(mended) != ["orgs.csv IMPORT.OTHER_SCHOOL"]:
        assert told(mended) == [], first.faults
        assert bring(here, small()).facts == 0
