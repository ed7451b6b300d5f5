"""Does docs/events.md tell of every fact, as it is? `python -m tools.describe_events` writes it anew."""

from __future__ import annotations

import re

import pytest
from tools.describe_events import ELSEWHERE, PLACE, STREAMS, describe

from dziennik.contracts.facts import Fact
from dziennik.contracts.registry import FACTS

DOCUMENT = PLACE.read_text("utf-8")


def test_the_catalogue_is_current() -> None:
    assert describe() == DOCUMENT


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_is_told_of_with_all_its_fields(name: str) -> None:
    fact = FACTS[name]
    told = re.search(
        rf"### {fact.__name__}\n\n`{re.escape(name)}` in `(\S+)`\n\n(.+?)(?=\n##|\Z)", DOCUMENT, re.DOTALL
    )
    assert told is not None
    fields = re.findall(r"^\| `(\w+)` \|", told.group(2), re.MULTILINE)
    assert fields == list(fact.__struct_fields__)


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.__name__)
def test_every_fact_says_what_it_means(fact: type[Fact]) -> None:
    assert fact.__doc__ is not None
    assert fact.__doc__ != Fact.__doc__
    assert fact.__doc__.strip().endswith((".", ")"))


def test_streams_are_told_for_every_context() -> None:
    assert {name.partition(".")[0] for name in FACTS} == set(STREAMS)
    assert ELSEWHERE.keys() <= FACTS.keys()


def test_personal_fields_are_marked() -> None:
    assert DOCUMENT.count("**personal**") == sum(len(fact.personal_fields) for fact in FACTS.values())
