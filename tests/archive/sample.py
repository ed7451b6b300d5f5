"""A small class-year told by hand, with one entry of every kind, and things that do not belong to it.

Class "4a" of SP 5: Ala (1), Żaneta (2), Ćma's son (3, left); an interclass PE group with 4b; a spurious
pupil, class, year and day in every stream that could leak them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from dziennik.contracts import attendance, classes, grades, lessons, people, school, streams
from dziennik.contracts.envelope import Actor, Channel, Origin, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.registry import FACTS
from dziennik.contracts.values import (
    AttendanceKind,
    AttendanceRules,
    AttendanceType,
    GradeCategory,
    GradeKind,
    GradingRules,
    LessonPeriod,
    PointThreshold,
    ScaleMark,
    Term,
    TimetableSlot,
)

HEAD = Actor(account="acc-head", role=Role.DIRECTOR, person="head", channel=Channel.WEB)
OLA = Actor(account="acc-ola", role=Role.TEACHER, person="t-ola", channel=Channel.WEB)
JAN = Actor(account="acc-jan", role=Role.TEACHER, person="t-jan")
OFFICE = Actor(account="cli", role=Role.SYSTEM, channel=Channel.IMPORT)

START = datetime(2025, 9, 1, 6, 0, tzinfo=UTC)
GOLDEN = Path(__file__).with_name("golden")


class Story:
    """Facts as they are recorded, one after the other."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self._versions: dict[str, int] = {}

    def tell(self, actor: Actor, stream: str, *facts: Fact, at: datetime | None = None) -> Story:
        """One command's facts in one stream; a minute passes between commands."""
        number = len(self.recorded) + 1
        moment = at or START + timedelta(minutes=number, microseconds=number)
        origin = Origin(command_id=f"c{number}", actor=actor, recorded_at=moment)
        for fact in facts:
            version = self._versions[stream] = self._versions.get(stream, 0) + 1
            self.recorded.append(
                Recorded(
                    position=len(self.recorded) + 1,
                    stream=stream,
                    version=version,
                    origin=origin,
                    fact=fact,
                )
            )
        return self


GRADING = GradingRules(
    scale=tuple(ScaleMark(mark=str(n), value=Decimal(n)) for n in range(1, 7)),
    plus=Decimal("0.5"),
    minus=Decimal("-0.25"),
    remarks=("np", "bz"),
    categories=(
        GradeCategory(category_id="test", name="Sprawdzian", symbol="S", weight=Decimal(3), colour="#ff0000"),
        GradeCategory(category_id="oral", name="Odpowiedź", symbol="O", weight=Decimal("1.5")),
        GradeCategory(
            category_id="extra", name='Konkurs "Kangur" <&>', symbol="K", weight=Decimal(1), counted=False
        ),
    ),
    thresholds=(
        PointThreshold(percent=Decimal(90), mark="5"),
        PointThreshold(percent=Decimal(50), mark="3"),
    ),
)
ATTENDANCE = AttendanceRules(
    types=(
        AttendanceType(type_id="ob", symbol="•", name="obecność", kind=AttendanceKind.PRESENT),
        AttendanceType(type_id="nb", symbol="-", name="nieobecność", kind=AttendanceKind.ABSENT),
        AttendanceType(type_id="u", symbol="u", name="uspraw.", kind=AttendanceKind.ABSENT_EXCUSED),
        AttendanceType(type_id="sp", symbol="s", name="spóźnienie", kind=AttendanceKind.LATE),
        AttendanceType(type_id="zw", symbol="zw", name="zwolniony", kind=AttendanceKind.RELEASED),
    ),
    counted_present=(AttendanceKind.PRESENT, AttendanceKind.LATE),
    left_out=(AttendanceKind.RELEASED,),
)
TERMS = (
    Term(term_id="o1", name="I okres", starts=date(2025, 9, 1), ends=date(2026, 1, 31)),
    Term(term_id="o2", name="II okres", starts=date(2026, 2, 1), ends=date(2026, 8, 31)),
)
D1, D2 = date(2025, 9, 2), date(2026, 2, 10)


def school_of(story: Story) -> None:
    """The school, two years, three subjects."""
    year, other = "y25", "y24"
    story.tell(
        OFFICE,
        streams.SCHOOL,
        school.SchoolFounded(
            school_id="sp5", name="Szkoła Podstawowa nr 5", short_name="SP 5", city="Łódź", number="123456"
        ),
        school.SchoolYearOpened(
            year_id=other, name="2024/2025", starts=date(2024, 9, 1), ends=date(2025, 8, 31)
        ),
        school.TermsSet(
            year_id=other,
            terms=(Term(term_id="x1", name="OBCY", starts=date(2024, 9, 1), ends=date(2025, 8, 31)),),
        ),
        school.SchoolYearOpened(
            year_id=year, name="2025/2026", starts=date(2025, 9, 1), ends=date(2026, 8, 31)
        ),
        school.TermsSet(year_id=year, terms=TERMS),
        school.LessonPeriodsSet(
            year_id=year,
            periods=(
                LessonPeriod(number=1, starts="08:00", ends="08:45"),
                LessonPeriod(number=2, starts="08:55", ends="09:40"),
            ),
        ),
        school.GradingRulesSet(year_id=year, rules=GRADING),
        school.AttendanceRulesSet(year_id=year, rules=ATTENDANCE),
    )
    story.tell(
        HEAD,
        streams.SCHOOL,
        school.SubjectIntroduced(subject_id="mat", name="Matematyka", short_name="mat"),
        school.SubjectIntroduced(subject_id="pol", name="Język polski", short_name="j. pol."),
        school.SubjectIntroduced(subject_id="wf", name="Wychowanie fizyczne", short_name="wf"),
        school.SubjectIntroduced(subject_id="obcy", name="OBCY PRZEDMIOT", short_name="obcy"),
        school.SubjectRenamed(subject_id="mat", name="Matematyka z elementami", short_name="mat."),
        school.SchoolRenamed(name='Szkoła Podstawowa nr 5 im. "Żwirki" & Wigury', short_name="SP 5"),
    )


def person(story: Story, id_: str, given: str, family: str, by: Actor = OFFICE, **details: str) -> None:
    facts: list[Fact] = [people.PersonRegistered(person_id=id_, given_names=given, family_name=family)]
    contact = {key: details.pop(key) for key in ("email", "phone") if key in details}
    if details:
        facts.append(people.PersonalDetailsRecorded(person_id=id_, **details))
    if contact:
        facts.append(people.ContactDetailsRecorded(person_id=id_, **contact))
    story.tell(by, streams.person(id_), *facts)


def people_of(story: Story) -> None:
    """Teachers, pupils, parents; one of each who has nothing to do with 4a."""
    person(story, "head", "Wanda", "Dyrektorska")
    person(story, "t-ola", "Aleksandra", "Ołówek", email="secret@teacher")
    person(story, "t-jan", "Jan", "Wuefista")
    person(story, "t-x", "Obcy", "NAUCZYCIEL")
    person(
        story,
        "ala",
        "Alicja Maria",
        "Kowalska",
        by=HEAD,
        birth_date="2015-03-04",
        birth_place="Łódź",
        national_id="15230412345",
        address="ul. Prosta 1\n90-001 Łódź",
    )
    person(story, "zan", "Żaneta", "Źdźbło", birth_date="2015-12-31")
    person(story, "cma", "Ćwirek", "Ćma")
    person(story, "bob", "OBCY", "UCZEŃ")
    person(story, "mama", "Ewa", "Kowalska", email="ewa@example.org", phone="600 100 200", address="jw.")
    person(story, "tata", "Piotr", "Kowalski")
    person(story, "dawny", "Dawny", "OPIEKUN")
    granted = people.ParentalRightsGranted
    story.tell(
        HEAD,
        streams.person("ala"),
        granted(
            pupil_id="ala",
            parent_id="mama",
            guardianship=people.Guardianship.PARENT,
            since=date(2024, 9, 1),
        ),
        granted(
            pupil_id="ala",
            parent_id="tata",
            guardianship=people.Guardianship.PARENT,
            since=date(2024, 9, 1),
        ),
        granted(
            pupil_id="ala",
            parent_id="dawny",
            guardianship=people.Guardianship.GUARDIAN,
            since=date(2023, 9, 1),
        ),
        people.ParentalRightsEnded(pupil_id="ala", parent_id="dawny", until=date(2025, 8, 31), basis="wyrok"),
        people.ParentalRightsEnded(
            pupil_id="ala", parent_id="tata", until=date(2025, 12, 31), basis="wyrok II Ca 1/25"
        ),
        people.RoleTaken(person_id="ala", role=Role.PUPIL, since=date(2024, 9, 1)),
        people.PersonRenamed(
            person_id="ala", given_names="Alicja Maria", family_name="Kowalska-Nowak", reason="adopcja"
        ),
    )


def class_of(story: Story) -> None:
    """4a and 4b, a language group, a PE group of both, teaching and timetable."""
    a, b, both = streams.unit("4a"), streams.unit("4b"), streams.unit("wf4")
    since = date(2025, 9, 1)
    story.tell(HEAD, b, classes.ClassOpened(class_id="4b", year_id="y25", name="4b OBCA"))
    story.tell(
        HEAD,
        a,
        classes.ClassOpened(class_id="4a", year_id="y25", name="4A", level=4),
        classes.ClassRenamed(class_id="4a", name="4a", level=4),
        classes.HomeroomTeacherAppointed(class_id="4a", teacher_id="t-ola", since=since),
        classes.PupilEnrolled(class_id="4a", pupil_id="zan", since=since, number=2),
        classes.PupilEnrolled(class_id="4a", pupil_id="ala", since=since, number=1),
        classes.PupilEnrolled(class_id="4a", pupil_id="cma", since=since, number=3),
        classes.PupilLeft(class_id="4a", pupil_id="cma", until=date(2025, 10, 31), reason="przeprowadzka"),
        classes.GroupFormed(class_id="4a", group_id="4a-ang1", name="angielski 1"),
        classes.PupilJoinedGroup(group_id="4a-ang1", class_id="4a", pupil_id="ala", since=since),
        classes.PupilLeftGroup(group_id="4a-ang1", pupil_id="ala", until=date(2025, 11, 30)),
    )
    story.tell(HEAD, b, classes.PupilEnrolled(class_id="4b", pupil_id="bob", since=since, number=1))
    shared = classes.InterclassGroupFormed(
        group_id="wf4", year_id="y25", name="wf chłopcy i dziewczęta", class_ids=("4a", "4b")
    )
    story.tell(
        HEAD,
        both,
        shared,
        classes.PupilJoinedGroup(group_id="wf4", class_id="4a", pupil_id="zan", since=since),
        classes.PupilJoinedGroup(group_id="wf4", class_id="4b", pupil_id="bob", since=since),
        classes.TeachingAssigned(
            assignment_id="p-wf", unit_id="wf4", subject_id="wf", teacher_id="t-jan", since=since
        ),
    )
    assigned = classes.TeachingAssigned
    story.tell(
        HEAD,
        a,
        assigned(assignment_id="p-mat", unit_id="4a", subject_id="mat", teacher_id="t-ola", since=since),
        assigned(
            assignment_id="p-pol",
            unit_id="4a",
            subject_id="pol",
            teacher_id="t-jan",
            since=since,
            group_id="4a-ang1",
        ),
        classes.TeachingEnded(assignment_id="p-pol", until=date(2026, 1, 31)),
        classes.TimetableSet(
            unit_id="4a",
            valid_from=since,
            slots=(
                TimetableSlot(weekday=1, period=1, assignment_id="p-mat", room="12"),
                TimetableSlot(weekday=2, period=2, assignment_id="p-pol"),
            ),
        ),
        classes.TimetableSet(unit_id="4a", valid_from=date(2026, 2, 1), slots=()),
    )


def lesson(
    story: Story, unit: str, assignment: str, on: date, period: int, actor: Actor, *facts: Fact
) -> None:
    id_ = lessons.lesson_id(on, period, assignment)
    placed = [msgspec.structs.replace(fact, lesson_id=id_) for fact in facts]
    story.tell(actor, streams.lesson(unit, id_), *placed)


def lessons_of(story: Story) -> None:
    """One lesson of every fate."""
    held, roll = lessons.LessonHeld, attendance.RollCalled
    where: dict[str, Any] = {"unit_id": "4a", "lesson_id": "", "assignment_id": "p-mat", "subject_id": "mat"}
    absent = attendance.AbsenceRecorded
    lesson(
        story, "4a", "p-mat", D1, 1, OLA,
        held(**where, on=D1, period=1, teacher_id="t-ola", topic="Ułamki: ½ < ¾ & co."),
        lessons.LessonSigned(lesson_id="", teacher_id="t-ola"),
        roll(lesson_id="", pupils=("ala", "zan", "cma")),
        absent(lesson_id="", pupil_id="zan", type_id="nb", kind=AttendanceKind.ABSENT),
        attendance.LatenessRecorded(
            lesson_id="", pupil_id="cma", type_id="sp", kind=AttendanceKind.LATE, minutes=10
        ),
    )  # fmt: skip
    lesson(
        story, "4a", "p-mat", D1, 1, OLA,
        lessons.TopicCorrected(lesson_id="", was="Ułamki: ½ < ¾ & co.", topic="Ułamki", reason="omyłka"),
        attendance.AttendanceCorrected(
            lesson_id="", pupil_id="zan", was_type_id="nb", was_kind=AttendanceKind.ABSENT, type_id="u",
            kind=AttendanceKind.ABSENT_EXCUSED, reason="zwolnienie lekarskie",
        ),
    )  # fmt: skip
    lesson(
        story, "4a", "p-mat", D2, 2, HEAD,
        lessons.SubstitutionArranged(
            unit_id="4a", lesson_id="", on=D2, period=2, assignment_id="p-mat", teacher_id="t-jan",
            instead_of="t-ola", reason="szkolenie",
        ),
    )  # fmt: skip
    lesson(
        story, "4a", "p-mat", D2, 2, JAN,
        held(**where, on=D2, period=2, teacher_id="t-jan", instead_of="t-ola"),
        lessons.TopicRecorded(lesson_id="", topic="Powtórzenie\r\n\ti gry"),
        roll(lesson_id="", pupils=("ala", "zan")),
        attendance.ReleaseRecorded(
            lesson_id="", pupil_id="ala", type_id="zw", kind=AttendanceKind.RELEASED
        ),
    )  # fmt: skip
    lesson(
        story, "4a", "p-mat", D2, 1, HEAD,
        lessons.LessonCancelled(**where, on=D2, period=1, reason='awaria "ogrzewania"'),
    )  # fmt: skip
    where |= {"unit_id": "wf4", "assignment_id": "p-wf", "subject_id": "wf"}
    lesson(
        story, "wf4", "p-wf", D1, 2, JAN,
        held(**where, on=D1, period=2, teacher_id="t-jan", topic="Biegi"),
        roll(lesson_id="", pupils=("zan", "bob")),
        absent(lesson_id="", pupil_id="bob", type_id="nb", kind=AttendanceKind.ABSENT),
    )  # fmt: skip
    where |= {"unit_id": "4b", "assignment_id": "p-obcy", "subject_id": "obcy"}
    lesson(
        story, "4b", "p-obcy", D1, 1, OLA, held(**where, on=D1, period=1, teacher_id="t-x", topic="OBCA")
    )  # fmt: skip


def grades_of(story: Story) -> None:
    """Columns, marks, points, descriptions, a retake, a correction, a strike-out."""
    opened = grades.ColumnOpened(
        column_id="k1", unit_id="4a", assignment_id="p-mat", subject_id="mat", title="Ułamki",
        category_id="test", weight=Decimal(3), on=D1,
    )  # fmt: skip
    story.tell(OLA, streams.column("4a", "k1"), opened)
    story.tell(
        OLA, streams.column("4a", "k1"),
        grades.ColumnChanged(column_id="k1", title="Ułamki II", category_id="test", weight=Decimal(3), on=D1),
    )  # fmt: skip
    common: dict[str, Any] = {
        "class_id": "4a", "subject_id": "mat", "assignment_id": "p-mat", "teacher_id": "t-ola",
        "kind": GradeKind.CURRENT, "category_id": "test", "weight": Decimal(3), "on": D1, "pupil_id": "ala",
    }  # fmt: skip
    given, ala = grades.GradeGiven, streams.grades("4a", "mat", "ala")
    story.tell(OLA, ala, given(grade_id="g1", value="2+", column_id="k1", **common))
    story.tell(
        OLA, ala,
        given(grade_id="g2", value="4", improves="g1", comment="poprawa <ładna>", **{**common, "on": D2}),
    )  # fmt: skip
    story.tell(OLA, ala, given(grade_id="g3", value="5", **{**common, "category_id": "oral"}))
    story.tell(
        OLA, ala,
        grades.GradeCorrected(grade_id="g3", pupil_id="ala", was="5", value="5-", reason="omyłka pisarska"),
    )  # fmt: skip
    story.tell(OLA, ala, given(grade_id="g4", value="1", **common))
    story.tell(OLA, ala, grades.GradeStruckOut(grade_id="g4", pupil_id="ala", reason="nie ten uczeń"))
    zan = {**common, "pupil_id": "zan"}
    story.tell(
        OLA, streams.grades("4a", "mat", "zan"),
        given(grade_id="g5", value="", description="Pracuje samodzielnie 👏", **zan),
        grades.GradeCorrected(
            grade_id="g5", pupil_id="zan", was="", value="", reason="styl",
            was_description="Pracuje samodzielnie 👏", description="Pracuje sama.",
        ),
    )  # fmt: skip
    wf = {**zan, "subject_id": "wf", "assignment_id": "p-wf", "teacher_id": "t-jan", "category_id": "extra"}
    story.tell(JAN, streams.grades("4a", "wf", "zan"), given(grade_id="g6", value="12/15", **wf))
    other = {**common, "class_id": "4b", "pupil_id": "bob"}
    story.tell(OLA, streams.grades("4b", "mat", "bob"), given(grade_id="gx", value="6", **other))


def tell_all() -> list[Recorded]:
    """The whole story."""
    story = Story()
    for part in (school_of, people_of, class_of, lessons_of, grades_of):
        part(story)
    return story.recorded


class Line(msgspec.Struct):
    """One recorded fact as a line of the golden file."""

    position: int
    stream: str
    version: int
    origin: Origin
    name: str
    fact: msgspec.Raw


def to_lines(recorded: Iterable[Recorded]) -> bytes:
    """The golden form of facts."""
    encode = msgspec.json.encode
    lines = [
        Line(r.position, r.stream, r.version, r.origin, r.fact.fact_name, msgspec.Raw(encode(r.fact)))
        for r in recorded
    ]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def from_lines(data: bytes) -> list[Recorded]:
    """Facts from their golden form."""
    lines = [msgspec.json.decode(line, type=Line) for line in data.splitlines()]
    return [
        Recorded(
            position=line.position, stream=line.stream, version=line.version, origin=line.origin,
            fact=msgspec.json.decode(line.fact, type=FACTS[line.name]),
        )
        for line in lines
    ]  # fmt: skip
