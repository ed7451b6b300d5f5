"""What does an HTTP request say about itself, whatever it asks for: who asks, and in which language?"""

from __future__ import annotations

from fastapi import Request

from dziennik.graphql.context import Serving

JSON = "application/json"


def account_of(system: Serving, request: Request) -> str | None:
    """The account whose access token the request carries, or None."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return system.accounts.account_of(token.strip()) if scheme.lower() == "bearer" else None


def language_of(request: Request) -> str:
    """ "pl" unless the browser prefers English."""
    first = request.headers.get("accept-language", "pl").partition(",")[0].strip().lower()
    return "en" if first.startswith("en") else "pl"
