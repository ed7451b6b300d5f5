"""The explorer: a page to try queries on, without anything from elsewhere (schools are often offline).

Keyboard: Ctrl+Enter runs. Texts in Polish and English, labels tied to fields, contrast 7:1, no motion.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from dziennik.graphql.headers import of_page

_TEXTS = {
    "pl": {
        "lang": "pl",
        "title": "Dziennik – GraphiQL",
        "login": "Login",
        "password": "Hasło",
        "enter": "Zaloguj",
        "query": "Zapytanie",
        "variables": "Zmienne (JSON)",
        "run": "Wykonaj (Ctrl+Enter)",
        "answer": "Odpowiedź",
        "schema": "Schemat",
        "nobody": "niezalogowany",
    },
    "en": {
        "lang": "en",
        "title": "Dziennik – GraphiQL",
        "login": "Login",
        "password": "Password",
        "enter": "Log in",
        "query": "Query",
        "variables": "Variables (JSON)",
        "run": "Run (Ctrl+Enter)",
        "answer": "Answer",
        "schema": "Schema",
        "nobody": "not logged in",
    },
}

_FOLDER = Path(__file__).parent / "explorer_page"
_STYLE = (_FOLDER / "explorer.css").read_text(encoding="utf-8")
_SCRIPT = (_FOLDER / "explorer.js").read_text(encoding="utf-8")
_PAGE = Template((_FOLDER / "explorer.html").read_text(encoding="utf-8"))

SAMPLE = "{\n  me { accountId identities { school familyName givenNames roles } }\n}\n"

HEADERS = of_page(_STYLE, _SCRIPT)


def page(language: str) -> str:
    """The page in Polish ("pl") or English."""
    texts = {key: escape(text) for key, text in _TEXTS[language].items()}
    return _PAGE.substitute(texts, style=_STYLE, script=_SCRIPT, sample=escape(SAMPLE))
