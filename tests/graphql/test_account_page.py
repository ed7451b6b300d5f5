"""The page of accounts: speaks both languages, runs nothing from elsewhere, and asks what the schema answers."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from graphql import parse, validate

from dziennik.graphql import accounts_page
from dziennik.graphql.app import create_app
from dziennik.graphql.schema import SCHEMA
from tests.graphql.conftest import Served

SCRIPT = accounts_page._SCRIPT


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(language: str) -> list[tuple[str, dict[str, str]]]:
    parser = Elements()
    parser.feed(accounts_page.page(language))
    return parser.found


def test_both_languages_say_the_same_things() -> None:
    assert accounts_page._TEXTS["pl"].keys() == accounts_page._TEXTS["en"].keys()
    assert accounts_page._WORDS["pl"].keys() == accounts_page._WORDS["en"].keys()
    used = set(re.findall(r"\bwords\.(\w+)", SCRIPT))
    assert used <= accounts_page._WORDS["pl"].keys()


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_field_has_its_label_and_every_reference_leads_somewhere(language: str) -> None:
    found = elements(language)
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {attributes.get("for") for tag, attributes in found if tag == "label"}
    fields = [a for tag, a in found if tag == "input" and a.get("type") != "radio"]
    assert [field["id"] for field in fields if field["id"] not in labelled] == []
    for name in ("aria-describedby", "aria-labelledby"):
        assert {attributes[name] for _, attributes in found if name in attributes} <= set(ids)
    assert set(re.findall(r'at\("([\w-]+)"\)', SCRIPT)) <= set(ids)
    assert ("html", {"lang": language}) in found
    assert [tag for tag, _ in found].count("h1") == 1
    passwords = [field.get("autocomplete") for field in fields if field.get("type") == "password"]
    assert set(passwords) == {"current-password", "new-password"}


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = accounts_page.page("pl")
    assert not re.search(r"(?:src|href)=|@import|url\(|innerHTML|\beval\b", page)
    assert "connect-src 'self'" in accounts_page._HEADERS["Content-Security-Policy"]


def test_what_the_page_asks_is_in_the_schema() -> None:
    """Mutations are put together from a name, its variables and what they yield."""
    asked = re.findall(r'mutate\(\s*"(\w+)",\s*(\{[^}]*\}|types),', SCRIPT)
    known = SCHEMA._schema.mutation_type
    assert known
    assert len(asked) >= 14
    for name, types in asked:
        arguments = known.fields[name].args
        for argument, kind in re.findall(r'(\w+): "([\w!]+)"', types):
            assert str(arguments[argument].type).rstrip("!") == kind.rstrip("!"), (name, argument)
    (query,) = re.findall(r"await ask\(`(\{.*?\})`\)", SCRIPT, re.DOTALL)
    assert validate(SCHEMA._schema, parse(query)) == []
    (wishes,) = re.findall(r"WISHES = `(.*?)`", SCRIPT, re.DOTALL)
    assert validate(SCHEMA._schema, parse(wishes)) == []


def test_a_worker_of_our_own_shows_what_is_pushed(served: Served) -> None:
    client = TestClient(create_app(served.system))
    answer = client.get("/push-worker.js")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "showNotification(" in answer.text
    assert "worker-src 'self'" in client.get("/account").headers["Content-Security-Policy"]
