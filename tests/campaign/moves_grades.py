"""Moves of the gradebook: columns, grades, retakes, grades of terms and years, corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from dziennik.contracts import grades as g
from dziennik.contracts.values import GradeKind
from tests.campaign.moves import (
    TEACHING,
    Attempt,
    actor,
    assignment_faults,
    class_of,
    day,
    move,
    of,
    often,
    pupil,
    some,
    teacher_of,
    teaching,
    told,
)
from tests.campaign.plain import Plain, Thing

WEIGHTS = {"test": 5, "quiz": 3, "oral": 3, "homework": 1, "activity": 1, "project": 4}
MARKS = ("1", "2", "2+", "3", "3-", "4", "4+", "5", "5-", "6")
REMARKS = ("np", "bz", "nb", "+", "-", "zw")
FULL = ("1", "2", "3", "4", "5", "6", "nkl", "zw", "ucz")
OF_A_TERM = ("term_proposed", "term_final")


def _value(r: Random, kind: str, out_of: Decimal | None) -> str:
    if kind.endswith("final"):
        return r.choice(FULL) if r.random() < 0.9 else r.choice(("4+", "7", "np"))
    if out_of is not None and r.random() < 0.9:
        return f"{r.randint(0, 21)}/{r.choice((20, 20, 20, 30))}"
    return (
        r.choice((*MARKS, *MARKS, *REMARKS)) if r.random() < 0.92 else r.choice(("7", "0", "pięć", "25/20"))
    )


def value_faults(kind: str, value: str, out_of: Decimal | None) -> set[str]:
    """What is wrong with a grade as it is written."""
    if kind.endswith("final"):
        return told(GRADES__FINAL_GRADE_IS_A_FULL_MARK=value not in FULL)
    if "/" in value:
        got, of = (Decimal(part) for part in value.split("/"))
        return told(GRADES__POINTS_OUT_OF_RANGE=got > of or (out_of is not None and of != out_of))
    known = value in REMARKS or (value[:1] in "123456" and value[1:] in ("", "+", "-"))
    return told(GRADES__VALUE_OFF_SCALE=not known)


def _foreign(m: Plain, giver: tuple[str, str], unit_id: str, key: str) -> bool:
    return giver[0] == "teacher" and giver[1] != teacher_of(m, unit_id, key)


def _heading(r: Random) -> tuple[str, Decimal | None, set[str]]:
    category = r.choice(sorted(WEIGHTS)) if r.random() < 0.95 else "magic"
    weight = r.choice((None, None, None, Decimal(2), Decimal(0), Decimal(101)))
    faults = told(GRADES__NO_SUCH_CATEGORY=category == "magic", GRADES__WEIGHT_OUT_OF_RANGE=weight == 101)
    return category, weight, faults


def _weight(category: str, weight: Decimal | None) -> Decimal:
    return Decimal(WEIGHTS.get(category, 0)) if weight is None else weight


@often
def open_column(m: Plain, r: Random) -> Attempt:
    (unit_id, key), on = teaching(m, r), day(m, r)
    category, weight, faults = _heading(r)
    out_of = r.choice((None, None, Decimal(20), Decimal(0)))
    again = [column for (owner, column) in sorted(m.columns) if owner == unit_id] if r.random() < 0.1 else []
    column_id = r.choice(again) if again else m.fresh("column")
    command = g.OpenColumn(
        column_id=column_id, unit_id=unit_id, assignment_id=key, title="Sprawdzian", category_id=category,
        on=on, weight=weight, out_of=out_of,
    )  # fmt: skip
    giver = actor(m, r, teacher_of(m, unit_id, key), "d")
    attempt = Attempt(command, giver, TEACHING, assignment_faults(m, unit_id, key, on), units=(unit_id,))
    if attempt.faults:
        return attempt
    column = {
        "assignment": key, "category": category, "weight": _weight(category, weight), "on": on,
        "out_of": out_of, "title": "Sprawdzian", "publish": None,
    }  # fmt: skip
    attempt.faults = faults | told(
        GRADES__NOT_YOUR_ASSIGNMENT=_foreign(m, giver, unit_id, key),
        GRADES__POINTS_OUT_OF_RANGE=out_of == 0,
    )
    known = m.columns.get((unit_id, column_id))
    if known:
        attempt.facts = 0
        same = {**known, "publish": None} == column
        attempt.faults |= told(GRADES__COLUMN_EXISTS=not same)
    attempt.then = lambda: m.columns.update({(unit_id, column_id): column})
    return attempt


def _some_column(m: Plain, r: Random) -> tuple[str, str, Thing | None]:
    key = some(r, sorted(m.columns), (r.choice(sorted(m.units)), "no-column"))
    return *key, m.columns.get(key)


@move
def change_column(m: Plain, r: Random) -> Attempt:
    unit_id, column_id, known = _some_column(m, r)
    category, weight, faults = _heading(r)
    on, title = day(m, r), r.choice(("Sprawdzian", "Kartkówka"))
    command = g.ChangeColumn(
        unit_id=unit_id, column_id=column_id, title=title, category_id=category, on=on, weight=weight
    )
    key = known["assignment"] if known else ""
    giver = actor(m, r, teacher_of(m, unit_id, key), "d")
    attempt = Attempt(command, giver, TEACHING, units=(unit_id,))
    if known is None:
        attempt.faults = {"GRADES.NO_SUCH_COLUMN"}
        return attempt
    attempt.faults = assignment_faults(m, unit_id, key, on)
    attempt.faults |= faults | told(GRADES__NOT_YOUR_ASSIGNMENT=_foreign(m, giver, unit_id, key))
    new = {
        "title": title,
        "category": category,
        "weight": _weight(category, weight),
        "on": on,
        "out_of": None,
    }
    attempt.facts = 0 if {**known, **new} == known else 1
    attempt.then = lambda: known.update(new)
    return attempt


@move
def publish(m: Plain, r: Random) -> Attempt:
    unit_id, column_id, known = _some_column(m, r)
    on = r.choice((None, day(m, r)))
    command = g.SetColumnPublication(unit_id=unit_id, column_id=column_id, on=on)
    key = known["assignment"] if known else ""
    giver = actor(m, r, teacher_of(m, unit_id, key), "d")
    attempt = Attempt(command, giver, TEACHING, units=(unit_id,))
    if known is None:
        attempt.faults = {"GRADES.NO_SUCH_COLUMN"}
        return attempt
    attempt.faults = assignment_faults(m, unit_id, key, known["on"])
    attempt.faults |= told(
        GRADES__NOT_YOUR_ASSIGNMENT=_foreign(m, giver, unit_id, key),
        CLASSES__OUTSIDE_YEAR=on is not None and not m.in_year(on),
    )
    attempt.facts = 0 if known["publish"] == on else 1
    attempt.then = lambda: known.update(publish=on)
    return attempt


def _grade(m: Plain, r: Random, class_id: str, who: str, value: str, kind: str, **more: object) -> Thing:
    return {
        "id": m.fresh("grade"), "class": class_id, "pupil": who, "value": value, "kind": kind,
        "category": None, "weight": Decimal(0), "on": m.today, "column": None, "improves": None,
        "struck": False, "teacher": None, "assignment": None, "unit": None, **more,
    }  # fmt: skip


def grade_faults(m: Plain, unit_id: str, key: str, grade: Thing, out_of: Decimal | None) -> set[str]:
    """Why a grade cannot be entered there, today, for that pupil. The assignment is in force."""
    class_id, who, on = grade["class"], grade["pupil"], grade["on"]
    faults = told(GRADES__GRADE_IN_FUTURE=on > m.today) | value_faults(grade["kind"], grade["value"], out_of)
    if class_id not in (m.units[unit_id]["classes"] or [unit_id]):
        return faults | {"CLASSES.NO_SUCH_CLASS"} | _period_faults(m, [], grade)
    known = m.units[unit_id]["taught"][key]
    here = m.enrolled(class_id, who, on)
    group = known["group"]
    faults |= told(
        CLASSES__NOT_ENROLLED=not here,
        CLASSES__NOT_IN_GROUP=here and group is not None and not m.in_group(unit_id, group, who, on),
    )
    book = m.books.get((class_id, known["subject"], who), [])
    return faults | _retake_faults(book, grade) | _period_faults(m, book, grade) | _filled(book, grade)


def _filled(book: list[Thing], grade: Thing) -> set[str]:
    """A pupil has one grade in a column, and retakes of it."""
    there = grade["column"] and any(one["column"] == grade["column"] and not one["struck"] for one in book)
    return told(GRADES__COLUMN_IS_FILLED=bool(there) and grade["improves"] is None)


def _retake_faults(book: list[Thing], grade: Thing) -> set[str]:
    if grade["improves"] is None:
        return set()
    earlier = next((one for one in book if one["id"] == grade["improves"]), None)
    if earlier is None:
        return {"GRADES.NO_SUCH_GRADE"}
    improved = any(one["improves"] == earlier["id"] and not one["struck"] for one in book)
    return told(GRADES__GRADE_IS_STRUCK_OUT=earlier["struck"], GRADES__ALREADY_IMPROVED=improved)


def _period_faults(m: Plain, book: list[Thing], grade: Thing) -> set[str]:
    """Of proposed and final grades there is one of each kind: in a term, or in the year."""
    kind = grade["kind"]
    if kind == "current":
        return told(GRADES__DAY_IN_NO_TERM=bool(m.terms) and m.term_of(grade["on"]) is None)
    term = m.term_of(grade["on"]) if kind in OF_A_TERM else None
    there = [
        one
        for one in book
        if one["kind"] == kind
        and not one["struck"]
        and (kind not in OF_A_TERM or m.term_of(one["on"]) == term)
    ]
    return told(
        GRADES__PERIOD_GRADE_IN_COLUMN=grade["column"] is not None,
        GRADES__DAY_IN_NO_TERM=kind in OF_A_TERM and term is None,
        GRADES__PERIOD_GRADE_STANDS=bool(there),
    )


def _enter(m: Plain, unit_id: str, key: str, grades: list[Thing]) -> None:
    known = m.units[unit_id]["taught"][key]
    for grade in grades:
        grade.update(teacher=known["teacher"], assignment=key, unit=unit_id)
        m.books.setdefault((grade["class"], known["subject"], grade["pupil"]), []).append(grade)


def _someone(m: Plain, r: Random, unit_id: str, key: str, on: date) -> tuple[str, str]:
    """(class, pupil), mostly somebody who is taught there."""
    known = m.units[unit_id]["taught"].get(key)
    taught = m.taught(unit_id, known["group"], on) if known else []
    if not taught or r.random() < 0.1:
        return class_of(m, r), pupil(m, r)
    who = r.choice(taught)
    return r.choice(m.home_of(unit_id, who, on) or [unit_id]), who


@often
def give(m: Plain, r: Random) -> Attempt | None:
    """One current grade, perhaps a retake, perhaps one that is there already."""
    (unit_id, key), on = teaching(m, r), day(m, r)
    class_id, who = _someone(m, r, unit_id, key, on)
    category, weight, faults = _heading(r)
    grade = _grade(
        m, r, class_id, who, _value(r, "current", None), "current",
        category=category, weight=_weight(category, weight), on=on,
    )  # fmt: skip
    known = m.units[unit_id]["taught"].get(key)
    book = m.books.get((class_id, known["subject"], who), []) if known else []
    if book and r.random() < 0.5:
        grade["improves"] = r.choice(book)["id"] if r.random() < 0.95 else "no-grade"
    again = next((one for one in book if r.random() < 0.05), None)
    if again:
        grade["id"] = again["id"]
    command = g.GiveGrade(
        grade_id=grade["id"], unit_id=unit_id, class_id=class_id, assignment_id=key, pupil_id=who,
        value=grade["value"], category_id=category, weight=weight, on=on, improves=grade["improves"],
    )  # fmt: skip
    giver = actor(m, r, teacher_of(m, unit_id, key), teacher_of(m, unit_id, key), "d")
    attempt = Attempt(command, giver, TEACHING, assignment_faults(m, unit_id, key, on), units=(class_id,))
    if attempt.faults:
        return attempt
    attempt.faults = faults | told(GRADES__NOT_YOUR_ASSIGNMENT=_foreign(m, giver, unit_id, key))
    attempt.faults |= grade_faults(m, unit_id, key, grade, None)
    if again:
        attempt.faults.add("GRADES.GRADE_EXISTS")  # the values are hardly ever all the same
        if _same(again, grade, key):
            return None if attempt.faults - {"GRADES.GRADE_EXISTS"} else _nothing(attempt)
    attempt.then = lambda: _enter(m, unit_id, key, [grade])
    return attempt


def _same(one: Thing, other: Thing, key: str) -> bool:
    told_again = ("first", "category", "weight", "on", "column", "improves", "kind")
    first = {**one, "first": one.get("first", one["value"])}
    now = {**other, "first": other["value"]}
    return one["assignment"] == key and all(first[name] == now[name] for name in told_again)


def _nothing(attempt: Attempt) -> Attempt:
    attempt.faults, attempt.facts = set(), 0
    return attempt


@often
def fill(m: Plain, r: Random) -> Attempt:
    """A whole column at once: all of it, or nothing."""
    unit_id, column_id, column = _some_column(m, r)
    key = column["assignment"] if column else "no-assignment"
    on = column["on"] if column else m.today
    people = [_someone(m, r, unit_id, key, on) for _ in range(r.randint(1, 3))]
    out_of = column["out_of"] if column else None
    made = [_grade(m, r, c, who, _value(r, "current", out_of), "current", on=on) for c, who in people]
    if column:
        for grade in made:
            grade.update(category=column["category"], weight=column["weight"], column=column_id)
    command = g.FillColumn(unit_id=unit_id, column_id=column_id, grades=_entries(made))
    giver = actor(m, r, teacher_of(m, unit_id, key), "d")
    attempt = Attempt(command, giver, TEACHING, units=tuple([grade["class"] for grade in made]))
    if column is None:
        attempt.faults = {"GRADES.NO_SUCH_COLUMN"}
        return attempt
    return _all(m, attempt, unit_id, key, on, made, out_of)


def _entries(made: list[Thing]) -> tuple[g.GradeEntry, ...]:
    return tuple(
        [
            g.GradeEntry(grade_id=one["id"], class_id=one["class"], pupil_id=one["pupil"], value=one["value"])
            for one in made
        ]
    )


def _all(
    m: Plain, attempt: Attempt, unit_id: str, key: str, on: date, made: list[Thing], out_of: Decimal | None
) -> Attempt:
    attempt.faults |= assignment_faults(m, unit_id, key, on)
    if not attempt.faults:
        attempt.faults = told(
            GRADES__NOT_YOUR_ASSIGNMENT=_foreign(m, attempt.actor, unit_id, key),
            GRADES__PUPIL_TWICE=len({one["pupil"] for one in made}) < len(made),
        )
        for grade in made:
            attempt.faults |= grade_faults(m, unit_id, key, grade, out_of)
    attempt.facts = len(made)
    attempt.then = lambda: _enter(m, unit_id, key, made)
    return attempt


@often
def give_period(m: Plain, r: Random) -> Attempt:
    """Proposed or final grades of a term or the year."""
    (unit_id, key), on = teaching(m, r), day(m, r)
    kinds = ("term_proposed", "term_final", "annual_proposed", "annual_final", "annual_final")
    kind = r.choice(kinds) if r.random() < 0.97 else "current"
    people = [_someone(m, r, unit_id, key, on) for _ in range(r.randint(1, 3))]
    made = [_grade(m, r, c, who, _value(r, kind, None), kind, on=on) for c, who in dict.fromkeys(people)]
    command = g.GivePeriodGrades(
        unit_id=unit_id, assignment_id=key, kind=GradeKind(kind), on=on, grades=_entries(made)
    )
    giver = actor(m, r, teacher_of(m, unit_id, key), "d")
    attempt = Attempt(command, giver, TEACHING, units=tuple([grade["class"] for grade in made]))
    if kind == "current":
        attempt.faults = {"GRADES.NOT_A_PERIOD_GRADE"}
        return attempt
    return _all(m, attempt, unit_id, key, on, made, None)


def some_grade(m: Plain, r: Random) -> tuple[str, str, str, Thing | None]:
    """(class, subject, pupil, grade), mostly one that is there."""
    place = some(r, sorted(m.books), (class_of(m, r), "maths", pupil(m, r)))
    return *place, r.choice(m.books.get(place, [None]))


def _answers_for(m: Plain, who: str, class_id: str, subject: str, grade: Thing) -> bool:
    """Whoever gave it, or who teaches the same there today, in the unit that the command names."""
    if who == grade["teacher"]:
        return True
    taught = m.units[grade["unit"]]["taught"]
    group = taught[grade["assignment"]]["group"]
    return any(
        one["teacher"] == who
        and (one["subject"], one["group"]) == (subject, group)
        and one["since"] <= m.today
        and (one["until"] is None or m.today <= one["until"])
        for one in taught.values()
    )


def _changing(m: Plain, attempt: Attempt, subject: str, grade: Thing | None, reason: str) -> Thing | None:
    class_id = attempt.units[0] if attempt.units else ""
    if class_id not in m.units or grade is None:
        attempt.faults = {"CLASSES.NO_SUCH_CLASS" if class_id not in m.units else "GRADES.NO_SUCH_GRADE"}
        return None
    foreign = attempt.actor[0] == "teacher" and not _answers_for(
        m, attempt.actor[1], class_id, subject, grade
    )
    attempt.faults = told(
        GRADES__GRADE_IS_STRUCK_OUT=grade["struck"],
        GRADES__NOT_YOUR_ASSIGNMENT=foreign,
        LESSONS__REASON_MISSING=not reason.strip(),
    )
    return grade


@often
def correct(m: Plain, r: Random) -> Attempt:
    class_id, subject, who, found = some_grade(m, r)
    kind = found["kind"] if found else "current"
    heading = m.columns.get((found["unit"], found["column"])) if found else None
    out_of = heading["out_of"] if heading else None
    value, reason = _value(r, kind, out_of), r.choice(("pomyłka", "pomyłka", "pomyłka", " "))
    unit_id = found["unit"] if found else None
    command = g.CorrectGrade(
        class_id=class_id, subject_id=subject, pupil_id=who, grade_id=found["id"] if found else "no-grade",
        reason=reason, value=value, unit_id=unit_id,
    )  # fmt: skip
    giver = actor(m, r, of(found, "teacher"), "d")
    attempt = Attempt(command, giver, TEACHING, units=(class_id,))
    grade = _changing(m, attempt, subject, found, reason)
    if grade is None:
        return attempt
    attempt.faults |= told(GRADES__NOT_A_CHANGE=value == grade["value"]) | value_faults(kind, value, out_of)

    def then() -> None:
        grade.setdefault("first", grade["value"])
        grade["value"] = value

    attempt.then = then
    return attempt


@move
def strike_out(m: Plain, r: Random) -> Attempt:
    class_id, subject, who, found = some_grade(m, r)
    reason = r.choice(("nie ten uczeń", "nie ten uczeń", " "))
    command = g.StrikeOutGrade(
        class_id=class_id, subject_id=subject, pupil_id=who, grade_id=found["id"] if found else "no-grade",
        reason=reason, unit_id=found["unit"] if found else None,
    )  # fmt: skip
    giver = actor(m, r, of(found, "teacher"), "d")
    attempt = Attempt(command, giver, TEACHING, units=(class_id,))
    grade = _changing(m, attempt, subject, found, reason)
    attempt.then = lambda: grade.update(struck=True) if grade else None
    return attempt
