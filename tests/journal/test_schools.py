"""Which journals are there, and how do new ones come about?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors

from dziennik.journal import schema
from dziennik.journal.journal import Appended, Journal, UnknownSchool
from dziennik.journal.journals import PROVIDER, Journals
from dziennik.journal.keyring import Keyring
from tests.journal.sample import MASTER_KEY, ZANETA, give, positions


def test_schools_are_made_and_listed(empty_database: str) -> None:
    with Journals(empty_database, keyring=Keyring(MASTER_KEY)) as journals:
        assert journals.schools() == []
        for school in ("sp-12", PROVIDER, "lo_3"):
            journals.create_school(school)
        assert journals.schools() == ["lo_3", "sp-12"]
        assert give(journals.school(PROVIDER), "account/1") == Appended(1, 1)
        assert journals.school("sp-12").position() == 0


def test_making_a_school_again_keeps_its_facts(journals: Journals, journal: Journal) -> None:
    give(journal, "a", 0, ZANETA)
    again = journals.create_school(journal.school_id)
    assert again is journal
    assert [r.fact for r in again.load("a")] == [ZANETA]
    assert give(again, "a", 1) == Appended(2, 2)


def test_many_make_the_same_school_at_once(empty_database: str) -> None:
    def make(_: int) -> Appended:
        with Journals(empty_database, keyring=Keyring(MASTER_KEY)) as journals:
            return give(journals.create_school("s1"), f"a/{_}")

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(make, range(4)))
    assert sorted(outcome.first_position for outcome in done) == [1, 2, 3, 4]


def test_an_unknown_school_is_an_error(journals: Journals) -> None:
    for school in ("nowhere", "../etc", 'x"; DROP SCHEMA public; --', ""):
        with pytest.raises(UnknownSchool):
            journals.school(school)


@pytest.mark.parametrize("school", ["", "a b", "-a", "a-", "ą", "a" * 57, 'a"b', "a/b", "a.b"])
def test_a_bad_school_id_is_an_error(journals: Journals, school: str) -> None:
    with pytest.raises(ValueError, match="not a school id"):
        journals.create_school(school)


def test_case_and_space_do_not_make_another_school(journals: Journals, journal: Journal) -> None:
    assert journals.school(f" {journal.school_id.upper()} ") is journal


def test_the_longest_school_id_keeps_its_two_schemas_apart(journals: Journals) -> None:
    one, two = journals.create_school("x" * 55 + "1"), journals.create_school("x" * 55 + "2")
    give(one, "a", 0, ZANETA)
    assert (positions(one), positions(two)) == ([1], [])


def test_without_the_right_to_make_roles_the_triggers_still_guard(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as admin:
        admin.execute("CREATE ROLE plain LOGIN PASSWORD 'x' NOCREATEROLE")
        try:
            admin.execute("GRANT CREATE ON DATABASE " + admin.info.dbname + " TO plain")
            admin.execute("SET ROLE plain")
            assert schema.ensure_roles(admin) is False
            schema.create(admin, "s1")
            admin.execute("INSERT INTO school_s1.events VALUES (1, now(), 1, 'a', 'x', '', '')")
            with pytest.raises(errors.InsufficientPrivilege, match="only ever added to"):
                admin.execute("DELETE FROM school_s1.events")
        finally:
            admin.execute("RESET ROLE")
            admin.execute("DROP OWNED BY plain CASCADE")
            admin.execute("DROP ROLE plain")
