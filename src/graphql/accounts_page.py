"""The page where people begin: log in, use the code of a letter, reset a password, see to their account.

Nothing comes from elsewhere; tokens live in the page's memory. Labels are tied to fields, hints described,
faults told at once and focused, contrast at least 7:1, no motion (WCAG 2.1 AA).
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from dziennik.graphql.context import Serving
from dziennik.graphql.headers import PRIVATE, of_page
from dziennik.graphql.requests import language_of

_FOLDER = Path(__file__).parent / "account_page"
_STYLE = (_FOLDER / "account.css").read_text(encoding="utf-8")
_SCRIPT = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("account.js", "push.js"))
_WORKER = (_FOLDER / "worker.js").read_text(encoding="utf-8")
_PAGE = Template((_FOLDER / "account.html").read_text(encoding="utf-8"))
_TEXTS: dict[str, dict[str, str]] = orjson.loads((_FOLDER / "texts.json").read_bytes())
_WORDS: dict[str, dict[str, str]] = orjson.loads((_FOLDER / "words.json").read_bytes())
_HEADERS = of_page(_STYLE, _SCRIPT, worker=True)
# A worker is a page of its own to a browser: it loads and asks nothing.
_WORKER_HEADERS = {**PRIVATE, "Content-Security-Policy": "default-src 'none'"}


def mount(app: FastAPI, _: Serving) -> None:
    """Add the routes."""

    @app.get("/account", include_in_schema=False)
    async def account(request: Request) -> Response:
        return HTMLResponse(page(language_of(request)), headers=_HEADERS)

    @app.get("/push-worker.js", include_in_schema=False)
    async def worker() -> Response:
        return Response(_WORKER, headers=_WORKER_HEADERS, media_type="text/javascript")


def page(language: str) -> str:
    """The page in Polish ("pl") or English."""
    texts = {key: escape(text) for key, text in _TEXTS[language].items()}
    words = orjson.dumps(_WORDS[language]).decode().replace("<", "\\u003c")
    return _PAGE.substitute(texts, lang=language, style=_STYLE, script=_SCRIPT, words=words)
