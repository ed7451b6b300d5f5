"""Does format 2 have a place for every fact, and are its published schemas current?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from lxml import etree
from msgspec.structs import asdict, replace
from tools.write_archive_schemas import FOLDER, SCHEMAS, facts_of_books, facts_of_class_registers

from dziennik.archive.books import write_book
from dziennik.archive.elements import element, element_name, fields_of
from dziennik.archive.entries import CONTEXTS
from dziennik.archive.exporting import validate_as
from dziennik.contracts import behaviour
from dziennik.contracts.envelope import Actor, Origin, Recorded, Role
from dziennik.contracts.facts import ERASED, Fact
from dziennik.contracts.registry import FACTS
from dziennik.contracts.values import GradeKind
from tests.contracts.samples import SAMPLES

BY = {"author": "a1", "position": "7", "recorded": "2026-09-01T06:00:00.000000Z"}
# Contexts with no entries of a class, or whose entries stand in a document of their own.
ELSEWHERE = {
    "accounts", "audits",
    "access", "archives", "cards", "imports", "people", "classes", "staff", "registers", "counselling",
    "stays", "privacy", "messages", "board", "notifications",
    "entitlement", "offers", "agreement", "purchases", "bundles", "loyalty", "invoices", "bank",
}  # fmt: skip


def recorded(fact: Fact, position: int = 7) -> Recorded:
    origin = Origin(
        command_id="c",
        actor=Actor(account="cli", role=Role.SYSTEM),
        recorded_at=datetime(2026, 9, 1, tzinfo=UTC),
    )
    return Recorded(position=position, stream="s/1", version=1, origin=origin, fact=fact)


@pytest.mark.parametrize("name", SCHEMAS)
def test_published_schemas_are_current(name: str) -> None:
    """`python -m tools.write_archive_schemas` writes them, until format 2 is released."""
    assert (FOLDER / name).read_text(encoding="utf-8") == SCHEMAS[name]()


def test_every_context_has_a_place() -> None:
    assert {name.partition(".")[0] for name in FACTS} - set(CONTEXTS) - ELSEWHERE == set()


@pytest.mark.parametrize("kind", facts_of_books(), ids=lambda kind: kind.fact_name)
def test_every_fact_is_written_and_valid(kind: type[Fact]) -> None:
    """With all of its fields: the samples fill every one."""
    fact = SAMPLES[kind.fact_name]
    out = BytesIO()
    write_book("other-register", "y1", 7, {"s/1": [recorded(fact)]}, (), out)
    validate_as(out.getvalue(), "book-1")
    assert etree.tostring(etree.fromstring(out.getvalue()), method="c14n") == out.getvalue()
    written = etree.fromstring(element(fact, BY))
    assert written.tag == element_name(kind)
    told = set(written.attrib) - set(BY) | {child.tag for child in written}
    given = {one.written for one in fields_of(kind) if getattr(fact, one.name) not in (None, one.default, ())}
    assert told == given


def test_the_facts_of_class_registers_are_among_them() -> None:
    kinds = facts_of_class_registers()
    assert set(kinds) <= set(facts_of_books())
    assert behaviour.NoteWritten in kinds


def test_erased_texts_are_marked_and_defaults_not_written() -> None:
    note = behaviour.BehaviourGradeGiven(
        class_id="4a", pupil_id="ala", kind=GradeKind.TERM_FINAL, term_id=None, mark="wz",
        on=date(2026, 1, 5), author_id=None, description=ERASED,
    )  # fmt: skip
    assert element(note, BY) == (
        '<behaviour-grade-given author="a1" class-id="4a" kind="term_final" mark="wz" on="2026-01-05" '
        'position="7" pupil-id="ala" recorded="2026-09-01T06:00:00.000000Z">\n'
        "<description><erased></erased></description>\n</behaviour-grade-given>\n"
    )
    assert asdict(replace(note, description=None))["description"] is None
    assert "description" not in element(replace(note, description=None), BY)
