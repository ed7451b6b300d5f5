"""What do routes beside GraphQL answer? JSON, and refusals as GraphQL tells them: code, message, field."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from graphql import GraphQLError
from starlette.responses import Response

from dziennik.contracts.refusals import Refusal
from dziennik.graphql.headers import PRIVATE
from dziennik.graphql.requests import JSON


def as_json(told: Mapping[str, object], status: int, headers: Mapping[str, str] = PRIVATE) -> Response:
    """The answer with headers that keep it private."""
    return Response(orjson.dumps(told), status, headers, JSON)


def refused(refusal: Refusal, language: str, status: int, headers: Mapping[str, str] = PRIVATE) -> Response:
    """Why not, in the asker's language."""
    told = {"code": refusal.code, "message": refusal.text(language), "field": refusal.field}
    return as_json(told, status, headers)


def not_let(fault: GraphQLError, account_id: str | None, headers: Mapping[str, str] = PRIVATE) -> Response:
    """What the table of who may says; 401: nobody is logged in."""
    told = {"code": (fault.extensions or {}).get("code"), "message": fault.message}
    return as_json(told, 401 if account_id is None else 403, headers)
