"""How long do a month's page of a class register and the director's report of gaps take?

A school of 20 classes with 30 pupils and 12 subjects, a whole year of lessons (about 22,800), of which some
lack an entry, a topic, a roll or a signature, and final grades of a term of which some are missing. Asked
in-process through GraphQL as the director asks (who may, limits and JSON included), and in the same run on
the same server by hand-written SQL that makes the same JSON from tables in normal form.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from bench.graphql_gradebook import settings
from bench.projections_rebuild import Told, fill
from dziennik.app import System
from dziennik.contracts import attendance, behaviour, classes, grades, lessons, people, school, streams
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import AttendanceKind, GradeKind, Term, TimetableSlot
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_GRADING, USUAL_PERIODS
from dziennik.graphql.executing import Executor
from dziennik.projections.finals_given import FINALS_GIVEN
from dziennik.projections.people import PEOPLE
from dziennik.projections.places import read_schema
from dziennik.projections.rebuild import rebuild
from dziennik.projections.register_hours import REGISTER_HOURS
from dziennik.projections.register_pages import REGISTER_PAGES
from dziennik.projections.register_rows import Hour
from dziennik.projections.structure import STRUCTURE

SCHOOL, YEAR = "bench", "y"
CLASSES, PUPILS, SUBJECTS, TEACHERS, A_DAY = 20, 30, 12, 40, 6
BEGIN, TERM_END, END = date(2025, 9, 1), date(2026, 1, 30), date(2026, 6, 26)
MONTH = (date(2025, 11, 1), date(2025, 11, 30))
OFFICE = Actor(account="bench", role=Role.SYSTEM, channel=Channel.SYSTEM)
NOW = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)
ROUNDS = 40

PAGE = f"""{{ registerPage(school: "{SCHOOL}", classId: "c0", from: "{MONTH[0]}", to: "{MONTH[1]}") {{
  classId pupils {{ number familyName givenNames pupilId }} lessons {{ id unitId on period assignmentId
  subjectId groupId teacherId insteadOf coTeachers room topic planId items signedBy signedAt coSigned
  cancelled asked marks {{ pupilId typeId kind minutes }} }} }} }}"""
LAST = END - timedelta(days=1)
GAPS = f"""{{ schoolGaps(school: "{SCHOOL}", yearId: "{YEAR}", from: "{BEGIN}", to: "{LAST}", first: 200) {{
  counts {{ unitId teacherId month kind count }} gaps {{ totalCount edges {{ node {{ kind unitId on period
  lessonId subjectId teacherId pupilId termId explanation }} }} }} }} }}"""


@dataclass
class Year:
    """A school's year as facts, and the same in normal form for the hand-written SQL."""

    chance: random.Random = field(default_factory=lambda: random.Random(11))
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def keep(self, table: str, *row: Any) -> None:  # noqa: ANN401
        self.rows.setdefault(table, []).append(row)

    def told(self) -> Iterator[Told]:
        yield from self._school()
        for number in range(CLASSES):
            yield from self._class(number)
        for number in range(CLASSES):
            yield from self._lessons(number)
            yield from self._finals(number)

    def _school(self) -> Iterator[Told]:
        terms = (
            Term(term_id="t1", name="I", starts=BEGIN, ends=TERM_END),
            Term(term_id="t2", name="II", starts=TERM_END + timedelta(days=1), ends=END),
        )
        for fact in (
            school.SchoolFounded(school_id=SCHOOL, name="Bench", short_name="B"),
            school.SchoolYearOpened(year_id=YEAR, name="2025/2026", starts=BEGIN, ends=date(2026, 8, 31)),
            school.TermsSet(year_id=YEAR, terms=terms),
            school.LessonPeriodsSet(year_id=YEAR, periods=USUAL_PERIODS),
            school.GradingRulesSet(year_id=YEAR, rules=USUAL_GRADING),
            school.AttendanceRulesSet(year_id=YEAR, rules=USUAL_ATTENDANCE),
        ):
            yield streams.SCHOOL, fact
        for number in range(SUBJECTS):
            name = f"Przedmiot {number}"
            self.keep("subject", f"s{number}", name)
            yield (
                streams.SCHOOL,
                school.SubjectIntroduced(subject_id=f"s{number}", name=name, short_name=f"p{number}"),
            )
        yield from self._person("d", Role.DIRECTOR)
        for number in range(TEACHERS):
            yield from self._person(f"t{number}", Role.TEACHER)

    def _person(self, person_id: str, role: Role) -> Iterator[Told]:
        stream = streams.person(person_id)
        self.keep("person", person_id, f"Nazwisko {person_id}", "Łucja")
        yield (
            stream,
            people.PersonRegistered(
                person_id=person_id, given_names="Łucja", family_name=f"Nazwisko {person_id}"
            ),
        )
        yield stream, people.RoleTaken(person_id=person_id, role=role, since=BEGIN)

    def _class(self, number: int) -> Iterator[Told]:
        unit = f"c{number}"
        for pupil in range(PUPILS):
            yield from self._person(f"p{number}.{pupil}", Role.PUPIL)
        stream = streams.unit(unit)
        self.keep("unit", unit, f"{4 + number // 4}{'abcd'[number % 4]}")
        yield (
            stream,
            classes.ClassOpened(
                class_id=unit, year_id=YEAR, name=f"{4 + number // 4}{'abcd'[number % 4]}", level=4
            ),
        )
        yield (
            stream,
            classes.HomeroomTeacherAppointed(class_id=unit, teacher_id=f"t{number}", since=BEGIN),
        )
        for pupil in range(PUPILS):
            who = f"p{number}.{pupil}"
            self.keep("enrolled", unit, who, pupil + 1)
            yield (
                stream,
                classes.PupilEnrolled(class_id=unit, pupil_id=who, since=BEGIN, number=pupil + 1),
            )
        for subject in range(SUBJECTS):
            given = self._assignment(number, subject)
            self.keep("assigned", *given)
            yield (
                stream,
                classes.TeachingAssigned(
                    assignment_id=given[0],
                    unit_id=unit,
                    subject_id=given[2],
                    teacher_id=given[3],
                    since=BEGIN,
                ),
            )
        slots = [
            TimetableSlot(
                weekday=day + 1,
                period=hour + 1,
                assignment_id=f"c{number}.s{(day * A_DAY + hour) % SUBJECTS}",
            )
            for day in range(5)
            for hour in range(A_DAY)
        ]
        yield stream, classes.TimetableSet(unit_id=unit, valid_from=BEGIN, slots=tuple(slots))

    def _assignment(self, number: int, subject: int) -> tuple[str, str, str, str]:
        """(assignment, class, subject, teacher)"""
        teacher = f"t{(number * 7 + subject) % TEACHERS}"
        return f"c{number}.s{subject}", f"c{number}", f"s{subject}", teacher

    def _lessons(self, number: int) -> Iterator[Told]:
        pupils = tuple(f"p{number}.{pupil}" for pupil in range(PUPILS))
        for day in range((END - BEGIN).days + 1):
            on = BEGIN + timedelta(days=day)
            for hour in range(A_DAY if on.weekday() < 5 else 0):
                yield from self._lesson(number, on, hour, pupils)

    def _lesson(self, number: int, on: date, hour: int, pupils: tuple[str, ...]) -> Iterator[Told]:
        subject = (on.weekday() * A_DAY + hour) % SUBJECTS
        assignment, unit, subject_id, teacher = self._assignment(number, subject)
        key = lessons.lesson_id(on, hour + 1, assignment)
        self.keep("planned", key, unit, on, hour + 1, assignment)
        slip = self.chance.random()
        if slip < 0.01:
            return
        stream, topic = streams.lesson(unit, key), None if slip < 0.015 else f"Temat z dnia {on}: ćwiczenia"
        self.keep("lesson", key, topic, teacher)
        yield (
            stream,
            lessons.LessonHeld(
                unit_id=unit,
                lesson_id=key,
                on=on,
                period=hour + 1,
                assignment_id=assignment,
                subject_id=subject_id,
                teacher_id=teacher,
                topic=topic,
            ),
        )
        if slip >= 0.02 and topic:
            self.keep("signed", key, teacher)
            yield stream, lessons.LessonSigned(lesson_id=key, teacher_id=teacher)
        if not 0.02 <= slip < 0.03:
            self.keep("roll", key, len(pupils))
            yield stream, attendance.RollCalled(lesson_id=key, pupils=pupils)
            for pupil in self.chance.sample(pupils, self.chance.choice((0, 1, 2, 3))):
                self.keep("mark", key, pupil, "absent", "ABSENT")
                yield (
                    stream,
                    attendance.AbsenceRecorded(
                        lesson_id=key, pupil_id=pupil, type_id="absent", kind=AttendanceKind.ABSENT
                    ),
                )

    def _finals(self, number: int) -> Iterator[Told]:
        on = TERM_END - timedelta(days=5)
        for pupil in range(PUPILS):
            who = f"p{number}.{pupil}"
            for subject in range(SUBJECTS):
                assignment, unit, subject_id, teacher = self._assignment(number, subject)
                if self.chance.random() < 0.02:
                    continue
                self.keep("final", unit, subject_id, who)
                yield (
                    streams.grades(unit, subject_id, who),
                    grades.GradeGiven(
                        grade_id=f"{who}.{subject_id}",
                        class_id=unit,
                        subject_id=subject_id,
                        pupil_id=who,
                        assignment_id=assignment,
                        teacher_id=teacher,
                        kind=GradeKind.TERM_FINAL,
                        value="4",
                        category_id=None,
                        weight=Decimal(1),
                        on=on,
                    ),
                )
            if self.chance.random() >= 0.02:
                self.keep("behaved", f"c{number}", who)
                yield (
                    streams.behaviour(f"c{number}", who),
                    behaviour.BehaviourGradeGiven(
                        class_id=f"c{number}",
                        pupil_id=who,
                        kind=GradeKind.TERM_FINAL,
                        term_id="t1",
                        mark="bdb",
                        on=on,
                        author_id=f"t{number}",
                    ),
                )


TABLES = {
    "subject": "subject_id text PRIMARY KEY, name text",
    "person": "person_id text PRIMARY KEY, family_name text, given_names text",
    "unit": "unit_id text PRIMARY KEY, name text",
    "enrolled": "unit_id text, pupil_id text, number int, PRIMARY KEY (unit_id, pupil_id)",
    "assigned": "assignment_id text PRIMARY KEY, unit_id text, subject_id text, teacher_id text",
    "planned": "lesson_id text PRIMARY KEY, unit_id text, day date, period int, assignment_id text",
    "lesson": "lesson_id text PRIMARY KEY, topic text, teacher_id text",
    "signed": "lesson_id text, teacher_id text, PRIMARY KEY (lesson_id, teacher_id)",
    "roll": "lesson_id text PRIMARY KEY, asked int",
    "mark": "lesson_id text, pupil_id text, type_id text, kind text, PRIMARY KEY (lesson_id, pupil_id)",
    "final": "unit_id text, subject_id text, pupil_id text, PRIMARY KEY (unit_id, subject_id, pupil_id)",
    "behaved": "unit_id text, pupil_id text, PRIMARY KEY (unit_id, pupil_id)",
}
SQL_PAGE = """
SELECT json_build_object('classId', 'c0', 'pupils', (
  SELECT json_agg(json_build_object('number', e.number, 'familyName', p.family_name,
    'givenNames', p.given_names, 'pupilId', e.pupil_id) ORDER BY e.number)
  FROM enrolled e JOIN person p ON p.person_id = e.pupil_id WHERE e.unit_id = 'c0'), 'lessons', (
  SELECT json_agg(json_build_object('id', l.lesson_id, 'unitId', h.unit_id, 'on', h.day, 'period', h.period,
    'assignmentId', h.assignment_id, 'subjectId', a.subject_id, 'teacherId', l.teacher_id, 'topic', l.topic,
    'signedBy', s.teacher_id, 'asked', r.asked, 'marks', coalesce(m.marks, '[]')) ORDER BY h.day, h.period)
  FROM planned h JOIN lesson l USING (lesson_id) JOIN assigned a USING (assignment_id)
  LEFT JOIN signed s ON s.lesson_id = l.lesson_id LEFT JOIN roll r ON r.lesson_id = l.lesson_id
  LEFT JOIN (SELECT m.lesson_id, json_agg(json_build_object('pupilId', m.pupil_id, 'typeId', m.type_id,
      'kind', m.kind, 'minutes', NULL) ORDER BY m.pupil_id) AS marks
    FROM mark m JOIN planned USING (lesson_id) WHERE unit_id = 'c0' AND day BETWEEN %s AND %s
    GROUP BY m.lesson_id) m ON m.lesson_id = l.lesson_id
  WHERE h.unit_id = 'c0' AND h.day BETWEEN %s AND %s))::text"""
SQL_GAPS = """
WITH hour AS (
  SELECT h.*, a.subject_id, coalesce(l.teacher_id, a.teacher_id) AS teacher_id, l.topic,
    l.lesson_id IS NULL AS missing, r.lesson_id IS NULL AS no_roll, s.lesson_id IS NULL AS no_signature
  FROM planned h JOIN assigned a USING (assignment_id) LEFT JOIN lesson l USING (lesson_id)
  LEFT JOIN roll r USING (lesson_id) LEFT JOIN signed s USING (lesson_id) WHERE h.day BETWEEN %s AND %s
), gap AS (
  SELECT 'NO_ENTRY' AS kind, unit_id, day, period, lesson_id, subject_id, teacher_id, NULL AS pupil_id
  FROM hour WHERE missing
  UNION ALL SELECT 'NO_TOPIC', unit_id, day, period, lesson_id, subject_id, teacher_id, NULL
  FROM hour WHERE NOT missing AND topic IS NULL
  UNION ALL SELECT 'NO_ROLL', unit_id, day, period, lesson_id, subject_id, teacher_id, NULL
  FROM hour WHERE NOT missing AND no_roll
  UNION ALL SELECT 'NO_SIGNATURE', unit_id, day, period, lesson_id, subject_id, teacher_id, NULL
  FROM hour WHERE NOT missing AND no_signature
  UNION ALL SELECT 'NO_TERM_GRADE', e.unit_id, %s, NULL, NULL, a.subject_id, a.teacher_id, e.pupil_id
  FROM enrolled e JOIN assigned a USING (unit_id)
  LEFT JOIN final f ON (f.unit_id, f.subject_id, f.pupil_id) = (e.unit_id, a.subject_id, e.pupil_id)
  WHERE f.pupil_id IS NULL
  UNION ALL SELECT 'NO_TERM_BEHAVIOUR', e.unit_id, %s, NULL, NULL, NULL, NULL, e.pupil_id
  FROM enrolled e LEFT JOIN behaved b USING (unit_id, pupil_id) WHERE b.pupil_id IS NULL
)
SELECT json_build_object('counts', (SELECT json_agg(c) FROM (
    SELECT unit_id, teacher_id, date_trunc('month', day) AS month, kind, count(*) FROM gap
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4) c),
  'total', (SELECT count(*) FROM gap), 'gaps', (SELECT json_agg(g) FROM (
    SELECT gap.*, u.name || ', ' || gap.day || ', ' || coalesce(s.name, '') || ': ' || gap.kind || ' ('
      || coalesce(t.family_name || ' ' || t.given_names, '') || ' / ' || coalesce(p.family_name, '') || ')'
      AS explanation
    FROM gap JOIN unit u USING (unit_id) LEFT JOIN subject s USING (subject_id)
    LEFT JOIN person t ON t.person_id = gap.teacher_id LEFT JOIN person p ON p.person_id = gap.pupil_id
    ORDER BY gap.day, gap.unit_id, gap.period, gap.lesson_id, gap.kind, gap.subject_id, gap.pupil_id LIMIT 200
  ) g))::text"""


def normal_form(connection: psycopg.Connection[Any], year: Year) -> None:
    """The same year in tables as one writes them by hand, with the indexes that the queries want."""
    for name, columns in TABLES.items():
        connection.execute(SQL("CREATE TABLE {} ({})").format(Identifier(name), SQL(columns)))  # type: ignore[arg-type]
        with (
            connection.cursor() as cursor,
            cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as copy,
        ):
            for row in year.rows[name]:
                copy.write_row(row)
    connection.execute("CREATE INDEX ON planned (unit_id, day)")
    connection.execute("CREATE INDEX ON planned (day)")
    connection.execute("ANALYZE")


def build(system: System) -> tuple[Year, str]:
    """The school in journal and read models; the director's account."""
    year = Year()
    journal = system.found(SCHOOL).journal
    fill(journal, list(year.told()), 5_000)
    for model in (STRUCTURE, PEOPLE, REGISTER_HOURS, FINALS_GIVEN, REGISTER_PAGES):
        rebuild(system.conninfo, journal, model)
    account = system.accounts.open_account("director.bench", "a password of the bench", by=OFFICE)
    if isinstance(account, Refusal):
        raise TypeError(account.code)
    link = people.LinkAccount(person_id="d", account_id=account)
    system.register(SCHOOL).execute(link, actor=OFFICE)
    system.follower.run_once(SCHOOL)
    return year, account


def timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    """(median of the milliseconds a question takes, its last answer), after warming up."""
    answer = [ask() for _ in range(5)][-1]
    took = []
    for _ in range(ROUNDS):
        start = perf_counter()
        answer = ask()
        took.append((perf_counter() - start) * 1000)
    return median(took), answer


def run(dsn: str) -> dict[str, dict[str, Any]]:
    system = System(settings(dsn), dsn)
    year, account = build(system)
    executor = Executor(system, explore=True)

    def graphql(query: str) -> Any:  # noqa: ANN401
        return executor.answer(query, None, None, account_id=account, language="pl")

    with psycopg.connect(dsn, autocommit=True) as connection:
        normal_form(connection, year)
        connection.prepare_threshold = 1
        page_ms, page = timed(lambda: graphql(PAGE))
        days = [*MONTH, *MONTH]
        page_sql, sql_page = timed(lambda: connection.execute(SQL_PAGE, days).fetchone())
        gaps_ms, gaps = timed(lambda: graphql(GAPS))
        days = [BEGIN, LAST, TERM_END, TERM_END]
        gaps_sql, sql_gaps = timed(lambda: connection.execute(SQL_GAPS, days).fetchone())
        row = connection.execute(
            SQL("SELECT count(*) FROM {}").format(Identifier(read_schema(SCHOOL), Hour.declared.name))
        ).fetchone()
    shown, by_hand = json.loads(page)["data"]["registerPage"], json.loads(sql_page[0])
    found, counted = json.loads(gaps)["data"]["schoolGaps"], json.loads(sql_gaps[0])
    lessons_shown = [(each["id"], len(each["marks"])) for each in shown["lessons"]]
    if lessons_shown != [(each["id"], len(each["marks"])) for each in by_hand["lessons"]]:
        raise AssertionError("the hand-written SQL shows another page")
    if found["gaps"]["totalCount"] != counted["total"]:
        raise AssertionError(f"other gaps: {found['gaps']['totalCount']} and {counted['total']}")
    system.close()
    month = f"{len(shown['lessons'])} lessons of {PUPILS} pupils, {len(page) // 1000} kB"
    report = f"{counted['total']} gaps of {row[0] if row else 0} hours of {CLASSES} classes, page of 200"
    return {
        "register.month_page.ms": {
            "value": page_ms,
            "unit": "ms",
            "baseline": f"none; {month}",
            "limit": "asking PostgreSQL for the month's rows, and who may",
        },
        "register.month_page.ratio_to_raw_sql": {
            "value": page_sql / page_ms,
            "unit": "x",
            "baseline": f"hand-written SQL returning the JSON, {page_sql:.1f} ms",
        },
        "register.gaps_report.ms": {
            "value": gaps_ms,
            "unit": "ms",
            "baseline": f"none; {report}",
            "limit": "who is taught what by whom on the day that grades are due, class by class",
        },
        "register.gaps_report.ratio_to_raw_sql": {
            "value": gaps_sql / gaps_ms,
            "unit": "x",
            "baseline": f"hand-written SQL returning the JSON, {gaps_sql:.1f} ms",
        },
    }


if __name__ == "__main__":
    print(json.dumps(run(os.environ["BENCH_DSN"]), indent=2))
