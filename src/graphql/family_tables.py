"""How do a family's answers look as tables, to read and in spreadsheets? In Polish, as a school's papers.

What has no table here is in the JSON all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from dziennik.archive.readable import NOTHING, Readable, Section, Table
from dziennik.archive.reading_lessons import KINDS, STATES
from dziennik.contracts.values import AttendanceKind
from dziennik.graphql.family_questions import Answers

DAYS: Final = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
_NOTES: Final = {"POSITIVE": "pozytywna", "NEUTRAL": "neutralna", "NEGATIVE": "negatywna"}
_EXCUSES: Final = {
    "OPEN": "czeka",
    "ACCEPTED": "przyjęte",
    "REJECTED": "odrzucone",
    "WITHDRAWN": "wycofane",
}
Row = tuple[str, ...]


# Of each table: title, headings, proportions of columns.
_SHAPES: Final[Mapping[str, tuple[str, Row, tuple[int, ...]]]] = {
    "oceny": (
        "Oceny bieżące",
        ("Przedmiot", "Dzień", "Ocena", "Waga", "Opis", "Komentarz", "Zmiany", "Wykreślenie"),
        (4, 2, 1, 1, 4, 4, 4, 3),
    ),
    "oceny-klasyfikacyjne": ("Oceny klasyfikacyjne", ("Przedmiot", "Rok szkolny", "Ocena"), (4, 2, 3)),
    "frekwencja": (
        "Frekwencja",
        ("Dzień", "Godzina", "Przedmiot", "Wpis", "Minuty", "Było"),
        (2, 1, 4, 3, 1, 3),
    ),
    "lekcje": ("Lekcje", ("Dzień", "Godzina", "Przedmiot", "Temat", "Stan"), (2, 1, 4, 8, 2)),
    "uwagi": ("Uwagi", ("Dzień", "Rodzaj", "Treść", "Punkty", "Wykreślenie"), (2, 2, 8, 1, 3)),
    "usprawiedliwienia": ("Usprawiedliwienia", ("Od", "Do", "Treść", "Stan"), (2, 2, 8, 2)),
    "plan-lekcji": (
        "Plan lekcji",
        ("Oddział", "Dzień", "Godzina", "Przedmiot", "Nauczyciel", "Sala"),
        (2, 2, 1, 4, 4, 1),
    ),
    "wiadomosci": (
        "Wiadomości",
        ("Wysłano", "Temat", "Od", "Do", "Treść", "Załączniki"),
        (2, 3, 3, 3, 8, 3),
    ),
}


def tables(answers: Answers) -> dict[str, Table]:
    """Tables by the name of their file."""
    subjects = {one["id"]: one["name"] for one in answers["subjects"]}

    def subject(subject_id: str | None) -> str:
        return str(subjects.get(subject_id or "", subject_id or NOTHING))

    finals = _list(answers["pupilFinalGrades"])
    rows: dict[str, Iterator[Row]] = {
        "oceny": _grades(answers["pupilGrades"], subject),
        "oceny-klasyfikacyjne": ((subject(one["subjectId"]), one["year"], one["value"]) for one in finals),
        "frekwencja": _marks(answers["pupilAttendance"], subject),
        "lekcje": _lessons(answers["lessons"], subject),
        "uwagi": _notes(answers["pupilBehaviour"]),
        "usprawiedliwienia": _excuses(answers["pupilAbsences"]),
        "plan-lekcji": _timetable(answers["class"], subject),
        "wiadomosci": _messages(answers["messages"]),
    }
    return {
        name: Table(title, head, list(rows[name]), widths) for name, (title, head, widths) in _SHAPES.items()
    }


def page(answers: Answers, made: Mapping[str, Table], notes: Sequence[str]) -> Readable:
    """All tables as one document."""
    pupil = answers["pupil"]
    sections = [
        Section(name, table.caption, () if table.rows else ("Nic tu nie ma.",), [table])
        for name, table in made.items()
    ]
    title = f"{pupil['givenNames']} {pupil['familyName']}"
    return Readable(title, [answers["school"]["name"], *notes], sections)


def _list(answer: Any) -> list[Any]:  # noqa: ANN401 - whatever JSON holds
    """The rows of an answer; none of one that was refused."""
    return answer if isinstance(answer, list) else []


def _each(answers: list[dict[str, Any]], part: str) -> Iterator[dict[str, Any]]:
    """A part of answers that were asked year by year or class by class."""
    for one in answers:
        yield from _list((one["answer"] or {}).get(part))


def _grades(cells: Any, subject: Callable[[str | None], str]) -> Iterator[Row]:  # noqa: ANN401
    for cell in _list(cells):
        for one in cell["grades"]:
            changes = "; ".join(f"{each['was']} → {each['now']}: {each['reason']}" for each in one["changes"])
            struck = one["struckOut"]["reason"] if one["struckOut"] else ""
            texts = (one["description"] or "", one["comment"] or "", changes, struck)
            yield (subject(cell["subjectId"]), one["on"], one["value"], str(one["weight"]), *texts)


def _marks(answers: list[dict[str, Any]], subject: Callable[[str | None], str]) -> Iterator[Row]:
    for one in _each(answers, "marks"):
        was = ", ".join(_kind(kind) for kind in one["was"])
        minutes = "" if one["minutes"] is None else str(one["minutes"])
        yield (one["on"], str(one["period"]), subject(one["subjectId"]), _kind(one["kind"]), minutes, was)


def _kind(name: str) -> str:
    return KINDS[AttendanceKind[name]]


def _lessons(answers: list[dict[str, Any]], subject: Callable[[str | None], str]) -> Iterator[Row]:
    for place in answers:
        for one in _list(place["answer"]):
            state = STATES.get(one["state"].lower(), one["state"])
            yield (one["on"], str(one["period"]), subject(one["subjectId"]), one["topic"] or "", state)


def _notes(answers: list[dict[str, Any]]) -> Iterator[Row]:
    for one in _each(answers, "notes"):
        points = "" if one["points"] is None else str(one["points"])
        struck = one["struckOut"]["reason"] if one["struckOut"] else ""
        yield (one["on"], _NOTES.get(one["kind"], one["kind"]), one["text"], points, struck)


def _excuses(answers: list[dict[str, Any]]) -> Iterator[Row]:
    for one in _each(answers, "excuses"):
        scope = one["scope"]
        yield (scope["starts"], scope["ends"], one["text"], _EXCUSES.get(one["state"], one["state"]))


def _timetable(answers: list[dict[str, Any]], subject: Callable[[str | None], str]) -> Iterator[Row]:
    for place in answers:
        unit = place["answer"] or {}
        taught = {one["id"]: one for one in _list(unit.get("assignments"))}
        for slot in _list(unit.get("timetable")):
            one = taught.get(slot["assignmentId"])
            teacher = f"{one['teacher']['givenNames']} {one['teacher']['familyName']}" if one else NOTHING
            what = subject(one["subjectId"]) if one else NOTHING
            day = DAYS[slot["weekday"] - 1]
            yield (unit["name"], day, str(slot["period"]), what, teacher, slot["room"] or "")


def _messages(answers: Any) -> Iterator[Row]:  # noqa: ANN401
    for thread in _list(answers):
        for one in _list((thread or {}).get("messages")):
            to = ", ".join(_named(each) for each in [*one["to"], *one["audiences"]])
            files = ", ".join(each["id"] for each in one["attachments"])
            body = one["body"] if one["body"] is not None else NOTHING
            yield (one["sentAt"], thread["subject"] or NOTHING, _named(one["sender"]), to, body, files)


def _named(one: Mapping[str, Any]) -> str:
    return one["name"] or one.get("id") or one.get("kind") or NOTHING
