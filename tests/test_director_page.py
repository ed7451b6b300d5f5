"""The director's page is true: every query exists, is on it, and is seen by whom it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dziennik.contracts.envelope import Role
from dziennik.graphql.schema import SCHEMA
from dziennik.graphql.scopes import Scope
from dziennik.graphql.who_may import QUERIES

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "director.md").read_text(encoding="utf-8")
ROWS = [
    (report, query, who)
    for report, queries, who in re.findall(r"^\| (.+?) \| (`.+?`) \| (.+?) \|$", PAGE, re.MULTILINE)
    for query in re.findall(r"`(\w+)`", queries)
]
OFFERED = {query for query, rule in QUERIES.items() if Role.DIRECTOR in rule}
TEACHERS = {
    Scope.SCHOOL: "teachers",
    Scope.OWN_SUBJECTS: "teachers: own subjects",
    Scope.OWN_CLASSES: "teachers: own classes",
    Scope.OWN_CARDS: "teachers: own lessons",
    Scope.OWN_WORK: "teachers: own",
    Scope.SELF: "teachers: own",
    Scope.HOMEROOM: "homeroom teacher",
}
FAMILIES = {
    (Scope.CHILD, Scope.SELF): "family",
    (Scope.CHILD_CLASS, Scope.OWN_CLASS): "family: own class",
    (Scope.CHILD_LESSONS, Scope.OWN_LESSONS): "family: own lessons",
    (Scope.SCHOOL, Scope.SCHOOL): "family: the school",
}


def test_every_query_a_director_may_ask_stands_on_the_page_once() -> None:
    named = [query for _, query, _ in ROWS]
    assert OFFERED - set(named) == set(), "a row in docs/director.md is missing"
    assert sorted(named) == sorted(OFFERED)


@pytest.mark.parametrize("query", re.findall(r"`([a-z]\w+)`", PAGE))
def test_what_the_page_names_is_in_the_schema(query: str) -> None:
    fields = SCHEMA._schema.query_type.fields if SCHEMA._schema.query_type else {}
    statistic = SCHEMA._schema.type_map["Statistic"]
    arguments = {name for field in fields.values() for name in field.args}
    assert query in fields or query in getattr(statistic, "fields", {}) or query in arguments


@pytest.mark.parametrize(("query", "who"), [(query, who) for _, query, who in ROWS])
def test_a_query_is_seen_by_whom_the_page_says(query: str, who: str) -> None:
    assert who == _in_words(query)


def test_the_page_lists_all_statistics() -> None:
    kinds = getattr(SCHEMA._schema.type_map["StatisticKind"], "values", {})
    assert set(re.findall(r"`([A-Z_]+)`", PAGE)) == set(kinds)


def _in_words(query: str) -> str:
    """Who else than the director and the auditor."""
    rule = QUERIES[query]
    if set(rule.values()) == {Scope.SELF}:
        return "everybody's own"
    if len(rule) == 6 and set(rule.values()) == {Scope.SCHOOL}:
        return "everybody"
    told = ["administrator"] if Role.ADMINISTRATOR in rule else []
    if set(rule) == {Role.DIRECTOR}:
        told.append("nobody")
    if Role.TEACHER in rule:
        told.append(TEACHERS[rule[Role.TEACHER]])
    if Role.PARENT in rule:
        told.append(FAMILIES[rule[Role.PARENT], rule[Role.PUPIL]])
    if Role.OPERATOR in rule:
        told.append("the provider")
    if Role.SPONSOR in rule:
        told.append("sponsors")
    if Role.AUDITOR not in rule:
        told.append("not the auditor")
    return "; ".join(told) or "nobody"
