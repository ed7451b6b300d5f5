"""What does a family take out about a child? Everything that it may ask in GraphQL, and nothing else.

The questions are put to the schema as the family itself would put them, so rights, dates, what is published
and what is withheld are judged in one place. Each asks for all there is: selections are made from the schema.
A question that is refused is told with its refusal, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from graphql import GraphQLNonNull, GraphQLObjectType, GraphQLOutputType, Undefined, get_named_type

from dziennik.graphql.schema import SCHEMA

PAGE: Final = 100
DEEPEST: Final = 6
# Asked of the pupil; of the pupil in a school year; of the pupil in a class.
OF_PUPIL: Final = (
    *("pupilGrades", "pupilFinalGrades", "pupilPromotions", "pupilDescriptive", "pupilStudies"),
    *("pupilMovement", "pupilRegisters", "sharedCounselling", "pupilDisputes"),
)
OF_YEAR: Final = ("pupilAttendance", "pupilBehaviour", "pupilAbsences", "pupilAbsenceAlarms", "pupilStays")
OF_CLASS: Final = ("pupilYear", "carriedGrades", "class")

# (query, variables) -> its data, or raises NotTold.
Ask = Callable[[str, Mapping[str, Any]], Any]
Answers = dict[str, Any]


class NotTold(Exception):
    """A question was refused: with this code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def all_about(ask: Ask, school: str, pupil_id: str) -> Answers:
    """Answers by the name of the question; those asked year by year or class by class are lists.

    Raises NotTold when not even the child may be asked about.
    """
    common = {"school": school, "pupilId": pupil_id}
    answers: Answers = {
        name: _asked(ask, name, common) for name in ("pupil", "school", "schoolYears", "subjects")
    }
    answers |= {name: _told(ask, name, common) for name in OF_PUPIL}
    enrolments = answers["pupil"]["enrolments"] if answers["pupil"] else []
    years = {year["id"]: year for year in answers["schoolYears"]}
    attended = [years[one] for one in dict.fromkeys(each["yearId"] for each in enrolments)]
    for name in OF_YEAR:
        answers[name] = [
            {"yearId": year["id"], "answer": _told(ask, name, {**common, **_days(year)})} for year in attended
        ]
    places = list(dict.fromkeys(each["classId"] for each in enrolments))
    for name in OF_CLASS:
        answers[name] = [
            {"classId": place, "answer": _told(ask, name, {**common, "classId": place})} for place in places
        ]
    answers["lessons"] = [
        {"classId": one["classId"], "answer": _paged(ask, "lessonJournal", _in_class(one, years, common))}
        for one in enrolments
    ]
    answers["messages"] = _messages(ask, common)
    return answers


def _days(year: Mapping[str, Any]) -> dict[str, Any]:
    return {"yearId": year["id"], "from": year["starts"], "to": year["ends"]}


def _in_class(
    enrolment: Mapping[str, Any], years: Mapping[str, Any], common: Mapping[str, Any]
) -> dict[str, Any]:
    ends = years[enrolment["yearId"]]["ends"]
    last = min(enrolment["until"] or ends, ends)
    return {**common, "classId": enrolment["classId"], "from": enrolment["since"], "to": last}


def _messages(ask: Ask, common: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The asker's own mailbox: each thread with all its messages."""
    threads = _paged(ask, "myThreads", common)
    if isinstance(threads, dict):
        return threads
    return [_thread(ask, {**common, "threadId": one["id"], "first": PAGE}) for one in threads]


def _thread(ask: Ask, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """One thread, page after page."""
    whole = page = _told(ask, "myThread", {**variables, "after": None})
    while page and len(page.get("messages", ())) == PAGE:
        page = _told(ask, "myThread", {**variables, "after": page["messages"][-1]["id"]})
        whole["messages"] += page["messages"] if page else []
    return whole


def _told(ask: Ask, name: str, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401
    try:
        return _asked(ask, name, variables)
    except NotTold as refused:
        return {"refused": refused.code, "message": str(refused)}


def _paged(ask: Ask, name: str, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """All nodes of a connection, or why not."""
    found: list[Any] = []
    after = None
    try:
        while True:
            page = _asked(ask, name, {**variables, "first": PAGE, "after": after})
            found += [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]
    except NotTold as refused:
        return {"refused": refused.code, "message": str(refused)}


def _asked(ask: Ask, name: str, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401
    query, wanted = question(name)
    given = {key: value for key, value in variables.items() if key in wanted}
    return ask(query, given)[name]


@cache
def question(name: str) -> tuple[str, frozenset[str]]:
    """A query for all that one root field tells, and the variables that it takes: those that it must be told,
    and the page."""
    root = SCHEMA._schema.query_type  # noqa: SLF001 - as the executor has it
    if root is None:
        raise TypeError("the schema has no queries")
    field = root.fields[name]
    kinds = {
        argument: kind.type
        for argument, kind in field.args.items()
        if kind.default_value is Undefined or argument in {"first", "after"}
    }
    declared = ", ".join(f"${argument}: {kind}" for argument, kind in kinds.items())
    given = ", ".join(f"{argument}: ${argument}" for argument in kinds)
    return f"query ({declared}) {{ {name}({given}) {_selection(field.type, ())} }}", frozenset(kinds)


def _selection(kind: GraphQLOutputType, inside: tuple[str, ...]) -> str:
    """All fields that need no arguments, without going round in circles."""
    named = get_named_type(kind)
    if not isinstance(named, GraphQLObjectType):
        return ""
    return f"{{ {' '.join(_fields(named, (*inside, named.name)))} }}"


def _fields(named: GraphQLObjectType, inside: tuple[str, ...]) -> Iterator[str]:
    for name, field in named.fields.items():
        if any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values()):
            continue
        below = get_named_type(field.type)
        if isinstance(below, GraphQLObjectType):
            if below.name in inside or len(inside) >= DEEPEST:
                continue
            yield f"{name} {_selection(field.type, inside)}"
        else:
            yield name
