"""How long does each statistic of a past year take, against SQL written by hand for that one question?

The small demo school (104 pupils, a closed year of 186 school days and a running one), its read models in
PostgreSQL. Both sides give the same numbers, which is checked. The statistic also says what it counted and
left out, by which rules, in two languages; the SQL knows this school's rules by heart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from dziennik.app import System
from dziennik.demo.build import build
from dziennik.demo.sizes import SMALL
from dziennik.projections import attendance, classification, gradebook, structure
from dziennik.projections.places import read_schema
from dziennik.projections.rows import View
from dziennik.settings import read_settings
from dziennik.statistics import asking
from dziennik.statistics.asking import STEPS, Asked, Measure, StatisticKind
from dziennik.statistics.grades import FEWEST_PUPILS
from dziennik.statistics.statistic import Statistic

ROUNDS = 9
YEAR = "2025/2026"

# Grades of the year's cells, those struck out left aside.
_GRADES = """
    SELECT c.class_id, c.pupil_id, g.value ->> 'value' AS value, g.value ->> 'kind' AS kind,
           (g.value ->> 'on')::date AS day
    FROM {cell} AS c, jsonb_array_elements(convert_from(c.content, 'UTF8')::jsonb -> 'grades') AS g
    WHERE c.year_id = %(year)s AND g.value -> 'struckOut' = 'null'
"""
# 12/15 by its percentage, 4+ as 4, remarks as themselves.
_MARK = """
    CASE WHEN value ~ '^[0-9]+/[0-9]+$' THEN
        CASE WHEN p >= 98 THEN '6' WHEN p >= 90 THEN '5' WHEN p >= 75 THEN '4'
             WHEN p >= 50 THEN '3' WHEN p >= 30 THEN '2' ELSE '1' END
         WHEN value ~ '^[1-6]' THEN left(value, 1) ELSE value END
"""
_PERCENT = """
    round(100.0 * sum(present + late + late_excused + school_reason)
          / sum(present + absent + absent_excused + late + late_excused + school_reason), 1)
"""

QUERIES: dict[StatisticKind, str] = {
    StatisticKind.GRADES: f"""
        SELECT {_MARK}, count(*) FROM (
            SELECT value, CASE WHEN value ~ '/' THEN
                100 * split_part(value, '/', 1)::numeric / split_part(value, '/', 2)::numeric END AS p
            FROM ({_GRADES}) AS g WHERE kind = 'CURRENT') AS v GROUP BY 1""",
    StatisticKind.TERM_FINALS: f"""
        SELECT value, count(*) FROM ({_GRADES}) AS g WHERE kind = 'TERM_FINAL' GROUP BY 1""",
    StatisticKind.ANNUAL_FINALS: f"""
        SELECT value, count(*) FROM ({_GRADES}) AS g WHERE kind = 'ANNUAL_FINAL' GROUP BY 1""",
    StatisticKind.AVERAGES_BY_SUBJECT: """
        SELECT s.name, round(avg(c.average_value), 2) FROM {cell} AS c JOIN {subject} AS s USING (subject_id)
        WHERE c.year_id = %(year)s AND c.average_value IS NOT NULL GROUP BY 1""",
    StatisticKind.AVERAGES_BY_CLASS: """
        SELECT u.name, round(avg(c.average_value), 2)
        FROM {cell} AS c JOIN {unit} AS u ON u.unit_id = c.class_id
        WHERE c.year_id = %(year)s AND c.average_value IS NOT NULL GROUP BY 1""",
    StatisticKind.ATTENDANCE_BY_MONTH: f"""
        SELECT extract(month FROM month)::text, {_PERCENT} FROM {{count}}
        WHERE year_id = %(year)s GROUP BY 1""",
    StatisticKind.ATTENDANCE_BY_SUBJECT: f"""
        SELECT s.name, {_PERCENT} FROM {{count}} JOIN {{subject}} AS s USING (subject_id)
        WHERE year_id = %(year)s GROUP BY 1""",
    StatisticKind.ATTENDANCE_BY_WEEKDAY: """
        WITH asked AS (
            SELECT extract(isodow FROM r."on") AS day, r.lesson_id, p.value AS pupil_id
            FROM {roll} AS r, jsonb_array_elements_text(convert_from(r.asked, 'UTF8')::jsonb) AS p
            WHERE r.year_id = %(year)s AND NOT r.cancelled AND r.asked IS NOT NULL)
        SELECT a.day::text, round(100.0 * count(*) FILTER (
                WHERE m.kind IS NULL OR m.kind IN ('present', 'late', 'late_excused', 'school_reason'))
            / count(*) FILTER (WHERE m.kind IS DISTINCT FROM 'released'), 1)
        FROM asked AS a LEFT JOIN {mark} AS m USING (lesson_id, pupil_id) GROUP BY 1""",
    StatisticKind.OUTCOMES: """
        SELECT coalesce(p.outcome::text, '-'), count(*)
        FROM {unit} AS u JOIN {enrolment} AS e ON e.class_id = u.unit_id AND e.until IS NULL
        LEFT JOIN {promotion} AS p ON p.class_id = u.unit_id AND p.pupil_id = e.pupil_id
        WHERE u.year_id = %(year)s GROUP BY 1""",
    # Of each subject's and teacher's cells: who gave the last current grade that stands.
    StatisticKind.AVERAGES_BY_TEACHER: """
        WITH cells AS (
            SELECT c.average_value, convert_from(c.content, 'UTF8')::jsonb -> 'grades' AS grades
            FROM {cell} AS c WHERE c.year_id = %(year)s AND c.average_value IS NOT NULL)
        SELECT t.teacher, round(avg(t.average_value), 2) FROM (
            SELECT average_value, (SELECT g.value ->> 'teacherId' FROM jsonb_array_elements(grades)
                                   WITH ORDINALITY AS g(value, n)
                                   WHERE g.value ->> 'kind' = 'CURRENT' ORDER BY n DESC LIMIT 1) AS teacher
            FROM cells) AS t GROUP BY 1""",
    # The pupils of the first term's last day by what their grades of that term say.
    StatisticKind.MIDYEAR: """
        WITH term AS (
            SELECT (t ->> 'starts')::date AS starts, (t ->> 'ends')::date AS ends
            FROM (
                SELECT convert_from(terms, 'UTF8')::jsonb -> 0 AS t FROM {year} WHERE year_id = %(year)s
            ) AS y),
        written AS (
            SELECT c.class_id, c.pupil_id, g.value ->> 'value' AS mark
            FROM {cell} AS c, term,
                 jsonb_array_elements(convert_from(c.content, 'UTF8')::jsonb -> 'grades') AS g
            WHERE c.year_id = %(year)s AND g.value -> 'struckOut' = 'null'
              AND g.value ->> 'kind' = 'TERM_FINAL'
              AND (g.value ->> 'on')::date BETWEEN term.starts AND term.ends)
        SELECT told, count(*) FROM (
            SELECT e.class_id, e.pupil_id, CASE
                WHEN count(w.mark) = 0 THEN 'none' WHEN bool_or(w.mark IN ('nkl')) THEN 'unclassified'
                WHEN bool_or(w.mark IN ('1')) THEN 'failing' ELSE 'clean' END AS told
            FROM term, {unit} AS u JOIN {enrolment} AS e ON e.class_id = u.unit_id
            LEFT JOIN written AS w ON w.class_id = e.class_id AND w.pupil_id = e.pupil_id
            WHERE u.year_id = %(year)s AND e.since <= term.ends AND (e.until IS NULL OR e.until >= term.ends)
            GROUP BY 1, 2) AS p GROUP BY 1""",
}


# Years against each other: all of the school's.
COMPARED = {
    "years_compared": """
        SELECT y.name, round(avg(c.average_value), 2) FROM {cell} AS c JOIN {year} AS y USING (year_id)
        WHERE c.average_value IS NOT NULL GROUP BY 1""",
    "outcomes_compared": """
        SELECT u.year_id, p.outcome, count(*) FROM {promotion} AS p JOIN {unit} AS u ON u.unit_id = p.class_id
        GROUP BY 1, 2""",
}


# Where the pupils of one class stand, in steps of the average.
AGAINST_CLASS = """
    SELECT floor(average / %(step)s)::int, count(*) FROM (
        SELECT pupil_id, round(avg(average_value), 2) AS average FROM {cell}
        WHERE class_id = %(class)s AND average_value IS NOT NULL GROUP BY 1) AS p
    GROUP BY 1"""

# The same of attendance: of whoever came to the class last in that year.
AGAINST_CLASS_PRESENT = f"""
    SELECT floor(percent / %(step)s)::int, count(*) FROM (
        SELECT c.pupil_id, {_PERCENT} AS percent FROM (
            SELECT DISTINCT ON (e.pupil_id) e.pupil_id, e.class_id
            FROM {{enrolment}} AS e JOIN {{unit}} AS u ON u.unit_id = e.class_id
            WHERE u.year_id = %(year)s ORDER BY e.pupil_id, e.since DESC) AS last
        JOIN {{count}} AS c ON c.pupil_id = last.pupil_id AND c.year_id = %(year)s
        WHERE last.class_id = %(class)s GROUP BY 1) AS p
    GROUP BY 1"""


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """Build the school, ask everything both ways."""
    with TemporaryDirectory() as folder:
        system = System(read_settings(Path(folder), dsn), dsn)
        try:
            build(
                system.found(SMALL.school_id),
                SMALL,
                open_account=lambda login, _: login.partition("@")[0],
                secret=bytes(32),
            )
            system.follower.run_once(SMALL.school_id)
            with system.read_models.view(SMALL.school_id) as view, psycopg.connect(dsn) as connection:
                return _measured(view, connection)
        finally:
            system.close()


def _measured(view: View, connection: psycopg.Connection) -> dict[str, dict[str, Any]]:
    year = next(one for one in structure.years(view) if one.name == YEAR)
    units = structure.units(view, year.year_id)
    figures: dict[str, dict[str, Any]] = {}
    for kind in StatisticKind:
        found, took = _timed(lambda kind=kind: Asked(view, units).answer(kind))  # type: ignore[misc]
        figures[f"statistics.{kind.value}.ms"] = {"value": took, "unit": "ms", "baseline": "—"}
        if kind in QUERIES:
            query = _filled(QUERIES[kind])
            rows, by_hand = _timed(lambda query=query: _asked(connection, query, year.year_id))  # type: ignore[misc]
            _agree(kind, found, dict(rows))
            figures[f"statistics.{kind.value}.ratio_to_raw_sql"] = _ratio(took, by_hand)
    for name, asked in (
        ("years_compared", lambda: asking.years_compared(view, Measure.AVERAGE)),
        ("outcomes_compared", lambda: asking.outcomes_compared(view)),
    ):
        found, took = _timed(asked)
        query = _filled(COMPARED[name])
        rows, by_hand = _timed(lambda query=query: connection.execute(query).fetchall())  # type: ignore[misc]
        told = sorted(value for one in found.series for value in one.values if value)
        assert told == sorted(Decimal(row[-1]) for row in rows), (name, found, rows)
        figures[f"statistics.{name}.ms"] = {"value": took, "unit": "ms", "baseline": "—"}
        figures[f"statistics.{name}.ratio_to_raw_sql"] = _ratio(took, by_hand)
    return figures | _against_class(view, connection, units)


def _against_class(
    view: View, connection: psycopg.Connection, units: Sequence[structure.Unit]
) -> dict[str, dict[str, Any]]:
    """A pupil against the class, of one class, as each parent may ask it."""
    unit = next(one for one in units if len(structure.pupils(view, one.unit_id)) > FEWEST_PUPILS)
    pupil = structure.pupils(view, unit.unit_id)[0].pupil_id
    figures: dict[str, dict[str, Any]] = {}
    for name, measure, text in (
        ("against_class", Measure.AVERAGE, AGAINST_CLASS),
        ("against_class_attendance", Measure.ATTENDANCE, AGAINST_CLASS_PRESENT),
    ):
        found, took = _timed(lambda measure=measure: asking.against_class(view, unit, pupil, measure, None))  # type: ignore[misc]
        query = _filled(text)
        values = {"step": STEPS[measure], "class": unit.unit_id, "year": unit.year_id}
        rows, by_hand = _timed(
            lambda query=query, values=values: connection.execute(query, values).fetchall()
        )  # type: ignore[misc]
        assert sorted(n for n in found.series[0].values if n) == sorted(Decimal(row[1]) for row in rows), (
            found
        )
        figures[f"statistics.{name}.ms"] = {"value": took, "unit": "ms", "baseline": "—"}
        figures[f"statistics.{name}.ratio_to_raw_sql"] = _ratio(took, by_hand)
    return figures


def _ratio(took: float, by_hand: float) -> dict[str, Any]:
    return {
        "value": by_hand / took,
        "unit": "x",
        "baseline": f"SQL by hand, {by_hand:.1f} ms",
        "limit": "rows become objects; what was counted and by which rules is told",
    }


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    """The answer, and the median of some rounds in milliseconds; the first one warms up."""
    found, times = ask(), []
    for _ in range(ROUNDS):
        began = perf_counter()
        ask()
        times.append((perf_counter() - began) * 1000)
    return found, median(times)


def _filled(query: str) -> Composed:
    schema = read_schema(SMALL.school_id)
    tables = {
        "cell": gradebook.Cell,
        "subject": structure.Subject,
        "unit": structure.Unit,
        "count": attendance.Count,
        "roll": attendance.Roll,
        "enrolment": structure.Enrolment,
        "year": structure.Year,
        "mark": attendance.Mark,
        "promotion": classification.PromotionRow,
    }
    names = {name: Identifier(schema, table.declared.name) for name, table in tables.items()}
    return SQL(query).format(**names)  # type: ignore[arg-type]


def _asked(connection: psycopg.Connection, query: Composed, year_id: str) -> list[tuple[str, Any]]:
    return connection.execute(query, {"year": year_id}).fetchall()


def _agree(kind: StatisticKind, found: Statistic, by_hand: dict[str, Any]) -> None:
    """The same numbers on both sides, or the figures mean nothing."""
    if kind in (StatisticKind.OUTCOMES, StatisticKind.MIDYEAR):
        told = sorted(sum(one.values, Decimal(0)) for one in found.series)  # type: ignore[arg-type]
    else:
        told = sorted(value for value in found.series[0].values if value)
    assert told == sorted(Decimal(value) for value in by_hand.values()), (kind, found, by_hand)
