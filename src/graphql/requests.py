"""What does an HTTP request say about itself, whatever it asks for: who asks, and in which language?"""

from __future__ import annotations

from starlette.requests import HTTPConnection

from dziennik.accounts.sessions import Client
from dziennik.graphql.asker import Asker
from dziennik.graphql.context import Serving

JSON = "application/json"


def token_of(request: HTTPConnection) -> str:
    """The access token that the request carries; "": none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def asker_of(system: Serving, request: HTTPConnection) -> Asker:
    """Who sends the request, by the access token that it carries."""
    address = request.client.host if request.client else ""
    client = Client(address=address, agent=request.headers.get("user-agent", ""))
    return asker_with(system, token_of(request), client)


def asker_with(system: Serving, token: str, client: Client) -> Asker:
    """Whom an access token stands for."""
    bearer = system.accounts.sessions.bearer(token) if token else None
    if bearer is None:
        return Asker(client=client)
    return Asker(
        account_id=bearer.account_id,
        session_id=bearer.session_id,
        second_factor=bearer.second_factor,
        client=client,
    )


def language_of(request: HTTPConnection) -> str:
    """ "pl" unless the browser prefers English."""
    first = request.headers.get("accept-language", "pl").partition(",")[0].strip().lower()
    return "en" if first.startswith("en") else "pl"
