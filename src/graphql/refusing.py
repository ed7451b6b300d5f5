"""How are refusals and denials told in GraphQL?

A command's refusal is a value of the schema. What may not be read is an error with a code, and says
nothing about whether the thing asked for exists.
"""

from __future__ import annotations

from graphql import GraphQLError

from dziennik.contracts.access import DENIED, NOT_LOGGED_IN
from dziennik.contracts.refusals import Reason, Refusal

NOT_YET_VISIBLE = Reason(
    "COMMAND.NOT_YET_VISIBLE",
    pl="Wpis {position} nie jest jeszcze widoczny. Spróbuj za chwilę.",
    en="The entry {position} is not visible yet. Try again in a moment.",
)
POSITION_AHEAD = Reason(
    "COMMAND.POSITION_AHEAD",
    pl="Dziennik nie ma jeszcze wpisu {position}. Podaj pozycję, którą zwróciła mutacja.",
    en="The journal has no entry {position} yet. Give the position that a mutation answered with.",
)
TOO_BUSY = Reason(
    "COMMAND.TOO_BUSY",
    pl="Zbyt wiele logowań naraz. Spróbuj za chwilę.",
    en="Too many logins at once. Try again in a moment.",
)
TOO_LARGE = Reason(
    "COMMAND.QUERY_TOO_LARGE",
    pl="Zapytanie jest za duże: {what} {found}, najwyżej {limit}.",
    en="The query is too large: {what} {found}, at most {limit}.",
)
NOT_A_REQUEST = Reason(
    "COMMAND.NOT_A_REQUEST",
    pl="To nie jest zapytanie GraphQL: {what}.",
    en="This is not a GraphQL request: {what}.",
)
PAGE_SIZE = Reason(
    "COMMAND.PAGE_SIZE",
    pl="Strona ma od 1 do {limit} pozycji.",
    en="A page has 1 to {limit} items.",
)
CURSOR_UNKNOWN = Reason(
    "COMMAND.CURSOR_UNKNOWN",
    pl="Nieznany kursor. Zacznij od początku.",
    en="Unknown cursor. Start from the beginning.",
)


class Refused(GraphQLError):
    """A refusal as a GraphQL error; `extensions.code` is the refusal's code."""

    def __init__(self, refusal: Refusal, language: str = "pl") -> None:
        extensions = {"code": refusal.code}
        if refusal.field:
            extensions["field"] = refusal.field
        super().__init__(refusal.text(language), extensions=extensions)


def denied(language: str) -> Refused:
    """No access; the same for what is foreign and what does not exist."""
    return Refused(DENIED(), language)


def not_logged_in(language: str) -> Refused:
    """There is no valid access token."""
    return Refused(NOT_LOGGED_IN(), language)
