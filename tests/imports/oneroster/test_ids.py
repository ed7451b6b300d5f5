"""Ids that are the same at every import."""

from __future__ import annotations

from uuid import uuid5

import pytest

from dziennik.contracts.streams import ID
from dziennik.imports.oneroster.ids import NAMESPACE, Ids, after, school_id_of

UUID = "b063a602-62f2-5138-8ae8-5a3759500be3"


def test_a_uuid_is_kept_in_lower_case() -> None:
    assert Ids("sp1").of("users", UUID) == UUID
    assert Ids("sp1").of("users", UUID.upper()) == UUID


def test_anything_else_becomes_a_uuid_of_school_table_and_id() -> None:
    assert Ids("sp1").of("users", "u/1 ą") == str(uuid5(NAMESPACE, "sp1/users/u/1 ą"))
    assert Ids("sp1").of("users", "u1") == Ids("sp1").of("users", "u1")
    assert len({Ids(s).of(t, "u1") for s in ("sp1", "lo") for t in ("users", "classes")}) == 4


@pytest.mark.parametrize("sourced_id", ["u/1", "44051401359", "ą", "a" * 500, UUID + "x", f"{{{UUID}}}"])
def test_every_id_may_stand_in_a_stream_name(sourced_id: str) -> None:
    assert ID.match(Ids("sp1").of("users", sourced_id))
    assert sourced_id not in Ids("sp1").of("users", sourced_id)


def test_what_follows_an_id_is_another_one_always_the_same() -> None:
    assert after(UUID, "again") == after(UUID, "again") != after(UUID, "4a")


@pytest.mark.parametrize(
    ("identifier", "name", "expected"),
    [
        ("GP", "Gabriel Pereira", "gp"),
        (None, "Szkoła Podstawowa nr 5 w Łodzi", "szkola_podstawowa_nr_5_w_lodzi"),
        ("SP-1 / Łódź", "x", "sp_1_lodz"),
        ("12345", "x", "s_12345"),
        ("—", "x", "s"),
        ("x" * 60, "x", "x" * 40),
    ],
)
def test_short_ids_of_schools(identifier: str | None, name: str, expected: str) -> None:
    assert school_id_of(identifier, name) == expected
