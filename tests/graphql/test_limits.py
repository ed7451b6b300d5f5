"""A query is measured before it runs; the measure is linear, so no short text is expensive."""

from __future__ import annotations

import pytest
from graphql import parse

from dziennik.contracts.refusals import Refusal
from dziennik.graphql.limits import LIMITS, fault_in_size
from tests.graphql.conftest import Served


def bomb(levels: int) -> str:
    """Each fragment spreads the next one twice: 2^levels fields in a few hundred bytes."""
    parts = [f"fragment f{n} on Query {{ ...f{n + 1} x{n}: __typename ...f{n + 1} }}" for n in range(levels)]
    return "{ ...f0 } " + " ".join(parts) + f" fragment f{levels} on Query {{ __typename }}"


def refused(query: str) -> Refusal:
    found = fault_in_size(parse(query))
    assert isinstance(found, Refusal)
    assert found.code == "COMMAND.QUERY_TOO_LARGE"
    return found


def test_a_fragment_bomb_is_measured_exactly_without_being_spread() -> None:
    # f(n) = 2 f(n+1) + 1 with f(29) = 1, so 2^30 - 1 fields
    assert refused(bomb(LIMITS.nesting - 1)).details["found"] == str(2**LIMITS.nesting - 1)


@pytest.mark.parametrize("levels", [LIMITS.nesting, 200, 850])
def test_fragments_in_fragments_in_fragments_are_refused(levels: int) -> None:
    """Beyond some hundred levels measuring them would exceed the depth that Python can recurse to."""
    assert refused(bomb(levels)).details == {
        "what": "nesting",
        "found": str(LIMITS.nesting + 1),
        "limit": str(LIMITS.nesting),
    }


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("{" * 1 + "a{" * 15 + "b" + "}" * 15 + "}", "depth"),
        ("{ me { " + " ".join(f"a{n}: accountId" for n in range(1000)) + " } }", "fields"),
        ("{ " + " ".join(f"a{n}: me {{ accountId }}" for n in range(21)) + " }", "root fields"),
        (
            "{ ...f } fragment f on Query { " + " ".join(f"a{n}: __typename" for n in range(21)) + " }",
            "root fields",
        ),
    ],
)
def test_what_is_too_large_is_named(query: str, what: str) -> None:
    assert refused(query).details["what"] == what


def test_what_is_just_right_passes() -> None:
    fields = " ".join(f"a{n}: accountId" for n in range(LIMITS.fields - 1))
    assert fault_in_size(parse(f"{{ me {{ {fields} }} }}")) is None


def test_cycles_of_fragments_end(served: Served) -> None:
    query = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a __typename }"
    assert fault_in_size(parse(query)) is None
    assert "errors" in served.ask(query, "dir")


def test_too_many_tokens_and_too_deep_nesting_are_refused(served: Served) -> None:
    assert "errors" in served.ask("{ " + "me " * LIMITS.tokens + "}", "dir")
    assert "errors" in served.ask("{" + "a{" * 3000 + "b" + "}" * 3001, "dir")
    assert "errors" in served.ask("{ a(b: " + "[" * 3000 + "]" * 3000 + ") }", "dir")


def test_a_page_that_is_too_large_is_told_as_such(served: Served) -> None:
    """The request runs twice to tell its errors, and is not refused for having run twice."""
    query = '{ myThreads(school: "sp1", first: 700) { totalCount } }'
    assert served.code(query, "m1") == "COMMAND.PAGE_SIZE"
